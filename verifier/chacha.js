// ChaCha20 (RFC 8439) as the tickets need it: the keystream of one nonce, from block 0.

/**
 * The first `blocks` × 64 bytes of the stream under the nonce 00000000 ‖ stream as u64 little-endian, in an
 * ArrayBuffer; `stream` is below 2^32.
 */
export function keystream(key, stream, blocks) {
  const start = new Uint32Array(16);
  start.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
  const view = new DataView(key.buffer, key.byteOffset, 32);
  for (let at = 0; at < 8; at += 1) start[4 + at] = view.getUint32(4 * at, true);
  start[14] = stream;
  const out = new DataView(new ArrayBuffer(64 * blocks));
  const x = new Uint32Array(16);
  for (let block = 0; block < blocks; block += 1) {
    start[12] = block;
    x.set(start);
    for (let round = 0; round < 10; round += 1) {
      quarter(x, 0, 4, 8, 12);
      quarter(x, 1, 5, 9, 13);
      quarter(x, 2, 6, 10, 14);
      quarter(x, 3, 7, 11, 15);
      quarter(x, 0, 5, 10, 15);
      quarter(x, 1, 6, 11, 12);
      quarter(x, 2, 7, 8, 13);
      quarter(x, 3, 4, 9, 14);
    }
    for (let at = 0; at < 16; at += 1) out.setUint32(64 * block + 4 * at, x[at] + start[at], true);
  }
  return out.buffer;
}

function quarter(x, a, b, c, d) {
  let turned;
  x[a] += x[b];
  turned = x[d] ^ x[a];
  x[d] = (turned << 16) | (turned >>> 16);
  x[c] += x[d];
  turned = x[b] ^ x[c];
  x[b] = (turned << 12) | (turned >>> 20);
  x[a] += x[b];
  turned = x[d] ^ x[a];
  x[d] = (turned << 8) | (turned >>> 24);
  x[c] += x[d];
  turned = x[b] ^ x[c];
  x[b] = (turned << 7) | (turned >>> 25);
}
