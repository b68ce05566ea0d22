//! References to a schema: a file, a released version, or a revision in git.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use accord_language::{Schema, source::Origin};

use crate::{history::History, schema::report};

/// A reference to a schema, by its first file.
#[derive(Debug)]
pub enum SchemaRef {
    /// As it is on the disk.
    File(PathBuf),
    /// As it was in a revision, where paths are those below the repository's folder.
    Revision(Revision, PathBuf),
}

impl fmt::Display for SchemaRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SchemaRef::File(path) => path.display().fmt(f),
            SchemaRef::Revision(revision, path) => f.write_str(&revision.name(path)),
        }
    }
}

impl SchemaRef {
    /// The old and the new schema to compare. `new` is a file; if it is left out, `old` is a file, and is compared with
    /// its last commit.
    ///
    /// # Errors
    /// If one of them does not exist.
    pub fn pair(old: &str, new: Option<&Path>) -> Result<(Self, Self), String> {
        let file = Path::new(old);
        let Some(new) = new else {
            return match file.is_file() {
                true => {
                    let last = SchemaRef::revision("HEAD", file).map_err(|why| format!("error: {why}\n"))?;
                    Ok((last, SchemaRef::File(file.to_owned())))
                }
                false => Err(format!(
                    "error: there is no file `{old}`, and no second schema\n\
                     help: `accord diff {old} SCHEMA` compares that version or revision of a schema with its file\n"
                )),
            };
        };
        if !new.is_file() {
            return Err(format!(
                "error: there is no file `{}`\n\
                 help: the new schema must be a file; a released one is at `history/VERSION/`, under the same name\n",
                new.display()
            ));
        }
        let before = match History::of(new).find(old) {
            _ if file.is_file() => SchemaRef::File(file.to_owned()),
            Some(released) => SchemaRef::File(released),
            None => SchemaRef::revision(old, new).map_err(|why| {
                let history = History::of(new).folder(old);
                format!(
                    "error: `{old}` is not a file, a released version ({} does not exist) or a git revision: {why}\n",
                    history.display()
                )
            })?,
        };
        Ok((before, SchemaRef::File(new.to_owned())))
    }

    /// The schema `schema` in a revision of its repository.
    fn revision(name: &str, schema: &Path) -> Result<Self, String> {
        let schema = fs::canonicalize(schema).map_err(|error| format!("cannot read {}: {error}", schema.display()))?;
        let folder = schema.parent().unwrap_or(Path::new("/"));
        let top = git(folder, &["rev-parse", "--show-toplevel"])?;
        let repository = PathBuf::from(String::from_utf8_lossy(&top).trim_end());
        let path =
            schema.strip_prefix(&repository).map_err(|_| format!("{} is not in a git repository", schema.display()))?;
        let commit = format!("{name}^{{commit}}");
        git(&repository, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])
            .map_err(|_| format!("there is no revision `{name}` in {}", repository.display()))?;
        Ok(SchemaRef::Revision(Revision { name: name.to_owned(), repository: repository.clone() }, path.to_owned()))
    }

    /// The schema.
    ///
    /// # Errors
    /// The report of everything that is wrong with it.
    pub fn load(&self) -> Result<Schema, String> {
        let loaded = match self {
            SchemaRef::File(path) => Schema::load(path),
            SchemaRef::Revision(revision, path) => Schema::load_from(revision, path),
        };
        loaded.map_err(|diagnostics| report(&diagnostics))
    }
}

/// A revision of a repository.
#[derive(Debug)]
pub struct Revision {
    /// As it was given: `HEAD~1`.
    name: String,
    /// The repository's folder.
    repository: PathBuf,
}

impl Revision {
    /// A file or folder, as git names it: folders are separated by `/` on every system.
    fn object(&self, path: &Path) -> String {
        let path: Vec<_> = path.components().map(|component| component.as_os_str().to_string_lossy()).collect();
        format!("{}:{}", self.name, path.join("/"))
    }
}

impl Origin for Revision {
    fn read(&self, path: &Path) -> io::Result<String> {
        let object = self.object(path);
        let bytes = git(&self.repository, &["cat-file", "blob", &object]).map_err(|_| io::ErrorKind::NotFound)?;
        String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    fn has_folder(&self, path: &Path) -> bool {
        let object = self.object(path);
        git(&self.repository, &["cat-file", "-t", &object]).is_ok_and(|kind| kind.starts_with(b"tree"))
    }

    fn name(&self, path: &Path) -> String {
        self.object(path)
    }
}

/// The output of git.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    let output = output.map_err(|error| format!("cannot run git: {error}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr).trim_end().to_owned()),
    }
}
