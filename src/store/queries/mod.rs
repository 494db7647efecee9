//! Every query, written once, in the SQL that both databases share. This module is compiled twice: `super`
//! is `postgres.rs` or `sqlite.rs`, which define what `Db` is and how rows are locked.

mod apply;
mod codes;
mod compensations;
mod convocations;
mod corrections;
mod directory;
mod documents;
mod draws;
mod effects;
mod entries;
mod erasure;
mod faults;
mod freeze;
mod health;
mod held;
mod helpers;
mod identity;
mod journal;
mod keys;
mod log;
mod merges;
mod notices;
mod numbers;
mod outcome;
mod penalties;
mod people;
mod proconnect;
mod publications;
mod registration;
mod relocations;
mod restore;
mod reviews;
mod sessions;
mod slots;
mod staff;
mod ticks;
mod visits;
mod waiting_corrections;

pub(super) use health::migrate;

use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{Database, FromRow};
use uuid::Uuid;

use super::super::StoreError;
use super::super::commands::Owed;
use super::super::records::audit_leaf;
use super::{Backend, Connection, Db, VALUES_MAX, bulk, commit_at, locked, skip_locked, together};
use crate::domain::actor::Actor;
use crate::domain::ids::{AuditId, EntryId};
use crate::domain::notice::{NoticeKind, Way};
use crate::domain::refusal::Refusal;

type Result<T> = std::result::Result<T, StoreError>;

/// A row of the log, written in the same transaction as the change it records.
struct Fact<'a> {
    at: DateTime<Utc>,
    actor: Actor,
    action: &'a str,
    subject: String,
    detail: Value,
}

impl Fact<'_> {
    fn leaf(&self, id: Uuid) -> Vec<u8> {
        audit_leaf(AuditId(id), self.at, &self.actor.pseudonym(), self.action, &self.subject, &self.detail)
            .to_vec()
    }
}

/// How many rows of these columns one statement can carry.
fn rows_at_once(columns: &str) -> usize {
    VALUES_MAX / columns.split(',').count()
}

const AUDIT: &str = "id, at, actor, action, subject, detail, leaf";

async fn record(tx: &mut Connection, fact: Fact<'_>) -> Result<()> {
    record_all(tx, &[fact]).await
}

