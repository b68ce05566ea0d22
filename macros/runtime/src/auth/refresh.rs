//! Looking for new keys when a token names one that is not known, so that a key that has been rotated works at once.
//!
//! Whoever keeps a verifier's keys up to date takes its [`KeyRequests`], and looks for keys whenever one comes. However
//! many tokens ask for it, there is a pause between two looks.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until, timeout_at},
};

/// How long a token waits for a look: longer than the pause between two of them, so that a new key works whenever it comes,
/// and less than a connection may take to join.
const PATIENCE: Duration = Duration::from_secs(7);

/// Where tokens ask for a look.
#[derive(Default)]
pub(super) struct Refresh {
    state: Mutex<State>,
    wanted: Notify,
    /// How many looks there have been.
    looks: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    /// Whether somebody looks for keys when asked to.
    kept: bool,
    /// Whether somebody is looking at this moment.
    looking: bool,
    /// When the next look may begin.
    next: Option<Instant>,
}

impl Refresh {
    /// Asks for a look, and waits until it has ended; whether it has.
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

/// The looks for keys that tokens ask for.
pub struct KeyRequests {
    refresh: Arc<Refresh>,
    pause: Duration,
}

impl KeyRequests {
    pub(super) fn of(refresh: &Arc<Refresh>, pause: Duration) -> Self {
        refresh.state().kept = true;
        KeyRequests { refresh: Arc::clone(refresh), pause }
    }

    /// Waits until a look is asked for and may begin.
    pub async fn next(&self) {
        self.refresh.wanted.notified().await;
        let next = self.refresh.state().next;
        if let Some(next) = next {
            sleep_until(next).await;
        }
        let mut state = self.refresh.state();
        state.next = Some(Instant::now() + self.pause);
        // Whoever asks from here on waits for the look that is about to begin.
        state.looking = true;
    }

    /// Says that a look begins, whoever has asked for it.
    pub fn begin(&self) {
        self.refresh.state().looking = true;
    }

    /// Says that a look has ended, whatever it has found: tokens that wait for it are judged.
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
