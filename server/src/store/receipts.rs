//! Read receipts.

use accord_runtime::Membership;
use sqlx::{FromRow, Row, any::AnyRow};

use super::{Receipt, ReceiptRecord, Store, StoreError, Timestamp, error::from_driver, sql::storable};

/// Why a receipt was not noted.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptPutError {
    /// The room has no such message, or it has been deleted.
    #[error("no such message")]
    MessageNotFound,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

from_driver!(ReceiptPutError);

impl Store {
    /// Notes that the member has read the room's history up to a message, unless it has read further.
    pub async fn receipt_put(&self, membership: &Membership, message_id: &str) -> Result<Receipt, ReceiptPutError> {
        if !storable(message_id) {
            return Err(ReceiptPutError::MessageNotFound);
        }
        let room = membership.room();
        let mut write = self.begin().await?;
        let user = self.member_hold(&mut write, membership).await?;
        let found: Option<(i64, Timestamp)> = sqlx::query_as(
            "SELECT position, created_at FROM messages WHERE id = $1 AND scope = $2 AND room_id = $3 AND deleted_at IS NULL",
        )
        .bind(message_id)
        .bind(room.scope)
        .bind(&room.id)
        .fetch_optional(&mut write)
        .await?;
        let (position, sent_at) = found.ok_or(ReceiptPutError::MessageNotFound)?;
        let further: Option<ReceiptRecord> = sqlx::query_as(
            "UPDATE members SET read_position = $4, read_message_id = $5, read_at = CASE WHEN read_at > $6 THEN read_at ELSE $6 END
             WHERE scope = $1 AND room_id = $2 AND user_id = $3 AND (read_position IS NULL OR read_position < $4)
             RETURNING user_id, read_message_id, read_at",
        )
        .bind(room.scope)
        .bind(&room.id)
        .bind(&user.id)
        .bind(position)
        .bind(message_id)
        .bind(self.clock.now().max(sent_at))
        .fetch_optional(&mut write)
        .await?;
        if let Some(receipt) = further {
            write.commit().await?;
            return Ok(Receipt::Further(receipt));
        }
        let receipt = sqlx::query_as(
            "SELECT user_id, read_message_id, read_at FROM members WHERE scope = $1 AND room_id = $2 AND user_id = $3",
        )
        .bind(room.scope)
        .bind(&room.id)
        .bind(&user.id)
        .fetch_one(&mut write)
        .await?;
        Ok(Receipt::Already(receipt))
    }

    /// The receipts of the room's members, ordered by user id; members who have sent none are left out.
    pub async fn receipts(&self, membership: &Membership) -> Result<Vec<ReceiptRecord>, StoreError> {
        let room = membership.room();
        let mut receipts: Vec<ReceiptRecord> = sqlx::query_as(
            "SELECT user_id, read_message_id, read_at FROM members
             WHERE scope = $1 AND room_id = $2 AND read_position IS NOT NULL",
        )
        .bind(room.scope)
        .bind(&room.id)
        .fetch_all(&mut self.read().await?)
        .await?;
        // Here and not in the query, because databases differ in how they sort text.
        receipts.sort_by(|a, b| a.user_id.cmp(&b.user_id));
        Ok(receipts)
    }
}

impl FromRow<'_, AnyRow> for ReceiptRecord {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(ReceiptRecord {
            user_id: row.try_get("user_id")?,
            message_id: row.try_get("read_message_id")?,
            read_at: row.try_get("read_at")?,
        })
    }
}
