//! The draws of a queue, to come and past, by pages whose addresses stay: a page begins below a number.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::draw::DrawLine;
use crate::domain::directory::{Prefecture, Queue};
use crate::flow::read::draws::Draw;
use crate::flow::{App, read};
use crate::web::shared::cache::Keep;
use crate::web::shared::{Page, WebError, place, render};

/// Draws on a page.
pub const PAGE: i64 = 30;

/// Which page.
#[derive(Deserialize)]
pub struct Before {
    /// Draws with a smaller number.
    pub avant: Option<i32>,
}

#[derive(Template)]
#[template(path = "public/draws.html")]
struct DrawsPage {
    page: Page,
    prefecture: Prefecture,
    queue: Queue,
    upcoming: Vec<String>,
    draws: Vec<DrawLine>,
    is_first: bool,
    older: Option<i32>,
}

/// The page.
pub async fn draws(
    State(app): State<Arc<App>>,
    page: Page,
    Path((prefecture, queue)): Path<(String, String)>,
    Query(before): Query<Before>,
) -> Result<Response, WebError> {
    let place::Place { prefecture, queue, .. } = place::queue(&app, &prefecture, &queue).await?;
    let (lang, zone) = (page.lang, prefecture.zone);
    let draws = read::draws::before(&app, queue.id, before.avant, PAGE).await?;
    let announced = draws.iter().find_map(Draw::announced);
    let upcoming = read::queues::next_draws(&app, &queue, zone, announced);
    let title = lang.with("draws-title", [("queue", queue.name.clone().into())]);
    let mut response = render(DrawsPage {
        upcoming: upcoming.into_iter().map(|at| lang.instant(at, zone)).collect(),
        older: draws.last().map(|draw| draw.number).filter(|number| *number > 1),
        draws: draws.iter().map(|draw| DrawLine::of(lang, zone, draw)).collect(),
        is_first: before.avant.is_none(),
        page: page.named(title),
        prefecture,
        queue,
    })?;
    Keep::AMinute.set_headers(&mut response);
    Ok(response)
}

/// A draw by its number, as it stands on what is printed.
pub async fn numbered(
    State(app): State<Arc<App>>,
    Path((prefecture, queue, number)): Path<(String, String, String)>,
) -> Result<Response, WebError> {
    let number: i32 = number.parse().map_err(|_| WebError::NotFound)?;
    let place = place::queue(&app, &prefecture, &queue).await?;
    let draw = read::draws::numbered(&app, place.queue.id, number).await?;
    Ok(Redirect::permanent(&format!("/tirages/{}", draw.id)).into_response())
}
