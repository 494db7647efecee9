//! The small page before a grave act: what it will do, and once more a button.

use askama::Template;

use super::parts::{Choice, FormView};
use crate::web::shared::Page;

#[derive(Template)]
#[template(path = "staff/kit/confirm.html")]
pub struct Confirm {
    pub page: Page,
    pub form: FormView,
    pub lines: Vec<String>,
    pub warning: String,
    pub button: String,
    pub action: String,
    pub back: String,
    pub hidden: Vec<Choice>,
    pub reason: bool,
    pub reason_hint: &'static str,
}

/// The one that asks for the reason of a rejection, whatever was proposed.
/// `address` is the proposal's, `back` where it was listed.
pub fn reject_page(page: Page, line: String, address: &str, back: &str, form: FormView) -> Confirm {
    let action = format!("{address}/rejeter");
    Confirm {
        lines: vec![line],
        warning: page.lang.text("manage-reject-warning"),
        button: page.lang.text("manage-reject"),
        page: page.titled("manage-reject-title").with_form(&action),
        form,
        action,
        back: back.to_owned(),
        hidden: Vec::new(),
        reason: true,
        reason_hint: "manage-reject-reason-hint",
    }
}
