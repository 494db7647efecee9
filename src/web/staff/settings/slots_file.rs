//! Publishing slots from a file. What was sent is kept when the page asks whether unusual slots are
//! meant; a file that is too large is answered, and not cut off.

use std::sync::Arc;

use askama::Template;
use axum::extract::multipart::Field;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::slots::{form_again, if_unusual, proposed, published_at};
use super::unusual::{UnusualView, unusual_fault};
use crate::domain::actor::Actor;
use crate::domain::slot_plan::csv::{Column, FILE_MAX_BYTES, LineFault};
use crate::domain::text_enum::key_of;
use crate::flow::slots::{PublishError, publish_csv};
use crate::flow::staff::Session;
use crate::flow::{App, Fault, FlowError};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::forms::sentence;
use crate::web::shared::session::guard;
use crate::web::shared::{Page, Purpose, Staff, WebError};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::FormView;

/// Faulty lines that a page names; the others are counted.
const FAULTS_NAMED: usize = 100;

#[derive(Template)]
#[template(path = "staff/settings/line_faults.html")]
struct LineFaults {
    page: Page,
    summary: String,
    more: Option<String>,
    faults: Vec<FaultLine>,
}

struct FaultLine {
    line: u32,
    column: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "staff/settings/unusual.html")]
struct AskUnusual {
    page: Page,
    form: FormView,
    unusual: UnusualView,
    queue: String,
    content: String,
}

/// What the form around the file sends.
#[derive(Default)]
struct Upload {
    csrf: String,
    queue: String,
    file: Vec<u8>,
    confirmed: bool,
}

impl Upload {
    fn is_too_large(&self) -> bool {
        self.file.len() as u64 > FILE_MAX_BYTES
    }
}

pub async fn publish_file(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    headers: HeaderMap,
    purpose: Purpose,
    multipart: Multipart,
) -> Result<Response, Response> {
    // A file cannot be shown again.
    if purpose.is_draft() {
        return Err(WebError::BadRequest.into_response());
    }
    let upload = read_upload(multipart).await?;
    guard(&app, &session, &headers, &upload.csrf).map_err(IntoResponse::into_response)?;
    publish_upload(&app, &session, page, upload).await.map_err(IntoResponse::into_response)
}

async fn read_upload(mut multipart: Multipart) -> Result<Upload, Response> {
    let mut upload = Upload::default();
    while let Some(field) = multipart.next_field().await.map_err(IntoResponse::into_response)? {
        let name = field.name().unwrap_or("").to_owned();
        let bytes = read_field(field).await?;
        let text = || String::from_utf8_lossy(&bytes).trim().to_owned();
        match name.as_str() {
            "csrf" => upload.csrf = text(),
            "file_queue" => upload.queue = text(),
            "confirm" => upload.confirmed = !text().is_empty(),
            // The file itself, or what it held when the page asked.
            "file" | "content" => upload.file = bytes,
            _ => {}
        }
    }
    Ok(upload)
}

/// A field, of which no more is kept than tells that it is too large: a browser reads the answer only
/// when all is sent.
async fn read_field(mut field: Field<'_>) -> Result<Vec<u8>, Response> {
    let most = usize::try_from(FILE_MAX_BYTES).unwrap_or(usize::MAX).saturating_add(1);
    let mut kept = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(IntoResponse::into_response)? {
        let room = most.saturating_sub(kept.len()).min(chunk.len());
        kept.extend_from_slice(&chunk[..room]);
    }
    Ok(kept)
}

async fn publish_upload(
    app: &App,
    session: &Session,
    page: Page,
    upload: Upload,
) -> Result<Response, WebError> {
    let own = Own::load(app, session).await?;
    let queue = own.queue_named(&upload.queue).map(|queue| queue.id);
    if upload.is_too_large() {
        let error = FlowError::invalid(Fault::new("file", "slot-file-too-large"));
        let mut again = form_again(app, &own, page, &upload.queue, error).await?;
        *again.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return Ok(again);
    }
    let Some(queue) = queue else {
        let error = FlowError::invalid(Fault::new("file_queue", "slot-queue"));
        return form_again(app, &own, page, &upload.queue, error).await;
    };
    let confirmed = if_unusual(upload.confirmed);
    let actor = Actor::Staff(session.staff_id);
    match publish_csv(app, queue, upload.file.clone(), confirmed, actor, |_| ()).await {
        Ok(count) => Ok(published_at(None, count)),
        Err(PublishError::Second) => Ok(proposed()),
        Err(PublishError::Lines(faults)) => line_faults(page, &faults),
        Err(PublishError::Unusual(slots)) => {
            let lang = page.lang;
            let template = AskUnusual {
                unusual: UnusualView::of(lang, &own, &slots),
                page: page.titled("manage-unusual-title"),
                form: FormView::again(crate::web::shared::Fields::default(), lang, &[unusual_fault()]),
                queue: upload.queue,
                content: String::from_utf8_lossy(&upload.file).into_owned(),
            };
            render_with(StatusCode::UNPROCESSABLE_ENTITY, template)
        }
        Err(PublishError::Flow(error)) => form_again(app, &own, page, &upload.queue, error).await,
    }
}

fn line_faults(page: Page, faults: &[LineFault]) -> Result<Response, WebError> {
    let lang = page.lang;
    let left_out = faults.len().saturating_sub(FAULTS_NAMED);
    let template = LineFaults {
        page: page.titled("manage-file-faults-title"),
        summary: lang.with("manage-file-faults", [("n", faults.len().into())]),
        more: (left_out > 0).then(|| lang.with("manage-and-more", [("n", left_out.into())])),
        faults: faults.iter().take(FAULTS_NAMED).map(|fault| fault_line(lang, fault)).collect(),
    };
    render_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

fn fault_line(lang: Lang, fault: &LineFault) -> FaultLine {
    let word = format!("slot-{}", key_of(fault.reason.code()));
    let said = sentence(lang, &Fault::new("file", &word).with(fault.reason.detail()));
    let detail = fault.reason.detail();
    let reason = if detail.is_empty() || said.contains(&detail) {
        said
    } else {
        lang.with("manage-file-detail", [("detail", detail.into()), ("said", said.into())])
    };
    let column = fault.column.map(|column| column_name(lang, column));
    FaultLine { line: fault.line, column: column.unwrap_or_else(|| "–".to_owned()), reason }
}

fn column_name(lang: Lang, column: Column) -> String {
    lang.text(&format!("manage-column-{column}"))
}
