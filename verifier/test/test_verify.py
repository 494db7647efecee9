"""passage_verify.py against the vectors, the protocol's definition, every flipped bit, and OpenSSL."""
import json
import os
import random
import shutil
import subprocess
import sys
import time
import unittest

import generator
import passage_verify as verifier

VECTORS = ("nobody-waiting.json", "twelve-entries.json", "two-hundred-entries-drand-1000.json")
SCRIPT = os.path.join(os.path.dirname(__file__), "..", "passage_verify.py")
try:
    import drand_bls
except ImportError:  # py_ecc is fetched by tools/verifiers.sh
    drand_bls = None


def depth(light, soak):
    return soak if os.environ.get("PASSAGE_DEPTH") == "soak" else light


def covered(name):
    """A vector without what no check covers."""
    bundle = json.loads(generator.load(name))
    del bundle["derived"]
    return generator.as_bytes(bundle)


def placeable(accepts, seats, kinds):
    """Whether all can sit at once, by trying every seat for everybody."""
    if not kinds:
        return True
    for c, left in enumerate(seats):
        if left and accepts[kinds[0]] >> c & 1:
            if placeable(accepts, [*seats[:c], left - 1, *seats[c + 1:]], kinds[1:]):
                return True
    return False


def by_definition(accepts, seats, kinds, labels, reserves):
    """§4, word for word."""
    admitted = []

    def stays(at):
        return placeable(accepts, seats, [kinds[one] for one in [*admitted, at]])
    for label, limit in reserves:
        walk = 0
        for at in range(len(kinds)):
            if labels[at] == label and walk < limit and stays(at):
                admitted.append(at)
                walk += 1
    for at in range(len(kinds)):
        if at not in admitted and stays(at):
            admitted.append(at)
    admitted.sort()
    left, outcome = list(seats), []
    for number, at in enumerate(admitted):
        others = [kinds[one] for one in admitted[number + 1:]]
        for c in range(len(seats)):
            if left[c] and accepts[kinds[at]] >> c & 1:
                if placeable(accepts, [count - (one == c) for one, count in enumerate(left)], others):
                    outcome.append((at, c))
                    left[c] -= 1
                    break
    return outcome


