//! The register of numéros étrangers: what it says of a person, whether it was imported from a file or is asked over
//! HTTP. Where it does not answer, the request is kept with its day, and the register is asked again.

use std::collections::BTreeSet;

use super::people::{self, Reader};
use super::register::{double, number_birth_fingerprint};
use super::stop::Stop;
use super::{App, FlowError};
use crate::domain::actor::Actor;
use crate::domain::alarm::ComponentKind;
use crate::domain::entry::EntryState;
use crate::domain::foreigner_number::ten_digits;
use crate::domain::identity::Proof;
use crate::domain::ids::EntryId;
use crate::domain::names::{BirthDate, Names};
use crate::domain::near;
use crate::domain::register_of_numbers::{Agreement, RegisterCheck, Registered, readings};
use crate::numbers::{RegisterFault, RemoteRegister};
use crate::store::commands::Evidence;
use crate::vault::{Field, SHORT_BYTES};

/// The register among the parts of the installation.
pub const COMPONENT: &str = "numbers";
/// A number that nobody has.
pub const NOBODY: &str = "0000000000";
/// Requests looked at again in one run.
const AGAIN_MAX: i64 = 50;

/// What the register says of a number, a birth date and names; nothing, if it does not answer.
pub async fn ask(
    app: &App,
    number: &str,
    names: &Names,
    birth: BirthDate,
) -> Result<Option<Agreement>, FlowError> {
    match &app.register {
        Some(remote) => Ok(ask_remote(app, remote, number, names, birth).await),
        None => imported(app, number, names, birth).await.map(Some),
    }
}

async fn ask_remote(
    app: &App,
    remote: &RemoteRegister,
    number: &str,
    names: &Names,
    birth: BirthDate,
) -> Option<Agreement> {
    match noted(app, remote, &ten_digits(number)).await {
        Ok(known) => Some(known.map_or(Agreement::None, |known| known.agreement(names, birth))),
        Err(fault) if fault.is_its_own() => None,
        // What it holds of this number cannot be read, and will not be the next time.
        Err(_) => Some(Agreement::None),
    }
}

/// Its answer, which tells how it is.
async fn noted(
    app: &App,
    remote: &RemoteRegister,
    number: &str,
) -> Result<Option<Registered>, RegisterFault> {
    let now = app.real.now();
    let answer = remote.ask(number, now).await;
    if answer != Err(RegisterFault::LeftAlone) {
        let fault = answer.as_ref().err().map(ToString::to_string);
        app.health.note(ComponentKind::Register, COMPONENT, fault, now);
    }
    answer
}

/// Asks about a number that nobody has, to know how the register is.
pub async fn probe(app: &App) {
    if let Some(remote) = &app.register {
        let _known = noted(app, remote, NOBODY).await;
    }
}

async fn imported(app: &App, number: &str, names: &Names, birth: BirthDate) -> Result<Agreement, FlowError> {
    let known = app.store.register_lookup(people::number_fingerprint(&app.vault, number)).await?;
    let Some((bound, known_names)) = known else { return Ok(Agreement::None) };
    let has_the_name = known_names.is_none_or(|known| {
        let said = name_fingerprints(app, number, &near::sounds(names));
        said.chunks(SHORT_BYTES).any(|one| known.chunks(SHORT_BYTES).any(|other| one == other))
    });
    let agrees = |(reading, _): &(String, Agreement)| number_birth_fingerprint(app, number, reading) == bound;
    let as_far = readings(birth).into_iter().find(agrees).map(|(_, as_far)| as_far);
    Ok(as_far.filter(|_| has_the_name).unwrap_or(Agreement::None))
}

/// Names under a number: one short fingerprint after another, since they are compared with those of that number only.
pub(super) fn name_fingerprints(app: &App, number: &str, sounds: &BTreeSet<String>) -> Vec<u8> {
    let of_number = |sound: &String| format!("{}|{sound}", ten_digits(number));
    let short = |sound| app.vault.short_fingerprint(Field::ForeignerNumberName, &of_number(sound));
    sounds.iter().flat_map(short).collect()
}

/// Asks again for those whose answer the register owed. Ends at the first silence.
///
/// # Errors
/// The last one that was met: an entry that fails holds up no other.
pub async fn ask_again(app: &App, stop: &Stop) -> Result<(), FlowError> {
    let mut done = Ok(());
    for entry in app.store.register_checks_due(AGAIN_MAX).await? {
        if stop.is_requested() {
            break;
        }
        // Whoever fails goes behind the others.
        app.store.note_register_check(entry, Some(RegisterCheck::Due), app.business.now()).await?;
        match settle(app, entry).await {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => done = Err(error),
        }
    }
    done
}

/// False if the register does not answer.
async fn settle(app: &App, entry: EntryId) -> Result<bool, FlowError> {
    let now = app.business.now();
    let record = app.store.entry(entry).await?.ok_or(FlowError::NotFound("entry"))?;
    let owed = async |state| app.store.note_register_check(entry, state, now).await;
    if record.state != EntryState::AwaitingIdentity {
        owed(None).await?;
        return Ok(true);
    }
    let shown = people::reveal(app, &record, Reader::Program).await?;
    let (names, birth) = shown.known_identity()?;
    let Some(number) = shown.foreigner_number else {
        owed(None).await?;
        return Ok(true);
    };
    match ask(app, &number, &names, birth).await? {
        None => return Ok(false),
        Some(Agreement::Whole)
            if double(app, record.queue_id, (&names, birth), Some(entry)).await?.is_some() =>
        {
            // An agent sees both.
            owed(None).await?;
        }
        Some(Agreement::Whole) => {
            let keys = people::key_fingerprints(&app.vault, Some(&number), None);
            let evidence = Evidence { how: Proof::Register, keys };
            // Where another request holds the number already, this one stays declared: an agent sees both.
            app.store.verify_identity(entry, evidence, None, Actor::System, now).await?;
            owed(None).await?;
        }
        Some(Agreement::Year) => owed(Some(RegisterCheck::Year)).await?,
        Some(Agreement::None) => owed(None).await?,
    }
    Ok(true)
}
