//! What belongs to the session's prefecture. Whatever an address names is looked up here, and what
//! belongs to another prefecture is as absent as what does not exist.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::domain::directory::{Directory, Prefecture, Queue, Site};
use crate::domain::ids::{PrefectureId, QueueId, SiteId};
use crate::domain::local_time::Zone;
use crate::domain::permission::Act;
use crate::domain::reading::ReadingPurpose;
use crate::flow::penalties::{self, Penalty};
use crate::flow::people::{Reader, StaffReader};
use crate::flow::read::compensations::Compensation;
use crate::flow::read::convocations::Convocation;
use crate::flow::read::draws::Draw;
use crate::flow::read::entries::Entry;
use crate::flow::read::notices::Notice;
use crate::flow::read::priorities::Priority;
use crate::flow::read::relocations::Relocation;
use crate::flow::read::slots::Slot;
use crate::flow::reviews::{self, Review};
use crate::flow::staff::Session;
use crate::flow::{App, Fault, read};
use crate::web::shared::WebError;
use crate::web::shared::forms::read_day;

/// A prefecture as its own staff sees it.
pub struct Own {
    pub directory: Arc<Directory>,
    pub prefecture: Prefecture,
    pub zone: Zone,
    pub now: DateTime<Utc>,
    session: Session,
}

fn id<T: FromStr>(text: &str) -> Result<T, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

impl Own {
    /// The prefecture of whoever is signed in.
    pub async fn load(app: &App, session: &Session) -> Result<Self, WebError> {
        let directory = read::directory(app).await?;
        let prefecture = directory.prefecture(session.prefecture_id).ok_or(WebError::NotFound)?.clone();
        Ok(Self {
            zone: prefecture.zone,
            directory,
            prefecture,
            now: app.business.now(),
            session: session.clone(),
        })
    }

    pub fn id(&self) -> PrefectureId {
        self.prefecture.id
    }

    /// Whether whoever is signed in may do this.
    pub const fn may(&self, act: Act) -> bool {
        self.session.role.may(act)
    }

    /// Whoever is signed in, as the person whose data they open is told of them.
    pub const fn staff_reader(&self) -> StaffReader {
        self.session.staff_reader()
    }

    /// … and what for.
    pub const fn reader(&self, purpose: ReadingPurpose) -> Reader {
        self.session.reader(purpose)
    }

    pub fn today(&self) -> NaiveDate {
        self.zone.local_date(self.now)
    }

    /// The day that an address asks for; today if it names none.
    ///
    /// # Errors
    /// The field, if it is no day.
    pub fn day_asked(&self, field: &'static str, text: &str) -> Result<NaiveDate, WebError> {
        match text {
            "" => Ok(self.today()),
            text => {
                read_day(text, self.today()).ok_or_else(|| WebError::Invalid(vec![Fault::new(field, "day")]))
            }
        }
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

    pub fn queues(&self) -> impl Iterator<Item = &Queue> {
        self.directory.queues_of(self.id())
    }

    pub fn sites(&self) -> impl Iterator<Item = &Site> {
        self.directory.sites_of(self.id())
    }

    pub fn queue(&self, slug: &str) -> Result<&Queue, WebError> {
        self.directory.queue_by_slug(self.id(), slug).ok_or(WebError::NotFound)
    }

    pub fn queue_by_id(&self, queue: QueueId) -> Result<&Queue, WebError> {
        self.directory.queue(queue).filter(|queue| queue.prefecture_id == self.id()).ok_or(WebError::NotFound)
    }

    /// A queue that a form names.
    pub fn queue_named(&self, text: &str) -> Option<&Queue> {
        text.parse().ok().and_then(|queue| self.queue_by_id(queue).ok())
    }

    pub fn site(&self, text: &str) -> Result<&Site, WebError> {
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
        self.directory.site(site).map_or(self.zone, |site| site.zone)
    }

    pub async fn entry(&self, app: &App, text: &str) -> Result<Entry, WebError> {
        let entry = read::entries::one(app, id(text)?).await?;
        self.queue_by_id(entry.queue_id)?;
        Ok(entry)
    }

    pub async fn convocation(&self, app: &App, text: &str) -> Result<Convocation, WebError> {
        let convocation = read::convocations::one(app, id(text)?).await?;
        self.queue_by_id(convocation.queue_id)?;
        Ok(convocation)
    }

    pub async fn notice(&self, app: &App, text: &str) -> Result<Notice, WebError> {
        let notice = read::notices::one(app, id(text)?).await?;
        self.entry(app, &notice.entry_id.to_string()).await?;
        Ok(notice)
    }

    /// A penalty, by its appointment.
    pub async fn penalty(&self, app: &App, text: &str) -> Result<Penalty, WebError> {
        let penalty = penalties::one(app, id(text)?).await?;
        self.entry(app, &penalty.entry_id.to_string()).await?;
        Ok(penalty)
    }

    pub async fn review(&self, app: &App, text: &str) -> Result<Review, WebError> {
        let review = reviews::one(app, id(text)?).await?;
        self.entry(app, &review.entry.to_string()).await?;
        Ok(review)
    }

    pub async fn priority(&self, app: &App, text: &str) -> Result<Priority, WebError> {
        let priority = read::priorities::one(app, id(text)?, self.reader(ReadingPurpose::Decision)).await?;
        self.queue_by_id(priority.queue)?;
        Ok(priority)
    }

    pub async fn compensation(&self, app: &App, text: &str) -> Result<Compensation, WebError> {
        self.compensation_of(app, text, 0..0).await
    }

    /// With some of its people named.
    pub async fn compensation_of(
        &self,
        app: &App,
        text: &str,
        named: std::ops::Range<usize>,
    ) -> Result<Compensation, WebError> {
        let compensation =
            read::compensations::one(app, id(text)?, named, self.reader(ReadingPurpose::Decision)).await?;
        self.site(&compensation.site.to_string())?;
        Ok(compensation)
    }

    pub async fn relocation(&self, app: &App, text: &str) -> Result<Relocation, WebError> {
        let relocation =
            read::relocations::one(app, id(text)?, self.reader(ReadingPurpose::Decision)).await?;
        self.queue_by_id(relocation.from)?;
        Ok(relocation)
    }

    pub async fn draw(&self, app: &App, text: &str) -> Result<Draw, WebError> {
        let draw = read::draws::one(app, id(text)?).await?;
        self.queue_by_id(draw.queue_id)?;
        Ok(draw)
    }

    /// A slot, on the day that the address names with it.
    pub async fn slot(&self, app: &App, text: &str, day: &str) -> Result<Slot, WebError> {
        let slot = id(text)?;
        let day = read_day(day, self.today()).ok_or(WebError::NotFound)?;
        let (from, to) = self.day(day);
        let slots = read::slots::between(app, self.id(), from, to).await?;
        slots.into_iter().find(|known| known.id == slot).ok_or(WebError::NotFound)
    }
}
