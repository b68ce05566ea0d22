//! The space that each user's uploads take up, including unfinished ones (SEC-32, SEC-37).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Mutex as Turns, OwnedSemaphorePermit, Semaphore};

use crate::store::counted;

/// The maximum number of a user's uploads that are read at the same time; others wait. Each takes memory.
const AT_ONCE: usize = 16;

/// The space for the uploads of each user.
#[derive(Debug)]
pub struct Quota {
    most: u64,
    /// Users with an unfinished upload.
    users: Mutex<HashMap<String, User>>,
}

/// A user with an unfinished upload.
#[derive(Debug)]
struct User {
    /// The space of the stored uploads.
    recorded: u64,
    /// The space of the unfinished uploads.
    arriving: u64,
    uploads: usize,
    reading: Arc<Semaphore>,
    /// Held while the stored uploads change or are counted, so that none is counted twice or not at all.
    turns: Arc<Turns<()>>,
}

/// The space that an upload takes up until this is dropped.
#[derive(Debug)]
pub struct Claim<'a> {
    quota: &'a Quota,
    user: String,
    bytes: u64,
    _reading: Option<OwnedSemaphorePermit>,
}

impl Quota {
    /// A quota of this many bytes for each user.
    pub fn new(most: u64) -> Self {
        Quota { most, users: Mutex::default() }
    }

    /// The maximum number of bytes of a user.
    pub fn most(&self) -> u64 {
        self.most
    }

    /// Begins an upload of a user; `recorded` finds the space of the user's stored uploads.
    ///
    /// # Errors
    /// Those of `recorded`.
    pub async fn claim<E>(&self, user: &str, recorded: impl Future<Output = Result<u64, E>>) -> Result<Claim<'_>, E> {
        let (reading, turns) = {
            let mut users = self.users();
            let user = users.entry(user.to_owned()).or_insert_with(|| User {
                recorded: 0,
                arriving: 0,
                uploads: 0,
                reading: Arc::new(Semaphore::new(AT_ONCE)),
                turns: Arc::default(),
            });
            user.uploads += 1;
            (Arc::clone(&user.reading), Arc::clone(&user.turns))
        };
        // From here on, dropping it returns its space.
        let mut claim = Claim { quota: self, user: user.to_owned(), bytes: 0, _reading: None };
        claim._reading = reading.acquire_owned().await.ok();
        let _turn = turns.lock().await;
        let recorded = recorded.await?;
        claim.change(|user| user.recorded = recorded);
        Ok(claim)
    }

    fn users(&self) -> MutexGuard<'_, HashMap<String, User>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim<'_> {
    /// Claims the space of a file of this size; `false` if there is not enough left.
    pub fn grow(&mut self, size: u64) -> bool {
        let more = counted(size).saturating_sub(self.bytes);
        let most = self.quota.most;
        let fits = self.change(|user| {
            let fits = user.recorded.saturating_add(user.arriving).saturating_add(more) <= most;
            user.arriving += if fits { more } else { 0 };
            fits
        });
        self.bytes += if fits { more } else { 0 };
        fits
    }

    /// Records the upload, so that its bytes count as stored.
    ///
    /// # Errors
    /// Those of `recording`.
    pub async fn record<T, E>(mut self, recording: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let turns = self.change(|user| Arc::clone(&user.turns));
        let _turn = turns.lock().await;
        let recorded = recording.await?;
        let bytes = std::mem::take(&mut self.bytes);
        self.change(|user| {
            user.arriving -= bytes;
            user.recorded += bytes;
        });
        Ok(recorded)
    }

    fn change<T>(&self, change: impl FnOnce(&mut User) -> T) -> T {
        change(self.quota.users().get_mut(&self.user).expect("it stays until its last claim is dropped"))
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut users = self.quota.users();
        if let Some(user) = users.get_mut(&self.user) {
            user.arriving -= self.bytes;
            user.uploads -= 1;
            if user.uploads == 0 {
                users.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, future::ready};

    use futures_util::FutureExt;

    use super::*;

    async fn claim<'q>(quota: &'q Quota, user: &str, recorded: u64) -> Claim<'q> {
        quota.claim(user, ready(Ok::<_, Infallible>(recorded))).await.expect("a claim")
    }

    #[tokio::test]
    async fn sec_37_uploads_under_way_count_together() {
        let quota = Quota::new(30_000);
        let mut first = claim(&quota, "alice", 10_000).await;
        assert!(first.grow(10_000));
        let mut second = claim(&quota, "alice", 10_000).await;
        assert!(second.grow(9_000));
        assert!(!second.grow(10_001), "10,000 are stored, and 10,000 are under way");
        assert!(second.grow(10_000) && !first.grow(10_001));
        assert!(claim(&quota, "bob", 0).await.grow(30_000), "others have their own");

        first.record(ready(Ok::<_, Infallible>(()))).await.expect("recorded");
        assert!(!second.grow(10_001), "what is recorded still counts");
        let failed = second.record(ready(Err::<(), _>("the database failed"))).await;
        assert_eq!(failed, Err("the database failed"));
        assert!(quota.users().is_empty());
    }

    #[tokio::test]
    async fn sec_37_an_empty_file_counts_like_a_small_one() {
        let quota = Quota::new(10_000);
        let mut claims = Vec::new();
        for fits in [true, true, false] {
            let mut claim = claim(&quota, "alice", 0).await;
            assert_eq!(claim.grow(0), fits);
            assert_eq!(claim.grow(4096), fits, "that is what it counts as");
            claims.push(claim);
        }
        claims.remove(0);
        assert!(claims[1].grow(1), "what was given up is free again");
    }

    #[tokio::test]
    async fn uploads_of_one_user_wait_for_each_other() {
        let quota = Quota::new(u64::MAX);
        let mut claims = Vec::new();
        for _ in 0..AT_ONCE {
            claims.push(claim(&quota, "alice", 0).await);
        }
        let mut next = Box::pin(claim(&quota, "alice", 0));
        assert!((&mut next).now_or_never().is_none());
        assert!(claim(&quota, "bob", 0).now_or_never().is_some());
        claims.pop();
        assert!(next.now_or_never().is_some());
    }
}
