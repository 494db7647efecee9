//! Who on the staff has opened whose data: for the manager, one row for each person, account, purpose and day.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::domain::ids::StaffId;
use crate::flow::App;
use crate::flow::read::readings::{self, Reading};
use crate::locale::Lang;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Page, Staff, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Colleagues, word};

const ROWS_MAX: i64 = 100;
const PATH: &str = "/gestion/lectures";

#[derive(Default, Deserialize)]
pub struct ByQuery {
    #[serde(default)]
    agent: String,
}

#[derive(Template)]
#[template(path = "staff/settings/readings.html")]
struct Readings {
    page: Page,
    /// Accounts that have read more than is usual.
    unusual: Vec<(StaffId, String)>,
    /// The account whose readings are shown, if one.
    only: Option<String>,
    rows: Vec<Row>,
    beside: Beside,
}

struct Row {
    entry: String,
    reference: String,
    by: StaffId,
    login: String,
    purpose: String,
    when: String,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(by): Query<ByQuery>,
    Query(query): Query<PageQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let lang = page.lang;
    let colleagues = Colleagues::load(&app).await?;
    let only: Option<StaffId> = by.agent.parse().ok();
    let paging = Paging::new(&query, ROWS_MAX);
    let page_of = (paging.skip(), paging.read());
    let mut found = readings::in_prefecture(&app, own.id(), only, page_of).await?;
    let path = only.map_or_else(|| PATH.to_owned(), |by| format!("{PATH}?agent={by}"));
    let beside = paging.cut(&mut found, &path);
    let rows = found.into_iter().map(|reading| row(lang, &own, &colleagues, reading)).collect();
    let unusual =
        readings::unusual(&app).await?.into_iter().filter(|(by, _)| colleagues.is_of(*by, own.id()));
    let said = |(by, people): (StaffId, i64)| {
        let values = [("login", colleagues.login(by).to_owned().into()), ("n", people.into())];
        (by, lang.with("manage-readings-unusual", values))
    };
    render(Readings {
        unusual: unusual.map(said).collect(),
        only: only.map(|by| colleagues.login(by).to_owned()),
        page: page.titled("manage-readings-title"),
        rows,
        beside,
    })
}

fn row(lang: Lang, own: &Own, colleagues: &Colleagues, reading: Reading) -> Row {
    let times = [
        ("first", lang.instant(reading.first_at, own.zone).into()),
        ("last", lang.instant(reading.last_at, own.zone).into()),
        ("n", reading.times.into()),
    ];
    Row {
        entry: reading.entry.to_string(),
        reference: reading.reference,
        by: reading.by,
        login: colleagues.login(reading.by).to_owned(),
        purpose: word(lang, "reading", reading.purpose.as_str()),
        when: lang.with("manage-readings-when", times),
    }
}
