//! The check before publication: a draw that does not verify is not published, and an improbable one is reported.

mod common;
#[path = "common/web.rs"]
mod web;

use chrono::TimeDelta;
use common::{TestApp, on_both};
use passage::domain::actor::Channel;
use passage::flow::register::Desk;
use passage::flow::watch;
use passage::locale::Lang;
use passage::scheduler;
use passage::store::records::{DrawRecord, DrawState};
use passage::web::shared::watch::WatchWords;

async fn until_seeded(app: &TestApp, people: u32) -> DrawRecord {
    for n in 0..people {
        let channel = if n.is_multiple_of(4) { Channel::Phone } else { Channel::Counter };
        let desk = Desk { document_seen: true, channel, ..Desk::ONLINE };
        app.register_by(app.first, &common::person(n), desk, &format!("watch-{n}")).await.unwrap();
        app.clock.advance(TimeDelta::seconds(1));
    }
    app.publish(app.first, 1, 4, 5, 4).await;
    app.tick().await;
    let draw = app.app.store.draws_of(app.first, 1).await.unwrap().remove(0);
    app.clock.set(draw.freeze_at);
    app.tick().await;
    app.clock.set(draw.seed_at);
    passage::flow::draw::seed(&app.app, &newest(app).await).await.unwrap();
    passage::flow::draw::conclude(&app.app, &newest(app).await).await.unwrap();
    newest(app).await
}

async fn newest(app: &TestApp) -> DrawRecord {
    app.app.store.draws_of(app.first, 1).await.unwrap().remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_draw_is_looked_at_again_and_the_log_says_what_was_found() {
    on_both(async |app| {
        let draw = until_seeded(&app, 80).await;
        assert_eq!(watch::found(&app.app, draw.id).await.unwrap(), None);
        app.tick().await;
        let found = watch::found(&app.app, draw.id).await.unwrap().expect("looked at");
        assert!(!found.is_alarming() && found.arrival_z_thousandths.is_some(), "{found:?}");
        let counted: Vec<_> = found.channels.iter().map(|one| (one.channel, one.had_chance)).collect();
        assert_eq!(counted, [(Channel::Phone, 20), (Channel::Counter, 60)]);
        assert_eq!(found.channels.iter().map(|one| one.won).sum::<u32>(), 16);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_does_not_hold_is_not_published() {
    on_both(async |app| {
        let draw = until_seeded(&app, 5).await;
        let bundle = app.app.store.draw_document(draw.id, "bundle").await.unwrap().unwrap();
        let at = bundle.windows(9).position(|part| part == b"\"outcome\"").unwrap() + 13;
        let other = if bundle[at] == b'0' { '1' } else { '0' };
        let part = if app.is_pg() {
            format!("overlay(body PLACING '\\x{:02x}'::bytea FROM {})", other as u8, at + 1)
        } else {
            format!(
                "CAST(substr(body, 1, {at}) || x'{:02x}' || substr(body, {}) AS BLOB)",
                other as u8,
                at + 2
            )
        };
        assert_eq!(
            app.raw(&format!("UPDATE draw_document SET body = {part} WHERE kind = 'bundle'")).await,
            1
        );
        let done = scheduler::tick(&app.app).await;
        assert_eq!((done.failed, newest(&app).await.state), (1, DrawState::Drawn));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn winners_who_all_came_first_raise_the_alarm() {
    on_both(async |app| {
        let draw = until_seeded(&app, 160).await;
        // Somebody with access to the database makes the winners' arrivals the earliest.
        let (subject, hour) = if app.is_pg() {
            ("SELECT entry_id FROM convocation", "registered_at - interval '1 hour'")
        } else {
            ("SELECT entry_id FROM convocation", "'2027-01-08T07:00:00+00:00'")
        };
        app.raw(&format!("UPDATE entry SET registered_at = {hour} WHERE id IN ({subject})")).await;
        app.tick().await;
        let found = watch::found(&app.app, draw.id).await.unwrap().expect("looked at");
        assert!(found.is_alarming() && found.arrival_z_thousandths < Some(0), "{found:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_is_open_data_and_shown_to_the_prefecture() {
    on_both(async |app| {
        let draw = until_seeded(&app, 80).await;
        let address = format!("/tirages/{}/controle.json", draw.id);
        assert_eq!(web::get(&app.app, &address).await.status, axum::http::StatusCode::NOT_FOUND);
        app.tick().await;
        let found: serde_json::Value =
            serde_json::from_str(&web::get(&app.app, &address).await.body).unwrap();
        assert_eq!((&found["type"], &found["alarm"]), (&"passage-watch/1".into(), &false.into()));
        assert_eq!(found["channels"][1]["had_chance"], 60);
        let [low, odds, high] = ["low", "value", "high"].map(|at| found["channels"][1]["odds"][at].as_f64());
        assert!(low < odds && odds < high, "{found}");
        let page = web::get(&app.app, &format!("/tirages/{}", draw.id)).await;
        page.assert_says(&address);
        let found = watch::found(&app.app, draw.id).await.unwrap().expect("looked at");
        for (lang, alarm) in [(Lang::Fr, "6,11"), (Lang::En, "6.11")] {
            let said = WatchWords::of(lang, &found).lines;
            assert_eq!(said.len(), 4, "it holds, the arrivals, two channels: {said:?}");
            assert!(said[1].contains(alarm) && !said.concat().contains("Unknown"), "{said:?}");
        }
    })
    .await;
}
