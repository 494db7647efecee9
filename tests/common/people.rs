//! Fictional people, with their papers.

use passage::flow::people::document::{ReadDocument, TypedDocument};
use passage::flow::register::Registration;

/// A person's number in the register, if the register has them.
pub fn foreigner_number(n: u32) -> String {
    format!("75{n:08}")
}

/// The register of numbers for this many people, as imported.
pub fn register_of_numbers(people: u32) -> Vec<u8> {
    let rows = (0..people).map(|n| format!("{},{}", foreigner_number(n), person(n).birth_date));
    let lines: Vec<String> = std::iter::once("number,birth_date".to_owned()).chain(rows).collect();
    lines.join("\n").into_bytes()
}

/// Somebody whom neither SMS nor e-mail reaches.
pub fn by_letter(n: u32) -> Registration {
    Registration { phone: String::new(), email: String::new(), ..person(n) }
}

/// The document of [`person`] number `n`, as an agent reads it.
pub fn document_of(n: u32) -> ReadDocument {
    let number = format!("P{n:07}");
    let typed = TypedDocument {
        kind: "passport".into(),
        country: "MAR".into(),
        number_again: number.clone(),
        number,
        expires: "30/04/2030".into(),
        ..TypedDocument::default()
    };
    typed.read("2027-01-01".parse().unwrap()).unwrap()
}

/// A fictional person, with a document, whom messages reach.
pub fn person(n: u32) -> Registration {
    Registration {
        birth_name: format!("Démo {n:04}"),
        given_names: "Usager".into(),
        birth_date: format!("{:02}/{:02}/{}", 1 + n % 28, 1 + n % 12, 1950 + n % 50),
        document_country: "MAR".into(),
        document_number: format!("P{n:07}"),
        phone: if n.is_multiple_of(3) {
            String::new()
        } else {
            format!("06 39 98 {:02} {:02}", n / 100 % 100, n % 100)
        },
        email: if n.is_multiple_of(3) || n.is_multiple_of(4) {
            format!("usager{n}@example.org")
        } else {
            String::new()
        },
        language: if n.is_multiple_of(5) { "en".into() } else { "fr".into() },
        deadline: "30/04/2027".into(),
        deadline_kind: "permit_expiry".into(),
        ..Registration::default()
    }
}
