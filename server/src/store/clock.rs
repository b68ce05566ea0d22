//! The time, and ids that are made of it.
//!
//! Clocks go backwards, and those of two nodes differ. So a new id sorts after the newest one of its room or message, which
//! the database knows, and a record's time is its id's. A clock that jumped ahead affects only the rooms that were written
//! to during the jump: their ids and times stay at that moment until the clock has caught up, because order matters more
//! than the exact time.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

use super::Timestamp;

/// The source of times and ids.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// The last id that was made.
    last: Arc<Mutex<Id>>,
}

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Clock { now: Arc::new(now), last: Arc::new(Mutex::new(Id(0))) }
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// An id of this moment, greater than all that this clock gave in the same millisecond.
    pub(super) fn id(&self) -> Id {
        let now = self.now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = if last.time() == now { last.successor() } else { Id::first_of(now) };
        *last
    }
}

impl Default for Clock {
    fn default() -> Self {
        Clock::new(Timestamp::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock(..)")
    }
}

/// A UUIDv7 (RFC 9562): 48 bits of time, then 74 bits that are random, and greater in each id of a sequence.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Id(u128);

/// The bits behind the time, without version and variant.
const TAIL: u32 = 74;
/// Of these, the ones behind the variant.
const BEHIND_VARIANT: u32 = 62;

impl Id {
    /// An id of a millisecond, with room for many to follow.
    fn first_of(time: Timestamp) -> Self {
        let time = u128::try_from(time.as_millisecond()).unwrap_or(0) & 0xffff_ffff_ffff;
        Id((time << TAIL) | (rand::random::<u128>() >> (u128::BITS - TAIL + 1)))
    }

    /// A greater id, which cannot be guessed, in the same millisecond unless that is exhausted.
    pub(super) fn successor(self) -> Self {
        Id(self.0 + 1 + u128::from(rand::random::<u32>()))
    }

    /// This id, or a greater one that comes after `newest`, if that is an id.
    pub(super) fn after(self, newest: &str) -> Self {
        match Id::parse(newest) {
            Some(newest) if newest >= self => newest.successor(),
            _ => self,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let bits = Uuid::try_parse(text).ok().filter(|uuid| uuid.get_version_num() == 7)?.as_u128();
        let behind_variant = bits & ((1 << BEHIND_VARIANT) - 1);
        let before_variant = (bits >> 64) & 0xfff;
        Some(Id(((bits >> 80) << TAIL) | (before_variant << BEHIND_VARIANT) | behind_variant))
    }

    /// The creation time of the thing that the id names.
    pub(super) fn time(self) -> Timestamp {
        Timestamp::from_millisecond(i64::try_from(self.0 >> TAIL).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (version, variant) = (7 << 76, 2 << BEHIND_VARIANT);
        let before_variant = ((self.0 >> BEHIND_VARIANT) & 0xfff) << 64;
        let behind_variant = self.0 & ((1 << BEHIND_VARIANT) - 1);
        Uuid::from_u128(((self.0 >> TAIL) << 80) | version | before_variant | variant | behind_variant).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Timestamp = Timestamp::from_millisecond(1_769_851_800_123);

    #[test]
    fn an_id_is_a_uuid_of_version_7_that_sorts_as_text() {
        let mut id = Id::first_of(MOMENT);
        for _ in 0..10_000 {
            let text = id.to_string();
            let uuid = Uuid::try_parse(&text).expect("a UUID");
            assert_eq!((uuid.get_version_num(), uuid.get_variant()), (7, uuid::Variant::RFC4122));
            assert_eq!(uuid.get_timestamp().expect("a time").to_unix(), (1_769_851_800, 123_000_000));
            assert_eq!((Id::parse(&text), id.time()), (Some(id), MOMENT));
            let next = id.successor();
            assert!(next > id && next.to_string() > text);
            id = next;
        }
    }

    #[test]
    fn a_millisecond_that_is_used_up_goes_on_in_the_next() {
        let last = Id(((1_769_851_800_123 + 1) << TAIL) - 1);
        assert_eq!(last.time(), MOMENT);
        assert_eq!(last.successor().time().as_millisecond(), MOMENT.as_millisecond() + 1);
        assert!(last.successor().to_string() > last.to_string());
    }

    #[test]
    fn an_id_comes_after_the_newest_at_any_clock() {
        let (early, late) = (Id::first_of(MOMENT), Id::first_of(Timestamp::from_millisecond(1_769_851_900_000)));
        assert_eq!(late.after(&early.to_string()), late);
        assert_eq!(late.after(""), late);
        let after = early.after(&late.to_string());
        assert!(after > late);
        assert_eq!(after.time(), late.time());
    }

    #[test]
    fn a_clock_gives_ids_in_order_and_does_not_stay_ahead() {
        let times = Mutex::new([5, 5, 9, 9, 5, 6].into_iter());
        let clock = Clock::new(move || {
            Timestamp::from_millisecond(times.lock().expect("no panic").next().expect("another time"))
        });
        let ids: Vec<Id> = (0..6).map(|_| clock.id()).collect();
        assert!(ids[0] < ids[1] && ids[1] < ids[2] && ids[2] < ids[3]);
        let times: Vec<i64> = ids.iter().map(|id| id.time().as_millisecond()).collect();
        assert_eq!(times, [5, 5, 9, 9, 5, 6]);
    }
}
