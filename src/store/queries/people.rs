//! Finding people by their fingerprints, and who opened whose data.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::entries::entry_select;
use super::{Backend, Connection, Db, Fact, Result, record, rows_at_once};
use crate::domain::actor::Actor;
use crate::domain::ids::{ApplicantId, PrefectureId, StaffId};
use crate::store::commands::{Among, Finder, Fingerprinted, LooseFingerprint, Reading, SeenDocument};
use crate::store::records::{EntryRecord, ReadingRecord, SealedPerson};

const READING: &str =
    "applicant_id, entry_id, staff_id, role, prefecture_id, site_id, purpose, day, first_at, last_at, times";
const LOOSE: &str = "applicant_id, kind, fingerprint";

/// Live, or with a penalty in force, announced or objected to.
const STILL_COUNTS: &str = "(e.state IN ('awaiting_identity', 'waiting', 'convoked')
    OR EXISTS (SELECT 1 FROM penalty_case c WHERE c.entry_id = e.id
        AND c.days IS NOT NULL AND c.state IN ('announced', 'objected', 'upheld')) OR e.paused_until > ";

macro_rules! reading_select {
    ($rest:literal) => {
        concat!(
            "SELECT r.entry_id, e.reference, r.staff_id, r.purpose, r.role, r.prefecture_id, r.site_id, r.first_at,
                r.last_at, r.times
             FROM reading r JOIN entry e ON e.id = r.entry_id ",
            $rest
        )
    };
}

impl Backend {
    pub async fn people_without_fingerprints(&self, limit: i64) -> Result<Vec<SealedPerson>> {
        let rows = sqlx::query_as(
            "SELECT id, wrapped_key, birth_name, given_names, birth_date, foreigner_number, document, phone, email
             FROM applicant WHERE birth_date_fingerprint IS NULL ORDER BY id LIMIT $1",
        );
        Ok(rows.bind(limit).fetch_all(self.reads()).await?)
    }

