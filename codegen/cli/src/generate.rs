//! `accord gen`.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use accord_codegen::{Model, emit, source};
use clap::{Args, Subcommand};

use crate::{
    flows,
    schema::SchemaPath,
    terminal::{count, print},
};

/// What `accord gen` generates.
#[derive(Subcommand)]
pub enum Output {
    /// All files for those who do not build the server, into the folder `generated` beside the schema; what is in the
    /// folders there and does not follow from it is removed.
    All(All),
    /// Rust code: types with their checks, error types, and one trait of handlers for each file of events.
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
    /// The reference for those who build clients, as one HTML page; `all` writes it as Markdown as well.
    Docs(Generate),
    /// The JSON Schema of the schema language, by which editors check and complete a schema's YAML.
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
    /// Write nothing: name the files that are not as the schema makes them, and fail where there are any.
    #[arg(long)]
    check: bool,
}

/// Where an output goes.
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
            Output::Rust(generate) => generate.run(emit::rust::emit),
            Output::JsonSchema(generate) => generate.run(|model| emit::pretty(&emit::json_schema::bundle(model))),
            Output::TypeScript(generate) => generate.run(emit::typescript::protocol),
            Output::Asyncapi(generate) => generate.run(|model| emit::pretty(&emit::asyncapi::document(model))),
            Output::Openapi(generate) => generate.run(|model| emit::pretty(&emit::openapi::document(model))),
            Output::Docs(docs) => docs.destination.put(&flows::page(&docs.path.load()?)?),
            Output::Meta(destination) => destination.put(&emit::pretty(&source::meta_schema())),
        }
    }
}

impl All {
    fn run(&self) -> Result<(), String> {
        let model = self.path.load()?;
        let files = emit::files(&model, &flows::load(&model)?);
        let folder = self.path.schema.with_file_name("generated");
        let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(&file.path)).collect();
        // What is gone is looked for where the emitters have folders of their own.
        let own: BTreeSet<&str> = files.iter().filter_map(|file| Some(file.path.split_once('/')?.0)).collect();
        let there = own.iter().flat_map(|own| known(&folder.join(own)));
        let gone: Vec<PathBuf> = there.filter(|path| !paths.contains(path)).collect();
        if self.check {
            let differs =
                |(path, file): &(&PathBuf, &emit::File)| fs::read(path).ok().as_deref() != Some(file.text.as_bytes());
            let stale = paths.iter().zip(&files).filter(differs).map(|(path, _)| path.clone());
            let stale: Vec<String> = stale.chain(gone).map(|path| format!("  {}\n", path.display())).collect();
            if stale.is_empty() {
                return print(&format!(
                    "{}: {} as the schema makes them\n",
                    folder.display(),
                    count(files.len(), "file")
                ));
            }
            let remedy = format!("run `accord gen all {}`", self.path.schema.display());
            return Err(format!("error: not as the schema makes them; {remedy}:\n{}", stale.concat()));
        }
        for (path, file) in paths.iter().zip(&files) {
            let unwritable = |error: io::Error| format!("error: cannot write {}: {error}\n", path.display());
            path.parent().map_or(Ok(()), fs::create_dir_all).map_err(unwritable)?;
            fs::write(path, &file.text).map_err(unwritable)?;
        }
        for path in gone {
            fs::remove_file(&path).map_err(|error| format!("error: cannot remove {}: {error}\n", path.display()))?;
        }
        print(&format!("{}: {}\n", folder.display(), count(files.len(), "file")))
    }
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
