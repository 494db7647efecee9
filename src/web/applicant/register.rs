//! Registering online: one page, no account. What was typed is kept when something is at fault, and a
//! second click on the button gives the same answer.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::status::{Opening, show};
use crate::domain::rules::Rules;
use crate::domain::text_enum::key_of;
use crate::flow::register::{DEADLINE_KINDS, Desk, Done, Registration, faults, register as register_flow};
use crate::flow::{App, Fault, FlowError, people, random};
use crate::limits::Rule;
use crate::store::records::{PrefectureRecord, QueueRecord, SiteRecord};
use crate::web::shared::errors::{Limited, render_with, wait_words};
use crate::web::shared::limit::{Client, Tries};
use crate::web::shared::place::{self, Place};
use crate::web::shared::{AvailabilityForm, Faults, Fields, Form, OpeningView, Page, WebError, rules_words};

/// Unverified people from one address: associations, town halls and telephone carriers stand for many.
/// Who is verified at once does not count.
const REGISTRATIONS: Rule = Rule::per_hour(120);
/// The length of the hidden key, in hexadecimal digits.
const KEY_LEN: usize = 32;

#[derive(Template)]
#[template(path = "applicant/register.html")]
struct RegisterPage {
    page: Page,
    prefecture: PrefectureRecord,
    queue: QueueRecord,
    sites: Vec<SiteRecord>,
    typed: Registration,
    availability: AvailabilityForm,
    opening: OpeningView,
    faults: Faults,
    key: String,
    /// Whether messages go by e-mail too.
    by_email: bool,
}

impl RegisterPage {
    fn window(&self) -> Option<String> {
        rules_words::window(self.page.lang, &self.queue.rules)
    }

    fn rules(&self) -> &Rules {
        &self.queue.rules
    }

    fn deadline_kinds(&self) -> Vec<(&'static str, String, bool)> {
        let chosen = self.typed.deadline_kind.as_str();
        let said = |kind: &str| self.page.lang.text(&format!("deadline-kind-{}", key_of(kind)));
        DEADLINE_KINDS.iter().map(|kind| (*kind, said(kind), *kind == chosen)).collect()
    }

    fn countries(&self) -> &'static [&'static str] {
        self.page.lang.country_names()
    }
}

/// The empty form.
pub async fn form(
    State(app): State<Arc<App>>,
    page: Page,
    Path((prefecture, queue)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let place = place::queue(&app, &prefecture, &queue).await?;
    let typed = Registration { language: page.lang.code().to_owned(), ..Registration::default() };
    let opening = OpeningView::load(&app, page.lang, &place.queue, &place.sites, None).await?;
    let availability = opening.form(&place.sites);
    let key = hex::encode(random::<{ KEY_LEN / 2 }>());
    again(&app, StatusCode::OK, page, place, typed, (availability, opening), Faults::default(), key)
}

/// Registers, and answers with the dated receipt; or shows the form again with what is at fault.
pub async fn register(
    State(app): State<Arc<App>>,
    page: Page,
    client: Client,
    Path((prefecture, queue)): Path<(String, String)>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let place = place::queue(&app, &prefecture, &queue).await?;
    let key = fields.first("cle");
    if key.len() != KEY_LEN || hex::decode(key).is_err() {
        return Err(WebError::BadRequest);
    }
    let typed = typed(&fields);
    let form = AvailabilityForm::typed(&fields);
    let opening = OpeningView::load(&app, page.lang, &place.queue, &place.sites, None).await?;
    let mut tries = Tries::new(&app);
    let allowed = tries.take(Limited::Connection, "register", &client.name(), REGISTRATIONS).await;
    if let Err(WebError::TooMany { retry_after_seconds, .. }) = allowed {
        let wait = wait_words(page.lang, retry_after_seconds);
        let faults = Faults::of(page.lang, &[Fault::new("envoyer", "register-too-many").with(wait)]);
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut response = again(&app, status, page, place, typed, (form, opening), faults, key.to_owned())?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_seconds));
        return Ok(response);
    }
    let (availability, found) = form.read(app.business.now().date_naive());
    let queue = place.queue.id;
    let done = if found.is_empty() {
        register_flow(&app, queue, &typed, &availability, Desk::ONLINE, key).await
    } else {
        Err(faults(&app, queue, &typed, &availability, Desk::ONLINE, found).await?)
    };
    if is_harmless(&done) {
        tries.give_back().await;
    }
    match done {
        Ok(done) => show(&app, page, done.entry, Opening::Receipt).await,
        Err(FlowError::Invalid(faults)) => {
            let said = Faults::of(page.lang, &faults);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            again(&app, status, page, place, typed, (form, opening), said, key.to_owned())
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether a try adds nothing unverified, and tells nothing about anybody.
const fn is_harmless(done: &Result<Done, FlowError>) -> bool {
    match done {
        Ok(done) => done.verified || done.replayed,
        Err(error) => !matches!(error, FlowError::Refused(_)),
    }
}

fn typed(fields: &Fields) -> Registration {
    let text = |name: &str| fields.first(name).to_owned();
    Registration {
        birth_name: text("birth_name"),
        given_names: text("given_names"),
        birth_date: text("birth_date"),
        foreigner_number: text("foreigner_number"),
        document_country: text("document_country"),
        document_number: text("document_number"),
        phone: text("phone"),
        email: text("email"),
        language: text("language"),
        deadline: text("deadline"),
        deadline_kind: text("deadline_kind"),
    }
}

#[expect(clippy::too_many_arguments, reason = "the parts of one page")]
fn again(
    app: &App,
    status: StatusCode,
    page: Page,
    place: Place,
    typed: Registration,
    (availability, opening): (AvailabilityForm, OpeningView),
    faults: Faults,
    key: String,
) -> Result<Response, WebError> {
    let Place { prefecture, queue, sites } = place;
    let title = page.lang.with("register-title", [("queue", queue.name.clone().into())]);
    // A screen reader says the title first: it must say that the form came back.
    let title =
        if faults.is_empty() { title } else { format!("{} – {title}", page.lang.text("faults-short")) };
    let page = page.named(title);
    let by_email = people::sends_email(app);
    render_with(
        status,
        RegisterPage { page, prefecture, queue, sites, typed, availability, opening, faults, key, by_email },
    )
}
