//! Entries whose identity nobody has verified yet, the oldest first: they close by themselves one day. The
//! newest first finds who has just called.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::domain::reading::ReadingPurpose;
use crate::flow::App;
use crate::flow::read::entries::{self, Known, Unverified};
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
    let (skip, limit) = (paging.skip(), paging.read());
    let mut found = entries::unverified(
        &app,
        own.id(),
        newest_first,
        (skip, limit),
        own.reader(ReadingPurpose::Identity),
    )
    .await?;
    let order = if newest_first { "?ordre=recentes" } else { "" };
    let beside = paging.cut(&mut found, &format!("/agent/identites{order}"));
    let row = |Unverified { known: Known { entry, person }, closes_at }| Row {
        id: entry.id.to_string(),
        name: person.full_name(),
        birth: lang.with("staff-born", [("date", birth_words(&person.birth_date, own.today()).into())]),
        queue: own.queue_name(entry.queue_id),
        since: lang.with(
            if closes_at.is_some() { "staff-identity-since" } else { "staff-identity-letter" },
            [("date", Some(entry.registered_at)), ("closes", closes_at)].map(|(name, at)| {
                (name, at.map(|at| lang.date(own.zone.local_date(at))).unwrap_or_default().into())
            }),
        ),
        reference: entry.reference,
    };
    let rows = found.into_iter().map(row).collect();
    render(Identities { page: page.titled("staff-identities-title"), rows, newest_first, beside })
}
