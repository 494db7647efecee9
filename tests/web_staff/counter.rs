//! The counter: the day's list, ticks that ask for confirmation, and the messages sent.

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::actor::{Actor, Channel};
use passage::domain::entry::{ConvocationState, EntryState};
use passage::domain::ids::EntryId;
use passage::domain::local_time::Zone;
use passage::domain::notice::NoticeKind;
use passage::flow::counter;
use passage::flow::register::Desk;
use passage::locale::Lang;
use passage::store::records::CounterRecord;

use crate::browser::Browser;
use crate::common::{TestApp, by_letter, on_both};

/// Three people convoked, and the clock at the first of their appointments.
async fn three_people(app: &TestApp) -> Vec<(EntryId, CounterRecord)> {
    app.publish(app.first, 1, 4, 1, 3).await;
    let mut people = Vec::new();
    for n in [1, 2, 3] {
        people.push(app.register(app.first, n).await);
    }
    app.pass(TimeDelta::days(1)).await;
    let mut convoked = Vec::new();
    for entry in people {
        convoked.push((entry, app.app.store.live_convocation(entry).await.unwrap().expect("a seat each")));
    }
    convoked.sort_by_key(|(_, convocation)| convocation.starts_at);
    let first = convoked[0].1.starts_at;
    let ahead = first - TimeDelta::hours(3) - app.now();
    app.pass(ahead).await;
    convoked
}

