//! The dated receipt on paper, in the holder's language: the same facts as the status page.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::own::Own;
use super::parts::{DoneQuery, Fact, birth_words};
use crate::domain::entry::EntryState;
use crate::domain::estimate::Estimate;
use crate::flow::App;
use crate::flow::status::{Status, status};
use crate::locale::Lang;
use crate::web::shared::{Page, Staff, WebError, render};

#[derive(Template)]
#[template(path = "agent/receipt.html")]
struct Receipt {
    page: Page,
    done: Option<String>,
    entry: String,
    queue_slug: String,
    letter_lang: Lang,
    prefecture: String,
    reference: String,
    said: Said,
}

struct Said {
    title: String,
    reference_label: String,
    facts: Vec<Fact>,
    parts: Vec<Part>,
}

struct Part {
    title: String,
    lines: Vec<String>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(entry): Path<String>,
    Query(done): Query<DoneQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let entry = own.entry(&app, &entry).await?;
    let lang = Lang::of(&entry.language);
    let status = status(&app, entry.id).await?;
    let address = format!("{}/s", app.config.http.public_url.trim_end_matches('/'));
    render(Receipt {
        done: done.text(page.lang),
        page: page.titled("staff-receipt-title"),
        entry: entry.id.to_string(),
        queue_slug: status.queue.slug.clone(),
        letter_lang: lang,
        prefecture: status.prefecture.name.clone(),
        reference: entry.reference.clone(),
        said: said(lang, &status, &address),
    })
}

fn said(lang: Lang, status: &Status, address: &str) -> Said {
    let today = status.zone.local_date(status.now);
    Said {
        title: lang.text("paper-title"),
        reference_label: lang.text("paper-reference"),
        facts: vec![
            Fact::new(lang, "paper-name", status.person.full_name()),
            Fact::new(lang, "paper-birth", birth_words(&status.person.birth_date, today)),
            Fact::new(lang, "paper-registered", lang.instant(status.entry.registered_at, status.zone)),
            Fact::new(lang, "paper-queue", status.queue.name.clone()),
        ],
        parts: parts(lang, status, address),
    }
}

fn parts(lang: Lang, status: &Status, address: &str) -> Vec<Part> {
    let part = |key: &str, lines: Vec<String>| Part { title: lang.text(&format!("paper-{key}")), lines };
    let waits = matches!(status.entry.state, EntryState::AwaitingIdentity | EntryState::Waiting);
    let help = status.prefecture.help.clone();
    let follow = vec![
        lang.with("paper-follow-online", [("address", address.to_owned().into())]),
        lang.with("paper-follow-help", [("help", help.into())]),
    ];
    let free = vec![lang.text("paper-free-text"), lang.text("paper-no-right")];
    [
        Some(part("next", next(lang, status))),
        waits.then(|| part("estimate", vec![estimate(lang, status)])),
        Some(part("follow", follow)),
        Some(part("withdraw", vec![lang.text("paper-withdraw-how")])),
        Some(part("free", free)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What happens now.
fn next(lang: Lang, status: &Status) -> Vec<String> {
    if let Some((convocation, site)) = &status.convocation {
        return vec![lang.with(
            "paper-next-convoked",
            [
                ("at", lang.instant(convocation.starts_at, site.zone()).into()),
                ("site", site.name.clone().into()),
                ("address", site.address.clone().into()),
                ("desk", convocation.desk_number.into()),
            ],
        )];
    }
    let first = match status.entry.state {
        EntryState::AwaitingIdentity => lang.text("paper-next-identity"),
        EntryState::Waiting => lang.text("paper-next-waiting"),
        _ => return vec![lang.text("paper-next-ended")],
    };
    let dates = status.next_draws.iter().map(|at| lang.instant(*at, status.zone)).collect::<Vec<_>>();
    let draws = if dates.is_empty() {
        lang.text("paper-next-none")
    } else {
        lang.with("paper-next-draws", [("dates", dates.join(" ; ").into())])
    };
    vec![first, draws]
}

/// When the convocation may come, or why nobody can say.
fn estimate(lang: Lang, status: &Status) -> String {
    match (status.estimate, status.range) {
        (Estimate::Draws { .. }, Some((from, to))) => lang.with(
            "paper-estimate-range",
            [
                ("from", lang.date(status.zone.local_date(from)).into()),
                ("to", lang.date(status.zone.local_date(to)).into()),
                ("waiting", status.waiting.into()),
            ],
        ),
        (Estimate::NoSeats, _) => lang.text("paper-estimate-no-seats"),
        _ => lang.with("paper-estimate-far", [("waiting", status.waiting.into())]),
    }
}
