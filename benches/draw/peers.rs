//! The matchings that `benches/peers/` does again with other programs: per type how many people, per
//! class how many seats, and what ours answered, in how long.

use std::path::Path;
use std::time::Duration;

use passage::draw::Opening;
use passage::draw::matching::{Admitted, allot};
use serde_json::json;

use super::queue::{SECRET, Size, list};
use super::{best, candidates, seats, size, timed};

/// The last is small enough for a bipartite matching that knows every seat by itself.
const SIZES: [Size; 5] = [
    size(200_000, 50, 150_000),
    size(200_000, 1_000, 150_000),
    size(2_000_000, 50, 150_000),
    size(2_000_000, 1_000, 150_000),
    size(4_000, 50, 3_000),
];

pub fn write(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for size in SIZES {
        let frozen = list(size).freeze().expect("a good list");
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
        let name = format!("matching-{}-{}.json", size.entries, size.classes);
        std::fs::write(folder.join(name), matching.to_string())?;
    }
    Ok(())
}
