//! Ticks that can be corrected until the evening, and penalties that are told, objected to and decided before they
//! take effect.

mod common;

use chrono::{DateTime, TimeDelta, Utc};
use common::{TestApp, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::entry::{ConvocationEvent, ConvocationState, EntryState};
use passage::domain::ids::{EntryId, StaffId};
use passage::domain::letter::Sent;
use passage::domain::local_time::Zone;
use passage::domain::notice::NoticeKind;
use passage::domain::penalty::{PenaltyState, Ruling};
use passage::domain::refusal::Refusal;
use passage::domain::situation::Point;
use passage::flow::outbox::letter;
use passage::flow::penalties::Penalty;
use passage::flow::register::Desk;
use passage::flow::{FlowError, counter, entries, penalties, status};
use passage::notify::SendError;
use passage::store::commands::EntryChange;
use passage::store::records::{CounterRecord, EntryRecord};

const SEEN: Desk = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };

fn refused<T: std::fmt::Debug>(done: &Result<T, FlowError>, why: Refusal) {
    assert!(matches!(done, Err(FlowError::Refused(refusal)) if *refusal == why), "{done:?}, not {why}");
}

struct Day {
    app: TestApp,
    alice: StaffId,
    bob: StaffId,
    /// In the order of their appointments, which are all on one day.
    convoked: Vec<(EntryId, CounterRecord)>,
}

impl Day {
    /// These people convoked, and the clock at the first appointment.
    async fn of(app: TestApp, people: &[u32]) -> Self {
        let (alice, bob) = (app.staff("alice", Role::Agent).await, app.staff("bob", Role::Agent).await);
        app.publish(app.first, 1, 4, 1, u16::try_from(people.len()).unwrap()).await;
        let mut registered = Vec::new();
        for n in people {
            registered.push(app.register(app.first, *n).await);
        }
        app.pass(TimeDelta::days(1)).await;
        let mut convoked = Vec::new();
        for entry in registered {
            convoked
                .push((entry, app.app.store.live_convocation(entry).await.unwrap().expect("a seat each")));
        }
        convoked.sort_by_key(|(_, live)| live.starts_at);
        app.pass(convoked[0].1.starts_at - app.now()).await;
        app.clock.set(convoked.last().unwrap().1.starts_at + TimeDelta::minutes(5));
        Self { app, alice, bob, convoked }
    }

    async fn tick(&self, at: usize, event: ConvocationEvent, by: StaffId) -> Result<(), FlowError> {
        counter::tick(&self.app.app, self.convoked[at].1.id, event, "", None, by).await
    }

    async fn convocation(&self, at: usize) -> CounterRecord {
        self.app.app.store.convocation(self.convoked[at].1.id).await.unwrap().unwrap()
    }

    async fn entry(&self, at: usize) -> EntryRecord {
        self.app.app.store.entry(self.convoked[at].0).await.unwrap().unwrap()
    }

    async fn headline(&self, at: usize) -> Point {
        status::status(&self.app.app, self.convoked[at].0, passage::flow::people::Reader::Program)
            .await
            .unwrap()
            .told
            .situation
            .headline
    }

    async fn penalty(&self, at: usize) -> Penalty {
        let holder =
            status::holder(&self.app.app, self.convoked[at].0, passage::flow::people::Reader::Program)
                .await
                .unwrap();
        let [penalty] = &holder.penalties[..] else { panic!("{:?}", holder.penalties) };
        penalty.clone()
    }

    async fn actions(&self, at: usize) -> Vec<(String, String)> {
        let rows = self.app.app.store.audit_of(format!("entry:{}", self.convoked[at].0)).await.unwrap();
        rows.into_iter().map(|row| (row.action, row.actor)).collect()
    }

    async fn kinds(&self, at: usize) -> Vec<NoticeKind> {
        let notices = self.app.app.store.notices_of(self.convoked[at].0).await.unwrap();
        notices.into_iter().map(|notice| notice.kind).collect()
    }

    /// Ticked as absent by alice, and the evening over.
    async fn missed(app: TestApp, n: u32) -> Self {
        let day = Self::of(app, &[n]).await;
        day.tick(0, ConvocationEvent::Miss, day.alice).await.unwrap();
        day.app.pass(TimeDelta::hours(12)).await;
        assert_eq!(day.convocation(0).await.state, ConvocationState::Missed);
        day
    }

