//! Removing what no one can reach any more: uploads never attached within a day, and those of deleted messages alone
//! (SEC-38); and bytes that no upload is recorded for, which a crash between the two can leave.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use super::{Files, StorageError};
use crate::store::{Store, StoreError};

/// How often uploads are looked through.
const INTERVAL: Duration = Duration::from_secs(10 * 60);

/// Every how many rounds all files are gone through for bytes that no upload is recorded for.
const FORGOTTEN_EVERY: u64 = 144;

/// How many uploads are removed at once.
const BATCH: i64 = 100;

/// How old bytes are before they count as forgotten: older than any upload under way.
const FORGOTTEN: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a round was not finished.
#[derive(Debug, thiserror::Error)]
pub enum CleanupError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The place of the files failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Removes what is of no use, time and again, until dropped.
pub async fn run(store: Store, files: Arc<Files>) {
    let mut ticks = tokio::time::interval(INTERVAL);
    for round in 0_u64.. {
        ticks.tick().await;
        report(remove_unused(&store, &files).await);
        if round % FORGOTTEN_EVERY == 0 {
            report(remove_forgotten(&store, &files).await);
        }
    }
}

fn report(removed: Result<usize, CleanupError>) {
    match removed {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "uploads that nothing shows were removed"),
        Err(error) => {
            tracing::warn!(%error, "uploads that nothing shows were not all removed; the next round tries again");
        }
    }
}

/// Removes uploads that are of no use; how many files that were.
///
/// # Errors
/// If the database or the place of the files fails. What has been removed until then has been.
pub async fn remove_unused(store: &Store, files: &Files) -> Result<usize, CleanupError> {
    let mut removed = 0;
    loop {
        let expired = store.upload_expire(BATCH).await?;
        for upload in &expired {
            files.remove(&upload.filename).await?;
            store.upload_purge(&upload.id).await?;
        }
        removed += expired.len();
        if expired.is_empty() {
            break;
        }
    }
    Ok(removed)
}

/// Removes bytes that no upload was ever recorded for; how many files that were.
///
/// # Errors
/// If the database or the place of the files fails. What has been removed until then has been.
pub async fn remove_forgotten(store: &Store, files: &Files) -> Result<usize, CleanupError> {
    let mut removed = 0;
    for filename in files.stored_before(SystemTime::now() - FORGOTTEN).await? {
        if !store.upload_is_recorded(&filename).await? {
            files.remove(&filename).await?;
            removed += 1;
        }
    }
    Ok(removed)
}
