//! Files as spreadsheets write them, and as people spoil them.

use super::*;
use crate::domain::local_time::Zone;
use proptest::prelude::*;
use std::fmt::Write as _;

const HEADER: &str = "site;desk;date;time;minutes\n";

fn sites() -> BTreeMap<String, SiteDesks> {
    let site =
        |zone: Zone, desks: u16| SiteDesks { zone, territory: zone.into(), desks: (1..=desks).collect() };
    BTreeMap::from([
        ("centre".to_owned(), site(Zone::PARIS, 50)),
        ("saint-denis".to_owned(), site("Indian/Reunion".parse().unwrap(), 2)),
    ])
}

fn bounds() -> PlanBounds {
    PlanBounds {
        earliest: "2027-01-01T00:00:00Z".parse().unwrap(),
        latest: "2028-12-31T00:00:00Z".parse().unwrap(),
    }
}

fn read(file: impl AsRef<[u8]>) -> Result<Vec<PlannedSlot>, Vec<LineFault>> {
    read_slots(file.as_ref(), &sites(), bounds(), DeskCalendar::default(), &mut |_| ())
}

fn under_header(lines: &str) -> Result<Vec<PlannedSlot>, Vec<LineFault>> {
    read(format!("{HEADER}{lines}"))
}

/// Line, column and code of each fault.
fn faults(result: Result<Vec<PlannedSlot>, Vec<LineFault>>) -> Vec<(u32, &'static str, &'static str)> {
    let faults = result.unwrap_err();
    faults
        .iter()
        .map(|fault| (fault.line, fault.column.map_or("", Column::as_str), fault.reason.code()))
        .collect()
}

#[test]
fn one_file_written_in_many_ways_is_the_same_file() {
    let plain = under_header("centre;1;2027-06-08;09:30;20\nsaint-denis;2;2027-06-08;09:30;15\n").unwrap();
    assert_eq!(plain[1].start.to_rfc3339(), "2027-06-08T05:30:00+00:00");
    for file in [
        "\u{FEFF}site,desk,date,time,minutes\r\ncentre,1,2027-06-08,09:30,20\r\nsaint-denis,2,2027-06-08,9:30,15\r\n",
        "Site;Guichet;Jour;Heure;Durée\n\ncentre ; 1; 08/06/2027 ;09h30;20\n;;;\nsaint-denis;2;2027-06-08;09:30:00;015",
        "sep=;\r\nSITE;GUICHET;DATE;HEURE;DUREE;;\r\n;;;;\r\ncentre;1;08062027;09:30;20;;\r\nsaint-denis;2;08/06/2027;09:30;15;;\r\n;;;;;;\r\n",
        "site\tdesk\tdate\ttime\tminutes\rcentre\t1\t8/6/2027\t09:30\t20\rsaint-denis\t2\t2027-06-08\t09:30\t15\r",
        "\"date\",\"time\",\"minutes\",\"site\",\"desk\"\n\"2027-06-08\",\"09:30\",\"20\",\"centre\",\"1\"\n2027-06-08,09:30,15,saint-denis,2\n",
    ] {
        assert_eq!(read(file).as_ref(), Ok(&plain), "{file}");
    }
}

#[test]
fn every_faulty_line_is_named_and_nothing_is_published() {
    let lines = "centre;1;2027-06-08;09:30;20\n\
        nowhere;1;2027-06-08;09:30;20\n\
        centre;51;2027-06-08;09:30;20\n\
        centre;x;2027-06-08;09:30;20\n\
        centre;1;2027-02-29;09:30;20\n\
        centre;1;08/06/27;09:30;20\n\
        centre;1;2027-06-08;25:00;20\n\
        centre;1;2027-06-08;09:30;0\n\
        centre;1;2027-06-08;09:30;-1\n\
        centre;1;2027-06-08;09:30;1000000000\n\
        centre;1;2027-06-08;09:30;1.5\n\
        centre;1;2027-06-08;09:30\n\
        centre;1;;09:30;20\n\
        centre;1;2026-06-08;09:30;20\n\
        centre;1;2107-06-08;09:30;20\n\
        \n\
        centre;1;2027-03-28;02:30;20\n\
        centre;\"1;2027-06-08;09:30;20\n\
        centre;1;2027-06-09;09:30;20\n";
    assert_eq!(
        faults(under_header(lines)),
        [
            (3, "site", "unknown_site"),
            (4, "desk", "unknown_desk"),
            (5, "desk", "unknown_desk"),
            (6, "date", "date"),
            (7, "date", "date"),
            (8, "time", "time"),
            (9, "minutes", "minutes"),
            (10, "minutes", "minutes"),
            (11, "minutes", "minutes"),
            (12, "minutes", "minutes"),
            (13, "", "field_count"),
            (14, "date", "missing"),
            (15, "date", "past"),
            (16, "date", "too_far"),
            (18, "time", "gap"),
            (19, "", "quote"),
        ]
    );
}

#[test]
fn a_site_is_found_whatever_the_case_of_its_letters() {
    for slug in ["centre", "Centre", "CENTRE"] {
        let slots = under_header(&format!("{slug};1;2027-06-08;09:30;20\n")).unwrap();
        assert_eq!(slots[0].site, "centre", "{slug}");
    }
}

