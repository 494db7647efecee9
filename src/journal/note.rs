//! The signed head. The body is the origin of the log, its size, its root, and the time of signing:
//!
//! ```text
//! rendez-vous.example.gouv.fr/journal
//! 1234
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! time 1799427600
//!
//! — rendez-vous.example.gouv.fr/journal Az3grl…
//! ```
//!
//! The key is written as `origin+key id+key`. It also signs whole pushes, with a separate prefix.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use crate::draw::Hash;

/// The size limit: a head has four lines and few signatures.
const NOTE_BYTES_MAX: usize = 4096;
/// The algorithm byte of Ed25519 in signed notes.
const ALGORITHM: u8 = 1;
/// The prefix of a signature line.
const DASH: &str = "— ";
/// Separates the signatures of pushes from those of heads.
const PUSH_PREFIX: &[u8] = b"passage-journal/1 push\n";

/// The public key of a log, with the name of the log: this is what a witness pins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogKey {
    origin: String,
    public: [u8; 32],
}

/// Why a line is not a log's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not the key of a log; it looks like name+1a2b3c4d+AV… and stands on the page /journal")]
pub struct LogKeyError;

/// Why a text is not a head of this log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteFault {
    #[error("this is not a signed head: {0}")]
    NotAHead(&'static str),
    #[error("this head is of another log")]
    OtherLog,
    #[error("this head is not signed by the key of this log")]
    NotSigned,
}

impl LogKey {
    /// # Errors
    /// If the origin cannot stand in a note.
    pub fn new(origin: &str, public: [u8; 32]) -> Result<Self, LogKeyError> {
        let fits = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
        let good = !origin.is_empty() && origin.len() <= 255 && origin.chars().all(fits);
        good.then(|| Self { origin: origin.to_owned(), public }).ok_or(LogKeyError)
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The raw key.
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// The same key under another name: for heads signed before the address changed.
    #[must_use]
    pub fn named(&self, origin: &str) -> Option<Self> {
        Self::new(origin, self.public).ok()
    }

    fn id(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(self.origin.as_bytes());
        hasher.update([b'\n', ALGORITHM]);
        hasher.update(self.public);
        let whole: Hash = hasher.finalize().into();
        [whole[0], whole[1], whole[2], whole[3]]
    }

    fn holds(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public).verify(message, signature).is_ok()
    }

    /// Whether the bytes of a push were signed by this log.
    pub fn signed_push(&self, body: &[u8], signature: &[u8]) -> bool {
        self.holds(&[PUSH_PREFIX, body].concat(), signature)
    }
}

/// `origin+key id+key`, as signed notes write it.
impl fmt::Display for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([&[ALGORITHM], self.public.as_slice()].concat());
        write!(f, "{}+{}+{key}", self.origin, hex::encode(self.id()))
    }
}

impl FromStr for LogKey {
    type Err = LogKeyError;

    fn from_str(text: &str) -> Result<Self, LogKeyError> {
        // The key may hold plus signs; the origin and the id may not.
        let mut parts = text.splitn(3, '+');
        let (origin, id, key) = (parts.next(), parts.next(), parts.next());
        let bytes = STANDARD.decode(key.ok_or(LogKeyError)?).map_err(|_| LogKeyError)?;
        let public = match bytes.split_first() {
            Some((&ALGORITHM, public)) => public.try_into().map_err(|_| LogKeyError)?,
            _ => return Err(LogKeyError),
        };
        let key = Self::new(origin.unwrap_or_default(), public)?;
        (id == Some(hex::encode(key.id()).as_str())).then_some(key).ok_or(LogKeyError)
    }
}

/// The signing key; only the installation has it.
pub struct Signer {
    key: LogKey,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// # Errors
    /// If the origin cannot stand in a note.
    pub fn new(origin: &str, seed: &[u8; 32]) -> Result<Self, LogKeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| LogKeyError)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| LogKeyError)?;
        Ok(Self { key: LogKey::new(origin, public)?, pair })
    }

    /// The public key.
    pub fn key(&self) -> &LogKey {
        &self.key
    }

    /// The signed note of a head.
    ///
    /// ```
    /// use passage::journal::{Head, Signer};
    /// let signer = Signer::new("example.org/journal", &[7; 32]).unwrap();
    /// let head = Head { size: 3, root: [1; 32], at_s: 1_799_427_600 };
    /// let note = signer.sign(&head);
    /// assert_eq!(Head::open(&note, signer.key()), Ok(head));
    /// ```
    pub fn sign(&self, head: &Head) -> String {
        let body = head.body(&self.key.origin);
        let signature = self.pair.sign(body.as_bytes());
        let signed = STANDARD.encode([self.key.id().as_slice(), signature.as_ref()].concat());
        format!("{body}\n{DASH}{} {signed}\n", self.key.origin)
    }

    /// The signature of a whole push.
    pub fn sign_push(&self, body: &[u8]) -> Vec<u8> {
        self.pair.sign(&[PUSH_PREFIX, body].concat()).as_ref().to_vec()
    }
}

/// A head of the log: how many rows, their root, and when it was signed by the installation's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub size: u64,
    pub root: Hash,
    pub at_s: i64,
}

impl Head {
    fn body(&self, origin: &str) -> String {
        format!("{origin}\n{}\n{}\ntime {}\n", self.size, STANDARD.encode(self.root), self.at_s)
    }

