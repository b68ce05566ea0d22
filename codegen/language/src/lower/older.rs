//! Reads the older major versions that a protocol also serves, and checks them against it.

use std::cmp::Ordering;

use semver::Version;

use crate::{
    diagnostic::{Diagnostic, Span},
    lower,
    model::{Model, ProtocolInfo},
    source::{self, Context, LoadedFile, Origin, Slot, Text},
};

/// The models of the schemas that `protocol.serves` of `files` names, the oldest first. The versions that they serve
/// themselves are ignored. `None` if one has errors, which are added to `cx`.
pub(crate) fn load(origin: &dyn Origin, files: &[LoadedFile], current: &Model, cx: &mut Context) -> Option<Vec<Model>> {
    let named = files.iter().find_map(|file| Some((file, file.schema.protocol.get()?.serves.get()?)));
    let Some((file, paths)) = named else { return Some(Vec::new()) };
    let mut older: Vec<(Model, &Text)> = Vec::new();
    for path in paths {
        let files = source::load_named(origin, &file.relative(path.as_str()), path.span, cx)?;
        let model = lower::lower(&files, cx)?;
        let first = older.iter().find(|(other, _)| other.protocol.major() == model.protocol.major());
        if let Some(wrong) = wrong(&current.protocol, &model.protocol) {
            cx.report(served(path.span, &wrong));
        } else if let Some((other, at)) = first {
            let wrong = format!("the major version of {} is served already", model.protocol.version);
            cx.report(served(path.span, &wrong).and(at.span, format!("by {}", other.protocol.version)));
        } else {
            older.push((model, path));
        }
    }
    if cx.diagnostics.is_empty() && current.gateway.version_refused.is_none() && !older.is_empty() {
        let diagnostic = Diagnostic::new(
            "missing-key",
            "several versions are served, but the one that clients speak is not checked",
        )
        .at(file.schema.protocol.get().and_then(|protocol| span(&protocol.serves))?, "in addition to its own")
        .help("add `version_refused` below `gateway`: the error of clients whose version is not served");
        cx.report(diagnostic);
    }
    let mut older: Vec<Model> = older.into_iter().map(|(model, _)| model).collect();
    older.sort_by_key(|model| model.protocol.major());
    cx.diagnostics.is_empty().then_some(older)
}

fn span(paths: &Slot<Vec<Text>>) -> Option<Span> {
    paths.get()?.first().map(|path| path.span)
}

/// The reason why `older` cannot be served next to `current`, if there is one.
fn wrong(current: &ProtocolInfo, older: &ProtocolInfo) -> Option<String> {
    if older.name != current.name {
        return Some(format!("`{}` is another protocol than `{}`", older.name, current.name));
    }
    let how = match older.major().cmp(&current.major()) {
        Ordering::Less => return None,
        Ordering::Equal => "of the same major as",
        Ordering::Greater => "newer than",
    };
    Some(format!("version {} is {how} {}", older.version, current.version))
}

fn served(at: Span, wrong: &str) -> Diagnostic {
    Diagnostic::new("served-version", format!("this version cannot also be served: {wrong}"))
        .at(at, "served besides")
        .help("name the last release of an older major version of this protocol, one for each major")
}

impl ProtocolInfo {
    /// The version's major number.
    ///
    /// # Panics
    /// If the version is invalid, which it never is in a model.
    pub fn major(&self) -> u64 {
        Version::parse(&self.version).expect("a model's versions are valid").major
    }
}
