//! Registering online: one page, no account. What was typed is kept when something is at fault or refused,
//! and a second click on the button, or Back and the button, leads to the same receipt.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::franceconnect;
use super::holder::{self, Holder, RECEIPT_PATH};
use crate::domain::directory::{Prefecture, Queue, Site};
use crate::domain::helper::HelperKind;
use crate::domain::ids::PrefectureId;
use crate::domain::names::BirthDate;
use crate::domain::refusal::Refusal;
use crate::domain::rules::Rules;
use crate::domain::text_enum::key_of;
use crate::flow::franceconnect::Proven;
use crate::flow::register::{
    DEADLINE_KINDS, Desk, Done, Registration, adds_unverified, faults, register as register_flow,
};
use crate::flow::{App, FlowError, people, random};
use crate::limits::{Rule, Wide};
use crate::web::shared::errors::{Limited, render_later, render_with};
use crate::web::shared::limit::{Client, Tries};
use crate::web::shared::place::{self, Place};
use crate::web::shared::{
    AvailabilityForm, Faults, Form, OpeningView, Page, Purpose, WebError, render, rules_words,
};

/// Unverified people from one address: associations, town halls and telephone carriers stand for many.
/// Who is verified at once does not count, and passes whatever others did.
const BY_ADDRESS: Rule = Rule::per_hour(120);
/// … from everybody, in one prefecture: a day on which everybody comes stays below, or comes from many networks.
const BY_PREFECTURE: Wide = Wide { everywhere: Rule::per_hour(5_000), nearby: Rule::per_hour(1_000) };
/// The length of the hidden key, in hexadecimal digits.
const KEY_LEN: usize = 32;

#[derive(Template)]
#[template(path = "applicant/register.html")]
struct RegisterPage {
    page: Page,
    prefecture: Prefecture,
    queue: Queue,
    sites: Vec<Site>,
    typed: Registration,
    availability: AvailabilityForm,
    opening: OpeningView,
    faults: Faults,
    /// Why it was refused.
    refused: Option<String>,
    key: String,
    /// Who they are, as FranceConnect has stated it.
    proven: Option<String>,
    /// Where FranceConnect begins, if this installation has it.
    franceconnect: Option<String>,
    /// Whether messages go by e-mail too.
    by_email: bool,
}

impl RegisterPage {
    fn new(
        page: Page,
        place: Place,
        typed: Registration,
        (availability, opening): (AvailabilityForm, OpeningView),
        key: String,
        app: &App,
    ) -> Self {
        let Place { prefecture, queue, sites } = place;
        let title = page.lang.with("register-title", [("queue", queue.name.clone().into())]);
        let place = format!("/p/{}/{}", prefecture.slug, queue.slug);
        Self {
            page: page.named(title).with_form(format!("{place}/inscription")),
            prefecture,
            queue,
            sites,
            typed,
            availability,
            opening,
            faults: Faults::default(),
            refused: None,
            key,
            proven: None,
            franceconnect: app.franceconnect.is_some().then(|| format!("{place}/franceconnect")),
            by_email: people::sends_email(app),
        }
    }

    /// With who they are, as FranceConnect has stated it in this browser.
    fn of(mut self, proven: Option<Proven>) -> Self {
        if let Some(proven) = &proven {
            let [birth_name, given_names, birth_date] = proven.stated().map(str::to_owned);
            let shown = BirthDate::try_from(birth_date.clone())
                .map_or_else(|_| birth_date.clone(), |date| date.french());
            let values = [
                ("name", format!("{given_names} {birth_name}").trim().to_owned().into()),
                ("birth", shown.into()),
            ];
            self.proven = Some(self.page.lang.with("franceconnect-stated", values));
            (self.typed.birth_name, self.typed.given_names, self.typed.birth_date) =
                (birth_name, given_names, birth_date);
        }
        self.typed.proven = proven;
        self
    }

    /// The form again. A screen reader says the title first: it must say that the form came back.
    fn come_back(self, status: StatusCode) -> Result<Response, WebError> {
        render_with(status, self.marked())
    }

    fn marked(mut self) -> Self {
        self.page.title = format!("{} – {}", self.page.lang.text("faults-short"), self.page.title);
        self
    }

    /// The form again, for later.
    fn wait(mut self, limited: Limited, seconds: u64) -> Result<Response, WebError> {
        self.refused = Some(limited.sentence(self.page.lang, seconds));
        render_later(seconds, self.marked())
    }

    async fn try_register(&self, app: &App, desk: Desk) -> Result<Done, FlowError> {
        let (availability, found) = self.availability.read(app.business.now().date_naive());
        let queue = self.queue.id;
        if found.is_empty() {
            register_flow(app, queue, &self.typed, &availability, desk, &self.key).await
        } else {
            Err(faults(app, queue, &self.typed, &availability, desk, found).await?)
        }
    }

