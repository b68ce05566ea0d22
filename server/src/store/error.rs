//! What can go wrong in any method of the store.

use accord_runtime::Room;

/// A failure that no caller brought about. Nothing has been changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not do what it was asked, or could not be reached.
    #[error("the database failed: {0}")]
    Database(#[from] DatabaseError),
    /// The membership ended after it had been proven.
    #[error("the membership of user {user:?} in {room} ended while the call was being worked on")]
    MembershipEnded {
        /// Whose membership.
        user: String,
        /// In which room.
        room: Room,
    },
    /// A text that a database cannot hold came past validation.
    #[error("{what} contains U+0000, which a database cannot hold: validate it before it is stored")]
    Nul {
        /// What the text is.
        what: &'static str,
    },
}

/// What the database driver said.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DatabaseError(sqlx::Error);

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::Database(DatabaseError(error))
    }
}

/// Lets `?` turn what the driver says into the `Store` variant of each error.
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
