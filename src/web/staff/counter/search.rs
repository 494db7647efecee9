//! Finding somebody's request: by its reference, or by what stands on their papers, for a reason that is written down.
//! What is found is masked until it is opened.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::domain::reading::SearchReason;
use crate::domain::reference::Reference;
use crate::flow::people::search::{self, FOUND_MAX, Found, Typed};
use crate::flow::{App, read};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, FormView, word};

const PATH: &str = "/agent/demandes";

#[derive(Template)]
#[template(path = "staff/counter/search.html")]
struct Search {
    page: Page,
    reference: String,
    /// No request of this prefecture has the reference.
    missing: bool,
    form: FormView,
    reasons: Vec<Choice>,
    countries: &'static [&'static str],
    results: Option<Results>,
}

struct Results {
    rows: Vec<Row>,
    summary: String,
}

struct Row {
    id: String,
    name: String,
    about: String,
    state: String,
}

impl Search {
    fn new(page: Page) -> Self {
        let lang = page.lang;
        let mut page = page.titled("staff-search-title").with_form(PATH);
        PATH.clone_into(&mut page.path);
        let reason =
            |reason: &SearchReason| Choice::new(reason, word(lang, "search-reason", reason.as_str()));
        Self {
            page,
            reference: String::new(),
            missing: false,
            form: FormView::default(),
            reasons: SearchReason::ALL.iter().map(reason).collect(),
            countries: lang.country_names(),
            results: None,
        }
    }
}

#[derive(Deserialize)]
pub struct ReferenceQuery {
    #[serde(default, rename = "ref")]
    reference: String,
}

/// The forms; with a reference, its request. One of another prefecture is as unknown as none.
pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(query): Query<ReferenceQuery>,
) -> Result<Response, WebError> {
    let reference = query.reference;
    if reference.trim().is_empty() {
        return render(Search::new(page));
    }
    let own = Own::load(&app, &session).await?;
    let found = match reference.parse::<Reference>() {
        Ok(reference) => read::entries::by_reference(&app, &reference).await?,
        Err(_) => None,
    };
    match found.filter(|entry| own.queue_by_id(entry.queue_id).is_ok()) {
        Some(entry) => Ok(Redirect::to(&format!("{PATH}/{}", entry.id)).into_response()),
        None => render_with(StatusCode::NOT_FOUND, Search { reference, missing: true, ..Search::new(page) }),
    }
}

/// Searches by what stands on papers. It is a form and no address: nothing typed stands in a log.
pub async fn find(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let lang = page.lang;
    let typed = typed(&fields);
    let found = search::search(&app, own.zone, &typed, own.staff_reader());
    match purpose.carry_out(found).await {
        Ok(found) => {
            let form = FormView::again(fields, lang, &[]);
            let results = Some(results(lang, &own, found));
            render(Search { form, results, ..Search::new(page) })
        }
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, lang)?;
            render_with(status, Search { form, ..Search::new(page) })
        }
    }
}

fn typed(fields: &Fields) -> Typed {
    let text = |name: &str| fields.first(name).to_owned();
    Typed {
        foreigner_number: text("foreigner_number"),
        document_country: text("document_country"),
        document_number: text("document_number"),
        phone: text("phone"),
        email: text("email"),
        birth_name: text("birth_name"),
        given_names: text("given_names"),
        birth_date: text("birth_date"),
        reason: text("search_reason"),
    }
}

fn results(lang: Lang, own: &Own, found: search::Results) -> Results {
    let row = |found: Found| Row {
        id: found.entry.id.to_string(),
        about: about(lang, own, &found),
        state: word(lang, "entry", found.entry.state.as_str()),
        name: found.initials,
    };
    let count = [("n", found.found.len().into()), ("max", FOUND_MAX.into())];
    let summary = lang.with(if found.has_more { "staff-found-many" } else { "staff-found" }, count);
    Results { rows: found.found.into_iter().map(row).collect(), summary }
}

/// What is said of somebody found, beside their initials.
pub fn about(lang: Lang, own: &Own, found: &Found) -> String {
    lang.with(
        "staff-found-about",
        [
            ("year", found.birth_year.to_string().into()),
            ("queue", own.queue_name(found.entry.queue_id).into()),
            ("date", lang.date(own.zone.local_date(found.entry.registered_at)).into()),
        ],
    )
}
