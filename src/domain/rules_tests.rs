//! The rules, one sentence a test.

use super::*;

fn rules(mode: Mode) -> Rules {
    Rules {
        mode,
        weight_step: 2,
        weight_cap: 8,
        guarantee_after_draws: (mode == Mode::Guarantee).then_some(5),
        reserves: vec![
            Reserve {
                label: 2,
                name: "Réserve 2".into(),
                seats: ReserveSeats::Percent(15),
                deadline_required: true,
            },
            Reserve {
                label: 1,
                name: "Réserve 1".into(),
                seats: ReserveSeats::Seats(3),
                deadline_required: false,
            },
        ],
        timetable: "0 18 * * MON".into(),
        lead_minutes: 60,
        notice_min_days: 5,
        horizon_days: 60,
        window: None,
        late_limit_hours: 48,
        late_cancel: Penalty::PauseDays(30),
        miss: Penalty::Close,
        objection_days: 15,
        scope: Scope::Installation,
        admit_declared: false,
        identity_days: 60,
        retention_days: 365,
        public_hours: 24,
        survival_percent: 5,
        few_percent: 10,
    }
}

fn standing(draws_survived: u32) -> Standing {
    Standing { arrival_day: 20_400, draws_survived, ..Standing::default() }
}

#[test]
fn a_lottery_gives_everybody_the_same_place() {
    let place = rules(Mode::Lottery).place(&standing(9));
    assert_eq!(place, Place { tier: 3, bucket: 0, weight: 1, reserve: 0 });
}

#[test]
fn arrival_order_goes_by_day() {
    let place = rules(Mode::Arrival).place(&standing(9));
    assert_eq!(place, Place { tier: 3, bucket: 20_400, weight: 1, reserve: 0 });
}

#[test]
fn seniority_grows_by_the_step_up_to_the_cap() {
    let weights: Vec<u8> = (0..6).map(|n| rules(Mode::Seniority).place(&standing(n)).weight).collect();
    assert_eq!(weights, [1, 3, 5, 7, 8, 8]);
}

#[test]
fn the_guarantee_comes_after_so_many_draws_and_then_goes_by_arrival() {
    let before = rules(Mode::Guarantee).place(&standing(4));
    let after = rules(Mode::Guarantee).place(&standing(5));
    assert_eq!((before.tier, before.bucket), (3, 0));
    assert_eq!((after.tier, after.bucket), (2, 20_400));
}

#[test]
fn the_displaced_come_before_priority_before_all_others() {
    let displaced = Standing { displaced: true, priority: true, ..standing(0) };
    let priority = Standing { priority: true, ..standing(0) };
    assert_eq!(rules(Mode::Lottery).place(&displaced).tier, 0);
    assert_eq!(rules(Mode::Lottery).place(&priority).tier, 1);
}

#[test]
fn the_first_label_by_precedence_counts_if_its_deadline_was_seen() {
    let mut who = Standing { labels: vec![1, 2], ..standing(0) };
    assert_eq!(rules(Mode::Lottery).place(&who).reserve, 1);
    who.deadline_seen = true;
    assert_eq!(rules(Mode::Lottery).place(&who).reserve, 2);
}

#[test]
fn a_share_is_rounded_down() {
    assert_eq!(rules(Mode::Lottery).reserve_seats(33), [(2, 4), (1, 3)]);
}

