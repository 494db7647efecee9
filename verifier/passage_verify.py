#!/usr/bin/env python3
"""Checks a published draw of the protocol passage-draw/1, with Python's standard library alone.

    passage_verify.py [--bls] [--pid HEX] FILE      FILE: a bundle or a frozen list; - is standard input

It computes every hash, ticket and seat again and compares; it asks no server anything. Exit code 0: all that the
file says follows; 1: it does not. § are the protocol's sections. Written from its text alone, sharing no code.
"""
import argparse, datetime, functools, hashlib, json, math, operator, re, sys
from types import SimpleNamespace

QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"  # §6
TABLES = ("classes", "slots", "types", "entries", "reserves", "outcome")
INTEGERS = {"u8": (0, 2**8 - 1), "u16": (0, 2**16 - 1), "u32": (0, 2**32 - 1), "i64": (-2**63, 2**63 - 1),
            "half": (0, 1), "weight": (1, 32), "label": (1, 255), "round": (1, 2**64 - 1)}
REFUSED = (ValueError, RecursionError)  # every fault of a file is one of these

def rule(holds, otherwise):
    if not holds:
        raise ValueError(otherwise)
def same(what, stated, computed):
    rule(stated == computed, f"{what} does not follow: the file says {stated.hex()}, the rest gives {computed.hex()}")
def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()
def big(number, width):
    return number.to_bytes(width, "big", signed=number < 0)

# ---- Reading, strictly (§5): what two programs could read in two ways is refused.
def unrepeated(pairs):
    rule(len(dict(pairs)) == len(pairs), "an object has a key twice")
    return dict(pairs)
def number(text):
    value = int(text) if re.fullmatch("(?!-0$)-?[0-9]{1,20}", text) else float(text)
    rule(math.isfinite(value), f"{text[:40]} is not a JSON number, or out of range")
    return value
def inspect(value, depth=1, exact=False):
    """Refuses half a surrogate pair and great depth; in terms (`exact`), fractions and keys that are not ASCII."""
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, (dict, list)):
        rule(depth <= 127, "nested deeper than 127")
        rule(not exact or isinstance(value, list) or all(key.isascii() for key in value), "terms: a key is not ASCII")
        for member in (*value, *value.values()) if isinstance(value, dict) else value:
            inspect(member, depth + 1, exact)
    elif exact and value is not None and type(value) is not bool:
        rule(type(value) is int and abs(value) < 2**53, f"terms: {value!r} is not an integer within 2^53-1")
def scalar(cell, kind, where):
    """An integer of a known range, or hex of a known length ("hex16": 16 bytes)."""
    if kind in INTEGERS:
        low, high = INTEGERS[kind]
        rule(type(cell) is int and low <= cell <= high, f"{where}: {cell!r} is not an integer from {low} to {high}")
        return cell
    rule(isinstance(cell, str) and len(cell) == 2 * int(kind[3:]) and re.fullmatch("[0-9a-f]*", cell),
         f"{where}: {cell!r} is not {kind[3:]} bytes of lower-case hex")
    return bytes.fromhex(cell)
def table(bundle, key, *kinds):
    rows = bundle.get(key)
    rule(isinstance(rows, list) and len(rows) < 2**32, f"{key}: missing, or not an array")
    for number, row in enumerate(rows):
        rule(isinstance(row, list) and len(row) == len(kinds), f"{key}[{number}]: not an array of {len(kinds)}")
    return [tuple([scalar(cell, kind, f"{key}[{number}]") for cell, kind in zip(row, kinds)])
            for number, row in enumerate(rows)]
def ascending(what, keys):
    rule(all(one < following for one, following in zip(keys, keys[1:])), f"{what}: out of order, or one stands twice")

# ---- The frozen list (§2).
def merkle_root(leaves):
    """RFC 9162 §2.1: joining neighbours level by level splits at the largest power of two."""
    level = [sha256(b"\0", leaf) for leaf in leaves]
    while len(level) > 1:
        joined = [sha256(b"\1", left, right) for left, right in zip(level[::2], level[1::2])]
        level = joined + level[2 * len(joined):]
    return level[0] if level else sha256()
