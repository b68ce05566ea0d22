//! Events, as a schema writes them.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};

use super::{
    Any, Context, Decode, Named, Node, NodeKind, Spanned, Text,
    emits::EmitSchema,
    schema::{DeprecatedSchema, TypeSchema},
    texts::Version,
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
        /// The payload's field with an id that the client chooses: a repetition with the same id gets the same answer,
        /// and has no further effect.
        optional idempotent: Text,
        /// The limit that it draws on: a name under `limits`, or `unlimited`.
        required limit: Text,
        /// Its payload.
        optional payload: TypeSchema,
        /// The server events that it leads to, and their receivers.
        optional emits: Named<EmitSchema>,
        /// The data of its acknowledgement: the name of one of the emitted events, for the same value, or a type. Empty
        /// if left out.
        optional ack: AckSchema,
        /// The errors that its handler can return, by their names under `errors`. The gateway's `invalid_payload` is
        /// one of them if the handler checks what types cannot express.
        optional errors: Vec<Text>,
        /// The message of an internal error: `Failed to send message`.
        required failure: Text,
        /// The protocol version that introduced it.
        optional since: Version,
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

    /// Returns whether it certainly has no payload.
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
        /// `true` if the log of the room does not keep it: a client that is not connected never receives it.
        optional volatile: Spanned<bool>,
        /// The users whose sockets leave the room before the event, and do not receive it: `former_members`, or the
        /// payload's field that holds a user's id.
        optional evicts: Text,
        /// Business logic may also emit it outside of a call, to the room or to a user.
        optional anytime: Spanned<AnytimeSchema>,
        /// Its payload.
        optional payload: TypeSchema,
        /// The protocol version that introduced it.
        optional since: Version,
        /// Marks it as deprecated.
        optional deprecated: DeprecatedSchema,
        /// A payload, for documentation, mocks and tests. It is checked against the payload's type.
        optional example: Any,
    }
}

words! {
    /// The receivers of an event that is emitted outside of a call.
    pub enum AnytimeSchema {
        /// A room of its scope.
        Scope = "scope",
        /// Every socket of a user.
        User = "user",
    }
}

impl ServerSchema {
    /// Returns whether it certainly has no payload.
    pub(crate) fn has_no_payload(&self) -> bool {
        self.payload.is_absent() && !self.has_other_keys
    }
}
