//! The vocabulary tables contain exactly the words of the program, and the database refuses every other word.
//! The directory has a counter that increases with every change, whoever makes it.

use passage::domain::actor::{Channel, Role};
use passage::domain::alarm::ComponentKind;
use passage::domain::code::CodePurpose;
use passage::domain::correction::CorrectionKind;
use passage::domain::draw_state::DrawState;
use passage::domain::entry::{CloseReason, ConvocationState, EntryState};
use passage::domain::helper::HelperKind;
use passage::domain::holidays::Territory;
use passage::domain::identity::{KeyKind, Proof};
use passage::domain::near::LooseKind;
use passage::domain::notice::{NoticeKind, NoticeState, Way};
use passage::domain::penalty::{PenaltyReason, PenaltyState};
use passage::domain::reading::ReadingPurpose;
use passage::domain::register_of_numbers::RegisterCheck;
use passage::domain::slot::SlotState;
use passage::domain::staff::{LinkKind, SessionStage};
use passage::domain::tick::Tick;
use passage::flow::register::DEADLINE_KINDS;
use passage::store::Store;
use sqlx::error::ErrorKind;
use sqlx::{AssertSqlSafe, PgPool, SqlitePool};

use super::common::fresh_postgres;
use super::schema::{postgres_schema, sqlite_schema};
use super::{SKIPPED, Temporary, drop_postgres, migrator, sample};

/// Each vocabulary table, and the words that the program has for it.
fn vocabularies() -> Vec<(&'static str, Vec<&'static str>)> {
    macro_rules! words {
        ($name:ident) => {
            $name::ALL.iter().map(|word| word.as_str()).collect()
        };
    }
    vec![
        ("channel", words!(Channel)),
        ("close_reason", words!(CloseReason)),
        ("code_purpose", words!(CodePurpose)),
        ("component_kind", words!(ComponentKind)),
        ("convocation_state", words!(ConvocationState)),
        ("correction_kind", words!(CorrectionKind)),
        ("deadline_kind", DEADLINE_KINDS.to_vec()),
        ("document_kind", vec!["bundle", "figures", "list"]),
        ("draw_state", words!(DrawState)),
        ("entry_state", words!(EntryState)),
        ("helper_kind", words!(HelperKind)),
        ("identity_proof", words!(Proof)),
        ("key_kind", words!(KeyKind)),
        ("loose_kind", words!(LooseKind)),
        ("notice_kind", words!(NoticeKind)),
        ("notice_state", words!(NoticeState)),
        ("notice_way", words!(Way)),
        ("penalty_reason", words!(PenaltyReason)),
        ("penalty_state", words!(PenaltyState)),
        ("reading_purpose", words!(ReadingPurpose)),
        ("register_check_state", words!(RegisterCheck)),
        ("session_stage", words!(SessionStage)),
        ("slot_state", words!(SlotState)),
        ("staff_link_kind", words!(LinkKind)),
        ("staff_role", words!(Role)),
        ("territory", words!(Territory)),
        ("tick", words!(Tick)),
    ]
}

pub fn is_one(table: &str) -> bool {
    vocabularies().iter().any(|(name, _)| *name == table)
}

/// The columns that hold a word, and the vocabulary of each.
const COLUMNS: [(&str, &str, &str); 28] = [
    ("component_health", "kind", "component_kind"),
    ("convocation", "state", "convocation_state"),
    ("convocation", "tick", "tick"),
    ("correction", "kind", "correction_kind"),
    ("draw", "state", "draw_state"),
    ("draw_document", "kind", "document_kind"),
    ("entry", "channel", "channel"),
    ("entry", "close_reason", "close_reason"),
    ("entry", "deadline_kind", "deadline_kind"),
    ("entry", "identity_how", "identity_proof"),
    ("entry", "state", "entry_state"),
    ("live_key", "kind", "key_kind"),
    ("loose_key", "kind", "loose_kind"),
    ("notice", "kind", "notice_kind"),
    ("notice", "state", "notice_state"),
    ("notice", "way", "notice_way"),
    ("one_time_code", "purpose", "code_purpose"),
    ("penalty_case", "reason", "penalty_reason"),
    ("penalty_case", "state", "penalty_state"),
    ("penalty_case_key", "kind", "key_kind"),
    ("reading", "purpose", "reading_purpose"),
    ("reading", "role", "staff_role"),
    ("register_check", "state", "register_check_state"),
    ("session", "stage", "session_stage"),
    ("site", "territory", "territory"),
    ("slot", "state", "slot_state"),
    ("staff", "role", "staff_role"),
    ("staff_link", "kind", "staff_link_kind"),
];

