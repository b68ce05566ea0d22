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
        /// The scope of the room that it has to do with. Membership is proven before the handler runs.
        optional scope: Text,
        /// Memberships that it asks for besides that of its scope, or instead of one: the payload's field, and the scope of
        /// the room that it names.
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
        /// The errors that its handler may answer with, by their names under `errors`. The gateway's `invalid_payload` is
        /// one of them where the handler checks what types cannot say.
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
