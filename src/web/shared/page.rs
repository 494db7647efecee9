//! The frame of a page: its language, its title, who is signed in. Every template has one as `page`.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use super::assets;
use super::cookies::{self, LANG_COOKIE};
use super::draft;
use super::origin::own_address;
use super::session::{self, StaffView};
use crate::config::Environment;
use crate::domain::local_time::Zone;
use crate::domain::text_enum::key_of;
use crate::flow::App;
use crate::locale::Lang;

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Page {
    pub lang: Lang,
    pub title: String,
    pub staff: Option<StaffView>,
    /// Not a production installation: the frame says so.
    pub demo: bool,
    /// The business clock in words, where it is not the one on the wall.
    pub clock: Option<String>,
    /// Where a change of language comes back to.
    pub path: String,
    /// … with what follows its question mark.
    pub query: String,
    /// The action of the form with the id `formulaire`, if the page has one: a change of language sends it,
    /// so that nothing typed is lost.
    pub form: Option<String>,
}

impl Page {
    /// Whether whoever reads it serves people; an auditor only looks.
    pub fn serves(&self) -> bool {
        self.staff.as_ref().is_some_and(StaffView::serves_people)
    }

    /// Whether whoever reads it decides of what binds everybody.
    pub fn manages(&self) -> bool {
        self.staff.as_ref().is_some_and(StaffView::manages_queues)
    }

    /// The sentence behind a key, for templates.
    pub fn t<'a>(&self, key: &'a str) -> &'a str {
        self.lang.sentence(key)
    }

    /// The languages to choose from.
    pub fn languages(&self) -> &'static [Lang] {
        Lang::ALL
    }

    /// The label of a form's field.
    pub fn label(&self, field: &str) -> String {
        self.lang.text(&format!("field-{}", key_of(field)))
    }

    /// What helps to fill a form's field in, if anything is to be said.
    pub fn hint(&self, field: &str) -> Option<String> {
        let key = format!("field-{}-hint", key_of(field));
        self.lang.has(&key).then(|| self.lang.text(&key))
    }

    /// This page with the title behind a key.
    #[must_use]
    pub fn titled(self, key: &str) -> Self {
        let title = self.lang.text(key);
        self.named(title)
    }

    /// This page with a title that is already words.
    #[must_use]
    pub fn named(self, title: impl Into<String>) -> Self {
        Self { title: title.into(), ..self }
    }

    /// This page with a form that a change of language must keep.
    #[must_use]
    pub fn with_form(self, action: impl Into<String>) -> Self {
        Self { form: Some(action.into()), ..self }
    }

    /// The action of that form.
    pub fn form_action(&self) -> &str {
        self.form.as_deref().unwrap_or_default()
    }

    /// The address that shows it again in the language of a code.
    pub fn form_in(&self, code: &str) -> String {
        draft::address_in(self.form_action(), code)
    }

    /// The CSRF token of the session's forms; empty when nobody is signed in.
    pub fn csrf(&self) -> &str {
        self.staff.as_ref().map_or("", |staff| staff.csrf.as_str())
    }

    /// The address of the style sheet, which changes with its content.
    pub fn style(&self) -> &'static str {
        assets::style_address()
    }

    /// This page's address, as a change of language comes back to it.
    pub fn back(&self) -> String {
        let address = format!("{}?{}", self.path, self.query);
        match own_address(&address) {
            Some(whole) if !self.query.is_empty() => {
                whole.replace('?', "%3F").replace('&', "%26").replace('=', "%3D")
            }
            _ => self.path.clone(),
        }
    }

    /// Whether this is the page at `path`; for the current place in a menu.
    pub fn is_at(&self, path: &str) -> bool {
        self.path == path
    }

    /// Whether it stands behind the sign-in.
    pub fn is_for_staff(&self) -> bool {
        self.path.starts_with("/agent") || self.path.starts_with("/gestion")
    }

    /// The frame with whoever is signed in.
    pub async fn signed_in(self, parts: &mut Parts, app: &App) -> Self {
        Self { staff: session::view(parts, app).await, ..self }
    }

    /// The frame without anybody signed in.
    pub fn bare(app: &App, parts: &Parts) -> Self {
        let page = Self::alone(parts);
        let demo = app.config.environment == Environment::Development;
        let clock = demo.then(|| page.lang.instant(app.business.now(), Zone::PARIS));
        Self { demo, clock, ..page }
    }

    /// The frame before there is an app.
    pub fn alone(parts: &Parts) -> Self {
        Self {
            lang: draft::language(&parts.uri).unwrap_or_else(|| lang_of(&parts.headers)),
            title: String::new(),
            staff: None,
            demo: false,
            clock: None,
            path: parts.uri.path().to_owned(),
            query: query_of(parts),
            form: None,
        }
    }
}

