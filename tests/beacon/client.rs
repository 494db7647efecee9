//! The client alone: which answers it accepts, from which relay, and how often it asks.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use passage::beacon::{Fault, Pace, Relays};
use passage::draw::BeaconFault;
use uuid::Uuid;

use crate::common::{PACE, START};
use crate::relay::{Manner, Relay, signature};

fn now() -> DateTime<Utc> {
    START.parse().unwrap()
}

fn relays(of: &[Relay]) -> Relays {
    Relays::new(of.iter().map(|relay| relay.url.clone()).collect(), PACE)
}

/// The expected fault for each behaviour of a relay.
fn is_named(manner: &Manner, fault: &Fault) -> bool {
    match manner {
        Manner::Honest => false,
        Manner::NotYet => *fault == Fault::Status(404),
        Manner::Broken => *fault == Fault::Status(500),
        Manner::Redirect(_) => *fault == Fault::Status(302),
        Manner::WrongNumber => *fault == Fault::OtherRound(1001),
        Manner::FlippedBit | Manner::OtherSignature => {
            *fault == Fault::Untrue(BeaconFault::NotOfThisRound(1000))
        }
        Manner::NoCurvePoint => *fault == Fault::Untrue(BeaconFault::NotASignature),
        Manner::OtherRandomness => *fault == Fault::OtherRandomness,
        Manner::ShortSignature | Manner::Html | Manner::NoSignature => *fault == Fault::NotARound,
        Manner::Half => *fault == Fault::CutOff,
        Manner::Silent | Manner::Drip => *fault == Fault::Silent,
        Manner::Huge => *fault == Fault::TooLong,
    }
}

#[tokio::test]
async fn each_lie_is_refused_by_its_name() {
    let honest = Relay::start(Manner::Honest).await;
    for manner in Manner::dishonest(&honest.url) {
        let liar = Relay::start(manner.clone()).await;
        let missing = relays(std::slice::from_ref(&liar)).round(1000, now()).await.unwrap_err();
        let faults: Vec<_> = missing.faults().collect();
        assert!(
            matches!(faults[..], [(url, fault)] if url == liar.url && is_named(&manner, fault)),
            "{manner:?}: {faults:?}"
        );
        assert!(missing.to_string().starts_with(&liar.url), "{missing}");
    }
    assert_eq!(honest.asked(), 0, "a redirection is not followed");
}

#[tokio::test]
async fn a_recorded_round_is_taken_from_one_honest_relay_among_liars() {
    let honest = Relay::start(Manner::Honest).await;
    let mut all = Vec::new();
    for manner in Manner::dishonest(&honest.url) {
        all.push(Relay::start(manner).await);
    }
    all.push(honest);
    for number in [123, 1000, 1001, 1002] {
        let round = relays(&all).round(number, now()).await.unwrap();
        assert_eq!((round.round(), round.signature().to_vec()), (number, signature(number)));
    }
}

#[tokio::test]
async fn a_relay_that_cannot_be_reached_is_passed_over() {
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let honest = Relay::start(Manner::Honest).await;
    let both = Relays::new(vec![closed.clone(), honest.url.clone()], PACE);
    assert!(both.round(1000, now()).await.is_ok());
    let missing = Relays::new(vec![closed], PACE).round(1000, now()).await.unwrap_err();
    assert!(missing.faults().all(|(_, fault)| *fault == Fault::Unreachable), "{missing}");
}

#[tokio::test]
async fn a_slow_relay_is_overtaken() {
    let pace = Pace { answer: Duration::from_mins(10), ..PACE };
    let silent = Relay::start(Manner::Silent).await;
    let honest = Relay::start(Manner::Honest).await;
    let both = Relays::new(vec![silent.url.clone(), honest.url.clone()], pace);
    let round = tokio::time::timeout(Duration::from_mins(1), both.round(1000, now()));
    assert!(round.await.expect("nobody waits ten minutes for a silent relay").is_ok());
    assert_eq!((silent.asked(), honest.asked()), (1, 1));
}

#[tokio::test]
async fn the_relays_after_one_that_answers_are_left_alone() {
    // No relay is slow here, however busy the machine is.
    let pace = Pace { hedge: Duration::from_mins(10), answer: Duration::from_mins(10), ..PACE };
    let [liar, first, second] = [
        Relay::start(Manner::FlippedBit).await,
        Relay::start(Manner::Honest).await,
        Relay::start(Manner::Honest).await,
    ];
    let all = [&liar, &first, &second].map(|relay| relay.url.clone()).to_vec();
    assert!(Relays::new(all, pace).round(1000, now()).await.is_ok());
    assert_eq!((liar.asked(), first.asked(), second.asked()), (1, 1, 0));
}

#[tokio::test]
async fn a_missing_round_is_asked_for_again_after_a_pause_and_a_known_one_is_known_to_all() {
    let relay = Relay::start(Manner::NotYet).await;
    let relays = relays(std::slice::from_ref(&relay));
    let at = |seconds| now() + TimeDelta::seconds(seconds);
    assert!(relays.round(1000, at(0)).await.is_err());
    relay.turn(Manner::Honest);
    assert!(relays.round(1000, at(14)).await.is_err(), "the pause is not over");
    assert_eq!(relay.asked(), 1);
    assert!(relays.round(1001, at(14)).await.is_ok(), "another round is another question");
    assert!(relays.round(1000, at(15)).await.is_ok());
    relay.turn(Manner::NotYet);
    for _ in 0..5 {
        assert!(relays.round(1000, at(16)).await.is_ok());
    }
    assert_eq!(relay.asked(), 3);
    assert!(relays.round(1000, at(-1)).await.is_err(), "a clock set back asks again");
}

#[tokio::test]
async fn rounds_that_are_asked_for_together_wait_for_a_silent_relay_together() {
    let relay = Relay::start(Manner::Silent).await;
    let relays = relays(std::slice::from_ref(&relay));
    let rounds: BTreeSet<u64> = (1..=40).collect();
    let all = tokio::time::timeout(PACE.answer * 20, relays.ask(rounds, now()));
    all.await.expect("forty rounds, one by one, would take twice as long");
    assert!(relays.round(7, now()).await.is_err());
    assert_eq!(relay.asked(), 40);
}

#[tokio::test]
async fn the_alarm_is_raised_once_per_quarter_of_an_hour_for_each_who_waits() {
    let relays = relays(&[]);
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let told = |minutes, waiting| relays.is_time_to_tell(waiting, now() + TimeDelta::minutes(minutes));
    assert_eq!([told(0, one), told(0, one), told(1, other), told(14, one)], [true, false, true, false]);
    assert_eq!([told(15, one), told(15, other), told(16, other)], [true, false, true]);
}

#[tokio::test]
async fn every_relay_can_be_tried_at_once() {
    let honest = Relay::start(Manner::Honest).await;
    let [liar, silent] = [Relay::start(Manner::FlippedBit).await, Relay::start(Manner::Silent).await];
    let missing = relays(&[honest.clone(), liar.clone(), silent.clone()]).probe().await;
    let mut faulty: Vec<&str> = missing.faults().map(|(relay, _)| relay).collect();
    let mut expected = [liar.url.as_str(), silent.url.as_str()];
    faulty.sort_unstable();
    expected.sort_unstable();
    assert_eq!(faulty, expected);
    assert!(relays(&[honest]).probe().await.faults().next().is_none());
}
