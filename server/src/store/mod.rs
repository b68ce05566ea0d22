//! The database: users, rooms, messages, reactions and uploads, in SQLite or PostgreSQL.
//!
//! One set of queries serves both. They are written in the SQL that the two share, over sqlx's `Any` driver, and nothing
//! outside of this module knows sqlx. Methods of [`Store`] are called `noun_verb`; each returns once what it did is
//! committed. Those that change or read what is in a room ask for a [`Membership`](accord_runtime::Membership), the proof
//! that the caller belongs to it. Channels and conversations differ in nothing here but the scope of their rooms.
//!
//! Start reading at [`Store::message_insert`]; then `open.rs`, how a database is opened.
//!
//! # Concurrency
//! SQLite has one writer: transactions that write share one connection and are `IMMEDIATE`. In PostgreSQL they are
//! `READ COMMITTED` and lock, in this order, the row of the room that they write to, the rows of the memberships that
//! they rely on, and rows of uploads by id. So several nodes may share a database, and no two transactions wait for each
//! other for ever.

mod address;
mod cursor;
mod error;
mod history;
mod messages;
mod open;
mod reactions;
mod receipts;
mod records;
mod rooms;
mod sql;
mod timestamp;
mod uploads;
mod users;
mod world;

use std::sync::Arc;

use sqlx::AnyPool;

pub(crate) use address::without_password;
pub use cursor::InvalidCursor;
pub use error::{DatabaseError, StoreError};
pub use history::HistoryError;
pub use messages::{ForwardSource, MessageChangeError, MessageForwardError, MessageInsertError, NewMessage};
pub use open::{OpenError, OpenProblem};
pub use reactions::{ReactionAddError, ReactionRemoveError};
pub use receipts::ReceiptPutError;
pub use records::{
    AttachmentRecord, Forwarded, HistoryPage, MessageRecord, Reacted, ReactionRecord, Receipt, ReceiptRecord,
    RoomChange, RoomRecord, UserRecord,
};
pub use rooms::{MemberDeleteError, MemberPutError, RoomPutError};
pub use timestamp::Timestamp;
pub use uploads::{NewUpload, UploadInsertError};
pub use world::{World, WorldError, WorldRoom, WorldUser};

/// An open database. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    dialect: Dialect,
    writer: AnyPool,
    reader: AnyPool,
    cursor_key: Arc<cursor::Key>,
}

/// What the two databases do not agree on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Dialect {
    Sqlite,
    Postgres,
}
