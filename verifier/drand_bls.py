#!/usr/bin/env python3
"""Whether drand's quicknet signed a round: drand_bls.py ROUND SIGNATURE (needs the package py_ecc).

passage_verify.py --bls asks it. The chain's key is pinned here: no relay is believed.
"""
import hashlib
import sys

LIMIT = sys.getrecursionlimit()
from py_ecc.bls.g2_primitives import pubkey_to_G1, signature_to_G2, subgroup_check
from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.optimized_bls12_381 import FQ12, G2, final_exponentiate, neg, pairing
sys.setrecursionlimit(LIMIT)  # py_ecc raises it so far that deeply nested JSON would end the process

QUICKNET_KEY = ("83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
                "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a")
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"


def holds(number, signature):
    """e(signature, generator) = e(hash of the round, key): scheme bls-unchained-g1-rfc9380.

    A ValueError when the bytes are not a point of the curve.
    """
    point = pubkey_to_G1(signature)
    hashed = hash_to_G1(hashlib.sha256(number.to_bytes(8, "big")).digest(), DOMAIN, hashlib.sha256)
    key = signature_to_G2(bytes.fromhex(QUICKNET_KEY))
    product = pairing(G2, point, False) * pairing(key, neg(hashed), False)
    return subgroup_check(point) and final_exponentiate(product) == FQ12.one()


if __name__ == "__main__":
    genuine = holds(int(sys.argv[1]), bytes.fromhex(sys.argv[2]))
    sys.exit(0 if genuine else f"REFUSED: quicknet did not sign round {sys.argv[1]} so")
