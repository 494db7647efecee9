//! Who somebody is, as an agent verifies it: the document before their eyes, and those who may be the same person.

use axum::http::StatusCode;
use passage::domain::entry::EntryState;

use crate::browser::Browser;
use crate::common::{TestApp, on_both};
use crate::entries::{entry, entry_of, site, typed};

#[tokio::test]
async fn a_document_is_not_seen_over_the_phone() {
    let app = TestApp::sqlite().await;
    let site = site(&app).await;
    let agent = Browser::agent(&app, "agent").await;
    let mut fields = typed(&site, "P777");
    fields[1] = ("channel", "phone");
    let refused = agent.post("/agent/inscrire/renouvellement", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("href=\"#document_seen\""));
    fields.retain(|(name, _)| *name != "document_seen");
    let id = entry_of(&agent.post("/agent/inscrire/renouvellement", &fields).await);
    assert_eq!(entry(&app, id).await.state, EntryState::AwaitingIdentity);
    let waiting = agent.get("/agent/identites").await.page();
    assert!(waiting.contains(&format!("/agent/demandes/{id}")));
    // Later the person comes with the document.
    let verify = format!("/agent/demandes/{id}/identite");
    let seen = |again, birth_name| {
        [
            ("document_country", "maroc"),
            ("document_number", "P 777"),
            ("document_number_again", again),
            ("document_kind", "passport"),
            ("document_expires", "2031-05-01"),
            ("birth_name", birth_name),
            ("given_names", "Usager"),
            ("birth_date", "05/01/1990"),
        ]
    };
    for (fields, fault) in [
        (&[] as &[_], "document_number"),
        (&seen("P778", "Démo Comptoir"), "document_number_again"),
        (&seen("P777", ""), "birth_name"),
        (&seen("P777", "Quelquun Dautre"), "birth_name"),
    ] {
        let refused = agent.post(&verify, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(&format!("href=\"#{fault}\"")), "{}", refused.body);
    }
    assert!(agent.post(&verify, &seen("p777", "Démo Comptoir")).await.to().contains("fait=identite"));
    assert_eq!(entry(&app, id).await.state, EntryState::Waiting);
}

/// The machine-readable zone of a Moroccan passport.
fn zone(surname: &str, number: &str) -> String {
    mrz::format_td3(&mrz::Td3Fields {
        issuing_country: "MAR".into(),
        document_number: number.into(),
        surname: surname.into(),
        given_names: "USAGER".into(),
        nationality: "MAR".into(),
        date_of_birth: mrz::MrzDate::Calendar(mrz::Date::new(1990, 1, 5)),
        date_of_expiry: mrz::MrzDate::Calendar(mrz::Date::new(2031, 5, 1)),
        ..mrz::Td3Fields::default()
    })
}

