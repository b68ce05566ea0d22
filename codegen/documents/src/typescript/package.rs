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
    let rooms = match logs::are_there(model) {
        true => "    \"./rooms\": { \"types\": \"./rooms.d.ts\", \"default\": \"./rooms.js\" },\n",
        false => "",
    };
    format!(
        r#"{{
  "name": {},
  "version": {},
  "description": {},
  "type": "module",
  "sideEffects": false,
  "exports": {{
    ".": {{ "types": "./index.d.ts", "default": "./index.js" }},
    "./client": {{ "types": "./client.d.ts", "default": "./client.js" }},
{rooms}    "./package.json": "./package.json"
  }},
  "types": "./index.d.ts",
  "files": ["*.js", "*.d.ts"],
  "engines": {{ "node": ">=18" }},
  "peerDependencies": {{ "socket.io-client": "^4.8.0" }}
}}
"#,
        json(&name(model)),
        json(&protocol.version),
        json(&protocol.doc.summary),
    )
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
