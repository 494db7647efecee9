//! What a witness keeps, and how it judges what it receives. Plain files, one JSON document per line,
//! append-only: `heads.jsonl`, `freezes.jsonl`, `alarms.jsonl`, and beside them the whole deliveries
//! that raised an alarm, exactly as received. The times in them are the witness's own.
//!
//! A delivery counts when its head is written, which happens last: if a witness stops before that, it is
//! sent the same again. An incomplete line never counted, and is removed at the next start.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ids::DrawId;
use crate::draw::Hash;
use crate::draw::merkle::{root, verify_consistency};
use crate::journal::{FreezeRecord, HashHex, Head, LogKey, Push};

/// The maximum number of alarms kept with their evidence; the first ones are enough.
const ALARMS_MAX: usize = 200;

const HEADS: &str = "heads.jsonl";
const FREEZES: &str = "freezes.jsonl";
const ALARMS: &str = "alarms.jsonl";
const KEY: &str = "log-key.txt";

/// A head, when it was first seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeenHead {
    pub seen_at: String,
    pub size: u64,
    pub root: HashHex,
    pub note: String,
}

/// A freeze, when it was first seen. All times in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFreeze {
    pub draw: DrawId,
    pub freeze: HashHex,
    pub seen_at: DateTime<Utc>,
    /// When the randomness is out, according to the record.
    pub out_at: DateTime<Utc>,
    /// First seen when the randomness was already out.
    pub late: bool,
    /// The row of the log, to the byte; its position; the size of the head in which it was proven.
    pub row: String,
    pub index: u64,
    pub size: u64,
}

/// What is wrong with the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// Two heads signed by the same key, neither of which extends the other.
    Fork,
    /// One draw, two lists.
    TwoLists,
    /// A record that is not in the tree in which it is claimed to be.
    FalseRecord,
    /// A freeze that arrived when its randomness was already out.
    Late,
}

/// An alarm; it is kept for ever.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Alarm {
    pub seen_at: String,
    pub wrong: Wrong,
    pub why: String,
    /// The head that was known, and the one received: both signed notes.
    pub known: Option<String>,
    pub offered: String,
    /// The file with the delivery exactly as received, and the signature over its bytes.
    pub delivery: String,
    pub signature: String,
}

/// The answer to a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Kept, or known already; the newest head the witness holds.
    Kept {
        size: u64,
        root: Hash,
        late: Vec<DrawId>,
    },
    /// The proof does not start from the newest head known here: send it from there.
    Behind {
        size: u64,
    },
    NotSigned,
    Unreadable(String),
    /// Refused, with both sides kept as evidence.
    Contradiction(Wrong, String),
}

/// What one witness remembers of one log.
pub struct Ledger {
    key: LogKey,
    folder: PathBuf,
    heads: BTreeMap<u64, Hash>,
    newest: Option<SeenHead>,
    freezes: BTreeMap<DrawId, SeenFreeze>,
    alarms: Vec<Alarm>,
    known_alarms: BTreeSet<(Wrong, String)>,
}

/// Why a delivery is not accepted.
type Against = (Wrong, String, Option<String>);

