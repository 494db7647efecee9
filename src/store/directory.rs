//! The rows of the directory, and what `domain` makes of them.

use sqlx::FromRow;
use sqlx::types::Json;

use crate::domain::directory::{Desk, Directory, Prefecture, Queue, Site};
use crate::domain::holidays::Territory;
use crate::domain::ids::{DeskId, PrefectureId, ProcedureId, QueueId, SiteId};
use crate::domain::local_time::Zone;
use crate::domain::rules::Rules;

#[derive(FromRow)]
pub struct PrefectureRow {
    id: PrefectureId,
    slug: String,
    name: String,
    zone: String,
    help: String,
}

#[derive(FromRow)]
pub struct SiteRow {
    id: SiteId,
    prefecture_id: PrefectureId,
    slug: String,
    name: String,
    address: String,
    zone: String,
    /// Where its zone does not tell the public holidays.
    territory: Option<Territory>,
}

#[derive(FromRow)]
pub struct DeskRow {
    id: DeskId,
    site_id: SiteId,
    number: i32,
}

#[derive(FromRow)]
pub struct QueueRow {
    id: QueueId,
    prefecture_id: PrefectureId,
    procedure_id: ProcedureId,
    slug: String,
    name: String,
    procedure_slug: String,
    procedure_name: String,
    rules_version: i32,
    rules: Json<Rules>,
}

/// The zone of a stored name; names are checked when they are imported.
pub fn zone_of(name: &str) -> Zone {
    name.parse().unwrap_or_default()
}

/// Whose public holidays hold: a site says so itself, or its zone tells.
pub fn territory_of(said: Option<Territory>, zone: Zone) -> Territory {
    said.unwrap_or_else(|| zone.into())
}

pub fn directory(
    prefectures: Vec<PrefectureRow>,
    sites: Vec<SiteRow>,
    desks: Vec<DeskRow>,
    queues: Vec<QueueRow>,
) -> Directory {
    Directory {
        prefectures: prefectures.into_iter().map(Prefecture::from).collect(),
        sites: sites.into_iter().map(Site::from).collect(),
        desks: desks.into_iter().map(Desk::from).collect(),
        queues: queues.into_iter().map(Queue::from).collect(),
    }
}

impl From<PrefectureRow> for Prefecture {
    fn from(PrefectureRow { id, slug, name, zone, help }: PrefectureRow) -> Self {
        Self { id, slug, name, zone: zone_of(&zone), help }
    }
}

impl From<SiteRow> for Site {
    fn from(row: SiteRow) -> Self {
        let SiteRow { id, prefecture_id, slug, name, address, zone, territory } = row;
        let zone = zone_of(&zone);
        Self { id, prefecture_id, slug, name, address, zone, territory: territory_of(territory, zone) }
    }
}

impl From<DeskRow> for Desk {
    fn from(DeskRow { id, site_id, number }: DeskRow) -> Self {
        Self { id, site_id, number }
    }
}

impl From<QueueRow> for Queue {
    fn from(row: QueueRow) -> Self {
        Self {
            id: row.id,
            prefecture_id: row.prefecture_id,
            procedure_id: row.procedure_id,
            slug: row.slug,
            name: row.name,
            procedure_slug: row.procedure_slug,
            procedure_name: row.procedure_name,
            rules_version: row.rules_version,
            rules: row.rules.0,
        }
    }
}
