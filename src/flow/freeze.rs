//! Freezing a list. What the transaction finds is turned here, by a pure function, into the list that
//! is published: the classes, who accepts which, and each entry's place under the rules.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::json;

use super::{App, FlowError, random, source};
use crate::domain::audience::Audience;
use crate::domain::entry::EntryState;
use crate::domain::ids::{EntryId, SlotId};
use crate::domain::letter::Notified;
use crate::domain::local_time::Zone;
use crate::domain::notice::Way;
use crate::domain::reach::Reach;
use crate::domain::rules::{Rules, Standing};
use crate::domain::slot::Half;
use crate::draw::{self, Accepts, Class, Classes, Frozen, List, MAX_CLASSES, Terms};
use crate::failpoint::failpoint;
use crate::store::commands::{Compose, Composed, ComposedEntry, FreezeInput};
use crate::store::records::{DrawRecord, DrawState, ListedEntry, PoolSlot};

/// The public reason of a draw that its machine froze too late.
pub const FROZEN_TOO_LATE: &str = "frozen too late";

/// Freezes an announced draw whose time has come, or annuls it when its randomness is too near: a list
/// must be closed before anybody can know the seed.
///
/// # Errors
/// If the store fails, or somebody else froze it meanwhile.
pub async fn freeze(app: &App, draw: &DrawRecord) -> Result<(), FlowError> {
    let is_too_late = || source::is_too_late_to_freeze(draw, app.business.now());
    // The clock is read again at the end: asking the relays takes its time.
    let is_annulled = is_too_late() || source::is_revealed(app, draw).await || is_too_late();
    let now = app.business.now();
    if is_annulled {
        tracing::error!(
            event = "draw.annulled_frozen_too_late", draw = %draw.id,
            "too late to freeze: the draw is annulled"
        );
        return Ok(app
            .store
            .annul_by_rule(draw.id, DrawState::Announced, FROZEN_TOO_LATE.to_owned(), now)
            .await?);
    }
    let directory = app.store.directory().await?;
    let queue = directory.queue(draw.queue_id).ok_or(FlowError::NotFound("queue"))?;
    let prefecture = directory.prefecture(queue.prefecture_id).ok_or(FlowError::NotFound("prefecture"))?;
    let frame = Frame {
        queue: json!({ "prefecture": prefecture.slug, "procedure": queue.procedure_slug, "name": queue.name }),
        zone: prefecture.zone,
        can_send: app.carriers.ways(),
    };
    let salt_seed: [u8; 32] = random();
    let list = move |input| {
        let mut salts = ChaCha20Rng::from_seed(salt_seed);
        compose(&frame, input, |_| {
            let mut salt = [0; 32];
            salts.fill_bytes(&mut salt);
            salt
        })
    };
    let (business, announced) = (app.business.clone(), draw.clone());
    let is_in_time = move || !source::is_too_late_to_freeze(&announced, business.now());
    let compose = Compose { list: Arc::new(list), is_in_time: Arc::new(is_in_time) };
    app.store.freeze(draw.id, compose, now).await?;
    failpoint!("F5");
    Ok(())
}

/// What the list needs besides what the transaction reads.
pub(crate) struct Frame {
    pub queue: serde_json::Value,
    pub zone: Zone,
    /// The ways by which the installation sends: who is reached by none of them gets letters only.
    pub can_send: Vec<Way>,
}

/// Whom the freeze leaves out, by reason.
#[derive(Default)]
struct LeftOut {
    awaiting_identity: u32,
    paused: u32,
    suspended: u32,
}

