//! REST operations.

use serde_json::Value;

use super::{AlsoScope, Doc, Emit, ErrorId, LimitId, Place, ScopeId, Type, TypeId};

/// The REST operations.
#[derive(Clone, Debug, Default)]
pub struct Http {
    /// In the order of the schema.
    pub operations: Vec<Operation>,
    /// The type of a failure's body.
    pub error_body: Option<TypeId>,
    /// Its place in the schema.
    pub place: Place,
}

/// A REST operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// snake_case.
    pub name: String,
    /// Its documentation.
    pub doc: Doc,
    /// Its method.
    pub method: Method,
    /// `/api/channels/{id}`.
    pub path: String,
    /// The callers that are allowed.
    pub auth: Auth,
    /// The limit that it draws on.
    pub limit: Option<LimitId>,
    /// The scope of its room. Membership is proven before the handler runs.
    pub scope: Option<ScopeId>,
    /// Further rooms that it emits to. The caller need not be a member.
    pub rooms: Vec<AlsoScope>,
    /// The server events that it leads to.
    pub emits: Vec<Emit>,
    /// `true` if it leads to an entry of a room's log.
    pub durable: bool,
    /// Path, query and body fields, combined into one object named after the operation; `None` if it has none.
    pub input: Option<TypeId>,
    /// The part of a request that each field of `input` is in.
    pub parts: Vec<(String, Part)>,
    /// The file that comes in a `multipart/form-data` body.
    pub upload: Option<Upload>,
    /// The answer of a success.
    pub success: Success,
    /// The errors that its handler can return.
    pub errors: Vec<ErrorId>,
    /// The message of an internal error.
    pub failure: String,
    /// A valid value.
    pub example: Option<Value>,
    /// Its place in the schema.
    pub place: Place,
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

impl Method {
    /// Its name: `GET`.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// The callers who may use an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Auth {
    /// Anybody, without a token.
    Public,
    /// Users with a token.
    User,
    /// Users with an administrator's token.
    Admin,
}

/// A part of a request that has fields.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// The path.
    Path,
    /// The query.
    Query,
    /// The JSON body.
    Body,
}

impl Part {
    /// Its name: `path`, `query`, `body`.
    pub fn name(self) -> &'static str {
        match self {
            Part::Path => "path",
            Part::Query => "query",
            Part::Body => "body",
        }
    }
}

/// A file that comes with a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Upload {
    /// The field of the body that holds it.
    pub field: String,
    /// The media types that it may have.
    pub media: Vec<String>,
    /// Its place in the schema.
    pub place: Place,
}

/// The answer of a success.
#[derive(Clone, Debug, PartialEq)]
pub struct Success {
    /// Its HTTP status.
    pub status: u16,
    /// Its payload.
    pub body: SuccessBody,
    /// An object with the fields that the answer may have next to the envelope's: all of them or none.
    pub beside: Option<TypeId>,
    /// A valid value.
    pub example: Option<Value>,
    /// Its place in the schema.
    pub place: Place,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum SuccessBody {
    /// JSON, in the member `envelope` of an object where there is one.
    Json {
        /// The type of the value.
        ty: Type,
        /// The member of an object that it is put into.
        envelope: Option<String>,
    },
    /// Bytes of this media type (`*/*` where it varies).
    Raw(String),
    /// Nothing.
    Empty,
}
