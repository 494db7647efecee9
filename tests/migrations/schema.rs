//! A database's schema in a form that both dialects share, so that two schemas can be compared.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgPool, Row, SqlitePool};

/// One line for each column, key, unique index, foreign key and check, in a form that both databases
/// share. Names of indexes and types are left out.
pub type Schema = BTreeSet<String>;

fn type_class(declared: &str) -> &'static str {
    match declared.to_lowercase().as_str() {
        "uuid" | "bytea" | "blob" => "bytes",
        "smallint" | "integer" | "bigint" => "integer",
        "boolean" => "boolean",
        "text" | "jsonb" | "date" | "timestamp with time zone" => "text",
        other => panic!("{other}: a type that this test does not know; give it a class"),
    }
}

fn column(table: &str, name: &str, declared: &str, null: bool, default: Option<&str>) -> String {
    let class = type_class(declared);
    let null = if null { "may be null" } else { "never null" };
    let default = default.map_or_else(|| "none".to_owned(), str::to_lowercase);
    format!("{table}.{name}: {class}, {null}, default {default}")
}

/// An expression in a form that both share. Parentheses are removed: enough to detect a changed condition.
fn expression(sql: &str) -> String {
    let mut text = sql.to_lowercase();
    for (from, to) in [
        ("::text", ""),
        ("\"", ""),
        ("= any (array[", "in ("),
        ("<> all (array[", "not in ("),
        ("]", ""),
        ("[", ""),
        ("(", " "),
        (")", " "),
        (",", " , "),
    ] {
        text = text.replace(from, to);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut written = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        if words.get(at + 1) == Some(&"between") {
            let (what, low, high) = (words[at], words[at + 2], words[at + 4]);
            written.extend([what, ">=", low, "and", what, "<=", high]);
            at += 5;
        } else {
            written.push(words[at]);
            at += 1;
        }
    }
    written.join(" ")
}

#[test]
fn conditions_are_compared_by_what_they_say() {
    let same = |a: &str, b: &str| assert_eq!(expression(a), expression(b));
    same("label BETWEEN 0 AND 255", "((label >= 0) AND (label <= 255))");
    same("state IN ('a', 'b')", "(state = ANY (ARRAY['a'::text, 'b'::text]))");
    same("state <> 'withdrawn'", "(state <> 'withdrawn'::text)");
    assert_ne!(expression("label > 0"), expression("label >= 0"));
    assert_ne!(expression("state IN ('a')"), expression("state IN ('b')"));
}

/// The text in the parentheses after each `CHECK` of a table's definition.
fn checks(definition: &str) -> Vec<String> {
    let lines = definition.lines().map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.collect::<Vec<_>>().join("\n");
    let after = text.split("CHECK (").skip(1);
    after
        .map(|rest| {
            let mut open = 1;
            let end = rest.find(|c| {
                open += i32::from(c == '(') - i32::from(c == ')');
                open == 0
            });
            rest[..end.expect("a CHECK is closed")].to_owned()
        })
        .collect()
}

pub async fn sqlite_schema(pool: &SqlitePool) -> Schema {
    let tables = sqlx::query(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'
         AND name NOT LIKE 'sqlite%'",
    );
    let mut schema = Schema::new();
    for row in tables.fetch_all(pool).await.unwrap() {
        let (table, definition): (String, String) = (row.get(0), row.get(1));
        let columns = sqlx::query(
            "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info($1) ORDER BY pk",
        );
        let mut key = Vec::new();
        for row in columns.bind(&table).fetch_all(pool).await.unwrap() {
            let (name, declared): (String, String) = (row.get(0), row.get(1));
            let (never_null, in_key): (bool, i64) = (row.get(2), row.get(4));
            let default: Option<String> = row.get(3);
            let null = !never_null && in_key == 0;
            schema.insert(column(&table, &name, &declared, null, default.as_deref()));
            if in_key > 0 {
                key.push(name);
            }
        }
        schema.insert(format!("{table}: unique {} where", key.join(", ")));
        let keys = sqlx::query(
            "SELECT MIN(\"table\"), group_concat(\"from\", ', '), group_concat(\"to\", ', ')
             FROM (SELECT * FROM pragma_foreign_key_list($1) ORDER BY id, seq) GROUP BY id",
        );
        for row in keys.bind(&table).fetch_all(pool).await.unwrap() {
            let [other, from, to]: [String; 3] = [row.get(0), row.get(1), row.get(2)];
            schema.insert(format!("{table}: {from} references {other} {to}"));
        }
        for condition in checks(&definition) {
            schema.insert(format!("{table}: check {}", expression(&condition)));
        }
        schema.extend(sqlite_indexes(pool, &table).await);
    }
    schema
}

