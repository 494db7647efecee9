//! The documents of a draw, byte for byte as they were frozen and published. They never change, so whoever
//! has one need not fetch it again; and they are sent a piece at a time, so that many may fetch at once.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::stream;

use super::draw::find;
use crate::domain::ids::DrawId;
use crate::flow::read::draws::{Draw, document_piece};
use crate::flow::{App, FlowError, watch};
use crate::limits::Rule;
use crate::web::shared::WebError;
use crate::web::shared::cache::{Keep, answer, etag, is_known};
use crate::web::shared::errors::Limited;
use crate::web::shared::limit::{Client, hit};
use crate::web::shared::watch::open_data;

/// A document can be megabytes.
const DOCUMENTS: Rule = Rule::per_minute(60);
const KIND: &str = "application/json";

/// The whole bundle of a published draw, or of one that was annulled after its outcome was known.
pub async fn bundle(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let draw = asked(&app, client, &id).await?;
    if !draw.bundle_is_public() {
        return Err(WebError::NotFound);
    }
    let hash = draw.outcome_hash.ok_or(WebError::NotFound)?;
    document(app, draw.id, "bundle", &hash, &headers).await
}

/// The frozen list, before and after the draw.
pub async fn list(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let draw = asked(&app, client, &id).await?;
    let hash = draw.freeze_hash.ok_or(WebError::NotFound)?;
    document(app, draw.id, "list", &hash, &headers).await
}

/// What was found when the draw was looked at again, just before it was published.
pub async fn watch(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let draw = asked(&app, client, &id).await?;
    let found = watch::found(&app, draw.id).await?.ok_or(WebError::NotFound)?;
    let body = open_data(&draw, found).to_string();
    Ok(answer(&headers, Keep::ForEver, &etag(body.as_bytes()), KIND, Body::from(body)))
}

async fn asked(app: &App, client: Client, id: &str) -> Result<Draw, WebError> {
    hit(app, Limited::Pages, "document", &client.name(), DOCUMENTS).await?;
    find(app, id).await
}

/// The `ETag` comes from the hash under which the document is recorded, so that a known one is not read.
async fn document(
    app: Arc<App>,
    id: DrawId,
    kind: &'static str,
    hash: &[u8],
    asked: &HeaderMap,
) -> Result<Response, WebError> {
    let etag = etag(&[kind.as_bytes(), hash].concat());
    if is_known(asked, &etag) {
        return Ok(answer(asked, Keep::ForEver, &etag, KIND, Body::empty()));
    }
    let first = document_piece(&app, id, kind, 0).await?.ok_or(WebError::NotFound)?;
    let pieces = stream::try_unfold(Some((first, 0)), move |next| {
        let app = app.clone();
        async move {
            let Some((piece, number)) = next else { return Ok::<_, FlowError>(None) };
            let after = document_piece(&app, id, kind, number + 1).await?;
            Ok(Some((Bytes::from(piece), after.map(|piece| (piece, number + 1)))))
        }
    });
    Ok(answer(asked, Keep::ForEver, &etag, KIND, Body::from_stream(pieces)))
}
