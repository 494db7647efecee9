//! A prefecture from a file (TOML): its sites, desks, queues and first rules. Strict, repeatable, and it removes
//! nothing: people wait in what stands there.

use serde::Deserialize;

use super::ImportError;
use crate::domain::directory::{Directory, Queue, Site};
use crate::domain::holidays::Territory;
use crate::domain::ids::PrefectureId;
use crate::domain::local_time::Zone;
use crate::domain::rules::Rules;
use crate::domain::text::{clean, clean_line};
use crate::flow::{App, fresh, rules};
use crate::store::commands::{ChangedSite, NewQueue, NewSite, PrefectureUpdate};

/// A prefecture, as its file describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrefectureFile {
    pub slug: String,
    pub name: String,
    pub zone: String,
    /// How to be helped without a computer.
    pub help: String,
    pub sites: Vec<SiteFile>,
    pub queues: Vec<QueueFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    pub slug: String,
    pub name: String,
    pub address: String,
    /// The prefecture's, if it is left out.
    pub zone: Option<String>,
    /// Where its zone does not tell the public holidays: Alsace and Moselle.
    pub territory: Option<Territory>,
    pub desks: Vec<u16>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueFile {
    pub slug: String,
    pub name: String,
    /// What is the same procedure at other prefectures has the same slug.
    pub procedure: String,
    pub procedure_name: String,
    pub rules: Rules,
}

/// What an import of a file would do. Nothing is ever removed.
#[derive(Clone, Debug)]
pub struct Plan {
    /// In words, one line each; none if the file says what stands there already.
    pub changes: Vec<String>,
    /// What differs and stays as it is, and why.
    pub kept: Vec<String>,
    pub update: PrefectureUpdate,
}

/// Imports a prefecture: its sites, desks, queues and first rules. Imported again, what is new is added, and names,
/// addresses and help are written anew.
///
/// # Errors
/// [`ImportError::Faults`] lists everything that is wrong with the file.
pub async fn prefecture(app: &App, text: &str) -> Result<PrefectureId, ImportError> {
    let plan = plan(&*app.store.directory().await?, text)?;
    let id = plan.update.id;
    if !plan.changes.is_empty() {
        app.store.import_prefecture(plan.update, app.business.now()).await?;
    }
    Ok(id)
}

/// What importing a file into an installation that is set up like this would do.
///
/// # Errors
/// As [`prefecture`].
pub fn plan(directory: &Directory, text: &str) -> Result<Plan, ImportError> {
    let file: PrefectureFile = toml::from_str(text).map_err(|error| {
        // Not its picture of the line, which may be as long as the file.
        let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
        ImportError::File(format!("line {line}: {}", error.message()))
    })?;
    let mut faults = faults(&file);
    if !faults.is_empty() {
        return Err(ImportError::Faults(faults));
    }
    let file = cleaned(file);
    let comparison = Comparison::of(directory, &file);
    faults.extend(comparison.faults);
    if faults.is_empty() { Ok(comparison.plan) } else { Err(ImportError::Faults(faults)) }
}

fn faults(file: &PrefectureFile) -> Vec<String> {
    let mut faults = Vec::new();
    let mut slug = |at: &str, slug: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_slug = slug.len() <= SLUG_CHARS_MAX
            && slug.split('-').all(|part| !part.is_empty() && part.chars().all(plain));
        if !is_slug {
            let shown: String = slug.chars().take(SLUG_CHARS_MAX).collect();
            faults.push(format!(
                "{at}: “{shown}” must be words of lower-case letters and digits, with single dashes between them, \
                 at most {SLUG_CHARS_MAX} characters"
            ));
        }
    };
    slug("slug", &file.slug);
    file.sites.iter().for_each(|site| slug("sites.slug", &site.slug));
    for queue in &file.queues {
        slug("queues.slug", &queue.slug);
        slug("queues.procedure", &queue.procedure);
    }
    faults.extend(texts(file).filter_map(|(at, text, max)| text_fault(at, text, max)));
    let zone = file.zone.parse::<Zone>().unwrap_or_else(|error| {
        faults.push(error.to_string());
        // The rules are looked at all the same.
        Zone::ALL[0]
    });
    if file.sites.is_empty() || file.queues.is_empty() {
        faults.push("sites, queues: at least one of each".to_owned());
    }
    for (at, site) in file.sites.iter().enumerate() {
        if let Some(Err(error)) = site.zone.as_deref().map(str::parse::<Zone>) {
            faults.push(format!("sites “{}”: {error}", site.slug));
        }
        if site.desks.is_empty() || site.desks.contains(&0) {
            faults.push(format!("sites “{}”: desks: numbers from 1, at least one", site.slug));
        }
        if let Some(desk) = site.desks.iter().enumerate().find(|(at, desk)| site.desks[..*at].contains(desk))
        {
            faults.push(format!("sites “{}”: desks: {} stands twice", site.slug, desk.1));
        }
        if file.sites[..at].iter().any(|other| other.slug == site.slug) {
            faults.push(format!("sites: “{}” stands twice", site.slug));
        }
    }
    for (at, queue) in file.queues.iter().enumerate() {
        if let Err(error) = rules::check(&queue.rules, zone) {
            faults.push(format!("queues “{}”: rules: {error}", queue.slug));
        }
        let twice = |other: &QueueFile| other.slug == queue.slug || other.procedure == queue.procedure;
        if file.queues[..at].iter().any(twice) {
            faults.push(format!("queues: “{}” or its procedure stands twice", queue.slug));
        }
    }
    faults
}

