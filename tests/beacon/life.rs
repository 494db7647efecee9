//! Whole lives of draws that use a recorded round, on both databases.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use passage::config::DrawSource;
use passage::domain::ids::{DrawId, EntryId};
use passage::draw;
use passage::flow::{App, check};
use passage::scheduler;
use passage::store::records::{DrawRecord, DrawState};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::common::{self, TestApp, on_both_at};
use crate::recorded::{ROUND, START, announced, out_at};
use crate::relay::{Manner, Relay, signature};
use crate::web::{get, submit};

/// Runs a life on both databases with these relays, each honest again at the start.
pub async fn with_relays<F: AsyncFn(TestApp, &[Relay])>(count: usize, life: F) {
    let mut relays = Vec::new();
    for _ in 0..count {
        relays.push(Relay::start(Manner::Honest).await);
    }
    let urls = relays.iter().map(|relay| relay.url.as_str()).collect::<Vec<_>>().join(",");
    let vars = [("PASSAGE__DRAWS__SOURCE", "drand"), ("PASSAGE__DRAWS__RELAYS", urls.as_str())];
    on_both_at(START, &vars, async |app| {
        turn(&relays, &Manner::Honest);
        life(app, &relays).await;
    })
    .await;
}

pub fn turn(relays: &[Relay], manner: &Manner) {
    for relay in relays {
        relay.turn(manner.clone());
    }
}

pub async fn record(app: &App, id: DrawId) -> DrawRecord {
    app.store.draw(id).await.unwrap().unwrap()
}

/// Both clocks go to this business instant, in one step.
pub fn jump(app: &TestApp, to: DateTime<Utc>) {
    app.real.advance(to - app.now());
    app.clock.set(to);
}

/// The draw, once its list is frozen.
pub async fn frozen(app: &TestApp, id: DrawId) -> DrawRecord {
    jump(app, record(&app.app, id).await.freeze_at);
    app.tick().await;
    let draw = record(&app.app, id).await;
    assert_eq!(draw.state, DrawState::Frozen);
    draw
}

