//! The accounts of a prefecture: who is invited, confirmed, disabled, and helped back in. No password and no link is ever
//! shown to whoever manages them: the link goes to its owner's own telephone.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::domain::actor::Role;
use crate::domain::ids::{PrefectureId, SiteId, StaffId};
use crate::domain::permission::Act;
use crate::flow::staff::accounts::{self, Account, AccountState, Invitation, Manager};
use crate::flow::staff::{Session, links};
use crate::flow::{App, FlowError, read};
use crate::locale::Lang;
use crate::web::shared::errors::render_with;
use crate::web::shared::{Fields, Page, Purpose, Staff, StaffForm, WebError, render};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, Colleagues, DoneQuery, FormView, word};

const PATH: &str = "/gestion/comptes";

#[derive(Template)]
#[template(path = "staff/settings/accounts.html")]
struct Accounts {
    page: Page,
    done: Option<String>,
    /// Where a link went, and until when it is good.
    sent: Option<Said>,
    form: FormView,
    roles: Vec<Choice>,
    sites: Vec<Choice>,
    /// All prefectures, for whoever manages all accounts.
    prefectures: Vec<Choice>,
    rows: Vec<Row>,
}

/// A link that has left.
struct Said {
    text: String,
    /// Where messages go nowhere: the link itself.
    link: Option<String>,
}

struct Row {
    id: StaffId,
    login: String,
    full_name: String,
    role: String,
    place: String,
    also_reads: Option<String>,
    state: String,
    second_factor: String,
    proconnect: Option<String>,
    waits: Option<String>,
    offers: Vec<Offer>,
}

/// Something that may be done with an account now.
struct Offer {
    action: &'static str,
    label: &'static str,
    /// How its button looks, beside the others.
    style: &'static str,
}

const fn manager(session: &Session) -> Manager {
    Manager { id: session.staff_id, role: session.role, prefecture: session.prefecture_id }
}

pub async fn list(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Query(done): Query<DoneQuery>,
) -> Result<Response, WebError> {
    let done = done.text(page.lang);
    render(Accounts { done, ..accounts_page(&app, &session, page, FormView::default()).await? })
}

async fn accounts_page(
    app: &App,
    session: &Session,
    page: Page,
    form: FormView,
) -> Result<Accounts, WebError> {
    let own = Own::load(app, session).await?;
    let lang = page.lang;
    let colleagues = Colleagues::load(app).await?;
    let directory = read::directory(app).await?;
    let managed = accounts::managed(app, manager(session)).await?;
    let rows = managed.iter().map(|account| row(lang, &own, &colleagues, session, account));
    let is_everywhere = own.may(Act::ManageAllAccounts);
    let roles = Role::ALL.iter().filter(|role| session.role.may_manage(**role));
    Ok(Accounts {
        rows: rows.collect(),
        done: None,
        sent: None,
        form,
        roles: roles.map(|role| Choice::new(role, word(lang, "role", role.as_str()))).collect(),
        sites: own.sites().map(|site| Choice::new(site.id, site.name.clone())).collect(),
        prefectures: if is_everywhere {
            directory.prefectures.iter().map(|one| Choice::new(one.id, one.name.clone())).collect()
        } else {
            Vec::new()
        },
        page: page.titled("manage-accounts-title").with_form(PATH),
    })
}

fn row(lang: Lang, own: &Own, colleagues: &Colleagues, session: &Session, account: &Account) -> Row {
    let (me, state) = (session.staff_id, account.state);
    let name =
        |id: &PrefectureId| own.directory.prefecture(*id).map(|one| one.name.clone()).unwrap_or_default();
    let sites = account.sites.iter().map(|site| own.site_name(*site));
    let place: Vec<String> = std::iter::once(name(&account.prefecture)).chain(sites).collect();
    let also: Vec<String> = account.also_reads.iter().map(name).collect();
    let by = |id: StaffId| [("login", colleagues.login(id).to_owned().into())];
    let waits = match (account.invited_by, account.reset_asked_by) {
        (Some(invited), _) if state == AccountState::Unconfirmed => {
            Some(lang.with("manage-account-to-confirm", by(invited)))
        }
        (_, Some(asked)) => Some(lang.with("manage-account-reset-asked", by(asked))),
        _ => None,
    };
    Row {
        id: account.id,
        login: account.login.clone(),
        full_name: account.full_name.clone().unwrap_or_default(),
        role: word(lang, "role", account.role.as_str()),
        place: place.join(" – "),
        also_reads: (!also.is_empty())
            .then(|| lang.with("manage-account-reads", [("prefectures", also.join(", ").into())])),
        state: word(lang, "account", state.as_str()),
        second_factor: lang.text(if account.has_second_factor {
            "manage-account-factor"
        } else {
            "manage-account-no-factor"
        }),
        proconnect: account.has_proconnect.then(|| lang.text("manage-account-proconnect")),
        waits,
        offers: offers(me, account),
    }
}

