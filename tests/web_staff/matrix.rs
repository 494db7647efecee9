//! Every address of staff, by every role, in one's own prefecture and in another: who may, and who finds nothing. The
//! rows are compared with the routes in the sources, so a route without its row fails.

use std::collections::BTreeSet;
use std::path::Path;

use axum::http::StatusCode;
use passage::domain::actor::Role;
use passage::flow::import;

use crate::browser::Browser;
use crate::common::{TestApp, on_both};
use crate::doors::{ELSEWHERE, Things};

const PEOPLE: &[Role] = &[Role::Agent, Role::Manager, Role::Auditor];
const COUNTER: &[Role] = &[Role::Agent, Role::Manager];
const QUEUES: &[Role] = &[Role::Manager, Role::Auditor];
const MANAGERS: &[Role] = &[Role::Manager];
const ACCOUNTS: &[Role] = &[Role::Manager, Role::Administrator];
const EVERYBODY: &[Role] = Role::ALL;

/// An address as its route says it, one that names something of the prefecture, the verbs, and who may.
const ROWS: &[(&str, &str, &str, &[Role])] = &[
    ("/agent", "/agent", "get", EVERYBODY),
    ("/agent/deconnexion", "/agent/deconnexion", "post", EVERYBODY),
    ("/agent/compte", "/agent/compte", "get", EVERYBODY),
    ("/agent/compte/mot-de-passe", "/agent/compte/mot-de-passe", "post", EVERYBODY),
    ("/agent/compte/sessions/{id}", "/agent/compte/sessions/{draw}", "post", EVERYBODY),
    ("/agent/compte/prefecture", "/agent/compte/prefecture", "post", EVERYBODY),
    ("/agent/compte/proconnect/aller", "/agent/compte/proconnect/aller", "get", EVERYBODY),
    ("/agent/compte/proconnect", "/agent/compte/proconnect", "get post", EVERYBODY),
    ("/agent/compte/proconnect/retirer", "/agent/compte/proconnect/retirer", "post", EVERYBODY),
    ("/agent/comptoir", "/agent/comptoir", "get", PEOPLE),
    ("/agent/comptoir/{convocation}/{action}", "/agent/comptoir/{convocation}/guichet", "get post", COUNTER),
    ("/agent/inscrire/{queue}", "/agent/inscrire/{queue}", "get post", COUNTER),
    ("/agent/demandes", "/agent/demandes", "get post", PEOPLE),
    ("/agent/demandes/{entry}", "/agent/demandes/{entry}", "get", PEOPLE),
    ("/agent/demandes/{entry}/recu", "/agent/demandes/{entry}/recu", "get", PEOPLE),
    ("/agent/demandes/{entry}/{action}", "/agent/demandes/{entry}/retirer", "get post", COUNTER),
    ("/agent/identites", "/agent/identites", "get", PEOPLE),
    ("/agent/courriers", "/agent/courriers", "get", PEOPLE),
    ("/agent/courriers/{notice}", "/agent/courriers/{letter}", "get", PEOPLE),
    ("/agent/courriers/{notice}/fait", "/agent/courriers/{letter}/fait", "post", COUNTER),
    ("/agent/contestations", "/agent/contestations", "get", PEOPLE),
    ("/agent/contestations/{penalty}", "/agent/contestations/{penalty}", "get", PEOPLE),
    ("/agent/contestations/{penalty}/{ruling}", "/agent/contestations/{penalty}/lever", "post", COUNTER),
    ("/agent/examens", "/agent/examens", "get", PEOPLE),
    ("/agent/examens/{review}", "/agent/examens/{review}", "get", PEOPLE),
    ("/agent/examens/{review}/repondre", "/agent/examens/{review}/repondre", "post", COUNTER),
    ("/agent/envois", "/agent/envois", "get", PEOPLE),
    ("/gestion/comptes", "/gestion/comptes", "get post", ACCOUNTS),
    ("/gestion/comptes/{account}/{action}", "/gestion/comptes/{account}/desactiver", "post", ACCOUNTS),
    ("/gestion/lectures", "/gestion/lectures", "get", QUEUES),
    ("/gestion/creneaux", "/gestion/creneaux", "get", QUEUES),
    ("/gestion/creneaux/plan", "/gestion/creneaux/plan", "post", MANAGERS),
    ("/gestion/creneaux/fichier", "/gestion/creneaux/fichier", "post", MANAGERS),
    ("/gestion/creneaux/fermer", "/gestion/creneaux/fermer?site={site}&day={day}", "get post", MANAGERS),
    ("/gestion/creneaux/{slot}/retirer", "/gestion/creneaux/{slot}/retirer?jour={day}", "get post", MANAGERS),
    ("/gestion/publications", "/gestion/publications", "get", QUEUES),
    (
        "/gestion/publications/{id}/approuver",
        "/gestion/publications/{publication}/approuver",
        "post",
        MANAGERS,
    ),
    (
        "/gestion/publications/{id}/rejeter",
        "/gestion/publications/{publication}/rejeter",
        "get post",
        MANAGERS,
    ),
    ("/gestion/publications/{id}/retirer", "/gestion/publications/{publication}/retirer", "post", MANAGERS),
    ("/gestion/regles", "/gestion/regles", "get", QUEUES),
    ("/gestion/regles/{queue}", "/gestion/regles/{queue}", "get", QUEUES),
    ("/gestion/regles/{queue}/proposer", "/gestion/regles/{queue}/proposer", "get post", MANAGERS),
    ("/gestion/regles/{queue}/{version}/approuver", "/gestion/regles/{queue}/2/approuver", "post", MANAGERS),
    ("/gestion/regles/{queue}/{version}/rejeter", "/gestion/regles/{queue}/2/rejeter", "get post", MANAGERS),
    ("/gestion/regles/{queue}/{version}/retirer", "/gestion/regles/{queue}/2/retirer", "post", MANAGERS),
    ("/gestion/tirages", "/gestion/tirages", "get", QUEUES),
    ("/gestion/tirages/{draw}/annuler", "/gestion/tirages/{draw}/annuler", "get post", MANAGERS),
    ("/gestion/tirages/{draw}/approuver", "/gestion/tirages/{draw}/approuver", "get post", MANAGERS),
    ("/gestion/tirages/{draw}/rejeter", "/gestion/tirages/{draw}/rejeter", "get post", MANAGERS),
    ("/gestion/tirages/{draw}/retirer", "/gestion/tirages/{draw}/retirer", "post", MANAGERS),
    ("/gestion/priorites", "/gestion/priorites", "get", QUEUES),
    ("/gestion/priorites/{privilege}/approuver", "/gestion/priorites/{priority}/approuver", "post", MANAGERS),
    ("/gestion/priorites/{privilege}/rejeter", "/gestion/priorites/{priority}/rejeter", "get post", MANAGERS),
    ("/gestion/priorites/{privilege}/retirer", "/gestion/priorites/{priority}/retirer", "post", MANAGERS),
    ("/gestion/files/{relocation}/approuver", "/gestion/files/{move}/approuver", "post", MANAGERS),
    ("/gestion/files/{relocation}/rejeter", "/gestion/files/{move}/rejeter", "get post", MANAGERS),
    ("/gestion/files/{relocation}/retirer", "/gestion/files/{move}/retirer", "post", MANAGERS),
    ("/gestion/passages/{compensation}", "/gestion/passages/{passage}", "get", QUEUES),
    ("/gestion/passages/{compensation}/approuver", "/gestion/passages/{passage}/approuver", "post", MANAGERS),
    ("/gestion/passages/{compensation}/rejeter", "/gestion/passages/{passage}/rejeter", "get post", MANAGERS),
    ("/gestion/passages/{compensation}/retirer", "/gestion/passages/{passage}/retirer", "post", MANAGERS),
];

