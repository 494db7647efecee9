//! What can be tried how often: who guesses is slowed, and who owns is not.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};

use passage::limits::Rule;

use super::common::{TestApp, foreigner_number, person, register_of_numbers};
use super::web::{self, Answer, post, send};
use super::{BIRTH_DATE, FORM, receipt, reference, site, typed};

#[tokio::test]
async fn a_reference_can_be_tried_twenty_times_an_hour() {
    let test = TestApp::sqlite().await;
    let known = reference(&receipt(&test, "Démo 0042").await);
    let mut last = StatusCode::OK;
    for day in 1..=21 {
        let date = format!("{day:02}/02/1990");
        let answer = post(&test.app, "/s", &[("reference", &known), ("birth_date", &date)]).await;
        last = answer.status;
        if day == 21 {
            assert!(!answer.header("retry-after").is_empty());
            answer.assert_says("Trop d&#39;essais ont échoué avec cette référence");
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

/// A look-up from an address.
async fn look_up_from(test: &TestApp, address: &str, reference: &str, date: &str) -> Answer {
    from(test, address, "/s", &[("reference", reference), ("birth_date", date)]).await
}

/// A form sent from an address.
async fn from(test: &TestApp, address: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(web::encoded(fields)))
        .unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address.parse().unwrap(), 40_000)));
    send(&test.app, request).await
}

