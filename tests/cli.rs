//! The program as an operator uses it: the real binary, in its own folder, judged by its exit code
//! and its output.

#[path = "cli/certificate.rs"]
mod certificate;
#[path = "cli/draws.rs"]
mod draws;
#[path = "common/place.rs"]
mod place;
#[path = "common/port.rs"]
mod port;
#[path = "common/served.rs"]
mod served;
#[path = "cli/serving.rs"]
mod serving;

use std::fmt::Write;
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use passage::clock::BusinessClock;
use place::{PREFECTURE, Place, QUEUE};
use serde_json::json;

/// A day that may be published: some days after the program's own today.
fn day(ahead: i64) -> NaiveDate {
    BusinessClock::system().now().date_naive() + TimeDelta::days(ahead)
}

#[test]
fn the_help_lists_every_command_and_every_exit_code() {
    let help = Place::empty().run(&["--help"]);
    let said = help.ended(0);
    for word in [
        "demo",
        "serve",
        "check-config",
        "migrate",
        "keys",
        "prefecture",
        "staff",
        "slots",
        "register-of-numbers",
        "draw",
        "simulate",
        "witness",
        "health",
        "completions",
        "purge",
        "--config",
        "--json",
        "0 done",
        "1 refused or failed",
        "2 the command line",
        "3 the configuration",
    ] {
        let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(word), "“{word}” is not in: {said}");
    }
    let completions = Place::empty().run(&["completions", "bash"]);
    assert!(completions.ended(0).contains("_passage()"));
}

#[test]
fn a_command_line_that_cannot_be_read_ends_with_2() {
    let place = Place::empty();
    for arguments in [
        &["serv"] as &[&str],
        &["serve", "--role", "boss"],
        &["staff", "add", "marie", "--prefecture", "demonstration", "--role", "boss"],
        &["draw", "verify"],
        &["slots", "import", "slots.csv"],
    ] {
        place.run(arguments).ended(2);
    }
}

#[test]
fn a_bad_configuration_ends_with_3_and_names_every_fault_at_once() {
    let place = Place::empty()
        .with("PASSAGE__HTTP__LISTEN", "everywhere")
        .with("PASSAGE__VAULT__MASTER_KEY", "secret-but-short")
        .with("PASSAGE__NOWHERE__KEY", "1");
    for command in [&["check-config"] as &[&str], &["migrate"], &["serve"], &["staff", "list"]] {
        let ran = place.run(command);
        ran.ended(3);
        for word in ["http.listen", "vault.master_key", "nowhere", "127.0.0.1:8080"] {
            assert!(ran.err.contains(word), "“{word}” is not in: {}", ran.err);
        }
        assert!(!ran.err.contains("secret-but-short"), "a secret was printed: {}", ran.err);
    }
    let place = Place::empty();
    place.file("mine.toml", "environment = \"production\"\n[http]\nlisten = 8080\ncolour = \"blue\"\n");
    let ran = place.run(&["--config", "mine.toml", "check-config"]);
    ran.ended(3);
    for word in ["http.listen", "http.colour", "notices.sms.gateway", "draws.source"] {
        assert!(ran.err.contains(word), "“{word}” is not in: {}", ran.err);
    }
    place.run(&["--config", "absent.toml", "check-config"]).ended(3);
}

#[test]
fn a_good_configuration_passes_and_so_does_a_sound_database() {
    let place = Place::furnished();
    place.run(&["check-config"]).ended(0);
    place.run(&["check-config", "--deep"]).ended(0);
    let ran = place.run(&["check-config", "--deep", "--json"]);
    ran.ended(0);
    assert_eq!(ran.json(), [json!({ "faults": [] })]);
}

#[test]
fn a_deep_check_asks_the_relays_of_the_beacon() {
    let place = Place::furnished()
        .with("PASSAGE__DRAWS__SOURCE", "drand")
        .with("PASSAGE__DRAWS__RELAYS", "http://127.0.0.1:1");
    place.run(&["check-config"]).ended(0);
    let ran = place.run(&["check-config", "--deep", "--json"]);
    ran.ended(1);
    let fault = "draws.relays: http://127.0.0.1:1 cannot be reached; let this machine reach it, or name another relay";
    assert_eq!(ran.json(), [json!({ "faults": [fault] })]);
}

#[test]
fn a_master_key_is_made_once_and_kept_private() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::empty();
    place.run(&["keys", "init", "var/master.key"]).ended(0);
    let path = place.folder.join("var/master.key");
    let first = std::fs::read(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    place.run(&["keys", "init", "var/master.key"]).refused(&["var/master.key", "never overwritten"]);
    assert_eq!(std::fs::read(&path).unwrap(), first);
}

