//! The cost of a log of ten million entries, beside one of ten thousand. `tests/run --long` runs it.

use std::{
    collections::BTreeMap,
    env,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use accord_log::{Dialect, Retention};
use sqlx::Executor;
use tokio::time::interval;

use crate::fixture::{Counting, Fixture, board, desk};

const SMALL: Size = Size { rooms: 5, each: 2000 };

/// The large log. `ACCORD_LOG_ENTRIES` sets another number of entries, of which there are at least a million.
fn large() -> Size {
    let entries = env::var("ACCORD_LOG_ENTRIES").map_or(10_000_000, |entries| entries.parse().expect("a number"));
    Size { rooms: 1000, each: entries / 1000 }
}

/// The number of entries that a client catches up on.
const MISSED: u64 = 1000;

/// How often each figure is measured.
const TIMES: u64 = 200;

/// The longest time for which writers may be blocked, not counting what a slow disk adds to any commit.
const HOLD: Duration = Duration::from_millis(50);

/// The number of rooms, and of entries of each.
#[derive(Clone, Copy)]
struct Size {
    rooms: u64,
    each: u64,
}

/// Fills the log in the order in which rooms would: each has an entry in turn.
async fn fill(fixture: Fixture, Size { rooms, each }: Size) -> Arc<Fixture> {
    let begun = Instant::now();
    let (before, after) = match fixture.pools.dialect {
        Dialect::Sqlite => (
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000;",
            "PRAGMA cache_size = -16384; PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL; ANALYZE;",
        ),
        Dialect::Postgres => ("", "ANALYZE;"),
    };
    let numbers =
        |count| format!("WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < {count})");
    let (of_rooms, of_entries, text) = (numbers(rooms), numbers(rooms * each), "x".repeat(400));
    let heads = format!(
        "INSERT INTO log_heads (scope, room, newest)
         {of_rooms} SELECT 'board', CAST(n + 1 AS TEXT), {each} FROM n ORDER BY n"
    );
    let entries = format!(
        "INSERT INTO log_entries (log, seq, event, data, version, written_at, about)
         {of_entries} SELECT n % {rooms} + 1, n / {rooms} + 1, 'drawn', '{{\"text\":\"{text}\"}}', '1.2.0', n,
             '018bcfe5-6800-7000-8000-' || CAST(100000000000 + n AS TEXT)
         FROM n"
    );
    for statement in [before, &heads, &entries, after] {
        fixture.run_sql(statement).await;
    }
    println!("{:?}, {} entries, written in {:?}", fixture.pools.dialect, rooms * each, begun.elapsed());
    Arc::new(fixture)
}

/// The times that something took.
struct Times(Vec<Duration>);

impl Times {
    async fn of(each: impl AsyncFn(u64)) -> Self {
        let mut times = Vec::new();
        for n in 0..TIMES {
            let begun = Instant::now();
            each(n).await;
            times.push(begun.elapsed());
        }
        times.sort();
        Times(times)
    }

    /// The time that it takes unless the machine is busy.
    fn usual(&self) -> Duration {
        self.0[self.0.len() / 4]
    }

    fn median(&self) -> Duration {
        self.0[self.0.len() / 2]
    }

    fn longest(&self) -> Duration {
        *self.0.last().expect("it was measured")
    }
}

/// The cost of a log of some size.
struct Figures {
    /// Statements and times of catching up, and of joining.
    replay: (usize, Times),
    position: (usize, Times),
    append: Times,
}

async fn measure(fixture: &Fixture, Size { rooms, each }: Size) -> Figures {
    let room = |n: u64| board(&(n * 7 % rooms + 1).to_string());
    let (missed, statements) = fixture.read_all(&room(0), each - MISSED).await;
    assert_eq!(missed.len() as u64, MISSED);
    let replays = Times::of(async |n| {
        fixture.read_all(&room(n), each - MISSED).await;
    })
    .await;
    let mut reader = Counting { connection: fixture.reader().await, statements: 0 };
    fixture.tables.position(&mut reader, &room(0)).await.expect("a position");
    let positions = Times::of(async |n| {
        fixture.position(&room(n)).await;
    })
    .await;
    let append = Times::of(async |_| fixture.append_some(&desk("other"), 1).await).await;
    Figures { replay: (statements, replays), position: (reader.statements, positions), append }
}

/// Makes checkpoints beside the writer, as the server does. Never returns.
async fn keep_checkpointed(fixture: Arc<Fixture>) {
    let mut ticks = interval(Duration::from_millis(100));
    loop {
        ticks.tick().await;
        fixture.pools.reader.execute("PRAGMA wal_checkpoint(PASSIVE)").await.expect("a checkpoint");
    }
}

/// Drops a hundredth of the log while somebody appends; returns the longest time for which the writer was held, and the appends' times.
async fn sweep(fixture: &Arc<Fixture>, Size { rooms, each }: Size) -> (Duration, Vec<Duration>) {
    let ended = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let (fixture, ended) = (fixture.clone(), ended.clone());
        async move {
            let mut waits = Vec::new();
            while !ended.load(Ordering::Relaxed) {
                let begun = Instant::now();
                fixture.append_some(&desk("other"), 1).await;
                waits.push(begun.elapsed());
            }
            waits.sort();
            waits
        }
    });
    let is_sqlite = fixture.pools.dialect == Dialect::Sqlite;
    let checkpoints = is_sqlite.then(|| tokio::spawn(keep_checkpointed(fixture.clone())));
    let retention = Retention { keep: Duration::MAX, entries: each * 99 / 100, floor: Duration::ZERO };
    let retention = BTreeMap::from([("board", retention)]);
    let begun = Instant::now();
    let swept = fixture.tables.sweep(&fixture.pools, &retention, SystemTime::now()).await.expect("a sweep");
    println!("  a sweep drops {} entries in {:?}", swept.dropped, begun.elapsed());
    assert_eq!(swept.dropped, rooms * each / 100);
    ended.store(true, Ordering::Relaxed);
    let waits = writer.await.expect("a writer");
    if let Some(checkpoints) = checkpoints {
        checkpoints.abort();
    }
    let begun = Instant::now();
    fixture.tables.sweep(&fixture.pools, &retention, SystemTime::now()).await.expect("a sweep");
    println!("  a sweep that finds nothing takes {:?}", begun.elapsed());
    let room = board("1");
    assert!(fixture.is_lost(&room, each / 100 - 1).await);
    assert_eq!(fixture.shown(&room, each / 100).await.len(), 256);
    (swept.longest, waits)
}

