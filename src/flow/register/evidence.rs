//! What proves an identity at the moment of a registration: the register of numbers with the right birth date, or an
//! agent who has seen the document.

use std::net::IpAddr;

use super::{DAY, Desk};
use crate::domain::foreigner_number::ten_digits;
use crate::domain::identity::Proof;
use crate::flow::people::{self, Document, Person};
use crate::flow::{App, FlowError};
use crate::limits::{Rule, Wide};
use crate::store::commands::{Evidence, KeyFingerprint};
use crate::vault::Field;

/// Wrong birth dates for one number, from anywhere. Beyond this, a provider's network has one wrong date a day: the
/// owner of the number is verified all the same.
const WRONG_BIRTH_DATES: Wide = Wide { everywhere: Rule::new(5, DAY), nearby: Rule::new(1, DAY) };

/// Whether the identity can be verified at once, and which keys that proves.
pub(super) async fn evidence(app: &App, person: &Person, desk: Desk) -> Result<Option<Evidence>, FlowError> {
    let number = person.foreigner_number.as_deref();
    let birth_date = person.birth_date.canonical();
    if desk.document_seen {
        let keys = seen_keys(app, number, person.document.as_ref(), &birth_date).await?;
        return Ok(Some(Evidence { how: Proof::Document, keys }));
    }
    // The document was only declared: it proves nothing, and holds nothing.
    Ok(match number {
        Some(number) if is_guessed_right(app, number, &birth_date, desk.network).await? => Some(Evidence {
            how: Proof::Register,
            keys: people::key_fingerprints(&app.vault, Some(number), None),
        }),
        _ => None,
    })
}

/// Whether the register knows the number with this birth date, as somebody says who shows nothing. After
/// too many wrong dates the answer is no, and reads like any other no: the entry is kept as declared.
async fn is_guessed_right(
    app: &App,
    number: &str,
    birth_date: &str,
    network: IpAddr,
) -> Result<bool, FlowError> {
    let fingerprint = hex::encode(people::number_fingerprint(&app.vault, number));
    let name = format!("number-birth:{fingerprint}");
    let taken = app.limits.take_wide(&name, network, WRONG_BIRTH_DATES).await;
    let is_right = is_registered(app, number, birth_date).await?;
    match taken {
        Ok(taken) if is_right => {
            for counted in taken {
                app.limits.give_back(counted).await;
            }
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// The keys that an agent's look at a document proves. A number beside a passport is only declared: it
/// counts if the register knows it with this birth date, else it could block its true holder.
pub(in crate::flow) async fn seen_keys(
    app: &App,
    number: Option<&str>,
    document: Option<&Document>,
    birth_date: &str,
) -> Result<Vec<KeyFingerprint>, FlowError> {
    let number = match (number, document) {
        (Some(number), Some(_)) if !is_registered(app, number, birth_date).await? => None,
        _ => number,
    };
    Ok(people::key_fingerprints(&app.vault, number, document))
}

async fn is_registered(app: &App, number: &str, birth_date: &str) -> Result<bool, FlowError> {
    let known = app.store.register_lookup(people::number_fingerprint(&app.vault, number)).await?;
    Ok(known == Some(number_birth_fingerprint(app, number, birth_date)))
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
