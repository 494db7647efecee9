// A strict reader of JSON. JSON.parse takes the last of two equal keys, rounds large integers and hides
// the difference between 1 and 1.0; two readers of a bundle must never see two things.

const MAX_DEPTH = 127; // of nested arrays and objects: beyond it, some readers give up

/** Why a file is refused, in words. */
export class Refused extends Error {}

/** A number that was not written as an integer (1.0, 1e3, -0). */
export class Fraction {
  constructor(text) {
    this.text = text;
  }
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [34, 92, 44, 58];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const LONE_HALF = /[\ud800-\udfff]/u; // with the flag u, whole pairs are one character
const ESCAPED = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const WORDS = { t: ['true', true], f: ['false', false], n: ['null', null] };

/**
 * Reads a whole text from its bytes: objects become Maps, integers beyond 2^53 BigInts, other numbers
 * Fractions. Throws Refused for what is not JSON, for bytes that are not UTF-8, for a key that stands twice
 * in an object, half a surrogate pair, or a number out of range.
 */
export function readJson(bytes) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused('not UTF-8');
  }
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.space();
  if (reader.at < text.length) reader.fail();
  return value;
}

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail() {
    throw new Refused(`not JSON at character ${this.at}`);
  }

  space() {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return c;
      this.at += 1;
    }
  }

  expect(code) {
    if (this.space() !== code) this.fail();
    this.at += 1;
  }

  value(depth) {
    const c = this.space();
    if (c === QUOTE) return this.string();
    if (c === OPEN_ARRAY || c === OPEN_OBJECT) {
      if (depth === MAX_DEPTH) throw new Refused(`nested deeper than ${MAX_DEPTH}`);
      return c === OPEN_ARRAY ? this.array(depth + 1) : this.object(depth + 1);
    }
    const [word, meaning] = WORDS[this.text[this.at]] ?? [];
    if (word === undefined) return this.number();
    if (!this.text.startsWith(word, this.at)) this.fail();
    this.at += word.length;
    return meaning;
  }

  array(depth) {
    this.at += 1;
    const items = [];
    if (this.space() === CLOSE_ARRAY) {
      this.at += 1;
      return items;
    }
    for (;;) {
      items.push(this.value(depth));
      const c = this.space();
      if (c !== COMMA && c !== CLOSE_ARRAY) this.fail();
      this.at += 1;
      if (c === CLOSE_ARRAY) return items;
    }
  }

  object(depth) {
    this.at += 1;
    const members = new Map();
    if (this.space() === CLOSE_OBJECT) {
      this.at += 1;
      return members;
    }
    for (;;) {
      if (this.space() !== QUOTE) this.fail();
      const key = this.string();
      if (members.has(key)) throw new Refused(`the key ${JSON.stringify(key)} stands twice`);
      this.expect(COLON);
      members.set(key, this.value(depth));
      const c = this.space();
      if (c !== COMMA && c !== CLOSE_OBJECT) this.fail();
      this.at += 1;
      if (c === CLOSE_OBJECT) return members;
    }
  }

  string() {
    const { text } = this;
    const start = this.at + 1;
    let from = start;
    let whole = '';
    for (let at = from; ; at += 1) {
      const c = text.charCodeAt(at);
      if (c === QUOTE) {
        this.at = at + 1;
        if (from === start) return text.slice(start, at); // decoded UTF-8 holds no half pair
        whole += text.slice(from, at);
        return LONE_HALF.test(whole) ? this.fail() : whole;
      }
      if (c === BACKSLASH) {
        whole += text.slice(from, at);
        const [character, length] = this.escape(at + 1);
        whole += character;
        at += length;
        from = at + 1;
      } else if (!(c >= 32)) {
        this.at = at;
        this.fail();
      }
    }
  }

  escape(at) {
    const simple = ESCAPED[this.text[at]];
    if (simple !== undefined) return [simple, 1];
    const digits = this.text.slice(at + 1, at + 5);
    if (this.text[at] !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) {
      this.at = at;
      this.fail();
    }
    return [String.fromCharCode(parseInt(digits, 16)), 5];
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) this.fail();
    this.at = NUMBER.lastIndex;
    const [text, decimals, exponent] = found;
    const number = Number(text);
    if (!Number.isFinite(number)) throw new Refused(`a number out of range at character ${this.at}`);
    if (decimals !== undefined || exponent !== undefined || text === '-0') return new Fraction(text);
    return Number.isSafeInteger(number) ? number : BigInt(text);
  }
}
