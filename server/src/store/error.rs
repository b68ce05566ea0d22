//! Errors of any method of the store.

use std::sync::Arc;

use accord_runtime::causes::{Busy, MembershipEnded};

use super::FileLost;

/// A failure that is not the caller's fault. Nothing has been changed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// A query failed, or the database could not be reached.
    #[error("the database failed: {0}")]
    Database(#[from] DatabaseError),
    /// The database's file is gone, and a change would be gone with it.
    #[error(transparent)]
    File(#[from] FileLost),
    /// The membership ended after it had been proven.
    #[error("a change was not written")]
    MembershipEnded(#[source] MembershipEnded),
    /// Too many changes wait to be written.
    #[error("a change was not written")]
    Busy(#[source] Busy),
    /// A text that a database cannot hold came past validation.
    #[error("{what} contains U+0000, which a database cannot store: validate it first")]
    Nul {
        /// A description of the text.
        what: &'static str,
    },
    /// The store itself has a fault.
    #[error("the store has a fault: {0}")]
    Fault(Arc<str>),
}

impl StoreError {
    /// Whether the database itself is away or cannot be used, whatever is asked of it.
    pub(super) fn is_outage(&self) -> bool {
        match self {
            StoreError::File(_) => true,
            StoreError::Database(DatabaseError(error)) => error.as_database_error().is_none(),
            StoreError::MembershipEnded(_) | StoreError::Busy(_) | StoreError::Nul { .. } | StoreError::Fault(_) => {
                false
            }
        }
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
