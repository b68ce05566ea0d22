//! Templates and patterns as parts of a document: mistakes in them are found when it is read.

use std::borrow::Cow;

use accord_language::{
    diagnostic::{Diagnostic, instead},
    source::{Context, Decode, Node, NodeKind},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::{Kind, matching, template};

/// A value to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(pub Value);

/// A pattern for a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern(pub Value);

impl Decode for Template {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        check(node, cx, false);
        Some(Template(node.to_json()))
    }
}

impl Decode for Pattern {
    fn decode(node: &Node, cx: &mut Context) -> Option<Self> {
        check(node, cx, true);
        Some(Pattern(node.to_json()))
    }
}

fn check(node: &Node, cx: &mut Context, pattern: bool) {
    match &node.kind {
        NodeKind::String(text) if pattern => {
            if let Some(Err(unknown)) = Kind::parse(text) {
                let diagnostic = Diagnostic::new("unknown-kind", format!("there is no kind of value `<{unknown}>`"));
                cx.report(diagnostic.at(node.span, "unknown kind").help(instead(unknown, Kind::names())));
            }
        }
        NodeKind::String(text) => {
            if let Some(Ok(_)) = Kind::parse(text) {
                let diagnostic = Diagnostic::new(
                    "pattern-in-template",
                    format!("`{text}` is a pattern, but this is a value to send"),
                );
                cx.report(
                    diagnostic.at(node.span, "a pattern").help("write the value out, or name a variable: `$name`"),
                );
            }
        }
        NodeKind::Sequence(items) => items.iter().for_each(|item| check(item, cx, pattern)),
        NodeKind::Mapping(entries) => {
            for entry in entries.iter() {
                if entry.key.starts_with('$') && !entry.key.starts_with("${") {
                    let making = template::OPERATIONS.iter().map(|(name, _)| *name);
                    let asking = matching::OPERATIONS.iter().map(|(name, _)| *name).filter(|_| pattern);
                    let known: Vec<&str> = making.chain(asking).collect();
                    if !known.contains(&entry.key.as_str()) {
                        let diagnostic = Diagnostic::new(
                            "unknown-operation",
                            format!("`{}` is not an operation that can be used here", entry.key),
                        );
                        cx.report(diagnostic.at(entry.key_span, "unknown operation").help(instead(&entry.key, known)));
                    } else if entries.len() > 1 {
                        let diagnostic =
                            Diagnostic::new("crowded-operation", format!("`{}` has other keys beside it", entry.key));
                        cx.report(
                            diagnostic
                                .at(entry.key_span, "must be the only key")
                                .help("use `$all_of` to ask for several things"),
                        );
                    }
                }
                check(&entry.value, cx, pattern);
            }
        }
        _ => {}
    }
}

macro_rules! any_schema {
    ($($ty:ident: $what:literal, $operations:expr;)*) => {$(
        impl JsonSchema for $ty {
            fn schema_name() -> Cow<'static, str> {
                stringify!($ty).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let operations = $operations.map(|(name, what)| format!("- `{name}`: {what}")).collect::<Vec<_>>();
                json_schema!({ "description": format!("{}\n\n{}", $what, operations.join("\n")) })
            }
        }
    )*};
}

any_schema! {
    Template: "A value to send. `$name.key` is a variable or what is inside it, `${name}` the same within a text, \
               `$$` a dollar sign. An object with one of these keys alone makes a value:",
        template::OPERATIONS.iter();
    Pattern: "A pattern that a value must match: objects may have more members, lists are exact, `$name` is a \
              variable, `<id>`, `<time>`, `<text>`, `<string>`, `<integer>`, `<boolean>`, `<object>`, `<array>` and \
              `<any>` stand for anything of the kind, `<id: name>` keeps it as a variable, `<absent>` is a key that \
              is not there. An object with one of these keys alone asks for:",
        matching::OPERATIONS.iter().chain(&template::OPERATIONS);
}
