//! The embedded files: the schema and the flows, current and of each release.

use std::{io, path::Path};

use accord_language::source::Origin;

/// Files, each by its path relative to their folder, with its text.
pub(crate) type Files = &'static [(&'static str, &'static str)];

/// A schema and its flows.
pub(crate) struct EmbeddedProtocol {
    pub schema: Files,
    pub flows: Files,
}

impl Origin for EmbeddedProtocol {
    fn read(&self, path: &Path) -> io::Result<String> {
        let file = self.schema.iter().find(|(known, _)| Path::new(known) == path);
        file.map(|(_, text)| (*text).to_owned()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// The binary assumes that the schema's folder of flows exists.
    fn has_folder(&self, _: &Path) -> bool {
        true
    }

    fn name(&self, path: &Path) -> String {
        path.display().to_string()
    }
}

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
