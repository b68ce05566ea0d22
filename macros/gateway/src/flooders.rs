//! The users whose connections were ended because they flooded. Without a wait before the next one, connecting again and again would
//! be a flood as well, and a more expensive one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// The time between the end of a flood and the admission of its user's next socket.
const WAIT: Duration = Duration::from_secs(1);

/// The users who have flooded, each with the time from which their sockets are admitted.
#[derive(Default)]
pub(super) struct Flooders(Mutex<HashMap<Arc<str>, Instant>>);

impl Flooders {
    /// Makes a user's next sockets wait.
    pub(super) fn add(&self, user: &Arc<str>) {
        self.users().insert(Arc::clone(user), Instant::now() + WAIT);
    }

    /// Waits until a user's sockets are admitted.
    pub(super) async fn wait(&self, user: &str) {
        let from = self.users().get(user).copied();
        if let Some(from) = from {
            sleep_until(from).await;
        }
    }

    /// Removes the users who need not wait.
    pub(super) fn forget_idle(&self) {
        let now = Instant::now();
        let mut users = self.users();
        users.retain(|_, from| *from > now);
        users.shrink_to_fit();
    }

    fn users(&self) -> MutexGuard<'_, HashMap<Arc<str>, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
