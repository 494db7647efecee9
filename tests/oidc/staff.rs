//! The door of ProConnect: the pages of the staff, a provider that can be bent, and browsers between the two.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use passage::domain::actor::Role;
use passage::domain::ids::StaffId;
use passage::domain::refusal::Refusal;
use passage::flow::elsewhere::Door;
use passage::identity::totp::SecondFactor;
use passage::oidc::{Algorithm, Attempt};
use passage::store::StoreError;
use passage::store::commands::NewSecondFactor;
use reqwest::Url;
use serde_json::{Value, json};

use crate::common::{PASSWORD, START, TestApp, on_both_at};
use crate::fake::{self, CODE, Fake};
use crate::web::{Answer, Browser};

const SIGN_IN: &str = "/agent/connexion";
const BEGIN: &str = "/agent/proconnect";
const FETCH: &str = "/agent/compte/proconnect/aller";
const LINK: &str = "/agent/compte/proconnect";
const ACCOUNT: &str = "/agent/compte";
const SECRET: [u8; 20] = [7; 20];

/// What ProConnect says of somebody.
#[derive(Clone)]
struct Says {
    subject: &'static str,
    acr: &'static str,
    amr: Value,
}

fn says(subject: &'static str) -> Says {
    Says { subject, acr: "eidas2", amr: json!(["pwd", "mfa"]) }
}

/// Our pages and the provider beside them.
struct Trial {
    app: TestApp,
    fake: Fake,
}

/// On both databases, with these variables besides.
async fn on_trial<F: AsyncFn(&mut Trial)>(more: &[(&str, &str)], test: F) {
    let fake = Fake::start().await;
    let issuer = fake.issuer.clone();
    let vars = [
        ("PASSAGE__PROCONNECT__ISSUER", issuer.as_str()),
        ("PASSAGE__PROCONNECT__CLIENT_ID", fake::CLIENT_ID),
        ("PASSAGE__PROCONNECT__CLIENT_SECRET", fake::SECRET),
    ];
    on_both_at(START, &[&vars[..], more].concat(), async |app| {
        let mut trial = Trial { app, fake: fake.clone() };
        trial.answers(&says("nobody"), &BTreeMap::new());
        test(&mut trial).await;
        trial.app.assert_sound().await;
    })
    .await;
}

impl Trial {
    /// The provider answers this to a request with these parameters.
    fn answers(&self, says: &Says, asked: &BTreeMap<String, String>) {
        let part = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let attempt = Attempt { state: part("state"), nonce: part("nonce"), verifier: String::new() };
        let mut script = self.fake.script(Algorithm::Es256, &attempt, self.app.app.real.now());
        script.redirect_uri = part("redirect_uri");
        script.id_token.claims["acr"] = json!(says.acr);
        script.id_token.claims["amr"] = says.amr.clone();
        script.id_token.claims["sub"] = json!(says.subject);
        let more = json!({ "sub": says.subject, "given_name": "Camille", "usual_name": "EXEMPLE",
            "email": "agente@exemple.example" });
        script.userinfo.claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.fake.follow(script);
    }

