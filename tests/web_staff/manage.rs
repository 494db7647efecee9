//! What managers set up: slots by form and by file, days closed, rules by two people, draws annulled.

use std::fmt::Write as _;

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::alarm::ComponentKind;
use passage::domain::slot::SlotState;
use passage::store::records::{DrawState, SlotRecord};

use crate::browser::Browser;
use crate::common::{TestApp, on_both};

async fn slots(app: &TestApp) -> Vec<SlotRecord> {
    let (from, to) = (app.now(), app.now() + TimeDelta::days(500));
    app.app.store.slots_between(app.prefecture, from, to).await.unwrap()
}

fn plan(queue: &str) -> Vec<(&str, &str)> {
    vec![
        ("queue", queue),
        ("desk", "centre/1"),
        ("first_day", "2027-01-18"),
        ("last_day", "2027-01-24"),
        ("weekdays", "0"),
        ("weekdays", "2"),
        ("from", "09:00"),
        ("to", "11:00"),
        ("every_minutes", "20"),
        ("minutes", "20"),
    ]
}

#[tokio::test]
async fn slots_are_published_by_form_once() {
    on_both(async |app: TestApp| {
        let manager = Browser::manager(&app, "responsable").await;
        let queue = app.renewal.to_string();
        let done = manager.post("/gestion/creneaux/plan", &plan(&queue)).await;
        assert!(done.to().contains("fait=creneaux&n=12&m=0"), "{}", done.to());
        let page = manager.get(done.to()).await.page();
        assert!(page.contains("12 créneaux publiés"), "{page}");
        assert_eq!(page.matches("/retirer?jour=2027-01-").count(), 12, "{page}");
        let again = manager.post("/gestion/creneaux/plan", &plan(&queue)).await;
        assert!(again.to().contains("n=0&m=12"));
        // The same desk for another queue: it cannot be in two places.
        let other = app.first.to_string();
        let clash = manager.post("/gestion/creneaux/plan", &plan(&other)).await;
        assert_eq!(clash.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(clash.body.contains("href=\"#from\""));
        assert_eq!(slots(&app).await.len(), 12);
    })
    .await;
}

#[tokio::test]
async fn a_plan_with_faults_names_every_field() {
    let app = TestApp::sqlite().await;
    let manager = Browser::manager(&app, "responsable").await;
    let queue = app.renewal.to_string();
    let faulty =
        [("queue", queue.as_str()), ("desk", "centre/99x"), ("first_day", "demain"), ("minutes", "20")];
    let answer = manager.post("/gestion/creneaux/plan", &faulty).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["desk", "first_day", "last_day", "from", "to", "every_minutes"] {
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{field} is not named");
    }
    let mut backwards = plan(&queue);
    backwards[3] = ("last_day", "2027-01-11");
    let answer = manager.post("/gestion/creneaux/plan", &backwards).await;
    assert!(answer.body.contains("href=\"#last_day\"") && answer.body.contains("value=\"2027-01-11\""));
    assert_eq!(slots(&app).await.len(), 0);
}

#[tokio::test]
async fn a_file_is_published_whole_or_not_at_all_and_names_its_faulty_lines() {
    on_both(async |app: TestApp| {
        let manager = Browser::manager(&app, "responsable").await;
        let queue = app.renewal.to_string();
        let fields = [("csrf", manager.csrf.as_str()), ("file_queue", queue.as_str())];
        let file = "site;guichet;date;heure;minutes\ncentre;1;2027-02-01;09:00;20\ncentre;9;2027-02-01;09:00;20\n\
                    centre;1;2027-03-28;02:30;20\nnulle-part;1;2027-02-01;09:00;20\ncentre;1;2027-02-01;09:10;20\n";
        let faulty = manager.upload("/gestion/creneaux/fichier", &fields, file).await;
        assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
        for line in [3, 4, 5, 6] {
            assert!(faulty.body.contains(&format!("<tr><td>{line}</td>")), "line {line}: {}", faulty.body);
        }
        assert!(faulty.body.contains("nulle-part") && faulty.body.contains("4 lignes"));
        assert_eq!(slots(&app).await.len(), 0);

        let mut large = String::from("site;desk;date;time;minutes\n");
        for day in 0..20 {
            for at in 0..20 {
                let date = chrono::NaiveDate::from_ymd_opt(2027, 2, 1).unwrap() + TimeDelta::days(day);
                writeln!(large, "centre;2;{date};{:02}:{:02};15", 9 + at / 4, at % 4 * 15).unwrap();
            }
        }
        // Some of the days are Sundays.
        let fields = [fields[0], fields[1], ("confirm", "1")];
        let done = manager.upload("/gestion/creneaux/fichier", &fields, &large).await;
        assert!(done.to().contains("n=400&m=0"));
        assert_eq!(slots(&app).await.len(), 400);
        let same = manager.upload("/gestion/creneaux/fichier", &fields, &large).await;
        assert!(same.to().contains("n=0&m=400"));
    })
    .await;
}

#[tokio::test]
async fn unusual_slots_are_named_and_what_was_sent_is_kept_until_they_are_confirmed() {
    on_both(async |app: TestApp| {
        let manager = Browser::manager(&app, "responsable").await;
        let queue = app.renewal.to_string();
        let mut sunday = plan(&queue);
        sunday[4] = ("weekdays", "6");
        let asked = manager.post("/gestion/creneaux/plan", &sunday).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            asked.body.contains("6 créneaux tombent") && asked.body.contains("dimanche"),
            "{}",
            asked.body
        );
        assert!(asked.body.contains("href=\"#confirm\"") && asked.body.contains("name=\"confirm\""));
        assert!(asked.body.contains("value=\"2027-01-24\""), "what was typed is kept");
        assert_eq!(slots(&app).await.len(), 0, "all or nothing");
        sunday.push(("confirm", "1"));
        assert!(manager.post("/gestion/creneaux/plan", &sunday).await.to().contains("n=12&m=0"));

        let fields = [("csrf", manager.csrf.as_str()), ("file_queue", queue.as_str())];
        let file = "site;guichet;date;heure;minutes\r\ncentre;2;29/03/2027;09:00;20\r\n";
        let asked = manager.upload("/gestion/creneaux/fichier", &fields, file).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(asked.body.contains("jour férié") && asked.body.contains("centre;2;29/03/2027;09:00;20"));
        assert_eq!(slots(&app).await.len(), 12);
        let again = [fields[0], fields[1], ("content", file), ("confirm", "1")];
        let done = manager.send_parts("/gestion/creneaux/fichier", &again).await;
        assert!(done.to().contains("n=1&m=0"), "{}", done.body);
    })
    .await;
}

