//! Replies that are made in the transaction that writes a change.
//!
//! A handler of a durable event gives a store its change and a [`Then`], which makes the reply from the change's
//! result. The store calls it within the transaction that writes the change, writes the entries that follow to the log,
//! and answers the handler once all of this is durable. So an event and the change that it describes become durable
//! together.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde::Serialize;
use tokio::sync::Notify;

use super::{once::Once, repeats::Attempt};
use crate::{
    error::{Fault, Refusal},
    event::EventSpec,
    log::{NewEntry, numbered},
    panics::caught_now,
    reply::{Emission, Encoded, Outcome, Reply, Target},
    scope::Room,
};

/// The reply of a durable event, whose entries are in the log or on their way into it.
#[derive(Debug)]
pub struct Logged<R> {
    reply: R,
    /// Set once the entries are in the log. Otherwise the pipeline adds them.
    written: Option<Written>,
}

#[derive(Debug)]
struct Written {
    seq: u64,
    answer: Option<Encoded>,
    emissions: Vec<Emission>,
}

impl<R> From<R> for Logged<R> {
    fn from(reply: R) -> Self {
        Logged { reply, written: None }
    }
}

impl<R> Logged<R> {
    /// A reply whose entries have been written to the log. `seq` is the number of the first entry, or of the room's
    /// newest one if the reply has none. The outcome has the events that are left to send.
    pub fn written(reply: R, seq: u64, Outcome { answer, emissions, .. }: Outcome) -> Self {
        Logged { reply, written: Some(Written { seq, answer, emissions }) }
    }

    /// The number in the log, if the reply's entries have been written to it.
    pub fn seq(&self) -> Option<u64> {
        self.written.as_ref().map(|written| written.seq)
    }

    /// Splits off a part of the reply that is not sent.
    pub fn split<S, T>(self, split: impl FnOnce(R) -> (S, T)) -> (Logged<S>, T) {
        let (reply, rest) = split(self.reply);
        (Logged { reply, written: self.written }, rest)
    }

    /// The reply.
    pub fn into_reply(self) -> R {
        self.reply
    }
}

impl<R: Reply> Reply for Logged<R> {
    const USERS: &'static [&'static str] = R::USERS;

    fn outcome(&self, users: &[Arc<str>]) -> Result<Outcome, serde_json::Error> {
        match &self.written {
            None => self.reply.outcome(users),
            Some(Written { seq, answer, emissions }) => Ok(Outcome {
                answer: answer.clone(),
                emissions: emissions.clone(),
                logged: Some(*seq),
                ..Outcome::default()
            }),
        }
    }
}

/// The reply to a change that leads to no events.
#[derive(Clone, Copy, Debug)]
pub struct Quiet<T>(pub T);

impl<T: Send + Sync + 'static> Reply for Quiet<T> {
    fn outcome(&self, _: &[Arc<str>]) -> Result<Outcome, serde_json::Error> {
        Ok(Outcome::default())
    }
}

/// The reply of a handler as a function of the result `T` of the change that it submits.
pub struct Then<T, R> {
    context: Context,
    reply: Box<dyn Fn(T) -> R + Send + Sync>,
}

/// The properties of a request that a handler does not see.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    /// The rooms that the request names.
    pub(super) rooms: Arc<[Room]>,
    /// The users that it names, who may receive events.
    pub(super) users: Arc<[Arc<str>]>,
    /// The request's identity, if it is idempotent.
    pub(super) once: Option<Once>,
    /// The request, if it is idempotent and the log does not look for a repetition.
    pub(super) attempt: Option<Arc<Attempt>>,
    /// The request's place in the queue of its socket.
    pub(super) ticket: Ticket,
}

impl Context {
    /// Notes the identity of a request. Returns the outcome of the first request of this identity if this is a repetition that
    /// the log does not look for.
    pub(super) fn begin<P: Serialize>(
        &mut self,
        user: &str,
        spec: &EventSpec,
        payload: &P,
    ) -> Result<Option<Outcome>, Refusal> {
        let Some(key) = spec.idempotent else { return Ok(None) };
        let once = Once::of(user, spec.name, key, payload).map_err(|error| Refusal::Fault(error.into()))?;
        let first = match (&self.attempt, &once) {
            (Some(attempt), Some(once)) => attempt.first(once)?,
            _ => None,
        };
        self.once = once;
        Ok(first)
    }
}

