//! A crowd that already waits: any number of entries, cloned in the database from one that was registered in
//! the normal way. So their personal fields are those of one person; everything else differs.

use std::sync::Arc;

use passage::domain::actor::Channel;
use passage::domain::availability::Availability;
use passage::domain::ids::{EntryId, PrefectureId, QueueId};
use passage::domain::slot::Half;
use passage::flow::App;
use passage::flow::register::{Desk, Registration, register};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

pub const BIRTH_DATE: &str = "02/03/1985";
/// The marker in the id of an entry of the crowd.
const ENTRY: &str = "000b";

/// The demo's queue with growing chances, and its prefecture.
pub async fn renewal(app: &App) -> (PrefectureId, QueueId) {
    let directory = app.store.directory().await.expect("a directory");
    let prefecture = directory.prefectures.first().expect("a prefecture").id;
    let queue = directory.queue_by_slug(prefecture, "renouvellement").expect("a queue").id;
    (prefecture, queue)
}

/// One person, registered at the counter.
pub async fn first_comer(app: &Arc<App>) -> EntryId {
    let (prefecture, queue) = renewal(app).await;
    let directory = app.store.directory().await.expect("a directory");
    let anything = Availability::anything(directory.sites_of(prefecture).map(|site| site.id).collect());
    let typed = Registration {
        birth_name: "Démo".into(),
        given_names: "Usager".into(),
        birth_date: BIRTH_DATE.into(),
        document_country: "MAR".into(),
        document_number: "BENCH0001".into(),
        phone: "06 39 98 00 01".into(),
        language: "fr".into(),
        deadline: (app.business.now().date_naive() + chrono::Days::new(60)).format("%d/%m/%Y").to_string(),
        deadline_kind: "permit_expiry".into(),
        ..Registration::default()
    };
    let desk = Desk { document_seen: true, channel: Channel::Counter, ..Desk::ONLINE };
    let done = register(app, queue, &typed, &anything, desk, &Uuid::now_v7().to_string()).await;
    done.expect("a registration").entry
}

/// What people can attend, as in the demo's town.
async fn availabilities(app: &App) -> Vec<String> {
    let (prefecture, _) = renewal(app).await;
    let directory = app.store.directory().await.expect("a directory");
    let sites = directory.sites_of(prefecture).map(|site| site.id).collect();
    let all = Availability::anything(sites);
    let one_site = Availability { sites: all.sites[..1].to_vec(), ..all.clone() };
    let kinds = [
        all.clone(),
        Availability { halves: vec![Half::Morning], ..all.clone() },
        Availability { halves: vec![Half::Afternoon], ..all.clone() },
        one_site,
        Availability { weekdays: vec![0, 2, 4], ..all.clone() },
        Availability { notice_days: 14, ..all.clone() },
        Availability { weekdays: vec![1, 3], halves: vec![Half::Morning], ..all },
    ];
    kinds.iter().map(|kind| serde_json::to_string(kind).expect("plain values")).collect()
}

/// Adds to the first person `count - 1` copies who have waited for up to nine draws.
pub async fn fill(app: &App, url: &str, first: EntryId, count: u32) {
    let kinds = availabilities(app).await;
    put(url, |dialect| people(dialect, &kinds, first, count)).await;
}

/// Their receipts, sent long ago: `check` requires one for everybody.
pub async fn receipts(url: &str, first: EntryId, count: u32) {
    put(url, |dialect| vec![sent(dialect, first, count)]).await;
}

async fn put(url: &str, statements: impl FnOnce(&Dialect) -> Vec<String>) {
    if url.starts_with("sqlite:") {
        let pool = sqlx::SqlitePool::connect(url).await.expect("the same database");
        for sql in statements(&Dialect::SQLITE) {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.expect("a crowd");
        }
        pool.close().await;
    } else {
        let pool = sqlx::PgPool::connect(url).await.expect("the same database");
        for sql in statements(&Dialect::POSTGRES) {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.expect("a crowd");
        }
        // What autovacuum does to a table that has just grown.
        sqlx::raw_sql("VACUUM ANALYZE").execute(&pool).await.expect("a tidy database");
        pool.close().await;
    }
}

