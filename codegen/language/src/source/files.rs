//! A schema's files: the one that is given, and those that it includes.

use std::{
    collections::HashMap,
    io,
    path::{Component, Path, PathBuf},
};

use super::{Context, Decode, Entry, Node, NodeKind, Place, document::SchemaFile, unreadable, yaml};
use crate::diagnostic::{Diagnostic, Span};

/// A file of a schema.
#[derive(Clone, Debug)]
pub struct LoadedFile {
    /// Its path, as diagnostics show it.
    pub path: PathBuf,
    /// Its content.
    pub schema: SchemaFile,
    /// The content as a tree, with the place of every value.
    pub document: Node,
    /// The beginning of the file.
    pub start: Span,
}

impl LoadedFile {
    /// Reads a file from its text. `None` if it cannot be read as a schema, which is added to `cx`.
    pub fn read(path: &Path, text: &str, cx: &mut Context) -> Option<Self> {
        Self::read_as(path, path.display().to_string(), text, cx)
    }

    fn read_as(path: &Path, shown: String, text: &str, cx: &mut Context) -> Option<Self> {
        let file = cx.sources.add(shown, text);
        let document = yaml::parse(file, text, &mut cx.diagnostics)?;
        let schema = SchemaFile::decode(&document, cx)?;
        Some(LoadedFile { path: path.to_owned(), schema, document, start: Span { file, start: 0, end: 0 } })
    }

    /// The place of the whole file, shown at its beginning.
    pub(crate) fn place(&self) -> Place {
        Place::of(&Node { declared: self.start, ..self.document.clone() })
    }

    /// Resolves a path that is relative to this file.
    pub fn relative(&self, path: &str) -> PathBuf {
        normalize(&self.path.parent().unwrap_or(Path::new("")).join(path))
    }
}

/// The place of all files together, shown at the beginning of the first. If several files have a section, the first counts.
pub(crate) fn place_of_all(files: &[LoadedFile]) -> Place {
    let mut sections: Vec<Entry> = Vec::new();
    for file in files {
        let NodeKind::Mapping(entries) = &file.document.kind else { continue };
        for entry in entries.iter() {
            if !sections.iter().any(|first| first.key == entry.key) {
                sections.push(entry.clone());
            }
        }
    }
    let start = files[0].start;
    Place::of(&Node { span: start, declared: start, kind: NodeKind::Mapping(sections.into()) })
}

/// Reads the schema at `path` and all that it includes, in the order of inclusion. Every file is read once.
///
/// `None` where a file or one of its sections could not be read: names that it may declare are then unknown, and not to
/// be reported as missing.
pub fn load(path: &Path, cx: &mut Context) -> Option<Vec<LoadedFile>> {
    load_from(&Disk, path, cx)
}

/// Like [`load`], from another source than the disk.
pub fn load_from(origin: &dyn Origin, path: &Path, cx: &mut Context) -> Option<Vec<LoadedFile>> {
    read(origin, path, None, cx)
}

/// Like [`load_from`], of a schema that another names at `named`.
pub(crate) fn load_named(origin: &dyn Origin, path: &Path, named: Span, cx: &mut Context) -> Option<Vec<LoadedFile>> {
    read(origin, path, Some(named), cx)
}

fn read(origin: &dyn Origin, path: &Path, named: Option<Span>, cx: &mut Context) -> Option<Vec<LoadedFile>> {
    let mut loader = Loader { origin, cx, files: Vec::new(), state: HashMap::new(), open: Vec::new(), complete: true };
    loader.file(path, named);
    loader.complete.then_some(loader.files)
}

/// The source of a schema's files.
pub trait Origin {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// If it cannot be read, or is not UTF-8.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// Returns whether there is a folder at `path`.
    fn has_folder(&self, path: &Path) -> bool;

    /// The name of `path` in diagnostics.
    fn name(&self, path: &Path) -> String;
}

/// Reads a whole file on the disk, and refuses pipes and devices: they may have no end, or wait for a writer.
///
/// # Errors
/// If it cannot be read, is not UTF-8, or is not a regular file.
pub fn read_file(path: impl AsRef<Path>) -> io::Result<String> {
    let path = path.as_ref();
    let kind = std::fs::metadata(path)?.file_type();
    if kind.is_file() {
        return std::fs::read_to_string(path);
    }
    let what = if kind.is_dir() { "it is a folder" } else { "it is a pipe, a device or a socket, not a regular file" };
    Err(io::Error::new(io::ErrorKind::InvalidInput, what))
}

/// Files as they are on the disk.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Origin for Disk {
    fn read(&self, path: &Path) -> io::Result<String> {
        read_file(path)
    }

    fn has_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn name(&self, path: &Path) -> String {
        path.display().to_string()
    }
}

struct Loader<'a> {
    origin: &'a dyn Origin,
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
        let shown = self.origin.name(path);
        let text = match self.origin.read(path) {
            Ok(text) => text,
            Err(error) => {
                let mut diagnostic = unreadable(Path::new(&shown), &error);
                if let Some(span) = included {
                    diagnostic = diagnostic.at(span, "named here").help("paths are relative to the including file");
                }
                self.cx.report(diagnostic);
                self.complete = false;
                return;
            }
        };
        let identity = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.state.insert(identity.clone(), State::Open);
        let Some(file) = LoadedFile::read_as(path, shown, &text, self.cx) else {
            self.complete = false;
            self.state.insert(identity, State::Done);
            return;
        };
        self.complete &= file.schema.declares_all();
        let includes = file.schema.include.get().cloned().unwrap_or_default();
        if let Some(flows) = file.schema.flows.get()
            && !self.origin.has_folder(&file.relative(flows.as_str()))
        {
            let folder = file.relative(flows.as_str());
            let diagnostic = Diagnostic::new("unreadable-folder", format!("there is no folder `{}`", folder.display()))
                .at(flows.span, "the flows are expected here")
                .help("paths are relative to this file; leave `flows` out if there are none");
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
                            .help("remove this include: each file is read once, and can use the names of all others");
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

/// Without `.` and `..`, if possible.
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
