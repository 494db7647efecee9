//! The order in which entries are served: (tier, bucket, ticket, pid), smallest first.

use super::freeze::Line;
use super::seed::Ticket;

/// Entry numbers in key order. Entries are numbered in pid order, so the number settles a tie of
/// tickets exactly as the pid would.
pub(super) fn order(lines: &[Line], tickets: &[Ticket]) -> Vec<u32> {
    let mut keys: Vec<(u8, u32, Ticket, u32)> = (0..)
        .zip(lines.iter().zip(tickets))
        .map(|(number, (line, ticket))| (line.tier, line.bucket, *ticket, number))
        .collect();
    keys.sort_unstable();
    keys.into_iter().map(|(.., number)| number).collect()
}

/// The place of each entry in the order, from 0.
pub(super) fn ranks(order: &[u32]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    for (rank, number) in (0..).zip(order) {
        ranks[*number as usize] = rank;
    }
    ranks
}
