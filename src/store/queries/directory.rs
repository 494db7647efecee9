//! What is configured: prefectures, sites, desks, queues, and the versions of their rules.

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::types::Json;

use super::{Backend, Connection, Fact, Result, StoreError, expect_rows, locked, record};
use crate::domain::actor::Actor;
use crate::domain::directory::Directory;
use crate::domain::ids::{PrefectureId, ProcedureId, QueueId, StaffId};
use crate::domain::proposal::{Closing, Proposal};
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::store::DirectoryVersion;
use crate::store::commands::{NewQueue, PrefectureUpdate};
use crate::store::directory::directory;
use crate::store::records::{ProposalColumns, RulesRecord};

impl Backend {
    pub async fn installation(&self, key_check: Vec<u8>, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO installation (id, key_check, created_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&key_check)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        let known: Vec<u8> =
            sqlx::query_scalar("SELECT key_check FROM installation WHERE id = 1").fetch_one(&mut *tx).await?;
        tx.commit().await?;
        if known == key_check { Ok(()) } else { Err(StoreError::WrongKey) }
    }

    pub async fn business_now(&self) -> Result<Option<DateTime<Utc>>> {
        let row = sqlx::query_scalar("SELECT business_now FROM installation WHERE id = 1");
        Ok(row.fetch_optional(self.reads()).await?.flatten())
    }

    pub async fn save_business_now(&self, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE installation SET business_now = $1 WHERE id = 1")
            .bind(now)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(self.reads()).await?;
        Ok(())
    }

