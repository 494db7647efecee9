//! The time guards: no list is frozen once its round may be known, and no draw waits for ever.

use std::sync::LazyLock;

use chrono::TimeDelta;
use passage::domain::entry::EntryState;
use passage::domain::ids::DrawId;
use passage::flow::draw::BEACON_LATE;
use passage::flow::freeze::FROZEN_TOO_LATE;
use passage::store::records::DrawState;
use serde_json::{Value, json};

use crate::common::TestApp;
use crate::life::{frozen, jump, record, turn, with_relays};
use crate::log::Log;
use crate::recorded::{ROUND, START, announced, out_at};
use crate::relay::{Manner, Relay};
use crate::web::get;

async fn is_annulled(app: &TestApp, id: passage::domain::ids::DrawId, reason: &str) {
    let draw = record(&app.app, id).await;
    assert_eq!((draw.state, draw.annul_reason.as_deref()), (DrawState::Annulled, Some(reason)));
    let next = app.app.store.draws_of(app.first, 1).await.unwrap().remove(0);
    assert_eq!((next.state, next.previous), (DrawState::Announced, Some(id)), "a new one is announced");
    assert_eq!(next.source["kind"], "drand");
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_frozen_ten_minutes_before_its_round_and_not_a_second_later() {
    with_relays(1, async |app, relays| {
        turn(relays, &Manner::NotYet);
        let (id, _) = announced(&app, ROUND).await;
        jump(&app, out_at(ROUND) - TimeDelta::seconds(599));
        app.tick().await;
        is_annulled(&app, id, FROZEN_TOO_LATE).await;
    })
    .await;
    with_relays(1, async |app, relays| {
        turn(relays, &Manner::NotYet);
        let (id, _) = announced(&app, ROUND).await;
        jump(&app, out_at(ROUND) - TimeDelta::seconds(600));
        app.tick().await;
        assert_eq!(record(&app.app, id).await.state, DrawState::Frozen);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_not_frozen_once_a_relay_proves_that_its_round_is_out_whatever_the_clock_says() {
    with_relays(3, async |app, relays| {
        turn(relays, &Manner::NotYet);
        relays[2].turn(Manner::Honest);
        let (id, _) = announced(&app, ROUND).await;
        jump(&app, out_at(ROUND) - TimeDelta::hours(1));
        app.tick().await;
        is_annulled(&app, id, FROZEN_TOO_LATE).await;
        let page = get(&app.app, &format!("/tirages/{id}")).await;
        page.assert_says("la liste n&#39;a pas pu être fermée à temps");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn relays_that_lie_or_are_silent_neither_annul_a_draw_nor_hold_up_its_freeze() {
    with_relays(4, async |app, relays| {
        let manners = [Manner::FlippedBit, Manner::WrongNumber, Manner::Silent, Manner::Broken];
        for (relay, manner) in relays.iter().zip(manners) {
            relay.turn(manner);
        }
        let (id, _) = announced(&app, ROUND).await;
        frozen(&app, id).await;
        assert!(relays.iter().all(|relay: &Relay| relay.asked() > 0), "every relay was asked");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_whose_round_never_comes_is_annulled_in_public_after_a_day_and_costs_nobody_anything() {
    with_relays(2, async |app, relays| {
        turn(relays, &Manner::NotYet);
        let (id, people) = announced(&app, ROUND).await;
        let draw = frozen(&app, id).await;
        jump(&app, draw.seed_at + TimeDelta::hours(24));
        app.tick().await;
        assert_eq!(record(&app.app, id).await.state, DrawState::Frozen, "a day is not over yet");
        jump(&app, draw.seed_at + TimeDelta::hours(24) + TimeDelta::seconds(15));
        app.tick().await;
        assert_eq!(record(&app.app, id).await.state, DrawState::Frozen, "one question proves nothing");
        jump(&app, app.now() + TimeDelta::minutes(10));
        app.tick().await;
        is_annulled(&app, id, BEACON_LATE).await;
        for entry in people {
            let entry = app.app.store.entry(entry).await.unwrap().unwrap();
            assert_eq!((entry.state, entry.standing.draws_survived), (EntryState::Waiting, 0));
        }
        let free = app.app.store.figures(app.first, app.now()).await.unwrap().free_slots;
        assert_eq!((free, draw.slot_count), (3, Some(3)), "the seats are free again");
        let page = get(&app.app, &format!("/tirages/{id}")).await;
        page.assert_says("le hasard n&#39;est pas arrivé à temps");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_was_off_for_longer_than_the_limit_still_draws_the_round_it_announced() {
    with_relays(1, async |app, relays| {
        turn(relays, &Manner::NotYet);
        let (id, _) = announced(&app, ROUND).await;
        let draw = frozen(&app, id).await;
        // It starts before its network does.
        turn(relays, &Manner::Broken);
        jump(&app, draw.seed_at + TimeDelta::days(2));
        app.tick().await;
        turn(relays, &Manner::Honest);
        jump(&app, app.now() + TimeDelta::minutes(1));
        app.tick().await;
        assert_eq!(record(&app.app, id).await.state, DrawState::Published);
        app.assert_sound().await;
    })
    .await;
}

static LOG: LazyLock<Log> = LazyLock::new(|| Log::listening(tracing::Level::INFO));

fn raised(log: &Log, draw: DrawId) -> Vec<Value> {
    let text = String::from_utf8(log.bytes()).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let alarm = |line: &Value| {
        let fields = &line["fields"];
        fields["event"] == "draw.randomness_late" && fields["draw"] == draw.to_string()
    };
    lines.filter(alarm).collect()
}

#[tokio::test]
async fn a_late_round_raises_an_alarm_in_the_log_that_names_draw_round_and_relays() {
    LazyLock::force(&LOG);
    let relay = Relay::start(Manner::NotYet).await;
    let vars = [("PASSAGE__DRAWS__SOURCE", "drand"), ("PASSAGE__DRAWS__RELAYS", relay.url.as_str())];
    let app = TestApp::sqlite_at(START, &vars).await;
    let (id, _) = announced(&app, ROUND).await;
    let draw = frozen(&app, id).await;
    let mut alarms = Vec::new();
    for minutes in [0, 1, 3, 4, 17, 18, 19] {
        jump(&app, draw.seed_at + TimeDelta::minutes(minutes));
        app.tick().await;
        alarms.push(raised(&LOG, id).len());
    }
    assert_eq!(alarms, [0, 0, 1, 1, 1, 2, 2], "late after two minutes, and again every quarter of an hour");
    let alarm = &raised(&LOG, id)[0];
    assert_eq!((&alarm["level"], &alarm["fields"]["round"]), (&json!("ERROR"), &json!(ROUND)));
    assert_eq!(alarm["fields"]["relays"], format!("{} answered HTTP 404", relay.url));
}
