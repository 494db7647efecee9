//! The installation as it is set up: prefectures, their sites, desks and queues. Small, and read whole.

use super::holidays::Territory;
use super::ids::{DeskId, PrefectureId, ProcedureId, QueueId, SiteId};
use super::local_time::Zone;
use super::rules::Rules;

#[derive(Clone, Debug)]
pub struct Prefecture {
    pub id: PrefectureId,
    /// Its part of an address, as `herault`.
    pub slug: String,
    pub name: String,
    pub zone: Zone,
    /// Where people turn to for help: a telephone, opening hours.
    pub help: String,
}

#[derive(Clone, Debug)]
pub struct Site {
    pub id: SiteId,
    pub prefecture_id: PrefectureId,
    pub slug: String,
    pub name: String,
    pub address: String,
    pub zone: Zone,
    /// Whose public holidays hold.
    pub territory: Territory,
}

#[derive(Clone, Debug)]
pub struct Desk {
    pub id: DeskId,
    pub site_id: SiteId,
    pub number: i32,
}

#[derive(Clone, Debug)]
pub struct Queue {
    pub id: QueueId,
    pub prefecture_id: PrefectureId,
    pub procedure_id: ProcedureId,
    pub slug: String,
    pub name: String,
    pub procedure_slug: String,
    pub procedure_name: String,
    /// The version that the next announced draw will follow.
    pub rules_version: i32,
    pub rules: Rules,
}

/// Everything that is configured.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    pub prefectures: Vec<Prefecture>,
    pub sites: Vec<Site>,
    pub desks: Vec<Desk>,
    pub queues: Vec<Queue>,
}

impl Directory {
    pub fn prefecture(&self, id: PrefectureId) -> Option<&Prefecture> {
        self.prefectures.iter().find(|prefecture| prefecture.id == id)
    }

    pub fn prefecture_by_slug(&self, slug: &str) -> Option<&Prefecture> {
        self.prefectures.iter().find(|prefecture| prefecture.slug == slug)
    }

    pub fn queue(&self, id: QueueId) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.id == id)
    }

    pub fn queue_by_slug(&self, prefecture: PrefectureId, slug: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.prefecture_id == prefecture && queue.slug == slug)
    }

    pub fn queues_of(&self, prefecture: PrefectureId) -> impl Iterator<Item = &Queue> {
        self.queues.iter().filter(move |queue| queue.prefecture_id == prefecture)
    }

    pub fn site(&self, id: SiteId) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == id)
    }

    pub fn sites_of(&self, prefecture: PrefectureId) -> impl Iterator<Item = &Site> {
        self.sites.iter().filter(move |site| site.prefecture_id == prefecture)
    }

    pub fn desks_of(&self, site: SiteId) -> impl Iterator<Item = &Desk> {
        self.desks.iter().filter(move |desk| desk.site_id == site)
    }
}
