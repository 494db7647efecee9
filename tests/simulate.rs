//! First-come booking compared with Passage, small and with fixed seeds, judged by statistical bounds: in
//! Passage the quick gain nothing, under first-come booking bots win, and with uniqueness switched off cheating
//! pays, which shows that the test can fail.

use std::process::Command;

use passage::domain::rules::Window;
use passage::domain::statistics::Bounded;
use passage::simulate::cut_slots::{self, Ploy};
use passage::simulate::report::{ASSISTED, CLIENTS, EVERYBODY, FAVOURED, QUICK, World};
use passage::simulate::scenario::{Insider, Means, Resale};
use passage::simulate::{PRESETS, Report, Scenario, picture, preset, run, table};

fn scenario(name: &str, replications: u32) -> Scenario {
    let mut scenario = Scenario::parse(preset(name).expect("a preset")).unwrap();
    scenario.replications = replications;
    scenario
}

fn lived(scenario: &Scenario) -> Report {
    run(scenario, 1, || ())
}

/// How many standard errors a ratio is away from 1.
fn errors_from_one(ratio: Bounded) -> f64 {
    let error = (ratio.high / ratio.low).ln() / (2.0 * 1.96);
    ratio.value.ln() / error
}

/// Within sampling error: three and a half standard errors, exceeded by chance once in two thousand.
#[track_caller]
fn assert_equal_chances(ratio: Bounded) {
    assert!(errors_from_one(ratio).abs() < 3.5, "{ratio:?}");
    assert!(ratio.high / ratio.low < 1.6, "too few people to say anything: {ratio:?}");
}

#[track_caller]
fn assert_gains(ratio: Bounded) {
    assert!(errors_from_one(ratio) > 5.0, "{ratio:?}");
}

#[test]
fn under_first_come_bots_and_the_quick_win_and_in_passage_they_gain_nothing() {
    for name in ["low-demand", "high-demand"] {
        let Report { first_come, passage, .. } = lived(&scenario(name, 5));
        for who in [QUICK, CLIENTS] {
            assert_gains(first_come.ratio(who).unwrap());
            assert_equal_chances(passage.ratio(who).unwrap());
        }
        assert!(first_come.ratio(ASSISTED).unwrap().high < 0.3, "{name}: without internet, nearly nothing");
        assert_equal_chances(passage.ratio(ASSISTED).unwrap());
        assert!(first_come.rent_eur_per_slot.unwrap().low > 1.0, "{name}");
        assert!(passage.rent_eur_per_slot.unwrap().low <= 0.0, "{name}");
    }
}

#[test]
fn with_uniqueness_switched_off_who_enters_five_times_gains() {
    let mut open = scenario("no-uniqueness", 4);
    let without = lived(&open);
    assert_gains(without.passage.ratio(CLIENTS).unwrap());
    assert_equal_chances(without.passage.ratio(QUICK).unwrap());
    open.passage.uniqueness = true;
    let with = lived(&open);
    assert_equal_chances(with.passage.ratio(CLIENTS).unwrap());
    assert!(with.passage.shown.refused_doubles > 500, "{:?}", with.passage.shown);
}

#[test]
fn a_convocation_in_another_name_leads_nowhere_unless_the_counter_does_not_look() {
    let mut passed_on = scenario("high-demand", 6);
    passed_on.resellers[0].resale = Resale::PassOn;
    passed_on.resellers[0].borrowed_identities = 120;
    let checked = lived(&passed_on).passage;
    assert_equal_chances(checked.ratio(CLIENTS).unwrap());
    assert!(checked.shown.turned_away > 50, "{:?}", checked.shown);
    passed_on.passage.counter_checks_percent = 0;
    let unchecked = lived(&passed_on).passage;
    assert_gains(unchecked.ratio(CLIENTS).unwrap());
    assert_eq!(unchecked.shown.turned_away, 0);
}