#[tokio::test]
async fn a_day_beyond_the_calendar_is_no_failure() {
    let app = TestApp::sqlite().await;
    let manager = Browser::manager(&app, "responsable").await;
    for day in ["%2B262142-12-31", "-262143-01-01", "9999-12-31", "demain", ""] {
        for path in ["/agent/comptoir?jour=", "/gestion/creneaux?semaine="] {
            let answer = manager.get(&format!("{path}{day}")).await;
            let expected = if day.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            assert_eq!(answer.status, expected, "{path}{day}");
            assert_eq!(answer.body.contains("lire ce jour"), !day.is_empty(), "{path}{day}");
        }
        let slot = uuid::Uuid::nil();
        let answer = manager.get(&format!("/gestion/creneaux/{slot}/retirer?jour={day}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{day}");
        let site = slots_site(&app).await;
        let fields = [("site", site.as_str()), ("day", "+262142-12-31"), ("reason", "panne d'électricité")];
        let answer = manager.post("/gestion/creneaux/fermer", &fields).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{day}");
    }
}

async fn slots_site(app: &TestApp) -> String {
    let directory = app.app.store.directory().await.unwrap();
    directory.sites_of(app.prefecture).next().unwrap().id.to_string()
}

#[tokio::test]
async fn a_file_beyond_the_limit_is_refused_with_a_page() {
    let app = TestApp::sqlite().await;
    let manager = Browser::manager(&app, "responsable").await;
    let queue = app.renewal.to_string();
    let fields = [("csrf", manager.csrf.as_str()), ("file_queue", queue.as_str())];
    let answer = manager.upload("/gestion/creneaux/fichier", &fields, &"x".repeat(5 * 1024 * 1024)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("<h1>"));
    assert!(answer.body.contains("4 Mo") && answer.body.contains("href=\"#file\""), "{}", answer.body);
}

#[tokio::test]
async fn slots_and_days_are_taken_back_with_a_reason() {
    on_both(async |app: TestApp| {
        app.publish(app.first, 1, 4, 2, 3).await;
        let entry = app.register(app.first, 1).await;
        app.pass(TimeDelta::days(1)).await;
        let live = app.app.store.live_convocation(entry).await.unwrap().unwrap();
        let manager = Browser::manager(&app, "responsable").await;
        let day = live.starts_at.date_naive().to_string();
        let free = slots(&app).await.into_iter().find(|slot| slot.state == SlotState::Free).unwrap();
        let free_day = free.starts_at.date_naive().to_string();
        let path = format!("/gestion/creneaux/{}/retirer", free.id);
        let nothing = manager.post(&path, &[("jour", &free_day), ("reason", "")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        manager.post(&path, &[("jour", &free_day), ("reason", "agent absent")]).await.to();
        let twice = manager.post(&path, &[("jour", &free_day), ("reason", "agent absent")]).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);

        let site = live.site_id.to_string();
        let ask = manager.get(&format!("/gestion/creneaux/fermer?site={site}&day={day}")).await.page();
        assert!(ask.contains("Personnes convoquées ce jour-là\u{a0}: 1"), "{ask}");
        let fields = [("site", site.as_str()), ("day", &day), ("reason", "panne d'électricité")];
        let closed = manager.post("/gestion/creneaux/fermer", &fields).await;
        assert!(closed.to().contains("fait=fermeture"));
        manager.get(closed.to()).await.page();
        for (day, said) in [
            (day.as_str(), "rien à retirer"),
            ("04/01/2020", "Ce jour est passé"),
            ("32/01/2027", "lire ce jour"),
        ] {
            let again = manager.get(&format!("/gestion/creneaux/fermer?site={site}&day={day}")).await;
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
            assert!(
                again.body.contains(said) && again.body.contains("href=\"#day\""),
                "{day}: {}",
                again.body
            );
        }
        assert!(app.app.store.live_convocation(entry).await.unwrap().is_none());
        let displaced = async || app.app.store.entry(entry).await.unwrap().unwrap().standing.displaced;
        assert!(!displaced().await, "it takes a second person");
        let other = Browser::manager(&app, "collègue").await;
        let list = other.get("/gestion/priorites").await.page();
        assert!(list.contains("panne d") && list.contains("responsable"), "{list}");
        let open = app.app.store.compensations_pending(app.prefecture).await.unwrap().remove(0).id;
        let path = format!("/gestion/passages/{open}");
        other.get(&format!("{path}/rejeter")).await.page();
        let vague = other.post(&format!("{path}/rejeter"), &[]).await;
        assert_eq!(vague.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(other.post(&format!("{path}/approuver"), &[]).await.to().contains("fait=passage"));
        assert!(displaced().await);
        app.assert_sound().await;
    })
    .await;
}

/// The fields of the lottery queue's rules, with another horizon.
fn rules<'a>(horizon: &'a str, notice: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("mode", "lottery"),
        ("weight_step", "1"),
        ("weight_cap", "1"),
        ("timetable", "0 18 * * *"),
        ("lead_minutes", "180"),
        ("notice_min_days", notice),
        ("horizon_days", horizon),
        ("late_limit_hours", "48"),
        ("late_cancel", "pause"),
        ("late_cancel_days", "15"),
        ("miss", "close"),
        ("objection_days", "15"),
        ("scope", "installation"),
        ("identity_days", "60"),
        ("retention_days", "365"),
        ("public_hours", "0"),
        ("survival_percent", "5"),
        ("few_percent", "10"),
        ("reserve1_name", "Réserve 1"),
        ("reserve1_label", "1"),
        ("reserve1_amount", "10"),
        ("reserve1_unit", "percent"),
        ("reserve1_deadline", "1"),
        ("reason", "le préavis est trop court"),
    ]
}

#[tokio::test]
async fn rules_are_proposed_by_one_person_and_approved_by_another() {
    on_both(async |app: TestApp| {
        let one = Browser::manager(&app, "une").await;
        let two = Browser::manager(&app, "deux").await;
        let page = "/gestion/regles/premiere-demande";
        let form = one.get(&format!("{page}/proposer")).await.page();
        assert!(form.contains("value=\"0 18 * * *\""));
        let proposed = one.post(&format!("{page}/proposer"), &rules("9", "3")).await;
        assert!(proposed.to().contains("fait=regles-proposees"));
        let again = one.post(&format!("{page}/proposer"), &rules("10", "3")).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        let own = one.get(page).await.page();
        assert!(!own.contains("/2/approuver") && !own.contains("/2/rejeter"));
        assert!(own.contains("/2/retirer") && own.contains("le préavis est trop court"));
        assert_eq!(one.post(&format!("{page}/2/approuver"), &[]).await.status, StatusCode::CONFLICT);
        assert!(two.get("/agent").await.page().contains(page), "it is on the list of things to do");
        let seen = two.get(page).await.page();
        assert!(seen.contains("/2/approuver") && seen.contains("/2/rejeter") && !seen.contains("/2/retirer"));
        let horizon = seen.split("/2/approuver").next().unwrap();
        assert!(horizon.contains("\">7</td><td data-label=") && horizon.contains("\">9</td>"), "{seen}");
        assert!(two.post(&format!("{page}/2/approuver"), &[]).await.to().contains("fait=regles-approuvees"));
        let directory = app.app.store.directory().await.unwrap();
        let queue = directory.queue(app.first).unwrap();
        assert_eq!((queue.rules_version, queue.rules.horizon_days), (2, 9));
        let same = one.post(&format!("{page}/proposer"), &rules("9", "3")).await;
        assert_eq!(same.status, StatusCode::CONFLICT);
        assert!(same.body.contains("Rien ne change"), "{}", same.body);
        one.post(&format!("{page}/proposer"), &rules("12", "3")).await.to();
        let reject = format!("{page}/3/rejeter");
        assert_eq!(one.post(&reject, &[("reason", "trop loin")]).await.status, StatusCode::CONFLICT);
        assert!(two.get(&reject).await.page().contains("name=\"reason\""));
        assert_eq!(two.post(&reject, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(two.post(&reject, &[("reason", "trop loin")]).await.to().contains("fait=rejetee"));
        assert!(one.get(page).await.page().contains("rejetée par deux"));
        let stale = two.post(&format!("{page}/3/approuver"), &[]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.body.contains("Cette proposition a été rejetée"), "{}", stale.body);
        assert_eq!(two.get(&reject).await.status, StatusCode::CONFLICT);
        one.post(&format!("{page}/proposer"), &rules("12", "3")).await.to();
        assert_eq!(two.post(&format!("{page}/4/retirer"), &[]).await.status, StatusCode::CONFLICT);
        assert!(one.post(&format!("{page}/4/retirer"), &[]).await.to().contains("fait=retiree"));
        assert!(one.get(page).await.page().contains("retirée par une"));
    })
    .await;
}

#[tokio::test]
async fn impossible_rules_are_refused_at_their_field() {
    let app = TestApp::sqlite().await;
    let manager = Browser::manager(&app, "responsable").await;
    let path = "/gestion/regles/premiere-demande/proposer";
    let refused = async |change: (&str, &str), field: &str| {
        let mut fields: Vec<(&str, &str)> = rules("9", "3");
        fields.retain(|(name, _)| *name != change.0);
        fields.push(change);
        let answer = manager.post(path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{change:?}");
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{change:?} is not named at {field}");
        assert!(answer.body.contains(&format!("id=\"{field}\"")), "{field} cannot be reached");
        assert!(!answer.body.contains("Unknown localization"), "{change:?}");
    };
    refused(("horizon_days", "2"), "horizon_days").await;
    refused(("horizon_days", "beaucoup"), "horizon_days").await;
    refused(("timetable", "*/5 * * * *"), "timetable").await;
    refused(("lead_minutes", "3"), "lead_minutes").await;
    let mut short = rules("9", "3");
    short.retain(|(name, _)| *name != "lead_minutes");
    short.push(("lead_minutes", "14"));
    assert!(manager.post(path, &short).await.body.contains("de 15 à 10080 minutes"));
    refused(("reserve1_name", "Personnes\u{7}"), "reserves").await;
    refused(("guarantee_after_draws", "4"), "guarantee_after_draws").await;
    refused(("reserve1_amount", "250"), "reserves").await;
    refused(("late_limit_hours", "4000"), "late_limit_hours").await;
    refused(("late_cancel_days", "900"), "miss").await;
    refused(("objection_days", "3"), "objection_days").await;
    refused(("identity_days", "1"), "identity_days").await;
    refused(("retention_days", "29"), "retention_days").await;
    refused(("public_hours", "337"), "public_hours").await;
    refused(("survival_percent", "101"), "survival_percent").await;
    refused(("few_percent", ""), "few_percent").await;
    refused(("window_opens_days", "0"), "window").await;
    refused(("mode", ""), "mode").await;
    // Everything that can be read at once is said at once.
    let mut many = rules("9", "3");
    many.retain(|(name, _)| !["reason", "identity_days", "public_hours"].contains(name));
    let all = manager.post(path, &many).await.body;
    for field in ["reason", "identity_days", "public_hours"] {
        assert!(all.contains(&format!("href=\"#{field}\"")), "{field}: {all}");
    }
}

#[tokio::test]
async fn every_draw_of_a_queue_stands_on_a_page() {
    let app = TestApp::sqlite().await;
    for _ in 0..12 {
        app.clock.advance(TimeDelta::days(1));
        app.tick().await;
        app.tick().await;
    }
    let draws = app.app.store.draws_of(app.first, 100).await.unwrap();
    assert!((11..20).contains(&draws.len()), "{}", draws.len());
    let manager = Browser::manager(&app, "une").await;
    let first = manager.get("/gestion/tirages").await.page();
    let second = manager.get("/gestion/tirages?page=2").await.page();
    assert!(first.contains("href=\"/gestion/tirages?page=2\""), "{first}");
    assert!(!second.contains("rel=\"next\"") && second.contains("rel=\"prev\""), "{second}");
    for (at, draw) in draws.iter().enumerate() {
        let link = format!("href=\"/tirages/{}\"", draw.id);
        assert_eq!((first.contains(&link), second.contains(&link)), (at < 10, at >= 10), "{at}");
    }
}

#[tokio::test]
async fn a_draw_is_annulled_by_two_people_with_a_public_reason() {
    on_both(async |app: TestApp| {
        app.publish(app.first, 1, 4, 2, 3).await;
        let entry = app.register(app.first, 1).await;
        app.pass(TimeDelta::days(1)).await;
        let draws = app.app.store.draws_of(app.first, 5).await.unwrap();
        let draw = draws.iter().find(|draw| draw.state == DrawState::Published).unwrap().id;
        let one = Browser::manager(&app, "une").await;
        let two = Browser::manager(&app, "deux").await;
        let ask = format!("/gestion/tirages/{draw}/annuler");
        one.get(&ask).await.page();
        for refused in ["non", "une panne\u{7} d'eau", "\u{1B}[31mrouge"] {
            let answer = one.post(&ask, &[("reason", refused)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused:?}");
            assert!(answer.body.contains("href=\"#reason\""), "{refused:?}");
        }
        one.post(&ask, &[("reason", "un créneau n'existait pas")]).await.to();
        assert_eq!(two.post(&ask, &[("reason", "une autre raison")]).await.status, StatusCode::CONFLICT);
        let of = |word: &str| format!("/gestion/tirages/{draw}/{word}");
        assert!(one.get("/gestion/tirages").await.page().contains(&of("retirer")));
        assert!(!one.get("/gestion/tirages").await.page().contains(&of("rejeter")));
        let list = two.get("/gestion/tirages").await.page();
        assert!(list.contains(&of("rejeter")) && !list.contains(&of("retirer")));
        assert!(two.get(&of("rejeter")).await.page().contains("name=\"reason\""));
        two.post(&of("rejeter"), &[("reason", "le créneau existait")]).await.to();
        let list = one.get("/gestion/tirages").await.page();
        assert!(list.contains("rejetée par deux") && list.contains("le créneau existait"), "{list}");
        let stale = two.post(&of("approuver"), &[]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.body.contains("Cette proposition a été rejetée"), "{}", stale.body);
        one.post(&ask, &[("reason", "un créneau de trop")]).await.to();
        one.post(&of("retirer"), &[]).await.to();
        one.post(&ask, &[("reason", "un créneau n'existait pas")]).await.to();
        let approve = of("approuver");
        assert!(two.get(&approve).await.page().contains("Un rendez-vous à venir est annulé"));
        assert_eq!(one.get(&approve).await.status, StatusCode::CONFLICT);
        assert!(!one.get("/gestion/tirages").await.page().contains(&approve));
        assert_eq!(one.post(&approve, &[]).await.status, StatusCode::CONFLICT);
        assert!(two.get("/gestion/tirages").await.page().contains(&approve));
        two.post(&approve, &[]).await.to();
        let draw = app.app.store.draw(draw).await.unwrap().unwrap();
        assert_eq!(draw.state, DrawState::Annulled);
        assert!(app.app.store.live_convocation(entry).await.unwrap().is_none());
        assert!(two.get("/gestion/tirages").await.page().contains("n&#39;existait pas"));
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn managers_read_what_does_not_work_and_agents_are_not_troubled() {
    let app = TestApp::sqlite().await;
    let fault = Some("code 20003".to_owned());
    app.app.health.note(ComponentKind::Gateway, "sms", fault, app.app.real.now());
    let manager = Browser::manager(&app, "responsable").await;
    let page = manager.get("/agent").await.page();
    assert!(page.contains("Quelque chose ne fonctionne pas") && page.contains("code 20003"), "{page}");
    let agent = Browser::agent(&app, "agent").await;
    assert!(!agent.get("/agent").await.page().contains("code 20003"));
}