#[tokio::test]
async fn whoever_has_looked_at_too_many_pages_can_still_send_a_form() {
    let test = TestApp::sqlite().await;
    let known = reference(&receipt(&test, "Démo 0042").await);
    let page = async || web::get(&test.app, "/aide").await.status;
    let mut looked_at = 0;
    while page().await == StatusCode::OK {
        looked_at += 1;
        assert!(looked_at < 1_000, "pages are limited");
    }
    assert_eq!(page().await, StatusCode::TOO_MANY_REQUESTS);
    let sent = post(&test.app, "/s", &[("reference", &known), ("birth_date", BIRTH_DATE)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn look_ups_that_find_something_never_count() {
    let test = TestApp::sqlite().await;
    let known = reference(&receipt(&test, "Démo 0042").await);
    for n in 0..130 {
        let answer = look_up_from(&test, "203.0.113.9", &known, BIRTH_DATE).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "look-up {n}");
    }
}

#[tokio::test]
async fn wrong_dates_from_anywhere_do_not_keep_the_holder_out_and_lead_nowhere() {
    let test = TestApp::sqlite().await;
    let known = reference(&receipt(&test, "Démo 0042").await);
    let wrong = "06/01/1990";
    for _ in 0..20 {
        look_up_from(&test, "203.0.113.9", &known, wrong).await;
    }
    let refused = look_up_from(&test, "203.0.113.9", &known, BIRTH_DATE).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    refused.assert_says("avec cette référence, depuis votre connexion");
    // The neighbour of the one who guessed is let through, until the reference has been tried too often.
    assert_eq!(look_up_from(&test, "203.0.113.10", &known, BIRTH_DATE).await.status, StatusCode::SEE_OTHER);
    for n in 0..80 {
        let answer = look_up_from(&test, &format!("2001:db8:{n:x}::1"), &known, wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "guess {n}");
    }
    let guess = look_up_from(&test, "2001:db8:ffff::1", &known, BIRTH_DATE).await;
    assert_eq!(guess.status, StatusCode::TOO_MANY_REQUESTS);
    guess.assert_says("avec cette référence, depuis plusieurs endroits");
    assert!(guess.header("retry-after").parse::<u64>().unwrap() > 3_600);
    for address in ["198.51.100.7", "2a01:e0a::1", "198.51.100.7"] {
        assert_eq!(
            look_up_from(&test, address, &known, BIRTH_DATE).await.status,
            StatusCode::SEE_OTHER,
            "{address}"
        );
    }
    // Another provider's network has one wrong date, and no second.
    let first = look_up_from(&test, "192.0.2.1", &known, wrong).await;
    assert_eq!(first.status, StatusCode::UNPROCESSABLE_ENTITY);
    let second = look_up_from(&test, "192.0.77.1", &known, BIRTH_DATE).await;
    assert_eq!(second.status, StatusCode::TOO_MANY_REQUESTS);
    // Other references are not concerned.
    let other = reference(&receipt(&test, "Démo 0043").await);
    assert_eq!(look_up_from(&test, "203.0.113.9", &other, BIRTH_DATE).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_is_verified_at_once_and_who_corrects_a_form_does_not_count() {
    let test = TestApp::sqlite().await;
    let numbers = register_of_numbers(132);
    passage::flow::import::register_of_numbers(&test.app, &numbers[..], |_| ()).await.unwrap();
    let site = site(&test).await;
    let key = |n: u32| format!("{n:032x}");
    // Each with a telephone of their own.
    let phone = |n: u32| format!("06 39 98 {:02} {:02}", n / 100, n % 100);
    for n in 0..130 {
        let person = person(n);
        let (key, number, phone) = (key(n), foreigner_number(n), phone(n));
        let mut fields = typed(&key, &site, &person.birth_name);
        fields.retain(|(name, _)| !["birth_date", "phone"].contains(name));
        fields.extend([("birth_date", person.birth_date.as_str()), ("foreigner_number", &number)]);
        fields.push(("phone", &phone));
        assert_eq!(post(&test.app, FORM, &fields).await.status, StatusCode::SEE_OTHER, "verified {n}");
    }
    for n in 130..260 {
        let key = key(n);
        let mut fields = typed(&key, &site, "Démo 0130");
        fields.push(("email", "nonsense"));
        let answer = post(&test.app, FORM, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "fault {n}");
    }
    let unverified = async |n: u32| {
        let (key, name, phone) = (key(n), format!("Démo {n:04}"), phone(n));
        let mut fields = typed(&key, &site, &name);
        fields.retain(|(name, _)| *name != "phone");
        fields.push(("phone", &phone));
        post(&test.app, FORM, &fields).await
    };
    for n in 260..380 {
        let answer = unverified(n).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "unverified {n}");
    }
    // The next waits, and loses nothing; a second click on an earlier form is led to its receipt.
    let refused = unverified(380).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!refused.header("retry-after").is_empty());
    refused.assert_says("value=\"Démo 0380\"");
    refused.assert_says("Rien de ce que vous avez écrit n&#39;est perdu\u{a0}: attendez 60 minutes");
    assert_eq!(refused.hidden("cle"), key(380));
    let again = unverified(379).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "a second click");
    // Whoever the register knows passes, whatever the others behind the address did; with a wrong date, nobody.
    let of_register = |n: u32, birth_date| {
        let (name, number) = (format!("Démo {n:04}"), foreigner_number(n));
        let (key, site, app) = (key(n + 1_000), site.clone(), &test.app);
        async move {
            let mut fields = typed(&key, &site, &name);
            fields.retain(|(name, _)| *name != "birth_date");
            fields.extend([("birth_date", birth_date), ("foreigner_number", number.as_str())]);
            post(app, FORM, &fields).await.status
        }
    };
    let known = person(131).birth_date;
    assert_eq!(of_register(131, "03/03/1933").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(of_register(131, &known).await, StatusCode::SEE_OTHER);
}

/// Uses a limit up, as a flood does that has gone on for a while.
async fn use_up(test: &TestApp, name: &str, times: u32) {
    for _ in 0..times {
        test.app.limits.hit(name, Rule::per_hour(u32::MAX)).await;
    }
}

#[tokio::test]
async fn a_flood_of_registrations_slows_the_network_that_it_comes_from_and_nobody_else() {
    let test = TestApp::sqlite().await;
    let (site, prefecture) = (site(&test).await, test.prefecture);
    passage::flow::import::register_of_numbers(&test.app, &register_of_numbers(2)[..], |_| ()).await.unwrap();
    let register = async |address: &str, n: u32, number: &str| {
        let (key, person) = (format!("{n:032x}"), person(n));
        let mut fields = typed(&key, &site, &person.birth_name);
        fields.retain(|(name, _)| *name != "birth_date");
        fields.extend([("birth_date", person.birth_date.as_str()), ("foreigner_number", number)]);
        from(&test, address, FORM, &fields).await
    };
    use_up(&test, &format!("register-prefecture:{prefecture} from 203.0.0.0"), 1_000).await;
    let before = register("203.0.113.9", 7, "").await;
    assert_eq!(before.status, StatusCode::SEE_OTHER, "no flood in the prefecture: nobody waits");
    use_up(&test, &format!("register-prefecture:{prefecture}"), 4_999).await;
    let refused = register("203.0.77.1", 3, "").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    refused.assert_says("beaucoup par votre opérateur");
    refused.assert_says(&format!("value=\"{}\"", person(3).birth_name));
    assert!(refused.header("retry-after").parse::<u64>().unwrap() <= 3_600);
    assert_eq!(register("198.51.100.7", 4, "").await.status, StatusCode::SEE_OTHER, "another network");
    let owner = register("203.0.77.1", 1, &foreigner_number(1)).await;
    assert_eq!(owner.status, StatusCode::SEE_OTHER, "who is verified at once passes");
}

#[tokio::test]
async fn wrong_dates_for_many_references_slow_the_network_that_they_come_from_and_nobody_else() {
    let test = TestApp::sqlite().await;
    let known = reference(&receipt(&test, "Démo 0042").await);
    use_up(&test, "look-up: from 203.0.0.0", 60).await;
    assert_eq!(look_up_from(&test, "203.0.113.9", &known, BIRTH_DATE).await.status, StatusCode::SEE_OTHER);
    use_up(&test, "look-up:", 1_000).await;
    let refused = look_up_from(&test, "203.0.113.9", &known, BIRTH_DATE).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    refused.assert_says("beaucoup par votre opérateur");
    assert_eq!(look_up_from(&test, "198.51.100.7", &known, BIRTH_DATE).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn one_telephone_carries_ten_unverified_requests_a_day_and_who_is_verified_passes() {
    let test = TestApp::sqlite().await;
    passage::flow::import::register_of_numbers(&test.app, &register_of_numbers(1)[..], |_| ()).await.unwrap();
    let (site, key) = (site(&test).await, |n: u32| format!("{n:032x}"));
    for n in 0..10 {
        let answer = post(&test.app, FORM, &typed(&key(n), &site, &format!("Démo {n:04}"))).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{n}");
    }
    let refused = post(&test.app, FORM, &typed(&key(10), &site, "Démo 0010")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_says("Beaucoup de demandes portent déjà ce téléphone");
    refused.assert_says("value=\"Démo 0010\"");
    // Ten false requests with somebody's number: the owner comes from another network.
    let owner = from(&test, "198.51.100.7", FORM, &typed(&key(12), &site, "Démo 0012")).await;
    assert_eq!(owner.status, StatusCode::SEE_OTHER);
    let (key, number, known) = (key(11), foreigner_number(0), person(0).birth_date);
    let mut fields = typed(&key, &site, "Démo 0011");
    fields.retain(|(name, _)| *name != "birth_date");
    fields.extend([("birth_date", known.as_str()), ("foreigner_number", &number)]);
    assert_eq!(post(&test.app, FORM, &fields).await.status, StatusCode::SEE_OTHER, "the owner of the number");
    // Agents see how many carry it.
    let entry = test.app.store.awaiting_identity(test.prefecture, true, 0, 1).await.unwrap().remove(0);
    assert_eq!(test.app.store.same_contacts(entry.id).await.unwrap(), (11, 0));
}

#[tokio::test]
async fn what_cannot_name_anybody_is_named_at_its_field_and_counts_nowhere() {
    let test = TestApp::sqlite().await;
    let known = reference(&receipt(&test, "Démo 0042").await);
    for _ in 0..25 {
        let empty = look_up_from(&test, "203.0.113.9", "", "").await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        empty.assert_says("Écrivez votre référence");
        empty.assert_says("Écrivez votre date de naissance");
        let unread = look_up_from(&test, "203.0.113.9", &known, "hier").await;
        unread.assert_says("Nous ne pouvons pas lire cette date de naissance");
    }
    let found = look_up_from(&test, "203.0.113.9", &known, BIRTH_DATE).await;
    assert_eq!(found.status, StatusCode::SEE_OTHER);
}
