//! One test for each row of docs/states.md that is decided here.

use super::*;
use crate::domain::rules::{Mode, Scope};

const LATE_LIMIT_HOURS: u16 = 48;

fn rules() -> Rules {
    Rules {
        mode: Mode::Lottery,
        weight_step: 1,
        weight_cap: 1,
        guarantee_after_draws: None,
        reserves: Vec::new(),
        timetable: "0 18 * * MON".into(),
        lead_minutes: 60,
        notice_min_days: 5,
        horizon_days: 60,
        window: None,
        late_limit_hours: LATE_LIMIT_HOURS,
        late_cancel: Penalty::PauseDays(14),
        miss: Penalty::PauseDays(30),
        scope: Scope::Installation,
        admit_declared: false,
        identity_days: 60,
    }
}

fn starts_at() -> DateTime<Utc> {
    "2027-06-08T07:30:00Z".parse().unwrap()
}

fn live() -> Convoked {
    let issued_at = starts_at() - TimeDelta::days(10);
    Convoked { state: ConvocationState::Live, issued_at, starts_at: starts_at(), declines: 0 }
}

fn minutes(count: i64) -> TimeDelta {
    TimeDelta::minutes(count)
}

/// The instant from which giving back is late.
fn late_from() -> DateTime<Utc> {
    starts_at() - TimeDelta::hours(LATE_LIMIT_HOURS.into())
}

/// A live convocation that ends at `at`, under the rules above.
fn end(event: ConvocationEvent, at: DateTime<Utc>) -> Result<ConvocationEnd, Refusal> {
    live().end(event, at, &rules())
}

/// What every end that leads back to the queue has in common.
fn back_to_waiting(convocation: ConvocationState) -> ConvocationEnd {
    ConvocationEnd {
        convocation,
        entry: EntryState::Waiting,
        close_reason: None,
        seniority: Seniority::Kept,
        displaced: false,
        paused_until: None,
        frees_slot: true,
        counts_as_decline: false,
    }
}

/// What every end that ends the entry too has in common.
fn ended(convocation: ConvocationState, entry: EntryState) -> ConvocationEnd {
    ConvocationEnd { entry, frees_slot: false, ..back_to_waiting(convocation) }
}

#[test]
fn who_comes_is_served() {
    let served = ended(ConvocationState::Attended, EntryState::Served);
    assert_eq!(end(ConvocationEvent::Attend, starts_at()), Ok(served));
}

#[test]
fn a_desk_that_runs_ahead_may_receive_two_hours_early_and_no_earlier() {
    let events = [ConvocationEvent::Attend, ConvocationEvent::WrongCounter, ConvocationEvent::NotThePerson];
    for event in events {
        assert!(end(event, starts_at() - minutes(120)).is_ok(), "{event}");
        let earlier = starts_at() - minutes(120) - TimeDelta::seconds(1);
        assert_eq!(end(event, earlier), Err(Refusal::TooEarly), "{event}");
    }
}

#[test]
fn who_is_ticked_late_in_the_day_is_served_all_the_same() {
    assert!(end(ConvocationEvent::Attend, starts_at() + TimeDelta::hours(9)).is_ok());
}

#[test]
fn a_slot_given_back_in_time_keeps_seniority_and_is_free_for_a_later_draw() {
    let declined = ConvocationEnd { counts_as_decline: true, ..back_to_waiting(ConvocationState::Declined) };
    assert_eq!(end(ConvocationEvent::Cancel, late_from() - TimeDelta::seconds(1)), Ok(declined));
}

#[test]
fn seniority_is_kept_once_and_then_reset() {
    let again =
        Convoked { declines: 1, ..live() }.end(ConvocationEvent::Cancel, late_from() - minutes(1), &rules());
    let declined = ConvocationEnd {
        seniority: Seniority::Reset,
        counts_as_decline: true,
        ..back_to_waiting(ConvocationState::Declined)
    };
    assert_eq!(again, Ok(declined));
}

#[test]
fn a_slot_given_back_late_costs_seniority_and_a_pause() {
    let late = ConvocationEnd {
        seniority: Seniority::Reset,
        paused_until: Some(late_from() + Days::new(14)),
        ..back_to_waiting(ConvocationState::CancelledLate)
    };
    assert_eq!(end(ConvocationEvent::Cancel, late_from()), Ok(late), "late begins at the limit itself");
}

#[test]
fn a_slot_given_back_late_closes_the_entry_if_the_rules_say_so() {
    let strict = Rules { late_cancel: Penalty::Close, ..rules() };
    let closed = ConvocationEnd {
        close_reason: Some(CloseReason::LateCancel),
        frees_slot: true,
        ..ended(ConvocationState::CancelledLate, EntryState::Closed)
    };
    assert_eq!(live().end(ConvocationEvent::Cancel, late_from(), &strict), Ok(closed));
}

#[test]
fn a_missed_appointment_costs_seniority_and_a_pause_and_frees_nothing() {
    let at = starts_at() + minutes(30);
    let missed = ConvocationEnd {
        seniority: Seniority::Reset,
        paused_until: Some(at + Days::new(30)),
        frees_slot: false,
        ..back_to_waiting(ConvocationState::Missed)
    };
    assert_eq!(end(ConvocationEvent::Miss, at), Ok(missed));
}

