//! The witness's judgement, on a log made for this test: every kind of lie in a signed delivery.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use passage::clock::FakeClock;
use passage::draw::merkle::{Tree, leaf_hash};
use passage::journal::{HashHex, Head, Proven, Push, Signer};
use passage::witness::ledger::{Answer, Ledger, Wrong};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::place::{Host, folder};

fn signer() -> Signer {
    Signer::new("example.org/journal", &[7; 32]).unwrap()
}

fn noon() -> DateTime<Utc> {
    "2027-01-08T12:00:00Z".parse().unwrap()
}

/// What the log says of a freeze whose randomness is out an hour after noon.
pub fn detail() -> Value {
    json!({ "freeze": hex::encode([1; 32]), "entries": 2, "slots": 1, "source": { "kind": "commit", "commitment": "00" },
        "seed_at": noon().timestamp() + 3600 })
}

/// The row of a freeze with this list.
fn frozen(draw: u8, list: u8) -> String {
    let subject = format!("draw:{}", uuid::Uuid::from_bytes([draw; 16]));
    let mut detail = detail();
    detail["freeze"] = hex::encode([list; 32]).into();
    json!({ "action": "draw.frozen", "actor": "system", "at": 0, "id": "x", "detail": detail, "subject": subject })
        .to_string()
}

/// A log of rows, some of which are freezes.
struct Rows(Vec<String>);

impl Rows {
    fn of(count: usize) -> Self {
        Self((0..count).map(|n| format!("row {n}")).collect())
    }

    fn and(mut self, row: String) -> Self {
        self.0.push(row);
        self
    }

    fn tree(&self) -> Tree {
        let mut tree = Tree::default();
        for row in &self.0 {
            tree.append(leaf_hash(row.as_bytes()));
        }
        tree
    }

    fn head(&self) -> Head {
        Head { size: self.0.len() as u64, root: self.tree().root(), at_s: noon().timestamp() }
    }

    /// An honest delivery from a size.
    fn push(&self, from: usize) -> Push {
        let tree = self.tree();
        let hex = |hashes: Vec<[u8; 32]>| hashes.into_iter().map(HashHex).collect::<Vec<_>>();
        let freezes = self.0.iter().enumerate().skip(from).filter(|(_, row)| row.starts_with('{'));
        let proven = |(index, row): (usize, &String)| Proven {
            row: row.clone(),
            index: index as u64,
            proof: hex(tree.inclusion(index, self.0.len()).unwrap()),
        };
        Push {
            head: signer().sign(&self.head()),
            from: from as u64,
            consistency: hex(tree.consistency(from, self.0.len()).unwrap_or_default()),
            records: freezes.map(proven).collect(),
        }
    }
}

