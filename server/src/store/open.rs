//! Opening a database: what its URL says, its connections, its schema.

use std::{
    fs, io,
    path::{Path, PathBuf, absolute},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sqlx::{
    AnyPool, ConnectOptions, Connection,
    any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers},
    migrate::{MigrateError, Migrator},
    raw_sql,
};
use tokio::time::{sleep, timeout};

use super::{Dialect, Store, StoreError, cursor};

/// What brings a database of any age to the schema of this binary.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long the first connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a call waits for a connection that is free.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the database may take to answer that it is there.
const PING_TIMEOUT: Duration = Duration::from_secs(2);
/// Connections to PostgreSQL, of the hundred that it grants unless told otherwise.
const POSTGRES_CONNECTIONS: u32 = 20;
/// Connections that read from SQLite.
const SQLITE_READERS: u32 = 4;
/// How often the schema is tried to be brought up to date. SQLite has no lock for that: of two processes that start at
/// once, one fails, and finds it done when it tries again.
const MIGRATION_ATTEMPTS: usize = 5;

/// What each connection to SQLite begins with. A commit is on disk when it returns: that is `synchronous = FULL`.
const SQLITE_SETUP: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;";
/// What each connection to PostgreSQL begins with. Neither a statement nor what it waits for goes on for ever, and a node
/// that has gone away does not hold its locks.
const POSTGRES_SETUP: &str = "SET synchronous_commit = on; SET statement_timeout = '15s'; SET lock_timeout = '10s';
     SET idle_in_transaction_session_timeout = '15s';";

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot open the database {database}: {problem}")]
pub struct OpenError {
    /// The database's URL, without a password.
    pub database: String,
    /// What is wrong, and what to do.
    #[source]
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

/// A URL, understood.
struct Address {
    dialect: Dialect,
    options: AnyConnectOptions,
    /// The file, for SQLite.
    path: PathBuf,
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

impl Address {
    fn parse(url: &str) -> Result<Self, OpenProblem> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            return Address::of_file(path.split_once('?').map_or(path, |(path, _)| path));
        }
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(OpenProblem::Url);
        }
        let options = AnyConnectOptions::from_str(url).map_err(|_| OpenProblem::Url)?;
        Ok(Address { dialect: Dialect::Postgres, options, path: PathBuf::new() })
    }

    /// The address of a file, whose directories are made.
    fn of_file(path: &str) -> Result<Self, OpenProblem> {
        if path.starts_with(":memory:") {
            return Err(OpenProblem::InMemory);
        }
        let path = Path::new(path);
        let Some(name) = path.file_name() else { return Err(OpenProblem::Url) };
        if path.is_dir() {
            return Err(OpenProblem::Directory(path.to_owned()));
        }
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Without links and `..`, which a URL would take for something else.
        let folder = fs::create_dir_all(directory).and_then(|()| absolute(directory)).and_then(fs::canonicalize);
        let folder = folder.map_err(|error| OpenProblem::Folder { directory: directory.to_owned(), error })?;
        let file = folder.join(name);
        let encoded: String = file
            .as_os_str()
            .as_encoded_bytes()
            .iter()
            .map(|byte| match byte {
                b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(*byte).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect();
        let options =
            AnyConnectOptions::from_str(&format!("sqlite://{encoded}?mode=rwc")).map_err(|_| OpenProblem::Url)?;
        Ok(Address { dialect: Dialect::Sqlite, options, path: path.to_owned() })
    }

    fn setup(&self) -> &'static str {
        match self.dialect {
            Dialect::Sqlite => SQLITE_SETUP,
            Dialect::Postgres => POSTGRES_SETUP,
        }
    }

    /// At most so many connections, made when they are needed.
    fn pool(&self, connections: u32) -> AnyPool {
        let setup = self.setup();
        let options = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // A file does not go away as a server does.
            .test_before_acquire(self.dialect == Dialect::Postgres)
            .after_connect(move |connection, _| {
                Box::pin(async move { raw_sql(setup).execute(connection).await.map(|_| ()) })
            });
        options.connect_lazy_with(self.options.clone())
    }

    /// What an error of the driver means.
    fn problem(&self, error: sqlx::Error) -> OpenProblem {
        let reason = error.to_string();
        let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
        match (self.dialect, code.as_deref()) {
            (Dialect::Sqlite, Some(code)) => match code.parse::<u32>().unwrap_or(0) & 0xff {
                sqlite::BUSY | sqlite::LOCKED => OpenProblem::Locked,
                sqlite::PERM | sqlite::READONLY | sqlite::IOERR | sqlite::FULL | sqlite::CANTOPEN => {
                    OpenProblem::File { path: self.path.clone(), reason }
                }
                sqlite::CORRUPT | sqlite::NOTADB => OpenProblem::NotADatabase { path: self.path.clone(), reason },
                _ => OpenProblem::Other(error.into()),
            },
            // Classes of SQLSTATE: 28 is authorization, 3D000 an unknown database.
            (Dialect::Postgres, Some(code)) if code.starts_with("28") => OpenProblem::Credentials(reason),
            (Dialect::Postgres, Some("3D000")) => OpenProblem::NoSuchDatabase(reason),
            _ => match error {
                sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolTimedOut => {
                    OpenProblem::Unreachable(reason)
                }
                sqlx::Error::Configuration(_) => OpenProblem::Url,
                other => OpenProblem::Other(other.into()),
            },
        }
    }
}

/// SQLite's result codes, <https://www.sqlite.org/rescode.html>.
mod sqlite {
    pub const PERM: u32 = 3;
    pub const BUSY: u32 = 5;
    pub const LOCKED: u32 = 6;
    pub const READONLY: u32 = 8;
    pub const IOERR: u32 = 10;
    pub const CORRUPT: u32 = 11;
    pub const FULL: u32 = 13;
    pub const CANTOPEN: u32 = 14;
    pub const NOTADB: u32 = 26;
}

/// A database's URL, fit for messages: no password, and nothing of what may name one behind a question mark.
pub(crate) fn without_password(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(url, _)| url);
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    // A password may contain a slash or an at sign that ought to have been escaped.
    match rest.rsplit_once('@') {
        Some((login, place)) => format!("{scheme}://{}@{place}", login.split(':').next().unwrap_or_default()),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        let cases = [
            ("postgres://ann:secret@host:5432/chat", "postgres://ann@host:5432/chat"),
            ("postgres://ann:sec/r@t@host/chat", "postgres://ann@host/chat"),
            ("postgres://host/chat?user=ann&password=secret", "postgres://host/chat"),
            ("sqlite://data/accord.db", "sqlite://data/accord.db"),
            ("accord.db", "accord.db"),
        ];
        for (url, shown) in cases {
            assert_eq!(without_password(url), shown);
        }
    }
}
