//! The status page, the receipt and the agent's page say the same of a person, whatever has happened to
//! them; and none of them says what is not true.

#[allow(dead_code, reason = "each test file uses its own part")]
#[path = "web_staff/browser.rs"]
mod browser;
mod common;
#[path = "common/web.rs"]
mod web;

use browser::Browser;
use chrono::TimeDelta;
use common::{PASSWORD, TestApp, on_both, person};
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::availability::{Absence, Availability};
use passage::domain::entry::ConvocationEvent;
use passage::domain::ids::EntryId;
use passage::domain::local_time::Zone;
use passage::domain::notice::{NoticeKind, Way};
use passage::flow::register::{Desk, Registration};
use passage::flow::status::holder;
use passage::flow::texts::{Topic, rendered};
use passage::locale::Lang;
use passage::store::commands::EntryChange;

const RECEIPT: Topic = Topic { kind: NoticeKind::Receipt, way: Way::Letter, convocation: None };

const OPENS: &str = "id=\"situation\" class=\"alert-title\">";

/// What the three pages say.
struct Pages {
    holder: web::Browser,
    status: String,
    receipt: String,
    agent: String,
}

impl Pages {
    /// Reads them a moment later than what was done: figures may be two seconds old.
    async fn of(test: &TestApp, agent: &mut Browser, entry: EntryId) -> Self {
        test.clock.advance(TimeDelta::seconds(3));
        let record = test.app.store.entry(entry).await.unwrap().unwrap();
        let holder = passage::flow::status::holder(&test.app, entry, passage::flow::people::Reader::Program)
            .await
            .unwrap();
        let fields =
            [("reference", record.reference.as_str()), ("birth_date", holder.person.birth_date.as_str())];
        let mut holder = web::Browser::of(&test.app);
        let status = holder.submit("/s", &fields).await;
        assert!(status.body.contains(OPENS), "{}", status.body);
        // Days may have passed, and the session with them.
        if agent.get("/agent").await.status.is_redirection() {
            agent.sign_in("agent", PASSWORD).await.to();
        }
        Self {
            status: status.body,
            holder,
            receipt: agent.get(&format!("/agent/demandes/{entry}/recu")).await.page(),
            agent: agent.get(&format!("/agent/demandes/{entry}")).await.page(),
        }
    }

    fn headline(page: &str) -> &str {
        page.split_once(OPENS).unwrap().1.split_once("</h2>").unwrap().0
    }

    #[track_caller]
    fn say(&self, headline: &str) {
        let headline = headline.replace('\'', "&#39;");
        assert_eq!(Self::headline(&self.status), headline);
        assert_eq!(Self::headline(&self.agent), headline);
        assert!(self.receipt.contains(&format!("<h2>{headline}</h2>")), "{headline}: {}", self.receipt);
    }

    /// The same sentence on all three.
    #[track_caller]
    fn all_say(&self, sentence: &str) {
        let sentence = sentence.replace('\'', "&#39;");
        for page in [&self.status, &self.receipt, &self.agent] {
            assert!(page.contains(&sentence), "{sentence}: {page}");
        }
    }

    /// On none of them.
    #[track_caller]
    fn none_says(&self, words: &str) {
        let words = words.replace('\'', "&#39;");
        for page in [&self.status, &self.receipt, &self.agent] {
            assert!(!page.contains(&words), "{words}: {page}");
        }
    }
}

async fn change(test: &TestApp, entry: EntryId, change: EntryChange) {
    test.app.store.change_entry(entry, change, Actor::System, test.now()).await.unwrap();
}

/// Registers at the counter, as [`TestApp::register`], with something else than usual.
async fn register(test: &TestApp, n: u32, other: impl FnOnce(&mut Registration)) -> EntryId {
    let mut typed = person(n);
    other(&mut typed);
    let desk = Desk { document_seen: true, channel: Channel::Counter, ..Desk::ONLINE };
    test.register_by(test.first, &typed, desk, &format!("key-{n}")).await.unwrap()
}

