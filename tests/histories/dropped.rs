//! The trap of dropped futures. If a client disconnects, the request's future is dropped in the middle of an
//! await. With plain sqlx 0.9 on PostgreSQL, a future dropped while it begins a transaction returns its
//! connection to the pool with that transaction open: the next acknowledged write on it is never committed.
//! The first test shows this; the others do the same to the store, where each transaction runs in its own
//! task, which is never dropped. On SQLite, the driver's thread rolls such a transaction back: nothing to show.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use passage::domain::actor::Channel;
use passage::flow::register::Desk;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::net::{TcpListener, TcpStream};

use crate::common::{depth, fresh_postgres, on_both, person};

const SEEN: Desk = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };
/// More polls than beginning a transaction takes.
const POLLS: u32 = 12;

/// Polls a future this many times and drops it, wherever it is then.
async fn dropped_after<T>(polls: u32, future: impl Future<Output = T>) {
    let mut future = Box::pin(future);
    let mut polled = 0;
    poll_fn(|context| {
        if polled == polls {
            return Poll::Ready(());
        }
        polled += 1;
        match future.as_mut().poll(context) {
            Poll::Pending if polled < polls => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
}

/// A proxy to a server on this test's own thread. A reply can then only arrive between two polls of the
/// driver, never within one. So the start of a transaction always waits where it can be dropped, however fast
/// the server is.
async fn by_way_of_this_thread(url: &str) -> PgConnectOptions {
    let server: PgConnectOptions = url.parse().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let there = (server.get_host().to_owned(), server.get_port());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut server = TcpStream::connect(there.clone()).await.unwrap();
            // Either side may disconnect.
            tokio::spawn(async move { drop(tokio::io::copy_bidirectional(&mut client, &mut server).await) });
        }
    });
    server.host("127.0.0.1").port(port)
}

/// On one thread: see [`by_way_of_this_thread`].
#[tokio::test(flavor = "current_thread")]
async fn with_bare_sqlx_a_dropped_beginning_loses_the_next_acknowledged_write() {
    let Some((server, name, url)) = fresh_postgres().await else {
        eprintln!("skipped on PostgreSQL: PASSAGE_TEST_POSTGRES is not set (`make test` sets it)");
        return;
    };
    let witness = sqlx::PgPool::connect(&url).await.unwrap();
    sqlx::query("CREATE TABLE kept (n INT PRIMARY KEY)").execute(&witness).await.unwrap();
    let server_nearby = by_way_of_this_thread(&url).await;
    let mut lost = Vec::new();
    for polls in 1..=i32::try_from(POLLS).unwrap() {
        let pool = PgPoolOptions::new().max_connections(1).connect_with(server_nearby.clone()).await.unwrap();
        dropped_after(polls.unsigned_abs(), pool.begin()).await;
        let done = sqlx::query("INSERT INTO kept (n) VALUES ($1)").bind(polls).execute(&pool).await.unwrap();
        assert_eq!(done.rows_affected(), 1, "the write is acknowledged");
        pool.close().await;
        let kept: Option<i32> = sqlx::query_scalar("SELECT n FROM kept WHERE n = $1")
            .bind(polls)
            .fetch_optional(&witness)
            .await
            .unwrap();
        lost.extend(kept.is_none().then_some(polls));
    }
    assert!(!lost.is_empty(), "sqlx is mended: the store's tasks of their own may be spared");
    witness.close().await;
    let admin = sqlx::PgPool::connect(&server).await.unwrap();
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&admin).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_beginning_leaves_the_store_no_open_transaction() {
    on_both(async |app| {
        let witness = if app.is_pg() { Some(app.pg().await) } else { None };
        for n in 0..depth(5, 500) * POLLS {
            // It begins its transaction at once.
            dropped_after(n % POLLS, app.app.store.sequence_log(1, app.now())).await;
            if let Some(witness) = &witness {
                assert_eq!(open_transactions(witness).await, 0, "dropped at poll {}", n % POLLS);
            }
        }
        app.assert_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_a_dropped_registration_is_kept() {
    on_both(async |app| {
        let mut acknowledged = Vec::new();
        for n in 0..depth(4, 200) * POLLS {
            let key = format!("dropped-{n}");
            dropped_after(n % POLLS, app.register_by(app.first, &person(n), SEEN, &key)).await;
            let (next, key) = (1_000_000 + n, format!("next-{n}"));
            acknowledged.push(app.register_by(app.first, &person(next), SEEN, &key).await.unwrap());
        }
        app.assert_sound().await;
        // After reopening, the database has each of them.
        app.app.store.close().await;
        let (fresh, _folder) = app.reopened().await;
        for entry in acknowledged {
            assert!(fresh.store.entry(entry).await.unwrap().is_some(), "{entry} was acknowledged");
        }
    })
    .await;
}

/// Connections that are idle in a transaction, after the active ones have ended.
async fn open_transactions(witness: &sqlx::PgPool) -> i64 {
    let mut open = 0;
    for _ in 0..50 {
        open = sqlx::query_scalar(
            "SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
        )
        .fetch_one(witness)
        .await
        .unwrap();
        if open == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    open
}
