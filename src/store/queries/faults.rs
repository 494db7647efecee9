//! Invariants that no constraint can express, checked over the whole database. The answer should be empty;
//! tests check them at their end, operators with `passage check-config`.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Backend, Result, dying_kinds};
use crate::domain::ids::DeskId;

/// Each query counts violations of one invariant, with its description.
const QUESTIONS: &[(&str, &str)] = &[
    (
        "a live convocation whose slot is not taken",
        "SELECT COUNT(*) FROM convocation c JOIN slot s ON s.id = c.slot_id WHERE c.state = 'live' AND s.state <> 'taken'",
    ),
    (
        "a live convocation whose entry is not convoked",
        "SELECT COUNT(*) FROM convocation c JOIN entry e ON e.id = c.entry_id WHERE c.state = 'live' AND e.state <> 'convoked'",
    ),
    (
        "a convoked entry without a live convocation",
        "SELECT COUNT(*) FROM entry e WHERE e.state = 'convoked' AND NOT EXISTS
            (SELECT 1 FROM convocation c WHERE c.entry_id = e.id AND c.state = 'live')",
    ),
    (
        "a taken slot that no convocation names",
        "SELECT COUNT(*) FROM slot s WHERE s.state = 'taken' AND NOT EXISTS (SELECT 1 FROM convocation c
            WHERE c.slot_id = s.id AND c.state IN ('live', 'attended', 'incomplete', 'missed', 'wrong_counter', 'not_the_person'))",
    ),
    (
        "a frozen slot whose draw is over",
        "SELECT COUNT(*) FROM slot s JOIN draw d ON d.id = s.draw_id WHERE d.state NOT IN ('frozen', 'seeded')",
    ),
    (
        "a verified waiting entry that holds no key",
        "SELECT COUNT(*) FROM entry e WHERE e.state IN ('waiting', 'convoked') AND e.identity_how IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM live_key k WHERE k.entry_id = e.id)",
    ),
    (
        "a key held by an entry that has ended or is not verified",
        "SELECT COUNT(*) FROM live_key k JOIN entry e ON e.id = k.entry_id
            WHERE e.state IN ('served', 'withdrawn', 'closed') OR e.identity_how IS NULL",
    ),
    (
        "a convocation that owed no notice",
        "SELECT COUNT(*) FROM convocation c WHERE c.state <> 'cancelled_by_holder' AND NOT EXISTS
            (SELECT 1 FROM notice n WHERE n.convocation_id = c.id)",
    ),
    (
        "an entry that never owed a notice",
        "SELECT COUNT(*) FROM entry e WHERE NOT EXISTS (SELECT 1 FROM notice n WHERE n.entry_id = e.id)",
    ),
    (
        "a notice lost or refused that no other way took over",
        // Whatever takes over is written when the other is settled, about the same appointment. What calls
        // to an appointment that has ended is taken over by nothing.
        concat!(
            "SELECT COUNT(*) FROM notice n WHERE n.state IN ('unknown', 'rejected') AND n.way <> 'letter'
                AND (n.kind NOT IN ",
            dying_kinds!(),
            " OR EXISTS (SELECT 1 FROM convocation c WHERE c.id = n.convocation_id AND c.state = 'live'))
                AND NOT EXISTS (SELECT 1 FROM notice m WHERE m.entry_id = n.entry_id AND m.kind = n.kind
                    AND m.convocation_id IS NOT DISTINCT FROM n.convocation_id AND m.way <> n.way
                    AND m.created_at = n.settled_at)"
        ),
    ),
    (
        "a person who is erased and can still be found",
        "SELECT COUNT(*) FROM entry e JOIN applicant a ON a.id = e.applicant_id WHERE e.erased_at IS NOT NULL
            AND (e.ended_at IS NULL OR LENGTH(a.wrapped_key) > 0 OR LENGTH(a.birth_name) > 0
                OR a.number_fingerprint IS NOT NULL OR a.document_fingerprint IS NOT NULL OR a.phone_fingerprint IS NOT NULL
                OR a.email_fingerprint IS NOT NULL OR LENGTH(a.birth_date_fingerprint) > 0
                OR e.deadline IS NOT NULL OR EXISTS (SELECT 1 FROM entry_at_freeze k WHERE k.entry_id = e.id)
                OR EXISTS (SELECT 1 FROM loose_key l WHERE l.applicant_id = a.id))",
    ),
    (
        "a drawn draw without its bundle",
        "SELECT COUNT(*) FROM draw d WHERE d.state IN ('drawn', 'published') AND NOT EXISTS
            (SELECT 1 FROM draw_document x WHERE x.draw_id = d.id AND x.kind = 'bundle')",
    ),
    (
        "a winner count that differs from the convocations",
        "SELECT COUNT(*) FROM draw d WHERE d.winner_count IS NOT NULL AND d.winner_count <>
            (SELECT COUNT(*) FROM convocation c WHERE c.draw_id = d.id)",
    ),
];

impl Backend {
    pub async fn faults(&self) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        for (what, question) in QUESTIONS {
            let count: i64 = sqlx::query_scalar(*question).fetch_one(self.reads()).await?;
            if count > 0 {
                faults.push(format!("{count} × {what}"));
            }
        }
        let overlaps = self.overlaps().await?;
        if overlaps > 0 {
            faults.push(format!("{overlaps} × a desk that is in two places at once"));
        }
        Ok(faults)
    }

    /// Overlapping slots of one desk: the two databases have different SQL for times, so this is computed
    /// here.
    async fn overlaps(&self) -> Result<usize> {
        let slots: Vec<(DeskId, DateTime<Utc>, i32)> = sqlx::query_as(
            "SELECT desk_id, starts_at, minutes FROM slot WHERE state <> 'withdrawn' ORDER BY desk_id, starts_at",
        )
        .fetch_all(self.reads())
        .await?;
        let overlap = |pair: &&[(DeskId, DateTime<Utc>, i32)]| {
            pair[0].0 == pair[1].0 && pair[0].1 + TimeDelta::minutes(pair[0].2.into()) > pair[1].1
        };
        Ok(slots.windows(2).filter(overlap).count())
    }
}
