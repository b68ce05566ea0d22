//! Checks that the database accepts writes. A probe that only reads would miss a full disk.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{sync::Mutex, time::timeout};
use uuid::Uuid;

use super::{FileLost, Store, StoreError, file::DatabaseFile};

/// The time within which the database must commit something.
const COMMIT_WITHIN: Duration = Duration::from_secs(2);
/// The time for which the outcome of a probe is reused.
const KEPT_FOR: Duration = Duration::from_secs(1);
/// The number of random 32-byte texts that a probe writes: more than a message needs.
const PROBE_REPEATS: usize = 1024;

/// Why the database is not ready.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotReady {
    /// A write failed.
    #[error("the database cannot be written to: {0}")]
    Failed(#[source] Arc<StoreError>),
    /// A write did not end in time.
    #[error("the database has not committed anything for {} s", COMMIT_WITHIN.as_secs())]
    Silent,
}

/// The state of the database's readiness.
#[derive(Debug)]
pub(super) struct Readiness {
    /// The database's file, for SQLite.
    file: Option<Arc<DatabaseFile>>,
    /// The number of transactions that this process has committed.
    pub(super) commits: AtomicU64,
    /// The last probe: when it ended, and how.
    probe: Mutex<Option<(Instant, Result<(), NotReady>)>>,
}

impl Readiness {
    pub(super) fn new(file: Option<Arc<DatabaseFile>>) -> Self {
        Readiness { file, commits: AtomicU64::new(0), probe: Mutex::new(None) }
    }

    /// Makes sure that the database's file is still there, so that writes last.
    pub(super) fn check_file(&self) -> Result<(), FileLost> {
        self.file.as_ref().map_or(Ok(()), |file| file.check())
    }

    /// Gives up the database's file, once no other connection is open.
    pub(super) async fn close_file(&self) {
        if let Some(file) = &self.file {
            file.close().await;
        }
    }

    /// Counts a transaction that was committed.
    pub(super) fn committed(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
    }
}

impl Store {
    /// Makes sure, within two seconds, that the database accepts writes: by writing to it, at most once a second. If
    /// other transactions are committed while a probe waits, the database is busy but works.
    ///
    /// # Errors
    /// If a write fails, or nothing is committed in time.
    pub async fn ready(&self) -> Result<(), NotReady> {
        self.readiness.check_file().map_err(|lost| NotReady::Failed(Arc::new(lost.into())))?;
        let commits = || self.readiness.commits.load(Ordering::Relaxed);
        let before = commits();
        match timeout(COMMIT_WITHIN, self.probe()).await {
            Ok(outcome) => outcome,
            Err(_) if commits() > before => Ok(()),
            Err(_) => Err(NotReady::Silent),
        }
    }

    /// The outcome of the last probe, or of a new one if that is old.
    async fn probe(&self) -> Result<(), NotReady> {
        let mut last = self.readiness.probe.lock().await;
        if let Some((ended, outcome)) = &*last
            && ended.elapsed() < KEPT_FOR
        {
            return outcome.clone();
        }
        let outcome = self.write_something().await.map_err(|error| NotReady::Failed(Arc::new(error)));
        *last = Some((Instant::now(), outcome.clone()));
        outcome
    }

    async fn write_something(&self) -> Result<(), StoreError> {
        // SQLite does not write a value that has not changed.
        let value = Uuid::new_v4().simple().to_string().repeat(PROBE_REPEATS);
        let mut write = self.begin().await?;
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ('probe', $1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(value)
        .execute(&mut write)
        .await?;
        write.commit().await?;
        Ok(())
    }
}
