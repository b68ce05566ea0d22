//! Where something of a schema is: its name for people, and the way to it in the files.

use crate::{
    diagnostic::Span,
    source::{
        LoadedFile,
        path::{Path, Places},
    },
};

/// Where something of a schema is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    path: Path,
    /// `send_message.content`.
    name: String,
}

impl Place {
    /// A section that a schema has once: `protocol`.
    pub fn section(name: &str) -> Self {
        Place { path: Path::of(&[name]), name: name.to_owned() }
    }

    /// Something with a name, in a section.
    pub fn named(section: &[&str], name: &str) -> Self {
        Place { path: Path::of(section).then(name), name: name.to_owned() }
    }

    /// What the thing here says under `keys`; still the same thing.
    #[must_use]
    pub fn key(&self, keys: &[&str]) -> Self {
        Place { path: self.path.through(keys), name: self.name.clone() }
    }

    /// The part of the thing here that `keys` lead to, called `name`.
    #[must_use]
    pub fn part(&self, keys: &[&str], name: &str) -> Self {
        Place { name: format!("{}.{name}", self.name), ..self.key(keys) }
    }

    /// What it is called in exceptions: `send_message.content`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is what `name` names, or a part of that.
    pub fn is_within(&self, name: &str) -> bool {
        self.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Where that is written: a value that stands on its own, else the key; the nearest that there is.
    pub fn span(&self, files: &[LoadedFile]) -> Span {
        Places(files).nearest(&self.path).unwrap_or(files[0].start)
    }
}
