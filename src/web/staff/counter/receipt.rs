//! The dated receipt on paper, in the holder's language: the same facts as the status page.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use crate::domain::notice::{NoticeKind, NoticeState, Way};
use crate::domain::reading::ReadingPurpose;
use crate::domain::situation::Point;
use crate::flow::read::notices::Notice;
use crate::flow::status::{Status, status};
use crate::flow::told;
use crate::flow::{App, helpers};
use crate::locale::Lang;
use crate::web::shared::{Page, Staff, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{DoneQuery, Fact, birth_words};

#[derive(Template)]
#[template(path = "staff/counter/receipt.html")]
struct Receipt {
    page: Page,
    done: Option<String>,
    /// Neither SMS nor e-mail reaches the person.
    unreachable: bool,
    /// The letter that says the same, until the sheet is handed over.
    letter: Option<String>,
    entry: String,
    queue_slug: String,
    letter_lang: Lang,
    prefecture: String,
    reference: String,
    sheet: Sheet,
}

struct Sheet {
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
    let status = status(&app, entry.id, own.reader(ReadingPurpose::Message)).await?;
    let address = format!("{}/s", app.config.http.public_url.trim_end_matches('/'));
    let helper = helpers::of(&app, entry.id).await?;
    let helper = helper.map(|speaker| told::said_helper(lang, status.zone, &speaker, told::ToldTo::Person));
    render(Receipt {
        done: done.text(page.lang),
        unreachable: entry.state.is_live() && status.reach.is_letters_only(),
        letter: status
            .notices
            .iter()
            .find(|notice| is_this_sheet(notice))
            .map(|letter| letter.id.to_string()),
        page: page.titled("staff-receipt-title"),
        entry: entry.id.to_string(),
        queue_slug: status.queue.slug.clone(),
        letter_lang: lang,
        prefecture: status.prefecture.name.clone(),
        reference: entry.reference.clone(),
        sheet: sheet(lang, &status, &address, helper.as_deref()),
    })
}

/// Whether a letter that waits says no more than the sheet.
fn is_this_sheet(notice: &Notice) -> bool {
    notice.way == Way::Letter
        && notice.state == NoticeState::Pending
        && matches!(notice.kind, NoticeKind::Receipt | NoticeKind::IdentityWanted)
}

fn sheet(lang: Lang, status: &Status, address: &str, helper: Option<&str>) -> Sheet {
    let today = status.zone.local_date(status.now);
    let mut facts = vec![
        Fact::new(lang, "paper-name", status.person.full_name()),
        Fact::new(lang, "paper-birth", birth_words(&status.person.birth_date, today)),
        Fact::new(lang, "paper-registered", lang.instant(status.entry.registered_at, status.zone)),
        Fact::new(lang, "paper-queue", status.queue.name.clone()),
    ];
    facts.extend(helper.map(|text| Fact::new(lang, "paper-helper", text.to_owned())));
    if let Some(ended) = status.entry.ended_at.filter(|_| !status.entry.state.is_live()) {
        facts.push(Fact::new(lang, "paper-ended", lang.instant(ended, status.zone)));
    }
    Sheet {
        title: lang.text("paper-title"),
        reference_label: lang.text("paper-reference"),
        facts,
        parts: parts(lang, status, address),
    }
}

fn parts(lang: Lang, status: &Status, address: &str) -> Vec<Part> {
    let part = |key: &str, lines: Vec<String>| Part { title: lang.text(&format!("paper-{key}")), lines };
    let is_live = status.entry.state.is_live();
    let may_withdraw = is_live && !status.told.situation.says(Point::AppointmentOver);
    let help = status.prefecture.help.clone();
    let follow = vec![
        lang.with("paper-follow-online", [("address", address.to_owned().into())]),
        lang.with("paper-follow-help", [("help", help.into())]),
    ];
    let attested = vec![told::attestation(lang, status), lang.text("paper-no-right")];
    let chances = status.told.chances.map(|chances| told::chances(lang, &chances));
    [
        Some(situation(lang, status)),
        told::outlook(lang, status).map(|text| part("estimate", vec![text])),
        chances
            .filter(|lines| !lines.is_empty())
            .map(|lines| Part { title: lang.text("chances-title"), lines }),
        Some(part("follow", follow)),
        may_withdraw.then(|| part("withdraw", vec![lang.text("paper-withdraw-how")])),
        is_live.then(|| part("free", vec![lang.text("paper-free-text")])),
        Some(part("attested", attested)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The headline, why, and what to do: as the status page says it.
fn situation(lang: Lang, status: &Status) -> Part {
    let situation = &status.told.situation;
    let said = told::Said::of(lang, status, situation);
    let mut lines = vec![said.why, said.action];
    lines.extend(said.others.into_iter().map(|(headline, why)| format!("{headline}. {why}")));
    if let Some((convocation, site)) = status.convocation.as_ref().filter(|_| situation.is_ahead()) {
        let place = [
            ("site", site.name.clone().into()),
            ("address", site.address.clone().into()),
            ("desk", convocation.desk_number.into()),
        ];
        lines.push(lang.with("paper-place", place));
    }
    let dates: Vec<String> = status.told.lists.iter().map(|at| lang.instant(*at, status.zone)).collect();
    if !dates.is_empty() {
        if situation.says(Point::Identity) {
            lines.push(lang.text("next-draws-if-verified"));
        }
        lines.push(lang.with("paper-next-draws", [("dates", dates.join(" ; ").into())]));
    }
    Part { title: said.headline, lines }
}
