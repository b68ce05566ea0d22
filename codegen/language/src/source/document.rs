//! A protocol's schema, as it is written: the top level of each of its files.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};

use super::{
    Context, Decode, Named, Node, NodeKind, Slot, Spanned, Text,
    emits::EmitSchema,
    events::{ClientSchema, ServerSchema},
    http::HttpSchema,
    lint::LintSchema,
    schema::{DeprecatedSchema, TypeSchema},
    texts::{Duration, Rate, Version},
};
use crate::{record, words};

record! {
    /// A file of a protocol schema. Each key may be in any file; the file that is given to `accord` includes the
    /// others.
    pub struct SchemaFile {
        /// The version of the schema language: 1.
        optional accord: Spanned<u64>,
        /// The protocol's name and version.
        optional protocol: ProtocolSchema,
        /// Other files of the schema, by paths relative to this one.
        optional include: Vec<Text>,
        /// The folder of the flows that documentation shows, relative to this file.
        optional flows: Text,
        /// The kinds of rooms.
        optional scopes: Named<ScopeSchema>,
        /// The rate limits.
        optional limits: Named<LimitSchema>,
        /// The handshake, and the events that follow it.
        optional connect: ConnectSchema,
        /// The events that follow the end of a socket; optional.
        optional disconnect: DisconnectSchema,
        /// The errors that the gateway itself answers with.
        optional gateway: GatewaySchema,
        /// The errors of events and operations. Several may share a code.
        optional errors: Named<ErrorSchema>,
        /// Named types, for `$ref`.
        optional types: Named<TypeSchema>,
        /// The subject of the events in this file. A file with events is a domain: one handler trait.
        optional summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The events that clients send.
        optional client: Named<ClientSchema>,
        /// The events that the server sends.
        optional server: Named<ServerSchema>,
        /// The REST operations.
        optional http: HttpSchema,
        /// Settings of `accord lint`. Each file may have settings for what it declares.
        optional lint: LintSchema,
    }
}

impl SchemaFile {
    /// Returns whether the names that the file declares are known: none is under a key that could not be read.
    pub(crate) fn declares_all(&self) -> bool {
        let broken = matches!(self.scopes, Slot::Broken)
            || matches!(self.limits, Slot::Broken)
            || matches!(self.errors, Slot::Broken)
            || matches!(self.types, Slot::Broken)
            || matches!(self.client, Slot::Broken)
            || matches!(self.server, Slot::Broken)
            || matches!(self.include, Slot::Broken);
        !broken && !self.has_other_keys
    }
}

record! {
    /// A protocol's name and version.
    pub struct ProtocolSchema {
        /// Its name, in snake_case.
        required name: Text,
        /// Its version, according to Semantic Versioning.
        required version: Version,
        /// One sentence that says what it is for.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The schemas of older major versions that are served as well, by paths relative to this file, one for each
        /// major. Clients declare their version at the handshake; conversions between the versions are generated.
        optional serves: Vec<Text>,
        /// The licence of the protocol's description, as an SPDX identifier: `MIT`.
        optional license: Text,
    }
}

record! {
    /// A kind of room.
    pub struct ScopeSchema {
        /// One sentence that says what it is.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The payload's field that names the room.
        required key: Text,
        /// The error for users who are not members of the room.
        required denied: Text,
        /// Gives each of its rooms a log, which numbers and keeps the room's events, so that clients can catch up.
        optional log: LogSchema,
    }
}

record! {
    /// The log of a scope's rooms.
    pub struct LogSchema {
        /// The type of a position in a log: an object of exactly `epoch`, a string, and `seq`, an integer with
        /// `minimum: 0`, both required.
        required position: Text,
        /// The server event that ends a replay. A single socket gets it; its payload has the scope's key, and a
        /// `position`.
        required caught_up: Text,
        /// How long entries are kept: `7d` if left out.
        optional keep: Duration,
        /// How many entries a room keeps: 100,000 if left out.
        optional entries: Spanned<u64>,
        /// How long entries are kept at least, however many there are: `10m` if left out.
        optional floor: Duration,
    }
}

record! {
    /// A rate limit: a bucket of tokens, one taken by each event.
    pub struct LimitSchema {
        /// One sentence that says what it limits.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The owner of a bucket.
        required per: PerSchema,
        /// The number of tokens added per second (`20/s`) or minute (`300/m`).
        required rate: Rate,
        /// The number of tokens that the bucket holds.
        required burst: Spanned<u32>,
    }
}

