// The browser's verifier, in Node: against the published vectors, against passage_verify.py on random draws,
// and against every flipped bit. PASSAGE_BIN, if set, brings the program itself to the same trials.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { PAGE, page } from '../build.mjs';
import { keystream } from '../chacha.js';
import { signedByQuicknet } from '../drand.js';
import { Refused, readJson } from '../json.js';
import { find } from '../person.js';
import { ticketHex, verify } from '../verify.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const vector = (name) => readFileSync(here(`../../tests/vectors/${name}.json`));
const depth = (light, soak) => (process.env.PASSAGE_DEPTH === 'soak' ? soak : light);
const generate = (...options) => execFileSync('python3', [here('generator.py'), ...options.map(String)], { maxBuffer: 2 ** 31 });
const program = process.env.PASSAGE_BIN;
const VECTORS = ['nobody-waiting', 'twelve-entries', 'two-hundred-entries-drand-1000'];

function holds(bytes) {
  try {
    verify(bytes);
    return true;
  } catch (fault) {
    if (fault instanceof Refused) return false;
    throw fault; // a verifier that breaks has not judged
  }
}

/** A vector without what no check covers. */
function covered(name) {
  const text = vector(name).toString();
  return Buffer.from(`${text.slice(0, text.indexOf(',"derived"'))}}`);
}

test('every vector holds, with every intermediate value', () => {
  for (const name of VECTORS) {
    const { derived } = JSON.parse(vector(name));
    const { list, drawn } = verify(vector(name));
    const parts = Object.fromEntries(Object.keys(list.parts).map((key) => [key, bytesToHex(list.parts[key])]));
    const { tickets, ...hashes } = derived;
    for (const key of Object.keys(hashes)) assert.equal(parts[key], hashes[key], `${name}: ${key}`);
    assert.deepEqual(tickets.map((_, entry) => ticketHex(drawn.tickets, entry)), tickets);
  }
});

test('everything that must be refused is refused', () => {
  const cases = JSON.parse(vector('rejected'));
  assert.ok(cases.length >= 28);
  for (const { reason, bundle } of cases) assert.equal(holds(Buffer.from(JSON.stringify(bundle))), false, reason);
});

test('the recorded rounds are signed and no other', () => {
  const { rounds } = JSON.parse(vector('drand-quicknet'));
  for (const { round, signature } of rounds) {
    assert.ok(signedByQuicknet(BigInt(round), hexToBytes(signature)), `round ${round}`);
    assert.ok(!signedByQuicknet(BigInt(round + 1), hexToBytes(signature)), `round ${round + 1}`);
    const flipped = hexToBytes(signature);
    flipped[47] ^= 1;
    assert.ok(!signedByQuicknet(BigInt(round), flipped));
  }
  assert.ok(!signedByQuicknet(1000n, hexToBytes(`c0${'00'.repeat(47)}`)), 'the point at infinity');
});

test('the keystream is the one of RFC 8439', () => {
  const words = new Uint8Array(keystream(new Uint8Array(32), 0, 2)); // appendix A.1, vectors 1 and 2
  assert.equal(bytesToHex(words.slice(0, 16)), '76b8e0ada0f13d90405d6ae55386bd28');
  assert.equal(bytesToHex(words.slice(64, 80)), '9f07e7be5551387a98ba977c732d080d');
});

