//! Numbers as people write them, at home and abroad.

use super::*;

fn e164(raw: &str, home: Territory) -> Result<String, PhoneError> {
    Phone::parse(raw, home).map(|phone| phone.e164().to_owned())
}

#[test]
fn the_same_phone_written_in_many_ways_is_one_phone() {
    for raw in [
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "+33612345678",
        "+33 (0)6 12 34 56 78",
        "0033 6 12 34 56 78",
        "+330612345678",
        "33612345678",
        "33 (0)6 12 34 56 78",
        "٠٦١٢٣٤٥٦٧٨",
        "\u{202A}+33 6 12 34 56 78\u{202C}",
        "06\u{A0}12\u{202F}345678",
    ] {
        assert_eq!(e164(raw, Territory::Metropole).as_deref(), Ok("+33612345678"), "{raw}");
    }
}

#[test]
fn the_national_plan_finds_the_territory_from_any_home() {
    for home in Territory::ALL {
        for (raw, expected) in [
            ("0692123456", "+262692123456"),
            ("0262201234", "+262262201234"),
            ("0639012345", "+262639012345"),
            ("0269612345", "+262269612345"),
            ("0690301234", "+590690301234"),
            ("0590201234", "+590590201234"),
            ("0694201234", "+594694201234"),
            ("0594301234", "+594594301234"),
            ("0696201234", "+596696201234"),
            ("0596301234", "+596596301234"),
            ("0612345678", "+33612345678"),
            ("0123456789", "+33123456789"),
        ] {
            assert_eq!(e164(raw, *home).as_deref(), Ok(expected), "{raw} at {home}");
        }
    }
}

#[test]
fn the_mainland_code_before_an_overseas_number_is_mended() {
    assert_eq!(e164("+33 6 92 12 34 56", Territory::Metropole).as_deref(), Ok("+262692123456"));
    assert_eq!(e164("+262 0692 12 34 56", Territory::Metropole).as_deref(), Ok("+262692123456"));
}

#[test]
fn territories_with_plans_of_their_own_read_short_numbers() {
    assert_eq!(e164("75 12 34", Territory::NouvelleCaledonie).as_deref(), Ok("+687751234"));
    assert_eq!(e164("87 12 34 56", Territory::PolynesieFrancaise).as_deref(), Ok("+68987123456"));
    assert_eq!(e164("82 12 34", Territory::WallisEtFutuna).as_deref(), Ok("+681821234"));
    assert_eq!(e164("55 12 34", Territory::SaintPierreEtMiquelon).as_deref(), Ok("+508551234"));
    assert_eq!(e164("75 12 34", Territory::Metropole), Err(PhoneError::TooShort));
}

#[test]
fn numbers_abroad_keep_their_leading_zeros() {
    for (raw, sms) in [
        ("+212612345678", true),
        ("+213551234567", true),
        ("+2250701234567", true),
        ("+24106031234", true),
        ("+393123456789", true),
        ("+390236618300", false),
        ("+447400123456", true),
        ("+12024561111", true),
        ("+8613123456789", true),
        ("+93701234567", true),
        ("+380501234567", true),
        ("+919876543210", true),
    ] {
        let phone = Phone::parse(raw, Territory::Metropole).unwrap_or_else(|error| panic!("{raw}: {error}"));
        assert_eq!((phone.e164(), phone.can_receive_sms()), (raw, sms), "{raw}");
    }
}

#[test]
fn a_landline_can_be_called_and_gets_no_sms() {
    let landline = Phone::parse("01 23 45 67 89", Territory::Metropole).unwrap();
    assert_eq!((landline.kind(), landline.can_receive_sms()), (LineKind::Landline, false));
    let internet = Phone::parse("09 52 34 56 78", Territory::Metropole).unwrap();
    assert_eq!((internet.kind(), internet.can_receive_sms()), (LineKind::Internet, false));
}

#[test]
fn what_is_no_ordinary_number_is_refused_with_the_reason() {
    for (raw, reason) in [
        ("", PhoneError::Empty),
        (" - ", PhoneError::Empty),
        ("+", PhoneError::Empty),
        ("06 12 34 AB 78", PhoneError::NotANumber),
        ("06\u{0}12345678", PhoneError::NotANumber),
        ("06 12+34 56 78", PhoneError::NotANumber),
        ("0612", PhoneError::TooShort),
        ("17", PhoneError::TooShort),
        ("061234567", PhoneError::TooShort),
        ("06123456789", PhoneError::TooLong),
        ("+3361234567", PhoneError::TooShort),
        ("0612345678 / 0698765432", PhoneError::TooLong),
        ("0899123456", PhoneError::Premium),
        ("0826123456", PhoneError::SharedCost),
        ("0800123456", PhoneError::Service),
        ("+999123456789", PhoneError::UnknownCountry),
        ("0012345678901234567890", PhoneError::TooLong),
        ("+3360000000000", PhoneError::TooLong),
    ] {
        assert_eq!(e164(raw, Territory::Metropole), Err(reason), "{raw:?}");
    }
}

#[test]
fn a_phone_reads_back_from_its_canonical_form() {
    let phone = Phone::parse("0692123456", Territory::Reunion).unwrap();
    let json = serde_json::to_string(&phone).unwrap();
    assert_eq!(json, "\"+262692123456\"");
    assert_eq!(serde_json::from_str::<Phone>(&json).unwrap(), phone);
    assert_eq!(format!("{phone:?}"), "Phone(…)");
}

#[test]
fn sms_go_to_french_numbers_and_to_the_configured_ones_only() {
    let french = SmsPrefixes::default();
    for raw in
        ["0612345678", "0692123456", "0690301234", "0694201234", "0696201234", "+687751234", "+68987123456"]
    {
        assert!(french.allow(&Phone::parse(raw, Territory::Metropole).unwrap()), "{raw}");
    }
    assert!(!french.allow(&Phone::parse("+212612345678", Territory::Metropole).unwrap()));
    for bad in ["34", "+", "+3a", "+12345678", ""] {
        assert!(SmsPrefixes::french_and([bad]).is_err(), "{bad}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(raw in "\\PC{0,40}", digits in "[+0-9 ]{0,30}") {
        let _ = Phone::parse(&raw, Territory::Metropole);
        if let Ok(phone) = Phone::parse(&digits, Territory::Reunion) {
            let again = Phone::parse(phone.e164(), Territory::Metropole).unwrap();
            proptest::prop_assert_eq!(again, phone);
        }
    }
}
