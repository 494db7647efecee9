//! Somebody asks that a person looks at what was decided about them, and an agent answers in time (GDPR, articles 12 and 22).

use chrono::{DateTime, Days, Utc};

/// A month, as article 12(3) says.
pub const ANSWER_DAYS: u64 = 30;

/// When an answer is due.
///
/// ```
/// use passage::domain::review::due_at;
///
/// let asked = "2027-01-08T09:00:00Z".parse().unwrap();
/// assert_eq!(due_at(asked).to_rfc3339(), "2027-02-07T09:00:00+00:00");
/// ```
pub fn due_at(asked_at: DateTime<Utc>) -> DateTime<Utc> {
    asked_at + Days::new(ANSWER_DAYS)
}
