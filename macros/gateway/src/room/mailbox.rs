//! The inputs of rooms' readers on their way to them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use accord_runtime::{
    log::{Page, Position},
    scope::Room,
};
use tokio::sync::{
    mpsc::{self, UnboundedReceiver, UnboundedSender},
    oneshot,
};

use super::{
    effect::{Read, SocketId, Ticket},
    item::Item,
};
use crate::{
    socket::{PageTurn, Socket},
    turns::Turn,
};

/// The maximum size in bytes of committed entries that wait for a reader. It reads further entries from the log.
const MOST_WAITING: usize = 1 << 20;

/// A reader's input.
pub(super) enum Message {
    /// A socket joins the room at a position. `was_in` says whether it was in the room as it began to join.
    Join { socket: Arc<Socket>, at: Position, was_in: bool, replay: Option<Replay> },
    /// Its client knows that it has joined.
    Start(SocketId),
    /// A socket leaves the room.
    Leave(SocketId, Option<oneshot::Sender<()>>),
    /// Entries of this size have been committed.
    Committed(Vec<Arc<Item>>, usize),
    /// There may be more in the log.
    Look,
    /// A page that has been read; for a single socket, in its turn.
    Page(Ticket, Read, Option<PageTurn>),
    /// A client has received everything sent so far.
    Drained(Ticket),
    /// The users who no longer belong to the room.
    Former(Ticket, Vec<Arc<str>>),
    /// A question for the position up to which a socket has received everything.
    Place(SocketId, oneshot::Sender<Option<Position>>),
    /// A task waits until the reader has sent everything that it knows of.
    Settle(oneshot::Sender<()>),
    /// A task no longer holds the reader.
    Released,
}

/// The preparation of a socket to join a room.
pub(crate) struct Approach {
    /// The position up to which it has received everything, if it has joined before.
    pub(crate) place: Option<Position>,
    pub(super) replay: Option<Replay>,
    pub(super) reader: Held,
}

/// The beginning of a replay.
pub(super) struct Replay {
    pub(super) since: Position,
    pub(super) page: Page,
    pub(super) turn: Turn,
}

/// A hold on a reader, which does not end while this is kept, even if no socket has joined its room.
pub(super) struct Held(Mailbox);

impl Held {
    /// Gives the reader an input. Returns whether it takes it: not if the reader has failed.
    pub(super) fn send(&self, message: Message) -> bool {
        self.0.send(message)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.holds.fetch_sub(1, Ordering::AcqRel);
        // The reader may have nothing left to do.
        self.0.send(Message::Released);
    }
}

impl Approach {
    /// Whether the log lacks entries that the client has missed, as it joins at a position.
    pub(crate) fn is_lost(&self, position: &Position) -> bool {
        let is_lost = |replay: &Replay| matches!(replay.page, Page::Lost) || replay.since.epoch != position.epoch;
        self.replay.as_ref().is_some_and(is_lost)
    }

    /// Whether the socket gets a replay.
    pub(crate) fn replays(&self) -> bool {
        self.replay.is_some()
    }
}

/// The way to a reader.
#[derive(Clone)]
pub(super) struct Mailbox {
    sender: UnboundedSender<Message>,
    told: Arc<Told>,
    /// The number of joins in preparation.
    holds: Arc<AtomicUsize>,
}

/// The commits that a reader has heard of.
#[derive(Default)]
struct Told {
    /// The size of the commits that wait for it, in bytes.
    waiting: AtomicUsize,
    /// The highest number.
    newest: AtomicU64,
}

impl Mailbox {
    fn new() -> (Self, UnboundedReceiver<Message>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Mailbox { sender, told: Arc::default(), holds: Arc::default() }, receiver)
    }

    /// Gives the reader an input. Returns whether it takes it: a reader that has ended has no sockets.
    pub(super) fn send(&self, message: Message) -> bool {
        self.sender.send(message).is_ok()
    }

    /// Whether the reader has ended.
    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Passes entries to the reader, or only a hint to read the log if too much waits for it already.
    pub(super) fn tell(&self, items: Vec<Arc<Item>>) {
        let Some(newest) = items.last().map(|item| item.seq()) else { return };
        self.told.newest.fetch_max(newest, Ordering::AcqRel);
        let bytes = items.iter().map(|item| item.bytes()).sum();
        if self.told.waiting.fetch_add(bytes, Ordering::AcqRel) <= MOST_WAITING {
            self.send(Message::Committed(items, bytes));
        } else {
            self.taken(bytes);
            self.send(Message::Look);
        }
    }

    /// The highest number that the reader has heard of.
    pub(super) fn newest(&self) -> u64 {
        self.told.newest.load(Ordering::Acquire)
    }

    /// Subtracts the size of entries that no longer wait.
    pub(super) fn taken(&self, bytes: usize) {
        self.told.waiting.fetch_sub(bytes, Ordering::AcqRel);
    }
}

/// The ways to the readers of all joined rooms.
#[derive(Default)]
pub(super) struct Mailboxes(Mutex<HashMap<Arc<Room>, Mailbox>>);

impl Mailboxes {
    /// The way to a room's reader, if any socket has joined the room.
    pub(super) fn of(&self, room: &Room) -> Option<Mailbox> {
        self.lock().get(room).cloned()
    }

    /// Gives an input to a room's reader, if any socket has joined the room.
    pub(super) fn send(&self, room: &Room, message: Message) {
        if let Some(mailbox) = self.lock().get(room) {
            mailbox.send(message);
        }
    }

    /// The way to a room's reader, which is made if there is none.
    pub(super) fn open(&self, room: &Room, read: impl FnOnce(Arc<Room>, Mailbox, UnboundedReceiver<Message>)) -> Held {
        let mut mailboxes = self.lock();
        let mailbox = mailboxes.get(room).cloned().unwrap_or_else(|| {
            let (room, (mailbox, receiver)) = (Arc::new(room.clone()), Mailbox::new());
            mailboxes.insert(Arc::clone(&room), mailbox.clone());
            read(room, mailbox.clone(), receiver);
            mailbox
        });
        // Under the lock, because a reader ends only while nothing holds it.
        mailbox.holds.fetch_add(1, Ordering::AcqRel);
        Held(mailbox)
    }

    /// Ends a reader whose room no socket has joined, unless something holds it or waits for it.
    pub(super) fn close_idle(&self, room: &Room, mailbox: &Mailbox, receiver: &UnboundedReceiver<Message>) -> bool {
        let mut mailboxes = self.lock();
        let is_idle = mailbox.holds.load(Ordering::Acquire) == 0 && receiver.is_empty();
        if is_idle {
            mailboxes.remove(room);
        }
        is_idle
    }

    /// Makes the next socket that joins the room create a new reader.
    pub(super) fn close(&self, room: &Room) {
        self.lock().remove(room);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<Room>, Mailbox>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
