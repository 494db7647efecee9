//! The public pages of draws, and the holder's own line: what anybody may read, fetch, follow and check,
//! and what is never shown.

mod common;
#[path = "common/web.rs"]
mod web;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use common::{TestApp, on_both};
use futures_util::StreamExt;
use passage::domain::actor::Role;
use passage::draw::merkle::{leaf_hash, verify_inclusion};
use passage::draw::{self, Accepts, Classes, Frozen, Half, Line, List, Source, Terms};
use passage::flow::annulment;
use passage::store::commands::{Compose, Composed};
use passage::store::records::DrawRecord;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tower::ServiceExt;
use web::{Answer, Browser, get, send};

const QUEUE: &str = "/p/demonstration/premiere-demande";

async fn newest(test: &TestApp) -> DrawRecord {
    test.app.store.draws_of(test.first, 1).await.unwrap().remove(0)
}

/// People, slots, and the first draw published.
async fn drawn(test: &TestApp, people: u32, seats_a_day: u16) -> DrawRecord {
    for n in 0..people {
        test.register(test.first, n).await;
    }
    test.publish(test.first, 1, 4, 3, seats_a_day).await;
    test.tick().await;
    let draw = newest(test).await;
    test.pass(TimeDelta::hours(15)).await;
    test.app.store.draw(draw.id).await.unwrap().unwrap()
}

async fn asked(test: &TestApp, path: &str, header: (&str, &str)) -> Answer {
    let request = Request::get(path).header(header.0, header.1).body(Body::empty());
    send(&test.app, request.unwrap()).await
}

/// The status page of person `n`.
async fn status(test: &TestApp, browser: &mut Browser, n: u32) -> Answer {
    let entry = test.register(test.first, n).await;
    let entry = test.app.store.entry(entry).await.unwrap().unwrap();
    let person = common::person(n);
    let fields = [("reference", entry.reference.as_str()), ("birth_date", person.birth_date.as_str())];
    browser.submit("/s", &fields).await
}

