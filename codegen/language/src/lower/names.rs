//! The names of generated items: all different, and none that generated code needs for something else.

use std::collections::{HashMap, HashSet};

use crate::{
    diagnostic::{Diagnostic, Span},
    source::Context,
};

/// Type names that Rust or TypeScript code assumes: those of the preludes, and the imports of generated code.
const RESERVED: &[&str] = &[
    "Any",
    "Array",
    "AsMut",
    "AsRef",
    "Boolean",
    "Box",
    "BTreeMap",
    "Clone",
    "Copy",
    "Date",
    "Debug",
    "Default",
    "Deserialize",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Exclude",
    "Extend",
    "Extract",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Function",
    "Future",
    "Hash",
    "HashMap",
    "Infinity",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "Json",
    "JSON",
    "Map",
    "Math",
    "NaN",
    "None",
    "Number",
    "Object",
    "Ok",
    "Omit",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Partial",
    "Pick",
    "Promise",
    "Readonly",
    "ReadonlyArray",
    "Record",
    "RegExp",
    "Required",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Set",
    "Sized",
    "Some",
    "String",
    "Symbol",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Validate",
    "Vec",
    "Violations",
    // Names of the runtime that generated code uses.
    "Also",
    "Call",
    "Connect",
    "DeclaredError",
    "Download",
    "Entry",
    "EventError",
    "EventSpec",
    "Fault",
    "Handlers",
    "LimitSpec",
    "Member",
    "OperationSpec",
    "Protocol",
    "Reply",
    "Scope",
    "ScopeUse",
    "Service",
    "Text",
    "Upload",
    // Names that generated TypeScript declares itself.
    "Answer",
    "ClientConnection",
    "ClientSocket",
    "ClientToServerEvents",
    "ConnectionEvents",
    "ErrorCode",
    "EventAnswer",
    "EventArguments",
    "EventErrors",
    "NonNullable",
    "Parameters",
    "ProtocolError",
    "Rest",
    "RestError",
    "RestOptions",
    "RestServer",
    "ReturnType",
    "ServerToClientEvents",
    "Socket",
    "TimedSocket",
];

/// Returns whether generated code means something else by `name` in `module`.
fn is_reserved(module: &str, name: &str) -> bool {
    match module {
        _ if name == "Self" => true,
        "types" => RESERVED.contains(&name),
        // Each module imports the trait that its items have.
        "errors" => name == "DeclaredError",
        "scopes" => name == "Scope",
        _ => false,
    }
}

/// Words that cannot name functions or modules in Rust (strict and reserved, 2024 edition).
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Returns whether a word is a keyword of Rust.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// The items of generated code, by module and name.
#[derive(Debug, Default)]
pub struct Items {
    taken: HashMap<(&'static str, String), Taken>,
    refused: HashSet<(&'static str, String)>,
    /// The names of items that have been reported for another reason.
    excused: HashSet<(&'static str, String)>,
}

/// An item that has a name.
#[derive(Debug)]
struct Taken {
    name: String,
    span: Span,
    what: String,
}

impl Items {
    /// Claims the name `name` in `module` for `what`, declared at `span`; returns `false` if the name is not available.
    pub fn claim(&mut self, module: &'static str, name: &str, span: Span, what: String, cx: &mut Context) -> bool {
        if self.excused.contains(&(module, name.to_owned())) {
            return false;
        }
        if is_reserved(module, name) {
            let diagnostic = Diagnostic::new("reserved-name", format!("{what} cannot be named `{name}`"))
                .at(span, format!("`{name}` has another meaning in generated code"))
                .help("choose another name");
            cx.report(diagnostic);
            self.refused.insert((module, name.to_owned()));
            return false;
        }
        // Generators write a file for each type of JSON Schema and OpenAPI. On macOS and Windows, one of two files whose names
        // differ in case alone would replace the other.
        let key = if module == "types" { name.to_lowercase() } else { name.to_owned() };
        if let Some(first) = self.taken.get(&(module, key.clone())) {
            let message = match first.name == name {
                true => format!("two things would be named `{name}` in generated code"),
                false => format!("two things would be named `{}` and `{name}`, which differ only in case", first.name),
            };
            let diagnostic = Diagnostic::new("name-collision", message).at(span, &what).and(first.span, &first.what);
            cx.report(diagnostic.help("rename one of them"));
            self.refused.insert((module, name.to_owned()));
            return false;
        }
        self.taken.insert((module, key), Taken { name: name.to_owned(), span, what });
        true
    }

    /// Blocks a name whose mistake has been reported.
    pub fn excuse(&mut self, module: &'static str, name: &str) {
        self.excused.insert((module, name.to_owned()));
    }

    /// Returns whether this name has been refused, so that names made of it are not reported again.
    pub fn is_refused(&self, module: &'static str, name: &str) -> bool {
        let name = (module, name.to_owned());
        self.refused.contains(&name) || self.excused.contains(&name)
    }
}
