//! How many of something somebody may have at once.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// Counts by key, up to a cap.
pub(super) struct Cap<K> {
    most: usize,
    counts: Mutex<HashMap<K, usize>>,
}

/// Something counted; dropping it gives it back.
pub(super) trait Permit: Send + Sync {}

impl<K: Eq + Hash + Send + Sync> Permit for Counted<K> {}

/// One of what a [`Cap`] counts.
pub(super) struct Counted<K: Eq + Hash> {
    cap: Arc<Cap<K>>,
    key: K,
}

impl<K: Clone + Eq + Hash> Cap<K> {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Cap { most, counts: Mutex::default() })
    }

    /// One more, unless the cap is reached.
    pub(super) fn take(self: &Arc<Self>, key: K) -> Option<Counted<K>> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key.clone()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Counted { cap: Arc::clone(self), key })
    }
}

impl<K: Eq + Hash> Drop for Counted<K> {
    fn drop(&mut self) {
        let mut counts = self.cap.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let cap = Cap::new(2);
        let (first, second) = (cap.take("alice"), cap.take("alice"));
        assert!(first.is_some() && second.is_some());
        assert!(cap.take("alice").is_none());
        assert!(cap.take("bob").is_some());
        drop(first);
        assert!(cap.take("alice").is_some());
        drop(second);
        assert!(cap.counts.lock().unwrap().is_empty());
    }
}
