//! The reader of one joined room as an algorithm: events go in, and effects come out. It does no I/O and never waits.
//!
//! The `attached` sockets have received everything up to the `cursor`. A socket that joins has its own place in the
//! log; it catches up, from the ring or by pages of the log, and is attached in one step once it has received what the
//! others have. So no socket has a queue, and each has a single place from which it continues.
//!
//! Notices of commits are only hints: the reader takes the entries that continue from the cursor, and any other notice
//! makes it read the log.

mod catching_up;
mod keeping_up;

use std::{collections::BTreeMap, mem, sync::Arc};

use accord_runtime::log::Position;

use super::{
    effect::{Effect, Joined, Read, SocketId, Ticket},
    item::Item,
    joining::{Joining, State},
    ring::{Ring, RingSize},
};

/// A joined room's reader.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    epoch: Arc<str>,
    cursor: u64,
    ring: Ring,
    /// The sockets that get the next entries, with their users.
    attached: BTreeMap<SocketId, Arc<str>>,
    joining: BTreeMap<SocketId, Joining>,
    /// Whether the log may have more entries than the read in progress returns.
    behind: bool,
    /// The read from the cursor in progress.
    reading: Option<u64>,
    /// The entry that waits for the answer which of the sockets' users still belong to the room.
    asking: Option<Asking>,
    last_ticket: u64,
    effects: Vec<Effect>,
}

/// A question about all users in the room.
#[derive(Clone, Debug)]
struct Asking {
    ticket: u64,
    item: Arc<Item>,
    users: Vec<Arc<str>>,
}

impl Reader {
    /// A reader of a room that no socket has joined.
    pub(crate) fn new(size: RingSize) -> Self {
        Reader {
            epoch: "".into(),
            cursor: 0,
            ring: Ring::new(0, size),
            attached: BTreeMap::new(),
            joining: BTreeMap::new(),
            behind: false,
            reading: None,
            asking: None,
            last_ticket: 0,
            effects: Vec::new(),
        }
    }

    /// Whether no socket has joined.
    pub(crate) fn is_empty(&self) -> bool {
        self.attached.is_empty() && self.joining.is_empty()
    }

    /// The place up to which a socket has received everything, if it has joined and its user has not been removed
    /// since.
    pub(crate) fn place(&self, socket: SocketId) -> Option<Position> {
        let seq = match self.joining.get(&socket) {
            Some(joining) if joining.ends.is_some() => return None,
            Some(joining) => joining.sent,
            None => self.attached.get(&socket).map(|_| self.cursor)?,
        };
        Some(self.at(seq))
    }

    /// The number up to which the attached sockets have received everything.
    pub(crate) fn cursor(&self) -> u64 {
        self.cursor
    }

    /// A socket joins at a position at which, or after which, its user was found to belong to the room; `since` is the
    /// number up to which its client has everything, if it wants a replay; `was_in` says whether it was in the room as
    /// it began to join. The socket gets nothing before it is started.
    ///
    /// The reader has heard of every commit since before the position was read.
    ///
    /// A socket that is catching up to its user's removal stops doing so: the user has been added again.
    pub(crate) fn join(
        &mut self,
        socket: SocketId,
        user: &Arc<str>,
        position: &Position,
        was_in: bool,
        since: Option<u64>,
    ) -> (Joined, Vec<Effect>) {
        if let Some(Position { seq, .. }) = self.place(socket) {
            return (Joined::Stays(seq), Vec::new());
        }
        self.joining.remove(&socket);
        if was_in {
            return (Joined::Displaced, self.effects());
        }
        if !self.epoch.is_empty() && self.epoch != position.epoch {
            self.lose_all();
        }
        if self.is_empty() {
            self.begin(position);
        }
        let seq = position.seq.max(since.unwrap_or_default());
        let sent = since.unwrap_or(seq);
        self.behind |= seq > self.cursor;
        let replay = since.map(|_| self.ticket(Some(socket)));
        let state = State::Unanswered { page: replay.map(|ticket| ticket.number) };
        let joining = Joining {
            user: Arc::clone(user),
            joined: seq,
            sent,
            stays: 0,
            ends: None,
            replays: since.is_some(),
            state,
        };
        self.joining.insert(socket, joining);
        (Joined::New { seq, replay }, self.effects())
    }

    /// Continues from a position. The log has the entries after it, including those that the reader heard of while no
    /// socket had joined.
    fn begin(&mut self, position: &Position) {
        self.behind |= self.reading.is_some() || self.cursor > position.seq;
        self.epoch = Arc::clone(&position.epoch);
        self.cursor = position.seq;
        self.ring = Ring::new(position.seq, self.ring.most());
        self.reading = None;
        self.asking = None;
    }

