//! What a configuration promises whoever installs Passage.

use std::net::IpAddr;

use super::*;

fn load(vars: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let vars = vars.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    let path = write("");
    let loaded = Config::load(Some(&path), vars);
    std::fs::remove_file(path).expect("removed");
    loaded
}

fn load_file(text: &str) -> Result<Config, ConfigError> {
    let path = write(text);
    let loaded = Config::load(Some(&path), []);
    std::fs::remove_file(path).expect("removed");
    loaded
}

fn write(text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("passage-{}.toml", uuid::Uuid::new_v4()));
    std::fs::write(&path, text).expect("written");
    path
}

fn faults<T: fmt::Debug>(loaded: Result<T, ConfigError>) -> Vec<String> {
    loaded.expect_err("refused").faults
}

const PRODUCTION: [(&str, &str); 7] = [
    ("PASSAGE__ENVIRONMENT", "production"),
    ("PASSAGE__HTTP__PUBLIC_URL", "https://rdv.example"),
    ("PASSAGE__NOTICES__SMS__GATEWAY", "twilio"),
    ("PASSAGE__NOTICES__SMS__ACCOUNT", "AC42"),
    ("PASSAGE__NOTICES__SMS__TOKEN", "s3cret"),
    ("PASSAGE__DRAWS__SOURCE", "drand"),
    ("PASSAGE__HTTP__TRUSTED_PROXIES", "127.0.0.1"),
];

#[test]
fn nothing_needs_to_be_written_to_develop() {
    let config = load(&[]).expect("defaults are good");
    assert_eq!(config.environment, Environment::Development);
    assert_eq!(config.http.listen, "127.0.0.1:8080".parse().expect("good"));
    assert_eq!(config.database.backend, Backend::Sqlite);
    assert_eq!(config.staff.session, Duration::from_hours(12));
    assert!(matches!(config.notices.sms.gateway, SmsGateway::Console));
}

#[test]
fn the_file_we_ship_is_the_defaults() {
    let shipped = load_file(include_str!("../../config/passage.toml")).expect("good");
    let defaults = load(&[]).expect("good");
    assert_eq!(format!("{shipped:?}"), format!("{defaults:?}"));
    assert_eq!(shipped.database.url, defaults.database.url);
}

#[test]
fn every_key_of_the_shipped_file_that_is_commented_out_is_known() {
    let text = include_str!("../../config/passage.toml");
    let uncommented = text.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line));
    let text = uncommented.collect::<Vec<_>>().join("\n");
    assert_ne!(text, include_str!("../../config/passage.toml"));
    let unknown = faults(load_file(&text)).into_iter();
    let unknown: Vec<String> = unknown.filter(|f| f.contains("is unknown")).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_environment_wins_over_the_file() {
    let path = write("[http]\nlisten = \"127.0.0.1:1\"\nbody_timeout_seconds = 7");
    let vars = [
        ("PASSAGE__HTTP__LISTEN".to_owned(), "[::1]:2".to_owned()),
        ("PASSAGE__HTTP__TRUSTED_PROXIES".to_owned(), "10.0.0.0/8, ::1".to_owned()),
        ("PASSAGE__HTTP__PUBLIC_URL".to_owned(), String::new()),
        ("PASSAGE_TEST_REDIS".to_owned(), "ignored".to_owned()),
        ("PATH".to_owned(), "ignored".to_owned()),
    ];
    let config = Config::load(Some(&path), vars).expect("good");
    std::fs::remove_file(path).expect("removed");
    assert_eq!(config.http.listen, "[::1]:2".parse().expect("good"));
    assert_eq!(config.http.body_timeout, Duration::from_secs(7));
    assert_eq!(config.http.trusted_proxies.len(), 2);
    assert_eq!(config.http.public_url, "http://localhost:8080");
}