#[test]
fn impossible_rules_are_refused_by_field() {
    let refused = |change: fn(&mut Rules)| {
        let mut bad = rules(Mode::Guarantee);
        change(&mut bad);
        bad.check().unwrap_err().field()
    };
    assert_eq!(rules(Mode::Guarantee).check(), Ok(()));
    assert_eq!(refused(|r| r.weight_cap = 33), "weight_cap");
    assert_eq!(refused(|r| r.weight_step = 0), "weight_step");
    assert_eq!(refused(|r| r.guarantee_after_draws = None), "guarantee_after_draws");
    assert_eq!(refused(|r| r.mode = Mode::Lottery), "guarantee_after_draws");
    assert_eq!(refused(|r| r.reserves[0].label = 1), "reserves");
    assert_eq!(refused(|r| r.reserves[0].seats = ReserveSeats::Percent(101)), "reserves");
    assert_eq!(refused(|r| r.lead_minutes = 14), "lead_minutes");
    assert_eq!(refused(|r| r.horizon_days = 5), "horizon_days");
    assert_eq!(refused(|r| r.notice_min_days = 0), "notice_min_days");
    assert_eq!(refused(|r| r.late_limit_hours = 121), "late_limit_hours");
    assert_eq!(refused(|r| r.miss = Penalty::PauseDays(0)), "miss");
    assert_eq!(refused(|r| r.objection_days = 7), "objection_days");
    assert_eq!(refused(|r| r.objection_days = 61), "objection_days");
    let window = Some(Window { opens_days: 60, online_until_days: 120 });
    let mut bad = rules(Mode::Lottery);
    bad.window = window;
    assert_eq!(bad.check().unwrap_err().field(), "window");
}

#[test]
fn the_window_opens_online_then_leaves_to_agents() {
    let mut rules = rules(Mode::Lottery);
    rules.window = Some(Window { opens_days: 120, online_until_days: 60 });
    let deadline: NaiveDate = "2027-06-30".parse().unwrap();
    let on = |back: u64, channel| rules.admits(Some(deadline), deadline - Days::new(back), channel);
    assert!(matches!(on(121, Channel::Online), Err(WindowError::NotYet { .. })));
    assert_eq!(on(120, Channel::Online), Ok(()));
    assert_eq!(on(60, Channel::Online), Ok(()));
    assert!(matches!(on(59, Channel::Online), Err(WindowError::AgentOnly { .. })));
    assert_eq!(on(10, Channel::Counter), Ok(()));
    assert_eq!(rules.admits(None, deadline, Channel::Phone), Err(WindowError::DeadlineMissing));
}

#[test]
fn rules_written_before_the_publication_rules_follow_their_defaults() {
    let mut body = serde_json::to_value(rules(Mode::Lottery)).unwrap();
    for field in ["public_hours", "survival_percent", "few_percent"] {
        body.as_object_mut().unwrap().remove(field).unwrap();
    }
    let old: Rules = serde_json::from_value(body).unwrap();
    assert_eq!((old.public_hours, old.survival_percent, old.few_percent), (24, 5, 10));
    let freeze_at: DateTime<Utc> = "2027-06-14T16:00:00Z".parse().unwrap();
    assert_eq!(old.public_by(freeze_at), "2027-06-13T16:00:00Z".parse::<DateTime<Utc>>().unwrap());
}

#[test]
fn a_draw_is_survived_by_whoever_accepts_the_share_of_its_seats_rounded_up() {
    let with = |survival_percent| Rules { survival_percent, ..rules(Mode::Seniority) };
    for (percent, seats, needed) in [(5, 0, 1), (5, 1, 1), (5, 20, 1), (5, 21, 2), (0, 500, 1), (100, 7, 7)] {
        assert_eq!(with(percent).survival_seats(seats), needed, "{percent} % of {seats}");
    }
    for percent in 0..=100 {
        for seats in [0, 1, 19, 99, 100, 101, u32::MAX] {
            let needed = u64::from(with(percent).survival_seats(seats));
            assert!((1..=u64::from(seats).max(1)).contains(&needed));
            assert!(needed * 100 >= u64::from(seats) * u64::from(percent));
        }
    }
}

#[test]
fn the_bounds_of_the_publication_rules_are_named() {
    let refused = |change: fn(&mut Rules)| {
        let mut rules = rules(Mode::Lottery);
        change(&mut rules);
        rules.check().unwrap_err().field()
    };
    assert_eq!(refused(|rules| rules.public_hours = 337), "public_hours");
    assert_eq!(refused(|rules| rules.survival_percent = 101), "survival_percent");
    assert_eq!(refused(|rules| rules.few_percent = 101), "few_percent");
}
