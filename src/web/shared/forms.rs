//! Reading forms, keeping what was typed, and showing each fault at its field. A form is a list of
//! names and values: a value sent twice, missing or unknown is no reason to fail.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use super::draft;
use super::errors::WebError;
use super::origin::is_ours;
use crate::domain::availability::{ABSENCES_MAX, Absence, Availability};
use crate::domain::ids::SiteId;
use crate::domain::slot::Half;
use crate::flow::helpers::TypedHelper;
use crate::flow::people::document::TypedDocument;
use crate::flow::register::{Registration, availability_faults};
use crate::flow::{App, Fault, FlowError};
use crate::locale::Lang;

/// The fields of a form, as sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// A registration as typed, in the fields that its forms have in common.
    pub fn registration(&self) -> Registration {
        let text = |name: &str| self.first(name).to_owned();
        Registration {
            birth_name: text("birth_name"),
            given_names: text("given_names"),
            birth_date: text("birth_date"),
            foreigner_number: text("foreigner_number"),
            document_country: text("document_country"),
            document_number: text("document_number"),
            phone: text("phone"),
            email: text("email"),
            language: text("language"),
            deadline: text("deadline"),
            deadline_kind: text("deadline_kind"),
            helper: TypedHelper {
                kind: text("helper_kind"),
                name: text("helper_name"),
                is_stated: self.has("helper_mandate"),
                seen: text("helper_seen"),
                has_contact: self.has("helper_contact"),
            },
            seen: None,
            proven: None,
        }
    }

    /// A document before an agent's eyes, as typed.
    pub fn document(&self) -> TypedDocument {
        let text = |name: &str| self.first(name).to_owned();
        TypedDocument {
            zone: text("document_zone"),
            kind: text("document_kind"),
            country: text("document_country"),
            number: text("document_number"),
            number_again: text("document_number_again"),
            expires: text("document_expires"),
        }
    }

    /// The first value of a field, trimmed; empty if it is missing.
    pub fn first(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or("")
    }

    /// PostgreSQL's texts hold no zero byte, and no keyboard writes one.
    pub fn has_zero_byte(&self) -> bool {
        self.0.iter().any(|(_, value)| value.contains('\0'))
    }

    /// The first value of a field as typed: a password may begin or end with a space.
    pub fn verbatim(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Every value of a field, trimmed.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// Every field, as sent.
    pub fn iter(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }

    /// These fields with another value of one.
    #[must_use]
    pub fn with(self, name: &str, value: &str) -> Self {
        let mut fields: Vec<_> = self.0.into_iter().filter(|(known, _)| known != name).collect();
        fields.push((name.to_owned(), value.to_owned()));
        Self(fields)
    }

    /// Whether a field was sent, be it empty.
    pub fn has_field(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Whether a box is ticked.
    pub fn has(&self, name: &str) -> bool {
        !self.first(name).is_empty()
    }
}

/// A form of the public pages, which another site cannot send: what it opens or does is for whoever filled it in.
pub struct Form(pub Fields);

impl FromRequest<Arc<App>> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        if !is_ours(request.headers(), &app.config.http.public_url) {
            return Err(WebError::Expired.into_response());
        }
        if draft::is_mistaken(request.uri(), request.extensions()) {
            return Err(WebError::BadRequest.into_response());
        }
        if !is_urlencoded(request.headers()) {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let body = Bytes::from_request(request, app).await.map_err(IntoResponse::into_response)?;
        serde_html_form::from_bytes(&body)
            .ok()
            .filter(|fields: &Fields| !fields.has_zero_byte())
            .map(Self)
            .ok_or_else(|| WebError::BadRequest.into_response())
    }
}