#[test]
fn a_secret_from_the_environment_replaces_the_files_other_way() {
    let path = write(include_str!("../../config/passage.toml"));
    let url = write("postgres://passage:s3cret@db/passage\n");
    let url_path = url.to_str().expect("text").to_owned();
    let vars = [
        ("PASSAGE__VAULT__MASTER_KEY".to_owned(), "ab".repeat(32)),
        ("PASSAGE__DATABASE__URL_FILE".to_owned(), url_path),
    ];
    let config = Config::load(Some(&path), vars).expect("good");
    assert!(matches!(config.vault.master_key, MasterKeySource::Given(_)));
    assert_eq!(config.database.backend, Backend::Postgres);
    std::fs::remove_file(path).expect("removed");
    std::fs::remove_file(url).expect("removed");
}

#[test]
fn every_fault_is_listed_with_its_key() {
    let text = r#"
        colour = "blue"
        environment = "staging"
        draws = 3
        [http]
        listen = "here"
        lisen = "127.0.0.1:80"
        public_url = "https://x.example/path"
        trusted_proxies = ["10.0.0.0/33", 7]
        body_limit_bytes = -1
        session_hours = 1.5
        body_timeout_seconds = 60
        [database]
        url = "mysql://root@x"
        max_connections = 0
        [vault]
        master_key = "abc"
        master_key_file = "x"
        [notices.sms]
        gateway = "twilio"
        sender = "Préfecture de police"
        allowed_prefixes = ["33"]
        [limits]
        redis_url = "rediss://x"
        [scheduler]
        lease_seconds = 1
        [log]
        format = "xml"
        filter = "passage=loud"
    "#;
    let faults = faults(load_file(text));
    let expected = [
        "colour",
        "environment",
        "draws",
        "http.listen",
        "http.lisen",
        "http.public_url",
        "http.trusted_proxies",
        "http.body_limit_bytes",
        "http.session_hours",
        "http.request_timeout_seconds",
        "database.url",
        "database.max_connections",
        "vault.master_key",
        "notices.sms.account",
        "notices.sms.token",
        "notices.sms.sender",
        "notices.sms.allowed_prefixes",
        "limits.redis_url",
        "scheduler.lease_seconds",
        "log.format",
        "log.filter",
    ];
    for key in expected {
        let named = |fault: &&String| fault.starts_with(&format!("{key}: "));
        let fault = faults.iter().find(named).unwrap_or_else(|| panic!("{key} in {faults:#?}"));
        assert!(fault.contains("; "), "no remedy: {fault}");
    }
    // Two proxies are wrong, and the master key is wrong twice.
    assert_eq!(faults.len(), expected.len() + 2, "{faults:#?}");
}

