//! A queue in public: its rules in plain words, when it draws, how many wait, and the newest draws.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::draw::{DrawLine, source_key};
use crate::config::DrawSource;
use crate::domain::directory::{Prefecture, Queue, Site};
use crate::domain::draw_state::DrawState;
use crate::domain::local_time::Zone;
use crate::flow::offers::{self, Offers, Seats};
use crate::flow::read::draws::Draw;
use crate::flow::read::log::Log;
use crate::flow::read::queues::Figures;
use crate::flow::{App, read};
use crate::locale::Lang;
use crate::web::shared::rules_words::{self, RuleLine, rules_words};
use crate::web::shared::{Page, WebError, place, render};

/// Draws read: the one under way, and the past ones shown; the others have their own page.
const NEWEST_DRAWS: i64 = 8;

#[derive(Template)]
#[template(path = "public/queue.html")]
struct QueuePage {
    page: Page,
    prefecture: Prefecture,
    queue: Queue,
    rules: Vec<RuleLine>,
    next_draws: Vec<String>,
    offers: OffersView,
    figures: Figures,
    under_way: Option<DrawLine>,
    past: Vec<DrawLine>,
    source: &'static str,
    log: Log,
}

/// The free slots, by the list that takes them.
struct OffersView {
    next: Option<String>,
    in_next: Vec<String>,
    later_title: String,
    later: Vec<String>,
}

impl OffersView {
    fn of(lang: Lang, zone: Zone, sites: &[Site], offers: &Offers) -> Self {
        let line = |seats: &Seats| {
            let site = sites.iter().find(|site| site.id == seats.site).map_or("", |site| &site.name);
            let values = [
                ("date", lang.date(seats.date).into()),
                ("half", lang.text(&format!("offer-half-{}", seats.half.key())).into()),
                ("site", site.to_owned().into()),
                ("n", seats.count.into()),
            ];
            lang.with("queue-offer-line", values)
        };
        let sum = |seats: &[Seats]| seats.iter().map(|seats| seats.count).sum::<u32>();
        let next = offers.next.map(|next| {
            let values =
                [("date", lang.instant(next.freeze_at, zone).into()), ("n", sum(&offers.in_next).into())];
            lang.with("queue-offers-next", values)
        });
        Self {
            next,
            in_next: offers.in_next.iter().map(line).collect(),
            later_title: lang.with("queue-offers-later", [("n", sum(&offers.later).into())]),
            later: offers.later.iter().map(line).collect(),
        }
    }
}

impl QueuePage {
    fn root(&self) -> String {
        hex::encode(&self.log.root)
    }

    fn recent(&self) -> String {
        let values =
            [("seats", self.figures.recent_winners.into()), ("draws", self.figures.recent_draws.into())];
        self.page.lang.with("queue-recent", values)
    }

    fn public(&self) -> String {
        rules_words::public(self.page.lang, &self.queue.rules)
    }

    fn version(&self) -> String {
        self.page.lang.with("queue-rules-version", [("version", self.queue.rules_version.into())])
    }

    fn log_words(&self) -> String {
        self.page
            .lang
            .with("queue-log-text", [("size", self.log.size.into()), ("tail", self.log.tail.into())])
    }
}

/// The page.
pub async fn queue(
    State(app): State<Arc<App>>,
    page: Page,
    Path((prefecture, queue)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let place::Place { prefecture, queue, sites } = place::queue(&app, &prefecture, &queue).await?;
    let (lang, zone) = (page.lang, prefecture.zone);
    let draws = read::draws::newest(&app, queue.id, NEWEST_DRAWS).await?;
    let (past, active): (Vec<_>, Vec<_>) = draws.into_iter().partition(Draw::is_over);
    let active = active.into_iter().next();
    let next_draws = read::queues::next_draws(&app, &queue, zone, active.as_ref().and_then(Draw::announced));
    let offers = offers::of(&app, &queue, zone, active.as_ref()).await?;
    let kind = match app.config.draws.source {
        DrawSource::Commit => "commit",
        DrawSource::Drand => "drand",
    };
    render(QueuePage {
        rules: rules_words(lang, &queue.rules),
        next_draws: next_draws.into_iter().map(|at| lang.instant(at, zone)).collect(),
        offers: OffersView::of(lang, zone, &sites, &offers),
        figures: read::queues::recent_figures(&app, queue.id).await?,
        source: active
            .as_ref()
            .map_or(source_key(Some(kind)), |draw| source_key(draw.source["kind"].as_str())),
        under_way: active
            .filter(|draw| draw.state != DrawState::Announced)
            .map(|draw| DrawLine::of(lang, zone, &draw)),
        past: past.iter().map(|draw| DrawLine::of(lang, zone, draw)).collect(),
        log: read::log::log(&app).await?,
        page: page.named(format!("{} – {}", queue.name, prefecture.name)),
        prefecture,
        queue,
    })
}