#[tokio::test]
async fn who_waits_is_told_whether_the_next_draw_can_give_them_something() {
    on_both(async |test: TestApp| {
        let mut agent = Browser::agent(&test, "agent").await;
        let one = test.register(test.first, 1).await;
        let pages = Pages::of(&test, &mut agent, one).await;
        pages.say("Vous êtes dans la file, mais aucun rendez-vous n'est encore publié");
        pages.all_say("Vous n'avez rien à faire.");
        pages.none_says("est en ordre");
        // Far beyond the reach of the next draw, on weekdays that it will offer.
        test.publish(test.first, 1, 20, 7, 1).await;
        Pages::of(&test, &mut agent, one)
            .await
            .say("Vous êtes dans la file, mais aucun créneau publié ne vous convient encore");
        test.publish(test.first, 1, 4, 5, 2).await;
        let pages = Pages::of(&test, &mut agent, one).await;
        pages.say("Vous êtes dans la file");
        assert!(pages.status.contains("fr-alert--success"));

        let sites = test.anything().await.sites;
        let sundays = Availability { weekdays: vec![6], ..Availability::anything(sites.clone()) };
        change(&test, one, EntryChange::Availability(sundays)).await;
        let pages = Pages::of(&test, &mut agent, one).await;
        pages.say("Aucun créneau ne correspond à vos disponibilités");
        pages.all_say("Changez vos disponibilités");
        pages.none_says("Vous n'avez rien à faire");
        pages.none_says("huit personnes sur dix");
        pages.none_says("Prochains tirages");
        let holder = passage::flow::status::holder(&test.app, one, passage::flow::people::Reader::Program)
            .await
            .unwrap();
        let letter = rendered(&holder, RECEIPT, None, "http://localhost").text;
        assert!(letter.contains("Aucun créneau ne correspond à vos disponibilités."), "{letter}");
        assert!(pages.status.contains("href=\"#disponibilites\""));

        let today = test.now().date_naive();
        let away = Availability {
            absences: vec![Absence { from: today, to: today + TimeDelta::days(40) }],
            ..Availability::anything(sites)
        };
        change(&test, one, EntryChange::Availability(away)).await;
        Pages::of(&test, &mut agent, one).await.say("Vous ne pouvez pas venir aux jours du prochain tirage");

        let letters = register(&test, 2, |typed| {
            typed.phone.clear();
            typed.email.clear();
        });
        let pages = Pages::of(&test, &mut agent, letters.await).await;
        pages.say("Un courrier arriverait trop tard pour le prochain tirage");
        pages.all_say("Vos convocations sont des courriers");
        pages.none_says("Par SMS");
        assert!(pages.status.contains("un courrier, remis au guichet ou posté"));

        let late = register(&test, 4, |typed| typed.deadline = "09/01/2027".into()).await;
        let pages = Pages::of(&test, &mut agent, late).await;
        pages.say("Votre échéance vient avant le rendez-vous");
        pages.all_say("Contactez la préfecture sans attendre");
        let expired = register(&test, 7, |typed| typed.deadline = "07/01/2027".into()).await;
        Pages::of(&test, &mut agent, expired).await.say("Votre échéance est passée");

        let declared = test.register_by(test.first, &person(8), Desk::ONLINE, "declared").await.unwrap();
        let pages = Pages::of(&test, &mut agent, declared).await;
        pages.say("Il reste à vérifier votre identité");
        pages.all_say("Montrez un document d'identité à un agent");
        assert!(pages.status.contains("Dès que votre identité est vérifiée"));
    })
    .await;
}

