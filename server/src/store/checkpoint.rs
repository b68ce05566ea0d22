//! Checkpoints of SQLite, which copy the write-ahead log to the database's file, concurrently with the writer. SQLite's
//! own checkpoints happen within a commit, for which all requests would wait.

use std::{sync::atomic::Ordering, time::Duration};

use sqlx::Executor;
use tokio::time::{MissedTickBehavior, interval};

use super::{Dialect, Store};

/// The pause between two checkpoints.
const INTERVAL: Duration = Duration::from_millis(100);

impl Store {
    /// Makes checkpoints at intervals. Never returns. PostgreSQL makes its own.
    pub async fn keep_checkpointed(&self) {
        if self.dialect == Dialect::Postgres {
            return std::future::pending().await;
        }
        let mut ticks = interval(INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut before = 0;
        loop {
            ticks.tick().await;
            let commits = self.readiness.commits.load(Ordering::Relaxed);
            if commits == before {
                continue;
            }
            before = commits;
            // The checkpoint does not wait for readers, and skips pages that they still use. A failed checkpoint is
            // retried, in the end by a commit, which reports the reason.
            let checkpoint = async { (&mut self.read().await?).execute("PRAGMA wal_checkpoint(PASSIVE)").await };
            if let Err(error) = checkpoint.await {
                tracing::debug!(error = ?error.to_string(), "no checkpoint");
            }
        }
    }
}
