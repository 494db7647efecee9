//! An entry whose row is held until the transaction ends, with all that a transition reads. Its convocation
//! needs no lock of its own: whoever changes one holds its entry first.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Connection, Result, StoreError, dying_kinds, locked, told_at};
use crate::domain::entry::{CloseReason, ConvocationState, Convoked, Entry, EntryState};
use crate::domain::ids::{ConvocationId, DrawId, EntryId, QueueId, SlotId, StaffId};
use crate::domain::local_time::Zone;
use crate::domain::reach::Reach;
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::domain::tick::Tick;
use crate::store::directory::zone_of;
use crate::store::records::AddressColumns;

/// The live convocation of a held entry.
#[derive(Clone, Copy, Debug)]
pub struct HeldConvocation {
    pub id: ConvocationId,
    pub slot: SlotId,
    pub tick: Option<HeldTick>,
}

/// What an agent has noted of it, until it is final.
#[derive(Clone, Copy, Debug)]
pub struct HeldTick {
    pub tick: Tick,
    pub by: StaffId,
    pub settles_at: DateTime<Utc>,
    /// Where they should have come, if it was the wrong counter.
    pub right_queue: Option<QueueId>,
}

/// An entry, held.
pub struct Held {
    pub id: EntryId,
    pub queue: QueueId,
    pub entry: Entry,
    pub live: Option<HeldConvocation>,
    /// Those of the convocation's draw; without one, those in force.
    pub rules: Rules,
    pub reach: Reach,
    /// By whose clock nights are counted: the convocation's site's, or the prefecture's.
    pub zone: Zone,
}

#[derive(sqlx::FromRow)]
struct Row {
    queue_id: QueueId,
    state: EntryState,
    close_reason: Option<CloseReason>,
    verified: bool,
    paused: bool,
    paused_until: Option<DateTime<Utc>>,
    displaced: bool,
    draws_survived: i32,
    declines: i32,
    identity_warnings: i32,
    #[sqlx(flatten)]
    addresses: AddressColumns,
    zone: String,
    rules: Json<Rules>,
    convocation_id: Option<ConvocationId>,
    slot_id: Option<SlotId>,
    told_at: Option<DateTime<Utc>>,
    starts_at: Option<DateTime<Utc>>,
    tick: Option<Tick>,
    ticked_by: Option<StaffId>,
    settles_at: Option<DateTime<Utc>>,
    right_queue_id: Option<QueueId>,
}

impl Row {
    fn tick(&self) -> Option<HeldTick> {
        let (tick, by, settles_at) = (self.tick?, self.ticked_by?, self.settles_at?);
        Some(HeldTick { tick, by, settles_at, right_queue: self.right_queue_id })
    }
}

/// As [`hold`], of an entry that has not ended.
pub async fn hold_live(tx: &mut Connection, id: EntryId, now: DateTime<Utc>) -> Result<Held> {
    let held = hold(tx, id, now).await?;
    if held.entry.state.is_live() { Ok(held) } else { Err(Refusal::EntryEnded.into()) }
}

/// Holds an entry that is about to change at `now`.
pub async fn hold(tx: &mut Connection, id: EntryId, now: DateTime<Utc>) -> Result<Held> {
    sqlx::query(locked!("SELECT id FROM entry WHERE id = $1")).bind(id).execute(&mut *tx).await?;
    keep_for_late_freeze(tx, id, true, now).await?;
    let row: Option<Row> = sqlx::query_as(concat!(
        "SELECT e.queue_id, e.state, e.close_reason, e.identity_how IS NOT NULL AS verified, e.paused,
            e.paused_until, e.displaced, e.draws_survived, e.declines, e.identity_warnings, a.reach_sms,
            a.reach_email, COALESCE(i.zone, p.zone) AS zone, COALESCE(dr.body, qr.body) AS rules,
            c.id AS convocation_id, c.slot_id, s.starts_at, c.tick, c.ticked_by, c.settles_at,
            c.right_queue_id, ",
        told_at!(),
        " AS told_at
         FROM entry e JOIN applicant a ON a.id = e.applicant_id JOIN queue q ON q.id = e.queue_id
         JOIN prefecture p ON p.id = q.prefecture_id
         JOIN rules qr ON qr.queue_id = q.id AND qr.version = q.rules_version
         LEFT JOIN convocation c ON c.entry_id = e.id AND c.state = 'live'
         LEFT JOIN slot s ON s.id = c.slot_id LEFT JOIN site i ON i.id = s.site_id
         LEFT JOIN draw d ON d.id = c.draw_id
         LEFT JOIN rules dr ON dr.queue_id = d.queue_id AND dr.version = d.rules_version
         WHERE e.id = $1"
    ))
    .bind(id)
    .fetch_optional(tx)
    .await?;
    let row = row.ok_or(StoreError::NotFound("entry"))?;
    let count = |column: i32| u32::try_from(column).unwrap_or(0);
    let (tick, ticked) = (row.tick(), row.tick);
    let (state, told_at) = (ConvocationState::Live, row.told_at);
    let convoked = |starts_at| Convoked { state, told_at, starts_at, ticked };
    Ok(Held {
        id,
        queue: row.queue_id,
        entry: Entry {
            state: row.state,
            close_reason: row.close_reason,
            verified: row.verified,
            paused: row.paused,
            paused_until: row.paused_until,
            displaced: row.displaced,
            draws_survived: count(row.draws_survived),
            declines: count(row.declines),
            warnings: count(row.identity_warnings),
            convocation: row.starts_at.map(convoked),
        },
        live: row.convocation_id.zip(row.slot_id).map(|(id, slot)| HeldConvocation { id, slot, tick }),
        rules: row.rules.0,
        reach: row.addresses.reach(),
        zone: zone_of(&row.zone),
    })
}

