//! A protocol schema, resolved and checked: what every emitter starts from.
//!
//! A [`Model`] only exists where the schema has no errors, so emitters never fail and never look anything up in vain.
//! Everything is in the order of the schema. Emitters read nothing else: neither YAML nor each other's output.

use serde_json::Value;

/// A whole protocol.
#[derive(Clone, Debug)]
pub struct Model {
    /// The protocol's name and version.
    pub protocol: ProtocolInfo,
    /// The kinds of rooms, by [`ScopeId`].
    pub scopes: Vec<Scope>,
    /// The rate limits, by [`LimitId`].
    pub limits: Vec<Limit>,
    /// The errors that events may be answered with, by [`ErrorId`].
    pub errors: Vec<ErrorDef>,
    /// Every type: those that the schema names, then those made of what stands inline in events and operations (an
    /// inline payload is named after its event: `send_message` → `SendMessage`).
    pub types: Vec<TypeDef>,
    /// The handshake.
    pub connect: Connect,
    /// What the gateway itself answers with.
    pub gateway: Gateway,
    /// One per file of events.
    pub domains: Vec<Domain>,
    /// The REST operations.
    pub http: Http,
}

/// What a thing is for, and since when it is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doc {
    /// One sentence.
    pub summary: String,
    /// Further paragraphs, Markdown.
    pub description: Option<String>,
    /// The protocol's version that brought it.
    pub since: Option<String>,
    /// That it is going away.
    pub deprecated: Option<Deprecated>,
}

/// That something is going away.
#[derive(Clone, Debug, PartialEq)]
pub struct Deprecated {
    /// The protocol's version that deprecated it.
    pub since: String,
    /// What to use instead.
    pub r#use: Option<String>,
    /// The version that will no longer have it.
    pub until: Option<String>,
}

/// A protocol's name and version.
#[derive(Clone, Debug)]
pub struct ProtocolInfo {
    /// Its name in the schema.
    pub name: String,
    /// By Semantic Versioning.
    pub version: String,
    /// What it is for.
    pub doc: Doc,
}

/// A kind of room.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Its name in the schema.
    pub name: String,
    /// The payload's field that names the room.
    pub key: String,
    /// The error that somebody is answered with who does not belong to the room.
    pub denied: ErrorId,
    /// What it is for.
    pub doc: Doc,
}

/// A token bucket.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Its name in the schema.
    pub name: String,
    /// Whose bucket it is.
    pub per: Per,
    /// Tokens put back in `period_ms`.
    pub rate: u32,
    /// 1,000 for `/s`, 60,000 for `/m`.
    pub period_ms: u32,
    /// How many tokens the bucket holds.
    pub burst: u32,
    /// What it is for.
    pub doc: Doc,
}

/// Whose bucket a limit is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Per {
    /// One for all sockets and requests of a user.
    User,
    /// One for each socket.
    Socket,
}

/// An error that events may be answered with.
#[derive(Clone, Debug)]
pub struct ErrorDef {
    /// The name in the schema, snake_case; several names may share a code.
    pub name: String,
    /// What clients tell errors apart by.
    pub code: String,
    /// To the letter.
    pub message: String,
    /// The status of a REST answer.
    pub status: u16,
    /// Whether trying again helps.
    pub retry: Retry,
    /// What it is for.
    pub doc: Doc,
}

/// Whether trying again helps.
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

/// A type with a name.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// PascalCase, as is.
    pub name: String,
    /// What it is for.
    pub doc: Doc,
    /// What it is.
    pub shape: Shape,
    /// A valid value.
    pub example: Option<Value>,
    /// Whether the schema names it, rather than it being made of something inline.
    pub named: bool,
}

/// What a named type is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// An object with fixed keys.
    Object(Object),
    /// A string out of a list.
    Enum(Vec<String>),
    /// A name for a constrained value: a newtype in Rust.
    Alias(Kind),
}

impl Shape {
    /// Calls `found` with every type that this one refers to.
    pub fn references(&self, found: &mut impl FnMut(TypeId)) {
        match self {
            Shape::Object(object) => object.fields.iter().for_each(|field| field.ty.kind.references(found)),
            Shape::Enum(_) => {}
            Shape::Alias(kind) => kind.references(found),
        }
    }
}

/// An object with fixed keys. Others are ignored where they are received.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its keys.
    pub fields: Vec<Field>,
    /// The rules across them.
    pub rules: Vec<Rule>,
}

/// A key of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// As on the wire.
    pub name: String,
    /// What it is for.
    pub doc: Doc,
    /// Whether the key has to be there. Where it has not, `null` counts as absent.
    pub required: bool,
    /// What its value is.
    pub ty: Type,
}

