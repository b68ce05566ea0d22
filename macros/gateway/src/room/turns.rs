//! The replays of a user, which take turns.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The most replays that a user has at once.
const MOST: usize = 4;

/// The replays of all users.
#[derive(Default)]
pub(super) struct Turns(Mutex<HashMap<Arc<str>, Arc<Semaphore>>>);

/// A user's turn: dropping it lets the next replay begin.
pub(crate) struct Turn {
    turns: Arc<Turns>,
    user: Arc<str>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Turns {
    /// Waits until it is a replay's turn.
    pub(super) async fn take(self: &Arc<Self>, user: &Arc<str>) -> Turn {
        let semaphore = {
            let mut users = self.users();
            Arc::clone(users.entry(Arc::clone(user)).or_insert_with(|| Arc::new(Semaphore::new(MOST))))
        };
        // Made before it waits, so that a user for whom nobody waits any more is forgotten.
        let mut turn = Turn { turns: Arc::clone(self), user: Arc::clone(user), permit: None };
        turn.permit = semaphore.acquire_owned().await.ok();
        turn
    }

    fn users(&self) -> MutexGuard<'_, HashMap<Arc<str>, Arc<Semaphore>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut users = self.turns.users();
        self.permit = None;
        if users.get(&self.user).is_some_and(|semaphore| Arc::strong_count(semaphore) == 1) {
            users.remove(&self.user);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn room_replays_of_a_user_take_turns() {
        let turns = Arc::new(Turns::default());
        let (carol, dave) = ("carol".into(), "dave".into());
        let mut held: Vec<Turn> = (0..MOST).filter_map(|_| turns.take(&carol).now_or_never()).collect();
        assert_eq!(held.len(), MOST);
        let mut next = Box::pin(turns.take(&carol));
        assert!(next.as_mut().now_or_never().is_none(), "a turn too many is taken");
        assert!(turns.take(&dave).now_or_never().is_some(), "users wait for each other");
        held.pop();
        drop(next.now_or_never().expect("a turn is free"));
        drop(held);
        assert!(turns.users().is_empty());
    }
}
