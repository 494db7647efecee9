//! The slots of a prefecture: a week at a time, and publishing more by a timetable.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate, Weekday};
use serde::Deserialize;

use super::publications;
use super::slot_view::{Choices, Week, monday, week};
use super::unusual::{UnusualView, unusual_fault};
use crate::domain::actor::Actor;
use crate::domain::directory::Site;
use crate::domain::ids::QueueId;
use crate::domain::slot_plan::{SlotForm, read_time};
use crate::flow::slots::{Count, IfUnusual, PublishError, publish_form};
use crate::flow::{App, Fault, FlowError, offers};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::forms::read_day;
use crate::web::shared::{Faults, Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{DoneQuery, FormView};

#[derive(Template)]
#[template(path = "staff/settings/slots.html")]
struct Slots {
    page: Page,
    done: Option<String>,
    form: FormView,
    opened: String,
    today: NaiveDate,
    week: Week,
    choices: Choices,
    /// For each queue, which list takes what is published now.
    takes: Vec<String>,
    /// The slots of the plan that must be confirmed.
    unusual: Option<UnusualView>,
}

#[derive(Deserialize)]
pub struct WeekQuery {
    #[serde(default)]
    semaine: String,
    #[serde(default)]
    ouvrir: String,
    #[serde(flatten)]
    done: DoneQuery,
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(query): Query<WeekQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let day = own.day_asked("semaine", query.semaine.trim())?;
    let done = query.done.text(page.lang);
    render(template(&app, &own, page, day, fresh_form(&own, []), query.ouvrir, done).await?)
}

/// A working week from next Monday on, in twenty minutes.
fn fresh_form<const N: usize>(own: &Own, more: [(&'static str, String); N]) -> FormView {
    let first = monday(own.today()) + Days::new(7);
    let last = first + Days::new(25);
    let mut pairs = vec![
        ("first_day", first.to_string()),
        ("last_day", last.to_string()),
        ("from", "09:00".to_owned()),
        ("to", "12:00".to_owned()),
        ("every_minutes", "20".to_owned()),
        ("minutes", "20".to_owned()),
        ("skip_holidays", "1".to_owned()),
    ];
    pairs.extend((0..5).map(|day| ("weekdays", day.to_string())));
    pairs.extend(more);
    FormView::filled(pairs)
}

async fn template(
    app: &App,
    own: &Own,
    page: Page,
    day: NaiveDate,
    form: FormView,
    opened: String,
    done: Option<String>,
) -> Result<Slots, WebError> {
    let week = week(app, own, page.lang, day).await?;
    let choices = Choices::of(page.lang, own);
    let today = own.today();
    let takes = takes(app, own, page.lang).await?;
    let page = Page { path: "/gestion/creneaux".to_owned(), ..page.titled("manage-slots-title") };
    Ok(Slots { page, done, form, opened, today, week, choices, takes, unusual: None })
}

async fn takes(app: &App, own: &Own, lang: Lang) -> Result<Vec<String>, WebError> {
    let mut said = Vec::new();
    for queue in own.queues() {
        let Some(list) = offers::takes_from_now(app, queue, own.zone).await? else { continue };
        let values = [
            ("queue", queue.name.clone().into()),
            ("date", lang.instant(list.freeze_at, own.zone).into()),
            ("first", lang.date(own.zone.local_date(list.offer.first)).into()),
            ("last", lang.date(own.zone.local_date(list.offer.last)).into()),
        ];
        said.push(lang.with("manage-takes", values));
    }
    Ok(said)
}

pub async fn publish_plan(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    if purpose.is_draft() {
        let form = FormView::again(fields, page.lang, &[]);
        return plan_again(&app, &own, page, StatusCode::OK, form, None).await;
    }
    let published = match read_plan(&own, &fields) {
        Ok((queue, form)) => {
            let if_unusual = if_unusual(fields.has("confirm"));
            publish_form(&app, queue, &form, if_unusual, Actor::Staff(session.staff_id)).await
        }
        Err(faults) => Err(FlowError::Invalid(faults).into()),
    };
    let lang = page.lang;
    let (error, unusual) = match published {
        Ok(count) => return Ok(published_at(read_day(fields.first("first_day"), own.today()), count)),
        Err(PublishError::Second) => return Ok(proposed()),
        Err(PublishError::Unusual(slots)) => {
            (FlowError::invalid(unusual_fault()), Some(UnusualView::of(lang, &own, &slots)))
        }
        Err(PublishError::Flow(FlowError::Invalid(mut faults))) => {
            // A plan may repeat one fault for every slot; a form says it once.
            faults.dedup_by(|a, b| a.field == b.field && a.key == b.key);
            (FlowError::Invalid(faults), None)
        }
        Err(PublishError::Flow(error)) => (error, None),
        Err(error @ PublishError::Lines(_)) => return Err(WebError::internal("publishing a plan", &error)),
    };
    let (status, form) = FormView::answering(error, fields, lang)?;
    plan_again(&app, &own, page, status, form, unusual).await
}

/// The page with the form that closes a day, shown again.
pub async fn closing_again(
    app: &App,
    own: &Own,
    page: Page,
    site: &Site,
    day: &str,
    fault: Fault,
) -> Result<Response, WebError> {
    let mut form = fresh_form(own, [("site", site.id.to_string()), ("day", day.to_owned())]);
    form.faults = Faults::of(page.lang, &[fault]);
    let slots = template(app, own, page, own.today(), form, "fermer".to_owned(), None).await?;
    render_with(StatusCode::UNPROCESSABLE_ENTITY, slots)
}

async fn plan_again(
    app: &App,
    own: &Own,
    page: Page,
    status: StatusCode,
    form: FormView,
    unusual: Option<UnusualView>,
) -> Result<Response, WebError> {
    let slots = template(app, own, page, own.today(), form, "plan".to_owned(), None).await?;
    render_with(status, Slots { unusual, ..slots })
}

/// The same sentence whoever asks and however few: that a second person must agree.
pub fn proposed() -> Response {
    Redirect::to(&format!("{}?fait=publication", publications::LIST)).into_response()
}

pub fn published_at(day: Option<NaiveDate>, count: Count) -> Response {
    let week = day.map(|day| format!("&semaine={day}")).unwrap_or_default();
    let to = format!("/gestion/creneaux?fait=creneaux&n={}&m={}{week}", count.new, count.doubles);
    Redirect::to(&to).into_response()
}

fn read_plan(own: &Own, fields: &Fields) -> Result<(QueueId, SlotForm), Vec<Fault>> {
    let mut faults = Vec::new();
    let queue =
        keep(&mut faults, "queue", "slot-queue", own.queue_named(fields.first("queue")).map(|it| it.id));
    let desk = fields.first("desk").split_once('/').and_then(|(site, desk)| Some((site, desk.parse().ok()?)));
    let desk = keep(&mut faults, "desk", "slot-unknown-desk", desk);
    let first_day = keep(&mut faults, "first_day", "day", read_day(fields.first("first_day"), own.today()));
    let last_day = keep(&mut faults, "last_day", "day", read_day(fields.first("last_day"), own.today()));
    let from = keep(&mut faults, "from", "slot-time", read_time(fields.first("from")));
    let to = keep(&mut faults, "to", "slot-time", read_time(fields.first("to")));
    let every = keep(&mut faults, "every_minutes", "slot-every", fields.first("every_minutes").parse().ok());
    let minutes = keep(&mut faults, "minutes", "slot-minutes", fields.first("minutes").parse().ok());
    let weekdays = fields.all("weekdays").filter_map(|day| Weekday::try_from(day.parse::<u8>().ok()?).ok());
    let weekdays = weekdays.collect();
    let read = (|| {
        let (site, desk) = desk?;
        let form = SlotForm {
            site: site.to_owned(),
            desk,
            first_day: first_day?,
            last_day: last_day?,
            weekdays,
            from: from?,
            to: to?,
            every_minutes: every?,
            minutes: minutes?,
            skip_holidays: fields.has("skip_holidays"),
        };
        Some((queue?, form))
    })();
    read.ok_or(faults)
}

fn keep<T>(faults: &mut Vec<Fault>, field: &'static str, word: &str, value: Option<T>) -> Option<T> {
    if value.is_none() {
        faults.push(Fault::new(field, word));
    }
    value
}

/// The page with the form around the file, shown again: a browser asks for the file once more.
pub async fn form_again(
    app: &App,
    own: &Own,
    page: Page,
    queue: &str,
    error: FlowError,
) -> Result<Response, WebError> {
    let fresh = fresh_form(own, [("file_queue", queue.to_owned())]);
    let (status, answer) = FormView::answering(error, Fields::default(), page.lang)?;
    let form = FormView { fields: fresh.fields, ..answer };
    let day = own.today();
    render_with(status, template(app, own, page, day, form, "fichier".to_owned(), None).await?)
}

/// What a ticked box means.
pub const fn if_unusual(confirmed: bool) -> IfUnusual {
    if confirmed { IfUnusual::Publish } else { IfUnusual::Ask }
}
