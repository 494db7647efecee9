//! Whoever decides what another has proposed reads what it would do, in figures: of those who wait now, by the rules.

use chrono::TimeDelta;
use passage::domain::actor::{Actor, Role};
use passage::domain::rules::{Mode, Rules};
use passage::flow::register::Desk;
use passage::flow::{effects, entries, relocation, rules};
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

#[tokio::test(flavor = "multi_thread")]
async fn a_priority_says_how_many_it_passes() {
    on_both(async |app: TestApp| {
        let people = five(&app).await;
        let [one, two] = [app.staff("une", Role::Agent).await, app.staff("deux", Role::Agent).await];
        entries::grant(&app.app, people[0], 0, "opération prévue", one).await.unwrap();
        let effect = effects::of_priority(&app.app, people[0], 0).await.unwrap().unwrap();
        let (now, then) = (effects::Rank { before: 0, beside: 3 }, effects::Rank { before: 0, beside: 0 });
        assert_eq!(effect, effects::Effect { others: 3, now, then });
        let page = Browser::manager(&app, "responsable").await.get("/gestion/priorites").await.page();
        let said = "3 autres personnes attendent. Passent avant cette demande : 0 aujourd&#39;hui, 0 après \
                    votre accord. Au même rang : 3 aujourd&#39;hui, 0 après.";
        assert!(page.replace('\u{a0}', " ").contains(said), "{page}");
        let open = app.app.store.privileges_pending(app.prefecture).await.unwrap().remove(0).id;
        entries::approve_priority(&app.app, open, two).await.unwrap();
        // Whoever is not prior comes after it.
        let effect = effects::of_priority(&app.app, people[1], 0).await.unwrap().unwrap();
        assert_eq!(
            (effect.now, effect.then),
            (effects::Rank { before: 1, beside: 2 }, effects::Rank { before: 0, beside: 1 },)
        );
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
        let effect = effects::of_move(&app.app, people[0], app.naturalisation).await.unwrap();
        assert_eq!((effect.others, effect.now.beside), (2, 3));
        assert_eq!(effect.then.before + effect.then.beside, 2);
        let page = Browser::manager(&app, "responsable").await.get("/gestion/priorites").await.page();
        assert!(page.contains("sur 2 en attente"), "{page}");
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
        let (now, after) = effects::of_rules(&app.app, app.first, &then).await.unwrap();
        let by_arrival = |listed: &effects::Listed, rules: &Rules| {
            let before = if rules.mode == Mode::Arrival { listed.people } else { 0 };
            assert_eq!(
                (listed.people, listed.before_a_newcomer),
                (4 + u32::from(rules.admit_declared), before)
            );
        };
        by_arrival(&now, &current);
        by_arrival(&after, &then);
        let one = app.staff("une", Role::Manager).await;
        rules::propose(&app.app, app.first, then, "Essai de règles", one).await.unwrap();
        let slug = app.app.store.directory().await.unwrap().queue(app.first).unwrap().slug.clone();
        let page =
            Browser::manager(&app, "responsable").await.get(&format!("/gestion/regles/{slug}")).await.page();
        for label in ["Personnes dans une liste faite maintenant", "Passent avant une personne inscrite"] {
            assert!(page.contains(label), "{page}");
        }
    })
    .await;
}
