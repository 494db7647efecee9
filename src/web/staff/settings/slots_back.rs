//! Taking slots back: one, or a whole day of a site. Whoever was convoked is told at once, and goes first in
//! the next draw if a second person approves; so it is asked for twice, with a reason.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::publications;
use super::slot_view::line;
use super::slots::closing_again;
use crate::domain::actor::Actor;
use crate::domain::directory::Site;
use crate::domain::slot::SlotState;
use crate::flow::read::slots::{Slot, between};
use crate::flow::{App, Fault, slots};
use crate::web::shared::errors::render_with;
use crate::web::shared::forms::read_day;
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::confirm::Confirm;
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, FormView};

const CLOSE_PATH: &str = "/gestion/creneaux/fermer";

#[derive(Deserialize)]
pub struct DayQuery {
    #[serde(default)]
    jour: String,
}

#[derive(Deserialize)]
pub struct CloseQuery {
    #[serde(default)]
    site: String,
    #[serde(default)]
    day: String,
}

pub async fn ask_withdraw(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path(slot): Path<String>,
    Query(query): Query<DayQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let slot = own.slot(&app, &slot, &query.jour).await?;
    render(withdraw_page(&own, page, &slot, FormView::default()))
}

fn withdraw_page(own: &Own, page: Page, slot: &Slot, form: FormView) -> Confirm {
    let lang = page.lang;
    let day = own.zone.local_date(slot.starts_at);
    let taken = if slot.state == SlotState::Taken { "manage-withdraw-taken" } else { "manage-withdraw-free" };
    let action = format!("/gestion/creneaux/{}/retirer", slot.id);
    Confirm {
        lines: vec![lang.date(day), line(own, lang, slot).text],
        warning: lang.text(taken),
        button: lang.text("manage-withdraw-confirm"),
        page: page.titled("manage-withdraw-title").with_form(&action),
        form,
        action,
        back: format!("/gestion/creneaux?semaine={day}"),
        hidden: vec![Choice::new("jour", day.to_string())],
        reason: true,
        reason_hint: "manage-withdraw-reason-hint",
    }
}

pub async fn withdraw(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    Path(slot): Path<String>,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let slot = own.slot(&app, &slot, fields.first("jour")).await?;
    let asked = slots::withdraw(&app, slot.id, fields.first("reason"), Actor::Staff(session.staff_id));
    match purpose.carry_out(asked).await {
        Ok(true) => Ok(rest_proposed()),
        Ok(false) => {
            let day = own.zone.local_date(slot.starts_at);
            Ok(Redirect::to(&format!("/gestion/creneaux?semaine={day}&fait=retrait")).into_response())
        }
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            render_with(status, withdraw_page(&own, page, &slot, form))
        }
    }
}

/// It is done, and what is left waits for a second person.
fn rest_proposed() -> Response {
    Redirect::to(&format!("{}?fait=reste", publications::LIST)).into_response()
}

pub async fn ask_close(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(query): Query<CloseQuery>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let site = own.site(&query.site)?.clone();
    let asked = match read_day(&query.day, own.today()) {
        None => Err("day"),
        Some(day) if day < own.zone_of(site.id).local_date(own.now) => Err("day-past"),
        Some(day) => match Closing::of(&app, &own, &site, day).await? {
            Closing { slots: 0, .. } => Err("day-without-slots"),
            closing => Ok(closing),
        },
    };
    match asked {
        Ok(closing) => render(close_page(page, &closing, FormView::default())),
        Err(key) => closing_again(&app, &own, page, &site, &query.day, Fault::new("day", key)).await,
    }
}

/// A site on a day, and what closing it takes back.
struct Closing<'a> {
    site: &'a Site,
    day: NaiveDate,
    slots: usize,
    /// Of these, how many somebody is convoked to.
    taken: usize,
}

impl<'a> Closing<'a> {
    async fn of(app: &App, own: &Own, site: &'a Site, day: NaiveDate) -> Result<Self, WebError> {
        let (from, to) = own.day(day);
        let found = between(app, own.id(), from.max(own.now), to).await?;
        let of_site = |states: &[SlotState]| {
            found.iter().filter(|slot| slot.site_id == site.id && states.contains(&slot.state)).count()
        };
        let slots = of_site(&[SlotState::Free, SlotState::Frozen, SlotState::Taken]);
        Ok(Self { site, day, slots, taken: of_site(&[SlotState::Taken]) })
    }
}

fn close_page(page: Page, closing: &Closing<'_>, form: FormView) -> Confirm {
    let lang = page.lang;
    let &Closing { site, day, slots, taken } = closing;
    Confirm {
        lines: vec![format!("{} – {}", site.name, lang.date(day))],
        warning: lang.with("manage-close-warning", [("all", slots.into()), ("taken", taken.into())]),
        button: lang.text("manage-close-confirm"),
        page: page.titled("manage-close-title").with_form(CLOSE_PATH),
        form,
        action: CLOSE_PATH.to_owned(),
        back: format!("/gestion/creneaux?semaine={day}"),
        hidden: vec![Choice::new("site", site.id.to_string()), Choice::new("day", day.to_string())],
        reason: true,
        reason_hint: "manage-close-reason-hint",
    }
}

pub async fn close(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let site = own.site(fields.first("site"))?.clone();
    let day = read_day(fields.first("day"), own.today()).ok_or(WebError::BadRequest)?;
    let asked = slots::close_day(&app, site.id, day, fields.first("reason"), Actor::Staff(session.staff_id));
    match purpose.carry_out(asked).await {
        Ok((_, true)) => Ok(rest_proposed()),
        Ok((count, false)) => {
            Ok(Redirect::to(&format!("/gestion/creneaux?semaine={day}&fait=fermeture&n={count}"))
                .into_response())
        }
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, page.lang)?;
            let closing = Closing::of(&app, &own, &site, day).await?;
            render_with(status, close_page(page, &closing, form))
        }
    }
}