    /// Leaves our pages by a link; the address to which the provider leads back.
    async fn there(&self, ours: &mut Browser, begin: &str, says: &Says) -> String {
        let led = ours.get_once(begin).await;
        assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.body);
        let asked: BTreeMap<String, String> =
            Url::parse(led.header("location")).unwrap().query_pairs().into_owned().collect();
        self.answers(says, &asked);
        format!("/agent/proconnect/retour?code={CODE}&state={}", asked["state"])
    }

    /// Leaves by a link and comes back: the page on which one arrives.
    async fn through(&self, ours: &mut Browser, begin: &str, says: &Says) -> Answer {
        let back = self.there(ours, begin, says).await;
        let page = ours.get(&back).await;
        match leads_on(&page) {
            Some(to) => ours.get(&to).await,
            None => page,
        }
    }

    /// A code of the second factor, another one each time.
    fn code(&self) -> String {
        self.app.real.advance(TimeDelta::seconds(60));
        let now = u64::try_from(self.app.app.real.now().timestamp()).unwrap();
        SecondFactor::of(&SECRET, "Passage", "x").unwrap().code(now)
    }

    /// Somebody on the staff, with a second factor.
    async fn staff(&self, login: &str, role: Role) -> StaffId {
        let id = self.app.staff(login, role).await;
        let secret = self.app.app.vault.seal_secret("staff-second-factor", id.0, &SECRET);
        let new =
            NewSecondFactor { staff: id, was: None, secret, codes: Vec::new(), step: 0, keep: Vec::new() };
        self.app.app.store.set_second_factor(new, self.app.app.real.now()).await.unwrap();
        id
    }

    /// Signs in with a password and a code.
    async fn by_password(&self, login: &str) -> Browser {
        let mut ours = Browser::of(&self.app.app);
        ours.submit(SIGN_IN, &[("login", login), ("password", PASSWORD)]).await;
        ours.submit("/agent/connexion/code", &[("code", &self.code())]).await;
        ours.get("/agent").await.assert_says("/agent/deconnexion");
        ours
    }

    /// Links an identity: the page that follows.
    async fn link(&self, ours: &mut Browser, says: &Says) -> Answer {
        let form = self.through(ours, FETCH, says).await;
        let (csrf, code) = (form.hidden("csrf"), self.code());
        ours.submit(LINK, &[("csrf", &csrf), ("proof", &code)]).await
    }

    async fn actions(&self, account: StaffId) -> Vec<String> {
        let rows = self.app.app.store.audit_of(format!("staff:{account}")).await.unwrap();
        rows.into_iter().map(|row| row.action).filter(|action| action.contains("proconnect")).collect()
    }
}

/// Where a page leads on to by itself.
fn leads_on(page: &Answer) -> Option<String> {
    let (_, rest) = page.body.split_once("http-equiv=\"refresh\" content=\"0; url=")?;
    Some(rest.split_once('"')?.0.replace("&#38;", "&").replace("&amp;", "&"))
}

/// Presses a button of one's own account, or signs out.
async fn press(ours: &mut Browser, address: &str) -> Answer {
    let csrf = csrf_of(ours).await;
    ours.submit(address, &[("csrf", &csrf)]).await
}

