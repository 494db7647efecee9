//! What an installation is: addresses, keys, gateways. Read from a file, then
//! from `PASSAGE__…` variables, and checked whole at start: every fault is named
//! at once, with its key and its remedy. Secrets are never printed.
//!
//! What prefectures decide (procedures, rules, desks) lives in the database.

mod checks;
mod master_keys;
mod reader;
mod values;

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use master_keys::{MasterKeySource, Vault};

use master_keys::vault;
use reader::{Section, Sources};
pub use values::{Network, Secret};
use values::{RELAYS, RELAYS_MAX};

/// Where the configuration is looked for if no other file is named.
pub const DEFAULT_PATH: &str = "config/passage.toml";

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    pub environment: Environment,
    pub http: Http,
    pub staff: Staff,
    pub operators: Operators,
    pub database: Database,
    pub vault: Vault,
    pub notices: Notices,
    /// The register of numbers, where it is asked over HTTP.
    pub register: Option<Register>,
    pub franceconnect: Option<OidcClient>,
    pub proconnect: Option<OidcClient>,
    pub limits: Limits,
    pub scheduler: Scheduler,
    pub draws: Draws,
    pub witnesses: Witnesses,
    pub log: Log,
}

/// Whether stand-ins are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    Development,
    Production,
}

#[derive(Clone, Debug)]
pub struct Http {
    pub listen: SocketAddr,
    /// The address people and gateways use, without a slash at its end.
    pub public_url: String,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Whether a proxy stands before this program; if not, every address that connects is a reader's.
    pub behind_proxy: bool,
    pub body_limit_bytes: usize,
    pub header_timeout: Duration,
    pub body_timeout: Duration,
    pub request_timeout: Duration,
    pub reader_timeout: Duration,
}

#[derive(Clone, Copy, Debug)]
pub struct Staff {
    /// The longest that somebody stays signed in, whatever they do.
    pub session: Duration,
    /// … and without doing anything.
    pub idle: Duration,
    /// Whether everybody signs in with a second factor.
    pub second_factor: bool,
    /// People whose data one account opens in a day before managers are told.
    pub readings_a_day: u32,
}

#[derive(Clone, Debug)]
pub struct Operators {
    /// Where health, alarms and metrics are; nothing, if nowhere.
    pub listen: Option<SocketAddr>,
}

