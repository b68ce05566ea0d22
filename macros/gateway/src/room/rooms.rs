//! The readers of all joined rooms that have a log.

use std::sync::{Arc, Weak};

use accord_runtime::{
    error::Fault,
    log::{Entry, Follower, Position},
    scope::Room,
};
use tokio::{sync::oneshot, time::timeout};

use super::{
    actor,
    effect::SocketId,
    item::Item,
    mailbox::{Approach, Held, Message, Replay},
    surroundings::Surroundings,
};
use crate::{socket::Socket, turns::Turns};

/// The maximum number of concurrent replays of a user.
pub(crate) const MOST_REPLAYS: usize = 4;

/// The readers of all joined rooms.
pub(crate) struct Rooms {
    around: Arc<Surroundings>,
    turns: Arc<Turns>,
}

impl Rooms {
    /// Reads joined rooms from this log from now on.
    pub(crate) fn new(around: Surroundings) -> Self {
        let around = Arc::new(around);
        around.log.follow(Arc::new(Following(Arc::downgrade(&around))));
        Rooms { around, turns: Turns::new(MOST_REPLAYS) }
    }

    /// Prepares a socket to join a room, at a position that is read after this call. From now on, the room has a
    /// reader, which hears of later commits. A replay waits for its turn, and begins to read.
    ///
    /// # Errors
    /// If the log fails.
    pub(crate) async fn approach(
        &self,
        socket: &Socket,
        room: &Room,
        since: Option<Position>,
    ) -> Result<Approach, Fault> {
        let reader = self.open(room);
        let place = self.place(socket.id, room).await;
        let replay = match since.filter(|_| place.is_none()) {
            None => None,
            Some(since) => {
                let turn = self.turns.take(&socket.user).await;
                let page = self.around.log.read(room, &since).await?;
                Some(Replay { since, page, turn })
            }
        };
        Ok(Approach { place, replay, reader })
    }

    /// Makes a socket join a room at a position. It receives nothing before it is started.
    pub(crate) fn join(
        &self,
        socket: &Arc<Socket>,
        room: &Room,
        Approach { place, replay, reader }: Approach,
        at: Position,
    ) {
        let around = &self.around;
        let join = Message::Join { socket: Arc::clone(socket), at, was_in: place.is_some(), replay };
        if !reader.send(join) {
            // The reader has failed meanwhile, and its sockets catch up.
            socket.cut();
        }
        // The socket may have ended before it joined.
        if !around.hub.has(socket.id) {
            around.mailboxes.send(room, Message::Leave(socket.id, None));
        }
    }

    /// Keeps a room's reader for as long as the returned guard is kept.
    fn open(&self, room: &Room) -> Held {
        let around = &self.around;
        around.mailboxes.open(room, |room, mailbox, receiver| {
            tokio::spawn(actor::run(Arc::clone(around), room, mailbox, receiver));
        })
    }

    /// Notes that a socket's client knows that it has joined the room.
    pub(crate) fn start(&self, socket: &Socket, room: &Room) {
        self.around.mailboxes.send(room, Message::Start(socket.id));
    }

    /// Makes a socket leave a room, and waits until nothing more is sent to it.
    pub(crate) async fn leave(&self, socket: SocketId, room: &Room) {
        let (left, wait) = oneshot::channel();
        self.around.mailboxes.send(room, Message::Leave(socket, Some(left)));
        wait.await.ok();
    }

    /// Removes a socket that has ended.
    pub(crate) fn let_go(&self, socket: &Socket) {
        for room in socket.rooms() {
            self.around.mailboxes.send(&room, Message::Leave(socket.id, None));
        }
    }

    /// Waits until this room's reader has sent every entry that it knows of, and evicted sockets have left. Does not
    /// wait for a log that is unavailable.
    pub(crate) async fn settled(&self, room: &Room) {
        let (settled, wait) = oneshot::channel();
        self.around.mailboxes.send(room, Message::Settle(settled));
        if timeout(self.around.patience, wait).await.is_err() {
            tracing::warn!(%room, "the sockets in a room have not received all of its log");
        }
    }

    /// The place up to which a socket has received everything in a room that it has joined.
    async fn place(&self, socket: SocketId, room: &Room) -> Option<Position> {
        let (place, wait) = oneshot::channel();
        self.around.mailboxes.send(room, Message::Place(socket, place));
        wait.await.ok().flatten()
    }
}

/// Passes the log's notices on to readers, while there are any: the log outlives the gateway.
struct Following(Weak<Surroundings>);

impl Follower for Following {
    fn hears(&self, room: &Room) -> bool {
        self.0.upgrade().is_some_and(|around| around.mailboxes.of(room).is_some())
    }

    fn committed(&self, room: &Room, entries: &[Entry]) {
        let Some(around) = self.0.upgrade() else { return };
        let Some(mailbox) = around.mailboxes.of(room) else { return };
        let item = |entry: &Entry| Arc::new(Item::of(entry.clone(), around.pipeline.protocol));
        mailbox.tell(entries.iter().map(item).collect());
    }

    fn look(&self, room: &Room) {
        if let Some(around) = self.0.upgrade() {
            around.mailboxes.send(room, Message::Look);
        }
    }
}
