//! A protocol schema, resolved and checked: what every emitter starts from.
//!
//! A [`Model`] only exists where the schema has no errors, so emitters never fail and never look anything up in vain.
//! Everything is in the order of the schema. Emitters read nothing else: neither YAML nor each other's output.

use serde_json::Value;

/// A whole protocol.
#[derive(Clone, Debug)]
pub struct Model {
    pub protocol: ProtocolInfo,
    pub scopes: Vec<Scope>,
    pub limits: Vec<Limit>,
    pub errors: Vec<ErrorDef>,
    /// Every type: those that the schema names, then those made of what stands inline in events and operations (an
    /// inline payload is named after its event: `send_message` → `SendMessage`).
    pub types: Vec<TypeDef>,
    pub connect: Connect,
    pub gateway: Gateway,
    /// One per file of events.
    pub domains: Vec<Domain>,
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
    pub deprecated: Option<Deprecated>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Deprecated {
    pub since: String,
    /// What to use instead.
    pub r#use: Option<String>,
    /// The version that will no longer have it.
    pub until: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ProtocolInfo {
    pub name: String,
    pub version: String,
    pub doc: Doc,
}

/// A kind of room.
#[derive(Clone, Debug)]
pub struct Scope {
    pub name: String,
    /// The payload's field that names the room.
    pub key: String,
    pub denied: ErrorId,
    pub doc: Doc,
}

/// A token bucket.
#[derive(Clone, Debug)]
pub struct Limit {
    pub name: String,
    pub per: Per,
    /// Tokens put back in `period_ms`.
    pub rate: u32,
    /// 1,000 for `/s`, 60,000 for `/m`.
    pub period_ms: u32,
    pub burst: u32,
    pub doc: Doc,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Per {
    User,
    Socket,
}

#[derive(Clone, Debug)]
pub struct ErrorDef {
    /// The name in the schema, snake_case; several names may share a code.
    pub name: String,
    pub code: String,
    pub message: String,
    /// The status of a REST answer.
    pub status: u16,
    pub retry: Retry,
    pub doc: Doc,
}

/// Whether trying again helps.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Retry {
    No,
    /// At any time.
    Yes,
    /// After `retryAfterMs`.
    After,
    /// With a new token.
    NewToken,
}

/// Indices into the model's tables.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TypeId(pub usize);
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ErrorId(pub usize);
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ScopeId(pub usize);
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LimitId(pub usize);

#[derive(Clone, Debug)]
pub struct TypeDef {
    /// PascalCase, as is.
    pub name: String,
    pub doc: Doc,
    pub shape: Shape,
    pub example: Option<Value>,
    /// Whether the schema names it, rather than it being made of something inline.
    pub named: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Object(Object),
    /// A string out of a list.
    Enum(Vec<String>),
    /// A name for a constrained value: a newtype in Rust.
    Alias(Kind),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    pub fields: Vec<Field>,
    pub rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// As on the wire.
    pub name: String,
    pub doc: Doc,
    /// Whether the key has to be there. Where it has not, `null` counts as absent.
    pub required: bool,
    pub ty: Type,
}

/// A type where it is used.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    pub kind: Kind,
    pub nullable: bool,
    /// Whether this use closes a cycle, so that Rust needs a `Box`.
    pub recursive: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Ref(TypeId),
    Text(Text),
    Integer(Bounds<i64>),
    Number(Bounds<f64>),
    Boolean,
    /// The items are a `Ref` or an unconstrained scalar: constrained and inline items have been given names.
    Array(Array),
    /// An object with any keys, and values of this type: a `Ref` or an unconstrained scalar.
    Map(Box<Type>),
    /// This string and no other.
    Const(String),
}

/// A string; lengths are in Unicode code points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
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

#[derive(Clone, Debug, PartialEq)]
pub struct Bounds<N> {
    pub minimum: Option<N>,
    pub maximum: Option<N>,
    pub exclusive_minimum: Option<N>,
    pub exclusive_maximum: Option<N>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub items: Box<Type>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
}

/// A rule across the fields of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub name: String,
    pub test: Test,
    /// The path of its violation, a JSON Pointer.
    pub path: String,
    pub message: String,
    /// The rule as the schema has it, for JSON Schema outputs.
    pub json_schema: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    /// The field is there and is not `null`.
    Present(String),
    /// The field passes; as in JSON Schema, an absent field does, and so does one of another type.
    Field(String, FieldTest),
}

