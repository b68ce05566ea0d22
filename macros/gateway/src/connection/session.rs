//! An Engine.IO session: its transport, and the messages that wait in it.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, Weak,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use super::{Connection, unsent::Unsent};
use crate::{departure::Waiting, quota::Counted};

/// An Engine.IO session. It lives for as long as the library knows it.
pub(crate) struct Session {
    /// The WebSocket that carries it, or is about to.
    web_socket: Mutex<Weak<Connection>>,
    polling: AtomicBool,
    posting: AtomicBool,
    /// The number of times that a polling client has asked to join a namespace since its last answer.
    asked: AtomicUsize,
    /// The number of handshakes on it.
    handshakes: AtomicUsize,
    received: Mutex<Received>,
    pub(crate) unsent: Unsent,
}

/// The length of the longest message that a client has sent: the library keeps that much memory until the session ends.
#[derive(Default)]
struct Received {
    longest: usize,
    /// The user that it counts towards; `None` before the client has joined.
    counted: Option<Counted<Arc<str>>>,
}

/// The requests of a session that exclude each other (Engine.IO protocol 4).
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Poll,
    Post,
}

/// A poll or a post, until it has ended.
pub(crate) struct Turn {
    session: Arc<Session>,
    act: Act,
}

/// The number of times that a client may ask to join a namespace before it takes the answers. The library answers each.
const MOST_ASKED: usize = 16;

/// The size up to which a message does not count, in bytes. Before it has joined, a client may send no larger one.
const UNCOUNTED: usize = 128 << 10;

/// The longest name of a namespace that is asked for, in bytes. The library repeats it.
const LONGEST_NAMESPACE: usize = 256;

impl Session {
    pub(crate) fn new(max_unsent_bytes: usize) -> Arc<Self> {
        Arc::new(Session {
            web_socket: Mutex::default(),
            polling: AtomicBool::new(false),
            posting: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
            handshakes: AtomicUsize::new(0),
            received: Mutex::default(),
            unsent: Unsent::new(max_unsent_bytes),
        })
    }

    /// Begins a poll or a post, unless there is one.
    pub(crate) fn begin(self: &Arc<Self>, act: Act) -> Option<Turn> {
        let begins = !self.acting(act).swap(true, Ordering::AcqRel);
        begins.then(|| Turn { session: Arc::clone(self), act })
    }

    fn acting(&self, act: Act) -> &AtomicBool {
        match act {
            Act::Poll => &self.polling,
            Act::Post => &self.posting,
        }
    }

    /// Whether the library's own answers to a post, together with those that the client has not fetched yet, are few
    /// enough.
    pub(crate) fn may_post(&self, body: &[u8]) -> bool {
        let packets = body.split(|byte| *byte == 0x1E).filter(|packet| packet.starts_with(b"40"));
        let (mut asked, mut longest) = (0, 0);
        for packet in packets {
            asked += 1;
            let end = packet.iter().position(|byte| *byte == b',').unwrap_or(packet.len());
            if packet.get(2) == Some(&b'/') {
                longest = longest.max(end);
            }
        }
        longest <= LONGEST_NAMESPACE && self.asked.fetch_add(asked, Ordering::AcqRel) + asked <= MOST_ASKED
    }

    /// Counts a handshake, and returns the number of earlier ones.
    pub(crate) fn shakes_hands(&self) -> usize {
        self.handshakes.fetch_add(1, Ordering::AcqRel)
    }

    /// Counts its client's messages towards the first user who has joined.
    pub(crate) fn count_received(&self, counted: Counted<Arc<str>>) {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).counted.get_or_insert(counted);
    }

    /// Whether its client may send a message of this many bytes, as announced so far.
    pub(crate) fn may_receive(&self, bytes: usize) -> bool {
        if bytes <= UNCOUNTED {
            return true;
        }
        let mut received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        let more = bytes.saturating_sub(received.longest);
        let fits = received.counted.as_mut().is_some_and(|counted| counted.more(more));
        if fits {
            received.longest += more;
        } else {
            metrics::counter!("accord_bodies_refused_total").increment(1);
        }
        fits
    }

    /// Notes what a client that polls has been handed.
    pub(crate) fn handed(&self, messages: usize) {
        self.asked.store(0, Ordering::Release);
        self.unsent.written(messages);
    }

    /// The WebSocket that carries it, or is about to.
    pub(crate) fn web_socket(&self) -> MutexGuard<'_, Weak<Connection>> {
        self.web_socket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting for Session {
    fn write_on(&self) {
        self.unsent.write_on();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.session.acting(self.act).store(false, Ordering::Release);
    }
}