/// What this person may do with an account; the flows decide again. Nobody helps themselves in.
fn offers(me: StaffId, account: &Account) -> Vec<Offer> {
    let Account { state, .. } = *account;
    if account.id == me {
        return Vec::new();
    }
    let is_open = state != AccountState::Disabled;
    let by_another = |by: Option<StaffId>| by.is_some_and(|by| by != me);
    let resets = is_open && account.has_second_factor;
    let all = [
        (
            state == AccountState::Unconfirmed && account.invited_by != Some(me),
            Offer { action: "confirmer", label: "manage-account-confirm", style: "" },
        ),
        (
            is_open && account.has_phone,
            Offer { action: "lien", label: "manage-account-send", style: "fr-btn--secondary" },
        ),
        (
            resets && account.reset_asked_by.is_none(),
            Offer { action: "second-facteur", label: "manage-account-ask-reset", style: "fr-btn--secondary" },
        ),
        (
            resets && by_another(account.reset_asked_by),
            Offer { action: "second-facteur", label: "manage-account-reset", style: "" },
        ),
        (
            account.has_proconnect,
            Offer { action: "proconnect", label: "manage-account-unlink", style: "fr-btn--secondary" },
        ),
        (is_open, Offer { action: "desactiver", label: "manage-account-disable", style: "fr-btn--danger" }),
        (!is_open, Offer { action: "reactiver", label: "manage-account-enable", style: "fr-btn--secondary" }),
    ];
    all.into_iter().filter(|(may, _)| *may).map(|(_, offer)| offer).collect()
}

fn said(lang: Lang, own: &Own, sent: links::Sent) -> Said {
    let values = [("end", sent.to.into()), ("until", lang.instant(sent.expires_at, own.zone).into())];
    Said { text: lang.with("manage-account-link-sent", values), link: sent.shown }
}

pub async fn invite(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    purpose: Purpose,
    StaffForm(fields): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let lang = page.lang;
    let own_site = |site: &SiteId| own.sites().any(|known| known.id == *site);
    let typed = Invitation {
        login: fields.first("login").to_owned(),
        full_name: fields.first("full_name").to_owned(),
        phone: fields.first("phone").to_owned(),
        role: fields.first("role").to_owned(),
        prefecture: fields.first("prefecture").parse().ok(),
        sites: fields.all("sites").filter_map(|text| text.parse().ok()).filter(own_site).collect(),
        also_reads: fields.all("also_reads").filter_map(|text| text.parse().ok()).collect(),
    };
    let invited = accounts::invite(&app, &typed, manager(&session), own.zone, lang);
    match purpose.carry_out(invited).await {
        Ok(sent) => {
            let sent = Some(said(lang, &own, sent));
            render(Accounts { sent, ..accounts_page(&app, &session, page, FormView::default()).await? })
        }
        Err(error) => {
            let (status, form) = FormView::answering(error, fields, lang)?;
            render_with(status, accounts_page(&app, &session, page, form).await?)
        }
    }
}

pub async fn act(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
    Path((account, action)): Path<(String, String)>,
    StaffForm(_): StaffForm<Fields>,
) -> Result<Response, WebError> {
    let (by, id) = (manager(&session), account.parse().map_err(|_| WebError::NotFound)?);
    let lang = page.lang;
    let done = match action.as_str() {
        "confirmer" => accounts::confirm(&app, id, by).await,
        "desactiver" => accounts::disable(&app, id, by).await,
        "reactiver" => accounts::enable(&app, id, by).await,
        "second-facteur" => accounts::reset_second_factor(&app, id, by).await,
        "proconnect" => accounts::unlink_proconnect(&app, id, by).await,
        "lien" => match accounts::send_link(&app, id, by, lang).await {
            Ok(sent) => {
                let own = Own::load(&app, &session).await?;
                let sent = Some(said(lang, &own, sent));
                return render(Accounts {
                    sent,
                    ..accounts_page(&app, &session, page, FormView::default()).await?
                });
            }
            Err(error) => Err(error),
        },
        _ => Err(FlowError::NotFound("action")),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}?fait=compte")).into_response()),
        Err(error) => {
            let (status, form) = FormView::answering(error, Fields::default(), lang)?;
            render_with(status, accounts_page(&app, &session, page, form).await?)
        }
    }
}
