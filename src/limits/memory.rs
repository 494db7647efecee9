//! Counts in memory, of bounded size whatever an attacker sends: a
//! two-generation map. When the young map is full, it replaces the old one. A name
//! that is still active moves to the young map and is not forgotten; dropping a
//! map costs one step per name in it.

use std::collections::HashMap;
use std::mem;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Name, Rule, Verdict};
use crate::clock::RealClock;

#[derive(Clone, Copy)]
struct Window {
    opened: DateTime<Utc>,
    count: u32,
}

#[derive(Default)]
struct Halves {
    young: HashMap<Name, Window>,
    old: HashMap<Name, Window>,
}

pub(super) struct MemoryLimits {
    clock: RealClock,
    max_per_half: usize,
    halves: Mutex<Halves>,
}

impl MemoryLimits {
    pub(super) fn new(clock: RealClock, max_names: usize) -> Self {
        Self { clock, max_per_half: (max_names / 2).max(1), halves: Mutex::default() }
    }

    pub(super) fn hit(&self, name: Name, rule: Rule) -> Verdict {
        let now = self.clock.now();
        // Counts stay true if another thread panicked while it held the lock.
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        let known = halves.young.get(&name).or_else(|| halves.old.get(&name));
        let mut window = match known {
            Some(window) if left(window, rule, now).is_some() => *window,
            _ => Window { opened: now, count: 0 },
        };
        window.count = window.count.saturating_add(1);
        halves.keep(name, window, self.max_per_half);
        Verdict::of(window.count, rule, left(&window, rule, now).unwrap_or_default())
    }

    pub(super) fn give_back(&self, name: Name) {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        let Halves { young, old } = &mut *halves;
        // A name stands in both halves while it moves: the young one is what counts.
        if let Some(window) = young.get_mut(&name).or_else(|| old.get_mut(&name)) {
            window.count = window.count.saturating_sub(1);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        let halves = self.halves.lock().expect("not poisoned");
        halves.young.len() + halves.old.len()
    }
}

impl Halves {
    fn keep(&mut self, name: Name, window: Window, max_per_half: usize) {
        if self.young.len() >= max_per_half && !self.young.contains_key(&name) {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(name, window);
    }
}

/// The rest of a window; `None` if it is over. If the real clock was set
/// back, a window must not stay open longer than its rule says.
fn left(window: &Window, rule: Rule, now: DateTime<Utc>) -> Option<Duration> {
    let age = (now - window.opened).to_std().ok()?;
    rule.window.checked_sub(age).filter(|left| !left.is_zero())
}
