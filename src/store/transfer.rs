//! Moves an SQLite database into an empty PostgreSQL one, table by table, in one transaction. What PostgreSQL says of
//! its columns decides how each value is read: nothing here knows a table.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt;
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::types::Json;
use sqlx::{Connection as _, PgConnection, Postgres, QueryBuilder, Row, SqliteConnection};
use uuid::Uuid;

use super::{StoreError, postgres};

/// Values per statement: the protocol carries 65,535.
const VALUES_MAX: usize = 60_000;
const MIGRATIONS_TABLE: &str = "_sqlx_migrations";

/// Why nothing was moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("the database to move to is not empty: it has {0} prefecture(s)")]
    NotEmpty(i64),
    #[error("{table}.{column}: PostgreSQL's type {kind} is not known here")]
    UnknownType { table: String, column: String, kind: String },
    #[error("{table}: {written} of {stood} rows have arrived")]
    Lost { table: String, stood: i64, written: i64 },
    #[error("the tables name each other in a circle: {0}")]
    Circle(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the database did not answer as it should")]
    Database(#[from] sqlx::Error),
}

/// The rows of one table that were moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    pub table: String,
    pub rows: i64,
}

/// Copies everything from the SQLite database of `from` to the PostgreSQL database of `to`, which it migrates first.
///
/// # Errors
/// [`MoveError`]; the target is then as it was before, but migrated.
pub async fn transfer(from: &str, to: &str) -> Result<Vec<Moved>, MoveError> {
    let options: SqliteConnectOptions = from.parse()?;
    let options = options.read_only(true).create_if_missing(false);
    let mut source = SqliteConnection::connect_with(&options).await?;
    // One moment of the source, whatever is written to it meanwhile.
    let mut source = source.begin().await?;
    postgres::Backend::open(to, 1).await?.close().await;
    let mut target = PgConnection::connect(to).await?;
    let mut target = target.begin().await?;
    let stands: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM prefecture").fetch_one(&mut *target).await?;
    if stands > 0 {
        return Err(MoveError::NotEmpty(stands));
    }
    let tables = in_order(&mut target).await?;
    // The migrations have written vocabularies: those of the source come instead.
    let names: Vec<String> = tables.iter().map(|table| quoted(table)).collect();
    let truncate = format!("TRUNCATE {}", names.join(", "));
    sqlx::raw_sql(sqlx::AssertSqlSafe(truncate)).execute(&mut *target).await?;
    let mut moved = Vec::with_capacity(tables.len());
    for table in tables {
        let rows = copy(&mut source, &mut target, &table).await?;
        moved.push(Moved { table, rows });
    }
    target.commit().await?;
    Ok(moved)
}

/// The tables, each after those that it names.
async fn in_order(target: &mut PgConnection) -> Result<Vec<String>, MoveError> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.tables
         WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> $1
         ORDER BY table_name",
    )
    .bind(MIGRATIONS_TABLE)
    .fetch_all(&mut *target)
    .await?;
    let named: Vec<(String, String)> = sqlx::query_as(
        "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c
         WHERE c.contype = 'f' AND c.conrelid <> c.confrelid AND NOT c.condeferred
            AND c.connamespace = current_schema()::regnamespace",
    )
    .fetch_all(target)
    .await?;
    let mut left: BTreeMap<String, BTreeSet<String>> =
        tables.into_iter().map(|table| (table, BTreeSet::new())).collect();
    for (table, other) in named {
        left.entry(table).or_default().insert(other);
    }
    let mut ordered: Vec<String> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let ready: Vec<String> = left
            .iter()
            .filter(|(_, others)| others.iter().all(|other| ordered.contains(other)))
            .map(|(table, _)| table.clone())
            .collect();
        if ready.is_empty() {
            return Err(MoveError::Circle(left.into_keys().collect::<Vec<_>>().join(", ")));
        }
        left.retain(|table, _| !ready.contains(table));
        ordered.extend(ready);
    }
    Ok(ordered)
}

/// A column and the type that PostgreSQL gives it.
struct Column {
    name: String,
    kind: String,
}

async fn copy(
    source: &mut SqliteConnection,
    target: &mut PgConnection,
    table: &str,
) -> Result<i64, MoveError> {
    let columns: Vec<(String, String)> = sqlx::query_as(
        "SELECT column_name::text, udt_name::text FROM information_schema.columns
         WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
    )
    .bind(table)
    .fetch_all(&mut *target)
    .await?;
    let columns: Vec<Column> = columns.into_iter().map(|(name, kind)| Column { name, kind }).collect();
    let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
    let names = names.join(", ");
    let counted = format!("SELECT COUNT(*) FROM {}", quoted(table));
    let stood: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(counted)).fetch_one(&mut *source).await?;
    // As they were written: a row of its own table that one names stands before it.
    let select = format!("SELECT {names} FROM {} ORDER BY rowid", quoted(table));
    let rows = sqlx::query(sqlx::AssertSqlSafe(select));
    let mut rows = rows.fetch(&mut *source).try_chunks(VALUES_MAX / columns.len().max(1));
    let mut written = 0;
    while let Some(chunk) = rows.try_next().await.map_err(|error| error.1)? {
        let mut insert = QueryBuilder::<Postgres>::new(format!("INSERT INTO {} ({names}) ", quoted(table)));
        let mut fault = None;
        insert.push_values(&chunk, |mut values, row| {
            for (at, column) in columns.iter().enumerate() {
                if let Err(error) = bind(&mut values, row, at, table, column) {
                    fault.get_or_insert(error);
                }
            }
        });
        if let Some(fault) = fault {
            return Err(fault);
        }
        written += i64::try_from(insert.build().execute(&mut *target).await?.rows_affected()).unwrap_or(0);
    }
    if written == stood {
        Ok(written)
    } else {
        Err(MoveError::Lost { table: table.to_owned(), stood, written })
    }
}

fn bind(
    values: &mut sqlx::query_builder::Separated<'_, Postgres, &'static str>,
    row: &SqliteRow,
    at: usize,
    table: &str,
    column: &Column,
) -> Result<(), MoveError> {
    match column.kind.as_str() {
        "uuid" => values.push_bind(row.try_get_unchecked::<Option<Uuid>, _>(at)?),
        "timestamptz" => values.push_bind(row.try_get_unchecked::<Option<DateTime<Utc>>, _>(at)?),
        "date" => values.push_bind(row.try_get_unchecked::<Option<NaiveDate>, _>(at)?),
        "json" | "jsonb" => values.push_bind(row.try_get_unchecked::<Option<Json<Value>>, _>(at)?),
        "int2" => values.push_bind(row.try_get_unchecked::<Option<i16>, _>(at)?),
        "int4" => values.push_bind(row.try_get_unchecked::<Option<i32>, _>(at)?),
        "int8" => values.push_bind(row.try_get_unchecked::<Option<i64>, _>(at)?),
        "bool" => values.push_bind(row.try_get_unchecked::<Option<bool>, _>(at)?),
        "text" | "varchar" => values.push_bind(row.try_get_unchecked::<Option<String>, _>(at)?),
        "bytea" => values.push_bind(row.try_get_unchecked::<Option<Vec<u8>>, _>(at)?),
        kind => {
            return Err(MoveError::UnknownType {
                table: table.to_owned(),
                column: column.name.clone(),
                kind: kind.to_owned(),
            });
        }
    };
    Ok(())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
