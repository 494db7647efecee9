//! The slots of a prefecture: a week at a time, and publishing more, by a timetable or by a file.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Multipart, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use serde::Deserialize;

use super::slot_view::{Choices, Week, monday, week};
use crate::domain::actor::Actor;
use crate::domain::ids::QueueId;
use crate::domain::slot_plan::SlotForm;
use crate::domain::slot_plan::csv::{Column, LineFault};
use crate::domain::text_enum::key_of;
use crate::flow::slots::{Count, PublishError, publish_csv, publish_form};
use crate::flow::{App, Fault, FlowError};
use crate::locale::Lang;
use crate::store::records::SessionRecord;
use crate::web::agent::own::Own;
use crate::web::agent::parts::{DoneQuery, FormView};
use crate::web::shared::errors::render_with;
use crate::web::shared::forms::{read_day, sentence};
use crate::web::shared::session::guard;
use crate::web::shared::{Fields, Manager, Page, StaffForm, WebError, render};

#[derive(Template)]
#[template(path = "prefecture/slots.html")]
struct Slots {
    page: Page,
    done: Option<String>,
    form: FormView,
    opened: String,
    today: NaiveDate,
    week: Week,
    choices: Choices,
}

#[derive(Template)]
#[template(path = "prefecture/line_faults.html")]
struct LineFaults {
    page: Page,
    summary: String,
    faults: Vec<FaultLine>,
}

struct FaultLine {
    line: u32,
    column: String,
    reason: String,
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
    Manager(session): Manager,
    page: Page,
    Query(query): Query<WeekQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let day = query.semaine.parse().unwrap_or_else(|_| own.today());
    let done = query.done.text(page.lang);
    render(template(&app, &own, page, day, fresh_form(&own), query.ouvrir, done).await?)
}

/// A working week from next Monday on, in twenty minutes.
fn fresh_form(own: &Own) -> FormView {
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
    Ok(Slots { page: page.titled("manage-slots-title"), done, form, opened, today, week, choices })
}

pub async fn publish_plan(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let published = match read_plan(&own, &fields) {
        Ok((queue, form)) => publish_form(&app, queue, &form, Actor::Staff(session.staff_id)).await,
        Err(faults) => Err(FlowError::Invalid(faults)),
    };
    match published {
        Ok(count) => Ok(published_at(read_day(fields.first("first_day")), count)),
        Err(mut error) => {
            if let FlowError::Invalid(faults) = &mut error {
                // A plan may repeat one fault for every slot; a form says it once.
                faults.dedup_by(|a, b| a.field == b.field && a.key == b.key);
            }
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            let template = template(&app, &own, page, own.today(), form, "plan".to_owned(), None).await?;
            render_with(status, template)
        }
    }
}

fn published_at(day: Option<NaiveDate>, count: Count) -> Response {
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
    let first_day = keep(&mut faults, "first_day", "day", read_day(fields.first("first_day")));
    let last_day = keep(&mut faults, "last_day", "day", read_day(fields.first("last_day")));
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

/// A time of day as browsers send it.
fn read_time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S")).ok()
}

/// What the form around the file sends.
#[derive(Default)]
struct Upload {
    csrf: String,
    queue: String,
    file: Vec<u8>,
}

pub async fn publish_file(
    State(app): State<Arc<App>>,
    Manager(session): Manager,
    page: Page,
    headers: HeaderMap,
    multipart: Multipart,
) -> Result<Response, Response> {
    let upload = read_upload(multipart).await?;
    guard(&app, &session, &headers, &upload.csrf).map_err(IntoResponse::into_response)?;
    publish_upload(&app, &session, page, upload).await.map_err(IntoResponse::into_response)
}

async fn read_upload(mut multipart: Multipart) -> Result<Upload, Response> {
    let mut upload = Upload::default();
    while let Some(field) = multipart.next_field().await.map_err(IntoResponse::into_response)? {
        let name = field.name().unwrap_or("").to_owned();
        let bytes = field.bytes().await.map_err(IntoResponse::into_response)?;
        let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
        match name.as_str() {
            "csrf" => upload.csrf = text(),
            "file_queue" => upload.queue = text(),
            "file" => upload.file = bytes.to_vec(),
            _ => {}
        }
    }
    Ok(upload)
}

async fn publish_upload(
    app: &App,
    session: &SessionRecord,
    page: Page,
    upload: Upload,
) -> Result<Response, WebError> {
    let own = Own::load(app, session).await?;
    let Some(queue) = own.queue_named(&upload.queue).map(|queue| queue.id) else {
        let faults = [Fault::new("file_queue", "slot-queue")];
        let form = FormView::again(fresh_form(&own).fields, page.lang, &faults);
        let day = own.today();
        let template = template(app, &own, page, day, form, "fichier".to_owned(), None).await?;
        return render_with(StatusCode::UNPROCESSABLE_ENTITY, template);
    };
    match publish_csv(app, queue, upload.file, Actor::Staff(session.staff_id), |_| ()).await {
        Ok(count) => Ok(published_at(None, count)),
        Err(PublishError::Lines(faults)) => {
            let lang = page.lang;
            let template = LineFaults {
                page: page.titled("manage-file-faults-title"),
                summary: lang.with("manage-file-faults", [("n", faults.len().into())]),
                faults: faults.iter().map(|fault| fault_line(lang, fault)).collect(),
            };
            render_with(StatusCode::UNPROCESSABLE_ENTITY, template)
        }
        Err(PublishError::Flow(error)) => Err(error.into()),
    }
}

fn fault_line(lang: Lang, fault: &LineFault) -> FaultLine {
    let word = format!("slot-{}", key_of(fault.reason.code()));
    let said = sentence(lang, &Fault::new("file", &word).with(fault.reason.detail()));
    let detail = fault.reason.detail();
    let reason =
        if detail.is_empty() || said.contains(&detail) { said } else { format!("« {detail} » : {said}") };
    let column = fault.column.map(|column| column_name(lang, column));
    FaultLine { line: fault.line, column: column.unwrap_or_else(|| "–".to_owned()), reason }
}

fn column_name(lang: Lang, column: Column) -> String {
    lang.text(&format!("manage-column-{column}"))
}
