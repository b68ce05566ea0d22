//! REST operations, as a schema writes them.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};

use super::{
    Any, Context, Decode, Named, Node, NodeKind, Text,
    emits::EmitSchema,
    rules::RuleSchema,
    schema::{DeprecatedSchema, TypeSchema},
    texts::Version,
};
use crate::{diagnostic::Diagnostic, record, words};

record! {
    /// The REST operations.
    pub struct HttpSchema {
        /// The key under which every JSON answer is wrapped in an object.
        optional envelope: Text,
        /// The type of a failure's body: a name under `types`.
        optional error_body: Text,
        /// The operations, by name in snake_case.
        optional operations: Named<OperationSchema>,
    }
}

record! {
    /// A REST operation: one of `get`, `post`, `put`, `patch` and `delete` with its path, and its other keys.
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
        /// The callers who may use it; defaults to `user`.
        optional auth: AuthSchema,
        /// The scope of its room. Membership is proven before the handler runs.
        optional scope: Text,
        /// The limit that it draws on: a name under `limits`.
        optional limit: Text,
        /// The types of the path's parameters.
        optional path: Named<TypeSchema>,
        /// The query's parameters.
        optional query: InputSchema,
        /// The fields of the JSON body.
        optional body: InputSchema,
        /// The file that comes in a `multipart/form-data` body.
        optional upload: UploadSchema,
        /// The server events that it leads to, and their receivers. A GET has none.
        optional emits: Named<EmitSchema>,
        /// The answer: its status, and its type or `{ media: TYPE }`; empty for no body.
        required response: Named<ResponseSchema>,
        /// Fields that a JSON answer may have next to the envelope's, all of them or none: `nextCursor`, if the list
        /// under `data` is a page.
        optional beside: Named<TypeSchema>,
        /// The errors that its handler can return, by their names under `errors`. The gateway's `invalid_payload` is
        /// one of them if the handler checks what types cannot express.
        optional errors: Vec<Text>,
        /// The message of an internal error: `Failed to load messages`.
        required failure: Text,
        /// The protocol version that introduced it.
        optional since: Version,
        /// Marks it as deprecated.
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
        /// The required fields.
        optional required: Vec<Text>,
        /// Rules across the fields, by name.
        optional rules: Named<RuleSchema>,
    }
}

record! {
    /// A file that comes with a request.
    pub struct UploadSchema {
        /// The field of the body that holds it.
        required field: Text,
        /// The media types that it may have: `image/png`; `*/*` for any. Its handler enforces them.
        required media: Vec<Text>,
    }
}

words! {
    /// The callers who may use an operation.
    pub enum AuthSchema {
        /// Anybody, without a token.
        Public = "public",
        /// Users with a token.
        User = "user",
        /// Users with an administrator's token.
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
                let diagnostic = Diagnostic::new("empty-type", "the answer's type is empty")
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