    pub async fn import_prefecture(&self, update: PrefectureUpdate, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.begin().await?;
        if update.is_new {
            sqlx::query(
                "INSERT INTO prefecture (id, slug, name, zone, help, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(update.id)
            .bind(&update.slug)
            .bind(&update.name)
            .bind(&update.zone)
            .bind(&update.help)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        } else {
            sqlx::query("UPDATE prefecture SET name = $2, help = $3 WHERE id = $1")
                .bind(update.id)
                .bind(&update.name)
                .bind(&update.help)
                .execute(&mut *tx)
                .await?;
        }
        write_sites(&mut tx, &update).await?;
        for queue in &update.queues {
            insert_queue(&mut tx, update.id, queue, now).await?;
        }
        for (queue, name) in &update.renamed_queues {
            sqlx::query("UPDATE queue SET name = $2 WHERE id = $1")
                .bind(*queue)
                .bind(name)
                .execute(&mut *tx)
                .await?;
        }
        let action = if update.is_new { "prefecture.imported" } else { "prefecture.changed" };
        let subject = format!("prefecture:{}", update.id);
        let detail = json!({ "slug": update.slug });
        record(&mut tx, Fact { at: now, actor: Actor::System, action, subject, detail }).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn directory_version(&self) -> Result<DirectoryVersion> {
        version(&mut *self.reads().acquire().await?).await
    }

    pub async fn read_directory(&self) -> Result<Directory> {
        let db = self.reads();
        let prefectures = sqlx::query_as("SELECT id, slug, name, zone, help FROM prefecture ORDER BY name")
            .fetch_all(db)
            .await?;
        let sites = sqlx::query_as(
            "SELECT id, prefecture_id, slug, name, address, zone, territory FROM site ORDER BY name",
        )
        .fetch_all(db)
        .await?;
        let desks =
            sqlx::query_as("SELECT id, site_id, number FROM desk ORDER BY number").fetch_all(db).await?;
        let queues = sqlx::query_as(
            "SELECT q.id, q.prefecture_id, q.procedure_id, q.slug, q.name, p.slug AS procedure_slug,
                p.name AS procedure_name, q.rules_version, r.body AS rules
             FROM queue q
             JOIN procedure p ON p.id = q.procedure_id
             JOIN rules r ON r.queue_id = q.id AND r.version = q.rules_version
             ORDER BY q.created_at, q.id",
        )
        .fetch_all(db)
        .await?;
        Ok(directory(prefectures, sites, desks, queues))
    }

    pub async fn rules_of(&self, queue: QueueId) -> Result<Vec<RulesRecord>> {
        let rows = sqlx::query_as(
            "SELECT queue_id, version, body, reason, proposed_by, proposed_at, approved_by, approved_at,
                rejected_by, rejected_at, rejected_reason
             FROM rules WHERE queue_id = $1 ORDER BY version DESC",
        );
        Ok(rows.bind(queue).fetch_all(self.reads()).await?)
    }

    pub async fn rules(&self, queue: QueueId, version: i32) -> Result<Rules> {
        rules_body(self.reads(), queue, version).await
    }

    pub async fn propose_rules(
        &self,
        queue: QueueId,
        rules: Rules,
        reason: String,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<i32> {
        let mut tx = self.begin().await?;
        sqlx::query(locked!("SELECT id FROM queue WHERE id = $1")).bind(queue).execute(&mut *tx).await?;
        let last: i32 = sqlx::query_scalar("SELECT MAX(version) FROM rules WHERE queue_id = $1")
            .bind(queue)
            .fetch_one(&mut *tx)
            .await?;
        let done = sqlx::query(
            "INSERT INTO rules (queue_id, version, body, proposed_by, proposed_at, reason)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(queue)
        .bind(last + 1)
        .bind(Json(&rules))
        .bind(by)
        .bind(now)
        .bind(&reason)
        .execute(&mut *tx)
        .await?;
        expect_rows(done.rows_affected(), 1, Refusal::ProposalOpen)?;
        let fact = rules_fact("rules.proposed", queue, last + 1, Some(reason), by, now);
        record(&mut tx, fact).await?;
        tx.commit().await?;
        Ok(last + 1)
    }

    pub async fn approve_rules(
        &self,
        queue: QueueId,
        version: i32,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        held_proposal(&mut tx, queue, version).await?.approve(by)?;
        sqlx::query(
            "UPDATE rules SET approved_by = $3, approved_at = $4 WHERE queue_id = $1 AND version = $2",
        )
        .bind(queue)
        .bind(version)
        .bind(by)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        // Whoever takes keys holds on to the queue: those under way end first, the next read the new rules.
        sqlx::query(locked!("SELECT id FROM queue WHERE id = $1")).bind(queue).execute(&mut *tx).await?;
        // Asked again: people may have come since the proposal, and the keys they hold name the old scope.
        let scope = super::registration::scope_of(&mut tx, queue).await?;
        sqlx::query("UPDATE queue SET rules_version = $2 WHERE id = $1")
            .bind(queue)
            .bind(version)
            .execute(&mut *tx)
            .await?;
        if super::registration::scope_of(&mut tx, queue).await? != scope {
            let held: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM live_key k JOIN entry e ON e.id = k.entry_id WHERE e.queue_id = $1",
            )
            .bind(queue)
            .fetch_one(&mut *tx)
            .await?;
            if held > 0 {
                return Err(Refusal::ScopeChange.into());
            }
        }
        record(&mut tx, rules_fact("rules.approved", queue, version, None, by, now)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn close_rules(
        &self,
        queue: QueueId,
        version: i32,
        closing: Closing<String>,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        held_proposal(&mut tx, queue, version).await?.close(&closing, by)?;
        let (action, reason) = match closing {
            Closing::Reject(reason) => ("rules.rejected", Some(reason)),
            Closing::Withdraw => ("rules.withdrawn", None),
        };
        sqlx::query(
            "UPDATE rules SET rejected_at = $3, rejected_by = $4, rejected_reason = $5
             WHERE queue_id = $1 AND version = $2",
        )
        .bind(queue)
        .bind(version)
        .bind(now)
        .bind(by)
        .bind(&reason)
        .execute(&mut *tx)
        .await?;
        record(&mut tx, rules_fact(action, queue, version, reason, by, now)).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The proposal of a version of the rules; its row is held.
async fn held_proposal(tx: &mut Connection, queue: QueueId, version: i32) -> Result<Proposal> {
    let columns: Option<ProposalColumns> = sqlx::query_as(locked!(
        "SELECT proposed_by, proposed_at, approved_by, approved_at, rejected_by, rejected_at FROM rules
         WHERE queue_id = $1 AND version = $2"
    ))
    .bind(queue)
    .bind(version)
    .fetch_optional(tx)
    .await?;
    Ok(columns.ok_or(StoreError::NotFound("rules"))?.proposal())
}

fn rules_fact(
    action: &'static str,
    queue: QueueId,
    version: i32,
    reason: Option<String>,
    by: StaffId,
    at: DateTime<Utc>,
) -> Fact<'static> {
    let detail = match reason {
        Some(reason) => json!({ "version": version, "reason": reason }),
        None => json!({ "version": version }),
    };
    Fact { at, actor: Actor::Staff(by), action, subject: format!("queue:{queue}"), detail }
}

/// One version's rules.
pub(super) async fn rules_body<'c>(
    db: impl sqlx::Executor<'c, Database = super::Db>,
    queue: QueueId,
    version: i32,
) -> Result<Rules> {
    let body: Option<Json<Rules>> =
        sqlx::query_scalar("SELECT body FROM rules WHERE queue_id = $1 AND version = $2")
            .bind(queue)
            .bind(version)
            .fetch_optional(db)
            .await?;
    body.map(|Json(rules)| rules).ok_or(StoreError::NotFound("rules"))
}

async fn write_sites(tx: &mut Connection, update: &PrefectureUpdate) -> Result<()> {
    for site in &update.sites {
        sqlx::query(
            "INSERT INTO site (id, prefecture_id, slug, name, address, zone, territory)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(site.id)
        .bind(update.id)
        .bind(&site.slug)
        .bind(&site.name)
        .bind(&site.address)
        .bind(&site.zone)
        .bind(site.territory)
        .execute(&mut *tx)
        .await?;
    }
    for site in &update.changed_sites {
        sqlx::query("UPDATE site SET name = $2, address = $3, territory = $4 WHERE id = $1")
            .bind(site.id)
            .bind(&site.name)
            .bind(&site.address)
            .bind(site.territory)
            .execute(&mut *tx)
            .await?;
    }
    let mut desks = update.desks.clone();
    for site in &update.sites {
        desks.extend(site.desks.iter().map(|(desk, number)| (site.id, *desk, *number)));
    }
    for (site, desk, number) in desks {
        sqlx::query("INSERT INTO desk (id, site_id, number) VALUES ($1, $2, $3)")
            .bind(desk)
            .bind(site)
            .bind(number)
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

async fn insert_queue(
    tx: &mut super::Connection,
    prefecture: PrefectureId,
    queue: &NewQueue,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("INSERT INTO procedure (id, slug, name) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING")
        .bind(queue.procedure_id)
        .bind(&queue.procedure_slug)
        .bind(&queue.procedure_name)
        .execute(&mut *tx)
        .await?;
    let procedure: ProcedureId = sqlx::query_scalar("SELECT id FROM procedure WHERE slug = $1")
        .bind(&queue.procedure_slug)
        .fetch_one(&mut *tx)
        .await?;
    sqlx::query(
        "INSERT INTO queue (id, prefecture_id, procedure_id, slug, name, rules_version, created_at)
         VALUES ($1, $2, $3, $4, $5, 1, $6)",
    )
    .bind(queue.id)
    .bind(prefecture)
    .bind(procedure)
    .bind(&queue.slug)
    .bind(&queue.name)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO rules (queue_id, version, body, proposed_at, approved_at) VALUES ($1, 1, $2, $3, $3)",
    )
    .bind(queue.id)
    .bind(Json(&queue.rules))
    .bind(now)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

pub(super) async fn version(db: &mut Connection) -> Result<DirectoryVersion> {
    Ok(sqlx::query_scalar("SELECT revision FROM directory_revision WHERE id = 1").fetch_one(db).await?)
}
