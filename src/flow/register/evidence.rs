//! What proves an identity at the moment of a registration: what a provider of identities states, the register of numbers
//! with the right birth date, or an agent who has seen the document.

use std::net::IpAddr;

use super::{DAY, Desk};
use crate::domain::foreigner_number::ten_digits;
use crate::domain::identity::Proof;
use crate::domain::names::{BirthDate, Names};
use crate::domain::register_of_numbers::{Agreement, RegisterCheck};
use crate::flow::franceconnect::Proven;
use crate::flow::people::{self, Document, Person};
use crate::flow::{App, FlowError, numbers};
use crate::limits::{Rule, Wide};
use crate::store::commands::{Evidence, KeyFingerprint};
use crate::vault::Field;

/// Wrong birth dates for one number, from anywhere. Beyond this, a provider's network has one wrong date a day: the
/// owner of the number is verified all the same.
const WRONG_BIRTH_DATES: Wide = Wide { everywhere: Rule::new(5, DAY), nearby: Rule::new(1, DAY) };

/// What is proven at once, or what the register could not settle.
pub(super) enum Looked {
    Proven(Evidence),
    /// Only declared.
    Declared(Option<RegisterCheck>),
}

impl Looked {
    /// What the store is given: the evidence, and what the register still owes.
    pub(super) fn parts(self) -> (Option<Evidence>, Option<RegisterCheck>) {
        match self {
            Self::Proven(evidence) => (Some(evidence), None),
            Self::Declared(check) => (None, check),
        }
    }
}

/// Whether the identity can be verified at once, and which keys that proves.
pub(super) async fn look(
    app: &App,
    person: &Person,
    proven: Option<&Proven>,
    desk: Desk,
) -> Result<Looked, FlowError> {
    let number = person.foreigner_number.as_deref();
    if let Some(proven) = proven {
        let mut keys = proven.keys(app)?;
        // A number beside it is only declared, unless the register knows it as this person's.
        if let Some(number) = number
            && said_by_register(app, number, person, desk.network).await? == Some(Agreement::Whole)
        {
            keys.extend(people::key_fingerprints(&app.vault, Some(number), None));
        }
        return Ok(Looked::Proven(Evidence { how: Proof::Oidc, keys }));
    }
    if desk.document_seen {
        let keys =
            seen_keys(app, number, person.document.as_ref(), (&person.names, person.birth_date)).await?;
        return Ok(Looked::Proven(Evidence { how: Proof::Document, keys }));
    }
    // The document was only declared: it proves nothing, and holds nothing.
    let Some(number) = number else { return Ok(Looked::Declared(None)) };
    Ok(match said_by_register(app, number, person, desk.network).await? {
        None => Looked::Declared(Some(RegisterCheck::Due)),
        Some(Agreement::Year) => Looked::Declared(Some(RegisterCheck::Year)),
        Some(Agreement::None) => Looked::Declared(None),
        Some(Agreement::Whole) => Looked::Proven(Evidence {
            how: Proof::Register,
            keys: people::key_fingerprints(&app.vault, Some(number), None),
        }),
    })
}

/// What the register says of somebody who shows nothing; nothing, if it does not answer. After too many wrong dates
/// for a number it says no, and that reads like any other no: the entry is kept as declared.
async fn said_by_register(
    app: &App,
    number: &str,
    person: &Person,
    network: IpAddr,
) -> Result<Option<Agreement>, FlowError> {
    let fingerprint = hex::encode(people::number_fingerprint(&app.vault, number));
    let name = format!("number-birth:{fingerprint}");
    let taken = app.limits.take_wide(&name, network, WRONG_BIRTH_DATES).await;
    let said = numbers::ask(app, number, &person.names, person.birth_date).await?;
    match (taken, said) {
        (Err(_), _) => Ok(Some(Agreement::None)),
        (Ok(taken), Some(Agreement::Whole)) => {
            for counted in taken {
                app.limits.give_back(counted).await;
            }
            Ok(said)
        }
        (Ok(_), said) => Ok(said),
    }
}

/// The keys that an agent's look at a document proves. A number beside a passport is only declared: it
/// counts if the register knows it with this birth date, else it could block its true holder.
pub(in crate::flow) async fn seen_keys(
    app: &App,
    number: Option<&str>,
    document: Option<&Document>,
    (names, birth_date): (&Names, BirthDate),
) -> Result<Vec<KeyFingerprint>, FlowError> {
    let number = match (number, document) {
        (Some(number), Some(_)) => {
            let said = numbers::ask(app, number, names, birth_date).await?;
            Some(number).filter(|_| said == Some(Agreement::Whole))
        }
        _ => number,
    };
    Ok(people::key_fingerprints(&app.vault, number, document))
}

/// The fingerprint that binds a number to a birth date, as the imported register holds it.
pub(in crate::flow) fn number_birth_fingerprint(
    app: &App,
    number: &str,
    canonical_birth_date: &str,
) -> Vec<u8> {
    let bound = format!("{}|{canonical_birth_date}", ten_digits(number));
    app.vault.fingerprint(Field::ForeignerNumberBirth, &bound).0.to_vec()
}
