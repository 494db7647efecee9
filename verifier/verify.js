// Checks a bundle or a frozen list of the protocol passage-draw/1. Written from the protocol's text: § are its
// sections. Nothing here touches a page or a network, so it runs in a browser and in Node alike.

import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keystream } from './chacha.js';
import { QUICKNET, signedByQuicknet } from './drand.js';
import { Fraction, Refused, readJson } from './json.js';
import { allot } from './matching.js';

const text = new TextEncoder();
const INTEGERS = {
  u8: [0n, 255n], u16: [0n, 65535n], u32: [0n, 4294967295n], i64: [-(2n ** 63n), 2n ** 63n - 1n],
  half: [0n, 1n], weight: [1n, 32n], label: [1n, 255n], round: [1n, 2n ** 64n - 1n],
};
const SHORT = Object.fromEntries(Object.entries(INTEGERS).map(([kind, [low, high]]) => [kind, [Number(low), Number(high)]]));

function rule(holds, otherwise) {
  if (!holds) throw new Refused(typeof otherwise === 'function' ? otherwise() : otherwise);
}

function same(what, stated, computed) {
  rule(stated === computed, `${what} does not follow: the file says ${stated}, the rest of it gives ${computed}`);
}

/** Bytes from parts: text, bytes, and [number, width] for big-endian integers. */
function join(...parts) {
  const pieces = parts.map((part) => {
    if (typeof part === 'string') return text.encode(part);
    return Array.isArray(part) ? big(...part) : part;
  });
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

function big(number, width) {
  const bytes = new Uint8Array(width);
  if (width === 8) {
    new DataView(bytes.buffer).setBigInt64(0, BigInt.asIntN(64, BigInt(number)));
    return bytes;
  }
  for (let at = 0; at < width; at += 1) bytes[at] = number >>> (8 * (width - 1 - at));
  return bytes;
}

// ---- Reading (§5)

function integer(value, kind, where) {
  if (typeof value === 'bigint') {
    const [low, high] = INTEGERS[kind];
    rule(value >= low && value <= high, () => `${where}: ${value} is not an integer from ${low} to ${high}`);
    return value;
  }
  const [low, high] = SHORT[kind];
  rule(typeof value === 'number' && value >= low && value <= high,
    () => `${where}: ${show(value)} is not an integer from ${low} to ${high}`);
  return value;
}

function show(value) {
  if (value instanceof Fraction) return value.text;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function isHex(value, length) {
  return typeof value === 'string' && value.length === 2 * length && /^[0-9a-f]*$/.test(value);
}

function hex(value, length, where) {
  rule(isHex(value, length), () => `${where}: ${show(value)} is not ${length} bytes in lower-case hex`);
  return value;
}

function array(bundle, key) {
  const rows = bundle.get(key);
  rule(Array.isArray(rows), () => `${key}: ${rows === undefined ? 'the key is missing' : 'not an array'}`);
  return rows;
}

/** The rows of a table; a column is the kind of an integer, or a number of bytes in hex. */
function table(bundle, key, columns) {
  const rows = array(bundle, key);
  rows.forEach((row, number) => {
    const where = `${key}[${number}]`;
    rule(Array.isArray(row) && row.length === columns.length, () => `${where}: not an array of ${columns.length}`);
    columns.forEach((column, at) => {
      if (typeof column === 'number') hex(row[at], column, where);
      else integer(row[at], column, where);
    });
  });
  return rows;
}

function ascending(what, count, before) {
  for (let at = 1; at < count; at += 1) {
    rule(before(at - 1, at), () => `${what}[${at}] is out of order, or stands twice`);
  }
}

/** Whether the first list of comparable values stands before the second. */
function precedes(one, other) {
  const at = one.findIndex((value, place) => value !== other[place]);
  return at >= 0 && one[at] < other[at];
}

function isDate(number) {
  const [year, month, day] = [Math.floor(number / 10000), Math.floor(number / 100) % 100, number % 100];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return year >= 1 && year <= 9999 && days !== undefined && day >= 1 && day <= days;
}

// ---- The frozen list (§2)

/** RFC 8785, for the values that terms may hold. */
function canonical(value) {
  if (value instanceof Map) {
    const keys = [...value.keys()].sort();
    rule(keys.every((key) => /^[\0-\x7f]*$/.test(key)), 'terms: a key is not ASCII');
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value.get(key))}`).join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  rule(!(value instanceof Fraction) && typeof value !== 'bigint',
    () => `terms: ${show(value)} is not an integer of magnitude at most 2^53-1`);
  return JSON.stringify(value);
}

function hashTerms(terms) {
  rule(terms instanceof Map, 'terms: must be an object');
  rule([...terms.keys()].sort().join() === 'freeze_at,previous,queue,rules', 'terms: a key is missing or too many');
  rule(terms.get('queue') instanceof Map && terms.get('rules') instanceof Map, 'terms: queue and rules are objects');
  integer(terms.get('freeze_at'), 'i64', 'terms.freeze_at');
  if (terms.get('previous') !== null) hex(terms.get('previous'), 16, 'terms.previous');
  return sha256(text.encode(canonical(terms)));
}

/** RFC 9162 §2.1: joining neighbours level by level splits at the largest power of two. */
function merkleRoot(count, leaf, tell = () => {}) {
  let level = [];
  for (let at = 0; at < count; at += 1) {
    if (at % 1024 === 0) tell(at / count);
    level.push(sha256(join([0, 1], leaf(at))));
  }
  while (level.length > 1) {
    const above = [];
    for (let at = 0; at + 1 < level.length; at += 2) above.push(sha256(join([1, 1], level[at], level[at + 1])));
    if (level.length % 2 === 1) above.push(level.at(-1));
    level = above;
  }
  return level[0] ?? sha256(new Uint8Array());
}

function readSource(source, draw) {
  const kind = source instanceof Map ? source.get('kind') : undefined;
  rule(kind === 'drand' || kind === 'commit', 'source.kind: must be drand or commit');
  const [keys, opening] = kind === 'drand' ? [['kind', 'chain', 'round'], 'signature'] : [['kind', 'commitment'], 'secret'];
  for (const key of source.keys()) rule(keys.includes(key) || key === opening, `source.${key}: does not belong here`);
  const opened = source.has(opening);
  if (kind === 'drand') {
    rule(hex(source.get('chain'), 32, 'source.chain') === QUICKNET, 'source.chain: only quicknet is accepted');
    const round = BigInt(integer(source.get('round'), 'round', 'source.round'));
    const signature = opened ? hexToBytes(hex(source.get('signature'), 48, 'source.signature')) : null;
    const bytes = join([1, 1], hexToBytes(QUICKNET), [round, 8]);
    return { kind, round, signature, bytes, randomness: signature && sha256(signature) };
  }
  const commitment = hex(source.get('commitment'), 32, 'source.commitment');
  const secret = opened ? hexToBytes(hex(source.get('secret'), 32, 'source.secret')) : null;
  if (opened) {
    const computed = sha256(join('passage-draw/1 commit\0', hexToBytes(draw), secret));
    same('source.commitment', commitment, bytesToHex(computed));
  }
  return { kind, bytes: join([2, 1], hexToBytes(commitment), [0, 8]), randomness: secret };
}

function checkList(list) {
  const { classes, slots, types, entries, reserves } = list;
  rule(classes.length <= 4096, 'classes: more than 4096');
  classes.forEach(([, date], at) => rule(isDate(date), () => `classes[${at}]: ${date} is not a date`));
  const classKey = ([site, date, half]) => [date, half, site];
  ascending('classes', classes.length, (one, other) => precedes(classKey(classes[one]), classKey(classes[other])));
  slots.forEach((slot, at) => rule(slot[1] < classes.length, () => `slots[${at}]: there is no class ${slot[1]}`));
  rule(new Set(slots.map(([id]) => id)).size === slots.length, 'slots: an id stands twice');
  const slotKey = ([id, c, start, , desk]) => [c, BigInt(start), desk, id];
  ascending('slots', slots.length, (one, other) => precedes(slotKey(slots[one]), slotKey(slots[other])));
  ascending('types', types.length, (one, other) => types[one] < types[other]);
  const spare = classes.length % 8;
  types.forEach((type, at) => rule(spare === 0 || parseInt(type.slice(-2), 16) >> spare === 0,
    () => `types[${at}]: a bit past the last class is set`));
  const labels = new Set([0, ...reserves.map(([label]) => label)]);
  rule(labels.size === reserves.length + 1, 'reserves: a label stands twice');
  const used = new Set();
  ascending('entries', entries.length, (one, other) => entries[one][0] < entries[other][0]);
  entries.forEach(([, type, , , , reserve], at) => {
    rule(type < types.length, () => `entries[${at}]: there is no type ${type}`);
    rule(labels.has(reserve), () => `entries[${at}]: no reserve has the label ${reserve}`);
    used.add(type);
  });
  rule(used.size === types.length, 'types: one is used by no entry');
}

function readList(bundle, tell) {
  rule(bundle instanceof Map, 'not a JSON object');
  rule(bundle.get('protocol') === 'passage-draw/1', 'protocol: must be passage-draw/1');
  const draw = hex(bundle.get('draw'), 16, 'draw');
  const classes = table(bundle, 'classes', [16, 'u32', 'half']);
  const slots = table(bundle, 'slots', [16, 'u16', 'i64', 'u16', 'u16']);
  const types = array(bundle, 'types');
  types.forEach((type, at) => hex(type, Math.ceil(classes.length / 8), `types[${at}]`));
  const entries = table(bundle, 'entries', [16, 'u32', 'u8', 'weight', 'u32', 'u8']);
  const reserves = table(bundle, 'reserves', ['label', 'u32']);
  checkList({ classes, slots, types, entries, reserves });
  const source = readSource(bundle.get('source'), draw);
  const count = [classes.length, 2];
  const typeHashes = types.map((type) => sha256(join([2, 1], count, hexToBytes(type))));
  const slotLeaf = ([id, c, start, minutes, desk]) => join('PS1\0', hexToBytes(id), [c, 2], [start, 8], [minutes, 2], [desk, 2]);
  const entryLeaf = ([pid, type, tier, weight, bucket, reserve]) => join(
    'PE1\0', hexToBytes(pid), typeHashes[type], [tier, 1], [weight, 1], [bucket, 4], [reserve, 1]);
  const parts = {
    terms_hash: hashTerms(bundle.get('terms')),
    classes_hash: sha256(join('PC1\0', count, ...classes.flatMap(([site, date, half]) => [hexToBytes(site), [date, 4], [half, 1]]))),
    slots_root: merkleRoot(slots.length, (at) => slotLeaf(slots[at])),
    slot_count: big(slots.length, 4),
    entries_root: merkleRoot(entries.length, (at) => entryLeaf(entries[at]), tell),
    entry_count: big(entries.length, 4),
    reserves_hash: sha256(join('PR1\0', [reserves.length, 1], ...reserves.flatMap(([label, seats]) => [[label, 1], [seats, 4]]))),
    source: source.bytes,
  };
  const freeze = sha256(join('passage-draw/1 freeze\0', hexToBytes(draw), ...Object.values(parts)));
  same('freeze', hex(bundle.get('freeze'), 32, 'freeze'), bytesToHex(freeze));
  return { draw, terms: bundle.get('terms'), classes, slots, types, entries, reserves, source, parts, freeze };
}

// ---- Tickets and order (§3)

/** Four words to an entry; compared word by word they compare as bytes. */
function drawTickets(seed, entries, tell) {
  const best = new Uint32Array(4 * entries.length).fill(0xffffffff);
  const heaviest = entries.reduce((most, entry) => Math.max(most, entry[3]), 0);
  for (let stream = 0; stream < heaviest; stream += 1) {
    tell(stream / heaviest);
    const wire = new DataView(keystream(seed, stream, Math.ceil(entries.length / 4)));
    entries.forEach(([, , , weight], entry) => {
      const at = 4 * entry;
      if (stream < weight && smaller(wire, best, at)) {
        for (let word = 0; word < 4; word += 1) best[at + word] = wire.getUint32(4 * (at + word));
      }
    });
  }
  return best;
}

/** Whether the ticket on the wire comes before the best one so far. */
function smaller(wire, best, at) {
  for (let word = at; word < at + 4; word += 1) {
    const drawn = wire.getUint32(4 * word);
    if (drawn !== best[word]) return drawn < best[word];
  }
  return false;
}

export function ticketHex(tickets, entry) {
  return [0, 1, 2, 3].map((word) => tickets[4 * entry + word].toString(16).padStart(8, '0')).join('');
}

/** Entry numbers by (tier, bucket, ticket, pid); entry numbers are in pid order already. */
function keyOrder(entries, tickets) {
  const order = Uint32Array.from(entries.keys());
  return order.sort((one, other) => {
    const [a, b] = [entries[one], entries[other]];
    let difference = a[2] - b[2] || a[4] - b[4];
    for (let word = 0; word < 4 && difference === 0; word += 1) difference = tickets[4 * one + word] - tickets[4 * other + word];
    return difference || one - other;
  });
}

// ---- Outcome (§4)

function bitmapRow(type, classes) {
  const row = new Uint32Array(Math.ceil(classes / 32));
  hexToBytes(type).forEach((byte, at) => {
    row[at >> 2] |= byte << (8 * (at & 3));
  });
  return row;
}

function drawOutcome(list, order, tell) {
  const seats = list.classes.map(() => 0);
  const next = list.classes.map(() => -1);
  list.slots.forEach(([, c], number) => {
    seats[c] += 1;
    if (next[c] < 0) next[c] = number;
  });
  const people = Array.from(order, (entry) => ({ type: list.entries[entry][1], reserve: list.entries[entry][5] }));
  const rows = list.types.map((type) => bitmapRow(type, list.classes.length));
  return allot(rows, seats, people, list.reserves, tell).map(([at, c]) => {
    next[c] += 1;
    return [order[at], next[c] - 1];
  });
}

/**
 * Checks the bytes of a bundle or a frozen list. Returns what was found, with `drawn` null for a list alone;
 * throws Refused. `tell(step, share)` hears how far it is: step is reading, list, tickets, outcome or beacon.
 */
export function verify(bytes, tell = () => {}) {
  tell('reading', 0);
  const bundle = readJson(bytes);
  const list = readList(bundle, (share) => tell('list', share));
  const { source } = list;
  if (source.randomness === null && !['seed', 'outcome', 'outcome_hash'].some((key) => bundle.has(key))) {
    return { list, drawn: null };
  }
  rule(source.randomness !== null, 'source: the signature or secret is missing');
  const stated = table(bundle, 'outcome', ['u32', 'u32']);
  const seed = sha256(join('passage-draw/1 seed\0', list.freeze, source.randomness));
  same('seed', hex(bundle.get('seed'), 32, 'seed'), bytesToHex(seed));
  const tickets = drawTickets(seed, list.entries, (share) => tell('tickets', share));
  const order = keyOrder(list.entries, tickets);
  const outcome = drawOutcome(list, order, (share) => tell('outcome', share));
  const differs = outcome.findIndex((pair, at) => stated[at] === undefined || precedes(pair, stated[at]) || precedes(stated[at], pair));
  rule(differs < 0 && stated.length === outcome.length,
    `outcome[${differs < 0 ? outcome.length : differs}] does not follow from the list and the seed`);
  const pairs = new DataView(new ArrayBuffer(8 * outcome.length));
  outcome.flat().forEach((number, at) => pairs.setUint32(4 * at, number));
  const ended = sha256(join('passage-draw/1 outcome\0', list.freeze, seed, [outcome.length, 4], new Uint8Array(pairs.buffer)));
  same('outcome_hash', hex(bundle.get('outcome_hash'), 32, 'outcome_hash'), bytesToHex(ended));
  tell('beacon', 0);
  rule(source.kind !== 'drand' || signedByQuicknet(source.round, source.signature),
    `source.signature: quicknet did not sign round ${source.round} so`);
  return { list, drawn: { seed, tickets, order, outcome } };
}
