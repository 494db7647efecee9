//! Entries whose identity nobody has verified yet, the oldest first: they close by themselves one day. The
//! newest first finds who has just called.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::flow::App;
use crate::flow::people::open_person;
use crate::flow::told::identity_closes;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Page, Staff, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::birth_words;

const ROWS_MAX: i64 = 100;
const NEWEST_FIRST: &str = "recentes";

#[derive(Default, Deserialize)]
pub struct OrderQuery {
    #[serde(default)]
    ordre: String,
}

#[derive(Template)]
#[template(path = "staff/counter/identities.html")]
struct Identities {
    page: Page,
    rows: Vec<Row>,
    newest_first: bool,
    beside: Beside,
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
    Query(order): Query<OrderQuery>,
    Query(query): Query<PageQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let lang = page.lang;
    let newest_first = order.ordre == NEWEST_FIRST;
    let paging = Paging::new(&query, ROWS_MAX);
    let mut ids = app.store.awaiting_identity(own.id(), newest_first, paging.skip(), paging.read()).await?;
    let order = if newest_first { "?ordre=recentes" } else { "" };
    let beside = paging.cut(&mut ids, &format!("/agent/identites{order}"));
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let entry = app.store.entry(id).await?.ok_or(WebError::NotFound)?;
        let person = open_person(&app.vault, &entry)?;
        let days = own.directory.queue(entry.queue_id).map_or(0, |queue| queue.rules.identity_days);
        let closes = identity_closes(&entry, &app.store.notices_of(id).await?, days);
        rows.push(Row {
            id: entry.id.to_string(),
            name: person.full_name(),
            birth: lang.with("staff-born", [("date", birth_words(&person.birth_date, own.today()).into())]),
            queue: own.queue_name(entry.queue_id),
            since: lang.with(
                if closes.is_some() { "staff-identity-since" } else { "staff-identity-letter" },
                [("date", Some(entry.registered_at)), ("closes", closes)].map(|(name, at)| {
                    (name, at.map(|at| lang.date(own.zone.local_date(at))).unwrap_or_default().into())
                }),
            ),
            reference: entry.reference,
        });
    }
    render(Identities { page: page.titled("staff-identities-title"), rows, newest_first, beside })
}
