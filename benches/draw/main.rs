//! The cost of a draw, step by step and as a whole, each compared with its baseline, measured in turn: the
//! ratios can be compared between machines, the times cannot. The draw goes from the sorted list to the
//! hash of the outcome. The whole starts with the unsorted entries in memory, and also sorts, numbers
//! and checks the list. The floor of both is SHA-256 of the same number of blocks, `ChaCha20` of the same number
//! of bytes and one sort of the keys (on one core or on all, whichever was faster), with all cores. JSON is
//! measured separately. Twenty thousand entries, two hundred thousand and two million: three minutes on two cores.
//!
//! `-- --matching FOLDER` only writes the same matchings, with our answers and times, for `benches/peers/`.

mod floor;
mod judged;
mod peers;
mod queue;

use std::hint::black_box;
use std::time::{Duration, Instant};

use judged::judged;
use passage::draw::matching::{Admitted, Candidate};
use passage::draw::{Drawn, Frozen, List, Opening, on_threads, order, outcome_hash, tickets, verify};
use queue::{SECRET, Size, list};

const fn size(entries: usize, classes: usize, slots: usize) -> Size {
    Size { entries, classes, slots }
}

const SIZES: [Size; 6] = [
    size(20_000, 50, 15_000),
    size(200_000, 50, 150_000),
    size(2_000_000, 50, 150_000),
    size(20_000, 1_000, 15_000),
    size(200_000, 1_000, 150_000),
    size(2_000_000, 1_000, 150_000),
];

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--matching").skip(1);
    if let Some(folder) = arguments.next() {
        return peers::write(folder.as_ref()).expect("the folder can be written");
    }
    let mut last: Option<(Size, Duration)> = None;
    for size in SIZES {
        let whole = measure(size);
        if let Some((smaller, before)) = last.replace((size, whole))
            && smaller.classes == size.classes
        {
            let times = whole.as_secs_f64() / before.as_secs_f64();
            let judged = judged(times <= 12.0);
            println!(
                "{:32} {times:>6.1}   times the time for 10 times the entries: at most 12: {judged}",
                ""
            );
        }
    }
}

fn measure(size: Size) -> Duration {
    let list = list(size);
    let frozen = list.clone().freeze().expect("a good list");
    println!(
        "\n{} entries, {} classes, {} slots, {} types",
        size.entries,
        size.classes,
        size.slots,
        frozen.types().len()
    );
    let runs = (2_000_000 / size.entries).clamp(5, 15);
    let drawn = frozen.open(Opening::Secret(SECRET)).expect("the right secret");
    let (steps, [draw, all, alone]) = steps(&list, &drawn, runs);
    let floor: Duration = steps.iter().filter(|step| step.in_floor).map(|step| step.floor).sum();
    steps.iter().for_each(Step::print);
    let memory = memory_of(|| _ = on_all(list.clone()));
    let whole = |name, time, what: &str| Step { name, time, floor, what, in_floor: false }.print();
    let judged_draw = judged(ratio(draw, floor) <= 1.5);
    whole("draw", draw, &format!("hashes + keystream + one sort: at most 1.5: {judged_draw}"));
    whole("whole", all, "the same floor, which leaves out the list's own sort");
    println!("{:32} {:>6.2}   on one thread", "", ratio(alone, floor));
    println!("{:32} {memory}: under 1 GiB", "");
    documents(&drawn, floor, runs);
    all
}

/// The server's work from the entries in memory to the hash of the outcome.
fn on_all(list: List) -> Duration {
    timed(|| list.freeze().expect("a good list").open(Opening::Secret(SECRET)))
}

struct Step<'a> {
    name: &'static str,
    time: Duration,
    floor: Duration,
    what: &'a str,
    in_floor: bool,
}

impl Step<'_> {
    fn print(&self) {
        let (time, floor) = (ms(self.time), ms(self.floor));
        let ratio = ratio(self.time, self.floor);
        println!("  {:<12} {time:>9.2} ms {floor:>9.2} ms {ratio:>6.2}   {}", self.name, self.what);
    }
}

