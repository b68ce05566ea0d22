//! One REST operation: what the schema declares of it, and the handler that it is bound to.
//!
//! An operation is an event that comes by another road: its path, query and body are put together to one JSON object,
//! which is validated, authorized and handled as an event's payload is.

use std::{future::Future, marker::PhantomData, pin::Pin};

use bytes::Bytes;
use http::HeaderMap;
pub use http::Method;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    error::{EventError, Refusal},
    event::{ScopeUse, decode},
    reply::{Encoded, encode},
    scope::{Also, Call, CallScope, Proofs},
    validate::{Path, Validate, Violations},
};

/// What the schema declares of one REST operation.
#[derive(Debug)]
pub struct OperationSpec {
    /// Its name in the schema.
    pub name: &'static str,
    /// The HTTP method.
    pub method: http::Method,
    /// The path, its parameters in braces: `/api/channels/{id}`.
    pub path: &'static str,
    /// Who may call it.
    pub auth: Auth,
    /// The limit that it draws on: an index into [`Protocol::limits`](crate::Protocol::limits).
    pub limit: Option<usize>,
    /// The memberships that are proven before its handler runs.
    pub scopes: &'static [ScopeUse],
    /// Its parameters in the path and the query. All else of its input is in the body.
    pub parameters: &'static [Parameter],
    /// What its request's body is.
    pub body: Body,
    /// The member of the answer's object that holds what the handler returns; `None` where it is the answer itself.
    pub envelope: Option<&'static str>,
    /// The status of success.
    pub status: u16,
    /// What a fault of the server's own is called.
    pub failure: &'static str,
}

/// Who may call an operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Auth {
    /// Anybody, without a token.
    Public,
    /// Whoever has a valid token.
    User,
    /// Whoever has a valid token that marks an administrator.
    Admin,
}

/// A parameter in the path or the query of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether it is in the path rather than in the query.
    pub in_path: bool,
    /// What its text is read as before it is validated.
    pub kind: ParameterKind,
}

/// What the text of a parameter is read as. Text that is not of its kind stays text, and fails validation as such.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ParameterKind {
    /// As it stands.
    Text,
    /// A JSON number.
    Number,
    /// `true` or `false`.
    Boolean,
}

/// What the body of an operation's request is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Body {
    /// Nothing: a body is ignored.
    None,
    /// A JSON object.
    Json,
    /// `multipart/form-data` (RFC 7578) with a file in this field.
    Multipart {
        /// The field's name.
        field: &'static str,
    },
}

/// A file that a request carries, read as it arrives.
pub struct Upload {
    /// The name that the client gives it, as sent.
    pub file_name: Option<String>,
    /// The media type that the client gives it, as sent.
    pub content_type: Option<String>,
    field: multer::Field<'static>,
}

/// The request's body ended early or is not well-formed.
#[derive(Debug, thiserror::Error)]
#[error("the upload broke off: {0}")]
pub struct UploadBrokeOff(#[from] multer::Error);

/// What is said of a file whose request's body ended early or is not well-formed.
pub const BROKE_OFF: &str = "broke off, or is not well-formed";

impl Upload {
    pub(crate) fn new(field: multer::Field<'static>) -> Self {
        Upload {
            file_name: field.file_name().map(str::to_owned),
            content_type: field
                .headers()
                .get(http::header::CONTENT_TYPE)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned),
            field,
        }
    }

    /// The next piece of the file; `None` at its end.
    ///
    /// # Errors
    /// If the request's body ends early or is not well-formed.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, UploadBrokeOff> {
        Ok(self.field.chunk().await?)
    }
}

/// What a raw operation answers with.
#[derive(Debug)]
pub struct Download {
    /// The headers, `Content-Type` among them.
    pub headers: HeaderMap,
    /// The bytes.
    pub body: axum::body::Body,
}

/// What an operation's handler has answered.
#[derive(Debug)]
pub enum Answer {
    /// JSON, to be put in the operation's envelope.
    Json(Encoded),
    /// Anything else, as it stands.
    Raw(Download),
}

/// One REST operation, bound to what carries it out. Generated code makes these.
pub struct Operation {
    /// What the schema declares of the operation.
    pub spec: &'static OperationSpec,
    /// The operation's handler.
    pub handler: Box<dyn OperationHandler>,
}

