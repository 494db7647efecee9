//! Registering somebody at the counter and by phone, and what agents do to an entry.

use std::collections::HashSet;

use axum::http::StatusCode;
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::entry::EntryState;
use passage::domain::identity::Proof;
use passage::domain::ids::EntryId;
use passage::domain::notice::NoticeKind;
use passage::flow::entries;
use passage::flow::register::Desk;
use passage::store::commands::EntryChange;
use passage::store::records::EntryRecord;

use crate::browser::{Answer, Browser};
use crate::common::{TestApp, by_letter, on_both, person};

pub async fn site(app: &TestApp) -> String {
    let directory = app.app.store.directory().await.unwrap();
    directory.sites_of(app.prefecture).next().unwrap().id.to_string()
}

/// A registration as an agent types it.
pub fn typed<'a>(site: &'a str, number: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("idempotency_key", number),
        ("channel", "counter"),
        ("birth_name", "Démo Comptoir"),
        ("given_names", "Usager"),
        ("birth_date", "05/01/1990"),
        ("document_country", "maroc"),
        ("document_number", number),
        ("document_number_again", number),
        ("document_kind", "passport"),
        ("document_expires", "2031-05-01"),
        ("document_seen", "1"),
        ("language", "fr"),
        ("deadline", "2027-04-30"),
        ("deadline_kind", "permit_expiry"),
        ("deadline_seen", "1"),
        ("sites", site),
        ("weekdays", "0"),
        ("weekdays", "1"),
        ("halves", "morning"),
    ]
}

pub fn entry_of(answer: &Answer) -> EntryId {
    let path = answer.to();
    path.strip_prefix("/agent/demandes/").unwrap().split('/').next().unwrap().parse().unwrap()
}

pub async fn entry(app: &TestApp, id: EntryId) -> EntryRecord {
    app.app.store.entry(id).await.unwrap().unwrap()
}

