//! Checkpoints of SQLite: what the write-ahead log holds is copied to the database's file beside the writer. By itself SQLite would
//! do so within a commit, for which everybody would wait.

use std::{sync::atomic::Ordering, time::Duration};

use sqlx::Executor;
use tokio::time::{MissedTickBehavior, interval};

use super::{Dialect, Store};

/// The pause between two checkpoints.
const INTERVAL: Duration = Duration::from_millis(100);

impl Store {
    /// Copies what has been committed to the database's file, again and again. Never returns. PostgreSQL does this by itself.
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
            // Waits for nobody, and leaves what others still read. What fails now is tried again, in the end by a commit, which
            // then reports why.
            let checkpoint = async { (&mut self.read().await?).execute("PRAGMA wal_checkpoint(PASSIVE)").await };
            if let Err(error) = checkpoint.await {
                tracing::debug!(error = ?error.to_string(), "no checkpoint");
            }
        }
    }
}
