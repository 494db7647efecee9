//! Pure rules tried from outside: the table of states, and reminders over years of days.

#[path = "domain/reminder.rs"]
mod reminder;
#[path = "domain/states.rs"]
mod states;
