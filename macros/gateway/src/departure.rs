//! When what waits for many clients is written.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::sleep;
use tokio_util::task::TaskTracker;

/// Somebody for whom something waits to be written.
pub(super) trait Waiting: Send + Sync + 'static {
    /// Writes what waits, as far as the client takes it.
    fn write_on(&self);
}

/// The number of connections that are written to in one go: other tasks run in between.
const IN_ONE_GO: usize = 32;

/// How soon what waits for a client is written.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Urgency {
    /// When it is due.
    Paced,
    /// Once the tasks that are ready have had their turn: what else is sent to the client until then leaves together with it.
    Now,
}

/// When something leaves for many clients. Clones are the same.
#[derive(Clone, Default)]
pub(super) struct Departure {
    /// The writing that it follows, and the time for which more is gathered after that; `None` if it leaves at once.
    after: Option<(TaskTracker, Duration)>,
    has_left: Arc<AtomicBool>,
    /// Those who write it.
    writing: TaskTracker,
}

impl Departure {
    /// Once this one has been written, and some time more has passed.
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

    /// Has what waits for all of these be written then.
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

    /// Counts as being written until what this returns is dropped.
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
