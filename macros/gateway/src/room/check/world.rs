//! A room around a real reader, and all steps that can happen there, one at a time.

use std::{collections::BTreeMap, sync::Arc};

use accord_runtime::log::Position;

use super::{
    model::{Model, name},
    sabotage::Sabotage,
    script::{Script, Step},
    stay::{Broken, Stay},
};
use crate::room::{
    effect::{Effect, Joined, Read, Receivers, SocketId, Ticket},
    item::Item,
    reader::Reader,
    ring::RingSize,
};

/// The whole.
#[derive(Clone)]
pub(super) struct World {
    script: Arc<Script>,
    /// The number of steps taken by each of the script's threads.
    taken: Vec<usize>,
    log: Model,
    wakes: Vec<Wake>,
    questions: Vec<Question>,
    reader: Reader,
    clients: BTreeMap<SocketId, Client>,
    sabotage: Option<Sabotage>,
}

/// A socket, and the state of its join.
#[derive(Clone, Default)]
struct Client {
    /// The position at which it is to join, and whether its user was found to belong to the room then, if that is known.
    position: Option<(Position, Option<bool>)>,
    /// Whether it is about to join, so that the room has a reader.
    approaches: bool,
    /// Whether it is in the room already, as it begins to join.
    is_in: bool,
    /// The first page of its replay, and the epoch of the log that it is from.
    first_page: Option<(Arc<str>, Read)>,
    ticket: Option<Ticket>,
    stay: Option<Stay>,
}

/// A notice of a commit on its way to the reader.
#[derive(Clone)]
struct Wake {
    items: Vec<Arc<Item>>,
    /// Whether it may arrive once more.
    again: bool,
}

/// A question of the reader, and its answer once that is found.
#[derive(Clone)]
enum Question {
    Read(Ticket, Position, Option<Read>),
    Ask(Ticket, Vec<Arc<str>>, Option<Vec<Arc<str>>>),
    Drain(Ticket),
}

/// A possible next step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Choice {
    /// A thread of the script takes its next step.
    Step(usize),
    /// A question finds its answer.
    Find(usize),
    /// The answer reaches the reader.
    Answer(usize),
    /// The last notice of a commit reaches the reader.
    Wake(usize),
    /// A notice of a commit reaches the reader, and will do so again.
    WakeTwice(usize),
    /// The notice of a commit is lost.
    Forget(usize),
}

/// The user of a socket.
fn user_of(socket: SocketId) -> usize {
    usize::try_from(socket / 10).unwrap_or_default()
}

impl World {
    pub(super) fn new(script: Script, sabotage: Option<Sabotage>) -> Self {
        let mut log = Model::new();
        for change in &script.before {
            log.write(change);
        }
        World {
            taken: vec![0; script.threads.len()],
            log,
            wakes: Vec::new(),
            questions: Vec::new(),
            reader: Reader::new(RingSize { entries: script.ring, bytes: 1000 }),
            clients: BTreeMap::new(),
            sabotage,
            script: Arc::new(script),
        }
    }

