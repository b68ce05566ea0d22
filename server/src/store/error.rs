//! Errors of any method of the store.

use std::sync::Arc;

use accord_runtime::causes::{Busy, MembershipEnded};

use super::{Dialect, FileLost, address::sqlite};

/// A failure that the caller has not caused. Nothing has changed, unless it was a commit that failed: then it is not known
/// whether anything has.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// A query failed, or the database could not be reached.
    #[error("the database failed: {0}")]
    Database(#[from] DatabaseError),
    /// The database's file is gone, so a change would be lost.
    #[error(transparent)]
    File(#[from] FileLost),
    /// The membership ended after it had been proven.
    #[error("a change was not written")]
    MembershipEnded(#[source] MembershipEnded),
    /// Too many changes wait to be written.
    #[error("a change was not written")]
    Busy(#[source] Busy),
    /// A text that a database cannot store has passed validation.
    #[error("{what} contains U+0000, which a database cannot store: validate it first")]
    Nul {
        /// A description of the text.
        what: &'static str,
    },
    /// The store has a bug.
    #[error("the store has a fault: {0}")]
    Fault(Arc<str>),
}

impl StoreError {
    /// Whether the database itself is unavailable, for any request.
    pub(super) fn is_outage(&self, dialect: Dialect) -> bool {
        match self {
            StoreError::File(_) => true,
            StoreError::Database(DatabaseError(error)) => error
                .as_database_error()
                .is_none_or(|error| error.code().is_some_and(|code| stands_still(dialect, &code))),
            StoreError::MembershipEnded(_) | StoreError::Busy(_) | StoreError::Nul { .. } | StoreError::Fault(_) => {
                false
            }
        }
    }
}

/// Whether a database with this error cannot carry out any request at the moment: it is locked as a whole, its disk is
/// full or fails, it is read-only, it stops, or a pooler has lost it.
fn stands_still(dialect: Dialect, code: &str) -> bool {
    match dialect {
        Dialect::Sqlite => matches!(
            code.parse::<u32>().unwrap_or(0) & 0xff,
            sqlite::BUSY | sqlite::READONLY | sqlite::IOERR | sqlite::FULL | sqlite::CANTOPEN
        ),
        // SQLSTATE: connections, insufficient resources, shutdowns, system errors, read-only transactions.
        Dialect::Postgres => ["08", "53", "57P", "58", "25006"].iter().any(|class| code.starts_with(class)),
    }
}

/// The database driver's error.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
pub struct DatabaseError(Arc<sqlx::Error>);

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::Database(DatabaseError(Arc::new(error)))
    }
}

/// Lets `?` turn the driver's error into the `Store` variant of each error type.
macro_rules! from_driver {
    ($($error:ty),+) => {
        $(impl From<sqlx::Error> for $error {
            fn from(error: sqlx::Error) -> Self {
                <$error>::Store(error.into())
            }
        })+
    };
}

pub(super) use from_driver;

#[cfg(test)]
mod tests {
    use sqlx::{AnyConnection, Connection, any::install_default_drivers, raw_sql};

    use super::*;

    #[tokio::test]
    async fn a_database_without_room_stands_still_and_one_that_refuses_a_statement_does_not() {
        install_default_drivers();
        let directory = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite://{}?mode=rwc", directory.path().join("small.db").display());
        let mut connection = AnyConnection::connect(&url).await.expect("a database");
        let small = "PRAGMA max_page_count = 4; CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT);";
        raw_sql(small).execute(&mut connection).await.expect("a table");
        for (statement, expected) in [
            ("INSERT INTO t VALUES (1, hex(zeroblob(100000)))", true),
            ("INSERT INTO t VALUES (1, 'one'), (1, 'again')", false),
            ("INSERT INTO missing VALUES (1)", false),
        ] {
            let error = StoreError::from(raw_sql(statement).execute(&mut connection).await.expect_err(statement));
            assert_eq!(error.is_outage(Dialect::Sqlite), expected, "{error}");
        }
    }

    #[test]
    fn the_codes_of_a_database_that_stands_still() {
        let of = |dialect, codes: &[&str]| codes.iter().filter(|code| stands_still(dialect, code)).count();
        // Locked, also by a recovery; read-only; an error of a write; full; no file.
        assert_eq!(of(Dialect::Sqlite, &["5", "261", "8", "778", "13", "14"]), 6);
        // Any error, no memory, a constraint, no code.
        assert_eq!(of(Dialect::Sqlite, &["1", "7", "19", "1811", ""]), 0);
        // A pooler without its server, a full disk, too many connections, shutdowns, an error of a read, a standby.
        let postgres = ["08P01", "53100", "53300", "57P01", "57P02", "57P03", "58030", "25006"];
        assert_eq!(of(Dialect::Postgres, &postgres), postgres.len());
        // A constraint, a lock that was waited for, a statement that took too long, a deadlock.
        assert_eq!(of(Dialect::Postgres, &["23514", "55P03", "57014", "40P01"]), 0);
    }
}
