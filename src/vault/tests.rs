//! Tests of the vault: it decrypts what it encrypted, for the same table, column
//! and row, and nothing else.

use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use uuid::Uuid;

use super::*;

fn vault() -> Vault {
    Vault::new(&MasterKey::from_bytes([7; 32]))
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([9; 32])
}

fn person_key(person: Uuid) -> PersonKey {
    vault().new_person_key(person, &mut rng()).0
}

proptest! {
    #[test]
    fn what_is_sealed_opens_in_its_place(row: u128, text in ".{0,200}") {
        let row = Uuid::from_u128(row);
        let key = person_key(row);
        let sealed = seal(&key, "applicants", "name", row, text.as_bytes());
        prop_assert_eq!(open_text(&key, "applicants", "name", row, &sealed), Ok(text));
    }

    #[test]
    fn a_sealed_value_opens_nowhere_else(row: u128, other: u128, bytes: Vec<u8>) {
        prop_assume!(row != other);
        let (row, other) = (Uuid::from_u128(row), Uuid::from_u128(other));
        let key = person_key(row);
        let sealed = seal(&key, "applicants", "name", row, &bytes);
        for (table, column, row) in [
            ("applicants", "name", other),
            ("applicants", "phone", row),
            ("contacts", "name", row),
            ("applicantsn", "ame", row),
        ] {
            prop_assert_eq!(open(&key, table, column, row, &sealed), Err(VaultError::Damaged));
        }
    }

    #[test]
    fn another_persons_key_opens_nothing(bytes: Vec<u8>, seed: [u8; 32]) {
        let row = Uuid::from_u128(1);
        let mut other_rng = ChaCha20Rng::from_seed(seed);
        let (other, _) = vault().new_person_key(row, &mut other_rng);
        let sealed = seal(&person_key(row), "t", "c", row, &bytes);
        prop_assert!(open(&other, "t", "c", row, &sealed).is_err());
    }

    #[test]
    fn a_flipped_bit_is_refused(bytes: Vec<u8>, at: prop::sample::Index, bit in 0..8_u8) {
        let row = Uuid::from_u128(1);
        let key = person_key(row);
        let mut sealed = seal(&key, "t", "c", row, &bytes);
        let at = at.index(sealed.len());
        sealed[at] ^= 1_u8 << bit;
        prop_assert!(open(&key, "t", "c", row, &sealed).is_err());
    }

    #[test]
    fn a_cut_value_is_refused(bytes: Vec<u8>, at: prop::sample::Index) {
        let row = Uuid::from_u128(1);
        let key = person_key(row);
        let sealed = seal(&key, "t", "c", row, &bytes);
        let cut = &sealed[..at.index(sealed.len())];
        prop_assert!(open(&key, "t", "c", row, cut).is_err());
    }

    #[test]
    fn a_wrapped_key_opens_for_its_person_only(person: u128, other: u128, at: prop::sample::Index) {
        prop_assume!(person != other);
        let person = Uuid::from_u128(person);
        let vault = vault();
        let (key, wrapped) = vault.new_person_key(person, &mut rng());
        prop_assert_eq!(vault.unwrap(person, &wrapped.0).map(|k| k.0), Ok(key.0));
        prop_assert!(vault.unwrap(Uuid::from_u128(other), &wrapped.0).is_err());
        let mut flipped = wrapped.0;
        let at = at.index(flipped.len());
        flipped[at] ^= 1;
        prop_assert!(vault.unwrap(person, &flipped).is_err());
    }

    #[test]
    fn a_secret_opens_for_its_purpose_and_id_only(id: u128, bytes: Vec<u8>, at: prop::sample::Index) {
        let id = Uuid::from_u128(id);
        let vault = vault();
        let sealed = vault.seal_secret("draw commitment", id, &bytes);
        let opened = vault.open_secret("draw commitment", id, &sealed);
        prop_assert_eq!(opened.map(|b| b.to_vec()), Ok(bytes));
        prop_assert!(vault.open_secret("session", id, &sealed).is_err());
        let other = Uuid::from_u128(id.as_u128() ^ 1);
        prop_assert!(vault.open_secret("draw commitment", other, &sealed).is_err());
        let mut flipped = sealed;
        let at = at.index(flipped.len());
        flipped[at] ^= 1;
        prop_assert!(vault.open_secret("draw commitment", id, &flipped).is_err());
    }

    #[test]
    fn a_sealed_line_opens_and_one_of_an_earlier_version_stands(line in ".{0,80}") {
        let sealed = vault().seal_line(&line);
        prop_assert!(line.len() < 4 || !sealed.contains(&line));
        prop_assert_eq!(vault().open_line(&sealed), Ok(line));
        let other = Vault::new(&MasterKey::from_bytes([8; 32]));
        prop_assert_eq!(other.open_line(&sealed), Err(VaultError::Damaged));
        prop_assert_eq!(vault().open_line("panne d'eau"), Ok("panne d'eau".to_owned()));
    }

    #[test]
    fn equal_values_and_only_those_share_a_fingerprint(a: String, b: String) {
        let vault = vault();
        let fingerprint = |field, value: &str| vault.fingerprint(field, value);
        prop_assert_eq!(fingerprint(Field::Phone, &a) == fingerprint(Field::Phone, &b), a == b);
        prop_assert_ne!(fingerprint(Field::Phone, &a), fingerprint(Field::Email, &a));
    }
}

