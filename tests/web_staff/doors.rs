//! Every staff address, requested without sign-in, by an agent, by a manager, and by the manager of another
//! prefecture: what belongs to another prefecture is not found.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::entry::ConvocationEvent;
use passage::domain::ids::PrefectureId;
use passage::flow::register::Desk;
use passage::flow::{entries, import, relocation, reviews, slots};
use passage::store::commands::{Judge, NewSlot, Publication, Published};

use crate::browser::Browser;
use crate::common::{TestApp, by_letter, on_both};

pub const ELSEWHERE: &str = r#"
slug = "ailleurs"
name = "Préfecture d’Ailleurs"
zone = "Europe/Paris"
help = "Au guichet, 2 place de l’Exemple."
[[sites]]
slug = "seul"
name = "Site seul"
address = "2 place de l’Exemple"
desks = [1]
[[queues]]
slug = "autre"
name = "Autre démarche"
procedure = "autre"
procedure_name = "Autre démarche"
[queues.rules]
mode = "lottery"
timetable = "0 18 * * MON"
notice_min_days = 3
horizon_days = 30
late_limit_hours = 48
late_cancel = "close"
miss = "close"
scope = "installation"
"#;

/// Addresses that name nothing: everybody has their own.
const COMMON: &[&str] = &[
    "/agent",
    "/agent/comptoir",
    "/agent/demandes",
    "/agent/identites",
    "/agent/contestations",
    "/agent/courriers",
    "/agent/envois",
];
const COMMON_MANAGER: &[&str] = &[
    "/gestion/creneaux",
    "/gestion/publications",
    "/gestion/regles",
    "/gestion/tirages",
    "/gestion/priorites",
];

/// Addresses that name something, to read and to write.
const READ: &[&str] = &[
    "/agent/comptoir/{convocation}/guichet",
    "/agent/comptoir/{convocation}/personne",
    "/agent/contestations/{penalty}",
    "/agent/examens/{review}",
    "/agent/inscrire/{queue}",
    "/agent/demandes/{entry}",
    "/agent/demandes/{entry}/recu",
    "/agent/demandes/{entry}/retirer",
    "/agent/demandes/{entry}/rendre",
    "/agent/demandes/{entry}/oublier",
    "/agent/demandes/{entry}/disponibilites",
    "/agent/courriers/{letter}",
];
const READ_MANAGER: &[&str] = &[
    "/agent/comptoir/{convocation}/empechement",
    "/gestion/creneaux/{slot}/retirer?jour={day}",
    "/gestion/passages/{passage}",
    "/gestion/creneaux/fermer?site={site}&day={day}",
    "/gestion/regles/{queue}",
    "/gestion/regles/{queue}/proposer",
    "/gestion/tirages/{draw}/annuler",
];
pub const WRITE: &[&str] = &[
    "/agent/comptoir/{convocation}/present",
    "/agent/comptoir/{convocation}/absent",
    "/agent/comptoir/{convocation}/effacer",
    "/agent/comptoir/{convocation}/guichet",
    "/agent/comptoir/{convocation}/personne",
    "/agent/contestations/{penalty}/maintenir",
    "/agent/contestations/{penalty}/lever",
    "/agent/examens/{review}/repondre",
    "/agent/demandes/{entry}/examen",
    "/agent/inscrire/{queue}",
    "/agent/demandes/{entry}/contestation",
    "/agent/demandes/{entry}/identite",
    "/agent/demandes/{entry}/registre",
    "/agent/demandes/{entry}/echeance",
    "/agent/demandes/{entry}/label",
    "/agent/demandes/{entry}/file",
    "/agent/demandes/{entry}/file-retirer",
    "/agent/demandes/{entry}/pause",
    "/agent/demandes/{entry}/reprendre",
    "/agent/demandes/{entry}/retirer",
    "/agent/demandes/{entry}/reunir",
    "/agent/demandes/{entry}/oublier",
    "/agent/demandes/{entry}/rendre",
    "/agent/demandes/{entry}/disponibilites",
    "/agent/courriers/{letter}/fait",
];
pub const WRITE_MANAGER: &[&str] = &[
    "/agent/comptoir/{convocation}/empechement",
    "/gestion/creneaux/{slot}/retirer",
    "/gestion/creneaux/fermer",
    "/gestion/publications/{publication}/approuver",
    "/gestion/publications/{publication}/rejeter",
    "/gestion/publications/{publication}/retirer",
    "/gestion/regles/{queue}/proposer",
    "/gestion/regles/{queue}/2/approuver",
    "/gestion/regles/{queue}/2/rejeter",
    "/gestion/regles/{queue}/2/retirer",
    "/gestion/tirages/{draw}/annuler",
    "/gestion/tirages/{draw}/rejeter",
    "/gestion/tirages/{draw}/retirer",
    "/gestion/tirages/{draw}/approuver",
    "/gestion/priorites/{priority}/rejeter",
    "/gestion/priorites/{priority}/retirer",
    "/gestion/priorites/{priority}/approuver",
    "/gestion/passages/{passage}/rejeter",
    "/gestion/passages/{passage}/retirer",
    "/gestion/passages/{passage}/approuver",
    "/gestion/files/{move}/rejeter",
    "/gestion/files/{move}/retirer",
    "/gestion/files/{move}/approuver",
];