    /// Reads a note and checks that this log signed it. Other signatures are ignored.
    ///
    /// # Errors
    /// If it is no head, of another log, or not signed by this key.
    pub fn open(note: &str, key: &LogKey) -> Result<Self, NoteFault> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteFault::NotAHead("it is too long"));
        }
        let (lines, signatures) =
            note.split_once("\n\n").ok_or(NoteFault::NotAHead("no empty line stands in it"))?;
        let head = Self::read(lines, key)?;
        // The parsed head is written again and must be equal: so nothing else was signed.
        let body = head.body(&key.origin);
        if body.strip_suffix('\n') != Some(lines) {
            return Err(NoteFault::NotAHead("a number is written in another way"));
        }
        let signatures = signatures.strip_suffix('\n').ok_or(NoteFault::NotAHead("it does not end"))?;
        let ours = signatures.split('\n').filter_map(|line| signature_of(line, key));
        let mut ours = ours.filter(|signature| key.holds(body.as_bytes(), signature));
        ours.next().map(|_| head).ok_or(NoteFault::NotSigned)
    }

    fn read(lines: &str, key: &LogKey) -> Result<Self, NoteFault> {
        let lines: Vec<&str> = lines.split('\n').collect();
        let [origin, size, root, time] = lines.as_slice() else {
            return Err(NoteFault::NotAHead("it has not four lines"));
        };
        if *origin != key.origin {
            return Err(NoteFault::OtherLog);
        }
        let size = size.parse().map_err(|_| NoteFault::NotAHead("its size is no number"))?;
        let root = STANDARD.decode(root).ok().and_then(|bytes| bytes.try_into().ok());
        let root = root.ok_or(NoteFault::NotAHead("its root is not 32 bytes"))?;
        let at_s = time.strip_prefix("time ").and_then(|time| time.parse().ok());
        let at_s = at_s.ok_or(NoteFault::NotAHead("its time is no number"))?;
        Ok(Self { size, root, at_s })
    }

    /// The name of the log that a note claims to be of.
    pub fn origin_of(note: &str) -> &str {
        note.split('\n').next().unwrap_or_default()
    }
}

/// The signature on a line, if it claims to be by this key.
fn signature_of(line: &str, key: &LogKey) -> Option<Vec<u8>> {
    let (name, signed) = line.strip_prefix(DASH)?.split_once(' ')?;
    let bytes = STANDARD.decode(signed).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    (name == key.origin && *id == key.id()).then(|| signature.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: Head = Head { size: 1234, root: [9; 32], at_s: 1_799_427_600 };

    fn signer() -> Signer {
        Signer::new("example.org/journal", &[7; 32]).unwrap()
    }

    /// The test vector of the format's specification: name, key, and the hash of both.
    #[test]
    fn a_key_is_written_as_signed_notes_write_it() {
        let vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let key: LogKey = vkey.parse().unwrap();
        assert_eq!(key.origin(), "PeterNeumann");
        assert_eq!(key.to_string(), vkey);
    }

    #[test]
    fn what_is_not_a_key_is_refused() {
        let good = signer().key().to_string();
        assert_eq!(good.parse::<LogKey>().as_ref(), Ok(signer().key()));
        let short = good.strip_suffix('=').unwrap_or(&good[..good.len() - 1]).to_owned();
        for bad in [
            String::new(),
            "example.org/journal".to_owned(),
            hex::encode(signer().key().public()),
            good.replace("example.org", "example.com"),
            good.replace("example.org", "example org"),
            short,
        ] {
            assert_eq!(bad.parse::<LogKey>(), Err(LogKeyError), "{bad}");
        }
    }

    #[test]
    fn every_flipped_bit_of_a_head_is_seen() {
        let signer = signer();
        let note = signer.sign(&HEAD);
        assert_eq!(Head::open(&note, signer.key()), Ok(HEAD));
        for at in 0..note.len() {
            for bit in 0..8 {
                let mut bytes = note.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                if let Ok(text) = String::from_utf8(bytes) {
                    assert!(Head::open(&text, signer.key()).is_err(), "byte {at}, bit {bit}");
                }
            }
        }
    }

    #[test]
    fn a_head_of_another_key_log_or_shape_is_refused() {
        let signer = signer();
        let other = Signer::new("example.org/journal", &[8; 32]).unwrap();
        let renamed = Signer::new("example.com/journal", &[7; 32]).unwrap();
        assert_eq!(Head::open(&other.sign(&HEAD), signer.key()), Err(NoteFault::NotSigned));
        assert_eq!(Head::open(&renamed.sign(&HEAD), signer.key()), Err(NoteFault::OtherLog));
        assert_eq!(renamed.key(), &signer.key().named("example.com/journal").unwrap());
        let note = signer.sign(&HEAD);
        let long = note.clone() + &"x".repeat(NOTE_BYTES_MAX);
        for bad in ["", "\n\n", "<html>", &note.replace("1234", "01234"), note.trim_end(), &long] {
            assert!(matches!(
                Head::open(bad, signer.key()),
                Err(NoteFault::NotAHead(_) | NoteFault::OtherLog)
            ));
        }
    }

    #[test]
    fn another_signature_beside_ours_changes_nothing() {
        let signer = signer();
        let cosigner = Signer::new("witness.example", &[3; 32]).unwrap();
        let line = cosigner.sign(&HEAD).split_once("\n\n").unwrap().1.to_owned();
        assert_eq!(Head::open(&(signer.sign(&HEAD) + &line), signer.key()), Ok(HEAD));
    }

    #[test]
    fn the_signature_of_a_head_is_none_of_a_push() {
        let signer = signer();
        let body = HEAD.body("example.org/journal");
        let signature = signer.sign_push(body.as_bytes());
        assert!(signer.key().signed_push(body.as_bytes(), &signature));
        assert!(!signer.key().holds(body.as_bytes(), &signature));
        assert!(!signer.key().signed_push(b"another", &signature));
    }
}