words! {
    /// The owner of a limit's buckets.
    pub enum PerSchema {
        /// One for all sockets and requests of a user.
        User = "user",
        /// One for each socket.
        Socket = "socket",
    }
}

record! {
    /// The handshake, and the events that follow it.
    pub struct ConnectSchema {
        /// One sentence that says what it does.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The server events that follow a handshake, and their receivers: `caller`, `user`, or, by the name of a
        /// scope, the user's own room of that scope, whose id is the user's.
        optional emits: Named<EmitSchema>,
        /// The errors that may refuse a handshake.
        optional errors: Vec<Text>,
        /// The message of an internal error: `Failed to connect`.
        required failure: Text,
    }
}

record! {
    /// The events that follow the end of a socket whose handshake succeeded.
    pub struct DisconnectSchema {
        /// One sentence that says what it does.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The server events that follow, and their receivers: `user`, the other sockets of the user, or, by the name
        /// of a scope, the user's own room of that scope, whose id is the user's.
        optional emits: Named<EmitSchema>,
        /// The message of an internal error in the log: `Failed to disconnect`.
        required failure: Text,
    }
}

record! {
    /// The errors that the gateway itself answers with.
    pub struct GatewaySchema {
        /// The server event that carries a failure to a caller who asked for no acknowledgement.
        required error_event: Text,
        /// Events that the schema does not declare.
        required unknown_events: UnknownEventsSchema,
        /// The error of a handshake or request by a client whose major version is not served. If left out, the version
        /// that clients declare is not checked.
        optional version_refused: Text,
        /// The error of a handshake or request without a token.
        required token_missing: Text,
        /// The error of a handshake or request whose token is refused.
        required token_refused: Text,
        /// The error of a socket whose token expires.
        required token_expired: Text,
        /// The error of a payload that breaks a rule of its type.
        required invalid_payload: Text,
        /// The error of a caller whose limit is exhausted.
        required rate_limited: Text,
        /// The error for internal faults.
        required internal: Text,
        /// The error of an operation for administrators that another user calls.
        required admin_only: Text,
        /// The error of a client that joins a room from a position after which its log no longer has every entry.
        /// Required if a scope has a log.
        optional position_lost: Text,
        /// The error of a client that repeats an idempotent event with different content. Required if an event is
        /// `idempotent`.
        optional idempotency_conflict: Text,
    }
}

record! {
    /// Events that the schema does not declare.
    pub struct UnknownEventsSchema {
        /// The limit that they draw on, or `unlimited`.
        required limit: Text,
        /// The error that answers them.
        required answer: Text,
    }
}

record! {
    /// An error of events and operations.
    pub struct ErrorSchema {
        /// One sentence that says when it occurs.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The code by which clients distinguish errors.
        required code: Text,
        /// The exact message.
        required message: Text,
        /// The HTTP status of a REST answer, 400 to 599.
        required status: Spanned<u32>,
        /// The retries that help: none (`false`), at any time (`true`), after `retryAfterMs` (`after`), or with a new token
        /// (`new_token`).
        optional retry: RetrySchema,
        /// The protocol version that introduced it.
        optional since: Version,
        /// Marks it as deprecated.
        optional deprecated: DeprecatedSchema,
    }
}

/// The retries that help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RetrySchema {
    /// `false`
    No,
    /// `true`: at any time.
    Yes,
    /// `after` the `retryAfterMs` of the error.
    After,
    /// With a `new_token`.
    NewToken,
}

impl Decode for RetrySchema {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            NodeKind::Boolean(false) => Some(RetrySchema::No),
            NodeKind::Boolean(true) => Some(RetrySchema::Yes),
            NodeKind::String(word) if word == "after" => Some(RetrySchema::After),
            NodeKind::String(word) if word == "new_token" => Some(RetrySchema::NewToken),
            _ => {
                cx.wrong_kind(node, "`false`, `true`, `after` or `new_token`");
                None
            }
        }
    }
}

impl JsonSchema for RetrySchema {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RetrySchema".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> schemars::Schema {
        json_schema!({ "enum": [false, true, "after", "new_token"] })
    }
}
