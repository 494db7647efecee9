//! A live duel: a hundred bots and a hundred slow people want fifty seats, through the same server. Once
//! first come is first served, once Passage draws. `make duel` shows who got what.
//!
//! The live draw has a new secret. Because one draw of fifty seats says little, its frozen list is drawn again
//! with many numbered secrets, by the same code: this makes the interval narrower.

mod common;
#[path = "duel/first_come.rs"]
mod first_come;
#[path = "common/http.rs"]
mod http;
#[path = "duel/odds.rs"]
mod odds;
#[path = "duel/players.rs"]
mod players;
#[path = "common/web.rs"]
mod web;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use chrono::TimeDelta;
use common::{TestApp, depth, on_both, register_of_numbers};
use odds::{HEAD, Line, Tally};
use passage::domain::entry::EntryState;
use passage::draw::{Classes, Frozen, Id, List, Opening, Source, commitment};
use passage::flow::{App, import};
use passage::store::records::DrawState;
use passage::web::server::{Patience, serve_router};
use players::{Kind, Played, Player};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::Instant;

const BOTS: u32 = 100;
const PEOPLE: u32 = 100;
const SEATS: usize = 50;
const PARTIES: [&str; 2] = ["bots", "people"];
/// By chance alone, this is exceeded less than once in a million runs.
const DEVIATIONS_MAX: f64 = 4.9;

