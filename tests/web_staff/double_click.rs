//! A double click, a reload or Back and the button: what a member of staff sends twice is done once.

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::actor::{Channel, Role};
use passage::domain::ids::EntryId;
use passage::flow::entries;
use passage::flow::register::{Desk, Registration};

use crate::browser::Browser;
use crate::common::{PASSWORD, TestApp, by_letter, on_both, person};

/// Everything that the log says of the installation.
async fn log_size(app: &TestApp) -> i64 {
    app.app.store.sequence_log(10_000, app.now()).await.unwrap().size
}

/// Sends a form twice: the first does something, the second nothing, and neither breaks.
async fn twice(app: &TestApp, browser: &Browser, path: &str, fields: &[(&str, &str)]) {
    let before = log_size(app).await;
    let first = browser.post(path, fields).await;
    assert!(first.status.is_redirection(), "{path}: {} {}", first.status, first.body);
    let between = log_size(app).await;
    assert!(between > before, "{path} did nothing");
    let second = browser.post(path, fields).await;
    let is_answered = second.status.is_redirection() || second.status.is_client_error();
    assert!(is_answered, "{path}: {} {}", second.status, second.body);
    assert_eq!(log_size(app).await, between, "{path} did it twice: {}", second.status);
}

async fn site(app: &TestApp) -> String {
    let directory = app.app.store.directory().await.unwrap();
    directory.sites_of(app.prefecture).next().unwrap().id.to_string()
}

async fn twice_of(app: &TestApp, agent: &Browser, entry: EntryId, action: &str, fields: &[(&str, &str)]) {
    twice(app, agent, &format!("/agent/demandes/{entry}/{action}"), fields).await;
}

