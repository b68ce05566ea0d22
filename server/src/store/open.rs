//! Opening a database: what its URL says, its connections, its schema.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use sqlx::{
    AnyPool, ConnectOptions, Connection,
    any::install_default_drivers,
    migrate::{MigrateError, Migrator},
    raw_sql,
};
use tokio::time::{sleep, timeout};

use super::{
    Dialect, Store, StoreError,
    address::{Address, without_password},
    cursor,
};

/// What brings a database of any age to the schema of this binary.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long the first connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the database may take to answer that it is there.
const PING_TIMEOUT: Duration = Duration::from_secs(2);
/// Connections to PostgreSQL, of the hundred that it grants unless told otherwise.
const POSTGRES_CONNECTIONS: u32 = 20;
/// Connections that read from SQLite.
const SQLITE_READERS: u32 = 4;
/// How often the schema is tried to be brought up to date. SQLite has no lock for that: of two processes that start at
/// once, one fails, and finds it done when it tries again.
const MIGRATION_ATTEMPTS: usize = 5;

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the database {database}: {problem}")]
pub struct OpenError {
    /// The database's URL, without a password.
    pub database: String,
    /// What is wrong, and what to do.
    pub problem: OpenProblem,
}

/// What is wrong with a database, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenProblem {
    /// The URL names no database that is known.
    #[error("this is no URL of one; write sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE")]
    Url,
    /// The URL asks for SQLite in memory.
    #[error("a database in memory is shared by no two connections; name a file, like sqlite://data/accord.db")]
    InMemory,
    /// There is a directory where the file should be.
    #[error("{} is a directory; name a file in it, like sqlite://{}/accord.db", .0.display(), .0.display())]
    Directory(PathBuf),
    /// The file's directory cannot be made or used.
    #[error("its directory {} cannot be used: {error}; create it, and let this user write in it", directory.display())]
    Folder {
        /// The directory.
        directory: PathBuf,
        /// What the operating system said.
        #[source]
        error: io::Error,
    },
    /// The file cannot be opened.
    #[error("{} cannot be opened: {reason}; let this user read and write it and its directory", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// The file is something else.
    #[error("{} is no SQLite database, or is damaged: {reason}; name another file, or restore this one", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// Another process keeps the database locked.
    #[error("it is locked by another process; end that, or name another file")]
    Locked,
    /// PostgreSQL cannot be reached.
    #[error("PostgreSQL cannot be reached: {0}; start it, or correct the host and port")]
    Unreachable(String),
    /// PostgreSQL does not let this user in.
    #[error("PostgreSQL refused the user or password: {0}; correct them")]
    Credentials(String),
    /// PostgreSQL has no such database.
    #[error("PostgreSQL has no such database: {0}; create it with createdb, or correct the name")]
    NoSuchDatabase(String),
    /// The database cannot hold all characters.
    #[error("its encoding is {0}; create it with ENCODING 'UTF8'")]
    Encoding(String),
    /// The database has a schema that this binary does not know.
    #[error(
        "its schema has version {0}, which this binary does not know; run the newer binary that made it, or name another database"
    )]
    NewerSchema(i64),
    /// The tables could not be made.
    #[error(
        "its schema cannot be brought up to date: {0}; use a database of its own, which this user may create tables in"
    )]
    Migration(String),
    /// Anything else.
    #[error("{0}")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Store {
    /// Opens the database at `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, and brings its schema up to
    /// date. A file and its directories are created where they are missing.
    ///
    /// # Errors
    /// If there is no usable database at the URL: the error says what is wrong, with what, and what to do, and never
    /// contains a password.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        install_default_drivers();
        open(url).await.map_err(|problem| OpenError { database: without_password(url), problem })
    }

    /// Makes sure that the database answers, within two seconds.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let answer = sqlx::query("SELECT COUNT(*) FROM settings").fetch_one(&self.reader);
        timeout(PING_TIMEOUT, answer).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        Ok(())
    }

    /// Closes all connections, once what is under way has ended. SQLite's journal is merged into the file.
    pub async fn close(&self) {
        self.reader.close().await;
        if self.dialect == Dialect::Sqlite {
            self.writer.close().await;
        }
    }
}

async fn open(url: &str) -> Result<Store, OpenProblem> {
    let address = Address::parse(url)?;
    let (writer, reader) = match address.dialect {
        Dialect::Sqlite => (address.pool(1), address.pool(SQLITE_READERS)),
        Dialect::Postgres => {
            let pool = address.pool(POSTGRES_CONNECTIONS);
            (pool.clone(), pool)
        }
    };
    let cursor_key = timeout(CONNECT_TIMEOUT, prepare(&address, &writer)).await.unwrap_or_else(|_| {
        let silence = format!("no answer within {} s", CONNECT_TIMEOUT.as_secs());
        Err(if address.dialect == Dialect::Sqlite { OpenProblem::Locked } else { OpenProblem::Unreachable(silence) })
    })?;
    Ok(Store { dialect: address.dialect, writer, reader, cursor_key: Arc::new(cursor_key) })
}

/// Connects by itself, for a pool would hide why it cannot; brings the schema up to date and reads what all calls need.
async fn prepare(address: &Address, pool: &AnyPool) -> Result<cursor::Key, OpenProblem> {
    let mut connection = address.options.connect().await.map_err(|error| address.problem(error))?;
    raw_sql(address.setup()).execute(&mut connection).await.map_err(|error| address.problem(error))?;
    if address.dialect == Dialect::Postgres {
        let (encoding,): (String,) = sqlx::query_as(
            "SELECT pg_encoding_to_char(encoding)::TEXT FROM pg_database WHERE datname = current_database()",
        )
        .fetch_one(&mut connection)
        .await
        .map_err(|error| address.problem(error))?;
        if encoding != "UTF8" {
            return Err(OpenProblem::Encoding(encoding));
        }
    }
    connection.close().await.map_err(|error| address.problem(error))?;
    migrate(address, pool).await?;
    cursor::Key::load(pool).await.map_err(|error| address.problem(error))
}

async fn migrate(address: &Address, pool: &AnyPool) -> Result<(), OpenProblem> {
    let mut attempts = 1;
    loop {
        match MIGRATIONS.run(pool).await {
            Ok(()) => return Ok(()),
            Err(MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version)) => {
                return Err(OpenProblem::NewerSchema(version));
            }
            Err(_) if address.dialect == Dialect::Sqlite && attempts < MIGRATION_ATTEMPTS => {
                attempts += 1;
                sleep(Duration::from_millis(100)).await;
            }
            Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
                return Err(match address.problem(error) {
                    OpenProblem::Other(error) => OpenProblem::Migration(error.to_string()),
                    problem => problem,
                });
            }
            Err(error) => return Err(OpenProblem::Migration(error.to_string())),
        }
    }
}