#[derive(Clone, Debug)]
pub struct Database {
    pub url: Secret,
    pub backend: Backend,
    pub max_connections: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// By which ways messages leave.
#[derive(Clone, Debug)]
pub struct Notices {
    pub sms: Sms,
}

#[derive(Clone, Debug)]
pub struct Sms {
    pub gateway: SmsGateway,
    /// A name of at most 11 characters, or a number.
    pub sender: String,
    pub allowed_prefixes: Vec<String>,
    /// Most SMS per day; counted in the database.
    pub daily_budget: u32,
}

#[derive(Clone, Debug)]
pub enum SmsGateway {
    /// Development stand-in: SMS and e-mails appear in the terminal.
    Console,
    Twilio {
        base_url: String,
        account: String,
        token: Secret,
    },
}

#[derive(Clone, Debug)]
pub struct Register {
    pub url: String,
    pub token: Option<Secret>,
    /// A client's certificate with its key, in PEM.
    pub certificate_file: Option<PathBuf>,
    /// The authority of the service, in PEM, if this machine does not know it.
    pub authority_file: Option<PathBuf>,
    pub answer_timeout: Duration,
}

/// As whom this installation is registered with FranceConnect or ProConnect.
#[derive(Clone, Debug)]
pub struct OidcClient {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Secret,
    /// RS256 in place of ES256, as was agreed.
    pub is_rsa: bool,
    /// The levels that are asked for: one of them must be reached.
    pub acr: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Limits {
    pub redis_url: Option<Secret>,
    pub memory_max_names: usize,
    /// Live entries with one telephone or address; beyond it, one more of them comes through an agent.
    pub entries_per_contact: u32,
}

#[derive(Clone, Debug)]
pub struct Scheduler {
    pub tick: Duration,
    pub lease: Duration,
}

#[derive(Clone, Debug)]
pub struct Draws {
    /// Of draws announced from now on: those announced already keep theirs.
    pub source: DrawSource,
    /// Relays of the drand beacon, the preferred ones first. None of them is trusted.
    pub relays: Vec<String>,
    /// For the whole answer of a relay.
    pub answer_timeout: Duration,
    /// For how long a failed fetch of a round is cached.
    pub retry: Duration,
    /// After this, a draw whose randomness has not come is annulled.
    pub late: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawSource {
    /// Development stand-in: a secret committed to beforehand.
    Commit,
    /// The public drand beacon.
    Drand,
}

#[derive(Clone, Debug)]
pub struct Witnesses {
    /// Where signed heads are pushed to, without a slash at their end.
    pub urls: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
    /// Instead of standard error.
    pub file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Every fault of a configuration, each as `section.key: what is wrong; remedy`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    pub faults: Vec<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration cannot be used:")?;
        for fault in &self.faults {
            write!(f, "\n  - {fault}")?;
        }
        Ok(())
    }
}

impl Config {
    /// Reads `path`, or [`DEFAULT_PATH`] if there is one, then `vars`: usually
    /// [`process_vars`], in tests any list.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault found, not just the first.
    pub fn load<V>(path: Option<&Path>, vars: V) -> Result<Self, ConfigError>
    where
        V: IntoIterator<Item = (String, String)>,
    {
        let mut sources = Sources::read(path, vars).map_err(|faults| ConfigError { faults })?;
        let mut config = Self {
            environment: sources.top("environment", environment),
            http: sources.section("http", http),
            staff: sources.section("staff", staff),
            operators: sources.section("operators", operators),
            database: sources.section("database", database),
            vault: sources.section("vault", vault),
            notices: sources.section("notices", notices),
            register: sources.section("register", register),
            franceconnect: sources.section("franceconnect", |section| oidc_client(section, "eidas1")),
            proconnect: sources.section("proconnect", |section| oidc_client(section, TWO_FACTORS)),
            limits: sources.section("limits", limits),
            scheduler: sources.section("scheduler", scheduler),
            draws: sources.section("draws", draws),
            witnesses: sources.section("witnesses", witnesses),
            log: sources.section("log", log),
        };
        sources.renamed("sms", "notices.sms");
        if config.operators.listen == Some(config.http.listen) && config.http.listen.port() != 0 {
            sources.fault("operators.listen: is http.listen; give it an address of its own");
        }
        // Nobody opens people's data with a password alone where the people are real.
        config.staff.second_factor |= config.environment == Environment::Production;
        let mut faults = sources.finish();
        if config.environment == Environment::Production {
            faults.extend(checks::unfit_for_production(&config));
        }
        if faults.is_empty() { Ok(config) } else { Err(ConfigError { faults }) }
    }
}

impl Sms {
    /// Whether an E.164 number may be written to: an open list of prefixes is an
    /// invitation to make the installation pay for calls to premium numbers.
    pub fn allows(&self, number: &str) -> bool {
        let allowed = |prefix: &String| number.starts_with(prefix.as_str());
        self.allowed_prefixes.iter().any(allowed)
    }
}

/// The variables of this process. Those that are not Unicode come mangled, and
/// are then refused as values.
pub fn process_vars() -> impl Iterator<Item = (String, String)> {
    let text = |os: OsString| os.to_string_lossy().into_owned();
    std::env::vars_os().map(move |(name, value)| (text(name), text(value)))
}

fn environment(top: &mut Section<'_>) -> Environment {
    let choices = [("development", Environment::Development), ("production", Environment::Production)];
    top.choice("environment", &choices)
}

fn http(section: &mut Section<'_>) -> Http {
    let http = Http {
        listen: section.parsed("listen", "127.0.0.1:8080", checks::address),
        public_url: section.parsed("public_url", "http://localhost:8080", checks::public_url),
        trusted_proxies: section.parsed_list("trusted_proxies", &[], checks::network),
        behind_proxy: section.choice("behind_proxy", &[("true", true), ("false", false)]),
        body_limit_bytes: section.number("body_limit_bytes", 1 << 20, 1 << 10, 1 << 27),
        header_timeout: section.seconds("header_timeout_seconds", 10, 1, 120),
        body_timeout: section.seconds("body_timeout_seconds", 20, 1, 300),
        request_timeout: section.seconds("request_timeout_seconds", 30, 1, 600),
        reader_timeout: section.seconds("reader_timeout_seconds", 60, 1, 600),
    };
    section.moved("session_hours", "staff.session_hours");
    if http.request_timeout < http.body_timeout {
        section.fault(
            "request_timeout_seconds",
            "is less than body_timeout_seconds; a request ends after its body: make it larger",
        );
    }
    http
}

fn staff(section: &mut Section<'_>) -> Staff {
    Staff {
        session: section.seconds("session_hours", 12, 1, 24 * 7) * 3600,
        idle: section.seconds("idle_minutes", 30, 5, 24 * 60) * 60,
        second_factor: section.choice("second_factor", &[("optional", false), ("required", true)]),
        readings_a_day: section.number("readings_a_day", 150, 1, 1_000_000),
    }
}

fn operators(section: &mut Section<'_>) -> Operators {
    let listen = |text: &str| match text {
        "off" => Ok(None),
        address => checks::address(address).map(Some),
    };
    Operators { listen: section.parsed("listen", "127.0.0.1:8081", listen) }
}

fn database(section: &mut Section<'_>) -> Database {
    let url = section.secret_or_file("url", "url_file");
    let url = url.unwrap_or_else(|| Secret::new("sqlite:./var/passage.db"));
    let backend = checks::backend(url.expose()).unwrap_or_else(|fault| {
        section.fault("url", fault);
        Backend::Sqlite
    });
    Database { url, backend, max_connections: section.number("max_connections", 10, 1, 1000) }
}

/// France and its territories: an SMS elsewhere is a choice to make.
const FRENCH_PREFIXES: [&str; 9] = ["+33", "+262", "+508", "+590", "+594", "+596", "+681", "+687", "+689"];

fn notices(section: &mut Section<'_>) -> Notices {
    Notices { sms: section.section("sms", sms) }
}

fn sms(section: &mut Section<'_>) -> Sms {
    let twilio = section.choice("gateway", &[("console", false), ("twilio", true)]);
    let base_url = section.parsed("base_url", "https://api.twilio.com", checks::base_url);
    let account = section.text("account");
    let token = section.secret_or_file("token", "token_file");
    if twilio && account.is_none() {
        section.fault("account", "is missing; give the gateway's account id (AC…)");
    }
    if twilio && token.is_none() {
        let remedy = "is missing; give it in token_file or PASSAGE__NOTICES__SMS__TOKEN";
        section.fault("token", remedy);
    }
    let gateway = if twilio {
        SmsGateway::Twilio {
            base_url,
            account: account.unwrap_or_default(),
            token: token.unwrap_or_else(|| Secret::new("")),
        }
    } else {
        SmsGateway::Console
    };
    Sms {
        gateway,
        sender: section.parsed("sender", "Prefecture", checks::sender),
        allowed_prefixes: section.parsed_list("allowed_prefixes", &FRENCH_PREFIXES, checks::prefix),
        daily_budget: section.number("daily_budget", 2000, 0, 10_000_000),
    }
}

fn register(section: &mut Section<'_>) -> Option<Register> {
    let url = section.text("url");
    if let Some(Err(fault)) = url.as_deref().map(checks::register) {
        section.fault("url", fault);
    }
    let token = section.secret_or_file("token", "token_file");
    let certificate_file: Option<PathBuf> = section.text("certificate_file").map(Into::into);
    let authority_file = section.text("authority_file").map(Into::into);
    let answer_timeout = section.seconds("answer_timeout_seconds", 3, 1, 20);
    if url.is_some() && token.is_none() && certificate_file.is_none() {
        section.fault(
            "token",
            "is missing, and so is certificate_file; give what the register knows this installation by",
        );
    }
    Some(Register { url: url?, token, certificate_file, authority_file, answer_timeout })
}

/// Levels of ProConnect that take two factors.
const TWO_FACTORS: &str = "eidas2 eidas3 https://proconnect.gouv.fr/assurance/self-asserted-2fa \
     https://proconnect.gouv.fr/assurance/consistency-checked-2fa";

fn oidc_client(section: &mut Section<'_>, levels: &str) -> Option<OidcClient> {
    let issuer = section.text("issuer");
    if let Some(Err(fault)) = issuer.as_deref().map(checks::issuer) {
        section.fault("issuer", fault);
    }
    let client_id = section.text("client_id");
    let client_secret = section.secret_or_file("client_secret", "client_secret_file");
    let is_rsa = section.choice("algorithm", &[("ES256", false), ("RS256", true)]);
    let acr = section.text("acr").unwrap_or_else(|| levels.to_owned());
    let acr: Vec<String> = acr.split_whitespace().map(str::to_owned).collect();
    if acr.is_empty() {
        section.fault("acr", "names no level; write one, or leave it out");
    }
    let issuer = issuer?;
    if client_id.is_none() {
        section.fault("client_id", "is missing; give the one of the registration");
    }
    if client_secret.is_none() {
        section.fault("client_secret", "is missing; give it in client_secret_file, or as a variable");
    }
    Some(OidcClient { issuer, client_id: client_id?, client_secret: client_secret?, is_rsa, acr })
}

fn limits(section: &mut Section<'_>) -> Limits {
    let redis_url = section.secret("redis_url");
    if let Some(Err(fault)) = redis_url.as_ref().map(|url| checks::redis(url.expose())) {
        section.fault("redis_url", fault);
    }
    Limits {
        redis_url,
        memory_max_names: section.number("memory_max_names", 200_000, 1000, 10_000_000),
        entries_per_contact: section.number("entries_per_contact", 30, 1, 1_000_000),
    }
}

fn scheduler(section: &mut Section<'_>) -> Scheduler {
    Scheduler {
        tick: section.seconds("tick_seconds", 5, 1, 300),
        // Longer than any attempt to send: a lease that ends during an attempt
        // would let a second one start.
        lease: section.seconds("lease_seconds", 60, 30, 3600),
    }
}

fn draws(section: &mut Section<'_>) -> Draws {
    let choices = [("commit", DrawSource::Commit), ("drand", DrawSource::Drand)];
    let draws = Draws {
        source: section.choice("source", &choices),
        relays: section.parsed_list("relays", &RELAYS, checks::relay),
        answer_timeout: section.seconds("answer_timeout_seconds", 5, 1, 60),
        retry: section.seconds("retry_seconds", 15, 5, 600),
        late: section.seconds("late_hours", 24, 1, 24 * 14) * 3600,
    };
    if !(1..=RELAYS_MAX).contains(&draws.relays.len()) {
        section.fault("relays", "is not a list of 1 to 8 relays; name some, or leave it out");
    }
    draws
}

/// Each is tried in its turn, and may take its time.
const WITNESSES_MAX: usize = 16;

fn witnesses(section: &mut Section<'_>) -> Witnesses {
    let mut urls = section.parsed_list("urls", &[], checks::witness);
    urls.sort_unstable();
    urls.dedup();
    if urls.len() > WITNESSES_MAX {
        section.fault("urls", "are more than 16; keep those whose keepers differ most");
    }
    Witnesses { urls }
}

fn log(section: &mut Section<'_>) -> Log {
    Log {
        format: section.choice("format", &[("text", LogFormat::Text), ("json", LogFormat::Json)]),
        filter: section.parsed("filter", "info", checks::log_filter),
        file: section.text("file").map(PathBuf::from),
    }
}

#[cfg(test)]
mod tests;