    /// Whether [`Self::try_register`] would add an entry whose identity nobody has verified.
    async fn adds_unverified(&self, app: &App, desk: Desk) -> Result<bool, FlowError> {
        let (availability, found) = self.availability.read(app.business.now().date_naive());
        let queue = self.queue.id;
        Ok(found.is_empty()
            && adds_unverified(app, queue, &self.typed, &availability, desk, &self.key).await?)
    }

    /// Whether nothing is lost by leaving the page.
    fn is_empty(&self) -> bool {
        self.typed.birth_name.is_empty() && self.faults.is_empty() && self.refused.is_none()
    }

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

    fn helper_kinds(&self) -> Vec<(&'static str, String, bool)> {
        let chosen = self.typed.helper.kind.as_str();
        let said = |kind: &HelperKind| self.page.lang.text(&format!("helper-kind-{}", kind.key()));
        HelperKind::ALL.iter().map(|kind| (kind.as_str(), said(kind), kind.as_str() == chosen)).collect()
    }

    fn countries(&self) -> &'static [&'static str] {
        self.page.lang.country_names()
    }
}

/// The empty form.
pub async fn form(
    State(app): State<Arc<App>>,
    page: Page,
    headers: HeaderMap,
    Path((prefecture, queue)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let place = place::queue(&app, &prefecture, &queue).await?;
    let typed = Registration { language: page.lang.code().to_owned(), ..Registration::default() };
    let opening = OpeningView::load(&app, page.lang, &place.queue, &place.sites, None).await?;
    let availability = opening.form(&place.sites);
    let empty = RegisterPage::new(page, place, typed, (availability, opening), fresh_key(), &app);
    render(empty.of(franceconnect::proven(&app, &headers, None)))
}

fn fresh_key() -> String {
    hex::encode(random::<{ KEY_LEN / 2 }>())
}

/// Registers, and leads to the dated receipt; or shows the form again with what is at fault.
pub async fn register(
    State(app): State<Arc<App>>,
    page: Page,
    client: Client,
    purpose: Purpose,
    headers: HeaderMap,
    Path((prefecture, queue)): Path<(String, String)>,
    Form(fields): Form,
) -> Result<Response, WebError> {
    let place = place::queue(&app, &prefecture, &queue).await?;
    let key = fields.first("cle");
    if key.len() != KEY_LEN || hex::decode(key).is_err() {
        return Err(WebError::BadRequest);
    }
    let form = AvailabilityForm::typed(&fields);
    let opening = OpeningView::load(&app, page.lang, &place.queue, &place.sites, None).await?;
    let mut again =
        RegisterPage::new(page, place, fields.registration(), (form, opening), key.to_owned(), &app)
            .of(franceconnect::proven(&app, &headers, Some(key)));
    if purpose.is_draft() {
        return render(again);
    }
    let desk = Desk { network: client.network(), ..Desk::ONLINE };
    let mut tries = Tries::new(&app);
    let allowed = take(&mut tries, client, again.prefecture.id).await;
    if let Err(WebError::TooMany { limited, retry_after_seconds }) = allowed
        && again.adds_unverified(&app, desk).await?
    {
        return again.wait(limited, retry_after_seconds);
    }
    let done = again.try_register(&app, desk).await;
    if is_harmless(&done) {
        tries.give_back().await;
    }
    match done {
        Ok(done) => {
            let receipt = if done.replayed {
                holder::again(&app, done.entry, RECEIPT_PATH).await?
            } else {
                holder::lead(&app, Holder::opened(done.entry, app.real.now()), RECEIPT_PATH)
            };
            Ok(franceconnect::used(&app, receipt, again.typed.proven, key))
        }
        Err(FlowError::Invalid(faults)) => {
            again.faults = Faults::of(again.page.lang, &faults);
            again.come_back(StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(FlowError::Refused(refusal)) => {
            again.refused = Some(if refusal == Refusal::KeyReused {
                // Sent once more, it is another registration.
                again.key = fresh_key();
                again.page.lang.text("register-key-reused")
            } else {
                again.page.lang.text(&refusal.sentence_key())
            });
            again.come_back(StatusCode::CONFLICT)
        }
        Err(error) => Err(error.into()),
    }
}

async fn take(tries: &mut Tries<'_>, client: Client, prefecture: PrefectureId) -> Result<(), WebError> {
    tries.take(Limited::Registrations, "register", &client.name(), BY_ADDRESS).await?;
    let (limited, name) = (Limited::RegistrationsAround, prefecture.to_string());
    tries.take_wide(limited, "register-prefecture", &name, client, BY_PREFECTURE).await
}

/// Whether a try adds nothing unverified, and tells nothing about anybody.
const fn is_harmless(done: &Result<Done, FlowError>) -> bool {
    match done {
        Ok(done) => done.verified || done.replayed,
        Err(error) => !matches!(error, FlowError::Refused(_)),
    }
}
