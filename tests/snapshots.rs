//! What people read, kept whole: pages, SMS and letters, in each language. A change of a word shows as a change
//! of a file in `tests/snapshots`, to be read before it is accepted (`INSTA_UPDATE=always` writes them anew).

#[allow(dead_code, reason = "each test file uses its own part")]
#[path = "web_staff/browser.rs"]
mod browser;
mod common;
#[path = "common/web.rs"]
mod web;

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{Request, header};
use browser::Browser;
use chrono::TimeDelta;
use common::{TestApp, person};
use passage::domain::actor::{Actor, Channel};
use passage::domain::entry::ConvocationEvent;
use passage::domain::ids::EntryId;
use passage::domain::notice::{NoticeKind, Way};
use passage::flow::register::{Desk, Registration};
use passage::flow::status::holder;
use passage::flow::texts::{Topic, appointment, rendered};
use passage::flow::{counter, entries, slots};
use passage::locale::Lang;
use passage::store::commands::EntryChange;

const UUID_LEN: usize = 36;
const URL: &str = "https://passage.example";

/// What differs from run to run, replaced: ids, references, tokens.
fn plain(text: &str, names: &[(&str, &str)]) -> String {
    let replaced = names.iter().fold(text.to_owned(), |text, (name, with)| text.replace(name, with));
    let is_token = |word: &str| {
        let hex = word.bytes().filter(u8::is_ascii_hexdigit).count();
        word.len() >= 24 && hex + word.matches('-').count() == word.len()
    };
    let mut out = String::with_capacity(replaced.len());
    for word in replaced.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
        let end = word.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        // An id may stand behind a name, as in `queue-…`.
        let id = end.len().saturating_sub(UUID_LEN);
        if is_token(end) {
            out.push_str("{id}");
            out.push_str(&word[end.len()..]);
        } else if is_token(&end[id..]) {
            out.push_str(&end[..id]);
            out.push_str("{id}");
            out.push_str(&word[end.len()..]);
        } else {
            out.push_str(word);
        }
    }
    out
}

/// The part of a page between its header and its footer.
fn main_part(page: &str) -> &str {
    let (_, rest) = page.split_once("<main").expect("a page has a main part");
    let (main, _) = rest.split_once("</main>").unwrap();
    main.split_once('>').unwrap().1.trim()
}

async fn page(test: &TestApp, path: &str, lang: Lang) -> String {
    let request = Request::get(path).header(header::ACCEPT_LANGUAGE, lang.code()).body(Body::empty());
    let answer = web::send(&test.app, request.unwrap()).await;
    plain(main_part(&answer.body), &[])
}

