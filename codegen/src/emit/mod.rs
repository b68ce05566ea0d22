//! One emitter per output: each a pure function from the [`Model`] to text or JSON.

pub mod asyncapi;
mod components;
pub mod docs;
mod failures;
pub mod json_schema;
pub(crate) mod limits;
pub mod openapi;
pub mod rust;
mod sentences;
pub mod typescript;

use serde_json::Value;

use crate::model::{Model, TypeId};

/// The header by which a REST request says the version that its client speaks.
pub(crate) const VERSION_HEADER: &str = "Protocol-Version";

/// A file that follows from a schema, for those who do not build the server: front-end teams, and their tools.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct File {
    /// Its path below the folder of generated files, with `/`.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// All files that follow from a schema and the flows that its documentation shows, in the order of their paths.
pub fn files(model: &Model, flows: &[docs::Chapter]) -> Vec<File> {
    let mut files = vec![
        json("asyncapi.json", &asyncapi::document(model)),
        File { path: "docs/index.html".to_owned(), text: docs::html(model, flows) },
        json("json-schema/bundle.json", &json_schema::bundle(model)),
        json("openapi.json", &openapi::document(model)),
    ];
    for (index, def) in model.types.iter().enumerate() {
        files.push(json(&format!("json-schema/{}.json", def.name), &json_schema::of(model, TypeId(index))));
    }
    files.extend(docs::markdown(model, flows));
    files.extend(typescript::files(model));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn json(path: &str, value: &Value) -> File {
    File { path: path.to_owned(), text: pretty(value) }
}

/// JSON as it is written to files.
pub fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
