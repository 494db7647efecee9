//! The installation as it is set up: prefectures, their sites, desks and queues. Small, and kept in memory.

use sqlx::FromRow;
use sqlx::types::Json;

use crate::domain::holidays::Territory;
use crate::domain::ids::{DeskId, PrefectureId, ProcedureId, QueueId, SiteId};
use crate::domain::local_time::Zone;
use crate::domain::rules::Rules;

#[derive(Clone, Debug, FromRow)]
pub struct PrefectureRecord {
    pub id: PrefectureId,
    pub slug: String,
    pub name: String,
    pub zone: String,
    pub help: String,
}

#[derive(Clone, Debug, FromRow)]
pub struct SiteRecord {
    pub id: SiteId,
    pub prefecture_id: PrefectureId,
    pub slug: String,
    pub name: String,
    pub address: String,
    pub zone: String,
    /// Where its zone does not tell the public holidays.
    pub territory: Option<Territory>,
}

#[derive(Clone, Debug, FromRow)]
pub struct DeskRecord {
    pub id: DeskId,
    pub site_id: SiteId,
    pub number: i32,
}

#[derive(Clone, Debug, FromRow)]
pub struct QueueRecord {
    pub id: QueueId,
    pub prefecture_id: PrefectureId,
    pub procedure_id: ProcedureId,
    pub slug: String,
    pub name: String,
    pub procedure_slug: String,
    pub procedure_name: String,
    /// The version that the next announced draw will follow.
    pub rules_version: i32,
    pub rules: Json<Rules>,
}

/// Everything that is configured.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    pub prefectures: Vec<PrefectureRecord>,
    pub sites: Vec<SiteRecord>,
    pub desks: Vec<DeskRecord>,
    pub queues: Vec<QueueRecord>,
}

/// The zone of a stored name; names are checked when they are imported.
pub fn zone_of(name: &str) -> Zone {
    name.parse().unwrap_or_default()
}

/// Whose public holidays hold: a site says so itself, or its zone tells.
pub fn territory_of(said: Option<Territory>, zone: Zone) -> Territory {
    said.unwrap_or_else(|| zone.into())
}

impl PrefectureRecord {
    pub fn zone(&self) -> Zone {
        zone_of(&self.zone)
    }
}

impl SiteRecord {
    pub fn zone(&self) -> Zone {
        zone_of(&self.zone)
    }

    pub fn territory(&self) -> Territory {
        territory_of(self.territory, self.zone())
    }
}

impl Directory {
    pub fn prefecture(&self, id: PrefectureId) -> Option<&PrefectureRecord> {
        self.prefectures.iter().find(|prefecture| prefecture.id == id)
    }

    pub fn prefecture_by_slug(&self, slug: &str) -> Option<&PrefectureRecord> {
        self.prefectures.iter().find(|prefecture| prefecture.slug == slug)
    }

    pub fn queue(&self, id: QueueId) -> Option<&QueueRecord> {
        self.queues.iter().find(|queue| queue.id == id)
    }

    pub fn queue_by_slug(&self, prefecture: PrefectureId, slug: &str) -> Option<&QueueRecord> {
        self.queues.iter().find(|queue| queue.prefecture_id == prefecture && queue.slug == slug)
    }

    pub fn queues_of(&self, prefecture: PrefectureId) -> impl Iterator<Item = &QueueRecord> {
        self.queues.iter().filter(move |queue| queue.prefecture_id == prefecture)
    }

    pub fn site(&self, id: SiteId) -> Option<&SiteRecord> {
        self.sites.iter().find(|site| site.id == id)
    }

    pub fn sites_of(&self, prefecture: PrefectureId) -> impl Iterator<Item = &SiteRecord> {
        self.sites.iter().filter(move |site| site.prefecture_id == prefecture)
    }

    pub fn desks_of(&self, site: SiteId) -> impl Iterator<Item = &DeskRecord> {
        self.desks.iter().filter(move |desk| desk.site_id == site)
    }
}