/// The steps, the draw, and the whole on all cores and on one.
fn steps(list: &List, drawn: &Drawn, runs: usize) -> (Vec<Step<'static>>, [Duration; 3]) {
    let frozen = drawn.frozen();
    let keys = floor::keys(list.entries.len());
    let (seats, candidates) = (seats(frozen), candidates(drawn));
    let choose = || Admitted::choose(frozen.types(), &seats, &candidates, frozen.reserves());
    let freeze = || {
        let list = list.clone();
        timed(|| list.freeze())
    };
    let sort = |cores| {
        let mut keys = keys.clone();
        timed(|| floor::sort(&mut keys, cores))
    };
    let [
        draw,
        all,
        alone,
        freeze,
        merkle,
        chacha,
        rank,
        chosen,
        seated,
        hash,
        sorting_together,
        sorting_alone,
        blocks,
        bytes,
        pass,
        in_a_row,
    ] = best(
        [
            &|| {
                let frozen = frozen.clone();
                timed(|| (frozen.rehash(), frozen.open(Opening::Secret(SECRET))))
            },
            &|| on_all(list.clone()),
            &|| on_threads(1, || on_all(list.clone())),
            &freeze,
            &|| timed(|| frozen.rehash()),
            &|| timed(|| tickets(drawn.seed(), frozen.entries())),
            &|| timed(|| order(frozen.entries(), drawn.tickets())),
            &|| timed(choose),
            &|| {
                let admitted = choose();
                timed(|| admitted.settle())
            },
            &|| timed(|| outcome_hash(frozen.freeze(), drawn.seed(), drawn.outcome())),
            &|| sort(floor::cores()),
            &|| sort(1),
            &|| timed(|| floor::hash(floor::freeze_blocks(frozen))),
            &|| timed(|| floor::keystream(frozen)),
            &|| timed(|| floor::first_come(frozen, drawn.order())),
            &|| timed(|| floor::hash_in_a_row(floor::outcome_blocks(drawn))),
        ],
        runs,
    );
    let sorting = sorting_together.min(sorting_alone);
    let step = |name, time, floor, what, in_floor| Step { name, time, floor, what, in_floor };
    let steps = vec![
        step("list", freeze.saturating_sub(merkle), sorting, "a sort of as many pids", false),
        step("Merkle", merkle, blocks, "SHA-256 of as many blocks", true),
        step("tickets", chacha, bytes, "ChaCha20 of as many bytes", true),
        step("order", rank, sorting, "a sort of as many keys", true),
        step("matching", chosen, pass, "one pass in which nobody moves", false),
        step("assignment", seated, pass, "the same pass", false),
        step("outcome", hash, in_a_row, "SHA-256 of as many blocks in a row", true),
    ];
    (steps, [draw, all, alone])
}

/// The public JSON: writing is compared with a general writer of the same rows; verifying with the floor of
/// the whole plus a parser that keeps nothing.
fn documents(drawn: &Drawn, floor: Duration, runs: usize) {
    let bundle = drawn.bundle_json();
    let rows = floor::rows(drawn);
    let [write, bare_write, check, bare_read] = best(
        [
            &|| timed(|| drawn.bundle_json()),
            &|| timed(|| serde_json::to_string(&rows)),
            &|| timed(|| verify(bundle.as_bytes())),
            &|| timed(|| serde_json::from_str::<serde::de::IgnoredAny>(&bundle)),
        ],
        runs.min(5),
    );
    let step = |name, time, floor, what| Step { name, time, floor, what, in_floor: false };
    step("written", write, bare_write, "serde_json of the same rows, their hex ready").print();
    step("verified", check, floor + bare_read, "the floor, the bundle read and forgotten").print();
    println!("{:32} a bundle of {} MB", "", bundle.len() / 1_000_000);
}

fn seats(frozen: &Frozen) -> Vec<u32> {
    let mut seats = vec![0; frozen.classes().len()];
    for slot in frozen.slots() {
        seats[usize::from(slot.class)] += 1;
    }
    seats
}

fn candidates(drawn: &Drawn) -> Vec<Candidate> {
    let lines = drawn.frozen().entries();
    let line = |number: &u32| lines[*number as usize];
    let order = drawn.order().iter().map(line);
    order.map(|line| Candidate { kind: line.kind, reserve: line.reserve }).collect()
}

/// The best time of each piece of work, all run in turn, so that other load on the machine affects
/// all of them.
fn best<const N: usize>(work: [&dyn Fn() -> Duration; N], runs: usize) -> [Duration; N] {
    let mut best = [Duration::MAX; N];
    for _ in 0..runs {
        for (best, work) in best.iter_mut().zip(work) {
            *best = work().min(*best);
        }
    }
    best
}

/// The time of some work; its result is dropped after the clock is read.
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

fn ratio(time: Duration, floor: Duration) -> f64 {
    time.as_secs_f64() / floor.as_secs_f64()
}

/// The peak memory of the process during some work, where the system reports it, including the inputs of
/// this bench.
fn memory_of(work: impl FnOnce()) -> String {
    let reset = std::fs::write("/proc/self/clear_refs", "5");
    work();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    match (reset, peak) {
        (Ok(()), Some(peak)) => format!("peak memory {}", peak.trim()),
        _ => "peak memory unknown".to_owned(),
    }
}