async fn is_in(ours: &mut Browser) -> bool {
    ours.get_once("/agent").await.status == StatusCode::OK
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_that_its_owner_links_opens_their_account_until_it_is_unlinked() {
    on_trial(&[], async |trial| {
        // Its e-mail address is the login of an account: that is nothing.
        let account = trial.staff("agente@exemple.example", Role::Agent).await;
        let mut new = Browser::of(&trial.app.app);
        let page = new.get(SIGN_IN).await;
        page.assert_says("S&#39;identifier avec</span> <span class=\"fr-connect__brand\">ProConnect</span>");
        page.assert_says("est-ce que ProConnect");
        let unknown = trial.through(&mut new, BEGIN, &says("camille")).await;
        assert_eq!(unknown.status, StatusCode::FORBIDDEN);
        unknown.assert_says("Aucun compte de ce service n&#39;est lié à cette identité");
        unknown.assert_says("/session/end?id_token_hint=");
        assert!(!is_in(&mut new).await);
        assert_eq!(trial.app.app.store.staff().await.unwrap().len(), 1, "nothing is made");

        let mut ours = trial.by_password("agente@exemple.example").await;
        let mut elsewhere = trial.by_password("agente@exemple.example").await;
        let form = trial.through(&mut ours, FETCH, &says("camille")).await;
        form.assert_says("Camille EXEMPLE agente@exemple.example");
        let csrf = form.hidden("csrf");
        for wrong in ["", "000000", PASSWORD] {
            let refused = ours.post(LINK, &[("csrf", &csrf), ("proof", wrong)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a session left open is not enough");
            refused.assert_says("href=\"#proof\"");
        }
        let code = trial.code();
        let linked = ours.submit(LINK, &[("csrf", &csrf), ("proof", &code)]).await;
        linked.assert_says("Votre identité ProConnect est liée à votre compte");
        assert!(!is_in(&mut elsewhere).await, "every other session ends");
        let again = ours.submit(LINK, &[("csrf", &csrf), ("proof", &trial.code())]).await;
        assert_ne!(again.status, StatusCode::OK, "an identity that was linked waits no more");

        // A session that was planted in the browser is not the one that is opened.
        let mut new = Browser::of(&trial.app.app);
        let back = trial.there(&mut new, BEGIN, &says("camille")).await;
        let opened = new.get_once(&back).await;
        let token = opened
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .map(|cookie| cookie.to_str().unwrap())
            .find(|cookie| cookie.starts_with("__Host-passage="));
        assert!(
            token.is_some_and(|cookie| cookie.contains("SameSite=Strict") && cookie.contains("HttpOnly"))
        );
        assert_eq!(leads_on(&opened).unwrap(), "/agent/connexion?entree=1");
        assert!(is_in(&mut new).await, "ProConnect vouches for two factors");
        new.get(ACCOUNT).await.assert_says("Ouverte avec ProConnect");

        // Out here, and there.
        let left = press(&mut new, "/agent/deconnexion").await;
        let out = Url::parse(&leads_on(&left).expect("a page that leads on")).unwrap();
        assert!(out.as_str().starts_with(&format!("{}/session/end?", trial.fake.issuer)), "{out}");
        let hint = out.query_pairs().find(|(name, _)| name == "id_token_hint").unwrap().1.into_owned();
        assert_eq!(hint.split('.').count(), 3);
        let target = out.query_pairs().find(|(name, _)| name == "post_logout_redirect_uri").unwrap().1;
        assert!(target.ends_with("/agent/proconnect/sortie"));
        assert!(!is_in(&mut new).await);
        new.get("/agent/proconnect/sortie").await.assert_says("Vous êtes déconnecté, ici et de ProConnect");

        let mut new = Browser::of(&trial.app.app);
        trial.through(&mut new, BEGIN, &says("camille")).await;
        press(&mut ours, "/agent/compte/proconnect/retirer").await.assert_says("n&#39;est plus liée");
        assert!(!is_in(&mut new).await, "what the identity opened is closed");
        let unknown = trial.through(&mut new, BEGIN, &says("camille")).await;
        assert_eq!(unknown.status, StatusCode::FORBIDDEN);
        let csrf = csrf_of(&mut ours).await;
        let left = ours.post("/agent/deconnexion", &[("csrf", &csrf)]).await;
        assert_eq!(left.header("location"), SIGN_IN, "a session of a password ends here alone");
        assert_eq!(trial.actions(account).await, ["staff.proconnect_linked", "staff.proconnect_unlinked"]);
    })
    .await;
}

async fn csrf_of(ours: &mut Browser) -> String {
    ours.get(ACCOUNT).await.hidden("csrf")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_factor_there_is_one_factor_here() {
    let both = [("PASSAGE__PROCONNECT__ACR", "eidas1 eidas2"), ("PASSAGE__STAFF__SECOND_FACTOR", "required")];
    on_trial(&both, async |trial| {
        trial.staff("agente", Role::Agent).await;
        trial.link(&mut trial.by_password("agente").await, &says("camille")).await.assert_says("est liée");
        let one = Says { acr: "eidas1", amr: json!(["pwd"]), ..says("camille") };
        let mut ours = Browser::of(&trial.app.app);
        let asks = trial.through(&mut ours, BEGIN, &one).await;
        asks.assert_says("autocomplete=\"one-time-code\"");
        assert_eq!(ours.get_once("/agent").await.header("location"), "/agent/connexion/code");
        ours.submit("/agent/connexion/code", &[("code", &trial.code())]).await;
        ours.get(ACCOUNT).await.assert_says("Ouverte avec ProConnect");
        let left = press(&mut ours, "/agent/deconnexion").await;
        assert!(leads_on(&left).is_some_and(|out| out.contains("id_token_hint")), "also after a code");

        for amr in [json!(["pwd", "mfa"]), json!("mfa"), json!(["mfaa"]), json!(null)] {
            let mut ours = Browser::of(&trial.app.app);
            trial.through(&mut ours, BEGIN, &Says { amr: amr.clone(), ..one.clone() }).await;
            assert_eq!(is_in(&mut ours).await, amr == json!(["pwd", "mfa"]), "{amr}");
        }
        let mut ours = Browser::of(&trial.app.app);
        trial.through(&mut ours, BEGIN, &Says { amr: json!(null), ..says("camille") }).await;
        assert!(is_in(&mut ours).await, "the level says so");
        let unheard = Says { acr: "eidas0", ..says("camille") };
        trial.through(&mut Browser::of(&trial.app.app), BEGIN, &unheard).await.assert_says("deux facteurs");
        // Absolute and idle limits are those of every session.
        trial.app.real.advance(TimeDelta::hours(13));
        assert!(!is_in(&mut ours).await);
    })
    .await;
    on_trial(&[], async |trial| {
        trial.staff("agente", Role::Agent).await;
        trial.link(&mut trial.by_password("agente").await, &says("camille")).await.assert_says("est liée");
        let mut ours = Browser::of(&trial.app.app);
        let weak = Says { acr: "eidas1", ..says("camille") };
        let refused = trial.through(&mut ours, BEGIN, &weak).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "by default the level takes two factors"
        );
        refused.assert_says("deux facteurs");
        assert!(!is_in(&mut ours).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_serves_the_browser_that_asked_once() {
    on_trial(&[], async |trial| {
        trial.staff("agente", Role::Agent).await;
        trial.link(&mut trial.by_password("agente").await, &says("camille")).await.assert_says("est liée");
        let mut ours = Browser::of(&trial.app.app);
        let back = trial.there(&mut ours, BEGIN, &says("camille")).await;
        // Whoever is led to somebody else's answer is signed in to nothing, also in the middle of a sign-in of their own.
        let mut victim = Browser::of(&trial.app.app);
        victim.get(&back).await.assert_says("déjà finie");
        victim.get_once(BEGIN).await;
        victim.get(&back).await.assert_says("déjà finie");
        assert!(!is_in(&mut victim).await);
        assert!(leads_on(&ours.get(&back).await).is_some());
        let token = ours.get(ACCOUNT).await.hidden("csrf");
        ours.get(&back).await.assert_says("déjà finie");
        assert_eq!(ours.get(ACCOUNT).await.hidden("csrf").split('.').next(), token.split('.').next());

        // Nothing in an address says where one goes next.
        let mut new = Browser::of(&trial.app.app);
        let back =
            trial.there(&mut new, "/agent/proconnect?suite=https://example.org", &says("camille")).await;
        let page = new.get(&format!("{back}&suite=https://example.org&retour=//example.org")).await;
        assert_eq!(leads_on(&page).unwrap(), "/agent/connexion?entree=1");
        assert!(!page.body.contains("example.org"), "{}", page.body);

        let mut late = Browser::of(&trial.app.app);
        let back = trial.there(&mut late, BEGIN, &says("camille")).await;
        trial.app.real.advance(TimeDelta::minutes(11));
        late.get(&back).await.assert_says("plus de dix minutes");

        let mut who = Browser::of(&trial.app.app);
        let back = trial.there(&mut who, BEGIN, &says("camille")).await;
        let state = back.split("state=").nth(1).unwrap();
        let cancelled = who.get(&format!("/agent/proconnect/retour?error=access_denied&state={state}")).await;
        assert_eq!(cancelled.status, StatusCode::OK);
        cancelled.assert_says("Vous avez arrêté avant la fin");
        cancelled.assert_says(SIGN_IN);
        assert!(!is_in(&mut who).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_is_of_one_account_and_one_issuer() {
    on_trial(&[], async |trial| {
        let first = trial.staff("premiere", Role::Agent).await;
        trial.staff("deuxieme", Role::Agent).await;
        let mut ours = trial.by_password("premiere").await;
        trial.link(&mut ours, &says("camille")).await.assert_says("est liée à votre compte");
        let mut theirs = trial.by_password("deuxieme").await;
        let taken = trial.link(&mut theirs, &says("camille")).await;
        assert_eq!(taken.status, StatusCode::CONFLICT);
        taken.assert_says("déjà liée à un autre compte");
        trial.link(&mut ours, &says("lina")).await.assert_says("Quelqu&#39;un a changé cela");
        // Two at once: one of them has it.
        let store = &trial.app.app.store;
        let link = |staff| store.link_proconnect(staff, vec![9; 32], Vec::new(), trial.app.app.real.now());
        let third = trial.app.staff("troisieme", Role::Agent).await;
        let fourth = trial.app.staff("quatrieme", Role::Agent).await;
        let (one, other) = tokio::join!(link(third), link(fourth));
        let lost = if one.is_ok() { other } else { one };
        assert!(matches!(lost, Err(StoreError::Refused(Refusal::ProconnectTaken))), "{lost:?}");
        // An identity that was fetched in one session is of no use in another.
        trial.through(&mut theirs, FETCH, &says("noe")).await.assert_says("name=\"proof\"");
        press(&mut theirs, "/agent/deconnexion").await;
        theirs.submit(SIGN_IN, &[("login", "deuxieme"), ("password", PASSWORD)]).await;
        theirs.submit("/agent/connexion/code", &[("code", &trial.code())]).await;
        assert_eq!(theirs.get_once(LINK).await.header("location"), ACCOUNT);
        drop((ours, theirs));

        // The same name with another issuer is somebody else.
        let another = Fake::start().await;
        let app = Arc::get_mut(&mut trial.app.app).expect("nobody else holds it");
        app.config.proconnect.as_mut().unwrap().issuer.clone_from(&another.issuer);
        app.proconnect = Door::ProConnect.registered(&app.config);
        let here = std::mem::replace(&mut trial.fake, another);
        trial.answers(&says("nobody"), &BTreeMap::new());
        let stranger = trial.through(&mut Browser::of(&trial.app.app), BEGIN, &says("camille")).await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN);
        let app = Arc::get_mut(&mut trial.app.app).expect("nobody else holds it");
        app.config.proconnect.as_mut().unwrap().issuer.clone_from(&here.issuer);
        app.proconnect = Door::ProConnect.registered(&app.config);
        trial.fake = here;
        let mut ours = Browser::of(&trial.app.app);
        trial.through(&mut ours, BEGIN, &says("camille")).await;
        assert!(is_in(&mut ours).await);
        assert!(trial.app.app.store.staff_member(first).await.unwrap().unwrap().has_proconnect);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_takes_a_link_away_and_an_account_that_ends_loses_it() {
    on_trial(&[], async |trial| {
        let agent = trial.staff("agente", Role::Agent).await;
        trial.staff("responsable", Role::Manager).await;
        let mut manager = trial.by_password("responsable").await;
        let address = |action: &str| format!("/gestion/comptes/{agent}/{action}");
        for action in ["proconnect", "desactiver"] {
            trial
                .link(&mut trial.by_password("agente").await, &says("camille"))
                .await
                .assert_says("est liée");
            manager.get("/gestion/comptes").await.assert_says("identité ProConnect liée");
            let mut ours = Browser::of(&trial.app.app);
            trial.through(&mut ours, BEGIN, &says("camille")).await;
            assert!(is_in(&mut ours).await);
            press(&mut manager, &address(action)).await.assert_says("C&#39;est fait");
            assert!(!is_in(&mut ours).await, "{action}: at once");
            let back = trial.through(&mut ours, BEGIN, &says("camille")).await;
            assert_eq!(back.status, StatusCode::FORBIDDEN, "{action}");
        }
        let twice = press(&mut manager, &address("proconnect")).await;
        assert_eq!(twice.status, StatusCode::CONFLICT, "there is none any more");
        // Open again, and confirmed by an operator: the identity is to be linked anew.
        press(&mut manager, &address("reactiver")).await.assert_says("C&#39;est fait");
        let store = &trial.app.app.store;
        store.confirm_staff(agent, None, trial.app.app.real.now()).await.unwrap();
        let mut ours = Browser::of(&trial.app.app);
        let unknown = trial.through(&mut ours, BEGIN, &says("camille")).await;
        assert_eq!(unknown.status, StatusCode::FORBIDDEN);
        // What was linked with a second factor goes with it.
        trial.link(&mut trial.by_password("agente").await, &says("camille")).await.assert_says("est liée");
        store.reset_second_factor(agent, None, trial.app.app.real.now()).await.unwrap();
        let unknown = trial.through(&mut ours, BEGIN, &says("camille")).await;
        assert_eq!(unknown.status, StatusCode::FORBIDDEN);
        // A manager has no way to link one for another.
        let own = manager.get(ACCOUNT).await.hidden("csrf");
        let made = manager.post(&address("lier"), &[("csrf", &own)]).await;
        assert_eq!(made.status, StatusCode::NOT_FOUND);
    })
    .await;
}
