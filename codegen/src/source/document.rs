//! A protocol's schema, as it is written: what may stand at the top of each of its files.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};

use super::{
    Any, Context, Decode, Named, Node, NodeKind, Slot, Spanned, Text, schema::DeprecatedSchema, schema::RuleSchema,
    schema::TypeSchema,
};
use crate::{diagnostic::Diagnostic, record, words};

record! {
    /// A file of a protocol schema. Each key may stand in any file; the file that is given to `accord` includes the others.
    pub struct SchemaFile {
        /// The version of the schema language: 1.
        optional accord: Spanned<u64>,
        /// The protocol's name and version.
        optional protocol: ProtocolSchema,
        /// Other files of the schema, by paths relative to this one.
        optional include: Vec<Text>,
        /// The kinds of rooms.
        optional scopes: Named<ScopeSchema>,
        /// The rate limits.
        optional limits: Named<LimitSchema>,
        /// The handshake and what follows it.
        optional connect: ConnectSchema,
        /// What the gateway itself answers with.
        optional gateway: GatewaySchema,
        /// The errors that events may be answered with. Several may share a code.
        optional errors: Named<ErrorSchema>,
        /// Named types, for `$ref`.
        optional types: Named<TypeSchema>,
        /// What the events of this file have to do with. A file with events is a domain: one handler trait.
        optional summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The events that clients send.
        optional client: Named<ClientSchema>,
        /// The events that the server sends.
        optional server: Named<ServerSchema>,
        /// The REST operations.
        optional http: HttpSchema,
    }
}

impl SchemaFile {
    /// Whether the names that the file declares are known: none is under a key that could not be read.
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
        /// Its version, by Semantic Versioning.
        required version: Text,
        /// One sentence that says what it is for.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
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
        /// The error that somebody is answered with who does not belong to the room.
        required denied: Text,
    }
}

record! {
    /// A rate limit: a bucket of tokens, one taken by each event.
    pub struct LimitSchema {
        /// One sentence that says what it limits.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// Whose bucket it is.
        required per: PerSchema,
        /// How many tokens are put back, per second (`20/s`) or minute (`300/m`).
        required rate: Text,
        /// How many tokens the bucket holds.
        required burst: Spanned<u32>,
    }
}

words! {
    /// Whose bucket a limit is.
    pub enum PerSchema {
        /// One for all sockets and requests of a user.
        User = "user",
        /// One for each socket.
        Socket = "socket",
    }
}

record! {
    /// The handshake and what follows it.
    pub struct ConnectSchema {
        /// One sentence that says what it does.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The server events that follow a handshake, and who gets them.
        optional emits: Named<EmitSchema>,
        /// The errors that a handshake may be refused with.
        optional errors: Vec<Text>,
        /// What a fault of the server's own is called: `Failed to connect`.
        required failure: Text,
    }
}

record! {
    /// What the gateway itself answers with.
    pub struct GatewaySchema {
        /// The server event that carries a failure to a caller who asked for no acknowledgement.
        required error_event: Text,
        /// Events that the schema does not have.
        required unknown_events: UnknownEventsSchema,
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
        /// The error of a fault of the server's own.
        required internal: Text,
        /// The error of an operation for administrators that somebody else calls.
        required admin_only: Text,
    }
}

record! {
    /// Events that the schema does not have.
    pub struct UnknownEventsSchema {
        /// The limit that they draw on, or `unlimited`.
        required limit: Text,
        /// The error that they are answered with.
        required answer: Text,
    }
}

record! {
    /// An error that events may be answered with.
    pub struct ErrorSchema {
        /// One sentence that says when it occurs.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The code that clients tell errors apart by.
        required code: Text,
        /// The message, to the letter.
        required message: Text,
        /// The HTTP status of a REST answer, 400 to 599.
        required status: Spanned<u32>,
        /// Whether trying again helps: `false`, `true` (at any time), `after` (after `retryAfterMs`) or `new_token`.
        optional retry: RetrySchema,
        /// The protocol's version that brought it.
        optional since: Text,
        /// That it is going away.
        optional deprecated: DeprecatedSchema,
    }
}

/// Whether trying again helps.
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

