//! The form, and the calendar that keeps a desk in one place.

use super::*;
use proptest::prelude::*;

fn form() -> SlotForm {
    SlotForm {
        site: "centre".into(),
        desk: 1,
        first_day: "2027-06-07".parse().unwrap(),
        last_day: "2027-06-20".parse().unwrap(),
        weekdays: vec![Weekday::Mon, Weekday::Thu],
        from: "09:00:00".parse().unwrap(),
        to: "10:00:00".parse().unwrap(),
        every_minutes: 20,
        minutes: 15,
        skip_holidays: true,
    }
}

fn site() -> SiteDesks {
    SiteDesks { zone: Zone::PARIS, territory: Territory::Metropole, desks: [1, 2].into() }
}

fn bounds() -> PlanBounds {
    PlanBounds {
        earliest: "2027-01-01T00:00:00Z".parse().unwrap(),
        latest: "2028-12-31T00:00:00Z".parse().unwrap(),
    }
}

fn plan(change: impl FnOnce(&mut SlotForm)) -> Result<Vec<PlannedSlot>, Vec<FormFault>> {
    let mut form = form();
    change(&mut form);
    form.plan(&site(), bounds(), DeskCalendar::default())
}

fn codes(change: impl FnOnce(&mut SlotForm)) -> Vec<(&'static str, &'static str)> {
    plan(change).unwrap_err().iter().map(|fault| (fault.field(), fault.code())).collect()
}

#[test]
fn the_form_gives_every_slot_of_the_chosen_days() {
    let starts: Vec<String> = plan(|_| ()).unwrap().iter().map(|slot| slot.start_local.to_string()).collect();
    let days = ["2027-06-07", "2027-06-10", "2027-06-14", "2027-06-17"];
    let expected: Vec<String> = days
        .iter()
        .flat_map(|day| ["09:00:00", "09:20:00", "09:40:00"].map(|time| format!("{day} {time}")))
        .collect();
    assert_eq!(starts, expected);
}

#[test]
fn the_last_slot_ends_in_time() {
    assert_eq!(plan(|form| form.minutes = 20).unwrap().len(), 12);
    assert_eq!(plan(|form| form.to = "09:54:00".parse().unwrap()).unwrap().len(), 8);
}

#[test]
fn public_holidays_are_left_out_if_the_prefecture_wishes() {
    let easter_week = |form: &mut SlotForm| {
        form.first_day = "2027-03-29".parse().unwrap();
        form.last_day = form.first_day;
    };
    assert_eq!(codes(easter_week), [("first_day", "no_slot")]);
    let open = plan(|form| {
        easter_week(form);
        form.skip_holidays = false;
    });
    assert_eq!(open.unwrap().len(), 3);
}

#[test]
fn each_faulty_field_is_named() {
    assert_eq!(codes(|form| form.desk = 3), [("desk", "unknown_desk")]);
    assert_eq!(
        codes(|form| form.last_day = "2027-06-06".parse().unwrap()),
        [("last_day", "last_before_first")]
    );
    assert_eq!(codes(|form| form.last_day = "2037-06-06".parse().unwrap()), [("last_day", "too_many_days")]);
    assert_eq!(codes(|form| form.weekdays.clear()), [("weekdays", "no_weekday")]);
    assert_eq!(codes(|form| form.minutes = 0), [("minutes", "minutes")]);
    assert_eq!(codes(|form| form.minutes = 481), [("minutes", "minutes")]);
    assert_eq!(codes(|form| form.to = form.from), [("to", "to_before_from")]);
    assert_eq!(codes(|form| form.to = "08:00:00".parse().unwrap()), [("to", "to_before_from")]);
    assert_eq!(codes(|form| form.every_minutes = 0), [("every_minutes", "every")]);
    assert_eq!(codes(|form| form.every_minutes = 14), [("every_minutes", "every")]);
    let many = codes(|form| {
        form.desk = 9;
        form.weekdays.clear();
        form.minutes = 0;
    });
    assert_eq!(many, [("desk", "unknown_desk"), ("weekdays", "no_weekday"), ("minutes", "minutes")]);
}

#[test]
fn too_many_slots_are_refused_before_they_are_made() {
    let whole_year = codes(|form| {
        form.last_day = form.first_day + chrono::Days::new(364);
        form.weekdays = vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
        form.from = "00:00:00".parse().unwrap();
        form.to = "23:59:00".parse().unwrap();
        form.every_minutes = 1;
        form.minutes = 1;
    });
    assert_eq!(whole_year, [("every_minutes", "too_many")]);
}

#[test]
fn a_time_that_clocks_jump_over_is_refused() {
    let night = codes(|form| {
        form.first_day = "2027-03-28".parse().unwrap();
        form.last_day = form.first_day;
        form.weekdays = vec![Weekday::Sun];
        form.from = "01:30:00".parse().unwrap();
        form.to = "03:30:00".parse().unwrap();
        form.every_minutes = 30;
        form.skip_holidays = false;
    });
    assert_eq!(night, [("from", "gap"), ("from", "gap")]);
}

#[test]
fn the_past_and_the_far_future_are_refused() {
    let year = |year: i32| {
        codes(|form| {
            form.first_day = NaiveDate::from_ymd_opt(year, 6, 7).unwrap();
            form.last_day = form.first_day + chrono::Days::new(6);
            form.to = "09:15:00".parse().unwrap();
            form.weekdays = vec![Weekday::Mon];
            form.skip_holidays = false;
        })
    };
    assert_eq!(year(2026), [("first_day", "past")]);
    assert_eq!(year(2207), [("last_day", "too_far")]);
}

#[test]
fn what_is_published_already_is_in_the_way() {
    let mut calendar = DeskCalendar::default();
    for slot in plan(|_| ()).unwrap().iter().take(1) {
        calendar.place("centre", 1, slot.start, slot.minutes, None).unwrap();
    }
    let faults = form().plan(&site(), bounds(), calendar.clone()).unwrap_err();
    assert_eq!(faults.iter().map(FormFault::code).collect::<Vec<_>>(), ["double"]);
    let longer = SlotForm { minutes: 10, ..form() };
    let faults = longer.plan(&site(), bounds(), calendar.clone()).unwrap_err();
    assert_eq!(faults.iter().map(FormFault::code).collect::<Vec<_>>(), ["overlap"]);
    let other_desk = SlotForm { desk: 2, ..form() };
    assert_eq!(other_desk.plan(&site(), bounds(), calendar).unwrap().len(), 12);
}

proptest! {
    #[test]
    fn a_desk_is_never_in_two_places(wanted in proptest::collection::vec((0u8..2, 0i64..200, 1u16..30), 1..60)) {
        let mut calendar = DeskCalendar::default();
        let mut accepted: Vec<(u8, i64, i64)> = Vec::new();
        for (desk, from, minutes) in wanted {
            let start = DateTime::from_timestamp(from * 60, 0).unwrap();
            let until = from + i64::from(minutes);
            let free = accepted.iter().all(|(other, begins, ends)| *other != desk || until <= *begins || *ends <= from);
            let placed = calendar.place("s", desk.into(), start, minutes, None);
            prop_assert_eq!(placed.is_ok(), free);
            if let Err(clash) = placed {
                prop_assert_eq!(clash.double, accepted.contains(&(desk, from, until)));
            } else {
                accepted.push((desk, from, until));
            }
        }
    }
}
