//! The log in public: the page that says what it is and who witnesses it, and the documents with which
//! anybody checks it. docs/witnesses.md describes them.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::domain::ids::DrawId;
use crate::domain::local_time::Zone;
use crate::flow::read::log::{self, Log, Signed};
use crate::flow::witnesses::{self, Follower};
use crate::flow::{App, journal};
use crate::limits::Rule;
use crate::web::shared::errors::Limited;
use crate::web::shared::limit::{Client, hit};
use crate::web::shared::{Page, WebError, render};

/// A proof costs a few reads.
const PROOFS: Rule = Rule::per_minute(120);
/// A proof between two sizes never changes.
const FOR_EVER: (header::HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");

#[derive(Template)]
#[template(path = "public/journal.html")]
struct JournalPage {
    page: Page,
    log: Log,
    head: Option<Signed>,
    key: String,
    witnesses: Vec<Follower>,
    /// When it was last taken back from a copy, in words.
    restored: Option<String>,
}

impl JournalPage {
    fn root(&self) -> String {
        self.head.as_ref().map(|head| hex::encode(&head.root)).unwrap_or_default()
    }

    fn signed(&self) -> String {
        let at = self.head.as_ref().map(|head| self.page.lang.instant(head.at, Zone::PARIS));
        at.unwrap_or_default()
    }

    fn size(&self) -> i64 {
        self.head.as_ref().map_or(0, |head| head.size)
    }

    /// How far a witness follows, in words.
    fn follows(&self, witness: &Follower) -> String {
        let Some(at) = witness.acknowledged_at else {
            return self.page.lang.text("log-witness-never");
        };
        let at = self.page.lang.instant(at, Zone::PARIS);
        let values = [("date", at.into()), ("behind", witness.behind.into())];
        self.page.lang.with("log-witness-follows", values)
    }

    /// What went wrong, if anything did.
    fn trouble(&self, witness: &Follower) -> Option<String> {
        witness.fault.as_ref()?;
        let key = if witness.contradicts() { "log-witness-contradicts" } else { "log-witness-silent" };
        Some(self.page.lang.text(key))
    }

    fn contradicted(&self) -> bool {
        self.witnesses.iter().any(Follower::contradicts)
    }
}

/// The page.
pub async fn page(State(app): State<Arc<App>>, page: Page) -> Result<Response, WebError> {
    let restored = log::restored_at(&app)
        .await?
        .map(|at| page.lang.with("log-restored", [("date", page.lang.instant(at, Zone::PARIS).into())]));
    render(JournalPage {
        restored,
        page: page.titled("log-title"),
        log: log::log(&app).await?,
        head: log::signed(&app).await?,
        key: journal::key(&app)?.to_string(),
        witnesses: witnesses::followers(&app).await?,
    })
}

/// The newest signed head with the key to check it, and how far each witness follows.
pub async fn head(State(app): State<Arc<App>>) -> Result<Response, WebError> {
    let head = log::signed(&app).await?;
    let follower = |one: Follower| {
        let at = one.acknowledged_at.map(|at| at.timestamp());
        json!({ "url": one.url, "size": one.size, "behind": one.behind, "acknowledged_at": at, "fault": one.fault })
    };
    let followers: Vec<_> = witnesses::followers(&app).await?.into_iter().map(follower).collect();
    let body = json!({
        "key": journal::key(&app)?.to_string(),
        "size": head.as_ref().map(|head| head.size),
        "root": head.as_ref().map(|head| hex::encode(&head.root)),
        "time": head.as_ref().map(|head| head.at.timestamp()),
        "note": head.as_ref().map(|head| &head.note),
        "waiting": log::log(&app).await?.tail,
        "witnesses": followers,
    });
    Ok(Json(body).into_response())
}

/// The newest signed head alone: the signed note, to the byte.
pub async fn note(State(app): State<Arc<App>>) -> Result<Response, WebError> {
    let head = log::signed(&app).await?.ok_or(WebError::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], head.note).into_response())
}

/// From which size to which.
#[derive(Deserialize)]
pub struct Span {
    de: i64,
    a: i64,
}

/// The proof that the log of `a` rows only adds to that of `de` rows.
pub async fn consistency(
    State(app): State<Arc<App>>,
    client: Client,
    Query(span): Query<Span>,
) -> Result<Response, WebError> {
    hit(&app, Limited::Pages, "journal", &client.name(), PROOFS).await?;
    let proof = journal::consistency(&app, span.de, span.a).await?.ok_or(WebError::NotFound)?;
    let body = json!({ "from": span.de, "to": span.a, "consistency": proof });
    Ok(([FOR_EVER], Json(body)).into_response())
}

/// In the tree of how many rows.
#[derive(Deserialize)]
pub struct Within {
    taille: Option<i64>,
}

/// The record of a draw's freeze, with the proof that it is in the log.
pub async fn freeze(
    State(app): State<Arc<App>>,
    client: Client,
    Path(draw): Path<String>,
    Query(within): Query<Within>,
) -> Result<Response, WebError> {
    hit(&app, Limited::Pages, "journal", &client.name(), PROOFS).await?;
    let draw: DrawId = draw.strip_suffix(".json").and_then(|id| id.parse().ok()).ok_or(WebError::NotFound)?;
    let (record, size) = journal::freeze_proof(&app, draw, within.taille).await?.ok_or(WebError::NotFound)?;
    let head = log::signed_over(&app, size).await?;
    let body = json!({ "row": record.row, "index": record.index, "proof": record.proof, "size": size,
        "head": head.map(|head| head.note) });
    Ok(Json(body).into_response())
}
