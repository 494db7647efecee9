"""Repeats the matchings of our bench with OR-tools' maximum flow and scipy's bipartite matching.

Both only find how many people can be seated at once; ours also seats them by priority. So this is first a
correctness check (the number we seat must be the true maximum), and then a comparison of times.

    matching_compare.py FOLDER     with the files that `cargo bench --bench draw -- --matching` wrote
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from ortools.graph.python import max_flow
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

# Above this many pairs of a person and a seat, a matching with one node per seat takes too long.
MOST_PAIRS = 20_000_000


def accepted(case):
    """A row of booleans for each type: which classes its people accept."""
    width = len(case["seats"])
    packed = np.frombuffer(bytes.fromhex("".join(case["types"])), dtype=np.uint8)
    bits = np.unpackbits(packed.reshape(len(case["types"]), -1), axis=1, bitorder="little")
    return bits[:, :width].astype(bool)


def seated_by_flow(people, seats, accepts):
    """People flow from a source through their type and a class to a sink; time of the solving alone."""
    types, classes = accepts.shape
    source, sink = types + classes, types + classes + 1
    pair_type, pair_class = np.nonzero(accepts)
    tails = np.concatenate([np.full(types, source), pair_type, types + np.arange(classes)])
    heads = np.concatenate([np.arange(types), types + pair_class, np.full(classes, sink)])
    flow = max_flow.SimpleMaxFlow()
    flow.add_arcs_with_capacity(tails, heads, np.concatenate([people, people[pair_type], seats]))
    start = time.perf_counter()
    if flow.solve(source, sink) != flow.OPTIMAL:
        raise SystemExit("OR-tools found no optimum")
    return flow.optimal_flow(), time.perf_counter() - start


def best(solve, *case):
    """The number, and the best time of five: ours are such, too."""
    runs = [solve(*case) for _ in range(5)]
    return runs[0][0], min(seconds for _, seconds in runs)


def seated_by_pairs(people, seats, accepts):
    """Every person a row, every seat a column; time of the matching alone."""
    person_type = np.repeat(np.arange(len(people)), people)
    seat_class = np.repeat(np.arange(len(seats)), seats)
    pairs = csr_matrix(accepts[person_type][:, seat_class])
    start = time.perf_counter()
    partner = maximum_bipartite_matching(pairs, perm_type="column")
    return int((partner >= 0).sum()), time.perf_counter() - start


def compare(case):
    """Prints one case; true when everybody agrees how many can sit."""
    people, seats = np.array(case["people"]), np.array(case["seats"])
    accepts = accepted(case)
    print(f"\n{case['entries']} entries, {case['classes']} classes, {case['slots']} slots, "
          f"{len(people)} types of {case['availability']} availability")
    peers = {"OR-tools, maximum flow by type": best(seated_by_flow, people, seats, accepts)}
    if people.sum() * seats.sum() <= MOST_PAIRS:
        peers["scipy, bipartite, every seat by itself"] = best(seated_by_pairs, people, seats, accepts)
    print(f"  ours seats {case['seated']} in {1e3 * case['matching_s']:.1f} ms, "
          f"with the smallest classes in {1e3 * case['with_assignment_s']:.1f} ms")
    for name, (count, seconds) in peers.items():
        print(f"  {name}: {count} in {1e3 * seconds:.1f} ms; ours takes "
              f"{case['matching_s'] / seconds:.3f} of it, {case['with_assignment_s'] / seconds:.3f} with classes")
    return all(count == case["seated"] for count, _ in peers.values())


def main():
    files = sorted(Path(sys.argv[1]).glob("matching-*.json"))
    if not files:
        raise SystemExit(f"no matching in {sys.argv[1]}")
    wrong = [file.name for file in files if not compare(json.loads(file.read_text()))]
    if wrong:
        raise SystemExit(f"not the greatest number of people: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
