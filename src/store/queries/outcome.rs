//! Commits the outcome of a draw, once and in one transaction: convocations, the changes of entries and
//! slots, the notices and the log rows. A win that can no longer be honoured becomes a convocation
//! that is cancelled at once, by the side that caused it.

use std::collections::HashMap;

use chrono::{DateTime, Days, Utc};
use serde_json::json;
use uuid::Uuid;

use super::apply::{Cause, apply, apply_survivals, apply_wins};
use super::compensations::{after, compensate_now, owe_lost_win};
use super::directory::rules_body;
use super::documents::write_document;
use super::draws::{draw_fact, free_unassigned};
use super::held::hold_by_convocation;
use super::{
    Backend, Connection, Db, Fact, Result, StoreError, bulk, commit_at, expect_rows, locked, owe, record,
    record_all, rows_at_once,
};
use crate::domain::actor::Actor;
use crate::domain::entry::{ConvocationEvent, ConvocationState, EntryEvent, EntryState};
use crate::domain::holidays::Territory;
use crate::domain::ids::{ConvocationId, DrawId, EntryId, QueueId, SlotId};
use crate::domain::notice::{NoticeKind, Way, outside_quiet_hours};
use crate::domain::refusal::Refusal;
use crate::domain::reminder::reminder_at;
use crate::domain::rules::Rules;
use crate::failpoint::failpoint;
use crate::store::commands::{DrawnOutcome, Owed};
use crate::store::directory::{territory_of, zone_of};
use crate::store::records::{AddressColumns, DrawState};

const CONVOCATION: &str = "id, draw_id, entry_id, slot_id, state, issued_at, ended_at";

impl Backend {
    pub async fn conclude(&self, id: DrawId, outcome: DrawnOutcome, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let row: Option<(DrawState, QueueId, i32)> =
            sqlx::query_as(locked!("SELECT state, queue_id, rules_version FROM draw WHERE id = $1"))
                .bind(id)
                .fetch_optional(&mut *tx)
                .await?;
        let (state, queue, version) = row.ok_or(StoreError::NotFound("draw"))?;
        if state != DrawState::Seeded {
            return Err(Refusal::Changed.into());
        }
        let rules = rules_body(&mut *tx, queue, version).await?;
        let placed = bulk::write_places(&mut tx, id, &outcome).await?;
        if placed != outcome.places.len() as u64 {
            return Err(StoreError::Corrupt("the outcome does not fit the frozen list".to_owned()));
        }
        let wins = match_wins(&mut tx, id, queue, &outcome).await?;
        let given = convoke(&mut tx, id, &wins, now).await?;
        settle_wins(&mut tx, &given, &rules, now).await?;
        apply_survivals(&mut tx, id).await?;
        free_unassigned(&mut tx, id).await?;
        finish(&mut tx, id, &outcome, now).await?;
        failpoint!("F10");
        commit_at!("F11", tx)?;
        Ok(())
    }

    pub async fn wins(&self, id: DrawId) -> Result<Vec<(i32, Option<SlotId>)>> {
        let rows = sqlx::query_as(
            "SELECT l.number, c.slot_id FROM draw_entry l
             LEFT JOIN convocation c ON c.draw_id = l.draw_id AND c.entry_id = l.entry_id
             WHERE l.draw_id = $1 AND l.won = TRUE ORDER BY l.number",
        );
        Ok(rows.bind(id).fetch_all(self.reads()).await?)
    }
}

/// A frozen entry and the slot it won, as they stand now.
#[derive(sqlx::FromRow)]
struct Listed {
    number: i32,
    entry_id: EntryId,
    queue_id: QueueId,
    state: EntryState,
    #[sqlx(flatten)]
    addresses: AddressColumns,
}

#[derive(sqlx::FromRow)]
struct Seat {
    id: SlotId,
    starts_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
    zone: String,
    territory: Option<Territory>,
}

struct Win {
    entry: EntryId,
    state: EntryState,
    /// Moved to another queue since the freeze: a slot of this queue is of no use to the holder.
    moved: bool,
    /// The first by which they are reached.
    way: Way,
    slot: SlotId,
    starts_at: DateTime<Utc>,
    withdrawn: bool,
    zone: String,
    territory: Option<Territory>,
}

