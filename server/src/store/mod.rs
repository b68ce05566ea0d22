//! The database: users, rooms, messages, reactions and uploads, in SQLite or PostgreSQL.
//!
//! One set of queries serves both. They are written in the SQL that the two share, with the types of sqlx's `Any` driver, and
//! nothing outside of this module knows sqlx. Methods of [`Store`] are called `noun_verb`; each returns once its change
//! is committed. Those that change or read a room's content require a [`Membership`](accord_runtime::Membership), the
//! proof that the caller belongs to the room. Here, channels and conversations differ only in the scope of their rooms.
//!
//! Start reading at [`Store::message_insert`] in `messages.rs`; then `writer.rs`, by which every change of a room is written, and
//! `batch.rs`, the transaction that it is written in; then `session.rs`, which has the use of a connection, `connections.rs`, which
//! lends it, `sqlite.rs`, which runs statements on a SQLite file, and `open.rs`, which opens a database.
//!
//! # Concurrency
//! SQLite has one writer: transactions that write share one connection and are `IMMEDIATE`. In PostgreSQL they are
//! `READ COMMITTED` and lock, in this order, the rows of the rooms that they write to, sorted, the rows of the memberships that
//! they rely on, and rows of uploads by id. So several nodes may share a database, and no two transactions wait for each
//! other forever.

mod address;
mod batch;
mod change;
mod checkpoint;
mod clock;
mod connections;
mod cursor;
mod error;
mod file;
mod forwards;
mod history;
mod log;
mod lookups;
mod members;
mod memberships;
mod message_rows;
mod messages;
mod migrations;
mod open;
mod places;
mod problem;
mod reaction_rows;
mod reactions;
mod readiness;
mod receipts;
mod recent;
mod records;
mod revocations;
mod room_pages;
mod rooms;
mod session;
mod sql;
mod sqlite;
mod submission;
mod timestamp;
mod uploads;
mod users;
mod world;
mod writer;

use std::sync::Arc;

use accord_log::Dialect;
use tokio::sync::Notify;

pub(crate) use address::without_password;
pub use clock::Clock;
use connections::Connections;
pub use cursor::InvalidCursor;
pub use error::{DatabaseError, StoreError};
pub use file::FileLost;
pub use forwards::{ForwardSource, MessageForwardError};
pub use history::HistoryError;
pub use members::{MemberDeleteError, MemberPutError};
pub use messages::{MessageChangeError, MessageInsertError, NewMessage, NewText};
pub use open::OpenError;
pub use problem::OpenProblem;
pub use reactions::{ReactionAddError, ReactionRemoveError};
pub use readiness::NotReady;
pub use receipts::ReceiptPutError;
pub use records::{
    AttachmentRecord, Dimensions, Forwarded, HistoryPage, MessageRecord, Reacted, ReactionCount, ReactionRecord,
    Receipt, ReceiptRecord, RoomChange, RoomPage, RoomRecord, UserRecord,
};
pub use revocations::Revocation;
pub use rooms::RoomPutError;
pub use timestamp::Timestamp;
pub use uploads::{NewUpload, UploadInsertError, counted};
pub use users::UserProfile;
pub use world::{World, WorldError, WorldRoom};

/// An open database. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    dialect: Dialect,
    /// Whether connections go to a pooler, which may run each transaction in another PostgreSQL session.
    pooled: bool,
    writer: Connections,
    reader: Connections,
    cursor_key: Arc<cursor::Key>,
    readiness: Arc<readiness::Readiness>,
    clock: Clock,
    changes: Arc<writer::Writer>,
    lookups: Arc<lookups::Lookups>,
    recent_members: Arc<recent::RecentMembers>,
    tables: accord_log::Tables,
    followers: Arc<log::Followers>,
    /// Notifies when this store has revoked a user.
    revoked: Arc<Notify>,
}