#[test]
fn a_production_installation_is_accepted() {
    let config = load(&PRODUCTION).expect("good");
    let SmsGateway::Twilio { token, account, .. } = &config.notices.sms.gateway else {
        panic!("not Twilio");
    };
    assert_eq!((token.expose(), account.as_str()), ("s3cret", "AC42"));
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn stand_ins_are_refused_in_production() {
    let faults = faults(load(&PRODUCTION[..1]));
    for key in ["http.public_url", "http.trusted_proxies", "notices.sms.gateway", "draws.source"] {
        assert!(faults.iter().any(|fault| fault.starts_with(key)), "{key} in {faults:?}");
    }
    assert_eq!(faults.len(), 4);
    let alone = [("PASSAGE__ENVIRONMENT", "production"), ("PASSAGE__HTTP__BEHIND_PROXY", "false")];
    assert_eq!(self::faults(load(&alone)).len(), 3, "there is no proxy, and it is said");
}

#[test]
fn draws_have_relays_and_one_at_least() {
    let relays = |text: &str| load(&[("PASSAGE__DRAWS__RELAYS", text)]).map(|config| config.draws.relays);
    assert_eq!(relays("").expect("good").len(), 4);
    assert_eq!(
        relays("https://one.example, http://127.0.0.1:8000").expect("good"),
        ["https://one.example", "http://127.0.0.1:8000"]
    );
    for bad in ["https://one.example/path", "one.example", "ftp://one.example", &["https://a.b"; 9].join(",")]
    {
        assert!(faults(relays(bad))[0].starts_with("draws.relays: "), "{bad}");
    }
    assert!(faults(load_file("[draws]\nrelays = []"))[0].starts_with("draws.relays: "));
    assert!(faults(load_file("[draws]\nlate_hours = 0"))[0].starts_with("draws.late_hours: "));
}

#[test]
fn secrets_are_not_quoted_in_faults() {
    let secret = "hunter2hunter2";
    for text in [
        format!("[vault]\nmaster_key = \"{secret}\""),
        format!("[vault]\nmaster_key = [\"{secret}\"]"),
        format!("[vault]\nmaster_key = \"{secret}"),
        format!("[database]\nurl = \"mysql://u:{secret}@h/d\""),
        format!("[limits]\nredis_url = \"rediss://:{secret}@h\""),
        format!("[notices.sms]\ntokn = \"{secret}\""),
    ] {
        let error = load_file(&text).expect_err("refused");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_secret_can_live_in_its_own_file() {
    let token = write("s3cret\n");
    let mut vars = PRODUCTION.to_vec();
    let token_path = token.to_str().expect("text").to_owned();
    vars[4] = ("PASSAGE__NOTICES__SMS__TOKEN_FILE", &token_path);
    let config = load(&vars).expect("good");
    assert!(matches!(
        &config.notices.sms.gateway,
        SmsGateway::Twilio { token, .. } if token.expose() == "s3cret"
    ));
    std::fs::remove_file(&token).expect("removed");
    assert!(faults(load(&vars))[0].starts_with("notices.sms.token_file: "));
}

#[test]
fn a_variable_wins_over_the_file_in_a_section_within_a_section_too() {
    let path = write("[notices.sms]\ntoken_file = \"/nowhere/token\"");
    let vars = PRODUCTION.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let loaded = Config::load(Some(&path), vars);
    std::fs::remove_file(path).expect("removed");
    assert!(matches!(
        &loaded.expect("good").notices.sms.gateway,
        SmsGateway::Twilio { token, .. } if token.expose() == "s3cret"
    ));
}

#[test]
fn a_section_under_its_old_name_is_refused_with_its_new_one() {
    let in_file = faults(load_file("[sms]\ntoken = \"hunter2\""));
    let in_variable = faults(load(&[("PASSAGE__SMS__TOKEN", "hunter2")]));
    for faults in [in_file, in_variable] {
        assert_eq!(
            faults,
            [
                "sms: has been renamed; write [notices.sms] for [sms], and PASSAGE__NOTICES__SMS__… for PASSAGE__SMS__…"
            ]
        );
    }
}

#[test]
fn a_section_within_a_section_is_one_and_its_keys_are_known() {
    assert!(faults(load_file("[notices]\nsms = 3"))[0].starts_with("notices.sms: is not a section; "));
    assert!(faults(load_file("[notices]\nsmss = 3"))[0].starts_with("notices.smss: is unknown; "));
    assert!(
        faults(load_file("[notices.sms]\ngatway = \"x\""))[0].starts_with("notices.sms.gatway: is unknown")
    );
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let missing = Config::load(Some(Path::new("/nowhere/passage.toml")), []);
    assert!(faults(missing)[0].starts_with("/nowhere/passage.toml: cannot be read"));
}

#[test]
fn a_broken_file_is_refused_with_its_line() {
    let faults = faults(load_file("[http]\nlisten = \n"));
    assert!(faults[0].contains("line 2: is not TOML"), "{faults:?}");
}

#[test]
fn a_variable_in_the_place_of_a_section_is_refused() {
    let faults = faults(load(&[("PASSAGE__HTTP", "x")]));
    assert!(faults[0].starts_with("http: is not a section"), "{faults:?}");
}

#[test]
fn sms_go_to_france_and_its_territories_only() {
    let sms = load(&[]).expect("good").notices.sms;
    for number in ["+33612345678", "+262692123456", "+689871234"] {
        assert!(sms.allows(number), "{number}");
    }
    for number in ["+4479460000", "0612345678", ""] {
        assert!(!sms.allows(number), "{number}");
    }
}

#[test]
fn networks_contain_what_they_say() {
    let network = |text: &str| text.parse::<Network>().expect("good");
    let ip = |text: &str| text.parse::<IpAddr>().expect("good");
    assert!(network("10.0.0.0/8").contains(ip("10.255.0.1")));
    assert!(!network("10.0.0.0/8").contains(ip("11.0.0.1")));
    assert!(network("10.0.0.0/8").contains(ip("::ffff:10.0.0.1")));
    assert!(network("0.0.0.0/0").contains(ip("1.2.3.4")));
    assert!(network("::/0").contains(ip("2001:db8::1")));
    assert!(network("192.0.2.7").contains(ip("192.0.2.7")));
    assert!(!network("192.0.2.7").contains(ip("192.0.2.8")));
    assert!(!network("2001:db8::/32").contains(ip("192.0.2.8")));
}

#[test]
fn a_witness_is_an_address_and_https_in_production() {
    let urls = |text: &str| load(&[("PASSAGE__WITNESSES__URLS", text)]);
    let two = urls("https://b.example/, https://a.example,https://b.example").expect("good");
    assert_eq!(two.witnesses.urls, ["https://a.example", "https://b.example"]);
    for bad in ["a.example", "https://a.example/tete", "ftp://a.example"] {
        assert!(faults(urls(bad))[0].contains("witnesses.urls"), "{bad}");
    }
    let many: Vec<String> = (0..17).map(|n| format!("https://w{n}.example")).collect();
    assert!(faults(urls(&many.join(",")))[0].contains("more than 16"));
    let mut vars = PRODUCTION.to_vec();
    vars.push(("PASSAGE__WITNESSES__URLS", "http://a.example"));
    assert!(faults(load(&vars))[0].contains("witnesses.urls"));
}

#[test]
fn what_is_asked_elsewhere_is_given_whole() {
    for (vars, fault) in [
        (vec![("PASSAGE__OPERATORS__LISTEN", "127.0.0.1:8080")], "operators.listen: is http.listen"),
        (vec![("PASSAGE__HTTP__TRUSTED_PROXIES", "0.0.0.0/0")], "http.trusted_proxies"),
        (vec![("PASSAGE__REGISTER__URL", "https://register.example/numbers")], "register.token: is missing"),
        (vec![("PASSAGE__REGISTER__URL", "numbers"), ("PASSAGE__REGISTER__TOKEN", "t")], "register.url"),
        (
            vec![("PASSAGE__FRANCECONNECT__ISSUER", "https://fc.example/api/v2")],
            "franceconnect.client_id: is missing",
        ),
        (vec![("PASSAGE__FRANCECONNECT__ISSUER", "https://fc.example/")], "franceconnect.issuer"),
        (
            vec![("PASSAGE__PROCONNECT__ISSUER", "https://pc.example/api/v2")],
            "proconnect.client_secret: is missing",
        ),
        (vec![("PASSAGE__PROCONNECT__ACR", " ")], "proconnect.acr: names no level"),
    ] {
        let found = faults(load(&vars));
        assert!(found.iter().any(|one| one.starts_with(fault)), "{fault} is not in {found:?}");
    }
    let example = ("PASSAGE__NOTICES__SMS__ACCOUNT", "AC00000000000000000000000000000000");
    let plain = [
        ("PASSAGE__REGISTER__URL", "http://register.example/numbers"),
        ("PASSAGE__REGISTER__TOKEN", "t"),
        ("PASSAGE__FRANCECONNECT__ISSUER", "http://fc.example/api/v2"),
        ("PASSAGE__FRANCECONNECT__CLIENT_ID", "id"),
        ("PASSAGE__FRANCECONNECT__CLIENT_SECRET", "secret"),
        ("PASSAGE__PROCONNECT__ISSUER", "http://pc.example/api/v2"),
        ("PASSAGE__PROCONNECT__CLIENT_ID", "id"),
        ("PASSAGE__PROCONNECT__CLIENT_SECRET", "secret"),
    ];
    let found = faults(load(&[&PRODUCTION[..], &plain[..], &[example]].concat()));
    for fault in [
        "notices.sms.account",
        "register.url: is not https",
        "franceconnect.issuer: is not https",
        "proconnect.issuer: is not https",
    ] {
        assert!(found.iter().any(|one| one.starts_with(fault)), "{fault} is not in {found:?}");
    }
}
