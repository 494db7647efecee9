//! Slots that few could accept, as their author and a second person see them.

use axum::http::StatusCode;
use passage::domain::availability::Availability;
use passage::domain::slot::Half;
use passage::flow::register::{Desk, register};

use crate::browser::Browser;
use crate::common::{TestApp, on_both, person};

#[tokio::test]
async fn only_the_second_person_is_shown_how_few_could_accept() {
    on_both(async |app: TestApp| {
        let one = Browser::manager(&app, "une").await;
        let two = Browser::manager(&app, "deux").await;
        let any = app.anything().await;
        let morning = Availability { halves: vec![Half::Morning], ..any.clone() };
        for n in 0..24 {
            let can = if n == 0 { &any } else { &morning };
            let desk = Desk { document_seen: true, ..Desk::ONLINE };
            register(&app.app, app.first, &person(n), can, desk, &format!("few-{n}")).await.unwrap();
        }
        let queue = app.first.to_string();
        let plan = [
            ("queue", queue.as_str()),
            ("desk", "centre/1"),
            ("first_day", "2027-01-18"),
            ("last_day", "2027-01-18"),
            ("weekdays", "0"),
            ("from", "14:00"),
            ("to", "15:00"),
            ("every_minutes", "20"),
            ("minutes", "20"),
        ];
        let page = one.get("/gestion/creneaux").await.page();
        assert!(page.contains("la liste fermée le"), "{page}");
        let proposed = one.post("/gestion/creneaux/plan", &plan).await;
        assert_eq!(proposed.to(), "/gestion/publications?fait=publication");
        let mine = one.get(proposed.to()).await.page();
        assert!(mine.contains("Une deuxième personne doit confirmer"), "{mine}");
        assert!(mine.contains("/retirer") && !mine.contains("/approuver") && !mine.contains("24 personnes"));
        assert!(two.get("/agent").await.page().contains("/gestion/publications"));
        let theirs = two.get("/gestion/publications").await.page();
        assert!(theirs.contains("Sur 24 personnes qui attendent, 1 pourrait"), "{theirs}");
        let id = theirs.split("/gestion/publications/").nth(1).unwrap().split('/').next().unwrap();
        let at = |what: &str| format!("/gestion/publications/{id}/{what}");
        assert_eq!(one.post(&at("approuver"), &[]).await.status, StatusCode::CONFLICT);
        assert_eq!(two.post(&at("rejeter"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(two.post(&at("approuver"), &[]).await.to().contains("fait=creneaux&n=3&m=0"));
        assert!(one.get("/gestion/publications").await.page().contains("approuvée par deux"));
        let file = "site;guichet;date;heure;minutes\r\ncentre;2;19/01/2027;14:00;20\r\n";
        let fields = [("csrf", one.csrf.as_str()), ("file_queue", queue.as_str())];
        let proposed = one.upload("/gestion/creneaux/fichier", &fields, file).await;
        assert_eq!(proposed.to(), "/gestion/publications?fait=publication");

        // A queue has one at a time: the plan and the menu stay, and nothing is typed twice.
        let plan = plan.map(|(name, value)| (name, if name == "to" { "17:00" } else { value }));
        for again in [
            one.post("/gestion/creneaux/plan", &plan).await,
            one.upload("/gestion/creneaux/fichier", &fields, &file.replace(";2;19", ";2;20")).await,
        ] {
            assert_eq!(again.status, StatusCode::CONFLICT);
            assert!(again.body.contains("attend déjà une deuxième personne"), "{}", again.body);
            assert!(again.body.contains(&format!("value=\"{queue}\" checked")), "{}", again.body);
        }
        let again = one.post("/gestion/creneaux/plan", &plan).await.body;
        for kept in ["value=\"2027-01-18\"", "value=\"14:00\"", "value=\"17:00\""] {
            assert!(again.contains(kept), "{kept}");
        }
    })
    .await;
}
