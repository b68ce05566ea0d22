//! The draws on a limit.

use std::time::{Duration, Instant};

use accord_language::model::Limit;

/// The events that a user's limit has let through since its first use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawn {
    pub began: Instant,
    pub taken: u32,
    /// The last time when it was known to be exhausted.
    pub exhausted: Instant,
}

/// The tokens that `limit` adds in `time`.
pub(super) fn refilled(limit: &Limit, time: Duration) -> u128 {
    time.as_millis() * u128::from(limit.rate) / u128::from(limit.period_ms.max(1))
}
