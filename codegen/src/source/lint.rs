//! What `accord lint` makes of a schema, as the schema writes it.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};

use super::{Context, Decode, Named, Node, NodeKind, Text};
use crate::{record, words};

record! {
    /// What `accord lint` makes of the schema.
    pub struct LintSchema {
        /// The rules that have another level here, by their ids.
        optional levels: Named<LevelSchema>,
        /// What is left as it is.
        optional except: Vec<ExceptionSchema>,
    }
}

record! {
    /// Another level of a rule.
    pub struct LevelSchema {
        /// How much a finding of the rule weighs.
        required level: LevelWord,
        /// A sentence that says why.
        required reason: Text,
    }
}

words! {
    /// How much a finding of a rule weighs.
    pub enum LevelWord {
        /// The rule is not asked.
        Off = "off",
        /// Worth a thought.
        Advice = "advice",
        /// To be mended, or excepted with a reason.
        Warning = "warning",
        /// `accord lint` fails.
        Error = "error",
    }
}

record! {
    /// What is left as it is, though a rule finds fault with it.
    pub struct ExceptionSchema {
        /// The rule's id.
        required rule: Text,
        /// Where, with all that is in it: the name of an event, a type, an error, a limit, a scope or an operation,
        /// `protocol`, `connect`, `disconnect` or `gateway`, and the fields on the way (`send_message.content`). Several make a list.
        required at: PlacesSchema,
        /// A sentence that says why.
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