/// A type where it is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// What it is.
    pub kind: Kind,
    /// Whether `null` is a value.
    pub nullable: bool,
    /// Whether this use closes a cycle, so that Rust needs a `Box`.
    pub recursive: bool,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A named type.
    Ref(TypeId),
    /// A string.
    Text(Text),
    /// An integer between -(2^53 - 1) and 2^53 - 1.
    Integer(Bounds<i64>),
    /// A number.
    Number(Bounds<f64>),
    /// `true` or `false`.
    Boolean,
    /// The items are a `Ref` or an unconstrained scalar: constrained and inline items have been given names.
    Array(Array),
    /// An object with any keys, and values of this type: a `Ref` or an unconstrained scalar.
    Map(Box<Type>),
    /// This string and no other.
    Const(String),
}

impl Kind {
    /// Calls `found` with every type that this one refers to.
    pub fn references(&self, found: &mut impl FnMut(TypeId)) {
        match self {
            Kind::Ref(id) => found(*id),
            Kind::Array(array) => array.items.kind.references(found),
            Kind::Map(values) => values.kind.references(found),
            Kind::Text(_) | Kind::Integer(_) | Kind::Number(_) | Kind::Boolean | Kind::Const(_) => {}
        }
    }
}

/// A string; lengths are in Unicode code points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// At least as many.
    pub min_length: Option<u64>,
    /// At most as many.
    pub max_length: Option<u64>,
    /// What is found in it.
    pub pattern: Option<Pattern>,
    /// RFC 3339.
    pub date_time: bool,
}

/// A regular expression, found unanchored.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// As the schema has it: ECMA-262 with the `u` flag, as JSON Schema asks.
    pub ecma: String,
    /// The same in the syntax of Rust's `regex` crate.
    pub rust: String,
    /// What a violation says, instead of a sentence made of the pattern.
    pub violation: Option<String>,
}

/// What a number is between.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds<N> {
    /// At least this.
    pub minimum: Option<N>,
    /// At most this.
    pub maximum: Option<N>,
    /// More than this.
    pub exclusive_minimum: Option<N>,
    /// Less than this.
    pub exclusive_maximum: Option<N>,
}

/// A list.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// What each item is.
    pub items: Box<Type>,
    /// At least as many.
    pub min_items: Option<u64>,
    /// At most as many.
    pub max_items: Option<u64>,
}

/// A rule across the fields of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name in the schema.
    pub name: String,
    /// What an object has to pass.
    pub test: Test,
    /// The path of its violation, a JSON Pointer.
    pub path: String,
    /// To the letter.
    pub message: String,
    /// The rule as the schema has it, for JSON Schema outputs.
    pub json_schema: Value,
}

/// A condition on an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Every one of these.
    All(Vec<Test>),
    /// At least one of these.
    Any(Vec<Test>),
    /// Not this.
    Not(Box<Test>),
    /// The field is there and is not `null`.
    Present(String),
    /// The field passes; as in JSON Schema, an absent field does, and so does one of another type.
    Field(String, FieldTest),
}

/// A condition on a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldTest {
    /// The pattern is found in the string.
    Pattern(Pattern),
    /// The string has at least as many code points.
    MinLength(u64),
    /// The string has at most as many code points.
    MaxLength(u64),
    /// The array has at least as many items.
    MinItems(u64),
    /// The array has at most as many items.
    MaxItems(u64),
    /// The number is at least this.
    Minimum(f64),
    /// The number is at most this.
    Maximum(f64),
    /// One of these; a scalar each.
    OneOf(Vec<Value>),
}

/// A file of events.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The file's stem, snake_case.
    pub name: String,
    /// What it is for.
    pub doc: Doc,
    /// The events that clients send.
    pub client: Vec<ClientEvent>,
    /// The events that the server sends.
    pub server: Vec<ServerEvent>,
}

/// An event that clients send.
#[derive(Clone, Debug)]
pub struct ClientEvent {
    /// snake_case, as on the wire.
    pub name: String,
    /// What it is for.
    pub doc: Doc,
    /// What it carries, if anything.
    pub payload: Option<TypeId>,
    /// The scope of the room that it has to do with: membership is proven before the handler runs.
    pub scope: Option<ScopeId>,
    /// Further memberships that it asks for.
    pub also: Vec<AlsoScope>,
    /// Done by the gateway: no handler.
    pub room: Option<RoomAction>,
    /// `None` where the schema says `unlimited`.
    pub limit: Option<LimitId>,
    /// The server events that it leads to.
    pub emits: Vec<Emit>,
    /// What its acknowledgement says.
    pub ack: Ack,
    /// What its handler may answer.
    pub errors: Vec<ErrorId>,
    /// What a fault of the server's own is called.
    pub failure: String,
    /// A valid value.
    pub example: Option<Value>,
}

/// A further membership that an event asks for.
#[derive(Clone, Debug)]
pub struct AlsoScope {
    /// The payload's field.
    pub key: String,
    /// The scope of the room that it names.
    pub scope: ScopeId,
}

