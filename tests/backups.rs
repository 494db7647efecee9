//! Backups: made while the database is served, checked, taken back where nothing is done a second time, and moved from
//! SQLite to PostgreSQL. Each time, life goes on afterwards.

mod common;
#[path = "common/place.rs"]
mod place;
#[path = "common/port.rs"]
mod port;
#[path = "common/served.rs"]
mod served;

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use common::{TestApp, fresh_postgres, on_both};
use passage::domain::notice::{NoticeKind, NoticeState, Way};
use passage::flow::restore;
use passage::store::backup::{BackupError, back_up, take_out};
use passage::store::records::DrawState;
use passage::store::transfer::{MoveError, transfer};
use place::Place;
use served::Served;

fn url_of(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

fn database(app: &TestApp) -> PathBuf {
    app.folder.as_ref().unwrap().0.join("passage.db")
}

/// A draw is announced, and receipts are due that have not left.
async fn busy(app: &TestApp) {
    app.publish(app.first, 1, 8, 5, 2).await;
    app.tick().await;
    for n in 0..8 {
        app.register(app.first, n).await;
    }
}

async fn goes_on_living(app: &TestApp) {
    for n in 20..24 {
        app.register(app.first, n).await;
    }
    app.publish(app.first, 2, 10, 5, 2).await;
    app.pass(TimeDelta::days(9)).await;
    let draws = app.app.store.draws_of(app.first, 10).await.unwrap();
    assert!(draws.iter().any(|draw| draw.state == DrawState::Published), "{draws:?}");
    app.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_pending_is_not_sent_again_and_no_list_is_frozen_again() {
    on_both(async |app| {
        busy(&app).await;
        let draw = app.app.store.draws_of(app.first, 1).await.unwrap().remove(0);
        assert_eq!(draw.state, DrawState::Announced);
        // The copy is taken back after the list has been frozen by what was lost.
        app.clock.set(draw.freeze_at + TimeDelta::minutes(5));
        let sent = app.gateway.sent.lock().unwrap().len();
        let restored = restore::mark(&app.app).await.unwrap();
        assert_eq!((restored.notices, restored.draws), (8, 1));
        let annulled = app.app.store.draw(draw.id).await.unwrap().unwrap();
        assert_eq!(annulled.state, DrawState::Annulled);
        assert_eq!(annulled.annul_reason.as_deref(), Some(restore::RESTORED));
        app.pass(TimeDelta::hours(24)).await;
        let again = app.gateway.sent.lock().unwrap().split_off(sent);
        let receipts = again.iter().filter(|one| one.way == Way::Sms && one.text.contains("est inscrite"));
        assert_eq!(receipts.count(), 0, "no SMS leaves twice");
        assert!(again.iter().any(|one| one.way == Way::Email), "the next way takes over");
        assert!(app.app.store.last_restored().await.unwrap().is_some());
        goes_on_living(&app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_made_while_the_database_is_written_and_taken_back_whole() {
    let app = TestApp::sqlite().await;
    busy(&app).await;
    let copy = database(&app).with_file_name("copy.db");
    let written = async {
        for n in 8..40 {
            app.register(app.first, n).await;
        }
    };
    let url = url_of(&database(&app));
    let (copied, ()) = tokio::join!(back_up(&url, &copy), written);
    let copied = copied.unwrap();
    assert!(copied.bytes > 0 && copied.last_at.is_some());
    let twice = back_up(&url_of(&database(&app)), &copy).await;
    assert!(matches!(twice, Err(BackupError::Exists(_))), "{twice:?}");
    app.pass(TimeDelta::days(9)).await;
    let sent = app.gateway.sent.lock().unwrap().len();
    assert!(sent > 40, "the original went on");

    let back = database(&app).with_file_name("back").join("passage.db");
    let (place, taken) = take_out(std::fs::File::open(&copy).unwrap(), &back).await.unwrap();
    assert_eq!((taken.bytes, &taken.log), (copied.bytes, &copied.log));
    let app = app.on(&url_of(&place.partial)).await;
    let restored = restore::mark(&app.app).await.unwrap();
    assert!(restored.notices >= 8 && restored.draws >= 1, "{restored:?}");
    app.app.store.close().await;
    place.keep().unwrap();
    let mut left: Vec<_> =
        std::fs::read_dir(back.parent().unwrap()).unwrap().map(|one| one.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["passage.db", "passage.lock"], "nothing else lies beside it");
    let app = app.on(&url_of(&back)).await;
    goes_on_living(&app).await;
    app.leaves("what was left in the original");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_copy_is_refused_and_leaves_nothing() {
    let app = TestApp::sqlite().await;
    busy(&app).await;
    app.leaves("receipts");
    let copy = database(&app).with_file_name("copy.db");
    back_up(&url_of(&database(&app)), &copy).await.unwrap();
    let good = std::fs::read(&copy).unwrap();
    let back = database(&app).with_file_name("back.db");
    let mut torn = good.clone();
    torn.truncate(good.len() / 2);
    let mut scratched = good.clone();
    let middle = good.len() / 2;
    scratched[middle..middle + 6_000].fill(0x5A);
    for bad in [torn, scratched, b"no database".to_vec(), Vec::new()] {
        std::fs::write(&copy, &bad).unwrap();
        assert!(take_out(std::fs::File::open(&copy).unwrap(), &back).await.is_err(), "{} bytes", bad.len());
        assert!(!back.exists() && !back.with_extension("db.partial").exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_taken_back_neither_beside_what_is_left_nor_under_a_process_that_serves() {
    let app = TestApp::sqlite().await;
    busy(&app).await;
    app.leaves("receipts");
    let here = database(&app);
    let copy = here.with_file_name("copy.db");
    back_up(&url_of(&here), &copy).await.unwrap();
    let opened = || std::fs::File::open(&copy).unwrap();
    std::fs::rename(&here, here.with_file_name("away.db")).unwrap();
    let served = take_out(opened(), &here).await.map(|_| ());
    assert!(matches!(served, Err(BackupError::Served(_))), "{served:?}");
    app.app.store.close().await;
    let (folder, kept) = (here.clone(), app.folder.clone());
    drop(app);
    std::fs::write(folder.with_file_name("passage.db-wal"), "left").unwrap();
    let beside = take_out(opened(), &folder).await.map(|_| ());
    assert!(matches!(beside, Err(BackupError::LeftOver(_))), "{beside:?}");
    std::fs::remove_file(folder.with_file_name("passage.db-wal")).unwrap();
    let _ = std::fs::remove_file(folder.with_file_name("passage.db-shm"));
    let (place, _) = take_out(opened(), &folder).await.unwrap();
    place.keep().unwrap();
    assert!(folder.exists());
    drop(kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_moves_to_postgres_and_goes_on_living_there() {
    let Some((server, name, url)) = fresh_postgres().await else {
        eprintln!("skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (`make test` sets it)");
        return;
    };
    let app = TestApp::sqlite().await;
    busy(&app).await;
    app.pass(TimeDelta::days(12)).await;
    let entry = app.register(app.naturalisation, 3).await;
    let heads = app.app.store.log_heads().await.unwrap();
    let from = url_of(&database(&app));
    let moved = transfer(&from, &url).await.unwrap();
    let of = |table: &str| moved.iter().find(|one| one.table == table).unwrap().rows;
    assert!(of("entry") == 9 && of("audit") > 20 && of("draw_entry") > 0, "{moved:?}");
    assert!(matches!(transfer(&from, &url).await, Err(MoveError::NotEmpty(1))));
    let app = app.on(&url).await;
    app.assert_sound().await;
    assert_eq!(app.app.store.log_heads().await.unwrap().len(), heads.len());
    let receipt = app.app.store.notices_of(entry).await.unwrap().remove(0);
    assert_eq!((receipt.kind, receipt.state), (NoticeKind::Receipt, NoticeState::Pending));
    goes_on_living(&app).await;
    app.app.store.close().await;
    drop(app);
    let admin = sqlx::PgPool::connect(&server).await.unwrap();
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&admin).await.unwrap();
}

#[test]
fn an_operator_copies_a_served_database_and_takes_it_back_with_its_key_alone() {
    let place = Place::furnished();
    place.run(&["staff", "add", "marie", "--prefecture", "demonstration", "--role", "agent"]).ended(0);
    let mut served = Served::start(&place, "all");
    assert!(served.get("/healthz").starts_with("HTTP/1.1 200 "));
    let said = place.run(&["backup", "copy.db"]);
    assert!(said.ended(0).contains("checked; migration") && said.out.contains("master key is not in it"));
    place.run(&["backup", "copy.db"]).refused(&["copy.db", "is not overwritten"]);
    assert_eq!(served.terminate(), Some(0));
    place.run(&["restore", "copy.db"]).refused(&["passage.db", "is not overwritten"]);

    let other = Place::empty();
    std::fs::copy(place.folder.join("copy.db"), other.folder.join("copy.db")).unwrap();
    other.run(&["keys", "init", "var/master.key"]).ended(0);
    other.run(&["restore", "copy.db"]).refused(&["copy.db", "master key is not the one"]);
    assert!(!other.folder.join("var/passage.db").exists(), "nothing is left of it");
    std::fs::remove_file(other.folder.join("var/master.key")).unwrap();
    std::fs::copy(place.folder.join("var/master.key"), other.folder.join("var/master.key")).unwrap();
    let said = other.run(&["restore", "copy.db"]);
    assert!(said.ended(0).contains("Restored.") && said.out.contains("Witnesses"), "{}", said.out);
    assert!(other.run(&["staff", "list"]).ended(0).contains("marie"));
    other.run(&["check-config", "--deep"]).ended(0);
    let mut served = Served::start(&other, "all");
    assert!(served.get("/journal").contains("rétablie depuis une copie"), "the public page says it");
    assert_eq!(served.terminate(), Some(0));
}
