//! What a change says and costs: the true reason of a refusal, notices of no more use, penalties that follow the
//! person.

use chrono::TimeDelta;
use passage::domain::actor::{Actor, Role};
use passage::domain::entry::ConvocationState;
use passage::domain::ids::{ConvocationId, EntryId};
use passage::domain::notice::{NoticeKind, NoticeState};
use passage::domain::penalty::PenaltyReason;
use passage::domain::refusal::Refusal;
use passage::flow::people::Reader;
use passage::flow::read::entries::near as entries_near;
use passage::flow::register::{Desk, Registration};
use passage::flow::{annulment, counter, entries, relocation, status, verify_identity};
use passage::store::commands::EntryChange;

use super::common::{TestApp, document_of, on_both, person};
use super::{SEEN, refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_the_true_reason() {
    on_both(async |app| {
        let (agent, manager) =
            (app.staff("alice", Role::Agent).await, app.staff("bruno", Role::Manager).await);
        let here = app.register(app.first, 1).await;
        app.register(app.naturalisation, 1).await;
        refused(
            &relocation::propose(&app.app, here, app.naturalisation, "Autre démarche", agent).await,
            Refusal::AlreadyWaitsThere,
        );
        refused(
            &relocation::propose(&app.app, here, app.first, "Autre démarche", agent).await,
            Refusal::SameQueue,
        );
        refused(
            &verify_identity::document_seen(&app.app, here, document_of(1), agent).await,
            Refusal::IdentityVerified,
        );

        entries::grant(&app.app, here, 0, "Grave illness", agent).await.unwrap();
        refused(&entries::grant(&app.app, here, 0, "Grave illness", agent).await, Refusal::PrivilegeStands);
        let proposal = app.app.store.privileges_pending(app.prefecture).await.unwrap()[0].id;
        refused(&entries::approve_priority(&app.app, proposal, agent).await, Refusal::SecondPerson);
        entries::approve_priority(&app.app, proposal, manager).await.unwrap();
        refused(&entries::approve_priority(&app.app, proposal, manager).await, Refusal::ProposalApproved);

        entries::change(&app.app, here, EntryChange::Withdraw, Actor::Holder(here)).await.unwrap();
        let again = entries::change(&app.app, here, EntryChange::Pause, Actor::Holder(here)).await;
        refused(&again, Refusal::EntryEnded);

        app.tick().await;
        let draw = app.app.store.draws_of(app.first, 1).await.unwrap()[0].id;
        refused(&annulment::approve(&app.app, draw, agent).await, Refusal::AnnulmentNotProposed);
        annulment::propose(&app.app, draw, "A fault was found", agent).await.unwrap();
        refused(&annulment::approve(&app.app, draw, agent).await, Refusal::SecondPerson);
        let twice = annulment::propose(&app.app, draw, "A fault was found", manager).await;
        refused(&twice, Refusal::AnnulmentProposed);
        annulment::approve(&app.app, draw, manager).await.unwrap();
        refused(&annulment::approve(&app.app, draw, manager).await, Refusal::DrawAnnulled);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_lost_its_use_never_leaves() {
    on_both(async |app| {
        let agent = app.staff("alice", Role::Agent).await;
        let pending = async |entry| {
            let notices = app.app.store.notices_of(entry).await.unwrap();
            let waits = notices.into_iter().filter(|notice| notice.state == NoticeState::Pending);
            waits.map(|notice| notice.kind).collect::<Vec<_>>()
        };
        // Late in the evening nothing has left yet.
        app.clock.advance(TimeDelta::hours(14));
        let verified = app.register_by(app.first, &person(1), Desk::ONLINE, "one").await.unwrap();
        assert_eq!(pending(verified).await, [NoticeKind::IdentityWanted]);
        verify_identity::document_seen(&app.app, verified, document_of(1), agent).await.unwrap();
        assert_eq!(pending(verified).await, [NoticeKind::Receipt], "nobody verified is threatened");

        let gone = app.register_by(app.first, &person(2), Desk::ONLINE, "two").await.unwrap();
        entries::change(&app.app, gone, EntryChange::Withdraw, Actor::Holder(gone)).await.unwrap();
        assert_eq!(pending(gone).await, [NoticeKind::Withdrawal]);

        let closed = app.register_by(app.first, &person(3), Desk::ONLINE, "three").await.unwrap();
        app.close_as_duplicate(closed, 3).await;
        assert_eq!(pending(closed).await, [NoticeKind::Closure]);

        entries::change(&app.app, verified, EntryChange::Pause, Actor::Staff(agent)).await.unwrap();
        assert_eq!(pending(verified).await, [NoticeKind::Receipt, NoticeKind::Changed], "and is told of it");
    })
    .await;
}

/// A person convoked, two days before their appointment: giving it back is late.
async fn convoked_and_late(app: &TestApp, n: u32) -> (EntryId, ConvocationId) {
    let entry = app.register(app.first, n).await;
    app.publish(app.first, 1, 8, 5, 4).await;
    while app.app.store.live_convocation(entry).await.unwrap().is_none() {
        app.pass(TimeDelta::hours(6)).await;
    }
    let live = app.app.store.live_convocation(entry).await.unwrap().unwrap();
    app.pass(live.starts_at - TimeDelta::hours(3) - app.now()).await;
    (entry, live.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_penalty_follows_the_person_and_is_not_washed_off() {
    on_both(async |app| {
        let suspended = async |entry| {
            app.app.store.entry(entry).await.unwrap().unwrap().paused_until.map(|at| at.timestamp())
        };
        let penalties =
            async |entry| status::holder(&app.app, entry, Reader::Program).await.unwrap().penalties;
        let withdraw = async |entry| {
            entries::change(&app.app, entry, EntryChange::Withdraw, Actor::Holder(entry)).await.unwrap();
        };
        let (entry, live) = convoked_and_late(&app, 1).await;
        counter::give_back(&app.app, live, Actor::Holder(entry)).await.unwrap();
        assert_eq!(suspended(entry).await, None, "it costs nothing before its day");
        withdraw(entry).await;
        let again = app.register_by(app.first, &person(1), SEEN, "again").await.unwrap();
        let [announced] = &penalties(again).await[..] else {
            panic!("it is announced to the new request too")
        };
        assert!(penalties(app.register(app.first, 3).await).await.is_empty(), "and to nobody else's");
        entries::change(&app.app, again, EntryChange::Pause, Actor::Holder(again)).await.unwrap();
        app.pass(announced.case.effect_at + TimeDelta::hours(1) - app.now()).await;
        let until = suspended(again).await;
        let effect = penalties(entry).await[0].case.effect_at;
        assert_eq!(until, Some((effect + TimeDelta::days(15)).timestamp()), "washed off by nothing");

        // Declared first, verified later: the same.
        withdraw(again).await;
        let declared = app.register_by(app.first, &person(1), Desk::ONLINE, "declared").await.unwrap();
        assert_eq!(suspended(declared).await, None);
        let agent = app.staff("alice", Role::Agent).await;
        verify_identity::document_seen(&app.app, declared, document_of(1), agent).await.unwrap();
        assert_eq!(suspended(declared).await, until);
        assert_eq!(suspended(app.register(app.first, 2).await).await, None, "nobody else is touched");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_penalty_goes_with_who_moves_to_another_procedure() {
    on_both(async |app| {
        let two = [app.staff("alice", Role::Agent).await, app.staff("bruno", Role::Agent).await];
        let (entry, live) = convoked_and_late(&app, 1).await;
        counter::give_back(&app.app, live, Actor::Holder(entry)).await.unwrap();
        // Announced, moved, withdrawn, registered again there: it is announced to the new request.
        app.move_to(entry, app.naturalisation, two).await;
        let withdraw = async |entry| {
            entries::change(&app.app, entry, EntryChange::Withdraw, Actor::Holder(entry)).await.unwrap();
        };
        withdraw(entry).await;
        let again = app.register_by(app.naturalisation, &person(1), SEEN, "again").await.unwrap();
        let announced = status::holder(&app.app, again, Reader::Program).await.unwrap().penalties.remove(0);
        entries::change(&app.app, again, EntryChange::Pause, Actor::Holder(again)).await.unwrap();
        app.pass(announced.case.effect_at + TimeDelta::hours(1) - app.now()).await;
        let suspended = async |entry| app.app.store.entry(entry).await.unwrap().unwrap().paused_until;
        let until = suspended(again).await;
        assert!(until.is_some_and(|until| until > app.now()));
        // In force, and moved on: the same.
        app.move_to(again, app.renewal, two).await;
        withdraw(again).await;
        let third = app.register_by(app.renewal, &person(1), SEEN, "third").await.unwrap();
        assert_eq!(suspended(third).await, until);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_withdrawal_is_a_late_return() {
    on_both(async |app| {
        let (entry, live) = convoked_and_late(&app, 1).await;
        entries::change(&app.app, entry, EntryChange::Withdraw, Actor::Holder(entry)).await.unwrap();
        let ended = app.app.store.convocation(live).await.unwrap().unwrap();
        assert_eq!(ended.state, ConvocationState::CancelledByHolder);
        let again = app.register_by(app.first, &person(1), SEEN, "again").await.unwrap();
        let announced = status::holder(&app.app, again, Reader::Program).await.unwrap().penalties.remove(0);
        assert_eq!(announced.announced.reason, PenaltyReason::LateWithdrawal);
        entries::change(&app.app, again, EntryChange::Pause, Actor::Holder(again)).await.unwrap();
        app.pass(announced.case.effect_at + TimeDelta::hours(1) - app.now()).await;
        let again = app.app.store.entry(again).await.unwrap().unwrap();
        assert!(again.paused_until.is_some_and(|until| until > app.now()), "{:?}", again.paused_until);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_sees_a_penalty_of_somebody_of_the_same_name_and_birth_date() {
    on_both(async |app| {
        let (entry, live) = convoked_and_late(&app, 1).await;
        counter::give_back(&app.app, live, Actor::Holder(entry)).await.unwrap();
        entries::change(&app.app, entry, EntryChange::Withdraw, Actor::Holder(entry)).await.unwrap();
        let other = Registration { document_number: "AUTRE01".into(), ..person(1) };
        let again = app.register_by(app.first, &other, SEEN, "again").await.unwrap();
        let reader = app.reader("lectrice").await;
        let near = entries_near(&app.app, again, reader).await.unwrap();
        assert_eq!(near.iter().map(|near| near.entry.id).collect::<Vec<_>>(), [entry]);
        let nobody = app.register(app.first, 2).await;
        assert!(entries_near(&app.app, nobody, reader).await.unwrap().is_empty());
    })
    .await;
}