    /// All possible next steps.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let threads = self.script.threads.iter().zip(&self.taken).enumerate();
        let steps = threads.filter(|(_, (steps, taken))| **taken < steps.len());
        let mut choices: Vec<_> = steps.map(|(thread, _)| Choice::Step(thread)).collect();
        for (index, question) in self.questions.iter().enumerate() {
            choices.push(match question {
                Question::Read(_, _, None) | Question::Ask(_, _, None) => Choice::Find(index),
                Question::Read(..) | Question::Ask(..) | Question::Drain(_) => Choice::Answer(index),
            });
        }
        for (index, wake) in self.wakes.iter().enumerate() {
            choices.push(Choice::Wake(index));
            if self.script.unreliable {
                choices.push(Choice::Forget(index));
            }
            if wake.again {
                choices.push(Choice::WakeTwice(index));
            }
        }
        choices
    }

    /// Takes a step.
    pub(super) fn take(&mut self, choice: Choice) -> Result<(), Broken> {
        let effects = match choice {
            Choice::Step(thread) => {
                let script = Arc::clone(&self.script);
                self.taken[thread] += 1;
                return self.step(&script.threads[thread][self.taken[thread] - 1]);
            }
            Choice::Find(index) => {
                match &mut self.questions[index] {
                    Question::Read(_, since, found) => *found = Some(self.log.read(since, self.script.page)),
                    Question::Ask(_, users, found) => *found = Some(self.log.former(users)),
                    Question::Drain(_) => {}
                }
                return Ok(());
            }
            Choice::Answer(index) => match self.questions.remove(index) {
                Question::Read(ticket, _, read) => self.reader.page(ticket, read.unwrap_or(Read::Lost)),
                Question::Drain(ticket) => self.reader.drained(ticket),
                Question::Ask(ticket, _, former) => {
                    let former = former.unwrap_or_default();
                    self.stays().for_each(|stay| stay.found(ticket, &former));
                    self.reader.answer(ticket, &former)
                }
            },
            Choice::Wake(index) => {
                let wake = self.wakes.remove(index);
                self.tell(&wake.items)
            }
            Choice::WakeTwice(index) => {
                self.wakes[index].again = false;
                let wake = self.wakes[index].clone();
                self.tell(&wake.items)
            }
            Choice::Forget(index) => {
                self.wakes.remove(index);
                return Ok(());
            }
        };
        self.perform(effects)
    }

    /// Checks the end, when no step is left: nothing waits, and if the reader has heard of all commits, every socket
    /// has every entry. Otherwise the reader looks once more and gets its answers, and then every socket has every
    /// entry.
    pub(super) fn finish(mut self) -> Result<(), Broken> {
        const FOR_EVER: usize = 1000;
        for (socket, client) in &self.clients {
            client
                .stay
                .iter()
                .try_for_each(|stay| stay.waits_for_nothing(&self.log))
                .map_err(|why| format!("{socket} {why}"))?;
        }
        if !self.script.unreliable {
            self.settled()?;
        }
        let effects = self.reader.look();
        self.perform(effects)?;
        for _ in 0..FOR_EVER {
            let Some(choice) = self.choices().first().copied() else {
                return self.settled();
            };
            self.take(choice)?;
        }
        Err("the reader reads for ever".to_owned())
    }

    /// Fails unless every socket in the room has every entry.
    fn settled(&self) -> Result<(), Broken> {
        let mut stays = self.clients.iter().filter_map(|(socket, client)| Some((socket, client.stay.as_ref()?)));
        stays.try_for_each(|(socket, stay)| stay.settled(&self.log).map_err(|why| format!("{socket} {why}")))
    }

    /// Notifies the reader of commits, if the room has one.
    fn tell(&mut self, items: &[Arc<Item>]) -> Vec<Effect> {
        if self.is_read() { self.reader.committed(items) } else { Vec::new() }
    }

    /// Whether any socket is in the room, or about to join it.
    fn is_read(&self) -> bool {
        !self.reader.is_empty() || self.clients.values().any(|client| client.approaches)
    }

    fn step(&mut self, step: &Step) -> Result<(), Broken> {
        let effects = match *step {
            Step::Write(ref changes) => {
                let items = changes.iter().map(|change| self.log.write(change)).collect();
                self.wakes.push(Wake { items, again: self.script.unreliable });
                return Ok(());
            }
            Step::Forget(but) => {
                self.log.forget(but);
                return Ok(());
            }
            Step::Approach(socket) => {
                let (place, cursor) = (self.reader.place(socket), self.reader.cursor());
                // The reader before has ended, and its questions with it.
                if !self.is_read() {
                    self.reader = Reader::new(RingSize { entries: self.script.ring, bytes: 1000 });
                    self.questions.clear();
                }
                let client = self.clients.entry(socket).or_default();
                client.approaches = true;
                client.is_in = place.is_some();
                client.position = None;
                client.first_page = None;
                let stay = client.stay.as_ref().filter(|_| client.is_in);
                let goes_on = stay.map_or(Ok(()), |stay| stay.goes_on(&self.log, cursor));
                return goes_on.map_err(|why| format!("{socket} {why}"));
            }
            Step::FirstPage(socket, _) if self.client(socket).is_in => return Ok(()),
            Step::FirstPage(socket, seq) => {
                let since = Position { seq, ..self.log.position() };
                let page = self.log.read(&since, self.script.page);
                self.client(socket).first_page = Some((since.epoch, page));
                return Ok(());
            }
            Step::Position(socket) => {
                let is_member = self.log.members()[user_of(socket)];
                let position = (self.log.position(), Some(is_member).filter(|_| self.script.together));
                self.client(socket).position = Some(position);
                return Ok(());
            }
            Step::Enter(socket, since) => return self.enter(socket, since),
            Step::Look if !self.is_read() => return Ok(()),
            Step::Look => self.reader.look(),
            // The owner of the log notices that it was replaced, and reports it.
            Step::Restore => {
                self.log.restore();
                self.wakes.clear();
                self.reader.look()
            }
            Step::Leave(socket) => {
                self.clients.remove(&socket);
                self.reader.leave(socket)
            }
            Step::Start(socket) => {
                let client = self.client(socket);
                if let Some(stay) = &mut client.stay {
                    stay.started = true;
                }
                let replay = client.ticket.take().zip(client.first_page.take());
                let effects = self.reader.start(socket);
                self.perform(effects)?;
                let Some((ticket, (_, read))) = replay else { return Ok(()) };
                self.reader.page(ticket, read)
            }
        };
        self.perform(effects)
    }

    /// A socket joins the room, if its user belongs to it and the log has what it has missed.
    fn enter(&mut self, socket: SocketId, since: Option<u64>) -> Result<(), Broken> {
        let user = user_of(socket);
        let client = self.clients.entry(socket).or_default();
        client.approaches = false;
        let Some((position, is_member)) = client.position.take() else { return Ok(()) };
        let is_lost = match &client.first_page {
            Some((_, Read::Lost)) => true,
            Some((epoch, _)) => *epoch != position.epoch,
            None => false,
        };
        if is_lost || !is_member.unwrap_or_else(|| self.log.members()[user]) {
            return Ok(());
        }
        let since = since.filter(|_| !client.is_in);
        let cursor = self.reader.cursor();
        let (joined, effects) = self.reader.join(socket, &name(user), &position, client.is_in, since);
        self.perform(effects)?;
        let client = self.clients.entry(socket).or_default();
        if let Some(stay) = &client.stay {
            let held = match joined {
                Joined::Stays(seq) => stay.has_all(&self.log, seq),
                Joined::New { .. } | Joined::Displaced => stay.ends(&self.log),
            };
            held.map_err(|why| format!("{socket} {why}"))?;
        }
        let (seq, replay) = match joined {
            Joined::New { .. } if client.is_in => {
                return Err(format!("{socket} has lost its place, and is not cut off"));
            }
            Joined::New { seq, replay } => (seq, replay),
            Joined::Stays(_) => return Ok(()),
            Joined::Displaced => {
                client.stay = None;
                return Ok(());
            }
        };
        client.ticket = replay;
        client.stay = Some(Stay {
            user,
            epoch: position.epoch,
            joined: seq,
            told: cursor.max(seq),
            has: since.unwrap_or(seq),
            asked: Vec::new(),
            stayed: Vec::new(),
            replays: since.is_some(),
            started: false,
            attached: false,
        });
        if seq < position.seq { Err(format!("{socket} joins too early")) } else { Ok(()) }
    }

    fn stays(&mut self) -> impl Iterator<Item = &mut Stay> {
        self.clients.values_mut().filter_map(|client| client.stay.as_mut())
    }

    /// Carries out the reader's effects.
    fn perform(&mut self, mut effects: Vec<Effect>) -> Result<(), Broken> {
        if let Some(sabotage) = self.sabotage {
            sabotage.apply(&mut effects);
        }
        for effect in effects {
            match effect {
                Effect::Read(ticket, since) => self.questions.push(Question::Read(ticket, since, None)),
                Effect::Ask(ticket, users) => {
                    let seq = self.reader.cursor() + 1;
                    self.stays().for_each(|stay| stay.asked(ticket, seq));
                    self.questions.push(Question::Ask(ticket, users, None));
                }
                Effect::Drain(ticket) => self.questions.push(Question::Drain(ticket)),
                Effect::Send(Receivers::Joining(socket), items) => {
                    items.iter().try_for_each(|item| self.with_stay(socket, |stay, log| stay.sent(log, item)))?;
                }
                Effect::Send(Receivers::Attached, items) => {
                    for (socket, client) in &mut self.clients {
                        for stay in client.stay.iter_mut().filter(|stay| stay.attached) {
                            let sent = items.iter().try_for_each(|item| stay.sent(&self.log, item));
                            sent.map_err(|why| format!("{socket} {why}"))?;
                        }
                    }
                }
                Effect::CaughtUp(socket, position) => {
                    self.with_stay(socket, |stay, log| stay.caught_up(log, position.seq))?;
                }
                Effect::Attach(socket) => self.with_stay(socket, |stay, _| {
                    stay.attached = true;
                    Ok(())
                })?,
                Effect::Evict(socket) => {
                    self.with_stay(socket, |stay, log| stay.evicted(log))?;
                    self.client(socket).stay = None;
                }
                Effect::Cut(socket) if self.log.lost() || self.log.hides() => self.client(socket).stay = None,
                Effect::Cut(socket) => return Err(format!("{socket} is cut off, and the log has everything")),
            }
        }
        Ok(())
    }

    fn client(&mut self, socket: SocketId) -> &mut Client {
        self.clients.entry(socket).or_default()
    }

    /// Checks a promise to a socket, which has to be in the room.
    fn with_stay(
        &mut self,
        socket: SocketId,
        check: impl FnOnce(&mut Stay, &Model) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let client = self.clients.entry(socket).or_default();
        let Some(stay) = &mut client.stay else { return Err(format!("{socket} is not in the room")) };
        check(stay, &self.log).map_err(|why| format!("{socket} {why}"))
    }
}