#[test]
fn invented_people_win_nothing_and_borrowed_names_hold_seats_without_helping_the_buyers() {
    let mut firm = scenario("low-demand", 2);
    firm.resellers[0].borrowed_identities = 0;
    firm.resellers[0].false_identities = 150;
    let invented = lived(&firm).passage;
    assert_eq!((invented.shown.unverified, invented.seats.held), (300, 0));
    firm.resellers[0].borrowed_identities = 150;
    let borrowed = lived(&firm).passage;
    assert!(borrowed.seats.held > 100, "{:?}", borrowed.seats);
    assert!(errors_from_one(borrowed.ratio(CLIENTS).unwrap()).abs() < 3.5);
}

#[test]
fn registering_early_gains_as_much_as_the_window_lets_and_no_more() {
    let mut early = scenario("early-registration", 4);
    let clients = |scenario: &Scenario| lived(scenario).passage.ratio(CLIENTS).unwrap();
    let with_five_days = clients(&early);
    early.passage.rules.window = Some(Window { opens_days: 100, online_until_days: 0 });
    assert_equal_chances(clients(&early));
    early.passage.rules.window = None;
    let unbounded = clients(&early);
    assert_gains(unbounded);
    assert!(unbounded.low > with_five_days.value, "{unbounded:?} over {with_five_days:?}");
}

#[test]
fn an_agent_alone_favours_nobody_and_two_are_counted_in_public() {
    let mut bought = scenario("insider", 4);
    let two = lived(&bought).passage;
    assert_gains(two.ratio(FAVOURED).unwrap());
    assert!(two.shown.priorities >= 60 && two.shown.priorities_refused == 0, "{:?}", two.shown);
    bought.insider.as_mut().unwrap().accomplice = false;
    let alone = lived(&bought).passage;
    assert!(errors_from_one(alone.ratio(FAVOURED).unwrap()).abs() < 3.5);
    assert!(alone.shown.priorities == 0 && alone.shown.priorities_refused >= 60, "{:?}", alone.shown);
}

#[test]
fn an_agent_who_sees_invented_documents_gains_and_leaves_pairs_to_be_seen() {
    let mut bought = scenario("insider", 2);
    bought.insider =
        Some(Insider { favours_a_month: 20, means: Means::Copies, accomplice: false, copies: 6 });
    let report = lived(&bought).passage;
    assert_gains(report.ratio(FAVOURED).unwrap());
    assert!(report.shown.flagged_pairs > 200, "{:?}", report.shown);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let small = scenario("high-demand", 2);
    let all = |seed| {
        let report = run(&small, seed, || ());
        (serde_json::to_string(&report).unwrap(), table::table(&report), picture::svg(&report))
    };
    let first = all(7);
    assert_eq!(first, all(7));
    let other = all(8);
    assert!(first.0 != other.0 && first.1 != other.1 && first.2 != other.2);
}

/// What one run of a scenario must show, so that a change of the program or of its file is noticed.
/// A scenario without its own bounds fails.
fn assert_bounds(name: &str, report: &Report) {
    let Report { first_come, passage, .. } = report;
    let everybody = |world: &World| world.share(EVERYBODY).unwrap().value;
    assert_equal_chances(passage.ratio(QUICK).unwrap());
    assert_equal_chances(passage.ratio(ASSISTED).unwrap());
    if passage.ratio(CLIENTS).is_some() && !["no-uniqueness", "early-registration"].contains(&name) {
        assert_equal_chances(passage.ratio(CLIENTS).unwrap());
    }
    let [wasted_before, wasted] = [first_come, passage].map(|world| world.wasted.unwrap());
    match name {
        "low-demand" | "high-demand" | "insider" => {
            assert_gains(first_come.ratio(CLIENTS).unwrap());
            assert!(wasted.high < wasted_before.low, "{wasted:?} of {wasted_before:?}");
        }
        "no-uniqueness" => assert_gains(passage.ratio(CLIENTS).unwrap()),
        "early-registration" => {
            assert_gains(first_come.ratio(CLIENTS).unwrap());
            assert!(passage.ratio(CLIENTS).unwrap().value < 1.6);
        }
        "herault" | "herault-daily" => {
            assert_gains(first_come.ratio(CLIENTS).unwrap());
            assert!(first_come.ratio(ASSISTED).unwrap().high < 0.25);
            assert!(everybody(passage) > everybody(first_come) + 0.1);
            assert!(wasted.high < wasted_before.low, "{wasted:?} of {wasted_before:?}");
        }
        "herault-no-firm" => {
            assert!(everybody(first_come) > everybody(passage), "a draw has its price");
            assert!(first_come.rent_eur_per_slot.is_none() && passage.seats.held == 0);
        }
        "rural" => {
            assert!(first_come.ratio(ASSISTED).unwrap().high < 0.9);
            assert!(wasted.low > wasted_before.high, "{wasted:?} of {wasted_before:?}");
        }
        "overload" => {
            assert_gains(first_come.ratio(CLIENTS).unwrap());
            assert!(first_come.ratio(ASSISTED).unwrap().high < 0.1);
            assert!((0.15..0.35).contains(&everybody(passage)), "half the seats that are needed");
            assert!(passage.seats.given_back > first_come.seats.given_back + 50, "{:?}", passage.seats);
            assert!(passage.seats.attended < first_come.seats.attended);
        }
        other => panic!("{other} has no bounds"),
    }
}