#[test]
fn a_missed_appointment_closes_the_entry_if_the_rules_say_so() {
    let strict = Rules { miss: Penalty::Close, ..rules() };
    let closed = ConvocationEnd {
        close_reason: Some(CloseReason::Missed),
        ..ended(ConvocationState::Missed, EntryState::Closed)
    };
    assert_eq!(live().end(ConvocationEvent::Miss, starts_at(), &strict), Ok(closed));
}

#[test]
fn nobody_has_missed_an_appointment_that_has_not_begun() {
    let before = starts_at() - TimeDelta::seconds(1);
    assert_eq!(end(ConvocationEvent::Miss, before), Err(Refusal::TooEarly));
}

#[test]
fn what_the_prefecture_cancels_puts_the_holder_first_in_the_next_draw() {
    let displaced =
        ConvocationEnd { displaced: true, ..back_to_waiting(ConvocationState::CancelledByPrefecture) };
    for at in [late_from() - minutes(1), late_from(), starts_at() + minutes(1)] {
        assert_eq!(end(ConvocationEvent::PrefectureCancel, at), Ok(displaced), "whenever it comes");
    }
}

#[test]
fn what_the_prefecture_cancels_does_not_count_as_giving_back() {
    let displaced =
        Convoked { declines: 3, ..live() }.end(ConvocationEvent::PrefectureCancel, late_from(), &rules());
    assert_eq!(displaced.map(|end| (end.seniority, end.counts_as_decline)), Ok((Seniority::Kept, false)));
}

#[test]
fn the_wrong_counter_costs_nothing_and_its_slot_is_spent() {
    let moved = ConvocationEnd { frees_slot: false, ..back_to_waiting(ConvocationState::WrongCounter) };
    assert_eq!(end(ConvocationEvent::WrongCounter, starts_at()), Ok(moved));
}

#[test]
fn a_convocation_shown_by_somebody_else_closes_the_entry() {
    let closed = ConvocationEnd {
        close_reason: Some(CloseReason::Identity),
        ..ended(ConvocationState::NotThePerson, EntryState::Closed)
    };
    assert_eq!(end(ConvocationEvent::NotThePerson, starts_at()), Ok(closed));
}

#[test]
fn a_holder_who_withdraws_frees_the_slot() {
    let withdrawn = ConvocationEnd {
        frees_slot: true,
        ..ended(ConvocationState::CancelledByHolder, EntryState::Withdrawn)
    };
    assert_eq!(end(ConvocationEvent::Withdraw, late_from() + minutes(1)), Ok(withdrawn));
}

#[test]
fn once_the_appointment_has_begun_its_holder_can_no_longer_give_it_back() {
    for event in [ConvocationEvent::Cancel, ConvocationEvent::Withdraw] {
        assert!(end(event, starts_at() - TimeDelta::seconds(1)).is_ok(), "{event}");
        assert_eq!(end(event, starts_at()), Err(Refusal::TooLate), "{event}");
    }
}

#[test]
fn a_convocation_ends_once() {
    for state in ConvocationState::ALL.iter().copied().filter(|state| *state != ConvocationState::Live) {
        for event in ConvocationEvent::ALL.iter().copied() {
            let over = Convoked { state, ..live() };
            let refused = over.end(event, starts_at(), &rules());
            assert_eq!(refused, Err(Refusal::ConvocationEnded), "{state}, {event}");
        }
    }
}

#[test]
fn whatever_happens_a_closed_entry_has_a_reason_and_no_other_has_one() {
    for penalty in [Penalty::Close, Penalty::PauseDays(7)] {
        let rules = Rules { late_cancel: penalty, miss: penalty, ..rules() };
        for event in ConvocationEvent::ALL.iter().copied() {
            for at in [late_from() - minutes(1), late_from(), starts_at() - minutes(1), starts_at()] {
                let Ok(end) = live().end(event, at, &rules) else {
                    continue;
                };
                assert_eq!(end.entry == EntryState::Closed, end.close_reason.is_some(), "{event} at {at}");
                assert_ne!(end.convocation, ConvocationState::Live, "{event} at {at}");
                assert_ne!(end.entry, EntryState::Convoked, "{event} at {at}");
            }
        }
    }
}

#[test]
fn an_entry_holds_its_keys_until_it_is_served_withdrawn_or_closed() {
    let live: Vec<&str> =
        EntryState::ALL.iter().filter(|state| state.is_live()).map(|state| state.as_str()).collect();
    assert_eq!(live, ["awaiting_identity", "waiting", "convoked"]);
}

#[test]
fn who_has_just_been_convoked_has_a_day_to_give_it_back() {
    let issued_at = late_from() - TimeDelta::hours(1);
    let convoked = Convoked { issued_at, ..live() };
    assert_eq!(convoked.late_from(&rules()), issued_at + TimeDelta::hours(24));
    let last = Convoked { issued_at: starts_at() - TimeDelta::hours(2), ..live() };
    assert_eq!(last.late_from(&rules()), starts_at(), "never beyond its time");
    assert_eq!(live().late_from(&rules()), late_from());
}