test('what two readers could read in two ways is refused', () => {
  const bundle = covered('twelve-entries').toString();
  for (const [from, to] of [
    ['"seed":', '"draw":"c78917107644fc3aad7e0c6493493ae6","seed":'],
    ['"seed":', '"\\u0064raw":"c78917107644fc3aad7e0c6493493ae6","seed":'],
    ['"seed":', '"other":{"a":[{"b":1,"b":1}]},"seed":'],
    ['"prefecture":"34"', '"prefecture":"34","prefecture":"34"'],
    ['"kind":"commit"', '"kind":"commit","kind":"commit"'],
    ['"kind":"commit"', '"kind":"commit","round":1'],
    ['"previous":null', '"previous":null,"note":1'],
    [',4,2,2,20419,0]', ',4,2,2.0,20419,0]'], [',4,2,2,20419,0]', ',4,2,2,2.0419e4,0]'],
    [',4,2,2,20419,0]', ',4,2,"2",20419,0]'], [',4,2,2,20419,0]', ',4,2,2,20419]'],
    [',4,2,2,20419,0]', ',4,2,2,20419,0,0]'], [',4,2,2,20419,0]', ',4,2,2,4294967296,0]'],
    [',4,2,2,20419,0]', ',4,2,2,20419,false]'], [',4,2,2,20419,0]', ',4,2,2,20419,-0]'],
    [',2,1799153100,20,3]', ',2,99999999999999999999,20,3]'], [',20270104,0]', ',020270104,0]'],
    ['"version":3', '"version":3e0'], ['"version":3', '"version":9007199254740992'], ['"version":3', '"version":-0'],
    ['"zone":"Europe/Paris"', '"zone":"\\ud800"'], ['"zone":"Europe/Paris"', '"zone":"\\udc00\\ud800"'],
    ['"zone":"Europe/Paris"', '"zoné":"Europe/Paris"'], ['"seed":', '"note":"\\ud800","seed":'],
    ['"seed":', '"note":1e400,"seed":'], ['"seed":', '"note":NaN,"seed":'], ['"seed":', '"note":[1,],"seed":'],
    ['"seed":', `"note":${'['.repeat(127)}${']'.repeat(127)},"seed":`], ['{"protocol', '\ufeff{"protocol'],
    ['Europe/Paris', 'Europe/\tParis'], ['"seed":', '"seed" "x":'],
  ]) {
    assert.ok(bundle.includes(from), from);
    assert.equal(holds(Buffer.from(bundle.replace(from, to))), false, to);
  }
  for (const text of ['', '[]', 'null', '[', '{"a":1}x', '['.repeat(100000)]) assert.equal(holds(Buffer.from(text)), false, text);
  const bytes = Buffer.from(bundle);
  bytes[bundle.indexOf('Paris')] = 0xff;
  assert.equal(holds(bytes), false, 'not UTF-8');
});

test('other keys, spaces and escapes that mean the same change nothing', () => {
  const bundle = covered('twelve-entries').toString();
  for (const [from, to] of [
    ['"seed":', '"note":{"é":[1.5e9,-0,null,"x",123456789012345678901234567890]},"seed":'],
    ['"seed":', `"note":${'['.repeat(126)}${']'.repeat(126)},"seed":`],
    ['Préfecture', 'Pr\\u00e9fecture'], ['Europe/Paris', 'Europe\\/Paris'], [',"types"', ' ,\r\n\t"types"'],
  ]) assert.equal(holds(Buffer.from(bundle.replace(from, to))), true, to);
  assert.equal(holds(Buffer.from(JSON.stringify(JSON.parse(bundle), null, 2))), true);
});

test('large integers are read exactly', () => {
  const read = readJson(Buffer.from('[18446744073709551615,-9223372036854775808,9007199254740991]'));
  assert.deepEqual(read, [18446744073709551615n, -9223372036854775808n, 9007199254740991]);
});

test('every flipped bit of a small bundle is noticed', () => {
  for (const bundle of [covered('twelve-entries'), covered('nobody-waiting')]) {
    assert.equal(holds(bundle), true);
    for (let at = 0; at < 8 * bundle.length; at += 1) {
      bundle[at >> 3] ^= 1 << (at & 7);
      assert.equal(holds(bundle), false, `byte ${at >> 3}, bit ${at & 7}`);
      bundle[at >> 3] ^= 1 << (at & 7);
    }
  }
});

test('flipped bits of larger bundles are noticed', () => {
  const large = generate('--entries', depth(1000, 20000), '--slots', 300, '--types', 50);
  for (const bundle of [covered('two-hundred-entries-drand-1000'), large]) {
    assert.equal(holds(bundle), true);
    const step = Math.floor((8 * bundle.length) / depth(300, 3000)) | 1;
    for (let at = 5; at < 8 * bundle.length; at += step) {
      bundle[at >> 3] ^= 1 << (at & 7);
      assert.equal(holds(bundle), false, `byte ${at >> 3}, bit ${at & 7}`);
      bundle[at >> 3] ^= 1 << (at & 7);
    }
  }
});

