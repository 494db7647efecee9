//! When lists will be frozen, remembered. A status page names up to two hundred dates of a timetable, and
//! the cron library takes some microseconds for each; they change only with the rules, and with time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::domain::directory::Queue;
use crate::domain::ids::QueueId;
use crate::domain::local_time::Zone;
use crate::domain::timetable::Timetable;

/// Dates kept beyond those that were asked for, so that the next question finds enough.
const SPARE: usize = 32;

/// The dates of each queue, as far ahead as they were asked for.
#[derive(Default)]
pub struct Calendar(Mutex<HashMap<QueueId, Known>>);

struct Known {
    rules_version: i32,
    /// All dates after this instant are known, up to the last.
    after: DateTime<Utc>,
    dates: Vec<DateTime<Utc>>,
}

impl Calendar {
    /// The next times at which the queue's list is frozen, strictly after `after`: `count` of them, none if
    /// its timetable cannot be read.
    pub fn upcoming(
        &self,
        queue: &Queue,
        zone: Zone,
        after: DateTime<Utc>,
        count: usize,
    ) -> Vec<DateTime<Utc>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(next) = known.get(&queue.id).and_then(|known| known.next(queue, after, count)) {
            return next.to_vec();
        }
        let Ok(timetable) = Timetable::parse(&queue.rules.timetable, zone) else { return Vec::new() };
        let dates = timetable.upcoming(after, count + SPARE);
        let next = dates.iter().copied().take(count).collect();
        known.insert(queue.id, Known { rules_version: queue.rules_version, after, dates });
        next
    }
}

impl Known {
    fn next(&self, queue: &Queue, after: DateTime<Utc>, count: usize) -> Option<&[DateTime<Utc>]> {
        if self.rules_version != queue.rules_version || after < self.after {
            return None;
        }
        let passed = self.dates.partition_point(|date| *date <= after);
        self.dates.get(passed..passed + count)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;
    use crate::domain::ids::{PrefectureId, ProcedureId};
    use crate::domain::rules::Rules;

    fn rules(timetable: &str) -> Rules {
        let text = format!(
            "{{\"mode\": \"lottery\", \"timetable\": \"{timetable}\", \"notice_min_days\": 5, \
             \"horizon_days\": 60, \"late_limit_hours\": 48, \"late_cancel\": \"close\", \
             \"miss\": \"close\", \"scope\": \"installation\"}}"
        );
        serde_json::from_str(&text).unwrap()
    }

    fn queue(timetable: &str, rules_version: i32) -> Queue {
        Queue {
            id: QueueId(Uuid::nil()),
            prefecture_id: PrefectureId(Uuid::nil()),
            procedure_id: ProcedureId(Uuid::nil()),
            slug: String::new(),
            name: String::new(),
            procedure_slug: String::new(),
            procedure_name: String::new(),
            rules_version,
            rules: rules(timetable),
        }
    }

    #[test]
    fn it_says_what_the_timetable_says_whenever_and_however_far_it_is_asked() {
        let calendar = Calendar::default();
        let start: DateTime<Utc> = "2027-03-20T12:00:00Z".parse().unwrap();
        for (version, timetable) in [(1, "0 18 * * *"), (2, "30 7 * * MON,THU")] {
            let queue = queue(timetable, version);
            let plain = Timetable::parse(timetable, Zone::PARIS).unwrap();
            // Forwards, backwards, onto a date itself, and farther than what is known.
            for (hours, count) in [(0, 4), (6, 4), (5, 200), (900, 4), (4_000, 3), (-48, 1), (5_000, 200)] {
                let after = start + TimeDelta::hours(hours);
                let said = calendar.upcoming(&queue, Zone::PARIS, after, count);
                assert_eq!(said, plain.upcoming(after, count), "{timetable} after {after}");
            }
        }
        assert!(calendar.upcoming(&queue("nonsense", 3), Zone::PARIS, start, 4).is_empty());
    }
}
