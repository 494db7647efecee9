//! A whole sign-in with a real provider, which is set up as FranceConnect is: tests/oidc/provider.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use chrono::{DateTime, Utc};
use passage::clock::RealClock;
use passage::oidc::{Algorithm, AskedBy, Attempt, Callback, OidcError, Provider, Settings, Signed, Timeouts};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode, Url};
use zeroize::Zeroizing;

use crate::refusals::attempt;

pub const CLIENT_ID: &str = "passage-on-trial";
pub const CLIENT_SECRET: &str = "a-secret-of-this-trial-that-is-long-enough";
const REDIRECT_URI: &str = "https://passage.example/fc/retour";
const LOGOUT_URI: &str = "https://passage.example/fc/sortie";

/// The provider, in its own process. It never outlives its test.
pub struct Node {
    child: Child,
    pub issuer: String,
    algorithm: Algorithm,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Node {
    /// `None` if its packages are not there.
    fn start(algorithm: Algorithm) -> Option<Self> {
        Self::beside(algorithm, "https://passage.example")
    }

    /// With our pages at this address.
    pub fn beside(algorithm: Algorithm, pages: &str) -> Option<Self> {
        let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc/provider");
        if !folder.join("node_modules").exists() {
            eprintln!("skipped: no sign-in with a real provider; `npm ci` in tests/oidc/provider fetches it");
            return None;
        }
        let mut child = Command::new("node")
            .arg("provider.mjs")
            .current_dir(folder)
            .env("CLIENT_ID", CLIENT_ID)
            .env("CLIENT_SECRET", CLIENT_SECRET)
            .env("REDIRECT_URIS", format!("{pages}/fc/retour"))
            .env("LOGOUT_URIS", format!("{pages}/fc/sortie"))
            .env("ALGORITHM", if algorithm == Algorithm::Es256 { "ES256" } else { "RS256" })
            .stdout(Stdio::piped())
            // It has warnings of its own.
            .stderr(Stdio::null())
            .spawn()
            .expect("node is installed");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let issuer = lines.find_map(|line| line.strip_prefix("issuer: ").map(str::to_owned));
        Some(Self { issuer: issuer.expect("the provider has started"), child, algorithm })
    }

    fn settings(&self) -> Settings {
        Settings {
            issuer: self.issuer.clone(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: Zeroizing::new(CLIENT_SECRET.to_owned()),
            algorithm: self.algorithm,
            scopes: "openid identite_pivot email preferred_username".to_owned(),
            acr: vec!["eidas1".to_owned()],
            acr_asked_by: AskedBy::Parameter,
            amr: true,
            signed_userinfo: true,
            pkce: false,
        }
    }

    fn client(&self) -> Provider {
        Provider::new(self.settings(), Timeouts::default())
    }
}

/// A browser without a screen.
pub struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
}

/// A page, or where it leads.
struct Page {
    status: StatusCode,
    leads_to: Option<Url>,
    body: String,
}

impl Browser {
    pub fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, cookies: BTreeMap::new() }
    }

    async fn ask(&mut self, method: Method, url: &Url, form: &[(&str, &str)]) -> Page {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.request(method, url.clone()).header(COOKIE, cookies.join("; "));
        let request = if form.is_empty() { request } else { request.form(form) };
        let answer = request.send().await.unwrap();
        for set in answer.headers().get_all(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
            self.cookies.retain(|_, value| !value.is_empty());
        }
        let leads_to = answer.headers().get(LOCATION).map(|to| url.join(to.to_str().unwrap()).unwrap());
        Page { status: answer.status(), leads_to, body: answer.text().await.unwrap() }
    }

    /// Opens an address and goes where it leads: to a page, or out to Passage.
    async fn go(&mut self, from: &Url) -> (Url, Option<Page>) {
        let mut url = from.clone();
        while url.host_str() == Some("127.0.0.1") {
            let page = self.ask(Method::GET, &url, &[]).await;
            match page.leads_to {
                Some(to) => url = to,
                None => return (url, Some(page)),
            }
        }
        (url, None)
    }

    /// Signs in at the login page by one of its buttons; the address to which it leads.
    pub async fn comes_back(&mut self, begun: &str, button: (&str, &str)) -> Url {
        let (login, page) = self.go(&begun.parse().unwrap()).await;
        let page = page.expect("a login page, each time");
        let (name, value) = button;
        assert!(page.body.contains(&format!("<button name=\"{name}\" value=\"{value}\">")), "{}", page.body);
        let pressed = self.ask(Method::POST, &login, &[button]).await;
        self.go(&pressed.leads_to.expect("a redirect")).await.0
    }

    /// The same, as what it brings.
    async fn press(&mut self, begun: &str, button: (&str, &str)) -> Callback {
        let back = self.comes_back(begun, button).await;
        assert!(back.as_str().starts_with(REDIRECT_URI), "{back}");
        let mut brought: BTreeMap<String, String> = back.query_pairs().into_owned().collect();
        let mut take = |name: &str| brought.remove(name);
        Callback { code: take("code"), state: take("state"), iss: take("iss"), error: take("error") }
    }
}

