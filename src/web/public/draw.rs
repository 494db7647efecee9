//! One draw in public: when each step happened, how many stood in it, and what anybody needs to compute
//! the outcome again.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};

use super::counts::Counts;
use super::outcome::OutcomeView;
use crate::domain::directory::{Prefecture, Queue};
use crate::domain::draw_state::DrawState;
use crate::domain::ids::DrawId;
use crate::domain::local_time::Zone;
use crate::flow::draw::BEACON_LATE;
use crate::flow::freeze::FROZEN_TOO_LATE;
use crate::flow::read::draws::Draw;
use crate::flow::restore::RESTORED;
use crate::flow::{App, FlowError, read};
use crate::locale::Lang;
use crate::web::shared::cache::Keep;
use crate::web::shared::rules_words::{RuleLine, rules_words};
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
    pub fn of(lang: Lang, zone: Zone, draw: &Draw) -> Self {
        Self {
            id: draw.id,
            name: lang.with("draw-name", [("number", draw.number.into())]),
            when: lang.instant(draw.drawn_at.or(draw.frozen_at).unwrap_or(draw.freeze_at), zone),
            state: lang.text(&format!("draw-state-{}", draw.state.key())),
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
    prefecture: Prefecture,
    queue: Queue,
    draw: Draw,
    steps: Vec<Step>,
    counts: Vec<Count>,
    source: SourceView,
    rules: Vec<RuleLine>,
    outcome: Option<OutcomeView>,
    /// That its chance is late, and what follows.
    late: Option<String>,
    annulment: Option<String>,
    /// The draw that this one replaces, and the one that replaces it.
    previous: Option<DrawLine>,
    replacement: Option<DrawLine>,
}

/// What the draw's chance rests on.
struct SourceView {
    text: &'static str,
    on_the_operators_word: bool,
    /// When it is out.
    expected: String,
    facts: Vec<Count>,
}

impl DrawPage {
    fn state(&self) -> String {
        self.page.lang.text(&format!("draw-state-{}", self.draw.state.key()))
    }

    fn version(&self) -> String {
        self.page.lang.with("draw-rules-version", [("version", self.draw.rules_version.into())])
    }

    fn has_list(&self) -> bool {
        self.draw.freeze_hash.is_some()
    }

    fn has_bundle(&self) -> bool {
        self.draw.bundle_is_public()
    }

    fn feed(&self) -> String {
        format!("/p/{}/{}/tirages", self.prefecture.slug, self.queue.slug)
    }

    fn opening_key(&self) -> &'static str {
        if self.source.on_the_operators_word { "draw-opening" } else { "draw-signature" }
    }

    fn hashes(&self) -> Vec<Count> {
        let line = |key: &str, bytes: &Option<Vec<u8>>| {
            let value = bytes.as_deref().map(hex::encode)?;
            Some(Count { title: self.page.lang.text(key), value })
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
    let directory = read::directory(&app).await?;
    let queue = directory.queue(draw.queue_id).ok_or(FlowError::NotFound("queue"))?.clone();
    let prefecture =
        directory.prefecture(queue.prefecture_id).ok_or(FlowError::NotFound("prefecture"))?.clone();
    let (lang, zone) = (page.lang, prefecture.zone);
    let name = lang.with("draw-name", [("number", draw.number.into())]);
    let around = read::draws::surroundings(&app, &draw).await?;
    let line = |draw: &Draw| DrawLine::of(lang, zone, draw);
    let counts = Counts::of(&draw).map(|counts| counts.words(lang)).unwrap_or_default();
    let mut response = render(DrawPage {
        steps: steps(lang, zone, &draw),
        counts: counts.into_iter().map(|(title, value)| Count { title, value }).collect(),
        source: source_view(lang, zone, &draw),
        rules: rules_words(lang, &around.rules),
        outcome: around.figures.as_ref().map(|figures| OutcomeView::of(lang, figures)),
        late: late(lang, zone, &draw),
        annulment: annulment(lang, zone, &draw),
        previous: around.previous.as_ref().map(line),
        replacement: around.replacement.as_ref().map(line),
        page: page.named(format!("{name} – {}", queue.name)),
        prefecture,
        queue,
        draw,
    })?;
    Keep::AMinute.set_headers(&mut response);
    Ok(response)
}

/// The draw behind an id in an address.
pub(super) async fn find(app: &App, id: &str) -> Result<Draw, WebError> {
    let id: DrawId = id.parse().map_err(|_| WebError::NotFound)?;
    Ok(read::draws::one(app, id).await?)
}

/// The sentence that says what the draw's chance rests on.
pub fn source_key(kind: Option<&str>) -> &'static str {
    if kind == Some("drand") { "source-drand" } else { "source-commit" }
}

fn source_view(lang: Lang, zone: Zone, draw: &Draw) -> SourceView {
    let kind = draw.source["kind"].as_str();
    let fact = |key: &str, value: String| Count { title: lang.text(key), value };
    let text = |word: &str| draw.source[word].as_str().unwrap_or_default().to_owned();
    let facts = match kind {
        Some("drand") => {
            vec![
                fact("source-round-title", draw.source["round"].to_string()),
                fact("source-chain-title", text("chain")),
            ]
        }
        _ => vec![fact("source-value", text("commitment"))],
    };
    SourceView {
        text: source_key(kind),
        on_the_operators_word: kind != Some("drand"),
        expected: lang.instant(draw.seed_at, zone),
        facts,
    }
}

fn late(lang: Lang, zone: Zone, draw: &Draw) -> Option<String> {
    let at = |instant| lang.instant(instant, zone);
    let values = [("due", at(draw.seed_at).into()), ("until", at(draw.late_until?).into())];
    Some(lang.with("draw-late", values))
}

fn steps(lang: Lang, zone: Zone, draw: &Draw) -> Vec<Step> {
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

fn annulment(lang: Lang, zone: Zone, draw: &Draw) -> Option<String> {
    let at = lang.instant(draw.annulled_at?, zone);
    let reason = annulment_reason(lang, draw)?;
    Some(lang.with("draw-annulled-text", [("date", at.into()), ("reason", reason.into())]))
}

/// Why a draw was annulled, once it is.
pub(super) fn annulment_reason(lang: Lang, draw: &Draw) -> Option<String> {
    draw.annulled_at?;
    Some(match draw.annul_reason.as_deref().unwrap_or("") {
        FROZEN_TOO_LATE => lang.text("annulled-frozen-too-late"),
        RESTORED => lang.text("annulled-restored"),
        BEACON_LATE => lang.text("annulled-beacon-late"),
        typed => typed.to_owned(),
    })
}
