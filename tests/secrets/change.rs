//! The master key and the keys of the fingerprints are changed.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::TimeDelta;
use passage::domain::actor::{Actor, Channel, Role};
use passage::domain::entry::{ConvocationEvent, ConvocationState, EntryState};
use passage::domain::ids::{EntryId, StaffId};
use passage::domain::refusal::Refusal;
use passage::domain::staff::SessionStage;
use passage::flow::import::register_of_numbers;
use passage::flow::people::codes::{NewContact, ask_contact, ask_lost};
use passage::flow::people::search::{Typed, search};
use passage::flow::people::{Reader, reveal};
use passage::flow::register::{Desk, Registration};
use passage::flow::{FlowError, keys, status};
use passage::locale::Lang;
use passage::store::commands::{NewSecondFactor, NewSession, NewStaff, Wrapped};
use passage::store::{Store, StoreError};
use passage::vault::{Field, MasterKey, Vault};
use sqlx::{AssertSqlSafe, Connection};
use uuid::Uuid;

use crate::common::{TestApp, depth, foreigner_number, on_both, person};

const SEEN: Desk = Desk { channel: Channel::Counter, document_seen: true, ..Desk::ONLINE };
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PEOPLE: u32 = 40;
const OLD: [u8; 32] = [0x5a; 32];
const NEW: [u8; 32] = [0x6b; 32];

fn key(bytes: [u8; 32]) -> MasterKey {
    MasterKey::from_bytes(bytes)
}

/// The registration of somebody whom the imported register knows.
fn numbered(n: u32) -> Registration {
    Registration {
        foreigner_number: foreigner_number(n),
        document_country: String::new(),
        document_number: String::new(),
        ..person(n)
    }
}

/// An installation in which every kind of secret and of fingerprint has a value.
async fn furnished(app: &TestApp) -> Vec<EntryId> {
    let rows = (0..2 * PEOPLE).map(|n| {
        let who = person(n);
        format!("{},{},{},{}", foreigner_number(n), who.birth_date, who.birth_name, who.given_names)
    });
    let header = "number,birth_date,birth_name,given_names".to_owned();
    let file = std::iter::once(header).chain(rows).collect::<Vec<_>>().join("\n");
    register_of_numbers(&app.app, file.as_bytes(), |_| ()).await.unwrap();
    app.publish(app.first, 1, 8, 5, 2).await;
    app.tick().await;
    let mut entries = Vec::new();
    for n in 0..PEOPLE {
        let key = format!("one-{n}");
        let entry = if n.is_multiple_of(2) {
            app.register_by(app.first, &numbered(n), Desk::ONLINE, &key).await
        } else {
            app.register_by(app.first, &person(n), SEEN, &key).await
        };
        entries.push(entry.unwrap());
    }
    nine_days(app).await;
    let agent = app.staff("guichet", Role::Agent).await;
    let days = (app.now(), app.now() + TimeDelta::days(60));
    let due = app.app.store.counter(app.prefecture, days.0, days.1).await.unwrap();
    let due = due.iter().find(|one| one.state == ConvocationState::Live).unwrap();
    app.clock.set(due.starts_at + TimeDelta::hours(1));
    let (missed, by) = (ConvocationEvent::Miss, Actor::Staff(agent));
    app.app.store.end_convocation(due.id, missed, None, by, app.now()).await.unwrap();
    app.raw(
        "INSERT INTO penalty (procedure_id, scope, kind, fingerprint, until)
         SELECT procedure_id, scope, kind, fingerprint, '2030-01-01T00:00:00+00:00' FROM penalty_case_key",
    )
    .await;
    let new = NewContact { phone: "06 39 98 77 77".into(), email: String::new() };
    ask_contact(&app.app, entries[1], &new, HERE).await.unwrap();
    ask_lost(&app.app, &person(4).email, &person(4).birth_date, HERE, Lang::Fr).await.unwrap();
    an_account(app).await;
    entries
}

/// By the hour: each is shorter than the time between a list and its randomness.
async fn nine_days(app: &TestApp) {
    for _ in 0..9 * 24 {
        app.clock.advance(TimeDelta::hours(1));
        app.real.advance(TimeDelta::hours(1));
        app.tick().await;
    }
}

