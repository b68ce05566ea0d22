//! Token buckets, which also detect floods.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::DefaultKeyedStateStore,
};

use crate::protocol::{LimitSpec, Per};

/// The multiple of a limit beyond which a client is flooding.
const FLOOD: u32 = 10;

type Bucket = RateLimiter<Key, DefaultKeyedStateStore<Key>, DefaultClock>;

/// The owner of the bucket.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Key {
    User(Arc<str>),
    Socket(u64),
}

/// All buckets, for each limit of a schema.
pub(crate) struct Limits(Vec<Limit>);

struct Limit {
    per: Per,
    period: Duration,
    allowed: Bucket,
    /// Ten times as large and as fast. Refused requests draw on it, too.
    tolerated: Bucket,
}

/// The verdict of a limit on one more event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Drawn {
    /// It may be carried out.
    Allowed,
    /// It is refused.
    Limited {
        /// When the next one is allowed.
        retry_after: Duration,
    },
    /// The client floods in spite of refusals, and is disconnected.
    Flooding,
}

impl Limits {
    /// The buckets of these limits; none of them where limits are off.
    pub(crate) fn new(limits: &[LimitSpec], on: bool) -> Self {
        Limits(if on { limits.iter().map(Limit::new).collect() } else { Vec::new() })
    }

    /// Draws one token from a limit by its index; `None` is `unlimited`. `socket` is `None` for a REST request.
    pub(crate) fn draw(&self, limit: Option<usize>, user: &Arc<str>, socket: Option<u64>) -> Drawn {
        let Some(limit) = limit.and_then(|index| self.0.get(index)) else { return Drawn::Allowed };
        let key = match (limit.per, socket) {
            (Per::Socket, Some(socket)) => Key::Socket(socket),
            (Per::User, _) | (Per::Socket, None) => Key::User(Arc::clone(user)),
        };
        if limit.tolerated.check_key(&key).is_err() {
            return Drawn::Flooding;
        }
        match limit.allowed.check_key(&key) {
            Ok(()) => Drawn::Allowed,
            Err(refused) => Drawn::Limited { retry_after: refused.wait_time_from(limit.allowed.clock().now()) },
        }
    }

    /// The time in which a limit adds one token.
    pub(crate) fn period(&self, limit: Option<usize>) -> Duration {
        limit.and_then(|index| self.0.get(index)).map_or(Duration::ZERO, |limit| limit.period)
    }

    /// Removes full buckets, which are the same as new ones.
    pub(crate) fn forget_idle(&self) {
        for limit in &self.0 {
            for bucket in [&limit.allowed, &limit.tolerated] {
                bucket.retain_recent();
                bucket.shrink_to_fit();
            }
        }
    }
}

impl Limit {
    fn new(spec: &LimitSpec) -> Self {
        let tolerated = Quota::with_period((spec.replenish / FLOOD).max(Duration::from_nanos(1)));
        Limit {
            per: spec.per,
            period: spec.replenish,
            allowed: bucket(Quota::with_period(spec.replenish.max(Duration::from_nanos(1))), spec.burst),
            tolerated: bucket(tolerated, spec.burst.saturating_mul(FLOOD)),
        }
    }
}

fn bucket(quota: Option<Quota>, burst: u32) -> Bucket {
    let quota = quota.expect("the period is at least a nanosecond");
    RateLimiter::keyed(quota.allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN)))
}

#[cfg(test)]
mod tests {
    use super::*;

    static LIMITS: [LimitSpec; 1] =
        [LimitSpec { name: "events", per: Per::User, replenish: Duration::from_secs(3600), burst: 2 }];

    #[test]
    fn a_bucket_is_drained_then_refuses_then_cuts_off() {
        let limits = Limits::new(&LIMITS, true);
        let alice = Arc::from("alice");
        let drawn: Vec<_> = (0..21).map(|_| limits.draw(Some(0), &alice, Some(1))).collect();
        assert_eq!(drawn[..2], [Drawn::Allowed, Drawn::Allowed]);
        assert!(drawn[2..20].iter().all(|drawn| matches!(drawn, Drawn::Limited { .. })));
        assert_eq!(drawn[20], Drawn::Flooding);
        assert_eq!(limits.draw(Some(0), &Arc::from("bob"), Some(2)), Drawn::Allowed, "bob's bucket is his own");
    }

    #[test]
    fn nothing_is_refused_while_limits_are_off() {
        let limits = Limits::new(&LIMITS, false);
        assert!((0..100).all(|_| limits.draw(Some(0), &Arc::from("alice"), None) == Drawn::Allowed));
    }
}
