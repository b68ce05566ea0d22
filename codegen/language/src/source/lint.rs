//! The settings of `accord lint`, as a schema writes them.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};

use super::{Context, Decode, Named, Node, NodeKind, Text};
use crate::{record, words};

record! {
    /// The settings of `accord lint` for the schema.
    pub struct LintSchema {
        /// The rules with another level here, by their ids.
        optional levels: Named<LevelSchema>,
        /// The exceptions.
        optional except: Vec<ExceptionSchema>,
    }
}

record! {
    /// Another level of a rule.
    pub struct LevelSchema {
        /// The level of the rule's findings.
        required level: LevelWord,
        /// A sentence that gives the reason.
        required reason: Text,
    }
}

words! {
    /// The level of a rule's findings.
    pub enum LevelWord {
        /// The rule is off.
        Off = "off",
        /// Advice, worth considering.
        Advice = "advice",
        /// A warning: fix it, or make an exception with a reason.
        Warning = "warning",
        /// `accord lint` fails.
        Error = "error",
    }
}

record! {
    /// An exception from a rule.
    pub struct ExceptionSchema {
        /// The rule's id.
        required rule: Text,
        /// The place of the exception, including everything inside it: the name of an event, a type, an error, a limit,
        /// a scope or an operation, `protocol`, `connect`, `disconnect` or `gateway`, and the fields on the way
        /// (`send_message.content`). Several make a list.
        required at: PlacesSchema,
        /// A sentence that gives the reason.
        required reason: Text,
    }
}

/// One place, or a list of them.
#[derive(Clone, Debug)]
pub struct PlacesSchema(pub Vec<Text>);

impl Decode for PlacesSchema {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match node.kind {
            NodeKind::Sequence(_) => Vec::decode(node, cx).map(PlacesSchema),
            _ => Text::decode(node, cx).map(|place| PlacesSchema(vec![place])),
        }
    }
}

impl JsonSchema for PlacesSchema {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "PlacesSchema".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> schemars::Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
    }
}
