//! Somebody is registered by another with their mandate: it is said wherever it matters, it ends, and a place changes no hands
//! by it. A shared contact is normal, up to the cap, and nobody is banned.

use axum::http::StatusCode;
use passage::domain::actor::Actor;
use passage::domain::helper::HelperKind;
use passage::domain::ids::EntryId;
use passage::domain::refusal::Refusal;
use passage::flow::helpers::{self, TypedHelper};
use passage::flow::people::corrections::{Corrected, Typed, correct};
use passage::flow::people::export;
use passage::flow::register::{Desk, Registration};

use crate::common::{START, TestApp, on_both, on_both_at, person};
use crate::corrections::{fields, names, refusal};
use crate::frozen::{agents, slip};
use crate::web::Browser;
use crate::{SEEN, somebody};

/// An association that helps.
fn association() -> TypedHelper {
    TypedHelper {
        kind: "association".into(),
        name: "Entraide  de l'Exemple".into(),
        is_stated: true,
        seen: String::new(),
        has_contact: true,
    }
}

async fn name_of(app: &TestApp, entry: EntryId) -> Option<String> {
    helpers::of(&app.app, entry).await.unwrap().map(|speaker| speaker.helper.name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_helper_is_recorded_and_ended_by_an_agent() {
    on_both(async |app: TestApp| {
        let helped = Registration { helper: association(), ..somebody() };
        let form = "/p/demonstration/premiere-demande/inscription";
        let mut browser = Browser::of(&app.app);
        let key = browser.get(form).await.hidden("cle");
        let typed = [("cle", key.as_str()), ("helper_kind", "lawyer"), ("helper_name", "Maître Exemple")];
        let again = browser.submit(form, &typed).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        again.assert_says("href=\"#helper_mandate\"");
        again.assert_says("<details open><summary>J&#39;inscris une autre personne");
        again.assert_says("value=\"Maître Exemple\"");
        // Without a mandate nobody registers somebody else.
        let bare = TypedHelper { is_stated: false, ..association() };
        let unsaid = TypedHelper { kind: "ami".into(), name: " ".into(), ..bare.clone() };
        for (helper, wrong) in
            [(bare, &["helper_mandate"] as &[_]), (unsaid, &["helper_kind", "helper_name", "helper_mandate"])]
        {
            let typed = Registration { helper, ..somebody() };
            assert_eq!(fields(app.register_by(app.first, &typed, Desk::ONLINE, "no").await), wrong);
        }
        let seen = TypedHelper { seen: "lettre signée".into(), is_stated: false, ..association() };
        let seen = Registration {
            helper: seen,
            document_number: "CD 654 321".into(),
            foreigner_number: String::new(),
            ..person(4)
        };
        let one = app.register_by(app.first, &helped, Desk::ONLINE, "one").await.unwrap();
        let two = app.register_by(app.first, &seen, SEEN, "two").await.unwrap();
        for entry in [one, two] {
            assert_eq!(
                name_of(&app, entry).await.as_deref(),
                Some("Entraide de l'Exemple"),
                "one helper, several people"
            );
        }
        let speaker = helpers::of(&app.app, two).await.unwrap().unwrap();
        assert_eq!(
            (speaker.helper.kind, speaker.helper.mandate_seen.as_deref()),
            (HelperKind::Association, Some("lettre signée"))
        );

        let file = serde_json::to_value(export::of(&app.app, one).await.unwrap()).unwrap();
        assert_eq!(
            (&file["helper"]["name"], &file["helper"]["has_contact"]),
            (&"Entraide de l'Exemple".into(), &true.into())
        );
        let agent = app.staff("alice", passage::domain::actor::Role::Agent).await;
        let by_agent = Actor::Staff(agent);
        assert_eq!(fields(helpers::end(&app.app, two, " ", by_agent).await), ["reason"]);
        helpers::end(&app.app, two, "mandat retiré", by_agent).await.unwrap();
        assert_eq!(refusal(helpers::end(&app.app, two, "mandat retiré", by_agent).await), Refusal::Changed);
        let log = app.app.store.audit_of(format!("entry:{two}")).await.unwrap();
        let said = format!("{log:?}");
        assert!(said.contains("entry.helper_ended") && !said.contains("Entraide"), "{said}");
        app.pass(chrono::TimeDelta::hours(1)).await;
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_person_ends_a_mandate_and_the_helpers_open_page_with_it() {
    on_both(async |app: TestApp| {
        let one = Registration { helper: association(), ..somebody() };
        let one = app.register_by(app.first, &one, Desk::ONLINE, "one").await.unwrap();
        let mut browser = Browser::of(&app.app);
        let reference = app.app.store.entry(one).await.unwrap().unwrap().reference;
        browser.submit("/s", &[("reference", &reference), ("birth_date", "05/01/1990")]).await;
        browser.get("/s/recu").await.assert_says("Entraide de l&#39;Exemple (association) vous aide");
        let own = browser.get("/s/donnees").await;
        own.assert_says("Le contact donné est celui de l&#39;aidant.");
        let token = own.hidden("jeton");
        let mut theirs = Browser::of(&app.app);
        theirs.submit("/s", &[("reference", &reference), ("birth_date", "05/01/1990")]).await;
        app.real.advance(chrono::TimeDelta::seconds(1));
        let ended = browser.submit("/s/donnees/aide", &[("jeton", &token)]).await;
        assert_eq!(ended.status, StatusCode::OK);
        ended.assert_says("cette personne ne parle plus pour vous");
        assert_eq!(name_of(&app, one).await, None);
        let left_open = theirs.get("/s/donnees").await;
        assert!(left_open.body.contains("name=\"reference\""), "{}", left_open.body);
        assert!(
            !browser.get("/s/donnees").await.body.contains("name=\"reference\""),
            "the person's own stays"
        );
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_helpers_place_for_one_person_is_not_switched_to_another_by_one_agent() {
    on_both(async |app: TestApp| {
        let [one, _] = agents(&app).await;
        let entry = app
            .register_by(app.first, &Registration { helper: association(), ..somebody() }, SEEN, "one")
            .await
            .unwrap();
        let other = Registration { helper: association(), phone: somebody().phone, ..person(4) };
        app.register_by(app.first, &other, SEEN, "two").await.unwrap();
        let switched = Typed {
            birth_name: other.birth_name.clone(),
            given_names: other.given_names.clone(),
            birth_date: other.birth_date.clone(),
            ..slip()
        };
        for _ in 0..2 {
            assert_eq!(correct(&app.app, entry, &switched, one).await.unwrap(), Corrected::Asked);
        }
        assert_eq!(names(&app, entry).await, "Usagère Leïla Ben Démo");
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_share_a_contact_and_beyond_the_cap_an_agent_goes_on() {
    on_both_at(START, &[("PASSAGE__LIMITS__ENTRIES_PER_CONTACT", "2")], async |app: TestApp| {
        let sharing =
            |n: u32| Registration { phone: "06 39 98 00 42".into(), email: String::new(), ..person(n) };
        for n in [1, 2] {
            app.register_by(app.first, &sharing(n), Desk::ONLINE, &format!("k{n}")).await.unwrap();
        }
        let third = app.register_by(app.first, &sharing(4), Desk::ONLINE, "k4").await;
        assert_eq!(fields(third), ["phone"]);
        app.register_by(app.first, &sharing(4), SEEN, "k4").await.unwrap();
        let other = Registration { phone: "06 39 98 00 43".into(), ..sharing(5) };
        app.register_by(app.first, &other, Desk::ONLINE, "k5").await.unwrap();
        app.assert_sound().await;
    })
    .await;
}
