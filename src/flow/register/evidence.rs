//! What proves an identity at the moment of a registration: what a provider of identities states, the register of numbers
//! with the right birth date, or an agent who has seen the document.

use std::net::IpAddr;

use super::doubles::{double, is_held_under_another_name};
use super::{DAY, Desk};
use crate::domain::entry::EntryState;
use crate::domain::foreigner_number::ten_digits;
use crate::domain::identity::Proof;
use crate::domain::ids::QueueId;
use crate::domain::names::{BirthDate, Names};
use crate::domain::pivot::is_very;
use crate::domain::register_of_numbers::{Agreement, RegisterCheck};
use crate::flow::franceconnect::Proven;
use crate::flow::people::{self, Document, Person, Shown};
use crate::flow::{App, FlowError, numbers};
use crate::limits::{Rule, Wide};
use crate::store::commands::{Evidence, KeyFingerprint};
use crate::store::records::EntryRecord;
use crate::vault::Field;

/// Wrong birth dates for one number, from anywhere. Beyond this, a provider's network has one wrong date a day: the
/// owner of the number is verified all the same.
const WRONG_BIRTH_DATES: Wide = Wide { everywhere: Rule::new(5, DAY), nearby: Rule::new(1, DAY) };

/// Questions to a register that another service holds. Beyond this, it is asked later.
const ASKED: Wide = Wide { everywhere: Rule::per_hour(20_000), nearby: Rule::per_hour(300) };

/// What is proven at once, or what the register could not settle.
pub(super) enum Looked {
    Proven(Evidence),
    /// Only declared.
    Declared(Option<RegisterCheck>),
    /// Somebody has registered with this person's number and name; the person is here.
    Squatted(Box<(EntryRecord, Shown)>),
}

/// Whether the identity can be verified at once, and which keys that proves.
pub(super) async fn look(
    app: &App,
    queue: QueueId,
    person: &Person,
    proven: Option<&Proven>,
    desk: Desk,
) -> Result<Looked, FlowError> {
    let number = person.foreigner_number.as_deref();
    if let Some(proven) = proven {
        return match double(app, queue, (&person.names, person.birth_date), None).await? {
            None => Ok(Looked::Proven(Evidence { how: Proof::Oidc, keys: proven.keys(app)? })),
            // A number beside it is only declared; but it says which request is theirs.
            Some(held) if is_squatted(app, queue, person, &held).await? => {
                Ok(Looked::Squatted(Box::new(held)))
            }
            Some(_) => Ok(Looked::Declared(None)),
        };
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
        Some(Agreement::Whole) => {
            let keys = people::key_fingerprints(&app.vault, Some(number), None);
            let who = (&person.names, person.birth_date);
            let is_doubtful = match double(app, queue, who, None).await? {
                // Two numbers are two people, and the holder of one number is refused a second request by its key.
                Some((held, _)) if held.identity_how == Some(Proof::Register) => false,
                Some((held, _)) => !app.store.holds_key(held.id, keys[0].clone()).await?,
                None => is_held_under_another_name(app, queue, (number, &keys[0]), who).await?,
            };
            if is_doubtful {
                Looked::Declared(None)
            } else {
                Looked::Proven(Evidence { how: Proof::Register, keys })
            }
        }
    })
}

/// Whether an entry was made with the number of a person who is here with a strong proof: the number is theirs, the
/// register says so, and so are the very names. Then it goes to them, unless it is convoked or bears a penalty.
async fn is_squatted(
    app: &App,
    queue: QueueId,
    person: &Person,
    (held, shown): &(EntryRecord, Shown),
) -> Result<bool, FlowError> {
    let (Some(own), Some(other)) = (person.foreigner_number.as_deref(), shown.foreigner_number.as_deref())
    else {
        return Ok(false);
    };
    let waits = held.queue_id == queue
        && held.state == EntryState::Waiting
        && held.identity_how == Some(Proof::Register)
        && held.paused_until.is_none_or(|until| until <= app.business.now());
    if !waits || ten_digits(own) != ten_digits(other) {
        return Ok(false);
    }
    let (names, birth) = shown.known_identity()?;
    let is_theirs = is_very(&person.names, &names) && birth == person.birth_date;
    Ok(is_theirs && numbers::ask(app, own, &person.names, person.birth_date).await? == Some(Agreement::Whole))
}

/// What the register says of somebody who shows nothing; nothing, if it does not answer. After too many wrong dates
/// for a number it says no, and that reads like any other no: the entry is kept as declared. A silence counts as a wrong
/// date, so that nobody guesses while the register is down.
async fn said_by_register(
    app: &App,
    number: &str,
    person: &Person,
    network: IpAddr,
) -> Result<Option<Agreement>, FlowError> {
    let fingerprint = hex::encode(people::number_fingerprint(&app.vault, number));
    let name = format!("number-birth:{fingerprint}");
    let Ok(taken) = app.limits.take_wide(&name, network, WRONG_BIRTH_DATES).await else {
        return Ok(Some(Agreement::None));
    };
    if app.register.is_some() && app.limits.take_wide("register-asked", network, ASKED).await.is_err() {
        return Ok(None);
    }
    let said = numbers::ask(app, number, &person.names, person.birth_date).await?;
    if said == Some(Agreement::Whole) {
        for counted in taken {
            app.limits.give_back(counted).await;
        }
    }
    Ok(said)
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
