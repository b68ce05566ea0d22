//! Turns, which limit how much work is done for a user at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The turns of all users.
pub(crate) struct Turns {
    /// The number of turns that a user has at once.
    most: usize,
    users: Mutex<HashMap<Arc<str>, Arc<Semaphore>>>,
}

/// A user's turn: dropping it lets the next one begin.
pub(crate) struct Turn {
    turns: Arc<Turns>,
    user: Arc<str>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Turns {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Turns { most, users: Mutex::default() })
    }

    /// Waits for a turn of the user, after all that already wait.
    pub(crate) async fn take(self: &Arc<Self>, user: &Arc<str>) -> Turn {
        let semaphore = {
            let mut users = self.users();
            Arc::clone(users.entry(Arc::clone(user)).or_insert_with(|| Arc::new(Semaphore::new(self.most))))
        };
        // Made before the wait, so that the user is forgotten if the wait is cancelled.
        let mut turn = Turn { turns: Arc::clone(self), user: Arc::clone(user), permit: None };
        turn.permit = semaphore.acquire_owned().await.ok();
        turn
    }

    fn users(&self) -> MutexGuard<'_, HashMap<Arc<str>, Arc<Semaphore>>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn a_user_has_only_so_many_turns_at_once() {
        let turns = Turns::new(4);
        let (carol, dave) = ("carol".into(), "dave".into());
        let mut held: Vec<Turn> = (0..4).filter_map(|_| turns.take(&carol).now_or_never()).collect();
        assert_eq!(held.len(), 4);
        let mut next = Box::pin(turns.take(&carol));
        assert!(next.as_mut().now_or_never().is_none(), "a turn too many is taken");
        assert!(turns.take(&dave).now_or_never().is_some(), "users wait for each other");
        held.pop();
        drop(next.now_or_never().expect("a turn is free"));
        drop(held);
        assert!(turns.users().is_empty());
    }
}
