//! The matchings that `benches/peers/` repeats with other programs: the number of people per type, the
//! number of seats per class, and our result and time.

use std::path::Path;
use std::time::Duration;

use passage::draw::matching::{Admitted, allot};
use passage::draw::{Accepts, List, Opening};
use serde_json::json;

use super::queue::{SECRET, Size, list};
use super::{best, candidates, seats, size, timed};

/// How many classes in a row each type accepts, where availability is narrow: so narrow that neither
/// all seats nor all people find a partner, which is the harder question.
const NARROW: u16 = 8;

/// The last is small enough for a bipartite matching with one node per seat.
const CASES: [(&str, Size); 6] = [
    ("wide", size(200_000, 50, 150_000)),
    ("wide", size(200_000, 1_000, 150_000)),
    ("narrow", size(200_000, 1_000, 150_000)),
    ("wide", size(2_000_000, 50, 150_000)),
    ("wide", size(2_000_000, 1_000, 150_000)),
    ("wide", size(4_000, 50, 3_000)),
];

pub fn write(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (breadth, size) in CASES {
        let mut list = list(size);
        if breadth == "narrow" {
            narrow(&mut list);
        }
        let frozen = list.freeze().expect("a good list");
        let drawn = frozen.open(Opening::Secret(SECRET)).expect("the right secret");
        let (types, reserves) = (drawn.frozen().types(), drawn.frozen().reserves());
        let (seats, candidates) = (seats(drawn.frozen()), candidates(&drawn));
        let [choosing, whole] = best(
            [&|| timed(|| Admitted::choose(types, &seats, &candidates, reserves)), &|| {
                timed(|| allot(types, &seats, &candidates, reserves))
            }],
            5,
        );
        let mut people = vec![0; types.len()];
        for candidate in &candidates {
            people[candidate.kind as usize] += 1;
        }
        let seconds = |time: Duration| time.as_secs_f64();
        let matching = json!({
            "availability": breadth,
            "entries": size.entries,
            "classes": size.classes,
            "slots": size.slots,
            "types": types.iter().map(|kind| hex::encode(kind.as_bytes())).collect::<Vec<_>>(),
            "people": people,
            "seats": seats,
            "seated": drawn.outcome().len(),
            "matching_s": seconds(choosing),
            "with_assignment_s": seconds(whole),
        });
        let name = format!("matching-{}-{}-{breadth}.json", size.entries, size.classes);
        std::fs::write(folder.join(name), matching.to_string())?;
    }
    Ok(())
}

/// Gives each type a few classes in a row, which crowd on the squares.
fn narrow(list: &mut List) {
    let classes = list.classes.len();
    for (kind, accepts) in list.types.iter_mut().enumerate() {
        *accepts = Accepts::none(classes);
        let first = u16::try_from(kind * kind % classes).expect("few classes");
        for class in (first..first + NARROW).filter(|class| usize::from(*class) < classes) {
            accepts.add(class);
        }
    }
}
