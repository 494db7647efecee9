//! What the rows of the table in docs/states.md cannot say of an entry.

use chrono::{DateTime, Days, TimeDelta, Utc};
use passage::domain::entry::{
    CloseReason, ConvocationEvent, ConvocationState, Convoked, Effect, Entry, EntryEvent, EntryState, Keys,
    SlotEnd,
};
use passage::domain::notice::NoticeKind;
use passage::domain::penalty::{Announced, PenaltyReason};
use passage::domain::refusal::Refusal;
use passage::domain::rules::Penalty;
use passage::domain::tick::Tick;

use super::states::{
    AGENT, HOLDER, convoked, late_from, live, minutes, penalise, rules, starts_at, strict, waiting,
};

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
    for event in [
        ConvocationEvent::Attend,
        ConvocationEvent::Incomplete,
        ConvocationEvent::WrongCounter,
        ConvocationEvent::NotThePerson,
    ] {
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
    let costs = |at| end(ConvocationEvent::Cancel, at).unwrap().announces.is_some();
    assert_eq!((costs(late_from() - TimeDelta::seconds(1)), costs(late_from())), (false, true));
}

#[test]
fn a_miss_and_a_late_return_announce_what_they_cost_and_take_nothing_yet() {
    for rules in [rules(), strict()] {
        for (event, at, reason, cost) in [
            (
                EntryEvent::End(ConvocationEvent::Cancel),
                late_from(),
                PenaltyReason::LateReturn,
                rules.late_cancel,
            ),
            (EntryEvent::End(ConvocationEvent::Miss), starts_at(), PenaltyReason::Missed, rules.miss),
        ] {
            let effect = convoked().apply(event, AGENT, &rules, at).unwrap();
            assert_eq!(effect.announces, Some(Announced { reason, cost }));
            let after = Entry { convocation: None, state: EntryState::Waiting, ..convoked() };
            assert_eq!(effect.entry, after, "it waits as before");
        }
        let withdrawn = convoked().apply(EntryEvent::Withdraw, HOLDER, &rules, late_from()).unwrap();
        let pauses = rules.late_cancel != Penalty::Close;
        assert_eq!(withdrawn.announces.is_some(), pauses, "a withdrawn entry cannot be closed again");
    }
}

#[test]
fn a_penalty_counts_from_the_day_of_its_effect_and_shortens_no_other() {
    let from = starts_at() + Days::new(15);
    let seen = from + minutes(7);
    let penalised = |entry: Entry, cost| entry.apply(penalise(cost, from), AGENT, &rules(), seen);
    let paused = penalised(waiting(), Penalty::PauseDays(30)).unwrap();
    let until = Some(from + Days::new(30));
    assert_eq!((paused.entry.paused_until, paused.entry.draws_survived), (until, 0));
    let longer = Entry { paused_until: Some(from + Days::new(90)), ..waiting() };
    let kept = penalised(longer, Penalty::PauseDays(30)).unwrap();
    assert_eq!(kept.entry.paused_until, longer.paused_until);
    let closed = penalised(waiting(), Penalty::Close).unwrap();
    let ended = (closed.entry.state, closed.entry.close_reason, closed.keys, closed.owes);
    let (reason, notice) = (Some(CloseReason::Missed), Some(NoticeKind::Closure));
    assert_eq!(ended, (EntryState::Closed, reason, Keys::Release, notice));
    // Who has an appointment by then keeps it: a pause begins beside it, a closing waits.
    assert_eq!(penalised(convoked(), Penalty::Close), Err(Refusal::EntryConvoked));
    let beside = penalised(convoked(), Penalty::PauseDays(30)).unwrap().entry;
    assert_eq!((beside.convocation, beside.paused_until), (convoked().convocation, until));
    let back =
        beside.apply(EntryEvent::End(ConvocationEvent::PrefectureCancel), AGENT, &rules(), late_from());
    assert_eq!(back.unwrap().entry.paused_until, until, "and is not lost with it");
}

#[test]
fn who_has_been_received_early_gives_nothing_back_and_loses_nothing_to_a_closed_day() {
    let before = starts_at() - minutes(30);
    for tick in [Tick::Served, Tick::Incomplete] {
        let received = Convoked { ticked: Some(tick), ..live() };
        let received = Entry { convocation: Some(received), ..convoked() };
        let apply = |event| received.apply(event, HOLDER, &rules(), before).map(|_| ());
        assert_eq!(apply(EntryEvent::Withdraw), Err(Refusal::TooLate));
        assert_eq!(apply(EntryEvent::End(ConvocationEvent::Cancel)), Err(Refusal::TooLate));
        assert_eq!(apply(EntryEvent::End(ConvocationEvent::PrefectureCancel)), Err(Refusal::SlotSpent));
    }
}

#[test]
fn who_comes_without_all_that_it_takes_waits_again_and_has_lost_nothing() {
    for rules in [rules(), strict()] {
        let incomplete = EntryEvent::End(ConvocationEvent::Incomplete);
        let effect = convoked().apply(incomplete, AGENT, &rules, starts_at()).unwrap();
        assert_eq!(effect.entry, Entry { convocation: None, state: EntryState::Waiting, ..convoked() });
        assert_eq!(effect.ended, Some((ConvocationState::Incomplete, SlotEnd::Spent)));
        assert_eq!((effect.announces, effect.owes), (None, Some(NoticeKind::Incomplete)));
    }
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
        assert_eq!((effect.announces, effect.owes), (None, Some(NoticeKind::Apology)));
    }
    let told = missed(Some(starts_at() - minutes(1)));
    assert_eq!(told.announces.map(|announced| announced.reason), Some(PenaltyReason::Missed));
}