struct Dialect {
    /// The whole numbers up to a limit, as `n`.
    numbers: fn(u32) -> String,
    /// An id made of a number and a marker for its table.
    id: fn(&str) -> String,
    fingerprint: &'static str,
    uuid: fn(Uuid) -> String,
    json: &'static str,
}

impl Dialect {
    const SQLITE: Self = Self {
        numbers: |max| {
            format!(
                "(WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {max}) SELECT n FROM n)"
            )
        },
        id: |mark| format!("unhex(printf('0192{mark}%024x', n))"),
        fingerprint: "unhex(printf('%064x', n))",
        uuid: |id| format!("x'{}'", id.simple()),
        json: "",
    };
    const POSTGRES: Self = Self {
        numbers: |max| format!("generate_series(1, {max}) AS n (n)"),
        id: |mark| format!("CAST('0192{mark}' || lpad(to_hex(n), 24, '0') AS uuid)"),
        fingerprint: "decode(lpad(to_hex(n), 64, '0'), 'hex')",
        uuid: |id| format!("'{id}'"),
        json: "::jsonb",
    };
}

fn people(dialect: &Dialect, kinds: &[String], first: EntryId, count: u32) -> Vec<String> {
    let Dialect { fingerprint, json, .. } = dialect;
    let numbers = (dialect.numbers)(count - 1);
    let [person, entry] = ["000a", ENTRY].map(dialect.id);
    let first = (dialect.uuid)(first.0);
    let cases: Vec<String> =
        kinds.iter().enumerate().map(|(at, kind)| format!("WHEN {at} THEN '{kind}'{json}")).collect();
    let availability = format!("CASE n % {} {} END", kinds.len(), cases.join(" "));
    vec![
        format!(
            "INSERT INTO applicant (id, wrapped_key, birth_name, given_names, birth_date, document, phone,
                number_fingerprint, birth_date_fingerprint, language, reach_sms, reach_email, created_at)
             SELECT {person}, wrapped_key, birth_name, given_names, birth_date, document, phone,
                number_fingerprint, birth_date_fingerprint, language, reach_sms, reach_email, created_at
             FROM applicant a, {numbers}
             WHERE a.id = (SELECT applicant_id FROM entry WHERE id = {first})"
        ),
        format!(
            "INSERT INTO entry (id, reference, queue_id, applicant_id, state, channel, registered_at, arrival_day,
                identity_verified_at, identity_how, draws_survived, labels, deadline, deadline_kind, availability)
             SELECT {entry}, 'BENCH-' || n, queue_id, {person}, state, channel, registered_at,
                arrival_day - n % 300, identity_verified_at, identity_how, n % 10, labels, deadline,
                deadline_kind, {availability}
             FROM entry e, {numbers} WHERE e.id = {first}"
        ),
        format!(
            "INSERT INTO live_key (procedure_id, scope, kind, fingerprint, entry_id)
             SELECT procedure_id, scope, kind, {fingerprint}, {entry}
             FROM live_key k, {numbers} WHERE k.entry_id = {first}"
        ),
    ]
}

fn sent(dialect: &Dialect, first: EntryId, count: u32) -> String {
    let numbers = (dialect.numbers)(count - 1);
    let [entry, notice] = [ENTRY, "000c"].map(dialect.id);
    let first = (dialect.uuid)(first.0);
    format!(
        "INSERT INTO notice (id, entry_id, kind, way, state, due_at, created_at, settled_at)
         SELECT {notice}, {entry}, kind, way, 'accepted', due_at, created_at, created_at
         FROM (SELECT * FROM notice WHERE entry_id = {first} ORDER BY id LIMIT 1) AS owed, {numbers}"
    )
}
