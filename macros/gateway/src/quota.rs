//! Quotas: the maximum that one key may hold at once.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// A quota of each key.
pub(super) struct Quota<K> {
    most: usize,
    counts: Mutex<HashMap<K, usize>>,
}

/// A counted permit. Dropping it gives it back.
pub(super) trait Permit: Send + Sync {}

impl<K: Eq + Hash + Send + Sync> Permit for Counted<K> {}

/// A number of permits of a [`Quota`].
pub(super) struct Counted<K: Eq + Hash> {
    quota: Arc<Quota<K>>,
    key: K,
    count: usize,
}

impl<K: Clone + Eq + Hash> Quota<K> {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Quota { most, counts: Mutex::default() })
    }

    /// Takes one permit, unless the quota is reached.
    pub(super) fn take(self: &Arc<Self>, key: K) -> Option<Counted<K>> {
        let mut counted = self.none(key);
        counted.more(1).then_some(counted)
    }

    /// Holds no permit yet.
    pub(super) fn none(self: &Arc<Self>, key: K) -> Counted<K> {
        Counted { quota: Arc::clone(self), key, count: 0 }
    }
}

impl<K: Clone + Eq + Hash> Counted<K> {
    /// Takes more permits, unless that exceeds the quota.
    pub(super) fn more(&mut self, count: usize) -> bool {
        let mut counts = self.quota.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = counts.get(&self.key).copied().unwrap_or_default();
        let fits = count <= self.quota.most.saturating_sub(counted);
        if fits {
            counts.insert(self.key.clone(), counted + count);
            self.count += count;
        }
        fits
    }
}

impl<K: Eq + Hash> Drop for Counted<K> {
    fn drop(&mut self) {
        let mut counts = self.quota.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= self.count;
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
    fn a_returned_permit_can_be_taken_again() {
        let quota = Quota::new(2);
        let (first, second) = (quota.take("alice"), quota.take("alice"));
        assert!(first.is_some() && second.is_some());
        assert!(quota.take("alice").is_none());
        assert!(quota.take("bob").is_some());
        drop(first);
        assert!(quota.take("alice").is_some());
        drop(second);
        assert!(quota.counts.lock().unwrap().is_empty());
    }
}
