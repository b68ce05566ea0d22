//! Changes that have been submitted, each with the reply to make of it.

use std::sync::{Mutex, PoisonError};

use accord_runtime::{
    Logged, Outcome, Reply, Room, Then,
    pipeline::{Decided, Once},
};
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use super::{
    StoreError,
    batch::{Batch, Known, Needs, Numbers, Seq},
    change::{Change, Decision},
};

/// A waiting change and the channel to its submitter, with erased types.
pub(super) trait Waiting: Send + Sync {
    fn room(&self) -> &Room;
    fn needs(&self) -> Needs<'_>;
    fn once(&self) -> Option<&Once>;
    fn bytes(&self) -> usize;

    /// Decides the change, and keeps the verdict.
    fn decide<'a, 'b: 'a>(&'b self, batch: &'a mut Batch<'b>) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Whether the change has been accepted.
    fn is_accepted(&self) -> bool;

    /// Gives the submitter the verdict, or the error that kept the batch from being written.
    fn answer(self: Box<Self>, written: Result<&Numbers, StoreError>);
}

/// A waiting change, and the reply to make of its result.
pub(super) struct Submission<C: Change, R> {
    change: C,
    then: Then<C::Done, R>,
    verdict: Mutex<Option<Verdict<R, C::Error>>>,
    answer: oneshot::Sender<Result<Logged<R>, C::Error>>,
}

/// The verdict on a change: the reply, what is left to send, and the number in the log for the answer.
type Verdict<R, E> = Result<(R, Outcome, Seq), E>;

impl<C: Change, R: Reply> Submission<C, R> {
    pub(super) fn new(change: C, then: Then<C::Done, R>, answer: oneshot::Sender<Result<Logged<R>, C::Error>>) -> Self {
        Submission { change, then, verdict: Mutex::default(), answer }
    }

    /// Carries the change out, unless it was carried out before.
    async fn carry_out<'b>(&'b self, batch: &mut Batch<'b>) -> Result<Verdict<R, C::Error>, StoreError> {
        if let Err(error) = batch.prove(&self.change.needs()) {
            return Ok(Err(error.into()));
        }
        let once = self.then.once().map(|once| (once, self.change.room()));
        if let Some((once, room)) = once
            && let Some(Known { fingerprint, id, seq }) = batch.known(room, once)
        {
            if fingerprint != *once.fingerprint {
                return Ok(Err(C::conflict()));
            }
            batch.flush().await?;
            return match self.change.again(batch, &id).await? {
                // No event is emitted again, in the log or outside of it.
                Ok(done) => {
                    let Decided { reply, outcome, .. } = self.consequences(done)?;
                    Ok(Ok((reply, Outcome { emissions: Vec::new(), ..outcome }, seq)))
                }
                Err(error) => Ok(Err(error)),
            };
        }
        let Decision { done, about, embeds } = match self.change.decide(batch).await? {
            Ok(decision) => decision,
            Err(error) => return Ok(Err(error)),
        };
        let Decided { reply, entries, outcome } = self.consequences(done)?;
        let seq = batch.log(self.change.room(), entries, about.as_deref(), embeds.as_deref());
        if let (Some((once, room)), Some(id)) = (once, about) {
            batch.remember(room, once, id, seq);
        }
        Ok(Ok((reply, outcome, seq)))
    }

    fn consequences(&self, done: C::Done) -> Result<Decided<R>, StoreError> {
        self.then.decide(done).map_err(|fault| StoreError::Fault(format!("{fault:#}").into()))
    }
}

impl<C: Change, R: Reply> Waiting for Submission<C, R> {
    fn room(&self) -> &Room {
        self.change.room()
    }

    fn needs(&self) -> Needs<'_> {
        self.change.needs()
    }

    fn once(&self) -> Option<&Once> {
        self.then.once()
    }

    fn bytes(&self) -> usize {
        self.change.bytes()
    }

    fn decide<'a, 'b: 'a>(&'b self, batch: &'a mut Batch<'b>) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let verdict = self.carry_out(batch).await?;
            *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
            Ok(())
        })
    }

    fn is_accepted(&self) -> bool {
        matches!(*self.verdict.lock().unwrap_or_else(PoisonError::into_inner), Some(Ok(_)))
    }

    fn answer(self: Box<Self>, written: Result<&Numbers, StoreError>) {
        let Submission { verdict, answer, .. } = *self;
        let verdict = verdict.into_inner().unwrap_or_else(PoisonError::into_inner);
        let verdict = match (written, verdict) {
            (Ok(numbers), Some(verdict)) => {
                verdict.map(|(reply, outcome, seq)| Logged::written(reply, numbers.of(seq), outcome))
            }
            (Ok(_), None) => Err(StoreError::Fault("a change was not decided".into()).into()),
            (Err(error), _) => Err(error.into()),
        };
        answer.send(verdict).ok();
    }
}
