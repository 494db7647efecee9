//! The day at a glance: what waits to be done, and one card a queue.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::own::Own;
use crate::domain::actor::Role;
use crate::domain::entry::ConvocationState;
use crate::flow::App;
use crate::flow::status::next_draws;
use crate::locale::Lang;
use crate::store::records::{DrawRecord, DrawState, SessionRecord};
use crate::web::shared::{Page, Staff, WebError, render};

/// Beyond this many letters, the number only says that there are many.
const LETTERS_MAX: i64 = 500;
/// Draws looked through for an annulment that waits.
const DRAWS_MAX: i64 = 20;
/// The open ones come first, and a queue has one.
const PUBLICATIONS_MAX: i64 = 100;

#[derive(Template)]
#[template(path = "agent/overview.html")]
struct Overview {
    page: Page,
    today: String,
    todo: Vec<Task>,
    queues: Vec<QueueCard>,
}

struct Task {
    href: String,
    count: usize,
    text: String,
}

struct QueueCard {
    slug: String,
    name: String,
    waiting: i64,
    awaiting: i64,
    free_slots: i64,
    next: String,
    /// Whether the rules are for these eyes.
    rules: bool,
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let lang = page.lang;
    let queues = cards(&app, &own, lang, session.role == Role::Manager).await?;
    let awaiting = queues.iter().map(|queue| usize::try_from(queue.awaiting).unwrap_or(0)).sum();
    let (from, to) = own.day(own.today());
    let today = app.store.counter(own.id(), from, to).await?;
    let today = today.iter().filter(|row| row.state == ConvocationState::Live).count();
    let (late, first) = app.store.unticked(own.id(), from).await?;
    let first = format!("/agent/comptoir?jour={}", own.zone.local_date(first.unwrap_or(own.now)));
    let letters = app.store.letters_due(own.id(), own.now, 0, LETTERS_MAX).await?.len();
    let mut todo = vec![
        task(lang, "/agent/comptoir", today, "staff-todo-counter"),
        task(lang, first, usize::try_from(late).unwrap_or(0), "staff-todo-late"),
        task(lang, "/agent/identites", awaiting, "staff-todo-identities"),
        task(lang, "/agent/courriers", letters, "staff-todo-letters"),
    ];
    if session.role == Role::Manager {
        todo.extend(manager_tasks(&app, &own, lang, &session).await?);
    }
    todo.retain(|task| task.count > 0);
    let title = lang.with("staff-overview-title", [("prefecture", own.prefecture.name.clone().into())]);
    render(Overview { today: lang.date(own.today()), page: page.named(title), todo, queues })
}

fn task(lang: Lang, href: impl Into<String>, count: usize, key: &str) -> Task {
    Task { href: href.into(), count, text: lang.with(key, [("n", count.into())]) }
}

async fn cards(app: &App, own: &Own, lang: Lang, rules: bool) -> Result<Vec<QueueCard>, WebError> {
    let mut cards = Vec::new();
    for queue in own.queues() {
        let figures = app.store.figures(queue.id, own.now).await?;
        let draw = app.store.draws_of(queue.id, 1).await?.into_iter().next();
        let next = next_draws(app, queue, own.zone, own.now, draw.as_ref()).into_iter().next();
        let next = match next {
            Some(at) => lang.with("staff-next-draw", [("at", lang.instant(at, own.zone).into())]),
            None => lang.text("staff-next-draw-none"),
        };
        cards.push(QueueCard {
            slug: queue.slug.clone(),
            name: queue.name.clone(),
            waiting: figures.waiting,
            awaiting: figures.awaiting_identity,
            free_slots: figures.free_slots,
            next,
            rules,
        });
    }
    Ok(cards)
}

/// What waits for a second person.
async fn manager_tasks(
    app: &App,
    own: &Own,
    lang: Lang,
    session: &SessionRecord,
) -> Result<Vec<Task>, WebError> {
    let mut tasks = Vec::new();
    let mut annulments = 0;
    for queue in own.queues() {
        let rules = app.store.rules_of(queue.id).await?;
        let open = rules.iter().map(|rules| rules.columns.proposal());
        let open = open.filter(|proposal| proposal.approve(session.staff_id).is_ok()).count();
        let name = queue.name.clone().into();
        let text = lang.with("staff-todo-rules", [("queue", name), ("n", open.into())]);
        tasks.push(Task { href: format!("/gestion/regles/{}", queue.slug), count: open, text });
        let draws = app.store.draws_of(queue.id, DRAWS_MAX).await?;
        annulments += draws
            .iter()
            .filter(|draw| draw.state != DrawState::Annulled)
            .filter_map(DrawRecord::proposal)
            .filter(|proposal| proposal.approve(session.staff_id).is_ok())
            .count();
    }
    let priorities = app.store.privileges_pending(own.id()).await?;
    let priorities = priorities.iter().map(|privilege| privilege.columns.proposal());
    let priorities = priorities.filter(|proposal| proposal.approve(session.staff_id).is_ok()).count();
    let publications = app.store.publications(own.id(), PUBLICATIONS_MAX).await?;
    let publications = publications.iter().map(|publication| publication.columns.proposal());
    let publications = publications.filter(|proposal| proposal.approve(session.staff_id).is_ok()).count();
    tasks.push(task(lang, "/gestion/publications", publications, "staff-todo-publications"));
    tasks.push(task(lang, "/gestion/priorites", priorities, "staff-todo-priorities"));
    tasks.push(task(lang, "/gestion/tirages", annulments, "staff-todo-annulments"));
    Ok(tasks)
}
