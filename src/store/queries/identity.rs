//! Verification of an identity, privileges, and the sweep that closes what
//! nobody verified.

use chrono::{DateTime, Days, Utc};
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::apply::{Cause, apply, suspend_by_keys, tell_changed};
use super::corrections::corrected_alone;
use super::entries::entry_select;
use super::held::{hold, hold_live};
use super::numbers::set_register_check;
use super::penalties::add_keys;
use super::people::replace_document;
use super::registration::hold_keys;
use super::{
    Backend, Connection, Db, Fact, Result, StoreError, VALUES_MAX, close_proposal, expect_rows, locked,
    record,
};
use crate::domain::actor::Actor;
use crate::domain::entry::{EntryEvent, EntryState, WARNINGS_MAX};
use crate::domain::ids::{EntryId, PrefectureId, QueueId, StaffId};
use crate::domain::proposal::{Closing, Proposal};
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::store::commands::{Evidence, Grant, KeyFingerprint, SeenDocument, Verified};
use crate::store::records::{EntryRecord, PrivilegeRecord};

/// Warnings before an unverified entry is closed, in days before the end.
const WARNINGS_DAYS: [u64; WARNINGS_MAX as usize] = [14, 3];
/// Days from the receipt of a warning to the next one, and from the last one to the end, whatever the rules have
/// become.
const WARNING_GAP_DAYS: u64 = 3;
/// Entries swept per transaction.
const SWEEP_MAX: i64 = 1_000;
const UNVERIFIED_COLUMNS: usize = 5;

macro_rules! privilege_select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.entry_id, p.label, p.reason, p.proposed_by, p.proposed_at, p.approved_by,
                p.approved_at, p.rejected_by, p.rejected_at, p.rejected_reason
             FROM privilege p ",
            $rest
        )
    };
}

/// The entries of a prefecture that nobody has verified yet; what follows orders and cuts them.
macro_rules! awaiting {
    ($rest:literal) => {
        concat!(
            entry_select!(
                "JOIN queue q ON q.id = e.queue_id WHERE q.prefecture_id = $1 AND e.state = 'awaiting_identity' "
            ),
            $rest
        )
    };
}

