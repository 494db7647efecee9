//! The staff pages, requested as by a browser: who may open which page, and what each form does.

mod common;

#[path = "web_staff/accounts.rs"]
mod accounts;
#[path = "web_staff/browser.rs"]
mod browser;
#[path = "web_staff/canary.rs"]
mod canary;
#[path = "web_staff/corrections.rs"]
mod corrections;
#[path = "web_staff/counter.rs"]
mod counter;
#[path = "web_staff/doors.rs"]
mod doors;
#[path = "web_staff/double_click.rs"]
mod double_click;
#[path = "web_staff/effects.rs"]
mod effects;
#[path = "web_staff/entries.rs"]
mod entries;
#[path = "web_staff/identities.rs"]
mod identities;
#[path = "web_staff/kept.rs"]
mod kept;
#[path = "common/log.rs"]
mod log;
#[path = "web_staff/manage.rs"]
mod manage;
#[path = "web_staff/matrix.rs"]
mod matrix;
#[path = "web_staff/objections.rs"]
mod objections;
#[path = "web_staff/publications.rs"]
mod publications;
#[path = "web_staff/sign_in.rs"]
mod sign_in;
#[path = "common/web.rs"]
mod web;