pub async fn bundle(app: &App, id: DrawId) -> Value {
    let bytes = app.store.draw_document(id, "bundle").await.unwrap().expect("a bundle");
    draw::verify(&bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

async fn status_page(app: &TestApp, entry: EntryId, person: u32) -> String {
    let entry = app.app.store.entry(entry).await.unwrap().unwrap();
    let born = common::person(person).birth_date;
    submit(&app.app, "/s", &[("reference", &entry.reference), ("birth_date", &born)]).await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_on_a_real_round_is_frozen_drawn_and_published_and_anyone_can_verify_it() {
    with_relays(3, async |app, relays| {
        let (id, people) = announced(&app, ROUND).await;
        // The relays are replays: the round must not be out while the list is frozen.
        turn(relays, &Manner::NotYet);
        let draw = frozen(&app, id).await;
        assert_eq!((draw.entry_count, draw.slot_count, &draw.secret), (Some(6), Some(3), &None));
        jump(&app, draw.seed_at - TimeDelta::seconds(1));
        let asked: usize = relays.iter().map(Relay::asked).sum();
        app.tick().await;
        assert_eq!(relays.iter().map(Relay::asked).sum::<usize>(), asked, "nobody asks before its time");
        turn(relays, &Manner::Honest);
        relays[0].turn(Manner::OtherSignature);
        jump(&app, draw.seed_at);
        app.tick().await;
        let draw = record(&app.app, id).await;
        assert_eq!(draw.state, DrawState::Published);
        assert_eq!(draw.opening, Some(signature(ROUND)));
        assert_eq!(
            bundle(&app.app, id).await["source"],
            json!({ "kind": "drand", "chain": hex::encode(draw::QUICKNET_CHAIN), "round": ROUND,
                "signature": hex::encode(signature(ROUND)) })
        );
        assert_eq!(draw.winner_count, Some(3));
        app.assert_sound().await;
        let page = get(&app.app, &format!("/tirages/{id}")).await;
        page.assert_says("<dd class=\"hash\">1000</dd>");
        page.assert_says(&hex::encode(signature(ROUND)));
        for shown in [page.body, status_page(&app, people[0], 0).await] {
            assert!(!shown.contains("seule parole"), "{shown}");
        }
        for address in ["/p/demonstration/premiere-demande", "/mentions"] {
            let page = get(&app.app, address).await;
            page.assert_says("Hasard public");
            assert!(!page.body.contains("seule parole"), "{address}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_every_relay_lies_the_draw_waits_and_says_so_and_then_takes_its_own_round() {
    with_relays(3, async |app, relays| {
        let (id, _) = announced(&app, ROUND).await;
        turn(relays, &Manner::NotYet);
        let draw = frozen(&app, id).await;
        for (relay, lie) in relays.iter().zip([Manner::OtherSignature, Manner::FlippedBit, Manner::Html]) {
            relay.turn(lie);
        }
        jump(&app, draw.seed_at);
        assert!(app.tick().await.is_idle(), "a draw that waits gives the scheduler nothing to do at once");
        let page = format!("/tirages/{id}");
        assert!(!get(&app.app, &page).await.body.contains("en retard"), "a round takes a moment");
        app.assert_sound().await;
        jump(&app, draw.seed_at + TimeDelta::minutes(3));
        assert!(app.tick().await.is_idle());
        let waiting = record(&app.app, id).await;
        assert_eq!((waiting.state, waiting.opening), (DrawState::Frozen, None));
        let page = get(&app.app, &page).await;
        page.assert_says("en retard");
        page.assert_says("n&#39;en prendra aucun autre");
        manager_is_told(&app).await;
        let faults = check::faults(&app.app).await.unwrap();
        assert!(matches!(&faults[..], [fault] if fault.contains("is late")), "{faults:?}");
        let relays_at_fault = check::relay_faults(&app.app.config, &app.app.beacon).await;
        assert_eq!(relays_at_fault.len(), 3, "{relays_at_fault:?}");
        relays[2].turn(Manner::Honest);
        jump(&app, draw.seed_at + TimeDelta::minutes(4));
        app.tick().await;
        let draw = record(&app.app, id).await;
        assert_eq!((draw.state, draw.opening), (DrawState::Published, Some(signature(ROUND))));
        bundle(&app.app, id).await;
        app.assert_sound().await;
    })
    .await;
}

async fn manager_is_told(app: &TestApp) {
    let manager = Browser::manager(app, "marie").await;
    let shown = manager.get("/gestion/tirages").await.page();
    assert!(shown.contains("les relais du réseau drand sont-ils joignables"), "{shown}");
}

/// Seeds a draw and stops there, before its outcome is computed.
async fn seeded(app: &TestApp, id: DrawId) -> DrawRecord {
    let draw = record(&app.app, id).await;
    passage::flow::draw::seed(&app.app, &draw).await.unwrap();
    let draw = record(&app.app, id).await;
    assert_eq!(draw.state, DrawState::Seeded);
    draw
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_round_is_verified_again_before_anything_is_computed_from_it() {
    with_relays(1, async |app, relays| {
        let (id, _) = announced(&app, ROUND).await;
        turn(relays, &Manner::NotYet);
        let draw = frozen(&app, id).await;
        turn(relays, &Manner::Honest);
        jump(&app, draw.seed_at);
        seeded(&app, id).await;
        let stored = |signature: &[u8]| {
            let bytes = hex::encode(signature);
            let bytes = if app.is_pg() { format!("'\\x{bytes}'") } else { format!("X'{bytes}'") };
            format!("UPDATE draw SET opening = {bytes} WHERE state = 'seeded'")
        };
        for other in [signature(1001), signature(ROUND)[..32].to_vec()] {
            assert_eq!(app.raw(&stored(&other)).await, 1);
            let done = scheduler::tick(&app.app).await;
            assert_eq!((done.failed, record(&app.app, id).await.state), (1, DrawState::Seeded));
        }
        assert_eq!(app.raw(&stored(&signature(ROUND))).await, 1);
        app.tick().await;
        assert_eq!(record(&app.app, id).await.state, DrawState::Published);
        bundle(&app.app, id).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_may_change_its_source_and_what_is_announced_keeps_its_own() {
    with_relays(1, async |mut app, relays| {
        turn(relays, &Manner::NotYet);
        configure(&mut app, DrawSource::Commit);
        app.register(app.first, 1).await;
        app.tick().await;
        let kept = newest(&app).await;
        assert_eq!(kept.source["kind"], "commit");

        configure(&mut app, DrawSource::Drand);
        for at in [kept.freeze_at, kept.seed_at] {
            jump(&app, at);
            app.tick().await;
        }
        assert_eq!(record(&app.app, kept.id).await.state, DrawState::Published);
        assert_eq!(bundle(&app.app, kept.id).await["source"]["kind"], "commit");
        get(&app.app, &format!("/tirages/{}", kept.id)).await.assert_says("seule parole");

        let next = newest(&app).await;
        let round = next.source["round"].as_u64().unwrap();
        let earliest = next.freeze_at + TimeDelta::minutes(180);
        assert_eq!((next.state, &next.secret), (DrawState::Announced, &None));
        assert_eq!(next.source["chain"], hex::encode(draw::QUICKNET_CHAIN));
        assert_eq!(next.seed_at, out_at(round));
        assert!(out_at(round) >= earliest && out_at(round - 1) < earliest, "the first round after the lead");

        configure(&mut app, DrawSource::Commit);
        for at in [next.freeze_at, next.seed_at] {
            jump(&app, at);
            app.tick().await;
        }
        let waiting = record(&app.app, next.id).await;
        assert_eq!((waiting.state, waiting.source), (DrawState::Frozen, next.source), "its round alone");
        assert!(relays[0].asked() > 0);
    })
    .await;
}

/// Simulates a restart with another configuration.
fn configure(app: &mut TestApp, source: DrawSource) {
    Arc::get_mut(&mut app.app).expect("nobody else holds the app").config.draws.source = source;
}

async fn newest(app: &TestApp) -> DrawRecord {
    app.app.store.draws_of(app.first, 1).await.unwrap().remove(0)
}
