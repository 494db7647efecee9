//! “Was I in it?” For the holder alone: their line in a frozen list, the proof that it stands there, and
//! once the draw is made, their ticket, their place and what their odds were.

use serde::Serialize;
use tokio::sync::Semaphore;

use super::{App, FlowError};
use crate::domain::ids::{DrawId, EntryId};
use crate::domain::odds::Crowd;
use crate::draw::merkle::Tree;
use crate::draw::{self, Accepts, Class, Digests, Drawn, Frozen, Line};
use crate::flow::read::draws::{self, Draw, Stood};
use crate::store::records::{EntryDraw, EntryRecord};

/// A list is taken apart for at most this many people at a time; the others wait their turn.
static TURNS: Semaphore = Semaphore::const_new(2);

/// The format of the file that a holder downloads: docs/public-draws.md.
pub const FORMAT: &str = "passage-inclusion/1";

/// A holder's part in a draw.
pub struct Proof {
    pub draw: Draw,
    pub mine: Stood,
    pub line: Line,
    pub accepts: Accepts,
    pub classes: Vec<Class>,
    /// Once drawn: the ticket, as bytes.
    pub ticket: Option<[u8; 16]>,
    /// Before the tickets were known, from 0 to 1.
    pub chance: f64,
    pub file: ProofFile,
}

/// The file: enough to find the line under the published freeze hash, without the list.
#[derive(Clone, Debug, Serialize)]
pub struct ProofFile {
    pub format: &'static str,
    pub protocol: &'static str,
    pub draw: String,
    pub entry: String,
    pub salt: String,
    pub pid: String,
    pub class_count: usize,
    pub accepts: String,
    pub tier: u8,
    pub weight: u8,
    pub bucket: u32,
    pub reserve: u8,
    pub number: usize,
    pub entry_count: usize,
    pub slot_count: usize,
    /// From the leaf to the root, RFC 9162 §2.1.3.
    pub inclusion: Vec<String>,
    pub entries_root: String,
    pub terms_hash: String,
    pub classes_hash: String,
    pub slots_root: String,
    pub reserves_hash: String,
    /// The 41 bytes of the announced source.
    pub source: String,
    pub freeze: String,
}

/// The holder's part in a draw in whose list they stand.
///
/// # Errors
/// [`FlowError::NotFound`] if they do not stand in it; if the stored documents do not hold.
pub async fn of(app: &App, entry: EntryId, id: DrawId) -> Result<Proof, FlowError> {
    let unknown = || FlowError::NotFound("draw");
    let mine = app.store.entry_draws(entry).await?;
    let mine = mine.into_iter().find(|one| one.draw_id == id).ok_or_else(unknown)?;
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let draw = draws::one(app, id).await?;
    let _turn = TURNS.acquire().await.map_err(|error| FlowError::Internal(error.to_string()))?;
    let kind = if draw.drawn_at.is_some() { "bundle" } else { "list" };
    let body = app.store.draw_document(id, kind).await?.ok_or(FlowError::NotFound("frozen list"))?;
    let found = tokio::task::spawn_blocking(move || {
        if draw.drawn_at.is_some() {
            let drawn = draw::recompute(&body).map_err(|fault| fault.to_string())?;
            find(drawn.frozen(), Some(&drawn), draw, mine, &record)
        } else {
            let frozen = Frozen::from_list_json(&body).map_err(|fault| fault.to_string())?;
            find(&frozen, None, draw, mine, &record)
        }
    });
    found
        .await
        .map_err(|error| FlowError::Internal(error.to_string()))?
        .map_err(|fault| FlowError::Internal(format!("draw {id}: {fault}")))
}

fn find(
    frozen: &Frozen,
    drawn: Option<&Drawn>,
    draw: Draw,
    mine: EntryDraw,
    record: &EntryRecord,
) -> Result<Proof, String> {
    let pid: draw::Id = mine.pid.as_slice().try_into().map_err(|_| "a pid has another length".to_owned())?;
    let number = frozen.number_of(&pid).ok_or("the holder's line is not in the list")?;
    let line = frozen.entries()[number];
    let accepts = frozen.accepts(number).clone();
    Ok(Proof {
        file: file(frozen, number, &mine, record),
        classes: frozen.classes().to_vec(),
        ticket: drawn.map(|drawn| drawn.tickets()[number]),
        draw,
        mine: mine.into(),
        line,
        accepts,
        chance: chance(frozen, &line),
    })
}

/// The odds in this draw.
fn chance(frozen: &Frozen, line: &Line) -> f64 {
    let mut crowd = Crowd::default();
    for (line, had_chance) in frozen.entries().iter().zip(frozen.accepted_a_seat()) {
        if had_chance {
            crowd.add((line.tier, line.bucket), line.weight);
        }
    }
    let seats = u32::try_from(frozen.slots().len()).unwrap_or(u32::MAX);
    crowd.chance(seats, (line.tier, line.bucket), line.weight)
}

fn file(frozen: &Frozen, number: usize, mine: &EntryDraw, record: &EntryRecord) -> ProofFile {
    let mut tree = Tree::default();
    for leaf in frozen.entry_leaves() {
        tree.append(leaf);
    }
    let line = frozen.entries()[number];
    let Digests { terms, classes, slots_root, entries_root, reserves } = frozen.digests();
    let entry_count = frozen.entries().len();
    ProofFile {
        format: FORMAT,
        protocol: draw::PROTOCOL,
        draw: hex::encode(frozen.draw()),
        entry: hex::encode(record.id.0.as_bytes()),
        salt: hex::encode(&mine.salt),
        pid: hex::encode(line.pid),
        class_count: frozen.classes().len(),
        accepts: hex::encode(frozen.accepts(number).as_bytes()),
        tier: line.tier,
        weight: line.weight,
        bucket: line.bucket,
        reserve: line.reserve,
        number,
        entry_count,
        slot_count: frozen.slots().len(),
        inclusion: tree.inclusion(number, entry_count).unwrap_or_default().iter().map(hex::encode).collect(),
        entries_root: hex::encode(entries_root),
        terms_hash: hex::encode(terms),
        classes_hash: hex::encode(classes),
        slots_root: hex::encode(slots_root),
        reserves_hash: hex::encode(reserves),
        source: hex::encode(frozen.source().bytes()),
        freeze: hex::encode(frozen.freeze()),
    }
}