#[test]
fn sealing_twice_gives_two_values() {
    let row = Uuid::from_u128(1);
    let key = person_key(row);
    assert_ne!(seal(&key, "t", "c", row, b"x"), seal(&key, "t", "c", row, b"x"));
}

#[test]
fn a_fingerprint_keeps_its_value_from_one_version_to_the_next() {
    let fingerprint = vault().fingerprint(Field::ForeignerNumber, "7503012345");
    // Computed independently: HMAC-SHA256 under HKDF-SHA256 of the master key, with salt
    // "passage vault v1" and info "index v1 foreigner_number".
    assert_eq!(
        hex::encode(fingerprint.0),
        "41e33e78e1b5b282f9cb2d609c6f4718bf5efc186000d768678b745d9fc1a997"
    );
}

#[test]
fn a_wrong_master_key_is_noticed_at_start() {
    let check = vault().key_check();
    assert!(vault().accepts_check(&check));
    let other = Vault::new(&MasterKey::from_bytes([8; 32]));
    assert!(!other.accepts_check(&check));
    assert!(!vault().accepts_check(&check[..7]));
}

#[test]
fn keys_are_changed_while_serving() {
    let (old, new) = (MasterKey::from_bytes([7; 32]), MasterKey::from_bytes([8; 32]));
    let person = Uuid::from_u128(1);
    let before = Vault::new(&old);
    let (key, wrapped) = before.new_person_key(person, &mut rng());
    let secret = before.seal_secret("p", person, b"s");
    let mut stored = StoredRoots { check: before.key_check().to_vec(), sealed: None };

    let changing = Vault::open(&[new.copy(), old.copy()], Some(&stored)).expect("opens");
    assert_eq!(changing.unwrap(person, &wrapped.0).expect("opens").0, key.0);
    let rewrapped = changing.rewrap(person, &wrapped.0).expect("opens").expect("moved");
    assert_eq!(changing.rewrap(person, &rewrapped.0), Ok(None));
    let resealed = changing.reseal_secret("p", person, &secret).expect("opens").expect("moved");
    assert_eq!(changing.reseal_secret("p", person, &resealed), Ok(None));
    stored.sealed = Some(changing.sealed_roots());

    let after = Vault::open(std::slice::from_ref(&new), Some(&stored)).expect("opens");
    assert_eq!(after.unwrap(person, &rewrapped.0).expect("opens").0, key.0);
    assert_eq!(*after.open_secret("p", person, &resealed).expect("opens"), b"s");
    for vault in [&changing, &after] {
        assert!(vault.accepts_check(&before.key_check()));
        assert_eq!(vault.fingerprint(Field::Login, "a"), before.fingerprint(Field::Login, "a"));
        assert_eq!(vault.journal_seed(), before.journal_seed());
        assert_eq!(vault.open_line(&before.seal_line("panne d'eau")).as_deref(), Ok("panne d'eau"));
        assert_eq!(vault.limits_key(), before.limits_key());
    }
    let refused = after.unwrap(person, &wrapped.0).expect_err("the old key is gone");
    assert_eq!(refused, VaultError::UnknownKey(old.id()));
    let refused =
        Vault::open(std::slice::from_ref(&old), Some(&stored)).expect_err("the roots are under the new key");
    assert_eq!(refused, VaultError::UnknownKey(new.id()));
}