def hash_terms(terms):
    rule(isinstance(terms, dict) and terms.keys() == {"queue", "rules", "freeze_at", "previous"}
         and isinstance(terms["queue"], dict) and isinstance(terms["rules"], dict), "terms: not of their shape")
    scalar(terms["freeze_at"], "i64", "terms.freeze_at")
    if terms["previous"] is not None:
        scalar(terms["previous"], "hex16", "terms.previous")
    inspect(terms, 2, exact=True)  # of such values, this text is the one of RFC 8785:
    return sha256(json.dumps(terms, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())

def read_source(source, draw):
    """The 41 bytes that are frozen, and the randomness (§3) if it is there."""
    kind = source.get("kind") if isinstance(source, dict) else None
    rule(kind in ("drand", "commit"), "source.kind: must be drand or commit")
    named, opening, length, keys = (("chain", "signature", 48, {"kind", "chain", "round"}) if kind == "drand" else
                                    ("commitment", "secret", 32, {"kind", "commitment"}))
    rule(source.keys() - {opening} == keys, "source: a key is missing, or does not belong here")
    announced = scalar(source[named], "hex32", f"source.{named}")
    opened = scalar(source[opening], f"hex{length}", f"source.{opening}") if opening in source else None
    if kind == "drand":
        rule(announced.hex() == QUICKNET, "source.chain: not quicknet")
        return b"\1" + announced + big(scalar(source["round"], "round", "source.round"), 8), opened and sha256(opened)
    if opened:
        same("source.commitment", announced, sha256(b"passage-draw/1 commit\0", draw, opened))
    return b"\2" + announced + bytes(8), opened

def read_list(bundle):
    rule(bundle.get("protocol") == "passage-draw/1", "protocol: must be passage-draw/1")
    draw = scalar(bundle.get("draw"), "hex16", "draw")
    classes = table(bundle, "classes", "hex16", "u32", "half")
    slots = table(bundle, "slots", "hex16", "u16", "i64", "u16", "u16")
    rule(isinstance(bundle.get("types"), list), "types: missing, or not an array")
    types = [scalar(one, f"hex{(len(classes) + 7) // 8}", "types") for one in bundle["types"]]
    accepts = [int.from_bytes(one, "little") for one in types]  # bit k is class k
    entries = table(bundle, "entries", "hex16", "u32", "u8", "weight", "u32", "u8")
    reserves = table(bundle, "reserves", "label", "u32")
    labels = {0, *(label for label, _ in reserves)}
    rule(len(classes) <= 4096, "classes: more than 4096")
    rule(all(datetime.date(date // 10000, date // 100 % 100, date % 100) for _, date, _ in classes), "no such date")
    ascending("classes", [(date, half, site) for site, date, half in classes])
    rule(all(slot[1] < len(classes) for slot in slots), "slots: a class is out of range")
    rule(len({slot[0] for slot in slots}) == len(slots), "slots: an id stands twice")
    ascending("slots", [(number, start, desk, slot) for slot, number, start, _, desk in slots])
    ascending("types", types)
    rule(all(one >> len(classes) == 0 for one in accepts), "types: a bit past the last class is set")
    rule({entry[1] for entry in entries} == set(range(len(types))), "types: used by no entry, or out of range")
    ascending("entries", [entry[0] for entry in entries])
    rule(len(labels) == len(reserves) + 1, "reserves: a label stands twice")
    rule({entry[5] for entry in entries} <= labels, "entries: a reserve is not listed")

    count, source = big(len(classes), 2), read_source(bundle.get("source"), draw)
    hashed = [sha256(b"\2", count, one) for one in types]
    parts = {  # of the freeze, in their order
        "terms_hash": hash_terms(bundle.get("terms")),
        "classes_hash": sha256(b"PC1\0", count, *(site + big(date, 4) + big(half, 1) for site, date, half in classes)),
        "slots_root": merkle_root(b"PS1\0" + slot + big(number, 2) + big(start, 8) + big(minutes, 2) + big(desk, 2)
                                  for slot, number, start, minutes, desk in slots),
        "slot_count": big(len(slots), 4),
        "entries_root": merkle_root(b"PE1\0" + pid + hashed[kind] + bytes([tier, weight]) + big(bucket, 4) + big(own, 1)
                                    for pid, kind, tier, weight, bucket, own in entries),
        "entry_count": big(len(entries), 4),
        "reserves_hash": sha256(b"PR1\0", big(len(reserves), 1), *(big(own, 1) + big(n, 4) for own, n in reserves)),
        "source": source[0]}
    freeze = sha256(b"passage-draw/1 freeze\0", draw, *parts.values())
    return SimpleNamespace(draw=draw, classes=classes, slots=slots, accepts=accepts, entries=entries, freeze=freeze,
                           reserves=reserves, source=bundle["source"], randomness=source[1], parts=parts)

# ---- Tickets (§3): ChaCha20 over many blocks at once, one block to every 64 bits of a large integer.
def keystream(key, stream, blocks):
    """The first blocks of RFC 8439 under the nonce 00000000 ‖ stream u64 LE, in pieces of 16 bytes."""
    ones = int.from_bytes(b"\1\0\0\0\0\0\0\0" * blocks, "little")
    mask = ones * 0xFFFFFFFF
    start = [ones * int.from_bytes((b"expand 32-byte k" + key)[at:at + 4], "little") for at in range(0, 48, 4)]
    start += [int.from_bytes(b"".join(n.to_bytes(8, "little") for n in range(blocks)), "little"), 0, ones * stream, 0]
    x = list(start)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            for to, other, turned, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                x[to] = x[to] + x[other] & mask
                mixed = x[turned] ^ x[to]
                x[turned] = (mixed << by | mixed >> 32 - by) & mask
    x = [one + other & mask for one, other in zip(x, start)]
    pairs = [(x[at] | x[at + 1] << 32).to_bytes(8 * blocks, "little") for at in range(0, 16, 2)]
    return [pairs[at][8 * n:8 * n + 8] + pairs[at + 1][8 * n:8 * n + 8] for n in range(blocks) for at in (0, 2, 4, 6)]
def draw_tickets(seed, weights):
    best = [b"\xff" * 16] * len(weights)
    for stream in range(max(weights, default=0)):
        drawn = keystream(seed, stream, (len(weights) + 3) // 4)
        best = [min(old, new) if stream < weight else old for old, new, weight in zip(best, drawn, weights)]
    return best

# ---- Outcome (§4, computed as its last paragraph says). A set of classes is an integer: bit k is class k.
def members(classes):
    while classes:
        yield (classes & -classes).bit_length() - 1
        classes &= classes - 1

class Seating:
    """How many of each type sit in each class. Those of one type are interchangeable."""
    def __init__(self, accepts, seats):
        self.accepts, self.left = [*accepts, 0], list(seats)  # the last type accepts no other seat than its own
        self.room = sum(1 << c for c, count in enumerate(seats) if count)  # the classes with a seat left
        self.sitting = [{} for _ in seats]       # class → {type: how many}
        self.reach = [0] * len(seats)            # class → all that somebody sitting there accepts
        self.where = [0] * len(self.accepts)     # type → the classes where some of it sit
    def seat(self, kind, c, people=1):
        """Seats one more of a type in a class, or one less (-1)."""
        self.left[c] -= people
        self.room = self.room | 1 << c if self.left[c] else self.room & ~(1 << c)
        self.sitting[c][kind] = self.sitting[c].get(kind, 0) + people
        self.where[kind], self.reach[c] = self.where[kind] | 1 << c, self.reach[c] | self.accepts[kind]
        if not self.sitting[c][kind]:
            del self.sitting[c][kind]
            self.where[kind] &= ~(1 << c)
            self.reach[c] = functools.reduce(operator.or_, map(self.accepts.__getitem__, self.sitting[c]), 0)
    def route(self, starts, goals, barred):
        """Breadth first from `starts` to `goals`, a step wherever somebody could move: the path, and all seen."""
        seen, hit, queue, came_from = starts, starts & goals, list(members(starts)), {}
        for c in queue:
            if hit:
                break
            new = self.reach[c] & ~seen & ~barred
            seen, hit = seen | new, new & goals
            for to in members(hit or new):
                came_from[to] = c
                queue.append(to)
        path = list(members(hit))[:1]
        while path and path[0] in came_from:
            path.insert(0, came_from[path[0]])
        return path, seen
    def shift(self, path):
        """Moves one person along each step, from the far end, so that the first class has a seat."""
        for c, to in reversed(list(zip(path, path[1:]))):
            kind = next(kind for kind in self.sitting[c] if self.accepts[kind] >> to & 1)
            self.seat(kind, c, -1)
            self.seat(kind, to)

def allot(accepts, seats, kinds, labels, reserves):
    """§4 steps 1 and 2: (place in key order, class) of each winner. Types and labels come in key order."""
    seating, full, wins, chosen = Seating(accepts, seats), 0, set(), []
    for label, limit in [*reserves, (None, len(kinds))]:
        for at, kind in enumerate(kinds):
            starts = accepts[kind] & ~full
            if starts and limit and at not in wins and label in (labels[at], None):
                path, seen = seating.route(starts, seating.room, full)
                if path:
                    seating.shift(path)
                    seating.seat(kind, path[0])
                    wins.add(at)
                    limit -= 1
                else:
                    full |= seen  # no search will ever find a seat from these classes
    for at in sorted(wins):
        kind, barred, path = kinds[at], 0, []
        while not path:  # the smallest class that leaves nobody unseated; a failed search bars all that it saw
            c = next(members(accepts[kind] & ~barred))
            path, seen = seating.route(1 << c, seating.room | seating.where[kind], barred)
            barred |= seen
        seating.seat(kind, next(members(seating.where[kind] & 1 << path[-1] or seating.where[kind])), -1)
        seating.shift(path)
        seating.seat(len(accepts), c)  # theirs now: as one who accepts no other seat
        chosen.append((at, c))
    return chosen
def compute_outcome(frozen, tickets):
    """The entries in key order (§3), and (entry, slot) of each winner in that order (§4 step 3)."""
    entries, slots = frozen.entries, [[] for _ in frozen.classes]
    order = sorted(range(len(entries)), key=lambda i: (entries[i][2], entries[i][4], tickets[i], i))  # i is pid order
    for number, slot in enumerate(frozen.slots):
        slots[slot[1]].append(number)
    kinds, labels = [entries[i][1] for i in order], [entries[i][5] for i in order]
    allotted = allot(frozen.accepts, [len(of_class) for of_class in slots], kinds, labels, frozen.reserves)
    slots = [iter(of_class) for of_class in slots]
    return order, [(order[at], next(slots[c])) for at, c in allotted]

# ---- The whole file, and one person.
def verify(data, bls=None):
    """The frozen list, and what was drawn from it (None for a list alone); raises one of REFUSED."""
    bundle = json.loads(data.decode("utf-8"), object_pairs_hook=unrepeated, parse_int=number, parse_float=number,
                        parse_constant=number)
    rule(isinstance(bundle, dict), "not a JSON object")
    inspect({key: value for key, value in bundle.items() if key not in TABLES})
    frozen = read_list(bundle)
    same("freeze", scalar(bundle.get("freeze"), "hex32", "freeze"), frozen.freeze)
    if frozen.randomness is None and not bundle.keys() & {"seed", "outcome", "outcome_hash"}:
        return frozen, None
    rule(frozen.randomness is not None, "source: the signature or secret is missing")
    if bls and frozen.source["kind"] == "drand":
        rule(bls(frozen.source["round"], bytes.fromhex(frozen.source["signature"])), "source: not signed by quicknet")
    stated = table(bundle, "outcome", "u32", "u32")
    seed = sha256(b"passage-draw/1 seed\0", frozen.freeze, frozen.randomness)
    same("seed", scalar(bundle.get("seed"), "hex32", "seed"), seed)
    tickets = draw_tickets(seed, [entry[3] for entry in frozen.entries])
    order, outcome = compute_outcome(frozen, tickets)
    rule(stated == outcome, "outcome: does not follow from the list and the seed")
    outcome_hash = sha256(b"passage-draw/1 outcome\0", frozen.freeze, seed, big(len(outcome), 4),
                          *(big(entry, 4) + big(slot, 4) for entry, slot in outcome))
    same("outcome_hash", scalar(bundle.get("outcome_hash"), "hex32", "outcome_hash"), outcome_hash)
    return frozen, SimpleNamespace(seed=seed, tickets=tickets, order=order, outcome=outcome)

def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bls", action="store_true", help="check the beacon's signature (drand_bls.py beside this)")
    options.add_argument("--pid", help="say whether this pid is in the list, its ticket, place and result")
    options.add_argument("file")
    asked = options.parse_args()
    try:
        bls = __import__("drand_bls").holds if asked.bls else None
        frozen, drawn = verify(sys.stdin.buffer.read() if asked.file == "-" else open(asked.file, "rb").read(), bls)
    except (*REFUSED, OSError, ImportError) as fault:
        sys.exit(f"{'REFUSED' if isinstance(fault, REFUSED) else 'NOTHING CHECKED'}: {fault}")
    print(f"HOLDS: {'list, seed, tickets and outcome' if drawn else 'the frozen list'} of draw {frozen.draw.hex()}: "
          f"{len(frozen.entries)} entries, {len(frozen.slots)} slots, {len(drawn.outcome) if drawn else 'no'} winners")
    if frozen.source["kind"] == "commit":
        print("NOT CHECKED: that the randomness is fair: it rests on the operator's word")
    elif drawn and not bls:
        print(f"NOT CHECKED: that the beacon signed round {frozen.source['round']}: ask for it with --bls")
    print(f"NOT CHECKED: that the list came first; compare with what witnesses kept: freeze {frozen.freeze.hex()}")
    for number, entry in enumerate(frozen.entries if asked.pid else ()):
        if entry[0].hex() == asked.pid:
            print(f"pid {asked.pid}: entry {number}, (type, tier, weight, bucket, reserve) = {entry[1:]}")
            return drawn and print(f"ticket {drawn.tickets[number].hex()}, place {drawn.order.index(number) + 1} of "
                                   f"{len(drawn.order)}, slot {dict(drawn.outcome).get(number, 'none')}")
    return asked.pid and f"pid {asked.pid}: NOT in the list"

if __name__ == "__main__":
    sys.exit(main())
