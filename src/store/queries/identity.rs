//! The register of numbers, verification of an identity, privileges, and the sweep that closes what
//! nobody verified.

use chrono::{DateTime, Days, Utc};
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::entries::{close, hold_entry, owe_entry};
use super::registration::hold_keys;
use super::{Backend, Connection, Db, Fact, Result, StoreError, VALUES_MAX, expect_rows, locked, record};
use crate::domain::actor::Actor;
use crate::domain::entry::{CloseReason, EntryState};
use crate::domain::ids::{EntryId, PrefectureId, QueueId, StaffId};
use crate::domain::notice::NoticeKind;
use crate::domain::rules::Rules;
use crate::store::commands::{Evidence, Grant, RegisterDone, Verified};
use crate::store::records::PrivilegeRecord;

const REGISTER_COLUMNS: usize = 3;
/// Warnings before an unverified entry is closed, in days before the end.
const WARNINGS_DAYS: [u64; 2] = [14, 3];
/// Days between two warnings, and from the last one to the end, whatever the rules have become.
const WARNING_GAP_DAYS: u64 = 3;
/// Entries of a queue swept per transaction.
const SWEEP_MAX: i64 = 1_000;

impl Backend {
    pub async fn import_register(
        &self,
        rows: Vec<(Vec<u8>, Vec<u8>)>,
        now: DateTime<Utc>,
    ) -> Result<RegisterDone> {
        let mut tx = self.begin().await?;
        let mut written = 0;
        let before: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM register_number").fetch_one(&mut *tx).await?;
        for chunk in rows.chunks(VALUES_MAX / REGISTER_COLUMNS) {
            let mut insert = sqlx::QueryBuilder::<Db>::new(
                "INSERT INTO register_number (number_print, number_birth_print, imported_at) ",
            );
            insert.push_values(chunk, |mut row, (number, with_birth)| {
                row.push_bind(number.clone()).push_bind(with_birth.clone()).push_bind(now);
            });
            insert.push(
                " ON CONFLICT (number_print) DO UPDATE SET number_birth_print = excluded.number_birth_print,
                  imported_at = excluded.imported_at
                  WHERE register_number.number_birth_print <> excluded.number_birth_print",
            );
            written += insert.build().execute(&mut *tx).await?.rows_affected();
        }
        let after: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM register_number").fetch_one(&mut *tx).await?;
        let new = u64::try_from(after - before).unwrap_or(0);
        let done = RegisterDone { new, changed: written.saturating_sub(new) };
        record(
            &mut tx,
            Fact {
                at: now,
                actor: Actor::System,
                action: "register.imported",
                subject: "register".to_owned(),
                detail: json!({ "rows": rows.len(), "new": done.new, "changed": done.changed }),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(done)
    }

    pub async fn register_lookup(&self, number_print: Vec<u8>) -> Result<Option<Vec<u8>>> {
        let row =
            sqlx::query_scalar("SELECT number_birth_print FROM register_number WHERE number_print = $1");
        Ok(row.bind(number_print).fetch_optional(self.reads()).await?)
    }

    pub async fn verify_identity(
        &self,
        id: EntryId,
        evidence: Evidence,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<Verified> {
        let mut tx = self.begin().await?;
        let entry = hold_entry(&mut tx, id).await?;
        if !entry.state.is_live() {
            return Err(StoreError::Stale("the entry has ended"));
        }
        // A registration holds its queue by its own row; here none is written.
        sqlx::query(locked!("SELECT id FROM queue WHERE id = $1"))
            .bind(entry.queue_id)
            .execute(&mut *tx)
            .await?;
        if let Some(holder) = hold_keys(&mut tx, entry.queue_id, id, &evidence.keys).await? {
            return Ok(Verified::Duplicate(holder));
        }
        let done = sqlx::query(
            "UPDATE entry SET identity_verified_at = $2, identity_how = $3,
                state = CASE WHEN state = 'awaiting_identity' THEN 'waiting' ELSE state END
             WHERE id = $1 AND identity_how IS NULL",
        )
        .bind(id)
        .bind(now)
        .bind(evidence.how)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, "the identity is already verified")?;
        owe_entry(&mut tx, &entry, NoticeKind::Receipt, now).await?;
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

    pub async fn grant(&self, grant: Grant, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        let entry = hold_entry(&mut tx, grant.entry).await?;
        if !entry.state.is_live() {
            return Err(StoreError::Stale("the entry has ended"));
        }
        // Priority waits for a second agent; a label takes effect at once, with its reason.
        let at_once = (grant.label != 0).then_some(now);
        let done = sqlx::query(
            "INSERT INTO privilege (id, entry_id, label, reason, proposed_by, proposed_at, approved_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (entry_id, label) DO NOTHING",
        )
        .bind(grant.id)
        .bind(grant.entry)
        .bind(i32::from(grant.label))
        .bind(&grant.reason)
        .bind(grant.by)
        .bind(now)
        .bind(at_once)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, "the entry already has this privilege, or it is proposed")?;
        if grant.label != 0 {
            let Json(mut labels): Json<Vec<u8>> =
                sqlx::query_scalar("SELECT labels FROM entry WHERE id = $1")
                    .bind(grant.entry)
                    .fetch_one(&mut *tx)
                    .await?;
            labels.push(grant.label);
            sqlx::query("UPDATE entry SET labels = $2 WHERE id = $1")
                .bind(grant.entry)
                .bind(Json(labels))
                .execute(&mut *tx)
                .await?;
        }
        let action = if grant.label == 0 { "entry.priority_proposed" } else { "entry.labelled" };
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
        let entry: Option<EntryId> = sqlx::query_scalar(
            "UPDATE privilege SET approved_by = $2, approved_at = $3
             WHERE id = $1 AND approved_at IS NULL AND proposed_by <> $2 RETURNING entry_id",
        )
        .bind(id)
        .bind(by)
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let entry =
            entry.ok_or(StoreError::Stale("a second agent must approve a proposal that is still open"))?;
        sqlx::query("UPDATE entry SET priority = TRUE WHERE id = $1").bind(entry).execute(&mut *tx).await?;
        let fact = Fact {
            at: now,
            actor: Actor::Staff(by),
            action: "entry.priority_granted",
            subject: format!("entry:{entry}"),
            detail: json!({}),
        };
        record(&mut tx, fact).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn privileges_pending(&self, prefecture: PrefectureId) -> Result<Vec<PrivilegeRecord>> {
        let rows = sqlx::query_as(
            "SELECT p.id, p.entry_id, p.label, p.reason, p.proposed_by, p.proposed_at FROM privilege p
             JOIN entry e ON e.id = p.entry_id JOIN queue q ON q.id = e.queue_id
             WHERE q.prefecture_id = $1 AND p.approved_at IS NULL ORDER BY p.proposed_at",
        );
        Ok(rows.bind(prefecture).fetch_all(self.reads()).await?)
    }

    pub async fn sweep_unverified(&self, now: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.begin().await?;
        let queues: Vec<(QueueId, Json<Rules>)> = sqlx::query_as(
            "SELECT q.id, r.body FROM queue q JOIN rules r ON r.queue_id = q.id AND r.version = q.rules_version",
        )
        .fetch_all(&mut *tx)
        .await?;
        let mut changed = 0;
        for (queue, Json(rules)) in queues {
            let ends = now - Days::new(rules.identity_days.into());
            let due: Vec<(EntryId, i32)> = sqlx::query_as(
                "SELECT id, identity_warnings FROM entry
                 WHERE queue_id = $1 AND state = 'awaiting_identity'
                 AND registered_at <= CASE identity_warnings WHEN 0 THEN $2 WHEN 1 THEN $3 ELSE $4 END
                 AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.entry_id = entry.id
                    AND n.kind = 'identity_warning' AND n.created_at > $5)
                 ORDER BY registered_at, id LIMIT $6",
            )
            .bind(queue)
            .bind(ends + Days::new(WARNINGS_DAYS[0]))
            .bind(ends + Days::new(WARNINGS_DAYS[1]))
            .bind(ends)
            .bind(now - Days::new(WARNING_GAP_DAYS))
            .bind(SWEEP_MAX)
            .fetch_all(&mut *tx)
            .await?;
            for (id, warnings) in due {
                if sweep(&mut tx, id, warnings, now).await? {
                    changed += 1;
                }
            }
        }
        tx.commit().await?;
        Ok(changed)
    }
}

/// Warns, or closes after the last warning, unless something happened to the entry since it was read.
async fn sweep(tx: &mut Connection, id: EntryId, warnings: i32, now: DateTime<Utc>) -> Result<bool> {
    let entry = hold_entry(tx, id).await?;
    let given: i32 = sqlx::query_scalar("SELECT identity_warnings FROM entry WHERE id = $1")
        .bind(id)
        .fetch_one(&mut *tx)
        .await?;
    if entry.state != EntryState::AwaitingIdentity || given != warnings {
        return Ok(false);
    }
    if usize::try_from(warnings).is_ok_and(|given| given < WARNINGS_DAYS.len()) {
        sqlx::query("UPDATE entry SET identity_warnings = identity_warnings + 1 WHERE id = $1")
            .bind(id)
            .execute(&mut *tx)
            .await?;
        owe_entry(tx, &entry, NoticeKind::IdentityWarning, now).await?;
        return Ok(true);
    }
    close(tx, id, CloseReason::Identity, now).await?;
    owe_entry(tx, &entry, NoticeKind::Closure, now).await?;
    let fact = Fact {
        at: now,
        actor: Actor::System,
        action: "entry.closed",
        subject: format!("entry:{id}"),
        detail: json!({ "reason": CloseReason::Identity }),
    };
    record(tx, fact).await?;
    Ok(true)
}