#[test]
fn a_new_index_key_turns_each_stored_fingerprint_into_the_new_one() {
    let (mut vault, master) = (vault(), MasterKey::from_bytes([7; 32]));
    for _ in 0..3 {
        let (roots, added) = vault.with_added_key();
        let stored = StoredRoots { check: vault.key_check().to_vec(), sealed: Some(roots) };
        let next = Vault::open(std::slice::from_ref(&master), Some(&stored)).expect("opens");
        let of = |vault: &Vault, value| vault.fingerprint(Field::Phone, value).0.to_vec();
        assert_eq!(added.whole(&of(&vault, "+33612345678")), of(&next, "+33612345678"));
        assert_ne!(of(&vault, "+33612345678"), of(&next, "+33612345678"));
        let shorts =
            |vault: &Vault| ["A", "B"].map(|name| vault.short_fingerprint(Field::Loose, name)).concat();
        assert_eq!(added.shorts(&shorts(&vault)), shorts(&next));
        assert_eq!(next.journal_seed(), vault.journal_seed());
        assert_eq!(next.open_line(&vault.seal_line("panne d'eau")).as_deref(), Ok("panne d'eau"));
        assert!(vault.open_line(&next.seal_line("panne d'eau")).is_err(), "a new line has a new key");
        vault = next;
    }
}

#[test]
fn a_later_format_is_refused_by_name() {
    let key = person_key(Uuid::nil());
    let refused = open(&key, "t", "c", Uuid::nil(), &[2, 0, 0]);
    assert_eq!(refused, Err(VaultError::UnknownFormat(2)));
}

#[test]
fn a_key_file_is_private_and_never_overwritten() {
    let dir = std::env::temp_dir().join(format!("passage-keys-{}", Uuid::new_v4()));
    let path = dir.join("master.key");
    let id = keys::init(&path).expect("made");
    assert_eq!(MasterKey::from_file(&path).expect("read").id(), id);
    assert!(matches!(keys::init(&path), Err(KeyError::Exists(_))));
    assert_eq!(MasterKey::from_file(&path).expect("still read").id(), id);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    std::fs::remove_dir_all(&dir).expect("removed");
    assert!(matches!(MasterKey::from_file(&path), Err(KeyError::Missing(_))));
}

#[test]
fn a_bad_key_is_refused_without_being_quoted() {
    let bad = "zz".repeat(32);
    let error = MasterKey::from_hex(&bad).expect_err("refused").to_string();
    assert!(error.contains("64 hexadecimal digits") && !error.contains("zz"));
    assert!(matches!(MasterKey::from_hex("ab"), Err(KeyError::Length { found: 2 })));
}

#[test]
fn keys_do_not_show_in_debug_output() {
    let master = MasterKey::from_bytes([0xab; 32]);
    let shown = format!("{master:?} {:?} {:?}", person_key(Uuid::nil()), Vault::new(&master));
    assert!(!shown.contains("abab") && !shown.contains("171"), "{shown}");
}