#[test]
fn every_scenario_that_comes_with_the_program_is_lived_within_its_bounds() {
    for (name, text) in PRESETS {
        let mut small = Scenario::parse(text).unwrap_or_else(|faults| panic!("{name}: {faults}"));
        assert!(small.title.chars().count() <= 60, "{name}: too long for the picture");
        let file = format!("{}/config/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(*text, std::fs::read_to_string(file).unwrap());
        if small.people.a_week > 100 {
            small.replications = 1;
        }
        if *name == "overload" {
            (small.people.a_week, small.people.backlog, small.slots.a_week) = (150, 500, 75);
            for firm in &mut small.resellers {
                (firm.borrowed_identities, firm.bots) = (firm.borrowed_identities / 4, firm.bots / 4);
            }
        }
        let report = lived(&small);
        println!("{}", table::table(&report));
        assert_bounds(name, &report);
    }
}

#[test]
fn every_way_has_its_waits_over_everybody_and_over_those_served() {
    let report = lived(&scenario("high-demand", 1));
    let ways: Vec<&str> = report.passage.waits.iter().map(|waits| waits.who).collect();
    assert_eq!(ways, ["online", ASSISTED, CLIENTS]);
    let clients = &report.first_come.waits[2];
    assert!(clients.everybody.max_days.unwrap() < 14, "bots: {clients:?}");
    for waits in &report.passage.waits {
        let [half, nine, nearly, all] = waits.among_served.all().map(Option::unwrap);
        assert!(half <= nine && nine <= nearly && nearly <= all && all <= report.within_days, "{waits:?}");
        assert!(waits.everybody.p50_days.is_none(), "two in three are not served in time: {waits:?}");
    }
    let json = serde_json::to_value(&report.passage.waits[0]).unwrap();
    assert!(json["p50_days"].is_null() && json["among_served"]["p50_days"].is_number(), "{json}");
    let shown = table::table(&report) + &picture::svg(&report);
    assert!(shown.contains("only of those served within them") && shown.contains("only of those served<"));
}

#[test]
fn seats_that_a_firm_gives_back_are_drawn_again_and_only_the_late_ones_are_lost() {
    let mut town = scenario("low-demand", 2);
    let lost = |town: &Scenario| lived(town).passage.seats.given_back;
    let with_the_firm = lost(&town);
    town.resellers[0].borrowed_identities = 0;
    let without = lost(&town);
    assert!(with_the_firm < 2 * without.max(20), "{with_the_firm} against {without}");
    town.people.cancel_percent = 0;
    assert_eq!(lost(&town), 0, "nobody gives anything back");
}

#[test]
fn a_scenario_is_refused_with_every_field_and_its_remedy_at_once() {
    let wrong = preset("high-demand")
        .unwrap()
        .replace("quick_percent = 20", "quick_percent = 200")
        .replace("looks_a_day = 2.0", "looks_a_day = nan")
        .replace("release = \"0 9 * * MON\"", "release = \"every Monday\"")
        .replace("within_days = 42", "within_days = 100")
        .replace("notice_min_days = 3", "notice_min_days = 0");
    let said = Scenario::parse(&wrong).unwrap_err().to_string();
    for line in [
        "people.quick_percent: 200 is not possible; give a number from 0 to 100",
        "people.looks_a_day: NaN is not possible; give a number from 0 to 1000",
        "slots.release: five fields are expected",
        "days: 140 leave nobody to measure",
        "passage.rules.notice_min_days: must be at least 1",
    ] {
        assert!(said.contains(line), "“{line}” is not in: {said}");
    }
    let unknown = preset("high-demand").unwrap().replace("[people]", "[people]\ncolour = 3");
    let said = Scenario::parse(&unknown).unwrap_err().to_string();
    assert!(said.contains("colour") && said.contains("herault.toml"), "{said}");
}

#[test]
fn the_picture_says_what_it_shows_runs_nothing_and_can_be_read_on_a_telephone() {
    let svg = picture::svg(&lived(&scenario("insider", 1)));
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    assert!(svg.contains("viewBox=\"0 0 360 ") && svg.contains("role=\"img\""));
    let between = |from: &str, to: &str| svg.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned();
    assert!(between("<title id=\"title\">", "</title>").contains("Passage"));
    let said = between("<desc id=\"desc\">", "</desc>");
    for word in ["without internet", "% first come", "% Passage", "€ a slot"] {
        assert!(said.contains(word), "“{word}” is not in: {said}");
    }
    for word in ["<script", "href", "onload", "NaN", "inf"] {
        assert!(!svg.contains(word), "{word}");
    }
    let smallest = svg.split("font-size=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
    assert!(smallest.map(|size| size.parse::<u32>().unwrap()).all(|size| size >= 12));
}

fn passage(arguments: &[&str]) -> (i32, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_passage")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (ran.status.code().unwrap(), text(ran.stdout), text(ran.stderr))
}

#[test]
fn the_command_lists_its_scenarios_answers_in_json_and_says_what_it_cannot_read() {
    let (code, out, _) = passage(&["simulate"]);
    assert!(code == 0 && PRESETS.iter().all(|(name, _)| out.contains(name)), "{out}");
    let picture = std::env::temp_dir().join(format!("passage-{}.svg", uuid::Uuid::now_v7().simple()));
    let file = picture.display().to_string();
    let small = ["simulate", "high-demand", "--replications", "1", "--seed", "3"];
    let (code, out, err) = passage(&[&small[..], &["--json", "--svg", &file]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&json["seed"], &json["replications"]), (&3.into(), &1.into()));
    assert!(json["passage"]["ratios"][0]["ratio"]["low"].is_number());
    assert!(std::fs::read_to_string(&picture).unwrap().contains("</svg>"));
    std::fs::remove_file(picture).unwrap();
    let (code, out, _) = passage(&small);
    assert!(code == 0 && out.contains("a reseller's clients / all honest people online"), "{out}");
    let (code, _, err) = passage(&["simulate", "nowhere.toml"]);
    assert!(code == 1 && err.contains("nowhere.toml") && err.contains("herault"), "{err}");
}

#[test]
fn a_manager_who_cuts_slots_for_a_friend_gains_nothing_alone_and_little_with_help() {
    let lines = cut_slots::run(1, 4, || ());
    let line = |ploy| lines.iter().find(|line| line.ploy == ploy).unwrap();
    let without = line(Ploy::WithoutRules);
    assert_eq!(without.friends.had, without.friends.of, "the friend always wins");
    assert!(without.friends.of >= 40 && without.refused == 0);
    assert_gains(without.ratio.unwrap());
    let alone = line(Ploy::Alone);
    assert_eq!(
        u64::from(alone.refused),
        alone.friends.of + 4,
        "no slot of it is published: a week is not measured"
    );
    assert!(errors_from_one(alone.ratio.unwrap()).abs() < 3.5, "{alone:?}");
    for ploy in [Ploy::TwoManagers, Ploy::Mixed] {
        let left = line(ploy);
        assert_eq!(left.refused, 0);
        assert!(left.ratio.unwrap().high < without.ratio.unwrap().low, "{left:?}");
    }
    assert_eq!(lines, cut_slots::run(1, 4, || ()), "the same seed gives the same answer");
    assert!(table::cut_slots(&lines).contains(Ploy::Mixed.words()));
}
