//! Slots that few of those who wait could accept, for a second person to publish or reject. Whoever proposed
//! them sees their plan, never how few: only the others are shown the number.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use crate::domain::ids::SiteId;
use crate::domain::slot::Half;
use crate::flow::read::publications::{self as publications_read, Publication};
use crate::flow::staff::Session;
use crate::flow::{App, publications};
use crate::locale::Lang;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::confirm::Rejecting;
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Colleagues, DoneQuery};

/// The address of the list.
pub const LIST: &str = "/gestion/publications";
/// Decided publications on a page.
const ROWS_MAX: i64 = 30;
/// Half-days that a card names; the others are counted.
const NAMED_MAX: usize = 40;

#[derive(Template)]
#[template(path = "staff/settings/publications.html")]
struct Publications {
    page: Page,
    done: Option<String>,
    open: Vec<Card>,
    closed: Vec<Card>,
    beside: Beside,
}

struct Card {
    id: String,
    title: String,
    lines: Vec<String>,
    by: String,
    own: bool,
    /// How few could accept the best slot: for whoever decides.
    few: Option<String>,
    /// What became of it.
    closed: Option<String>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(done): Query<DoneQuery>,
    Query(query): Query<PageQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let colleagues = Colleagues::load(&app).await?;
    let paging = Paging::new(&query, ROWS_MAX);
    let open = publications_read::open(&app, own.id(), session.staff_id).await?;
    let mut closed = publications_read::decided(&app, own.id(), paging.skip(), paging.read()).await?;
    let beside = paging.cut(&mut closed, LIST);
    let card = |one| card(&own, page.lang, &colleagues, &session, &one);
    let (open, closed) = (open.into_iter().map(card).collect(), closed.into_iter().map(card).collect());
    let done = done.text(page.lang);
    render(Publications { page: page.titled("manage-publications-title"), done, open, closed, beside })
}

fn card(
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    session: &Session,
    publication: &Publication,
) -> Card {
    let proposed = &publication.proposed;
    let few = publication.few.map(|audience| {
        let values = [("could", audience.could.into()), ("waiting", audience.waiting.into())];
        lang.with("manage-publication-few", values)
    });
    Card {
        id: publication.id.to_string(),
        title: title(own, lang, publication),
        lines: lines(own, lang, publication),
        by: colleagues.proposed(lang, own.zone, proposed),
        own: proposed.is_of(session.staff_id),
        few,
        closed: proposed.decided.is_some().then(|| colleagues.decided(lang, own.zone, proposed)),
    }
}

fn title(own: &Own, lang: Lang, publication: &Publication) -> String {
    let values = [("queue", own.queue_name(publication.queue).into()), ("n", publication.slots.into())];
    lang.with("manage-publication", values)
}

/// The slots by half-day and site.
fn lines(own: &Own, lang: Lang, publication: &Publication) -> Vec<String> {
    let seats = &publication.halves;
    let left_out = seats.len().saturating_sub(NAMED_MAX);
    let more = (left_out > 0).then(|| lang.with("manage-and-more", [("n", left_out.into())]));
    let line = |((date, half, site), count): (&(NaiveDate, Half, SiteId), &usize)| {
        let values = [
            ("date", lang.date(*date).into()),
            ("half", lang.text(&format!("offer-half-{}", half.key())).into()),
            ("site", own.site_name(*site).into()),
            ("n", (*count).into()),
        ];
        lang.with("queue-offer-line", values)
    };
    seats.iter().take(NAMED_MAX).map(line).chain(more).collect()
}

/// A publication of one's own prefecture, as an address names it.
async fn named(app: &App, own: &Own, id: &str) -> Result<Publication, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let found = publications_read::one(app, id).await?;
    own.queue_by_id(found.queue)?;
    Ok(found)
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path(id): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let publication = named(&app, &own, &id).await?;
    let count = publications::approve(&app, publication.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=creneaux&n={}&m={}", count.new, count.doubles)).into_response())
}

pub async fn ask_reject(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let publication = named(&app, &own, &id).await?;
    publication.proposed.may_decide(session.staff_id).map_err(WebError::Refused)?;
    rejecting(&own, page.lang, &publication).ask(page)
}

pub async fn reject(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path(id): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let publication = named(&app, &own, &id).await?;
    let asked = publications::reject(&app, publication.id, fields.first("reason"), session.staff_id);
    let done = purpose.carry_out(asked).await;
    rejecting(&own, page.lang, &publication).answer(page, done, fields)
}

fn rejecting(own: &Own, lang: Lang, publication: &Publication) -> Rejecting {
    Rejecting {
        line: title(own, lang, publication),
        address: format!("{LIST}/{}", publication.id),
        list: LIST.to_owned(),
    }
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    Path(id): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let publication = named(&app, &own, &id).await?;
    publications::withdraw(&app, publication.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=retiree")).into_response())
}
