//! Two PostgreSQL transactions, each of which reads what the other is about to change. SQLite has one writer.

use std::time::Duration;

use chrono::TimeDelta;
use passage::domain::notice::{NoticeKind, Way};
use passage::domain::rules::Scope;
use passage::flow::rules;
use passage::store::commands::Settlement;

use super::common::TestApp;
use super::{SEEN, managers, newest, sms_only};

#[tokio::test(flavor = "multi_thread")]
async fn no_letter_is_owed_for_an_appointment_that_ends_at_that_instant() {
    let Some(app) = TestApp::postgres().await else {
        eprintln!("skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (`make test` sets it)");
        return;
    };
    let entry = app.register_by(app.first, &sms_only(1), SEEN, "one").await.unwrap();
    app.publish(app.first, 1, 6, 1, 1).await;
    app.tick().await;
    let draw = newest(&app, app.first).await;
    app.pass(draw.seed_at - app.now()).await;
    let store = &app.app.store;
    let due = store.notices_of(entry).await.unwrap();
    let due = due.iter().find(|notice| notice.kind == NoticeKind::Convocation).unwrap().due_at;
    app.clock.set(due);
    let real = app.app.real.now();
    let leased =
        store.lease_notices(Way::Sms, app.now(), real, real + TimeDelta::minutes(1), 10).await.unwrap();
    let notice = leased.iter().find(|notice| notice.kind == NoticeKind::Convocation).unwrap();
    assert!(store.begin_sending(notice.id, notice.lease_epoch, real, app.now()).await.unwrap());
    // Somebody gives it back: the change is written and not yet committed.
    let pool = app.pg().await;
    let mut giving_back = pool.begin().await.unwrap();
    let ended =
        sqlx::query("UPDATE convocation SET state = 'declined', ended_at = now() WHERE state = 'live'");
    assert_eq!(ended.execute(&mut *giving_back).await.unwrap().rows_affected(), 1);
    let rejected = Settlement::Rejected { detail: "refused".into() };
    let settling = store.settle_notice(notice.id, notice.lease_epoch, rejected, app.now());
    let (settled, ()) = tokio::join!(settling, async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        giving_back.commit().await.unwrap();
    });
    assert!(settled.unwrap());
    let told = store.notices_of(entry).await.unwrap();
    let letter =
        told.iter().find(|notice| notice.kind == NoticeKind::Convocation && notice.way == Way::Letter);
    assert!(letter.is_none(), "{letter:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scope_does_not_change_under_somebody_who_is_registering() {
    let Some(app) = TestApp::postgres().await else {
        eprintln!("skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (`make test` sets it)");
        return;
    };
    let [a, b] = managers(&app).await;
    let mut new = app.app.store.rules(app.first, 1).await.unwrap();
    new.scope = Scope::Prefecture;
    let version = rules::propose(&app.app, app.first, new, "Essai de règles", a).await.unwrap();
    // A registration has got as far as its keys: its entry has a foreign-key lock on the queue.
    let pool = app.pg().await;
    let mut registering = pool.begin().await.unwrap();
    sqlx::query("SELECT id FROM queue WHERE id = $1 FOR KEY SHARE")
        .bind(app.first.0)
        .execute(&mut *registering)
        .await
        .unwrap();
    let approving = rules::approve(&app.app, app.first, version, b);
    let waited = tokio::time::timeout(Duration::from_millis(300), approving).await;
    assert!(waited.is_err(), "the rules changed under a registration: {waited:?}");
    registering.rollback().await.unwrap();
}
