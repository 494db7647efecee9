//! The register of numéros étrangers: what it says of a person, whether it was imported from a file or is asked over
//! HTTP. Where it does not answer, the request is kept with its day, and the register is asked again.

use super::people::{self, Reader};
use super::register::number_birth_fingerprint;
use super::{App, FlowError};
use crate::domain::actor::Actor;
use crate::domain::alarm::ComponentKind;
use crate::domain::entry::EntryState;
use crate::domain::foreigner_number::ten_digits;
use crate::domain::identity::Proof;
use crate::domain::ids::EntryId;
use crate::domain::names::{BirthDate, Names};
use crate::domain::register_of_numbers::{Agreement, RegisterCheck, name_texts, readings};
use crate::numbers::{RegisterFault, RemoteRegister};
use crate::store::commands::Evidence;
use crate::vault::Field;

/// Requests looked at again in one run.
const AGAIN_MAX: i64 = 50;
/// Bytes kept of the fingerprint of a name: it is compared with those of one number only.
const NAME_BYTES: usize = 8;

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
    let now = app.real.now();
    let answer = remote.ask(&ten_digits(number), now).await;
    match &answer {
        Err(RegisterFault::LeftAlone) => {}
        answer => {
            let fault = answer.as_ref().err().map(ToString::to_string);
            app.health.note(ComponentKind::Register, "numbers", fault, now);
        }
    }
    answer.ok().map(|known| known.map_or(Agreement::None, |known| known.agreement(names, birth)))
}

async fn imported(app: &App, number: &str, names: &Names, birth: BirthDate) -> Result<Agreement, FlowError> {
    let known = app.store.register_lookup(people::number_fingerprint(&app.vault, number)).await?;
    let Some((bound, known_names)) = known else { return Ok(Agreement::None) };
    let has_a_name = known_names.is_none_or(|known| {
        let said = name_fingerprints(app, number, names);
        said.chunks(NAME_BYTES).any(|one| known.chunks(NAME_BYTES).any(|other| one == other))
    });
    let agrees = |(reading, _): &(String, Agreement)| number_birth_fingerprint(app, number, reading) == bound;
    let as_far = readings(birth).into_iter().find(agrees).map(|(_, as_far)| as_far);
    Ok(as_far.filter(|_| has_a_name).unwrap_or(Agreement::None))
}

/// What is kept of the names under a number: one short fingerprint after another.
pub(super) fn name_fingerprints(app: &App, number: &str, names: &Names) -> Vec<u8> {
    let of_number = |text: &String| format!("{}|{text}", ten_digits(number));
    name_texts(names)
        .iter()
        .flat_map(|text| {
            app.vault.fingerprint(Field::ForeignerNumberName, &of_number(text)).0[..NAME_BYTES].to_vec()
        })
        .collect()
}

/// Asks again for those whose answer the register owed. Ends at the first silence. Answers how many are settled.
///
/// # Errors
/// If the store fails.
pub async fn ask_again(app: &App) -> Result<usize, FlowError> {
    let mut settled = 0;
    for entry in app.store.register_checks_due(AGAIN_MAX).await? {
        if !settle(app, entry).await? {
            break;
        }
        settled += 1;
    }
    Ok(settled)
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
        None => {
            owed(Some(RegisterCheck::Due)).await?;
            return Ok(false);
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
