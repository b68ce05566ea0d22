//! The connections that the log's statements run on. The owner of the database provides them.

use accord_runtime::Fault;
use futures_util::future::BoxFuture;
use sqlx::{Any, AnyConnection, AnyPool, any::AnyRow, pool::PoolConnection};

use crate::sql::{Dialect, Statement};

/// A connection to the database. Statements belong to its transaction, if one is open.
pub trait Connection: Send {
    /// Runs a statement to its end; returns its rows.
    fn run(&mut self, statement: Statement) -> BoxFuture<'_, Result<Vec<AnyRow>, sqlx::Error>>;
}

/// A connection with an open transaction, which is rolled back if it is dropped.
pub trait Transaction: Connection {
    /// Commits the transaction: its changes are durable when this returns.
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), Fault>>;
}

/// A database that has the log's [tables](crate::Tables).
pub trait Database: Send + Sync + 'static {
    /// A connection to read on. Each statement sees the commits before it.
    fn read(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, Fault>>;

    /// Begins a transaction that writes. In PostgreSQL it is `READ COMMITTED`.
    fn begin(&self) -> BoxFuture<'_, Result<Box<dyn Transaction>, Fault>>;
}

impl Connection for AnyConnection {
    fn run(&mut self, statement: Statement) -> BoxFuture<'_, Result<Vec<AnyRow>, sqlx::Error>> {
        Box::pin(statement.fetch_all(self))
    }
}

impl Connection for PoolConnection<Any> {
    fn run(&mut self, statement: Statement) -> BoxFuture<'_, Result<Vec<AnyRow>, sqlx::Error>> {
        Box::pin(statement.fetch_all(&mut **self))
    }
}

impl Connection for sqlx::Transaction<'static, Any> {
    fn run(&mut self, statement: Statement) -> BoxFuture<'_, Result<Vec<AnyRow>, sqlx::Error>> {
        Box::pin(statement.fetch_all(&mut **self))
    }
}

impl Transaction for sqlx::Transaction<'static, Any> {
    fn commit(self: Box<Self>) -> BoxFuture<'static, Result<(), Fault>> {
        Box::pin(async { Ok(sqlx::Transaction::commit(*self).await?) })
    }
}

/// A database by its pools of connections.
#[derive(Clone, Debug)]
pub struct Pools {
    /// The kind of database.
    pub dialect: Dialect,
    /// The connections to read on.
    pub reader: AnyPool,
    /// The connections to write on: for SQLite, a single one, so that writers wait in line.
    pub writer: AnyPool,
}

impl Database for Pools {
    fn read(&self) -> BoxFuture<'_, Result<Box<dyn Connection>, Fault>> {
        Box::pin(async {
            let connection: Box<dyn Connection> = Box::new(self.reader.acquire().await?);
            Ok(connection)
        })
    }

    fn begin(&self) -> BoxFuture<'_, Result<Box<dyn Transaction>, Fault>> {
        let begin = match self.dialect {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        };
        Box::pin(async move {
            let transaction: Box<dyn Transaction> = Box::new(self.writer.begin_with(begin).await?);
            Ok(transaction)
        })
    }
}