    pub async fn save_fingerprints(&self, people: Vec<Fingerprinted>) -> Result<()> {
        let mut tx = self.begin().await?;
        for Fingerprinted { id, fingerprints } in &people {
            sqlx::query(
                "UPDATE applicant SET birth_date_fingerprint = $2, phone_fingerprint = $3, email_fingerprint = $4,
                    number_fingerprint = $5, document_fingerprint = $6
                 WHERE id = $1",
            )
            .bind(id)
            .bind(&fingerprints.birth_date)
            .bind(&fingerprints.phone)
            .bind(&fingerprints.email)
            .bind(&fingerprints.number)
            .bind(&fingerprints.document)
            .execute(&mut *tx)
            .await?;
            replace_loose_keys(&mut tx, *id, &fingerprints.loose).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    pub async fn find_people(
        &self,
        prefecture: PrefectureId,
        finder: Finder,
        limit: i64,
    ) -> Result<Vec<EntryRecord>> {
        macro_rules! by {
            ($column:literal) => {
                entry_select!(concat!(
                    "JOIN queue q ON q.id = e.queue_id AND q.prefecture_id = $1 WHERE a.",
                    $column,
                    " = $2 ORDER BY e.ended_at IS NOT NULL, e.registered_at DESC, e.id LIMIT $3"
                ))
            };
        }
        let (rows, fingerprint) = match finder {
            Finder::Number(fingerprint) => (by!("number_fingerprint"), fingerprint),
            Finder::Document(fingerprint) => (by!("document_fingerprint"), fingerprint),
            Finder::Phone(fingerprint) => (by!("phone_fingerprint"), fingerprint),
            Finder::Email(fingerprint) => (by!("email_fingerprint"), fingerprint),
        };
        let rows = sqlx::query_as(rows).bind(prefecture).bind(fingerprint).bind(limit);
        Ok(rows.fetch_all(self.reads()).await?)
    }

    pub async fn alike(
        &self,
        keys: Vec<LooseFingerprint>,
        among: Among,
        limit: i64,
    ) -> Result<Vec<EntryRecord>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows = sqlx::QueryBuilder::<Db>::new(entry_select!(
            "WHERE e.applicant_id IN (SELECT l.applicant_id FROM loose_key l JOIN ("
        ));
        rows.push_values(&keys, |mut row, key| {
            row.push_bind(key.kind).push_bind(key.fingerprint.clone());
        });
        rows.push(
            ") AS wanted ON wanted.column1 = l.kind AND wanted.column2 = l.fingerprint)
             AND e.queue_id IN (SELECT q.id FROM queue q WHERE q.",
        );
        match among {
            Among::Prefecture(prefecture) => rows.push("prefecture_id = ").push_bind(prefecture).push(")"),
            Among::Procedure { of, now } => rows
                .push("procedure_id = (SELECT mine.procedure_id FROM queue mine WHERE mine.id = ")
                .push_bind(of)
                .push(")) AND ")
                .push(STILL_COUNTS)
                .push_bind(now)
                .push(")"),
        };
        rows.push(" ORDER BY e.ended_at IS NOT NULL, e.registered_at, e.id LIMIT ").push_bind(limit);
        Ok(rows.build_query_as().fetch_all(self.reads()).await?)
    }

    pub async fn note_search(
        &self,
        prefecture: PrefectureId,
        detail: Value,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        let (actor, subject) = (Actor::Staff(by), format!("prefecture:{prefecture}"));
        record(&mut tx, Fact { at: now, actor, action: "people.searched", subject, detail }).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn note_readings(&self, mut readings: Vec<Reading>, now: DateTime<Utc>) -> Result<()> {
        let day = i32::try_from(now.timestamp().div_euclid(86_400)).unwrap_or(i32::MAX);
        // One statement may meet a row once.
        readings.sort_by_key(|reading| reading.applicant);
        readings.dedup_by_key(|reading| reading.applicant);
        let mut tx = self.begin().await?;
        for chunk in readings.chunks(rows_at_once(READING)) {
            let mut insert = sqlx::QueryBuilder::<Db>::new(format!("INSERT INTO reading ({READING}) "));
            insert.push_values(chunk, |mut row, reading| {
                row.push_bind(reading.applicant)
                    .push_bind(reading.entry)
                    .push_bind(reading.staff)
                    .push_bind(reading.role)
                    .push_bind(reading.prefecture)
                    .push_bind(reading.site)
                    .push_bind(reading.purpose)
                    .push_bind(day)
                    .push_bind(now)
                    .push_bind(now)
                    .push_bind(1);
            });
            insert.push(
                " ON CONFLICT (applicant_id, day, staff_id, purpose)
                  DO UPDATE SET last_at = excluded.last_at, times = reading.times + 1",
            );
            insert.build().execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    pub async fn readings_of(&self, applicant: ApplicantId, limit: i64) -> Result<Vec<ReadingRecord>> {
        let rows = sqlx::query_as(reading_select!(
            "WHERE r.applicant_id = $1 ORDER BY r.last_at DESC, r.purpose LIMIT $2"
        ));
        Ok(rows.bind(applicant).bind(limit).fetch_all(self.reads()).await?)
    }

    pub async fn readings(
        &self,
        prefecture: PrefectureId,
        by: Option<StaffId>,
        skip: i64,
        limit: i64,
    ) -> Result<Vec<ReadingRecord>> {
        let rows = sqlx::query_as(reading_select!(
            "WHERE r.prefecture_id = $1 AND ($2 IS NULL OR r.staff_id = $2)
             ORDER BY r.last_at DESC, r.applicant_id, r.purpose LIMIT $3 OFFSET $4"
        ));
        Ok(rows.bind(prefecture).bind(by).bind(limit).bind(skip).fetch_all(self.reads()).await?)
    }

    pub async fn busy_readers(&self, since: DateTime<Utc>, more_than: i64) -> Result<Vec<(StaffId, i64)>> {
        let rows = sqlx::query_as(
            "SELECT staff_id, COUNT(DISTINCT applicant_id) FROM reading
             WHERE last_at > $1 AND purpose IN ('entry', 'search')
             GROUP BY staff_id HAVING COUNT(DISTINCT applicant_id) > $2 ORDER BY staff_id",
        );
        Ok(rows.bind(since).bind(more_than).fetch_all(self.reads()).await?)
    }
}

/// Writes the coarse fingerprints of a person anew.
pub(super) async fn replace_loose_keys(
    tx: &mut Connection,
    applicant: ApplicantId,
    keys: &[LooseFingerprint],
) -> Result<()> {
    sqlx::query("DELETE FROM loose_key WHERE applicant_id = $1").bind(applicant).execute(&mut *tx).await?;
    add_loose_keys(tx, applicant, keys).await
}

/// Writes the document that was seen, and by what it is found, over the one that was declared.
pub(super) async fn replace_document(tx: &mut Connection, seen: SeenDocument) -> Result<()> {
    sqlx::query("UPDATE applicant SET document = $2, document_fingerprint = $3 WHERE id = $1")
        .bind(seen.applicant)
        .bind(seen.sealed)
        .bind(seen.fingerprint)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM loose_key WHERE applicant_id = $1 AND kind = 'document'")
        .bind(seen.applicant)
        .execute(&mut *tx)
        .await?;
    add_loose_keys(tx, seen.applicant, &seen.loose).await
}

/// Writes the coarse fingerprints of a person.
pub(super) async fn add_loose_keys(
    tx: &mut Connection,
    applicant: ApplicantId,
    keys: &[LooseFingerprint],
) -> Result<()> {
    for chunk in keys.chunks(rows_at_once(LOOSE)) {
        let mut insert = sqlx::QueryBuilder::<Db>::new(format!("INSERT INTO loose_key ({LOOSE}) "));
        insert.push_values(chunk, |mut row, key| {
            row.push_bind(applicant).push_bind(key.kind).push_bind(key.fingerprint.clone());
        });
        insert.push(" ON CONFLICT DO NOTHING");
        insert.build().execute(&mut *tx).await?;
    }
    Ok(())
}
