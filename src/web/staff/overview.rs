//! The day at a glance: what waits to be done, and one card a queue.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::domain::permission::Act;
use crate::flow::read::draws::Draw;
use crate::flow::staff::Session;
use crate::flow::{App, health, read};
use crate::locale::Lang;
use crate::web::shared::alarm_words;
use crate::web::shared::{Page, Staff, WebError, render};
use crate::web::staff::kit::own::Own;

#[derive(Template)]
#[template(path = "staff/overview.html")]
struct Overview {
    page: Page,
    today: String,
    /// What an operator must mend, for managers.
    alarms: Vec<String>,
    todo: Vec<Task>,
    /// Whether requests are for these eyes.
    finds: bool,
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
    registers: bool,
}

pub async fn show(
    State(app): State<Arc<App>>,
    Staff(session): Staff,
    page: Page,
) -> Result<Response, WebError> {
    let own = Own::load(&app, &session).await?;
    let lang = page.lang;
    let queues = cards(&app, &own, lang).await?;
    let awaiting = queues.iter().map(|queue| queue.awaiting).sum::<i64>();
    let (from, to) = own.day(own.today());
    let waiting = read::overview::todo(&app, own.id(), from, to).await?;
    let first = own.zone.local_date(waiting.first_unticked.unwrap_or(own.now));
    let count = |counted: i64| usize::try_from(counted).unwrap_or(0);
    let mut todo = Vec::new();
    if own.may(Act::ReadPeople) {
        todo.extend([
            task(lang, "/agent/comptoir", waiting.today, "staff-todo-counter"),
            task(lang, format!("/agent/comptoir?jour={first}"), count(waiting.unticked), "staff-todo-late"),
            task(lang, "/agent/identites", count(awaiting), "staff-todo-identities"),
            task(lang, "/agent/contestations", count(waiting.objections), "staff-todo-objections"),
            task(lang, "/agent/examens", count(waiting.reviews), "staff-todo-reviews"),
            task(lang, "/agent/courriers", count(waiting.letters), "staff-todo-letters"),
        ]);
    }
    if own.may(Act::ReadQueues) {
        todo.extend(manager_tasks(&app, &own, lang, &session).await?);
    }
    todo.retain(|task| task.count > 0);
    let alarms = if own.may(Act::ReadAlarms) {
        let report = health::report(&app).await;
        report.alarms.iter().map(|alarm| alarm_words::dated(lang, alarm, own.zone)).collect()
    } else {
        Vec::new()
    };
    let title = lang.with("staff-overview-title", [("prefecture", own.prefecture.name.clone().into())]);
    render(Overview {
        today: lang.date(own.today()),
        page: page.named(title),
        alarms,
        todo,
        finds: own.may(Act::ReadPeople),
        queues,
    })
}

fn task(lang: Lang, href: impl Into<String>, count: usize, key: &str) -> Task {
    Task { href: href.into(), count, text: lang.with(key, [("n", count.into())]) }
}

async fn cards(app: &App, own: &Own, lang: Lang) -> Result<Vec<QueueCard>, WebError> {
    let mut cards = Vec::new();
    for queue in own.queues() {
        let figures = read::queues::figures(app, queue.id).await?;
        let draws = read::draws::newest(app, queue.id, 1).await?;
        let announced = draws.iter().find_map(Draw::announced);
        let next = read::queues::next_draws(app, queue, own.zone, announced).into_iter().next();
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
            rules: own.may(Act::ReadQueues),
            registers: own.may(Act::ServePeople),
        });
    }
    Ok(cards)
}

/// What waits for a second person.
async fn manager_tasks(app: &App, own: &Own, lang: Lang, session: &Session) -> Result<Vec<Task>, WebError> {
    let queues: Vec<_> = own.queues().map(|queue| queue.id).collect();
    let open = read::overview::decisions(app, own.id(), &queues, session.staff_id).await?;
    let mut tasks = Vec::new();
    for (queue, count) in own.queues().zip(open.rules) {
        let name = queue.name.clone().into();
        let text = lang.with("staff-todo-rules", [("queue", name), ("n", count.into())]);
        tasks.push(Task { href: format!("/gestion/regles/{}", queue.slug), count, text });
    }
    tasks.push(task(lang, "/gestion/publications", open.publications, "staff-todo-publications"));
    tasks.push(task(lang, "/gestion/priorites", open.priorities, "staff-todo-priorities"));
    tasks.push(task(lang, "/gestion/priorites", open.relocations, "staff-todo-moves"));
    let compensations = [("n", open.compensations.into()), ("days", open.compensations_days.into())];
    tasks.push(Task {
        href: "/gestion/priorites#passages".to_owned(),
        count: open.compensations,
        text: lang.with("staff-todo-compensations", compensations),
    });
    tasks.push(task(lang, "/gestion/tirages", open.annulments, "staff-todo-annulments"));
    Ok(tasks)
}
