//! Strings that are easily written like numbers, for which quotes are not the remedy.

use std::{borrow::Cow, ops::Deref};

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{Context, Decode, Node, NodeKind, Text};
use crate::diagnostic::Diagnostic;

macro_rules! texts {
    ($( $(#[doc = $doc:literal])* $name:ident: $expected:literal, $help:literal; )*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $name(Text);

        impl Deref for $name {
            type Target = Text;

            fn deref(&self) -> &Text {
                &self.0
            }
        }

        impl Decode for $name {
            fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
                if matches!(node.kind, NodeKind::Integer(_) | NodeKind::Float(_)) {
                    let found = node.describe();
                    let diagnostic = Diagnostic::new("wrong-kind", format!("expected {}, found {found}", $expected));
                    cx.report(diagnostic.at(node.span, format!("this is {found}")).help($help));
                    return None;
                }
                Text::decode(node, cx).map($name)
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                String::json_schema(generator)
            }
        }
    )*};
}

texts! {
    /// A version, according to Semantic Versioning.
    Version: "a version", "write all three numbers of it: `1.0.0`";
    /// A number of tokens for each second or minute.
    Rate: "a rate", "say for which time it is: `20/s` is 20 a second, `300/m` is 300 a minute";
    /// A span of time.
    Duration: "a time", "write its unit: `7d` is seven days, `10m` is ten minutes";
}
