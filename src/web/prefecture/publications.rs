//! Slots that few of those who wait could accept, for a second person to publish or reject. Whoever proposed
//! them sees their plan, never how few: only the others are shown the number.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use super::rejecting::reject_page;
use crate::domain::ids::SiteId;
use crate::domain::slot::Half;
use crate::flow::{App, publications};
use crate::locale::Lang;
use crate::store::records::{PublicationRecord, SessionRecord, SiteRecord};
use crate::web::agent::own::Own;
use crate::web::agent::parts::{Colleagues, DoneQuery, FormView};
use crate::web::shared::errors::render_with;
use crate::web::shared::{Fields, Manager, Page, StaffForm, WebError, render};

/// The address of the list.
pub const LIST: &str = "/gestion/publications";
/// Publications shown: every open one, for a queue has one at a time, and the newest of the others.
const SHOWN_MAX: i64 = 30;
/// Half-days that a card names; the others are counted.
const NAMED_MAX: usize = 40;

#[derive(Template)]
#[template(path = "prefecture/publications.html")]
struct Publications {
    page: Page,
    done: Option<String>,
    open: Vec<Card>,
    closed: Vec<Card>,
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
    Manager(session): Manager,
    page: Page,
    Query(done): Query<DoneQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let colleagues = Colleagues::load(&app).await?;
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for publication in app.store.publications(own.id(), SHOWN_MAX).await? {
        let is_open = publication.columns.proposal().is_open();
        let card = card(&app, &own, page.lang, &colleagues, &session, &publication).await?;
        if is_open { open.push(card) } else { closed.push(card) }
    }
    let done = done.text(page.lang);
    render(Publications { page: page.titled("manage-publications-title"), done, open, closed })
}

async fn card(
    app: &App,
    own: &Own,
    lang: Lang,
    colleagues: &Colleagues,
    session: &SessionRecord,
    publication: &PublicationRecord,
) -> Result<Card, WebError> {
    let proposal = publication.columns.proposal();
    let few = if proposal.approve(session.staff_id).is_ok() {
        let audience = publications::audience(app, publication, session.staff_id).await?;
        let values = [("could", audience.could.into()), ("waiting", audience.waiting.into())];
        Some(lang.with("manage-publication-few", values))
    } else {
        None
    };
    Ok(Card {
        id: publication.id.to_string(),
        title: title(own, lang, publication),
        lines: lines(own, lang, publication),
        by: colleagues.proposed(lang, own.zone, &publication.columns),
        own: proposal.is_by(session.staff_id),
        few,
        closed: (!proposal.is_open()).then(|| {
            let why = publication.rejected_reason.as_deref();
            colleagues.decided(lang, own.zone, &publication.columns, why)
        }),
    })
}

fn title(own: &Own, lang: Lang, publication: &PublicationRecord) -> String {
    let values =
        [("queue", own.queue_name(publication.queue_id).into()), ("n", publication.slots.len().into())];
    lang.with("manage-publication", values)
}

/// The slots by half-day and site.
fn lines(own: &Own, lang: Lang, publication: &PublicationRecord) -> Vec<String> {
    let mut seats = BTreeMap::<(NaiveDate, Half, SiteId), usize>::new();
    for slot in publication.slots.iter() {
        let zone = own.directory.site(slot.site).map_or(own.zone, SiteRecord::zone);
        let half = (zone.local_date(slot.starts_at), zone.half_of(slot.starts_at), slot.site);
        *seats.entry(half).or_default() += 1;
    }
    let left_out = seats.len().saturating_sub(NAMED_MAX);
    let more = (left_out > 0).then(|| lang.with("manage-and-more", [("n", left_out.into())]));
    let line = |((date, half, site), count): ((NaiveDate, Half, SiteId), usize)| {
        let values = [
            ("date", lang.date(date).into()),
            ("half", lang.text(&format!("offer-half-{}", half.key())).into()),
            ("site", own.site_name(site).into()),
            ("n", count.into()),
        ];
        lang.with("queue-offer-line", values)
    };
    seats.into_iter().take(NAMED_MAX).map(line).chain(more).collect()
}

/// A publication of one's own prefecture, as an address names it.
async fn named(app: &App, own: &Own, id: &str) -> Result<PublicationRecord, WebError> {
    let id: Uuid = id.parse().map_err(|_| WebError::NotFound)?;
    let found = app.store.publication(id).await?;
    found.filter(|found| own.queues().any(|queue| queue.id == found.queue_id)).ok_or(WebError::NotFound)
}

pub async fn approve(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
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
    Manager(session): Manager,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let publication = named(&app, &own, &id).await?;
    publication.columns.proposal().reject(session.staff_id).map_err(WebError::Refused)?;
    let line = title(&own, page.lang, &publication);
    render(reject_page(page, line, &format!("{LIST}/{}", publication.id), LIST, FormView::default()))
}

pub async fn reject(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    Path(id): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let publication = named(&app, &own, &id).await?;
    match publications::reject(&app, publication.id, fields.first("reason"), session.staff_id).await {
        Ok(()) => Ok(Redirect::to(&format!("{LIST}?fait=rejetee")).into_response()),
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            let line = title(&own, page.lang, &publication);
            render_with(status, reject_page(page, line, &format!("{LIST}/{}", publication.id), LIST, form))
        }
    }
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    Path(id): Path<String>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let publication = named(&app, &own, &id).await?;
    publications::withdraw(&app, publication.id, session.staff_id).await?;
    Ok(Redirect::to(&format!("{LIST}?fait=retiree")).into_response())
}
