//! One socket's events, which wait to be carried out in their order.
//!
//! The Socket.IO library runs every handler in a separate task, in no order. So the reader's task puts packets here,
//! and one task at a time carries them out. An idle socket has no task.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};

use tokio::sync::Notify;

use super::Socket;
use crate::packet::Packet;
use crate::version::Served;

/// One socket's events.
pub(crate) struct Inbox {
    /// The socket's number.
    pub(crate) id: u64,
    /// Its user's id.
    pub(crate) user: Arc<str>,
    /// The older version that its client is served in; `None` for today's.
    pub(crate) served: Option<Arc<Served>>,
    /// The socket that handles the events, once it is connected.
    socket: OnceLock<Weak<Socket>>,
    state: Mutex<State>,
    /// Signals that another packet waits.
    arrived: Notify,
    /// The size that may wait before payloads are dropped. The packets without payloads may use as much again.
    most_bytes: usize,
}

struct State {
    packets: VecDeque<Packet>,
    bytes: usize,
    /// Whether a task carries out the events, or the socket is not yet connected.
    busy: bool,
    closed: bool,
    /// Whether a payload has been dropped.
    overflowed: bool,
}

/// The result of putting a packet.
pub(crate) enum Put {
    /// A task is already carrying out the events.
    Queued,
    /// The caller has to start a task.
    Begin(Arc<Socket>),
    /// The inbox is closed.
    Closed,
    /// There is no room for it, not even without its payload.
    Full,
}

impl Inbox {
    /// The inbox of a socket that is about to connect. Packets wait until [`Inbox::next`] takes them.
    pub(crate) fn new(id: u64, user: Arc<str>, served: Option<Arc<Served>>, most_bytes: usize) -> Self {
        let state = State { packets: VecDeque::new(), bytes: 0, busy: true, closed: false, overflowed: false };
        Inbox {
            id,
            user,
            served,
            socket: OnceLock::new(),
            state: Mutex::new(state),
            arrived: Notify::new(),
            most_bytes,
        }
    }

    /// Sets the socket that carries out the events.
    pub(crate) fn connected(&self, socket: Socket) -> Arc<Socket> {
        let socket = Arc::new(socket);
        self.socket.get_or_init(|| Arc::downgrade(&socket));
        socket
    }

    /// The socket that handles the events, while it is connected.
    pub(crate) fn socket(&self) -> Option<Arc<Socket>> {
        self.socket.get().and_then(Weak::upgrade)
    }

    /// Puts a packet behind those that wait. If too much waits, it loses its payload but keeps its turn, so that it
    /// still gets an answer.
    pub(crate) fn put(&self, mut packet: Packet) -> Put {
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
        let begin = match (state.busy, self.socket()) {
            (true, _) => Put::Queued,
            (false, Some(socket)) => Put::Begin(socket),
            (false, None) => return Put::Closed,
        };
        state.bytes = bytes;
        state.busy = true;
        state.packets.push_back(packet);
        self.arrived.notify_one();
        begin
    }

    /// Counts a payload that is dropped, and logs the first one of a socket.
    fn note_overflow(&self, state: &mut State) {
        metrics::counter!("accord_payloads_dropped_total").increment(1);
        if !mem::replace(&mut state.overflowed, true) {
            tracing::info!(user = ?self.user, waiting = state.packets.len(), "a client sends faster than it is served");
        }
    }

    /// The next packet. If there is none, the task that carries out this inbox either has `more` to do and comes back,
    /// or ends.
    pub(crate) fn next(&self, more: bool) -> Option<Packet> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let packet = state.packets.pop_front();
        match &packet {
            Some(packet) => state.bytes -= packet.bytes(),
            None => {
                state.busy = more;
                state.packets = VecDeque::new();
            }
        }
        packet
    }

    /// Waits until there may be another packet.
    pub(crate) async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// Whether the inbox has been closed, and takes no more packets.
    pub(crate) fn is_closed(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed
    }

    /// Closes the inbox, and drops the waiting packets.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.closed = true;
        state.bytes = 0;
        drop(mem::take(&mut state.packets));
    }
}