/// Routes of staff that take no role: their names in the sources.
const OPEN: &[&str] = &[
    "LOGIN_PATH",
    "CODE_PATH",
    "SECOND_FACTOR_PATH",
    "\"/agent/lien/{token}\"",
    "proconnect::BEGIN_PATH",
    "Door::ProConnect.return_path()",
    "Door::ProConnect.left_path()",
];

/// Every route of the staff's pages: its address, and its verbs.
fn routes() -> BTreeSet<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/staff");
    let mut found = BTreeSet::new();
    for file in ["mod.rs", "counter/mod.rs", "settings/mod.rs"] {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        for route in text.split(".route(").skip(1) {
            let (name, rest) = route.trim_start().split_once(',').unwrap();
            if OPEN.contains(&name) {
                continue;
            }
            let handlers = rest.split(".route(").next().unwrap().split("\n}").next().unwrap();
            assert!(
                ["may(app", "read(", "manage("].iter().any(|guard| handlers.trim_start().starts_with(guard)),
                "{file}: {name} asks for no act"
            );
            let verbs = ["get", "post", "put", "delete", "patch", "any"];
            let verbs = verbs.iter().filter(|verb| handlers.contains(&format!("{verb}(")));
            found.insert((name.trim_matches('"').to_owned(), verbs.copied().collect::<Vec<_>>().join(" ")));
        }
    }
    found
}

#[test]
fn every_route_has_its_row() {
    let rows: BTreeSet<_> =
        ROWS.iter().map(|(route, _, verbs, _)| ((*route).to_owned(), (*verbs).to_owned())).collect();
    assert_eq!(routes(), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_reaches_what_is_for_it_and_nothing_of_another_prefecture() {
    on_both(async |app: TestApp| {
        let things = Things::of(&app).await;
        let account = app.staff("quelquun", Role::Agent).await.to_string();
        let elsewhere = import::prefecture(&app.app, ELSEWHERE).await.unwrap();
        let nobody = Browser::of(&app);
        for role in Role::ALL {
            let here = Browser::signed_in(&app, app.prefecture, &format!("ici-{role}"), *role).await;
            let there = Browser::signed_in(&app, elsewhere, &format!("ailleurs-{role}"), *role).await;
            for (route, pattern, verbs, allowed) in ROWS {
                let path = things.address(pattern).replace("{account}", &account);
                let names_something = pattern.contains('{') && !route.starts_with("/agent/compte/");
                if verbs.contains("get") {
                    assert_eq!(nobody.get(&path).await.to(), "/agent/connexion", "{route}");
                    let seen = here.get(&path).await.status;
                    assert_eq!(
                        seen == StatusCode::FORBIDDEN,
                        !allowed.contains(role),
                        "{role} GET {route}: {seen}"
                    );
                    let absent = there.get(&path).await.status;
                    if allowed.contains(role) && names_something {
                        assert_eq!(
                            absent,
                            StatusCode::NOT_FOUND,
                            "{role} of another prefecture: GET {route}"
                        );
                    }
                }
                if verbs.contains("post") && !allowed.contains(role) {
                    let refused = here.post(&path, &things.fields()).await.status;
                    assert_eq!(refused, StatusCode::FORBIDDEN, "{role} POST {route}");
                }
                let is_everywhere = *role == Role::Administrator;
                if verbs.contains("post") && allowed.contains(role) && names_something && !is_everywhere {
                    let absent = there.post(&path, &things.fields()).await.status;
                    assert_eq!(absent, StatusCode::NOT_FOUND, "{role} of another prefecture: POST {route}");
                }
            }
        }
        app.assert_sound().await;
    })
    .await;
}
