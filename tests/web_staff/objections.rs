//! Objecting on the status page or to an agent, the list of objections, and the decision of another agent.

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::actor::{Actor, Role};
use passage::domain::entry::ConvocationEvent;
use passage::domain::ids::{ConvocationId, EntryId};
use passage::flow::counter;

use crate::browser::Browser;
use crate::common::{PASSWORD, TestApp, on_both, person};
use crate::web;

const OBJECTION: &str = "J'étais à l'hôpital.\nVoici le bulletin.";

/// Somebody whom the first agent noted as absent, the day before; and the two agents.
async fn missed(app: &TestApp, n: u32) -> (EntryId, ConvocationId, Browser, Browser) {
    let agent = app.staff("agent", Role::Agent).await;
    let entry = app.register(app.first, n).await;
    app.publish(app.first, u16::try_from(n).unwrap(), 4, 1, 1).await;
    app.pass(TimeDelta::days(1)).await;
    let live = app.app.store.live_convocation(entry).await.unwrap().expect("the only person");
    app.pass(live.starts_at + TimeDelta::minutes(5) - app.now()).await;
    counter::tick(&app.app, live.id, ConvocationEvent::Miss, "", None, agent).await.unwrap();
    app.pass(TimeDelta::hours(23)).await;
    let mut browser = Browser::of(app);
    browser.sign_in("agent", PASSWORD).await.to();
    (entry, live.id, browser, Browser::agent(app, "collegue").await)
}

/// What a form of this page hides under a name.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect(name);
    rest.split('"').next().unwrap().to_owned()
}