#[tokio::test]
async fn an_agent_registers_somebody_and_prints_the_receipt() {
    on_both(async |app: TestApp| {
        let site = site(&app).await;
        let agent = Browser::agent(&app, "agent").await;
        let form = agent.get("/agent/inscrire/renouvellement").await.page();
        assert!(
            form.contains("name=\"idempotency_key\" value=\"")
                && !form.contains("idempotency_key\" value=\"\"")
        );
        let fields = typed(&site, "P12345");
        let answer = agent.post("/agent/inscrire/renouvellement", &fields).await;
        let id = entry_of(&answer);
        let receipt = agent.get(answer.to()).await.page();
        let made = entry(&app, id).await;
        assert_eq!((made.state, made.channel), (EntryState::Waiting, Channel::Counter));
        assert!(made.standing.deadline_seen_at.is_some() && made.identity_how == Some(Proof::Document));
        assert!(receipt.contains("class=\"receipt\"") && receipt.contains(&made.reference));
        for said in
            ["vendredi 8 janvier 2027", "Prochains tirages", "Tout est gratuit", "Retirer votre demande"]
        {
            assert!(receipt.contains(said), "{said} is missing: {receipt}");
        }
        // A second click is the same registration; another person's answers under its key are not.
        assert_eq!(entry_of(&agent.post("/agent/inscrire/renouvellement", &fields).await), id);
        let mut other = typed(&site, "P99999");
        other[0] = ("idempotency_key", "P12345");
        assert_eq!(agent.post("/agent/inscrire/renouvellement", &other).await.status, StatusCode::CONFLICT);
        // The same document again, under a fresh form.
        let mut again = typed(&site, "P12345");
        again[0] = ("idempotency_key", "another");
        let refused = agent.post("/agent/inscrire/renouvellement", &again).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.body.contains("Démo Comptoir"), "what was typed stays");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn every_fault_is_shown_at_its_field_and_what_was_typed_stays() {
    let app = TestApp::sqlite().await;
    let agent = Browser::agent(&app, "agent").await;
    let fields = [
        ("idempotency_key", "k"),
        ("channel", "counter"),
        ("birth_name", "Démo <b>"),
        ("birth_date", "31/02/1990"),
        ("phone", "abc"),
        ("email", "rien"),
        ("deadline", "2027-04-30"),
        ("weekdays", "2"),
    ];
    let answer = agent.post("/agent/inscrire/renouvellement", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["birth_date", "phone", "email", "sites"] {
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{field} is not named");
        assert!(answer.body.contains(&format!("id=\"{field}\"")), "{field} cannot be reached");
    }
    assert!(answer.body.contains("value=\"31/02/1990\"") && !answer.body.contains("<b>"));
}

#[tokio::test]
async fn an_agent_pauses_moves_labels_and_withdraws_an_entry() {
    on_both(async |app: TestApp| {
        let agent = Browser::agent(&app, "agent").await;
        let id = app.register(app.first, 1).await;
        let path = format!("/agent/demandes/{id}");
        let act = async |action: &str, fields: &[(&str, &str)]| {
            let answer = agent.post(&format!("{path}/{action}"), fields).await;
            assert!(answer.to().contains(&format!("fait={action}")));
            agent.get(answer.to()).await.page()
        };
        act("pause", &[]).await;
        assert!(entry(&app, id).await.paused);
        act("reprendre", &[]).await;
        assert!(!entry(&app, id).await.paused);
        act("echeance", &[("deadline", "2027-05-01"), ("deadline_kind", "other")]).await;
        assert!(entry(&app, id).await.standing.deadline_seen_at.is_some());
        act("label", &[("label", "1"), ("reason", "papier vu au guichet")]).await;
        assert!(entry(&app, id).await.standing.labels.0.is_empty(), "it waits for a second person");
        let two = app.staff("deux", Role::Manager).await;
        let open = app.app.store.privileges_pending(app.prefecture).await.unwrap().remove(0).id;
        entries::approve_priority(&app.app, open, two).await.unwrap();
        assert_eq!(entry(&app, id).await.standing.labels.0, [1]);
        let unknown =
            agent.post(&format!("{path}/label"), &[("label", "77"), ("reason", "une raison")]).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        let naturalisation = app.naturalisation.to_string();
        let vague = agent.post(&format!("{path}/file"), &[("queue", &naturalisation)]).await;
        assert_eq!(vague.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(vague.body.contains("href=\"#move_reason\"") && vague.body.contains("id=\"move_reason\""));
        let wish = [("queue", naturalisation.as_str()), ("move_reason", "autre démarche demandée")];
        let page = act("file", &wish).await;
        assert!(page.contains("file-retirer") && page.contains("attend une deuxième personne"), "{page}");
        assert_eq!(agent.post(&format!("{path}/file"), &wish).await.status, StatusCode::CONFLICT);
        act("file-retirer", &[]).await;
        act("file", &wish).await;
        assert_eq!(entry(&app, id).await.queue_id, app.first);
        let manager = Browser::manager(&app, "responsable").await;
        let open = app.app.store.relocation_open(id).await.unwrap().unwrap().id;
        assert!(manager.get("/agent").await.page().contains("changement de file à approuver"));
        let waiting = manager.get("/gestion/priorites").await.page();
        assert!(
            waiting.contains("autre démarche demandée")
                && waiting.contains(&format!("/gestion/files/{open}/rejeter"))
        );
        manager.get(&format!("/gestion/files/{open}/rejeter")).await.page();
        manager.post(&format!("/gestion/files/{open}/rejeter"), &[("reason", "pas de preuve")]).await.to();
        act("file", &wish).await;
        let open = app.app.store.relocation_open(id).await.unwrap().unwrap().id;
        manager.post(&format!("/gestion/files/{open}/approuver"), &[]).await.to();
        assert_eq!(entry(&app, id).await.queue_id, app.naturalisation);
        let site = site(&app).await;
        act("disponibilites", &[("sites", site.as_str()), ("weekdays", "4"), ("halves", "afternoon")]).await;
        assert_eq!(entry(&app, id).await.availability.weekdays, [4]);
        agent.get(&format!("{path}/retirer")).await.page();
        let last = act("retirer", &[]).await;
        assert!(last.contains("Retirée") && last.contains("changement de file approuvé"));
        assert_eq!(agent.post(&format!("{path}/pause"), &[]).await.status, StatusCode::CONFLICT);
        assert_eq!(agent.post(&format!("{path}/autre"), &[]).await.status, StatusCode::NOT_FOUND);
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn a_priority_takes_two_people() {
    let app = TestApp::sqlite().await;
    let id = app.register(app.renewal, 1).await;
    let one = Browser::manager(&app, "une").await;
    let two = Browser::manager(&app, "deux").await;
    let path = format!("/agent/demandes/{id}/label");
    one.post(&path, &[("label", "0"), ("reason", "opération prévue le mois prochain")]).await.to();
    assert!(!entry(&app, id).await.standing.priority);
    let list = one.get("/gestion/priorites").await.page();
    assert!(list.contains("opération prévue") && !list.contains("/approuver"));
    let privilege = app.app.store.privileges_pending(app.prefecture).await.unwrap().remove(0).id;
    let approve = format!("/gestion/priorites/{privilege}/approuver");
    assert_eq!(one.post(&approve, &[]).await.status, StatusCode::CONFLICT);
    let of = |word: &str| format!("/gestion/priorites/{privilege}/{word}");
    assert!(list.contains(&of("retirer")) && !list.contains(&of("rejeter")));
    let list = two.get("/gestion/priorites").await.page();
    assert!(list.contains(&of("rejeter")) && !list.contains(&of("retirer")));
    assert!(two.get(&of("rejeter")).await.page().contains("name=\"reason\""));
    assert_eq!(two.post(&of("rejeter"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    two.post(&of("rejeter"), &[("reason", "aucun justificatif")]).await.to();
    let list = one.get("/gestion/priorites").await.page();
    assert!(list.contains("rejetée par deux") && list.contains("aucun justificatif"), "{list}");
    let stale = two.post(&approve, &[]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Cette proposition a été rejetée"), "{}", stale.body);
    assert!(one.get(&format!("/agent/demandes/{id}")).await.page().contains("priorité rejetée"));
    one.post(&path, &[("label", "0"), ("reason", "opération prévue, avec justificatif")]).await.to();
    let privilege = app.app.store.privileges_pending(app.prefecture).await.unwrap().remove(0).id;
    one.post(&format!("/gestion/priorites/{privilege}/retirer"), &[]).await.to();
    one.post(&path, &[("label", "0"), ("reason", "opération prévue demain")]).await.to();
    let privilege = app.app.store.privileges_pending(app.prefecture).await.unwrap().remove(0).id;
    let approve = format!("/gestion/priorites/{privilege}/approuver");
    assert!(two.get("/gestion/priorites").await.page().contains(&approve));
    two.post(&approve, &[]).await.to();
    assert!(entry(&app, id).await.standing.priority);
}

#[tokio::test]
async fn the_pages_speak_english_to_who_asks() {
    let app = TestApp::sqlite().await;
    app.staff("x", Role::Agent).await;
    let agent = Browser::agent(&app, "agent").await;
    let request = axum::http::Request::get("/agent")
        .header("accept-language", "en-GB,fr;q=0.5")
        .body(axum::body::Body::empty());
    let page = agent.send(request.unwrap()).await.page();
    assert!(page.contains("lang=\"en\"") && page.contains("Register somebody"));
}

/// The entries that a page of staff leads to, in its order.
fn led_to(page: &str) -> Vec<String> {
    let links = page.split("href=\"/agent/demandes/").skip(1);
    links.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_unverified_entry_can_be_reached_from_both_ends_of_the_list() {
    on_both(async |app: TestApp| {
        let mut entries = Vec::new();
        for n in 0..103 {
            let entry = app.register_by(app.first, &person(n), Desk::ONLINE, &format!("online {n}")).await;
            entries.push(entry.unwrap().to_string());
        }
        let browser = Browser::agent(&app, "agent").await;
        let first = browser.get("/agent/identites").await.page();
        assert!(first.contains("href=\"/agent/identites?page=2\" rel=\"next\""), "{first}");
        let second = browser.get("/agent/identites?page=2").await.page();
        assert!(!second.contains("rel=\"next\"") && second.contains("rel=\"prev\""), "{second}");
        assert_eq!(led_to(&second).len(), 3);
        let oldest_first = [led_to(&first), led_to(&second)].concat();
        assert_eq!(oldest_first.iter().collect::<HashSet<_>>(), entries.iter().collect());
        let newest = browser.get("/agent/identites?ordre=recentes").await.page();
        assert!(newest.contains("identites?ordre=recentes&#38;page=2\""), "{newest}");
        let rest = browser.get("/agent/identites?ordre=recentes&page=2").await.page();
        let mut newest_first = [led_to(&newest), led_to(&rest)].concat();
        newest_first.reverse();
        assert_eq!(newest_first, oldest_first);
    })
    .await;
}

#[tokio::test]
async fn every_letter_stands_on_a_page() {
    let app = TestApp::sqlite().await;
    // Neither a telephone nor an e-mail address: their receipts are letters.
    let desk = Desk { channel: Channel::Phone, ..Desk::ONLINE };
    for n in 0..52 {
        app.register_by(app.first, &by_letter(n), desk, &format!("letter {n}")).await.unwrap();
    }
    let browser = Browser::agent(&app, "agent").await;
    let first = browser.get("/agent/courriers").await.page();
    let second = browser.get("/agent/courriers?page=2").await.page();
    let letters = |page: &str| page.matches("<article class=\"letter\"").count();
    assert_eq!((letters(&first), letters(&second)), (50, 2));
    assert!(first.contains("href=\"/agent/courriers?page=2\""));
    assert!(!second.contains("rel=\"next\""));
}

#[tokio::test]
async fn a_sheet_handed_over_at_the_counter_is_no_letter_to_post() {
    let app = TestApp::sqlite().await;
    let desk = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };
    let entry = app.register_by(app.first, &by_letter(1), desk, "by letter").await.unwrap();
    let browser = Browser::agent(&app, "agent").await;
    let path = format!("/agent/demandes/{entry}/recu");
    let sheet = browser.get(&format!("{path}?fait=inscription")).await.page();
    assert!(sheet.contains("Ni SMS ni courriel n&#39;atteint cette personne"), "{sheet}");
    let letter = app.app.store.letters_due(app.prefecture, app.now(), 0, 1).await.unwrap().remove(0).id;
    let handed_over = format!("/agent/courriers/{letter}/fait");
    assert!(sheet.contains(&format!("action=\"{handed_over}\"")), "{sheet}");
    let fields = [("sent", "handed_over"), ("sheet", &*entry.to_string())];
    assert_eq!(browser.post(&handed_over, &fields).await.to(), format!("{path}?fait=courrier"));
    assert_eq!(app.app.store.letters_due_count(app.prefecture, app.now()).await.unwrap(), 0);
    let sheet = browser.get(&path).await.page();
    assert!(!sheet.contains(&handed_over) && sheet.contains("Ni SMS ni courriel"), "{sheet}");
    let reached = app.register(app.first, 2).await;
    let sheet = browser.get(&format!("/agent/demandes/{reached}/recu")).await.page();
    assert!(!sheet.contains("Ni SMS ni courriel") && !sheet.contains("/agent/courriers/"), "{sheet}");
}

#[tokio::test]
async fn a_form_sent_for_somebody_else_with_the_same_key_comes_back_whole_with_a_key_of_its_own() {
    let app = TestApp::sqlite().await;
    let site = site(&app).await;
    let agent = Browser::agent(&app, "agent").await;
    let path = "/agent/inscrire/renouvellement";
    let first = entry_of(&agent.post(path, &typed(&site, "AB123456")).await);
    let mut other = typed(&site, "AB123456");
    other.retain(|(name, _)| *name != "birth_name" && !name.starts_with("document_number"));
    other.extend([("birth_name", "Démo Suivante"), ("document_number", "CD654321")]);
    other.push(("document_number_again", "CD654321"));
    let again = agent.post(path, &other).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("value=\"Démo Suivante\""), "{}", again.body);
    let key =
        again.body.split("name=\"idempotency_key\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_ne!(key, "AB123456");
    other.retain(|(name, _)| *name != "idempotency_key");
    other.push(("idempotency_key", key));
    assert_ne!(entry_of(&agent.post(path, &other).await), first);
}

#[tokio::test]
async fn a_proof_seen_without_its_date_is_no_silent_loss() {
    let app = TestApp::sqlite().await;
    let site = site(&app).await;
    let agent = Browser::agent(&app, "agent").await;
    let mut fields = typed(&site, "AB123456");
    fields.retain(|(name, _)| *name != "deadline");
    let refused = agent.post("/agent/inscrire/premiere-demande", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("href=\"#deadline\"") && refused.body.contains("sa date manque"));
}

#[tokio::test]
async fn a_change_of_queue_names_all_that_is_missing_and_taken_back_twice_is_no_missing_page() {
    let app = TestApp::sqlite().await;
    let entry = app.register(app.first, 1).await;
    let agent = Browser::agent(&app, "agent").await;
    let path = format!("/agent/demandes/{entry}");
    let refused = agent.post(&format!("{path}/file"), &[("queue", ""), ("move_reason", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["#queue", "#move_reason"] {
        assert!(refused.body.contains(&format!("href=\"{field}\"")), "{field}: {}", refused.body);
    }
    assert!(refused.body.contains(&format!("/langue/en?retour={path}\"")), "a language leads to a page");
    let back = agent.post(&format!("{path}/file-retirer"), &[]).await;
    assert_eq!(back.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn who_has_a_reserve_or_a_priority_is_told_of_it() {
    on_both(async |app: TestApp| {
        let (one, two) = (app.staff("alice", Role::Agent).await, app.staff("bruno", Role::Manager).await);
        let changed = async |entry: EntryId| {
            let notices = app.app.store.notices_of(entry).await.unwrap();
            notices.iter().filter(|notice| notice.kind == NoticeKind::Changed).count()
        };
        let entry = app.register(app.first, 1).await;
        for (label, told) in [(2, 1), (0, 2)] {
            entries::grant(&app.app, entry, label, "un motif sérieux", one).await.unwrap();
            assert_eq!(changed(entry).await, told - 1, "not before a second person agrees");
            let open = app.app.store.privileges_pending(app.prefecture).await.unwrap()[0].id;
            assert!(entries::approve_priority(&app.app, open, one).await.is_err());
            entries::approve_priority(&app.app, open, two).await.unwrap();
            assert_eq!(changed(entry).await, told);
        }
        // Nobody is made first who does not wait any more.
        let gone = app.register(app.first, 2).await;
        entries::grant(&app.app, gone, 0, "un motif sérieux", one).await.unwrap();
        let priority = app.app.store.privileges_pending(app.prefecture).await.unwrap()[0].id;
        entries::change(&app.app, gone, EntryChange::Withdraw, Actor::Holder(gone)).await.unwrap();
        assert!(app.app.store.privileges_pending(app.prefecture).await.unwrap().is_empty());
        assert!(entries::approve_priority(&app.app, priority, two).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn an_agent_writes_down_who_helps_and_ends_it_with_a_reason() {
    on_both(async |app: TestApp| {
        let site = site(&app).await;
        let agent = Browser::agent(&app, "agent").await;
        let mut fields = typed(&site, "P12345");
        fields.extend([("helper_kind", "social_worker"), ("helper_name", "Service d'Exemple")]);
        let faulty = agent.post("/agent/inscrire/renouvellement", &fields).await;
        assert!(faulty.page_of(StatusCode::UNPROCESSABLE_ENTITY).contains("href=\"#helper_mandate\""));
        fields.push(("helper_seen", "courrier signé"));
        let answer = agent.post("/agent/inscrire/renouvellement", &fields).await;
        let receipt = agent.get(answer.to()).await.page();
        let id = entry_of(&answer);
        let path = format!("/agent/demandes/{id}");
        for page in [receipt, agent.get(&path).await.page()] {
            assert!(page.contains("Mandat vu par un agent\u{a0}: courrier signé."), "{page}");
        }
        let end = format!("{path}/aide-fin");
        let bare = agent.post(&end, &[]).await.page_of(StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bare.contains("href=\"#helper_reason\""), "{bare}");
        let ended = agent.post(&end, &[("helper_reason", "la personne le demande")]).await;
        assert_eq!(ended.to(), format!("{path}?fait=aide-fin"));
        let page = agent.get(&path).await.page();
        assert!(page.contains("fin de l&#39;aide") && !page.contains("courrier signé"), "{page}");
        app.pass(chrono::TimeDelta::hours(2)).await;
        app.assert_sound().await;
    })
    .await;
}
