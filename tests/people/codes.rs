//! A lost reference is found by a code to the contact that is known, and how one is reached is changed by one. Whoever is
//! not known reads the same, five codes are looked at, and nobody else gets in.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::TimeDelta;
use passage::domain::actor::{Actor, Role};
use passage::domain::ids::EntryId;
use passage::flow::people::codes::{NewContact, set_contact};
use passage::flow::people::{Reader, reveal};
use passage::flow::register::Registration;

use crate::common::{TestApp, depth, on_both};
use crate::web::{Answer, Browser};
use crate::{SEEN, somebody};

const ASK: &str = "/s/retrouver";
const CODE: &str = "/s/retrouver/code";
const KNOWN: [(&str, &str); 2] = [("contact", "06 39 98 00 42"), ("birth_date", "05/01/1990")];

/// The texts that left to a number, once the task that sends them has run.
async fn sent_to(app: &TestApp, number: &str) -> Vec<String> {
    for _ in 0..50 {
        let texts: Vec<String> = {
            let sent = app.gateway.sent.lock().unwrap();
            sent.iter().filter(|one| one.to == number).map(|one| one.text.clone()).collect()
        };
        if !texts.is_empty() {
            return texts;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Vec::new()
}

fn digits(text: &str) -> String {
    let run = text.split(|letter: char| !letter.is_ascii_digit()).find(|run| run.len() == 6);
    run.unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

async fn last_code(app: &TestApp, number: &str) -> String {
    digits(sent_to(app, number).await.last().expect("a code left"))
}

async fn ask(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let answer = browser.submit(ASK, fields).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reference_is_found_by_a_code_and_a_stranger_reads_the_same() {
    on_both(async |app: TestApp| {
        let entry = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
        let mut browser = Browser::of(&app.app);
        let asked = ask(&mut browser, &KNOWN).await;
        let code = last_code(&app, "+33639980042").await;
        for stranger in [
            [("contact", "06 39 98 00 43"), ("birth_date", "05/01/1990")],
            [("contact", "06 39 98 00 42"), ("birth_date", "06/01/1990")],
            [("contact", "personne@example.org"), ("birth_date", "05/01/1990")],
        ] {
            let other = ask(&mut Browser::of(&app.app), &stranger).await;
            let same = |answer: &Answer| answer.body.replace(&answer.hidden("ticket"), "");
            assert_eq!(same(&other), same(&asked), "nothing tells who is known");
            let guess = Browser::of(&app.app)
                .submit(CODE, &[("ticket", &other.hidden("ticket")), ("code", &code)])
                .await;
            assert_eq!(guess.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(sent_to(&app, "+33639980042").await.len(), 1, "a wrong date sends nothing");
        let ticket = asked.hidden("ticket");
        let typed = format!("{} {}", &code[..3], &code[3..]);
        let opened = browser.submit(CODE, &[("ticket", &ticket), ("code", &typed)]).await;
        opened.assert_says(&reference);
        let again = Browser::of(&app.app).submit(CODE, &[("ticket", &ticket), ("code", &code)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "good once");

        let late = ask(&mut Browser::of(&app.app), &KNOWN).await;
        let texts = async || sent_to(&app, "+33639980042").await;
        while texts().await.len() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let code = last_code(&app, "+33639980042").await;
        app.real.advance(TimeDelta::minutes(10));
        let late =
            Browser::of(&app.app).submit(CODE, &[("ticket", &late.hidden("ticket")), ("code", &code)]).await;
        late.assert_says("ne sert plus");
        let bad = Browser::of(&app.app).submit(ASK, &[("contact", "12"), ("birth_date", "x")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_family_on_one_phone_chooses_among_its_own() {
    on_both(async |app: TestApp| {
        let typed = Registration {
            birth_date: "05/01/1990".into(),
            document_number: "AB000002".into(),
            foreigner_number: String::new(),
            ..somebody()
        };
        let first = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        let twin = app.register_by(app.naturalisation, &typed, SEEN, "two").await.unwrap();
        let other = Registration {
            birth_date: "07/01/1960".into(),
            document_number: "AB000003".into(),
            foreigner_number: String::new(),
            ..somebody()
        };
        let parent = app.register_by(app.first, &other, SEEN, "three").await.unwrap();
        let reference = async |id: EntryId| app.app.store.entry(id).await.unwrap().unwrap().reference;
        let mut browser = Browser::of(&app.app);
        let asked = ask(&mut browser, &KNOWN).await;
        let code = last_code(&app, "+33639980042").await;
        let found = browser.submit(CODE, &[("ticket", &asked.hidden("ticket")), ("code", &code)]).await;
        found.assert_says(&reference(first).await);
        found.assert_says(&reference(twin).await);
        assert!(!found.body.contains(&reference(parent).await), "another birth date");
        let opened = browser.submit("/s/retrouver/ouvrir", &[("ouvrir", &found.hidden("ouvrir"))]).await;
        opened.assert_says("Retirer ma demande");
        let forged = Browser::of(&app.app).submit("/s/retrouver/ouvrir", &[("ouvrir", "00")]).await;
        assert!(forged.body.contains("name=\"contact\""));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_guesses_five_are_looked_at_whatever_arrives_at_once() {
    on_both(async |app: TestApp| {
        app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        let asked = ask(&mut Browser::of(&app.app), &KNOWN).await;
        let code = last_code(&app, "+33639980042").await;
        let ticket = asked.hidden("ticket");
        // Wrong ones, in lanes, then the right one: it is no longer looked at.
        let guesses = depth(10_000, 1_000_000);
        let lanes = (0..8).map(|lane| {
            let (app, ticket, code) = (app.app.clone(), ticket.clone(), code.clone());
            async move {
                let mut spent = 0;
                for guess in (lane..guesses).step_by(8) {
                    let guess = format!("{guess:06}");
                    if guess == code {
                        continue;
                    }
                    let found = passage::flow::people::codes::find_lost(&app, &ticket, &guess).await;
                    let refused = format!("{:?}", found.expect_err("no guess is right"));
                    spent += u32::from(refused.contains("CodeSpent"));
                }
                spent
            }
        });
        let spent: u32 = futures_util::future::join_all(lanes).await.into_iter().sum();
        let asked: u32 = guesses - u32::from(code.parse::<u32>().unwrap() < guesses);
        assert_eq!(asked - spent, 5, "five were looked at");
        let right = passage::flow::people::codes::find_lost(&app.app, &ticket, &code).await;
        assert!(right.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_changes_by_a_code_to_the_old_one_which_is_told() {
    on_both(async |app: TestApp| {
        let entry = app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        let other = app.register(app.first, 8).await;
        let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
        let mut browser = Browser::of(&app.app);
        browser.submit("/s", &[("reference", &reference), ("birth_date", "05/01/1990")]).await;
        let page = browser.get("/s/donnees").await;
        let token = page.hidden("jeton");
        let wanted = [("jeton", token.as_str()), ("phone", "06 39 98 00 99"), ("email", "")];
        let asked = browser.submit("/s/donnees/contact", &wanted).await;
        let code = last_code(&app, "+33639980042").await;
        assert!(sent_to(&app, "+33639980099").await.is_empty(), "the code goes to the old one");
        let ticket = asked.hidden("ticket");
        let confirm = |code: &str| {
            vec![
                ("jeton".to_owned(), token.clone()),
                ("ticket".to_owned(), ticket.clone()),
                ("code".to_owned(), code.to_owned()),
            ]
        };
        let send = async |browser: &mut Browser, code: &str| {
            let fields = confirm(code);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            browser.submit("/s/donnees/code", &fields).await
        };
        let wrong = if code == "000000" { "000001" } else { "000000" };
        assert_eq!(send(&mut browser, wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        send(&mut browser, &code).await.assert_says("Votre contact est changé");
        let phone = async || {
            let record = app.app.store.entry(entry).await.unwrap().unwrap();
            reveal(&app.app, &record, Reader::Program).await.unwrap().phone.unwrap()
        };
        assert_eq!(phone().await, "+33639980099");
        let told = sent_to(&app, "+33639980042").await;
        assert!(told.last().unwrap().contains("vient de changer"), "{told:?}");
        // The lost reference is found by the new one now, and no longer by the old one.
        let found = app
            .app
            .store
            .entries_by_contact(
                passage::flow::people::phone_fingerprint(&app.app.vault, "+33639980042"),
                passage::flow::people::birth_date_fingerprint(&app.app.vault, "1990-01-05"),
                5,
            )
            .await
            .unwrap();
        assert!(found.is_empty());

        // An agent changes it with the person, and the old one is told again; nobody's code changes another's entry.
        let agent = app.staff("guichet", Role::Agent).await;
        // Whoever holds the old telephone may have the pages open: they close.
        let reference = app.app.store.entry(entry).await.unwrap().unwrap().reference;
        let mut old = Browser::of(&app.app);
        old.submit("/s", &[("reference", &reference), ("birth_date", "05/01/1990")]).await;
        assert!(!old.get("/s/donnees").await.body.contains("name=\"reference\""));
        app.real.advance(chrono::TimeDelta::seconds(2));
        let new = NewContact { phone: "0639980098".into(), email: String::new() };
        set_contact(&app.app, entry, &new, Actor::Staff(agent)).await.unwrap();
        assert_eq!(phone().await, "+33639980098");
        assert!(sent_to(&app, "+33639980099").await.last().unwrap().contains("vient de changer"));
        assert!(old.get("/s/donnees").await.body.contains("name=\"reference\""));
        for bad in
            [NewContact::default(), NewContact { phone: "01 42 00 00 00".into(), ..NewContact::default() }]
        {
            assert!(set_contact(&app.app, other, &bad, Actor::Staff(agent)).await.is_err());
        }
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_birth_dates_use_up_no_code_of_the_owners() {
    on_both(async |app: TestApp| {
        app.register_by(app.first, &somebody(), SEEN, "one").await.unwrap();
        for _ in 0..8 {
            let wrong = [("contact", "06 39 98 00 42"), ("birth_date", "06/01/1990")];
            ask(&mut Browser::of(&app.app), &wrong).await;
        }
        ask(&mut Browser::of(&app.app), &KNOWN).await;
        assert_eq!(sent_to(&app, "+33639980042").await.len(), 1, "the owner's code leaves");
    })
    .await;
}
