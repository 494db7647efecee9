//! The outcome compared with its definition: every small draw is also computed by trying seatings, word
//! for word as the protocol defines it, without the fast algorithm.

use passage::draw::Accepts;
use passage::draw::Reserve;
use passage::draw::matching::{Candidate, allot};
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// How many draws a test makes: few on every change, fifty times as many in `make soak`.
fn rounds(light: u32) -> u32 {
    if std::env::var("PASSAGE_DEPTH").is_ok_and(|depth| depth == "soak") { light * 50 } else { light }
}

#[derive(Debug, Clone)]
struct Case {
    types: Vec<Accepts>,
    seats: Vec<u32>,
    candidates: Vec<Candidate>,
    reserves: Vec<Reserve>,
}

/// Whether these entries can all sit at once, by moving one at a time along alternating paths.
fn placeable(case: &Case, seats: &[u32], set: &[usize]) -> bool {
    let mut taken: Vec<Vec<usize>> = vec![Vec::new(); seats.len()];
    set.iter().all(|entry| {
        let mut tried = vec![false; seats.len()];
        sit(case, seats, &mut taken, &mut tried, *entry)
    })
}

fn sit(case: &Case, seats: &[u32], taken: &mut [Vec<usize>], tried: &mut [bool], entry: usize) -> bool {
    for class in 0..seats.len() {
        if !accepts(case, entry, class) || std::mem::replace(&mut tried[class], true) {
            continue;
        }
        if taken[class].len() < seats[class] as usize {
            taken[class].push(entry);
            return true;
        }
        for at in 0..taken[class].len() {
            if sit(case, seats, taken, tried, taken[class][at]) {
                taken[class][at] = entry;
                return true;
            }
        }
    }
    false
}

fn accepts(case: &Case, entry: usize, class: usize) -> bool {
    let kind = case.candidates[entry].kind as usize;
    case.types[kind].contains(u16::try_from(class).unwrap())
}

/// Placeability by trying every seat for everybody, for the smallest cases.
fn placeable_by_exhaustion(case: &Case, seats: &[u32], set: &[usize]) -> bool {
    let Some((entry, rest)) = set.split_first() else {
        return true;
    };
    (0..seats.len()).any(|class| {
        let mut left = seats.to_vec();
        accepts(case, *entry, class) && left[class] > 0 && {
            left[class] -= 1;
            placeable_by_exhaustion(case, &left, rest)
        }
    })
}

type Placeable = fn(&Case, &[u32], &[usize]) -> bool;

fn by_definition(case: &Case, placeable: Placeable) -> Vec<(usize, u16)> {
    let mut admitted: Vec<usize> = Vec::new();
    let try_one = |admitted: &mut Vec<usize>, entry: usize| {
        admitted.push(entry);
        let stays = placeable(case, &case.seats, admitted);
        if !stays {
            admitted.pop();
        }
        stays
    };
    for reserve in &case.reserves {
        let mut walk = 0;
        for entry in 0..case.candidates.len() {
            if walk < reserve.seats && case.candidates[entry].reserve == reserve.label {
                walk += u32::from(try_one(&mut admitted, entry));
            }
        }
    }
    for entry in 0..case.candidates.len() {
        if !admitted.contains(&entry) {
            try_one(&mut admitted, entry);
        }
    }
    admitted.sort_unstable();
    let mut seats = case.seats.clone();
    let mut outcome = Vec::new();
    for (at, entry) in admitted.iter().enumerate() {
        let class = (0..seats.len()).find(|class| {
            let mut left = seats.clone();
            accepts(case, *entry, *class) && left[*class] > 0 && {
                left[*class] -= 1;
                placeable(case, &left, &admitted[at + 1..])
            }
        });
        let class = class.expect("every winner has a class");
        seats[class] -= 1;
        outcome.push((*entry, u16::try_from(class).unwrap()));
    }
    outcome
}

fn allotted(case: &Case) -> Vec<(usize, u16)> {
    allot(&case.types, &case.seats, &case.candidates, &case.reserves)
}

/// A random draw. `width` is how many classes in a thousand a type accepts.
fn random_case(rng: &mut ChaCha20Rng, max_classes: u32, max_entries: u32) -> Case {
    let mut below = |bound: u32| rng.next_u32() % bound;
    let classes = below(max_classes + 1) as usize;
    let width = [50, 150, 300, 600, 950][below(5) as usize];
    let most_seats = 1 + below(4);
    let local = below(3) == 0;
    let mut types = Vec::new();
    for _ in 0..=below(max_entries) {
        let mut kind = Accepts::none(classes);
        let centre = below(max_classes.max(1)) as usize;
        for class in 0..classes {
            let near = !local || class.abs_diff(centre) < 3;
            if near && below(1000) < width {
                kind.add(u16::try_from(class).unwrap());
            }
        }
        types.push(kind);
    }
    let mut reserves = Vec::new();
    for label in [3, 1, 2] {
        if below(2) == 0 {
            reserves.push(Reserve { label, seats: below(6) });
        }
    }
    let kinds = u32::try_from(types.len()).unwrap();
    let candidates = (0..below(max_entries + 1))
        .map(|_| Candidate {
            kind: below(kinds),
            reserve: match reserves.get(below(6) as usize) {
                Some(reserve) => reserve.label,
                None => 0,
            },
        })
        .collect();
    let seats = (0..classes).map(|_| below(most_seats + 1)).collect();
    Case { types, seats, candidates, reserves }
}