#[test]
fn a_missing_or_another_master_key_is_refused_in_words() {
    let place = Place::empty();
    place.run(&["staff", "list"]).refused(&["no master key", "passage keys init"]);
    let place = Place::furnished().with("PASSAGE__VAULT__MASTER_KEY", "5a".repeat(32));
    place.run(&["staff", "list"]).refused(&["the master key is not the one this database was made with"]);
}

#[test]
fn migrating_twice_changes_nothing() {
    let place = Place::furnished();
    for _ in 0..2 {
        assert!(place.run(&["migrate"]).ended(0).contains("up to date"));
    }
}

#[test]
fn a_prefecture_is_imported_again_without_harm() {
    let place = Place::furnished();
    for arguments in [
        &["prefecture", "import", "prefecture.toml"][..],
        &["prefecture", "import", "--check", "prefecture.toml"],
    ] {
        assert_eq!(place.run(arguments).ended(0), "nothing changes\n");
    }
    let changed = PREFECTURE
        .replacen("Site du Centre", "Centre d'accueil", 1)
        .replace("desks = [1, 2]", "desks = [2, 3]")
        .replace("weight_cap = 8", "weight_cap = 9")
        + "[[sites]]\nslug = \"nord\"\nname = \"Antenne du Nord\"\naddress = \"3 rue Fictive\"\ndesks = [1]\n";
    let file = place.file("changed.toml", &changed);
    let said = "sites “centre”: name: “Site du Centre” becomes “Centre d'accueil”\n\
                sites “gare”: desks: 3 is new\n\
                sites “nord”: new, with desks 1\n\
                sites “gare”: desks: 1: not in the file; it stays\n\
                queues “renouvellement”: rules: others are in force; two managers change them on their page; they stay\n";
    let check = ["prefecture", "import", "--check", &*file];
    for _ in 0..2 {
        let asked = place.run(&check);
        assert_eq!(asked.ended(0), format!("{said}nothing is changed yet: run it without --check\n"));
    }
    assert_eq!(place.run(&["prefecture", "import", &file]).ended(0), format!("{said}done\n"));
    assert!(place.run(&check).ended(0).ends_with("they stay\nnothing changes\n"));
    let moved = PREFECTURE.replacen("zone = \"Europe/Paris\"", "zone = \"Indian/Reunion\"", 1);
    place
        .run(&["prefecture", "import", &place.file("moved.toml", &moved)])
        .refused(&["zone: it is Europe/Paris"]);
    let other = PREFECTURE.replacen("procedure = \"", "procedure = \"autre-", 1);
    place.run(&["prefecture", "import", &place.file("other.toml", &other)]).refused(&["procedure: it is"]);
    // Before there is a database, and without making one.
    let empty = Place::empty();
    let file = empty.file("prefecture.toml", PREFECTURE);
    let asked = empty.run(&["prefecture", "import", "--check", &file]);
    assert!(asked.ended(0).starts_with("prefecture “demonstration”: new\n"), "{}", asked.out);
    assert!(asked.err.contains("compared with an empty installation"), "{}", asked.err);
    assert!(!empty.folder.join("var/passage.db").exists());
}

#[test]
fn a_faulty_file_of_a_prefecture_is_named_whole() {
    let place = Place::furnished();
    let faulty = PREFECTURE
        .replace("slug = \"demonstration\"", "slug = \"autre\"")
        .replace("slug = \"centre\"", "slug = \"Le Centre\"")
        .replace("desks = [1, 2]", "desks = [0]")
        .replace("weight_cap = 8", "weight_cap = 0")
        .replace("0 18 * * THU", "tous les jeudis");
    let file = place.file("faulty.toml", &faulty);
    place.run(&["prefecture", "import", &file]).refused(&[
        "faulty.toml",
        "“Le Centre”",
        "sites “gare”: desks",
        "queues “renouvellement”: rules: weight_cap",
        "queues “naturalisation”: rules: timetable",
    ]);
    let file = place.file("unknown.toml", &PREFECTURE.replacen("help =", "halp =", 1));
    place.run(&["prefecture", "import", &file]).refused(&["unknown.toml", "halp"]);
    place.run(&["prefecture", "import", "absent.toml"]).refused(&["absent.toml"]);
    place.run(&["prefecture", "import", "/dev/zero"]).refused(&["/dev/zero", "larger than 1 MiB"]);
    let other = PREFECTURE.replace("slug = \"demonstration\"", "slug = \"autre\"");
    let long = "é".repeat(100_000);
    let name = PREFECTURE.lines().find(|line| line.starts_with("name = ")).unwrap();
    for (fault, said) in [
        (other.replacen(name, "name = \" \"", 1), "name: it is empty"),
        (other.replacen(name, &format!("name = \"{long}\""), 1), "name: it is longer than 120 characters"),
        (other.replacen("slug = \"centre\"", "slug = \"-\"", 1), "“-” must be words"),
        (other.replacen("slug = \"centre\"", "slug = \"a--b\"", 1), "“a--b” must be words"),
        (other.replacen("desks = [1, 2]", "desks = [1, 2, 1]", 1), "desks: 1 stands twice"),
        (other.replacen("Europe/Paris", "Europe/Pari", 1), "zone: “Europe/Pari”"),
        (other.replacen("[[sites]]", "[[sites]]\nzone = \"Paris\"", 1), "sites “centre”: zone: “Paris”"),
        (other.replacen(name, &format!("name = \"{long}"), 1), "line "),
    ] {
        let ran = place.run(&["prefecture", "import", &place.file("strict.toml", &fault)]);
        ran.refused(&["strict.toml", said]);
        assert!(ran.err.len() < 1_000, "the file is not quoted whole: {}", ran.err.len());
    }
    let listed = place.run(&["staff", "add", "x", "--prefecture", "autre", "--role", "agent"]);
    listed.refused(&["there is no prefecture “autre” here"]);
}

