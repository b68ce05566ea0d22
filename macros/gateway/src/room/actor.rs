//! The task of a reader, which gives it inputs and carries out its effects. The task never waits for a socket or the
//! log: reads and questions run in separate tasks.

use std::{
    collections::HashMap,
    future::{Future, ready},
    slice,
    sync::Arc,
    time::Duration,
};

use accord_runtime::{
    error::Fault,
    log::Position,
    panics::{caught, caught_now},
    reply::encode,
    scope::Room,
};
use serde_json::{Map, Value, json};
use tokio::sync::{mpsc::UnboundedReceiver, oneshot};

use super::{
    effect::{Effect, Joined, Read, Receivers, SocketId, Ticket},
    mailbox::{Mailbox, Message, Replay},
    pace::Pace,
    reader::Reader,
    ring::RingSize,
    surroundings::Surroundings,
};
use crate::{
    emitted::{self, Emitted},
    hub,
    socket::{PageTurn, Socket},
    turns::Turn,
};

/// The bounds of a room's ring.
const RING: RingSize = RingSize { entries: 256, bytes: 64 << 10 };

/// The first pause before a retry, and the longest.
const PAUSES: [Duration; 2] = [Duration::from_millis(20), Duration::from_secs(2)];

/// A reader and its surroundings.
struct Actor {
    around: Arc<Surroundings>,
    room: Arc<Room>,
    mailbox: Mailbox,
    reader: Reader,
    attached: HashMap<SocketId, Arc<Socket>>,
    joining: HashMap<SocketId, Joining>,
    pace: Pace,
    /// Tasks that wait until everything up to a number has been sent.
    waiting: Vec<(u64, oneshot::Sender<()>)>,
}

/// A socket that is not attached yet.
struct Joining {
    socket: Arc<Socket>,
    /// The first page of its replay, until it is started.
    page: Option<(Ticket, Read)>,
    /// Its user's turn, which it keeps until it has caught up.
    turn: Option<Turn>,
}

/// Reads a room while any socket has joined it.
pub(super) async fn run(
    around: Arc<Surroundings>,
    room: Arc<Room>,
    mailbox: Mailbox,
    mut receiver: UnboundedReceiver<Message>,
) {
    let mut actor = Actor {
        around,
        room,
        mailbox,
        reader: Reader::new(RING),
        attached: HashMap::new(),
        joining: HashMap::new(),
        pace: Pace::default(),
        waiting: Vec::new(),
    };
    while let Some(message) = receiver.recv().await {
        if let Err(fault) = caught_now(|| actor.take(message)) {
            tracing::error!(room = %actor.room, error = ?format!("{fault:#}"), "reading a room failed: its sockets catch up");
            actor.around.mailboxes.close(&actor.room);
            actor.cut_all();
            receiver.close();
            while let Some(message) = receiver.recv().await {
                if let Message::Join { socket, .. } = message {
                    socket.cut();
                }
            }
            return;
        }
        if actor.reader.is_empty() && actor.around.mailboxes.close_idle(&actor.room, &actor.mailbox, &receiver) {
            return;
        }
    }
}

impl Actor {
    /// Handles an input and its effects.
    fn take(&mut self, message: Message) {
        let mut page_turn = None;
        let effects = match message {
            Message::Join { socket, at, was_in, replay } => self.join(socket, &at, was_in, replay),
            Message::Start(socket) => return self.start(socket),
            Message::Leave(socket, left) => {
                let effects = self.leave(socket);
                if let Some(left) = left {
                    left.send(()).ok();
                }
                effects
            }
            Message::Committed(items, bytes) => {
                self.mailbox.taken(bytes);
                self.reader.committed(&items)
            }
            Message::Look => self.reader.look(),
            Message::Page(ticket, read, turn) => {
                page_turn = turn;
                self.reader.page(ticket, read)
            }
            Message::Drained(ticket) => self.reader.drained(ticket),
            Message::Former(ticket, users) => self.reader.answer(ticket, &users),
            Message::Place(socket, place) => {
                place.send(self.reader.place(socket)).ok();
                return;
            }
            Message::Released => return,
            Message::Settle(settled) => {
                self.waiting.push((self.mailbox.newest(), settled));
                Vec::new()
            }
        };
        self.perform(effects, page_turn);
    }