#[test]
fn twenty_thousand_small_draws_follow_the_definition() {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    for _ in 0..rounds(20_000) {
        let case = random_case(&mut rng, 7, 14);
        assert_eq!(allotted(&case), by_definition(&case, placeable), "{case:?}");
    }
}

#[test]
fn tiny_draws_follow_the_definition_tried_exhaustively() {
    let mut rng = ChaCha20Rng::from_seed([2; 32]);
    for _ in 0..rounds(20_000) {
        let case = random_case(&mut rng, 4, 6);
        assert_eq!(allotted(&case), by_definition(&case, placeable_by_exhaustion), "{case:?}");
    }
}

#[test]
fn draws_of_more_classes_than_one_word_follow_the_definition() {
    let mut rng = ChaCha20Rng::from_seed([3; 32]);
    for _ in 0..rounds(60) {
        let case = random_case(&mut rng, 150, 250);
        assert_eq!(allotted(&case), by_definition(&case, placeable), "{case:?}");
    }
}

#[test]
fn a_draw_seats_as_many_people_as_can_be_seated() {
    let mut rng = ChaCha20Rng::from_seed([4; 32]);
    for _ in 0..rounds(2_000) {
        let case = random_case(&mut rng, 9, 30);
        let mut taken: Vec<Vec<usize>> = vec![Vec::new(); case.seats.len()];
        let largest = (0..case.candidates.len())
            .filter(|entry| {
                let mut tried = vec![false; case.seats.len()];
                sit(&case, &case.seats, &mut taken, &mut tried, *entry)
            })
            .count();
        assert_eq!(allotted(&case).len(), largest, "{case:?}");
    }
}

/// Whether anybody left out could still be seated while all winners keep a seat. By Berge's lemma this is
/// impossible if no augmenting path leads from a class they accept, through classes that the winners on the
/// path accept, to an empty seat. One pass over the outcome, independent of the algorithm that found it.
fn somebody_more_could_sit(case: &Case, outcome: &[(usize, u16)]) -> bool {
    let classes = case.seats.len();
    let mut left = case.seats.clone();
    let mut leads = vec![vec![false; classes]; classes];
    let mut out = vec![true; case.candidates.len()];
    let mut reached = vec![false; classes];
    let accept = |entry: usize, into: &mut Vec<bool>| {
        for (class, into) in into.iter_mut().enumerate().filter(|(_, into)| !**into) {
            *into = accepts(case, entry, class);
        }
    };
    for (entry, class) in outcome {
        left[usize::from(*class)] -= 1;
        out[*entry] = false;
        accept(*entry, &mut leads[usize::from(*class)]);
    }
    for entry in (0..out.len()).filter(|entry| out[*entry]) {
        accept(entry, &mut reached);
    }
    let mut queue: Vec<usize> = (0..classes).filter(|class| reached[*class]).collect();
    while let Some(from) = queue.pop() {
        for to in 0..classes {
            if leads[from][to] && !std::mem::replace(&mut reached[to], true) {
                queue.push(to);
            }
        }
    }
    (0..classes).any(|class| reached[class] && left[class] > 0)
}

#[test]
fn nobody_more_could_sit_in_a_large_draw() {
    let mut rng = ChaCha20Rng::from_seed([5; 32]);
    for (classes, entries, seats) in [(50, rounds(4_000), 3_000), (1_000, rounds(4_000), 3_500)] {
        let mut below = |bound: usize| rng.next_u32() as usize % bound;
        let mut case = Case {
            types: vec![Accepts::none(classes); 300],
            seats: vec![0; classes],
            candidates: Vec::new(),
            reserves: vec![Reserve { label: 1, seats: 100 }],
        };
        for kind in &mut case.types {
            let (first, length) = (below(classes), 1 + below(classes / 4));
            for class in first..classes.min(first + length) {
                kind.add(u16::try_from(class).unwrap());
            }
        }
        for _ in 0..rounds(seats) {
            case.seats[below(classes)] += 1;
        }
        for _ in 0..entries {
            let (kind, reserve) = (u32::try_from(below(300)).unwrap(), u8::from(below(10) == 0));
            case.candidates.push(Candidate { kind, reserve });
        }
        let mut outcome = allotted(&case);
        assert!(!somebody_more_could_sit(&case, &outcome));
        outcome.pop();
        assert!(somebody_more_could_sit(&case, &outcome), "the trial can fail");
    }
}

proptest! {
    #[test]
    fn without_reserves_nobody_wins_by_hiding_an_availability(seed: [u8; 32], pick: u32, hidden: u16) {
        let mut rng = ChaCha20Rng::from_seed(seed);
        let mut case = random_case(&mut rng, 6, 12);
        prop_assume!(!case.candidates.is_empty());
        case.reserves.clear();
        let liar = pick as usize % case.candidates.len();
        let truth = allotted(&case).iter().any(|(at, _)| *at == liar);
        let honest = &case.types[case.candidates[liar].kind as usize];
        let mut narrower = Accepts::none(case.seats.len());
        for class in 0..u16::try_from(case.seats.len()).unwrap() {
            if honest.contains(class) && hidden >> class & 1 == 0 {
                narrower.add(class);
            }
        }
        case.candidates[liar].kind = u32::try_from(case.types.len()).unwrap();
        case.types.push(narrower);
        let lie = allotted(&case).iter().any(|(at, _)| *at == liar);
        prop_assert!(truth || !lie);
    }
}