    async fn until(&self, at: DateTime<Utc>) {
        self.app.pass(at - self.app.now()).await;
    }

    async fn object(&self, text: &str) -> Result<(), FlowError> {
        let (entry, live) = &self.convoked[0];
        penalties::object(&self.app.app, live.id, text, Actor::Holder(*entry)).await
    }

    async fn decide(&self, ruling: Ruling, by: StaffId) -> Result<(), FlowError> {
        let why = "le dossier médical le montre";
        penalties::decide(&self.app.app, self.convoked[0].1.id, ruling, why, by).await
    }
}

fn staff(id: StaffId) -> String {
    Actor::Staff(id).pseudonym()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_is_corrected_until_the_evening_and_each_correction_is_in_the_log() {
    on_both(async |app| {
        let day = Day::of(app, &[1, 2, 4]).await;
        let store = &day.app.app.store;
        let tomorrow = day.app.now() + TimeDelta::days(1);
        assert_eq!(store.unticked(day.app.prefecture, tomorrow).await.unwrap().0, 3);
        day.tick(0, ConvocationEvent::Miss, day.alice).await.unwrap();
        assert_eq!(day.headline(0).await, Point::NotedAbsent);
        day.tick(0, ConvocationEvent::Attend, day.bob).await.unwrap();
        assert_eq!(day.headline(0).await, Point::Received);
        day.tick(1, ConvocationEvent::Attend, day.alice).await.unwrap();
        day.tick(1, ConvocationEvent::Attend, day.bob).await.unwrap();
        assert_eq!(day.convocation(1).await.ticked.ticked_by, Some(day.alice), "who was first stays");
        counter::untick(&day.app.app, day.convoked[1].1.id, day.bob).await.unwrap();
        refused(&counter::untick(&day.app.app, day.convoked[1].1.id, day.bob).await, Refusal::NotTicked);
        day.tick(1, ConvocationEvent::Miss, day.alice).await.unwrap();
        assert_eq!(store.unticked(day.app.prefecture, tomorrow).await.unwrap().0, 1);

        let ticked = day.convocation(1).await.ticked;
        let settles = ticked.settles_at.unwrap();
        assert_eq!(settles.to_rfc3339(), "2027-01-12T19:00:00+00:00", "eight in the evening in Paris");
        assert_eq!((ticked.ticked_by, ticked.ticked_at), (Some(day.alice), Some(day.app.now())));
        day.until(settles - TimeDelta::minutes(1)).await;
        for at in 0..3 {
            assert_eq!(day.entry(at).await.state, EntryState::Convoked, "nothing happens before");
            assert!(!day.kinds(at).await.contains(&NoticeKind::Missed), "and nothing is sent");
        }
        day.app.clock.set(settles);
        refused(&day.tick(0, ConvocationEvent::Miss, day.alice).await, Refusal::TickFinal);
        refused(&counter::untick(&day.app.app, day.convoked[0].1.id, day.alice).await, Refusal::TickFinal);

        day.app.tick().await;
        assert_eq!(day.entry(0).await.state, EntryState::Served);
        assert_eq!((day.entry(1).await.state, day.entry(1).await.paused_until), (EntryState::Waiting, None));
        assert_eq!(day.kinds(1).await.last(), Some(&NoticeKind::Missed));
        assert_eq!(day.entry(2).await.state, EntryState::Convoked, "what nobody ticked stays to be ticked");
        assert_eq!(store.unticked(day.app.prefecture, tomorrow).await.unwrap().0, 1);
        refused(&day.tick(0, ConvocationEvent::Miss, day.alice).await, Refusal::ConvocationEnded);
        let ticks = |rows: Vec<(String, String)>| -> Vec<(String, String)> {
            rows.into_iter().filter(|(action, _)| action.starts_with("convocation.tick")).collect()
        };
        let row = |action: &str, by| (format!("convocation.{action}"), staff(by));
        assert_eq!(ticks(day.actions(0).await), [row("ticked", day.alice), row("tick_corrected", day.bob)]);
        assert_eq!(
            ticks(day.actions(1).await),
            [row("ticked", day.alice), row("tick_removed", day.bob), row("ticked", day.alice)]
        );

        // Ticked two days later: there is an evening to correct it too.
        day.app.pass(TimeDelta::days(2)).await;
        day.tick(2, ConvocationEvent::Miss, day.alice).await.unwrap();
        day.tick(2, ConvocationEvent::Attend, day.alice).await.unwrap();
        day.app.pass(TimeDelta::days(1)).await;
        assert_eq!(day.entry(2).await.state, EntryState::Served);
        day.app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_without_all_that_it_takes_is_told_what_was_missing_and_loses_nothing() {
    on_both(async |app| {
        let day = Day::of(app, &[1]).await;
        let (entry, live) = &day.convoked[0];
        let note = async |missing: &str, by| {
            counter::tick(&day.app.app, live.id, ConvocationEvent::Incomplete, missing, None, by).await
        };
        let missing = async || {
            status::holder(&day.app.app, *entry, passage::flow::people::Reader::Program)
                .await
                .unwrap()
                .missing
        };
        assert!(matches!(note(" ", day.alice).await, Err(FlowError::Invalid(_))), "what was missing is said");
        note("un justificatif", day.alice).await.unwrap();
        note("un justificatif", day.bob).await.unwrap();
        assert_eq!(day.convocation(0).await.ticked.ticked_by, Some(day.alice), "who was first stays");
        assert_eq!(day.headline(0).await, Point::NotedIncomplete);
        note("justificatif de domicile de moins de six mois", day.bob).await.unwrap();
        assert_eq!(day.convocation(0).await.ticked.ticked_by, Some(day.bob), "better words are a correction");
        let said = vec![(live.id, "justificatif de domicile de moins de six mois".to_owned())];
        assert_eq!(missing().await, said);
        counter::untick(&day.app.app, live.id, day.bob).await.unwrap();
        assert_eq!(missing().await, [], "and it can be taken back");
        note(&said[0].1, day.alice).await.unwrap();

        let before = day.entry(0).await;
        day.app.pass(TimeDelta::hours(12)).await;
        let after = day.entry(0).await;
        assert_eq!(
            (day.convocation(0).await.state, after.state),
            (ConvocationState::Incomplete, EntryState::Waiting)
        );
        assert_eq!(after.standing.draws_survived, before.standing.draws_survived);
        assert_eq!((after.registered_at, after.paused_until), (before.registered_at, None));
        assert_eq!(day.kinds(0).await.last(), Some(&NoticeKind::Incomplete));
        assert_eq!(day.headline(0).await, Point::FileIncomplete);
        assert_eq!(missing().await, said);
        day.app.pass(TimeDelta::hours(12)).await;
        let sent = day.app.gateway.sent.lock().unwrap().last().unwrap().text.clone();
        assert!(
            sent.contains("dossier incomplet") && !sent.contains("domicile"),
            "phones are shared: {sent}"
        );
        refused(&note("encore autre chose", day.alice).await, Refusal::ConvocationEnded);

        // The next appointment says what to bring this time.
        day.app.publish(day.app.first, 1, 9, 1, 1).await;
        day.app.pass(TimeDelta::days(4)).await;
        let told = status::status(&day.app.app, *entry, passage::flow::people::Reader::Program)
            .await
            .unwrap()
            .told
            .situation;
        assert_eq!((told.headline, told.says(Point::FileIncomplete)), (Point::Appointment, true));
        day.app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_counter_and_somebody_else_can_be_corrected_until_the_evening() {
    on_both(async |app| {
        let day = Day::of(app, &[1, 2]).await;
        let (entry, live) = &day.convoked[0];
        let wrong_counter = async |queue, by| {
            let event = ConvocationEvent::WrongCounter;
            counter::tick(&day.app.app, live.id, event, "", Some(queue), by).await
        };
        let not_the_person = async |at: usize| {
            let (event, why) = (ConvocationEvent::NotThePerson, "la photo n'est pas la sienne");
            counter::tick(&day.app.app, day.convoked[at].1.id, event, why, None, day.alice).await
        };
        not_the_person(0).await.unwrap();
        assert_eq!(day.headline(0).await, Point::NotedNotThePerson);
        assert_eq!(day.entry(0).await.state, EntryState::Convoked, "one slip closes nothing");
        day.tick(0, ConvocationEvent::Attend, day.bob).await.unwrap();
        assert_eq!(day.convocation(0).await.reason, None, "what was said of it is gone");
        wrong_counter(day.app.naturalisation, day.alice).await.unwrap();
        wrong_counter(day.app.renewal, day.bob).await.unwrap();
        assert_eq!(day.headline(0).await, Point::NotedWrongCounter);
        assert_eq!(day.app.app.store.relocation_open(*entry).await.unwrap().map(|open| open.queue_id), None);
        not_the_person(1).await.unwrap();
        day.app.pass(TimeDelta::hours(12)).await;

        assert_eq!(day.entry(0).await.state, EntryState::Waiting);
        let open = day.app.app.store.relocation_open(*entry).await.unwrap().unwrap();
        assert_eq!((open.queue_id, open.columns.proposed_by), (day.app.renewal, Some(day.bob)));
        assert_eq!(
            day.kinds(0).await.last(),
            Some(&NoticeKind::Changed),
            "told, whatever becomes of the move"
        );
        assert_eq!(day.entry(1).await.state, EntryState::Closed);
        let closed = day.convocation(1).await;
        assert_eq!((closed.state, closed.reason.is_some()), (ConvocationState::NotThePerson, true));
        refused(&wrong_counter(day.app.renewal, day.alice).await, Refusal::ConvocationEnded);
        day.app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_been_received_early_gives_nothing_back() {
    on_both(async |app| {
        let day = Day::of(app, &[1]).await;
        let (entry, live) = &day.convoked[0];
        day.app.clock.set(live.starts_at - TimeDelta::minutes(30));
        day.tick(0, ConvocationEvent::Attend, day.alice).await.unwrap();
        refused(&counter::give_back(&day.app.app, live.id, Actor::Holder(*entry)).await, Refusal::TooLate);
        let withdrawn = entries::change(&day.app.app, *entry, EntryChange::Withdraw, Actor::Holder(*entry));
        refused(&withdrawn.await, Refusal::TooLate);
        day.app.pass(TimeDelta::hours(12)).await;
        assert_eq!(day.entry(0).await.state, EntryState::Served);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_penalty_is_told_and_takes_effect_only_after_the_days_to_object() {
    on_both(async |app| {
        let day = Day::missed(app, 1).await;
        day.app.pass(TimeDelta::hours(12)).await;
        let penalty = day.penalty(0).await;
        assert_eq!((penalty.case.state, penalty.case.noted_by), (PenaltyState::Announced, Some(day.alice)));
        let ticked_at = day.convoked[0].1.starts_at + TimeDelta::minutes(5);
        assert_eq!(penalty.noted_at, ticked_at, "when alice noted it, not when it became final");
        let told = penalty.told_at.expect("the SMS has left");
        assert_eq!(penalty.case.effect_at, told + TimeDelta::days(15), "fifteen days from the notice");
        let sms = day.app.gateway.sent.lock().unwrap().last().unwrap().text.clone();
        assert!(sms.contains("manqué") && sms.contains("contestation avant le 28/01/2027"), "{sms}");
        assert_eq!(day.headline(0).await, Point::PenaltyAnnounced);
        let lists = status::status(&day.app.app, day.convoked[0].0, passage::flow::people::Reader::Program)
            .await
            .unwrap()
            .told
            .lists;
        assert!(lists.iter().any(|at| *at < penalty.case.effect_at), "it stands in the lists as before");
        assert_eq!(day.entry(0).await.paused_until, None);
        let survived = day.entry(0).await.standing.draws_survived;

        day.until(penalty.case.effect_at - TimeDelta::minutes(1)).await;
        assert_eq!(day.entry(0).await.paused_until, None);
        assert!(day.entry(0).await.standing.draws_survived >= survived);
        day.app.pass(TimeDelta::minutes(2)).await;
        let until = penalty.case.effect_at + TimeDelta::days(30);
        assert_eq!(
            (day.entry(0).await.paused_until, day.entry(0).await.standing.draws_survived),
            (Some(until), 0)
        );
        assert_eq!(day.penalty(0).await.case.state, PenaltyState::InForce);
        assert_eq!(day.headline(0).await, Point::Suspended);
        refused(&day.object("J'étais à l'hôpital.").await, Refusal::ObjectionLate);
        day.app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_penalised_who_has_not_been_told() {
    on_both(async |app| {
        // No message reaches them: a letter that nobody prints.
        let day = Day::missed(app, 1).await;
        let stopped = || SendError::Refused { code: "21610".into(), reason: "stopped".into() };
        day.app.gateway.failures.lock().unwrap().extend((0..9).map(|_| stopped()));
        day.app.pass(TimeDelta::days(22)).await;
        let penalty = day.penalty(0).await;
        assert_eq!((penalty.case.state, penalty.told_at), (PenaltyState::Announced, None));
        assert_eq!(day.entry(0).await.paused_until, None);
        let letters = day.app.app.store.letters_due(day.app.prefecture, day.app.now(), 0, 50).await.unwrap();
        let letter = letters.iter().find(|letter| letter.kind == NoticeKind::Missed).unwrap();
        let sheet =
            letter::sheet(&day.app.app, &letter.clone().into(), passage::flow::people::Reader::Program)
                .await
                .unwrap();
        for said in ["a été manqué", "dans aucun tirage pendant 30 jours", "ne prend effet que", "L. 121-1"]
        {
            assert!(sheet.rendered.text.contains(said), "{said}: {}", sheet.rendered.text);
        }
        let received = Sent::Posted.received_at(day.app.now(), Zone::PARIS);
        assert!(letter::done(&day.app.app, &letter.clone().into(), Sent::Posted, day.bob).await.unwrap());
        let effect = day.penalty(0).await.case.effect_at;
        assert_eq!(effect, received + TimeDelta::days(15), "the post takes five days of nobody's");
        day.until(effect - TimeDelta::minutes(1)).await;
        assert_eq!(day.entry(0).await.paused_until, None);
        day.app.pass(TimeDelta::minutes(2)).await;
        assert_eq!(day.entry(0).await.paused_until, Some(effect + TimeDelta::days(30)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_halts_a_penalty_until_another_agent_has_decided() {
    on_both(async |app| {
        let day = Day::missed(app, 1).await;
        assert!(matches!(day.object("non").await, Err(FlowError::Invalid(_))));
        assert!(matches!(day.object("J'étais\u{7} là.").await, Err(FlowError::Invalid(_))));
        refused(&day.decide(Ruling::Lift, day.bob).await, Refusal::Changed);
        day.object("J'étais à l'hôpital,\nvoici le bulletin.").await.unwrap();
        refused(&day.object("Encore une fois.").await, Refusal::ObjectionStands);
        assert_eq!(day.headline(0).await, Point::PenaltyObjected);
        let open = day.app.app.store.objections(day.app.prefecture, 0, 10).await.unwrap();
        assert_eq!(open.iter().map(|open| open.entry_id).collect::<Vec<_>>(), [day.convoked[0].0]);
        assert!(!open[0].objection.as_ref().unwrap().windows(4).any(|part| part == "pita".as_bytes()));
        day.app.pass(TimeDelta::days(17)).await;
        assert_eq!(day.entry(0).await.paused_until, None, "halted for as long as it takes");

        refused(&day.decide(Ruling::Uphold, day.alice).await, Refusal::OwnTick);
        day.decide(Ruling::Uphold, day.bob).await.unwrap();
        refused(&day.decide(Ruling::Lift, day.bob).await, Refusal::ObjectionDecided);
        refused(&day.object("Encore une fois.").await, Refusal::ObjectionDecided);
        let decided_at = day.app.now();
        let Penalty { case, objection, decided_reason, .. } = day.penalty(0).await;
        assert_eq!(objection.as_deref(), Some("J'étais à l'hôpital,\nvoici le bulletin."));
        assert_eq!(decided_reason.as_deref(), Some("le dossier médical le montre"));
        assert_eq!((case.state, case.effect_at), (PenaltyState::Upheld, decided_at));
        day.app.pass(TimeDelta::days(1)).await;
        assert_eq!(day.entry(0).await.paused_until, Some(decided_at + TimeDelta::days(30)));
        assert!(day.kinds(0).await.contains(&NoticeKind::PenaltyUpheld));
        let sms = day.app.gateway.sent.lock().unwrap().last().unwrap().text.clone();
        assert!(sms.contains("votre contestation n'est pas acceptée"), "{sms}");
        let actions = day.actions(0).await;
        for row in [
            ("penalty.announced", Actor::System.pseudonym()),
            ("penalty.objected", Actor::Holder(day.convoked[0].0).pseudonym()),
            ("penalty.upheld", staff(day.bob)),
            ("penalty.in_force", Actor::System.pseudonym()),
        ] {
            assert!(actions.contains(&(row.0.to_owned(), row.1.clone())), "{row:?}: {actions:?}");
        }
        day.app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_follows_the_person_and_what_is_lifted_costs_nothing() {
    on_both(async |app| {
        let day = Day::missed(app, 1).await;
        let first = day.convoked[0].0;
        entries::change(&day.app.app, first, EntryChange::Withdraw, Actor::Holder(first)).await.unwrap();
        let again = day.app.register_by(day.app.first, &person(1), SEEN, "again").await.unwrap();
        let told = async |entry| {
            status::status(&day.app.app, entry, passage::flow::people::Reader::Program).await.unwrap()
        };
        assert!(told(again).await.told.situation.says(Point::PenaltyAnnounced));
        // An agent listens on the telephone.
        let id = day.convoked[0].1.id;
        let by = Actor::Staff(day.alice);
        penalties::object(&day.app.app, id, "Le train était arrêté.", by).await.unwrap();
        let holder =
            status::holder(&day.app.app, again, passage::flow::people::Reader::Program).await.unwrap();
        assert_eq!(holder.penalties[0].objection.as_deref(), Some("Le train était arrêté."));
        assert_eq!(holder.penalties[0].objected_by, Some(day.alice));
        day.decide(Ruling::Lift, day.bob).await.unwrap();
        let notices = day.app.app.store.notices_of(again).await.unwrap();
        assert!(notices.iter().any(|one| one.kind == NoticeKind::PenaltyLifted), "told where they stand now");
        day.app.pass(TimeDelta::days(17)).await;
        let after = day.app.app.store.entry(again).await.unwrap().unwrap();
        assert_eq!(after.paused_until, None);
        let leaves = day.app.raw("DELETE FROM penalty_case_key").await;
        assert_eq!(leaves, 0, "no fingerprint is kept of what is lifted");
        entries::change(&day.app.app, again, EntryChange::Withdraw, Actor::Holder(again)).await.unwrap();
        let third = day.app.register_by(day.app.first, &person(1), SEEN, "third").await.unwrap();
        assert!(
            status::holder(&day.app.app, third, passage::flow::people::Reader::Program)
                .await
                .unwrap()
                .penalties
                .is_empty()
        );
        day.app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_close_close_after_the_days_to_object() {
    on_both(async |app| {
        let (alice, queue) = (app.staff("alice", Role::Agent).await, app.naturalisation);
        app.publish(queue, 1, 20, 3, 1).await;
        let entry = app.register(queue, 1).await;
        app.pass(TimeDelta::days(8)).await;
        let live = app.app.store.live_convocation(entry).await.unwrap().expect("the only person");
        app.pass(live.starts_at - app.now()).await;
        app.clock.set(live.starts_at + TimeDelta::minutes(5));
        counter::tick(&app.app, live.id, ConvocationEvent::Miss, "", None, alice).await.unwrap();
        app.pass(TimeDelta::days(1)).await;
        let state = async || app.app.store.entry(entry).await.unwrap().unwrap().state;
        assert_ne!(state().await, EntryState::Closed);
        entries::change(&app.app, entry, EntryChange::Pause, Actor::Holder(entry)).await.unwrap();
        let effect =
            status::holder(&app.app, entry, passage::flow::people::Reader::Program).await.unwrap().penalties
                [0]
            .case
            .effect_at;
        app.pass(effect - TimeDelta::minutes(1) - app.now()).await;
        assert_eq!(state().await, EntryState::Waiting);
        app.pass(TimeDelta::minutes(2)).await;
        assert_eq!(state().await, EntryState::Closed);
        let kinds = app.app.store.notices_of(entry).await.unwrap();
        assert!(kinds.iter().any(|notice| notice.kind == NoticeKind::Closure), "told again");
        app.assert_sound().await;
    })
    .await;
}
