//! `accord gen`.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use accord_flows::drawing::Chapter;
use accord_language::{Model, source};
use clap::{Args, Subcommand};

use crate::{
    flows,
    schema::SchemaPath,
    terminal::{count, print},
};

/// The outputs of `accord gen`.
#[derive(Subcommand)]
pub enum Output {
    /// All of these and the npm package, as files in the folder `generated` beside the schema. Files in its folders that
    /// the schema does not generate are removed.
    All(All),
    /// Rust code: types with their validation, error types, and one trait of handlers for each file of events.
    Rust(Generate),
    /// JSON Schema 2020-12 of all types.
    JsonSchema(Generate),
    /// TypeScript declarations of types, errors and events; `all` writes the whole npm package.
    #[command(name = "typescript")]
    TypeScript(Generate),
    /// AsyncAPI 3.0 of the events.
    Asyncapi(Generate),
    /// OpenAPI 3.1 of the REST operations.
    Openapi(Generate),
    /// The reference for client developers, as one HTML page; `all` writes it as Markdown as well.
    Docs(Generate),
    /// The JSON Schema of the schema language, with which editors check and complete a schema's YAML.
    Meta(Destination),
}

/// The arguments of one output.
#[derive(Args)]
pub struct Generate {
    #[command(flatten)]
    path: SchemaPath,
    #[command(flatten)]
    destination: Destination,
}

/// The arguments of `accord gen all`.
#[derive(Args)]
pub struct All {
    #[command(flatten)]
    path: SchemaPath,
    /// Write nothing: list the files that are out of date, and fail if there are any.
    #[arg(long)]
    check: bool,
}

/// The destination of an output.
#[derive(Args)]
pub struct Destination {
    /// Write to this file instead of printing.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

impl Output {
    /// Generates it.
    pub fn run(&self) -> Result<(), String> {
        match self {
            Output::All(all) => all.run(),
            Output::Rust(generate) => generate.run(accord_codegen::emit),
            Output::JsonSchema(generate) => {
                generate.run(|model| accord_documents::pretty(&accord_documents::json_schema::bundle(model)))
            }
            Output::TypeScript(generate) => generate.run(accord_documents::typescript::protocol),
            Output::Asyncapi(generate) => {
                generate.run(|model| accord_documents::pretty(&accord_documents::asyncapi::document(model)))
            }
            Output::Openapi(generate) => {
                generate.run(|model| accord_documents::pretty(&accord_documents::openapi::document(model)))
            }
            Output::Docs(docs) => docs.destination.put(&flows::page(&docs.path.load()?)?),
            Output::Meta(destination) => destination.put(&accord_documents::pretty(&source::meta_schema())),
        }
    }
}

impl All {
    fn run(&self) -> Result<(), String> {
        let model = self.path.load()?;
        let made = Made::of(&model, &flows::load(&model)?, &self.path.schema);
        let (folder, files) = (made.folder.display(), count(made.files.len(), "file"));
        if !self.check {
            made.write()?;
            return print(&format!("{folder}: {files}\n"));
        }
        let stale: Vec<_> = made.stale().map(|(path, _)| path).chain(made.gone()).collect();
        if stale.is_empty() {
            return print(&format!("{folder}: {files} up to date\n"));
        }
        let stale: String = stale.iter().map(|path| format!("  {}\n", path.display())).collect();
        let remedy = format!("run `accord gen all {}`", self.path.schema.display());
        Err(format!("error: out of date; {remedy}:\n{stale}"))
    }
}

/// All files that are generated from a schema, and their folder.
pub struct Made {
    folder: PathBuf,
    /// The files.
    pub files: Vec<accord_documents::File>,
}

impl Made {
    /// Generates them from the schema in this file.
    pub fn of(model: &Model, flows: &[Chapter], schema: &Path) -> Self {
        Made { folder: folder(schema), files: accord_documents::files(model, flows) }
    }

    /// Writes files that are missing or differ, and removes files that the schema does not generate; returns their
    /// number.
    pub fn write(&self) -> Result<usize, String> {
        let mut changed = 0;
        for (path, file) in self.stale() {
            let unwritable = |error: io::Error| format!("error: cannot write {}: {error}\n", path.display());
            path.parent().map_or(Ok(()), fs::create_dir_all).map_err(unwritable)?;
            fs::write(&path, &file.text).map_err(unwritable)?;
            changed += 1;
        }
        for path in self.gone() {
            fs::remove_file(&path).map_err(|error| format!("error: cannot remove {}: {error}\n", path.display()))?;
            changed += 1;
        }
        Ok(changed)
    }

    /// The files that are missing or differ.
    fn stale(&self) -> impl Iterator<Item = (PathBuf, &accord_documents::File)> {
        let files = self.files.iter().map(|file| (self.folder.join(&file.path), file));
        files.filter(|(path, file)| fs::read(path).ok().as_deref() != Some(file.text.as_bytes()))
    }

    /// Files in the emitters' own folders that the schema does not generate.
    fn gone(&self) -> Vec<PathBuf> {
        let paths: BTreeSet<PathBuf> = self.files.iter().map(|file| self.folder.join(&file.path)).collect();
        let own: BTreeSet<&str> = self.files.iter().filter_map(|file| Some(file.path.split_once('/')?.0)).collect();
        let there = own.iter().flat_map(|own| known(&self.folder.join(own)));
        there.filter(|path| !paths.contains(path)).collect()
    }
}

/// The folder of the files that are generated from a schema.
pub fn folder(schema: &Path) -> PathBuf {
    schema.with_file_name("generated")
}

/// The files that are in a folder and below it; links are not followed.
fn known(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_folder = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    entries.flat_map(|entry| if is_folder(&entry) { known(&entry.path()) } else { vec![entry.path()] }).collect()
}

impl Generate {
    fn run(&self, emit: impl FnOnce(&Model) -> String) -> Result<(), String> {
        self.destination.put(&emit(&self.path.load()?))
    }
}

impl Destination {
    fn put(&self, text: &str) -> Result<(), String> {
        match &self.out {
            None => print(text),
            Some(path) => {
                fs::write(path, text).map_err(|error| format!("error: cannot write {}: {error}\n", path.display()))
            }
        }
    }
}
