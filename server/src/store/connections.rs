//! The connections to the database that sessions take turns in using.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sqlx::{Any, AnyPool, pool::PoolConnection};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout,
};

use super::{
    address::ACQUIRE_TIMEOUT,
    sqlite::{SqliteConnection, SqliteFile},
};

/// Connections, up to a maximum number. Clones share them.
#[derive(Clone, Debug)]
pub(super) enum Connections {
    /// Those to a server, which may have ended each of them.
    Server(AnyPool),
    /// Those to a file.
    File(Arc<FileConnections>),
}

pub(super) struct FileConnections {
    file: Arc<SqliteFile>,
    most: u32,
    turns: Arc<Semaphore>,
    /// Connections that nobody uses.
    idle: Mutex<Vec<SqliteConnection>>,
}

/// A connection for one session. Dropping it closes the connection, unless it is given back.
#[derive(Debug)]
pub(super) enum Turn {
    /// A connection to a server.
    Server(Option<PoolConnection<Any>>),
    /// A connection to a file; `None` while a statement runs on another thread.
    File { lent: Option<Lent>, connections: Arc<FileConnections> },
}

/// A connection to a file, and the permit to use it. Work that nobody waits for any more keeps both until it ends.
#[derive(Debug)]
pub(super) struct Lent {
    pub(super) connection: SqliteConnection,
    _permit: OwnedSemaphorePermit,
}

impl Connections {
    /// Connections to a file, of which there are at most so many.
    pub(super) fn to_file(file: Arc<SqliteFile>, most: u32) -> Self {
        let turns = Arc::new(Semaphore::new(most as usize));
        Connections::File(Arc::new(FileConnections { file, most, turns, idle: Mutex::default() }))
    }

    /// Waits for a connection that nobody else uses, for a limited time.
    pub(super) async fn turn(&self) -> Result<Turn, sqlx::Error> {
        let connections = match self {
            Connections::Server(pool) => return Ok(Turn::Server(Some(pool.acquire().await?))),
            Connections::File(connections) => Arc::clone(connections),
        };
        let permit = timeout(ACQUIRE_TIMEOUT, Arc::clone(&connections.turns).acquire_owned()).await;
        let permit = permit.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = connections.idle().pop();
        let lent = match idle {
            Some(connection) => Lent { connection, _permit: permit },
            None => {
                let file = Arc::clone(&connections.file);
                let connect = move || file.connect().map(|connection| Lent { connection, _permit: permit });
                spawn_blocking(connect).await.map_err(|_| sqlx::Error::WorkerCrashed)??
            }
        };
        Ok(Turn::File { lent: Some(lent), connections })
    }

    /// Closes the connections, those in use once they are given back.
    pub(super) async fn close(&self) {
        match self {
            Connections::Server(pool) => pool.close().await,
            Connections::File(connections) => {
                // Waits for those in use, but not forever for a disk that hangs.
                let all = timeout(ACQUIRE_TIMEOUT, connections.turns.acquire_many(connections.most)).await;
                connections.turns.close();
                drop(all);
                connections.idle().clear();
            }
        }
    }
}

impl FileConnections {
    fn idle(&self) -> MutexGuard<'_, Vec<SqliteConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FileConnections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileConnections").field(&self.file).finish()
    }
}

impl Turn {
    /// Gives back a connection that is in no transaction, and whose statements have all ended well.
    pub(super) fn give_back(mut self) {
        match &mut self {
            Turn::Server(connection) => drop(connection.take()),
            Turn::File { lent, connections } => {
                if let Some(Lent { connection, _permit }) = lent.take() {
                    connections.idle().push(connection);
                }
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Turn::Server(Some(connection)) = self {
            connection.close_on_drop();
        }
    }
}