/// What the gateway itself does with the scope's room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RoomAction {
    /// The socket joins it.
    Join,
    /// The socket leaves it.
    Leave,
}

/// A server event that something leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Emit {
    /// The server event's name.
    pub event: String,
    /// The server event's payload.
    pub payload: Option<TypeId>,
    /// Who gets it.
    pub to: Target,
    /// Whether a handler may have no cause to emit it.
    pub optional: bool,
}

/// Who gets a server event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    /// The socket that asked.
    Caller,
    /// The room of the event's scope, the caller included if joined.
    Scope,
    /// The room of the event's scope, without the caller's socket.
    Others,
    /// Every socket of the caller's user.
    User,
    /// The room of the `also` at this index.
    Also(usize),
}

/// What an acknowledgement says.
#[derive(Clone, Debug, PartialEq)]
pub enum Ack {
    /// `data` is `null`.
    None,
    /// The same value as the `emits` at this index, which is not optional.
    Emitted(usize),
    /// A value of this type.
    Type(Type),
}

/// An event that the server sends.
#[derive(Clone, Debug)]
pub struct ServerEvent {
    /// Its name in the schema.
    pub name: String,
    /// What it is for.
    pub doc: Doc,
    /// What it carries, if anything.
    pub payload: Option<TypeId>,
    /// The scope whose room gets it; `None` for what a single socket gets.
    pub scope: Option<ScopeId>,
    /// A valid value.
    pub example: Option<Value>,
}

/// The handshake and what follows it.
#[derive(Clone, Debug)]
pub struct Connect {
    /// What it is for.
    pub doc: Doc,
    /// The server events that it leads to.
    pub emits: Vec<Emit>,
    /// The errors that it may be answered with.
    pub errors: Vec<ErrorId>,
    /// What a fault of the server's own is called.
    pub failure: String,
}

/// What the gateway itself answers with.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// The server event that carries a failure.
    pub error_event: String,
    /// The limit of events that the schema does not have; `None` for `unlimited`.
    pub unknown_limit: Option<LimitId>,
    /// A handshake or request without a token.
    pub token_missing: ErrorId,
    /// A handshake or request whose token is refused.
    pub token_refused: ErrorId,
    /// A socket whose token expires.
    pub token_expired: ErrorId,
    /// An event that the schema does not have.
    pub unknown_event: ErrorId,
    /// A payload that breaks a rule of its type.
    pub invalid_payload: ErrorId,
    /// An exhausted limit.
    pub rate_limited: ErrorId,
    /// A fault of the server's own.
    pub internal: ErrorId,
    /// An operation for administrators that somebody else calls.
    pub admin_only: ErrorId,
}

/// The REST operations.
#[derive(Clone, Debug, Default)]
pub struct Http {
    /// In the order of the schema.
    pub operations: Vec<Operation>,
    /// The type of a failure's body.
    pub error_body: Option<TypeId>,
}

/// A REST operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// snake_case.
    pub name: String,
    /// What it is for.
    pub doc: Doc,
    /// Its method.
    pub method: Method,
    /// `/api/channels/{id}`.
    pub path: String,
    /// Who may call it.
    pub auth: Auth,
    /// The limit that it draws on.
    pub limit: Option<LimitId>,
    /// The scope of the room that it has to do with: membership is proven before the handler runs.
    pub scope: Option<ScopeId>,
    /// Path, query and body fields, put together to one object named after the operation; `None` where it has none.
    pub input: Option<TypeId>,
    /// Where each field of `input` is.
    pub places: Vec<(String, Place)>,
    /// The field of a `multipart/form-data` file.
    pub upload: Option<String>,
    /// The answer of a success.
    pub success: Success,
    /// The errors that it may be answered with.
    pub errors: Vec<ErrorId>,
    /// What a fault of the server's own is called.
    pub failure: String,
    /// A valid value.
    pub example: Option<Value>,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

/// Who may call an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Auth {
    /// Anybody, without a token.
    Public,
    /// Who has a token.
    User,
    /// Who has an administrator's token.
    Admin,
}

/// Where a field of an operation's input is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In the JSON body.
    Body,
}

/// The answer of a success.
#[derive(Clone, Debug, PartialEq)]
pub struct Success {
    /// Its HTTP status.
    pub status: u16,
    /// What it carries.
    pub body: SuccessBody,
    /// A valid value.
    pub example: Option<Value>,
}

/// What an answer carries.
#[derive(Clone, Debug, PartialEq)]
pub enum SuccessBody {
    /// JSON, in the member `envelope` of an object where there is one.
    Json {
        /// What it is.
        ty: Type,
        /// The member of an object that it is put into.
        envelope: Option<String>,
    },
    /// Bytes of this media type (`*/*` where it varies).
    Raw(String),
    /// Nothing.
    Empty,
}