/// A convocation as written, with what its notices need.
struct Given {
    id: ConvocationId,
    win: Win,
}

async fn match_wins(
    tx: &mut Connection,
    id: DrawId,
    queue: QueueId,
    outcome: &DrawnOutcome,
) -> Result<Vec<Win>> {
    // The winners' rows are locked: a withdrawal comes before this step or after it, never in between.
    sqlx::query(locked!(
        "SELECT id FROM entry WHERE id IN (SELECT entry_id FROM draw_entry WHERE draw_id = $1 AND won = TRUE) ORDER BY id"
    ))
    .bind(id)
    .execute(&mut *tx)
    .await?;
    sqlx::query(locked!("SELECT id FROM slot WHERE draw_id = $1 ORDER BY id"))
        .bind(id)
        .execute(&mut *tx)
        .await?;
    let listed: Vec<Listed> = sqlx::query_as(
        "SELECT x.number, x.entry_id, e.queue_id, e.state, a.reach_sms, a.reach_email FROM draw_entry x
         JOIN entry e ON e.id = x.entry_id JOIN applicant a ON a.id = e.applicant_id
         WHERE x.draw_id = $1 AND x.won = TRUE",
    )
    .bind(id)
    .fetch_all(&mut *tx)
    .await?;
    let seats: Vec<Seat> = sqlx::query_as(
        "SELECT s.id, s.starts_at, s.withdrawn_at, i.zone, i.territory FROM slot s JOIN site i ON i.id = s.site_id
         WHERE s.draw_id = $1 AND s.state = 'frozen'",
    )
    .bind(id)
    .fetch_all(&mut *tx)
    .await?;
    let mut listed: HashMap<u32, Listed> =
        listed.into_iter().filter_map(|row| Some((u32::try_from(row.number).ok()?, row))).collect();
    let mut seats: HashMap<SlotId, Seat> = seats.into_iter().map(|seat| (seat.id, seat)).collect();
    outcome
        .wins
        .iter()
        .map(|(number, slot)| {
            let unknown =
                || StoreError::Corrupt(format!("entry {number} and slot {slot} are not both in the list"));
            let entry = listed.remove(number).ok_or_else(unknown)?;
            let seat = seats.remove(slot).ok_or_else(unknown)?;
            Ok(Win {
                entry: entry.entry_id,
                state: entry.state,
                moved: entry.queue_id != queue,
                way: entry.addresses.reach().first(),
                slot: seat.id,
                starts_at: seat.starts_at,
                withdrawn: seat.withdrawn_at.is_some(),
                zone: seat.zone,
                territory: seat.territory,
            })
        })
        .collect()
}

/// Writes the convocations as live, the entries as convoked and the slots as taken, as the outcome says.
/// Wins that cannot be honoured are inserted live too, then cancelled with `apply_end`.
async fn convoke(tx: &mut Connection, id: DrawId, wins: &[Win], now: DateTime<Utc>) -> Result<Vec<Given>> {
    let mut given = Vec::with_capacity(wins.len());
    for chunk in wins.chunks(rows_at_once(CONVOCATION)) {
        let first = given.len();
        given.extend(chunk.iter().map(|win| Given { id: ConvocationId(Uuid::now_v7()), win: win.copy() }));
        let mut insert = sqlx::QueryBuilder::<Db>::new(format!("INSERT INTO convocation ({CONVOCATION}) "));
        insert.push_values(&given[first..], |mut row, one| {
            // The holder withdrew after the freeze: the win stays on record, ended by the holder.
            let gone = !one.win.can_be_convoked();
            row.push_bind(one.id)
                .push_bind(id)
                .push_bind(one.win.entry)
                .push_bind(one.win.slot)
                .push_bind(if gone { ConvocationState::CancelledByHolder } else { ConvocationState::Live })
                .push_bind(now)
                .push_bind(gone.then_some(now));
        });
        insert.build().execute(&mut *tx).await?;
    }
    sqlx::query(
        "UPDATE slot SET state = 'taken', draw_id = NULL WHERE draw_id = $1 AND id IN
            (SELECT slot_id FROM convocation WHERE draw_id = $1 AND state = 'live')",
    )
    .bind(id)
    .execute(&mut *tx)
    .await?;
    let convoked = apply_wins(tx, id).await?;
    let live = given.iter().filter(|one| one.win.can_be_convoked()).count();
    expect_rows(convoked, live as u64, Refusal::Changed)?;
    Ok(given)
}

