//! Entries whose identity nobody has verified yet, the oldest first: they close by themselves one day.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::Days;

use super::own::Own;
use super::parts::birth_words;
use crate::domain::entry::EntryState;
use crate::flow::App;
use crate::flow::people::open_person;
use crate::web::shared::{Page, Staff, WebError, render};

const ROWS_MAX: i64 = 200;

#[derive(Template)]
#[template(path = "agent/identities.html")]
struct Identities {
    page: Page,
    rows: Vec<Row>,
    more: Option<String>,
}

struct Row {
    id: String,
    name: String,
    birth: String,
    queue: String,
    reference: String,
    since: String,
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let lang = page.lang;
    let entries = app.store.entries_in(own.id(), EntryState::AwaitingIdentity, ROWS_MAX).await?;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let person = open_person(&app.vault, &entry)?;
        let days = own.directory.queue(entry.queue_id).map_or(0, |queue| queue.rules.identity_days);
        let closes = own.zone.local_date(entry.registered_at) + Days::new(days.into());
        rows.push(Row {
            id: entry.id.to_string(),
            name: person.full_name(),
            birth: lang.with("staff-born", [("date", birth_words(&person.birth_date, own.today()).into())]),
            queue: own.queue_name(entry.queue_id),
            since: lang.with(
                "staff-identity-since",
                [
                    ("date", lang.date(own.zone.local_date(entry.registered_at)).into()),
                    ("closes", lang.date(closes).into()),
                ],
            ),
            reference: entry.reference,
        });
    }
    let full = i64::try_from(rows.len()).unwrap_or(0) == ROWS_MAX;
    let more = full.then(|| lang.with("staff-rows-more", [("n", ROWS_MAX.into())]));
    render(Identities { page: page.titled("staff-identities-title"), rows, more })
}
