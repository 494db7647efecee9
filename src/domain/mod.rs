//! Pure values and rules: what a queue is, who may stand in it, what each event makes of an entry.
//! Nothing here reads a clock, a database or a random generator, so every rule can be tried by
//! calling a function.

mod fold;

pub mod actor;
pub mod alarm;
pub mod audience;
pub mod availability;
pub mod code;
pub mod correction;
pub mod country;
pub mod day;
pub mod directory;
pub mod draw_state;
pub mod email;
pub mod entry;
pub mod estimate;
pub mod foreigner_number;
pub mod helper;
pub mod holidays;
pub mod identity;
pub mod ids;
pub mod letter;
pub mod local_time;
pub mod names;
pub mod near;
pub mod neutral;
pub mod notice;
pub mod odds;
pub mod opening;
pub mod penalty;
pub mod permission;
pub mod phone;
pub mod pivot;
pub mod proposal;
pub mod rank_sum;
pub mod reach;
pub mod reading;
pub mod reference;
pub mod refusal;
pub mod register_of_numbers;
pub mod reminder;
pub mod review;
pub mod rules;
pub mod situation;
pub mod slot;
pub mod slot_plan;
pub mod small_counts;
pub mod sms_text;
pub mod staff;
pub mod statistics;
pub mod table;
pub mod text;
pub mod text_enum;
pub mod tick;
pub mod timetable;
