//! The step that adds the entries of a request to the log, unless business logic has written them itself.

use super::{Declared, Endpoint, Pipeline, repeats::Attempt};
use crate::{event::EventSpec, operation::OperationSpec, rejection::Rejection, reply::Outcome, scope::Room};

impl Pipeline {
    /// Adds the entries to the log, and notes the number that the acknowledgement gets: that of the first entry, or of the room's
    /// newest one if there are none.
    pub(super) async fn log(
        &self,
        endpoint: &Endpoint,
        rooms: &[Room],
        attempt: Option<&Attempt>,
        outcome: Outcome,
    ) -> Result<Outcome, Rejection> {
        let answers_to = match endpoint.declared() {
            Declared::Event(EventSpec { log: Some(room), .. }) => rooms.get(*room),
            Declared::Operation(OperationSpec { durable: true, .. }) => None,
            _ => return Ok(outcome),
        };
        let entries = outcome.entries(rooms);
        let seq = match (outcome.logged, answers_to) {
            (Some(seq), _) => Ok(Some(seq)),
            _ if !entries.is_empty() => self.log.append(entries).await.map(|numbers| numbers.first().copied()),
            (_, Some(room)) => self.log.position(room).await.map(|position| Some(position.seq)),
            _ => Ok(None),
        };
        let seq = seq.map_err(|fault| Rejection::fault(self.protocol, self.failure(endpoint), fault))?;
        if let (Some(attempt), Some(seq)) = (attempt, seq) {
            attempt.answered(outcome.answer.as_ref(), seq);
        }
        Ok(Outcome { logged: seq.filter(|_| answers_to.is_some()), ..outcome })
    }
}
