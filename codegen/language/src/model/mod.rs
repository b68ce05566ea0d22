//! A protocol schema, resolved and checked: the input of every emitter.
//!
//! A [`Model`] only exists if the schema has no errors, so emitters never fail, and their lookups always succeed.
//! Everything is in the order of the schema. Emitters read nothing else: neither YAML nor each other's output.

mod deprecated;
mod events;
mod failures;
mod http;
pub mod index;
mod log;
mod lookups;
mod names;
mod types;

use std::path::PathBuf;

pub use crate::source::Place;
pub use deprecated::{Leaving, Use};
pub use events::*;
pub use http::*;
pub use log::*;
pub use lookups::*;
pub(crate) use names::Names;
pub use types::*;

/// A whole protocol.
#[derive(Clone, Debug)]
pub struct Model {
    /// The protocol's name and version.
    pub protocol: ProtocolInfo,
    /// The kinds of rooms, by [`ScopeId`].
    pub scopes: Vec<Scope>,
    /// The rate limits, by [`LimitId`].
    pub limits: Vec<Limit>,
    /// The errors of events and operations, by [`ErrorId`].
    pub errors: Vec<ErrorDef>,
    /// Every type: those that the schema names, then the inline types of events and operations (an inline payload is
    /// named after its event: `send_message` → `SendMessage`).
    pub types: Vec<TypeDef>,
    /// The handshake.
    pub connect: Connect,
    /// The end of a socket, if events follow it.
    pub disconnect: Option<Disconnect>,
    /// The errors that the gateway itself answers with.
    pub gateway: Gateway,
    /// One per file of events.
    pub domains: Vec<Domain>,
    /// The REST operations.
    pub http: Http,
    /// The older major versions that are also served, the oldest first. None of them serves another one.
    pub older: Vec<Model>,
    /// The folder of the flows that documentation shows, where the schema names one.
    pub flows: Option<PathBuf>,
    /// Its place in the schema.
    pub place: Place,
    /// The names of what it declares.
    pub(crate) names: Names,
}

/// The documentation of a declaration, and the version that introduced it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doc {
    /// One sentence.
    pub summary: String,
    /// Further paragraphs, Markdown.
    pub description: Option<String>,
    /// The protocol version that introduced it.
    pub since: Option<String>,
    /// Marks it as deprecated.
    pub deprecated: Option<Deprecated>,
}

/// A deprecation.
#[derive(Clone, Debug, PartialEq)]
pub struct Deprecated {
    /// The protocol's version that deprecated it.
    pub since: String,
    /// The replacement.
    pub r#use: Option<String>,
    /// The version that removes it.
    pub until: Option<String>,
    /// Its place in the schema.
    pub place: Place,
}

/// A protocol's name and version.
#[derive(Clone, Debug)]
pub struct ProtocolInfo {
    /// Its name in the schema.
    pub name: String,
    /// By Semantic Versioning.
    pub version: String,
    /// Its documentation.
    pub doc: Doc,
    /// The SPDX identifier of the licence that its description is under.
    pub license: Option<String>,
    /// Its place in the schema.
    pub place: Place,
}

/// A kind of room.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Its name in the schema.
    pub name: String,
    /// The payload's field that names the room.
    pub key: String,
    /// The error for users who are not members of the room.
    pub denied: ErrorId,
    /// The log of each of its rooms, if they have one.
    pub log: Option<ScopeLog>,
    /// Its documentation.
    pub doc: Doc,
    /// Its place in the schema.
    pub place: Place,
}

/// A token bucket.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Its name in the schema.
    pub name: String,
    /// The owner of a bucket.
    pub per: Per,
    /// Tokens put back in `period_ms`.
    pub rate: u32,
    /// 1,000 for `/s`, 60,000 for `/m`.
    pub period_ms: u32,
    /// The number of tokens that the bucket holds.
    pub burst: u32,
    /// Its documentation.
    pub doc: Doc,
    /// Its place in the schema.
    pub place: Place,
}

/// The owner of a limit's buckets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Per {
    /// One for all sockets and requests of a user.
    User,
    /// One for each socket.
    Socket,
}

/// An error of events and operations.
#[derive(Clone, Debug)]
pub struct ErrorDef {
    /// The name in the schema, snake_case; several names may share a code.
    pub name: String,
    /// The code by which clients distinguish errors.
    pub code: String,
    /// The exact message.
    pub message: String,
    /// The status of a REST answer.
    pub status: u16,
    /// The retries that help.
    pub retry: Retry,
    /// Its documentation.
    pub doc: Doc,
    /// Its place in the schema.
    pub place: Place,
}

/// The retries that help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Retry {
    /// It does not.
    No,
    /// At any time.
    Yes,
    /// After `retryAfterMs`.
    After,
    /// With a new token.
    NewToken,
}

/// An index into [`Model::types`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TypeId(pub usize);

/// An index into [`Model::errors`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ErrorId(pub usize);

/// An index into [`Model::scopes`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ScopeId(pub usize);

/// An index into [`Model::limits`].
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LimitId(pub usize);
