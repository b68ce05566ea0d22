//! Compiles the schema: to the protocol's types and handler traits, and to what the start page says of it.

use std::{env, fmt::Write, fs, path::Path};

use accord_codegen::model::{Auth, Model, TypeId};

const SCHEMA: &str = "../schema/chat.yaml";

fn main() {
    accord_codegen::build(SCHEMA);
    println!("cargo::rerun-if-changed=migrations");

    let model = accord_codegen::load(SCHEMA).expect("the schema has just been compiled");
    let directory = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let contents = Contents { model: &model };
    fs::write(Path::new(&directory).join("contents.rs"), contents.emit()).expect("OUT_DIR can be written");
}

/// What the start page lists.
struct Contents<'m> {
    model: &'m Model,
}

/// One line of the list.
struct Item<'a> {
    name: &'a str,
    summary: &'a str,
    tag: Option<&'a str>,
    example: Option<String>,
}

impl Contents<'_> {
    fn emit(&self) -> String {
        let Model { domains, http, .. } = self.model;
        let client_events = domains.iter().flat_map(|domain| &domain.client).map(|event| Item {
            name: &event.name,
            summary: &event.doc.summary,
            tag: event.scope.map(|scope| self.model.scopes[scope.0].name.as_str()),
            example: event.example.as_ref().map(ToString::to_string),
        });
        let server_events = domains.iter().flat_map(|domain| &domain.server).map(|event| Item {
            name: &event.name,
            summary: &event.doc.summary,
            tag: event.scope.map(|scope| self.model.scopes[scope.0].name.as_str()),
            example: event.example.as_ref().map(ToString::to_string).or_else(|| self.example_of(event.payload)),
        });
        let routes: Vec<String> = http
            .operations
            .iter()
            .map(|operation| format!("{} {}", format!("{:?}", operation.method).to_uppercase(), operation.path))
            .collect();
        let operations = http.operations.iter().zip(&routes).map(|(operation, route)| Item {
            name: route,
            summary: &operation.doc.summary,
            tag: match operation.auth {
                Auth::Public => Some("no token"),
                Auth::User => None,
                Auth::Admin => Some("administrators"),
            },
            example: None,
        });
        let mut code = String::new();
        emit_items(&mut code, "CLIENT_EVENTS", client_events);
        emit_items(&mut code, "SERVER_EVENTS", server_events);
        emit_items(&mut code, "OPERATIONS", operations);
        code
    }

    fn example_of(&self, payload: Option<TypeId>) -> Option<String> {
        self.model.types[payload?.0].example.as_ref().map(ToString::to_string)
    }
}

fn emit_items<'a>(code: &mut String, name: &str, items: impl Iterator<Item = Item<'a>>) {
    writeln!(code, "static {name}: &[Item] = &[").expect("a string takes all that is written");
    for Item { name, summary, tag, example } in items {
        writeln!(code, "    Item {{ name: {name:?}, summary: {summary:?}, tag: {tag:?}, example: {example:?} }},")
            .expect("a string takes all that is written");
    }
    code.push_str("];\n");
}
