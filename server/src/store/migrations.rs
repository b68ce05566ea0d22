//! Migrations, which bring the schema of an older database up to date.

use std::{
    collections::HashMap,
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use accord_log::Tables;
use sqlx::{
    AnyConnection, AssertSqlSafe, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
    query, query_as, raw_sql,
};
use tokio::time::interval_at;

use super::{Clock, Dialect};

/// The migrations of the store's own tables.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The version that gives each room the id of its newest message. [`add_newest_ids`] is applied in its place: its own statements
/// read all messages, in PostgreSQL once for each room.
const NEWEST_ID: i64 = 3;

/// The version that adds the tables of the room log, whose statements differ between the databases.
const ROOM_LOG: i64 = 5;

/// The key of our advisory lock in PostgreSQL.
const LOCK: i64 = 0x6163_636f_7264;

/// The lines that the log has about a migration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling {
    /// The number of messages, rooms and users from which it says anything.
    pub(super) from: u64,
    /// The interval at which it logs that the migration is running.
    pub(super) every: Duration,
}

impl Default for Telling {
    fn default() -> Self {
        Telling { from: 100_000, every: Duration::from_secs(5) }
    }
}

/// The reason that a migration failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum MigrationError {
    /// The database has a version that this binary does not know, or knows with other content.
    #[error("version {0} of the schema is not known")]
    Unknown(i64),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Applies the missing migrations in the open transaction: all or none, and one process at a time. The table of applied
