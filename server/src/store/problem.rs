//! The problems that keep a database from being opened.

use std::{io, path::PathBuf};

/// A problem with a database, and its remedy.
#[derive(Debug, thiserror::Error)]
pub enum OpenProblem {
    /// The URL names an unknown kind of database.
    #[error("this is not a database URL; write sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE")]
    Url,
    /// The URL asks for SQLite in memory.
    #[error("an in-memory database cannot be shared by several connections; name a file, like sqlite://data/accord.db")]
    InMemory,
    /// The path of the file is a directory.
    #[error("{} is a directory; name a file in it, like sqlite://{}/accord.db", .0.display(), .0.display())]
    Directory(PathBuf),
    /// The file's directory cannot be made or used.
    #[error("its directory {} cannot be used: {error}; create it, and let this user write to it", directory.display())]
    Folder {
        /// The directory.
        directory: PathBuf,
        /// The operating system's error.
        #[source]
        error: io::Error,
    },
    /// There is no such file.
    #[error("there is no file {}; name the one that was restored", .0.display())]
    Missing(PathBuf),
    /// The file cannot be opened.
    #[error("{} cannot be opened: {reason}; let this user read and write it and its directory", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// SQLite's error.
        reason: String,
    },
    /// The file is not a database.
    #[error(
        "{} is not a SQLite database, or is damaged: {reason}; name another file, or restore this one",
        path.display()
    )]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// SQLite's error.
        reason: String,
    },
    /// Another server has the file.
    #[error("another server{} is using it; stop that server, or name another file", by_whom(.holder))]
    InUse {
        /// The number of the server's process, if it is known.
        holder: Option<u32>,
    },
    /// The lock of a server cannot be taken.
    #[error("{} cannot be locked: {error}; let this user write to its directory", path.display())]
    Lock {
        /// The lock's file.
        path: PathBuf,
        /// The operating system's error.
        #[source]
        error: io::Error,
    },
    /// Another process keeps the database locked.
    #[error("it is locked by another process; stop that process, or name another file")]
    Locked,
    /// PostgreSQL cannot be reached.
    #[error("PostgreSQL cannot be reached: {0}; start it, or correct the host and port")]
    Unreachable(String),
    /// PostgreSQL refuses this user.
    #[error("PostgreSQL refused the user or password: {0}; correct them")]
    Credentials(String),
    /// A pooler in front of PostgreSQL refuses a startup parameter.
    #[error(
        "the pooler in front of PostgreSQL refuses a connection: {0}; set `ignore_startup_parameters = extra_float_digits` \
         in the settings of PgBouncer"
    )]
    Pooler(String),
    /// PostgreSQL has no such database.
    #[error("PostgreSQL has no such database: {0}; create it with createdb, or correct the name")]
    NoSuchDatabase(String),
    /// The database cannot hold all characters.
    #[error("its encoding is {0}; create it with ENCODING 'UTF8'")]
    Encoding(String),
    /// The database has a schema that this binary does not know.
    #[error(
        "its schema has version {0}, which this binary does not know; run the newer binary that made it, or name \
         another database"
    )]
    NewerSchema(i64),
    /// The tables could not be made.
    #[error("its schema cannot be migrated: {0}; use a dedicated database in which this user may create tables")]
    Migration(String),
    /// Another problem.
    #[error("{0}")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

fn by_whom(holder: &Option<u32>) -> String {
    holder.map_or_else(String::new, |process| format!(" (process {process})"))
}