impl Win {
    const fn can_be_convoked(&self) -> bool {
        !self.moved && matches!(self.state, EntryState::Waiting | EntryState::AwaitingIdentity)
    }

    fn copy(&self) -> Self {
        Self { zone: self.zone.clone(), ..*self }
    }
}

async fn settle_wins(tx: &mut Connection, given: &[Given], rules: &Rules, now: DateTime<Utc>) -> Result<()> {
    let nearest = now + Days::new(rules.notice_min_days.into());
    let (mut owed, mut facts, mut lost) = (Vec::new(), Vec::new(), Vec::new());
    for one in given {
        let honoured = one.win.can_be_convoked();
        let detail = json!({ "entry": one.win.entry, "slot": one.win.slot, "live": honoured });
        let subject = format!("convocation:{}", one.id);
        facts.push(Fact { at: now, actor: Actor::System, action: "convocation.issued", subject, detail });
        if !honoured {
            continue;
        }
        // A day of grace: the minimum notice was counted from the announced hour of the randomness.
        if one.win.withdrawn || one.win.starts_at + Days::new(1) < nearest {
            lost.push((one.id, one.win.withdrawn));
            continue;
        }
        owed.extend(notices_of(one, now));
    }
    record_all(tx, &facts).await?;
    owe(tx, &owed, now).await?;
    for (id, withdrawn) in lost {
        let held = hold_by_convocation(tx, id, now).await?;
        let slot = held.live.ok_or(Refusal::ConvocationEnded)?.slot;
        let event = EntryEvent::End(ConvocationEvent::PrefectureCancel);
        let effect = apply(tx, &held, event, Cause::by(Actor::System, now)).await?;
        sqlx::query("UPDATE slot SET state = 'withdrawn' WHERE id = $1 AND state = 'free' AND withdrawn_at IS NOT NULL")
            .bind(slot)
            .execute(&mut *tx)
            .await?;
        if withdrawn {
            owe_lost_win(tx, &after(held, effect), id, slot, now).await?;
        } else {
            // The notice has become too short: nobody chose that.
            compensate_now(tx, held, effect, now).await?;
        }
    }
    Ok(())
}

/// The convocation notice, and the reminder unless its time is already past.
fn notices_of(one: &Given, now: DateTime<Utc>) -> Vec<Owed> {
    let zone = zone_of(&one.win.zone);
    let convocation = Owed {
        entry: one.win.entry,
        convocation: Some(one.id),
        kind: NoticeKind::Convocation,
        way: one.win.way,
        due_at: outside_quiet_hours(now, zone),
    };
    let due_at = reminder_at(one.win.starts_at, zone, territory_of(one.win.territory, zone));
    // A letter reminds nobody in time: those without a phone or an address are told in the convocation.
    let by_wire = one.win.way != Way::Letter;
    let reminder =
        (by_wire && due_at > now).then_some(Owed { kind: NoticeKind::Reminder, due_at, ..convocation });
    std::iter::once(convocation).chain(reminder).collect()
}

async fn finish(tx: &mut Connection, id: DrawId, outcome: &DrawnOutcome, now: DateTime<Utc>) -> Result<()> {
    write_document(tx, id, "bundle", &outcome.bundle).await?;
    let done = sqlx::query(
        "UPDATE draw SET state = 'drawn', drawn_at = $2, outcome_hash = $3, winner_count = $4
         WHERE id = $1 AND state = 'seeded'",
    )
    .bind(id)
    .bind(now)
    .bind(outcome.outcome_hash.to_vec())
    .bind(i32::try_from(outcome.wins.len()).unwrap_or(i32::MAX))
    .execute(&mut *tx)
    .await?;
    expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
    let detail = json!({ "outcome": hex::encode(outcome.outcome_hash), "winners": outcome.wins.len() });
    record(tx, draw_fact("draw.drawn", id, detail, now)).await
}
