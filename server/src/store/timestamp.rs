//! Points in time, as the store keeps and the protocol shows them.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A point in time, to the millisecond. Displayed as RFC 3339 in UTC with three decimals:
/// ```
/// # use accord_server::store::Timestamp;
/// assert_eq!(Timestamp::from_millisecond(1_769_851_800_000).to_string(), "2026-01-31T09:30:00.000Z");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, sqlx::Type)]
#[sqlx(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// This moment, by the machine's clock.
    pub fn now() -> Self {
        Timestamp(jiff::Timestamp::now().as_millisecond())
    }

    /// The moment that many milliseconds after the start of 1970.
    pub const fn from_millisecond(milliseconds: i64) -> Self {
        Timestamp(milliseconds)
    }

    /// Milliseconds since the start of 1970.
    pub fn as_millisecond(self) -> i64 {
        self.0
    }

    /// The moment that long before.
    pub(super) fn before(self, span: Duration) -> Self {
        Timestamp(self.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// Times before 1970 become its start.
impl From<Timestamp> for SystemTime {
    fn from(time: Timestamp) -> Self {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(time.0).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::MAX);
        write!(f, "{time:.3}")
    }
}
