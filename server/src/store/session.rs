//! Sessions: the connections that calls use, and their return to the pool.

use std::{sync::Arc, task::Poll, time::Duration};

use accord_log::{Answers, Sql};
use futures_util::{
    FutureExt, StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use sqlx::{
    Any, Describe, Either, Execute, Executor, SqlStr,
    any::{AnyArguments, AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo},
    error::BoxDynError,
    pool::PoolConnection,
};
use tokio::time::timeout;

use super::{
    Dialect, Store, StoreError,
    address::{POOLED_BEGIN, POOLED_SNAPSHOT},
    connections::{Connections, Turn},
    readiness::Readiness,
};

/// The time after which a connection whose rollback hangs is given up.
const ROLLBACK_TIMEOUT: Duration = Duration::from_secs(5);

/// Takes SQLite's write lock at once: a transaction that begins by reading could not get it later on if another process had written
/// in between.
const BEGIN_IMMEDIATE: &str = "BEGIN IMMEDIATE";

/// A connection for as long as a call needs it.
///
/// The transaction of a session that is dropped is rolled back. The connection is used again only if every statement
/// ended well, the rollback among them. In all other cases its state is unknown: SQLite ends a transaction by itself
/// when the disk is full or fails, and a call that was cancelled leaves a statement behind. Such a connection is
/// closed, and the next call opens another.
#[derive(Debug)]
pub(super) struct Session {
    dialect: Dialect,
    /// The connection, until it is given back.
    turn: Option<Turn>,
    /// Notified of each commit.
    readiness: Arc<Readiness>,
    /// Whether the connection is a pooler's, where a named prepared statement may belong to another client.
    pooled: bool,
    /// Whether a transaction is open.
    in_transaction: bool,
    /// Whether every statement so far has completed successfully.
    settled: bool,
}

impl Store {
    /// A session that reads. Each statement sees the commits before it.
    pub(super) async fn read(&self) -> Result<Session, sqlx::Error> {
        if self.pooled { self.transaction(&self.reader, POOLED_BEGIN).await } else { self.session(&self.reader).await }
    }

    /// A session that reads one state of the database, unaffected by concurrent commits.
    pub(super) async fn snapshot(&self) -> Result<Session, sqlx::Error> {
        let begin = match self.dialect {
            // The first statement determines the state that later ones see.
            Dialect::Sqlite => "BEGIN",
            Dialect::Postgres if self.pooled => POOLED_SNAPSHOT,
            Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        self.transaction(&self.reader, begin).await
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(&self) -> Result<Session, StoreError> {
        let statement = match self.dialect {
            Dialect::Sqlite => BEGIN_IMMEDIATE,
            // Every statement sees what was committed before it, so a read under a lock is up to date.
            Dialect::Postgres if self.pooled => POOLED_BEGIN,
            Dialect::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        };
        Ok(self.transaction(&self.writer, statement).await?)
    }

    /// As [`Store::begin`], and asks [questions](Dialect::question) in steps. In PostgreSQL a step sees what was committed while the
    /// one before waited for locks; SQLite has one writer, and begins and answers all at once.
    pub(super) async fn begin_asking(&self, steps: Vec<Vec<Sql>>) -> Result<(Session, Answers), StoreError> {
        let mut answers = Answers::default();
        match self.dialect {
            Dialect::Sqlite => {
                let mut session = self.session(&self.writer).await?;
                session.in_transaction = true;
                let asked = self.dialect.asked(steps.concat());
                let asked = self.dialect.in_turn(vec![Sql::new(BEGIN_IMMEDIATE), asked]);
                answers.add(&asked.statement().fetch_all(&mut session).await?)?;
                Ok((session, answers))
            }
            Dialect::Postgres => {
                let mut session = self.begin().await?;
                for step in steps {
                    answers.add(&self.dialect.asked(step).statement().fetch_all(&mut session).await?)?;
                }
                Ok((session, answers))
            }
        }
    }

    async fn transaction(&self, connections: &Connections, begin: &'static str) -> Result<Session, sqlx::Error> {
        let mut session = self.session(connections).await?;
        session.in_transaction = true;
        session.execute(begin).await?;
        Ok(session)
    }

    async fn session(&self, connections: &Connections) -> Result<Session, sqlx::Error> {
        let (turn, readiness) = (Some(connections.turn().await?), Arc::clone(&self.readiness));
        let (dialect, pooled) = (self.dialect, self.pooled);
        Ok(Session { dialect, turn, readiness, pooled, in_transaction: false, settled: true })
    }
}

impl Session {
    /// Asks [questions](Dialect::question).
    pub(super) async fn ask(&mut self, questions: Vec<Sql>) -> Result<Answers, sqlx::Error> {
        let mut answers = Answers::default();
        answers.add(&self.dialect.asked(questions).statement().fetch_all(self).await?)?;
        Ok(answers)
    }

    /// Runs statements that return nothing, as [`Dialect::together`] does.
    pub(super) async fn write(&mut self, statements: Vec<Sql>) -> Result<(), sqlx::Error> {
        if !statements.is_empty() {
            self.dialect.together(statements).statement().execute(self).await?;
        }
        Ok(())
    }

    /// Commits the transaction, which is on disk when this returns.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        self.commit_with(Vec::new()).await
    }

    /// Runs statements as [`Session::write`] does, and commits the transaction.
    pub(super) async fn commit_with(mut self, mut statements: Vec<Sql>) -> Result<(), StoreError> {
        self.readiness.check_file()?;
        if self.dialect == Dialect::Sqlite && !statements.is_empty() {
            statements.push(Sql::new("COMMIT"));
            self.write(statements).await?;
        } else {
            self.write(statements).await?;
            self.execute("COMMIT").await?;
        }
        self.in_transaction = false;
        self.readiness.committed();
        Ok(())
    }

    /// The connection, and the mark to set once the statement that begins now has ended well.
    fn begin_statement(&mut self) -> (&mut PoolConnection<Any>, &mut bool) {
        self.settled = false;
        (self.turn.as_mut().expect("a session has its turn until it is dropped").connection(), &mut self.settled)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(mut turn) = self.turn.take().filter(|_| self.settled) else { return };
        if !self.in_transaction {
            turn.give_back();
            return;
        }
        tokio::spawn(async move {
            let rollback = timeout(ROLLBACK_TIMEOUT, (&mut **turn.connection()).execute("ROLLBACK")).await;
            if matches!(rollback, Ok(Ok(_))) {
                turn.give_back();
            }
        });
    }
}

impl<'c> Executor<'c> for &'c mut Session {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<AnyQueryResult, AnyRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let query = Statement { query, named: !self.pooled };
        let (connection, settled) = self.begin_statement();
        let mut rows = (&mut **connection).fetch_many(query);
        let mut failed = false;
        // A stream that is dropped before its end leaves the mark unset.
        stream::poll_fn(move |context| {
            let next = rows.poll_next_unpin(context);
            match &next {
                Poll::Ready(Some(Err(_))) => failed = true,
                Poll::Ready(None) => *settled = !failed,
                _ => {}
            }
            next
        })
        .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let query = Statement { query, named: !self.pooled };
        let (connection, settled) = self.begin_statement();
        (&mut **connection).fetch_optional(query).inspect(|row| *settled = row.is_ok()).boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [AnyTypeInfo],
    ) -> BoxFuture<'e, Result<AnyStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        let (connection, settled) = self.begin_statement();
        (&mut **connection).prepare_with(sql, parameters).inspect(|statement| *settled = statement.is_ok()).boxed()
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Any>, sqlx::Error>>
    where
        'c: 'e,
    {
        let (connection, settled) = self.begin_statement();
        (&mut **connection).describe(sql).inspect(|description| *settled = description.is_ok()).boxed()
    }
}

/// A statement, and whether it may be prepared under a name, to be used again.
struct Statement<E> {
    query: E,
    named: bool,
}

impl<'q, E: Execute<'q, Any>> Execute<'q, Any> for Statement<E> {
    fn sql(self) -> SqlStr {
        self.query.sql()
    }

    fn statement(&self) -> Option<&AnyStatement> {
        self.query.statement()
    }

    fn take_arguments(&mut self) -> Result<Option<AnyArguments>, BoxDynError> {
        self.query.take_arguments()
    }

    fn persistent(&self) -> bool {
        self.named && self.query.persistent()
    }
}