/// A place in the queue of a socket's events: the next one may begin once this one's change has been submitted.
#[derive(Clone, Debug, Default)]
pub struct Ticket(Arc<Submission>);

#[derive(Debug, Default)]
struct Submission {
    done: AtomicBool,
    notify: Notify,
}

/// The consequences of a change that has been decided.
#[derive(Debug)]
pub struct Decided<R> {
    /// The reply.
    pub reply: R,
    /// The entries to write to the log together with the change.
    pub entries: Vec<NewEntry>,
    /// The events and the answer to send once the entries are durable.
    pub outcome: Outcome,
}

impl<T: 'static> Then<T, Quiet<T>> {
    /// The reply to a change that leads to no events, for example when a database is filled.
    pub fn quiet() -> Self {
        Then { context: Context::default(), reply: Box::new(Quiet) }
    }
}

impl<T, R: Reply> Then<T, R> {
    pub(super) fn new(context: Context, reply: impl Fn(T) -> R + Send + Sync + 'static) -> Self {
        Then { context, reply: Box::new(reply) }
    }

    /// The reply to a change in this room without a request, for example when a timer expires.
    pub fn uncalled(room: Room, reply: impl Fn(T) -> R + Send + Sync + 'static) -> Self {
        Then::new(Context { rooms: [room].into(), ..Context::default() }, reply)
    }

    /// The reply to an assumed request, for tests of stores.
    #[cfg(feature = "testing")]
    pub fn assumed(rooms: Vec<Room>, once: Option<Once>, reply: impl Fn(T) -> R + Send + Sync + 'static) -> Self {
        Then::new(Context { rooms: rooms.into(), once, ..Context::default() }, reply)
    }

    /// The place of the request in the queue of its socket.
    pub fn ticket(&self) -> Ticket {
        self.context.ticket.clone()
    }

    /// The identity of the request, if it is idempotent.
    pub fn once(&self) -> Option<&Once> {
        self.context.once.as_ref()
    }

    /// The consequences of a result. A panic of the handler's function becomes a fault.
    ///
    /// # Errors
    /// If the reply does not serialize, or its function panics.
    pub fn decide(&self, result: T) -> Result<Decided<R>, Fault> {
        let (reply, outcome) = caught_now(|| {
            let reply = (self.reply)(result);
            let outcome = reply.outcome(&self.context.users);
            (reply, outcome)
        })?;
        let outcome = outcome?;
        let entries = outcome.entries(&self.context.rooms);
        Ok(Decided { reply, entries, outcome })
    }
}

impl Ticket {
    /// Lets the next event begin: the change has its place among those to be written, ahead of whatever its client sends next.
    pub fn submit(&self) {
        self.0.done.store(true, Ordering::Release);
        self.0.notify.notify_waiters();
    }

    /// Waits until the next event may begin.
    pub async fn submitted(&self) {
        loop {
            let notified = self.0.notify.notified();
            if self.0.done.load(Ordering::Acquire) {
                return;
            }
            notified.await;
        }
    }
}

impl Outcome {
    /// The entries for the logs of these rooms. The events stay in the outcome, for those who watch it: they are delivered by
    /// the log alone.
    pub(super) fn entries(&self, rooms: &[Room]) -> Vec<NewEntry> {
        let entry = |Emission { event, to, data, .. }: &Emission| {
            let room = match to {
                Target::Scope => rooms.first(),
                Target::Room(index) => rooms.get(*index),
                Target::Caller | Target::Others | Target::User | Target::UserOf(_) => None,
            };
            Some(NewEntry { room: room?.clone(), event, data: data.clone() })
        };
        self.emissions.iter().filter(|emission| emission.durable).filter_map(entry).collect()
    }

    /// Adds the number in the log to the fields of the answer, in any version.
    #[must_use]
    pub(super) fn numbered(self) -> Self {
        let Some(seq) = self.logged else { return self };
        let answer = self.answer.map(|answer| numbered(&answer, seq));
        Outcome { answer, ..self }
    }
}

impl<T, R> fmt::Debug for Then<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Then").field("context", &self.context).finish_non_exhaustive()
    }
}
