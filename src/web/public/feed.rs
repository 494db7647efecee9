//! The draws of a queue for machines: an Atom feed of what is new, and a JSON index of everything. Formats:
//! docs/public-draws.md.

use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::counts::Counts;
use super::draw::annulment_reason;
use super::draws::{Before, PAGE};
use crate::flow::read::draws::Draw;
use crate::flow::{App, read};
use crate::web::shared::cache::{Keep, answer, etag};
use crate::web::shared::{Page, WebError, place};

/// The format of the index.
pub const FORMAT: &str = "passage-draws/1";

struct Item {
    id: String,
    title: String,
    updated: String,
    published: String,
    summary: String,
}

#[derive(Template)]
#[template(path = "public/draws.xml")]
struct Feed {
    lang: &'static str,
    title: String,
    site: String,
    path: String,
    updated: String,
    items: Vec<Item>,
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The last thing that happened to a draw.
fn updated(draw: &Draw) -> DateTime<Utc> {
    [draw.frozen_at, draw.drawn_at, draw.published_at, draw.annulled_at]
        .into_iter()
        .flatten()
        .fold(draw.announced_at, DateTime::max)
}

/// The feed.
pub async fn atom(
    State(app): State<Arc<App>>,
    page: Page,
    headers: HeaderMap,
    Path((prefecture, queue)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let place::Place { prefecture, queue, .. } = place::queue(&app, &prefecture, &queue).await?;
    let (lang, zone) = (page.lang, prefecture.zone);
    let draws = read::draws::newest(&app, queue.id, PAGE).await?;
    let item = |draw: &Draw| {
        let name = lang.with("draw-name", [("number", draw.number.into())]);
        let freeze = lang.instant(draw.frozen_at.unwrap_or(draw.freeze_at), zone);
        let mut summary = vec![lang.with("feed-freeze", [("date", freeze.into())])];
        let counts = Counts::of(draw).map(|counts| counts.words(lang)).unwrap_or_default();
        summary.extend(counts.into_iter().map(|(title, value)| {
            lang.with("feed-count", [("title", title.into()), ("value", value.into())])
        }));
        summary.extend(annulment_reason(lang, draw));
        Item {
            id: draw.id.to_string(),
            title: format!("{name} – {}", lang.text(&format!("draw-state-{}", draw.state.key()))),
            updated: stamp(updated(draw)),
            published: stamp(draw.announced_at),
            summary: summary.join(" "),
        }
    };
    let newest = draws.iter().map(updated).max().unwrap_or(DateTime::UNIX_EPOCH);
    let feed = Feed {
        lang: lang.code(),
        title: lang.with("draws-title", [("queue", queue.name.clone().into())]),
        site: app.config.http.public_url.trim_end_matches('/').to_owned(),
        path: format!("/p/{}/{}/tirages", prefecture.slug, queue.slug),
        updated: stamp(newest),
        items: draws.iter().map(item).collect(),
    };
    let body = feed.render().map_err(|error| WebError::internal("writing a feed", &error))?;
    let etag = etag(body.as_bytes());
    Ok(answer(&headers, Keep::AMinute, &etag, "application/atom+xml; charset=utf-8", Body::from(body)))
}

/// The index.
pub async fn index(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path((prefecture, queue)): Path<(String, String)>,
    Query(before): Query<Before>,
) -> Result<Response, WebError> {
    let place::Place { prefecture, queue, .. } = place::queue(&app, &prefecture, &queue).await?;
    let site = app.config.http.public_url.trim_end_matches('/');
    let path = format!("{site}/p/{}/{}/tirages", prefecture.slug, queue.slug);
    let draws = read::draws::before(&app, queue.id, before.avant, PAGE).await?;
    let next = draws.last().map(|draw| draw.number).filter(|number| *number > 1);
    let body = json!({
        "type": FORMAT,
        "queue": { "prefecture": prefecture.slug, "procedure": queue.slug, "name": queue.name, "page": path },
        "draws": draws.iter().map(|draw| facts(site, draw)).collect::<Vec<_>>(),
        "next": next.map(|number| format!("{path}.json?avant={number}")),
    })
    .to_string();
    let etag = etag(body.as_bytes());
    Ok(answer(&headers, Keep::AMinute, &etag, "application/json", Body::from(body)))
}

fn facts(site: &str, draw: &Draw) -> Value {
    let page = format!("{site}/tirages/{}", draw.id);
    let hash = |bytes: &Option<Vec<u8>>| bytes.as_deref().map(hex::encode);
    let at = |at: Option<DateTime<Utc>>| at.map(stamp);
    json!({
        "draw": draw.id.0.simple().to_string(),
        "number": draw.number,
        "state": draw.state.as_str(),
        "rules_version": draw.rules_version,
        "previous": draw.previous.map(|id| id.0.simple().to_string()),
        "announced_at": stamp(draw.announced_at),
        "freeze_at": stamp(draw.freeze_at),
        "randomness_at": stamp(draw.seed_at),
        "frozen_at": at(draw.frozen_at),
        "drawn_at": at(draw.drawn_at),
        "published_at": at(draw.published_at),
        "annulled_at": at(draw.annulled_at),
        "annul_reason": draw.annulled_at.and(draw.annul_reason.as_deref()),
        "source": draw.source,
        "freeze": hash(&draw.freeze_hash),
        "outcome_hash": draw.bundle_is_public().then(|| hash(&draw.outcome_hash)),
        "counts": Counts::of(draw).map(|counts| counts.json()),
        "page": page,
        "list": draw.freeze_hash.as_ref().map(|_| format!("{page}/liste.json")),
        "bundle": draw.bundle_is_public().then(|| format!("{page}/bundle.json")),
    })
}