/// What stands behind the question mark of a page's address; that of a form has no page of its own.
fn query_of(parts: &Parts) -> String {
    let query = parts.uri.query().filter(|_| parts.method == Method::GET);
    query.unwrap_or_default().to_owned()
}

/// The chosen language, or the one of ours that the browser wants most.
fn lang_of(headers: &HeaderMap) -> Lang {
    if let Some(chosen) = cookies::value(headers, LANG_COOKIE) {
        return Lang::of(chosen);
    }
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    wanted.and_then(Lang::wanted).unwrap_or_default()
}

impl FromRequestParts<Arc<App>> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let page = Self::bare(app, parts);
        // Public pages never look at the session: they are the same for everybody.
        Ok(if page.is_for_staff() { page.signed_in(parts, app).await } else { page })
    }
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    #[derive(Template)]
    #[template(source = r#"{% extends "layout.html" %}"#, ext = "html")]
    struct Frame {
        page: Page,
    }

    fn page(lang: Lang) -> Page {
        let (title, path, query) = (String::new(), "/aide".to_owned(), String::new());
        Page { lang, title, staff: None, demo: false, clock: None, path, query, form: None }
    }

    fn frame(lang: Lang) -> String {
        Frame { page: page(lang) }.render().unwrap()
    }

    #[test]
    fn a_change_of_language_sends_the_form_of_the_page_and_enter_does_not_change_it() {
        let frame = Frame { page: page(Lang::default()).with_form("/formulaire") }.render().unwrap();
        let buttons: Vec<&str> = frame.split("<button").skip(1).collect();
        assert_eq!(buttons.len(), 1 + Lang::ALL.len());
        assert!(buttons.iter().all(|button| button.contains(r#" form="formulaire""#)));
        // The first button of a form is the one that Enter presses.
        assert!(!buttons[0].contains("formaction"));
        for (button, lang) in buttons[1..].iter().zip(Lang::ALL) {
            let address = format!(r#" formaction="/formulaire?brouillon={}" formnovalidate"#, lang.code());
            assert!(button.contains(&address), "{address} in {button}");
        }
        assert!(!frame.contains("/langue/"));
    }

    #[test]
    fn a_page_runs_as_its_language_does() {
        for (lang, direction) in [(Lang::default(), "ltr"), (Lang::Mirrored, "rtl")] {
            let start = format!(r#"<html lang="{}" dir="{direction}">"#, lang.code());
            assert!(frame(lang).contains(&start), "{start}");
        }
    }

    #[test]
    fn a_change_of_language_comes_back_to_the_same_day() {
        let back = |query: &str| Page { query: query.to_owned(), ..page(Lang::default()) }.back();
        assert_eq!(back("jour=2027-01-04&n=1"), "/aide%3Fjour%3D2027-01-04%26n%3D1");
        for other in ["", "ref=%00", "a=<b>"] {
            assert_eq!(back(other), "/aide");
        }
    }

    #[test]
    fn a_page_offers_every_language_in_its_own_name_and_marks_its_own() {
        for lang in Lang::ALL {
            let frame = frame(*lang);
            assert_eq!(frame.matches("hreflang=").count(), Lang::ALL.len());
            for other in Lang::ALL {
                let (code, name) = (other.code(), other.name());
                let mark = if other == lang { r#" aria-current="true""# } else { "" };
                let link = format!(
                    r#"<a href="/langue/{code}?retour=/aide" lang="{code}" hreflang="{code}"{mark}>{name}</a>"#
                );
                assert!(frame.contains(&link), "{link}\n{frame}");
            }
        }
    }
}
