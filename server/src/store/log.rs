//! The room log of the database, as the gateway uses it.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

use accord_log::{Connection, Database, Retention, Statement, Transaction};
use accord_runtime::{
    Emission, Fault, Log, Outcome, Position, Reply, Room, Target, Then,
    log::{Entry, Follower, NewEntry, Page, numbered},
};
use futures_util::future::BoxFuture;
use sqlx::any::AnyRow;

use super::{
    Store, StoreError,
    batch::{Batch, Needs},
    change::{Change, Deciding, Decision},
    session::Session,
};

/// The followers of the log, which hear of entries once these are durable.
#[derive(Default)]
pub(super) struct Followers(RwLock<Vec<Arc<dyn Follower>>>);

impl Followers {
    fn each(&self, tell: impl Fn(&dyn Follower)) {
        self.0.read().unwrap_or_else(PoisonError::into_inner).iter().for_each(|follower| tell(&**follower));
    }

    fn hear(&self, room: &Room) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).iter().any(|follower| follower.hears(room))
    }
}

impl fmt::Debug for Followers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Followers").finish_non_exhaustive()
    }
}

impl Store {
    /// Tells the followers of durable entries, in the order in which they are in the logs.
    pub(super) fn committed(&self, entries: Vec<(NewEntry, u64)>) {
        for entries in entries.chunk_by(|(one, _), (next, _)| one.room == next.room) {
            let room = &entries[0].0.room;
            if !self.followers.hear(room) {
                continue;
            }
            let entries: Vec<Entry> = entries
                .iter()
                .map(|(NewEntry { event, data, .. }, seq)| Entry {
                    seq: *seq,
                    event: (*event).into(),
                    data: numbered(data, *seq),
                })
                .collect();
            self.followers.each(|follower| follower.committed(room, &entries));
        }
    }

    /// Drops entries that are no longer kept; returns their number.
    ///
    /// # Errors
    /// If the database fails. Entries that have been dropped by then stay dropped.
    pub async fn log_sweep(
        &self,
        retention: &BTreeMap<&'static str, Retention>,
        now: SystemTime,
    ) -> Result<u64, Fault> {
        Ok(self.tables.sweep(self, retention, now).await?.dropped)
    }

    /// Begins a new epoch: positions from before are lost.
    ///
    /// # Errors
    /// If the database fails. The epoch is then as it was.
    pub async fn epoch_renew(&self) -> Result<(), Fault> {
        let mut write = Store::begin(self).await?;
        self.tables.renew_epoch(&mut write).await?;
        Ok(write.commit().await?)
    }

    /// Makes the followers look for entries of a room that they may not have heard of.
    pub(super) fn look(&self, room: &Room) {
        self.followers.each(|follower| follower.look(room));
    }
}

impl Log for Store {
    fn position<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<Position, Fault>> {
        Box::pin(async move { Ok(self.tables.position(&mut self.read().await?, room).await?) })
    }

    fn read<'a>(&'a self, room: &'a Room, since: &'a Position) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move { Ok(self.tables.read(&mut Store::read(self).await?, room, since).await?) })
    }

    fn append(&self, entries: Vec<NewEntry>) -> BoxFuture<'_, Result<Vec<u64>, Fault>> {
        Box::pin(async move {
            let mut numbers = Vec::with_capacity(entries.len());
            for entries in entries.chunk_by(|one, next| one.room == next.room) {
                let room = entries[0].room.clone();
                let events = Events(entries.to_vec());
                let then = Then::uncalled(room.clone(), move |()| events.clone());
                let appended = self.submit(Append { room }, then).await?;
                let first = appended.seq().unwrap_or_default();
                numbers.extend((first..).take(entries.len()));
            }
            Ok(numbers)
        })
    }

    fn follow(&self, follower: Arc<dyn Follower>) {
        self.followers.0.write().unwrap_or_else(PoisonError::into_inner).push(follower);
    }

    fn orders(&self) -> bool {
        true
    }
}

/// Entries without any other change.
struct Append {
    room: Room,
}

impl Change for Append {
    type Done = ();
    type Error = StoreError;

    fn room(&self) -> &Room {
        &self.room
    }

    fn needs(&self) -> Needs<'_> {
        Needs::default()
    }

    async fn decide<'b>(&'b self, _: &mut Batch<'b>) -> Deciding<Self> {
        Ok(Ok(Decision::of(())))
    }
}

/// Events for the log of one room.
#[derive(Clone)]
struct Events(Vec<NewEntry>);

impl Reply for Events {
    fn outcome(&self, _: &[Arc<str>]) -> Result<Outcome, serde_json::Error> {
        let emission = |NewEntry { event, data, .. }: &NewEntry| Emission {
            event,
            to: Target::Scope,
            data: Arc::clone(data),
            durable: true,
        };
        Ok(Outcome { emissions: self.0.iter().map(emission).collect(), ..Outcome::default() })
    }
}

impl Database for Store {
    fn read(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, Fault>> {
        Box::pin(async {
            let session: Box<dyn Connection> = Box::new(Store::read(self).await?);
            Ok(session)
        })
    }

    fn begin(&self) -> BoxFuture<'_, Result<Box<dyn Transaction>, Fault>> {
        Box::pin(async {
            let session: Box<dyn Transaction> = Box::new(Store::begin(self).await?);
            Ok(session)
        })
    }
}

impl Transaction for Session {
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), Fault>> {
        Box::pin(async { Ok(Session::commit(*self).await?) })
    }
}

impl Connection for Session {
    fn run(&mut self, statement: Statement) -> BoxFuture<'_, Result<Vec<AnyRow>, sqlx::Error>> {
        Box::pin(statement.fetch_all(self))
    }
}
