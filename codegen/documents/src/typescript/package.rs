//! The package itself.

use accord_language::model::Model;
use serde_json::Value;

use super::{has_rest, logs, with_header};

/// Its name.
pub fn name(model: &Model) -> String {
    format!("@accord/{}", model.protocol.name)
}

/// `package.json`.
pub fn manifest(model: &Model) -> String {
    let protocol = &model.protocol;
    let json = |text: &str| Value::from(text).to_string();
    let mut modules = vec![("index", "."), ("client", "./client")];
    if logs::are_there(model) {
        modules.push(("rooms", "./rooms"));
    }
    let exports = modules.into_iter().map(|(module, name)| {
        format!(
            r#"    "{name}": {{
      "require": {{ "types": "./{module}.d.cts", "default": "./{module}.js" }},
      "types": "./{module}.d.ts",
      "default": "./{module}.js"
    }},
"#
        )
    });
    format!(
        r#"{{
  "name": {},
  "version": {},
  "description": {},
  "type": "module",
  "sideEffects": false,
  "exports": {{
{}    "./package.json": "./package.json"
  }},
  "types": "./index.d.ts",
  "files": ["*.js", "*.d.ts", "*.d.cts"],
  "engines": {{ "node": ">=18" }},
  "peerDependencies": {{ "socket.io-client": "^4.8.0" }},
  "peerDependenciesMeta": {{ "socket.io-client": {{ "optional": true }} }}
}}
"#,
        json(&name(model)),
        json(&protocol.version),
        json(&protocol.doc.summary),
        exports.collect::<String>(),
    )
}

/// Declarations for code that loads the package by `require`: TypeScript takes a `.d.ts` in this package for the declarations of
/// a module that can only be imported, although Node.js (from 20.19) and bundlers can load it either way.
pub fn for_require(declarations: &str) -> String {
    declarations.replace(".js';", ".cjs';")
}

/// `index.js`.
pub fn index_js(model: &Model) -> String {
    index(model, &["constants", "guards"])
}

/// `index.d.ts`.
pub fn index_d_ts(model: &Model) -> String {
    index(model, &["protocol", "constants", "guards"])
}

fn index(model: &Model, modules: &[&str]) -> String {
    let rest = has_rest(model).then_some("rest");
    let exports = modules.iter().copied().chain(rest).map(|module| format!("export * from './{module}.js';\n"));
    with_header(model, &exports.collect::<String>())
}