#[tokio::test]
async fn the_document_that_was_seen_takes_the_place_of_the_one_that_was_declared() {
    on_both(async |app: TestApp| {
        let (site, agent) = (site(&app).await, Browser::agent(&app, "agent").await);
        let mut declared = typed(&site, "ZZ999999");
        declared.retain(|(name, _)| *name != "document_seen");
        let id = entry_of(&agent.post("/agent/inscrire/renouvellement", &declared).await);
        let verify = format!("/agent/demandes/{id}/identite");
        let read = zone("DEMO COMPTOIR", "AB1234567");
        for bad in [
            zone("QUELQUUN DAUTRE", "AB1234567"),
            read.replace("AB1234567", "AB1234568"),
            read[..60].to_owned(),
            read.replace('<', ""),
        ] {
            let refused = agent.post(&verify, &[("document_zone", &bad)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.body.contains("href=\"#document_zone\""), "{}", refused.body);
        }
        let both = [("document_zone", read.as_str()), ("document_number", "AB1234568")];
        assert!(agent.post(&verify, &both).await.body.contains("href=\"#document_number\""));
        let spaced = read.to_lowercase().replace('\n', " \r\n ");
        assert!(agent.post(&verify, &[("document_zone", &spaced)]).await.to().contains("fait=identite"));

        let page = agent.get(&format!("/agent/demandes/{id}")).await.page();
        assert!(page.contains("MAR AB1234567 – Passeport – valable"), "{page}");
        let search = async |number: &str| {
            let fields = [
                ("document_country", "MAR"),
                ("document_number", number),
                ("search_reason", "lost_reference"),
            ];
            agent.post("/agent/demandes", &fields).await.body.contains(&id.to_string())
        };
        assert!(search("AB1234567").await && !search("ZZ999999").await);
        // Who has the declared one has no place yet; who has the seen one has.
        let of = |key, number| {
            let mut fields = typed(&site, number);
            fields.retain(|(name, _)| !["birth_name", "idempotency_key"].contains(name));
            fields.extend([("birth_name", "Démo Suivante"), ("idempotency_key", key)]);
            fields
        };
        let other = agent.post("/agent/inscrire/renouvellement", &of("second", "ZZ999999")).await;
        let other = entry_of(&other);
        assert_eq!(entry(&app, other).await.state, EntryState::Waiting);
        let twice = agent.post("/agent/inscrire/renouvellement", &of("third", "AB1234567")).await;
        assert_eq!(twice.status, StatusCode::CONFLICT);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn who_may_be_waiting_already_is_shown_before_anything_is_written() {
    on_both(async |app: TestApp| {
        let (site, agent) = (site(&app).await, Browser::agent(&app, "agent").await);
        let path = "/agent/inscrire/renouvellement";
        let first = entry_of(&agent.post(path, &typed(&site, "AB123456")).await);
        // The same form, sent again, is not somebody else.
        assert_eq!(entry_of(&agent.post(path, &typed(&site, "AB123456")).await), first);
        let mut other = typed(&site, "CD654321");
        other.push(("given_names", "Usager"));
        let asked = agent.post(path, &other).await.page_of(StatusCode::CONFLICT);
        assert!(asked.contains(&format!("/agent/demandes/{first}")) && asked.contains("name=\"compared\""));
        assert_eq!(app.app.store.entries_in(app.prefecture, EntryState::Waiting, 9).await.unwrap().len(), 1);
        let compared = asked.split("name=\"compared\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        for unseen in ["", "1"] {
            let mut fields = other.clone();
            fields.push(("compared", unseen));
            assert_eq!(agent.post(path, &fields).await.status, StatusCode::CONFLICT, "{unseen}");
        }
        other.push(("compared", compared));
        let second = entry_of(&agent.post(path, &other).await);
        assert_ne!(second, first);
        // Merged from the page of the one that is kept.
        let page = agent.get(&format!("/agent/demandes/{second}")).await.page();
        assert!(page.contains(&format!("/agent/demandes/{second}/reunir")));
        let first = first.to_string();
        let merge = format!("/agent/demandes/{second}/reunir");
        for (fields, fault) in [
            (&[("merge_reason", "même personne")][..], "other"),
            (&[("other", first.as_str())], "merge_reason"),
        ] {
            let refused = agent.post(&merge, fields).await.page_of(StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.contains(&format!("href=\"#{fault}\"")), "{refused}");
        }
        // The two have no paper in common, and this agent has registered the kept one: a colleague does the same, and
        // reads what it will do.
        let fields = [("other", first.as_str()), ("merge_reason", "même personne")];
        let asked = agent.post(&merge, &fields).await.to().to_owned();
        assert_eq!(entry(&app, first.parse().unwrap()).await.state, EntryState::Waiting);
        let page = agent.get(&asked).await.page();
        assert!(page.contains("propose de réunir cette demande"), "{page}");
        assert!(page.contains("Une liste faite maintenant ne contient personne d&#39;autre."), "{page}");
        Browser::agent(&app, "collegue").await.post(&merge, &fields).await.to();
        assert_eq!(entry(&app, first.parse().unwrap()).await.state, EntryState::Closed);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_document_is_typed_whole() {
    let app = TestApp::sqlite().await;
    let (site, agent) = (site(&app).await, Browser::agent(&app, "agent").await);
    for (name, bad) in [
        ("document_kind", ""),
        ("document_kind", "library_card"),
        ("document_expires", ""),
        ("document_expires", "2131-05-01"),
        ("document_expires", "rien"),
        ("document_number_again", ""),
        ("document_country", "Atlantide"),
    ] {
        let mut fields = typed(&site, "P777");
        fields.retain(|(known, _)| *known != name);
        fields.push((name, bad));
        let refused = agent.post("/agent/inscrire/renouvellement", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {bad}");
        let named = format!("href=\"#{name}\"");
        assert_eq!(refused.body.matches(&named).count(), 1, "{name} {bad}: {}", refused.body);
    }
    // One that has expired shows who somebody is, and the page says so; some have no end.
    for (key, born, kind, expires, said) in [
        ("P1001", "05/01/1990", "residence_permit", "2026-01-31", "Titre de séjour – expiré depuis le"),
        ("P1002", "16/07/1971", "other", "", "MAR P1002 – Autre document<"),
    ] {
        let mut fields = typed(&site, key);
        fields.retain(|(known, _)| !["document_kind", "document_expires", "birth_date"].contains(known));
        fields.extend([("document_kind", kind), ("document_expires", expires), ("birth_date", born)]);
        let id = entry_of(&agent.post("/agent/inscrire/renouvellement", &fields).await);
        let page = agent.get(&format!("/agent/demandes/{id}")).await.page();
        assert!(page.contains(said), "{page}");
    }
}
