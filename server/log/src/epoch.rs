//! The epoch, by which a position says which log it belongs to.

use sqlx::query;
use uuid::Uuid;

use crate::{connection::Connection, tables::Tables};

impl Tables {
    /// Makes a new epoch, and returns it. To be done whenever the database may have lost commits, for example when it has been
    /// restored from a backup: numbers are given again then, and positions from before must not be taken for new ones.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn renew_epoch(&self, connection: &mut dyn Connection) -> Result<String, sqlx::Error> {
        let epoch = Uuid::new_v4().simple().to_string();
        connection.run(query("UPDATE log_epoch SET epoch = $1").bind(epoch.clone())).await?;
        Ok(epoch)
    }
}
