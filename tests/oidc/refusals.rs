//! Each way in which a sign-in can be wrong, and the name under which it is refused; beside each, what is still right.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use passage::oidc::{
    Algorithm, Attempt, Callback, Flaw, OidcError, Outage, Piece, Provider, Settings, Timeouts,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::{Value, json};

use crate::fake::{CODE, Fake, Manner, REDIRECT_URI, SUBJECT, Script, Signer};
use crate::keys;

/// One sign-in, before anything is bent.
pub struct Trial {
    pub algorithm: Algorithm,
    pub now: i64,
    pub settings: Settings,
    pub script: Script,
    pub callback: Callback,
    pub timeouts: Timeouts,
}

impl Trial {
    /// A claim of the ID token.
    fn id(&mut self, claim: &str, value: Value) {
        self.script.id_token.claims[claim] = value;
    }

    /// A claim of userinfo.
    fn info(&mut self, claim: &str, value: Value) {
        self.script.userinfo.claims[claim] = value;
    }

    fn without(&mut self, claim: &str) {
        self.script.id_token.claims.as_object_mut().unwrap().remove(claim);
    }

    /// What is done instead of an answer.
    fn at(&mut self, path: &'static str, manner: Manner) {
        self.script.manners.insert(path, manner);
    }
}

type Bend = fn(&mut Trial);
type Case = (&'static str, Bend, Result<(), OidcError>);

pub fn now() -> DateTime<Utc> {
    "2027-03-01T09:00:00Z".parse().unwrap()
}

pub fn attempt(seed: u8) -> Attempt {
    Attempt::new(&mut ChaCha20Rng::from_seed([seed; 32]))
}

pub fn returned(attempt: &Attempt) -> Callback {
    Callback { code: Some(CODE.to_owned()), state: Some(attempt.state.clone()), ..Callback::default() }
}

fn flaw(piece: Piece, flaw: Flaw) -> Result<(), OidcError> {
    Err(OidcError::DoesNotHold(piece, flaw))
}

fn id_token(of: Flaw) -> Result<(), OidcError> {
    flaw(Piece::IdToken, of)
}

fn userinfo(of: Flaw) -> Result<(), OidcError> {
    flaw(Piece::Userinfo, of)
}

fn refused(code: &str) -> Result<(), OidcError> {
    Err(OidcError::Refused(code.to_owned()))
}

fn down(outage: Outage) -> Result<(), OidcError> {
    Err(OidcError::Unavailable(outage))
}

/// What the ID token says.
fn id_tokens() -> Vec<Case> {
    vec![
        ("nothing is bent", |_| {}, Ok(())),
        ("wrong nonce", |t| t.id("nonce", json!("0".repeat(64))), id_token(Flaw::Nonce)),
        ("no nonce", |t| t.id("nonce", json!(null)), id_token(Flaw::Nonce)),
        ("other audience", |t| t.id("aud", json!("another")), id_token(Flaw::Audience)),
        ("no audience", |t| t.id("aud", json!([])), id_token(Flaw::Audience)),
        ("audience in a list", |t| t.id("aud", json!([t.settings.client_id])), Ok(())),
        (
            "two audiences",
            |t| t.id("aud", json!([t.settings.client_id, "another"])),
            id_token(Flaw::AuthorizedParty),
        ),
        (
            "two audiences, and a token that is ours",
            |t| {
                t.id("aud", json!([t.settings.client_id, "another"]));
                t.id("azp", json!(t.settings.client_id));
            },
            Ok(()),
        ),
        ("another's", |t| t.id("azp", json!("another")), id_token(Flaw::AuthorizedParty)),
        ("other issuer", |t| t.id("iss", json!("https://a.example")), id_token(Flaw::Issuer)),
        ("expired", |t| t.id("exp", json!(t.now - 30)), id_token(Flaw::Expiry)),
        ("just expired", |t| t.id("exp", json!(t.now - 29)), Ok(())),
        ("for ever", |t| t.id("exp", json!("never")), id_token(Flaw::Expiry)),
        ("no expiry", |t| t.without("exp"), id_token(Flaw::Expiry)),
        ("issued later", |t| t.id("iat", json!(t.now + 31)), id_token(Flaw::IssuedAt)),
        ("issued by a fast clock", |t| t.id("iat", json!(t.now + 30)), Ok(())),
        ("never issued", |t| t.without("iat"), id_token(Flaw::IssuedAt)),
        ("good later", |t| t.id("nbf", json!(t.now + 31)), id_token(Flaw::NotBefore)),
        ("wrong level", |t| t.id("acr", json!("eidas0")), id_token(Flaw::Acr)),
        ("no level", |t| t.id("acr", json!(null)), id_token(Flaw::Acr)),
        ("one of two levels", |t| t.settings.acr.push("eidas2".to_owned()), Ok(())),
        (
            "no level asked for",
            |t| {
                t.settings.acr.clear();
                t.id("acr", json!(null));
            },
            Ok(()),
        ),
        ("nobody", |t| t.id("sub", json!("")), id_token(Flaw::Subject)),
        ("somebody long", |t| t.id("sub", json!("s".repeat(256))), id_token(Flaw::Subject)),
    ]
}

/// What userinfo says.
fn claims() -> Vec<Case> {
    vec![
        ("userinfo of another", |t| t.info("sub", json!("another")), userinfo(Flaw::Subject)),
        ("userinfo of nobody", |t| t.info("sub", json!(null)), userinfo(Flaw::Subject)),
        ("userinfo for another", |t| t.info("aud", json!("another")), userinfo(Flaw::Audience)),
        ("userinfo by another", |t| t.info("iss", json!("another")), userinfo(Flaw::Issuer)),
        ("userinfo expired", |t| t.info("exp", json!(t.now - 30)), userinfo(Flaw::Expiry)),
        (
            "userinfo without times",
            |t| {
                let claims = t.script.userinfo.claims.as_object_mut().unwrap();
                claims.retain(|name, _| name != "exp" && name != "iat");
            },
            Ok(()),
        ),
        ("userinfo unsigned", |t| t.script.plain_userinfo = true, userinfo(Flaw::Unsigned)),
        (
            "userinfo unsigned, as agreed",
            |t| (t.script.plain_userinfo, t.settings.signed_userinfo) = (true, false),
            Ok(()),
        ),
        (
            "userinfo unsigned, as agreed, of another",
            |t| {
                (t.script.plain_userinfo, t.settings.signed_userinfo) = (true, false);
                t.info("sub", json!("another"));
            },
            userinfo(Flaw::Subject),
        ),
    ]
}

/// Who signed them.
fn signatures() -> Vec<Case> {
    vec![
        (
            "signed by nobody",
            |t| {
                t.script.id_token.header["alg"] = json!("none");
                t.script.id_token.signer = Signer::Nobody;
            },
            id_token(Flaw::Algorithm),
        ),
        (
            "the signature taken away",
            |t| t.script.id_token.signer = Signer::Nobody,
            id_token(Flaw::Signature),
        ),
        (
            "signed with the public key",
            |t| {
                t.script.id_token.header["alg"] = json!("HS256");
                t.script.id_token.signer = Signer::Shared(keys::first(t.algorithm).public().to_vec());
            },
            id_token(Flaw::Algorithm),
        ),
        (
            "signed with the public key, and the header lies",
            |t| t.script.id_token.signer = Signer::Shared(keys::first(t.algorithm).public().to_vec()),
            id_token(Flaw::Signature),
        ),
        (
            "signed as it was not agreed",
            |t| t.script.id_token.resign(&keys::first(keys::other(t.algorithm))),
            id_token(Flaw::Algorithm),
        ),
        (
            "signed by another key",
            |t| t.script.id_token.signer = Signer::Key(keys::second(t.algorithm)),
            id_token(Flaw::Signature),
        ),
        (
            "signed by a key that the token brings along",
            |t| {
                t.script.id_token.signer = Signer::Key(keys::second(t.algorithm));
                t.script.id_token.header["jwk"] = keys::second(t.algorithm).jwk();
            },
            id_token(Flaw::Signature),
        ),
        ("an extension", |t| t.script.id_token.header["crit"] = json!(["exp"]), id_token(Flaw::Critical)),
        (
            "userinfo signed by another key",
            |t| t.script.userinfo.signer = Signer::Key(keys::second(t.algorithm)),
            userinfo(Flaw::Signature),
        ),
        (
            "userinfo signed by nobody",
            |t| {
                t.script.userinfo.header["alg"] = json!("none");
                t.script.userinfo.signer = Signer::Nobody;
            },
            userinfo(Flaw::Algorithm),
        ),
    ]
}

/// Which keys are published, and which one a token names.
fn published() -> Vec<Case> {
    vec![
        ("an unknown key", |t| t.script.id_token.resign(&keys::second(t.algorithm)), id_token(Flaw::Key)),
        ("no key named", |t| t.script.id_token.header["kid"] = json!(null), id_token(Flaw::Key)),
        (
            "a key for encryption",
            |t| t.script.keys.iter_mut().for_each(|key| key["use"] = json!("enc")),
            id_token(Flaw::Key),
        ),
        (
            "a key for another algorithm",
            |t| t.script.keys.iter_mut().for_each(|key| key["alg"] = json!("PS256")),
            id_token(Flaw::Key),
        ),
        ("no keys", |t| t.script.keys.clear(), id_token(Flaw::Key)),
    ]
}

/// What the browser brings back.
fn redirects() -> Vec<Case> {
    vec![
        (
            "the state of another attempt",
            |t| t.callback.state = Some(attempt(9).state),
            Err(OidcError::NotOurs),
        ),
        ("no state", |t| t.callback.state = None, Err(OidcError::NotOurs)),
        (
            "a refusal for another attempt",
            |t| (t.callback.state, t.callback.error) = (None, Some("access_denied".to_owned())),
            Err(OidcError::NotOurs),
        ),
        ("named", |t| t.callback.iss = Some(t.settings.issuer.clone()), Ok(())),
        (
            "of another provider",
            |t| t.callback.iss = Some("https://a.example".to_owned()),
            flaw(Piece::Redirect, Flaw::Issuer),
        ),
        (
            "not named, though promised",
            |t| t.script.discovery["authorization_response_iss_parameter_supported"] = json!(true),
            flaw(Piece::Redirect, Flaw::Issuer),
        ),
        ("cancelled", |t| t.callback.error = Some("access_denied".to_owned()), Err(OidcError::Cancelled)),
        ("refused", |t| t.callback.error = Some("invalid_scope".to_owned()), refused("invalid_scope")),
        ("refused in words", |t| t.callback.error = Some("<b>Camille".to_owned()), refused("unnamed")),
        ("no code", |t| t.callback.code = None, flaw(Piece::Redirect, Flaw::Shape)),
        ("another code", |t| t.callback.code = Some("another".to_owned()), refused("invalid_grant")),
        ("another secret", |t| t.settings.client_secret.push('x'), refused("invalid_client")),
    ]
}

/// How the provider answers.
fn answers() -> Vec<Case> {
    const DISCOVERY: &str = "/.well-known/openid-configuration";
    vec![
        (
            "the discovery document of another",
            |t| t.script.discovery["issuer"] = json!(format!("{}/", t.settings.issuer)),
            flaw(Piece::Discovery, Flaw::Issuer),
        ),
        (
            "an endpoint that is no address",
            |t| t.script.discovery["token_endpoint"] = json!("ftp://a.example/token"),
            flaw(Piece::Discovery, Flaw::Shape),
        ),
        ("an issuer that is no address", |t| t.settings.issuer.clear(), flaw(Piece::Discovery, Flaw::Issuer)),
        ("no discovery document", |t| t.at(DISCOVERY, Manner::Refuse(404, "Not Found")), refused("http_404")),
        ("maintenance", |t| t.at(DISCOVERY, Manner::Refuse(503, "{}")), down(Outage::Failing(503))),
        ("too many requests", |t| t.at("/token", Manner::Refuse(429, "{}")), down(Outage::Failing(429))),
        ("tokens elsewhere", |t| t.at("/token", Manner::Redirect), flaw(Piece::Tokens, Flaw::Status)),
        ("userinfo elsewhere", |t| t.at("/userinfo", Manner::Redirect), flaw(Piece::Userinfo, Flaw::Status)),
        ("tokens without end", |t| t.at("/token", Manner::Huge), flaw(Piece::Tokens, Flaw::TooLong)),
        ("keys without end", |t| t.at("/jwks", Manner::Huge), flaw(Piece::Keys, Flaw::TooLong)),
        (
            "a page instead of tokens",
            |t| t.at("/token", Manner::Refuse(200, "<html>")),
            flaw(Piece::Tokens, Flaw::Shape),
        ),
        (
            "a page instead of keys",
            |t| t.at("/jwks", Manner::Refuse(200, "<html>")),
            flaw(Piece::Keys, Flaw::Shape),
        ),
        ("another kind of token", |t| t.script.token_type = "DPoP", flaw(Piece::Tokens, Flaw::Shape)),
        (
            "no answer",
            |t| {
                t.timeouts.total = Duration::from_millis(300);
                t.at("/token", Manner::Silent);
            },
            down(Outage::Slow),
        ),
        (
            "nobody there",
            |t| t.settings.issuer.replace_range(.., "http://127.0.0.1:9"),
            down(Outage::Unreachable),
        ),
    ]
}

async fn sign_in(fake: &Fake, algorithm: Algorithm, bend: Bend) -> Result<(), OidcError> {
    let attempt = attempt(1);
    let mut trial = Trial {
        algorithm,
        now: now().timestamp(),
        settings: fake.settings(algorithm),
        script: fake.script(algorithm, &attempt, now()),
        callback: returned(&attempt),
        timeouts: Timeouts::default(),
    };
    bend(&mut trial);
    fake.follow(trial.script);
    let provider = Provider::new(trial.settings, trial.timeouts);
    provider.begin(&attempt, REDIRECT_URI, now()).await?;
    let signed = provider.finish(&attempt, REDIRECT_URI, &trial.callback, now()).await?;
    assert_eq!((signed.issuer, signed.subject.as_str()), (fake.issuer.clone(), SUBJECT));
    assert_eq!(signed.claims["family_name"], "EXEMPLE");
    assert_eq!(signed.amr, ["fc"]);
    Ok(())
}

#[tokio::test]
async fn each_sign_in_that_is_wrong_is_refused_by_its_name() {
    let fake = Fake::start().await;
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        for (what, bend, expected) in
            [id_tokens(), claims(), signatures(), published(), redirects(), answers()].concat()
        {
            assert_eq!(sign_in(&fake, algorithm, bend).await, expected, "{what}, {algorithm:?}");
        }
    }
    assert_eq!(fake.asked("/elsewhere"), 0, "no redirect is followed");
}

#[tokio::test]
async fn a_code_is_good_once() {
    let (fake, attempt) = (Fake::start().await, attempt(1));
    fake.follow(fake.script(Algorithm::Es256, &attempt, now()));
    let provider = Arc::new(Provider::new(fake.settings(Algorithm::Es256), Timeouts::default()));
    // In a task of its own, as a server does.
    let finish = || {
        let (provider, attempt) = (provider.clone(), attempt.clone());
        tokio::spawn(async move {
            provider.finish(&attempt, REDIRECT_URI, &returned(&attempt), now()).await.map(drop)
        })
    };
    assert_eq!(finish().await.unwrap(), Ok(()));
    assert_eq!(finish().await.unwrap(), refused("invalid_grant"));
}

#[test]
fn an_error_names_what_was_wrong_and_nobody() {
    let error = OidcError::DoesNotHold(Piece::Userinfo, Flaw::Subject);
    assert_eq!(error.to_string(), "the provider's answer does not hold: userinfo sub");
}