#[tokio::test]
async fn what_an_agent_does_to_an_entry_is_done_once() {
    on_both(async |app: TestApp| {
        let agent = Browser::agent(&app, "agent").await;
        let site = site(&app).await;
        let unseen = app.register_by(app.first, &person(1), Desk::ONLINE, "online").await.unwrap();
        let seen = [
            ("document_country", "MAR"),
            ("document_number", "P0000001"),
            ("document_number_again", "P0000001"),
            ("document_kind", "other"),
            ("birth_name", "Démo 0001"),
            ("given_names", "Usager"),
            ("birth_date", "02/02/1951"),
        ];
        twice_of(&app, &agent, unseen, "identite", &seen).await;
        let entry = app.register(app.first, 2).await;
        let availability = [("sites", site.as_str()), ("weekdays", "4"), ("halves", "afternoon")];
        let to = app.naturalisation.to_string();
        let slip = [
            ("birth_name", "Demmo 0002"),
            ("given_names", "Usager"),
            ("birth_date", "03/03/1952"),
            ("reason", "passeport vu"),
        ];
        for (action, fields) in [
            ("echeance", &[("deadline", "2027-05-01"), ("deadline_kind", "other")][..]),
            ("label", &[("label", "1"), ("reason", "ordonnance vue")]),
            ("label", &[("label", "0"), ("reason", "opération prévue")]),
            ("disponibilites", &availability),
            ("correction", &slip),
            ("pause", &[]),
            ("reprendre", &[]),
            ("file", &[("queue", &to), ("move_reason", "erreur de guichet")]),
            ("retirer", &[]),
        ] {
            twice_of(&app, &agent, entry, action, fields).await;
        }
        let double = app.register(app.first, 4).await;
        let twin = Registration { document_number: "AUTRE0004".into(), ..person(4) };
        let twin = app.register_by(app.first, &twin, Desk::ONLINE, "twin").await.unwrap().to_string();
        let merge = [("other", twin.as_str()), ("merge_reason", "même passeport")];
        twice_of(&app, &agent, double, "reunir", &merge).await;
        let seen = Desk { document_seen: true, channel: Channel::Counter, ..Desk::ONLINE };
        app.register_by(app.first, &by_letter(5), seen, "letter").await.unwrap();
        let letter = app.app.store.letters_due(app.prefecture, app.now(), 0, 1).await.unwrap().remove(0);
        twice(&app, &agent, &format!("/agent/courriers/{}/fait", letter.id), &[("sent", "posted")]).await;
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn what_happens_to_an_appointment_happens_once() {
    on_both(async |app: TestApp| {
        app.publish(app.first, 1, 4, 1, 7).await;
        let mut people = Vec::new();
        for n in 1..=7 {
            people.push(app.register(app.first, n).await);
        }
        app.pass(TimeDelta::days(1)).await;
        let mut manager = Browser::manager(&app, "responsable").await;
        twice_of(&app, &manager, people[0], "rendre", &[]).await;
        let mut ids = Vec::new();
        for entry in &people[1..] {
            ids.push(app.app.store.live_convocation(*entry).await.unwrap().expect("a seat each"));
        }
        let last = ids.iter().map(|live| live.starts_at).max().unwrap();
        app.pass(last + TimeDelta::minutes(5) - app.now()).await;
        manager.sign_in("responsable", PASSWORD).await;
        let to = app.naturalisation.to_string();
        for (live, (action, fields)) in ids.iter().zip([
            ("present", &[][..]),
            ("absent", &[]),
            ("incomplet", &[("reason", "justificatif de domicile")]),
            ("guichet", &[("to_queue", to.as_str())]),
            ("personne", &[("reason", "un autre document")]),
            ("empechement", &[("reason", "panne d'électricité")]),
        ]) {
            let path = format!("/agent/comptoir/{}/{action}", live.id);
            assert!(manager.post(&path, fields).await.to().contains(action));
            let state = async || app.app.store.convocation(live.id).await.unwrap().unwrap().state;
            let (ticked, before) = (state().await, log_size(&app).await);
            let again = manager.post(&path, fields).await.status;
            assert!(again.is_redirection() || again == StatusCode::CONFLICT, "{action}: {again}");
            assert_eq!((state().await, log_size(&app).await), (ticked, before), "{action}");
        }
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn what_managers_set_up_is_set_up_once() {
    on_both(async |app: TestApp| {
        let by = app.staff("proposeur", Role::Agent).await;
        let mut one = Browser::manager(&app, "une").await;
        let mut two = Browser::manager(&app, "deux").await;
        let queue = app.renewal.to_string();
        let plan = [
            ("queue", queue.as_str()),
            ("desk", "centre/2"),
            ("first_day", "2027-01-18"),
            ("last_day", "2027-01-22"),
            ("weekdays", "0"),
            ("weekdays", "2"),
            ("from", "09:00"),
            ("to", "10:00"),
            ("every_minutes", "20"),
            ("minutes", "20"),
        ];
        twice(&app, &one, "/gestion/creneaux/plan", &plan).await;
        let slots = app.app.store.slots_between(app.prefecture, app.now(), app.now() + TimeDelta::days(30));
        let slot = slots.await.unwrap().remove(0);
        let path = format!("/gestion/creneaux/{}/retirer", slot.id);
        twice(&app, &one, &path, &[("jour", "2027-01-18"), ("reason", "agent absent")]).await;
        let site = slot.site_id.to_string();
        let day = [("site", site.as_str()), ("day", "2027-01-20"), ("reason", "panne d'électricité")];
        twice(&app, &one, "/gestion/creneaux/fermer", &day).await;

        for (word, browser) in [("approuver", &two), ("rejeter", &two), ("retirer", &one)] {
            let entry = app.register(app.renewal, u32::try_from(word.len()).unwrap() + 10).await;
            entries::grant(&app.app, entry, 1, "ordonnance vue", by).await.unwrap_err();
            let path = format!("/agent/demandes/{entry}/label");
            twice(&app, &one, &path, &[("label", "0"), ("reason", "opération prévue")]).await;
            let open = app.app.store.privileges_pending(app.prefecture).await.unwrap().remove(0).id;
            twice(&app, browser, &format!("/gestion/priorites/{open}/{word}"), &[("reason", "sans pièce")])
                .await;
        }

        app.publish(app.first, 1, 4, 2, 3).await;
        app.register(app.first, 1).await;
        app.pass(TimeDelta::days(1)).await;
        for (browser, login) in [(&mut one, "une"), (&mut two, "deux")] {
            browser.sign_in(login, PASSWORD).await;
        }
        let draw = app.app.store.draws_of(app.first, 5).await.unwrap();
        let draw = draw.iter().find(|draw| draw.drawn_at.is_some()).unwrap().id;
        let reason = [("reason", "un créneau n'existait pas")];
        for (word, browser) in [("retirer", &one), ("rejeter", &two), ("approuver", &two)] {
            twice(&app, &one, &format!("/gestion/tirages/{draw}/annuler"), &reason).await;
            twice(&app, browser, &format!("/gestion/tirages/{draw}/{word}"), &reason).await;
        }
        app.assert_sound().await;
    })
    .await;
}
