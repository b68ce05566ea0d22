//! A handle on a client's TCP connection, which knows what the connection waits for and can cut it.

pub(super) mod direct;
pub(super) mod outgoing;
mod session;
pub(super) mod unsent;

use std::{
    io,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    task::Waker,
};

use futures_util::task::AtomicWaker;

pub(super) use self::session::{Act, Session, Turn};
use super::quota::Permit;

/// A handle on a connection.
#[derive(Default)]
pub(super) struct Connection {
    cut: AtomicBool,
    closing: AtomicBool,
    phase: AtomicU8,
    heard: AtomicBool,
    upgrade: AtomicBool,
    reader: AtomicWaker,
    writer: AtomicWaker,
    permits: Mutex<Vec<Box<dyn Permit>>>,
    /// Its session, if it is a WebSocket.
    pub(super) session: OnceLock<Arc<Session>>,
}

/// The current use of a connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub(super) enum Phase {
    /// Idle: the next request has not begun.
    Idle = 0,
    /// The head of a request has begun to arrive.
    Head = 1,
    /// A request is being read and answered.
    Exchange = 2,
    /// It is a WebSocket.
    WebSocket = 3,
}

impl Connection {
    /// Ends the connection, even if data waits to be written.
    pub(super) fn cut(&self) {
        self.cut.store(true, Ordering::Release);
        self.reader.wake();
        self.writer.wake();
    }

    /// Makes the library end the connection of a WebSocket, as if its client had, once all waiting frames have been
    /// written.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Release);
        self.reader.wake();
    }

    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Notes that the library was made to end the connection.
    pub(super) fn closed(&self) {
        self.closing.store(false, Ordering::Release);
    }

    /// Ends the connection unless a request is being answered on it.
    pub(super) fn cut_unless_busy(&self) {
        if matches!(self.phase(), Phase::Idle | Phase::Head) {
            self.cut();
        }
    }

    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Idle,
            1 => Phase::Head,
            2 => Phase::Exchange,
            _ => Phase::WebSocket,
        }
    }

    /// Moves on to another phase. A WebSocket stays one.
    pub(super) fn enter(&self, phase: Phase) {
        let moves = |now| (now != Phase::WebSocket as u8).then_some(phase as u8);
        self.phase.fetch_update(Ordering::AcqRel, Ordering::Acquire, moves).ok();
        if phase == Phase::Idle {
            // The phase's timeout begins.
            self.reader.wake();
        }
    }

    /// Makes it the WebSocket that carries a session.
    pub(super) fn carry(&self, session: Arc<Session>) {
        self.session.set(session).ok();
        self.enter(Phase::WebSocket);
    }

    /// Makes it the WebSocket that is about to carry a session that has begun with polling.
    pub(super) fn take_over(&self, session: Arc<Session>) {
        self.upgrade.store(true, Ordering::Release);
        self.carry(session);
    }

    /// Whether its session has begun with polling.
    pub(super) fn is_upgrade(&self) -> bool {
        self.upgrade.load(Ordering::Acquire)
    }

    /// Says that a frame has been read.
    pub(super) fn heard(&self) {
        self.heard.store(true, Ordering::Release);
    }

    /// Whether a frame has been read.
    pub(super) fn is_heard(&self) -> bool {
        self.heard.load(Ordering::Acquire)
    }

    /// Wakes the task that waits to read when the connection is cut, or when there is more to read again.
    pub(super) fn wake_reader_with(&self, waker: &Waker) {
        self.reader.register(waker);
    }

    /// Wakes the task that waits to write when the connection is cut.
    pub(super) fn wake_writer_with(&self, waker: &Waker) {
        self.writer.register(waker);
    }

    pub(super) fn wake_reader(&self) {
        self.reader.wake();
    }

    /// Keeps the connection's permits until it has ended.
    pub(super) fn keep(&self, permit: Box<dyn Permit>) {
        self.permits.lock().unwrap_or_else(PoisonError::into_inner).push(permit);
    }

    /// Gives back the connection's permits.
    pub(super) fn release(&self) {
        self.permits.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Reports that the connection is cut.
    pub(super) fn check(&self) -> io::Result<()> {
        if self.cut.load(Ordering::Acquire) { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}