async fn record_all(tx: &mut Connection, facts: &[Fact<'_>]) -> Result<()> {
    for chunk in facts.chunks(rows_at_once(AUDIT)) {
        let mut insert = sqlx::QueryBuilder::<Db>::new(format!("INSERT INTO audit ({AUDIT}) "));
        insert.push_values(chunk, |mut row, fact| {
            let id = Uuid::now_v7();
            row.push_bind(id)
                .push_bind(fact.at)
                .push_bind(fact.actor.pseudonym())
                .push_bind(fact.action.to_owned())
                .push_bind(fact.subject.clone())
                .push_bind(Json(fact.detail.clone()))
                .push_bind(fact.leaf(id));
        });
        insert.build().execute(&mut *tx).await?;
    }
    Ok(())
}

const NOTICE: &str = "id, entry_id, convocation_id, kind, way, state, due_at, created_at, issue";

/// Writes the notices that a change owes, in its transaction.
async fn owe(tx: &mut Connection, notices: &[Owed], now: DateTime<Utc>) -> Result<()> {
    for chunk in notices.chunks(rows_at_once(NOTICE)) {
        let mut insert = sqlx::QueryBuilder::<Db>::new(format!("INSERT INTO notice ({NOTICE}) "));
        insert.push_values(chunk, |mut row, owed| {
            row.push_bind(Uuid::now_v7())
                .push_bind(owed.entry)
                .push_bind(owed.convocation)
                .push_bind(owed.kind)
                .push_bind(owed.way)
                .push_bind("pending")
                .push_bind(owed.due_at)
                .push_bind(now);
            if owed.kind == NoticeKind::Reissued {
                // Each issue is told once by each way.
                row.push("(SELECT c.issue FROM convocation c WHERE c.id = ")
                    .push_bind_unseparated(owed.convocation)
                    .push_unseparated(")");
            } else {
                row.push_bind(1);
            }
        });
        insert.push(" ON CONFLICT DO NOTHING");
        insert.build().execute(&mut *tx).await?;
    }
    for owed in notices.iter().filter(|owed| owed.way == Way::Letter && owed.convocation.is_none()) {
        withhold_letters(tx, owed.entry, now).await?;
    }
    Ok(())
}

/// Withholds the letters of somebody who registered online and whom nobody has verified, or anybody could bury
/// the others' letters. Their pages say the same. An appointment is still told, and so is a verification.
async fn withhold_letters(tx: &mut Connection, entry: EntryId, now: DateTime<Utc>) -> Result<()> {
    sqlx::query(
        "UPDATE notice SET state = 'withheld', settled_at = $2 WHERE entry_id = $1 AND way = 'letter'
            AND state = 'pending' AND convocation_id IS NULL AND kind <> 'receipt' AND EXISTS
            (SELECT 1 FROM entry e WHERE e.id = notice.entry_id AND e.channel = 'online'
                AND e.identity_how IS NULL)",
    )
    .bind(entry)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The kinds of notice that lose their use when their convocation ends, as SQL: what the domain says.
macro_rules! dying_kinds {
    () => {
        "('convocation', 'reissued', 'reminder')"
    };
}
use dying_kinds;

/// Writes how a proposal of a table ended without effect: rejected or withdrawn, by whom and why.
macro_rules! close_proposal {
    ($tx:expr, $table:literal, $id:expr, $closing:expr, $by:expr, $now:expr) => {
        sqlx::query(concat!(
            "UPDATE ",
            $table,
            " SET rejected_by = $2, rejected_at = $3, rejected_reason = $4 WHERE id = $1"
        ))
        .bind($id)
        .bind($by)
        .bind($now)
        .bind($closing.reason())
        .execute(&mut *$tx)
        .await?
    };
}
use close_proposal;

/// When a convocation `c` counts as received, as SQL: the first message that calls to it and was received.
macro_rules! told_at {
    () => {
        concat!(
            "(SELECT MIN(t.received_at) FROM notice t WHERE t.convocation_id = c.id AND t.kind IN ",
            dying_kinds!(),
            ")"
        )
    };
}
use told_at;

#[test]
fn the_kinds_that_die_with_their_convocation_are_those_of_the_domain() {
    let dying = NoticeKind::ALL.iter().filter(|kind| kind.dies_with_convocation());
    let words: Vec<String> = dying.map(|kind| format!("'{kind}'")).collect();
    assert_eq!(dying_kinds!(), format!("({})", words.join(", ")));
}

type Row = <Db as Database>::Row;

/// A row for each entry of a queue, decoded a thousand at a time. SQLite allocates rows on its own thread:
/// allocating and freeing on different threads at the same time contends on the allocator.
async fn gathered<T>(rows: impl Stream<Item = sqlx::Result<Row>> + Unpin) -> Result<Vec<T>>
where
    T: for<'r> FromRow<'r, Row>,
{
    let (mut all, mut pieces) = (Vec::new(), rows.chunks(1_000));
    while let Some(piece) = pieces.next().await {
        for row in piece {
            all.push(T::from_row(&row?)?);
        }
    }
    Ok(all)
}

/// Deletes the old rows of a table (`"table WHERE column < $1"`); begins a transaction only if there are any.
macro_rules! delete_old {
    ($backend:expr, $rows:literal, $before:expr) => {{
        let any = concat!("SELECT EXISTS (SELECT 1 FROM ", $rows, ")");
        $backend.delete_if_any(any, concat!("DELETE FROM ", $rows), $before).await
    }};
}
use delete_old;

impl Backend {
    async fn delete_if_any(
        &self,
        any: &'static str,
        delete: &'static str,
        before: DateTime<Utc>,
    ) -> Result<u64> {
        if !sqlx::query_scalar(any).bind(before).fetch_one(self.reads()).await? {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let done = sqlx::query(delete).bind(before).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }
}

/// Fails if a conditional update found another state than it needs.
fn expect_rows(done: u64, expected: u64, otherwise: Refusal) -> Result<()> {
    if done == expected { Ok(()) } else { Err(otherwise.into()) }
}
