//! Whoever decides what another has proposed reads what it would do, in figures: of those who wait now, by the rules.

use chrono::TimeDelta;
use passage::domain::actor::{Actor, Role};
use passage::domain::entry::EntryState;
use passage::domain::rules::{Mode, Rules};
use passage::flow::effects::{Effect, Effects, Listed, Rank, of_annulment};
use passage::flow::register::Desk;
use passage::flow::{entries, relocation, rules};
use passage::store::commands::EntryChange;

use crate::browser::Browser;
use crate::common::{TestApp, on_both, person};

/// Five who wait, of whom one is paused, and one whom nobody has verified.
async fn five(app: &TestApp) -> Vec<passage::domain::ids::EntryId> {
    let mut people = Vec::new();
    for n in 0..5 {
        people.push(app.register(app.first, n).await);
    }
    app.register_by(app.first, &person(6), Desk::ONLINE, "declared").await.unwrap();
    entries::change(&app.app, people[4], EntryChange::Pause, Actor::Holder(people[4])).await.unwrap();
    people
}

fn rank(before: u32, beside: u32) -> Rank {
    Rank { before, beside, chance: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_priority_says_how_many_it_passes() {
    on_both(async |app: TestApp| {
        let people = five(&app).await;
        let [one, two] = [app.staff("une", Role::Agent).await, app.staff("deux", Role::Agent).await];
        entries::grant(&app.app, people[0], 0, "opération prévue", one).await.unwrap();
        let effect = Effects::new(&app.app).of_priority(people[0]).await.unwrap();
        assert_eq!(effect, Effect { others: 3, now: Some(rank(0, 3)), then: rank(0, 0) });
        let page = Browser::manager(&app, "responsable").await.get("/gestion/priorites").await.page();
        let page = page.replace('\u{a0}', " ").replace("&#39;", "'");
        for said in [
            "Une liste faite maintenant contient 3 autres personnes.",
            "Aujourd'hui : 0 avant cette demande, 3 au même rang. Après accord : 0 avant elle, 0 au même rang.",
        ] {
            assert!(page.contains(said), "{page}");
        }
        let open = app.app.store.privileges_pending(app.prefecture).await.unwrap().remove(0).id;
        entries::approve_priority(&app.app, open, two).await.unwrap();
        // Whoever is not prior comes after it; who is paused is in no list.
        let mut effects = Effects::new(&app.app);
        let effect = effects.of_priority(people[1]).await.unwrap();
        assert_eq!((effect.now, effect.then), (Some(rank(1, 2)), rank(0, 1)));
        assert_eq!(effects.of_priority(people[4]).await.unwrap().now, None);
        assert_eq!(effects.of_priority(people[4]).await.unwrap().others, 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_queue_says_where_it_leads() {
    on_both(async |app: TestApp| {
        let people = five(&app).await;
        for n in 20..22 {
            app.register(app.naturalisation, n).await;
        }
        let one = app.staff("une", Role::Agent).await;
        relocation::propose(&app.app, people[0], app.naturalisation, "Autre démarche", one).await.unwrap();
        let effect = Effects::new(&app.app).of_move(people[0], app.naturalisation).await.unwrap();
        assert_eq!(effect, Effect { others: 2, now: Some(rank(0, 3)), then: rank(0, 2) });
        let page = Browser::manager(&app, "responsable").await.get("/gestion/priorites").await.page();
        assert!(page.contains("une liste faite maintenant a 2 personnes"), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reserve_says_who_has_it_already() {
    on_both(async |app: TestApp| {
        let people = five(&app).await;
        let one = app.staff("une", Role::Agent).await;
        let label = app.app.store.rules(app.first, 1).await.unwrap().reserves[0].label;
        let deadline =
            EntryChange::DeadlineSeen { deadline: "2027-04-30".parse().unwrap(), kind: "other".into() };
        for n in [0, 4] {
            entries::change(&app.app, people[n], deadline.clone(), Actor::Staff(one)).await.unwrap();
            entries::grant(&app.app, people[n], label, "ordonnance vue", one).await.unwrap();
        }
        // The one who is paused is in no list.
        let holders = Effects::new(&app.app).of_reserve(app.first, label).await.unwrap();
        assert_eq!(holders.1, 4);
        assert!(holders.0 <= 1, "{holders:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_say_what_becomes_of_those_who_wait() {
    on_both(async |app: TestApp| {
        five(&app).await;
        app.pass(TimeDelta::days(1)).await;
        let current: Rules = app.app.store.rules(app.first, 1).await.unwrap();
        let mode = if current.mode == Mode::Arrival { Mode::Lottery } else { Mode::Arrival };
        let then = Rules { mode, admit_declared: !current.admit_declared, ..current.clone() };
        let (now, after) = Effects::new(&app.app).of_rules(app.first, &then).await.unwrap();
        let by_arrival = |listed: &Listed, rules: &Rules| {
            let before = if rules.mode == Mode::Arrival { listed.people } else { 0 };
            assert_eq!(
                (listed.people, listed.newcomer.before),
                (4 + u32::from(rules.admit_declared), before)
            );
        };
        by_arrival(&now, &current);
        by_arrival(&after, &then);
        let one = app.staff("une", Role::Manager).await;
        rules::propose(&app.app, app.first, then, "Essai de règles", one).await.unwrap();
        let slug = app.app.store.directory().await.unwrap().queue(app.first).unwrap().slug.clone();
        let manager = Browser::manager(&app, "responsable").await;
        let page = manager.get(&format!("/gestion/regles/{slug}")).await.page();
        for label in ["Personnes dans une liste faite maintenant", "Passent avant une personne inscrite"] {
            assert!(page.contains(label), "{page}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_annulment_says_whom_it_takes_what_from() {
    on_both(async |app: TestApp| {
        for n in 0..5 {
            app.register(app.first, n).await;
        }
        app.publish(app.first, 1, 4, 1, 2).await;
        app.tick().await;
        let newest = async || app.app.store.draws_of(app.first, 1).await.unwrap().remove(0);
        app.pass(newest().await.freeze_at - app.now()).await;
        let draw = newest().await;
        assert_eq!(of_annulment(&app.app, draw.id).await.unwrap(), (0, 0), "nobody has lost or won yet");
        app.pass(draw.seed_at - app.now()).await;
        assert_eq!(of_annulment(&app.app, draw.id).await.unwrap(), (2, 3));
        let mut effects = Effects::new(&app.app);
        let waiting = app.app.store.entries_in(app.prefecture, EntryState::Waiting, 9).await.unwrap();
        let chance = effects.of_priority(waiting[0].id).await.unwrap().then.chance;
        assert_eq!(chance, Some(1.0), "with two seats as in the last draw");
    })
    .await;
}
