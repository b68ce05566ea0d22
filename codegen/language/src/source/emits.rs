//! The receivers of events, as a schema writes them.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};

use super::{Context, Decode, Node, NodeKind, Slot, Text};
use crate::{
    diagnostic::{Diagnostic, Span},
    record,
};

/// The receivers of an event: `scope`, `[scope, { user: userId }]`, or `{ to: scope, optional: true }`.
#[derive(Clone, Debug)]
pub struct EmitSchema {
    /// The receivers; `None` where they have been reported.
    pub to: Option<Vec<TargetSchema>>,
    /// `true` if a handler may have no cause to emit it.
    pub optional: bool,
    /// `true` if a handler may emit it several times, or not at all.
    pub many: bool,
    /// Its place in the file.
    pub span: Span,
}

/// Receivers of an event.
#[derive(Clone, Debug)]
pub enum TargetSchema {
    /// `caller`, `scope`, `others`, `user`, or a key under `also`.
    Word(Text),
    /// `{ user: KEY }`: the user whose id is in this field.
    User(Text),
    /// `{ room: KEY }`: the room whose id is in this field.
    Room(Text),
}

impl TargetSchema {
    /// Its text: a keyword, or the name of a field.
    pub fn text(&self) -> &Text {
        match self {
            TargetSchema::Word(text) | TargetSchema::User(text) | TargetSchema::Room(text) => text,
        }
    }
}

record! {
    /// The receivers of an event, and whether it is optional.
    pub struct EmitOptionsSchema {
        /// The receivers: one, or a list.
        optional to: TargetsSchema,
        /// Every socket of the user whose id is in this field of the payload or input.
        optional user: Text,
        /// The room of the event's scope whose id is in this field of the operation's input. The caller need not be a
        /// member.
        optional room: Text,
        /// `true` if the handler may leave it out.
        optional optional: bool,
        /// `true` if the handler may emit it any number of times.
        optional many: bool,
    }
}

record! {
    /// Receivers that a field of the payload or input names.
    pub struct NamedTargetSchema {
        /// Every socket of the user whose id is in this field of the payload or input.
        optional user: Text,
        /// The room of the event's scope whose id is in this field of the operation's input. The caller need not be a
        /// member.
        optional room: Text,
    }
}

/// One receiver, or a list of them.
#[derive(Clone, Debug)]
pub struct TargetsSchema(pub Vec<TargetSchema>);

impl Decode for EmitSchema {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let (to, optional, many) = match node.kind {
            NodeKind::Mapping(_) => {
                let options = EmitOptionsSchema::decode(node, cx)?;
                let keys = [
                    ("to", listed(options.to, |targets| targets.0)),
                    ("user", listed(options.user, |key| vec![TargetSchema::User(key)])),
                    ("room", listed(options.room, |key| vec![TargetSchema::Room(key)])),
                ];
                let optional = options.optional.get().copied().unwrap_or_default();
                let many = options.many.get().copied().unwrap_or_default();
                (only_one(node, keys, options.has_other_keys, cx), optional, many)
            }
            _ => (Some(TargetsSchema::decode(node, cx)?.0), false, false),
        };
        Some(EmitSchema { to, optional, many, span: node.span })
    }
}

impl Decode for TargetsSchema {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            NodeKind::Sequence(items) if items.is_empty() => {
                let diagnostic = Diagnostic::new("empty-list", "nobody receives the event").at(node.span, "empty");
                cx.report(diagnostic.help("name its receivers, or leave the event out of `emits`"));
                None
            }
            NodeKind::Sequence(_) => Vec::decode(node, cx).map(TargetsSchema),
            _ => TargetSchema::decode(node, cx).map(|target| TargetsSchema(vec![target])),
        }
    }
}

impl Decode for TargetSchema {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        let NodeKind::Mapping(_) = node.kind else { return Text::decode(node, cx).map(TargetSchema::Word) };
        let named = NamedTargetSchema::decode(node, cx)?;
        let keys = [("user", listed(named.user, TargetSchema::User)), ("room", listed(named.room, TargetSchema::Room))];
        only_one(node, keys, named.has_other_keys, cx)
    }
}

fn listed<T, U>(slot: Slot<T>, targets: impl FnOnce(T) -> U) -> Slot<U> {
    match slot {
        Slot::Is(value) => Slot::Is(targets(value)),
        Slot::Broken => Slot::Broken,
        Slot::Absent => Slot::Absent,
    }
}

/// The value of the only one of `keys` that is present.
fn only_one<T, const N: usize>(
    node: &Node,
    keys: [(&'static str, Slot<T>); N],
    has_other_keys: bool,
    cx: &mut Context,
) -> Option<T> {
    let known = keys.each_ref().map(|(key, _)| *key);
    let mut there = keys.into_iter().filter(|(_, slot)| !slot.is_absent());
    let diagnostic = match (there.next(), there.next()) {
        (Some((_, slot)), None) => return slot.into_option(),
        (None, _) if has_other_keys => return None,
        (None, _) => Diagnostic::new("missing-key", format!("the key `{}` is missing", known[0]))
            .at(node.span, format!("needs one of `{}`", known.join("`, `"))),
        (Some((first, _)), Some((second, _))) => {
            Diagnostic::new("several-receivers", format!("`{first}` and `{second}` are one receiver each"))
                .at(node.span, "one of them is enough here")
        }
    };
    cx.report(diagnostic.help("to name several receivers, list them: `[scope, { user: userId }]`"));
    None
}

impl JsonSchema for EmitSchema {
    fn schema_name() -> Cow<'static, str> {
        "EmitSchema".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        json_schema!({
            "description": "The receivers of an event: one, a list of them, or options. Options are `to` (the \
                            receivers), or `user` or `room` (a field that names them), `optional` and `many`.",
            "anyOf": [
                generator.subschema_for::<TargetsSchema>(),
                generator.subschema_for::<EmitOptionsSchema>(),
            ],
        })
    }
}

impl JsonSchema for TargetsSchema {
    fn schema_name() -> Cow<'static, str> {
        "TargetsSchema".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        let target = generator.subschema_for::<TargetSchema>();
        json_schema!({
            "description": "One receiver, or a list of them.",
            "anyOf": [target, { "type": "array", "minItems": 1, "items": target }],
        })
    }
}

impl JsonSchema for TargetSchema {
    fn schema_name() -> Cow<'static, str> {
        "TargetSchema".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> schemars::Schema {
        json_schema!({
            "description": "`caller`, `scope` (its room), `others` (in that room), `user` (all sockets of the caller), a \
                            key under `also` (the room that it names), `{ user: KEY }` (all sockets of the user whose \
                            id is in that field), or `{ room: KEY }` (the room whose id is in that field).",
            "anyOf": [
                { "type": "string", "examples": ["caller", "scope", "others", "user"] },
                generator.subschema_for::<NamedTargetSchema>(),
            ],
        })
    }
}
