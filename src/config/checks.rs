//! What makes each value of the configuration good. A check returns the value,
//! or what is wrong and its remedy, without quoting the value: the reader quotes
//! it if it is no secret.

use std::net::SocketAddr;

use reqwest::Url;
use tracing_subscriber::EnvFilter;

use super::{Backend, Config, DrawSource, Network, SmsGateway};

type Checked<T> = Result<T, &'static str>;

pub(super) fn address(text: &str) -> Checked<SocketAddr> {
    text.parse().map_err(|_| "is not an address and a port; write for example 127.0.0.1:8080")
}

pub(super) fn network(text: &str) -> Checked<Network> {
    let network: Network =
        text.parse().map_err(|_| "is not an address or a range; write for example 10.0.0.0/8")?;
    if network.is_everybody() {
        return Err(
            "is wider than any network of proxies, and everybody in it could name any address; name the proxy",
        );
    }
    Ok(network)
}

pub(super) fn public_url(text: &str) -> Checked<String> {
    bare_url(text)
        .ok_or("is not an address without path; write for example https://rendez-vous.example.gouv.fr")
}

pub(super) fn base_url(text: &str) -> Checked<String> {
    bare_url(text).ok_or("is not an address without path; write for example https://api.twilio.com")
}

pub(super) fn relay(text: &str) -> Checked<String> {
    bare_url(text).ok_or("is not an address without path; write for example https://api.drand.sh")
}

pub(super) fn witness(text: &str) -> Checked<String> {
    bare_url(text).ok_or("is not an address without path; write for example https://temoin.example.org")
}

pub(super) fn register(text: &str) -> Checked<()> {
    let good = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    good.then_some(()).ok_or("is not an address; write for example https://registre.example.gouv.fr/numeros")
}

pub(super) fn issuer(text: &str) -> Checked<()> {
    let good =
        Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) && !text.ends_with('/');
    good.then_some(()).ok_or("is not an issuer; write for example https://oidc.franceconnect.gouv.fr/api/v2")
}

fn bare_url(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let bare = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    bare.then(|| url.as_str().trim_end_matches('/').to_owned())
}

pub(super) fn backend(url: &str) -> Checked<Backend> {
    match url.split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => Ok(Backend::Sqlite),
        Some(("postgres" | "postgresql", rest)) if rest.len() > 2 && rest.starts_with("//") => {
            Ok(Backend::Postgres)
        }
        _ => Err("is no database; write sqlite:./var/passage.db or postgres://user@host/passage"),
    }
}

pub(super) fn master_key(text: &str) -> Checked<()> {
    let text = text.trim();
    let good = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    good.then_some(()).ok_or("is not 64 hexadecimal digits; make a key with `passage keys init`")
}

pub(super) fn redis(url: &str) -> Checked<()> {
    if url.starts_with("rediss://") {
        return Err(
            "asks for TLS, which this build does not speak to Redis; write redis:// and keep Redis on a private network",
        );
    }
    let good = url.starts_with("redis://") && redis::Client::open(url).is_ok();
    good.then_some(()).ok_or("is not an address of Redis; write for example redis://127.0.0.1:6379/0")
}

pub(super) fn sender(text: &str) -> Checked<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == ' ';
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let is_name = (3..=11).contains(&text.len())
        && text.chars().all(word)
        && text.chars().any(|c| c.is_ascii_alphabetic());
    (is_number || is_name)
        .then(|| text.to_owned())
        .ok_or("is no sender; write 3 to 11 letters and digits, or a number such as +33612345678")
}

pub(super) fn prefix(text: &str) -> Checked<String> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    let good = (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    good.then(|| text.to_owned()).ok_or("is no prefix; write a plus sign and digits, such as +262")
}

pub(super) fn log_filter(text: &str) -> Checked<String> {
    EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|_| "is not a filter; write for example info,passage=debug")
}

/// Stand-ins and open doors that development allows.
pub(super) fn unfit_for_production(config: &Config) -> Vec<String> {
    let mut faults = Vec::new();
    if !config.http.public_url.starts_with("https://") {
        faults.push("http.public_url: is not https in production; write the https:// address");
    }
    if config.http.behind_proxy && config.http.trusted_proxies.is_empty() {
        faults.push(
            "http.trusted_proxies: is empty in production, so every reader would count as the one address of the \
             proxy; name the proxy (such as [\"127.0.0.1\"]), or write behind_proxy = false if there is none",
        );
    }
    match &config.notices.sms.gateway {
        SmsGateway::Console => faults.push(
            "notices.sms.gateway: \"console\" is a development stand-in, refused in production; write \"twilio\"",
        ),
        SmsGateway::Twilio { base_url, .. } if !base_url.starts_with("https://") => {
            faults.push("notices.sms.base_url: is not https in production; write an https:// address");
        }
        SmsGateway::Twilio { account, .. } if account.trim_start_matches("AC").bytes().all(|digit| digit == b'0') => {
            faults.push("notices.sms.account: is the one of the example; write the gateway's account id");
        }
        SmsGateway::Twilio { .. } => {}
    }
    if config.draws.source == DrawSource::Commit {
        faults.push(
            "draws.source: \"commit\" is a development stand-in, refused in production; write \"drand\"",
        );
    }
    if config.witnesses.urls.iter().any(|url| !url.starts_with("https://")) {
        faults.push("witnesses.urls: one is not https in production; write https:// addresses");
    }
    if config.franceconnect.as_ref().is_some_and(|provider| !provider.issuer.starts_with("https://")) {
        faults.push("franceconnect.issuer: is not https in production; write the https:// address");
    }
    if config.proconnect.as_ref().is_some_and(|provider| !provider.issuer.starts_with("https://")) {
        faults.push("proconnect.issuer: is not https in production; write the https:// address");
    }
    if config.register.as_ref().is_some_and(|register| !register.url.starts_with("https://")) {
        faults.push("register.url: is not https in production; write the https:// address");
    }
    faults.into_iter().map(str::to_owned).collect()
}
