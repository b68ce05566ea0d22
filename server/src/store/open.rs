//! Opens a database: its URL, its connections, its schema.

use std::{fs::File, sync::Arc, time::Duration};

use accord_log::Tables;
use sqlx::{AnyConnection, Connection, Row, any::install_default_drivers, raw_sql};
use tokio::time::timeout;

use crate::protocol::PROTOCOL;

use super::{
    Clock, Dialect, Store,
    address::{Address, without_password},
    connections::Connections,
    cursor,
    file::{self, DatabaseFile},
    log::Followers,
    migrations::{self, MigrationError, Telling},
    problem::OpenProblem,
    readiness::Readiness,
    sqlite::SqliteFile,
    writer::Writer,
};

/// The timeout for the first connection. Migrations have none.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The number of connections to PostgreSQL, which allows a hundred by default.
const POSTGRES_CONNECTIONS: u32 = 20;
/// Connections that read from SQLite.
const SQLITE_READERS: u32 = 4;

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the database {database}: {problem}")]
pub struct OpenError {
    /// The database's URL, without a password.
    pub database: String,
    /// The problem and its remedy.
    pub problem: OpenProblem,
}

impl Store {
    /// Opens the database at `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, and migrates its schema.
    /// A missing file and its missing directories are created.
    ///
    /// # Errors
    /// If there is no usable database at the URL. The error names the database, the problem and the remedy, and never
    /// contains a password.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        open(url, Use::Shared).await.map_err(|problem| OpenError { database: without_password(url), problem })
    }

    /// Opens the database for a server. Servers share one in PostgreSQL; a SQLite file serves one at a time, because the
    /// first would not tell its clients about changes that a second one makes. Other programs may still open the file.
    ///
    /// # Errors
    /// As [`Store::open`], and if another server has the file.
    pub async fn open_to_serve(url: &str) -> Result<Self, OpenError> {
        open(url, Use::Serve).await.map_err(|problem| OpenError { database: without_password(url), problem })
    }

    /// Opens a database that has been restored, as a server does; a missing file is not created.
    ///
    /// # Errors
    /// As [`Store::open_to_serve`], and if there is no such file.
    pub async fn open_restored(url: &str) -> Result<Self, OpenError> {
        open(url, Use::Restored).await.map_err(|problem| OpenError { database: without_password(url), problem })
    }

    /// The store with another clock than the machine's.
    pub fn with_clock(self, clock: Clock) -> Self {
        // What is written in one lane is timed by one clock.
        Store { clock, changes: Arc::new(self.changes.beside()), ..self }
    }

    /// Closes all connections after the calls in progress. SQLite's journal is merged into the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
        self.readiness.close_file().await;
    }
}

/// The purpose that a database is opened for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Use {
    /// For a command beside a server.
    Shared,
    Serve,
    Restored,
}

async fn open(url: &str, purpose: Use) -> Result<Store, OpenProblem> {
    install_default_drivers();
    let address = Address::parse(url)?;
    let exclusive = address.dialect == Dialect::Sqlite && purpose != Use::Shared;
    if exclusive && purpose == Use::Restored && !address.path.exists() {
        return Err(OpenProblem::Missing(address.path));
    }
    let claim = if exclusive { Some(file::claim(&address.path)?) } else { None };
    prepare(&address, claim).await
}

/// Completes a step that a working database finishes soon.
async fn soon<T>(address: &Address, work: impl Future<Output = Result<T, OpenProblem>>) -> Result<T, OpenProblem> {
    timeout(CONNECT_TIMEOUT, work).await.unwrap_or_else(|_| {
        let silence = format!("no answer within {} s", CONNECT_TIMEOUT.as_secs());
        Err(if address.dialect == Dialect::Sqlite { OpenProblem::Locked } else { OpenProblem::Unreachable(silence) })
    })
}

/// Connects without a pool, which would hide the reason of a failure; migrates the schema and reads the cursor key.
async fn prepare(address: &Address, claim: Option<File>) -> Result<Store, OpenProblem> {
    let (mut connection, pooled) = soon(address, begin(address)).await?;
    // A migration has no timeout.
    let cursor_key = prepare_schema(address, &mut connection).await?;
    let (writer, reader, file) = match address.dialect {
        Dialect::Sqlite => {
            let file = Arc::new(DatabaseFile::opened(&address.path, connection, claim).await);
            let opened = Arc::new(SqliteFile { path: address.path.clone(), file: Arc::clone(&file) });
            let connections = |most| Connections::to_file(Arc::clone(&opened), most);
            (connections(1), connections(SQLITE_READERS), Some(file))
        }
        Dialect::Postgres => {
            connection.close().await.map_err(|error| address.problem(error))?;
            let pool = Connections::Server(address.pool(POSTGRES_CONNECTIONS, pooled));
            (pool.clone(), pool, None)
        }
    };
    let (cursor_key, readiness) = (Arc::new(cursor_key), Arc::new(Readiness::new(file)));
    Ok(Store {
        dialect: address.dialect,
        pooled,
        writer,
        reader,
        cursor_key,
        readiness,
        clock: Clock::default(),
        changes: Arc::new(Writer::new(address.dialect).map_err(|error| OpenProblem::Other(error.into()))?),
        lookups: Arc::default(),
        recent_members: Arc::default(),
        tables: Tables::new(address.dialect, PROTOCOL.version),
        followers: Arc::new(Followers::default()),
        revoked: Arc::default(),
    })
}

/// Connects, checks that the database can be used, and begins a transaction. Says whether the connection goes to a pooler.
async fn begin(address: &Address) -> Result<(AnyConnection, bool), OpenProblem> {
    let problem = |error| address.problem(error);
    let (mut connection, pooled) = address.connect().await.map_err(problem)?;
    if address.dialect == Dialect::Postgres {
        let encoding = "SELECT pg_encoding_to_char(encoding)::TEXT FROM pg_database WHERE datname = current_database()";
        let encoding = raw_sql(encoding).fetch_one(&mut connection).await.map_err(problem)?;
        let encoding: String = encoding.try_get(0).map_err(problem)?;
        if encoding != "UTF8" {
            return Err(OpenProblem::Encoding(encoding));
        }
    }
    let begin = if address.dialect == Dialect::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN" };
    raw_sql(begin).execute(&mut connection).await.map_err(problem)?;
    Ok((connection, pooled))
}

/// Migrates the schema, and ends the transaction.
async fn prepare_schema(address: &Address, connection: &mut AnyConnection) -> Result<cursor::Key, OpenProblem> {
    let problem = |error| address.problem(error);
    migrations::apply(connection, address.dialect, Telling::default()).await.map_err(|error| match error {
        MigrationError::Unknown(version) => OpenProblem::NewerSchema(version),
        MigrationError::Database(error) => match address.problem(error) {
            OpenProblem::Other(error) => OpenProblem::Migration(error.to_string()),
            problem => problem,
        },
    })?;
    let cursor_key = cursor::Key::load(connection).await.map_err(problem)?;
    raw_sql("COMMIT").execute(connection).await.map_err(problem)?;
    Ok(cursor_key)
}
