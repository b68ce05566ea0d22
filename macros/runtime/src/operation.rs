//! The declaration of a REST operation, and its uploads and downloads.

use std::{error::Error, fmt, ops::Range, pin::Pin};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::HeaderMap;
pub use http::Method;
use http_body_util::{BodyExt, Empty, combinators::UnsyncBoxBody};

use crate::event::ScopeUse;

/// The schema's declaration of one REST operation.
#[derive(Debug)]
pub struct OperationSpec {
    /// Its name in the schema.
    pub name: &'static str,
    /// The HTTP method.
    pub method: http::Method,
    /// The path, its parameters in braces: `/api/channels/{id}`.
    pub path: &'static str,
    /// The callers that it accepts.
    pub auth: Auth,
    /// The limit that it draws on: an index into [`Protocol::limits`](crate::Protocol::limits).
    pub limit: Option<usize>,
    /// The memberships that are proven before its handler runs.
    pub scopes: &'static [ScopeUse],
    /// Further rooms that it emits to, of which its callers need not be members. Targets count them after `scopes`.
    pub rooms: &'static [ScopeUse],
    /// Whether entries of rooms' logs follow from it.
    pub durable: bool,
    /// Its parameters in the path and the query. The rest of its input is in the body.
    pub parameters: &'static [Parameter],
    /// The kind of its request's body.
    pub body: Body,
    /// The member of the answer's object that holds what the handler returns; `None` where it is the answer itself.
    pub envelope: Option<&'static str>,
    /// The status of success.
    pub status: u16,
    /// The message of an internal error.
    pub failure: &'static str,
}

/// The callers that an operation accepts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Auth {
    /// Anybody, without a token.
    Public,
    /// Any user with a valid token.
    User,
    /// Any user with a valid token of an administrator.
    Admin,
}

/// A parameter in the path or the query of an operation.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether it is in the path rather than in the query.
    pub in_path: bool,
    /// The type to which its text is converted before validation.
    pub kind: ParameterKind,
}

/// The type of a parameter. Text that cannot be converted to it stays text, and fails validation as such.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ParameterKind {
    /// The text itself.
    Text,
    /// A JSON number.
    Number,
    /// `true` or `false`.
    Boolean,
}

/// The body of an operation's request.
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
    pieces: Pin<Box<dyn Stream<Item = Result<Bytes, UploadBrokeOff>> + Send>>,
}

/// An error of a stream of bytes.
pub type BodyError = Box<dyn Error + Send + Sync>;

/// The request's body ended early or is not well-formed.
#[derive(Debug, thiserror::Error)]
#[error("the upload broke off: {0}")]
pub struct UploadBrokeOff(#[source] BodyError);

/// The message for a file whose request body ended early or is malformed.
pub const BROKE_OFF: &str = "broke off, or is not well-formed";

impl Upload {
    /// A file that arrives in `pieces`.
    pub fn new<E: Into<BodyError>>(
        file_name: Option<String>,
        content_type: Option<String>,
        pieces: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
    ) -> Self {
        let pieces = pieces.map(|piece| piece.map_err(|error| UploadBrokeOff(error.into())));
        Upload { file_name, content_type, pieces: Box::pin(pieces) }
    }

    /// The next piece of the file; `None` at its end.
    ///
    /// # Errors
    /// If the request's body ends early or is not well-formed.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, UploadBrokeOff> {
        self.pieces.next().await.transpose()
    }
}

/// The answer of a raw operation.
#[derive(Debug)]
pub struct Download {
    /// The headers, including `Content-Type`. With an `ETag`, the body is not sent again to clients that have it.
    pub headers: HeaderMap,
    /// The bytes.
    pub content: Content,
}

/// Bytes on their way to a client.
pub type BytesBody = UnsyncBoxBody<Bytes, BodyError>;

/// The bytes of a raw operation's answer.
pub enum Content {
    /// All bytes, as they are produced.
    Whole(BytesBody),
    /// A file, of which clients may ask for a part.
    File {
        /// Its size in bytes.
        size: u64,
        /// Reads a part of it.
        read: Box<dyn FnOnce(Range<u64>) -> BytesBody + Send>,
    },
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Content::Whole(_) => f.write_str("Whole"),
            Content::File { size, .. } => f.debug_struct("File").field("size", size).finish_non_exhaustive(),
        }
    }
}

impl Download {
    /// An answer with this body.
    pub fn new<B>(headers: HeaderMap, body: B) -> Self
    where
        B: http_body::Body<Data = Bytes, Error: Into<BodyError>> + Send + 'static,
    {
        Download { headers, content: Content::Whole(body.map_err(Into::into).boxed_unsync()) }
    }

    /// A file of this size, of which `read` reads a part.
    pub fn file<B>(headers: HeaderMap, size: u64, read: impl FnOnce(Range<u64>) -> B + Send + 'static) -> Self
    where
        B: http_body::Body<Data = Bytes, Error: Into<BodyError>> + Send + 'static,
    {
        let read = Box::new(move |range| read(range).map_err(Into::into).boxed_unsync());
        Download { headers, content: Content::File { size, read } }
    }

    /// No bytes.
    pub(crate) fn nothing() -> Self {
        Download::new(HeaderMap::new(), Empty::new())
    }
}
