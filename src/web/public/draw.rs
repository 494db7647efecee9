//! One draw in public: when each step happened, how many stood in it, and what anybody needs to compute
//! the outcome again.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};

use crate::domain::ids::DrawId;
use crate::domain::local_time::Zone;
use crate::flow::draw::BEACON_LATE;
use crate::flow::freeze::FROZEN_TOO_LATE;
use crate::flow::{App, FlowError, source};
use crate::locale::Lang;
use crate::store::records::{DrawRecord, DrawState, PrefectureRecord, QueueRecord};
use crate::web::shared::{Page, WebError, render};

/// A draw in a list.
pub struct DrawLine {
    pub id: DrawId,
    pub name: String,
    pub when: String,
    pub state: String,
    pub entries: String,
    pub slots: String,
    pub winners: String,
    pub is_annulled: bool,
}

impl DrawLine {
    pub fn of(lang: Lang, zone: Zone, draw: &DrawRecord) -> Self {
        Self {
            id: draw.id,
            name: lang.with("draw-name", [("number", draw.number.into())]),
            when: lang.instant(draw.drawn_at.or(draw.frozen_at).unwrap_or(draw.freeze_at), zone),
            state: lang.text(&format!("draw-state-{}", draw.state)),
            entries: number(draw.entry_count),
            slots: number(draw.slot_count),
            winners: number(draw.winner_count),
            is_annulled: draw.state == DrawState::Annulled,
        }
    }
}

fn number(count: Option<i32>) -> String {
    count.map_or_else(|| "–".to_owned(), |count| count.to_string())
}

/// One step of a draw, done or still to come.
struct Step {
    title: String,
    when: String,
    done: bool,
}

/// One figure of a draw.
struct Count {
    title: String,
    value: String,
}

#[derive(Template)]
#[template(path = "public/draw.html")]
struct DrawPage {
    page: Page,
    prefecture: PrefectureRecord,
    queue: QueueRecord,
    draw: DrawRecord,
    steps: Vec<Step>,
    counts: Vec<Count>,
    source: &'static str,
    source_value: String,
    /// That its chance is late, and what follows.
    late: Option<String>,
    annulment: Option<String>,
}

impl DrawPage {
    fn state(&self) -> String {
        self.page.t(&format!("draw-state-{}", self.draw.state))
    }

    fn version(&self) -> String {
        self.page.lang.with("draw-rules-version", [("version", self.draw.rules_version.into())])
    }

    fn has_list(&self) -> bool {
        self.draw.freeze_hash.is_some()
    }

    fn has_bundle(&self) -> bool {
        self.draw.published_at.is_some()
    }

