//! What has left lately. A phone number is never shown whole; in a demonstration, the words of each SMS
//! are, so that a newcomer can read what a holder would.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;

use crate::config::SmsGateway;
use crate::domain::ids::EntryId;
use crate::domain::notice::Way;
use crate::domain::reading::ReadingPurpose;
use crate::flow::App;
use crate::flow::read::entries::{self, Known};
use crate::flow::read::notices::{self, Notice};
use crate::flow::status::{Holder, holder};
use crate::flow::texts::{address, appointment, rendered};
use crate::locale::Lang;
use crate::web::shared::paging::{Beside, PageQuery, Paging};
use crate::web::shared::{Page, Staff, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::word;

const ROWS_MAX: i64 = 100;
/// The newest messages whose words are shown: each opens its holder.
const TEXTS_MAX: usize = 50;

#[derive(Template)]
#[template(path = "staff/counter/outbox.html")]
struct Outbox {
    page: Page,
    rows: Vec<Row>,
    /// SMS appear in the terminal: none leaves.
    is_trial: bool,
    beside: Beside,
}

struct Row {
    kind: String,
    way: String,
    state: String,
    entry: String,
    reference: String,
    to: Option<String>,
    when: String,
    detail: Option<String>,
    text: Option<String>,
    lang: Lang,
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(query): Query<PageQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let paging = Paging::new(&query, ROWS_MAX);
    let mut notices = notices::outbox(&app, own.id(), paging.skip(), paging.read()).await?;
    let beside = paging.cut(&mut notices, "/agent/envois");
    let is_trial = matches!(app.config.notices.sms.gateway, SmsGateway::Console);
    let mut holders = HashMap::<EntryId, Holder>::new();
    let mut rows = Vec::with_capacity(notices.len());
    for (at, notice) in notices.iter().enumerate() {
        let mut text = None;
        if is_trial && at < TEXTS_MAX && notice.way == Way::Sms {
            let holder = match holders.entry(notice.entry_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => {
                    place.insert(holder(&app, notice.entry_id, own.reader(ReadingPurpose::Message)).await?)
                }
            };
            text = Some(text_of(&app, holder, notice).await?);
        }
        rows.push(row(&app, &own, page.lang, notice, text).await?);
    }
    render(Outbox { page: page.titled("staff-outbox-title"), rows, is_trial, beside })
}

/// The words of a message, made again.
async fn text_of(app: &App, holder: &Holder, notice: &Notice) -> Result<String, WebError> {
    let about = appointment(app, holder, notice.convocation_id).await?;
    Ok(rendered(holder, notice.into(), about.as_ref(), &app.config.http.public_url).text)
}

async fn row(
    app: &App,
    own: &Own,
    lang: Lang,
    notice: &Notice,
    text: Option<String>,
) -> Result<Row, WebError> {
    let Known { entry, person } =
        entries::known(app, notice.entry_id, own.reader(ReadingPurpose::Message)).await?;
    let due = [("at", lang.instant(notice.due_at, own.zone).into())];
    let settled = notice
        .settled_at
        .map(|at| lang.with("staff-outbox-settled", [("at", lang.instant(at, own.zone).into())]));
    let when = [Some(lang.with("staff-outbox-due", due)), settled];
    Ok(Row {
        kind: word(lang, "notice", notice.kind.as_str()),
        way: word(lang, "way", notice.way.as_str()),
        state: word(lang, "notice-state", notice.shown_as()),
        entry: entry.id.to_string(),
        reference: entry.reference.clone(),
        to: address(&person, notice.way).map(masked),
        when: when.into_iter().flatten().collect::<Vec<_>>().join(" "),
        detail: notice.detail.as_deref().map(|detail| reason(lang, detail)),
        text,
        lang: Lang::of(&entry.language),
    })
}

/// Our own reasons in words; a gateway's as it gave it.
fn reason(lang: Lang, detail: &str) -> String {
    let key: String = detail
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let key = format!("staff-outbox-why-{key}");
    if lang.has(&key) { lang.text(&key) } else { detail.to_owned() }
}

/// Enough of an address to tell two apart, not enough to use it.
fn masked(address: &str) -> String {
    let ends = |text: &str, first: usize, last: usize| {
        let chars: Vec<char> = text.chars().collect();
        let last_from = chars.len().saturating_sub(last).max(first.min(chars.len()));
        let head: String = chars.iter().take(first).collect();
        let tail: String = chars[last_from..].iter().collect();
        format!("{head}•••{tail}")
    };
    match address.split_once('@') {
        Some((local, domain)) => format!("{}@{domain}", ends(local, 1, 0)),
        None => ends(address, 3, 2),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_address_is_never_shown_whole() {
        assert_eq!(masked("+33612345678"), "+33•••78");
        assert_eq!(masked("usager@example.org"), "u•••@example.org");
        assert_eq!(masked("+3"), "+3•••");
    }
}
