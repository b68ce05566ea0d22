//! The pace at which a room's entries leave for its sockets. Each write to a connection is expensive, whatever its
//! size: in a room with more entries than can be written one by one, several entries leave together.
//!
//! Only the writing is paced. The sockets get entries at once, in their order among all messages to a client. A message
//! that is not paced, such as an acknowledgement, takes along the waiting messages before it.

use std::time::Duration;

use crate::departure::Departure;

/// The time for which a hot room gathers entries: for each socket about as long as it takes to write to it once, and at most
/// this long.
const GATHERING: Duration = Duration::from_micros(8);
const LONGEST: Duration = Duration::from_millis(8);

/// The pace of a room.
#[derive(Default)]
pub(super) struct Pace {
    /// The departure of the last entries.
    last: Departure,
    /// The number of entries that leave together.
    gathered: usize,
}

impl Pace {
    /// The departure of this many entries for this many sockets. The first entries of a quiet room leave at once.
    /// Entries that come while others are being written are gathered, and then all further ones, as long as that
    /// gathers more than one.
    pub(super) fn depart(&mut self, entries: usize, sockets: usize) -> Departure {
        if self.last.gathers() {
            self.gathered += entries;
        } else {
            let has_paid = self.last.is_paced() && self.gathered > 1;
            let is_hot = self.last.is_being_written() || has_paid;
            let time = GATHERING.saturating_mul(u32::try_from(sockets).unwrap_or(u32::MAX)).min(LONGEST);
            self.last = if is_hot { self.last.after(time) } else { Departure::default() };
            self.gathered = entries;
        }
        self.last.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Session;

    /// Lets the gathered entries leave.
    async fn leave(departure: Departure) {
        departure.clone().await_with::<Session>(Vec::new());
        while departure.gathers() {
            tokio::task::yield_now().await;
        }
    }

    #[test]
    fn entries_of_a_quiet_room_leave_at_once() {
        let mut pace = Pace::default();
        assert!((0..5).all(|_| !pace.depart(3, 1000).is_paced()));
    }

    #[tokio::test]
    async fn entries_that_come_while_others_are_written_leave_together_for_as_long_as_that_gathers_any() {
        let mut pace = Pace::default();
        let first = pace.depart(1, 1000);
        let writing = first.begin_to_write();
        assert!(!first.is_paced());
        let second = pace.depart(1, 1000);
        assert!(second.gathers() && pace.depart(1, 1000).is(&second));
        drop(writing);
        leave(second.clone()).await;
        // Gathering has paid off.
        let third = pace.depart(1, 1000);
        assert!(third.gathers() && !third.is(&second));
        leave(third).await;
        // It has not paid off.
        assert!(!pace.depart(1, 1000).is_paced());
    }

    #[tokio::test]
    async fn gathered_entries_leave_after_earlier_ones_have_been_written() {
        let mut pace = Pace::default();
        let writing = pace.depart(1, 1).begin_to_write();
        let gathered = pace.depart(1, 1);
        let leaves = leave(gathered.clone());
        tokio::pin!(leaves);
        tokio::select! {
            biased;
            () = &mut leaves => panic!("it has left"),
            () = tokio::time::sleep(LONGEST) => {}
        }
        drop(writing);
        leaves.await;
    }
}