fn now() -> DateTime<Utc> {
    RealClock::system().now()
}

async fn sign_in(
    client: &Provider,
    browser: &mut Browser,
    attempt: &Attempt,
    button: (&str, &str),
) -> (Callback, Result<Signed, OidcError>) {
    let begun = client.begin(attempt, REDIRECT_URI, now()).await.unwrap();
    let callback = browser.press(&begun, button).await;
    let signed = client.finish(attempt, REDIRECT_URI, &callback, now()).await;
    (callback, signed)
}

#[tokio::test]
async fn somebody_signs_in_and_out() {
    for algorithm in [Algorithm::Es256, Algorithm::Rs256] {
        let Some(node) = Node::start(algorithm) else { return };
        let (client, mut browser, attempt) = (node.client(), Browser::new(), attempt(1));
        client.probe(now()).await.unwrap();
        let (callback, signed) = sign_in(&client, &mut browser, &attempt, ("person", "camille")).await;
        assert_eq!(callback.iss.as_ref(), Some(&node.issuer));
        let signed = signed.unwrap();
        assert_eq!(signed.issuer, node.issuer);
        assert!(signed.subject.ends_with("v1"), "{}", signed.subject);
        assert_eq!((signed.acr.as_deref(), signed.amr.as_slice()), (Some("eidas1"), &["fc".to_owned()][..]));
        assert_eq!(signed.claims["family_name"], "EXEMPLE");
        assert_eq!(signed.claims["email"], "camille@exemple.invalid");

        let again = client.finish(&attempt, REDIRECT_URI, &callback, now()).await;
        assert_eq!(again, Err(OidcError::Refused("invalid_grant".to_owned())), "a code is good once");

        let way_out = client.logout_url(&signed.id_token, LOGOUT_URI, &attempt.state, now()).await;
        let way_out = way_out.unwrap().expect("there is one").parse().unwrap();
        let page = browser.ask(Method::GET, &way_out, &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        // Its page sends itself: the form's address and hidden field are read here.
        let quoted = |after: &str| page.body.split_once(after).unwrap().1.split('"').next().unwrap();
        let (action, xsrf) = (quoted("action=\""), quoted("name=\"xsrf\" value=\""));
        let form = [("xsrf", xsrf), ("logout", "yes")];
        let left = browser.ask(Method::POST, &action.parse().unwrap(), &form).await;
        let back = left.leads_to.expect("a redirect");
        assert_eq!(back.as_str(), format!("{LOGOUT_URI}?state={}", attempt.state));
    }
}

#[tokio::test]
async fn each_person_has_a_name_of_their_own_and_may_be_half_known() {
    let Some(node) = Node::start(Algorithm::Es256) else { return };
    let (client, mut browser) = (node.client(), Browser::new());
    let (_, amadou) = sign_in(&client, &mut browser, &attempt(1), ("person", "amadou")).await;
    let (_, again) = sign_in(&client, &mut browser, &attempt(2), ("person", "amadou")).await;
    let (_, lina) = sign_in(&client, &mut Browser::new(), &attempt(3), ("person", "lina")).await;
    let (amadou, again, lina) = (amadou.unwrap(), again.unwrap(), lina.unwrap());
    assert_eq!(amadou.subject, again.subject);
    assert_ne!(amadou.subject, lina.subject);
    // Born abroad: the day is not known, and no commune of France is the place.
    assert_eq!(amadou.claims["birthdate"], "1980-00-00");
    assert_eq!(amadou.claims["birthplace"], "");
    assert_eq!(amadou.claims["birthcountry"], "99335");
    assert_eq!(lina.claims["preferred_username"], "ESSAI");
}

#[tokio::test]
async fn who_goes_back_has_cancelled() {
    let Some(node) = Node::start(Algorithm::Es256) else { return };
    let (_, cancelled) = sign_in(&node.client(), &mut Browser::new(), &attempt(1), ("cancel", "yes")).await;
    assert_eq!(cancelled, Err(OidcError::Cancelled));
}

#[tokio::test]
async fn what_the_provider_does_not_know_it_refuses() {
    let Some(node) = Node::start(Algorithm::Es256) else { return };
    let refused = async |settings: Settings| {
        let client = Provider::new(settings, Timeouts::default());
        let begun = client.begin(&attempt(1), REDIRECT_URI, now()).await.unwrap();
        let (_, page) = Browser::new().go(&begun.parse().unwrap()).await;
        page.is_some_and(|page| page.status == StatusCode::BAD_REQUEST && page.body.contains("Y030007"))
    };
    assert!(!refused(node.settings()).await);
    assert!(refused(Settings { pkce: true, ..node.settings() }).await);
    assert!(refused(Settings { acr: Vec::new(), ..node.settings() }).await);
}
