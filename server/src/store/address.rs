//! A database's URL: the database that it names, connections to it, and the meaning of its errors.

use std::{
    fs,
    path::{Path, PathBuf, absolute},
    str::FromStr,
    time::{Duration, Instant},
};

use sqlx::{
    AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions, Row,
    any::{AnyConnectOptions, AnyPoolOptions},
    raw_sql,
};
use tokio::time::sleep;

use super::{Dialect, OpenProblem};

/// The time that a call waits for a free connection.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// The time that SQLite waits for a lock: `busy_timeout` in [`SQLITE_SETUP`].
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The pause before the next attempt to set up a new file.
const BUSY_PAUSE: Duration = Duration::from_millis(5);
/// The statements that set up each connection to SQLite. A new file gets pages of half the usual size: a commit writes and syncs
/// whole pages, and a message changes a few bytes in each of eight. With `synchronous = FULL` a commit is on disk when it returns.
/// The query makes SQLite open its write-ahead log. A commit makes a checkpoint by itself only once that log has 8,000 pages: see
/// `checkpoint.rs`.
pub(super) const SQLITE_SETUP: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA page_size = 2048; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;
     PRAGMA wal_autocheckpoint = 8000;
     SELECT COUNT(*) FROM sqlite_schema;";
/// The statements that set up each connection to PostgreSQL. They bound statements and waits for locks, and release the
/// locks of a node that has gone away.
const POSTGRES_SETUP: &str = "SET synchronous_commit = on; SET statement_timeout = '15s'; SET lock_timeout = '10s';
     SET idle_in_transaction_session_timeout = '15s';";
/// The same settings for each transaction on a connection lent by a pooler.
pub(super) const POOLED_BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED;
     SET LOCAL synchronous_commit = on; SET LOCAL statement_timeout = '15s'; SET LOCAL lock_timeout = '10s';
     SET LOCAL idle_in_transaction_session_timeout = '15s';";
/// The same for a transaction that reads one state of the database.
pub(super) const POOLED_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
     SET LOCAL statement_timeout = '15s'; SET LOCAL lock_timeout = '10s';
     SET LOCAL idle_in_transaction_session_timeout = '15s';";
/// A setting that a connection to PostgreSQL asks for as it is made. A pooler refuses it, or does not pass it on.
const DIRECT: &str = "accord.direct";

/// A URL, understood.
pub(super) struct Address {
    pub(super) dialect: Dialect,
    pub(super) options: AnyConnectOptions,
    /// The file, for SQLite.
    pub(super) path: PathBuf,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, OpenProblem> {
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

    /// Opens a single connection, and returns whether it goes to a pooler.
    pub(super) async fn connect(&self) -> Result<(AnyConnection, bool), sqlx::Error> {
        let (mut connection, pooled) = match self.dialect {
            Dialect::Sqlite => (self.options.connect().await?, false),
            Dialect::Postgres => self.connect_to_postgres().await?,
        };
        let (setup, begun) = (self.setup(pooled), Instant::now());
        while let Err(error) = raw_sql(setup).execute(&mut connection).await {
            // Two programs that turn a new file's journal into a write-ahead log at once would wait for each other, so SQLite
            // fails one of them, whatever its timeout.
            let is_busy = self.dialect == Dialect::Sqlite && sqlite_code(&error) == sqlite::BUSY;
            if !is_busy || begun.elapsed() >= BUSY_TIMEOUT {
                return Err(error);
            }
            sleep(BUSY_PAUSE).await;
        }
        Ok((connection, pooled))
    }

    async fn connect_to_postgres(&self) -> Result<(AnyConnection, bool), sqlx::Error> {
        let mut marked = self.options.clone();
        marked.database_url.query_pairs_mut().append_pair(&format!("options[{DIRECT}]"), "on");
        let mut connection = match marked.connect().await {
            Err(error) if refused_parameter(&error).is_some_and(|refused| refused.contains("options")) => {
                return Ok((self.options.connect().await?, true));
            }
            connected => connected?,
        };
        let mark = format!("SELECT COALESCE(current_setting('{DIRECT}', TRUE), '')");
        let mark: String = raw_sql(AssertSqlSafe(mark)).fetch_one(&mut connection).await?.try_get(0)?;
        Ok((connection, mark != "on"))
    }

    fn setup(&self, pooled: bool) -> &'static str {
        match self.dialect {
            Dialect::Sqlite => SQLITE_SETUP,
            // Behind a pooler, session settings would leak to the next client.
            Dialect::Postgres if pooled => "",
            Dialect::Postgres => POSTGRES_SETUP,
        }
    }

    /// A pool of connections to PostgreSQL, up to a maximum number, made when they are needed.
    pub(super) fn pool(&self, connections: u32, pooled: bool) -> AnyPool {
        let setup = self.setup(pooled);
        AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(move |connection, _| {
                Box::pin(async move { raw_sql(setup).execute(connection).await.map(|_| ()) })
            })
            .connect_lazy_with(self.options.clone())
    }

    /// The meaning of a driver's error.
    pub(super) fn problem(&self, error: sqlx::Error) -> OpenProblem {
        let reason = error.to_string();
        let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
        match (self.dialect, code.as_deref()) {
            (Dialect::Sqlite, Some(_)) => match sqlite_code(&error) {
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
            (Dialect::Postgres, _) if refused_parameter(&error).is_some() => OpenProblem::Pooler(reason),
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

/// SQLite's result code without its extension; 0 for any other error.
fn sqlite_code(error: &sqlx::Error) -> u32 {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.unwrap_or(0) & 0xff
}

/// A pooler's refusal of the parameters that connections ask for, if this error is one.
fn refused_parameter(error: &sqlx::Error) -> Option<&str> {
    error
        .as_database_error()
        .map(|error| error.message())
        .filter(|said| said.starts_with("unsupported startup parameter"))
}

/// SQLite's result codes, <https://www.sqlite.org/rescode.html>.
pub(super) mod sqlite {
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

/// A database's URL for messages: without the password, and without the query, which may contain one.
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
    use futures_util::future::join_all;
    use sqlx::any::install_default_drivers;

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

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn a_new_file_is_set_up_by_several_programs_at_once() {
        install_default_drivers();
        let directory = tempfile::tempdir().unwrap();
        for file in 0..100 {
            let url = format!("sqlite://{}/{file}.db", directory.path().display());
            let connects = || {
                let address = Address::parse(&url).unwrap();
                tokio::spawn(async move { address.connect().await.map(drop) })
            };
            for connected in join_all((0..4).map(|_| connects())).await {
                connected.unwrap().unwrap();
            }
        }
    }
}
