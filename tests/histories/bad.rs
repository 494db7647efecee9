//! Tests the checker first: a sound history passes, and each kind of fault in a history is
//! reported by name. Without this, a checker that finds nothing would look like a program without faults.

use super::checker::{BUSY, WAITING, faults};
use super::history::{Answer, Convocation, Entry, Event, Logged, Operation, Row, Slot, Ticked, World};

type Broken = (&'static str, fn(&mut Vec<Event>, &mut World));

fn done(text: &str) -> Answer {
    Answer::Done(text.to_owned())
}

fn refused(text: &str) -> Answer {
    Answer::Refused(text.to_owned())
}

/// Adds an operation that begins when all others are over.
fn then(history: &mut Vec<Event>, operation: Operation, answer: Answer) {
    let began = history.last().map_or(0, |event| event.ended) + 1;
    history.push(Event { client: 0, began, ended: began + 1, operation, answer });
}

fn register(person: u32, key: &str) -> Operation {
    Operation::Register { person, key: key.to_owned(), wording: 0 }
}

fn reworded(person: u32, key: &str) -> Operation {
    Operation::Register { person, key: key.to_owned(), wording: 1 }
}

fn entry(n: u32, state: &str, began: i64, ended: Option<i64>) -> Entry {
    Entry {
        id: format!("e{n}"),
        reference: format!("r{n}"),
        person: n,
        key: format!("k{n}"),
        wording: 0,
        state: state.to_owned(),
        paused: false,
        began,
        ended,
    }
}

fn convocation(n: u32, entry: u32, slot: u32, state: &str, issued: i64, ended: Option<i64>) -> Convocation {
    Convocation {
        id: format!("c{n}"),
        entry: format!("e{entry}"),
        slot: format!("s{slot}"),
        state: state.to_owned(),
        issued,
        ended,
    }
}

fn row(n: u32, entry: u32, slot: u32, what: Logged) -> Row {
    Row { convocation: format!("c{n}"), entry: format!("e{entry}"), slot: format!("s{slot}"), what }
}

fn slot(n: u32, state: &str) -> Slot {
    Slot {
        id: format!("s{n}"),
        name: format!("desk {n}"),
        state: state.to_owned(),
        withdrawn: (state == "withdrawn").then_some(9),
    }
}

/// A small sound history with everything in it: person 1 gives a seat back and withdraws, 2 is served in
/// the same seat, 3 was cut off and had been registered, 4 was cut off and had not, 5 is paused, 1 came
/// again as entry 6, 2's slot was seat 1, seat 2 was withdrawn, and seat 7
/// with what a withdrawal left.
fn sound() -> (Vec<Event>, World) {
    let mut history = Vec::new();
    let mut say = |operation, answer| then(&mut history, operation, answer);
    let name = |n: u32| format!("r{n}");
    say(Operation::Publish(vec!["desk 1".into(), "desk 2".into(), "desk 7".into()]), done(""));
    say(register(1, "k1"), done("r1"));
    say(register(1, "k1"), done("r1"));
    say(reworded(1, "k1"), refused("key reused"));
    say(register(1, "other"), refused(WAITING));
    say(register(1, "k1"), refused(BUSY));
    say(register(2, "k2"), done("r2"));
    say(register(3, "k3"), Answer::Unknown);
    say(register(4, "k4"), Answer::Unknown);
    say(register(5, "k5"), done("r5"));
    say(Operation::Pause(name(5)), done(""));
    say(Operation::GiveBack(name(1)), done(""));
    say(Operation::Withdraw(name(1)), done(""));
    say(Operation::Withdraw(name(1)), refused("ended"));
    say(register(1, "k6"), done("r6"));
    say(Operation::WithdrawSlot("s2".into()), done(""));
    say(Operation::Tick("c2".into(), Ticked::Attended), done(""));
    let mut world = World {
        entries: vec![
            entry(1, "withdrawn", 0, Some(10)),
            entry(2, "served", 0, Some(30)),
            entry(3, "waiting", 0, None),
            Entry { paused: true, ..entry(5, "waiting", 0, None) },
            Entry { person: 1, ..entry(6, "waiting", 10, None) },
        ],
        slots: vec![
            slot(1, "taken"),
            slot(2, "withdrawn"),
            Slot { withdrawn: Some(12), ..slot(7, "withdrawn") },
        ],
        convocations: vec![
            convocation(1, 1, 1, "declined", 2, Some(5)),
            convocation(2, 2, 1, "attended", 5, Some(30)),
        ],
        log: Vec::new(),
        rests: [12].into(),
    };
    world.log = vec![
        row(1, 1, 1, Logged::Issued),
        row(1, 1, 1, Logged::Ended),
        row(2, 2, 1, Logged::Issued),
        row(2, 2, 1, Logged::Ended),
    ];
    (history, world)
}

fn drop_entry(world: &mut World, reference: &str) {
    world.entries.retain(|entry| entry.reference != reference);
}

/// The message of the fault, and the change made to the sound history.
const BROKEN: &[Broken] = &[
    ("failed: 500", |history, _| history[1].answer = Answer::Failed("500".into())),
    ("r2 was acknowledged and is not there", |_, world| drop_entry(world, "r2")),
    ("r5 was acknowledged and is not there", |_, world| world.entries[3].person = 9),
    ("r5 was acknowledged and is not there", |_, world| world.entries[3].wording = 1),
    ("key k2 made 2 entries", |_, world| {
        let twin = Entry { key: "k2".into(), ..entry(7, "closed", 50, Some(51)) };
        world.entries.push(twin);
    }),
    ("entry r8 comes from nowhere", |_, world| world.entries.push(entry(8, "waiting", 0, None))),
    ("key other was refused and left an entry", |_, world| {
        let left = Entry { person: 1, key: "other".into(), ..entry(7, "closed", 10, Some(10)) };
        world.entries.push(left);
    }),
    ("key k1 was answered {\"r1\", \"r9\"}", |history, _| history[2].answer = done("r9")),
    ("key k1: its answer changed to Refused(\"already waiting\")", |history, _| {
        history[2].answer = refused(WAITING);
    }),
    ("key k1: its answer changed to Done(\"r1\")", |history, _| history[3].answer = done("r1")),
    ("key k9: told to wait already, and nobody does", |history, _| {
        then(history, register(9, "k9"), refused(WAITING));
    }),
    ("person 3 waits twice", |history, world| {
        then(history, register(3, "k7"), done("r7"));
        world.entries.push(Entry { person: 3, ..entry(7, "waiting", 60, None) });
    }),
    ("person 1 waits twice", |_, world| world.entries[4].began = 9),
    ("slot s1 has two live convocations", |_, world| {
        world.convocations.push(convocation(3, 3, 1, "live", 40, None));
        world.convocations.push(convocation(4, 5, 1, "live", 40, None));
    }),
    ("entry e3 has two live convocations", |_, world| {
        world.convocations.push(convocation(3, 3, 1, "live", 40, None));
        world.convocations.push(convocation(4, 3, 2, "live", 40, None));
    }),
    ("slot s1 was held twice at one time", |_, world| world.convocations[0].ended = Some(6)),
    ("entry e2 was held twice at one time", |_, world| {
        world.convocations[0] = convocation(1, 2, 2, "declined", 2, Some(6));
    }),
    ("slot s1 was given while it was held", |_, world| world.log.swap(1, 2)),
    ("entry e1 was convoked twice at once", |_, world| {
        world.log.insert(1, row(3, 1, 2, Logged::Issued));
    }),
    ("slot s1 was given back by who did not hold it", |_, world| drop(world.log.remove(0))),
    ("convocation c2: the log tells (1, 0) of it", |_, world| drop(world.log.pop())),
    ("convocation c9 is in the log alone", |_, world| {
        world.log.push(row(9, 3, 2, Logged::IssuedEnded));
    }),
    ("withdrawal: r1 does not stand", |_, world| {
        world.entries[0].state = "closed".into();
    }),
    ("withdrawal: r1 does not stand", |history, _| history[13].answer = done("")),
    ("withdrawal: r2 does not stand", |_, world| world.entries[1].state = "withdrawn".into()),
    ("seat given back: r1 does not stand", |_, world| {
        world.convocations[0].state = "cancelled_by_prefecture".into();
    }),
    ("seat given back: r1 does not stand", |history, _| history[11].answer = refused("too late")),
    ("pause: r5 does not stand", |_, world| world.entries[3].paused = false),
    ("attended: c2 does not stand", |_, world| world.convocations[1].state = "missed".into()),
    ("missed: c2 does not stand", |_, world| world.convocations[1].state = "missed".into()),
    ("slot desk 1 was acknowledged and is not there", |_, world| drop(world.slots.remove(0))),
    ("slot desk 3 comes from nowhere", |_, world| world.slots.push(slot(3, "free"))),
    ("slot at desk 1 has been published twice", |_, world| {
        world.slots.push(Slot { id: "s9".into(), ..slot(1, "free") });
    }),
    ("slot withdrawn: s2 does not stand", |_, world| world.slots[1] = slot(2, "free")),
    ("slot withdrawn: s1 does not stand", |_, world| world.slots[0] = slot(1, "withdrawn")),
    ("slot withdrawn: s7 does not stand", |_, world| world.rests.clear()),
];

#[test]
fn a_sound_history_passes() {
    let (history, world) = sound();
    assert_eq!(faults(&history, &world), Vec::<String>::new());
}

#[test]
fn each_bad_history_is_refused_by_name() {
    for (fault, break_it) in BROKEN {
        let (mut history, mut world) = sound();
        break_it(&mut history, &mut world);
        let found = faults(&history, &world);
        assert!(found.iter().any(|one| one.contains(fault)), "“{fault}” is not in {found:#?}");
    }
}

#[test]
fn whoever_was_cut_off_may_be_there_or_not() {
    let (history, mut world) = sound();
    world.entries.push(entry(4, "waiting", 0, None));
    drop_entry(&mut world, "r3");
    assert_eq!(faults(&history, &world), Vec::<String>::new());
}