/// Whether a body says that it is a form as browsers send it, without a file.
pub fn is_urlencoded(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// One fault in words.
#[derive(Clone, Debug)]
pub struct FaultView {
    pub field: &'static str,
    pub text: String,
}

/// The faults of a form, for the summary and for the fields.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<FaultView>);

impl Faults {
    /// In words.
    pub fn of(lang: Lang, faults: &[Fault]) -> Self {
        let view = |fault: &Fault| FaultView { field: fault.field, text: sentence(lang, fault) };
        Self(faults.iter().map(view).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &FaultView> {
        self.0.iter()
    }

    /// What is wrong with a field.
    pub fn at(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|fault| fault.field == field).map(|fault| fault.text.as_str())
    }
}

/// The sentence of a fault.
pub fn sentence(lang: Lang, fault: &Fault) -> String {
    lang.with(&fault.key, [("value", fault.value.clone().into())])
}

/// A box to tick.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub ticked: bool,
}

/// What one can attend, as typed. The fields are `sites`, `weekdays`, `halves`, `not_before`,
/// `absence1_from`, `absence1_to` to `absence3_…`, `notice_days`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AvailabilityForm {
    pub sites: Vec<String>,
    pub weekdays: Vec<String>,
    pub halves: Vec<String>,
    pub not_before: String,
    pub absences: [(String, String); ABSENCES_MAX],
    pub notice_days: String,
}

impl AvailabilityForm {
    /// As sent.
    pub fn typed(fields: &Fields) -> Self {
        let list = |name: &str| fields.all(name).map(str::to_owned).collect();
        Self {
            sites: list("sites"),
            weekdays: list("weekdays"),
            halves: list("halves"),
            not_before: fields.first("not_before").to_owned(),
            absences: std::array::from_fn(|at| {
                let day = |end: &str| fields.first(&format!("absence{}_{end}", at + 1)).to_owned();
                (day("from"), day("to"))
            }),
            notice_days: fields.first("notice_days").to_owned(),
        }
    }

    /// As it stands, for a form that changes it.
    pub fn of(availability: &Availability) -> Self {
        Self {
            sites: availability.sites.iter().map(ToString::to_string).collect(),
            weekdays: availability.weekdays.iter().map(ToString::to_string).collect(),
            halves: availability.halves.iter().map(ToString::to_string).collect(),
            not_before: availability.not_before.map(|day| day.to_string()).unwrap_or_default(),
            absences: std::array::from_fn(|at| match availability.absences.get(at) {
                Some(absence) => (absence.from.to_string(), absence.to.to_string()),
                None => <(String, String)>::default(),
            }),
            notice_days: availability.notice_days.to_string(),
        }
    }

    /// Reads it as far as it can be read, and names the fields that cannot. Whether it makes sense is for
    /// the flow to say.
    pub fn read(&self, today: NaiveDate) -> (Availability, Vec<Fault>) {
        let mut faults = Vec::new();
        let not_before = day(&self.not_before, "not_before", today, &mut faults);
        let absences = (1..).zip(&self.absences);
        let absences = absences.filter_map(|(row, typed)| absence(row, typed, today, &mut faults)).collect();
        let notice_days = match self.notice_days.as_str() {
            "" => 0,
            text => text.parse().unwrap_or_else(|_| {
                faults.push(Fault::new("notice_days", "availability-notice-days"));
                0
            }),
        };
        let mut weekdays: Vec<u8> =
            self.weekdays.iter().filter_map(|text| text.parse().ok()).filter(|day| *day < 7).collect();
        weekdays.sort_unstable();
        weekdays.dedup();
        let mut sites: Vec<SiteId> = self.sites.iter().filter_map(|text| text.parse().ok()).collect();
        sites.sort_unstable();
        sites.dedup();
        let mut halves: Vec<Half> = self.halves.iter().filter_map(|text| text.parse().ok()).collect();
        halves.sort_unstable();
        halves.dedup();
        (Availability { sites, weekdays, halves, not_before, absences, notice_days }, faults)
    }

    /// Reads it whole.
    ///
    /// # Errors
    /// Every field that cannot be read or makes no sense.
    pub fn whole(&self, today: NaiveDate) -> Result<Availability, FlowError> {
        let (availability, mut faults) = self.read(today);
        if faults.is_empty() {
            return Ok(availability);
        }
        let said: Vec<_> = faults.iter().map(|fault| fault.field).collect();
        let more = availability_faults(&availability, today);
        faults.extend(more.into_iter().filter(|fault| !said.contains(&fault.field)));
        Err(FlowError::Invalid(faults))
    }

