//! The room log in SQLite or PostgreSQL, for any schema: the durable events of each room, in order, stored together
//! with the changes that they describe.
//!
//! [`Tables`] has the statements. They run on the caller's [`Connection`], within its open transaction: the business
//! logic changes its own tables and [appends](Tables::append) the entries for clients in one commit. [`SqlLog`] is the
//! [`Log`](accord_runtime::Log) over them, for the gateway; code that commits entries then calls [`SqlLog::committed`].
//!
//! The crate knows no protocol and gives no meaning to events, payloads or ids. It opens no database: a [`Database`]
//! lends connections, and [`Tables::migration`] is for the migrations of its owner.
//!
//! Start reading at [`Tables`], then `append.rs` and `read.rs`. Code that also reads and writes other tables in the
//! same transaction can combine the log's [questions](Question) and statements with its own: see [`Heads`] and
//! [`Appended`].
//!
//! # Invariants
//! - A room's numbers start at 1 and have no gaps, in the order of commits. An entry that is forgotten keeps its row, without a
//!   payload, so that a page of rows is complete exactly if its numbers are.
//! - Appending is two statements and reading a page is one, however many entries and rooms there are; the first entry of a room
//!   takes two more. [`Sql::by_row`] is for connections on which a statement for each row costs less.
//! - In PostgreSQL the heads of rooms are locked in the order of the rooms, and entries in that of their keys: transactions that
//!   append once, and forget once, never wait for each other forever.
//!
//! ```
//! use accord_log::{Dialect, NewEntry, Pools, SqlLog, Tables};
//! use accord_runtime::{Log, Position, Room, log::Page, reply::encode};
//! use sqlx::{AnyPool, Executor, any::install_default_drivers};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! install_default_drivers();
//! let directory = tempfile::tempdir()?;
//! let pool = AnyPool::connect(&format!("sqlite://{}/app.db?mode=rwc", directory.path().display())).await?;
//! let tables = Tables::new(Dialect::Sqlite, "1.0.0");
//! pool.execute(Tables::migration(Dialect::Sqlite)).await?;
//!
//! let room = Room { scope: "board", id: "plans".to_owned() };
//! let data = encode(&serde_json::json!({ "text": "Hello" }))?;
//! let entries = [NewEntry { room: &room, event: "note_added", data: &data, about: Some("note-1"), embeds: None }];
//! let mut write = pool.begin_with("BEGIN IMMEDIATE").await?;
//! let numbers = tables.append(&mut *write, &entries).await?;
//! write.commit().await?;
//! assert_eq!(numbers, [1]);
//!
//! let log = SqlLog::new(Pools { dialect: Dialect::Sqlite, reader: pool.clone(), writer: pool }, tables);
//! let Position { epoch, seq } = log.position(&room).await?;
//! assert_eq!(seq, 1);
//! let Page::Entries { entries, .. } = log.read(&room, &Position { epoch, seq: 0 }).await? else { panic!("nothing is lost") };
//! assert_eq!(entries[0].data.get(), r#"{"text":"Hello","seq":1}"#);
//! # Ok(())
//! # }
//! ```

mod append;
mod connection;
mod epoch;
mod forget;
mod heads;
mod keys;
mod log;
mod read;
mod retention;
mod sql;
mod tables;

pub use append::{Appended, NewEntry};
pub use connection::{Connection, Database, Pools, Transaction};
pub use forget::Embedding;
pub use heads::Heads;
pub use keys::{Key, Sent};
pub use log::SqlLog;
pub use retention::{Retention, Swept};
pub use sql::{Answers, ColumnType, Dialect, Question, RowTexts, Sql, Statement, Value};
pub use tables::Tables;
