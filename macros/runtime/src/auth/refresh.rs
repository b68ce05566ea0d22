//! Reloads the keys when a token names an unknown one, so that a rotated key works at once.
//!
//! The task that keeps a verifier's keys up to date takes its [`KeyRequests`], and reloads the keys at each request.
//! There is a pause between two reloads, no matter how many tokens ask for one.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until, timeout_at},
};

/// The time a token waits for a reload of the keys. It is longer than the pause between two reloads, so that a new key
/// always works, and shorter than the time a connection may take to join.
const PATIENCE: Duration = Duration::from_secs(7);

/// The requests of tokens for a reload of the keys.
#[derive(Default)]
pub(super) struct Refresh {
    state: Mutex<State>,
    wanted: Notify,
    /// The number of reloads so far.
    looks: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    /// Whether a task reloads keys on request.
    kept: bool,
    /// Whether a reload is in progress.
    looking: bool,
    /// The time when the next reload may begin.
    next: Option<Instant>,
}

impl Refresh {
    /// Requests a reload, and waits until it has ended; returns whether it has.
    pub(super) async fn ask(&self) -> bool {
        let mut looks = self.looks.subscribe();
        let patience = Instant::now() + PATIENCE;
        {
            let state = self.state();
            if !state.kept {
                return false;
            }
            if !state.looking {
                self.wanted.notify_one();
                if state.next.is_some_and(|next| next >= patience) {
                    return false;
                }
            }
        }
        timeout_at(patience, looks.changed()).await.is_ok_and(|looked| looked.is_ok())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The reloads of keys that tokens request.
pub struct KeyRequests {
    refresh: Arc<Refresh>,
    pause: Duration,
}

impl KeyRequests {
    pub(super) fn of(refresh: &Arc<Refresh>, pause: Duration) -> Self {
        refresh.state().kept = true;
        KeyRequests { refresh: Arc::clone(refresh), pause }
    }

    /// Waits until a reload is requested and may begin.
    pub async fn next(&self) {
        self.refresh.wanted.notified().await;
        let next = self.refresh.state().next;
        if let Some(next) = next {
            sleep_until(next).await;
        }
        let mut state = self.refresh.state();
        state.next = Some(Instant::now() + self.pause);
        // Later requests wait for the reload that is about to begin.
        state.looking = true;
    }

    /// Notes that a reload begins, for any reason.
    pub fn begin(&self) {
        self.refresh.state().looking = true;
    }

    /// Notes that a reload has ended, with any result: waiting tokens are now checked.
    pub fn end(&self) {
        self.refresh.state().looking = false;
        self.refresh.looks.send_modify(|looks| *looks += 1);
    }
}

impl Drop for KeyRequests {
    fn drop(&mut self) {
        self.refresh.state().kept = false;
        self.end();
    }
}