impl Backend {
    pub async fn verify_identity(
        &self,
        id: EntryId,
        evidence: Evidence,
        seen: Option<SeenDocument>,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<Verified> {
        let mut tx = self.begin().await?;
        let held = hold(&mut tx, id, now).await?;
        // Who has changed the name alone does not also say whose papers bear it.
        if let Actor::Staff(by) = actor
            && corrected_alone(&mut tx, id, by).await?
        {
            return Err(Refusal::OwnCorrection.into());
        }
        apply(&mut tx, &held, EntryEvent::VerifyIdentity, Cause::by(actor, now)).await?;
        // A registration holds its queue by its own row; here none is written.
        sqlx::query(locked!("SELECT id FROM queue WHERE id = $1")).bind(held.queue).execute(&mut *tx).await?;
        if let Some(holder) = hold_keys(&mut tx, held.queue, id, &evidence.keys).await? {
            // Dropping the transaction rolls it back.
            return Ok(Verified::Duplicate(holder));
        }
        suspend_by_keys(&mut tx, id, now).await?;
        add_keys(&mut tx, id).await?;
        sqlx::query("UPDATE entry SET identity_verified_at = $2, identity_how = $3 WHERE id = $1")
            .bind(id)
            .bind(now)
            .bind(evidence.how)
            .execute(&mut *tx)
            .await?;
        if let Some(seen) = seen {
            replace_document(&mut tx, seen).await?;
        }
        set_register_check(&mut tx, id, None, now).await?;
        let detail = json!({ "how": evidence.how });
        let fact = Fact {
            at: now,
            actor,
            action: "entry.identity_verified",
            subject: format!("entry:{id}"),
            detail,
        };
        record(&mut tx, fact).await?;
        tx.commit().await?;
        Ok(Verified::Done)
    }

    pub async fn holds_key(&self, entry: EntryId, key: KeyFingerprint) -> Result<bool> {
        let row = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM live_key WHERE entry_id = $1 AND kind = $2 AND fingerprint = $3)",
        );
        Ok(row.bind(entry).bind(key.kind).bind(key.fingerprint).fetch_one(self.reads()).await?)
    }

    pub async fn grant(&self, grant: Grant, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        hold_live(&mut tx, grant.entry, now).await?;
        let done = sqlx::query(
            "INSERT INTO privilege (id, entry_id, label, reason, proposed_by, proposed_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (entry_id, label) WHERE rejected_at IS NULL DO NOTHING",
        )
        .bind(grant.id)
        .bind(grant.entry)
        .bind(i32::from(grant.label))
        .bind(&grant.reason)
        .bind(grant.by)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::PrivilegeStands)?;
        let action = if grant.label == 0 { "entry.priority_proposed" } else { "entry.label_proposed" };
        let fact = Fact {
            at: now,
            actor: Actor::Staff(grant.by),
            action,
            subject: format!("entry:{}", grant.entry),
            detail: json!({ "label": grant.label }),
        };
        record(&mut tx, fact).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn approve_privilege(&self, id: Uuid, by: StaffId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let (entry, label, proposal) = held_privilege(&mut tx, id).await?;
        proposal.approve(by)?;
        let held = hold_live(&mut tx, entry, now).await?;
        tell_changed(&mut tx, &held, now).await?;
        sqlx::query("UPDATE privilege SET approved_by = $2, approved_at = $3 WHERE id = $1")
            .bind(id)
            .bind(by)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        let action = match label {
            0 => {
                sqlx::query("UPDATE entry SET priority = TRUE WHERE id = $1")
                    .bind(entry)
                    .execute(&mut *tx)
                    .await?;
                "entry.priority_granted"
            }
            label => {
                add_label(&mut tx, entry, label).await?;
                "entry.labelled"
            }
        };
        let (subject, detail) = (format!("entry:{entry}"), json!({ "label": label }));
        let fact = Fact { at: now, actor: Actor::Staff(by), action, subject, detail };
        record(&mut tx, fact).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn awaiting_identity(
        &self,
        prefecture: PrefectureId,
        newest_first: bool,
        skip: i64,
        max: i64,
    ) -> Result<Vec<EntryRecord>> {
        let rows = sqlx::query_as(if newest_first {
            awaiting!("ORDER BY e.registered_at DESC, e.id DESC LIMIT $2 OFFSET $3")
        } else {
            awaiting!("ORDER BY e.registered_at, e.id LIMIT $2 OFFSET $3")
        });
        Ok(rows.bind(prefecture).bind(max).bind(skip).fetch_all(self.reads()).await?)
    }

    pub async fn close_privilege(
        &self,
        id: Uuid,
        closing: Closing<Vec<u8>>,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let (entry, _, proposal) = held_privilege(&mut tx, id).await?;
        proposal.close(&closing, by)?;
        close_proposal!(tx, "privilege", id, closing, by, now);
        let action = match closing {
            Closing::Reject(_) => "entry.priority_rejected",
            Closing::Withdraw => "entry.priority_withdrawn",
        };
        let fact = Fact {
            at: now,
            actor: Actor::Staff(by),
            action,
            subject: format!("entry:{entry}"),
            detail: json!({}),
        };
        record(&mut tx, fact).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn privilege(&self, id: Uuid) -> Result<Option<PrivilegeRecord>> {
        let row = sqlx::query_as(privilege_select!("WHERE p.id = $1"));
        Ok(row.bind(id).fetch_optional(self.reads()).await?)
    }

    pub async fn privileges_pending(&self, prefecture: PrefectureId) -> Result<Vec<PrivilegeRecord>> {
        let rows = sqlx::query_as(privilege_select!(
            "JOIN entry e ON e.id = p.entry_id JOIN queue q ON q.id = e.queue_id
             WHERE q.prefecture_id = $1 AND p.approved_at IS NULL AND p.rejected_at IS NULL
                AND e.state IN ('awaiting_identity', 'waiting', 'convoked')
             ORDER BY p.proposed_at, p.id"
        ));
        Ok(rows.bind(prefecture).fetch_all(self.reads()).await?)
    }

    pub async fn privileges_rejected(
        &self,
        prefecture: PrefectureId,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<PrivilegeRecord>> {
        let rows = sqlx::query_as(privilege_select!(
            "JOIN entry e ON e.id = p.entry_id JOIN queue q ON q.id = e.queue_id
             WHERE q.prefecture_id = $1 AND p.rejected_at IS NOT NULL
             ORDER BY p.rejected_at DESC, p.id LIMIT $2 OFFSET $3"
        ));
        Ok(rows.bind(prefecture).bind(limit).bind(skip).fetch_all(self.reads()).await?)
    }

    pub async fn sweep_unverified(&self, now: DateTime<Utc>) -> Result<u64> {
        let due = self.unverified_due(now).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let mut changed = 0;
        for (id, warnings) in due {
            changed += u64::from(sweep(&mut tx, id, warnings, now).await?);
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// Entries to warn or to close, and the warnings they have had. Who was asked by letter has all of the time
    /// from its receipt on, and nobody is warned again or closed while a warning has not been received. A read, by index: most often there are
    /// none, and then nothing is begun.
    async fn unverified_due(&self, now: DateTime<Utc>) -> Result<Vec<(EntryId, i32)>> {
        let queues: Vec<(QueueId, Json<Rules>)> = sqlx::query_as(
            "SELECT q.id, r.body FROM queue q JOIN rules r ON r.queue_id = q.id AND r.version = q.rules_version",
        )
        .fetch_all(self.reads())
        .await?;
        let (mut all, gap) = (Vec::new(), now - Days::new(WARNING_GAP_DAYS));
        for chunk in queues.chunks(VALUES_MAX / UNVERIFIED_COLUMNS) {
            let mut due = sqlx::QueryBuilder::<Db>::new("SELECT e.id, e.identity_warnings FROM (");
            due.push_values(chunk, |mut row, (queue, Json(rules))| {
                let ends = now - Days::new(rules.identity_days.into());
                let [first, second] = WARNINGS_DAYS.map(|days| ends + Days::new(days));
                // Days are counted locally, so at most one ahead of UTC; the index knows them.
                let last_day = first.timestamp().div_euclid(86_400) + 1;
                row.push_bind(*queue).push_bind(i32::try_from(last_day).unwrap_or(i32::MAX));
                row.push_bind(first).push_bind(second).push_bind(ends);
            });
            due.push(
                ") AS due JOIN entry e ON e.queue_id = due.column1 AND e.state = 'awaiting_identity'
                    AND e.arrival_day <= due.column2
                 LEFT JOIN notice w ON w.entry_id = e.id AND w.kind = 'identity_wanted' AND w.way = 'letter'
                    AND w.state <> 'withheld'
                 WHERE CASE WHEN w.id IS NULL THEN e.registered_at ELSE w.received_at END <= CASE e.identity_warnings
                    WHEN 0 THEN due.column3 WHEN 1 THEN due.column4 ELSE due.column5 END
                 AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.entry_id = e.id
                    AND n.kind = 'identity_warning' AND (n.state IN ('pending', 'sending') OR n.created_at > ",
            );
            due.push_bind(gap).push(" OR n.received_at > ").push_bind(gap);
            due.push(")) ORDER BY e.registered_at, e.id LIMIT ").push_bind(SWEEP_MAX);
            let found: Vec<(EntryId, i32)> = due.build_query_as().fetch_all(self.reads()).await?;
            all.extend(found);
        }
        Ok(all)
    }
}

async fn add_label(tx: &mut Connection, entry: EntryId, label: i32) -> Result<()> {
    let Json(mut labels): Json<Vec<u8>> =
        sqlx::query_scalar("SELECT labels FROM entry WHERE id = $1").bind(entry).fetch_one(&mut *tx).await?;
    labels.extend(u8::try_from(label));
    sqlx::query("UPDATE entry SET labels = $2 WHERE id = $1")
        .bind(entry)
        .bind(Json(labels))
        .execute(tx)
        .await?;
    Ok(())
}

/// The proposal of a privilege, whose it would be and which; its row is held.
async fn held_privilege(tx: &mut Connection, id: Uuid) -> Result<(EntryId, i32, Proposal)> {
    let record: Option<PrivilegeRecord> =
        sqlx::query_as(locked!(privilege_select!("WHERE p.id = $1"))).bind(id).fetch_optional(tx).await?;
    let record = record.ok_or(StoreError::NotFound("privilege"))?;
    Ok((record.entry_id, record.label, record.columns.proposal()))
}

/// Warns, or closes after the last warning, unless something happened to the entry since it was read.
async fn sweep(tx: &mut Connection, id: EntryId, warnings: i32, now: DateTime<Utc>) -> Result<bool> {
    let held = hold(tx, id, now).await?;
    let is_as_read = held.entry.warnings == u32::try_from(warnings).unwrap_or(0);
    if held.entry.state != EntryState::AwaitingIdentity || !is_as_read {
        return Ok(false);
    }
    let effect = apply(tx, &held, EntryEvent::IdentityOverdue, Cause::by(Actor::System, now)).await?;
    if let Some(reason) = effect.entry.close_reason {
        let fact = Fact {
            at: now,
            actor: Actor::System,
            action: "entry.closed",
            subject: format!("entry:{id}"),
            detail: json!({ "reason": reason }),
        };
        record(tx, fact).await?;
    }
    Ok(effect.entry != held.entry)
}
