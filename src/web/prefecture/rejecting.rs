//! The small page that asks for the reason of a rejection, whatever was proposed.

use crate::web::agent::entry_actions::Confirm;
use crate::web::agent::parts::FormView;
use crate::web::shared::Page;

/// `address` is the proposal's, `back` where it was listed.
pub fn reject_page(page: Page, line: String, address: &str, back: &str, form: FormView) -> Confirm {
    let action = format!("{address}/rejeter");
    Confirm {
        lines: vec![line],
        warning: page.lang.text("manage-reject-warning"),
        confirm: page.lang.text("manage-reject"),
        page: page.titled("manage-reject-title").with_form(&action),
        form,
        action,
        back: back.to_owned(),
        hidden: Vec::new(),
        reason: true,
        reason_hint: "manage-reject-reason-hint",
    }
}
