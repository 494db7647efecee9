#!/usr/bin/env python3
"""Makes draws out of a fixed seed: frozen lists of every shape that the protocol allows, whole or not.

    generator.py --entries N [--slots N] [--classes N] [--types N] [--seed N]     one bundle on standard output
    generator.py --many N [--seed N]                                              lines for verify.test.mjs

It builds the list alone. Freeze and outcome come from passage_verify.py, and the other verifiers then judge them.
"""
import argparse
import hashlib
import json
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import passage_verify

VECTORS = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "vectors")
DAYS = ["20280228", "20280229", "20280301", "20281231", "20290101", "19691231", "00010101", "99991231"]


def load(name):
    with open(os.path.join(VECTORS, name), "rb") as file:
        return file.read()


def rounds():
    return json.loads(load("drand-quicknet.json"))["rounds"]


def hexes(rng, count, length=16):
    found = set()
    while len(found) < count:
        found.add(rng.randbytes(length).hex())
    return sorted(found)


def days(rng, count):
    """Real dates, unusual ones among them when they are few."""
    if count <= len(DAYS):
        return [int(day) for day in rng.sample(DAYS, count)]
    return [(2027 + n // 336) * 10000 + (n % 336 // 28 + 1) * 100 + n % 28 + 1 for n in range(count)]


def source(rng, draw, kind):
    if kind == "drand":
        one = rng.choice(rounds())
        return {"kind": "drand", "chain": passage_verify.QUICKNET, "round": one["round"], "signature": one["signature"]}
    secret = rng.randbytes(32)
    commitment = hashlib.sha256(b"passage-draw/1 commit\0" + bytes.fromhex(draw) + secret).hexdigest()
    return {"kind": "commit", "commitment": commitment, "secret": secret.hex()}


def bitmap(rng, classes, width):
    """A set of classes: each with probability `width`, or those of some sites and half-days, as people choose."""
    if rng.random() < 0.5:
        chosen = [rng.random() < width for _ in range(classes)]
    else:
        period = rng.randint(1, 14)
        wanted = {n for n in range(period) if rng.random() < width}
        chosen = [k % period in wanted for k in range(classes)]
    number = sum(1 << k for k, one in enumerate(chosen) if one)
    return number.to_bytes((classes + 7) // 8, "little").hex()


def frozen_list(rng, entries, slots, classes, types, kind, narrow=False):
    """An opened list, without its freeze."""
    draw = rng.randbytes(16).hex()
    sites = hexes(rng, rng.randint(1, 3) if classes < 40 else 8)
    every = sorted((day, half, site) for day in days(rng, (classes + 1) // 2 + 1) for half in (0, 1) for site in sites)
    picked = sorted(rng.sample(every, min(classes, len(every))))
    desks = [(rng.randrange(len(picked)), rng.randint(-2, 9) * 900, rng.randint(0, 3), one)
             for one in hexes(rng, slots)] if picked else []
    widths = [0.02, 0.08] if narrow else [0.05, 0.2, 0.5, 0.9]
    bitmaps = sorted({bitmap(rng, len(picked), rng.choice(widths)) for _ in range(types)})
    labels = rng.sample(range(1, 256), rng.choice([0, 0, 1, 2, 5]))
    pids = hexes(rng, entries)
    kinds = [rng.randrange(len(bitmaps)) for _ in pids]
    used = sorted(set(kinds))
    number = {old: new for new, old in enumerate(used)}
    bitmaps, kinds = [bitmaps[one] for one in used], [number[one] for one in kinds]
    heaviest, buckets = rng.choice([1, 4, 32]), rng.choice([[0], [0, 20400, 20401], [4294967295, 7]])
    lines = [[pid, one, rng.choice([3, 3, 3, 2, 1, 0, 255]), rng.randint(1, heaviest), rng.choice(buckets),
              rng.choice([0, *labels])] for pid, one in zip(pids, kinds)]
    text = rng.choice(["Préfecture, Œuvre n° 1", "\u2028\x7f\"\\\n\u0001", "𝄞 é", ""])
    return {
        "protocol": "passage-draw/1", "draw": draw,
        "terms": {"queue": {"name": text, "n": [1, -2**53 + 1, True, None, {}]}, "rules": {"Z": [], "a": {"b": "c"}, "A": 0},
                  "freeze_at": rng.randint(-2**40, 2**40), "previous": rng.choice([None, rng.randbytes(16).hex()])},
        "classes": [[site, day, half] for day, half, site in picked],
        "slots": [[one, kind, start, rng.randint(0, 65535), desk] for kind, start, desk, one in sorted(desks)],
        "types": bitmaps, "entries": lines,
        "reserves": [[label, rng.choice([0, 1, 2, 1000])] for label in labels],
        "source": source(rng, draw, kind),
    }


def whole(opened):
    """The bundle of an opened list."""
    frozen = passage_verify.read_list(opened)
    seed = passage_verify.sha256(b"passage-draw/1 seed\0", frozen.freeze, frozen.randomness)
    tickets = passage_verify.draw_tickets(seed, [entry[3] for entry in frozen.entries])
    _, outcome = passage_verify.compute_outcome(frozen, tickets)
    pairs = b"".join(entry.to_bytes(4, "big") + slot.to_bytes(4, "big") for entry, slot in outcome)
    ended = hashlib.sha256(b"passage-draw/1 outcome\0" + frozen.freeze + seed + len(outcome).to_bytes(4, "big") + pairs)
    return {**opened, "freeze": frozen.freeze.hex(), "seed": seed.hex(), "outcome": [list(pair) for pair in outcome],
            "outcome_hash": ended.hexdigest()}


def as_bytes(bundle):
    return json.dumps(bundle, ensure_ascii=False, separators=(",", ":")).encode()


def small(rng, kind="commit"):
    classes = rng.choice([0, 1, 2, 3, 5, 8, 9, 16, 17, 24])
    return frozen_list(rng, rng.randint(0, 40), rng.randint(0, 30), classes, rng.randint(1, 20), kind)


def spoilt(rng, bundle):
    """A bundle with one thing wrong, often one that its hashes have been mended for; sometimes nothing is."""
    bundle = json.loads(as_bytes(bundle))
    lists = [bundle[key] for key in passage_verify.TABLES if bundle[key]] or [[0, 0]]
    one, other = rng.choice(lists), rng.choice(lists)
    way = rng.randrange(9)
    if way == 0:
        at = rng.randrange(len(one))
        one.insert(at, one[at])
    elif way == 1:
        one.pop(rng.randrange(len(one)))
    elif way == 2:
        rng.shuffle(one)
    elif way == 3:
        row = rng.choice(other)
        if isinstance(row, list):
            row[rng.randrange(len(row))] = rng.choice([0, 1, 2, 7, 33, 255, 256, 65536, 2**32, -1, 2**63, 0.5, "00", None, True])
    elif way == 4:
        bundle["draw"] = rng.randbytes(16).hex()
    elif way == 5:
        del bundle[rng.choice(list(bundle))]
    elif way == 6:
        bundle["note"] = rng.choice([1.5, [], {"a": None}, -0.0, 10**30])
    elif way == 7:
        bundle["source"].pop(rng.choice(list(bundle["source"])))
    else:
        bundle["terms"][rng.choice(["previous", "freeze_at", "x"])] = rng.choice([None, 0, 2**53, "00" * 16, "zz", 1.0])
    try:
        if rng.random() < 0.7:
            freeze = passage_verify.read_list(bundle).freeze.hex()
            mended = whole(bundle)
            bundle.update({"freeze": freeze, **(mended if rng.random() < 0.5 else {"seed": mended["seed"]})})
    except (*passage_verify.REFUSED, KeyError, TypeError):
        pass
    return bundle


def holds(data):
    try:
        passage_verify.verify(data)
        return True
    except passage_verify.REFUSED:
        return False


def many(count, seed):
    """Lines for the other verifiers: a bundle as text, and what this one says of it."""
    rng = random.Random(seed)
    for number in range(count):
        bundle = whole(small(rng, "drand" if number % 25 == 0 else "commit"))
        for data in (as_bytes(bundle), as_bytes(spoilt(rng, bundle))):
            yield {"text": data.decode(), "holds": holds(data)}


def large(rng, entries, slots, classes, types, narrow=False):
    return frozen_list(rng, entries, slots, classes, types, "drand", narrow)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    for name, number in (("entries", 1000), ("slots", 300), ("classes", 60), ("types", 200), ("seed", 1), ("many", 0)):
        options.add_argument(f"--{name}", type=int, default=number)
    options.add_argument("--narrow", action="store_true", help="few classes to a type")
    asked = options.parse_args()
    if asked.many:
        for line in many(asked.many, asked.seed):
            print(json.dumps(line))
    else:
        made = large(random.Random(asked.seed), asked.entries, asked.slots, asked.classes, asked.types, asked.narrow)
        sys.stdout.buffer.write(as_bytes(whole(made)))