const SLUG_CHARS_MAX: usize = 60;
/// A name fits on a line of a letter, and in an SMS beside a date.
const NAME_CHARS_MAX: usize = 120;
const ADDRESS_CHARS_MAX: usize = 300;
const HELP_CHARS_MAX: usize = 1_000;

/// The texts that pages and letters print, each with its name in the file and the most characters it may have.
fn texts(file: &PrefectureFile) -> impl Iterator<Item = (&'static str, &str, usize)> {
    let sites = file.sites.iter().flat_map(|site| {
        [("sites.name", &*site.name, NAME_CHARS_MAX), ("sites.address", &*site.address, ADDRESS_CHARS_MAX)]
    });
    let queues = file.queues.iter().flat_map(|queue| {
        [
            ("queues.name", &*queue.name, NAME_CHARS_MAX),
            ("queues.procedure_name", &*queue.procedure_name, NAME_CHARS_MAX),
        ]
    });
    let own = [("name", &*file.name, NAME_CHARS_MAX), ("help", &*file.help, HELP_CHARS_MAX)];
    own.into_iter().chain(sites).chain(queues)
}

fn text_fault(at: &str, text: &str, chars_max: usize) -> Option<String> {
    match clean(text) {
        Err(unreadable) => Some(format!("{at}: {unreadable}")),
        Ok(kept) if kept.is_empty() => Some(format!("{at}: it is empty; people read it")),
        Ok(kept) if kept.chars().count() > chars_max => {
            Some(format!("{at}: it is longer than {chars_max} characters"))
        }
        Ok(_) => None,
    }
}

/// The texts without invisible marks; names and addresses on one line. What is faulty was refused.
fn cleaned(file: PrefectureFile) -> PrefectureFile {
    let line = |text: String| clean_line(&text).unwrap_or(text);
    let site = |site: SiteFile| SiteFile { name: line(site.name), address: line(site.address), ..site };
    let queue = |queue: QueueFile| QueueFile {
        name: line(queue.name),
        procedure_name: line(queue.procedure_name),
        ..queue
    };
    PrefectureFile {
        name: line(file.name),
        help: clean(&file.help).unwrap_or(file.help),
        sites: file.sites.into_iter().map(site).collect(),
        queues: file.queues.into_iter().map(queue).collect(),
        ..file
    }
}

/// A file beside what stands there.
struct Comparison {
    plan: Plan,
    faults: Vec<String>,
}

impl Comparison {
    fn of(directory: &Directory, file: &PrefectureFile) -> Self {
        let stands = directory.prefecture_by_slug(&file.slug);
        let update = PrefectureUpdate {
            id: stands.map_or_else(fresh, |stands| stands.id),
            is_new: stands.is_none(),
            slug: file.slug.clone(),
            name: file.name.clone(),
            zone: file.zone.clone(),
            help: file.help.clone(),
            sites: Vec::new(),
            changed_sites: Vec::new(),
            desks: Vec::new(),
            queues: Vec::new(),
            renamed_queues: Vec::new(),
        };
        let plan = Plan { changes: Vec::new(), kept: Vec::new(), update };
        let mut comparison = Self { plan, faults: Vec::new() };
        match stands {
            None => comparison.change(format!("prefecture “{}”: new", file.slug)),
            Some(stands) => {
                comparison.text("name", &stands.name, &file.name);
                comparison.text("help", &stands.help, &file.help);
                comparison.zone("zone", stands.zone, &file.zone);
            }
        }
        for site in &file.sites {
            let stands =
                stands.and_then(|stands| directory.sites_of(stands.id).find(|it| it.slug == site.slug));
            comparison.site(directory, stands, site, &file.zone);
        }
        for queue in &file.queues {
            let stands = stands.and_then(|stands| directory.queue_by_slug(stands.id, &queue.slug));
            comparison.queue(directory, file, stands, queue);
        }
        if let Some(stands) = stands {
            let sites = directory.sites_of(stands.id).map(|site| ("sites", &site.slug));
            let queues = directory.queues_of(stands.id).map(|queue| ("queues", &queue.slug));
            let is_named = |(kind, slug): &(&str, &String)| match *kind {
                "sites" => file.sites.iter().any(|site| site.slug == **slug),
                _ => file.queues.iter().any(|queue| queue.slug == **slug),
            };
            for (kind, slug) in sites.chain(queues).filter(|one| !is_named(one)) {
                comparison.keep(format!("{kind} “{slug}”: not in the file; it stays"));
            }
        }
        comparison
    }