/// What an operation's handler gets.
pub struct Request<S: CallScope, A: Also, P> {
    /// Who is calling, authorized; `None` for a public operation.
    pub call: Option<Call<S, A>>,
    /// Path, query and body, put together.
    pub input: P,
    /// The file, for a multipart operation.
    pub upload: Option<Upload>,
}

impl<S: CallScope, A: Also, P> Request<S, A, P> {
    /// The authorized call.
    ///
    /// # Panics
    /// For a public operation, which generated code does not bring about.
    pub fn call(&mut self) -> Call<S, A> {
        self.call.take().expect("an operation that is not public is called by somebody")
    }

    /// The file.
    ///
    /// # Panics
    /// If the operation is not multipart, which generated code does not bring about.
    pub fn upload(&mut self) -> Upload {
        self.upload.take().expect("a multipart operation carries a file")
    }
}

impl Operation {
    /// An operation that answers with JSON.
    pub fn json<S, A, P, R, E, F, Fut>(spec: &'static OperationSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        R: Serialize + Send + 'static,
        E: EventError + 'static,
        F: Fn(Request<S, A, P>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<R, E>> + Send + 'static,
    {
        let answer = |reply: R| encode(&reply).map(Answer::Json);
        Operation { spec, handler: Box::new(Typed { handler, answer, types: PhantomData }) }
    }

    /// An operation that answers with bytes of its own.
    pub fn raw<S, A, P, E, F, Fut>(spec: &'static OperationSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        E: EventError + 'static,
        F: Fn(Request<S, A, P>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Download, E>> + Send + 'static,
    {
        let answer = |download: Download| Ok(Answer::Raw(download));
        Operation { spec, handler: Box::new(Typed { handler, answer, types: PhantomData }) }
    }

    /// An operation that answers with nothing but its status.
    pub fn empty<S, A, P, E, F, Fut>(spec: &'static OperationSpec, handler: F) -> Self
    where
        S: CallScope + 'static,
        A: Also + 'static,
        P: Validate + DeserializeOwned + Send + 'static,
        E: EventError + 'static,
        F: Fn(Request<S, A, P>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
    {
        let answer = |()| Ok(Answer::Raw(Download { headers: HeaderMap::new(), body: axum::body::Body::empty() }));
        Operation { spec, handler: Box::new(Typed { handler, answer, types: PhantomData }) }
    }
}

/// An operation's handler, its types erased.
pub trait OperationHandler: Send + Sync {
    /// Checks an input against the operation's declared type.
    fn validate(&self, input: &Value, violations: &mut Violations);

    /// Carries out a valid, authorized request; `proofs` is `None` for a public operation.
    fn call(&self, proofs: Option<Proofs>, input: Value, upload: Option<Upload>) -> Answering;
}

/// An operation's answer, in the making.
pub type Answering = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + Send>>;

struct Typed<F, G, T> {
    handler: F,
    answer: G,
    types: PhantomData<fn() -> T>,
}

impl<S, A, P, R, E, F, Fut, G> OperationHandler for Typed<F, G, (S, A, P, R, E)>
where
    S: CallScope + 'static,
    A: Also + 'static,
    P: Validate + DeserializeOwned + Send + 'static,
    R: Send + 'static,
    E: EventError + 'static,
    F: Fn(Request<S, A, P>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, E>> + Send + 'static,
    G: Fn(R) -> Result<Answer, serde_json::Error> + Copy + Send + Sync + 'static,
{
    fn validate(&self, input: &Value, violations: &mut Violations) {
        P::validate(input, Path::Root, violations);
    }

    fn call(&self, proofs: Option<Proofs>, input: Value, upload: Option<Upload>) -> Answering {
        let answer = self.answer;
        let running = decode(input).map(|input| {
            (self.handler)(Request { call: proofs.map(|mut proofs| Call::new(&mut proofs)), input, upload })
        });
        Box::pin(async move {
            let reply = running?.await.map_err(EventError::refusal)?;
            answer(reply).map_err(|error| Refusal::Fault(error.into()))
        })
    }
}
