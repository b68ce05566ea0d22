//! Connections to a SQLite file. A statement runs on the caller's thread if that may block, as the writer's may, and otherwise on a
//! thread of Tokio's blocking pool (`session.rs`).
//!
//! sqlx's driver gives each connection a thread and wakes the caller for every result, which costs a lone send more than its
//! statements do. This module uses rusqlite instead, and returns the rows of sqlx's `Any` driver, which the store's queries expect.

use std::{
    borrow::Cow,
    error::Error as StdError,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use accord_log::{RowTexts, Sql, Value};
use rusqlite::{
    Connection, Error, OpenFlags, Statement, ToSql,
    types::{self, ToSqlOutput, ValueRef},
};
use sqlx::{
    any::{AnyArguments, AnyQueryResult, AnyRow, AnyTypeInfo, AnyTypeInfoKind, AnyValue},
    error::{DatabaseError, ErrorKind},
};
use sqlx_core::any::{AnyColumn, AnyValueKind};

use super::{address::SQLITE_SETUP, file::DatabaseFile};

/// The time after which a statement is slow, as in sqlx.
const SLOW: Duration = Duration::from_secs(1);
/// The number of statements that a connection keeps prepared: more than the store has.
const PREPARED: usize = 256;

/// The file of an open database, to which connections can be made.
#[derive(Debug)]
pub(super) struct SqliteFile {
    pub(super) path: PathBuf,
    pub(super) file: Arc<DatabaseFile>,
}

impl SqliteFile {
    /// Makes a connection to the file that was opened first. A file that has gone is not made again, empty.
    pub(super) fn connect(&self) -> Result<SqliteConnection, sqlx::Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags).map_err(failure)?;
        // Before anything changes a file.
        self.file.check().map_err(|lost| sqlx::Error::Configuration(lost.into()))?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        connection.execute_batch(SQLITE_SETUP).map_err(failure)?;
        Ok(SqliteConnection { connection, texts: RowTexts::default() })
    }
}

/// A connection to a file.
#[derive(Debug)]
pub(super) struct SqliteConnection {
    connection: Connection,
    texts: RowTexts,
}

/// What a statement found and changed.
pub(super) struct Ran {
    pub(super) rows: Vec<AnyRow>,
    pub(super) result: AnyQueryResult,
}

impl SqliteConnection {
    /// Runs one statement, whose parameters are `$1`, `$2` and so on, until it has found `most` rows or ends.
    pub(super) fn run(&mut self, sql: &str, arguments: Option<AnyArguments>, most: usize) -> Result<Ran, sqlx::Error> {
        let begun = Instant::now();
        let mut statement = self.connection.prepare_cached(sql).map_err(failure)?;
        let arguments = arguments.map(|arguments| arguments.values.0).unwrap_or_default();
        let arguments = arguments.into_iter().map(value).collect::<Result<Vec<_>, _>>()?;
        let parameters = parameters(&statement);
        bind(&mut statement, &parameters, &arguments)?;
        let rows = found(&mut statement, most)?;
        let rows_affected = self.connection.changes();
        log(sql, rows.len(), begun);
        Ok(Ran { rows, result: AnyQueryResult { rows_affected, last_insert_id: None } })
    }

    /// Runs a statement for each row that it is given; returns the rows that it finds.
    pub(super) fn run_by_row(&mut self, sql: Sql) -> Result<Vec<Vec<Value>>, sqlx::Error> {
        let begun = Instant::now();
        let (text, given) = sql.by_row(&mut self.texts);
        let mut statement = self.connection.prepare_cached(&text).map_err(failure)?;
        let columns = statement.column_count();
        let mut found = Vec::new();
        for row in given {
            for (index, value) in row.into_iter().enumerate() {
                statement.raw_bind_parameter(index + 1, Given(value)).map_err(failure)?;
            }
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next().map_err(failure)? {
                let values = (0..columns).map(|index| row.get_ref(index).map_err(failure).and_then(plain));
                found.push(values.collect::<Result<_, _>>()?);
            }
        }
        log(&text, found.len(), begun);
        Ok(found)
    }
}

/// Logs a statement, as sqlx does those of PostgreSQL.
fn log(sql: &str, rows: usize, begun: Instant) {
    let took = begun.elapsed();
    if took >= SLOW {
        tracing::warn!(target: "sqlx::query", statement = sql, rows, ?took, "a statement was slow");
    } else {
        tracing::debug!(target: "sqlx::query", statement = sql, rows, ?took, "a statement has run");
    }
}

