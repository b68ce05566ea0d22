//! YAML files: schemas, and flows of a protocol.

use std::{io, path::Path};

use accord_language::{Schema, source::Origin};
use accord_review::lint::{self, Format};

use crate::MODEL;

/// The first line of the second file of a schema.
const SECOND: &str = "\n=== second.yaml\n";

/// The files of a schema: `first.yaml`, which may include `second.yaml`.
struct Written<'i> {
    first: &'i str,
    second: Option<&'i str>,
}

impl Origin for Written<'_> {
    fn read(&self, path: &Path) -> io::Result<String> {
        let text = match path.to_str() {
            Some("first.yaml") => Some(self.first),
            Some("second.yaml") => self.second,
            _ => None,
        };
        text.map(str::to_owned).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn has_folder(&self, _: &Path) -> bool {
        false
    }

    fn name(&self, path: &Path) -> String {
        path.display().to_string()
    }
}

/// An input is a schema: it is refused with a reason, or every output can be generated from it.
pub fn schema(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let written = match text.split_once(SECOND) {
        Some((first, second)) => Written { first, second: Some(second) },
        None => Written { first: text, second: None },
    };
    match Schema::load_from(&written, "first.yaml").and_then(lint::check_settings) {
        Ok(schema) => {
            lint::lint(&schema).render(Format::Text { colour: false });
            let chapters = accord_flows::chapters(&[], &schema.model).unwrap_or_default();
            accord_documents::files(&schema.model, &chapters);
            accord_codegen::emit(&schema.model);
        }
        Err(wrong) => {
            assert!(!wrong.list.is_empty(), "it is refused without a reason");
            wrong.render(false);
        }
    }
}

/// An input is a file of flows of the chat protocol: it is refused with a reason, or its flows can be run and drawn.
pub fn flows(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let files = [("fuzzed.yaml", text)];
    match accord_flows::read(&files, &MODEL) {
        Ok(_) => drop(accord_flows::chapters(&files, &MODEL)),
        Err(wrong) => {
            assert!(!wrong.list.is_empty(), "it is refused without a reason");
            wrong.render(false);
        }
    }
}
