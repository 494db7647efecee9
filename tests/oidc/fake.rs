//! A provider on loopback whose every answer can be bent. Left alone, it behaves as FranceConnect does.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Form, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use passage::oidc::{Algorithm, AskedBy, Attempt, Settings};
use ring::hmac;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use crate::keys::{self, Key};

pub const REDIRECT_URI: &str = "https://passage.example/fc/retour";
pub const SUBJECT: &str = "b155a2129530e5fd-fictional-v1";
pub const CODE: &str = "a-code";
pub const CLIENT_ID: &str = "passage-on-trial";
pub const SECRET: &str = "a secret & not a plain one";
const ACCESS_TOKEN: &str = "an-access-token";

/// What the provider answers.
#[derive(Clone)]
pub struct Script {
    pub discovery: Value,
    pub keys: Vec<Value>,
    pub id_token: Token,
    pub userinfo: Token,
    /// Instead of a signed one.
    pub plain_userinfo: bool,
    pub token_type: &'static str,
    /// To which codes are given.
    pub redirect_uri: String,
    /// By path: what is done instead of an answer.
    pub manners: BTreeMap<&'static str, Manner>,
}

/// A token that is signed when it is asked for.
#[derive(Clone)]
pub struct Token {
    pub header: Value,
    pub claims: Value,
    pub signer: Signer,
}

#[derive(Clone)]
pub enum Signer {
    Key(Key),
    /// HMAC with these bytes.
    Shared(Vec<u8>),
    Nobody,
}

#[derive(Clone, Copy)]
pub enum Manner {
    Silent,
    Huge,
    /// To `/elsewhere`, which answers as it would have.
    Redirect,
    Refuse(u16, &'static str),
}

#[derive(Clone)]
pub struct Fake {
    pub issuer: String,
    script: Arc<Mutex<Option<Script>>>,
    /// The paths, in order.
    asked: Arc<Mutex<Vec<String>>>,
    /// The last form at the token endpoint.
    form: Arc<Mutex<HashMap<String, String>>>,
}

impl Token {
    fn signed_by(key: Key, claims: Value) -> Self {
        Self {
            header: json!({ "alg": key.alg(), "kid": key.kid, "typ": "JWT" }),
            claims,
            signer: Signer::Key(key),
        }
    }

    /// Signed by this key, and it says so.
    pub fn resign(&mut self, key: &Key) {
        *self = Self::signed_by(key.clone(), self.claims.clone());
    }

