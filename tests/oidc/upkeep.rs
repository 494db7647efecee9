//! What goes to the provider and how often: addresses, their parameters, what is kept, and keys that change.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use passage::oidc::{Algorithm, AskedBy, Attempt, Flaw, OidcError, Outage, Piece, Provider, Timeouts};
use reqwest::Url;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::task::JoinSet;

use crate::fake::{Fake, Manner, REDIRECT_URI};
use crate::keys;
use crate::refusals::{attempt, now, returned};

const DISCOVERY: &str = "/.well-known/openid-configuration";
const ALGORITHM: Algorithm = Algorithm::Es256;

fn parameters(address: &str) -> BTreeMap<String, String> {
    Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

#[tokio::test]
async fn a_browser_is_sent_with_what_is_needed_and_nothing_else() {
    let (fake, attempt) = (Fake::start().await, attempt(1));
    fake.follow(fake.script(ALGORITHM, &attempt, now()));
    let provider = Provider::new(fake.settings(ALGORITHM), Timeouts::default());
    let address = provider.begin(&attempt, REDIRECT_URI, now()).await.unwrap();
    assert!(address.starts_with(&format!("{}/authorize?", fake.issuer)), "{address}");
    let mut expected = BTreeMap::from(
        [
            ("response_type", "code"),
            ("client_id", "passage-on-trial"),
            ("redirect_uri", REDIRECT_URI),
            ("scope", "openid identite_pivot email"),
            ("state", &attempt.state),
            ("nonce", &attempt.nonce),
            ("acr_values", "eidas1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    assert_eq!(parameters(&address), expected);

    let mut settings = fake.settings(ALGORITHM);
    settings.acr.clear();
    settings.amr = true;
    let provider = Provider::new(settings, Timeouts::default());
    let address = provider.begin(&attempt, REDIRECT_URI, now()).await.unwrap();
    expected.remove("acr_values");
    expected.insert("claims".to_owned(), r#"{"id_token":{"amr":{"essential":true}}}"#.to_owned());
    assert_eq!(parameters(&address), expected);

    let mut settings = fake.settings(ALGORITHM);
    settings.acr_asked_by = AskedBy::Claim;
    settings.amr = true;
    let address = Provider::new(settings, Timeouts::default()).begin(&attempt, REDIRECT_URI, now()).await;
    let claims = r#"{"id_token":{"acr":{"essential":true,"values":["eidas1"]},"amr":{"essential":true}}}"#;
    expected.insert("claims".to_owned(), claims.to_owned());
    assert_eq!(parameters(&address.unwrap()), expected, "as ProConnect wants it");
}

#[tokio::test]
async fn with_pkce_whoever_asks_for_the_tokens_proves_that_they_began() {
    let (fake, attempt) = (Fake::start().await, attempt(1));
    fake.follow(fake.script(ALGORITHM, &attempt, now()));
    let mut settings = fake.settings(ALGORITHM);
    settings.pkce = true;
    let provider = Provider::new(settings, Timeouts::default());
    let begun = parameters(&provider.begin(&attempt, REDIRECT_URI, now()).await.unwrap());
    provider.finish(&attempt, REDIRECT_URI, &returned(&attempt), now()).await.unwrap();
    assert_eq!(begun["code_challenge_method"], "S256");
    let digest = Sha256::digest(&fake.last_form()["code_verifier"]);
    assert_eq!(begun["code_challenge"], URL_SAFE_NO_PAD.encode(digest));
}

#[test]
fn an_attempt_has_long_secrets_and_survives_its_cookie() {
    let attempt = attempt(1);
    let secrets = [&attempt.state, &attempt.nonce, &attempt.verifier];
    assert!(secrets.iter().all(|secret| secret.len() == 64), "ProConnect asks for 32 at least");
    assert!(attempt.state != attempt.nonce && attempt.nonce != attempt.verifier);
    let kept = serde_json::to_string(&attempt).unwrap();
    assert!(serde_json::from_str::<Attempt>(&kept).unwrap() == attempt);
}

#[tokio::test]
async fn the_way_out_is_the_providers_if_it_has_one() {
    let (fake, attempt) = (Fake::start().await, attempt(1));
    let mut script = fake.script(ALGORITHM, &attempt, now());
    fake.follow(script.clone());
    let way_out = async || {
        let provider = Provider::new(fake.settings(ALGORITHM), Timeouts::default());
        provider
            .logout_url("a.b.c", "https://passage.example/fc/sortie", &attempt.state, now())
            .await
            .unwrap()
    };
    let address = way_out().await.unwrap();
    assert!(address.starts_with(&format!("{}/session/end?", fake.issuer)), "{address}");
    let query = parameters(&address);
    assert_eq!(query["id_token_hint"], "a.b.c");
    assert_eq!(query["post_logout_redirect_uri"], "https://passage.example/fc/sortie");
    assert_eq!(query["state"], attempt.state);

    script.discovery["end_session_endpoint"].take();
    fake.follow(script);
    assert_eq!(way_out().await, None);
}

#[tokio::test]
async fn a_new_key_is_fetched_once_and_an_old_one_is_forgotten() {
    let (fake, attempt, old, new) =
        (Fake::start().await, attempt(1), keys::first(ALGORITHM), keys::second(ALGORITHM));
    let provider = Provider::new(fake.settings(ALGORITHM), Timeouts::default());
    // Signs in some seconds later, by a provider that publishes one key and signs with one.
    let sign_in = async |after: i64, published: &keys::Key, signing: &keys::Key| {
        let now = now() + TimeDelta::seconds(after);
        let mut script = fake.script(ALGORITHM, &attempt, now);
        script.keys = vec![published.jwk()];
        script.id_token.resign(signing);
        script.userinfo.resign(signing);
        fake.follow(script);
        let signed = provider.finish(&attempt, REDIRECT_URI, &returned(&attempt), now).await;
        (signed.map(drop), fake.asked("/jwks"))
    };
    let unknown = Err(OidcError::DoesNotHold(Piece::IdToken, Flaw::Key));
    assert_eq!(sign_in(0, &old, &old).await, (Ok(()), 1));
    assert_eq!(sign_in(9, &new, &new).await, (unknown.clone(), 1), "they were fetched just now");
    assert_eq!(sign_in(20, &new, &new).await, (Ok(()), 2));
    assert_eq!(sign_in(21, &new, &old).await, (unknown.clone(), 2), "rotated away");
    assert_eq!(sign_in(40, &new, &old).await, (unknown.clone(), 3));
    assert_eq!(sign_in(50, &new, &new).await, (Ok(()), 3));
    assert_eq!(sign_in(4000, &old, &new).await, (unknown, 4), "kept for an hour");
    assert_eq!(fake.asked(DISCOVERY), 2);
}

#[tokio::test]
async fn a_provider_that_is_down_is_asked_by_one_of_many() {
    let (fake, attempt) = (Fake::start().await, attempt(1));
    let mut script = fake.script(ALGORITHM, &attempt, now());
    script.manners.insert(DISCOVERY, Manner::Refuse(500, ""));
    fake.follow(script.clone());
    let provider = Arc::new(Provider::new(fake.settings(ALGORITHM), Timeouts::default()));
    let begin = |after| {
        let (provider, attempt) = (provider.clone(), attempt.clone());
        async move { provider.begin(&attempt, REDIRECT_URI, now() + TimeDelta::seconds(after)).await }
    };
    let all = (0..9).map(begin).collect::<JoinSet<_>>().join_all().await;
    let down = Err(OidcError::Unavailable(Outage::Failing(500)));
    assert!(all.iter().all(|begun| *begun == down), "{all:?}");
    assert_eq!(fake.asked(DISCOVERY), 1);

    script.manners.clear();
    fake.follow(script);
    assert_eq!(begin(9).await, down);
    assert!(begin(20).await.is_ok());
    assert_eq!(fake.asked(DISCOVERY), 2);
}

#[tokio::test]
async fn a_probe_finds_a_provider_without_our_keys() {
    let (fake, attempt) = (Fake::start().await, attempt(1));
    let mut script = fake.script(ALGORITHM, &attempt, now());
    let probe = async || Provider::new(fake.settings(ALGORITHM), Timeouts::default()).probe(now()).await;
    fake.follow(script.clone());
    assert_eq!(probe().await, Ok(()));
    script.keys = vec![keys::first(keys::other(ALGORITHM)).jwk(), json!({ "kty": "oct" })];
    fake.follow(script);
    assert_eq!(probe().await, Err(OidcError::DoesNotHold(Piece::Keys, Flaw::Key)));
}