impl Ledger {
    /// Opens a folder, made if missing, for one log.
    ///
    /// # Errors
    /// If a file cannot be read or is not what this program wrote, or the folder is of another log.
    pub fn open(folder: &Path, key: LogKey) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        hold_to(&folder.join(KEY), &key)?;
        let heads: Vec<SeenHead> = lines(&folder.join(HEADS))?;
        let freezes: Vec<SeenFreeze> = lines(&folder.join(FREEZES))?;
        let alarms: Vec<Alarm> = lines(&folder.join(ALARMS))?;
        let mut by_draw = BTreeMap::new();
        for freeze in freezes {
            by_draw.entry(freeze.draw).or_insert(freeze);
        }
        Ok(Self {
            key,
            folder: folder.to_owned(),
            heads: heads.iter().map(|head| (head.size, head.root.0)).collect(),
            newest: heads.into_iter().last(),
            freezes: by_draw,
            known_alarms: alarms.iter().map(|alarm| (alarm.wrong, alarm.why.clone())).collect(),
            alarms,
        })
    }

    pub fn key(&self) -> &LogKey {
        &self.key
    }

    /// The newest head.
    pub fn newest(&self) -> Option<&SeenHead> {
        self.newest.as_ref()
    }

    pub fn freeze_of(&self, draw: DrawId) -> Option<&SeenFreeze> {
        self.freezes.get(&draw)
    }

    pub fn freezes(&self) -> impl Iterator<Item = &SeenFreeze> {
        self.freezes.values()
    }

    pub fn alarms(&self) -> &[Alarm] {
        &self.alarms
    }

    /// Judges a delivery, and stores what it contains.
    ///
    /// # Errors
    /// If a file cannot be written: then nothing counts, and the same may be sent again.
    pub fn receive(&mut self, body: &[u8], signature: &[u8], now: DateTime<Utc>) -> io::Result<Answer> {
        if !self.key.signed_push(body, signature) {
            return Ok(Answer::NotSigned);
        }
        let push: Push = match serde_json::from_slice(body) {
            Ok(push) => push,
            Err(error) => return Ok(Answer::Unreadable(error.to_string())),
        };
        let head = match Head::open(&push.head, &self.key) {
            Ok(head) => head,
            Err(fault) => return Ok(Answer::Unreadable(fault.to_string())),
        };
        match self.judge(&push, &head, now) {
            Ok(Step::Known) => Ok(self.kept(Vec::new())),
            Ok(Step::Behind) => Ok(Answer::Behind { size: self.size() }),
            Ok(Step::New(freezes)) => self.keep(&push, &head, freezes, body, signature, now),
            Err(against) => {
                let (wrong, why) = (against.0, against.1.clone());
                self.alarm(against, &push, body, signature, now)?;
                Ok(Answer::Contradiction(wrong, why))
            }
        }
    }

    fn size(&self) -> u64 {
        self.newest.as_ref().map_or(0, |head| head.size)
    }

    fn root(&self) -> Hash {
        self.newest.as_ref().map_or_else(|| root(&[]), |head| head.root.0)
    }

    fn kept(&self, late: Vec<DrawId>) -> Answer {
        Answer::Kept { size: self.size(), root: self.root(), late }
    }

    fn judge(&self, push: &Push, head: &Head, now: DateTime<Utc>) -> Result<Step, Against> {
        if let Some(known) = self.heads.get(&head.size) {
            if *known == head.root {
                return Ok(Step::Known);
            }
            let why = format!("two heads of {} rows have different roots", head.size);
            return Err((Wrong::Fork, why, self.note_of(head.size)));
        }
        if push.from != self.size() || head.size < self.size() {
            return Ok(Step::Behind);
        }
        let newest = || self.newest.as_ref().map(|head| head.note.clone());
        if !verify_consistency(push.from, head.size, &push.proof(), &self.root(), &head.root) {
            let why = format!("the head of {} rows does not add to that of {}", head.size, push.from);
            return Err((Wrong::Fork, why, newest()));
        }
        let mut freezes = Vec::new();
        for record in &push.records {
            let false_record = |why| {
                let why = format!("row {} of {}: {why}", record.index, head.size);
                (Wrong::FalseRecord, why, newest())
            };
            if record.index < push.from || !record.is_in(head.size, &head.root) {
                return Err(false_record("it is not in the tree among the new rows"));
            }
            let read = FreezeRecord::read(&record.row).map_err(|_| false_record("it is no freeze"))?;
            let seen = seen(&read, record.row.clone(), record.index, head.size, now)
                .ok_or_else(|| false_record("its time is none"))?;
            let known =
                self.freezes.get(&read.draw).or(freezes.iter().find(|f: &&SeenFreeze| f.draw == read.draw));
            match known {
                Some(known) if known.freeze != seen.freeze => {
                    let why = format!("draw {} was frozen with two lists", read.draw);
                    return Err((Wrong::TwoLists, why, newest()));
                }
                Some(_) => {}
                None => freezes.push(seen),
            }
        }
        Ok(Step::New(freezes))
    }

    fn keep(
        &mut self,
        push: &Push,
        head: &Head,
        freezes: Vec<SeenFreeze>,
        body: &[u8],
        signature: &[u8],
        now: DateTime<Utc>,
    ) -> io::Result<Answer> {
        // A new witness did not see what came before it started, so that is no reason for an alarm.
        let watched = self.newest.is_some();
        let late: Vec<DrawId> = freezes.iter().filter(|seen| seen.late).map(|seen| seen.draw).collect();
        for draw in late.iter().filter(|_| watched) {
            let why = format!("the list of draw {draw} came when its randomness was out");
            let known = self.newest.as_ref().map(|head| head.note.clone());
            self.alarm((Wrong::Late, why, known), push, body, signature, now)?;
        }
        append(&self.folder.join(FREEZES), &freezes)?;
        let seen = SeenHead {
            seen_at: written(now),
            size: head.size,
            root: HashHex(head.root),
            note: push.head.clone(),
        };
        append(&self.folder.join(HEADS), std::slice::from_ref(&seen))?;
        self.heads.insert(head.size, head.root);
        self.newest = Some(seen);
        self.freezes.extend(freezes.into_iter().map(|seen| (seen.draw, seen)));
        Ok(self.kept(late))
    }

    /// Raises an alarm and keeps the evidence; the same alarm is raised only once.
    fn alarm(
        &mut self,
        (wrong, why, known): Against,
        push: &Push,
        body: &[u8],
        signature: &[u8],
        now: DateTime<Utc>,
    ) -> io::Result<()> {
        tracing::error!(log = self.key.origin(), ?wrong, "ALARM: {why}");
        let same = (wrong, why.clone());
        if self.alarms.len() >= ALARMS_MAX || self.known_alarms.contains(&same) {
            return Ok(());
        }
        let delivery = format!("alarm-{:03}.json", self.alarms.len() + 1);
        let mut file = File::create(self.folder.join(&delivery))?;
        file.write_all(body)?;
        file.sync_all()?;
        let alarm = Alarm {
            seen_at: written(now),
            wrong,
            why,
            known,
            offered: push.head.clone(),
            delivery,
            signature: hex::encode(signature),
        };
        append(&self.folder.join(ALARMS), std::slice::from_ref(&alarm))?;
        self.known_alarms.insert(same);
        self.alarms.push(alarm);
        Ok(())
    }

    fn note_of(&self, size: u64) -> Option<String> {
        let heads: Vec<SeenHead> = lines(&self.folder.join(HEADS)).ok()?;
        heads.into_iter().find(|head| head.size == size).map(|head| head.note)
    }
}

