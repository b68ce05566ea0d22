//! The connections to the database that sessions take turns in using.
//!
//! The driver's pool tests each connection when it is lent and when it comes back, because a server may have ended it.
//! A file does not end connections, and a test costs as much as a query. So for a file, the pool only opens and closes
//! connections; between two sessions they wait here.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sqlx::{Any, AnyPool, pool::PoolConnection};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::Dialect;

/// Connections, up to a maximum number. Clones share them.
#[derive(Clone)]
pub(super) struct Connections(Arc<Shared>);

struct Shared {
    pool: AnyPool,
    dialect: Dialect,
    turns: Arc<Semaphore>,
    /// Idle connections to a file.
    idle: Mutex<Vec<PoolConnection<Any>>>,
}

/// A connection for one session. Dropping it closes the connection, unless it is given back.
pub(super) struct Turn {
    /// The connection, until it is given back.
    connection: Option<PoolConnection<Any>>,
    connections: Connections,
    _turn: OwnedSemaphorePermit,
}

impl Connections {
    /// The connections of a pool to a database of this kind.
    pub(super) fn of(pool: AnyPool, dialect: Dialect) -> Self {
        let turns = Arc::new(Semaphore::new(pool.options().get_max_connections() as usize));
        Connections(Arc::new(Shared { pool, dialect, turns, idle: Mutex::default() }))
    }

    /// Waits for a connection that nobody else uses, as long as the pool's options allow.
    pub(super) async fn turn(&self) -> Result<Turn, sqlx::Error> {
        let Shared { pool, turns, .. } = &*self.0;
        let turn = timeout(pool.options().get_acquire_timeout(), Arc::clone(turns).acquire_owned()).await;
        let turn = turn.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle().pop();
        let connection = match idle {
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

    fn idle(&self) -> MutexGuard<'_, Vec<PoolConnection<Any>>> {
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
        let Shared { pool, dialect, .. } = &*self.connections.0;
        if *dialect == Dialect::Sqlite {
            let mut idle = self.connections.idle();
            if !pool.is_closed() {
                idle.push(connection);
            }
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
