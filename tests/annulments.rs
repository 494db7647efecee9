//! Annulling a published draw with many winners: each of them is left as the rules of a single entry say, and
//! whoever has been received, or whose time has come, keeps what they had.

mod common;

use chrono::{DateTime, TimeDelta, Utc};
use common::{TestApp, by_letter, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::entry::{ConvocationEvent, ConvocationState, Entry, EntryEvent, SlotEnd};
use passage::domain::ids::{ConvocationId, EntryId, StaffId};
use passage::domain::notice::{NoticeKind, NoticeState};
use passage::domain::rules::Rules;
use passage::domain::slot::SlotState;
use passage::flow::register::{Desk, Registration};
use passage::flow::{annulment, counter};
use passage::store::records::{AuditRecord, CounterRecord, DrawRecord, EntryRecord, NoticeRecord};

const PEOPLE: u32 = 48;
/// Appointments that have begun when the draw is annulled; the holder of the next has been received.
const EARLY: usize = 3;

async fn entry(app: &TestApp, id: EntryId) -> EntryRecord {
    app.app.store.entry(id).await.unwrap().unwrap()
}

/// The entry of a convocation, as the domain knows it. Nobody is warned here.
fn known(record: &EntryRecord, convocation: Option<&CounterRecord>) -> Entry {
    let count = |column| u32::try_from(column).unwrap();
    Entry {
        state: record.state,
        close_reason: record.close_reason,
        verified: record.identity_how.is_some(),
        paused: record.paused,
        paused_until: record.paused_until,
        displaced: record.standing.displaced,
        draws_survived: count(record.standing.draws_survived),
        declines: count(record.declines),
        warnings: 0,
        convocation: convocation.map(CounterRecord::convoked),
    }
}

/// Everything that a convocation touches.
struct Held {
    record: CounterRecord,
    entry: EntryRecord,
    notices: Vec<NoticeRecord>,
    log: Vec<AuditRecord>,
}

impl Held {
    async fn read(app: &TestApp, id: ConvocationId) -> Self {
        let store = &app.app.store;
        let record = store.convocation(id).await.unwrap().unwrap();
        let entry = entry(app, record.entry_id).await;
        let notices = store.notices_of(record.entry_id).await.unwrap();
        let mut log = store.audit_of(format!("convocation:{id}")).await.unwrap();
        log.extend(store.audit_of(format!("entry:{}", record.entry_id)).await.unwrap());
        Self { record, entry, notices, log }
    }

    /// What an agent could tell apart.
    fn seen(&self) -> String {
        format!("{:?} {:?} {:?} {:?}", self.record, self.entry, self.notices, self.log)
    }

    fn actions(&self, actor: &str) -> Vec<&str> {
        let by = |row: &&AuditRecord| row.actor == actor;
        self.log.iter().filter(by).map(|row| row.action.as_str()).collect()
    }
}

/// People of every kind: reached by SMS, by e-mail and by letter, verified and not; some have given one back.
async fn registered(app: &TestApp) -> Vec<EntryId> {
    let mut all = Vec::new();
    for n in 0..PEOPLE {
        let typed: Registration = if n % 6 == 1 { by_letter(n) } else { person(n) };
        let seen = n % 4 != 0;
        let channel = if seen { Channel::Counter } else { Channel::Phone };
        let desk = Desk { document_seen: seen, channel, ..Desk::ONLINE };
        all.push(app.register_by(app.first, &typed, desk, &format!("key-{n}")).await.unwrap());
    }
    all
}

async fn reach(app: &TestApp, instant: DateTime<Utc>) {
    app.pass(instant - app.now()).await;
}

/// A published draw, shortly before its fourth appointment, with those whom it has convoked in order of their time.
async fn drawn(app: &TestApp) -> (DrawRecord, Vec<CounterRecord>) {
    let people = registered(app).await;
    app.publish(app.first, 1, 5, 12, 14).await;
    app.raw("UPDATE entry SET draws_survived = 2, declines = 1 WHERE channel = 'phone'").await;
    app.tick().await;
    let draw = app.app.store.draws_of(app.first, 1).await.unwrap().remove(0);
    reach(app, draw.seed_at).await;
    let mut live = Vec::new();
    for id in people {
        live.extend(app.app.store.live_convocation(id).await.unwrap());
    }
    live.sort_by_key(|record| record.starts_at);
    assert!(live.len() > 20, "{} are convoked", live.len());
    reach(app, live[EARLY].starts_at - TimeDelta::minutes(10)).await;
    (app.app.store.draw(draw.id).await.unwrap().unwrap(), live)
}

/// Two people annul a draw. Answers who decided.
async fn annul(app: &TestApp, draw: &DrawRecord) -> StaffId {
    let [alice, bob] = [app.staff("alice", Role::Manager).await, app.staff("bob", Role::Manager).await];
    annulment::propose(&app.app, draw.id, "erreur constatée", alice).await.unwrap();
    annulment::approve(&app.app, draw.id, bob).await.unwrap();
    bob
}

/// The annulment has done to it what the domain says of one entry.
async fn assert_taken_back(app: &TestApp, before: &Held, by: StaffId, rules: &Rules) {
    let after = Held::read(app, before.record.id).await;
    let (now, actor) = (app.now(), Actor::Staff(by));
    let end = EntryEvent::End(ConvocationEvent::PrefectureCancel);
    let ended = known(&before.entry, Some(&before.record)).apply(end, actor, rules, now).unwrap();
    let first = ended.entry.apply(EntryEvent::Compensate, Actor::System, rules, now).unwrap();
    assert_eq!(known(&after.entry, None), first.entry);
    assert_eq!(ended.ended, Some((ConvocationState::CancelledByPrefecture, SlotEnd::Free)));
    assert_eq!(
        (after.record.state, after.record.ended_at),
        (ConvocationState::CancelledByPrefecture, Some(now))
    );
    for notice in &before.notices {
        let became = after.notices.iter().find(|one| one.id == notice.id).unwrap();
        let is_superseded = notice.state == NoticeState::Pending && ended.supersedes.includes(notice.kind);
        let expected = if is_superseded {
            (NoticeState::Superseded, Some(now))
        } else {
            (notice.state, notice.settled_at)
        };
        assert_eq!((became.state, became.settled_at), expected, "{notice:?}");
    }
    let owed: Vec<_> =
        after.notices.iter().filter(|one| before.notices.iter().all(|old| old.id != one.id)).collect();
    let [apology] = owed[..] else { panic!("one notice is owed, not {owed:?}") };
    assert_eq!(Some(apology.kind), ended.owes);
    let way = after.entry.addresses.reach().first();
    assert_eq!(
        (apology.kind, apology.convocation_id, apology.way, apology.state, apology.created_at),
        (NoticeKind::Apology, Some(before.record.id), way, NoticeState::Pending, now)
    );
    assert_eq!(after.log.len(), before.log.len() + 2);
    assert_eq!(after.actions(&actor.pseudonym()), ["convocation.ended"]);
    let compensated =
        |held: &Held| held.actions("system").iter().filter(|action| **action == "entry.compensated").count();
    assert_eq!((compensated(before), compensated(&after)), (0, 1));
    assert!(after.log.iter().all(AuditRecord::is_intact));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_winner_of_an_annulled_draw_is_left_as_the_rules_of_one_entry_say() {
    on_both(async |app| {
        let (draw, live) = drawn(&app).await;
        let rules = live[0].rules.0.clone();
        let agent = app.staff("carole", Role::Agent).await;
        let attend = ConvocationEvent::Attend;
        counter::tick(&app.app, live[EARLY].id, attend, "", None, agent).await.unwrap();
        let back = live.len() - 1;
        counter::give_back(&app.app, live[back].id, Actor::Holder(live[back].entry_id)).await.unwrap();
        let mut before = Vec::new();
        for record in &live {
            before.push(Held::read(&app, record.id).await);
        }
        let by = annul(&app, &draw).await;
        for (n, held) in before.iter().enumerate() {
            if n <= EARLY || n == back {
                assert_eq!(
                    Held::read(&app, held.record.id).await.seen(),
                    held.seen(),
                    "{n} keeps what it had"
                );
            } else {
                assert_taken_back(&app, held, by, &rules).await;
            }
        }
        let (from, to) = (live[0].starts_at, live[back].starts_at + TimeDelta::minutes(1));
        let slots = app.app.store.slots_between(app.prefecture, from, to).await.unwrap();
        for (n, record) in live.iter().enumerate() {
            let slot = slots.iter().find(|slot| slot.id == record.slot_id).unwrap();
            let state = if n <= EARLY { SlotState::Taken } else { SlotState::Free };
            assert_eq!((slot.state, slot.withdrawn_at), (state, None));
        }
        app.assert_sound().await;
    })
    .await;
}
