//! What the rows of the table in docs/states.md cannot say of an entry.

use chrono::{DateTime, Days, TimeDelta, Utc};
use passage::domain::entry::{
    CloseReason, ConvocationEvent, ConvocationState, Convoked, Effect, Entry, EntryEvent, EntryState, Keys,
    SlotEnd, Superseded,
};
use passage::domain::notice::NoticeKind;
use passage::domain::refusal::Refusal;

use super::states::{AGENT, HOLDER, convoked, late_from, live, minutes, rules, starts_at, strict, waiting};

fn end(event: ConvocationEvent, at: DateTime<Utc>) -> Result<Effect, Refusal> {
    convoked().apply(EntryEvent::End(event), AGENT, &rules(), at)
}

#[test]
fn whatever_staff_change_is_told_to_the_person_and_what_the_person_changes_is_not() {
    let told =
        [EntryEvent::Pause, EntryEvent::Resume, EntryEvent::ChangeAvailability, EntryEvent::SeeDeadline];
    for event in told {
        let by = |actor| waiting().apply(event, actor, &rules(), late_from()).unwrap().owes;
        assert_eq!((by(AGENT), by(HOLDER)), (Some(NoticeKind::Changed), None), "{event:?}");
    }
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
fn late_begins_at_the_limit_itself() {
    let kept = |at| end(ConvocationEvent::Cancel, at).unwrap().entry.draws_survived;
    assert_eq!((kept(late_from() - TimeDelta::seconds(1)), kept(late_from())), (3, 0));
}

#[test]
fn rules_that_close_close_for_a_miss_and_a_late_return() {
    for (event, at, reason) in [
        (ConvocationEvent::Cancel, late_from(), CloseReason::LateCancel),
        (ConvocationEvent::Miss, starts_at(), CloseReason::Missed),
    ] {
        let closed = convoked().apply(EntryEvent::End(event), AGENT, &strict(), at).unwrap();
        assert_eq!((closed.entry.state, closed.entry.close_reason), (EntryState::Closed, Some(reason)));
        assert_eq!((closed.keys, closed.supersedes), (Keys::Release, Superseded::All));
    }
}

#[test]
fn a_penalty_counts_from_the_event() {
    let until = |event, at| end(event, at).unwrap().entry.paused_until;
    assert_eq!(until(ConvocationEvent::Cancel, late_from()), Some(late_from() + Days::new(14)));
    let noticed = starts_at() + minutes(30);
    assert_eq!(until(ConvocationEvent::Miss, noticed), Some(noticed + Days::new(30)));
}

#[test]
fn what_the_prefecture_cancels_is_not_a_return_and_who_goes_first_is_said_apart() {
    for at in [late_from() - minutes(1), late_from(), starts_at() + minutes(1)] {
        let before = Entry { declines: 3, ..convoked() };
        let effect = before.apply(EntryEvent::End(ConvocationEvent::PrefectureCancel), AGENT, &rules(), at);
        let after = effect.unwrap().entry;
        assert_eq!(
            (after.displaced, after.declines, after.draws_survived),
            (false, 3, 3),
            "whenever it comes"
        );
        let first = after.apply(EntryEvent::Compensate, AGENT, &rules(), at).unwrap();
        assert_eq!(first.entry, Entry { displaced: true, ..after });
    }
}

#[test]
fn a_slot_whose_time_has_passed_is_neither_offered_again_nor_counted_as_lapsed() {
    let slot = |at| end(ConvocationEvent::PrefectureCancel, at).unwrap().ended.unwrap().1;
    assert_eq!((slot(starts_at() - minutes(1)), slot(starts_at())), (SlotEnd::Free, SlotEnd::Withdrawn));
}

#[test]
fn once_the_appointment_has_begun_its_holder_can_no_longer_give_it_back() {
    for event in [EntryEvent::End(ConvocationEvent::Cancel), EntryEvent::Withdraw] {
        let at = |at| convoked().apply(event, HOLDER, &rules(), at).map(|_| ());
        assert_eq!(at(starts_at() - TimeDelta::seconds(1)), Ok(()), "{event:?}");
        assert_eq!(at(starts_at()), Err(Refusal::TooLate), "{event:?}");
    }
}

#[test]
fn a_convocation_ends_once() {
    for state in ConvocationState::ALL.iter().copied().filter(|state| *state != ConvocationState::Live) {
        for event in ConvocationEvent::ALL.iter().copied() {
            let over = Convoked { state, ..live() };
            assert_eq!(over.allows(event, starts_at()), Err(Refusal::ConvocationEnded), "{state}, {event}");
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
    let told_at = late_from() - TimeDelta::hours(1);
    let told = |told_at| Convoked { told_at, ..live() };
    assert_eq!(told(Some(told_at)).late_from(&rules()), told_at + TimeDelta::hours(24));
    let last = told(Some(starts_at() - TimeDelta::hours(2)));
    assert_eq!(last.late_from(&rules()), starts_at(), "never beyond its time");
    assert_eq!(live().late_from(&rules()), late_from());
    assert_eq!(told(None).late_from(&rules()), starts_at(), "not before its holder knows of it");
}

#[test]
fn nobody_misses_an_appointment_that_they_were_not_told_of_before_its_time() {
    let missed = |told_at| {
        let entry = Entry { convocation: Some(Convoked { told_at, ..live() }), ..convoked() };
        entry.apply(EntryEvent::End(ConvocationEvent::Miss), AGENT, &strict(), starts_at()).unwrap()
    };
    for told_at in [None, Some(starts_at()), Some(starts_at() + TimeDelta::days(2))] {
        let effect = missed(told_at);
        assert_eq!(effect.ended.unwrap().0, ConvocationState::CancelledByPrefecture, "{told_at:?}");
        let after = effect.entry;
        assert_eq!((after.state, after.draws_survived, after.displaced), (EntryState::Waiting, 3, false));
        assert_eq!((effect.suspends, effect.owes), (None, Some(NoticeKind::Apology)));
    }
    assert_eq!(missed(Some(starts_at() - minutes(1))).entry.state, EntryState::Closed);
}
