//! Pure rules tried from outside: the table of states, what an event makes of an entry, and reminders over years of days.

#[path = "domain/entry.rs"]
mod entry;
#[path = "domain/reminder.rs"]
mod reminder;
#[path = "domain/states.rs"]
mod states;
