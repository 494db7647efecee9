//! Both dialects give the same tables, and the data of an installation survive every migration: each
//! one is applied over the rows of migrations/samples, on both databases. A new migration comes with its
//! own sample rows.

mod common;
#[path = "migrations/schema.rs"]
mod schema;
#[path = "migrations/vocabularies.rs"]
mod vocabularies;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{Recorder, app_on, fresh_postgres};
use passage::clock::FakeClock;
use passage::flow::{FlowError, check, status};
use passage::store::Store;
use schema::{Schema, differences, postgres_schema, sqlite_schema};
use sqlx::migrate::{Migrate, MigrateDatabase, Migrator};
use sqlx::{AssertSqlSafe, PgPool, SqlitePool};

const SKIPPED: &str = "skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (`make test` sets it)";
/// Somebody of the sample rows: reference and birth date.
const SOMEBODY: (&str, &str) = ("SEVZ-YKX4-J", "02/02/1951");

fn migrations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")
}

async fn migrator(dialect: &str) -> Migrator {
    Migrator::new(migrations().join(dialect)).await.unwrap()
}

/// The sample rows of a version, if it has any.
fn sample(dialect: &str, version: i64) -> Option<String> {
    std::fs::read_to_string(migrations().join(format!("samples/{version:04}.{dialect}.sql"))).ok()
}

struct Temporary {
    folder: PathBuf,
    url: String,
}

