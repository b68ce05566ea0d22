//! A schema's files: the one that is given, and those that it includes.

use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
};

use super::{Context, Decode, Node, document::SchemaFile, unreadable, yaml};
use crate::diagnostic::{Diagnostic, Span};

/// A file of a schema.
#[derive(Clone, Debug)]
pub struct LoadedFile {
    /// Its path, as diagnostics show it.
    pub path: PathBuf,
    /// What it says.
    pub schema: SchemaFile,
    /// The same as a tree, which has the place of everything.
    pub document: Node,
    /// The beginning of the file.
    pub start: Span,
}

impl LoadedFile {
    /// Reads a file from its text. `None` where it cannot be read as a schema, which `cx` is told.
    pub fn read(path: &Path, text: &str, cx: &mut Context) -> Option<Self> {
        let file = cx.sources.add(path.display().to_string(), text);
        let document = yaml::parse(file, text, &mut cx.diagnostics)?;
        let schema = SchemaFile::decode(&document, cx)?;
        Some(LoadedFile { path: path.to_owned(), schema, document, start: Span { file, start: 0, end: 0 } })
    }

    /// What a path is that is relative to this file.
    pub fn relative(&self, path: &str) -> PathBuf {
        normalize(&self.path.parent().unwrap_or(Path::new("")).join(path))
    }
}

/// Reads the schema at `path` and all that it includes, in the order of inclusion. Every file is read once.
///
/// `None` where a file or one of its sections could not be read: names that it may declare are then unknown, and not to
/// be reported as missing.
pub fn load(path: &Path, cx: &mut Context) -> Option<Vec<LoadedFile>> {
    let mut loader = Loader { cx, files: Vec::new(), state: HashMap::new(), open: Vec::new(), complete: true };
    loader.file(path, None);
    loader.complete.then_some(loader.files)
}

struct Loader<'a> {
    cx: &'a mut Context,
    files: Vec<LoadedFile>,
    state: HashMap<PathBuf, State>,
    /// The files whose includes are being read, from the first one on.
    open: Vec<PathBuf>,
    complete: bool,
}

#[derive(Clone, Copy)]
enum State {
    /// Its includes are being read.
    Open,
    Done,
}

impl Loader<'_> {
    fn file(&mut self, path: &Path, included: Option<Span>) {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                let mut diagnostic = unreadable(path, &error);
                if let Some(span) = included {
                    diagnostic = diagnostic.at(span, "included here").help("paths are relative to the including file");
                }
                self.cx.report(diagnostic);
                self.complete = false;
                return;
            }
        };
        let identity = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.state.insert(identity.clone(), State::Open);
        let Some(file) = LoadedFile::read(path, &text, self.cx) else {
            self.complete = false;
            self.state.insert(identity, State::Done);
            return;
        };
        self.complete &= file.schema.declares_all();
        let includes = file.schema.include.get().cloned().unwrap_or_default();
        if let Some(flows) = file.schema.flows.get()
            && !file.relative(flows.as_str()).is_dir()
        {
            let folder = file.relative(flows.as_str());
            let diagnostic = Diagnostic::new("unreadable-folder", format!("there is no folder `{}`", folder.display()))
                .at(flows.span, "the flows are looked for here")
                .help("paths are relative to this file; leave `flows` out where there are none");
            self.cx.report(diagnostic);
        }
        self.files.push(file);
        self.open.push(path.to_owned());
        for include in includes {
            let included = normalize(&path.parent().unwrap_or(Path::new("")).join(include.as_str()));
            let identity = included.canonicalize().unwrap_or_else(|_| included.clone());
            match self.state.get(&identity) {
                Some(State::Open) => {
                    let path: Vec<String> = self.open.iter().map(|path| format!("`{}`", path.display())).collect();
                    let path = path.join(" → ");
                    let diagnostic =
                        Diagnostic::new("include-cycle", format!("`{}` is being included already", included.display()))
                            .at(include.span, format!("reached by {path}"))
                            .help("leave this include out: each file is read once, and sees the names of all others");
                    self.cx.report(diagnostic);
                }
                Some(State::Done) => {}
                None => self.file(&included, Some(include.span)),
            }
        }
        self.open.pop();
        self.state.insert(identity, State::Done);
    }
}

/// Without `.` and `..`, as far as that goes.
fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            component => normal.push(component),
        }
    }
    normal
}
