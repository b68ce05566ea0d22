//! The released versions of a schema: folders in `history/` beside it, each a complete schema.

use std::{
    cmp::Reverse,
    fs, io,
    path::{Component, Path, PathBuf},
};

use accord_language::{
    Schema,
    diagnostic::Span,
    source::{LoadedFile, Text},
};
use accord_review::diff;
use semver::Version;

use crate::{flows, schema::report};

/// The released versions of a schema.
#[derive(Debug)]
pub struct History {
    folder: PathBuf,
    /// The name of the schema's first file, in every version.
    file: PathBuf,
}

impl History {
    /// Those of the schema at `path`.
    pub fn of(path: &Path) -> Self {
        History { folder: path.with_file_name("history"), file: path.file_name().unwrap_or_default().into() }
    }

    /// The folder of a version.
    pub fn folder(&self, version: &str) -> PathBuf {
        self.folder.join(version)
    }

    /// The first file of a version, where it has been released.
    pub fn find(&self, version: &str) -> Option<PathBuf> {
        let is_name = matches!(Path::new(version).components().collect::<Vec<_>>()[..], [Component::Normal(_)]);
        let file = self.folder(version).join(&self.file);
        (is_name && file.is_file()).then_some(file)
    }

    /// The schema of a version, where it has been released.
    ///
    /// # Errors
    /// The report of everything that is wrong with it.
    pub fn load(&self, version: &Version) -> Result<Option<Schema>, String> {
        let found = self.find(&version.to_string());
        found.map(Schema::load).transpose().map_err(|diagnostics| report(&diagnostics))
    }

    /// All versions, from the oldest to the newest.
    ///
    /// # Errors
    /// If the folder is there and cannot be read.
    pub fn versions(&self) -> Result<Vec<Version>, String> {
        let unreadable = |error: io::Error| format!("error: cannot read {}: {error}\n", self.folder.display());
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(unreadable)?,
        };
        let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
        let names = names.collect::<io::Result<Vec<_>>>().map_err(unreadable)?;
        let released = names.iter().filter(|name| self.find(name).is_some());
        let mut versions: Vec<Version> = released.filter_map(|name| Version::parse(name).ok()).collect();
        versions.sort();
        Ok(versions)
    }

    /// Adds a version: all files of `schema` as they are, and its flows. It is added completely or not at all.
    ///
    /// # Errors
    /// If it cannot be written, or would not be the same schema.
    pub fn add(&self, version: &Version, schema: &Schema) -> Result<(), String> {
        let files = files(schema)?;
        // A name that cannot be mistaken for a version.
        let unfinished = self.folder.join(format!(".{version}-{}", std::process::id()));
        let added = write(&unfinished, &files).and_then(|()| self.is_whole(&unfinished, schema)).and_then(|()| {
            let folder = self.folder(&version.to_string());
            fs::rename(&unfinished, &folder).map_err(|error| unwritable(&folder, &error))
        });
        if added.is_err() {
            // The first error is the one to report; the unfinished folder is not a version.
            let _ = fs::remove_dir_all(&unfinished);
        }
        added
    }

    /// Checks that the written files are the schema.
    fn is_whole(&self, folder: &Path, schema: &Schema) -> Result<(), String> {
        let written = Schema::load(folder.join(&self.file)).map_err(|diagnostics| report(&diagnostics))?;
        match diff::compare(schema, &written).first() {
            None => Ok(()),
            Some(finding) => Err(format!(
                "error: the schema would have another meaning in {}: {}\n",
                self.folder.display(),
                finding.sentence()
            )),
        }
    }
}

/// The files of a release, by their paths in its folder.
///
/// # Errors
/// If one of them is not below the schema's folder.
pub fn files(schema: &Schema) -> Result<Vec<(PathBuf, String)>, String> {
    let root = schema.files[0].relative("");
    let mut files = Vec::new();
    let mut flows = Vec::new();
    for file in &schema.files {
        let path = path_in(&root, file)?;
        let mut edits = served(&root, file)?;
        if let (Some(named), Some(folder)) = (file.schema.flows.get(), &schema.model.flows) {
            let name = folder.file_name().unwrap_or_default();
            // Flows from another folder go next to the file that names them.
            let copy = match folder.strip_prefix(&root) {
                Ok(below) => below.to_owned(),
                Err(_) => {
                    edits.push((named.span, name.to_string_lossy().into_owned()));
                    path.with_file_name(name)
                }
            };
            flows.extend(flows::read(folder)?.into_iter().map(|(name, text)| (copy.join(name), text)));
        }
        // From the last to the first, so that the positions of the remaining ones stay valid.
        edits.sort_by_key(|(span, _)| Reverse(span.start));
        let mut text = schema.sources.text(file.start.file).to_string();
        for (span, edit) in edits {
            text.replace_range(span.start as usize..span.end as usize, &edit);
        }
        files.push((path, text));
    }
    if let Some((path, _)) = flows.iter().find(|(path, _)| files.iter().any(|(file, _)| file == path)) {
        return Err(format!("error: {} is a file of the schema and one of its flows: rename one\n", path.display()));
    }
    files.extend(flows);
    Ok(files)
}

/// The paths of the older versions that a release serves, relative to its own folder in `history/`.
fn served(root: &Path, file: &LoadedFile) -> Result<Vec<(Span, String)>, String> {
    let paths = file.schema.protocol.get().and_then(|protocol| protocol.serves.get());
    let path = |named: &Text| {
        let released = file.relative(named.as_str());
        match (released.strip_prefix(root.join("history")), path_in(root, file)?.parent()) {
            (Ok(release), Some(folder)) if folder == Path::new("") => {
                Ok((named.span, format!("../{}", release.display())))
            }
            _ => Err(format!("error: {} is served but is not a release: name one in `history/`\n", released.display())),
        }
    };
    paths.into_iter().flatten().map(path).collect()
}

/// The path of a file below the schema's folder.
fn path_in(root: &Path, file: &LoadedFile) -> Result<PathBuf, String> {
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    let path = file.relative(&name);
    path.strip_prefix(root).map(Path::to_owned).map_err(|_| {
        format!(
            "error: {} is not below {}, and a release contains only what is: move it there\n",
            path.display(),
            root.display()
        )
    })
}

fn write(folder: &Path, files: &[(PathBuf, String)]) -> Result<(), String> {
    for (path, text) in files {
        let path = folder.join(path);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
        written.map_err(|error| unwritable(&path, &error))?;
    }
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> String {
    format!("error: cannot write {}: {error}\n", path.display())
}
