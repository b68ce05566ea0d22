//! Numbers, as a schema writes them.

use std::borrow::Cow;

use schemars::{JsonSchema, SchemaGenerator, json_schema};

use super::{Context, Decode, Node, NodeKind};

/// A number, kept apart by how it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// `1`
    Integer(i64),
    /// `1.5`
    Float(f64),
}

impl Number {
    /// The number.
    #[expect(clippy::cast_precision_loss, reason = "bounds of numbers are within 2^53 or are meant to be approximate")]
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Integer(integer) => integer as f64,
            Number::Float(float) => float,
        }
    }
}

impl Decode for Number {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        match node.kind {
            NodeKind::Integer(integer) => Some(Number::Integer(integer)),
            NodeKind::Float(float) => Some(Number::Float(float)),
            _ => {
                cx.wrong_kind(node, "a number");
                None
            }
        }
    }
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Number".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> schemars::Schema {
        json_schema!({ "type": "number" })
    }
}
