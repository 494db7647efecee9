//! What a draw costs at full size, each step beside the least that the protocol asks of it: as many
//! SHA-256 blocks, as many `ChaCha20` bytes, a sort of the same keys, on as many threads. The floors are
//! measured in turn with the steps and the best of some runs counts, so the ratios can be compared
//! between machines; the times cannot.

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use passage::draw::matching::{Candidate, allot};
use passage::draw::{
    Accepts, Class, Classes, Drawn, Entry, Frozen, Half, List, Opening, Reserve, Slot, Source, Terms,
    commitment, pid, verify,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

const DRAW: [u8; 16] = [1; 16];
const SECRET: [u8; 32] = [3; 32];
const DAYS: u64 = 60;
const SITES: u8 = 2;
const WEIGHT_MAX: u8 = 8;
/// As the draw itself.
const THREADS: usize = 2;
/// Bytes under the hash of an entry's or a slot's leaf, and of a node.
const ENTRY_LEAF: usize = 60;
const SLOT_LEAF: usize = 35;
const NODE: usize = 65;

fn main() {
    println!("entries   step             time        floor    ratio   the floor");
    for (entries, runs) in [(20_000, 15), (200_000, 7)] {
        measure(&list(entries), runs);
    }
}

/// A department's queue: two sites, sixty days, one slot for ten people, availability as people give it.
fn list(count: usize) -> List {
    let monday = NaiveDate::from_ymd_opt(2027, 1, 4).expect("a day");
    let mut classes = Vec::new();
    for day in 0..DAYS {
        for site in 0..SITES {
            for half in [Half::Morning, Half::Afternoon] {
                let date = monday + Days::new(day);
                classes.push(Class { date, half, site: [site; 16] });
            }
        }
    }
    let classes = Classes::gather(classes).expect("few enough classes");
    let mut random = ChaCha20Rng::from_seed([7; 32]);
    let mut below = |limit: usize| random.next_u32() as usize % limit;
    let slots = (0..count / 10).map(|n| Slot {
        class: u16::try_from(below(classes.len())).expect("few classes"),
        start: 1_799_000_000 + i64::try_from(n).expect("few slots"),
        desk: 1,
        id: id(2, n),
        minutes: 20,
    });
    let slots = slots.collect();
    let entries = (0..count).map(|n| Entry {
        pid: pid(&DRAW, &id(3, n), &[4; 32]),
        accepts: accepts(&classes, below(7), below(4), below(8), below(240)),
        tier: 3,
        weight: 1 + u8::try_from(below(usize::from(WEIGHT_MAX))).expect("small"),
        bucket: 0,
        reserve: u8::try_from(below(12)).map_or(0, |label| if label > 2 { 0 } else { label }),
    });
    let entries = entries.collect();
    List {
        draw: DRAW,
        terms: Terms::new(serde_json::json!({}), serde_json::json!({ "version": 1 }), 5, None)
            .expect("plain terms"),
        slots,
        entries,
        reserves: [1, 2]
            .map(|label| Reserve { label, seats: u32::try_from(count / 200).expect("few") })
            .into(),
        source: Source::Commit { commitment: commitment(&DRAW, &SECRET) },
        classes,
    }
}

fn id(kind: u8, n: usize) -> [u8; 16] {
    let mut id = [kind; 16];
    id[..8].copy_from_slice(&(n as u64).to_be_bytes());
    id
}

/// What people give: a weekday, a half-day or a site left out, not before some day, and one in four is
/// away for ten days.
fn accepts(classes: &Classes, weekday: usize, part: usize, not_before: usize, away: usize) -> Accepts {
    let mut accepts = Accepts::none(classes.len());
    let first = classes.as_slice()[0].date;
    for (number, class) in (0..).zip(classes.as_slice()) {
        let day = usize::try_from((class.date - first).num_days()).expect("the first is the first");
        let refused = match part {
            1 => class.half == Half::Morning,
            2 => class.site == [1; 16],
            3 => day % 7 == weekday,
            _ => false,
        };
        if !refused && day + 15 >= not_before * 5 && !(away..away + 10).contains(&day) {
            accepts.add(number);
        }
    }
    accepts
}

fn measure(list: &List, runs: usize) {
    let entries = list.entries.len();
    let line = |step: &str, time: Duration, floor: Duration, what: &str| {
        let ratio = time.as_secs_f64() / floor.as_secs_f64();
        println!(
            "{entries:>7}   {step:<14} {:>8.2} ms {:>8.2} ms {ratio:>6.1}   {what}",
            ms(time),
            ms(floor)
        );
    };
    let frozen = list.clone().freeze().expect("a good list");
    let drawn = frozen.clone().open(Opening::Secret(SECRET)).expect("the right secret");
    let bundle = drawn.bundle_json();
    let verified = verify(bundle.as_bytes()).expect("a good bundle");

    let [freeze, hashes, open, keys, outcome, seats, verifying, parsing] =
        best_times(list, &drawn, &bundle, runs);
    line("freeze", freeze, hashes, "SHA-256 of as many leaves and nodes, a sort of the pids");
    let tickets = open.saturating_sub(outcome);
    line("tickets, order", tickets, keys, "ChaCha20 of as many bytes, a sort of the keys");
    line("outcome", outcome, seats, "one pass: to each the first free seat, nobody moved");
    let floor = parsing + hashes + keys + seats;
    line("verify", verifying, floor, "the floors above, the JSON read and forgotten");
    println!(
        "          {} types, {} classes, {} slots, {} convoked, a bundle of {:.1} MB; {}",
        frozen.types().len(),
        frozen.classes().len(),
        verified.slots,
        verified.winners,
        bytes_in_mb(bundle.len()),
        memory()
    );
}

/// Steps and floors in turn, so that whatever else the machine does falls on both.
fn best_times(list: &List, drawn: &Drawn, bundle: &str, runs: usize) -> [Duration; 8] {
    let frozen = drawn.frozen();
    let mut best = [Duration::MAX; 8];
    for _ in 0..runs {
        let inputs = (list.clone(), frozen.clone());
        let times = [
            timed(|| inputs.0.freeze()),
            timed(|| freeze_floor(list, frozen)),
            timed(|| inputs.1.open(Opening::Secret(SECRET))),
            timed(|| tickets_floor(drawn)),
            timed(|| outcome(drawn)),
            timed(|| outcome_floor(drawn)),
            timed(|| verify(bundle.as_bytes())),
            timed(|| serde_json::from_str::<serde::de::IgnoredAny>(bundle).is_ok()),
        ];
        for (best, time) in best.iter_mut().zip(times) {
            *best = time.min(*best);
        }
    }
    best
}

/// The outcome alone, through the door that the draw uses.
fn outcome(drawn: &Drawn) -> usize {
    let frozen = drawn.frozen();
    allot(frozen.types(), &seats(frozen), &candidates(drawn), frozen.reserves()).len()
}

fn seats(frozen: &Frozen) -> Vec<u32> {
    let mut seats = vec![0; frozen.classes().len()];
    for slot in frozen.slots() {
        seats[usize::from(slot.class)] += 1;
    }
    seats
}

fn candidates(drawn: &Drawn) -> Vec<Candidate> {
    let mut candidates = vec![Candidate { kind: 0, reserve: 0 }; drawn.ranks().len()];
    for (entry, rank) in drawn.frozen().entries().iter().zip(drawn.ranks()) {
        candidates[*rank as usize] = Candidate { kind: entry.kind, reserve: entry.reserve };
    }
    candidates
}

fn freeze_floor(list: &List, frozen: &Frozen) -> [u8; 32] {
    let mut pids: Vec<_> = list.entries.iter().map(|entry| (entry.pid, entry.weight)).collect();
    pids.sort_unstable();
    let (entries, slots) = (list.entries.len(), list.slots.len());
    let kind = 3 + frozen.classes().len().div_ceil(8);
    for (length, count) in
        [(ENTRY_LEAF, entries), (SLOT_LEAF, slots), (NODE, entries + slots), (kind, frozen.types().len())]
    {
        share(count, |count| hashes(length, count));
    }
    pids.first().map(|(pid, _)| Sha256::digest(pid).into()).unwrap_or_default()
}

fn hashes(length: usize, count: usize) {
    let message = vec![5; length];
    for _ in 0..count {
        black_box(Sha256::digest(black_box(&message)));
    }
}

fn tickets_floor(drawn: &Drawn) -> usize {
    let entries = drawn.frozen().entries();
    let streams = entries.iter().map(|line| line.weight).max().unwrap_or(0);
    share(entries.len(), |count| {
        let mut random = ChaCha20Rng::from_seed([6; 32]);
        let mut bytes = vec![0; 16 * 2048];
        for _ in 0..count.div_ceil(2048) * usize::from(streams) {
            random.fill_bytes(&mut bytes);
            black_box(&bytes);
        }
    });
    let key = |(number, line): (usize, &passage::draw::Line)| {
        (line.tier, line.bucket, drawn.tickets()[number], number)
    };
    let mut keys: Vec<_> = entries.iter().enumerate().map(key).collect();
    keys.sort_unstable();
    keys.len()
}

/// Whoever comes takes the first free seat of their set. It seats fewer people than the rule.
fn outcome_floor(drawn: &Drawn) -> usize {
    let frozen = drawn.frozen();
    let (mut seats, mut won) = (seats(frozen), 0);
    let mut first: Vec<u16> = vec![0; frozen.types().len()];
    let classes = u16::try_from(seats.len()).expect("few classes");
    for candidate in candidates(drawn) {
        let (from, accepts) = (&mut first[candidate.kind as usize], &frozen.types()[candidate.kind as usize]);
        while *from < classes && (seats[usize::from(*from)] == 0 || !accepts.contains(*from)) {
            *from += 1;
        }
        if *from < classes {
            seats[usize::from(*from)] -= 1;
            won += 1;
        }
    }
    won
}

/// Does `work` for a part of `count` on each thread.
fn share(count: usize, work: impl Fn(usize) + Sync) {
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| work(count.div_ceil(THREADS)));
        }
    });
}

/// What a piece of work takes, its answer kept until the clock is read.
fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let answer = black_box(work());
    let time = start.elapsed();
    drop(answer);
    time
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn bytes_in_mb(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// The most memory that the process has held so far, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(|| "peak memory unknown".to_owned(), |peak| format!("peak memory {}", peak.trim()))
}