/// One of each thing that an address can name.
pub struct Things(Vec<(&'static str, String)>);

/// A publication that waits for a second person. Nobody's few people are needed to keep one.
async fn proposed(app: &TestApp) -> uuid::Uuid {
    let id = uuid::Uuid::now_v7();
    let site = app.anything().await.sites[0];
    let directory = app.app.store.directory().await.unwrap();
    let desk = directory.desks_of(site).last().unwrap().id;
    let starts_at = app.now() + TimeDelta::days(30);
    let slots = vec![NewSlot { id: uuid::Uuid::now_v7().into(), site, desk, starts_at, minutes: 20 }];
    let judge = Judge { admit_declared: false, few_percent: 10, needs_second: Arc::new(|_, _| true) };
    let publication = Publication { id, queue: app.first, slots, judge };
    let done = app.app.store.publish_slots(publication, Actor::System, app.now()).await.unwrap();
    assert_eq!(done, Published::Proposed);
    id
}

impl Things {
    pub async fn of(app: &TestApp) -> Self {
        let by = app.staff("proposeur", Role::Agent).await;
        app.publish(app.first, 1, 4, 5, 6).await;
        let first = app.register(app.first, 3).await;
        let second = app.register(app.first, 9).await;
        let missed = app.register(app.first, 6).await;
        let seen = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };
        let waiting = app.register_by(app.renewal, &by_letter(6), seen, "by letter").await.unwrap();
        entries::grant(&app.app, waiting, 0, "une raison sérieuse", by).await.unwrap();
        relocation::propose(&app.app, waiting, app.naturalisation, "une raison sérieuse", by).await.unwrap();
        let relocation = app.app.store.relocation_open(waiting).await.unwrap().unwrap();
        app.pass(TimeDelta::days(1)).await;
        let store = &app.app.store;
        let convocation = store.live_convocation(first).await.unwrap().expect("everybody wins");
        let lost = store.live_convocation(second).await.unwrap().expect("everybody wins");
        slots::withdraw(&app.app, lost.slot_id, "une raison sérieuse", Actor::Staff(by)).await.unwrap();
        let passage = store.compensations_pending(app.prefecture).await.unwrap().remove(0);
        let past = store.live_convocation(missed).await.unwrap().expect("there are seats for both");
        let (event, then) = (ConvocationEvent::Miss, past.starts_at);
        store.end_convocation(past.id, event, None, Actor::Staff(by), then).await.unwrap();
        let letters = store.letters_due(app.prefecture, app.now(), 0, 10).await.unwrap();
        let draw = store.draws_of(app.first, 1).await.unwrap().remove(0);
        let priority = store.privileges_pending(app.prefecture).await.unwrap().remove(0);
        let publication = proposed(app).await;
        reviews::ask(&app.app, waiting, "Relisez mon dossier", None).await.unwrap();
        let review = reviews::of(&app.app, waiting).await.unwrap()[0].id;
        Self(vec![
            ("{publication}", publication.to_string()),
            ("{convocation}", convocation.id.to_string()),
            ("{queue}", "premiere-demande".to_owned()),
            ("{entry}", first.to_string()),
            ("{letter}", letters[0].id.to_string()),
            ("{slot}", convocation.slot_id.to_string()),
            ("{site}", convocation.site_id.to_string()),
            ("{day}", convocation.starts_at.date_naive().to_string()),
            ("{draw}", draw.id.to_string()),
            ("{priority}", priority.id.to_string()),
            ("{passage}", passage.id.to_string()),
            ("{move}", relocation.id.to_string()),
            ("{penalty}", past.id.to_string()),
            ("{review}", review.to_string()),
        ])
    }

    pub fn address(&self, pattern: &str) -> String {
        self.0.iter().fold(pattern.to_owned(), |address, (name, id)| address.replace(name, id))
    }

    pub fn fields(&self) -> Vec<(&str, &str)> {
        let of =
            |wanted: &str| self.0.iter().find(|(name, _)| *name == wanted).map_or("", |(_, id)| id.as_str());
        vec![
            ("jour", of("{day}")),
            ("day", of("{day}")),
            ("site", of("{site}")),
            ("reason", "une raison sérieuse"),
            ("sent", "posted"),
        ]
    }
}

/// The users who request every address.
struct Visitors {
    nobody: Browser,
    agent: Browser,
    manager: Browser,
    /// The manager of another prefecture.
    stranger: Browser,
    elsewhere: PrefectureId,
}

impl Visitors {
    async fn of(app: &TestApp) -> Self {
        let elsewhere = import::prefecture(&app.app, ELSEWHERE).await.unwrap();
        Self {
            nobody: Browser::of(app),
            agent: Browser::agent(app, "agent").await,
            manager: Browser::manager(app, "responsable").await,
            stranger: Browser::signed_in(app, elsewhere, "ailleurs", Role::Manager).await,
            elsewhere,
        }
    }

    /// Whoever is shown nothing is not written down as having read it.
    async fn assert_stranger_read_nobody(&self, app: &TestApp) {
        assert!(app.app.store.readings(self.elsewhere, None, 0, 100).await.unwrap().is_empty());
    }
}

fn is_for_managers(pattern: &str) -> bool {
    pattern.starts_with("/gestion") || pattern.ends_with("/empechement")
}

#[tokio::test]
async fn every_page_opens_only_for_those_it_is_for() {
    on_both(async |app: TestApp| {
        let things = Things::of(&app).await;
        let visitors = Visitors::of(&app).await;
        for pattern in COMMON.iter().chain(COMMON_MANAGER).chain(READ).chain(READ_MANAGER) {
            let path = things.address(pattern);
            assert_eq!(visitors.nobody.get(&path).await.to(), "/agent/connexion", "{pattern}");
            let seen = visitors.agent.get(&path).await;
            if is_for_managers(pattern) {
                assert_eq!(seen.status, StatusCode::FORBIDDEN, "{pattern}");
                assert!(seen.body.contains("action=\"/agent/deconnexion\""), "{pattern}: the menu stays");
            } else {
                seen.page();
            }
            visitors.manager.get(&path).await.page();
            let names_nothing = COMMON.contains(pattern) || COMMON_MANAGER.contains(pattern);
            let expected = if names_nothing { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(visitors.stranger.get(&path).await.status, expected, "{pattern}");
        }
        visitors.assert_stranger_read_nobody(&app).await;
    })
    .await;
}

#[tokio::test]
async fn every_form_acts_only_for_those_it_is_for() {
    on_both(async |app: TestApp| {
        let things = Things::of(&app).await;
        let visitors = Visitors::of(&app).await;
        let fields = things.fields();
        for pattern in WRITE.iter().chain(WRITE_MANAGER) {
            let path = things.address(pattern);
            assert_eq!(visitors.nobody.post(&path, &fields).await.to(), "/agent/connexion", "{pattern}");
            let unmarked = visitors.manager.send_form(&path, &fields).await.status;
            assert_eq!(unmarked, StatusCode::BAD_REQUEST, "{pattern}");
            let absent = visitors.stranger.post(&path, &fields).await.status;
            assert_eq!(absent, StatusCode::NOT_FOUND, "{pattern}");
            if is_for_managers(pattern) {
                let refused = visitors.agent.post(&path, &fields).await.status;
                assert_eq!(refused, StatusCode::FORBIDDEN, "{pattern}");
            }
        }
        visitors.assert_stranger_read_nobody(&app).await;
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn slots_are_published_only_in_ones_own_prefecture() {
    let app = TestApp::sqlite().await;
    let Visitors { nobody, agent, manager, stranger, .. } = Visitors::of(&app).await;
    let (plan, file) = ("/gestion/creneaux/plan", "/gestion/creneaux/fichier");
    let queue = app.first.to_string();
    let fields = [("queue", queue.as_str()), ("desk", "centre/1")];
    assert_eq!(nobody.post(plan, &fields).await.to(), "/agent/connexion");
    assert_eq!(agent.post(plan, &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(manager.send_form(plan, &fields).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(stranger.post(plan, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let fields = [("csrf", stranger.csrf.as_str()), ("file_queue", &queue)];
    let header = "site;desk;date;time;minutes\n";
    assert_eq!(nobody.upload(file, &[], header).await.to(), "/agent/connexion?fichier=perdu");
    assert_eq!(agent.upload(file, &[], header).await.status, StatusCode::FORBIDDEN);
    let unmarked = manager.upload(file, &[("file_queue", &queue)], header).await;
    assert_eq!(unmarked.status, StatusCode::BAD_REQUEST);
    assert_eq!(stranger.upload(file, &fields, header).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_and_never_a_fault_of_ours() {
    let app = TestApp::sqlite().await;
    let manager = Browser::manager(&app, "responsable").await;
    for pattern in READ.iter().chain(READ_MANAGER) {
        for nonsense in ["rien", "00000000-0000-0000-0000-000000000000", "%00", "..%2F"] {
            let mut path = (*pattern).to_owned();
            for name in [
                "{convocation}",
                "{queue}",
                "{entry}",
                "{letter}",
                "{slot}",
                "{site}",
                "{day}",
                "{draw}",
                "{penalty}",
                "{review}",
            ] {
                path = path.replace(name, nonsense);
            }
            assert_eq!(manager.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}

#[tokio::test]
async fn an_entry_of_another_prefecture_cannot_be_found_or_moved_across() {
    let app = TestApp::sqlite().await;
    let elsewhere = import::prefecture(&app.app, ELSEWHERE).await.unwrap();
    let stranger = Browser::signed_in(&app, elsewhere, "ailleurs", Role::Agent).await;
    let agent = Browser::agent(&app, "agent").await;
    let entry = app.register(app.renewal, 1).await;
    let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
    assert_eq!(
        agent.get(&format!("/agent/demandes?ref={reference}")).await.to(),
        format!("/agent/demandes/{entry}")
    );
    assert_eq!(stranger.get(&format!("/agent/demandes?ref={reference}")).await.status, StatusCode::NOT_FOUND);
    let directory = app.app.store.directory().await.unwrap();
    let other = directory.queue_by_slug(elsewhere, "autre").unwrap().id.to_string();
    let moved = agent.post(&format!("/agent/demandes/{entry}/file"), &[("queue", &other)]).await;
    assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
    let site = directory.sites_of(elsewhere).next().unwrap().id.to_string();
    let fields = [("sites", site.as_str()), ("weekdays", "0"), ("halves", "morning")];
    let changed = agent.post(&format!("/agent/demandes/{entry}/disponibilites"), &fields).await;
    assert_eq!(changed.status, StatusCode::UNPROCESSABLE_ENTITY);
}