    fn opening_key(&self) -> &'static str {
        if self.source == SOURCE_DRAND { "draw-signature" } else { "draw-opening" }
    }

    fn hashes(&self) -> Vec<Count> {
        let line = |key: &str, bytes: &Option<Vec<u8>>| {
            let value = bytes.as_deref().map(hex::encode)?;
            Some(Count { title: self.page.t(key), value })
        };
        [
            line("draw-freeze-hash", &self.draw.freeze_hash),
            line(self.opening_key(), &self.draw.opening),
            line("draw-outcome-hash", &self.draw.outcome_hash),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The page.
pub async fn draw(
    State(app): State<Arc<App>>,
    page: Page,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let draw = find(&app, &id).await?;
    let directory = app.store.directory().await?;
    let queue = directory.queue(draw.queue_id).ok_or(FlowError::NotFound("queue"))?.clone();
    let prefecture =
        directory.prefecture(queue.prefecture_id).ok_or(FlowError::NotFound("prefecture"))?.clone();
    let (lang, zone) = (page.lang, prefecture.zone());
    let name = lang.with("draw-name", [("number", draw.number.into())]);
    render(DrawPage {
        steps: steps(lang, zone, &draw),
        counts: counts(lang, &draw),
        source: source_key(draw.source["kind"].as_str()),
        source_value: source_value(lang, &draw),
        late: late(&app, lang, zone, &draw),
        annulment: annulment(lang, zone, &draw),
        page: page.named(format!("{name} – {}", queue.name)),
        prefecture,
        queue,
        draw,
    })
}

/// The draw behind an id in an address.
pub(super) async fn find(app: &App, id: &str) -> Result<DrawRecord, WebError> {
    let id: DrawId = id.parse().map_err(|_| WebError::NotFound)?;
    app.store.draw(id).await?.ok_or(WebError::NotFound)
}

const SOURCE_DRAND: &str = "source-drand";

/// The sentence that says what the draw's chance rests on.
pub fn source_key(kind: Option<&str>) -> &'static str {
    if kind == Some("drand") { SOURCE_DRAND } else { "source-commit" }
}

fn source_value(lang: Lang, draw: &DrawRecord) -> String {
    let text = |key: &str| draw.source[key].as_str().unwrap_or_default().to_owned();
    match draw.source["round"].as_u64() {
        // As text: a number would be grouped by thousands.
        Some(round) => {
            lang.with("source-round", [("round", round.to_string().into()), ("chain", text("chain").into())])
        }
        None => text("commitment"),
    }
}

fn late(app: &App, lang: Lang, zone: Zone, draw: &DrawRecord) -> Option<String> {
    source::is_late(draw, app.business.now()).then(|| {
        let at = |instant| lang.instant(instant, zone);
        let values = [("due", at(draw.seed_at).into()), ("until", at(source::waits_until(app, draw)).into())];
        lang.with("draw-late", values)
    })
}

fn steps(lang: Lang, zone: Zone, draw: &DrawRecord) -> Vec<Step> {
    let step = |key: &str, done: Option<DateTime<Utc>>, planned: Option<DateTime<Utc>>| {
        let when = done.or(planned).map(|at| lang.instant(at, zone))?;
        Some(Step { title: lang.text(key), when, done: done.is_some() })
    };
    let live = draw.state != DrawState::Annulled;
    let seeded = draw.opening.is_some().then_some(draw.seed_at);
    [
        step("draw-step-announced", Some(draw.announced_at), None),
        step("draw-step-frozen", draw.frozen_at, live.then_some(draw.freeze_at)),
        step("draw-step-seeded", seeded, live.then_some(draw.seed_at)),
        step("draw-step-drawn", draw.drawn_at, None),
        step("draw-step-published", draw.published_at, None),
        step("draw-step-annulled", draw.annulled_at, None),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn counts(lang: Lang, draw: &DrawRecord) -> Vec<Count> {
    let mut counts = Vec::new();
    let mut add = |key: &str, value: Option<i64>| {
        if let Some(value) = value {
            counts.push(Count { title: lang.text(key), value: value.to_string() });
        }
    };
    add("draw-count-entries", draw.entry_count.map(Into::into));
    add("draw-count-slots", draw.slot_count.map(Into::into));
    add("draw-count-winners", draw.winner_count.map(Into::into));
    let counted = |word: &str| draw.counts.as_ref().and_then(|counts| counts[word].as_i64());
    let before_others = ["tier_0", "tier_1", "tier_2"].map(counted);
    add("draw-count-tier-0", before_others[0]);
    add("draw-count-tier-1", before_others[1]);
    add("draw-count-tier-2", before_others[2]);
    let ordinary = |all: i32| i64::from(all) - before_others.iter().flatten().sum::<i64>();
    add("draw-count-tier-3", draw.entry_count.map(ordinary));
    for word in ["no_class", "awaiting_identity", "paused", "suspended"] {
        add(&format!("draw-count-{}", word.replace('_', "-")), counted(word));
    }
    counts
}

fn annulment(lang: Lang, zone: Zone, draw: &DrawRecord) -> Option<String> {
    let at = lang.instant(draw.annulled_at?, zone);
    let reason = match draw.annul_reason.as_deref().unwrap_or("") {
        FROZEN_TOO_LATE => lang.text("annulled-frozen-too-late"),
        BEACON_LATE => lang.text("annulled-beacon-late"),
        typed => typed.to_owned(),
    };
    Some(lang.with("draw-annulled-text", [("date", at.into()), ("reason", reason.into())]))
}
