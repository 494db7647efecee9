//! What belongs to the session's prefecture. Whatever an address names is looked up here, and what
//! belongs to another prefecture is as absent as what does not exist.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::domain::ids::{PrefectureId, QueueId, SiteId};
use crate::domain::local_time::Zone;
use crate::flow::App;
use crate::store::records::{
    CounterRecord, Directory, DrawRecord, EntryRecord, NoticeRecord, PenaltyRecord, PrefectureRecord,
    PrivilegeRecord, QueueRecord, SessionRecord, SiteRecord, SlotRecord,
};
use crate::web::shared::WebError;
use crate::web::shared::forms::read_day;

/// A prefecture as its own staff sees it.
pub struct Own {
    pub directory: Arc<Directory>,
    pub prefecture: PrefectureRecord,
    pub zone: Zone,
    pub now: DateTime<Utc>,
}

fn id<T: FromStr>(text: &str) -> Result<T, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

impl Own {
    /// The prefecture of whoever is signed in.
    pub async fn load(app: &App, session: &SessionRecord) -> Result<Self, WebError> {
        let directory = app.store.directory().await?;
        let prefecture = directory.prefecture(session.prefecture_id).ok_or(WebError::NotFound)?.clone();
        Ok(Self { zone: prefecture.zone(), directory, prefecture, now: app.business.now() })
    }

    pub fn id(&self) -> PrefectureId {
        self.prefecture.id
    }

    pub fn today(&self) -> NaiveDate {
        self.zone.local_date(self.now)
    }

    /// The instants between which a local day lies.
    pub fn day(&self, day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
        (self.midnight(day), self.midnight(day + Days::new(1)))
    }

    fn midnight(&self, day: NaiveDate) -> DateTime<Utc> {
        let local = NaiveDateTime::new(day, NaiveTime::MIN);
        // Clocks that jump over midnight begin the day an hour later.
        self.zone
            .to_utc(local)
            .or_else(|_| self.zone.to_utc(local + chrono::TimeDelta::hours(1)))
            .unwrap_or_default()
    }

    pub fn queues(&self) -> impl Iterator<Item = &QueueRecord> {
        self.directory.queues_of(self.id())
    }

    pub fn sites(&self) -> impl Iterator<Item = &SiteRecord> {
        self.directory.sites_of(self.id())
    }

    pub fn queue(&self, slug: &str) -> Result<&QueueRecord, WebError> {
        self.directory.queue_by_slug(self.id(), slug).ok_or(WebError::NotFound)
    }

    pub fn queue_by_id(&self, queue: QueueId) -> Result<&QueueRecord, WebError> {
        self.directory.queue(queue).filter(|queue| queue.prefecture_id == self.id()).ok_or(WebError::NotFound)
    }

    /// A queue that a form names.
    pub fn queue_named(&self, text: &str) -> Option<&QueueRecord> {
        text.parse().ok().and_then(|queue| self.queue_by_id(queue).ok())
    }

    pub fn site(&self, text: &str) -> Result<&SiteRecord, WebError> {
        let site: SiteId = id(text)?;
        self.directory.site(site).filter(|site| site.prefecture_id == self.id()).ok_or(WebError::NotFound)
    }

    pub fn queue_name(&self, queue: QueueId) -> String {
        self.directory.queue(queue).map(|queue| queue.name.clone()).unwrap_or_default()
    }

    pub fn site_name(&self, site: SiteId) -> String {
        self.directory.site(site).map(|site| site.name.clone()).unwrap_or_default()
    }

    /// The clock of a site.
    pub fn zone_of(&self, site: SiteId) -> Zone {
        self.directory.site(site).map_or(self.zone, SiteRecord::zone)
    }

    pub async fn entry(&self, app: &App, text: &str) -> Result<EntryRecord, WebError> {
        let entry = app.store.entry(id(text)?).await?.ok_or(WebError::NotFound)?;
        self.queue_by_id(entry.queue_id)?;
        Ok(entry)
    }

    pub async fn convocation(&self, app: &App, text: &str) -> Result<CounterRecord, WebError> {
        let convocation = app.store.convocation(id(text)?).await?.ok_or(WebError::NotFound)?;
        self.queue_by_id(convocation.queue_id)?;
        Ok(convocation)
    }

    pub async fn notice(&self, app: &App, text: &str) -> Result<NoticeRecord, WebError> {
        let notice = app.store.notice(id(text)?).await?.ok_or(WebError::NotFound)?;
        self.entry(app, &notice.entry_id.to_string()).await?;
        Ok(notice)
    }

    /// A penalty, by its appointment.
    pub async fn penalty(&self, app: &App, text: &str) -> Result<PenaltyRecord, WebError> {
        let penalty = app.store.penalty(id(text)?).await?.ok_or(WebError::NotFound)?;
        self.entry(app, &penalty.entry_id.to_string()).await?;
        Ok(penalty)
    }

    pub async fn privilege(&self, app: &App, text: &str) -> Result<PrivilegeRecord, WebError> {
        let privilege = app.store.privilege(id(text)?).await?.ok_or(WebError::NotFound)?;
        self.entry(app, &privilege.entry_id.to_string()).await?;
        Ok(privilege)
    }

    pub async fn draw(&self, app: &App, text: &str) -> Result<DrawRecord, WebError> {
        let draw = app.store.draw(id(text)?).await?.ok_or(WebError::NotFound)?;
        self.queue_by_id(draw.queue_id)?;
        Ok(draw)
    }

    /// A slot, on the day that the address names with it.
    pub async fn slot(&self, app: &App, text: &str, day: &str) -> Result<SlotRecord, WebError> {
        let slot = id(text)?;
        let day = read_day(day, self.today()).ok_or(WebError::NotFound)?;
        let (from, to) = self.day(day);
        let slots = app.store.slots_between(self.id(), from, to).await?;
        slots.into_iter().find(|known| known.id == slot).ok_or(WebError::NotFound)
    }
}
