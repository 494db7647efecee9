//! Counts that are published must single nobody out: small ones are joined with their neighbours, or
//! left unsaid.

/// Fewer people than this could be recognised.
pub const FEWEST: u64 = 5;

/// Whether a count could single somebody out.
pub const fn is_small(count: u64) -> bool {
    count > 0 && count < FEWEST
}

/// Joins neighbouring counts until none is small; answers (first, last, count) of each that is left.
/// Nothing is left when all of them together are too few.
///
/// ```
/// use passage::domain::small_counts::join;
/// assert_eq!(join(&[0, 9, 2, 0, 4, 3]), [(0, 0, 0), (1, 1, 9), (2, 5, 9)]);
/// assert_eq!(join(&[8, 1]), [(0, 1, 9)]);
/// assert!(join(&[1, 3]).is_empty());
/// ```
pub fn join(counts: &[u64]) -> Vec<(usize, usize, u64)> {
    let mut joined: Vec<(usize, usize, u64)> = Vec::new();
    let mut open: Option<(usize, u64)> = None;
    for (at, count) in counts.iter().enumerate() {
        let (first, sum) = open.map_or((at, *count), |(first, sum)| (first, sum + count));
        open = is_small(sum).then_some((first, sum));
        if open.is_none() {
            joined.push((first, at, sum));
        }
    }
    // What is left over joins those before it, back to the nearest that hold somebody.
    if let Some((first, rest)) = open {
        let (mut from, mut sum) = (first, rest);
        while is_small(sum) {
            let Some((before, _, count)) = joined.pop() else { return Vec::new() };
            (from, sum) = (before, sum + count);
        }
        joined.push((from, counts.len() - 1, sum));
    }
    joined
}
