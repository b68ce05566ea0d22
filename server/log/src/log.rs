//! The log of rooms as the gateway sees it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use accord_runtime::{
    Fault, Log, Position, Room,
    log::{Entry, Follower, NewEntry as Alone, Page, numbered},
};
use futures_util::future::BoxFuture;

use crate::{
    append::NewEntry,
    connection::Database,
    retention::{Retention, Swept},
    tables::Tables,
};

/// The logs of all rooms, in a database.
pub struct SqlLog<D> {
    database: D,
    tables: Tables,
    followers: RwLock<Vec<Arc<dyn Follower>>>,
}

impl<D: Database> SqlLog<D> {
    /// The logs in these tables of a database.
    pub fn new(database: D, tables: Tables) -> Self {
        SqlLog { database, tables, followers: RwLock::default() }
    }

    /// The log's tables, for code that appends entries in its own transaction.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Tells all followers of entries that have just been committed, with their numbers. Code that commits entries
    /// calls this, before it acknowledges anything, and in the order of its commits.
    pub fn committed(&self, entries: &[NewEntry<'_>], numbers: &[u64]) {
        let mut rooms: HashMap<&Room, Vec<Entry>> = HashMap::new();
        for (NewEntry { room, event, data, .. }, seq) in
            entries.iter().zip(numbers).filter(|(new, _)| self.is_heard(new.room))
        {
            let entry = Entry { seq: *seq, event: (*event).into(), data: numbered(data, *seq) };
            rooms.entry(room).or_default().push(entry);
        }
        self.each(|follower| {
            for (room, entries) in &rooms {
                follower.committed(room, entries);
            }
        });
    }

    /// Tells all followers that a room may have entries that they have not heard of, for example from another node.
    pub fn look(&self, room: &Room) {
        self.each(|follower| follower.look(room));
    }

    /// Drops expired entries: see [`Tables::sweep`].
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sweep(&self, retention: &BTreeMap<&'static str, Retention>, now: SystemTime) -> Result<Swept, Fault> {
        self.tables.sweep(&self.database, retention, now).await
    }

    fn is_heard(&self, room: &Room) -> bool {
        self.followers.read().unwrap_or_else(PoisonError::into_inner).iter().any(|follower| follower.hears(room))
    }

    fn each(&self, tell: impl Fn(&dyn Follower)) {
        for follower in self.followers.read().unwrap_or_else(PoisonError::into_inner).iter() {
            tell(&**follower);
        }
    }
}

impl<D: Database> Log for SqlLog<D> {
    fn position<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<Position, Fault>> {
        Box::pin(async {
            let mut read = self.database.read().await?;
            Ok(self.tables.position(&mut *read, room).await?)
        })
    }

    fn read<'a>(&'a self, room: &'a Room, since: &'a Position) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async {
            let mut read = self.database.read().await?;
            Ok(self.tables.read(&mut *read, room, since).await?)
        })
    }

    fn append(&self, entries: Vec<Alone>) -> BoxFuture<'_, Result<Vec<u64>, Fault>> {
        Box::pin(async move {
            let entries: Vec<_> = entries
                .iter()
                .map(|Alone { room, event, data }| NewEntry { room, event, data, about: None, embeds: None })
                .collect();
            let mut write = self.database.begin().await?;
            let numbers = self.tables.append(&mut *write, &entries).await?;
            write.commit().await?;
            self.committed(&entries, &numbers);
            Ok(numbers)
        })
    }

    fn follow(&self, follower: Arc<dyn Follower>) {
        self.followers.write().unwrap_or_else(PoisonError::into_inner).push(follower);
    }

    fn orders(&self) -> bool {
        true
    }
}
