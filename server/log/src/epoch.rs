//! The epoch, by which a position says which log it belongs to.

use sqlx::query;
use uuid::Uuid;

use crate::{connection::Connection, tables::Tables};

impl Tables {
    /// Makes a new epoch, and returns it. Call this whenever the database may have lost commits, for example after it
    /// was restored from a backup: its numbers will be used again, and older positions must not be mistaken for new
    /// ones.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn renew_epoch(&self, connection: &mut dyn Connection) -> Result<String, sqlx::Error> {
        let epoch = Uuid::new_v4().simple().to_string();
        connection.run(query("UPDATE log_epoch SET epoch = $1").bind(epoch.clone())).await?;
        Ok(epoch)
    }
}