    fn join(&mut self, socket: Arc<Socket>, position: &Position, was_in: bool, replay: Option<Replay>) -> Vec<Effect> {
        let since = replay.as_ref().map(|replay| replay.since.seq);
        let (joined, mut effects) = self.reader.join(socket.id, &socket.user, position, was_in, since);
        let ticket = match joined {
            Joined::New { replay, .. } => replay,
            Joined::Stays(_) => return effects,
            Joined::Displaced => {
                self.let_go(socket.id);
                socket.cut();
                return effects;
            }
        };
        // The socket may have left the room while this input was on its way.
        if self.around.hub.join(&socket, &self.room, usize::MAX, false) == hub::Joined::Gone {
            effects.extend(self.leave(socket.id));
            return effects;
        }
        let (page, turn) = match (ticket, replay) {
            (Some(ticket), Some(Replay { page, turn, .. })) => (Some((ticket, self.around.read(page))), Some(turn)),
            _ => (None, None),
        };
        self.joining.insert(socket.id, Joining { socket, page, turn });
        effects
    }

    fn leave(&mut self, socket: SocketId) -> Vec<Effect> {
        self.attached.remove(&socket);
        self.joining.remove(&socket);
        self.reader.leave(socket)
    }

    fn start(&mut self, socket: SocketId) {
        let effects = self.reader.start(socket);
        self.perform(effects, None);
        let page = self.joining.get_mut(&socket).and_then(|joining| joining.page.take());
        if let Some((ticket, read)) = page {
            self.pass(ticket, ready(Some(read)));
        }
    }

    /// Carries out the reader's effects. The turn of a page ends once its client has received that.
    fn perform(&mut self, effects: Vec<Effect>, mut page_turn: Option<PageTurn>) {
        for effect in effects {
            match effect {
                Effect::Read(ticket, since) => self.read(ticket, since),
                Effect::Ask(ticket, users) => self.ask(ticket, users),
                Effect::Drain(ticket) => self.drain(ticket, page_turn.take()),
                Effect::Send(Receivers::Attached, items) => {
                    let versions = &self.around.versions;
                    let events: Vec<_> = items.iter().map(|item| Emitted::of(&item.entry, versions)).collect();
                    let receivers = self.attached.values().filter(|socket| !socket.is_leaving());
                    let departure = self.pace.depart(events.len(), self.attached.len());
                    let missing = emitted::broadcast(&events, receivers, &departure);
                    missing.iter().for_each(|(socket, why)| socket.note(*why));
                }
                Effect::Send(Receivers::Joining(socket), items) => {
                    let versions = &self.around.versions;
                    let events: Vec<_> = items.iter().map(|item| Emitted::of(&item.entry, versions)).collect();
                    if let Some(Joining { socket, .. }) = self.joining.get(&socket) {
                        socket.note(emitted::send(&events, socket));
                    }
                }
                Effect::CaughtUp(socket, position) => self.caught_up(socket, &position),
                Effect::Attach(socket) => {
                    if let Some(Joining { socket, .. }) = self.joining.remove(&socket) {
                        self.around.hub.hear(&socket, &self.room);
                        self.attached.insert(socket.id, socket);
                    }
                }
                Effect::Evict(socket) => drop(self.let_go(socket)),
                Effect::Cut(socket) => {
                    if let Some(socket) = self.let_go(socket) {
                        socket.cut();
                    }
                }
            }
        }
        let (cursor, is_empty) = (self.reader.cursor(), self.reader.is_empty());
        for (_, settled) in self.waiting.extract_if(.., |(seq, _)| *seq <= cursor || is_empty) {
            settled.send(()).ok();
        }
    }

    /// Removes a socket that has left the room.
    fn let_go(&mut self, socket: SocketId) -> Option<Arc<Socket>> {
        let joining = self.joining.remove(&socket).map(|joining| joining.socket);
        let socket = joining.or_else(|| self.attached.remove(&socket))?;
        self.around.hub.leave(&socket, &self.room);
        Some(socket)
    }

