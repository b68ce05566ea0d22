use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use accord_server::store::{NewMessage, NotReady, Store};
use sqlx::{AnyConnection, Connection, raw_sql};
use tokio::task::JoinSet;

use crate::fixture::{Changes, Fixture, channel, is_ready, member, on_both, within};

/// The number of concurrent senders to a busy database.
const SENDERS: usize = 32;

/// Takes, on a separate connection, a lock that every probe waits for.
async fn lock(fixture: &Fixture) -> AnyConnection {
    let mut connection = AnyConnection::connect(&fixture.url).await.unwrap();
    let (begin, row) =
        if fixture.url.starts_with("sqlite") { ("BEGIN IMMEDIATE", "") } else { ("BEGIN", " FOR UPDATE") };
    raw_sql(begin).execute(&mut connection).await.unwrap();
    let select = format!("SELECT name FROM settings WHERE name = 'probe'{row}");
    raw_sql(sqlx::AssertSqlSafe(select)).execute(&mut connection).await.unwrap();
    connection
}

/// Waits until the database is ready again.
async fn recovered(store: &Store) {
    while store.ready().await.is_err() {
        tokio::task::yield_now().await;
    }
}

on_both! {
    async fn a_database_that_takes_no_writes_is_not_ready_until_it_does(fixture) {
        is_ready(&fixture.store).await;
        let node = fixture.node().await;
        let mut lock = lock(&fixture).await;
        let asked = async { tokio::join!(node.ready(), node.ready()) };
        let answers = within(Duration::from_secs(10), asked).await;
        assert!(matches!(answers, (Err(NotReady::Silent), Err(NotReady::Silent))), "{answers:?}");
        raw_sql("COMMIT").execute(&mut lock).await.unwrap();
        recovered(&node).await;
        fixture.send(&member("alice", channel("general")), "on we go").await;
        lock.close().await.unwrap();
    }

    async fn a_busy_database_is_ready(fixture) {
        let stored = Arc::new(AtomicUsize::new(0));
        let mut senders = JoinSet::new();
        for _ in 0..SENDERS {
            let (store, stored) = (fixture.store.clone(), Arc::clone(&stored));
            let alice = member("alice", channel("general"));
            senders.spawn(async move {
                loop {
                    let new = NewMessage { content: "busy", ..NewMessage::default() };
                    store.insert(&alice, new).await.unwrap();
                    stored.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let begun = Instant::now();
        let mut ready = 0;
        while ready == 0 || begun.elapsed().as_millis() < 2_500 {
            let before = stored.load(Ordering::Relaxed);
            match fixture.store.ready().await {
                Ok(()) => ready += 1,
                // The disk stood still: it stored only the messages that each sender had already waited for.
                Err(error) => assert!(stored.load(Ordering::Relaxed) - before <= SENDERS, "{error}"),
            }
        }
        senders.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_ask_a_probe_is_made_once_a_second() {
    let fixture = Fixture::sqlite().await;
    let log = format!("{}-wal", fixture.url.trim_start_matches("sqlite://"));
    let written = || fs::metadata(&log).unwrap().len();
    let (begun, mut before, mut probes) = (Instant::now(), written(), 0);
    for _ in 0..=1_000 {
        is_ready(&fixture.store).await;
        let now = written();
        probes += u64::from(now != before);
        before = now;
    }
    let most = 1 + begun.elapsed().as_secs();
    assert!((1..=most).contains(&probes), "{probes} probes, and at most {most} are due");
}