    /// A socket's client knows that it has joined: entries may be sent to it.
    pub(crate) fn start(&mut self, socket: SocketId) -> Vec<Effect> {
        if let Some(joining) = self.joining.get_mut(&socket)
            && let State::Unanswered { page } = joining.state
        {
            joining.state = page.map_or(State::Ready, State::Reading);
        }
        self.effects()
    }

    /// A socket leaves, or is gone.
    pub(crate) fn leave(&mut self, socket: SocketId) -> Vec<Effect> {
        self.attached.remove(&socket);
        self.joining.remove(&socket);
        self.effects()
    }

    /// Entries have been committed. They may be any of the room's entries, and the notice may be late or repeated.
    pub(crate) fn committed(&mut self, items: &[Arc<Item>]) -> Vec<Effect> {
        if self.is_empty() {
            self.behind = true;
            return Vec::new();
        }
        for run in items.chunk_by(|item, next| item.seq() + 1 == next.seq()) {
            if let (Some(first), Some(last)) = (run.first(), run.last()) {
                self.take(first.seq().saturating_sub(1), last.seq(), run.to_vec());
            }
        }
        self.effects()
    }

    /// The log may have more entries.
    pub(crate) fn look(&mut self) -> Vec<Effect> {
        self.behind = true;
        self.effects()
    }

    /// A requested page has been read.
    pub(crate) fn page(&mut self, ticket: Ticket, read: Read) -> Vec<Effect> {
        match ticket.socket {
            None if self.reading == Some(ticket.number) => {
                self.reading = None;
                match read {
                    Read::Page { items, reached, head } => {
                        self.behind |= head > reached;
                        self.take_read(reached, items);
                    }
                    Read::Lost => self.lose_all(),
                }
            }
            Some(socket) => self.page_of(socket, ticket.number, read),
            None => {}
        }
        self.effects()
    }

    /// A client has received everything sent so far.
    pub(crate) fn drained(&mut self, ticket: Ticket) -> Vec<Effect> {
        if let Some(joining) = ticket.socket.and_then(|socket| self.joining.get_mut(&socket))
            && matches!(joining.state, State::Draining(number) if number == ticket.number)
        {
            joining.state = State::Ready;
        }
        self.effects()
    }

    /// The answer to a question: these users no longer belong to the room.
    pub(crate) fn answer(&mut self, ticket: Ticket, former: &[Arc<str>]) -> Vec<Effect> {
        match ticket.socket {
            None => {
                if let Some(Asking { item, users, .. }) = self.asking.take_if(|asking| asking.ticket == ticket.number) {
                    let (former, current): (Vec<_>, Vec<_>) = users.into_iter().partition(|user| former.contains(user));
                    self.evict(item.seq(), |user| former.iter().any(|former| **former == *user));
                    let staying = self.joining.values_mut().filter(|joining| current.contains(&joining.user));
                    staying.for_each(|joining| joining.stay(item.seq()));
                    self.send(vec![item]);
                }
            }
            Some(socket) => self.answer_of(socket, ticket.number, former),
        }
        self.effects()
    }

    /// Makes every socket reconnect and catch up, because the log lacks the entries that they miss. A socket that is
    /// about to join may come with an older position.
    fn lose_all(&mut self) {
        self.behind = true;
        let attached = mem::take(&mut self.attached).into_keys();
        let joining = mem::take(&mut self.joining).into_keys();
        self.effects.extend(attached.chain(joining).map(Effect::Cut));
    }

    fn ticket(&mut self, socket: Option<SocketId>) -> Ticket {
        self.last_ticket += 1;
        Ticket { socket, number: self.last_ticket }
    }

    fn read(&mut self, ticket: Ticket, seq: u64) {
        self.effects.push(Effect::Read(ticket, self.at(seq)));
    }

    fn at(&self, seq: u64) -> Position {
        Position { epoch: Arc::clone(&self.epoch), seq }
    }

    /// Ends the handling of an input: sockets catch up, and the log is read if it may have more.
    fn effects(&mut self) -> Vec<Effect> {
        let joining: Vec<SocketId> = self.joining.keys().copied().collect();
        joining.into_iter().for_each(|socket| self.catch_up(socket));
        if self.behind && self.reading.is_none() && self.asking.is_none() && !self.is_empty() {
            self.behind = false;
            let ticket = self.ticket(None);
            self.reading = Some(ticket.number);
            self.read(ticket, self.cursor);
        }
        mem::take(&mut self.effects)
    }
}