impl Temporary {
    async fn sqlite() -> Self {
        let name = format!("passage-migrations-{}", uuid::Uuid::now_v7().simple());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        let url = format!("sqlite:{}/passage.db", folder.display());
        sqlx::Sqlite::create_database(&url).await.unwrap();
        Self { folder, url }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn drop_postgres(server: &str, name: &str) {
    let admin = PgPool::connect(server).await.unwrap();
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(&admin).await.unwrap();
}

#[test]
fn both_dialects_have_the_same_migrations() {
    let names = |dialect: &str| -> BTreeSet<String> {
        let files = std::fs::read_dir(migrations().join(dialect)).unwrap();
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    let has = |dialect: &str, version| sample(dialect, version).is_some();
    assert!(has("sqlite", 1) && has("postgres", 1));
    for name in names("sqlite") {
        let version = name.split('_').next().unwrap().parse().unwrap();
        assert_eq!(has("sqlite", version), has("postgres", version), "{name}");
    }
}

async fn fresh_sqlite_schema(besides: &'static str) -> Schema {
    let place = Temporary::sqlite().await;
    let pool = SqlitePool::connect(&place.url).await.unwrap();
    migrator("sqlite").await.run(&pool).await.unwrap();
    sqlx::raw_sql(besides).execute(&pool).await.unwrap();
    let schema = sqlite_schema(&pool).await;
    pool.close().await;
    schema
}

#[tokio::test]
async fn both_dialects_end_in_the_same_tables_columns_and_constraints() {
    let left = fresh_sqlite_schema("").await;
    assert!(left.len() > 200, "the schema was read: {}", left.len());
    let Some((server, name, url)) = fresh_postgres().await else {
        eprintln!("{SKIPPED}");
        return;
    };
    let pool = PgPool::connect(&url).await.unwrap();
    migrator("postgres").await.run(&pool).await.unwrap();
    let right = postgres_schema(&pool).await;
    pool.close().await;
    drop_postgres(&server, &name).await;
    assert_eq!(differences(&left, &right), Vec::<String>::new());
}

#[tokio::test]
async fn sqlite_finds_by_an_index_what_referred_to_a_row_before_it_came() {
    let schema = fresh_sqlite_schema("").await;
    let tables = include_str!("../migrations/sqlite/0001_spine.sql").split("CREATE TABLE ");
    let wanted = |table: &str| {
        let column = table.lines().find(|line| line.contains(" DEFERRABLE "))?.split_whitespace().next()?;
        Some(format!("{}: index {column} where", table.split(' ').next()?))
    };
    let wanted: Vec<String> = tables.filter_map(wanted).collect();
    assert!(!wanted.is_empty() && wanted.iter().all(|index| schema.contains(index)), "{wanted:?}");
}

#[tokio::test]
async fn a_difference_between_two_schemas_is_named() {
    let whole = fresh_sqlite_schema("").await;
    for (change, named) in [
        ("DROP INDEX convocation_live_slot", "left only: convocation: unique slot_id where state = 'live'"),
        ("ALTER TABLE slot ADD COLUMN room TEXT", "right only: slot.room: text, may be null, default none"),
        (
            "CREATE TABLE hall (id BLOB PRIMARY KEY, seats INTEGER CHECK (seats > 0))",
            "right only: hall: check seats > 0",
        ),
        (
            "CREATE TABLE hall (id BLOB PRIMARY KEY, site BLOB REFERENCES site (id))",
            "right only: hall: site references site id",
        ),
    ] {
        let other = fresh_sqlite_schema(change).await;
        let found = differences(&whole, &other);
        assert!(found.iter().any(|line| line == named), "{found:?}");
    }
}

/// Applies the migrations one by one, each over the sample rows of those before it, and returns the rows
/// of each table at the end. Checks after each one that no row is lost.
async fn replay<DB>(pool: &sqlx::Pool<DB>, dialect: &str, tables: &'static str) -> Counts
where
    DB: sqlx::Database,
    DB::Connection: Migrate,
    for<'c> &'c mut DB::Connection: sqlx::Executor<'c, Database = DB>,
    for<'p> &'p sqlx::Pool<DB>: sqlx::Executor<'p, Database = DB>,
    for<'q> DB::Arguments: sqlx::IntoArguments<DB>,
    String: for<'r> sqlx::Decode<'r, DB> + sqlx::Type<DB>,
    i64: for<'r> sqlx::Decode<'r, DB> + sqlx::Type<DB>,
    usize: sqlx::ColumnIndex<DB::Row>,
{
    let migrator = migrator(dialect).await;
    let mut rows = Counts::new();
    for version in migrator.iter().map(|migration| migration.version) {
        migrator.run_to(version, pool).await.unwrap();
        for (table, before) in &rows {
            let after = count(pool, table).await;
            // A vocabulary may gain words, and lose one: what it has at the end is compared with the program.
            assert!(
                vocabularies::is_one(table) || after == *before,
                "{table}: {before} rows, {after} after migration {version}"
            );
        }
        if let Some(sample) = sample(dialect, version) {
            sqlx::raw_sql(AssertSqlSafe(sample)).execute(pool).await.unwrap();
        }
        let names: Vec<(String,)> = sqlx::query_as(tables).fetch_all(pool).await.unwrap();
        for (table,) in names {
            let count = count(pool, &table).await;
            assert!(count > 0, "{table}: migration {version} needs sample rows");
            rows.insert(table, count);
        }
    }
    rows
}

type Counts = BTreeMap<String, i64>;

async fn count<DB>(pool: &sqlx::Pool<DB>, table: &str) -> i64
where
    DB: sqlx::Database,
    for<'p> &'p sqlx::Pool<DB>: sqlx::Executor<'p, Database = DB>,
    for<'q> DB::Arguments: sqlx::IntoArguments<DB>,
    i64: for<'r> sqlx::Decode<'r, DB> + sqlx::Type<DB>,
    usize: sqlx::ColumnIndex<DB::Row>,
{
    let question = format!("SELECT COUNT(*) FROM {table}");
    let count: (i64,) = sqlx::query_as(AssertSqlSafe(question)).fetch_one(pool).await.unwrap();
    count.0
}

/// The program opens the migrated database with the sample's key, finds no fault in it, and still
/// finds a person by reference and birth date.
async fn assert_alive(url: &str) {
    let clock = FakeClock::at("2027-01-15T01:35:00Z".parse().unwrap());
    let app = app_on(url, &clock, &clock, Arc::new(Recorder::default())).await;
    assert_eq!(check::faults(&app).await.unwrap(), Vec::<String>::new());
    let (reference, birth_date) = SOMEBODY;
    let entry = status::find(&app, reference, birth_date).await.unwrap();
    assert_eq!(
        status::status(&app, entry, passage::flow::people::Reader::Program).await.unwrap().entry.reference,
        reference
    );
    let wrong = status::find(&app, reference, "02/02/1952").await;
    assert!(matches!(wrong, Err(FlowError::NotFound(_))));
    app.store.close().await;
}

#[tokio::test]
async fn every_migration_keeps_the_rows_of_an_installation_on_sqlite() {
    let place = Temporary::sqlite().await;
    let pool = SqlitePool::connect(&place.url).await.unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'
        AND name NOT LIKE 'sqlite%'";
    let rows = replay(&pool, "sqlite", tables).await;
    assert!(rows.len() >= 20, "{rows:?}");
    let broken = sqlx::query("SELECT * FROM pragma_foreign_key_check");
    assert!(broken.fetch_all(&pool).await.unwrap().is_empty());
    pool.close().await;
    assert_alive(&place.url).await;
}

#[tokio::test]
async fn every_migration_keeps_the_rows_of_an_installation_on_postgres() {
    let Some((server, name, url)) = fresh_postgres().await else {
        eprintln!("{SKIPPED}");
        return;
    };
    let pool = PgPool::connect(&url).await.unwrap();
    let tables =
        "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_%'";
    let rows = replay(&pool, "postgres", tables).await;
    assert!(rows.len() >= 20, "{rows:?}");
    let unchecked = sqlx::query("SELECT conname FROM pg_constraint WHERE NOT convalidated");
    assert!(unchecked.fetch_all(&pool).await.unwrap().is_empty());
    pool.close().await;
    assert_alive(&url).await;
    drop_postgres(&server, &name).await;
}

/// Bytes that are different in every chunk.
fn long(bytes: u32) -> Vec<u8> {
    (0..bytes).flat_map(u32::to_le_bytes).take(bytes as usize).collect()
}

const LENGTHEN: &str = "UPDATE draw_document SET body = $1 WHERE kind = $2";
const PIECES: &str = "SELECT body FROM draw_document WHERE kind = $1 ORDER BY draw_id, number";

/// Two kinds of document, one of which ends at the end of a chunk, and the number of chunks of each.
const LONG: [(&str, u32, usize); 2] = [("list", 300_000, 3), ("bundle", 262_144, 2)];

fn assert_pieces(pieces: &[Vec<u8>], bytes: u32, each: usize) {
    assert!(!pieces.is_empty());
    for document in pieces.chunks(each) {
        assert!(document.iter().all(|piece| !piece.is_empty()));
        assert!(document.concat() == long(bytes), "{each} pieces make {bytes} bytes again");
    }
}

#[tokio::test]
async fn a_long_document_is_cut_into_pieces_that_make_it_again() {
    let place = Temporary::sqlite().await;
    let pool = SqlitePool::connect(&place.url).await.unwrap();
    let to = migrator("sqlite").await;
    to.run_to(1, &pool).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sample("sqlite", 1).unwrap())).execute(&pool).await.unwrap();
    for (kind, bytes, _) in LONG {
        sqlx::query(LENGTHEN).bind(long(bytes)).bind(kind).execute(&pool).await.unwrap();
    }
    to.run(&pool).await.unwrap();
    for (kind, bytes, each) in LONG {
        assert_pieces(&sqlx::query_scalar(PIECES).bind(kind).fetch_all(&pool).await.unwrap(), bytes, each);
    }
    pool.close().await;
    let Some((server, name, url)) = fresh_postgres().await else {
        eprintln!("{SKIPPED}");
        return;
    };
    let pool = PgPool::connect(&url).await.unwrap();
    let to = migrator("postgres").await;
    to.run_to(1, &pool).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sample("postgres", 1).unwrap())).execute(&pool).await.unwrap();
    for (kind, bytes, _) in LONG {
        sqlx::query(LENGTHEN).bind(long(bytes)).bind(kind).execute(&pool).await.unwrap();
    }
    to.run(&pool).await.unwrap();
    for (kind, bytes, each) in LONG {
        assert_pieces(&sqlx::query_scalar(PIECES).bind(kind).fetch_all(&pool).await.unwrap(), bytes, each);
    }
    pool.close().await;
    drop_postgres(&server, &name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_instances_may_migrate_one_postgres_at_once() {
    let Some((server, name, url)) = fresh_postgres().await else {
        eprintln!("{SKIPPED}");
        return;
    };
    let starts: Vec<_> = (0..8)
        .map(|_| {
            let url = url.clone();
            tokio::spawn(async move { Store::open(&url, 2).await })
        })
        .collect();
    for start in starts {
        let store = start.await.unwrap().expect("every instance starts");
        store.ping().await.unwrap();
        store.close().await;
    }
    let pool = PgPool::connect(&url).await.unwrap();
    let applied = count(&pool, "_sqlx_migrations").await;
    assert_eq!(applied, i64::try_from(migrator("postgres").await.iter().count()).unwrap());
    pool.close().await;
    drop_postgres(&server, &name).await;
}
