//! Documents in YAML: read with their places, and decoded into types with every error collected.
//!
//! It serves schemas, and any other document that needs the same diagnostics: declare its records by
//! [`record!`](crate::record) and read it by [`read`].

mod decode;
pub mod document;
pub mod emits;
pub mod events;
mod files;
pub mod http;
pub mod lint;
mod node;
mod number;
mod place;
mod record;
pub mod rules;
pub mod schema;
mod syntax;
mod texts;
mod yaml;

use std::path::Path;

use crate::diagnostic::{Diagnostic, Diagnostics};
pub use decode::{Any, Context, Decode, Fields, Named, NamedEntry, Slot, Spanned, Text};
pub use files::{Disk, LoadedFile, Origin, load, load_from, read_file};
pub(crate) use files::{load_named, place_of_all};
pub use node::{Entry, Node, NodeKind};
pub use number::Number;
pub use place::Place;
pub use record::{RecordSchema, word_schema};
pub use texts::{Duration, Rate, Version};

/// Reads the document at `path`, YAML or JSON, which includes no others.
///
/// # Errors
/// All errors in it.
pub fn read<T: Decode>(path: impl AsRef<Path>) -> Result<T, Diagnostics> {
    let mut cx = Context::default();
    let path = path.as_ref();
    let document = match read_file(path) {
        Ok(text) => read_text(&path.display().to_string(), &text, &mut cx),
        Err(error) => {
            cx.report(unreadable(path, &error));
            None
        }
    };
    match document {
        Some(document) if cx.diagnostics.is_empty() => Ok(document),
        _ => Err(Diagnostics::new(cx.sources, cx.diagnostics)),
    }
}

/// Reads a document from `text`, calling it `path` in diagnostics, which are added to `cx`.
pub fn read_text<T: Decode>(path: &str, text: &str, cx: &mut Context) -> Option<T> {
    let file = cx.sources.add(path, text);
    let node = yaml::parse(file, text, &mut cx.diagnostics)?;
    T::decode(&node, cx)
}

/// The dialect of JSON Schema that is read and written.
pub const JSON_SCHEMA: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema of the files of a schema, for editors: what `schema/meta.schema.json` holds.
pub fn meta_schema() -> serde_json::Value {
    let schema = schemars::SchemaGenerator::default().into_root_schema_for::<document::SchemaFile>();
    let mut ordered = serde_json::Map::new();
    ordered.insert("$schema".to_owned(), JSON_SCHEMA.into());
    ordered.insert("title".to_owned(), "A file of an Accord schema".into());
    for (key, value) in schema.as_object().into_iter().flatten() {
        ordered.entry(key.clone()).or_insert_with(|| value.clone());
    }
    ordered.into()
}

/// The diagnostic for a file that cannot be read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    use std::io::ErrorKind;

    let path = path.display();
    let why = match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::InvalidData => "it is not UTF-8".to_owned(),
        _ => error.to_string(),
    };
    Diagnostic::new("unreadable-file", format!("cannot read `{path}`: {why}"))
}
