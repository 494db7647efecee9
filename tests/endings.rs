//! What a test leaves in the outbox is found when it ends: the check of `tests/common/ending.rs`, on outboxes
//! that are broken on purpose.

mod common;

use chrono::TimeDelta;
use common::{TestApp, on_both, person};
use passage::domain::notice::Way;
use passage::flow::register::{Desk, Registration};

/// Somebody with a telephone, who is owed a receipt.
async fn register(app: &TestApp) {
    let typed = Registration { phone: "06 39 98 00 11".into(), ..person(1) };
    app.register_by(app.first, &typed, Desk::ONLINE, "one").await.unwrap();
}

/// Somebody whose receipt cannot be written: their name is damaged.
async fn register_damaged(app: &TestApp) {
    register(app).await;
    assert_eq!(app.raw("UPDATE applicant SET birth_name = wrapped_key").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_cannot_be_written_is_found_when_its_test_ends() {
    on_both(async |app| {
        register_damaged(&app).await;
        app.leaves("a receipt whose holder's name cannot be opened");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "the test leaves notices that do not leave")]
async fn a_test_that_leaves_such_a_notice_and_does_not_say_so_fails() {
    let app = TestApp::sqlite().await;
    register_damaged(&app).await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "the test leaves nothing, and says it leaves a receipt")]
async fn a_test_that_says_it_leaves_what_has_left_fails() {
    let app = TestApp::sqlite().await;
    register(&app).await;
    app.leaves("a receipt");
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_sms_whose_sender_has_died_is_found_when_its_test_ends() {
    on_both(async |app| {
        register(&app).await;
        let (store, real) = (&app.app.store, app.app.real.now());
        let until = real + TimeDelta::seconds(30);
        let leased = store.lease_notices(Way::Sms, app.now(), real, until, 10).await.unwrap().remove(0);
        assert!(store.begin_sending(leased.id, leased.lease_epoch, real, app.now()).await.unwrap());
        app.leaves("a receipt whose sender has died, until its lease ends");
    })
    .await;
}
