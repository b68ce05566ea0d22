//! Looks up memberships. The next query finds all memberships that were requested while the previous one ran, because a
//! query costs nearly the same for one as for hundreds.

use std::{
    collections::HashSet,
    fmt, mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use accord_log::Question;
use accord_runtime::{Room, panics::caught};
use tokio::{sync::oneshot, task::yield_now};

use super::{
    Store, StoreError,
    sql::{
        ColumnType::{Integer, Text},
        storable,
    },
};

/// The maximum number of memberships that one query looks up.
const MOST: usize = 1024;

/// The memberships that wait to be looked up.
#[derive(Default)]
pub(super) struct Lookups(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    waiting: Vec<Lookup>,
    /// Whether a task looks them up.
    busy: bool,
}

/// A membership to look up.
struct Lookup {
    scope: &'static str,
    room_id: String,
    user_id: String,
    answer: oneshot::Sender<Result<bool, StoreError>>,
}

impl Lookups {
    /// Adds a membership; returns whether a task is needed to look it up.
    fn put(&self, lookup: Lookup) -> bool {
        let mut queue = self.queue();
        queue.waiting.push(lookup);
        !mem::replace(&mut queue.busy, true)
    }

    /// Takes those to look up next. There are none if nobody waits; the task then ends.
    fn take(&self) -> Vec<Lookup> {
        let mut queue = self.queue();
        let number = queue.waiting.len().min(MOST);
        if number == 0 {
            *queue = Queue::default();
        }
        queue.waiting.drain(..number).collect()
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Lookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookups").finish_non_exhaustive()
    }
}

impl Store {
    /// Whether the user is a member of the room. A room that does not exist has no members.
    pub async fn member_exists(&self, user_id: &str, room: &Room) -> Result<bool, StoreError> {
        if !storable(user_id) || !storable(&room.id) {
            return Ok(false);
        }
        let (answer, answered) = oneshot::channel();
        let (room_id, user_id) = (room.id.clone(), user_id.to_owned());
        if self.lookups.put(Lookup { scope: room.scope, room_id, user_id: user_id.clone(), answer }) {
            tokio::spawn(look_all_up(self.clone()));
        }
        let unanswered = |_| Err(StoreError::Fault("a membership was not looked up".into()));
        let exists = answered.await.unwrap_or_else(unanswered)?;
        if exists {
            self.recent_members.add(room, &user_id);
        }
        Ok(exists)
    }

    /// Whether a recent lookup found that the user is a member of the room. The membership may have ended since.
    pub fn member_existed(&self, user_id: &str, room: &Room) -> bool {
        self.recent_members.has(room, user_id)
    }

    /// The indexes of those memberships that exist.
    async fn look_up(&self, lookups: &[Lookup]) -> Result<HashSet<usize>, StoreError> {
        let columns = [("number", Integer), ("scope", Text), ("room_id", Text), ("user_id", Text)];
        let select = "SELECT given.number FROM given, members m
                      WHERE m.scope = given.scope AND m.room_id = given.room_id AND m.user_id = given.user_id";
        let row = |(number, lookup): (usize, &Lookup)| {
            vec![number.into(), lookup.scope.into(), (&lookup.room_id).into(), (&lookup.user_id).into()]
        };
        let given = lookups.iter().enumerate().map(row).collect();
        let question = Question::new(&["number"], self.dialect.about_given(&columns, given, select));
        let answers = self.read().await?.ask(vec![question]).await?;
        Ok(answers.to::<(usize,)>(0)?.into_iter().map(|(number,)| number).collect())
    }
}

/// Looks up memberships until nobody waits.
async fn look_all_up(store: Store) {
    loop {
        // Ready tasks add their requests first. The query waits for no others.
        yield_now().await;
        let lookups = store.lookups.take();
        if lookups.is_empty() {
            return;
        }
        let found = caught(store.look_up(&lookups)).await;
        let found = found.unwrap_or_else(|fault| Err(StoreError::Fault(format!("{fault:#}").into())));
        for (number, Lookup { answer, .. }) in lookups.into_iter().enumerate() {
            // A cancelled request needs no answer.
            answer.send(found.as_ref().map(|found| found.contains(&number)).map_err(Clone::clone)).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(lookups: &Lookups) -> bool {
        let (room_id, user_id) = ("general".to_owned(), "alice".to_owned());
        lookups.put(Lookup { scope: "channel", room_id, user_id, answer: oneshot::channel().0 })
    }

    #[test]
    fn one_task_at_a_time_looks_up_the_waiting_memberships() {
        let lookups = Lookups::default();
        assert_eq!((put(&lookups), put(&lookups)), (true, false));
        assert_eq!((lookups.take().len(), put(&lookups)), (2, false));
        assert_eq!((lookups.take().len(), lookups.take().len(), put(&lookups)), (1, 0, true));
    }

    #[test]
    fn a_query_looks_up_a_bounded_number() {
        let lookups = Lookups::default();
        for _ in 0..MOST + 1 {
            put(&lookups);
        }
        assert_eq!((lookups.take().len(), lookups.take().len()), (MOST, 1));
    }
}
