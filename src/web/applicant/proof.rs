//! “Was I in it?” A holder's line in a draw, in words, on a page to print, and as a file that a program can
//! check. Both open to the holder alone, whose status page links to them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::holder::{self, Holder};
use crate::domain::directory::{Prefecture, Queue, Site};
use crate::domain::draw_state::DrawState;
use crate::domain::ids::DrawId;
use crate::domain::local_time::Zone;
use crate::draw::{Class, Half};
use crate::flow::chances::Odds;
use crate::flow::people::Reader;
use crate::flow::proof::{self, Proof};
use crate::flow::status::{self as flow, Status};
use crate::flow::told::{odds, share};
use crate::flow::{App, FlowError, read};
use crate::limits::Rule;
use crate::locale::Lang;
use crate::web::shared::errors::Limited;
use crate::web::shared::limit::hit;
use crate::web::shared::{Page, WebError, render};

/// Taking a list apart costs more than any other page.
const PROOFS: Rule = Rule::per_hour(30);
/// Accepted half-days spelt out; the file has them all.
const CLASSES_SHOWN: usize = 12;

#[derive(Template)]
#[template(path = "applicant/proof.html")]
struct ProofPage {
    page: Page,
    prefecture: Prefecture,
    queue: Queue,
    reference: String,
    name: String,
    proof: Proof,
    has_odds: bool,
    sentences: Vec<String>,
    line: Vec<(String, String)>,
    classes: Vec<String>,
    more_classes: usize,
    address: String,
    on_the_operators_word: bool,
}

impl ProofPage {
    fn ticket(&self) -> Option<String> {
        self.proof.ticket.map(hex::encode)
    }

    fn more(&self) -> String {
        self.page.lang.with("my-line-more", [("n", self.more_classes.into())])
    }
}

/// The page.
pub async fn page(
    State(app): State<Arc<App>>,
    page: Page,
    holder: Holder,
    Path(draw): Path<String>,
) -> Result<Response, WebError> {
    let proof = asked(&app, holder, &draw).await?;
    let status = flow::status(&app, holder.entry, Reader::Holder).await?;
    let directory = read::directory(&app).await?;
    let queue = directory.queue(proof.draw.queue_id).ok_or(FlowError::NotFound("queue"))?.clone();
    let prefecture =
        directory.prefecture(queue.prefecture_id).ok_or(FlowError::NotFound("prefecture"))?.clone();
    let (lang, zone) = (page.lang, prefecture.zone);
    let accepted = accepted(lang, &proof, &directory.sites);
    let site = app.config.http.public_url.trim_end_matches('/');
    let name = lang.with("draw-name", [("number", proof.draw.number.into())]);
    let title = lang.with("my-line-title", [("draw", name.clone().into())]);
    let shown = ProofPage {
        reference: status.entry.reference.clone(),
        sentences: sentences(lang, zone, &proof, &status),
        has_odds: proof.mine.had_chance || matches!(next_odds(&proof, &status), Some(Odds::Share(_))),
        line: line(lang, zone, &proof),
        more_classes: accepted.len().saturating_sub(CLASSES_SHOWN),
        classes: accepted.into_iter().take(CLASSES_SHOWN).collect(),
        address: format!("{site}/p/{}/{}/tirages/{}", prefecture.slug, queue.slug, proof.draw.number),
        on_the_operators_word: proof.draw.source["kind"].as_str() != Some("drand"),
        page: page.named(title),
        prefecture,
        queue,
        name,
        proof,
    };
    Ok(holder::renewed(&app, holder, render(shown)?))
}

/// The file.
pub async fn file(
    State(app): State<Arc<App>>,
    holder: Holder,
    Path(draw): Path<String>,
) -> Result<Response, WebError> {
    let proof = asked(&app, holder, &draw).await?;
    let name = format!("attachment; filename=\"passage-tirage-{}-preuve.json\"", proof.draw.number);
    let body = serde_json::to_string_pretty(&proof.file)
        .map_err(|error| WebError::internal("writing a proof", &error))?;
    let headers =
        [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body + "\n").into_response())
}