#[test]
fn accounts_are_added_listed_and_disabled() {
    let place = Place::furnished();
    let add = |login: &str, role: &str, more: &[&str], input: &str| {
        let fixed = ["staff", "add", login, "--prefecture", "demonstration", "--role", role];
        place.run_with(&[&fixed, more].concat(), input)
    };
    let invited = add("marie", "manager", &[], "");
    let said = invited.ended(0);
    assert!(said.contains("good once") && said.contains("/agent/lien/"), "{said}");
    let given = add("luc", "agent", &["--password-stdin"], "une phrase tout entière\n");
    assert!(!given.ended(0).contains("phrase"));
    add("court", "agent", &["--password-stdin"], "court\n").refused(&["password", "12"]);
    add("court", "agent", &["--password-stdin"], "motdepasse1234\n").refused(&["password", "guessed"]);
    place.run(&["staff", "link", "nobody"]).refused(&["nobody", "no account"]);
    add("marie", "agent", &[], "").refused(&["already taken"]);
    add("deux mots", "agent", &[], "").refused(&["login"]);
    let said = place.run(&["staff", "list"]);
    assert_eq!(said.ended(0).lines().count(), 2);
    place.run(&["staff", "disable", "Luc"]).ended(0);
    place.run(&["staff", "disable", "luc"]).refused(&["luc", "disabled already"]);
    let listed = place.run(&["staff", "list", "--json"]);
    listed.ended(0);
    assert_eq!(
        listed.json(),
        [
            json!({ "login": "luc", "role": "agent", "state": "disabled" }),
            json!({ "login": "marie", "role": "manager", "state": "invited" }),
        ]
    );
}

#[test]
fn slots_are_published_once() {
    let place = Place::furnished();
    let good = format!(
        "site;desk;date;time;minutes\ncentre;1;{0};09:00;20\ncentre;1;{0};09:20;20\ngare;2;{0};09:00;20\n",
        day(10)
    );
    for counted in [json!({ "new": 3, "doubles": 0 }), json!({ "new": 0, "doubles": 3 })] {
        let ran = place.slots("good.csv", &good, &["--json"]);
        assert_eq!((ran.code, ran.json()), (0, vec![counted]), "{}", ran.err);
    }
    let overlap = format!("site;desk;date;time;minutes\ncentre;1;{};09:10;20\n", day(10));
    place.slots("overlap.csv", &overlap, &[]).refused(&["line 2", "published already"]);
    let nowhere = ["slots", "import", "good.csv", "--queue", "demonstration/inconnue"];
    place.run(&nowhere).refused(&["--queue", "demonstration/inconnue"]);
}

