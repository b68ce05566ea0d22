//! The answers to idempotent requests, for logs that do not keep such requests with their changes. Like these logs,
//! they are in memory.

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use super::once::Once;
use crate::{
    error::{ErrorSpec, Fault, Refusal},
    reply::{Encoded, Outcome},
    scope::Room,
};

/// The maximum number of answers that are kept. The oldest ones go first.
const MOST: usize = 10_000;

/// The answers to idempotent requests.
pub(super) struct Repeats {
    /// The answer to a repetition with other content; `None` in a protocol without idempotent events.
    conflict: Option<&'static ErrorSpec>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    answers: HashMap<Key, Answer>,
    /// The oldest first.
    order: VecDeque<Key>,
}

/// The room, the user, the event, and the id that the client gave the request.
type Key = (Room, Arc<str>, &'static str, Arc<str>);

struct Answer {
    fingerprint: Arc<str>,
    answer: Option<Encoded>,
    seq: u64,
}

/// One idempotent request, whose answer will be kept. Its room is locked in the meantime.
#[derive(Debug)]
pub(super) struct Attempt {
    repeats: Arc<Repeats>,
    /// The room whose log gets its durable events.
    room: Room,
    /// Its identity, if its client gave it an id.
    once: OnceLock<Once>,
}

impl Repeats {
    /// No answers yet.
    pub(super) fn new(conflict: Option<&'static ErrorSpec>) -> Self {
        Repeats { conflict, kept: Mutex::default() }
    }
}

impl fmt::Debug for Repeats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repeats").finish_non_exhaustive()
    }
}

impl Attempt {
    pub(super) fn new(repeats: &Arc<Repeats>, room: Room) -> Self {
        Attempt { repeats: Arc::clone(repeats), room, once: OnceLock::new() }
    }

    /// The outcome of the first request of this identity, without its events; `None` if this is the first one.
    ///
    /// # Errors
    /// If the first request had other content.
    pub(super) fn first(&self, once: &Once) -> Result<Option<Outcome>, Refusal> {
        let once = self.once.get_or_init(|| once.clone());
        let kept = self.repeats.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.answers.get(&self.key(once)) {
            None => Ok(None),
            Some(Answer { fingerprint, answer, seq }) if *fingerprint == once.fingerprint => {
                Ok(Some(Outcome { answer: answer.clone(), logged: Some(*seq), ..Outcome::default() }))
            }
            Some(_) => Err(match self.repeats.conflict {
                Some(conflict) => Refusal::Declared(conflict),
                None => Refusal::Fault(Fault::msg("a protocol with idempotent events has no answer to conflicts")),
            }),
        }
    }

    /// Keeps the answer, without its number in the log, once the request's events are in the log.
    pub(super) fn answered(&self, answer: Option<&Encoded>, seq: u64) {
        let Some(once) = self.once.get() else { return };
        let mut kept = self.repeats.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Kept { answers, order } = &mut *kept;
        let Entry::Vacant(vacant) = answers.entry(self.key(once)) else { return };
        order.push_back(vacant.key().clone());
        vacant.insert(Answer { fingerprint: Arc::clone(&once.fingerprint), answer: answer.cloned(), seq });
        if order.len() > MOST
            && let Some(oldest) = order.pop_front()
        {
            answers.remove(&oldest);
        }
    }

    fn key(&self, Once { user, event, client_id, .. }: &Once) -> Key {
        (self.room.clone(), Arc::clone(user), *event, Arc::clone(client_id))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::reply::encode;

    /// Carries out a request; returns the answer of the first one if this is a repetition.
    fn request(repeats: &Arc<Repeats>, client_id: usize) -> Option<String> {
        let attempt = Attempt::new(repeats, Room { scope: "board", id: "b1".to_owned() });
        let payload = json!({ "clientId": client_id.to_string(), "text": "a" });
        let once = Once::of("ann", "draw", "clientId", &payload).unwrap().unwrap();
        let first = attempt.first(&once).unwrap();
        attempt.answered(Some(&encode(&client_id).unwrap()), 1);
        first.map(|outcome| outcome.answer.unwrap().get().to_owned())
    }

    #[test]
    fn the_oldest_answers_make_room_for_others() {
        let repeats = Arc::new(Repeats::new(None));
        for client_id in 0..MOST {
            assert_eq!(request(&repeats, client_id), None);
        }
        assert_eq!(request(&repeats, 0), Some("0".to_owned()));
        assert_eq!(request(&repeats, MOST), None, "which is one more than there is room for");
        assert_eq!(request(&repeats, 1), Some("1".to_owned()));
        assert_eq!(request(&repeats, 0), None, "it is forgotten");
    }
}