#[tokio::test]
async fn the_page_of_a_draw_tells_its_whole_life() {
    on_both(async |test: TestApp| {
        let draw = drawn(&test, 40, 8).await;
        let path = format!("/tirages/{}", draw.id);
        let page = get(&test.app, &path).await;
        for said in [
            "Demandes en attente</dt><dd>40",
            "Qui a eu une place",
            "Tour ordinaire",
            "data-label=\"Demandes\">40<",
            "<svg class=\"chart\"",
            "Moins de",
            "Le même graphique en tableau",
            "Un tirage au sort décide",
            "Engagement de l&#39;opérateur",
            "tirages.atom",
        ] {
            page.assert_says(said);
        }
        assert_eq!(page.header("cache-control"), "public, max-age=60");
        assert!(!page.body.contains("Unknown localization") && !page.body.contains(" style="));
        assert_eq!(get(&test.app, &path).await.body, page.body, "what was counted once is kept");
        let list = get(&test.app, &format!("{QUEUE}/tirages")).await;
        list.assert_says(&format!("href=\"{path}\""));
        list.assert_says("Prochains tirages");
        let numbered = get(&test.app, &format!("{QUEUE}/tirages/1")).await;
        assert_eq!((numbered.status, numbered.header("location")), (StatusCode::PERMANENT_REDIRECT, &*path));
        for nowhere in ["tirages/999", "tirages/x"] {
            let answer = get(&test.app, &format!("{QUEUE}/{nowhere}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
        }
    })
    .await;
}

#[tokio::test]
async fn a_draw_that_rests_on_public_randomness_names_its_round() {
    on_both(async |test: TestApp| {
        test.tick().await;
        let draw = newest(&test).await;
        let chain = hex::encode(draw::QUICKNET_CHAIN);
        let source = json!({ "kind": "drand", "chain": chain, "round": 35_123_456 });
        test.raw(&format!("UPDATE draw SET source = '{source}' WHERE state = 'announced'")).await;
        let page = get(&test.app, &format!("/tirages/{}", draw.id)).await;
        for said in ["Hasard public", "35123456", &chain, "Attendu"] {
            page.assert_says(said);
        }
        assert!(!page.body.contains("repose sur sa seule parole"));
        let index = get(&test.app, &format!("{QUEUE}/tirages.json")).await;
        let index: Value = serde_json::from_str(&index.body).unwrap();
        assert_eq!(index["draws"][0]["source"], source);
    })
    .await;
}

#[tokio::test]
async fn no_public_answer_shows_anything_personal() {
    let test = TestApp::sqlite().await;
    let draw = drawn(&test, 12, 2).await;
    let mut secrets = Vec::new();
    for n in 0..12 {
        let id = test.register(test.first, n).await;
        let entry = test.app.store.entry(id).await.unwrap().unwrap();
        let salt = hex::encode(&test.app.store.entry_draws(id).await.unwrap()[0].salt);
        secrets.extend([entry.reference, id.to_string(), id.0.simple().to_string(), salt]);
        secrets.extend([common::person(n).birth_name, common::person(n).document_number]);
    }
    let page = format!("/tirages/{}", draw.id);
    for path in [
        page.clone(),
        format!("{page}/liste.json"),
        format!("{page}/bundle.json"),
        QUEUE.to_owned(),
        format!("{QUEUE}/tirages"),
        format!("{QUEUE}/tirages.atom"),
        format!("{QUEUE}/tirages.json"),
    ] {
        let answer = get(&test.app, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let shown: Vec<&String> = secrets.iter().filter(|secret| answer.body.contains(*secret)).collect();
        assert!(shown.is_empty(), "{path} shows {shown:?}");
    }
    // Six winners who came on one day are enough for a range.
    get(&test.app, &page).await.assert_says("<svg class=\"chart\"");
}

#[tokio::test]
async fn counts_that_few_share_are_not_said() {
    let test = TestApp::sqlite().await;
    let holder = test.register(test.first, 100).await;
    let pause = passage::store::commands::EntryChange::Pause;
    let actor = passage::domain::actor::Actor::Holder(holder);
    passage::flow::entries::change(&test.app, holder, pause, actor).await.unwrap();
    let draw = drawn(&test, 8, 1).await;
    let page = get(&test.app, &format!("/tirages/{}", draw.id)).await;
    page.assert_says("Hors liste, toutes raisons</dt><dd>moins de 5");
    page.assert_says("Trop peu de personnes ont eu une place");
    assert!(!page.body.contains("<svg class=\"chart\"") && !page.body.contains("Demandes en attente"));
    let index = get(&test.app, &format!("{QUEUE}/tirages.json")).await;
    let index: Value = serde_json::from_str(&index.body).unwrap();
    let first = index["draws"].as_array().unwrap().last().unwrap();
    assert_eq!(first["counts"]["listed"], 8);
    assert!(first["counts"]["paused"].is_null() && first["counts"]["waiting"].is_null());
}

#[tokio::test]
async fn the_feed_and_the_index_can_be_followed_page_by_page() {
    on_both(async |test: TestApp| {
        let draw = drawn(&test, 6, 1).await;
        let feed = get(&test.app, &format!("{QUEUE}/tirages.atom")).await;
        assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
        let entries = elements(&feed.body);
        assert!(entries.contains(&format!("id=urn:uuid:{}", draw.id)), "{entries:?}");
        assert!(entries.iter().any(|one| one.starts_with("updated=2027-01-")), "{entries:?}");
        let path = format!("{QUEUE}/tirages.json");
        let index = get(&test.app, &path).await;
        let body: Value = serde_json::from_str(&index.body).unwrap();
        assert_eq!(body["type"], "passage-draws/1");
        let published = body["draws"].as_array().unwrap().last().unwrap();
        assert_eq!(published["state"], "published");
        assert_eq!(published["freeze"], json!(hex::encode(draw.freeze_hash.unwrap())));
        assert!(published["bundle"].as_str().unwrap().ends_with("/bundle.json"));
        assert_eq!(published["source"]["kind"], "commit");
        assert!(published["source"].get("secret").is_none());
        let known = asked(&test, &path, ("if-none-match", index.header("etag"))).await;
        assert_eq!((known.status, known.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        let older = get(&test.app, &format!("{path}?avant=1")).await;
        let older: Value = serde_json::from_str(&older.body).unwrap();
        assert!(older["draws"].as_array().unwrap().is_empty() && older["next"].is_null());
    })
    .await;
}

/// Every `name=text` of the leaves of an XML document; panics if it is not well formed.
fn elements(xml: &str) -> Vec<String> {
    let (mut open, mut found, mut rest) = (Vec::new(), Vec::new(), xml);
    while let Some((text, after)) = rest.split_once('<') {
        let (tag, next) = after.split_once('>').expect("a tag is closed");
        assert!(!text.contains('>'));
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed in order");
            found.push(format!("{name}={text}"));
        } else if !tag.starts_with('?') && !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap().to_owned());
        }
        rest = next;
    }
    assert!(open.is_empty(), "left open: {open:?}");
    found
}

#[tokio::test]
async fn an_annulled_draw_keeps_its_bundle_its_reason_and_what_replaced_it() {
    on_both(async |test: TestApp| {
        let draw = drawn(&test, 6, 1).await;
        let by = test.staff("un", Role::Manager).await;
        let other = test.staff("deux", Role::Manager).await;
        annulment::propose(&test.app, draw.id, "Une erreur de saisie des créneaux.", by).await.unwrap();
        annulment::approve(&test.app, draw.id, other).await.unwrap();
        test.pass(TimeDelta::hours(48)).await;
        let path = format!("/tirages/{}", draw.id);
        let page = get(&test.app, &path).await;
        page.assert_says("Une erreur de saisie des créneaux.");
        page.assert_says("Remplacé par\u{a0}:");
        let after = page.between("Remplacé par\u{a0}: <a href=\"", "\"").to_owned();
        get(&test.app, &after)
            .await
            .assert_says(&format!("Remplace le tirage annulé\u{a0}: <a href=\"{path}\""));
        for path in [path, after] {
            let bundle = get(&test.app, &format!("{path}/bundle.json")).await;
            assert!(draw::verify(bundle.body.as_bytes()).is_ok(), "{path}: {}", bundle.status);
        }
    })
    .await;
}

#[tokio::test]
async fn a_holder_finds_their_line_and_a_stranger_can_check_the_proof() {
    on_both(async |test: TestApp| {
        for n in 0..11 {
            test.register(test.first, n).await;
        }
        test.publish(test.first, 1, 4, 3, 1).await;
        test.tick().await;
        let draw = newest(&test).await;
        test.pass(draw.freeze_at - test.now()).await;
        let id = draw.id.to_string();
        let mut browser = Browser::of(&test.app);
        let path = format!("/s/preuve/{id}");
        status(&test, &mut browser, 3).await.assert_says(&format!("href=\"{path}\""));
        let before = browser.get(&path).await;
        before.assert_says("Oui, vous étiez dans la liste, parmi 11 demandes.");
        before.assert_says("Le tirage n&#39;a pas encore eu lieu.");
        assert!(!before.body.contains("Votre ticket"));
        test.pass(draw.seed_at - test.now()).await;
        status(&test, &mut browser, 3).await;
        let page = browser.get(&path).await;
        for said in [
            "Le sort vous a donné le rang",
            "sur 11. Il y avait 3 places.",
            "d&#39;environ 27 %",
            "Votre ticket",
        ] {
            page.assert_says(said);
        }
        page.assert_says("/p/demonstration/premiere-demande/tirages/1");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(!page.body.contains("Unknown localization"));
        let file = browser.get(&format!("{path}/fichier")).await;
        assert!(file.header("content-disposition").starts_with("attachment; filename=\"passage-tirage-1-"));
        assert_eq!(file.header("cache-control"), "no-store");
        let proof: Value = serde_json::from_str(&file.body).unwrap();
        let list = get(&test.app, &format!("/tirages/{id}/liste.json")).await;
        check(&proof, &serde_json::from_str(&list.body).unwrap());
    })
    .await;
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn number<N: TryFrom<u64>>(value: &Value) -> N {
    N::try_from(value.as_u64().unwrap()).unwrap_or_else(|_| panic!("{value} is out of range"))
}

/// Checks a proof as documented, without the program's own code for lists.
fn check(proof: &Value, list: &Value) {
    let classes: u16 = number(&proof["class_count"]);
    let pid = &Sha256::digest(
        [
            b"passage-draw/1 pid\0".as_slice(),
            &bytes(&proof["draw"]),
            &bytes(&proof["entry"]),
            &bytes(&proof["salt"]),
        ]
        .concat(),
    )[..16];
    assert_eq!(pid, bytes(&proof["pid"]));
    let kind = Sha256::digest([&[2][..], &classes.to_be_bytes(), &bytes(&proof["accepts"])].concat());
    let (tier, weight, reserve): (u8, u8, u8) =
        (number(&proof["tier"]), number(&proof["weight"]), number(&proof["reserve"]));
    let bucket: u32 = number(&proof["bucket"]);
    let line = [b"PE1\0".as_slice(), pid, &kind, &[tier, weight], &bucket.to_be_bytes(), &[reserve]].concat();
    let hash = |value: &Value| -> [u8; 32] { bytes(value).try_into().unwrap() };
    let path: Vec<[u8; 32]> = proof["inclusion"].as_array().unwrap().iter().map(hash).collect();
    let (at, of) = (number(&proof["number"]), number(&proof["entry_count"]));
    let root = hash(&proof["entries_root"]);
    assert!(verify_inclusion(&leaf_hash(&line), at, of, &path, &root));
    let counts: [u32; 2] = [number(&proof["slot_count"]), number(&proof["entry_count"])];
    let freeze = Sha256::digest(
        [
            b"passage-draw/1 freeze\0".as_slice(),
            &bytes(&proof["draw"]),
            &bytes(&proof["terms_hash"]),
            &bytes(&proof["classes_hash"]),
            &bytes(&proof["slots_root"]),
            &counts[0].to_be_bytes(),
            &root,
            &counts[1].to_be_bytes(),
            &bytes(&proof["reserves_hash"]),
            &bytes(&proof["source"]),
        ]
        .concat(),
    );
    assert_eq!(hex::encode(freeze), list["freeze"].as_str().unwrap());
}

#[tokio::test]
async fn a_line_is_shown_to_its_holder_alone() {
    let test = TestApp::sqlite().await;
    let draw = drawn(&test, 3, 1).await;
    let outsider = test.register(test.first, 50).await;
    let entry = test.app.store.entry(outsider).await.unwrap().unwrap();
    let id = draw.id.to_string();
    let person = common::person(50);
    let fields = [("reference", entry.reference.as_str()), ("birth_date", person.birth_date.as_str())];
    let mut browser = Browser::of(&test.app);
    browser.submit("/s", &fields).await;
    for path in [format!("/s/preuve/{id}"), format!("/s/preuve/{id}/fichier")] {
        let other = browser.get(&path).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "not in that list");
        let nobody = get(&test.app, &path).await;
        assert_eq!((nobody.status, nobody.header("location")), (StatusCode::SEE_OTHER, "/s?fermee=oui"));
    }
}

/// A list of many people who accept everything.
fn large(draw: &DrawRecord, people: u32) -> Frozen {
    let id = *draw.id.0.as_bytes();
    let day = chrono::NaiveDate::from_ymd_opt(2027, 2, 1).unwrap();
    let classes = Classes::gather([draw::Class { date: day, half: Half::Morning, site: [1; 16] }]).unwrap();
    let mut accepts = Accepts::none(1);
    accepts.add(0);
    let entry = |n: u32| {
        let digest = Sha256::digest(n.to_be_bytes());
        let pid = digest[..16].try_into().unwrap();
        Line { pid, kind: 0, tier: 3, weight: 1, bucket: 0, reserve: 0 }
    };
    let list = List {
        draw: id,
        terms: Terms::new(json!({}), json!({ "version": 1 }), draw.freeze_at.timestamp(), None).unwrap(),
        slots: Vec::new(),
        types: vec![accepts],
        entries: (0..people).map(entry).collect(),
        reserves: Vec::new(),
        source: Source::Commit { commitment: [7; 32] },
        classes,
    };
    list.freeze().unwrap()
}

/// Memory in use, in bytes.
fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

#[tokio::test]
async fn a_hundred_thousand_lines_are_sent_in_pieces_and_fetched_once() {
    on_both(async |test: TestApp| {
        test.tick().await;
        let draw = newest(&test).await;
        let frozen = large(&draw, 100_000);
        let (list, hash) = (Arc::new(frozen.list_json()), *frozen.freeze());
        drop(frozen);
        let handed = list.clone();
        let list_again = move |_| {
            let list = handed.as_bytes().to_vec();
            let counts = json!({});
            Ok(Composed { list, freeze_hash: hash, entries: vec![], slots: vec![], counts })
        };
        let compose = Compose { list: Arc::new(list_again), is_in_time: Arc::new(|| true) };
        test.app.store.freeze(draw.id, compose, test.now()).await.unwrap();
        let path = format!("/tirages/{}/liste.json", draw.id);
        let whole = get(&test.app, &path).await;
        assert!(whole.body == *list, "the same bytes");
        assert!(whole.header("cache-control").contains("immutable"));
        let etag = whole.header("etag").to_owned();
        drop(whole);
        let known = asked(&test, &path, ("if-none-match", &etag)).await;
        assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
        held_open_by_many(&test, &path, list.len()).await;
        let request = Request::get(&path).header("accept-encoding", "gzip").body(Body::empty()).unwrap();
        let small = passage::web::router(test.app.clone()).oneshot(request).await.unwrap();
        assert_eq!(small.headers()["content-encoding"], "gzip");
        let sent = to_bytes(small.into_body(), list.len()).await.unwrap().len();
        assert!(sent < list.len() * 3 / 4, "{sent} of {}", list.len());
    })
    .await;
}

/// Forty clients that have read the first chunk and stopped: together they use far less memory than forty lists.
async fn held_open_by_many(test: &TestApp, path: &str, size: usize) {
    let before = resident_bytes();
    let mut open = Vec::new();
    for _ in 0..40 {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = passage::web::router(test.app.clone()).oneshot(request).await.unwrap();
        let mut body = answer.into_body().into_data_stream();
        let first = body.next().await.unwrap().unwrap();
        assert!(first.len() < size / 8, "{} of {size}", first.len());
        open.push(body);
    }
    let grown = resident_bytes().saturating_sub(before);
    println!("40 open answers of {size} bytes hold {grown} bytes more");
    assert!(grown < 8 * size, "{grown} bytes for lists of {size}");
}