    /// Makes all sockets reconnect and catch up.
    fn cut_all(&mut self) {
        let joining = self.joining.drain().map(|(_, joining)| joining.socket);
        for socket in joining.chain(self.attached.drain().map(|(_, socket)| socket)) {
            socket.cut();
        }
    }

    /// Waits until the client of a joining socket has received everything sent so far. Another page may follow then.
    fn drain(&self, ticket: Ticket, page_turn: Option<PageTurn>) {
        let Some(joining) = ticket.socket.and_then(|socket| self.joining.get(&socket)) else { return };
        let (socket, patience) = (Arc::clone(&joining.socket), self.around.patience);
        let mailbox = self.mailbox.clone();
        tokio::spawn(async move {
            socket.drained(patience).await;
            drop(page_turn);
            mailbox.send(Message::Drained(ticket));
        });
    }

    fn caught_up(&mut self, socket: SocketId, position: &Position) {
        let Some(joining) = self.joining.get_mut(&socket) else { return };
        joining.turn = None;
        let Some(log) = self.around.logs.get(self.room.scope) else { return };
        let data =
            Map::from_iter([(log.key.to_owned(), json!(self.room.id)), ("position".to_owned(), json!(position))]);
        let Ok(data) = encode(&Value::Object(data)) else { return };
        let event = Emitted::new(log.caught_up, &data, &self.around.versions);
        joining.socket.note(emitted::send(slice::from_ref(&event), &joining.socket));
    }

    /// Reads a page.
    fn read(&self, ticket: Ticket, since: Position) {
        let (around, room, mailbox) = (Arc::clone(&self.around), Arc::clone(&self.room), self.mailbox.clone());
        self.pass(ticket, async move {
            let page = insisted(&room, &mailbox, async || around.log.read(&room, &since).await).await;
            page.map(|page| around.read(page))
        });
    }

    /// Gives the reader a page once it has been read; for a single socket, in its turn. The turn is taken last: the less
    /// time passes before the page is sent, the less comes in between.
    fn pass(&self, ticket: Ticket, page: impl Future<Output = Option<Read>> + Send + 'static) {
        let socket =
            ticket.socket.and_then(|socket| self.joining.get(&socket)).map(|joining| Arc::clone(&joining.socket));
        let (patience, mailbox) = (self.around.patience, self.mailbox.clone());
        tokio::spawn(async move {
            let Some(page) = page.await else { return };
            let turn = match socket {
                Some(socket) => Some(socket.page_turn(patience).await),
                None => None,
            };
            mailbox.send(Message::Page(ticket, page, turn));
        });
    }

    /// Asks the business logic which of these users no longer belong to the room.
    fn ask(&self, ticket: Ticket, users: Vec<Arc<str>>) {
        let (around, room, mailbox) = (Arc::clone(&self.around), Arc::clone(&self.room), self.mailbox.clone());
        tokio::spawn(async move {
            let mut former = Vec::new();
            for user in users {
                let is_member = async || around.pipeline.is_member(&user, &room).await;
                match insisted(&room, &mailbox, is_member).await {
                    Some(true) => {}
                    Some(false) => former.push(user),
                    None => return,
                }
            }
            mailbox.send(Message::Former(ticket, former));
        });
    }
}

/// Retries a call until it succeeds; `None` once the reader has ended.
async fn insisted<T, F: Future<Output = Result<T, Fault>>>(
    room: &Room,
    mailbox: &Mailbox,
    attempt: impl Fn() -> F,
) -> Option<T> {
    let [mut pause, longest] = PAUSES;
    loop {
        match caught(attempt()).await.and_then(|result| result) {
            Ok(result) => return Some(result),
            Err(fault) => {
                tracing::warn!(%room, error = ?format!("{fault:#}"), "reading a room failed, and is tried again")
            }
        }
        tokio::time::sleep(pause).await;
        if mailbox.is_closed() {
            return None;
        }
        pause = longest.min(pause * 2);
    }
}
