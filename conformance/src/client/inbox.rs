//! The packets that a socket has received and that have not been read yet.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::sync::Notify;

/// A packet from the server that is not an awaited acknowledgement.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The time of arrival.
    pub at: Instant,
    /// The packet.
    pub what: Seen,
}

/// A packet from the server.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// An event.
    Event {
        /// Its name.
        name: String,
        /// Its payload.
        args: Vec<Value>,
    },
    /// An acknowledgement that was not requested, or a second one.
    StrayAck {
        /// Its id.
        id: u64,
        /// Its payload.
        args: Vec<Value>,
    },
    /// A packet that cannot be read, with the reason.
    Malformed(String),
}

impl Seen {
    /// Whether it is an event of this name.
    pub fn is_event(&self, wanted: &str) -> bool {
        matches!(self, Seen::Event { name, .. } if name == wanted)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Seen::Event { name, args } => {
                write!(f, "`{name}`")?;
                args.iter().try_for_each(|arg| write!(f, " {arg}"))
            }
            Seen::StrayAck { id, args } => {
                write!(f, "a second or unasked acknowledgement {id}: {}", Value::Array(args.clone()))
            }
            Seen::Malformed(why) => write!(f, "a malformed packet: {why}"),
        }
    }
}

/// The end of a connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Closed {
    /// The time of arrival.
    pub at: Instant,
    /// The reason.
    pub why: String,
    /// Whether the server sent Socket.IO's disconnect packet, after which official clients do not reconnect. After any
    /// other end, they reconnect automatically.
    pub dismissed: bool,
}

/// A callback that receives every packet as it arrives.
pub type Observer = Arc<dyn Fn(&Seen) + Send + Sync>;

#[derive(Debug, Default)]
pub(super) struct State {
    pub handshake: Option<Result<Value, Value>>,
    pub arrivals: VecDeque<Arrival>,
    pub awaited: HashSet<u64>,
    pub answers: HashMap<u64, Vec<Value>>,
    /// The event to ignore, while many of them arrive that do not matter.
    pub ignored: Option<String>,
    /// The number of packets that have been ignored.
    pub passed_over: usize,
    pub closed: Option<Closed>,
}

#[derive(Debug, Default)]
pub(super) struct Inbox {
    state: Mutex<State>,
    changed: Notify,
}

impl Inbox {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a packet.
    pub fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_waiters();
    }

    /// Notes the end of the connection; the first reason counts.
    pub fn close(&self, why: impl Into<String>) {
        self.end(why.into(), false);
    }

    /// Notes that the server has sent the disconnect packet.
    pub fn dismiss(&self) {
        self.end("the server disconnected the socket".to_owned(), true);
    }

    fn end(&self, why: String, dismissed: bool) {
        self.change(|state| {
            state.closed.get_or_insert_with(|| Closed { at: Instant::now(), why, dismissed });
        });
    }

    /// Waits until `take` returns a value; `None` if it does not within `patience`.
    pub async fn until<T>(&self, patience: Duration, mut take: impl FnMut(&mut State) -> Option<T>) -> Option<T> {
        let wait = async {
            loop {
                let changed = self.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if let Some(found) = take(&mut self.state()) {
                    return found;
                }
                changed.await;
            }
        };
        tokio::time::timeout(patience, wait).await.ok()
    }
}