fn keep(name: &str, text: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

#[tokio::test]
async fn public_pages() {
    let test = TestApp::sqlite().await;
    let paths = [
        ("home", "/"),
        ("help", "/aide"),
        ("legal", "/mentions"),
        ("queue", "/p/demonstration/premiere-demande"),
        ("draws", "/p/demonstration/premiere-demande/tirages"),
        ("register", "/p/demonstration/premiere-demande/inscription"),
        ("look-up", "/s"),
        ("sign-in", "/agent/connexion"),
        ("missing", "/nowhere"),
    ];
    for lang in Lang::ALL {
        for (name, path) in paths {
            keep(&format!("page-{name}.{}", lang.code()), &page(&test, path, *lang).await);
        }
    }
}

/// Somebody who reads this language, and has a telephone.
fn reader(n: u32, lang: Lang) -> Registration {
    Registration { phone: "06 39 98 00 11".into(), language: lang.code().into(), ..person(n) }
}

/// The words of a notice about an entry as it stands, by both ways.
async fn words(test: &TestApp, entry: EntryId, kind: NoticeKind) -> (String, String) {
    let holder = holder(&test.app, entry, passage::flow::people::Reader::Program).await.unwrap();
    let notices = test.app.store.notices_of(entry).await.unwrap();
    let owed = notices.iter().rev().find(|notice| notice.kind == kind);
    let convocation = owed.unwrap_or_else(|| panic!("{kind} is owed: {notices:?}")).convocation_id;
    let about = appointment(&test.app, &holder, convocation).await.unwrap();
    let written = |way| {
        let topic = Topic { kind, way, convocation };
        let rendered = rendered(&holder, topic, about.as_ref(), URL);
        let name = holder.person.full_name();
        let names = [(holder.entry.reference.as_str(), "{reference}"), (name.as_str(), "{name}")];
        (plain(&rendered.subject, &names), plain(&rendered.text, &names))
    };
    let ((_, sms), (subject, letter)) = (written(Way::Sms), written(Way::Letter));
    (sms, format!("{subject}\n\n{letter}"))
}

struct Messages {
    sms: String,
    letters: String,
}

impl Messages {
    async fn add(&mut self, test: &TestApp, entry: EntryId, kind: NoticeKind) {
        let (sms, letter) = words(test, entry, kind).await;
        write!(self.sms, "[{kind}]\n{sms}\n\n").unwrap();
        write!(self.letters, "[{kind}] {letter}\n\n----\n\n").unwrap();
    }
}

#[tokio::test]
async fn messages() {
    for lang in Lang::ALL {
        let mut said = Messages { sms: String::new(), letters: String::new() };
        every_notice(*lang, &mut said).await;
        keep(&format!("sms.{}", lang.code()), &said.sms);
        keep(&format!("letters.{}", lang.code()), &said.letters);
    }
}

/// Lives through what each kind of notice tells.
async fn every_notice(lang: Lang, said: &mut Messages) {
    let test = TestApp::sqlite().await;
    let by = test.staff("agent", passage::domain::actor::Role::Manager).await;
    let desk = Desk { document_seen: true, channel: Channel::Counter, ..Desk::ONLINE };
    let enter = async |n: u32, desk: Desk| {
        test.register_by(test.first, &reader(n, lang), desk, &format!("key-{n}")).await.unwrap()
    };
    let live = async |entry| test.app.store.live_convocation(entry).await.unwrap().unwrap().id;
    let change =
        async |entry, change| entries::change(&test.app, entry, change, Actor::Staff(by)).await.unwrap();

    let declared = enter(1, Desk::ONLINE).await;
    said.add(&test, declared, NoticeKind::IdentityWanted).await;
    let listed = [enter(2, desk).await, enter(3, desk).await, enter(4, desk).await, enter(5, desk).await];
    said.add(&test, listed[0], NoticeKind::Receipt).await;
    test.publish(test.first, 1, 6, 1, 4).await;
    test.pass(TimeDelta::days(4)).await;
    // Who drew which hour is left to chance: roles go by the hour.
    let mut by_hour = Vec::new();
    for entry in listed {
        by_hour.push((test.app.store.live_convocation(entry).await.unwrap().unwrap().starts_at, entry));
    }
    by_hour.sort();
    let [(_, missed), (_, incomplete), (_, returns), (_, displaced)] = by_hour[..] else {
        panic!("four seats: {by_hour:?}")
    };
    said.add(&test, returns, NoticeKind::Convocation).await;
    said.add(&test, returns, NoticeKind::Reminder).await;
    counter::give_back(&test.app, live(returns).await, Actor::Staff(by)).await.unwrap();
    said.add(&test, returns, NoticeKind::Cancellation).await;
    let slot = test.app.store.live_convocation(displaced).await.unwrap().unwrap().slot_id;
    slots::withdraw(&test.app, slot, "agent absent", Actor::Staff(by)).await.unwrap();
    said.add(&test, displaced, NoticeKind::Apology).await;
    test.pass(TimeDelta::days(2) + TimeDelta::hours(3)).await;
    counter::tick(&test.app, live(missed).await, ConvocationEvent::Miss, "", None, by).await.unwrap();
    let what = "un justificatif de domicile";
    let id = live(incomplete).await;
    counter::tick(&test.app, id, ConvocationEvent::Incomplete, what, None, by).await.unwrap();
    test.pass(TimeDelta::days(1)).await;
    said.add(&test, missed, NoticeKind::Missed).await;
    said.add(&test, incomplete, NoticeKind::Incomplete).await;
    change(returns, EntryChange::Pause).await;
    said.add(&test, returns, NoticeKind::Changed).await;
    change(displaced, EntryChange::Withdraw).await;
    said.add(&test, displaced, NoticeKind::Withdrawal).await;
    for _ in 0..90 {
        test.clock.advance(TimeDelta::days(1));
        test.tick().await;
    }
    said.add(&test, declared, NoticeKind::IdentityWarning).await;
    said.add(&test, declared, NoticeKind::Closure).await;
}

#[tokio::test]
async fn staff_pages() {
    let test = TestApp::sqlite().await;
    let mut manager = Browser::manager(&test, "responsable").await;
    let entry = test.register(test.first, 1).await;
    test.publish(test.first, 1, 6, 1, 1).await;
    test.pass(TimeDelta::days(4)).await;
    manager.sign_in("responsable", common::PASSWORD).await;
    let reference = test.app.store.entry(entry).await.unwrap().unwrap().reference;
    let paths = [
        ("overview", "/agent".to_owned()),
        ("counter", "/agent/comptoir?jour=2027-01-14".to_owned()),
        ("entry", format!("/agent/demandes/{entry}")),
        ("receipt", format!("/agent/demandes/{entry}/recu")),
        ("register", "/agent/inscrire/premiere-demande".to_owned()),
        ("identities", "/agent/identites".to_owned()),
        ("letters", "/agent/courriers".to_owned()),
        ("slots", "/gestion/creneaux?jour=2027-01-14".to_owned()),
        ("rules", "/gestion/regles/premiere-demande".to_owned()),
        ("priorities", "/gestion/priorites".to_owned()),
    ];
    for (name, path) in paths {
        let page = manager.get(&path).await.page();
        keep(&format!("staff-{name}"), &plain(main_part(&page), &[(&reference, "{reference}")]));
    }
}