record! {
    /// An event that clients send.
    pub struct ClientSchema {
        /// One sentence that says what it does.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The scope of the room that it has to do with. Membership is proven before the handler runs.
        optional scope: Text,
        /// Further memberships that it asks for: the payload's field, and the scope of the room that it names.
        optional also: Named<Text>,
        /// That the gateway itself joins or leaves the scope's room: no handler is written.
        optional room: Spanned<RoomSchema>,
        /// The limit that it draws on: a name under `limits`, or `unlimited`.
        required limit: Text,
        /// What it carries.
        optional payload: TypeSchema,
        /// The server events that it leads to, and who gets them.
        optional emits: Named<EmitSchema>,
        /// What its acknowledgement says: the name of one of the emitted events, for the same value, or a type. Nothing where it is left out.
        optional ack: AckSchema,
        /// The errors that its handler may answer with, by their names under `errors`.
        optional errors: Vec<Text>,
        /// What a fault of the server's own is called: `Failed to send message`.
        required failure: Text,
        /// The protocol's version that brought it.
        optional since: Text,
        /// That it is going away.
        optional deprecated: DeprecatedSchema,
        /// A payload, for documentation, mocks and tests. It is checked against the payload's type.
        optional example: Any,
    }
}

impl ClientSchema {
    /// Whether it certainly carries nothing.
    pub(crate) fn has_no_payload(&self) -> bool {
        self.payload.is_absent() && !self.has_other_keys
    }
}

words! {
    /// What the gateway itself does with the scope's room.
    pub enum RoomSchema {
        /// The socket joins it.
        Join = "join",
        /// The socket leaves it.
        Leave = "leave",
    }
}

/// Who gets an event, as it is written: `scope`, or `{ to: scope, optional: true }`.
#[derive(Clone, Debug)]
pub struct EmitSchema {
    /// Who gets it.
    pub to: Option<Text>,
    /// Whether a handler may have no cause to emit it.
    pub optional: bool,
}

record! {
    /// Who gets an event, and whether it may have no cause to be emitted.
    pub struct EmitOptionsSchema {
        /// `caller`, `scope` (its room), `others` (in that room), `user` (all sockets of the caller), or a key under `also` (the room that it names).
        required to: Text,
        /// Whether the handler may have no cause to emit it.
        optional optional: bool,
    }
}

impl Decode for EmitSchema {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match node.kind {
            NodeKind::Mapping(_) => {
                let options = EmitOptionsSchema::decode(node, cx)?;
                let optional = options.optional.get().copied().unwrap_or_default();
                Some(EmitSchema { to: options.to.into_option(), optional })
            }
            _ => Some(EmitSchema { to: Some(Text::decode(node, cx)?), optional: false }),
        }
    }
}

impl JsonSchema for EmitSchema {
    fn schema_name() -> Cow<'static, str> {
        "EmitSchema".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        json_schema!({
            "description": "Who gets an event: `caller`, `scope` (its room), `others` (in that room), `user` (all sockets of the caller), or a key under `also` (the room that it names).",
            "anyOf": [
                { "type": "string", "examples": ["caller", "scope", "others", "user"] },
                generator.subschema_for::<EmitOptionsSchema>(),
            ],
        })
    }
}

/// What an acknowledgement says.
#[derive(Clone, Debug)]
pub enum AckSchema {
    /// The same as this emitted event.
    Event(Text),
    /// A value of this type.
    Type(Box<TypeSchema>),
}

impl Decode for AckSchema {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match node.kind {
            NodeKind::Mapping(_) => Box::decode(node, cx).map(AckSchema::Type),
            NodeKind::String(_) => Text::decode(node, cx).map(AckSchema::Event),
            _ => {
                cx.wrong_kind(node, "the name of an emitted event, or a type");
                None
            }
        }
    }
}

impl JsonSchema for AckSchema {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AckSchema".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, generator.subschema_for::<TypeSchema>()] })
    }
}

record! {
    /// An event that the server sends.
    pub struct ServerSchema {
        /// One sentence that says what happened.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The scope whose room gets it. Left out for what a single socket or user gets.
        optional scope: Text,
        /// What it carries.
        optional payload: TypeSchema,
        /// The protocol's version that brought it.
        optional since: Text,
        /// That it is going away.
        optional deprecated: DeprecatedSchema,
        /// A payload, for documentation, mocks and tests. It is checked against the payload's type.
        optional example: Any,
    }
}