/// The list that is published: pure. `salt` gives each entry what hides its line from others.
pub(crate) fn compose(
    frame: &Frame,
    input: FreezeInput,
    mut salt: impl FnMut(EntryId) -> [u8; 32],
) -> Result<Composed, String> {
    let FreezeInput { draw, rules, entries, slots } = input;
    let drawn_on = frame.zone.local_date(draw.seed_at);
    let notified = [false, true]
        .map(|letters| Notified::of(letters, drawn_on, frame.zone.into(), rules.notice_min_days));
    let (listed, left_out) = choose(entries, rules.admit_declared, draw.freeze_at);
    let slots = within_classes(slots);
    let classes = Classes::gather(slots.iter().map(|(_, class)| *class)).map_err(fault_text)?;
    let (mut kinds, mut types) = (HashMap::new(), Vec::new());
    let mut owners = HashMap::with_capacity(listed.len());
    let lines = listed
        .iter()
        .map(|entry| {
            let salt = salt(entry.id);
            let pid = draw::pid(draw.id.0.as_bytes(), entry.id.0.as_bytes(), &salt);
            owners.insert(pid, (entry.id, salt));
            let place = rules.place(&Standing::from(&entry.standing));
            let letters_only = Reach::of(entry.addresses.addresses(), &frame.can_send).is_letters_only();
            let kind = *kinds
                .entry((letters_only, serde_json::to_string(&entry.availability).unwrap_or_default()))
                .or_insert_with(|| {
                    types.push(accepted(entry, &classes, notified[usize::from(letters_only)]));
                    u32::try_from(types.len() - 1).unwrap_or(u32::MAX)
                });
            draw::Line {
                pid,
                kind,
                tier: place.tier,
                weight: place.weight,
                bucket: place.bucket,
                reserve: place.reserve,
            }
        })
        .collect();
    let seats = u32::try_from(slots.len()).unwrap_or(u32::MAX);
    let reserves = rules.reserve_seats(seats);
    let frozen = List {
        draw: *draw.id.0.as_bytes(),
        terms: terms(frame, &draw, &rules).map_err(fault_text)?,
        slots: slots.iter().filter_map(|(slot, class)| seat(slot, classes.number_of(class)?)).collect(),
        classes,
        types,
        entries: lines,
        reserves: reserves.into_iter().map(|(label, seats)| draw::Reserve { label, seats }).collect(),
        source: source::of(&draw)?,
    }
    .freeze()
    .map_err(fault_text)?;
    Ok(composed(&frozen, &rules, &owners, slots.iter().map(|(slot, _)| slot.id).collect(), &left_out))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn fault_text(fault: draw::Fault) -> String {
    fault.to_string()
}

/// The entries that stand in the list: everybody who waits at the announced instant and has not paused.
fn choose(
    entries: Vec<ListedEntry>,
    admit_declared: bool,
    announced: DateTime<Utc>,
) -> (Vec<ListedEntry>, LeftOut) {
    let mut left_out = LeftOut::default();
    let listed = entries
        .into_iter()
        .filter(|entry| {
            let reason = if entry.state == EntryState::AwaitingIdentity && !admit_declared {
                &mut left_out.awaiting_identity
            } else if entry.paused {
                &mut left_out.paused
            } else if entry.paused_until.is_some_and(|until| until > announced) {
                &mut left_out.suspended
            } else {
                return true;
            };
            *reason += 1;
            false
        })
        .collect();
    (listed, left_out)
}

fn class_of(slot: &PoolSlot) -> Class {
    let local = slot.zone().local(slot.starts_at);
    Class { date: local.date(), half: draw::Half::of(local.time()), site: *slot.site_id.0.as_bytes() }
}

/// The slots with their classes; those of the latest classes wait for a later draw if there are too many.
fn within_classes(slots: Vec<PoolSlot>) -> Vec<(PoolSlot, Class)> {
    let mut by_class = BTreeMap::<Class, Vec<PoolSlot>>::new();
    for slot in slots {
        by_class.entry(class_of(&slot)).or_default().push(slot);
    }
    by_class
        .into_iter()
        .take(MAX_CLASSES)
        .flat_map(|(class, slots)| slots.into_iter().map(move |slot| (slot, class)))
        .collect()
}

fn accepted(entry: &ListedEntry, classes: &Classes, notified: Notified) -> Accepts {
    let mut accepts = Accepts::none(classes.len());
    for (number, class) in (0_u16..).zip(classes.as_slice()) {
        let half = match class.half {
            draw::Half::Morning => Half::Morning,
            draw::Half::Afternoon => Half::Afternoon,
        };
        let site = uuid::Uuid::from_bytes(class.site).into();
        if notified.allows(&entry.availability, site, class.date, half) {
            accepts.add(number);
        }
    }
    accepts
}

fn seat(slot: &PoolSlot, class: u16) -> Option<draw::Slot> {
    Some(draw::Slot {
        class,
        start: slot.starts_at.timestamp(),
        desk: u16::try_from(slot.desk_number).ok()?,
        id: *slot.id.0.as_bytes(),
        minutes: u16::try_from(slot.minutes).ok()?,
    })
}

fn terms(frame: &Frame, draw: &DrawRecord, rules: &Rules) -> Result<Terms, draw::Fault> {
    let mut body = serde_json::to_value(rules).unwrap_or_default();
    if let Some(body) = body.as_object_mut() {
        // Whoever reads a list must not learn why somebody stands in a reserve.
        let reserves = rules.reserves.iter().map(|it| json!({ "label": it.label, "seats": it.seats }));
        body.insert("reserves".to_owned(), reserves.collect());
        body.insert("version".to_owned(), draw.rules_version.into());
        body.insert("zone".to_owned(), frame.zone.name().into());
    }
    let previous = draw.previous.map(|id| *id.0.as_bytes());
    Terms::new(frame.queue.clone(), body, draw.freeze_at.timestamp(), previous)
}

fn composed(
    frozen: &Frozen,
    rules: &Rules,
    owners: &HashMap<draw::Id, (EntryId, [u8; 32])>,
    slots: Vec<SlotId>,
    left_out: &LeftOut,
) -> Composed {
    let needed = rules.survival_seats(u32::try_from(slots.len()).unwrap_or(u32::MAX));
    let entries: Vec<ComposedEntry> = frozen
        .entries()
        .iter()
        .zip(frozen.seats_accepted())
        .filter_map(|(line, seats)| {
            let (entry, salt) = *owners.get(&line.pid)?;
            let (had_chance, wide) = (seats > 0, seats >= needed);
            Some(ComposedEntry { entry, pid: line.pid, salt, tier: line.tier, had_chance, wide })
        })
        .collect();
    let in_tier = |tier: u8| frozen.entries().iter().filter(|line| line.tier == tier).count();
    let counts = json!({
        "awaiting_identity": left_out.awaiting_identity,
        "paused": left_out.paused,
        "suspended": left_out.suspended,
        "tier_0": in_tier(0),
        "tier_1": in_tier(1),
        "tier_2": in_tier(2),
        "no_class": entries.iter().filter(|entry| !entry.had_chance).count(),
        "few": few(frozen, rules),
    });
    Composed { list: frozen.list_json().into_bytes(), freeze_hash: *frozen.freeze(), entries, slots, counts }
}

/// The seats that few of those listed could accept: how many seats, and how many people could. Whoever has the
/// list finds the same.
fn few(frozen: &Frozen, rules: &Rules) -> Vec<(u32, u32)> {
    let waiting = u32::try_from(frozen.entries().len()).unwrap_or(u32::MAX);
    let by_class = frozen.accepted_by();
    let mut few = BTreeMap::<u32, u32>::new();
    for slot in frozen.slots() {
        let could = by_class.get(usize::from(slot.class)).copied().unwrap_or(0);
        if (Audience { waiting, could }).is_few(rules.few_percent) {
            *few.entry(could).or_default() += 1;
        }
    }
    few.into_iter().map(|(could, seats)| (seats, could)).collect()
}
