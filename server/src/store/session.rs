//! Sessions: the connections that calls use, and their return to the pool.

use std::{future::ready, sync::Arc, task::Poll, time::Duration};

use accord_log::{Answers, Question, Sql, Value};
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
use tokio::{task::spawn_blocking, time::timeout};

use super::{
    Dialect, Store, StoreError,
    address::{POOLED_BEGIN, POOLED_SNAPSHOT},
    connections::{Connections, Lent, Turn},
    readiness::Readiness,
    sqlite::{Ran, SqliteConnection},
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
    /// Whether statements may block this thread. Otherwise they run on another one.
    may_block: bool,
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

    /// As [`Store::begin`], and asks [questions](Question) in steps. In PostgreSQL a step sees what was committed while the
    /// one before waited for locks. SQLite has one writer, and needs no steps: the calling thread blocks for the whole transaction.
    pub(super) async fn begin_asking(&self, steps: Vec<Vec<Question>>) -> Result<(Session, Answers), StoreError> {
        match self.dialect {
            Dialect::Sqlite => {
                let mut session = self.session(&self.writer).await?;
                session.may_block = true;
                session.in_transaction = true;
                session.execute(BEGIN_IMMEDIATE).await?;
                let answers = session.ask(steps.concat()).await?;
                Ok((session, answers))
            }
            Dialect::Postgres => {
                let (mut session, mut answers) = (self.begin().await?, Answers::default());
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
        Ok(Session { dialect, turn, may_block: false, readiness, pooled, in_transaction: false, settled: true })
    }
}

impl Session {
    /// Asks [questions](Question).
    pub(super) async fn ask(&mut self, questions: Vec<Question>) -> Result<Answers, sqlx::Error> {
        let mut answers = Answers::default();
        if self.dialect == Dialect::Sqlite {
            for Question { sql, .. } in questions {
                answers.push(self.by_row(sql).await?);
            }
        } else {
            answers.add(&self.dialect.asked(questions).statement().fetch_all(self).await?)?;
        }
        Ok(answers)
    }

    /// Runs a statement on a file for each row that it is given; returns what it finds.
    async fn by_row(&mut self, sql: Sql) -> Result<Vec<Vec<Value>>, sqlx::Error> {
        let (Runner::File { lent, may_block }, settled) = self.begin_statement() else {
            return Err(sqlx::Error::AnyDriverError("a server takes rows all at once".into()));
        };
        let found = on_file(lent, may_block, move |connection| connection.run_by_row(sql)).await;
        *settled = found.is_ok();
        found
    }

    /// Runs statements that return nothing, as [`Dialect::together`] does.
    pub(super) async fn write(&mut self, statements: Vec<Sql>) -> Result<(), sqlx::Error> {
        for statement in self.dialect.together(statements) {
            if self.dialect == Dialect::Sqlite {
                self.by_row(statement).await?;
            } else {
                statement.statement().execute(&mut *self).await?;
            }
        }
        Ok(())
    }

    /// Commits the transaction, which is on disk when this returns. After an error, it is not known whether it was committed.
    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.readiness.check_file()?;
        self.execute("COMMIT").await?;
        self.in_transaction = false;
        self.readiness.committed();
        Ok(())
    }

    /// The way to run a statement, and the mark to set once it has ended well.
    fn begin_statement(&mut self) -> (Runner<'_>, &mut bool) {
        self.settled = false;
        let runner = match self.turn.as_mut().expect("a session has its turn until it is dropped") {
            Turn::Server(connection) => Runner::Server(connection.as_mut().expect(USED)),
            Turn::File { lent, .. } => Runner::File { lent, may_block: self.may_block },
        };
        (runner, &mut self.settled)
    }
}

const USED: &str = "a connection is used until its turn ends";

/// Runs statements on a session's connection.
enum Runner<'s> {
    Server(&'s mut PoolConnection<Any>),
    File { lent: &'s mut Option<Lent>, may_block: bool },
}

/// Uses a connection to a file, on this thread or on one that may block.
async fn on_file<T: Send + 'static>(
    lent: &mut Option<Lent>,
    may_block: bool,
    work: impl FnOnce(&mut SqliteConnection) -> Result<T, sqlx::Error> + Send + 'static,
) -> Result<T, sqlx::Error> {
    // Work that is not waited for takes the connection with it.
    let mut used = lent.take().ok_or(sqlx::Error::WorkerCrashed)?;
    let work = move || {
        let done = work(&mut used.connection);
        (used, done)
    };
    let (used, done) =
        if may_block { work() } else { spawn_blocking(work).await.map_err(|_| sqlx::Error::WorkerCrashed)? };
    *lent = Some(used);
    done
}

/// Runs a statement on a connection to a file.
async fn run_on_file<'q>(
    lent: &mut Option<Lent>,
    may_block: bool,
    mut query: impl Execute<'q, Any>,
    most: usize,
) -> Result<Ran, sqlx::Error> {
    let arguments = query.take_arguments().map_err(sqlx::Error::Encode)?;
    let sql = query.sql();
    on_file(lent, may_block, move |connection| connection.run(sql.as_str(), arguments, most)).await
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(mut turn) = self.turn.take().filter(|_| self.settled) else { return };
        if !self.in_transaction {
            turn.give_back();
            return;
        }
        match &mut turn {
            // A rollback does not touch the disk.
            Turn::File { lent, .. } => {
                let rolled_back = |lent: &mut Lent| lent.connection.run("ROLLBACK", None, 1).is_ok();
                if lent.as_mut().is_some_and(rolled_back) {
                    turn.give_back();
                }
            }
            Turn::Server(_) => {
                tokio::spawn(async move {
                    let Turn::Server(Some(connection)) = &mut turn else { return };
                    let rollback = timeout(ROLLBACK_TIMEOUT, (&mut **connection).execute("ROLLBACK")).await;
                    if matches!(rollback, Ok(Ok(_))) {
                        turn.give_back();
                    }
                });
            }
        }
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
        let (runner, settled) = self.begin_statement();
        let connection = match runner {
            Runner::Server(connection) => connection,
            Runner::File { lent, may_block } => {
                let running = run_on_file(lent, may_block, query, usize::MAX);
                let items = running.map(|ran| {
                    *settled = ran.is_ok();
                    let (items, failed) = match ran {
                        Ok(Ran { rows, result }) => {
                            (rows.into_iter().map(Either::Right).chain([Either::Left(result)]).collect(), None)
                        }
                        Err(error) => (Vec::new(), Some(error)),
                    };
                    stream::iter(items.into_iter().map(Ok).chain(failed.map(Err)))
                });
                return items.flatten_stream().boxed();
            }
        };
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
        let (runner, settled) = self.begin_statement();
        match runner {
            Runner::Server(connection) => {
                (&mut **connection).fetch_optional(query).inspect(|row| *settled = row.is_ok()).boxed()
            }
            Runner::File { lent, may_block } => run_on_file(lent, may_block, query, 1)
                .map(|ran| {
                    *settled = ran.is_ok();
                    Ok(ran?.rows.pop())
                })
                .boxed(),
        }
    }

    fn prepare_with<'e>(self, _: SqlStr, _: &'e [AnyTypeInfo]) -> BoxFuture<'e, Result<AnyStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        ready(Err(unprepared())).boxed()
    }

    fn describe<'e>(self, _: SqlStr) -> BoxFuture<'e, Result<Describe<Any>, sqlx::Error>>
    where
        'c: 'e,
    {
        ready(Err(unprepared())).boxed()
    }
}

/// Statements are prepared as they run.
fn unprepared() -> sqlx::Error {
    sqlx::Error::AnyDriverError("a session prepares no statement that it does not run".into())
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