async fn figures(fixture: &Arc<Fixture>, size: Size) -> Figures {
    println!("of {} entries:", size.rooms * size.each);
    let figures = measure(fixture, size).await;
    println!("  {} queries of a replay of 1,000, {} of a join", figures.replay.0, figures.position.0);
    for (what, times) in
        [("a replay", &figures.replay.1), ("a join", &figures.position.1), ("an append", &figures.append)]
    {
        let [usual, median, longest] = [times.usual(), times.median(), times.longest()];
        println!("  {what}: a quarter within {usual:?}, half within {median:?}, all within {longest:?}");
    }
    figures
}

async fn compare(small: Fixture, large: Fixture, sizes: [Size; 2]) {
    let [small, large] = [fill(small, sizes[0]).await, fill(large, sizes[1]).await];
    // One right after the other, for the machine may be busy.
    let (of_small, of_large) = (figures(&small, sizes[0]).await, figures(&large, sizes[1]).await);
    assert_eq!((of_small.replay.0, of_small.position.0), (of_large.replay.0, of_large.position.0));
    assert!(of_large.replay.0 <= 8);
    let near = |small: &Times, large: &Times| large.usual() <= small.usual() * 3 + Duration::from_millis(1);
    assert!(near(&of_small.append, &of_large.append) && near(&of_small.position.1, &of_large.position.1));
    // Entries of a thousand rooms lie apart, so that each is on a separate page.
    assert!(of_large.replay.1.usual() <= of_small.replay.1.usual() * 5 + Duration::from_millis(10));
    let (longest, waits) = sweep(&large, sizes[1]).await;
    let of = |share: usize| waits[(waits.len() - 1) * share / 100];
    let [median, most, last] = [of(50), of(99), of(100)];
    println!("  it holds the writer for {longest:?} at most");
    println!("  {} appends meanwhile: median {median:?}, 99 % {most:?}, longest {last:?}", waits.len());
    assert!(longest <= HOLD + of_large.append.longest(), "{longest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long"]
async fn ten_million_entries_cost_what_ten_thousand_do_on_sqlite() {
    compare(Fixture::sqlite().await, Fixture::sqlite().await, [SMALL, large()]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long"]
async fn ten_million_entries_cost_what_ten_thousand_do_on_postgres() {
    compare(Fixture::postgres().await, Fixture::postgres().await, [SMALL, large()]).await;
}
