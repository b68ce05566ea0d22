//! How long the logs of rooms are kept.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use accord_log::Retention;
use accord_runtime::Scope;

use crate::{protocol::scopes, store::Store};

/// The interval between two sweeps.
const INTERVAL: Duration = Duration::from_secs(60);

/// The operator's settings, which override those of the schema.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kept {
    /// The time after which an entry is dropped.
    pub keep: Option<Duration>,
    /// The maximum number of entries of a room's log.
    pub entries: Option<u64>,
    /// The time for which every entry is kept, however many there are.
    pub floor: Option<Duration>,
}

impl Kept {
    /// The retention of each scope whose rooms have logs.
    fn by_scope(self) -> BTreeMap<&'static str, Retention> {
        let logs = [scopes::Channel::SPEC, scopes::Conversation::SPEC].into_iter();
        let retention = logs.filter_map(|scope| {
            let log = scope.log?;
            let retention = Retention {
                keep: self.keep.unwrap_or(log.keep),
                entries: self.entries.unwrap_or(log.entries),
                floor: self.floor.unwrap_or(log.floor),
            };
            Some((scope.name, retention))
        });
        retention.collect()
    }
}

/// Sweeps the logs at intervals. Never returns.
pub async fn run(store: Store, kept: Kept) {
    let retention = kept.by_scope();
    let mut ticks = tokio::time::interval(INTERVAL);
    loop {
        ticks.tick().await;
        match store.log_sweep(&retention, SystemTime::now()).await {
            Ok(0) => {}
            Ok(dropped) => tracing::info!(dropped, "dropped entries of the room log that are no longer kept"),
            Err(fault) => {
                let error = format!("{fault:#}");
                tracing::warn!(
                    error,
                    "could not drop all entries of the room log that are no longer kept; the next sweep goes on"
                );
            }
        }
    }
}
