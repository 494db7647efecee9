// Whether drand's quicknet signed a round (protocol §6). The key is pinned here: no relay is believed.

import { bls12_381 } from '@noble/curves/bls12-381.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';

export const QUICKNET = '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971';
const KEY = '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451'
  + '0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a';
const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

/** `round` is a BigInt, `signature` 48 bytes. */
export function signedByQuicknet(round, signature) {
  const message = new Uint8Array(8);
  new DataView(message.buffer).setBigUint64(0, round);
  const { shortSignatures } = bls12_381;
  try {
    const hashed = shortSignatures.hash(sha256(message), DOMAIN);
    return shortSignatures.verify(signature, hashed, hexToBytes(KEY));
  } catch {
    return false;
  }
}
