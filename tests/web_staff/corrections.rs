//! What is put right about a person, as the pages say it: what waits for a draw, what an appointment asks for, and that a
//! convocation was issued again.

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::local_time::Zone;

use crate::browser::Browser;
use crate::common::{TestApp, on_both};
use crate::web;

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_say_what_waits_and_that_a_convocation_was_issued_again() {
    on_both(async |app: TestApp| {
        let entry = app.register(app.first, 2).await;
        app.publish(app.first, 1, 4, 5, 4).await;
        app.tick().await;
        let draw = app.app.store.draws_of(app.first, 1).await.unwrap().remove(0);
        app.pass(draw.freeze_at - app.now()).await;
        let alice = Browser::agent(&app, "alice").await;
        let page = format!("/agent/demandes/{entry}");
        let path = format!("{page}/correction");
        let papers = "name=\"document_number\"";
        let form = alice.get(&path).await.page();
        assert!(form.contains("attend ce résultat") && !form.contains(papers), "{form}");
        let mut fields = vec![
            ("birth_name", "Demmo 0002"),
            ("given_names", "Usager"),
            ("birth_date", "03/03/1952"),
            ("reason", "passeport vu"),
        ];
        assert_eq!(alice.post(&path, &fields).await.to(), format!("{page}?fait=correction"));
        let waits = alice.get(&page).await.page();
        assert!(waits.contains("alice a demandé une correction") && waits.contains(", prévu "), "{waits}");
        assert!(waits.contains("Renoncer à ce qui est demandé") && waits.contains("Démo 0002"), "{waits}");

        app.pass(draw.seed_at - app.now() + TimeDelta::days(1)).await;
        // Their sessions have ended since.
        let (alice, bruno) = (Browser::agent(&app, "anne").await, Browser::agent(&app, "bruno").await);
        let asked = bruno.get(&page).await.page();
        assert!(asked.contains("Un autre agent doit voir la personne"), "{asked}");
        assert!(bruno.get(&path).await.page().contains(papers));
        let bare = bruno.post(&path, &fields).await.page_of(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bare.contains("La personne est convoquée."), "{bare}");
        fields.extend([("document_country", "Maroc"), ("document_number", "P0000003")]);
        let other = bruno.post(&path, &fields).await.page_of(StatusCode::CONFLICT);
        assert!(other.contains("Le rendez-vous est nominatif"), "{other}");
        fields.last_mut().unwrap().1 = "P0000002";
        assert_eq!(bruno.post(&path, &fields).await.to(), format!("{page}?fait=correction"));

        let live = app.app.store.live_convocation(entry).await.unwrap().unwrap();
        let day = Zone::PARIS.local_date(live.starts_at);
        let counter = alice.get(&format!("/agent/comptoir?jour={day}")).await.page();
        for page in [alice.get(&page).await.page(), counter] {
            assert!(page.contains("Demmo 0002") && page.contains("Version 2, émise le"), "{page}");
        }
        let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
        let look_up = [("reference", reference.as_str()), ("birth_date", "03/03/1952")];
        let own = web::submit(&app.app, "/s", &look_up).await;
        own.assert_says("au nom corrigé\u{a0}: Usager Demmo 0002 (version 2)");

        // What nobody means any more is given up, by a colleague too.
        let third = [&[("birth_name", "Demo 0002")], &fields[1..]].concat();
        alice.post(&path, &third).await;
        let given_up = bruno.post(&format!("{page}/correction-abandon"), &[]).await;
        assert_eq!(given_up.to(), format!("{page}?fait=correction-abandon"));
        assert!(!bruno.get(&page).await.page().contains("Renoncer à ce qui est demandé"));
        app.pass(TimeDelta::days(1)).await;
        app.assert_sound().await;
    })
    .await;
}
