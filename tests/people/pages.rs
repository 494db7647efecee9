//! The holder's own pages: closed in every browser at once, open for four hours at most, and their openings are the
//! holder's to see. Somebody else may have the reference and the birth date: what they change is told.

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::actor::Actor;
use passage::domain::ids::EntryId;
use passage::domain::notice::NoticeKind;
use passage::flow::entries;
use passage::store::commands::EntryChange;

use crate::common::{TestApp, on_both};
use crate::web::Browser;
use crate::{SEEN, somebody};

const DATA: &str = "/s/donnees";

async fn look_up(app: &TestApp, entry: EntryId) -> Browser {
    let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
    let mut browser = Browser::of(&app.app);
    let opened = browser.submit("/s", &[("reference", &reference), ("birth_date", "05/01/1990")]).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.body);
    browser
}

async fn is_open(browser: &mut Browser) -> bool {
    !browser.get(DATA).await.body.contains("name=\"reference\"")
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_were_closed_open_to_no_cookie_that_somebody_kept() {
    on_both(async |app: TestApp| {
        let entry = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        let (mut own, mut kept) = (look_up(&app, entry).await, look_up(&app, entry).await);
        assert!(is_open(&mut own).await && is_open(&mut kept).await);
        own.submit("/s/fermer", &[]).await;
        assert!(!is_open(&mut own).await);
        assert!(!is_open(&mut kept).await, "closed is closed everywhere");
        app.real.advance(TimeDelta::seconds(1));
        assert!(is_open(&mut look_up(&app, entry).await).await, "and opens again with the birth date");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_in_use_end_after_four_hours() {
    on_both(async |app: TestApp| {
        let entry = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        let mut browser = look_up(&app, entry).await;
        for minute in (20..240).step_by(20) {
            app.real.advance(TimeDelta::minutes(20));
            assert!(is_open(&mut browser).await, "minute {minute}");
        }
        app.real.advance(TimeDelta::minutes(20));
        assert!(!is_open(&mut browser).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_holder_sees_when_their_pages_were_opened() {
    on_both(async |app: TestApp| {
        let entry = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        look_up(&app, entry).await;
        let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
        let wrong = Browser::of(&app.app)
            .submit("/s", &[("reference", &reference), ("birth_date", "06/01/1990")])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = look_up(&app, entry).await.get(DATA).await;
        page.assert_says("Quand votre page a été ouverte");
        page.assert_says("2 fois, la première le");
        app.real.advance(TimeDelta::days(1));
        let page = look_up(&app, entry).await.get(DATA).await;
        let days = page.body.split("Quand votre page a été ouverte").nth(1).unwrap();
        let days = days.split("</ul>").next().unwrap();
        assert_eq!(days.matches("<li>").count(), 2, "{days}");
        let file = look_up(&app, entry).await.get("/s/donnees/fichier").await;
        let file: serde_json::Value = serde_json::from_str(&file.body).unwrap();
        assert_eq!((&file["visits"][0]["times"], &file["visits"][1]["times"]), (&2.into(), &2.into()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_somebody_out_of_lists_is_told_a_few_times_a_day() {
    on_both(async |app: TestApp| {
        let entry = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        let told = async || {
            let notices = app.app.store.notices_of(entry).await.unwrap();
            notices.iter().filter(|notice| notice.kind == NoticeKind::Changed).count()
        };
        let change = async |change| {
            entries::change(&app.app, entry, change, Actor::Holder(entry)).await.unwrap();
        };
        change(EntryChange::Resume).await;
        assert_eq!(told().await, 0);
        // One message tells of what is changed before it leaves.
        for _ in 0..3 {
            change(EntryChange::Pause).await;
            change(EntryChange::Resume).await;
            assert_eq!(told().await, 1);
        }
        let mut other = app.anything().await;
        for n in 2..8 {
            app.pass(TimeDelta::minutes(15)).await;
            other.notice_days = 20 + n;
            change(EntryChange::Availability(other.clone())).await;
            assert_eq!(told().await, usize::from(n).min(5), "change {n}");
        }
        app.pass(TimeDelta::days(1)).await;
        change(EntryChange::Pause).await;
        assert_eq!(told().await, 6);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_form_and_a_kept_cookie_open_nothing_by_a_side_door() {
    on_both(async |app: TestApp| {
        let key = "00000000000000000000000000000042";
        let form = "/p/demonstration/premiere-demande/inscription";
        let directory = app.app.store.directory().await.unwrap();
        let site = directory.sites_of(app.prefecture).next().unwrap().id.to_string();
        let fields = [
            ("cle", key),
            ("birth_name", "Ben Démo"),
            ("given_names", "Leïla"),
            ("birth_date", "05/01/1990"),
            ("phone", "06 39 98 00 42"),
            ("language", "fr"),
            ("sites", &site),
            ("weekdays", "0"),
            ("halves", "morning"),
            ("notice_days", "5"),
        ];
        let sent = async || {
            let mut browser = Browser::of(&app.app);
            browser.submit(form, &fields).await;
            browser
        };
        let (mut own, mut again) = (sent().await, sent().await);
        assert!(is_open(&mut own).await && is_open(&mut again).await, "a second click");
        let page = own.get(DATA).await;
        let cookie = page.cookie().split_once('=').unwrap().1.split(';').next().unwrap().to_owned();
        let mut stranger = Browser::of(&app.app);
        stranger.submit("/s/retrouver/ouvrir", &[("ouvrir", &cookie)]).await;
        assert!(!is_open(&mut stranger).await, "a cookie is no choice among one's own requests");
        own.submit("/s/fermer", &[]).await;
        app.real.advance(TimeDelta::seconds(1));
        assert!(!is_open(&mut sent().await).await, "once closed");
        app.pass(TimeDelta::days(2)).await;
        assert!(!is_open(&mut sent().await).await, "nor later");
    })
    .await;
}
