//! Revocations of users: the moments up to which their tokens are refused.

use std::time::Duration;

use sqlx::{FromRow, Row, any::AnyRow};
use tokio::time::timeout;

use super::{Store, StoreError, Timestamp, sql::storable};

/// The maximum number of revocations that are read at a time.
const PAGE: i64 = 1000;

/// A user's newest revocation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Revocation {
    /// Its place among all revocations. Revocations that are committed later have greater numbers.
    pub number: i64,
    /// The user's id.
    pub user_id: String,
    /// The moment of the revocation.
    pub revoked_at: Timestamp,
}

impl Store {
    /// Revokes a user now; returns `false` if there is no such user.
    pub async fn user_revoke(&self, user_id: &str) -> Result<bool, StoreError> {
        if !storable(user_id) {
            return Ok(false);
        }
        let mut write = self.begin().await?;
        let known: Option<(String,)> =
            sqlx::query_as("SELECT id FROM users WHERE id = $1").bind(user_id).fetch_optional(&mut write).await?;
        if known.is_none() {
            return Ok(false);
        }
        let (number,): (i64,) = sqlx::query_as(
            "UPDATE settings SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT) WHERE name = 'revocations'
             RETURNING CAST(value AS BIGINT)",
        )
        .fetch_one(&mut write)
        .await?;
        // Another server's clock may be ahead of this one's: its later revocation stays valid.
        sqlx::query(
            "INSERT INTO revocations (user_id, number, revoked_at) VALUES ($1, $2, $3)
             ON CONFLICT (user_id) DO UPDATE SET number = excluded.number, revoked_at =
             CASE WHEN excluded.revoked_at > revocations.revoked_at THEN excluded.revoked_at ELSE revocations.revoked_at END",
        )
        .bind(user_id)
        .bind(number)
        .bind(self.clock.now())
        .execute(&mut write)
        .await?;
        write.commit().await?;
        self.revoked.notify_one();
        Ok(true)
    }

    /// When a user was revoked last, if ever.
    pub async fn revoked_at(&self, user_id: &str) -> Result<Option<Timestamp>, StoreError> {
        if !storable(user_id) {
            return Ok(None);
        }
        let found: Option<(Timestamp,)> = sqlx::query_as("SELECT revoked_at FROM revocations WHERE user_id = $1")
            .bind(user_id)
            .fetch_optional(&mut self.read().await?)
            .await?;
        Ok(found.map(|(revoked_at,)| revoked_at))
    }

    /// The revocations after a number, in the order of their numbers: the first thousand of them.
    pub async fn revocations_after(&self, number: i64) -> Result<Vec<Revocation>, StoreError> {
        let select = "SELECT number, user_id, revoked_at FROM revocations WHERE number > $1 ORDER BY number LIMIT $2";
        Ok(sqlx::query_as(select).bind(number).bind(PAGE).fetch_all(&mut self.read().await?).await?)
    }

    /// Waits until this store revokes a user, or until this time has passed.
    pub async fn revocation_awaited(&self, longest: Duration) {
        timeout(longest, self.revoked.notified()).await.ok();
    }
}

impl FromRow<'_, AnyRow> for Revocation {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Revocation {
            number: row.try_get("number")?,
            user_id: row.try_get("user_id")?,
            revoked_at: row.try_get("revoked_at")?,
        })
    }
}
