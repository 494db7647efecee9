//! The daily budget of SMS: a flood of registrations leaves enough for appointments, and for everybody else.

use chrono::TimeDelta;
use passage::domain::notice::{NoticeKind, NoticeState, Way};
use passage::flow::register::{Desk, Registration};

use crate::common::{START, on_both, on_both_at};
use crate::{SEEN, sms_only, sms_sent, states};

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_registrations_leaves_half_of_the_budget_for_convocations() {
    on_both_at(START, &[("PASSAGE__NOTICES__SMS__DAILY_BUDGET", "6")], async |app| {
        let mut entries = Vec::new();
        for n in 0..5 {
            entries.push(app.register_by(app.first, &sms_only(n), SEEN, &format!("key-{n}")).await.unwrap());
        }
        app.publish(app.first, 1, 6, 1, 5).await;
        app.tick().await;
        assert_eq!(sms_sent(&app), 3, "receipts have half of it");
        // They leave at eight in the morning, when the receipts of yesterday at nine still count.
        app.pass(TimeDelta::minutes(23 * 60 + 30)).await;
        let mut told = Vec::new();
        for entry in &entries {
            told.extend(states(&app, *entry).await);
        }
        let of =
            |way, state| told.iter().filter(|one| **one == (NoticeKind::Convocation, way, state)).count();
        assert_eq!(of(Way::Sms, NoticeState::Accepted), 3, "{told:?}");
        assert_eq!(of(Way::Sms, NoticeState::Pending), 2, "the others wait: {told:?}");
        app.pass(TimeDelta::hours(1)).await;
        assert_eq!(sms_sent(&app), 8);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_false_registrations_costs_nobody_else_their_sms() {
    on_both_at(START, &[("PASSAGE__NOTICES__SMS__DAILY_BUDGET", "80")], async |app| {
        let from = |network: &str| Desk { network: network.parse().unwrap(), ..Desk::ONLINE };
        let register = async |n: u32, desk| {
            let typed = Registration { phone: format!("06 39 98 02 {n:02}"), ..sms_only(n) };
            app.register_by(app.first, &typed, desk, &format!("key-{n}")).await.unwrap()
        };
        let mut false_ones = Vec::new();
        for n in 0..40 {
            false_ones.push(register(n, from("203.0.0.0")).await);
        }
        let honest = register(41, from("198.51.0.0")).await;
        let seen = register(42, SEEN).await;
        app.tick().await;
        assert_eq!(states(&app, honest).await[0].2, NoticeState::Accepted);
        assert_eq!(states(&app, honest).await[0].1, Way::Sms, "unverified, from another network");
        assert_eq!(states(&app, seen).await[0].1, Way::Sms);
        assert_eq!(sms_sent(&app), 10 + 2, "an eighth of the budget, for whoever comes first");
        let last = states(&app, *false_ones.last().unwrap()).await;
        assert_eq!(last[0].2, NoticeState::Withheld, "nor do letters replace them");

        // From many networks: a quarter of the budget at most, and the verified keep the rest.
        for n in 43..80 {
            register(n, from(&format!("10.{n}.0.0"))).await;
        }
        app.tick().await;
        assert_eq!(sms_sent(&app), 20 + 1);
        let seen = register(81, SEEN).await;
        app.tick().await;
        assert_eq!(states(&app, seen).await[0], (NoticeKind::Receipt, Way::Sms, NoticeState::Accepted));
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_pestered_by_registering_with_their_number() {
    on_both(async |app| {
        for n in 0..12 {
            let typed = Registration { phone: "06 39 98 00 11".into(), ..sms_only(n) };
            app.register_by(app.first, &typed, SEEN, &format!("key-{n}")).await.unwrap();
        }
        app.tick().await;
        assert_eq!(sms_sent(&app), 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_give_somebodys_number_leave_its_owner_their_sms() {
    on_both(async |app| {
        let with_number = |n: u32| Registration { phone: "06 39 98 00 11".into(), ..sms_only(n) };
        for n in 0..8 {
            let from = Desk { network: format!("10.{n}.0.0").parse().unwrap(), ..Desk::ONLINE };
            app.register_by(app.first, &with_number(n), from, &format!("key-{n}")).await.unwrap();
        }
        app.tick().await;
        assert_eq!(sms_sent(&app), 3);
        let owner = app.register_by(app.first, &with_number(9), SEEN, "owner").await.unwrap();
        app.tick().await;
        assert_eq!(states(&app, owner).await, [(NoticeKind::Receipt, Way::Sms, NoticeState::Accepted)]);
    })
    .await;
}