/// Runs all players; `open` puts the seats online when the doors open.
async fn play(test: &TestApp, to: SocketAddr, open: impl AsyncFnOnce()) -> Vec<Played> {
    let directory = test.app.store.directory().await.unwrap();
    let site = directory.sites_of(test.prefecture).find(|site| site.slug == "centre").unwrap().id.to_string();
    let (doors, opened) = watch::channel(None);
    let players: Vec<_> = (0..BOTS + PEOPLE)
        .map(|number| {
            let kind = match number {
                number if number >= BOTS => Kind::Person,
                number => Kind::Bot { new_keys: number.is_multiple_of(2) },
            };
            let caller = http::Caller { from: http::address(1, number), to };
            let (opened, site) = (opened.clone(), site.clone());
            tokio::spawn(async move { Player { number, kind, caller }.play(opened, &site).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    open().await;
    doors.send(Some(Instant::now())).unwrap();
    let mut played = Vec::new();
    for player in players {
        played.push(player.await.unwrap());
    }
    played
}

/// The one entrance: the program's own server, with its rate limits and timeouts, in front of any router.
async fn open_door(app: &App, router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let http = &app.config.http;
    let (patience, proxies) = (Patience::of(http), http.trusted_proxies.clone());
    tokio::spawn(serve_router(router, patience, proxies, listener, std::future::pending()));
    address
}

async fn publish_seats(test: &TestApp) {
    let published = test.publish(test.first, 1, 4, 4, 10).await + test.publish(test.first, 2, 4, 2, 5).await;
    assert_eq!(published, SEATS);
}

async fn know_everybody(test: &TestApp) {
    let register = register_of_numbers(BOTS + PEOPLE);
    import::register_of_numbers(&test.app, register.as_slice(), |_| ()).await.unwrap();
}

fn database(test: &TestApp) -> &'static str {
    if test.is_pg() { "PostgreSQL" } else { "SQLite" }
}

const fn is_bot(kind: Kind) -> bool {
    matches!(kind, Kind::Bot { .. })
}

/// How many bots and how many people have a seat.
fn seated(played: &[Played], has_seat: impl Fn(&Played) -> bool) -> Tally {
    let count = |bots: bool| {
        let seats = played.iter().filter(|one| is_bot(one.kind) == bots && has_seat(one)).count();
        u32::try_from(seats).unwrap()
    };
    Tally { draws: 1, entries: (BOTS, PEOPLE), seats: (count(true), count(false)) }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_first_is_served_bots_take_nearly_everything() {
    println!("first come: a booking mode of this trial alone; people are stored, seats are kept in memory");
    on_both(async |test| {
        test.is_outlived("its server still runs");
        know_everybody(&test).await;
        let seats = Arc::new(first_come::Seats::default());
        let address = open_door(&test.app, first_come::router(&test.app, &seats)).await;
        let played = play(&test, address, async || {
            publish_seats(&test).await;
            let (from, to) = (test.now(), test.now() + TimeDelta::days(30));
            let slots = test.app.store.slots_between(test.prefecture, from, to).await.unwrap();
            seats.open(slots.iter().map(|slot| slot.id));
        })
        .await;
        let tally = seated(&played, |one| one.has_seat);
        println!("\n{HEAD}\n{}", Line(&format!("first come, {}", database(&test)), PARTIES, tally));
        assert_eq!(tally.seats.0 + tally.seats.1, u32::try_from(SEATS).unwrap(), "every seat is taken");
        assert!(tally.seats.1 <= 2, "people got {} seats", tally.seats.1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_passage_bots_win_what_their_share_of_the_entries_wins() {
    on_both(async |test| {
        let duel = duel(&test).await;
        let (again, of_bots) = draw_again(&duel, depth(400, 20_000));
        println!("\n{HEAD}\n{}", Line(&format!("Passage, {}", database(&test)), PARTIES, duel.live));
        println!("{}", Line(&format!("{} draws more", again.draws), PARTIES, again));
        println!("{}", Line("bots among them", ["many keys", "one key"], of_bots));
        for tally in [duel.live, again, of_bots] {
            assert!(tally.deviations().abs() < DEVIATIONS_MAX, "{tally:?}: {}", tally.deviations());
        }
        let (low, high) = again.interval().unwrap();
        assert!(high / low < 1.1, "the interval says something: {low} … {high}");
        test.assert_sound().await;
    })
    .await;
}

/// A duel under Passage, with the list that was frozen and who is who in it.
struct Duel {
    live: Tally,
    frozen: Frozen,
    kinds: HashMap<Id, Kind>,
}

async fn duel(test: &TestApp) -> Duel {
    know_everybody(test).await;
    let address = open_door(&test.app, passage::web::router(test.app.clone())).await;
    test.tick().await;
    let played = play(test, address, async || publish_seats(test).await).await;
    assert!(played.iter().all(|one| one.reference.is_some()), "everybody waits, once");
    let of_bots = played.iter().filter(|one| is_bot(one.kind));
    assert!(of_bots.clone().all(|one| one.attempts > 1), "bots try again");
    println!("{} attempts of bots", of_bots.map(|one| one.attempts).sum::<u32>());

    test.pass(TimeDelta::hours(14)).await;
    let store = &test.app.store;
    let drawn = store.draws_of(test.first, 10).await.unwrap();
    let drawn = drawn.into_iter().find(|draw| draw.state == DrawState::Published).unwrap();
    assert_eq!(drawn.entry_count, i32::try_from(BOTS + PEOPLE).ok(), "one identity, one entry");
    let list = store.draw_document(drawn.id, "list").await.unwrap().unwrap();
    let (mut kinds, mut convoked) = (HashMap::new(), Vec::new());
    for one in &played {
        let entry = store.entry_by_reference(one.reference.clone().unwrap()).await.unwrap().unwrap();
        let listed = store.entry_draws(entry.id).await.unwrap();
        let listed = listed.iter().find(|listed| listed.draw_id == drawn.id).unwrap();
        kinds.insert(listed.pid.as_slice().try_into().unwrap(), one.kind);
        if entry.state == EntryState::Convoked {
            convoked.push(one.reference.clone());
        }
    }
    let live = seated(&played, |one| convoked.contains(&one.reference));
    assert_eq!(convoked.len(), SEATS);
    Duel { live, frozen: Frozen::from_list_json(&list).unwrap(), kinds }
}

/// Draws the same list with numbered secrets: compares bots with people, and busy bots with the others.
fn draw_again(duel: &Duel, times: u32) -> (Tally, Tally) {
    let mut all = Tally { draws: times, entries: (BOTS, PEOPLE), seats: (0, 0) };
    let mut of_bots = Tally { draws: times, entries: (BOTS / 2, BOTS / 2), seats: (0, 0) };
    for number in 0..times {
        let mut secret = [0; 32];
        secret[..4].copy_from_slice(&number.to_be_bytes());
        let again = committed(&duel.frozen, &secret).open(Opening::Secret(secret)).unwrap();
        for (entry, _) in again.outcome() {
            let pid = again.frozen().entries()[*entry as usize].pid;
            match duel.kinds[&pid] {
                Kind::Person => all.seats.1 += 1,
                Kind::Bot { new_keys } => {
                    all.seats.0 += 1;
                    if new_keys {
                        of_bots.seats.0 += 1;
                    } else {
                        of_bots.seats.1 += 1;
                    }
                }
            }
        }
    }
    (all, of_bots)
}

/// The same list, with a commitment to another secret.
fn committed(frozen: &Frozen, secret: &[u8; 32]) -> Frozen {
    let list = List {
        draw: *frozen.draw(),
        terms: frozen.terms().clone(),
        classes: Classes::gather(frozen.classes().iter().copied()).unwrap(),
        slots: frozen.slots().to_vec(),
        types: frozen.types().to_vec(),
        entries: frozen.entries().to_vec(),
        reserves: frozen.reserves().to_vec(),
        source: Source::Commit { commitment: commitment(frozen.draw(), secret) },
    };
    list.freeze().unwrap()
}