#[test]
fn doubles_and_overlaps_name_the_other_line() {
    let lines = "centre;1;2027-06-08;09:30;20\n\
        centre;2;2027-06-08;09:30;20\n\
        centre;1;2027-06-08;09:50;20\n\
        centre;1;08/06/2027;9:30;20\n\
        centre;1;2027-06-08;09:45;10\n\
        centre;1;2027-06-08;09:20;15\n\
        centre;1;2027-06-08;09:30;10\n";
    let found = under_header(lines).unwrap_err();
    let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "line 5: the same slot stands on line 2",
            "line 6, column time: the desk is taken by the slot of line 2",
            "line 7, column time: the desk is taken by the slot of line 2",
            "line 8, column time: the desk is taken by the slot of line 2",
        ]
    );
}

#[test]
fn a_time_that_comes_twice_holds_one_slot_a_desk() {
    let lines = "centre;1;2027-10-31;02:30;20\ncentre;1;2027-10-31;02:30;20\n";
    assert_eq!(faults(under_header(lines)), [(3, "", "double")]);
}

#[test]
fn what_is_published_already_is_told_apart() {
    let mut calendar = DeskCalendar::default();
    let start = "2027-06-08T07:30:00Z".parse().unwrap();
    calendar.place("centre", 1, start, 20, None).unwrap();
    let file = format!("{HEADER}centre;1;2027-06-08;09:30;20\ncentre;1;2027-06-08;09:40;20\n");
    let result = read_slots(file.as_bytes(), &sites(), bounds(), calendar, &mut |_| ());
    assert_eq!(faults(result), [(2, "", "double_published"), (3, "time", "overlap_published")]);
}

#[test]
fn a_wrong_header_is_the_only_fault_told() {
    let code = |file: &str| faults(read(file));
    assert_eq!(code(""), [(1, "", "empty_file")]);
    assert_eq!(code("\n \r\n"), [(1, "", "empty_file")]);
    assert_eq!(code(HEADER), [(1, "", "empty_file")]);
    assert_eq!(code("site;desk;date;time\na;1"), [(1, "", "header")]);
    assert_eq!(code("site;desk;date;time;minutes;site\n"), [(1, "", "header")]);
    assert_eq!(code("site;desk;date;time;minutes;capacity\n"), [(1, "", "unknown_column")]);
    assert_eq!(code("centre;1;2027-06-08;09:30;20\n"), [(1, "", "unknown_column")]);
    assert_eq!(
        faults(read(b"site;desk;date;time;minutes\ncentr\xE9;1;2027-06-08;09:30;20\n")),
        [(2, "", "not_utf8")]
    );
    assert_eq!(faults(read(b"site;desk;date;time;dur\xE9e\n")), [(1, "", "not_utf8")]);
}

#[test]
fn files_beyond_the_limits_are_refused() {
    let huge = vec![b'\n'; usize::try_from(FILE_MAX_BYTES).unwrap() + 1];
    assert_eq!(faults(read(huge))[0].2, "file_too_large");
    assert_eq!(faults(read(vec![0; 1 << 20])), [(1, "", "line_too_long")]);
    let one_more = slots_file(SLOTS_MAX + 1);
    assert_eq!(faults(read(one_more)), [(u32::try_from(SLOTS_MAX).unwrap() + 2, "", "too_many_lines")]);
}

#[test]
fn an_input_that_breaks_off_is_told() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("connection lost"))
        }
    }
    let result = read_slots(Broken, &sites(), bounds(), DeskCalendar::default(), &mut |_| ());
    assert_eq!(faults(result), [(1, "", "io")]);
}

/// So many slots at 50 desks, every 20 minutes from 08:00 to 17:00.
fn slots_file(count: usize) -> String {
    let mut file = HEADER.to_owned();
    let first: chrono::NaiveDate = "2027-06-07".parse().unwrap();
    for n in 0..count {
        let (desk, rest) = (n % 50 + 1, n / 50);
        let (slot, day) = (rest % 27, rest / 27);
        let date = first + chrono::Days::new(day as u64);
        let _ = writeln!(file, "centre;{desk};{date};{:02}:{:02};20", 8 + slot / 3, slot % 3 * 20);
    }
    file
}

#[test]
fn twenty_thousand_lines_are_read_with_progress() {
    let mut told = Vec::new();
    let file = slots_file(SLOTS_MAX);
    let slots =
        read_slots(file.as_bytes(), &sites(), bounds(), DeskCalendar::default(), &mut |done| told.push(done))
            .unwrap();
    assert_eq!(slots.len(), SLOTS_MAX);
    assert_eq!((told.len(), told.last()), (SLOTS_MAX / PROGRESS_LINES + 1, Some(&SLOTS_MAX)));
    assert!(told.is_sorted());
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), lines in "[a-z0-9;,:\" \r\n-]{0,200}") {
        let _ = read(&bytes);
        let _ = under_header(&lines);
    }

    #[test]
    fn what_is_accepted_never_overlaps(rows in proptest::collection::vec((1u16..3, 8u32..10, 0u32..60, 1u16..40), 1..40)) {
        let mut file = HEADER.to_owned();
        for (desk, hour, minute, minutes) in &rows {
            let _ = writeln!(file, "centre;{desk};2027-06-08;{hour:02}:{minute:02};{minutes}");
        }
        if let Ok(slots) = read(&file) {
            for (at, one) in slots.iter().enumerate() {
                for other in &slots[..at] {
                    prop_assert!(one.desk != other.desk || one.end() <= other.start || other.end() <= one.start);
                }
            }
        }
    }
}
