//! Whoever was decided about by a draw may ask that a person looks: the request is followed to its answer.

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::actor::Actor;
use passage::domain::alarm::AlarmKind;
use passage::domain::notice::{NoticeKind, Way};
use passage::domain::refusal::Refusal;
use passage::flow::outbox::letter;
use passage::flow::people::Reader;
use passage::flow::people::erasure::on_request;
use passage::flow::read::notices::Notice;
use passage::flow::{FlowError, entries, health, reviews};
use passage::store::commands::EntryChange;

use crate::common::{TestApp, by_letter, on_both};
use crate::web::Browser;
use crate::{SEEN, somebody};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_a_review_is_answered_and_told() {
    on_both(async |app: TestApp| {
        let agent = app.reader("guichet").await;
        let entry = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
        let mut browser = Browser::of(&app.app);
        browser.submit("/s", &[("reference", &reference), ("birth_date", "05/01/1990")]).await;
        let page = browser.get("/s/examen").await;
        page.assert_says("30 jours au plus");
        let token = page.hidden("jeton");
        let mut request = async |text: &str| {
            browser.post("/s/examen", &[("jeton", token.as_str()), ("review", text)]).await
        };
        let short = request("non").await;
        assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(short.body.contains("href=\"#review\""), "{}", short.body);
        let text = "Mon titre expire avant\r\nla date du tirage";
        for again in [text, text] {
            assert!(request(again).await.status.is_redirection(), "sent twice, it is asked once");
        }
        assert_eq!(request("Autre chose encore").await.status, StatusCode::CONFLICT);
        browser.get("/s/examen").await.assert_says("Réponse attendue au plus tard le");

        let open = reviews::open(&app.app, app.prefecture, (0, 9)).await.unwrap();
        assert_eq!(open.len(), 1);
        assert_eq!(open[0].due_at - open[0].asked_at, TimeDelta::days(30));
        assert_eq!(app.app.store.reviews_late(app.now()).await.unwrap(), 0);
        app.clock.advance(TimeDelta::days(31));
        let report = health::report(&app.app).await;
        assert!(report.alarms.iter().any(|alarm| alarm.kind == AlarmKind::ReviewLate));
        reviews::answer(&app.app, &open[0], "Nous avons relu votre dossier.", agent.id).await.unwrap();
        assert_eq!(app.app.store.reviews_late(app.now()).await.unwrap(), 0);
        let twice = reviews::answer(&app.app, &open[0], "Une autre réponse", agent.id).await;
        assert!(matches!(twice, Err(FlowError::Refused(Refusal::ReviewAnswered))), "{twice:?}");
        let notices = app.app.store.notices_of(entry).await.unwrap();
        assert!(notices.iter().any(|notice| notice.kind == NoticeKind::ReviewAnswered));
        app.pass(TimeDelta::hours(12)).await;
        let sent = app.gateway.sent.lock().unwrap().iter().map(|one| one.text.clone()).collect::<Vec<_>>();
        assert!(sent.iter().any(|text| text.contains("a répondu à votre demande d'examen")), "{sent:?}");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_letters_reads_the_answer_in_one_and_nothing_is_erased_before_it() {
    on_both(async |app: TestApp| {
        let agent = app.reader("guichet").await;
        let entry = app.register_by(app.first, &by_letter(5), SEEN, "letter").await.unwrap();
        reviews::ask(&app.app, entry, "Elle ne comprend pas la lettre", Some(agent.id)).await.unwrap();
        let actor = Actor::Staff(agent.id);
        entries::change(&app.app, entry, EntryChange::Withdraw, actor).await.unwrap();
        let early = on_request(&app.app, entry, actor).await;
        assert!(matches!(early, Err(FlowError::Refused(Refusal::ErasureWaits))), "{early:?}");
        let review = reviews::of(&app.app, entry).await.unwrap().remove(0);
        reviews::answer(&app.app, &review, "La place reste la vôtre.", agent.id).await.unwrap();
        let notices = app.app.store.notices_of(entry).await.unwrap();
        let answered = notices.into_iter().find(|one| one.kind == NoticeKind::ReviewAnswered).unwrap();
        assert_eq!(answered.way, Way::Letter);
        let sheet = letter::sheet(&app.app, &Notice::from(answered), Reader::Program).await.unwrap();
        assert!(sheet.rendered.text.contains("La place reste la vôtre."), "{}", sheet.rendered.text);
        // An agent erases nobody who has just been told; the person may.
        let early = on_request(&app.app, entry, actor).await;
        assert!(matches!(early, Err(FlowError::Refused(Refusal::ErasureWaits))), "{early:?}");
        for letter in app.app.store.letters_due(app.prefecture, app.now(), 0, 9).await.unwrap() {
            let handed = passage::domain::letter::Sent::HandedOver;
            letter::done(&app.app, &Notice::from(letter), handed, agent.id).await.unwrap();
        }
        app.clock.advance(TimeDelta::days(3));
        on_request(&app.app, entry, Actor::Holder(entry)).await.unwrap();
        assert!(matches!(
            reviews::ask(&app.app, entry, "Encore une demande", Some(agent.id)).await,
            Err(FlowError::Refused(Refusal::EntryEnded))
        ));
        assert_eq!(reviews::of(&app.app, entry).await.unwrap()[0].request, "", "nobody reads it any more");
        app.assert_sound().await;
    })
    .await;
}
