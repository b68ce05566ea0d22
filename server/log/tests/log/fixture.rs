//! The starting point of the log's tests.

use accord_log::{Answers, Connection, Database, Dialect, Key, NewEntry, Pools, Sent, Statement, Tables, Transaction};
use accord_runtime::{
    Position, Room,
    log::{Entry, Page},
    reply::{Encoded, encode},
};
use futures_util::future::BoxFuture;
use serde_json::json;
use sqlx::{
    AnyPool, AssertSqlSafe, Executor,
    any::{AnyPoolOptions, AnyRow, install_default_drivers},
    raw_sql,
};
use tempfile::TempDir;

/// The version of the schema that tests write entries by.
pub const VERSION: &str = "1.2.0";

/// A database with the log's tables.
pub struct Fixture {
    pub pools: Pools,
    pub tables: Tables,
    _directory: TempDir,
}

impl Fixture {
    pub async fn sqlite() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let url = format!("sqlite://{}/log.db?mode=rwc", directory.path().display());
        let setup =
            "PRAGMA busy_timeout = 5000; PRAGMA page_size = 2048; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                     PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 8000;";
        let (writer, reader) = (pool(&url, setup, 1), pool(&url, setup, 4));
        Fixture::open(Pools { dialect: Dialect::Sqlite, reader, writer }, directory).await
    }

    pub async fn postgres() -> Self {
        let setup = "SET lock_timeout = '10s'; SET deadlock_timeout = '100ms';";
        let pool = pool(&accord_tests::postgres::database(), setup, 12);
        let pools = Pools { dialect: Dialect::Postgres, reader: pool.clone(), writer: pool };
        Fixture::open(pools, tempfile::tempdir().expect("a temporary directory")).await
    }

    async fn open(pools: Pools, directory: TempDir) -> Self {
        let tables = Tables::new(pools.dialect, VERSION);
        pools.writer.execute(raw_sql(Tables::migration(pools.dialect))).await.expect("the tables are made");
        Fixture { pools, tables, _directory: directory }
    }

    pub async fn reader(&self) -> Box<dyn Connection> {
        self.pools.read().await.expect("a connection")
    }

    pub async fn begin(&self) -> Box<dyn Transaction> {
        self.pools.begin().await.expect("a transaction")
    }

    /// Appends entries in a transaction of their own.
    pub async fn append(&self, entries: &[NewEntry<'_>]) -> Vec<u64> {
        let mut write = self.begin().await;
        let numbers = self.tables.append(&mut *write, entries).await.expect("entries");
        write.commit().await.expect("a commit");
        numbers
    }

    /// Appends entries without anything special, `{"n":0}`, `{"n":1}` and so on.
    pub async fn append_some(&self, room: &Room, count: usize) {
        let data: Vec<Encoded> = (0..count).map(|n| data(&json!({ "n": n }))).collect();
        let entries: Vec<_> = data.iter().map(|data| entry(room, data)).collect();
        self.append(&entries).await;
    }

    /// The requests that were carried out under these keys, in the order of the keys, found by one query.
    pub async fn keys_find(&self, connection: &mut dyn Connection, keys: &[Key<'_>]) -> Vec<Option<Sent>> {
        let question = self.tables.keys_question(keys);
        let mut answers = Answers::default();
        let rows = connection.run(self.pools.dialect.asked(vec![question]).statement()).await.expect("an answer");
        answers.add(&rows).expect("an answer");
        let mut found = vec![None; keys.len()];
        for (number, sent) in Tables::keys_found(&answers, 0).expect("keys") {
            found[number] = Some(sent);
        }
        found
    }

    pub async fn position(&self, room: &Room) -> Position {
        self.tables.position(&mut *self.reader().await, room).await.expect("a position")
    }

    /// The position of a number in the current epoch.
    pub async fn at(&self, room: &Room, seq: u64) -> Position {
        Position { seq, ..self.position(room).await }
    }

    /// The page after a number.
    pub async fn page(&self, room: &Room, seq: u64) -> Page {
        let since = self.at(room, seq).await;
        self.tables.read(&mut *self.reader().await, room, &since).await.expect("a page")
    }

    /// The numbers and payloads of the page after a number, which is not lost.
    pub async fn shown(&self, room: &Room, seq: u64) -> Vec<(u64, String)> {
        let Page::Entries { entries, .. } = self.page(room, seq).await else { panic!("{room} is lost after {seq}") };
        entries.iter().map(|entry| (entry.seq, entry.data.get().to_owned())).collect()
    }

    /// All entries after a number, and the number of queries that reading them takes.
    pub async fn read_all(&self, room: &Room, seq: u64) -> (Vec<Entry>, usize) {
        let (mut all, mut since) = (Vec::new(), self.at(room, seq).await);
        let mut reader = Counting { connection: self.reader().await, statements: 0 };
        loop {
            match self.tables.read(&mut reader, room, &since).await.expect("a page") {
                Page::Entries { mut entries, reached, head } => {
                    all.append(&mut entries);
                    since.seq = reached;
                    if reached == head {
                        return (all, reader.statements);
                    }
                }
                Page::Lost => panic!("{room} is lost after {}", since.seq),
            }
        }
    }

    pub async fn is_lost(&self, room: &Room, seq: u64) -> bool {
        matches!(self.page(room, seq).await, Page::Lost)
    }

    /// Runs a statement that the log itself has no use for.
    pub async fn run_sql(&self, statement: &str) {
        self.pools.writer.execute(raw_sql(AssertSqlSafe(statement.to_owned()))).await.expect("the statement runs");
    }
}

fn pool(url: &str, setup: &'static str, connections: u32) -> AnyPool {
    install_default_drivers();
    AnyPoolOptions::new()
        .max_connections(connections)
        .after_connect(move |connection, _| {
            Box::pin(async move { connection.execute(raw_sql(setup)).await.map(|_| ()) })
        })
        .connect_lazy(url)
        .expect("a URL")
}

/// A connection that counts the statements that run on it.
pub struct Counting<C: ?Sized> {
    pub connection: Box<C>,
    pub statements: usize,
}

impl<C: Connection + ?Sized> Connection for Counting<C> {
    fn run(&mut self, statement: Statement) -> BoxFuture<'_, Result<Vec<AnyRow>, sqlx::Error>> {
        self.statements += 1;
        self.connection.run(statement)
    }
}

/// Declares tests that run on SQLite and on PostgreSQL, each with its own fixture.
macro_rules! on_both {
    ($(async fn $name:ident($fixture:ident) $body:block)+) => {
        $(
            mod $name {
                #[allow(unused_imports, reason = "not every test names something of its file")]
                use super::*;

                async fn run($fixture: $crate::fixture::Fixture) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn on_sqlite() {
                    run($crate::fixture::Fixture::sqlite().await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn on_postgres() {
                    run($crate::fixture::Fixture::postgres().await).await;
                }
            }
        )+
    };
}

pub(crate) use on_both;

pub fn board(id: &str) -> Room {
    Room { scope: "board", id: id.to_owned() }
}

pub fn desk(id: &str) -> Room {
    Room { scope: "desk", id: id.to_owned() }
}

pub fn data(value: &serde_json::Value) -> Encoded {
    encode(value).expect("JSON")
}

pub fn entry<'e>(room: &'e Room, data: &'e Encoded) -> NewEntry<'e> {
    NewEntry { room, event: "drawn", data, about: None, embeds: None }
}
