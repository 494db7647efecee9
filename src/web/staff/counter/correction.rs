//! The form of what an agent puts right about a person, and of giving a request to the person whose number it is.

use askama::Template;

use super::register::document_kinds;
use crate::domain::correction::CorrectionKind;
use crate::domain::entry::EntryState;
use crate::domain::ids::{EntryId, StaffId};
use crate::domain::reading::ReadingPurpose;
use crate::flow::people::corrections::{self, Typed};
use crate::flow::read::entries::{self, Entry};
use crate::flow::{App, FlowError};
use crate::web::shared::{Fields, Page, WebError};
use crate::web::staff::kit::own::Own;
use crate::web::staff::kit::parts::{Choice, FormView};

#[derive(Template)]
#[template(path = "staff/counter/correction.html")]
pub struct CorrectionPage {
    page: Page,
    entry: String,
    person: String,
    form: FormView,
    is_takeover: bool,
    /// An appointment is in the old name: the person shows again what they were verified by.
    is_convoked: bool,
    /// The list is closed: what is put right waits.
    waits: bool,
    countries: &'static [&'static str],
    document_kinds: Vec<Choice>,
}

/// The word of an address that names one of the two.
pub fn kind(action: &str) -> Option<CorrectionKind> {
    match action {
        "correction" => Some(CorrectionKind::Correction),
        "reprise" => Some(CorrectionKind::Takeover),
        _ => None,
    }
}

/// The form: as it was typed, or with what is known now. What a document says is never there before it is read.
pub async fn page(
    app: &App,
    own: &Own,
    page: Page,
    entry: &Entry,
    kind: CorrectionKind,
    typed: Option<FormView>,
) -> Result<CorrectionPage, WebError> {
    let shown = entries::known(app, entry.id, own.reader(ReadingPurpose::Entry)).await?.person;
    let is_takeover = kind == CorrectionKind::Takeover;
    let (title, action) =
        if is_takeover { ("staff-act-take-over", "reprise") } else { ("staff-act-correct", "correction") };
    let known = || match shown.identity().filter(|_| !is_takeover) {
        Some((names, birth)) => FormView::filled([
            ("birth_name", names.birth_name().to_owned()),
            ("given_names", names.given_names().to_owned()),
            ("birth_date", birth.french()),
        ]),
        None => FormView::default(),
    };
    Ok(CorrectionPage {
        entry: entry.id.to_string(),
        person: format!("{} – {}", shown.full_name(), entry.reference),
        form: typed.unwrap_or_else(known),
        is_takeover,
        is_convoked: !is_takeover && entry.state == EntryState::Convoked,
        waits: !is_takeover && entries::is_listed(app, entry.id).await?,
        countries: page.lang.country_names(),
        document_kinds: document_kinds(page.lang),
        page: page.titled(title).with_form(format!("/agent/demandes/{}/{action}", entry.id)),
    })
}

/// Does it, or asks another agent to do the same.
pub async fn put_right(
    app: &App,
    entry: EntryId,
    kind: CorrectionKind,
    fields: &Fields,
    by: StaffId,
) -> Result<(), FlowError> {
    let text = |name: &str| fields.first(name).to_owned();
    let typed = Typed {
        birth_name: text("birth_name"),
        given_names: text("given_names"),
        birth_date: text("birth_date"),
        reason: text("reason"),
        foreigner_number: text("foreigner_number"),
        document: fields.document(),
        phone: text("phone"),
        email: text("email"),
    };
    match kind {
        CorrectionKind::Correction => corrections::correct(app, entry, &typed, by).await.map(|_| ()),
        CorrectionKind::Takeover => corrections::take_over(app, entry, &typed, by).await.map(|_| ()),
        CorrectionKind::Merge => Err(FlowError::NotFound("action")),
    }
}
