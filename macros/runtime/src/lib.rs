//! The library that generated code uses, and the [`pipeline`] that every request goes through.
//!
//! This crate works for any schema: it knows no protocol, no sockets, no server and no database. Only its pipeline
//! makes proofs of membership, and only from the business logic's answers.
//!
//! Start reading at [`Protocol`], a schema at run time; then [`Endpoint`], an event or an operation with its handler; then
//! [`pipeline`]. The crate `accord-gateway` has the two front doors, Socket.IO and REST.
//!
//! ```
//! use accord_runtime::{Path, Validate, Violations};
//! use serde_json::json;
//!
//! /// The payload of an event, as generated code declares it.
//! #[derive(Validate)]
//! struct Greeting {
//!     #[validate(max_length = 5)]
//!     text: String,
//! }
//!
//! let mut violations = Violations::default();
//! Greeting::validate(&json!({ "text": "Hello, world" }), Path::Root, &mut violations);
//! assert_eq!(violations.into_vec()[0].path, "/text");
//! ```

// `println!` and similar macros panic if standard output is closed.
#![warn(clippy::print_stderr, clippy::print_stdout)]

// Lets the macros' expansions compile within this crate, too.
extern crate self as accord_runtime;

pub mod auth;
pub mod causes;
pub mod convert;
mod date_time;
mod decode;
pub mod deprecated;
pub mod emits;
pub mod error;
pub mod event;
pub mod log;
pub mod older;
pub mod operation;
pub mod panics;
pub mod pipeline;
pub mod protocol;
pub mod rejection;
pub mod reply;
pub mod scope;
pub mod service;
pub mod text;
pub mod validate;

pub use accord_macros::{Also, DeclaredError, EventError, Reply, Scope, Text, Validate, handlers};

pub use convert::{Downgraded, Upgraded};
pub use deprecated::{Deprecated, Leaving};
pub use emits::Emits;
pub use error::{DeclaredError, ErrorSpec, EventError, Fault, Refusal};
pub use event::{EventSpec, NamedRoom, NoPayload, RoomAction, ScopeUse};
pub use log::{Log, Position};
pub use older::{Answered, Becomes, Older, OlderEvent, OlderOperation, OlderRequest};
pub use operation::{Auth, Body, Download, OperationSpec, Parameter, ParameterKind, Upload};
pub use pipeline::{
    Also, Arguments, Authority, Call, Declared, Effect, Endpoint, Handler, Hook, Logged, Member, Membership, Proofs,
    Quiet, Running, Then, Unscoped,
};
pub use protocol::{Answers, Evicts, LimitSpec, Per, Protocol, ServerEventSpec};
pub use rejection::{Rejection, Told};
pub use reply::{Beside, Emission, Outcome, Reply, Target};
pub use scope::{Identity, LogSpec, Room, Scope, ScopeSpec};
pub use service::{Lifecycle, Service};
pub use validate::{Path, Validate, Violation, Violations};

/// The items that expansions of this crate's macros use, so that generated code needs no other dependencies.
#[doc(hidden)]
pub mod private {
    pub use regex::Regex;
    pub use serde_json::{Error as EncodeError, Value};
}
