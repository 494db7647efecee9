//! Slots: all or nothing, no two slots of a desk at the same time, duplicates recognised, slots too near lapse.

mod common;

use std::fmt::Write;
use std::sync::Arc;

use chrono::{Days, NaiveTime, TimeDelta};
use common::{TestApp, on_both};
use passage::domain::actor::Actor;
use passage::domain::slot::SlotState;
use passage::domain::slot_plan::{SlotForm, Unusual};
use passage::flow::import::prefecture;
use passage::flow::slots::{Count, IfUnusual, PublishError, close_day, publish_csv, publish_form};

fn form(app: &TestApp, desk: u16) -> SlotForm {
    let first_day = app.now().date_naive() + Days::new(10);
    SlotForm {
        site: "centre".into(),
        desk,
        first_day,
        last_day: first_day + Days::new(6),
        weekdays: vec![chrono::Weekday::Mon, chrono::Weekday::Tue],
        from: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        to: NaiveTime::from_hms_opt(11, 0, 0).unwrap(),
        every_minutes: 30,
        minutes: 20,
        skip_holidays: false,
    }
}

async fn import(app: &TestApp, csv: &str) -> Result<Count, PublishError> {
    publish_csv(&app.app, app.first, csv.as_bytes().to_vec(), IfUnusual::Publish, Actor::System, |_| ()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_publishes_its_weeks_and_the_same_form_again_publishes_nothing_new() {
    on_both(async |app| {
        let first =
            publish_form(&app.app, app.first, &form(&app, 1), IfUnusual::Ask, Actor::System).await.unwrap();
        assert_eq!(first, Count { new: 8, doubles: 0 });
        let again =
            publish_form(&app.app, app.first, &form(&app, 1), IfUnusual::Ask, Actor::System).await.unwrap();
        assert_eq!(again, Count { new: 0, doubles: 8 });
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_is_never_in_two_places_also_when_two_agents_publish_at_once() {
    on_both(async |app| {
        let app = Arc::new(app);
        let attempts: Vec<_> = (0..16_i64)
            .map(|n| {
                let app = app.clone();
                tokio::spawn(async move {
                    let mut form = form(&app, 1);
                    form.from += TimeDelta::minutes(n);
                    let queue = if n % 2 == 0 { app.first } else { app.naturalisation };
                    publish_form(&app.app, queue, &form, IfUnusual::Ask, Actor::System).await.is_ok()
                })
            })
            .collect();
        let mut published = 0;
        for attempt in attempts {
            published += u32::from(attempt.await.unwrap());
        }
        assert_eq!(published, 1, "every form overlaps every other");
        let other_desk =
            publish_form(&app.app, app.naturalisation, &form(&app, 2), IfUnusual::Ask, Actor::System)
                .await
                .unwrap();
        assert_eq!(other_desk.new, 8);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_faults_publishes_nothing_and_names_every_line() {
    on_both(async |app| {
        let csv = "site;desk;date;time;minutes\n\
            centre;1;2027-02-01;09:00;20\n\
            centre;9;2027-02-01;09:00;20\n\
            ailleurs;1;2027-02-01;09:00;20\n\
            centre;1;2027-03-28;02:30;20\n\
            \n\
            centre;1;2027-02-01;09:10;20\n\
            centre;1;2027-02-01;11:00;-1\n";
        let Err(PublishError::Lines(faults)) = import(&app, csv).await else { panic!("the file has faults") };
        let named: Vec<_> = faults.iter().map(|fault| (fault.line, fault.reason.code())).collect();
        assert_eq!(
            named,
            [(3, "unknown_desk"), (4, "unknown_site"), (5, "gap"), (7, "overlap"), (8, "minutes")]
        );
        let none =
            app.app.store.slots_between(app.prefecture, app.now(), app.now() + Days::new(300)).await.unwrap();
        assert!(none.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_meets_what_is_published_already() {
    on_both(async |app| {
        let good =
            "site;desk;date;time;minutes\ncentre;1;2027-02-01;09:00;20\n\ncentre;1;2027-02-01;09:20;20\n";
        assert_eq!(import(&app, good).await.unwrap(), Count { new: 2, doubles: 0 });
        assert_eq!(import(&app, good).await.unwrap(), Count { new: 0, doubles: 2 });
        let clash =
            "site;desk;date;time;minutes\n\ncentre;1;2027-02-01;10:00;20\ncentre;1;2027-02-01;09:30;20\n";
        let Err(PublishError::Lines(faults)) = import(&app, clash).await else { panic!("the desk is taken") };
        assert_eq!((faults[0].line, faults[0].reason.code()), (4, "overlap_published"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_lines_are_published_whole() {
    on_both(async |app| {
        let mut csv = String::from("site;desk;date;time;minutes\n");
        for n in 0..20_000_i64 {
            let day = app.now().date_naive() + TimeDelta::days(5 + n / 96);
            let (desk, minute) = (1 + n % 4, n % 96 / 4 * 20);
            writeln!(csv, "centre;{desk};{day};{:02}:{:02};20", 8 + minute / 60, minute % 60).unwrap();
        }
        assert_eq!(import(&app, &csv).await.unwrap(), Count { new: 20_000, doubles: 0 });
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_comes_too_near_lapses_and_is_counted() {
    on_both(async |app| {
        app.publish(app.first, 1, 4, 1, 3).await;
        app.pass(TimeDelta::days(3)).await;
        let slots =
            app.app.store.slots_between(app.prefecture, app.now(), app.now() + Days::new(9)).await.unwrap();
        assert!(slots.iter().all(|slot| slot.state == SlotState::Lapsed), "{slots:?}");
        assert_eq!(app.app.store.figures(app.first, app.now()).await.unwrap().lapsed_slots, 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_closed_by_mistake_is_open_again_once_published_again() {
    on_both(async |app| {
        app.register(app.first, 1).await;
        let mut form = form(&app, 1);
        form.first_day = form.first_day - Days::new(6);
        publish_form(&app.app, app.first, &form, IfUnusual::Ask, Actor::System).await.unwrap();
        app.tick().await;
        let draw = app.app.store.draws_of(app.first, 1).await.unwrap().remove(0);
        app.pass(draw.freeze_at - app.now()).await;
        let slots = async || {
            let (from, to) = (app.now(), app.now() + Days::new(60));
            app.app.store.slots_between(app.prefecture, from, to).await.unwrap()
        };
        let site = slots().await[0].site_id;
        let day = slots().await[0].starts_at.date_naive();
        let closed = close_day(&app.app, site, day, "fermé par erreur", Actor::System).await.unwrap().0;
        assert_eq!(closed, 4);
        assert_eq!(slots().await.iter().filter(|slot| slot.withdrawn_at.is_some()).count(), 4, "in the list");
        let again = publish_form(&app.app, app.first, &form, IfUnusual::Ask, Actor::System).await.unwrap();
        assert_eq!(again, Count { new: 4, doubles: 8 });
        app.pass(draw.seed_at - app.now()).await;
        let states: Vec<SlotState> = slots().await.iter().map(|slot| slot.state).collect();
        assert_eq!(states.iter().filter(|state| **state == SlotState::Withdrawn).count(), 0, "{states:?}");
        assert_eq!(states.iter().filter(|state| **state == SlotState::Taken).count(), 1);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holiday_a_sunday_and_a_night_are_named_and_published_only_when_confirmed() {
    on_both(async |app| {
        let csv = "sep=;\nsite;guichet;date;heure;minutes;\n\
            centre;1;09/02/2027;09:00;20;\n\
            centre;1;29/03/2027;09:00;20;\n\
            centre;1;07022027;09:00;20;\n\
            centre;1;2027-02-10;06:40;20;\n\
            centre;1;2027-02-11;19:50;20;\n;;;;;\n";
        let publish = async |if_unusual| {
            publish_csv(&app.app, app.first, csv.as_bytes().to_vec(), if_unusual, Actor::System, |_| ()).await
        };
        let Err(PublishError::Unusual(named)) = publish(IfUnusual::Ask).await else {
            panic!("nothing was asked")
        };
        let named: Vec<_> =
            named.iter().map(|one| (one.slot.start_local.date().to_string(), one.why)).collect();
        assert_eq!(
            named,
            [
                ("2027-03-29".to_owned(), Unusual::Holiday),
                ("2027-02-07".to_owned(), Unusual::Sunday),
                ("2027-02-10".to_owned(), Unusual::Night),
                ("2027-02-11".to_owned(), Unusual::Night),
            ]
        );
        let (from, to) = (app.now(), app.now() + Days::new(200));
        assert!(app.app.store.slots_between(app.prefecture, from, to).await.unwrap().is_empty());
        assert_eq!(publish(IfUnusual::Publish).await.unwrap(), Count { new: 5, doubles: 0 });

        let sunday = SlotForm { weekdays: vec![chrono::Weekday::Sun], ..form(&app, 2) };
        let asked = publish_form(&app.app, app.first, &sunday, IfUnusual::Ask, Actor::System).await;
        assert!(matches!(asked, Err(PublishError::Unusual(slots)) if slots.len() == 4));
        let count = publish_form(&app.app, app.first, &sunday, IfUnusual::Publish, Actor::System).await;
        assert_eq!(count.unwrap().new, 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_of_alsace_keeps_its_own_holidays() {
    on_both(async |app| {
        let file = include_str!("../config/demo-prefecture.toml").replace("demonstration", "strasbourg");
        let file = file.replace("desks = [1, 2, 3, 4]", "desks = [1]\nterritory = \"alsace_moselle\"");
        let prefecture = prefecture(&app.app, &file).await.unwrap();
        let directory = app.app.store.directory().await.unwrap();
        let queue = directory.queue_by_slug(prefecture, "premiere-demande").unwrap().id;
        let week = |site: &str| SlotForm {
            site: site.into(),
            first_day: "2027-03-22".parse().unwrap(),
            last_day: "2027-03-26".parse().unwrap(),
            weekdays: vec![chrono::Weekday::Thu, chrono::Weekday::Fri],
            skip_holidays: true,
            ..form(&app, 1)
        };
        let published = async |site| {
            publish_form(&app.app, queue, &week(site), IfUnusual::Ask, Actor::System).await.unwrap()
        };
        assert_eq!(published("centre").await.new, 4, "Good Friday is a holiday there");
        assert_eq!(published("gare").await.new, 8);
    })
    .await;
}
