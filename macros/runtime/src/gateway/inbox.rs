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

/// One socket's events.
pub(super) struct Inbox {
    /// The socket's number.
    pub(super) id: u64,
    /// Its user's id.
    pub(super) user: Arc<str>,
    /// What works the events off, once the socket is connected.
    link: OnceLock<Weak<Link>>,
    state: Mutex<State>,
    most_bytes: usize,
}

struct State {
    packets: VecDeque<Packet>,
    bytes: usize,
    /// Whether a task works the events off, or the socket is not yet connected.
    busy: bool,
    closed: bool,
}

/// What became of a packet.
pub(super) enum Put {
    /// Somebody works it off already.
    Queued,
    /// Somebody has to begin to work it off.
    Begin(Arc<Link>),
    /// Nobody will.
    Closed,
    /// More is waiting than may.
    Full,
}

impl Inbox {
    /// The inbox of a socket that is about to connect: what comes waits until [`Inbox::next`] is asked for it.
    pub(super) fn new(id: u64, user: Arc<str>, most_bytes: usize) -> Self {
        let state = State { packets: VecDeque::new(), bytes: 0, busy: true, closed: false };
        Inbox { id, user, link: OnceLock::new(), state: Mutex::new(state), most_bytes }
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

    pub(super) fn put(&self, packet: Packet) -> Put {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Put::Closed;
        }
        let bytes = state.bytes + packet.bytes();
        if bytes > self.most_bytes {
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