/// The index of the argument for each parameter. A parameter's name is its argument's number, while SQLite itself numbers names in
/// the order in which they occur.
fn parameters(statement: &Statement<'_>) -> Vec<usize> {
    let number = |parameter| statement.parameter_name(parameter)?.strip_prefix('$')?.parse::<usize>().ok();
    (1..=statement.parameter_count()).map(|parameter| number(parameter).unwrap_or(parameter) - 1).collect()
}

/// Binds arguments to the parameters of a statement.
fn bind<T: ToSql>(statement: &mut Statement<'_>, parameters: &[usize], arguments: &[T]) -> Result<(), sqlx::Error> {
    for (at, index) in parameters.iter().enumerate() {
        let argument = arguments.get(*index);
        let argument = argument.ok_or_else(|| sqlx::Error::Encode(format!("${} has no value", index + 1).into()))?;
        statement.raw_bind_parameter(at + 1, argument).map_err(failure)?;
    }
    Ok(())
}

/// A value that a row or a query has, as SQLite takes it.
struct Given(Value);

impl ToSql for Given {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match &self.0 {
            Value::Integer(integer) => ValueRef::Integer(*integer),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Null => ValueRef::Null,
        }))
    }
}

/// What an argument is to SQLite.
fn value(argument: AnyValueKind) -> Result<types::Value, sqlx::Error> {
    Ok(match argument {
        AnyValueKind::Null(_) => types::Value::Null,
        AnyValueKind::Bool(value) => types::Value::Integer(value.into()),
        AnyValueKind::SmallInt(value) => types::Value::Integer(value.into()),
        AnyValueKind::Integer(value) => types::Value::Integer(value.into()),
        AnyValueKind::BigInt(value) => types::Value::Integer(value),
        AnyValueKind::Real(value) => types::Value::Real(value.into()),
        AnyValueKind::Double(value) => types::Value::Real(value),
        AnyValueKind::Text(text) => types::Value::Text(Arc::unwrap_or_clone(text)),
        AnyValueKind::TextSlice(text) => types::Value::Text(text.as_ref().to_owned()),
        AnyValueKind::Blob(bytes) => types::Value::Blob(Arc::unwrap_or_clone(bytes)),
        other => return Err(sqlx::Error::Encode(format!("SQLite has no such value: {other:?}").into())),
    })
}

/// The rows that a statement finds, and no more than `most`.
fn found(statement: &mut Statement<'_>, most: usize) -> Result<Vec<AnyRow>, sqlx::Error> {
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let column = |(ordinal, name): (usize, &String)| AnyColumn {
        ordinal,
        name: name.clone().into(),
        type_info: AnyTypeInfo { kind: AnyTypeInfoKind::Null },
    };
    let columns: Vec<AnyColumn> = names.iter().enumerate().map(column).collect();
    let column_names = Arc::new(columns.iter().map(|column| (column.name.clone(), column.ordinal)).collect());
    // What a write changes is certain only once it has ended.
    let most = if statement.readonly() { most } else { usize::MAX };
    let mut rows = Vec::new();
    let mut stepping = statement.raw_query();
    while rows.len() < most
        && let Some(row) = stepping.next().map_err(failure)?
    {
        let values = (0..columns.len()).map(|index| row.get_ref(index).map_err(failure).and_then(any));
        let values = values.collect::<Result<_, _>>()?;
        rows.push(AnyRow { column_names: Arc::clone(&column_names), columns: columns.clone(), values });
    }
    Ok(rows)
}

/// A found value, as a [`Value`].
fn plain(value: ValueRef<'_>) -> Result<Value, sqlx::Error> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(integer) => Value::Integer(integer),
        ValueRef::Text(text) => {
            Value::Text(String::from_utf8(text.to_vec()).map_err(|error| sqlx::Error::Decode(error.into()))?)
        }
        other => return Err(sqlx::Error::Decode(format!("{other:?} is neither a text nor an integer").into())),
    })
}