    fn change(&mut self, line: String) {
        self.plan.changes.push(line);
    }

    fn keep(&mut self, line: String) {
        self.plan.kept.push(line);
    }

    /// Whether a text is written anew.
    fn text(&mut self, at: &str, stands: &str, file: &str) -> bool {
        if stands != file {
            self.change(format!("{at}: “{stands}” becomes “{file}”"));
        }
        stands != file
    }

    fn zone(&mut self, at: &str, stands: Zone, file: &str) {
        if stands.name() != file {
            self.faults.push(format!(
                "{at}: it is {} and cannot become {file}: appointments are counted by it",
                stands.name()
            ));
        }
    }

    fn site(&mut self, directory: &Directory, stands: Option<&Site>, site: &SiteFile, zone: &str) {
        let at = format!("sites “{}”", site.slug);
        let zone = site.zone.as_deref().unwrap_or(zone);
        let Some(stands) = stands else {
            let desks: Vec<String> = site.desks.iter().map(u16::to_string).collect();
            self.change(format!("{at}: new, with desks {}", desks.join(", ")));
            self.plan.update.sites.push(NewSite {
                id: fresh(),
                slug: site.slug.clone(),
                name: site.name.clone(),
                address: site.address.clone(),
                zone: zone.to_owned(),
                territory: site.territory,
                desks: site.desks.iter().map(|number| (fresh(), (*number).into())).collect(),
            });
            return;
        };
        self.zone(&format!("{at}: zone"), stands.zone, zone);
        let territory = site.territory.unwrap_or_else(|| stands.zone.into());
        let mut differs = self.text(&format!("{at}: name"), &stands.name, &site.name);
        differs |= self.text(&format!("{at}: address"), &stands.address, &site.address);
        if stands.territory != territory {
            self.change(format!("{at}: territory: {} becomes {territory}", stands.territory));
            differs = true;
        }
        if differs {
            self.plan.update.changed_sites.push(ChangedSite {
                id: stands.id,
                name: site.name.clone(),
                address: site.address.clone(),
                territory: site.territory,
            });
        }
        let desks: Vec<i32> = directory.desks_of(stands.id).map(|desk| desk.number).collect();
        for number in site.desks.iter().map(|number| i32::from(*number)) {
            if !desks.contains(&number) {
                self.change(format!("{at}: desks: {number} is new"));
                self.plan.update.desks.push((stands.id, fresh(), number));
            }
        }
        for number in
            desks.into_iter().filter(|number| !site.desks.iter().any(|it| i32::from(*it) == *number))
        {
            self.keep(format!("{at}: desks: {number}: not in the file; it stays"));
        }
    }

    fn queue(
        &mut self,
        directory: &Directory,
        file: &PrefectureFile,
        stands: Option<&Queue>,
        queue: &QueueFile,
    ) {
        let at = format!("queues “{}”", queue.slug);
        let procedure = directory.queues.iter().find(|known| known.procedure_slug == queue.procedure);
        if let Some(known) = procedure.filter(|known| known.procedure_name != queue.procedure_name) {
            self.keep(format!(
                "{at}: procedure_name: it is “{}” at every prefecture; it stays",
                known.procedure_name
            ));
        }
        let Some(stands) = stands else {
            let taken = directory.prefecture_by_slug(&file.slug).and_then(|own| {
                directory.queues_of(own.id).find(|other| other.procedure_slug == queue.procedure)
            });
            if let Some(other) = taken {
                self.faults.push(format!(
                    "{at}: procedure: “{}” has the queue “{}” here, and a queue keeps its slug",
                    queue.procedure, other.slug
                ));
                return;
            }
            self.change(format!("{at}: new"));
            self.plan.update.queues.push(NewQueue {
                id: fresh(),
                procedure_id: fresh(),
                procedure_slug: queue.procedure.clone(),
                procedure_name: queue.procedure_name.clone(),
                slug: queue.slug.clone(),
                name: queue.name.clone(),
                rules: queue.rules.clone(),
            });
            return;
        };
        if stands.procedure_slug != queue.procedure {
            self.faults.push(format!(
                "{at}: procedure: it is “{}” and cannot become “{}”: people wait for it",
                stands.procedure_slug, queue.procedure
            ));
        }
        if self.text(&format!("{at}: name"), &stands.name, &queue.name) {
            self.plan.update.renamed_queues.push((stands.id, queue.name.clone()));
        }
        if stands.rules != queue.rules {
            self.keep(format!(
                "{at}: rules: others are in force; two managers change them on their page; they stay"
            ));
        }
    }
}