/** What the program says of each text. */
function judgedByProgram(texts) {
  const folder = mkdtempSync(join(tmpdir(), 'passage-verifiers-'));
  try {
    const verdicts = [];
    for (let from = 0; from < texts.length; from += 500) {
      const files = texts.slice(from, from + 500).map((text, at) => {
        const file = join(folder, `${at}.json`);
        writeFileSync(file, text);
        return file;
      });
      const said = spawnSync(program, ['--json', 'draw', 'verify', ...files], { encoding: 'utf8', maxBuffer: 2 ** 28 });
      verdicts.push(...said.stdout.trim().split('\n').map((line) => JSON.parse(line).verified));
    }
    return verdicts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('random draws, whole and spoilt, are judged alike by all', () => {
  const seed = 20270104;
  const lines = generate('--many', depth(1500, 30000), '--seed', seed).toString().trim().split('\n').map((line) => JSON.parse(line));
  const accepted = lines.filter((line) => line.holds).length;
  assert.ok(accepted >= lines.length / 2 && accepted < lines.length * 0.75, `${accepted} of ${lines.length} hold`);
  for (const line of lines) assert.equal(holds(Buffer.from(line.text)), line.holds, line.text);
  if (!program) return;
  const verdicts = judgedByProgram(lines.map((line) => line.text));
  lines.forEach((line, at) => assert.equal(verdicts[at], line.holds, line.text));
});

test('the program draws what the others compute', { skip: program ? false : 'PASSAGE_BIN is not set' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'passage-verifiers-'));
  const lines = generate('--many', depth(60, 2000), '--seed', 5).toString().trim().split('\n').map((line) => JSON.parse(line));
  for (const { text } of lines.filter((_, at) => at % 2 === 0)) {
    const { seed, outcome, outcome_hash, ...opened } = JSON.parse(text);
    const file = join(folder, 'list.json');
    writeFileSync(file, JSON.stringify(opened));
    const drawn = JSON.parse(execFileSync(program, ['draw', 'run', file]));
    assert.deepEqual([drawn.seed, drawn.outcome, drawn.outcome_hash], [seed, outcome, outcome_hash]);
  }
  rmSync(folder, { recursive: true });
});

test('flipped bits are noticed by the program', { skip: program ? false : 'PASSAGE_BIN is not set' }, () => {
  const large = generate('--entries', depth(1000, 20000), '--slots', 300, '--types', 50);
  for (const [bundle, count] of [[covered('nobody-waiting'), depth(2000, Infinity)], [large, depth(60, 600)]]) {
    const flipped = [];
    const step = Math.max(1, Math.floor((8 * bundle.length) / count) | 1);
    for (let at = 0; at < 8 * bundle.length; at += step) {
      const one = Buffer.from(bundle);
      one[at >> 3] ^= 1 << (at & 7);
      flipped.push(one);
    }
    assert.deepEqual(judgedByProgram([bundle, ...flipped]), [true, ...flipped.map(() => false)]);
  }
});

test('crowded draws of many narrow types have the same outcome for all', () => {
  const bundles = Array.from({ length: depth(12, 300) }, (_, seed) => generate(
    '--entries', 400, '--slots', 330, '--classes', 90, '--types', 150, '--narrow', '--seed', seed));
  bundles.forEach((bundle, seed) => assert.equal(holds(bundle), true, `seed ${seed}`));
  if (program) assert.deepEqual(judgedByProgram(bundles), bundles.map(() => true));
});

test('a person finds their line, ticket, place and odds', () => {
  const found = verify(covered('twelve-entries'));
  const winner = find(found, 'd58566597cc15dbd1e36c384dca0e5fe');
  assert.deepEqual(winner, {
    entry: 10, tier: 2, weight: 4, bucket: 20400, reserve: 0, accepts: 3, ticket: '2f39726b10d4f88dd6cfd7d958042216',
    place: 1, alike: 3, alikeWon: 2, slot: { id: 'b4c58d3b4a69df4d5b9da5006b401df5', date: 20270108, half: 1 },
  });
  assert.equal(find(found, 'b1343b9693e55f1535c85bc5c2c51a68').slot, null);
  assert.equal(find(found, '00'.repeat(16)), null);
});

test('a frozen list alone is checked and promises no outcome', () => {
  const { seed, outcome, outcome_hash, ...list } = JSON.parse(covered('twelve-entries'));
  delete list.source.secret;
  const found = verify(Buffer.from(JSON.stringify(list)));
  assert.equal(found.drawn, null);
  assert.equal(find(found, 'd58566597cc15dbd1e36c384dca0e5fe').ticket, undefined);
  assert.equal(holds(Buffer.from(JSON.stringify({ ...list, seed }))), false);
});

test('the page in assets is what the build gives, and names no address', async () => {
  const built = await page();
  assert.equal(await page(), built);
  assert.equal(readFileSync(PAGE, 'utf8'), built, 'run npm run build in verifier/');
  assert.match(built, /default-src 'none'; script-src 'sha256-/);
  for (const word of ['fetch(', 'XMLHttpRequest', 'WebSocket', 'importScripts', 'sendBeacon']) {
    assert.ok(!built.includes(word), word);
  }
});

test('both languages say the same things', () => {
  const [fr, en] = ['fr', 'en'].map((lang) => JSON.parse(readFileSync(here(`../../locales/${lang}/verifier.json`))));
  assert.deepEqual(Object.keys(fr), Object.keys(en));
  const values = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const key of Object.keys(fr)) assert.deepEqual(values(fr[key]), values(en[key]), key);
});