#[test]
fn a_faulty_file_of_slots_is_named_line_by_line_and_publishes_none() {
    let place = Place::furnished();
    let faulty = format!(
        "site;desk;date;time;minutes\ncentre;1;{0};10:00;20\nnord;1;{0};10:00;20\ncentre;9;{0};10:00;20\n\n\
         centre;1;2027-13-01;10:00;20\ncentre;1;{0};10:10;20\ncentre;1;{0};dix;20\ncentre;2;{0};10:00;999\n\
         centre;1;2020-01-06;10:00;20\n",
        day(11)
    );
    let expected =
        [(3, "site"), (4, "desk"), (6, "date"), (7, "time"), (8, "time"), (9, "minutes"), (10, "date")];
    let ran = place.slots("faulty.csv", &faulty, &[]);
    ran.refused(&["nothing was published", "7 line(s)"]);
    let ran_json = place.slots("faulty.csv", &faulty, &["--json"]);
    ran_json.ended(1);
    assert_eq!(ran_json.json().len(), expected.len());
    for ((line, column), fault) in expected.into_iter().zip(ran_json.json()) {
        let start = format!("line {line}, {column}: ");
        assert!(ran.err.lines().any(|said| said.starts_with(&start)), "{start} is not in: {}", ran.err);
        assert_eq!((&fault["line"], &fault["column"]), (&line.into(), &column.into()));
        assert!(fault["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
    }
    let good_line = format!("site;desk;date;time;minutes\ncentre;1;{};10:00;20\n", day(11));
    let mended = place.slots("mended.csv", &good_line, &["--json"]);
    assert_eq!(mended.json(), [json!({ "new": 1, "doubles": 0 })], "its good line was not published before");
}

#[test]
fn slots_on_a_sunday_are_named_and_published_when_confirmed() {
    let place = Place::furnished();
    let sunday = (8..15).map(day).find(|day| day.weekday() == Weekday::Sun).unwrap();
    place.file("sunday.csv", &format!("site;desk;date;time;minutes\ncentre;1;{sunday};10:00;20\n"));
    let import = ["slots", "import", "sunday.csv", "--queue", QUEUE, "--json"];
    let asked = place.run(&import);
    asked.refused(&["nothing was published", "--unusual"]);
    let named =
        json!({ "site": "centre", "desk": 1, "at": format!("{sunday} 10:00:00"), "unusual": "sunday" });
    let why = asked.json().remove(0);
    // A Sunday may be a holiday too.
    assert!(why == named || why["unusual"] == "holiday", "{why}");
    let done = place.run(&[&import[..], &["--unusual"]].concat());
    assert_eq!(done.json(), [json!({ "new": 1, "doubles": 0 })], "{}", done.err);
}

/// A loose limit, because machines differ: it distinguishes seconds from minutes. docs/measurements.md has the figures.
const LARGE_FILE_MAX: Duration = Duration::from_secs(40);

#[test]
fn twenty_thousand_slots_are_published_in_seconds() {
    let place = Place::furnished();
    let desks = [("centre", 1), ("centre", 2), ("centre", 3), ("centre", 4), ("gare", 1), ("gare", 2)];
    let mut file = String::from("site;desk;date;time;minutes\n");
    for n in 0..20_000 {
        let (site, desk) = desks[n % desks.len()];
        let at = n / desks.len();
        let minutes = 8 * 60 + at % 27 * 20;
        let date = day(10 + i64::try_from(at / 27).unwrap());
        writeln!(file, "{site};{desk};{date};{:02}:{:02};20", minutes / 60, minutes % 60).unwrap();
    }
    for counted in [json!({ "new": 20_000, "doubles": 0 }), json!({ "new": 0, "doubles": 20_000 })] {
        let start = Instant::now();
        let ran = place.slots("large.csv", &file, &["--json"]);
        assert_eq!((ran.code, ran.json()), (0, vec![counted]), "{}", ran.err);
        assert!(start.elapsed() < LARGE_FILE_MAX, "{:?}", start.elapsed());
    }
}

#[test]
fn the_register_of_numbers_is_imported_whole_or_not_at_all() {
    let place = Place::furnished();
    let import = |text: &str| {
        place.file("register.csv", text);
        place.run(&["register-of-numbers", "import", "register.csv", "--json"])
    };
    let faulty = "number,birth_date\n9903000001,1990-01-02\n12,1990-01-02\n9903000003,1990-02-31\n";
    import(faulty).refused(&["register.csv", "line 3", "foreigner_number", "line 4", "birth_date"]);
    import("matricule,naissance\n").refused(&["number,birth_date"]);
    let good = "number,birth_date\n9903000001,1990-01-02\n9903000002,03/04/1985\n";
    for new in [2, 0] {
        let ran = import(good);
        assert_eq!(
            (ran.code, ran.json()),
            (0, vec![json!({ "rows": 2, "new": new, "changed": 0, "nine_digits": 0 })]),
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_purge_says_whom_it_would_erase_and_erases_nobody_whose_time_is_not_over() {
    let place = Place::furnished();
    let said = place.run(&["purge", "--dry-run"]);
    assert!(said.ended(0).contains("nobody's time is over"));
    assert!(place.run(&["purge"]).ended(0).contains("0 people erased"));
    assert_eq!(place.run(&["--json", "purge"]).json(), [json!({ "erased": 0 })]);
}
