//! The events of one socket that are being carried out. The next one begins once the changes of the earlier ones have
//! been submitted. The answers keep the order of the events.

use futures_util::{StreamExt, future::BoxFuture, stream::FuturesUnordered};
use tokio::sync::oneshot;

use accord_runtime::pipeline::Ticket;

/// The most events of a socket that are carried out at once.
const MOST: usize = 64;

/// The maximum total size of their packets in bytes, unless a single one is larger.
const MOST_BYTES: usize = 1 << 20;

/// The events of one socket that are being carried out.
#[derive(Default)]
pub(super) struct InFlight {
    /// Each future returns its event's bytes.
    events: FuturesUnordered<BoxFuture<'static, usize>>,
    bytes: usize,
    /// Signals that the last one has been answered.
    last: Option<oneshot::Receiver<()>>,
}

/// The place of an event among those of its socket: dropping it lets the next one be answered.
pub(super) struct Order {
    before: Option<oneshot::Receiver<()>>,
    _answered: oneshot::Sender<()>,
}

impl InFlight {
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether another event of this size has to wait.
    pub(super) fn is_full(&self, bytes: usize) -> bool {
        !self.is_empty() && (self.events.len() >= MOST || self.bytes + bytes > MOST_BYTES)
    }

    /// The place of the next event.
    pub(super) fn order(&mut self) -> Order {
        let (answered, last) = oneshot::channel();
        Order { before: self.last.replace(last), _answered: answered }
    }

    /// Carries out an event of this size, at least until its change has been submitted or all events have ended.
    pub(super) async fn begin(&mut self, ticket: &Ticket, bytes: usize, event: BoxFuture<'static, usize>) {
        self.bytes += bytes;
        self.events.push(event);
        while !self.is_empty() {
            tokio::select! {
                biased;
                () = ticket.submitted() => return,
                () = self.next() => {}
            }
        }
    }

    /// Waits until one of them has ended, if there are any.
    pub(super) async fn next(&mut self) {
        self.bytes -= self.events.next().await.unwrap_or_default();
    }
}

impl Order {
    /// Waits until the earlier events have been answered.
    pub(super) async fn come(&mut self) {
        if let Some(before) = self.before.take() {
            // Nobody sends on the channel: it closes when the sender is dropped.
            before.await.ok();
        }
    }
}