    fn text(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&self.header), part(&self.claims));
        let signature = match &self.signer {
            Signer::Key(key) => key.sign(signed.as_bytes()),
            Signer::Shared(bytes) => {
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, bytes), signed.as_bytes()).as_ref().to_vec()
            }
            Signer::Nobody => Vec::new(),
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl Fake {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/api/v2", listener.local_addr().unwrap());
        let fake = Self { issuer, script: Arc::default(), asked: Arc::default(), form: Arc::default() };
        let router = Router::new()
            .route("/api/v2/.well-known/openid-configuration", get(discovery))
            .route("/api/v2/jwks", get(jwks))
            .route("/api/v2/token", post(token))
            .route("/api/v2/userinfo", get(userinfo))
            .route("/elsewhere", post(token).get(userinfo))
            .layer(from_fn_with_state(fake.clone(), behave))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    pub fn settings(&self, algorithm: Algorithm) -> Settings {
        Settings {
            issuer: self.issuer.clone(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: Zeroizing::new(SECRET.to_owned()),
            algorithm,
            scopes: "openid identite_pivot email".to_owned(),
            acr: vec!["eidas1".to_owned()],
            acr_asked_by: AskedBy::Parameter,
            amr: false,
            signed_userinfo: true,
            pkce: false,
        }
    }

    /// What a well-behaved provider answers to this attempt.
    pub fn script(&self, algorithm: Algorithm, attempt: &Attempt, now: DateTime<Utc>) -> Script {
        let (issuer, key, now) = (&self.issuer, keys::first(algorithm), now.timestamp());
        let common = json!({ "iss": issuer, "aud": CLIENT_ID, "sub": SUBJECT, "iat": now, "exp": now + 60 });
        let with = |more: Value| {
            let mut claims = common.clone();
            claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            claims
        };
        Script {
            discovery: json!({
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "userinfo_endpoint": format!("{issuer}/userinfo"),
                "jwks_uri": format!("{issuer}/jwks"),
                "end_session_endpoint": format!("{issuer}/session/end"),
            }),
            keys: vec![keys::first(keys::other(algorithm)).jwk(), key.jwk()],
            id_token: Token::signed_by(
                key.clone(),
                with(json!({ "nonce": attempt.nonce, "acr": "eidas1", "amr": ["fc"] })),
            ),
            userinfo: Token::signed_by(
                key,
                with(json!({ "family_name": "EXEMPLE", "given_name": "Camille", "birthdate": "1980-00-00" })),
            ),
            plain_userinfo: false,
            token_type: "Bearer",
            redirect_uri: REDIRECT_URI.to_owned(),
            manners: BTreeMap::new(),
        }
    }

    /// From now on it answers this; codes are good again.
    pub fn follow(&self, script: Script) {
        *self.script.lock().unwrap() = Some(script);
        self.form.lock().unwrap().clear();
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| *asked == path).count()
    }

    pub fn last_form(&self) -> HashMap<String, String> {
        self.form.lock().unwrap().clone()
    }

    fn now_following(&self) -> Script {
        self.script.lock().unwrap().clone().expect("a script")
    }
}

/// Counts requests, and does what the script says of their path.
async fn behave(State(fake): State<Fake>, request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_start_matches("/api/v2").to_owned();
    fake.asked.lock().unwrap().push(path.clone());
    match fake.now_following().manners.get(path.as_str()) {
        None => next.run(request).await,
        Some(Manner::Silent) => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            StatusCode::OK.into_response()
        }
        Some(Manner::Huge) => " ".repeat(10_000_000).into_response(),
        Some(Manner::Redirect) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/elsewhere")]).into_response()
        }
        Some(Manner::Refuse(status, body)) => (StatusCode::from_u16(*status).unwrap(), *body).into_response(),
    }
}

async fn discovery(State(fake): State<Fake>) -> Json<Value> {
    Json(fake.now_following().discovery)
}

async fn jwks(State(fake): State<Fake>) -> Json<Value> {
    Json(json!({ "keys": fake.now_following().keys }))
}

async fn token(State(fake): State<Fake>, Form(form): Form<HashMap<String, String>>) -> Response {
    let refuse = |status: StatusCode, code| (status, Json(json!({ "error": code }))).into_response();
    let says = |name: &str, expected: &str| form.get(name).is_some_and(|said| said == expected);
    if !says("client_id", CLIENT_ID) || !says("client_secret", SECRET) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let script = fake.now_following();
    let is_spent = !fake.last_form().is_empty();
    if is_spent
        || !says("grant_type", "authorization_code")
        || !says("code", CODE)
        || !says("redirect_uri", &script.redirect_uri)
    {
        return refuse(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    *fake.form.lock().unwrap() = form;
    Json(json!({
        "access_token": ACCESS_TOKEN,
        "token_type": script.token_type,
        "expires_in": 60,
        "id_token": script.id_token.text(),
    }))
    .into_response()
}

async fn userinfo(State(fake): State<Fake>, headers: HeaderMap) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|said| said != &format!("Bearer {ACCESS_TOKEN}")) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let script = fake.now_following();
    if script.plain_userinfo {
        return Json(script.userinfo.claims).into_response();
    }
    ([(header::CONTENT_TYPE, "application/jwt; charset=utf-8")], script.userinfo.text()).into_response()
}