const CONFIGURED: [(&str, &str); 6] = [
    ("prefecture", "name = name || '!'"),
    ("site", "address = 'elsewhere'"),
    ("desk", "number = number + 100"),
    ("procedure", "name = name || '!'"),
    ("queue", "name = name || '!'"),
    ("rules", "proposed_at = proposed_at"),
];

macro_rules! trial {
    ($pool:expr, $schema:expr) => {{
        for (table, mut known) in vocabularies() {
            let question = format!("SELECT word FROM {table} ORDER BY word");
            let words: Vec<String> =
                sqlx::query_scalar(AssertSqlSafe(question)).fetch_all($pool).await.unwrap();
            known.sort_unstable();
            assert_eq!(words, known, "{table}");
        }
        for (table, column, words) in COLUMNS {
            let key = format!("{table}: {column} references {words} word");
            assert!($schema.contains(&key), "{key}");
        }
        let refused = sqlx::query("UPDATE staff SET role = 'prefect'").execute($pool).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().kind(), ErrorKind::ForeignKeyViolation);
        for (table, change) in CONFIGURED {
            let before = revision!($pool);
            let edit = format!("UPDATE {table} SET {change}");
            sqlx::query(AssertSqlSafe(edit)).execute($pool).await.unwrap();
            assert!(revision!($pool) > before, "an edited {table} raises the counter");
        }
    }};
}
macro_rules! revision {
    ($pool:expr) => {
        sqlx::query_scalar::<_, i64>("SELECT revision FROM directory_revision")
            .fetch_one($pool)
            .await
            .unwrap()
    };
}

#[tokio::test]
async fn words_and_what_is_configured_are_held_by_the_database_on_sqlite() {
    let place = Temporary::sqlite().await;
    let pool = SqlitePool::connect(&place.url).await.unwrap();
    migrator("sqlite").await.run_to(1, &pool).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sample("sqlite", 1).unwrap())).execute(&pool).await.unwrap();
    migrator("sqlite").await.run(&pool).await.unwrap();
    trial!(&pool, sqlite_schema(&pool).await);
    pool.close().await;
}

#[tokio::test]
async fn words_and_what_is_configured_are_held_by_the_database_on_postgres() {
    let Some((server, name, url)) = fresh_postgres().await else {
        eprintln!("{SKIPPED}");
        return;
    };
    let pool = PgPool::connect(&url).await.unwrap();
    migrator("postgres").await.run_to(1, &pool).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sample("postgres", 1).unwrap())).execute(&pool).await.unwrap();
    migrator("postgres").await.run(&pool).await.unwrap();
    trial!(&pool, postgres_schema(&pool).await);
    // Another process sees the edit at its next look.
    let store = Store::open(&url, 2).await.unwrap();
    let before = store.directory().await.unwrap();
    sqlx::query("UPDATE site SET name = 'Renamed'").execute(&pool).await.unwrap();
    let after = store.directory().await.unwrap();
    assert!(before.sites.iter().all(|site| site.name != "Renamed"));
    assert!(after.sites.iter().all(|site| site.name == "Renamed"));
    store.close().await;
    pool.close().await;
    drop_postgres(&server, &name).await;
}
