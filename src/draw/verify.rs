//! Verifies a whole bundle from its bytes alone, as anyone can.

use super::bundle::{Read, unopened};
use super::fault::{Fault, same};
use super::hash::{Hash, Id};
use super::list::Source;
use super::outcome::Drawn;

/// A summary of a valid bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Draw id.
    pub draw: Id,
    /// The freeze hash, to compare with the one witnesses saw before the randomness was out: a
    /// bundle alone cannot show which came first.
    pub freeze: Hash,
    /// The randomness. A commitment requires trust in the operator: say so.
    pub source: Source,
    /// How many entries were listed.
    pub entries: usize,
    /// How many slots there were to give.
    pub slots: usize,
    /// How many won.
    pub winners: usize,
}

/// Checks that the outcome of a bundle follows from its list and its randomness.
///
/// Errors with the first fault, in words.
///
/// ```
/// let fault = passage::draw::verify(br#"{"protocol":"another/1"}"#).unwrap_err();
/// assert_eq!(fault.to_string(), r#"protocol: must be "passage-draw/1", not "another/1""#);
/// ```
pub fn verify(bundle_json: &[u8]) -> Result<Verified, Fault> {
    let drawn = recompute(bundle_json)?;
    let frozen = drawn.frozen();
    Ok(Verified {
        draw: *frozen.draw(),
        freeze: *frozen.freeze(),
        source: *frozen.source(),
        entries: frozen.entries().len(),
        slots: frozen.slots().len(),
        winners: drawn.outcome().len(),
    })
}

/// Like [`verify`], and returns the draw itself.
///
/// Errors with the first fault.
pub fn recompute(bundle_json: &[u8]) -> Result<Drawn, Fault> {
    let mut read = Read::from_json(bundle_json)?;
    let stated = read.stated()?;
    let opening = read.opening.ok_or_else(|| unopened(read.frozen.source()))?;
    let drawn = read.frozen.open(opening)?;
    same("seed", &stated.seed, drawn.seed())?;
    same_outcome(&stated.outcome, drawn.outcome())?;
    same("outcome_hash", &stated.outcome_hash, drawn.outcome_hash())?;
    Ok(drawn)
}

fn same_outcome(stated: &[(u32, u32)], computed: &[(u32, u32)]) -> Result<(), Fault> {
    if stated == computed {
        return Ok(());
    }
    let differs = |at: &usize| stated.get(*at) != computed.get(*at);
    let longer = stated.len().max(computed.len());
    let at = (0..longer).find(differs).expect("two unequal lists differ somewhere");
    let words = |pair: Option<&(u32, u32)>| match pair {
        Some((entry, slot)) => format!("entry {entry} gets slot {slot}"),
        None => "nobody else wins".to_owned(),
    };
    Err(Fault::Differs {
        what: format!("outcome[{at}]"),
        stated: words(stated.get(at)),
        computed: words(computed.get(at)),
    })
}