/// What an honest delivery needs.
enum Step {
    Known,
    Behind,
    New(Vec<SeenFreeze>),
}

fn seen(read: &FreezeRecord, row: String, index: u64, size: u64, now: DateTime<Utc>) -> Option<SeenFreeze> {
    let out_at = DateTime::from_timestamp(read.out_at_s, 0)?;
    let late = now >= out_at;
    Some(SeenFreeze {
        draw: read.draw,
        freeze: HashHex(read.freeze),
        seen_at: now,
        out_at,
        late,
        row,
        index,
        size,
    })
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A folder always belongs to the same log.
fn hold_to(path: &Path, key: &LogKey) -> io::Result<()> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim() == key.to_string() => Ok(()),
        Ok(text) => {
            let held = text.trim();
            Err(io::Error::other(format!("{}: this folder is of the log {held}", path.display())))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::write(path, format!("{key}\n")),
        Err(error) => Err(error),
    }
}

/// The lines of a file; an incomplete last line is removed.
fn lines<T: for<'de> Deserialize<'de>>(path: &Path) -> io::Result<Vec<T>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    if whole < text.len() {
        OpenOptions::new().write(true).open(path)?.set_len(whole as u64)?;
    }
    let read = |(number, line): (usize, &str)| {
        serde_json::from_str(line)
            .map_err(|error| io::Error::other(format!("{} line {}: {error}", path.display(), number + 1)))
    };
    text[..whole].lines().enumerate().map(read).collect()
}

fn append<T: Serialize>(path: &Path, lines: &[T]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut text = String::new();
    for line in lines {
        text.push_str(&serde_json::to_string(line)?);
        text.push('\n');
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let before = file.metadata()?.len();
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
    if written.is_err() {
        // An incomplete line would corrupt the next one.
        file.set_len(before)?;
    }
    written
}