/// Holds the entry that a convocation names; refused by the transition if the convocation has ended.
pub async fn hold_by_convocation(tx: &mut Connection, id: ConvocationId, now: DateTime<Utc>) -> Result<Held> {
    let entry: Option<EntryId> = sqlx::query_scalar("SELECT entry_id FROM convocation WHERE id = $1")
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
    let mut held = hold(tx, entry.ok_or(StoreError::NotFound("convocation"))?, now).await?;
    if held.live.is_none_or(|live| live.id != id) {
        // Another convocation of the same entry may be live: this one has ended.
        held.live = None;
        held.entry.convocation = None;
    }
    Ok(held)
}

/// Holds the entry that is convoked to a slot, if there is one.
pub async fn hold_by_slot(tx: &mut Connection, slot: SlotId, now: DateTime<Utc>) -> Result<Option<Held>> {
    let entry: Option<EntryId> =
        sqlx::query_scalar("SELECT entry_id FROM convocation WHERE slot_id = $1 AND state = 'live'")
            .bind(slot)
            .fetch_optional(&mut *tx)
            .await?;
    let Some(entry) = entry else { return Ok(None) };
    // It may have ended while its row was waited for.
    Ok(Some(hold(tx, entry, now).await?).filter(|held| held.live.is_some_and(|live| live.slot == slot)))
}

/// What entries are, beside those kept already; what follows says which. `$2` is whether they were there, `$3` now.
macro_rules! kept_for_late_freeze {
    ($which:literal) => {
        concat!(
            "INSERT INTO entry_at_freeze (draw_id, entry_id, was_there, state, draws_survived, displaced, priority,
                labels, deadline_seen_at, availability, paused, paused_until, reach_sms, reach_email)
             SELECT d.id, e.id, $2, e.state, e.draws_survived, e.displaced, e.priority, e.labels,
                e.deadline_seen_at, e.availability, e.paused, e.paused_until, a.reach_sms, a.reach_email
             FROM entry e JOIN applicant a ON a.id = e.applicant_id
             JOIN draw d ON d.queue_id = e.queue_id AND d.state = 'announced' AND d.freeze_at <= $3
             WHERE ",
            $which,
            " ON CONFLICT DO NOTHING"
        )
    };
}

/// Keeps what the losers of a draw are, as [`keep_for_late_freeze`], before an annulment changes them at once.
pub async fn keep_losers_for_late_freeze(
    tx: &mut Connection,
    draw: DrawId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(kept_for_late_freeze!(
        "e.id IN (SELECT entry_id FROM draw_entry WHERE draw_id = $1 AND wide = TRUE AND won = FALSE)"
    ))
    .bind(draw)
    .bind(true)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps what an entry is, if the freeze of its queue's draw is late: the list is made from what was true at the
/// announced instant. `was_there` is false for an entry that has just come from another queue.
pub async fn keep_for_late_freeze(
    tx: &mut Connection,
    id: EntryId,
    was_there: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(kept_for_late_freeze!("e.id = $1")).bind(id).bind(was_there).bind(now).execute(tx).await?;
    Ok(())
}
