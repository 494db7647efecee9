//! Every combination of facts: one headline, no contradiction, and nobody out of the next draw is told that
//! all is well.

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::domain::availability::{Absence, Availability};
use crate::domain::holidays::Territory;
use crate::domain::ids::SiteId;
use crate::domain::letter::Notified;
use crate::domain::slot::Half;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2027-01-08T08:00:00Z")
}

/// Somebody who waits, whom a published slot suits.
fn waiting() -> Facts {
    Facts {
        now: now(),
        today: day("2027-01-08"),
        state: EntryState::Waiting,
        close_reason: None,
        admit_declared: false,
        paused: false,
        suspended_until: None,
        displaced: false,
        appointment: None,
        pending: None,
        has_next_list: true,
        fit: Fit::Published,
        deadline: None,
        first_possible: Some(day("2027-01-12")),
        proof_wanted: false,
        incomplete: false,
        letters_only: false,
        penalty: None,
        news: None,
    }
}

fn appointment(ends_in: TimeDelta, on: &str) -> Appointment {
    Appointment { ends_at: now() + ends_in, tick: None, day: day(on), today: day("2027-01-08") }
}

/// Each combination is tried.
fn every(mut check: impl FnMut(&Facts)) -> usize {
    let both = [false, true];
    let states = EntryState::ALL.iter().flat_map(|state| match state {
        EntryState::Closed => {
            CloseReason::ALL.iter().map(|reason| (*state, Some(*reason))).chain([(*state, None)]).collect()
        }
        _ => vec![(*state, None)],
    });
    let untils = [None, Some(now() - TimeDelta::days(1)), Some(now() + TimeDelta::days(9))];
    let deadlines = [None, Some("2027-01-07"), Some("2027-01-10"), Some("2027-06-01")];
    let pendings = [None, Some(true), Some(false)];
    let appointments = [
        None,
        Some(appointment(TimeDelta::days(4), "2027-01-12")),
        Some(appointment(TimeDelta::minutes(5), "2027-01-08")),
        Some(appointment(TimeDelta::zero(), "2027-01-08")),
        Some(Appointment { tick: Some(Tick::Served), ..appointment(TimeDelta::minutes(5), "2027-01-08") }),
        Some(Appointment { tick: Some(Tick::Incomplete), ..appointment(TimeDelta::zero(), "2027-01-08") }),
        Some(Appointment { tick: Some(Tick::Absent), ..appointment(TimeDelta::zero(), "2027-01-08") }),
        Some(Appointment { tick: Some(Tick::WrongCounter), ..appointment(TimeDelta::zero(), "2027-01-08") }),
        Some(Appointment { tick: Some(Tick::NotThePerson), ..appointment(TimeDelta::zero(), "2027-01-08") }),
    ];
    let penalties: Vec<Option<PenaltyState>> =
        PenaltyState::ALL.iter().copied().filter(|state| state.is_open()).map(Some).chain([None]).collect();
    let news: Vec<Option<News>> = News::ALL.iter().copied().map(Some).chain([None]).collect();
    let mut tried = 0;
    for (state, close_reason) in states {
        for flags in 0..256_u32 {
            let flag = |bit: u32| both[usize::from(flags & (1 << bit) != 0)];
            for suspended_until in untils {
                for deadline in deadlines {
                    for pending in pendings {
                        for fit in Fit::ALL {
                            for news in &news {
                                let appointments =
                                    if state == EntryState::Convoked { &appointments[..] } else { &[None] };
                                let penalties = if state.is_live() { &penalties[..] } else { &[None] };
                                for (appointment, penalty) in
                                    appointments.iter().flat_map(|at| penalties.iter().map(move |p| (at, p)))
                                {
                                    tried += 1;
                                    check(&Facts {
                                        state,
                                        close_reason,
                                        admit_declared: flag(0),
                                        paused: flag(1),
                                        displaced: flag(2),
                                        has_next_list: flag(3),
                                        proof_wanted: flag(4),
                                        letters_only: flag(5),
                                        first_possible: flag(6).then(|| day("2027-01-12")),
                                        incomplete: flag(7),
                                        suspended_until,
                                        deadline: deadline.map(day),
                                        pending: pending.map(|has_chance| Pending { has_chance }),
                                        fit: *fit,
                                        news: *news,
                                        appointment: *appointment,
                                        penalty: *penalty,
                                        ..waiting()
                                    });
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    tried
}

#[test]
fn whatever_holds_there_is_one_headline_and_no_contradiction() {
    let tried = every(|facts| {
        let told = Situation::of(facts);
        let all: Vec<Point> = [told.headline].into_iter().chain(told.others.iter().copied()).collect();
        assert!(all.is_sorted_by(|one, next| one < next), "in order and each once: {told:?} {facts:?}");
        let asks = all.iter().find(|point| point.action() != Action::Nothing);
        assert_eq!(told.action == Action::Nothing, asks.is_none(), "nothing to do and an action: {told:?}");
        assert!(all.iter().all(|point| point.tone(true) <= told.tone), "sounds better than it is: {told:?}");
        assert_eq!(
            all.contains(&Point::Waiting),
            all == [Point::Waiting],
            "plain waiting is alone: {told:?}"
        );
        if !facts.state.is_live() {
            assert!(told.others.is_empty() && !told.in_next_list, "{told:?}");
        }
        let one_at_most = |group: &[Point]| {
            assert!(all.iter().filter(|point| group.contains(point)).count() <= 1, "{told:?}");
        };
        one_at_most(&[
            Point::Appointment,
            Point::AppointmentToday,
            Point::AppointmentOver,
            Point::Received,
            Point::NotedAbsent,
            Point::NotedIncomplete,
            Point::NotedWrongCounter,
            Point::NotedNotThePerson,
        ]);
        one_at_most(&[Point::NotedIncomplete, Point::FileIncomplete]);
        one_at_most(&[
            Point::PenaltyAnnounced,
            Point::PenaltyObjected,
            Point::PenaltyUpheld,
            Point::Missed,
            Point::Returned,
        ]);
        one_at_most(&[
            Point::NoSlotFits,
            Point::Away,
            Point::LettersTooSlow,
            Point::NoSlots,
            Point::Unpublished,
            Point::NoDraw,
        ]);
        one_at_most(&[Point::DeadlinePassed, Point::DeadlineTooSoon]);
    });
    assert!(tried > 500_000, "{tried}");
}

#[test]
fn nobody_who_cannot_win_the_next_draw_is_told_that_all_is_well() {
    every(|facts| {
        let told = Situation::of(facts);
        let has_appointment = matches!(told.headline, Point::Appointment | Point::AppointmentToday);
        if told.tone == Tone::Good && !has_appointment {
            assert!(told.in_next_list && facts.fit == Fit::Published, "{told:?} {facts:?}");
            let is_late =
                |deadline: NaiveDate| deadline < day("2027-01-08") || facts.first_possible > Some(deadline);
            assert!(!facts.deadline.is_some_and(is_late), "{told:?} {facts:?}");
        }
        if told.headline == Point::Waiting {
            assert!(told.in_next_list && facts.fit == Fit::Published, "{told:?} {facts:?}");
        }
    });
}

#[test]
fn each_case_has_its_headline_and_its_next_action() {
    let later = Some(now() + TimeDelta::days(9));
    let is = |facts: Facts, headline: Point, action: Action, tone: Tone| {
        let told = Situation::of(&facts);
        assert_eq!((told.headline, told.action, told.tone), (headline, action, tone), "{facts:?}");
    };
    let facts = waiting;
    is(facts(), Point::Waiting, Action::Nothing, Tone::Good);
    is(Facts { paused: true, ..facts() }, Point::Paused, Action::Resume, Tone::Attention);
    is(Facts { suspended_until: later, ..facts() }, Point::Suspended, Action::GiveReason, Tone::Attention);
    is(Facts { fit: Fit::Never, ..facts() }, Point::NoSlotFits, Action::WidenAvailability, Tone::Problem);
    is(Facts { fit: Fit::Away, ..facts() }, Point::Away, Action::WidenAvailability, Tone::Attention);
    is(Facts { fit: Fit::Letter, ..facts() }, Point::LettersTooSlow, Action::AskPrefecture, Tone::Problem);
    is(Facts { fit: Fit::NoSlots, ..facts() }, Point::NoSlots, Action::Nothing, Tone::Neutral);
    is(Facts { fit: Fit::Usual, ..facts() }, Point::Unpublished, Action::Nothing, Tone::Neutral);
    is(Facts { has_next_list: false, ..facts() }, Point::NoDraw, Action::Nothing, Tone::Neutral);
    is(Facts { letters_only: true, ..facts() }, Point::LettersOnly, Action::AskAtDesk, Tone::Attention);
    is(Facts { displaced: true, ..facts() }, Point::Displaced, Action::Nothing, Tone::Good);
    is(Facts { news: Some(News::Missed), ..facts() }, Point::Missed, Action::Nothing, Tone::Neutral);
    is(Facts { news: Some(News::TakenBack), ..facts() }, Point::TakenBack, Action::Nothing, Tone::Neutral);
    let first = Facts { displaced: true, news: Some(News::TakenBack), ..facts() };
    is(first, Point::Displaced, Action::Nothing, Tone::Good);
    is(Facts { news: Some(News::Returned), ..facts() }, Point::Returned, Action::Nothing, Tone::Neutral);
    is(Facts { news: Some(News::Moved), ..facts() }, Point::Moved, Action::Nothing, Tone::Neutral);
    let declared = Facts { state: EntryState::AwaitingIdentity, ..facts() };
    is(declared, Point::Identity, Action::ShowIdentity, Tone::Problem);
    let drawn = Facts { admit_declared: true, ..declared };
    is(drawn, Point::IdentityMeanwhile, Action::ShowIdentity, Tone::Attention);
    let listed = Facts { pending: Some(Pending { has_chance: true }), ..facts() };
    is(listed, Point::InDraw, Action::Nothing, Tone::Neutral);
    is(Facts { paused: true, ..listed }, Point::InDraw, Action::Resume, Tone::Attention);
    let without = Facts { pending: Some(Pending { has_chance: false }), ..facts() };
    is(without, Point::InDrawWithoutSlot, Action::WidenAvailability, Tone::Attention);
    let passed = Facts { deadline: Some(day("2027-01-07")), ..facts() };
    is(passed, Point::DeadlinePassed, Action::AskPrefecture, Tone::Problem);
    let soon = Facts { deadline: Some(day("2027-01-11")), ..facts() };
    is(soon, Point::DeadlineTooSoon, Action::AskPrefecture, Tone::Problem);
    is(Facts { deadline: Some(day("2027-01-12")), ..facts() }, Point::Waiting, Action::Nothing, Tone::Good);
    let convoked =
        |appointment| Facts { state: EntryState::Convoked, appointment: Some(appointment), ..facts() };
    let ahead = convoked(appointment(TimeDelta::days(4), "2027-01-12"));
    is(ahead, Point::Appointment, Action::Prepare, Tone::Good);
    let today = convoked(appointment(TimeDelta::minutes(1), "2027-01-08"));
    is(today, Point::AppointmentToday, Action::Come, Tone::Good);
    let over = convoked(appointment(TimeDelta::zero(), "2027-01-08"));
    is(over, Point::AppointmentOver, Action::SayIfNotReceived, Tone::Neutral);
    let ticked =
        |tick, ends_in| convoked(Appointment { tick: Some(tick), ..appointment(ends_in, "2027-01-08") });
    for ends_in in [TimeDelta::minutes(1), TimeDelta::zero()] {
        is(ticked(Tick::Served, ends_in), Point::Received, Action::Nothing, Tone::Neutral);
        is(ticked(Tick::Absent, ends_in), Point::NotedAbsent, Action::SayIfPresent, Tone::Attention);
        let noted = ticked(Tick::Incomplete, ends_in);
        is(noted, Point::NotedIncomplete, Action::BringMissing, Tone::Attention);
        is(ticked(Tick::WrongCounter, ends_in), Point::NotedWrongCounter, Action::Nothing, Tone::Neutral);
        let other = ticked(Tick::NotThePerson, ends_in);
        is(other, Point::NotedNotThePerson, Action::SayIfPresent, Tone::Attention);
    }
    let incomplete = Facts { incomplete: true, ..facts() };
    is(incomplete, Point::FileIncomplete, Action::BringMissing, Tone::Neutral);
    let again = Facts { incomplete: true, ..ahead };
    is(again, Point::Appointment, Action::Prepare, Tone::Neutral);
    assert!(Situation::of(&again).says(Point::FileIncomplete), "what to bring this time");
    let penalised = |state| Facts { penalty: Some(state), news: Some(News::Missed), ..facts() };
    let announced = penalised(PenaltyState::Announced);
    is(announced, Point::PenaltyAnnounced, Action::ObjectInTime, Tone::Attention);
    is(penalised(PenaltyState::Objected), Point::PenaltyObjected, Action::Nothing, Tone::Neutral);
    is(penalised(PenaltyState::Upheld), Point::PenaltyUpheld, Action::Nothing, Tone::Attention);
    is(penalised(PenaltyState::Lifted), Point::Missed, Action::Nothing, Tone::Neutral);
    assert!(Situation::of(&announced).in_next_list, "it costs nothing yet");
}

#[test]
fn a_time_out_of_the_draws_ends_by_itself() {
    let over = Facts { suspended_until: Some(now()), news: Some(News::Missed), ..waiting() };
    let told = Situation::of(&over);
    assert!(told.in_next_list && told.headline == Point::Missed && told.others.is_empty());
}

fn site(n: u128) -> SiteId {
    SiteId(Uuid::from_u128(n))
}

fn slot(site: SiteId, starts_at: &str) -> Published {
    let starts_at = at(starts_at);
    let half =
        if starts_at.format("%H").to_string().as_str() < "12" { Half::Morning } else { Half::Afternoon };
    let public_since = at("2027-01-01T09:00:00Z");
    Published { site, date: starts_at.date_naive(), half, starts_at, public_since, seats: 1 }
}

#[test]
fn what_a_holder_can_attend_is_held_against_published_and_usual_slots() {
    // Tuesday mornings at one site: one slot in the next draw's reach, one of last week.
    let mut slots = SlotClasses::default();
    slots.add(Published { seats: 0, ..slot(site(1), "2027-01-05T09:00:00Z") });
    let offer = Offer {
        drawn_on: day("2027-01-08"),
        notified: Notified::at_once(day("2027-01-08")),
        first: at("2027-01-11T17:00:00Z"),
        last: at("2027-01-25T17:00:00Z"),
        public_by: at("2027-01-07T17:00:00Z"),
    };
    let can = Availability::anything(vec![site(1)]);
    assert_eq!(fit(&can, &SlotClasses::default(), Some(offer)), Fit::NoSlots);
    assert_eq!(fit(&can, &slots, Some(offer)), Fit::Usual);
    slots.add(slot(site(1), "2027-01-12T09:00:00Z"));
    assert_eq!(fit(&can, &slots, Some(offer)), Fit::Published);
    assert_eq!(fit(&can, &slots, None), Fit::Usual);
    for never in [
        Availability { weekdays: vec![3, 4], ..can.clone() },
        Availability { halves: vec![Half::Afternoon], ..can.clone() },
        Availability::anything(vec![site(2)]),
    ] {
        assert_eq!(fit(&never, &slots, Some(offer)), Fit::Never);
    }
    let late = Availability { notice_days: 10, ..can.clone() };
    assert_eq!(fit(&late, &slots, Some(offer)), Fit::Usual, "the 19th, if it is published");
    let absent = |to: &str| vec![Absence { from: day("2027-01-10"), to: day(to) }];
    let away = Availability { absences: absent("2027-01-12"), ..can.clone() };
    assert_eq!(fit(&away, &slots, Some(offer)), Fit::Usual);
    let away = Availability { absences: absent("2027-01-24"), ..can.clone() };
    assert_eq!(fit(&away, &slots, Some(offer)), Fit::Away);
    let later = Availability { not_before: Some(day("2027-03-01")), ..can };
    assert_eq!(fit(&later, &slots, Some(offer)), Fit::Away);
}

#[test]
fn a_slot_that_comes_before_a_letter_could_arrive_does_not_suit_who_gets_letters_only() {
    // Drawn on a Friday: posted on Monday the 11th, received on the 16th, three days' notice.
    let mut slots = SlotClasses::default();
    slots.add(slot(site(1), "2027-01-18T09:00:00Z"));
    let drawn_on = day("2027-01-08");
    let offer = |letters_only, last: &str| Offer {
        drawn_on,
        notified: Notified::of(letters_only, drawn_on, Territory::Metropole, 3),
        first: at("2027-01-11T17:00:00Z"),
        last: at(last),
        public_by: at("2027-01-07T17:00:00Z"),
    };
    let can = Availability::anything(vec![site(1)]);
    assert_eq!(fit(&can, &slots, Some(offer(false, "2027-01-18T17:00:00Z"))), Fit::Published);
    assert_eq!(fit(&can, &slots, Some(offer(true, "2027-01-18T17:00:00Z"))), Fit::Letter);
    assert_eq!(fit(&can, &slots, Some(offer(true, "2027-01-25T17:00:00Z"))), Fit::Usual, "the 25th");
    slots.add(slot(site(1), "2027-01-19T09:00:00Z"));
    assert_eq!(fit(&can, &slots, Some(offer(true, "2027-01-25T17:00:00Z"))), Fit::Published);
    let slow = Availability { notice_days: 4, ..can };
    assert_eq!(fit(&slow, &slots, Some(offer(true, "2027-01-20T17:00:00Z"))), Fit::Letter, "from receipt on");
}

#[test]
fn a_slot_nearer_than_the_notice_is_not_offered() {
    let mut slots = SlotClasses::default();
    slots.add(slot(site(1), "2027-01-11T09:00:00Z"));
    let offer = Offer {
        drawn_on: day("2027-01-08"),
        notified: Notified::at_once(day("2027-01-08")),
        first: at("2027-01-11T17:00:00Z"),
        last: at("2027-01-15T17:00:00Z"),
        public_by: at("2027-01-07T17:00:00Z"),
    };
    assert_ne!(fit(&Availability::anything(vec![site(1)]), &slots, Some(offer)), Fit::Published);
}

#[test]
fn a_slot_published_too_late_for_the_next_list_is_not_offered_by_it() {
    let offer = Offer {
        drawn_on: day("2027-01-08"),
        notified: Notified::at_once(day("2027-01-08")),
        first: at("2027-01-11T17:00:00Z"),
        last: at("2027-01-15T17:00:00Z"),
        public_by: at("2027-01-07T17:00:00Z"),
    };
    let can = Availability::anything(vec![site(1)]);
    let published = |public_since| {
        let mut slots = SlotClasses::default();
        slots.add(Published { public_since: at(public_since), ..slot(site(1), "2027-01-13T09:00:00Z") });
        fit(&can, &slots, Some(offer))
    };
    assert_eq!(published("2027-01-07T17:00:00Z"), Fit::Published);
    assert_eq!(published("2027-01-07T17:00:01Z"), Fit::Usual);
}
