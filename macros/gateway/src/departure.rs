//! The time at which messages that wait for many clients are written.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::sleep;
use tokio_util::task::TaskTracker;

/// A client with messages that wait to be written.
pub(super) trait Waiting: Send + Sync + 'static {
    /// Writes waiting messages, as far as the client accepts them.
    fn write_on(&self);
}

/// The number of connections that are written to in one go: other tasks run in between.
const IN_ONE_GO: usize = 32;

/// How soon a client's waiting messages are written.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Urgency {
    /// When it is due.
    Paced,
    /// Once all ready tasks have run. Anything sent to the client until then leaves with it.
    Now,
}

/// The time at which messages leave for many clients. Clones are the same departure.
#[derive(Clone, Default)]
pub(super) struct Departure {
    /// The departure that it follows, and the time for gathering more messages after that; `None` if it leaves at once.
    after: Option<(TaskTracker, Duration)>,
    has_left: Arc<AtomicBool>,
    /// The clients to write to.
    writing: TaskTracker,
}

impl Departure {
    /// A departure that leaves some time after this one has been written.
    pub(super) fn after(&self, time: Duration) -> Self {
        Departure { after: Some((self.writing.clone(), time)), ..Departure::default() }
    }

    /// Whether the departure waits for an earlier one.
    pub(super) fn is_paced(&self) -> bool {
        self.after.is_some()
    }

    /// Whether the departure still waits, so that more can join it.
    pub(super) fn gathers(&self) -> bool {
        self.is_paced() && !self.has_left.load(Ordering::Acquire)
    }

    /// Whether the departure is being written.
    pub(super) fn is_being_written(&self) -> bool {
        !self.writing.is_empty()
    }

    pub(super) fn urgency(&self) -> Urgency {
        if self.is_paced() { Urgency::Paced } else { Urgency::Now }
    }

    /// Schedules the writing of all of these clients' messages.
    pub(super) fn await_with<W: Waiting>(self, waiting: Vec<Arc<W>>) {
        match self.after.clone() {
            None => self.leave(waiting),
            Some((before, time)) => drop(tokio::spawn(async move {
                before.close();
                before.wait().await;
                sleep(time).await;
                self.leave(waiting);
            })),
        }
    }

    /// Whether both are the same departure.
    #[cfg(test)]
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.has_left, &other.has_left)
    }

    /// Counts as being written until the returned guard is dropped.
    #[cfg(test)]
    pub(super) fn begin_to_write(&self) -> tokio_util::task::task_tracker::TaskTrackerToken {
        self.writing.token()
    }

    fn leave<W: Waiting>(&self, waiting: Vec<Arc<W>>) {
        self.has_left.store(true, Ordering::Release);
        let mut waiting = waiting.into_iter();
        while waiting.len() > 0 {
            let some = waiting.by_ref().take(IN_ONE_GO).collect::<Vec<_>>();
            self.writing.spawn(async move { some.iter().for_each(|one| one.write_on()) });
        }
    }
}
