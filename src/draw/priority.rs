//! The order in which entries are served: (tier, bucket, ticket, pid), smallest first.

use super::list::Line;
use super::seed::Ticket;
use super::threads::{each, sort};

const CHUNK: usize = 1 << 13;

/// Entry numbers in key order. Entries are numbered in pid order, so the number breaks a tie of
/// tickets exactly as the pid would.
pub fn order(lines: &[Line], tickets: &[Ticket]) -> Vec<u32> {
    let mut keys = each(lines.len(), CHUNK, |number| compact(number, &lines[number], &tickets[number]));
    sort(&mut keys, |key| *key);
    for tied in keys.chunk_by_mut(|a, b| a >> 32 == b >> 32).filter(|tied| tied.len() > 1) {
        tied.sort_unstable_by_key(|key| (tickets[number(*key) as usize], *key));
    }
    each(keys.len(), CHUNK, |rank| number(keys[rank]))
}

/// A key in sixteen bytes, so that millions sort fast: tier, bucket, the first seven bytes of the
/// ticket, and the number, with which keys that are equal so far are compared in full.
fn compact(number: usize, line: &Line, ticket: &Ticket) -> u128 {
    let beginning = u128::from_be_bytes(*ticket) >> 72;
    u128::from(line.tier) << 120 | u128::from(line.bucket) << 88 | beginning << 32 | number as u128
}

#[expect(clippy::cast_possible_truncation, reason = "the last four bytes of a key are the number")]
fn number(key: u128) -> u32 {
    key as u32
}

/// The place of each entry in the order, from 0.
pub(super) fn ranks(order: &[u32]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    for (rank, number) in (0..).zip(order) {
        ranks[*number as usize] = rank;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::on_threads;

    /// Few different tiers, buckets and ticket prefixes, so that ties of every kind occur.
    fn lists(count: u32) -> (Vec<Line>, Vec<Ticket>) {
        let scatter = |n: u32| n.wrapping_mul(0x9e37_79b9) >> 7;
        let line = |n: u32| Line {
            pid: u128::from(n).to_be_bytes(),
            kind: 0,
            tier: u8::try_from(scatter(n) % 3).unwrap(),
            weight: 1,
            bucket: scatter(n + 1) % 3,
            reserve: 0,
        };
        let ticket = |n: u32| {
            let mut ticket = [0; 16];
            ticket[6] = u8::try_from(scatter(n + 2) % 200).unwrap();
            ticket[7] = u8::try_from(scatter(n + 3) % 3).unwrap();
            ticket[15] = u8::try_from(scatter(n + 4) % 3).unwrap();
            ticket
        };
        ((0..count).map(line).collect(), (0..count).map(ticket).collect())
    }

    #[test]
    fn entries_are_served_by_tier_bucket_ticket_and_pid() {
        let (lines, tickets) = lists(40_000);
        let mut wanted: Vec<u32> = (0..40_000).collect();
        wanted.sort_by_key(|number| {
            let line = &lines[*number as usize];
            (line.tier, line.bucket, tickets[*number as usize], line.pid)
        });
        for threads in [1, 2, 5] {
            assert!(on_threads(threads, || order(&lines, &tickets)) == wanted, "{threads} threads");
        }
    }
}