/// migrations is sqlx's. Its own migrator takes a session lock and prepares statements outside of transactions; neither
/// works through a pooler that lends connections by the transaction.
pub(super) async fn apply(
    connection: &mut AnyConnection,
    dialect: Dialect,
    telling: Telling,
) -> Result<(), MigrationError> {
    let (bytes, time) = match dialect {
        Dialect::Sqlite => ("BLOB", "TIMESTAMP"),
        Dialect::Postgres => ("BYTEA", "TIMESTAMPTZ"),
    };
    if dialect == Dialect::Postgres {
        lock(connection, telling).await?;
    }
    let create = format!(
        "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL,
         installed_on {time} NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum {bytes} NOT NULL,
         execution_time BIGINT NOT NULL)"
    );
    raw_sql(AssertSqlSafe(create)).execute(&mut *connection).await?;
    let applied: Vec<(i64, Vec<u8>)> = query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
        .persistent(false)
        .fetch_all(&mut *connection)
        .await?;
    let mut missing = all(dialect);
    let known: HashMap<i64, &[u8]> =
        missing.iter().map(|migration| (migration.version, &*migration.checksum)).collect();
    if let Some((version, _)) = applied.iter().find(|(version, checksum)| known.get(version) != Some(&&checksum[..])) {
        return Err(MigrationError::Unknown(*version));
    }
    missing.retain(|migration| applied.iter().all(|(version, _)| *version != migration.version));
    let size = match (&applied[..], &missing[..]) {
        ([], _) | (_, []) => Size::default(),
        _ => Size::of(connection).await?,
    };
    if size.rows() < telling.from {
        return apply_all(connection, &missing, &AtomicUsize::default()).await;
    }

    let Size { messages, rooms, users, reactions } = size;
    let about = size.seconds();
    tracing::info!(
        messages,
        rooms,
        users,
        reactions,
        "migrating the database to this version, which takes about {about} s"
    );
    let (begun, done) = (Instant::now(), AtomicUsize::new(0));
    let go_on = || {
        let passed = begun.elapsed().as_secs();
        let left = about.saturating_sub(passed);
        let (done, steps) = (done.load(Ordering::Relaxed), missing.len());
        tracing::info!("still migrating the database: {done} of {steps} steps done in {passed} s, about {left} s left");
    };
    telling.while_waiting(apply_all(connection, &missing, &done), go_on).await?;
    tracing::info!("migrated the database in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Waits until no other process migrates this database, however long that takes. Statements may then take long, too,
/// but wait for no lock. The notice that a table exists already is not logged.
async fn lock(connection: &mut AnyConnection, telling: Telling) -> Result<(), sqlx::Error> {
    let settings =
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL client_min_messages = warning";
    raw_sql(settings).execute(&mut *connection).await?;
    let lock = query("SELECT pg_advisory_xact_lock($1)").persistent(false).bind(LOCK).execute(&mut *connection);
    telling
        .while_waiting(lock, || tracing::info!("waiting for another process, which is migrating the database"))
        .await?;
    raw_sql("SET LOCAL lock_timeout = '10s'").execute(connection).await.map(|_| ())
}

/// Applies migrations one after the other, and counts those that are done.
async fn apply_all(
    connection: &mut AnyConnection,
    migrations: &[Migration],
    done: &AtomicUsize,
) -> Result<(), MigrationError> {
    for migration in migrations {
        match migration.version {
            NEWEST_ID => add_newest_ids(connection).await?,
            _ => raw_sql(migration.sql.clone()).execute(&mut *connection).await.map(|_| ())?,
        }
        query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES ($1, $2, TRUE, $3, 0)",
        )
        .persistent(false)
        .bind(migration.version)
        .bind(migration.description.as_ref())
        .bind(migration.checksum.as_ref())
        .execute(&mut *connection)
        .await?;
        done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Gives each room a lower bound for the id of its next message. If no clock was ahead, the newest id of all rooms will
/// do: as the column's default it costs nothing, whereas finding each room's own would read all messages.
async fn add_newest_ids(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let now = Clock::default().id().to_string();
    let select = "SELECT COALESCE((SELECT MAX(id) FROM messages WHERE id <= $1), ''),
                         COALESCE((SELECT MAX(id) FROM messages), '')";
    let (newest, greatest): (String, String) =
        query_as(select).persistent(false).bind(now.clone()).fetch_one(&mut *connection).await?;
    let default = newest.replace('\'', "''");
    let add = format!("ALTER TABLE rooms ADD COLUMN newest_id TEXT NOT NULL DEFAULT '{default}'");
    raw_sql(AssertSqlSafe(add)).execute(&mut *connection).await?;
    // A database without statistics would search all messages.
    if newest == greatest {
        return Ok(());
    }
    let update = "UPDATE rooms SET newest_id = ahead.id
                  FROM (SELECT scope, room_id, MAX(id) AS id FROM messages WHERE id > $1 GROUP BY scope, room_id) AS ahead
                  WHERE ahead.scope = rooms.scope AND ahead.room_id = rooms.id";
    query(update).persistent(false).bind(now).execute(connection).await.map(|_| ())
}

/// The number of rows that a database holds.
#[derive(Default)]
struct Size {
    /// Messages, deleted ones included.
    messages: u64,
    rooms: u64,
    users: u64,
    reactions: u64,
}

impl Size {
    async fn of(connection: &mut AnyConnection) -> Result<Self, sqlx::Error> {
        // Counting messages would take longer than migrating them.
        let select = "SELECT CAST(COALESCE(SUM(last_position), 0) AS BIGINT), COUNT(*), (SELECT COUNT(*) FROM users),
                    (SELECT COUNT(*) FROM reactions) FROM rooms";
        let (messages, rooms, users, reactions): (i64, i64, i64, i64) =
            query_as(select).persistent(false).fetch_one(connection).await?;
        let [messages, rooms, users, reactions] = [messages, rooms, users, reactions].map(i64::unsigned_abs);
        Ok(Size { messages, rooms, users, reactions })
    }

    fn rows(&self) -> u64 {
        self.messages + self.rooms + self.users + self.reactions
    }

    /// The estimated time of the migration. Only users and reactions are read one by one: up to four million users a second, and
    /// less than a tenth of that on a slow disk. Reactions are sorted, too.
    fn seconds(&self) -> u64 {
        1 + self.users / 400_000 + self.reactions / 200_000
    }
}

impl Telling {
    /// Completes a future, and logs at intervals that it is still running.
    async fn while_waiting<T>(self, work: impl Future<Output = T>, tell: impl Fn()) -> T {
        let mut work = pin!(work);
        let mut ticks = interval_at(tokio::time::Instant::now() + self.every, self.every);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                _ = ticks.tick() => tell(),
            }
        }
    }
}

/// All migrations, in the order in which they are applied.
fn all(dialect: Dialect) -> Vec<Migration> {
    let tables = Tables::migration(dialect);
    let room_log = Migration::new(ROOM_LOG, "room log".into(), MigrationType::Simple, tables.into_sql_str(), false);
    let mut all: Vec<Migration> = MIGRATIONS.iter().cloned().chain([room_log]).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests;
