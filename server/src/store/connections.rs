//! The connections to the database that sessions take turns in using.
//!
//! The driver's pool asks the database about each connection that comes back, which costs as much as a query. So it only opens and
//! closes connections here: those in use stay out of it, and go back once nobody has used them for a while.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{Any, AnyPool, pool::PoolConnection};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// The time for which a connection that nobody uses is taken to be sound, without being asked.
const SOUND: Duration = Duration::from_secs(1);

/// Connections, up to a maximum number. Clones share them.
#[derive(Clone)]
pub(super) struct Connections(Arc<Shared>);

struct Shared {
    pool: AnyPool,
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Idle>>,
}

/// A connection that nobody uses, and since when.
struct Idle {
    connection: PoolConnection<Any>,
    since: Instant,
}

/// A connection for one session. Dropping it closes the connection, unless it is given back.
pub(super) struct Turn {
    /// The connection, until it is given back.
    connection: Option<PoolConnection<Any>>,
    connections: Connections,
    _turn: OwnedSemaphorePermit,
}

impl Connections {
    /// The connections of a pool.
    pub(super) fn of(pool: AnyPool) -> Self {
        let turns = Arc::new(Semaphore::new(pool.options().get_max_connections() as usize));
        Connections(Arc::new(Shared { pool, turns, idle: Mutex::default() }))
    }

    /// Waits for a connection that nobody else uses, as long as the pool's options allow.
    pub(super) async fn turn(&self) -> Result<Turn, sqlx::Error> {
        let Shared { pool, turns, .. } = &*self.0;
        let turn = timeout(pool.options().get_acquire_timeout(), Arc::clone(turns).acquire_owned()).await;
        let turn = turn.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let connection = match self.sound() {
            Some(connection) => connection,
            None => pool.acquire().await?,
        };
        Ok(Turn { connection: Some(connection), connections: self.clone(), _turn: turn })
    }

    /// Closes the connections, those in use once they are given back.
    pub(super) async fn close(&self) {
        // Connections that come back from now on are not kept.
        let closed = self.0.pool.close();
        self.idle().clear();
        closed.await;
    }

    /// The connection that was used last, if it is sound. Others go back to the pool, which asks the database about them.
    fn sound(&self) -> Option<PoolConnection<Any>> {
        let mut idle = self.idle();
        idle.retain(|idle| idle.since.elapsed() < SOUND);
        idle.pop().map(|idle| idle.connection)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connections").field(&self.0.pool).finish()
    }
}

impl Turn {
    /// The connection.
    pub(super) fn connection(&mut self) -> &mut PoolConnection<Any> {
        self.connection.as_mut().expect("a turn has its connection until it is given back")
    }

    /// Gives back a connection that is in no transaction, and whose statements have all ended well.
    pub(super) fn give_back(mut self) {
        let Some(connection) = self.connection.take() else { return };
        let mut idle = self.connections.idle();
        if !self.connections.0.pool.is_closed() {
            idle.push(Idle { connection, since: Instant::now() });
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.close_on_drop();
        }
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Turn").field(&self.connection).finish()
    }
}