#[tokio::test]
async fn a_pause_is_the_headline_and_its_end_a_button_and_no_draw_is_promised() {
    let test = TestApp::sqlite().await;
    let mut agent = Browser::agent(&test, "agent").await;
    test.publish(test.first, 1, 4, 5, 2).await;
    let one = test.register(test.first, 1).await;
    change(&test, one, EntryChange::Pause).await;
    let pages = Pages::of(&test, &mut agent, one).await;
    pages.say("Votre demande est en pause");
    pages.all_say("Reprenez votre demande pour entrer dans les tirages.");
    pages.none_says("Prochains tirages");
    assert!(pages.status.contains("action=\"/s/reprise\"") && !pages.status.contains("action=\"/s/pause\""));

    let two = [test.staff("une", Role::Manager).await, test.staff("deux", Role::Manager).await];
    test.move_to(one, test.renewal, two).await;
    let pages = Pages::of(&test, &mut agent, one).await;
    pages.say("Votre demande est en pause");
    pages.all_say("Elle est maintenant dans la file «\u{a0}Renouvellement de titre de séjour\u{a0}».");
    change(&test, one, EntryChange::Resume).await;
    Pages::of(&test, &mut agent, one).await.all_say("Votre demande a changé de file");

    change(&test, one, EntryChange::Withdraw).await;
    let pages = Pages::of(&test, &mut agent, one).await;
    pages.say("Votre demande est retirée");
    pages.none_says("est inscrit ou inscrite");
    pages.none_says("Prochains tirages");
    pages.none_says("Comment nous vous prévenons");
    assert!(
        pages.status.contains("a été inscrit ou inscrite")
            && pages.receipt.contains("a été inscrit ou inscrite")
    );
    assert!(pages.receipt.contains("<dt>Fin</dt>"));
    let other = test.register(test.first, 2).await;
    test.close_as_duplicate(other, 2).await;
    Pages::of(&test, &mut agent, other).await.say("Cette demande est fermée, l'autre continue");
}

#[tokio::test]
async fn from_the_list_to_the_counter_each_page_says_the_same() {
    on_both(async |test: TestApp| {
        let mut agent = Browser::agent(&test, "agent").await;
        test.publish(test.first, 1, 4, 1, 3).await;
        let mut people = Vec::new();
        for n in [1, 2, 4] {
            people.push(test.register(test.first, n).await);
        }
        let sundays = Availability { weekdays: vec![6], ..test.anything().await };
        let without = test.register(test.first, 7).await;
        change(&test, without, EntryChange::Availability(sundays)).await;
        // The list closes at six, local time; the draw is three hours later.
        test.pass(TimeDelta::hours(10)).await;
        let pages = Pages::of(&test, &mut agent, people[0]).await;
        pages.say("La liste est fermée et vous y êtes");
        pages.all_say("Le tirage est prévu vendredi 8 janvier 2027 à 21 h.");
        let pages = Pages::of(&test, &mut agent, without).await;
        pages.say("La liste est fermée, mais aucune de ses places ne vous convient");
        pages.none_says("Vous n'avez rien à faire");
        change(&test, people[0], EntryChange::Pause).await;
        let pages = Pages::of(&test, &mut agent, people[0]).await;
        pages.say("La liste est fermée et vous y êtes");
        pages.all_say("Votre demande est en pause");
        pages.none_says("Vous n'avez rien à faire");
        change(&test, people[0], EntryChange::Resume).await;

        test.pass(TimeDelta::hours(4)).await;
        let mut convoked = Vec::new();
        for entry in people {
            convoked.push((test.app.store.live_convocation(entry).await.unwrap().unwrap(), entry));
        }
        convoked.sort_by_key(|(live, _)| live.starts_at);
        let pages = Pages::of(&test, &mut agent, convoked[0].1).await;
        pages.say("Vous avez un rendez-vous");
        pages.all_say("Il est mardi 12 janvier 2027 à 9 h, Site du Centre.");
        let last = convoked.pop().unwrap();
        end(&test, last.0.id, ConvocationEvent::Cancel).await;
        Pages::of(&test, &mut agent, last.1).await.all_say("Votre rendez-vous est rendu");

        let first = convoked[0].0.starts_at;
        test.pass(first - TimeDelta::hours(1) - test.now()).await;
        let pages = Pages::of(&test, &mut agent, convoked[0].1).await;
        pages.say("Vous avez un rendez-vous aujourd'hui");
        test.pass(TimeDelta::minutes(90)).await;
        let pages = Pages::of(&test, &mut agent, convoked[0].1).await;
        pages.say("L'heure de votre rendez-vous est passée");
        pages.all_say("La préfecture n'a pas encore noté si vous y étiez.");
        pages.none_says("Venez");
        pages.none_says("Votre convocation</h2>");
        assert!(!pages.receipt.contains("Retirer votre demande"), "its time has come");
        end(&test, convoked[0].0.id, ConvocationEvent::Attend).await;
        let pages = Pages::of(&test, &mut agent, convoked[0].1).await;
        pages.say("Votre demande est terminée");
        pages.none_says("est inscrit ou inscrite");

        end(&test, convoked[1].0.id, ConvocationEvent::Miss).await;
        let pages = Pages::of(&test, &mut agent, convoked[1].1).await;
        pages.say("Un rendez-vous manqué ou rendu tard aura une suite mercredi 27 janvier 2027 à 9 h 30");
        assert!(pages.status.contains("Contester en ligne"), "{}", pages.status);
        test.pass(TimeDelta::days(21)).await;
        let pages = Pages::of(&test, &mut agent, convoked[1].1).await;
        let until = holder(&test.app, convoked[1].1, passage::flow::people::Reader::Program)
            .await
            .unwrap()
            .entry
            .paused_until
            .unwrap();
        let until = Lang::Fr.instant(until, Zone::PARIS);
        pages.say(&format!("Votre demande est hors des tirages jusqu'au {until}"));
        // The lists of these thirty days are none of theirs.
        pages.none_says("2 février 2027 à 18 h");
        assert!(pages.status.contains("<li>vendredi 26 février 2027 à 18 h</li>"), "{}", pages.status);
        test.assert_sound().await;
    })
    .await;
}

