//! Accounts of staff at a terminal: the first ones of an installation, and a way back in when nobody else can help. A
//! password is chosen by its owner alone, through a link that is good once.

use std::io::BufRead;

use anyhow::anyhow;
use serde_json::json;

use super::admin::{app, in_words};
use super::{Staff, say};
use crate::config::Config;
use crate::domain::staff::LinkKind;
use crate::flow::staff::{self, links};
use crate::flow::{App, read};
use crate::store::records::StaffRecord;

pub async fn staff(config: Config, command: Staff, json: bool) -> anyhow::Result<()> {
    let app = app(config).await?;
    let done = carry_out(&app, command, json).await;
    app.store.close().await;
    done
}

async fn carry_out(app: &App, command: Staff, json: bool) -> anyhow::Result<()> {
    match command {
        Staff::Add { login, prefecture, role, password_stdin } => {
            let directory = read::directory(app).await?;
            let prefecture = directory
                .prefecture_by_slug(&prefecture)
                .ok_or_else(|| anyhow!("--prefecture: there is no prefecture “{prefecture}” here"))?;
            let login = login.trim().to_lowercase();
            if password_stdin {
                let mut line = String::new();
                std::io::stdin().lock().read_line(&mut line)?;
                let password = line.trim_end_matches(['\r', '\n']);
                staff::add(app, prefecture.id, &login, password, role).await.map_err(in_words)?;
                tell(json, json!({ "login": login, "role": role }), format!("{login}: added"));
                return Ok(());
            }
            staff::add_without_password(app, prefecture.id, &login, role).await.map_err(in_words)?;
            link(app, &known(app, &login).await?, json).await
        }
        Staff::List => {
            for one in app.store.staff().await? {
                let state = staff::accounts::AccountState::of(&one).as_str();
                let words = format!("{:<30} {:<13} {state}", one.login, one.role);
                tell(json, json!({ "login": one.login, "role": one.role, "state": state }), words);
            }
            Ok(())
        }
        Staff::Link { login } => link(app, &known(app, &login).await?, json).await,
        Staff::Confirm { login } => {
            let account = known(app, &login).await?;
            anyhow::ensure!(account.confirmed_at.is_none(), "{login}: the account is confirmed already");
            app.store.confirm_staff(account.id, None, app.business.now()).await?;
            tell(
                json,
                json!({ "login": account.login, "state": "confirmed" }),
                format!("{login}: confirmed"),
            );
            Ok(())
        }
        Staff::ResetSecondFactor { login } => {
            let account = known(app, &login).await?;
            app.store.reset_second_factor(account.id, None, app.business.now()).await?;
            let words = format!("{login}: the second factor is taken away, sessions ended");
            tell(json, json!({ "login": account.login, "second_factor": false }), words);
            Ok(())
        }
        Staff::Disable { login } => {
            let account = known(app, &login).await?;
            let done = app.store.disable_staff(account.id, None, false, app.business.now()).await?;
            anyhow::ensure!(done, "{login}: the account is disabled already");
            let words = format!("{login}: disabled, sessions ended");
            tell(json, json!({ "login": account.login, "state": "disabled" }), words);
            Ok(())
        }
    }
}

fn tell(json: bool, value: serde_json::Value, words: String) {
    if json { say(value) } else { say(words) }
}

async fn known(app: &App, login: &str) -> anyhow::Result<StaffRecord> {
    let login = login.trim().to_lowercase();
    let found = app.store.staff().await?.into_iter().find(|one| one.login == login);
    found.ok_or_else(|| anyhow!("{login}: no account has this login"))
}

/// Prints the link by which an account's owner chooses a password.
async fn link(app: &App, account: &StaffRecord, json: bool) -> anyhow::Result<()> {
    let kind = if account.password_hash.is_empty() { LinkKind::Invitation } else { LinkKind::Password };
    let (link, expires_at) = links::make(app, account.id, kind, None).await?;
    let words = format!(
        "{}: give this link to its owner, and open it nowhere. It is good once, until {}.\n{link}",
        account.login,
        expires_at.format("%Y-%m-%d %H:%M UTC")
    );
    tell(
        json,
        json!({ "login": account.login, "role": account.role, "link": link, "until": expires_at }),
        words,
    );
    Ok(())
}
