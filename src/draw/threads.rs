//! Parallel work on all cores. The number of cores is the only thing that the draw reads from its
//! environment. It can change the time that a draw takes but never a byte of the result, because work is
//! split by position and each chunk writes its own part.

use std::cell::Cell;
use std::sync::{LazyLock, Mutex, PoisonError};

static CORES: LazyLock<usize> =
    LazyLock::new(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));

thread_local! {
    static ALLOWED: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Fewer items than this are sorted on the current thread: starting a thread costs as much.
const SMALL_SORT: usize = 1 << 12;

/// Runs `work` with at most this many threads for draws, freezes and verification, instead of one per
/// core.
///
/// ```
/// use passage::draw::{on_threads, verify};
/// assert_eq!(on_threads(1, || verify(b"{}")), verify(b"{}"));
/// ```
pub fn on_threads<T>(threads: usize, work: impl FnOnce() -> T) -> T {
    struct Restore(Option<usize>);
    impl Drop for Restore {
        fn drop(&mut self) {
            ALLOWED.set(self.0);
        }
    }
    let _restore = Restore(ALLOWED.replace(Some(threads.max(1))));
    work()
}

fn threads() -> usize {
    ALLOWED.get().unwrap_or_else(|| *CORES)
}

/// Splits `items` into chunks and passes each one to `work` with the position of its first item.
pub(super) fn each_chunk<T: Send>(items: &mut [T], chunk: usize, work: impl Fn(usize, &mut [T]) + Sync) {
    let helpers = items.len().div_ceil(chunk).saturating_sub(1);
    let helpers = if helpers == 0 { 0 } else { helpers.min(threads() - 1) };
    let pieces = Mutex::new(items.chunks_mut(chunk).enumerate());
    let next = || pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
    let run = || {
        while let Some((number, piece)) = next() {
            work(number * chunk, piece);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(run);
        }
        run();
    });
}

/// Makes `count` values, each from its position.
pub(super) fn each<T: Clone + Default + Send>(
    count: usize,
    chunk: usize,
    make: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let mut all = vec![T::default(); count];
    each_chunk(&mut all, chunk, |first, piece| {
        for (at, item) in (first..).zip(piece) {
            *item = make(at);
        }
    });
    all
}

/// Sorts by a unique key: partitions into two halves first, then sorts them in parallel.
pub(super) fn sort<T: Send, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K + Copy + Send + Sync) {
    let threads = if items.len() < SMALL_SORT { 1 } else { threads() };
    sort_on(items, key, threads);
}

fn sort_on<T: Send, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K + Copy + Send + Sync, threads: usize) {
    if threads < 2 || items.len() < SMALL_SORT {
        return items.sort_unstable_by_key(key);
    }
    let below = threads / 2;
    let middle = items.len() / threads * below;
    let (left, _, right) = items.select_nth_unstable_by_key(middle, key);
    std::thread::scope(|scope| {
        scope.spawn(|| sort_on(left, key, below));
        sort_on(right, key, threads - below);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_made_from_its_position_on_any_number_of_threads() {
        for count in [0, 1, 9, 10, 11, 95] {
            for threads in [1, 2, 3, 7] {
                let all = on_threads(threads, || each(count, 10, |at| at));
                assert_eq!(all, (0..count).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_list_is_sorted_alike_on_any_number_of_threads() {
        let scattered: Vec<u64> = (0..100_000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let mut wanted = scattered.clone();
        wanted.sort_unstable();
        for threads in [1, 2, 3, 7] {
            let mut items = scattered.clone();
            on_threads(threads, || sort(&mut items, |item| *item));
            assert!(items == wanted, "{threads} threads");
        }
    }

    #[test]
    fn the_limit_ends_with_its_work() {
        on_threads(3, || {
            on_threads(0, || assert_eq!(threads(), 1));
            assert_eq!(threads(), 3);
        });
        assert_eq!(threads(), *CORES);
    }
}