/// A value as the `Any` driver has it.
fn any(value: ValueRef<'_>) -> Result<AnyValue, sqlx::Error> {
    let kind = match value {
        ValueRef::Null => AnyValueKind::Null(AnyTypeInfoKind::Null),
        ValueRef::Integer(value) => AnyValueKind::BigInt(value),
        ValueRef::Real(value) => AnyValueKind::Double(value),
        ValueRef::Text(text) => {
            let text = String::from_utf8(text.to_vec()).map_err(|error| sqlx::Error::Decode(error.into()))?;
            AnyValueKind::Text(Arc::new(text))
        }
        ValueRef::Blob(bytes) => AnyValueKind::Blob(Arc::new(bytes.to_vec())),
    };
    Ok(AnyValue { kind })
}

/// An error of SQLite, in the form that errors of sqlx's own drivers have.
fn failure(error: Error) -> sqlx::Error {
    match error {
        Error::SqliteFailure(error, message) => sqlx::Error::Database(Box::new(Failure {
            code: error.extended_code,
            message: message.unwrap_or_else(|| error.to_string()),
        })),
        other => sqlx::Error::Protocol(other.to_string()),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("(code: {code}) {message}")]
struct Failure {
    code: i32,
    message: String,
}

impl DatabaseError for Failure {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn StdError + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn StdError + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use accord_runtime::{
        Emission, Identity, Membership, Outcome, Quiet, Reply, Room, Target, Then, pipeline::Once, reply::encode,
    };
    use rusqlite::StatementStatus;
    use serde_json::json;

    use super::{
        super::{
            NewMessage, NewUpload, Store,
            connections::{Lent, Turn},
        },
        *,
    };

    struct Sent;

    impl Reply for Sent {
        fn outcome(&self, _: &[Arc<str>]) -> Result<Outcome, serde_json::Error> {
            let sent = Emission { event: "sent", to: Target::Scope, data: encode(&json!({}))?, durable: true };
            Ok(Outcome { emissions: vec![sent], ..Outcome::default() })
        }
    }

    /// Sends a message with everything that it may have.
    async fn send(store: &Store, alice: &Membership, client_id: &str) {
        let filename = &format!("{client_id}.txt");
        let upload =
            NewUpload { filename, original_name: "notes.txt", mime_type: "text/plain", size: 1, dimensions: None };
        let upload = store.upload_insert(alice.identity(), upload, 1 << 20).await.unwrap();
        let (user, client_id) = (alice.identity().id.as_str().into(), client_id.into());
        let once = Once { user, event: "send", client_id, fingerprint: "".into() };
        let then = Then::assumed(vec![alice.room().clone()], Some(once), |_| Sent);
        let new = NewMessage { content: "hello", attachment_ids: &[upload.id], ..NewMessage::default() };
        store.message_insert(alice, new, then).await.unwrap();
    }

    /// The lines of a statement's plan.
    fn plan(connection: &Connection, statement: &str) -> Vec<String> {
        let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
        explained.raw_query().mapped(|line| line.get("detail")).collect::<Result<_, _>>().unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_send_finds_rows_by_indexes_and_makes_no_temporary_table() {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/accord.db", directory.path().display());
        let room = Room { scope: "channel", id: "general".to_owned() };
        let alice =
            Identity { id: "alice".to_owned(), name: "Alice".to_owned(), email: None, image: None, admin: false };
        let store = Store::open(&url).await.unwrap();
        store.user_upsert(&alice).await.unwrap();
        let members = [alice.id.clone()];
        store.room_put(&room, None, &members, Then::<_, Quiet<_>>::quiet()).await.unwrap();
        let alice = Membership::assumed(Arc::new(alice), room);
        send(&store, &alice, "first").await;
        store.close().await;

        // A new connection, which has made the texts of a send and no others.
        let store = Store::open(&url).await.unwrap();
        send(&store, &alice, "second").await;
        let turn = store.writer.turn().await.unwrap();
        let Turn::File { lent: Some(Lent { connection, .. }), .. } = &turn else { panic!("it is on a file: {turn:?}") };
        let mut texts = 0;
        for text in connection.texts.made() {
            texts += 1;
            for line in plan(&connection.connection, text) {
                assert!(line.starts_with("SEARCH "), "{line}\n{text}");
            }
            let sent = connection.connection.prepare_cached(text).unwrap();
            let counts = [StatementStatus::Run, StatementStatus::FullscanStep].map(|count| sent.get_status(count));
            assert_eq!(counts, [1, 0], "{text}");
        }
        assert_eq!(texts, 12);
    }
}
