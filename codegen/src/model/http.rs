//! REST operations.

use serde_json::Value;

use super::{Doc, ErrorId, LimitId, ScopeId, Type, TypeId};

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
    /// The file that comes in a `multipart/form-data` body.
    pub upload: Option<Upload>,
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

/// A file that comes with a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Upload {
    /// The field of the body that holds it.
    pub field: String,
    /// The media types that it may have.
    pub media: Vec<String>,
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