async fn sqlite_indexes(pool: &SqlitePool, table: &str) -> Schema {
    let indexes = sqlx::query(
        "SELECT l.\"unique\", (SELECT group_concat(name, ', ') FROM (SELECT name FROM pragma_index_xinfo(l.name)
            WHERE \"key\" = 1 ORDER BY seqno)), m.sql
         FROM pragma_index_list($1) l LEFT JOIN sqlite_master m ON m.name = l.name",
    );
    let rows = indexes.bind(table).fetch_all(pool).await.unwrap();
    let line = |row: &sqlx::sqlite::SqliteRow| {
        let (unique, columns, sql): (bool, String, Option<String>) = (row.get(0), row.get(1), row.get(2));
        let kind = if unique { "unique" } else { "index" };
        let condition = sql.and_then(|sql| Some(sql.split_once("WHERE")?.1.to_owned())).unwrap_or_default();
        format!("{table}: {kind} {columns} where {}", expression(&condition)).trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

pub async fn postgres_schema(pool: &PgPool) -> Schema {
    let mut schema = Schema::new();
    let columns = sqlx::query(
        "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES', column_default::text
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%'",
    );
    for row in columns.fetch_all(pool).await.unwrap() {
        let [table, name, declared]: [String; 3] = [row.get(0), row.get(1), row.get(2)];
        let default: Option<String> = row.get(4);
        schema.insert(column(&table, &name, &declared, row.get(3), default.as_deref()));
    }
    let columns_of = |table: &str, numbers: &str| {
        format!(
            "(SELECT string_agg(a.attname, ', ' ORDER BY k.at) FROM unnest({numbers}) WITH ORDINALITY k (number, at)
              JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = k.number)"
        )
    };
    let indexes = format!(
        "SELECT t.relname::text, i.indisunique, {}, pg_get_expr(i.indpred, i.indrelid)
         FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
         WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '\\_%'",
        columns_of("i.indrelid", "i.indkey::int2[]")
    );
    for row in sqlx::query(AssertSqlSafe(indexes)).fetch_all(pool).await.unwrap() {
        let (table, columns): (String, String) = (row.get(0), row.get(2));
        let kind = if row.get(1) { "unique" } else { "index" };
        let condition = expression(&row.get::<Option<String>, _>(3).unwrap_or_default());
        let line = format!("{table}: {kind} {columns} where {condition}");
        schema.insert(line.trim_end().to_owned());
    }
    let constraints = format!(
        "SELECT t.relname::text, c.contype::text, pg_get_expr(c.conbin, c.conrelid), other.relname::text, {}, {}
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid LEFT JOIN pg_class other ON other.oid = c.confrelid
         WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('c', 'f') AND t.relname NOT LIKE '\\_%'",
        columns_of("c.conrelid", "c.conkey"),
        columns_of("c.confrelid", "c.confkey"),
    );
    for row in sqlx::query(AssertSqlSafe(constraints)).fetch_all(pool).await.unwrap() {
        let (table, kind): (String, String) = (row.get(0), row.get(1));
        schema.insert(if kind == "c" {
            format!("{table}: check {}", expression(row.get(2)))
        } else {
            let [other, from, to]: [String; 3] = [row.get(3), row.get(4), row.get(5)];
            format!("{table}: {from} references {other} {to}")
        });
    }
    schema
}

/// What only one of the two has.
pub fn differences(left: &Schema, right: &Schema) -> Vec<String> {
    let only = |a: &Schema, b: &Schema, side: &str| -> Vec<String> {
        a.difference(b).map(|line| format!("{side} only: {line}")).collect()
    };
    [only(left, right, "left"), only(right, left, "right")].concat()
}
