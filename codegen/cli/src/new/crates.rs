//! The source of Accord's crates for a new project: the registry, a checkout or a Git repository.

use std::{
    iter,
    path::{Component, Path, PathBuf},
};

use clap::Args;

/// The beginning of a path to one of Accord's crates in the manifest of the project that is a member of this workspace.
const HERE: &str = "path = \"../../../../../";

/// The version of the crates that belong to this command.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The source of the crates. Without one of these options it is the registry, where the version of this command has to
/// be published.
#[derive(Args)]
pub struct Crates {
    /// Build with the checkout of Accord in DIR, instead of the versions in the registry. A relative DIR is written
    /// relative to the project, which then builds wherever the two folders lie as they do here.
    #[arg(long, value_name = "DIR", conflicts_with = "accord_git")]
    accord_path: Option<PathBuf>,
    /// Build with the Git repository of Accord, or of a fork, at URL: its default branch, unless one of the next three
    /// options names something else.
    #[arg(long, value_name = "URL")]
    accord_git: Option<String>,
    /// The commit of `--accord-git` to build with.
    #[arg(long, requires = "accord_git", group = "revision")]
    rev: Option<String>,
    /// The tag of `--accord-git` to build with.
    #[arg(long, requires = "accord_git", group = "revision")]
    tag: Option<String>,
    /// The branch of `--accord-git` to build with.
    #[arg(long, requires = "accord_git", group = "revision")]
    branch: Option<String>,
}

impl Crates {
    /// The manifest of a project in `dir`, made of that of the project in this workspace.
    ///
    /// # Errors
    /// If the folder is not a checkout.
    pub fn manifest(&self, manifest: &str, dir: &Path) -> Result<String, String> {
        let checkout = self.accord_path.as_deref().map(|path| checkout(path, dir)).transpose()?;
        let line =
            |line: &str| match line.split_once(HERE).and_then(|(before, path)| Some((before, path.split_once('"')?))) {
                Some((before, (path, after))) => format!("{before}{}{after}\n", self.source(path, checkout.as_deref())),
                None => format!("{line}\n"),
            };
        let manifest: String = manifest.lines().map(line).collect();
        Ok(manifest.replace(&format!("{{ version = \"{VERSION}\" }}"), &format!("\"{VERSION}\"")))
    }

    /// The source of the crate at `path` in a checkout, as TOML.
    fn source(&self, path: &str, checkout: Option<&str>) -> String {
        if let Some(checkout) = checkout {
            return format!("path = {}", quoted(&format!("{checkout}/{path}")));
        }
        let Some(url) = &self.accord_git else { return format!("version = {}", quoted(VERSION)) };
        let revision = [("rev", &self.rev), ("tag", &self.tag), ("branch", &self.branch)];
        let revision = revision.iter().filter_map(|(key, name)| Some((*key, name.as_ref()?)));
        let parts = iter::once(("git", url)).chain(revision);
        parts.map(|(key, text)| format!("{key} = {}", quoted(text))).collect::<Vec<_>>().join(", ")
    }

    /// A sentence on the source, for users who have not chosen one.
    pub fn remark(&self) -> String {
        if self.accord_path.is_some() || self.accord_git.is_some() {
            return String::new();
        }
        format!(
            "\nIt is built with version {VERSION} of Accord from the registry. To build it with a checkout or a fork, give \
             `--accord-path` or `--accord-git`.\n"
        )
    }
}

/// The path of a checkout as the manifest of a project in `dir` names it.
fn checkout(path: &Path, dir: &Path) -> Result<String, String> {
    if !path.join("macros/gateway/Cargo.toml").is_file() {
        return Err(format!(
            "error: {} is not a checkout of Accord\n\
             help: give `--accord-path` the folder of a checkout of this version, which has `macros/gateway` in it\n",
            path.display()
        ));
    }
    if path.is_absolute() {
        return Ok(path.to_string_lossy().into_owned());
    }
    let path = relative(&physical(path), &physical(dir));
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    Ok(parts.join("/"))
}

/// The way from the folder `from` to `to`, both of them absolute.
fn relative(to: &Path, from: &Path) -> PathBuf {
    let shared = to.components().zip(from.components()).take_while(|(to, from)| to == from).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// The absolute path without links of a folder, the last parts of which need not exist yet.
fn physical(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known = path.ancestors().find_map(|folder| Some((folder, folder.canonicalize().ok()?)));
    match known {
        Some((folder, known)) => known.join(path.strip_prefix(folder).unwrap_or(Path::new(""))),
        None => path,
    }
}

/// A text as TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
