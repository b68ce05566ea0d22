//! What code generated from a schema is written in, and the gateway that drives it.
//!
//! This crate knows no protocol: it is generic over whatever a schema declares. It never reads a schema, and nothing
//! outside of [`gateway`] knows which Socket.IO library carries the packets.
//!
//! Start reading at [`Protocol`], what a schema amounts to at run time; then [`Entry`], one event and its handler; then
//! [`gateway`], the one way that every packet takes.

// So that what the macros expand to also compiles within this crate.
extern crate self as accord_runtime;

pub mod auth;
mod date_time;
pub mod deprecated;
pub mod error;
pub mod event;
pub mod gateway;
mod http;
mod limit;
pub mod older;
pub mod operation;
pub mod protocol;
mod rejection;
pub mod reply;
pub mod scope;
pub mod service;
pub mod text;
pub mod validate;
mod version;

pub use accord_macros::{Also, DeclaredError, EventError, Reply, Scope, Text, Validate, handlers};
pub use deprecated::{Deprecated, Leaving};
pub use error::{DeclaredError, ErrorSpec, EventError, Fault, Refusal};
pub use event::{Entry, EventSpec, NoPayload, RoomAction, ScopeUse};
pub use gateway::{Config, Gateway, Held, Hub, Traffic};
pub use older::{Answered, Becomes, Downgraded, Older, OlderEvent, OlderOperation, OlderRequest, Upgraded};
pub use operation::{Auth, Body, Download, Operation, OperationSpec, Parameter, ParameterKind, Upload};
pub use protocol::{Answers, LimitSpec, Per, Protocol};
pub use rejection::Told;
pub use reply::{Emission, Outcome, Reply, Target};
pub use scope::{Also, Call, Identity, Member, Membership, Proofs, Room, Scope, ScopeSpec, Unscoped};
pub use service::{Authority, Hook, Lifecycle, Service};
pub use validate::{Path, Validate, Violation, Violations};

/// What expansions of this crate's macros name, so that generated code needs no dependencies of its own.
#[doc(hidden)]
pub mod private {
    pub use regex::Regex;
    pub use serde_json::{Error as EncodeError, Value};
}