#[derive(Clone, Debug, PartialEq)]
pub enum FieldTest {
    Pattern(Pattern),
    MinLength(u64),
    MaxLength(u64),
    MinItems(u64),
    MaxItems(u64),
    Minimum(f64),
    Maximum(f64),
    /// One of these; a scalar each.
    OneOf(Vec<Value>),
}

/// A file of events.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The file's stem, snake_case.
    pub name: String,
    pub doc: Doc,
    pub client: Vec<ClientEvent>,
    pub server: Vec<ServerEvent>,
}

#[derive(Clone, Debug)]
pub struct ClientEvent {
    /// snake_case, as on the wire.
    pub name: String,
    pub doc: Doc,
    pub payload: Option<TypeId>,
    pub scope: Option<ScopeId>,
    pub also: Vec<AlsoScope>,
    /// Done by the gateway: no handler.
    pub room: Option<RoomAction>,
    /// `None` where the schema says `unlimited`.
    pub limit: Option<LimitId>,
    pub emits: Vec<Emit>,
    pub ack: Ack,
    /// What its handler may answer.
    pub errors: Vec<ErrorId>,
    /// What a fault of the server's own is called.
    pub failure: String,
    pub example: Option<Value>,
}

/// A further membership that an event asks for.
#[derive(Clone, Debug)]
pub struct AlsoScope {
    /// The payload's field.
    pub key: String,
    pub scope: ScopeId,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RoomAction {
    Join,
    Leave,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Emit {
    /// The server event's name.
    pub event: String,
    /// The server event's payload.
    pub payload: Option<TypeId>,
    pub to: Target,
    /// Whether a handler may have no cause to emit it.
    pub optional: bool,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    Caller,
    Scope,
    Others,
    User,
    /// The room of the `also` at this index.
    Also(usize),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Ack {
    /// `data` is `null`.
    None,
    /// The same value as the `emits` at this index, which is not optional.
    Emitted(usize),
    Type(Type),
}

#[derive(Clone, Debug)]
pub struct ServerEvent {
    pub name: String,
    pub doc: Doc,
    pub payload: Option<TypeId>,
    /// The scope whose room gets it; `None` for what a single socket gets.
    pub scope: Option<ScopeId>,
    pub example: Option<Value>,
}

/// The handshake and what follows it.
#[derive(Clone, Debug)]
pub struct Connect {
    pub doc: Doc,
    pub emits: Vec<Emit>,
    pub errors: Vec<ErrorId>,
    pub failure: String,
}

/// What the gateway itself answers with.
#[derive(Clone, Debug)]
pub struct Gateway {
    /// The server event that carries a failure.
    pub error_event: String,
    /// The limit of events that the schema does not have; `None` for `unlimited`.
    pub unknown_limit: Option<LimitId>,
    pub token_missing: ErrorId,
    pub token_refused: ErrorId,
    pub token_expired: ErrorId,
    pub unknown_event: ErrorId,
    pub invalid_payload: ErrorId,
    pub rate_limited: ErrorId,
    pub internal: ErrorId,
    pub admin_only: ErrorId,
}

#[derive(Clone, Debug, Default)]
pub struct Http {
    pub operations: Vec<Operation>,
    /// The type of a failure's body.
    pub error_body: Option<TypeId>,
}

#[derive(Clone, Debug)]
pub struct Operation {
    /// snake_case.
    pub name: String,
    pub doc: Doc,
    pub method: Method,
    /// `/api/channels/{id}`.
    pub path: String,
    pub auth: Auth,
    pub limit: Option<LimitId>,
    pub scope: Option<ScopeId>,
    /// Path, query and body fields, put together to one object named after the operation; `None` where it has none.
    pub input: Option<TypeId>,
    /// Where each field of `input` is.
    pub places: Vec<(String, Place)>,
    /// The field of a `multipart/form-data` file.
    pub upload: Option<String>,
    pub success: Success,
    pub errors: Vec<ErrorId>,
    pub failure: String,
    pub example: Option<Value>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Auth {
    Public,
    User,
    Admin,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    Path,
    Query,
    Body,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Success {
    pub status: u16,
    pub body: SuccessBody,
    pub example: Option<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SuccessBody {
    /// JSON, in the member `envelope` of an object where there is one.
    Json {
        ty: Type,
        envelope: Option<String>,
    },
    /// Bytes of this media type (`*/*` where it varies).
    Raw(String),
    Empty,
}
