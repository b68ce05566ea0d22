//! Migrations of a database of chat 1.1.0. `tests/run --long` migrates a large one.

use std::{
    io,
    sync::{Arc, Mutex},
};

use accord_runtime::{Identity, Membership, Room};
use accord_tests::postgres;
use sqlx::{Connection, any::install_default_drivers};
use tempfile::TempDir;
use tracing_subscriber::fmt::MakeWriter;

use super::*;
use crate::store::Store;

/// A database of chat 1.1.0.
struct Earlier {
    url: String,
    dialect: Dialect,
    _directory: TempDir,
}

impl Earlier {
    async fn sqlite(messages: u64) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/accord.db?mode=rwc", directory.path().display());
        Earlier { url, dialect: Dialect::Sqlite, _directory: directory }.fill(messages).await
    }

    async fn postgres(messages: u64) -> Self {
        let directory = tempfile::tempdir().unwrap();
        Earlier { url: postgres::database(), dialect: Dialect::Postgres, _directory: directory }.fill(messages).await
    }

    async fn connect(&self) -> AnyConnection {
        install_default_drivers();
        AnyConnection::connect(&self.url).await.unwrap()
    }

    /// Messages in a thousand rooms, or fewer. Those of every twentieth room have been deleted. Each room has its own
    /// user.
    async fn fill(self, messages: u64) -> Self {
        let rooms = messages.min(1000);
        let numbers =
            |count| format!("WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < {count})");
        let (of_rooms, of_messages, text) = (numbers(rooms), numbers(messages), "x".repeat(200));
        let fill = format!(
            "INSERT INTO users (id, name, created_at) {of_rooms} SELECT CAST(n AS TEXT), 'User', 1 FROM n;
             INSERT INTO rooms (scope, id, last_position, message_count, created_at)
             {of_rooms} SELECT 'channel', CAST(n AS TEXT), {messages} / {rooms},
                 CASE WHEN n % 20 = 0 THEN 0 ELSE {messages} / {rooms} END, 1
             FROM n;
             INSERT INTO members (scope, room_id, user_id) {of_rooms} SELECT 'channel', CAST(n AS TEXT), CAST(n AS TEXT) FROM n;
             INSERT INTO messages (id, scope, room_id, position, user_id, content, created_at, updated_at, deleted_at)
             {of_messages} SELECT '018bcfe5-6800-7000-8000-' || CAST(100000000000 + n AS TEXT), 'channel',
                 CAST(n % {rooms} AS TEXT), n / {rooms} + 1, CAST(n % {rooms} AS TEXT), '{text}', 1700000000000,
                 1700000000000, CASE WHEN n % 20 = 0 THEN 1 END
             FROM n;"
        );
        let unchecked = match self.dialect {
            Dialect::Sqlite => "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF",
            Dialect::Postgres => "SET session_replication_role = replica",
        };
        let mut connection = self.connect().await;
        raw_sql(unchecked).execute(&mut connection).await.unwrap();
        let versions = MIGRATIONS.iter().take(2).cloned().collect();
        Migrator::with_migrations(versions).run(&mut connection).await.unwrap();
        raw_sql(AssertSqlSafe(fill)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        self
    }

    /// Migrates the database in a transaction that is left open.
    async fn migrate(&self, from: u64) -> AnyConnection {
        let mut connection = self.connect().await;
        raw_sql("BEGIN").execute(&mut connection).await.unwrap();
        let telling = Telling { from, every: Duration::from_secs(3600) };
        apply(&mut connection, self.dialect, telling).await.unwrap();
        connection
    }

    async fn versions(&self) -> Vec<i64> {
        let mut connection = self.connect().await;
        let rows: Vec<(i64,)> =
            query_as("SELECT version FROM _sqlx_migrations ORDER BY version").fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        rows.into_iter().map(|(version,)| version).collect()
    }
}

/// The lines of the log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Keeps what this thread logs at `info`.
    fn keep(&self) -> tracing::subscriber::DefaultGuard {
        tracing::subscriber::set_default(tracing_subscriber::fmt().with_writer(self.clone()).with_ansi(false).finish())
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Lines;

    fn make_writer(&self) -> Lines {
        self.clone()
    }
}

