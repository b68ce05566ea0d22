//! The rate of handshakes of each address.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};

use super::config::Rate;

/// The pause between two entries of the log about handshakes that come too often.
const LOG_PAUSE: Duration = Duration::from_secs(1);

/// The rate of handshakes of each address.
pub(super) struct Handshakes {
    buckets: DefaultKeyedRateLimiter<IpAddr>,
    refused: Mutex<RefusedHandshakes>,
}

/// The refused handshakes that are not in the log yet: a flood must not fill it.
#[derive(Default)]
struct RefusedHandshakes {
    logged: Option<Instant>,
    since: u64,
}

impl Handshakes {
    pub(super) fn new(rate: Rate) -> Self {
        let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(rate.per_second)).allow_burst(at_least_one(rate.burst));
        Handshakes { buckets: RateLimiter::keyed(quota), refused: Mutex::default() }
    }

    /// Permits an address a handshake, or returns when it may try again.
    pub(super) fn take(&self, address: IpAddr) -> Result<(), Duration> {
        let refused = match self.buckets.check_key(&address) {
            Ok(()) => return Ok(()),
            Err(refused) => refused,
        };
        metrics::counter!("accord_handshakes_rejected_total", "reason" => "address_rate").increment(1);
        let mut log = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        log.since += 1;
        if log.logged.is_none_or(|logged| logged.elapsed() >= LOG_PAUSE) {
            tracing::info!(address = ?address, reason = "address_rate", handshakes = log.since, "refused handshakes");
            *log = RefusedHandshakes { logged: Some(Instant::now()), since: 0 };
        }
        Err(refused.wait_time_from(self.buckets.clock().now()))
    }

    /// Removes addresses that have been idle for a while.
    pub(super) fn forget_idle(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}
