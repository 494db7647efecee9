//! The documents of a draw, byte for byte as they were frozen and published. They never change, so
//! whoever has one need not fetch it again.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::draw::find;
use crate::flow::App;
use crate::limits::Rule;
use crate::web::shared::WebError;
use crate::web::shared::limit::{Client, hit};

/// A document can be megabytes.
const DOCUMENTS: Rule = Rule::per_minute(60);

/// The whole bundle of a published draw.
pub async fn bundle(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    hit(&app, "document", &client.name(), DOCUMENTS).await?;
    let draw = find(&app, &id).await?;
    if draw.published_at.is_none() {
        return Err(WebError::NotFound);
    }
    let body = app.store.draw_document(draw.id, "bundle").await?.ok_or(WebError::NotFound)?;
    Ok(document(body, &headers))
}

/// The frozen list, before and after the draw.
pub async fn list(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    hit(&app, "document", &client.name(), DOCUMENTS).await?;
    let draw = find(&app, &id).await?;
    let body = app.store.draw_document(draw.id, "list").await?.ok_or(WebError::NotFound)?;
    Ok(document(body, &headers))
}

fn document(body: Vec<u8>, asked: &HeaderMap) -> Response {
    let print = hex::encode(&Sha256::digest(&body)[..16]);
    let headers = [
        // Weak, because the answer may be compressed on its way.
        (header::ETAG, format!("W/\"{print}\"")),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
        (header::CONTENT_TYPE, "application/json".to_owned()),
    ];
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.contains(&print)) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, body).into_response()
}