    pub fn has_site(&self, id: &SiteId) -> bool {
        let id = id.to_string();
        self.sites.contains(&id)
    }

    pub fn has_half(&self, half: &str) -> bool {
        self.halves.iter().any(|known| known == half)
    }
}

fn absence(
    row: u8,
    (from, to): &(String, String),
    today: NaiveDate,
    faults: &mut Vec<Fault>,
) -> Option<Absence> {
    if from.is_empty() != to.is_empty() {
        let end = if from.is_empty() { "availability-absence-first" } else { "availability-absence-last" };
        faults.push(Fault::new("absences", end).with(row.to_string()));
    }
    let from = day(from, "absences", today, faults);
    let to = day(to, "absences", today, faults);
    Some(Absence { from: from?, to: to? })
}

fn day(text: &str, field: &'static str, today: NaiveDate, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
    if text.is_empty() {
        return None;
    }
    let read = read_day(text, today);
    if read.is_none() {
        faults.push(Fault::new(field, "day"));
    }
    read
}

/// A day as browsers send it, or as people write it, within a century of today.
pub fn read_day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    crate::domain::day::read(text, today).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &str) -> Fields {
        serde_html_form::from_str(body).unwrap()
    }

    fn today() -> NaiveDate {
        "2027-01-04".parse().unwrap()
    }

    fn named(body: &str) -> Vec<&'static str> {
        let (_, faults) = AvailabilityForm::typed(&fields(body)).read(today());
        faults.iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn a_field_sent_twice_or_not_at_all_is_no_failure() {
        let fields = fields("a=1&a=2&b=+x+&a=1");
        assert_eq!((fields.first("a"), fields.first("b"), fields.first("c")), ("1", "x", ""));
        assert_eq!(fields.all("a").count(), 3);
    }

    #[test]
    fn what_one_can_attend_reads_back_from_its_form() {
        let body = "sites=00000000-0000-0000-0000-000000000001&weekdays=4&weekdays=0&weekdays=0&weekdays=9\
                    &halves=morning&not_before=2027-01-05&absence2_from=10/02/2027&absence2_to=2027-02-12\
                    &absence3_from=01032027&absence3_to=01032027&notice_days=5";
        let form = AvailabilityForm::typed(&fields(body));
        let read = form.whole(today()).unwrap();
        assert_eq!(read.weekdays, [0, 4]);
        assert_eq!(read.absences.len(), 2);
        assert_eq!(read.absences[1].from, read.absences[1].to);
        assert_eq!(AvailabilityForm::of(&read).whole(today()).unwrap(), read);
    }

    #[test]
    fn days_that_cannot_be_read_are_named() {
        assert_eq!(
            named("not_before=tomorrow&absence1_from=1/2/2027&absence1_to=31/02/2027&notice_days=-1"),
            ["not_before", "absences", "notice_days"]
        );
        assert_eq!(named("not_before=%2B262142-12-31"), ["not_before"]);
        assert_eq!(named("absence1_from=-9999-01-01&absence1_to=-9999-01-02"), ["absences", "absences"]);
    }

    #[test]
    fn an_absence_with_one_end_is_refused_by_its_number_and_hides_nothing() {
        for (body, key) in [
            ("absence2_from=2027-02-01", "error-availability-absence-last"),
            ("absence2_to=2027-02-01", "error-availability-absence-first"),
        ] {
            let (read, faults) = AvailabilityForm::typed(&fields(body)).read(today());
            assert_eq!((faults[0].key.as_str(), faults[0].value.as_str()), (key, "2"));
            assert!(read.absences.is_empty());
        }
        let Err(FlowError::Invalid(all)) = AvailabilityForm::typed(&fields("notice_days=abc")).whole(today())
        else {
            panic!("notice_days=abc was accepted")
        };
        let all: Vec<&str> = all.iter().map(|fault| fault.field).collect();
        assert_eq!(all, ["notice_days", "sites", "weekdays", "halves"]);
    }
}