async fn end(test: &TestApp, id: passage::domain::ids::ConvocationId, event: ConvocationEvent) {
    test.app.store.end_convocation(id, event, None, Actor::System, test.now()).await.unwrap();
}

#[tokio::test]
async fn ones_own_odds_are_one_figure_wherever_they_stand() {
    let test = TestApp::sqlite().await;
    let mut agent = Browser::agent(&test, "agent").await;
    test.publish(test.renewal, 1, 8, 5, 1).await;
    let mut people = Vec::new();
    for n in 1..=11 {
        people.push(test.register(test.renewal, n).await);
    }
    let pages = Pages::of(&test, &mut agent, people[0]).await;
    assert!(pages.status.contains("Pas encore de tirage") && pages.receipt.contains("Pas encore de tirage"));
    assert!(!pages.status.contains("0 %"), "{}", pages.status);
    // The list of Monday.
    test.pass(TimeDelta::days(4)).await;
    let mut lost = None;
    for (entry, n) in people.iter().zip(1_u32..) {
        let record = test.app.store.entry(*entry).await.unwrap().unwrap();
        if record.standing.draws_survived == 1 && !n.is_multiple_of(5) {
            lost = Some(*entry);
        }
    }
    let lost = lost.expect("eleven people and five seats");
    let mut pages = Pages::of(&test, &mut agent, lost).await;
    let odds = pages.status.split("Au prochain tirage, environ ").nth(1).expect("the odds").split('<').next();
    let odds = format!("Au prochain tirage, environ {}", odds.unwrap());
    assert!(odds.contains(" % de chances"), "{odds}");
    for said in [
        odds.as_str(),
        "1 tirage sans place compte pour vous.",
        "Votre poids est de 2 sur 8 au plus",
        "Encore 7 tirages",
    ] {
        assert!(pages.receipt.contains(said) && pages.status.contains(said), "{said}: {}", pages.receipt);
    }
    // The place that chance gave is explained where a past draw is, and nowhere else.
    assert!(!pages.status.contains("Votre place") && !pages.status.contains("rang"), "{}", pages.status);
    let draw = pages.status.split_once("href=\"/s/preuve/").unwrap().1.split_once('"').unwrap().0;
    let proof = pages.holder.get(&format!("/s/preuve/{draw}")).await;
    proof.assert_says("Le sort vous a donné le rang");
    proof.assert_says(&odds);
}
