//! Retention of a large log. `tests/run --long` runs these.

use std::{
    collections::BTreeMap,
    env,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use accord_log::Retention;
use accord_runtime::Position;

use crate::fixture::{Fixture, board, desk};

/// The number of entries, in a thousand rooms; `ACCORD_LOG_ENTRIES` sets another.
fn entries() -> u64 {
    env::var("ACCORD_LOG_ENTRIES").map_or(10_000_000, |entries| entries.parse().expect("a number of entries"))
}

const ROOMS: u64 = 1000;

/// The time for which entries are appended while nothing is dropped.
const ALONE: Duration = Duration::from_secs(10);

/// Fills the log in the order in which rooms would: each has an entry in turn.
async fn fill(fixture: &Fixture) {
    let each = entries() / ROOMS;
    fixture
        .run_sql(&format!(
            "INSERT INTO log_heads (scope, room, newest)
             WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {ROOMS})
             SELECT 'board', CAST(n AS TEXT), {each} FROM n"
        ))
        .await;
    let text = "x".repeat(400);
    for begin in (0..each).step_by(100) {
        let end = (begin + 100).min(each);
        fixture
            .run_sql(&format!(
                "INSERT INTO log_entries (log, seq, event, data, version, written_at, about)
                 WITH RECURSIVE n(n) AS (SELECT {begin} + 1 UNION ALL SELECT n + 1 FROM n WHERE n < {end})
                 SELECT id, n, 'drawn', '{{\"text\":\"{text}\"}}', '1.2.0', n, CAST(n * {ROOMS} + id AS TEXT) FROM n, log_heads"
            ))
            .await;
    }
    fixture.run_sql("ANALYZE").await;
}

/// Appends entries one after the other; returns how long they took.
async fn append_while(fixture: &Fixture, go_on: impl Fn() -> bool) -> String {
    let mut waits = Vec::new();
    while go_on() {
        let begun = Instant::now();
        fixture.append_some(&desk("other"), 1).await;
        waits.push(begun.elapsed());
    }
    waits.sort();
    let of = |share: usize| waits[(waits.len() - 1) * share / 100];
    format!("{}, median {:?}, 99 % {:?}, longest {:?}", waits.len(), of(50), of(99), of(100))
}

/// Drops half of the log while somebody appends, and prints how long each had to wait.
async fn run(fixture: Fixture) {
    let begun = Instant::now();
    fill(&fixture).await;
    println!("{} entries written in {:?}", entries(), begun.elapsed());
    let fixture = Arc::new(fixture);
    let room = board("1");
    let (each, position) = (entries() / ROOMS, fixture.position(&room).await);
    let begun = Instant::now();
    for n in 0..100 {
        let since = Position { seq: each / 2 + n, ..position.clone() };
        fixture.tables.read(&mut *fixture.reader().await, &room, &since).await.expect("a page");
    }
    println!("a page of 256 entries: {:?}", begun.elapsed() / 100);

    let begun = Instant::now();
    println!("appends by themselves: {}", append_while(&fixture, || begun.elapsed() < ALONE).await);
    let ended = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let (fixture, ended) = (fixture.clone(), ended.clone());
        async move { append_while(&fixture, || !ended.load(Ordering::Relaxed)).await }
    });
    let retention = Retention { keep: Duration::MAX, entries: each / 2, floor: Duration::ZERO };
    let retention = BTreeMap::from([("board", retention)]);
    let begun = Instant::now();
    let swept = fixture.tables.sweep(&fixture.pools, &retention, SystemTime::now()).await.expect("a sweep");
    let took = begun.elapsed();
    ended.store(true, Ordering::Relaxed);
    println!("appends meanwhile: {}", writer.await.expect("a writer"));
    println!("{} entries dropped in {took:?}; longest transaction {:?}", swept.dropped, swept.longest);
    assert_eq!(swept.dropped, entries() / 2);
    let begun = Instant::now();
    fixture.tables.sweep(&fixture.pools, &retention, SystemTime::now()).await.expect("a sweep");
    println!("a sweep that finds nothing: {:?}", begun.elapsed());
    assert!(fixture.is_lost(&room, each / 2 - 1).await);
    assert_eq!(fixture.shown(&room, each / 2).await.len() as u64, (each / 2).min(256));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long"]
async fn millions_of_entries_are_dropped_on_sqlite() {
    run(Fixture::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long"]
async fn millions_of_entries_are_dropped_on_postgres() {
    run(Fixture::postgres().await).await;
}
