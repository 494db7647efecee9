//! The small page before a grave act: what it will do, and once more a button.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::parts::{Choice, FormView};
use crate::flow::FlowError;
use crate::web::shared::errors::render_with;
use crate::web::shared::{Fields, Page, WebError, render};

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

/// A proposal that is about to be rejected, whatever it is.
pub struct Rejecting {
    /// What was proposed, in words.
    pub line: String,
    pub address: String,
    /// Where it is listed.
    pub list: String,
}

impl Rejecting {
    /// The page that asks for the reason.
    pub fn ask(self, page: Page) -> Result<Response, WebError> {
        render(self.confirm(page, FormView::default()))
    }

    /// Once it was tried: the list, or the same page with what is wrong.
    pub fn answer(
        self,
        page: Page,
        done: Result<(), FlowError>,
        fields: Fields,
    ) -> Result<Response, WebError> {
        let Err(error) = done else {
            return Ok(Redirect::to(&format!("{}?fait=rejetee", self.list)).into_response());
        };
        let (status, form) = FormView::answering(error, fields, page.lang)?;
        render_with(status, self.confirm(page, form))
    }

    fn confirm(self, page: Page, form: FormView) -> Confirm {
        let action = format!("{}/rejeter", self.address);
        Confirm {
            lines: vec![self.line],
            warning: page.lang.text("manage-reject-warning"),
            button: page.lang.text("manage-reject"),
            page: page.titled("manage-reject-title").with_form(&action),
            form,
            action,
            back: self.list,
            hidden: Vec::new(),
            reason: true,
            reason_hint: "manage-reject-reason-hint",
        }
    }
}
