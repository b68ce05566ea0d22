//! A database's URL: what it names, how to connect to that, and what errors say of it.

use std::{
    fs,
    path::{Path, PathBuf, absolute},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    AnyPool,
    any::{AnyConnectOptions, AnyPoolOptions},
    raw_sql,
};

use super::{Dialect, OpenProblem};

/// How long a call waits for a connection that is free.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// What each connection to SQLite begins with. A commit is on disk when it returns: that is `synchronous = FULL`.
const SQLITE_SETUP: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;";
/// What each connection to PostgreSQL begins with. Neither a statement nor what it waits for goes on for ever, and a node
/// that has gone away does not hold its locks.
const POSTGRES_SETUP: &str = "SET synchronous_commit = on; SET statement_timeout = '15s'; SET lock_timeout = '10s';
     SET idle_in_transaction_session_timeout = '15s';";

/// A URL, understood.
pub(super) struct Address {
    pub(super) dialect: Dialect,
    pub(super) options: AnyConnectOptions,
    /// The file, for SQLite.
    path: PathBuf,
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

    pub(super) fn setup(&self) -> &'static str {
        match self.dialect {
            Dialect::Sqlite => SQLITE_SETUP,
            Dialect::Postgres => POSTGRES_SETUP,
        }
    }

    /// At most so many connections, made when they are needed.
    pub(super) fn pool(&self, connections: u32) -> AnyPool {
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
    pub(super) fn problem(&self, error: sqlx::Error) -> OpenProblem {
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