/// Somebody on the staff with a name, a telephone, a second factor, and an identity of ProConnect with which they are
/// signed in.
async fn an_account(app: &TestApp) {
    let id = StaffId(Uuid::now_v7());
    let seal = |purpose, text: &str| app.app.vault.seal_secret(purpose, id.0, text.as_bytes());
    let new = NewStaff {
        id,
        prefecture: app.prefecture,
        login: "gerante".into(),
        password_hash: String::new(),
        role: Role::Manager,
        full_name: Some(seal("staff-full-name", "Gérante Démo")),
        phone: Some(seal("staff-phone", "+33639980099")),
        sites: Vec::new(),
        also_reads: Vec::new(),
        invited_by: None,
    };
    assert!(app.app.store.add_staff(new, app.now()).await.unwrap());
    let secret = seal("staff-second-factor", "0123456789");
    let new = NewSecondFactor { staff: id, was: None, secret, codes: Vec::new(), step: 1, keep: Vec::new() };
    app.app.store.set_second_factor(new, app.now()).await.unwrap();
    let identity =
        app.app.vault.fingerprint(Field::StaffOidcSubject, "https://pc.example|camille").0.to_vec();
    app.app.store.link_proconnect(id, identity, Vec::new(), app.now()).await.unwrap();
    let session = NewSession {
        token_hash: vec![1; 32],
        id: Uuid::now_v7(),
        staff: id,
        stage: SessionStage::Full,
        csrf: vec![2; 32],
        browser: String::new(),
        expires_at: app.now() + TimeDelta::days(365),
        instead_of: None,
        id_token: None,
    };
    let id_token = Some(app.app.vault.seal_secret("staff-id-token", session.id, b"a.b.c"));
    app.app.store.open_session(NewSession { id_token, ..session }, app.now()).await.unwrap();
}

/// Every value of the binary columns that a name chooses, by table and column.
async fn binary_values(url: &str, chosen: impl Fn(&str) -> bool) -> BTreeMap<String, BTreeSet<Vec<u8>>> {
    let columns = if url.starts_with("postgres") {
        "SELECT CONVERT_TO(table_name || '.' || column_name, 'UTF8') FROM information_schema.columns
         WHERE table_schema = 'public' AND data_type = 'bytea'"
    } else {
        "SELECT CAST(t.name || '.' || c.name AS BLOB) FROM sqlite_schema t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND c.type = 'BLOB'"
    };
    let mut values = BTreeMap::new();
    for place in column(url, columns).await {
        let place = String::from_utf8(place).unwrap();
        let (table, name) = place.split_once('.').unwrap();
        if chosen(name) {
            let select = format!("SELECT {name} FROM {table} WHERE {name} IS NOT NULL");
            values.insert(place.clone(), column(url, &select).await.into_iter().collect());
        }
    }
    values
}

/// The one column of a query.
async fn column(url: &str, sql: &str) -> Vec<Vec<u8>> {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("postgres") {
        let mut one = sqlx::PgConnection::connect(url).await.unwrap();
        sqlx::query_scalar(sql).fetch_all(&mut one).await.unwrap()
    } else {
        let mut one = sqlx::SqliteConnection::connect(url).await.unwrap();
        sqlx::query_scalar(sql).fetch_all(&mut one).await.unwrap()
    }
}

/// Another process on the same database, under these keys.
async fn under(app: TestApp, master: [u8; 32], previous: Option<[u8; 32]>) -> TestApp {
    let previous = previous.map(hex::encode).unwrap_or_default();
    let vars = [
        ("PASSAGE__VAULT__MASTER_KEY", hex::encode(master)),
        ("PASSAGE__VAULT__PREVIOUS_MASTER_KEY", previous),
    ];
    let vars: Vec<(&str, &str)> = vars.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.restarted(&vars).await
}

