//! Work on two threads, in chunks whose results come back in order: the number of threads can
//! change the time a draw takes and never a byte of it.

use std::ops::Range;

/// Two halves is what a prefecture's small server has; more would gain little on a draw of a second.
pub(super) const THREADS: usize = 2;

/// Runs `work` over the ranges that cut `0..count` every `chunk`, on at most `threads` threads, and
/// joins what it returns in the order of the ranges.
pub(super) fn in_chunks<T: Send>(
    count: usize,
    chunk: usize,
    threads: usize,
    work: impl Fn(Range<usize>) -> Vec<T> + Sync,
) -> Vec<T> {
    let chunks = count.div_ceil(chunk);
    let share = chunks.div_ceil(threads.max(1)).max(1);
    let run = |first: usize| -> Vec<T> {
        (first..chunks.min(first + share))
            .flat_map(|at| work(at * chunk..count.min((at + 1) * chunk)))
            .collect()
    };
    if chunks <= share {
        return run(0);
    }
    std::thread::scope(|scope| {
        let run = &run;
        let others: Vec<_> =
            (share..chunks).step_by(share).map(|first| scope.spawn(move || run(first))).collect();
        let mut all = run(0);
        for other in others {
            match other.join() {
                Ok(part) => all.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::in_chunks;

    #[test]
    fn results_come_back_in_order_on_any_number_of_threads() {
        for count in [0, 1, 9, 10, 11, 95] {
            for threads in [1, 2, 3, 7] {
                let all = in_chunks(count, 10, threads, Iterator::collect::<Vec<_>>);
                assert_eq!(all, (0..count).collect::<Vec<_>>());
            }
        }
    }
}