class Verify(unittest.TestCase):
    def refused(self, data, bls=None, said=None):
        with self.assertRaises(verifier.REFUSED, msg=said or data[:3000]):
            verifier.verify(data, bls)

    def test_every_vector_holds_with_every_intermediate_value(self):
        for name in VECTORS:
            data = generator.load(name)
            frozen, drawn = verifier.verify(data, drand_bls and drand_bls.holds)
            derived = json.loads(data)["derived"]
            self.assertEqual([ticket.hex() for ticket in drawn.tickets], derived.pop("tickets"))
            self.assertEqual({key: frozen.parts[key].hex() for key in derived}, derived)

    def test_everything_that_must_be_refused_is_refused(self):
        cases = json.loads(generator.load("rejected.json"))
        self.assertGreaterEqual(len(cases), 28)
        for case in cases:
            if case["reason"] == "signature of another round" and not drand_bls:
                continue  # refused by the next test, or said to be unchecked
            self.refused(generator.as_bytes(case["bundle"]), drand_bls and drand_bls.holds, case["reason"])

    @unittest.skipUnless(drand_bls, "py_ecc is not installed")
    def test_the_recorded_rounds_are_signed_and_no_other(self):
        for one in generator.rounds():
            signature = bytes.fromhex(one["signature"])
            self.assertTrue(drand_bls.holds(one["round"], signature))
            self.assertFalse(drand_bls.holds(one["round"] + 1, signature))

    def test_what_two_readers_could_read_in_two_ways_is_refused(self):
        bundle = covered("twelve-entries.json").decode()
        for old, new in (
                ('"seed":', '"draw":"c78917107644fc3aad7e0c6493493ae6","seed":'),
                ('"seed":', '"other":{"a":[{"b":1,"b":1}]},"seed":'),
                ('"kind":"commit"', '"kind":"commit","kind":"commit"'),
                ('"kind":"commit"', '"kind":"commit","round":1'), ('"previous":null', '"previous":null,"note":1'),
                (",4,2,2,20419,0]", ",4,2,2.0,20419,0]"), (",4,2,2,20419,0]", ",4,2,2,2.0419e4,0]"),
                (",4,2,2,20419,0]", ',4,2,"2",20419,0]'), (",4,2,2,20419,0]", ",4,2,2,20419]"),
                (",4,2,2,20419,0]", ",4,2,2,20419,0,0]"), (",4,2,2,20419,0]", ",4,2,2,20419,false]"),
                (",4,2,2,20419,0]", ",4,2,2,20419,-0]"), (",20270104,0]", ",020270104,0]"),
                ('"version":3', '"version":3e0'), ('"version":3', '"version":9007199254740992'),
                ('"version":3', '"version":-0'), ('"zone":"Europe/Paris"', '"zone":"\\ud800"'),
                ('"zone":"Europe/Paris"', '"zoné":"Europe/Paris"'), ('"seed":', '"note":"\\ud800","seed":'),
                ('"seed":', '"note":1e400,"seed":'), ('"seed":', '"note":NaN,"seed":'),
                ('"seed":', '"note":' + "[" * 127 + "]" * 127 + ',"seed":'), ('{"protocol', '\ufeff{"protocol')):
            self.assertIn(old, bundle)
            self.refused(bundle.replace(old, new, 1).encode(), said=new)
        for data in (b"", b"[]", b"null", b"[", b'{"a":1}x', b"[" * 100000, bundle.encode("utf-16")):
            self.refused(data)

    def test_other_keys_spaces_and_escapes_change_nothing(self):
        bundle = covered("twelve-entries.json").decode()
        for old, new in (('"seed":', '"note":{"é":[1.5e9,-0,null,123456789012345678901234567890]},"seed":'),
                         ('"seed":', '"note":' + "[" * 126 + "]" * 126 + ',"seed":'),
                         ("Préfecture", "Pr\\u00e9fecture"), ("Europe/Paris", "Europe\\/Paris"), (',"types"', ' ,\r\n\t"types"')):
            verifier.verify(bundle.replace(old, new, 1).encode())

    def test_every_flipped_bit_of_a_small_bundle_is_noticed(self):
        names = ("nobody-waiting.json",) if depth(1, 0) else VECTORS[:2]
        for name in names:
            data = bytearray(covered(name))
            verifier.verify(bytes(data))
            self.flip(data, range(8 * len(data)))

    def test_flipped_bits_of_larger_bundles_are_noticed(self):
        rng = random.Random(11)
        large = generator.whole(generator.large(rng, depth(400, 20000), 120, 40, 30))
        for data in (covered(VECTORS[1]), covered(VECTORS[2]), generator.as_bytes(large)):
            self.flip(bytearray(data), rng.sample(range(8 * len(data)), depth(150, 1500)))

    def flip(self, data, places):
        for at in places:
            data[at >> 3] ^= 1 << (at & 7)
            self.refused(bytes(data), said=f"byte {at >> 3}, bit {at & 7}")
            data[at >> 3] ^= 1 << (at & 7)

    def test_the_outcome_is_the_one_of_the_definition(self):
        rng = random.Random(4)
        for _ in range(depth(3000, 100000)):
            classes = rng.randint(0, 5)
            width = rng.choice([0.15, 0.3, 0.6])
            accepts = [sum(1 << c for c in range(classes) if rng.random() < width) for _ in range(rng.randint(1, 6))]
            seats = [rng.choice([0, 1, 1, 2]) for _ in range(classes)]
            kinds = [rng.randrange(len(accepts)) for _ in range(rng.randint(0, 7))]
            labels = [rng.choice([0, 1, 2]) for _ in kinds]
            reserves = rng.choice([[], [(1, 1)], [(2, 1), (1, 2)], [(1, 0), (2, 9)]])
            case = accepts, seats, kinds, labels, reserves
            self.assertEqual(verifier.allot(*case), by_definition(*case), case)

    def test_the_keystream_is_the_one_of_rfc_8439(self):
        drawn = verifier.keystream(bytes(32), 0, 2)  # appendix A.1, vectors 1 and 2
        self.assertEqual(drawn[0].hex(), "76b8e0ada0f13d90405d6ae55386bd28")
        self.assertEqual(drawn[4].hex(), "9f07e7be5551387a98ba977c732d080d")

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_openssl_draws_the_same_tickets_as_the_command_in_the_docs(self):
        data = generator.load("two-hundred-entries-drand-1000.json")
        frozen, drawn = verifier.verify(data)
        with open(os.path.join(os.path.dirname(SCRIPT), "..", "docs", "verify.md"), encoding="utf-8") as page:
            command = next(line.strip() for line in page if line.strip().startswith("head -c"))
        for entry in (0, 1, 7, 150, len(drawn.tickets) - 1):
            streams = [subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, env={
                **os.environ, "SEED": drawn.seed.hex(), "ENTRY": str(entry), "TICKET": str(ticket),
            }).stdout.split()[0] for ticket in range(frozen.entries[entry][3])]
            self.assertEqual(min(streams), drawn.tickets[entry].hex())

    def test_the_command_says_what_it_checked_and_what_not(self):
        twelve = os.path.join(generator.VECTORS, "twelve-entries.json")

        def run(*arguments, data=b""):
            done = subprocess.run([sys.executable, SCRIPT, *arguments], input=data, capture_output=True, check=False)
            return done.returncode, (done.stdout + done.stderr).decode()
        code, said = run(twelve, "--pid", "d58566597cc15dbd1e36c384dca0e5fe")
        self.assertEqual(code, 0, said)
        for word in ("HOLDS", "12 entries", "NOT CHECKED: that the randomness is fair", "place 1 of 12", "slot 2"):
            self.assertIn(word, said)
        self.assertEqual(run(twelve, "--pid", "00" * 16)[0], 1)
        code, said = run("-", data=generator.load("two-hundred-entries-drand-1000.json"))
        self.assertEqual((code, "NOT CHECKED: that the beacon signed round 1000" in said), (0, True), said)
        code, said = run("-", data=covered("twelve-entries.json").replace(b"20419", b"20418"))
        self.assertEqual((code, said.startswith("REFUSED: freeze")), (1, True), said)
        code, said = run("/no/such/file")
        self.assertEqual((code, said.startswith("NOTHING CHECKED")), (1, True), said)
        code, said = run("--bls", "-", data=generator.load("two-hundred-entries-drand-1000.json"))
        self.assertEqual((code, "beacon" in said), (0, False) if drand_bls else (1, False), said)
        bundle = json.loads(covered("twelve-entries.json"))
        alone = {key: value for key, value in bundle.items() if key not in ("seed", "outcome", "outcome_hash")}
        del alone["source"]["secret"]
        code, said = run("-", data=generator.as_bytes(alone))
        self.assertEqual((code, "the frozen list of draw" in said), (0, True), said)

    def test_a_real_size_is_a_matter_of_seconds_not_hours(self):
        entries = depth(10000, 200000)
        made = generator.whole(generator.large(random.Random(3), entries, entries // 3, 300, 2000, narrow=True))
        start = time.process_time()
        verifier.verify(generator.as_bytes(made))
        print(f"passage_verify.py: {entries} entries in {time.process_time() - start:.1f} s of CPU", file=sys.stderr)

    def test_the_file_can_be_read_in_one_sitting(self):
        with open(SCRIPT, encoding="utf-8") as file:
            lines = file.read().splitlines()
        self.assertLess(len(lines), 300)
        self.assertLessEqual(max(map(len, lines)), 120)


if __name__ == "__main__":
    unittest.main()