#[tokio::test]
async fn an_agent_ticks_the_day_off_at_the_counter() {
    on_both(async |app: TestApp| {
        let people = three_people(&app).await;
        let agent = Browser::agent(&app, "agent").await;
        let early = agent.get("/agent/comptoir").await.page();
        assert!(!early.contains("/present\""), "nobody is received hours before");
        let id = people[0].1.id;
        assert_eq!(
            agent.post(&format!("/agent/comptoir/{id}/present"), &[]).await.status,
            StatusCode::CONFLICT
        );

        app.clock.advance(TimeDelta::hours(4));
        let list = agent.get("/agent/comptoir").await.page();
        let names = ["Usager DÉMO 0001", "Usager Démo 0001"];
        assert!(names.iter().any(|name| list.contains(name)), "{list}");
        for (_, convocation) in &people {
            assert!(list.contains(&format!("/agent/comptoir/{}/present", convocation.id)));
        }
        let done = agent.post(&format!("/agent/comptoir/{id}/present"), &[]).await;
        assert!(done.to().contains("fait=present"));
        let absent = |at: usize| format!("/agent/comptoir/{}/absent", people[at].1.id);
        assert!(agent.post(&absent(1), &[]).await.to().contains("fait=absent"));
        // Who ticked what and when, and until when a colleague can correct it.
        let colleague = Browser::agent(&app, "collegue").await;
        assert!(colleague.post(&absent(0), &[]).await.to().contains("fait=absent"));
        let list = colleague.get("/agent/comptoir").await.page();
        assert!(list.contains("Absent\u{a0}: noté par agent mardi 12 janvier 2027 à"), "{list}");
        assert!(list.contains("Absent\u{a0}: noté par collegue"), "{list}");
        assert!(list.contains("Peut être corrigé jusqu&#39;à mardi 12 janvier 2027 à 20 h"), "{list}");
        let remove = format!("/agent/comptoir/{id}/effacer");
        assert!(colleague.post(&remove, &[]).await.to().contains("fait=effacer"));
        assert_eq!(colleague.post(&remove, &[]).await.status, StatusCode::CONFLICT);
        assert!(
            agent.post(&format!("/agent/comptoir/{id}/present"), &[]).await.to().contains("fait=present")
        );

        let wrong = format!("/agent/comptoir/{}/guichet", people[2].1.id);
        assert_eq!(agent.post(&wrong, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let to = app.naturalisation.to_string();
        assert!(agent.post(&wrong, &[("to_queue", &to)]).await.to().contains("fait=guichet"));

        let state = async |at: usize| app.app.store.entry(people[at].0).await.unwrap().unwrap();
        assert_eq!(state(0).await.state, EntryState::Convoked);
        app.pass(TimeDelta::hours(12)).await;
        assert_eq!(state(0).await.state, EntryState::Served);
        assert_eq!(state(1).await.state, EntryState::Waiting);
        assert_ne!(state(2).await.queue_id, app.naturalisation, "a second person approves first");
        let open = app.app.store.relocation_open(people[2].0).await.unwrap().unwrap();
        let manager = Browser::manager(&app, "responsable").await;
        manager.post(&format!("/gestion/files/{}/approuver", open.id), &[]).await.to();
        assert_eq!(state(2).await.queue_id, app.naturalisation);
        let late = Browser::agent(&app, "soir").await;
        let list = late.get("/agent/comptoir?jour=2027-01-12").await.page();
        assert!(list.contains(&people[0].1.id.to_string()) && !list.contains("/present\""), "all is final");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_missing_is_asked_for_kept_as_typed_and_corrected() {
    let app = TestApp::sqlite().await;
    let (entry, convocation) = three_people(&app).await.remove(0);
    app.clock.advance(TimeDelta::hours(3));
    let agent = Browser::agent(&app, "agent").await;
    let list = agent.get("/agent/comptoir").await.page();
    let path = format!("/agent/comptoir/{}/incomplet", convocation.id);
    assert!(list.contains(&path));
    let asked = agent.get(&path).await.page();
    assert!(asked.contains("Ce qui manquait") && asked.contains("cela ne coûte rien à la personne"));
    let refused = agent.post(&path, &[("reason", "ph")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("href=\"#reason\"") && refused.body.contains(">ph</textarea>"));
    let done = agent.post(&path, &[("reason", "photo d'identité")]).await;
    assert!(done.to().contains("fait=incomplet"));
    let list = agent.get("/agent/comptoir?fait=incomplet").await.page();
    assert!(list.contains("le dossier était incomplet"), "what was done is said");
    assert!(list.contains("Dossier incomplet\u{A0}: noté par agent mardi 12 janvier 2027 à"), "{list}");
    let page = agent.get(&format!("/agent/demandes/{entry}")).await.page();
    assert!(page.contains("Il manquait\u{A0}: «\u{A0}photo d&#39;identité\u{A0}»"), "{page}");
    let present = format!("/agent/comptoir/{}/present", convocation.id);
    assert!(agent.post(&present, &[]).await.to().contains("fait=present"));
    app.pass(TimeDelta::hours(12)).await;
    assert_eq!(app.app.store.entry(entry).await.unwrap().unwrap().state, EntryState::Served);
    let convocation = app.app.store.convocation(convocation.id).await.unwrap().unwrap();
    assert_eq!((convocation.state, convocation.reason), (ConvocationState::Attended, None));
}

#[tokio::test]
async fn somebody_else_at_the_counter_needs_a_reason() {
    let app = TestApp::sqlite().await;
    let (entry, convocation) = three_people(&app).await.remove(0);
    app.clock.advance(TimeDelta::hours(3));
    let agent = Browser::agent(&app, "agent").await;
    let path = format!("/agent/comptoir/{}/personne", convocation.id);
    agent.get(&path).await.page();
    let refused = agent.post(&path, &[("reason", "non")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("href=\"#reason\"") && refused.body.contains(">non</textarea>"));
    let done = agent.post(&path, &[("reason", "la photo n'est pas la sienne")]).await;
    assert!(done.to().contains("fait=personne"));
    let list = agent.get("/agent/comptoir?fait=personne").await.page();
    assert!(list.contains("Pas la personne\u{A0}: noté par agent"), "{list}");
    app.pass(TimeDelta::hours(12)).await;
    assert_eq!(app.app.store.entry(entry).await.unwrap().unwrap().state, EntryState::Closed);
    let convocation = app.app.store.convocation(convocation.id).await.unwrap().unwrap();
    assert_eq!(convocation.state, ConvocationState::NotThePerson);
}

#[tokio::test]
async fn the_counter_shows_other_days_and_survives_nonsense() {
    let app = TestApp::sqlite().await;
    let people = three_people(&app).await;
    let agent = Browser::agent(&app, "agent").await;
    let day = people[0].1.starts_at.date_naive();
    let before = agent.get(&format!("/agent/comptoir?jour={}", day - TimeDelta::days(1))).await.page();
    assert!(before.contains(&format!("/agent/comptoir?jour={day}")));
    let today = agent.get("/agent/comptoir?jour=").await.page();
    assert!(today.contains(&people[0].1.id.to_string()));
    for day in ["hier", "9999-12-31"] {
        let nonsense = agent.get(&format!("/agent/comptoir?jour={day}")).await;
        assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
    }
}

#[tokio::test]
async fn letters_are_printed_then_marked_as_handed_over_once() {
    on_both(async |app: TestApp| {
        let seen = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };
        let entry = app.register_by(app.renewal, &by_letter(3), seen, "by letter").await.unwrap();
        let agent = Browser::agent(&app, "agent").await;
        let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
        let page = agent.get("/agent/courriers").await.page();
        assert!(page.contains("class=\"letter\"") && page.contains(&reference));
        let letter = app.app.store.letters_due(app.prefecture, app.now(), 0, 1).await.unwrap().remove(0).id;
        agent.get(&format!("/agent/courriers/{letter}")).await.page();
        let done = format!("/agent/courriers/{letter}/fait");
        assert_eq!(agent.post(&done, &[]).await.status, StatusCode::BAD_REQUEST, "handed over, or posted?");
        assert!(agent.post(&done, &[("sent", "posted")]).await.to().ends_with("fait=courrier-poste"));
        assert_eq!(agent.post(&done, &[("sent", "handed_over")]).await.status, StatusCode::CONFLICT);
        assert!(!agent.get("/agent/courriers").await.page().contains(&reference));
        let entry = agent.get(&format!("/agent/demandes/{entry}")).await.page();
        assert!(entry.contains("posté, vendredi"), "no gateway has taken it: {entry}");
    })
    .await;
}

#[tokio::test]
async fn a_convocation_printed_again_after_its_end_says_on_the_sheet_that_it_has_ended() {
    let app = TestApp::sqlite().await;
    let (entry, convocation) = three_people(&app)
        .await
        .into_iter()
        .find(|(_, convocation)| convocation.starts_at > app.now())
        .expect("somebody");
    app.raw("UPDATE notice SET way = 'letter' WHERE kind = 'convocation'").await;
    let notices = app.app.store.notices_of(entry).await.unwrap();
    let letter = notices.iter().find(|notice| notice.kind == NoticeKind::Convocation).expect("a letter").id;
    let agent = Browser::agent(&app, "agent").await;
    let ended = "Ce rendez-vous n&#39;est plus valable";
    let day = Lang::Fr.date(Zone::PARIS.local_date(convocation.starts_at));
    let sheet = agent.get(&format!("/agent/courriers/{letter}")).await.page();
    assert!(sheet.contains(&day) && !sheet.contains(ended), "{sheet}");
    counter::give_back(&app.app, convocation.id, Actor::Holder(entry)).await.unwrap();
    let sheet = agent.get(&format!("/agent/courriers/{letter}")).await.page();
    assert!(sheet.contains(&day) && sheet.contains(ended), "{sheet}");
}

#[tokio::test]
async fn the_outbox_shows_words_and_no_whole_number() {
    let app = TestApp::sqlite().await;
    let entry = app.register(app.renewal, 1).await;
    app.pass(TimeDelta::hours(1)).await;
    let agent = Browser::agent(&app, "agent").await;
    let page = agent.get("/agent/envois").await.page();
    let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
    assert!(page.contains(&format!("Votre demande {reference} est inscrite")));
    let sent = app.gateway.sent.lock().unwrap();
    let number = &sent.first().expect("the receipt has left").to;
    assert!(!page.contains(number.as_str()) && page.contains("+33•••01"), "{number}");
}

#[tokio::test]
async fn a_manager_excuses_whom_the_counter_could_not_receive() {
    on_both(async |app: TestApp| {
        let (entry, convocation) = three_people(&app).await.remove(0);
        let path = format!("/agent/comptoir/{}/empechement", convocation.id);
        let reason = [("reason", "panne de courant de 9 h à 10 h")];
        let agent = Browser::agent(&app, "agent").await;
        let manager = Browser::manager(&app, "responsable").await;
        assert_eq!(manager.post(&path, &reason).await.status, StatusCode::CONFLICT, "its time has not come");
        app.clock.advance(TimeDelta::hours(4));
        assert_eq!(agent.post(&path, &reason).await.status, StatusCode::FORBIDDEN);
        assert!(!agent.get("/agent/comptoir").await.page().contains("/empechement"));
        assert!(manager.get("/agent/comptoir").await.page().contains(&path));
        assert!(manager.get(&path).await.page().contains("passe en premier"));
        assert_eq!(manager.post(&path, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(manager.post(&path, &reason).await.to().contains("fait=empechement"));
        let state = app.app.store.entry(entry).await.unwrap().unwrap();
        assert_eq!(
            (state.state, state.standing.displaced, state.paused_until),
            (EntryState::Waiting, false, None)
        );
        // Alone, a manager lets nobody go first.
        let list = manager.get("/gestion/priorites").await.page();
        assert!(
            list.contains("panne de courant") && list.contains("Une personne") && list.contains("/retirer")
        );
        let open = app.app.store.compensations_pending(app.prefecture).await.unwrap().remove(0).id;
        let path = format!("/gestion/passages/{open}");
        assert_eq!(manager.post(&format!("{path}/approuver"), &[]).await.status, StatusCode::CONFLICT);
        let other = Browser::manager(&app, "collègue").await;
        let list = other.get("/gestion/priorites").await.page();
        assert!(list.contains(&format!("{path}/approuver")) && list.contains("Depuis aujourd"), "{list}");
        assert!(other.get("/agent").await.page().contains("passage en premier à approuver"));
        assert!(other.post(&format!("{path}/approuver"), &[]).await.to().contains("fait=passage&n=1"));
        assert!(app.app.store.entry(entry).await.unwrap().unwrap().standing.displaced);
        app.tick().await;
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test]
async fn an_appointment_nobody_ticked_is_asked_for_until_somebody_does() {
    let app = TestApp::sqlite().await;
    three_people(&app).await;
    app.clock.advance(TimeDelta::days(90));
    let agent = Browser::agent(&app, "agent").await;
    let overview = agent.get("/agent").await.page();
    assert!(overview.contains("rendez-vous passés à pointer"), "{overview}");
}

#[tokio::test]
async fn a_page_that_has_grown_old_overwrites_no_colleagues_tick_and_the_history_says_which() {
    let app = TestApp::sqlite().await;
    let (entry, convocation) = three_people(&app).await.remove(0);
    app.clock.advance(TimeDelta::hours(3));
    let agent = Browser::agent(&app, "agent").await;
    let other = Browser::agent(&app, "autre").await;
    let tick = |what: &str| format!("/agent/comptoir/{}/{what}", convocation.id);
    assert!(other.post(&tick("present"), &[("noted", "")]).await.to().contains("fait=present"));
    let stale = agent.post(&tick("absent"), &[("noted", "")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    assert!(stale.body.contains("href=\"/agent\""), "and the way back is the agents'");
    let list = agent.get("/agent/comptoir").await.page();
    assert!(list.contains("name=\"noted\" value=\"served\""), "{list}");
    assert!(agent.post(&tick("absent"), &[("noted", "served")]).await.to().contains("fait=absent"));
    let page = agent.get(&format!("/agent/demandes/{entry}")).await.page();
    for said in ["pointage (reçu)", "pointage corrigé (absent)", "rendez-vous donné"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    app.pass(TimeDelta::hours(12)).await;
    let agent = Browser::agent(&app, "troisieme").await;
    let page = agent.get(&format!("/agent/demandes/{entry}")).await.page();
    assert!(page.contains("fin du rendez-vous ("), "{page}");
    // A button pressed after the session has ended did nothing, and says so.
    app.real.advance(TimeDelta::hours(13));
    let over = agent.post(&tick("present"), &[("noted", "served")]).await;
    assert_eq!(over.to(), "/agent/connexion?session=finie");
    assert!(agent.get(over.to()).await.page().contains("Rien n&#39;a été noté"));
}
