//! Events, as a schema writes them.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};

use super::{
    Any, Context, Decode, Named, Node, NodeKind, Spanned, Text,
    schema::{DeprecatedSchema, TypeSchema},
};
use crate::{record, words};

record! {
    /// An event that clients send.
    pub struct ClientSchema {
        /// One sentence that says what it does.
        required summary: Text,
        /// Further paragraphs, Markdown.
        optional description: Text,
        /// The scope of its room. Membership is proven before the handler runs.
        optional scope: Text,
        /// Memberships that it requires in addition to its scope's, or without a scope: the payload's field, and the
        /// scope of the room that it names.
        optional also: Named<Text>,
        /// Makes the gateway join or leave the scope's room itself, without a handler.
        optional room: Spanned<RoomSchema>,
        /// The payload's field with a new token: the gateway renews the connection with it, so that it outlives the
        /// previous token, without a handler.
        optional renews: Text,
        /// The limit that it draws on: a name under `limits`, or `unlimited`.
        required limit: Text,
        /// Its payload.
        optional payload: TypeSchema,
        /// The server events that it leads to, and their receivers.
        optional emits: Named<EmitSchema>,
        /// The data of its acknowledgement: the name of one of the emitted events, for the same value, or a type. Empty
        /// if left out.
        optional ack: AckSchema,
        /// The errors that its handler may answer with, by their names under `errors`. The gateway's `invalid_payload`
        /// is one of them if the handler checks what types cannot express.
        optional errors: Vec<Text>,
        /// The message of an internal error: `Failed to send message`.
        required failure: Text,
        /// The protocol version that introduced it.
        optional since: Text,
        /// Marks it as deprecated.
        optional deprecated: DeprecatedSchema,
        /// A payload, for documentation, mocks and tests. It is checked against the payload's type.
        optional example: Any,
    }
}

impl ClientSchema {
    /// Returns whether business logic carries it out, and not the gateway itself.
    pub(crate) fn has_handler(&self) -> bool {
        self.room.is_absent() && self.renews.is_absent()
    }

    /// Returns whether it certainly carries nothing.
    pub(crate) fn has_no_payload(&self) -> bool {
        self.payload.is_absent() && !self.has_other_keys
    }
}

words! {
    /// The gateway's action on the scope's room.
    pub enum RoomSchema {
        /// The socket joins it.
        Join = "join",
        /// The socket leaves it.
        Leave = "leave",
    }
}

/// The receivers of an event, as a schema writes them: `scope`, or `{ to: scope, optional: true }`.
#[derive(Clone, Debug)]
pub struct EmitSchema {
    /// The receivers.
    pub to: Option<Text>,
    /// `true` if a handler may have no cause to emit it.
    pub optional: bool,
}

record! {
    /// The receivers of an event, and whether it is optional.
    pub struct EmitOptionsSchema {
        /// `caller`, `scope` (its room), `others` (in that room), `user` (all sockets of the caller), or a key under `also` (the room that it names).
        required to: Text,
        /// `true` if the handler may leave it out.
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
            "description": "The receivers of an event: `caller`, `scope` (its room), `others` (in that room), `user` \
                            (all sockets of the caller), or a key under `also` (the room that it names).",
            "anyOf": [
                { "type": "string", "examples": ["caller", "scope", "others", "user"] },
                generator.subschema_for::<EmitOptionsSchema>(),
            ],
        })
    }
}

/// The content of an acknowledgement.
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
        /// The scope of the room that receives it. Left out if a single socket or user receives it.
        optional scope: Text,
        /// Its payload.
        optional payload: TypeSchema,
        /// The protocol version that introduced it.
        optional since: Text,
        /// Marks it as deprecated.
        optional deprecated: DeprecatedSchema,
        /// A payload, for documentation, mocks and tests. It is checked against the payload's type.
        optional example: Any,
    }
}

impl ServerSchema {
    /// Returns whether it certainly carries nothing.
    pub(crate) fn has_no_payload(&self) -> bool {
        self.payload.is_absent() && !self.has_other_keys
    }
}
