//! The frame of a page: its language, its title, who is signed in. Every template has one as `page`.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use super::assets;
use super::cookies;
use super::session::{self, StaffView};
use crate::config::Environment;
use crate::domain::local_time::Zone;
use crate::domain::text_enum::key_of;
use crate::flow::App;
use crate::locale::Lang;

/// The cookie that remembers a chosen language.
pub const LANG_COOKIE: &str = "langue";

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
}

impl Page {
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

    /// The CSRF token of the session's forms; empty when nobody is signed in.
    pub fn csrf(&self) -> &str {
        self.staff.as_ref().map_or("", |staff| staff.csrf.as_str())
    }

    /// The address of the style sheet, which changes with its content.
    pub fn style(&self) -> &'static str {
        assets::style_address()
    }

    /// Whether this is the page at `path`; for the current place in a menu.
    pub fn is_at(&self, path: &str) -> bool {
        self.path == path
    }

    /// The frame without anybody signed in.
    pub fn bare(app: &App, parts: &Parts) -> Self {
        let demo = app.config.environment == Environment::Development;
        let lang = lang_of(&parts.headers);
        Self {
            lang,
            title: String::new(),
            staff: None,
            demo,
            clock: demo.then(|| lang.instant(app.business.now(), Zone::PARIS)),
            path: parts.uri.path().to_owned(),
        }
    }
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
        let for_staff = page.path.starts_with("/agent") || page.path.starts_with("/gestion");
        let staff = if for_staff { session::view(parts, app).await } else { None };
        Ok(Self { staff, ..page })
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

    fn frame(lang: Lang) -> String {
        let (title, path) = (String::new(), "/aide".to_owned());
        Frame { page: Page { lang, title, staff: None, demo: false, clock: None, path } }.render().unwrap()
    }

    #[test]
    fn a_page_runs_as_its_language_does() {
        for (lang, direction) in [(Lang::default(), "ltr"), (Lang::Mirrored, "rtl")] {
            let start = format!(r#"<html lang="{}" dir="{direction}">"#, lang.code());
            assert!(frame(lang).contains(&start), "{start}");
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