impl ServerSchema {
    /// Whether it certainly carries nothing.
    pub(crate) fn has_no_payload(&self) -> bool {
        self.payload.is_absent() && !self.has_other_keys
    }
}

record! {
    /// The REST operations.
    pub struct HttpSchema {
        /// The key of the object that every JSON answer is put into.
        optional envelope: Text,
        /// The type of a failure's body: a name under `types`.
        optional error_body: Text,
        /// The operations, by name in snake_case.
        optional operations: Named<OperationSchema>,
    }
}

record! {
    /// A REST operation: one of `get`, `post`, `put`, `patch` and `delete` with its path, and what belongs to it.
    pub struct OperationSchema {
        /// One sentence that says what it does.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The path of a GET: `/api/channels/{id}`.
        optional get: Text,
        /// The path of a POST.
        optional post: Text,
        /// The path of a PUT.
        optional put: Text,
        /// The path of a PATCH.
        optional patch: Text,
        /// The path of a DELETE.
        optional delete: Text,
        /// Who may call it; `user` where it is left out.
        optional auth: AuthSchema,
        /// The scope of the room that it has to do with. Membership is proven before the handler runs.
        optional scope: Text,
        /// The limit that it draws on: a name under `limits`.
        optional limit: Text,
        /// The types of the path's parameters.
        optional path: Named<TypeSchema>,
        /// The query's parameters.
        optional query: InputSchema,
        /// The fields of the JSON body.
        optional body: InputSchema,
        /// The field of a `multipart/form-data` body that holds a file.
        optional upload: Text,
        /// The answer: its status, and its type or `{ media: TYPE }`; nothing for no body.
        required response: Named<ResponseSchema>,
        /// The errors that its handler may answer with, by their names under `errors`.
        optional errors: Vec<Text>,
        /// What a fault of the server's own is called: `Failed to load messages`.
        required failure: Text,
        /// The protocol's version that brought it.
        optional since: Text,
        /// That it is going away.
        optional deprecated: DeprecatedSchema,
        /// Path, query and body fields together, for documentation and tests. It is checked against their types.
        optional example: Any,
    }
}

record! {
    /// Fields of a query or a body.
    pub struct InputSchema {
        /// The fields.
        required properties: Named<TypeSchema>,
        /// The fields that have to be there.
        optional required: Vec<Text>,
        /// Rules across the fields, by name.
        optional rules: Named<RuleSchema>,
    }
}

words! {
    /// Who may call an operation.
    pub enum AuthSchema {
        /// Anybody, without a token.
        Public = "public",
        /// Who has a token.
        User = "user",
        /// Who has an administrator's token.
        Admin = "admin",
    }
}

/// An operation's answer.
#[derive(Clone, Debug)]
pub enum ResponseSchema {
    /// No body.
    Empty,
    /// JSON.
    Json(Box<TypeSchema>),
    /// Bytes.
    Media(MediaSchema),
}

record! {
    /// An answer that is not JSON.
    pub struct MediaSchema {
        /// Its media type; `*/*` where it varies.
        required media: Text,
    }
}

impl Decode for ResponseSchema {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            NodeKind::Null => Some(ResponseSchema::Empty),
            NodeKind::Mapping(entries) if entries.is_empty() => {
                let diagnostic = Diagnostic::new("empty-type", "the answer's type says nothing")
                    .at(node.span, "empty")
                    .help("leave the value out for an answer without a body (`204:`), or give a type");
                cx.report(diagnostic);
                None
            }
            NodeKind::Mapping(_) if node.get("media").is_some() => {
                MediaSchema::decode(node, cx).map(ResponseSchema::Media)
            }
            _ => Box::decode(node, cx).map(ResponseSchema::Json),
        }
    }
}

impl JsonSchema for ResponseSchema {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ResponseSchema".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        json_schema!({
            "anyOf": [
                { "type": "null" },
                generator.subschema_for::<MediaSchema>(),
                generator.subschema_for::<TypeSchema>(),
            ],
        })
    }
}
