//! New rules, a priority, a change of queue, a first place and an annulment take two people: the author can withdraw, another approves or
//! rejects, once; what was rejected or withdrawn can be proposed again.

mod common;

use common::{TestApp, on_both};
use passage::domain::actor::{Actor, Role};
use passage::domain::draw_state::DrawState;
use passage::domain::ids::StaffId;
use passage::domain::notice::NoticeKind;
use passage::domain::refusal::Refusal;
use passage::domain::rules::Rules;
use passage::flow::read::rules::versions;
use passage::flow::{FlowError, annulment, entries, relocation, rules};
use passage::store::commands::EntryChange;

const WHY: &str = "Une bonne raison";

fn refused(result: &Result<impl std::fmt::Debug, FlowError>, refusal: Refusal) {
    assert!(
        matches!(result, Err(FlowError::Refused(found)) if *found == refusal),
        "{result:?} is not {refusal}"
    );
}

async fn two(app: &TestApp) -> [StaffId; 2] {
    [app.staff("alice", Role::Manager).await, app.staff("bruno", Role::Manager).await]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_priority_is_rejected_or_withdrawn_and_proposed_again() {
    on_both(async |app| {
        let [author, other] = two(&app).await;
        let entry = app.register(app.first, 1).await;
        let propose = async || {
            entries::grant(&app.app, entry, 0, WHY, author).await.unwrap();
            app.app.store.privileges_pending(app.prefecture).await.unwrap()[0].id
        };
        let first = propose().await;
        refused(&entries::approve_priority(&app.app, first, author).await, Refusal::SecondPerson);
        refused(&entries::reject_priority(&app.app, first, WHY, author).await, Refusal::SecondPerson);
        refused(&entries::withdraw_priority(&app.app, first, other).await, Refusal::NotAuthor);
        let vague = entries::reject_priority(&app.app, first, "non", other).await;
        assert!(matches!(vague, Err(FlowError::Invalid(_))));
        entries::reject_priority(&app.app, first, WHY, other).await.unwrap();
        refused(&entries::approve_priority(&app.app, first, other).await, Refusal::ProposalRejected);

        let second = propose().await;
        entries::withdraw_priority(&app.app, second, author).await.unwrap();
        refused(&entries::approve_priority(&app.app, second, other).await, Refusal::ProposalWithdrawn);
        let closed = app.app.store.privileges_rejected(app.prefecture, 0, 5).await.unwrap();
        assert_eq!(closed.len(), 2);
        assert!(!app.app.store.entry(entry).await.unwrap().unwrap().standing.priority);

        let third = propose().await;
        entries::approve_priority(&app.app, third, other).await.unwrap();
        refused(&entries::reject_priority(&app.app, third, WHY, other).await, Refusal::ProposalApproved);
        refused(&entries::grant(&app.app, entry, 0, WHY, author).await, Refusal::PrivilegeStands);
        assert!(app.app.store.entry(entry).await.unwrap().unwrap().standing.priority);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_queue_is_rejected_or_withdrawn_and_proposed_again() {
    on_both(async |app| {
        let [author, other] = two(&app).await;
        let entry = app.register(app.first, 1).await;
        let propose = async || {
            relocation::propose(&app.app, entry, app.renewal, WHY, author).await.unwrap();
            app.app.store.relocation_open(entry).await.unwrap().unwrap().id
        };
        let queue = async || app.app.store.entry(entry).await.unwrap().unwrap().queue_id;
        let first = propose().await;
        let twice = relocation::propose(&app.app, entry, app.naturalisation, WHY, other).await;
        refused(&twice, Refusal::RelocationProposed);
        refused(&relocation::approve(&app.app, first, author).await, Refusal::SecondPerson);
        refused(&relocation::reject(&app.app, first, WHY, author).await, Refusal::SecondPerson);
        refused(&relocation::withdraw(&app.app, first, other).await, Refusal::NotAuthor);
        assert!(matches!(relocation::reject(&app.app, first, "", other).await, Err(FlowError::Invalid(_))));
        relocation::reject(&app.app, first, WHY, other).await.unwrap();
        refused(&relocation::approve(&app.app, first, other).await, Refusal::ProposalRejected);
        let second = propose().await;
        relocation::withdraw(&app.app, second, author).await.unwrap();
        refused(&relocation::approve(&app.app, second, other).await, Refusal::ProposalWithdrawn);
        assert_eq!(queue().await, app.first, "one person alone moves nobody");

        // The person registers there meanwhile: it is asked again when it is approved.
        let third = propose().await;
        let there = app.register(app.renewal, 1).await;
        refused(&relocation::approve(&app.app, third, other).await, Refusal::AlreadyWaitsThere);
        entries::change(&app.app, there, EntryChange::Withdraw, Actor::Holder(there)).await.unwrap();
        relocation::approve(&app.app, third, other).await.unwrap();
        refused(&relocation::withdraw(&app.app, third, author).await, Refusal::ProposalApproved);
        assert_eq!(queue().await, app.renewal);
        let notices = app.app.store.notices_of(entry).await.unwrap();
        assert_eq!(notices.iter().filter(|notice| notice.kind == NoticeKind::Moved).count(), 1);

        // An entry that ends meanwhile no longer moves, and is listed for nobody.
        relocation::propose(&app.app, entry, app.first, WHY, author).await.unwrap();
        let last = app.app.store.relocation_open(entry).await.unwrap().unwrap().id;
        entries::change(&app.app, entry, EntryChange::Withdraw, Actor::Holder(entry)).await.unwrap();
        refused(&relocation::approve(&app.app, last, other).await, Refusal::EntryEnded);
        assert!(app.app.store.relocations_pending(app.prefecture).await.unwrap().is_empty());
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_annulment_is_rejected_or_withdrawn_and_proposed_again() {
    on_both(async |app| {
        let [author, other] = two(&app).await;
        app.tick().await;
        let draw = app.app.store.draws_of(app.first, 1).await.unwrap()[0].id;
        let propose = async || annulment::propose(&app.app, draw, WHY, author).await.unwrap();
        refused(&annulment::reject(&app.app, draw, WHY, other).await, Refusal::AnnulmentNotProposed);
        propose().await;
        refused(&annulment::approve(&app.app, draw, author).await, Refusal::SecondPerson);
        refused(&annulment::reject(&app.app, draw, WHY, author).await, Refusal::SecondPerson);
        refused(&annulment::withdraw(&app.app, draw, other).await, Refusal::NotAuthor);
        annulment::reject(&app.app, draw, WHY, other).await.unwrap();
        refused(&annulment::approve(&app.app, draw, other).await, Refusal::ProposalRejected);

        propose().await;
        annulment::withdraw(&app.app, draw, author).await.unwrap();
        refused(&annulment::approve(&app.app, draw, other).await, Refusal::ProposalWithdrawn);
        assert_eq!(app.app.store.draw(draw).await.unwrap().unwrap().state, DrawState::Announced);

        propose().await;
        annulment::approve(&app.app, draw, other).await.unwrap();
        refused(&annulment::withdraw(&app.app, draw, author).await, Refusal::DrawAnnulled);
        assert_eq!(app.app.store.draw(draw).await.unwrap().unwrap().state, DrawState::Annulled);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_rejected_or_withdrawn_and_proposed_again() {
    on_both(async |app| {
        let [author, other] = two(&app).await;
        let current = app.app.store.rules(app.first, 1).await.unwrap();
        let same = rules::propose(&app.app, app.first, current.clone(), WHY, author).await;
        refused(&same, Refusal::NothingChanges);
        let propose = async || {
            let changed = Rules { notice_min_days: 4, ..current.clone() };
            rules::propose(&app.app, app.first, changed, WHY, author).await.unwrap()
        };
        let first = propose().await;
        refused(&rules::approve(&app.app, app.first, first, author).await, Refusal::SecondPerson);
        refused(&rules::reject(&app.app, app.first, first, WHY, author).await, Refusal::SecondPerson);
        refused(&rules::withdraw(&app.app, app.first, first, other).await, Refusal::NotAuthor);
        rules::reject(&app.app, app.first, first, WHY, other).await.unwrap();
        refused(&rules::approve(&app.app, app.first, first, other).await, Refusal::ProposalRejected);

        let second = propose().await;
        rules::withdraw(&app.app, app.first, second, author).await.unwrap();
        refused(&rules::approve(&app.app, app.first, second, other).await, Refusal::ProposalWithdrawn);

        let third = propose().await;
        rules::approve(&app.app, app.first, third, other).await.unwrap();
        refused(&rules::withdraw(&app.app, app.first, third, author).await, Refusal::ProposalApproved);
        let told = versions(&app.app, app.first).await.unwrap();
        let why: Vec<_> = told.iter().map(|rules| rules.proposed.rejected_reason.as_deref()).collect();
        assert_eq!(why, [None, None, Some(WHY), None]);
        assert_eq!(told[0].reason.as_deref(), Some(WHY));
    })
    .await;
}