async fn status(app: &TestApp, holder: &mut web::Browser, entry: EntryId, n: u32) -> String {
    let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
    let fields = [("reference", reference.as_str()), ("birth_date", &person(n).birth_date)];
    let page = holder.submit("/s", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.body
}

async fn object(holder: &mut web::Browser, page: &str, text: &str) -> web::Answer {
    let (token, penalty) = (hidden(page, "jeton"), hidden(page, "penalty"));
    let fields = [("jeton", token.as_str()), ("penalty", &penalty), ("objection", text)];
    holder.submit("/s/contester", &fields).await
}

#[tokio::test]
async fn an_objection_half_typed_is_kept_by_a_change_of_language_with_the_availability() {
    let app = TestApp::sqlite().await;
    let (entry, _, _, _) = missed(&app, 1).await;
    let mut holder = web::Browser::of(&app.app);
    let page = status(&app, &mut holder, entry, 1).await;
    let (token, penalty, site) = (hidden(&page, "jeton"), hidden(&page, "penalty"), hidden(&page, "sites"));
    assert!(page.contains("name=\"objection\" form=\"formulaire\""), "one form: {page}");
    let fields = [
        ("penalty", penalty.as_str()),
        ("objection", OBJECTION),
        ("jeton", token.as_str()),
        ("sites", &site),
        ("weekdays", "4"),
        ("halves", "afternoon"),
        ("not_before", ""),
    ];
    let english = holder.post("/s/disponibilites?brouillon=en", &fields).await;
    assert_eq!(english.status, StatusCode::OK, "{}", english.body);
    assert!(
        english.body.contains("Object online") && english.body.contains("Voici le bulletin."),
        "{}",
        english.body
    );
    english.assert_says("name=\"weekdays\" value=\"4\" checked");
    assert!(!english.body.contains("name=\"weekdays\" value=\"0\" checked"));
    let penalties = passage::flow::status::holder(&app.app, entry, passage::flow::people::Reader::Program)
        .await
        .unwrap()
        .penalties;
    assert_eq!(penalties[0].objection, None, "nothing is sent");
    // What is at fault in one keeps the other.
    let mut short = fields;
    short[1].1 = "non";
    let refused = holder.post("/s/contester", &short).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_says("name=\"weekdays\" value=\"4\" checked");
    assert!(!refused.body.contains("name=\"weekdays\" value=\"0\" checked"));
    assert!(refused.body.contains(">non</textarea>"));
}

#[tokio::test]
async fn a_holder_objects_online_and_another_agent_decides() {
    on_both(async |app: TestApp| {
        let (entry, id, agent, colleague) = missed(&app, 1).await;
        assert!(agent.get("/agent/contestations").await.page().contains("Aucune contestation"));
        let mut holder = web::Browser::of(&app.app);
        let page = status(&app, &mut holder, entry, 1).await;
        for said in ["a été manqué", "30 jours", "L. 121-1", "01 99 00 00 00", "Contester en ligne"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let short = object(&mut holder, &page, "non").await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(short.body.contains(">non</textarea>"), "{}", short.body);
        let done = object(&mut holder, &page, OBJECTION).await.body;
        assert!(done.contains("Votre contestation est enregistrée") && done.contains("Voici le bulletin."));
        assert!(!done.contains("Contester en ligne"));
        let again = object(&mut holder, &page, OBJECTION).await;
        assert_eq!(again.status, StatusCode::OK, "sent twice, it is made once");
        let other = object(&mut holder, &page, "Autre chose.").await;
        assert_eq!(other.status, StatusCode::CONFLICT);

        assert!(agent.get("/agent").await.page().contains("contestation à examiner"));
        let list = colleague.get("/agent/contestations").await.page();
        let address = format!("/agent/contestations/{id}");
        assert!(list.contains(&address) && list.contains("a été manqué"), "{list}");
        let own = agent.get(&address).await.page();
        assert!(own.contains("une autre personne doit décider") && !own.contains("/lever\""), "{own}");
        let reason = [("reason", "le bulletin le montre")];
        let refused = agent.post(&format!("{address}/lever"), &reason).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let form = colleague.get(&address).await.page();
        assert!(form.contains("Voici le bulletin.") && form.contains("Noté par agent"), "{form}");
        let mute = colleague.post(&format!("{address}/lever"), &[]).await;
        assert_eq!(mute.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = colleague.post(&format!("{address}/lever"), &reason).await;
        assert_eq!(done.to(), "/agent/contestations?fait=levee");
        assert!(!colleague.get("/agent/contestations").await.page().contains(&address));
        assert!(colleague.get(&address).await.page().contains("Un agent a déjà décidé"));
        let page = status(&app, &mut holder, entry, 1).await;
        assert!(page.contains("rien n&#39;est perdu") && page.contains("le bulletin le montre"), "{page}");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn an_agent_records_an_objection_and_long_lists_have_pages() {
    let app = TestApp::sqlite().await;
    let (entry, id, agent, colleague) = missed(&app, 1).await;
    let page = agent.get(&format!("/agent/demandes/{entry}")).await.page();
    assert!(page.contains("a été manqué") && page.contains("suite d&#39;un rendez-vous annoncée"), "{page}");
    let path = format!("/agent/demandes/{entry}/contestation");
    let id = id.to_string();
    let fields = |text| [("penalty", id.as_str()), ("objection", text)];
    let short = agent.post(&path, &fields("non")).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains(">non</textarea>"), "{}", short.body);
    assert!(agent.post(&path, &fields(OBJECTION)).await.to().contains("fait=contestation"));
    let form = colleague.get(&format!("/agent/contestations/{id}")).await.page();
    assert!(form.contains("Contesté par agent"), "{form}");
    let uphold = format!("/agent/contestations/{id}/maintenir");
    let done = colleague.post(&uphold, &[("reason", "rien ne le montre")]).await;
    assert_eq!(done.to(), "/agent/contestations?fait=maintenue");
    let next = agent.get("/agent/contestations?page=2").await.page();
    assert!(next.contains("Aucune contestation"));
    let other = app.register(app.renewal, 2).await;
    let elsewhere = agent.post(&format!("/agent/demandes/{other}/contestation"), &fields(OBJECTION)).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "of another entry");
    let log = app.app.store.audit_of(format!("entry:{entry}")).await.unwrap();
    let by = app.app.store.staff_by_login("agent".into()).await.unwrap().unwrap().id;
    assert!(
        log.iter().any(|row| row.action == "penalty.objected" && row.actor == Actor::Staff(by).pseudonym())
    );
}
