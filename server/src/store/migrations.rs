//! Migrations, which bring the schema of an older database up to date.

use std::collections::HashMap;

use accord_log::Tables;
use sqlx::{
    AnyConnection, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
    query, query_as, raw_sql,
};

use super::Dialect;

/// The migrations of the store's own tables.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The version that adds the tables of the room log, whose statements differ between the databases.
const ROOM_LOG: i64 = 5;

/// The key of our advisory lock in PostgreSQL.
const LOCK: i64 = 0x6163_636f_7264;

/// The reason that a migration failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum MigrationError {
    /// The database has a version that this binary does not know, or knows otherwise.
    #[error("version {0} of the schema is not known")]
    Unknown(i64),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Applies the missing migrations in the open transaction: all or none, and one process at a time. The table of applied
/// migrations is sqlx's. Its own migrator takes a session lock and prepares statements outside of transactions; neither
/// works through a pooler that lends connections by the transaction.
pub(super) async fn apply(connection: &mut AnyConnection, dialect: Dialect) -> Result<(), MigrationError> {
    let (bytes, time) = match dialect {
        Dialect::Sqlite => ("BLOB", "TIMESTAMP"),
        Dialect::Postgres => ("BYTEA", "TIMESTAMPTZ"),
    };
    if dialect == Dialect::Postgres {
        query("SELECT pg_advisory_xact_lock($1)").persistent(false).bind(LOCK).execute(&mut *connection).await?;
    }
    let create = format!(
        "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL,
         installed_on {time} NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum {bytes} NOT NULL,
         execution_time BIGINT NOT NULL)"
    );
    raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut *connection).await?;
    let applied: Vec<(i64, Vec<u8>)> = query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
        .persistent(false)
        .fetch_all(&mut *connection)
        .await?;
    let migrations = all(dialect);
    let known: HashMap<i64, &[u8]> =
        migrations.iter().map(|migration| (migration.version, &*migration.checksum)).collect();
    if let Some((version, _)) = applied.iter().find(|(version, checksum)| known.get(version) != Some(&&checksum[..])) {
        return Err(MigrationError::Unknown(*version));
    }
    for migration in
        migrations.iter().filter(|migration| applied.iter().all(|(version, _)| *version != migration.version))
    {
        raw_sql(migration.sql.clone()).execute(&mut *connection).await?;
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
    }
    Ok(())
}

/// All migrations, in the order in which they are applied.
fn all(dialect: Dialect) -> Vec<Migration> {
    let tables = Tables::migration(dialect);
    let room_log = Migration::new(ROOM_LOG, "room log".into(), MigrationType::Simple, tables.into_sql_str(), false);
    let mut all: Vec<Migration> = MIGRATIONS.iter().cloned().chain([room_log]).collect();
    all.sort();
    all
}
