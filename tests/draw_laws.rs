//! The statistics of a draw, with fixed seeds: every order is equally likely, weights are exact, and
//! nobody has better chances because of their position in the list. On small draws, by exhaustive search:
//! lying about one's availability never pays.

use passage::draw::matching::{Candidate, allot};
use passage::draw::{
    Accepts, Class, Classes, Half, Line, List, Opening, Reserve, Slot, Source, Terms, commitment, pid,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

fn depth(light: u32, soak: u32) -> u32 {
    if std::env::var("PASSAGE_DEPTH").is_ok_and(|depth| depth == "soak") { soak } else { light }
}

/// People of these weights, and one seat that they all accept.
fn queue(weights: &[u8]) -> List {
    let draw = [7; 16];
    let date = chrono::NaiveDate::from_ymd_opt(2027, 1, 4).unwrap();
    let classes = Classes::gather([Class { date, half: Half::Morning, site: [1; 16] }]).unwrap();
    let mut accepts = Accepts::none(1);
    accepts.add(0);
    let entries = (1..).zip(weights).map(|(n, weight)| Line {
        pid: pid(&draw, &[n; 16], &[n; 32]),
        kind: 0,
        tier: 3,
        weight: *weight,
        bucket: 0,
        reserve: 0,
    });
    List {
        draw,
        terms: Terms::new(serde_json::json!({}), serde_json::json!({ "version": 1 }), 5, None).unwrap(),
        slots: vec![Slot { class: 0, start: 1_799_051_400, desk: 1, id: [2; 16], minutes: 20 }],
        types: vec![accepts],
        entries: entries.collect(),
        reserves: vec![],
        source: Source::Commit { commitment: [0; 32] },
        classes,
    }
}

/// The order of one draw as a number from 0, below the factorial of how many they are.
fn order_of(list: &List, secret: [u8; 32]) -> usize {
    let source = Source::Commit { commitment: commitment(&list.draw, &secret) };
    let drawn = List { source, ..list.clone() }.freeze().unwrap().open(Opening::Secret(secret)).unwrap();
    let ranks = drawn.ranks();
    let smaller_after = |at: usize| ranks[at..].iter().filter(|rank| **rank < ranks[at]).count();
    (0..ranks.len()).fold(0, |number, at| number * (ranks.len() - at) + smaller_after(at))
}

/// How often each order came out.
fn orders(list: &List, draws: u32, seed: u8) -> Vec<u32> {
    let orders = (1..=list.entries.len()).product();
    let lanes = std::thread::available_parallelism().map_or(1, |lanes| u32::try_from(lanes.get()).unwrap());
    let lane = |lane: u32| {
        let mut counts = vec![0; orders];
        for n in (lane..draws).step_by(lanes as usize) {
            let mut secret = [seed; 32];
            secret[..4].copy_from_slice(&n.to_be_bytes());
            counts[order_of(list, secret)] += 1;
        }
        counts
    };
    std::thread::scope(|scope| {
        let lane = &lane;
        let running: Vec<_> = (0..lanes).map(|at| scope.spawn(move || lane(at))).collect();
        let mut all = vec![0; orders];
        for counts in running {
            all.iter_mut()
                .zip(counts.join().unwrap())
                .for_each(|(all, count): (&mut u32, u32)| *all += count);
        }
        all
    })
}

fn chi_squared(counts: &[u32], expected: impl Fn(usize) -> f64) -> f64 {
    let term = |(at, count): (usize, &u32)| (f64::from(*count) - expected(at)).powi(2) / expected(at);
    counts.iter().enumerate().map(term).sum()
}

#[test]
fn every_order_of_six_people_is_equally_likely() {
    let draws = depth(36_000, 7_200_000);
    let counts = orders(&queue(&[1; 6]), draws, 11);
    let score = chi_squared(&counts, |_| f64::from(draws) / 720.0);
    // 719 degrees of freedom; by chance, each bound is exceeded once in a million.
    assert!((552.9..913.9).contains(&score), "{score}");
}

/// The chance of each order of these weights: each next one is drawn among those left, by weight.
fn exact_law(weights: &[u8], order: usize) -> f64 {
    let people = weights.len();
    let mut digits = Vec::new();
    let mut number = order;
    for base in 1..=people {
        digits.push(number % base);
        number /= base;
    }
    digits.reverse();
    // Digit k says how many of those after person k come before them: the ranks follow, starting from the last.
    let mut in_order: Vec<usize> = Vec::new();
    for person in (0..people).rev() {
        in_order.insert(digits[person], person);
    }
    let mut left: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
    in_order.iter().fold(1.0, |chance, person| {
        let weight = f64::from(weights[*person]);
        let next = chance * weight / left;
        left -= weight;
        next
    })
}

#[test]
fn weights_follow_their_exact_law() {
    let weights = [1, 2, 5, 32];
    let list = queue(&weights);
    // The list is in pid order, so the weights must be too.
    let mut by_pid: Vec<_> = list.entries.iter().map(|entry| (entry.pid, entry.weight)).collect();
    by_pid.sort_unstable();
    let weights: Vec<u8> = by_pid.iter().map(|(_, weight)| *weight).collect();
    assert!(((0..24).map(|order| exact_law(&weights, order)).sum::<f64>() - 1.0).abs() < 1e-12);
    let draws = depth(40_000, 4_000_000);
    let counts = orders(&list, draws, 12);
    let score = chi_squared(&counts, |order| f64::from(draws) * exact_law(&weights, order));
    // 23 degrees of freedom.
    assert!((3.53..70.55).contains(&score), "{score}");
    // The same counts are not accepted as equal chances: so the test can fail.
    assert!(chi_squared(&counts, |_| f64::from(draws) / 24.0) > 1_000.0);
}

/// A small draw for which everything can be tried: types are what each person accepts, one each.
struct Small {
    seats: Vec<u32>,
    honest: Vec<u16>,
    labels: Vec<u8>,
    reserves: Vec<Reserve>,
}

impl Small {
    fn random(rng: &mut ChaCha20Rng, with_reserves: bool) -> Self {
        let mut below = |bound: u32| rng.next_u32() % bound;
        let classes = 1 + below(3);
        let people = 2 + below(4);
        let reserves = if with_reserves { vec![Reserve { label: 1, seats: 1 + below(2) }] } else { vec![] };
        Self {
            seats: (0..classes).map(|_| below(3)).collect(),
            honest: (0..people).map(|_| u16::try_from(below(1 << classes)).unwrap()).collect(),
            labels: (0..people).map(|_| u8::from(with_reserves && below(2) == 0)).collect(),
            reserves,
        }
    }

    /// The class that each person gets when they state this availability.
    fn outcome(&self, said: &[u16], labels: &[u8]) -> Vec<Option<u16>> {
        let accepts = |said: &u16| {
            let mut accepts = Accepts::none(self.seats.len());
            (0..u16::try_from(self.seats.len()).unwrap())
                .filter(|class| said >> class & 1 == 1)
                .for_each(|class| accepts.add(class));
            accepts
        };
        let types: Vec<Accepts> = said.iter().map(accepts).collect();
        let candidate = |(kind, label): (u32, &u8)| Candidate { kind, reserve: *label };
        let candidates: Vec<Candidate> = (0..).zip(labels).map(candidate).collect();
        let mut won = vec![None; said.len()];
        for (at, class) in allot(&types, &self.seats, &candidates, &self.reserves) {
            won[at] = Some(class);
        }
        won
    }
}

/// Whether somebody can gain a seat that suits them by stating anything but the truth.
fn a_lie_pays(small: &Small) -> bool {
    let truth = small.outcome(&small.honest, &small.labels);
    (0..small.honest.len()).filter(|liar| truth[*liar].is_none()).any(|liar| {
        (0..1_u16 << small.seats.len()).any(|lie| {
            let mut said = small.honest.clone();
            said[liar] = lie;
            let won = small.outcome(&said, &small.labels)[liar];
            won.is_some_and(|class| small.honest[liar] >> class & 1 == 1)
        })
    })
}

#[test]
fn no_lie_about_ones_availability_gains_a_seat() {
    let mut rng = ChaCha20Rng::from_seed([21; 32]);
    for _ in 0..depth(4_000, 200_000) {
        let small = Small::random(&mut rng, false);
        assert!(!a_lie_pays(&small), "{:?} {:?}", small.seats, small.honest);
    }
}

#[test]
fn hiding_ones_reserve_never_helps() {
    let mut rng = ChaCha20Rng::from_seed([22; 32]);
    let mut helped = 0;
    for _ in 0..depth(8_000, 400_000) {
        let small = Small::random(&mut rng, true);
        let truth = small.outcome(&small.honest, &small.labels);
        for person in (0..small.honest.len()).filter(|person| small.labels[*person] == 1) {
            let mut hidden = small.labels.clone();
            hidden[person] = 0;
            let without = small.outcome(&small.honest, &hidden)[person];
            assert!(truth[person].is_some() || without.is_none(), "{:?} {:?}", small.seats, small.honest);
            helped += u32::from(truth[person].is_some() && without.is_none());
        }
    }
    // If the reserve helped nobody, the test would prove nothing.
    assert!(helped > 0);
}
