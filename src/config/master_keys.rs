//! `[vault]`: where the master keys come from.

use std::path::PathBuf;

use super::reader::Section;
use super::{Secret, checks};

#[derive(Clone, Debug)]
pub struct Vault {
    pub master_key: MasterKeySource,
    /// During a change of master key: the one that wrapped before, or will wrap next. It only unwraps.
    pub previous_master_key: Option<MasterKeySource>,
}

#[derive(Clone, Debug)]
pub enum MasterKeySource {
    File(PathBuf),
    /// 64 hexadecimal digits.
    Given(Secret),
    /// A program that prints them: where a key is kept by another service.
    Command(PathBuf),
}

pub(super) fn vault(section: &mut Section<'_>) -> Vault {
    let now = ["master_key", "master_key_file", "master_key_command"];
    let previous = ["previous_master_key", "previous_master_key_file", "previous_master_key_command"];
    Vault {
        master_key: master_key(section, now)
            .unwrap_or_else(|| MasterKeySource::File("./var/master.key".into())),
        previous_master_key: master_key(section, previous),
    }
}

fn master_key(
    section: &mut Section<'_>,
    [given_key, file_key, command_key]: [&'static str; 3],
) -> Option<MasterKeySource> {
    let given = section.secret(given_key);
    if let Some(Err(fault)) = given.as_ref().map(|key| checks::master_key(key.expose())) {
        section.fault(given_key, fault);
    }
    let ways = [
        given.map(|key| (given_key, MasterKeySource::Given(key))),
        section.text(file_key).map(|path| (file_key, MasterKeySource::File(path.into()))),
        section.text(command_key).map(|path| (command_key, MasterKeySource::Command(path.into()))),
    ];
    let mut ways = ways.into_iter().flatten();
    let first = ways.next();
    if let (Some((one, _)), Some((other, _))) = (&first, ways.next()) {
        section.fault(one, &format!("is given besides {other}; keep only one of the two"));
    }
    first.map(|(_, source)| source)
}