/// Declares tests that run on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($(#[$attribute:meta])* async fn $name:ident($earlier:ident: $messages:expr) $body:block)+) => {
        $(
            mod $name {
                use super::*;

                async fn run($earlier: Earlier) $body

                $(#[$attribute])*
                #[tokio::test]
                async fn on_sqlite() {
                    run(Earlier::sqlite($messages).await).await;
                }

                $(#[$attribute])*
                #[tokio::test]
                async fn on_postgres() {
                    run(Earlier::postgres($messages).await).await;
                }
            }
        )+
    };
}

on_both! {
    async fn a_large_database_is_told_of_before_and_after(earlier: 40) {
        let log = Lines::default();
        let _kept = log.keep();
        drop(earlier.migrate(120 + 1).await);
        assert_eq!(log.text(), "", "it is small");
        let mut connection = earlier.migrate(120).await;
        let said = log.text();
        let lines: Vec<&str> = said.lines().collect();
        assert_eq!(lines.len(), 2, "{said}");
        assert!(lines[0].contains(" INFO ") && lines[0].contains("which takes about 1 s messages=40 rooms=40 users=40 reactions=0"), "{said}");
        assert!(lines[1].contains(" INFO ") && lines[1].contains("migrated the database in "), "{said}");
        raw_sql("COMMIT").execute(&mut connection).await.unwrap();
        drop(earlier.migrate(1).await);
        assert_eq!(log.text(), said, "nothing is left to migrate");
    }

    async fn a_migration_that_is_interrupted_changes_nothing(earlier: 3) {
        drop(earlier.migrate(0).await);
        assert_eq!(earlier.versions().await, [1, 2]);
        Store::open(&earlier.url).await.unwrap().close().await;
        assert_eq!(earlier.versions().await, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    async fn a_clock_that_was_ahead_concerns_its_own_room(earlier: 3) {
        let mut connection = earlier.connect().await;
        let ahead = "03bb2cc3-d800-7000-8000-000000000000";
        let update = format!("UPDATE messages SET id = '{ahead}' WHERE room_id = '1'");
        raw_sql(AssertSqlSafe(update)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let mut connection = earlier.migrate(0).await;
        let select = "SELECT newest_id FROM rooms ORDER BY id";
        let ids: Vec<(String,)> = query_as(select).fetch_all(&mut connection).await.unwrap();
        let newest = "018bcfe5-6800-7000-8000-100000000002";
        assert_eq!(ids, [newest, ahead, newest].map(|id| (id.to_owned(),)));
    }

    #[ignore = "takes long"]
    async fn a_million_messages_are_migrated(earlier: 1_000_000) {
        let log = Lines::default();
        let _kept = log.keep();
        let begun = Instant::now();
        let store = Store::open(&earlier.url).await.unwrap();
        #[expect(clippy::print_stdout, reason = "the figure is what this test is run for")]
        {
            println!("a database of 1.1.0 with a million messages is open after {:?}\n{}", begun.elapsed(), log.text());
        }
        assert!(log.text().contains("messages=1000000 rooms=1000 users=1000"), "{}", log.text());
        let identity = Identity { id: "7".to_owned(), name: "User".to_owned(), email: None, image: None, admin: false };
        let member = Membership::assumed(Arc::new(identity), Room { scope: "channel", id: "7".to_owned() });
        let page = store.history_page(&member, 1, 100).await.unwrap();
        assert_eq!((page.total, page.messages.len(), page.messages[0].position), (1000, 100, 1000));
        store.close().await;
    }
}

#[tokio::test]
async fn a_long_migration_is_reported_at_intervals() {
    let log = Lines::default();
    let _kept = log.keep();
    let telling = Telling { from: 0, every: Duration::from_millis(1) };
    let until_told_of_twice = async {
        while log.text().lines().count() < 2 {
            tokio::task::yield_now().await;
        }
    };
    telling.while_waiting(until_told_of_twice, || tracing::info!("still busy")).await;
    assert_eq!(log.text().matches("still busy").count(), 2);
}

/// Waits for longer than any statement or lock may take otherwise.
#[tokio::test]
#[ignore = "takes long"]
async fn a_process_waits_while_another_migrates() {
    let earlier = Earlier::postgres(3).await;
    let mut migrating = earlier.migrate(0).await;
    let log = Lines::default();
    let _kept = log.keep();
    let (store, ()) = tokio::join!(Store::open(&earlier.url), async {
        tokio::time::sleep(Duration::from_secs(17)).await;
        raw_sql("COMMIT").execute(&mut migrating).await.unwrap();
    });
    store.unwrap().close().await;
    assert_eq!(log.text().matches("waiting for another process").count(), 3, "{}", log.text());
}
