//! The way in: prefectures and their queues, help for those without a computer, the legal page, the
//! choice of a language, and the health check.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::config::DrawSource;
use crate::domain::directory::{Directory, Prefecture, Queue, Site};
use crate::flow::{App, read};
use crate::locale::Lang;
use crate::web::shared::cookies;
use crate::web::shared::origin::own_address;
use crate::web::shared::rules_words::mode_name;
use crate::web::shared::{Page, WebError, render};

#[derive(Template)]
#[template(path = "public/home.html")]
struct HomePage {
    page: Page,
    prefectures: Vec<Prefecture>,
}

#[derive(Template)]
#[template(path = "public/prefecture.html")]
struct PrefecturePage {
    page: Page,
    prefecture: Prefecture,
    sites: Vec<Site>,
    queues: Vec<Queue>,
}

impl PrefecturePage {
    fn mode(&self, queue: &Queue) -> String {
        mode_name(self.page.lang, queue.rules.mode)
    }
}

#[derive(Template)]
#[template(path = "public/help.html")]
struct HelpPage {
    page: Page,
    prefectures: Vec<(Prefecture, Vec<Site>)>,
}

#[derive(Template)]
#[template(path = "public/legal.html")]
struct LegalPage {
    page: Page,
    on_the_operators_word: bool,
}

/// The prefectures; where there is only one, its page at once.
pub async fn home(State(app): State<Arc<App>>, page: Page) -> Result<Response, WebError> {
    let directory = read::directory(&app).await?;
    match directory.prefectures.as_slice() {
        [only] => show(page, only, &directory),
        _ => render(HomePage { page: page.titled("home-title"), prefectures: directory.prefectures.clone() }),
    }
}

/// A prefecture and its queues.
pub async fn prefecture(
    State(app): State<Arc<App>>,
    page: Page,
    Path(slug): Path<String>,
) -> Result<Response, WebError> {
    let directory = read::directory(&app).await?;
    let prefecture = directory.prefecture_by_slug(&slug).ok_or(WebError::NotFound)?;
    show(page, prefecture, &directory)
}

fn show(page: Page, prefecture: &Prefecture, directory: &Directory) -> Result<Response, WebError> {
    render(PrefecturePage {
        page: page.named(prefecture.name.clone()),
        prefecture: prefecture.clone(),
        sites: directory.sites_of(prefecture.id).cloned().collect(),
        queues: directory.queues_of(prefecture.id).cloned().collect(),
    })
}

/// What to do without a computer, and how the waiting works.
pub async fn help(State(app): State<Arc<App>>, page: Page) -> Result<Response, WebError> {
    let directory = read::directory(&app).await?;
    let with_sites =
        |prefecture: &Prefecture| (prefecture.clone(), directory.sites_of(prefecture.id).cloned().collect());
    let prefectures = directory.prefectures.iter().map(with_sites).collect();
    render(HelpPage { page: page.titled("help-title"), prefectures })
}

/// The rights of those who register.
pub async fn legal(State(app): State<Arc<App>>, page: Page) -> Result<Response, WebError> {
    let on_the_operators_word = app.config.draws.source == DrawSource::Commit;
    render(LegalPage { page: page.titled("legal-title"), on_the_operators_word })
}

/// Where to go back to.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    retour: String,
}

/// Remembers a language and goes back.
pub async fn language(Path(lang): Path<String>, Query(back): Query<Back>) -> Response {
    (cookies::language(Lang::of(&lang)), Redirect::to(own_address(&back.retour).unwrap_or("/")))
        .into_response()
}

/// Whether the program and its database answer.
pub async fn health(State(app): State<Arc<App>>) -> Response {
    match read::ping(&app).await {
        Ok(()) => (StatusCode::OK, "ok\n").into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let kind = [(header::CONTENT_TYPE, "application/problem+json")];
            (StatusCode::SERVICE_UNAVAILABLE, kind, r#"{"type":"about:blank","title":"database"}"#)
                .into_response()
        }
    }
}