struct Desk {
    ledger: Ledger,
    folder: PathBuf,
    now: DateTime<Utc>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Desk {
    fn new() -> Self {
        let folder = folder();
        let ledger = Ledger::open(&folder, signer().key().clone()).unwrap();
        Self { ledger, folder, now: noon() }
    }

    fn send(&mut self, push: &Push) -> Answer {
        let body = serde_json::to_vec(push).unwrap();
        let signature = signer().sign_push(&body);
        self.ledger.receive(&body, &signature, self.now).unwrap()
    }

    #[track_caller]
    fn keeps(&mut self, push: &Push) {
        let answer = self.send(push);
        assert!(matches!(&answer, Answer::Kept { late, .. } if late.is_empty()), "{answer:?}");
    }

    #[track_caller]
    fn refuses(&mut self, push: &Push, wrong: Wrong) {
        let (size, alarms) = (self.size(), self.ledger.alarms().len());
        let answer = self.send(push);
        assert!(matches!(&answer, Answer::Contradiction(found, _) if *found == wrong), "{answer:?}");
        assert_eq!((self.size(), self.ledger.alarms().len()), (size, alarms + 1));
        let alarm = self.ledger.alarms().last().unwrap().clone();
        assert_eq!((alarm.wrong, &alarm.offered), (wrong, &push.head));
        // The evidence stands alone: the delivery as it came, under the log's own signature.
        let body = std::fs::read(self.folder.join(&alarm.delivery)).unwrap();
        assert!(signer().key().signed_push(&body, &hex::decode(&alarm.signature).unwrap()));
        assert_eq!(serde_json::from_slice::<Push>(&body).unwrap(), *push);
        // And it is still there after a restart, once.
        self.ledger = Ledger::open(&self.folder, signer().key().clone()).unwrap();
        assert!(matches!(self.send(push), Answer::Contradiction(..)));
        assert_eq!(self.ledger.alarms().len(), alarms + 1);
    }

    fn size(&self) -> u64 {
        self.ledger.newest().map_or(0, |head| head.size)
    }
}

#[test]
fn a_log_that_grows_is_followed_and_an_old_head_repeated_is_fine() {
    let mut desk = Desk::new();
    let first = Rows::of(3).push(0);
    desk.keeps(&first);
    desk.keeps(&Rows::of(9).push(3));
    desk.keeps(&first);
    assert_eq!((desk.size(), desk.ledger.alarms().len()), (9, 0));
    // An old head never seen, or a proof from another size: the answer says from where to continue.
    assert_eq!(desk.send(&Rows::of(5).push(3)), Answer::Behind { size: 9 });
    assert_eq!(desk.send(&Rows::of(12).push(3)), Answer::Behind { size: 9 });
    desk.keeps(&Rows::of(12).push(9));
}

#[test]
fn two_heads_of_one_size_are_a_fork() {
    let mut desk = Desk::new();
    let honest = Rows::of(4).and("this".into()).push(0);
    desk.keeps(&honest);
    desk.keeps(&Rows::of(4).and("this".into()).and("more".into()).push(5));
    desk.refuses(&Rows::of(4).and("that".into()).push(0), Wrong::Fork);
    assert_eq!(desk.ledger.alarms()[0].known.as_ref(), Some(&honest.head));
}

#[test]
fn a_rewritten_row_is_a_fork() {
    let mut desk = Desk::new();
    desk.keeps(&Rows::of(6).push(0));
    let mut rewritten = Rows::of(9);
    rewritten.0[2] = "another".into();
    desk.refuses(&rewritten.push(6), Wrong::Fork);
    desk.keeps(&Rows::of(9).push(6));
}

#[test]
fn a_truncated_log_that_grows_again_is_a_fork() {
    let mut desk = Desk::new();
    desk.keeps(&Rows::of(10).push(0));
    let mut truncated = Rows::of(7);
    for n in 0..6 {
        truncated = truncated.and(format!("after {n}"));
    }
    desk.refuses(&truncated.push(10), Wrong::Fork);
}

#[test]
fn one_draw_with_two_lists_is_caught_in_one_delivery_or_two() {
    let mut desk = Desk::new();
    desk.keeps(&Rows::of(2).and(frozen(1, 1)).push(0));
    desk.refuses(&Rows::of(2).and(frozen(1, 1)).and(frozen(1, 2)).push(3), Wrong::TwoLists);
    desk.refuses(&Rows::of(2).and(frozen(1, 1)).and(frozen(3, 1)).and(frozen(3, 2)).push(3), Wrong::TwoLists);
    desk.keeps(&Rows::of(2).and(frozen(1, 1)).and(frozen(3, 1)).push(3));
}

#[test]
fn a_record_that_is_not_in_the_tree_is_caught() {
    let log = || Rows::of(4).and(frozen(1, 1));
    let spoil = |change: fn(&mut Proven)| {
        let mut push = log().push(0);
        change(&mut push.records[0]);
        push
    };
    let mut held_back = log().and("more".into()).push(0);
    held_back.from = 5;
    held_back.consistency = log().and("more".into()).push(5).consistency;
    let mut desk = Desk::new();
    for push in [
        spoil(|record| record.row = frozen(1, 2)),
        spoil(|record| record.index = 3),
        spoil(|record| record.proof[0].0[0] ^= 1),
        spoil(|record| {
            record.proof.pop();
        }),
    ] {
        let answer = desk.send(&push);
        assert!(matches!(answer, Answer::Contradiction(Wrong::FalseRecord, _)), "{answer:?}");
    }
    desk.keeps(&log().push(0));
    desk.refuses(&held_back, Wrong::FalseRecord);
}

#[test]
fn a_list_is_late_from_the_second_its_randomness_is_out() {
    let mut desk = Desk::new();
    desk.keeps(&Rows::of(2).push(0));
    desk.now = noon() + TimeDelta::seconds(3599);
    desk.keeps(&Rows::of(2).and(frozen(1, 1)).push(2));
    desk.now += TimeDelta::seconds(1);
    let answer = desk.send(&Rows::of(2).and(frozen(1, 1)).and(frozen(2, 1)).push(3));
    assert!(matches!(&answer, Answer::Kept { size: 4, late, .. } if late.len() == 1), "{answer:?}");
    assert_eq!(desk.ledger.alarms()[0].wrong, Wrong::Late);
    let late: Vec<bool> = desk.ledger.freezes().map(|seen| seen.late).collect();
    assert_eq!(late, [false, true]);
}

/// A new witness has missed what came before: it says so for each list, and raises no alarm.
#[test]
fn what_was_before_the_witness_began_is_late_without_an_alarm() {
    let mut desk = Desk::new();
    desk.now = noon() + TimeDelta::days(1);
    let answer = desk.send(&Rows::of(2).and(frozen(1, 1)).push(0));
    assert!(matches!(&answer, Answer::Kept { late, .. } if late.len() == 1), "{answer:?}");
    assert_eq!(desk.ledger.alarms().len(), 0);
}

#[test]
fn a_line_without_its_end_never_counted() {
    let mut desk = Desk::new();
    desk.keeps(&Rows::of(3).push(0));
    for file in ["heads.jsonl", "freezes.jsonl", "alarms.jsonl"] {
        let path = desk.folder.join(file);
        let mut text = std::fs::read_to_string(&path).unwrap_or_default();
        text.push_str("{\"seen_at\":\"2027-");
        std::fs::write(path, text).unwrap();
    }
    desk.ledger = Ledger::open(&desk.folder, signer().key().clone()).unwrap();
    desk.keeps(&Rows::of(5).push(3));
    desk.ledger = Ledger::open(&desk.folder, signer().key().clone()).unwrap();
    assert_eq!(desk.size(), 5);
}

#[tokio::test]
async fn what_is_not_signed_by_the_log_raises_no_alarm() {
    let clock = FakeClock::at(noon());
    let any = "127.0.0.1:0".parse().unwrap();
    let host = Host::with(signer().key().clone(), &clock, &folder(), any).await;
    let signed = |body: &[u8], signer: &Signer| hex::encode(signer.sign_push(body));
    let body = |push: &Push| serde_json::to_vec(push).unwrap();
    let good = body(&Rows::of(3).push(0));
    assert_eq!(host.post(good.clone(), Some(&signed(&good, &signer()))).await, 200);
    // A public head, repeated by a stranger with a proof of their own making.
    let mut bogus = Rows::of(6).push(3);
    bogus.consistency.clear();
    let bogus = body(&bogus);
    assert_eq!(host.post(bogus.clone(), Some(&signed(&good, &signer()))).await, 403);
    assert_eq!(host.post(bogus.clone(), None).await, 403);
    assert_eq!(host.post(bogus.clone(), Some("not hexadecimal")).await, 403);
    let other = Signer::new("example.org/journal", &[8; 32]).unwrap();
    assert_eq!(host.post(good.clone(), Some(&signed(&good, &other))).await, 403);
    // A push signed by the right key, but its head is not, or is no head at all.
    let mut stranger = Rows::of(6).push(3);
    stranger.head = other.sign(&Rows::of(6).head());
    let stranger = body(&stranger);
    assert_eq!(host.post(stranger.clone(), Some(&signed(&stranger, &signer()))).await, 422);
    for garbage in [b"".as_slice(), b"<html>", b"{}", b"\xff\xfe", b"[[[[[[[["] {
        assert_eq!(host.post(garbage.to_vec(), Some(&signed(garbage, &signer()))).await, 422);
    }
    let large = vec![b' '; Push::BYTES_MAX + 1];
    assert_eq!(host.post(large.clone(), Some(&signed(&large, &signer()))).await, 413);
    assert_eq!(host.state().await, (200, 0));
    assert_eq!(host.newest(), 3);
    // The log itself, lying.
    assert_eq!(host.post(bogus.clone(), Some(&signed(&bogus, &signer()))).await, 409);
    assert_eq!(host.state().await, (500, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever two histories share, a witness that saw the end of one refuses the end of the other.
    #[test]
    fn no_fork_passes(common in 0_usize..12, left in 1_usize..12, right in 1_usize..12) {
        let grown = |mut rows: Rows, word: &str, more: usize| {
            rows.0.extend((0..more).map(|n| format!("{word} {n}")));
            rows
        };
        let mut desk = Desk::new();
        let seen = common + left;
        desk.keeps(&grown(Rows::of(common), "left", left).push(0));
        let mut push = grown(Rows::of(common), "right", right).push(seen.min(common + right));
        push.from = seen as u64;
        let answer = desk.send(&push);
        if right < left {
            prop_assert_eq!(answer, Answer::Behind { size: seen as u64 });
        } else {
            prop_assert!(matches!(answer, Answer::Contradiction(Wrong::Fork, _)), "{:?}", answer);
        }
    }
}
