//! Generated documents for front-end teams and their tools: TypeScript with a client, documentation, AsyncAPI, OpenAPI
//! and JSON Schema.
//!
//! One emitter per output, each a pure function from the [`Model`] to text or JSON: none reads YAML, another's output or
//! the disk. Start reading at [`files`], which calls them all.
//!
//! ```
//! let model = accord_language::load("../../schema/chat.yaml").unwrap();
//! let openapi = accord_documents::openapi::document(&model);
//! assert!(openapi["paths"]["/api/messages"]["get"].is_object());
//! ```

pub mod asyncapi;
mod components;
pub mod docs;
mod failures;
pub mod json_schema;
mod numbers;
pub mod openapi;
mod receivers;
mod sentences;
pub mod typescript;

use accord_flows::drawing::Chapter;
use accord_language::model::Model;
use serde_json::Value;

/// The header by which a REST request says the version that its client speaks.
pub(crate) const VERSION_HEADER: &str = "Protocol-Version";

/// A file that is generated from a schema and checked in: for front-end teams, their tools, and readers of the Rust code.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct File {
    /// Its path below the folder of generated files, with `/`.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// All files that are generated from a schema and from the flows that its documentation shows, in the order of their paths.
pub fn files(model: &Model, flows: &[Chapter]) -> Vec<File> {
    let mut files = vec![
        json("asyncapi.json", &asyncapi::document(model)),
        File { path: "docs/index.html".to_owned(), text: docs::html(model, flows) },
        json("json-schema/bundle.json", &json_schema::bundle(model)),
        json("openapi.json", &openapi::document(model)),
        File { path: format!("rust/{}.rs", model.protocol.name), text: accord_codegen::emit(model) },
    ];
    files.push(docs::console());
    files.extend(docs::markdown(model, flows));
    files.extend(package(model));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The npm package for TypeScript, in a folder `typescript`.
pub fn package(model: &Model) -> Vec<File> {
    let mut files = typescript::files(model);
    files.push(docs::readme(model));
    files
}

fn json(path: &str, value: &Value) -> File {
    File { path: path.to_owned(), text: pretty(value) }
}

/// JSON as it is written to files.
pub fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