async fn vault_beside(store: &Store, masters: &[MasterKey]) -> Vault {
    Vault::open(masters, keys::stored_roots(store).await.unwrap().as_ref()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_master_key_that_was_killed_goes_on_and_leaves_nothing_unreadable() {
    on_both(async |app: TestApp| {
        app.is_outlived("it is opened again under another key");
        let mut entries = furnished(&app).await;

        let serving = under(app, NEW, Some(OLD)).await;
        let beside = Store::beside(&serving.url()).await.unwrap();
        let (url, now) = (serving.url(), serving.now());
        // Killed at its beginning, in the middle, and near its end; people register meanwhile.
        for stop in [1, 3, 5] {
            let url = url.clone();
            let killed = tokio::spawn(async move {
                let store = Store::beside(&url).await.unwrap();
                let vault = vault_beside(&store, &[key(NEW), key(OLD)]).await;
                let steps = AtomicU64::new(0);
                keys::rotate(&store, &vault, now, |_| {
                    assert!(steps.fetch_add(1, Ordering::SeqCst) < stop, "killed");
                })
                .await
            });
            let n = PEOPLE + u32::try_from(stop).unwrap();
            let key = format!("meanwhile-{n}");
            entries.push(serving.register_by(serving.first, &numbered(n), Desk::ONLINE, &key).await.unwrap());
            assert!(killed.await.unwrap_err().is_panic());
        }
        let vault = vault_beside(&beside, &[key(NEW), key(OLD)]).await;
        let rotated = keys::rotate(&beside, &vault, now, |_| ()).await.unwrap();
        assert_eq!(rotated.unreadable, []);
        for what in Wrapped::ALL {
            assert!(
                !beside.wrapped(what, Uuid::nil(), 1).await.unwrap().is_empty(),
                "{what:?} was not tried"
            );
        }
        beside.close().await;

        // Nothing anywhere is under the old key, and the new one alone opens all of it.
        let old_id = key(OLD).id().0;
        for (place, values) in binary_values(&url, |_| true).await {
            let under_old = values.iter().filter(|value| value.get(1..9) == Some(old_id.as_slice())).count();
            assert_eq!(under_old, 0, "{place:?} holds values under the old key");
        }
        let after = under(serving, NEW, None).await;
        let moved = keys::rotate(&after.app.store, &after.app.vault, now, |_| ()).await.unwrap();
        assert_eq!((moved.moved, moved.unreadable.len()), (0, 0), "each value was opened under the new key");
        for entry in entries {
            let record = after.app.store.entry(entry).await.unwrap().unwrap();
            assert!(reveal(&after.app, &record, Reader::Program).await.is_ok());
        }
        assert!(matches!(again(&after, 2).await, Err(FlowError::Refused(Refusal::AlreadyWaiting))));
        nine_days(&after).await;
        after.assert_sound().await;
        after.app.store.close().await;

        // The old key is refused from the first change on, by name.
        let store = Store::beside(&url).await.unwrap();
        let refused = Vault::open(&[key(OLD)], keys::stored_roots(&store).await.unwrap().as_ref());
        assert!(refused.unwrap_err().to_string().contains(&key(NEW).id().to_string()));
    })
    .await;
}

/// Somebody registers a second time.
async fn again(app: &TestApp, n: u32) -> Result<EntryId, FlowError> {
    app.register_by(app.first, &numbered(n), Desk::ONLINE, &format!("again-{n}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn new_index_keys_change_every_fingerprint_and_find_everybody() {
    on_both(async |app: TestApp| {
        app.is_outlived("it is opened again with other fingerprints");
        furnished(&app).await;
        let (url, now) = (app.url(), app.now());
        app.app.store.close().await;
        let is_fingerprint = |column: &str| column.contains("fingerprint");
        for _ in 0..depth(2, 4) {
            let before = binary_values(&url, is_fingerprint).await;
            let store = Store::beside(&url).await.unwrap();
            let vault = vault_beside(&store, &[key(OLD)]).await;
            let turned = keys::add_index_key(&store, &vault, now, |_| ()).await.unwrap();
            store.close().await;
            assert!(turned > 100, "{turned}");
            let after = binary_values(&url, is_fingerprint).await;
            for (place, values) in &before {
                let values: BTreeSet<_> = values.iter().filter(|value| !value.is_empty()).collect();
                assert!(!values.is_empty(), "{place:?} has no value that could change");
                let same = values.iter().filter(|value| after[place].contains(**value)).count();
                assert_eq!((same, after[place].len()), (0, before[place].len()), "{place:?}");
            }
        }
        let app = under(app, OLD, None).await;
        assert!(matches!(again(&app, 2).await, Err(FlowError::Refused(Refusal::AlreadyWaiting))));
        let new = again(&app, PEOPLE + 3).await.unwrap();
        let verified = app.app.store.entry(new).await.unwrap().unwrap();
        assert_eq!(verified.state, EntryState::Waiting, "the register still knows them");
        let by = app.reader("chercheuse").await;
        let typed = Typed {
            foreigner_number: foreigner_number(2),
            reason: "at_the_counter".into(),
            ..Typed::default()
        };
        let zone = app.app.store.directory().await.unwrap().prefectures[0].zone;
        assert_eq!(search(&app.app, zone, &typed, by).await.unwrap().found.len(), 1);
        let held = status::find(&app.app, &verified.reference, &numbered(PEOPLE + 3).birth_date).await;
        assert!(held.is_ok());
        app.tick().await;
        app.assert_sound().await;
        app.app.store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_master_key_is_refused() {
    on_both(async |app: TestApp| {
        app.is_outlived("only its key is looked at");
        let vault =
            Vault::open(&[key(NEW)], keys::stored_roots(&app.app.store).await.unwrap().as_ref()).unwrap();
        let refused = app.app.store.installation(vault.key_check().to_vec(), app.now()).await;
        assert!(matches!(refused, Err(StoreError::WrongKey)), "{refused:?}");
    })
    .await;
}
