//! Corrections of people who stand in a list whose outcome is not public. Until then nobody can say whether they will be
//! convoked, so nobody can say whether the correction takes a second agent: it waits, and is judged when that is known.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::corrections::{fact, forget_open, insert, verified_by, was_corrected, write};
use super::held::{hold, hold_live};
use super::{Backend, Connection, Fact, Result, expect_rows, record};
use crate::domain::actor::Actor;
use crate::domain::correction::CorrectionKind;
use crate::domain::entry::EntryState;
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::refusal::Refusal;
use crate::store::commands::{NewCorrection, Rewritten};
use crate::store::records::WaitingCorrection;

/// Whether an entry stands in a list whose outcome is not public.
macro_rules! listed {
    ($entry:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM draw_entry x JOIN draw d ON d.id = x.draw_id WHERE x.entry_id = ",
            $entry,
            " AND d.state IN ('frozen', 'seeded', 'drawn'))"
        )
    };
}

impl Backend {
    pub async fn is_listed(&self, entry: EntryId) -> Result<bool> {
        is_listed(&mut *self.reads().acquire().await?, entry).await
    }

    pub async fn queue_correction(
        &self,
        new: NewCorrection,
        person: Vec<u8>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        hold_live(&mut tx, new.entry, now).await?;
        if !is_listed(&mut tx, new.entry).await? {
            return Err(Refusal::Changed.into());
        }
        if new.same.is_none() {
            forget_open(&mut tx, new.entry).await?;
            insert(&mut tx, &new, false, now).await?;
        }
        let id = new.same.as_ref().map_or(new.id, |asked| asked.id);
        let done = sqlx::query(
            "UPDATE correction SET waits_since = COALESCE(waits_since, $2), person = COALESCE(person, $3),
                confirmed_by = CASE WHEN asked_by = $4 THEN confirmed_by ELSE $4 END
             WHERE id = $1 AND done_at IS NULL",
        )
        .bind(id)
        .bind(now)
        .bind(person)
        .bind(new.by)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::Changed)?;
        record(&mut tx, fact("entry.correction_queued", &new, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn corrections_due(&self, limit: i64) -> Result<Vec<WaitingCorrection>> {
        let rows = sqlx::query_as(concat!(
            "SELECT c.id, c.entry_id, c.person FROM correction c
             WHERE c.done_at IS NULL AND c.waits_since IS NOT NULL AND NOT ",
            listed!("c.entry_id"),
            " ORDER BY c.waits_since, c.id LIMIT $1"
        ));
        Ok(rows.bind(limit).fetch_all(self.reads()).await?)
    }

    pub async fn settle_correction(
        &self,
        id: Uuid,
        entry: EntryId,
        person: Option<(bool, Rewritten)>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let held = hold(&mut tx, entry, now).await?;
        let row: Option<(StaffId, Option<StaffId>)> = sqlx::query_as(
            "SELECT asked_by, confirmed_by FROM correction WHERE id = $1 AND done_at IS NULL AND waits_since IS NOT NULL",
        )
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
        // Decided meanwhile, or listed again: there is nothing to do, or not yet.
        let Some((asked_by, confirmed_by)) = row else { return Ok(()) };
        if is_listed(&mut tx, entry).await? {
            return Ok(());
        }
        let by_itself = |action, detail| {
            let subject = format!("entry:{entry}");
            Fact { at: now, actor: Actor::System, action, subject, detail }
        };
        let Some((is_plain, person)) = person.filter(|_| held.entry.state.is_live()) else {
            forget_open(&mut tx, entry).await?;
            record(&mut tx, by_itself("entry.correction_dropped", json!({}))).await?;
            tx.commit().await?;
            return Ok(());
        };
        let kind = CorrectionKind::Correction;
        let is_convoked = held.entry.state == EntryState::Convoked;
        let is_first = !was_corrected(&mut tx, entry).await?;
        // Who confirmed it did not know of the appointment, and was shown nothing.
        let confirmed_by = confirmed_by.filter(|_| !is_convoked);
        let is_plain = is_plain && !verified_by(&mut tx, entry, asked_by).await?;
        let takes_two = kind.takes_two(is_plain, is_convoked, is_first);
        let detail = json!({ "kind": kind, "plain": is_plain });
        if takes_two && confirmed_by.is_none() {
            sqlx::query("UPDATE correction SET waits_since = NULL, confirmed_by = NULL WHERE id = $1")
                .bind(id)
                .execute(&mut *tx)
                .await?;
            record(&mut tx, by_itself("entry.correction_asked", detail)).await?;
        } else {
            sqlx::query("UPDATE correction SET done_by = $2, done_at = $3 WHERE id = $1")
                .bind(id)
                .bind(confirmed_by.unwrap_or(asked_by))
                .bind(now)
                .execute(&mut *tx)
                .await?;
            record(&mut tx, by_itself("entry.corrected", detail)).await?;
            write(&mut tx, &held, &person, Actor::System, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    pub async fn drop_correction(&self, entry: EntryId, by: StaffId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        hold_live(&mut tx, entry, now).await?;
        if !forget_open(&mut tx, entry).await? {
            return Err(Refusal::Changed.into());
        }
        let (action, subject) = ("entry.correction_dropped", format!("entry:{entry}"));
        let fact = Fact { at: now, actor: Actor::Staff(by), action, subject, detail: json!({}) };
        record(&mut tx, fact).await?;
        tx.commit().await?;
        Ok(())
    }
}

pub(super) async fn is_listed(tx: &mut Connection, entry: EntryId) -> Result<bool> {
    Ok(sqlx::query_scalar(concat!("SELECT ", listed!("$1"))).bind(entry).fetch_one(tx).await?)
}