async fn asked(app: &App, holder: Holder, draw: &str) -> Result<Proof, WebError> {
    hit(app, Limited::Entry, "proof", &holder.entry.to_string(), PROOFS).await?;
    let draw: DrawId = draw.parse().map_err(|_| WebError::NotFound)?;
    Ok(proof::of(app, holder.entry, draw).await?)
}

/// What a worried person asks, in order.
fn sentences(lang: Lang, zone: Zone, proof: &Proof, status: &Status) -> Vec<String> {
    let entries = proof.file.entry_count;
    let mut said = vec![lang.with("my-line-in", [("entries", entries.into())])];
    let seats = proof.file.slot_count;
    if let (Some(place), true) = (proof.mine.place, proof.ticket.is_some()) {
        // Where no seat suits, the place that chance gave is of no use.
        if proof.mine.had_chance {
            let values = [("place", place.into()), ("entries", entries.into()), ("seats", seats.into())];
            said.push(lang.with("my-line-place", values));
        }
        let won = if proof.mine.won { "my-line-won" } else { "my-line-lost" };
        said.push(lang.text(if proof.mine.had_chance { won } else { "result-no-class" }));
    } else {
        let at = lang.instant(proof.draw.seed_at, zone);
        said.push(lang.with("my-line-waiting", [("seats", seats.into()), ("date", at.into())]));
    }
    if proof.draw.state == DrawState::Annulled {
        said.push(lang.text("result-annulled"));
    }
    if proof.mine.had_chance {
        said.push(lang.with("my-line-odds", [("odds", share(lang, proof.chance).into())]));
    }
    said.extend(next_odds(proof, status).and_then(|next| odds(lang, next)));
    said
}

/// Those of the next draw of the same queue.
fn next_odds(proof: &Proof, status: &Status) -> Option<Odds> {
    let chances = status.told.chances.filter(|_| status.queue.id == proof.draw.queue_id)?;
    Some(chances.odds)
}

/// The line as it stands in the list, each field in words.
fn line(lang: Lang, zone: Zone, proof: &Proof) -> Vec<(String, String)> {
    let tier = match proof.line.tier {
        0 => "tier-displaced",
        1 => "tier-priority",
        2 => "tier-guaranteed",
        _ => "tier-ordinary",
    };
    let mut said = vec![
        (lang.text("column-tier"), lang.text(tier)),
        (lang.text("column-weight"), proof.line.weight.to_string()),
    ];
    let day = DateTime::<Utc>::from_timestamp(i64::from(proof.line.bucket) * 86_400, 0);
    if let Some(day) = day.filter(|_| proof.line.bucket > 0) {
        said.push((lang.text("my-line-day"), lang.date(day.date_naive())));
    }
    if proof.line.reserve > 0 {
        said.push((lang.text("my-line-reserve"), proof.line.reserve.to_string()));
    }
    if let Some(at) = proof.draw.frozen_at {
        said.push((lang.text("draw-step-frozen"), lang.instant(at, zone)));
    }
    said
}

fn accepted(lang: Lang, proof: &Proof, sites: &[Site]) -> Vec<String> {
    let numbered = (0_u16..).zip(&proof.classes);
    numbered
        .filter(|(number, _)| proof.accepts.contains(*number))
        .map(|(_, class)| class_words(lang, class, sites))
        .collect()
}

fn class_words(lang: Lang, class: &Class, sites: &[Site]) -> String {
    let site = sites.iter().find(|site| site.id.0.as_bytes() == &class.site);
    let half = match class.half {
        Half::Morning => "half-morning",
        Half::Afternoon => "half-afternoon",
    };
    let half = lang.text(half).to_lowercase();
    format!("{}, {half}, {}", lang.date(class.date), site.map_or("–", |site| site.name.as_str()))
}
