//! The arguments of `accord`, and what it does with them.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::flows;

/// Check a protocol schema, and generate what follows from it.
#[derive(Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check a schema and all that it includes.
    ///
    /// Prints every error with the lines that it is about and how to mend it. The exit status is 1 if there are any.
    Check(Check),
    /// Generate what follows from a schema.
    #[command(subcommand)]
    Gen(Output),
}

#[derive(Subcommand)]
enum Output {
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

#[derive(Args)]
struct Generate {
    /// The schema's first file, for example `schema/chat.yaml`.
    schema: PathBuf,
    #[command(flatten)]
    destination: Destination,
}

#[derive(Args)]
struct All {
    /// The schema's first file, for example `schema/chat.yaml`.
    schema: PathBuf,
    /// Write nothing: name the files that are not as the schema makes them, and fail where there are any.
    #[arg(long)]
    check: bool,
}

#[derive(Args)]
struct Destination {
    /// Write to this file instead of printing.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Check { schema } => check(&schema),
        Command::Gen(Output::All(all)) => all.run(),
        Command::Gen(Output::Rust(generate)) => generate.run(emit::rust::emit),
        Command::Gen(Output::JsonSchema(generate)) => {
            generate.run(|model| emit::pretty(&emit::json_schema::bundle(model)))
        }
        Command::Gen(Output::TypeScript(generate)) => generate.run(emit::typescript::protocol),
        Command::Gen(Output::Asyncapi(generate)) => {
            generate.run(|model| emit::pretty(&emit::asyncapi::document(model)))
        }
        Command::Gen(Output::Openapi(generate)) => generate.run(|model| emit::pretty(&emit::openapi::document(model))),
        Command::Gen(Output::Docs(generate)) => generate.docs(),
        Command::Gen(Output::Meta(destination)) => destination.put(&emit::pretty(&source::meta_schema())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            eprint!("{report}");
            ExitCode::FAILURE
        }
    }
}

fn check(schema: &Path) -> Result<(), String> {
    let model = load(schema)?;
    let client: usize = model.domains.iter().map(|domain| domain.client.len()).sum();
    let server: usize = model.domains.iter().map(|domain| domain.server.len()).sum();
    let summary = format!(
        "{}: {}, {}, {}, {}, {}; no errors\n",
        schema.display(),
        count(client, "client event"),
        count(server, "server event"),
        count(model.types.len(), "type"),
        count(model.errors.len(), "error"),
        count(model.http.operations.len(), "REST operation"),
    );
    print(&summary)
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The model of a schema, else the report of its errors.
fn load(schema: &Path) -> Result<Model, String> {
    accord_codegen::load(schema).map_err(|diagnostics| report(&diagnostics))
}

/// What is printed of errors.
pub fn report(diagnostics: &Diagnostics) -> String {
    diagnostics.render(is_colourful())
}

/// Whether errors are written to a terminal whose user has not asked for plain text (see <https://no-color.org>).
fn is_colourful() -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !refused && io::stderr().is_terminal()
}

impl All {
    fn run(&self) -> Result<(), String> {
        let model = load(&self.schema)?;
        let files = emit::files(&model, &flows::load(&model)?);
        let folder = self.schema.with_file_name("generated");
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
            let remedy = format!("run `accord gen all {}`", self.schema.display());
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
    fn docs(&self) -> Result<(), String> {
        let model = load(&self.schema)?;
        self.destination.put(&emit::docs::html(&model, &flows::load(&model)?))
    }

    fn run(&self, emit: impl FnOnce(&Model) -> String) -> Result<(), String> {
        self.destination.put(&emit(&load(&self.schema)?))
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

/// A reader that has seen enough (`accord … | head`) is no error.
fn print(text: &str) -> Result<(), String> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("error: cannot write: {error}\n")),
        _ => Ok(()),
    }
}
