//! One socket's events, waiting to be worked off in their order.
//!
//! The Socket.IO library runs every handler in a task of its own, in no order. So packets are taken from it on the
//! reader's task and put here, and one task at a time works them off. An idle socket has no task.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};

use super::{link::Link, packet::Packet};
use crate::version::Served;

/// One socket's events.
pub(super) struct Inbox {
    /// The socket's number.
    pub(super) id: u64,
    /// Its user's id.
    pub(super) user: Arc<str>,
    /// The older version that its client is served in; `None` for today's.
    pub(super) served: Option<Arc<Served>>,
    /// What works the events off, once the socket is connected.
    link: OnceLock<Weak<Link>>,
    state: Mutex<State>,
    /// How much may wait before payloads are dropped. What is left of those may be as much again.
    most_bytes: usize,
}

struct State {
    packets: VecDeque<Packet>,
    bytes: usize,
    /// Whether a task works the events off, or the socket is not yet connected.
    busy: bool,
    closed: bool,
    /// Whether a payload has been dropped.
    overflowed: bool,
}

/// What became of a packet.
pub(super) enum Put {
    /// Somebody works it off already.
    Queued,
    /// Somebody has to begin to work it off.
    Begin(Arc<Link>),
    /// Nobody will.
    Closed,
    /// There is no room for it, not even without its payload.
    Full,
}

impl Inbox {
    /// The inbox of a socket that is about to connect: what comes waits until [`Inbox::next`] is asked for it.
    pub(super) fn new(id: u64, user: Arc<str>, served: Option<Arc<Served>>, most_bytes: usize) -> Self {
        let state = State { packets: VecDeque::new(), bytes: 0, busy: true, closed: false, overflowed: false };
        Inbox { id, user, served, link: OnceLock::new(), state: Mutex::new(state), most_bytes }
    }

    /// Has a socket's events worked off for it.
    pub(super) fn connected(&self, link: Link) -> Arc<Link> {
        let link = Arc::new(link);
        self.link.get_or_init(|| Arc::downgrade(&link));
        link
    }

    /// What works the events off, while the socket is connected.
    pub(super) fn link(&self) -> Option<Arc<Link>> {
        self.link.get().and_then(Weak::upgrade)
    }

    /// Puts a packet behind those that wait. Where too much waits it loses its payload and keeps its turn, so that it is
    /// answered as all others are.
    pub(super) fn put(&self, mut packet: Packet) -> Put {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Put::Closed;
        }
        if state.bytes + packet.bytes() > self.most_bytes {
            packet = packet.drop_payload();
            self.note_overflow(&mut state);
        }
        let bytes = state.bytes + packet.bytes();
        if bytes > self.most_bytes.saturating_mul(2) {
            return Put::Full;
        }
        let begin = match (state.busy, self.link()) {
            (true, _) => Put::Queued,
            (false, Some(link)) => Put::Begin(link),
            (false, None) => return Put::Closed,
        };
        state.bytes = bytes;
        state.busy = true;
        state.packets.push_back(packet);
        begin
    }

    /// Counts a payload that is dropped, and logs the first one of a socket.
    fn note_overflow(&self, state: &mut State) {
        metrics::counter!("accord_payloads_dropped_total").increment(1);
        if !mem::replace(&mut state.overflowed, true) {
            tracing::info!(user = ?self.user, waiting = state.packets.len(), "a client sends faster than it is served");
        }
    }

    /// The next packet; `None` when there is none, and nobody works this inbox off any more.
    pub(super) fn next(&self) -> Option<Packet> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let packet = state.packets.pop_front();
        match &packet {
            Some(packet) => state.bytes -= packet.bytes(),
            None => {
                state.busy = false;
                state.packets = VecDeque::new();
            }
        }
        packet
    }

    /// Takes no more, and forgets what waits.
    pub(super) fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed = true;
        state.bytes = 0;
        drop(mem::take(&mut state.packets));
    }
}
