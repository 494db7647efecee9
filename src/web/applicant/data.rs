//! What is kept about a person, and who has read it: their own page.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::holder::{self, Holder};
use crate::domain::directory::Directory;
use crate::domain::local_time::Zone;
use crate::flow::read::readings::{self, Reading};
use crate::flow::{App, read};
use crate::locale::Lang;
use crate::web::shared::{Page, WebError, render};

#[derive(Template)]
#[template(path = "applicant/data.html")]
struct DataPage {
    page: Page,
    readings: Vec<String>,
}

pub async fn page(State(app): State<Arc<App>>, page: Page, holder: Holder) -> Result<Response, WebError> {
    let lang = page.lang;
    let directory = read::directory(&app).await?;
    let entry = read::entries::one(&app, holder.entry).await?;
    let prefecture = directory.queue(entry.queue_id).map(|queue| queue.prefecture_id);
    let zone = prefecture.and_then(|id| directory.prefecture(id)).map_or(Zone::PARIS, |one| one.zone);
    let readings = readings::of_person(&app, holder.entry).await?;
    let readings = readings.iter().map(|reading| said(lang, &directory, zone, reading)).collect();
    let shown = render(DataPage { page: page.titled("data-title"), readings })?;
    Ok(holder::renewed(&app, holder.entry, shown))
}

/// When, which role, where, and what for: no name.
fn said(lang: Lang, directory: &Directory, zone: Zone, reading: &Reading) -> String {
    let site = reading.site.and_then(|site| directory.site(site)).map(|site| site.name.clone());
    let place = site.or_else(|| directory.prefecture(reading.prefecture).map(|one| one.name.clone()));
    lang.with(
        "data-reading",
        [
            ("at", lang.instant(reading.last_at, zone).into()),
            ("role", lang.text(&format!("data-role-{}", reading.role.key())).into()),
            ("place", place.unwrap_or_default().into()),
            ("purpose", lang.text(&format!("data-purpose-{}", reading.purpose.key())).into()),
            ("n", reading.times.into()),
        ],
    )
}
