//! `accord new event`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use accord_codegen::{
    Model, Schema, case,
    diagnostic::instead,
    lint,
    model::Scope,
    source::{
        LoadedFile,
        path::{Path as Keys, Places},
    },
};
use clap::{Args, ValueEnum};

use super::{
    changes::Changes,
    declaration::Declaration,
    flow, handler,
    precedent::{self, client_events, server_events},
    yaml::Document,
};
use crate::{flows, schema::report, terminal::print};

/// The arguments of `accord new event`.
#[derive(Args)]
pub struct NewEvent {
    /// The event, verb first: `highlight_message`.
    name: String,
    /// The scope of the room that it has to do with.
    #[arg(long)]
    scope: String,
    /// The domain that it belongs to: a file of events, by its name without `.yaml`.
    #[arg(long)]
    domain: String,
    /// Begin a file for a domain that is not there yet.
    #[arg(long)]
    new_domain: bool,
    /// The schema's first file; without it, the one in the folder `schema`.
    #[arg(long)]
    schema: Option<PathBuf>,
    /// The server event that it leads to. Without it, one that is named after the event: `message_highlighted`.
    #[arg(long, value_name = "SERVER_EVENT")]
    emits: Option<String>,
    /// Who gets that.
    #[arg(long, value_enum, default_value_t = To::Scope)]
    to: To,
    /// Write nothing, and print what would change as a unified diff.
    #[arg(long)]
    dry_run: bool,
}

/// Who gets a server event.
#[derive(Clone, Copy, ValueEnum)]
enum To {
    /// All who have joined the room.
    Scope,
    /// All of those but the caller.
    Others,
    /// The caller alone.
    Caller,
}

impl To {
    fn word(self) -> &'static str {
        match self {
            To::Scope => "scope",
            To::Others => "others",
            To::Caller => "caller",
        }
    }
}

impl NewEvent {
    /// Declares the event, and begins its handler and its flow.
    pub fn run(&self) -> Result<(), String> {
        let path = self.schema()?;
        let schema = Schema::load(&path).map_err(|diagnostics| report(&diagnostics))?;
        let (scope, emits) = (self.scope(&schema.model)?, self.emits(&schema)?);
        let version = schema.model.protocol.version.as_str();
        let is_released = path.with_file_name("history").join(version).is_dir();
        let domain = schema.model.domains.iter().find(|domain| domain.name == self.domain);
        let declaration = Declaration {
            name: &self.name,
            emits: &emits,
            is_emitted_elsewhere: server_events(&schema.model).any(|event| event.name == emits),
            to: self.to.word(),
            scope,
            key: precedent::key(&schema.model, scope),
            user: precedent::user(&schema.model)
                .filter(|user| user.name != scope.key && !matches!(self.to, To::Caller)),
            limit: precedent::limit(&schema.model, domain),
            since: (!is_released && precedent::tells_since(&schema.model, domain)).then_some(version),
        };

        let mut changes = Changes::default();
        let file = self.declare(&schema, &declaration, &mut changes)?;
        let model = Schema::load_from(&changes, &path).map_err(|diagnostics| {
            format!(
                "{}help: choose other names: nothing has been written, and these lines are not there\n",
                report(&diagnostics)
            )
        })?;
        let advice = new_findings(&schema, &model);
        let handlers = handler::add(&model.model, &self.domain, &self.name, &path, &mut changes)?;
        if let Some(folder) = &model.model.flows {
            flow::add(&model.model, &self.domain, &declaration, &flows::read(folder)?, folder, &mut changes)?;
        }
        if self.dry_run {
            return print(&changes.diff());
        }
        changes.make()?;
        let mut next = vec![format!("say in {} what it carries besides `{}`", file.display(), declaration.key.name)];
        if is_released {
            next.push(format!(
                "{version} is released: raise the protocol's version, and let `since` of what is new be that"
            ));
        }
        next.extend(advice);
        next.push(match handlers {
            0 => "write its handler: no sources that compile the schema are near it".to_owned(),
            _ => "write its logic: until then, whoever sends it is told that the server has failed".to_owned(),
        });
        if model.model.flows.is_some() {
            next.push("complete its flow, which passes once the logic is there".to_owned());
        }
        next.push(format!("run `cargo build`, and `accord gen all {}` for what clients take", path.display()));
        let next: String = next.iter().map(|step| format!("  - {step}\n")).collect();
        print(&format!("Written:\n{}\nNext:\n{next}", changes.summary()))
    }

    /// The schema that is given, else the only one in the folder `schema`.
    fn schema(&self) -> Result<PathBuf, String> {
        if let Some(schema) = &self.schema {
            return Ok(schema.clone());
        }
        let files = fs::read_dir("schema").into_iter().flatten().flatten().map(|entry| entry.path());
        let is_first = |path: &PathBuf| {
            path.extension().is_some_and(|extension| extension == "yaml")
                && fs::read_to_string(path).is_ok_and(|text| text.lines().any(|line| line.starts_with("protocol:")))
        };
        let mut found: Vec<PathBuf> = files.filter(is_first).collect();
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (found, _) => {
                let count = if found.is_some() { "are several schemas" } else { "is no schema" };
                Err(format!("error: there {count} in the folder `schema`\nhelp: name the first file by `--schema`\n"))
            }
        }
    }

    fn scope<'m>(&self, model: &'m Model) -> Result<&'m Scope, String> {
        let names: Vec<&str> = model.scopes.iter().map(|scope| scope.name.as_str()).collect();
        model.scopes.iter().find(|scope| scope.name == self.scope).ok_or_else(|| {
            format!("error: there is no scope `{}`\nhelp: {}\n", self.scope, instead(&self.scope, names))
        })
    }

    /// The server event that the event leads to, once both names are known to be good.
    fn emits(&self, schema: &Schema) -> Result<String, String> {
        let model = &schema.model;
        named(&self.name, "event")?;
        let declared = |section: &str, name: &str| {
            let place = Places(&schema.files).exact(&Keys::of(&[section, name]));
            place.map_or_else(String::new, |span| format!(": {}", schema.sources.location(span)))
        };
        let section = match () {
            () if client_events(model).any(|event| event.name == self.name) => Some("client"),
            () if server_events(model).any(|event| event.name == self.name) => Some("server"),
            () => None,
        };
        if let Some(section) = section {
            return Err(format!(
                "error: there is an event `{}` already{}\nhelp: choose another name, or edit that one\n",
                self.name,
                declared(section, &self.name)
            ));
        }
        if let Some(emits) = &self.emits {
            named(emits, "event")?;
            if emits == &self.name || client_events(model).any(|event| event.name == *emits) {
                return Err(format!(
                    "error: `{emits}` is what clients send, and cannot follow from `{}`\n\
                     help: name by `--emits` what has happened then: `message_highlighted`\n",
                    self.name
                ));
            }
            return Ok(emits.clone());
        }
        let emits = lint::outcome(model, &self.name).ok_or_else(|| {
            format!(
                "error: what the event is called that `{}` leads to cannot be told from its name\n\
                 help: name it by `--emits`, after what has happened: `message_highlighted`\n",
                self.name
            )
        })?;
        match server_events(model).find(|event| event.name == emits) {
            None => Ok(emits),
            Some(_) => Err(format!(
                "error: there is an event `{emits}` already{}\n\
                 help: if `{}` leads to that one, say so by `--emits {emits}`; else name another\n",
                declared("server", &emits),
                self.name
            )),
        }
    }

    /// Adds the declaration to the file of its domain, which is returned.
    fn declare(
        &self,
        schema: &Schema,
        declaration: &Declaration<'_>,
        changes: &mut Changes,
    ) -> Result<PathBuf, String> {
        named(&self.domain, "domain")?;
        let what = match declaration.is_emitted_elsewhere {
            true => format!("`{}`", self.name),
            false => format!("`{}` and `{}`", self.name, declaration.emits),
        };
        let domains: Vec<&LoadedFile> = schema.files.iter().filter(|file| is_domain(file)).collect();
        if let Some(file) = domains.iter().find(|file| stem(&file.path) == self.domain) {
            let mut text = schema.sources.text(file.start.file).to_string();
            let mut add = |section: &str, entry: &str, before: &[&str]| {
                let tree = file_tree(&file.path, &text)?;
                let document = Document { text: &text, tree: &tree };
                text = document
                    .append(section, entry, before)
                    .map_err(|why| format!("error: {}: {why}\n", file.path.display()))?;
                Ok::<_, String>(())
            };
            add("client", &declaration.client(), &["server", "http", "lint"])?;
            if let Some(server) = declaration.server() {
                add("server", &server, &["http", "lint"])?;
            }
            changes.put(&file.path, text, &what);
            return Ok(file.path.clone());
        }
        if !self.new_domain {
            let names: Vec<String> = domains.iter().map(|file| stem(&file.path)).collect();
            let known = instead(&self.domain, names.iter().map(String::as_str));
            return Err(format!(
                "error: there is no domain `{}`\nhelp: {known}\nhelp: `--new-domain` begins a file for it\n",
                self.domain
            ));
        }
        self.begin_domain(schema, &domains, declaration, &what, changes)
    }

    /// Begins a file beside those of the other domains.
    fn begin_domain(
        &self,
        schema: &Schema,
        domains: &[&LoadedFile],
        declaration: &Declaration<'_>,
        what: &str,
        changes: &mut Changes,
    ) -> Result<PathBuf, String> {
        let first = &schema.files[0];
        let includes = first.schema.include.get().map(Vec::as_slice).unwrap_or_default();
        let is_of_domain = |include: &&str| {
            let path = first.relative(include);
            domains.iter().any(|file| file.path == path)
        };
        let neighbour = includes.iter().map(|include| include.as_str()).rfind(is_of_domain);
        let include = match neighbour.and_then(|neighbour| neighbour.rsplit_once('/')) {
            Some((folder, _)) => format!("{folder}/{}.yaml", self.domain),
            None => format!("{}.yaml", self.domain),
        };
        let path = first.relative(&include);
        if path.exists() {
            return Err(format!(
                "error: {} is there already, and no domain of the schema\n\
                 help: include it in {}, or choose another name\n",
                path.display(),
                first.path.display()
            ));
        }
        let beside = neighbour.map_or_else(|| first.path.clone(), |neighbour| first.relative(neighbour));
        let beside = changes.text(&beside)?;
        let header = beside.lines().next().filter(|line| line.starts_with("# yaml-language-server"));
        let header = header.map(|line| format!("{line}\n")).unwrap_or_default();
        let section = |entry: &str| entry.lines().map(|line| format!("  {line}\n")).collect::<String>();
        let mut words = self.domain.replace('_', " ");
        words[..1].make_ascii_uppercase();
        let mut text = format!("{header}summary: {words}.\nclient:\n{}", section(&declaration.client()));
        if let Some(server) = declaration.server() {
            text.push_str("server:\n");
            text.push_str(&section(&server));
        }
        changes.put(&path, text, what);
        let document = Document { text: schema.sources.text(first.start.file), tree: &first.document };
        let included = document.list("include", &include, neighbour.unwrap_or_default(), "protocol");
        changes.put(&first.path, included, &format!("the inclusion of {include}"));
        Ok(path)
    }
}

/// What a schema's file has to say, as a tree.
fn file_tree(path: &Path, text: &str) -> Result<accord_codegen::source::Node, String> {
    let mut cx = accord_codegen::source::Context::default();
    let any =
        accord_codegen::source::read_text::<accord_codegen::source::Any>(&path.display().to_string(), text, &mut cx);
    any.map(|any| any.0).ok_or_else(|| format!("error: {} cannot be read\n", path.display()))
}

fn is_domain(file: &LoadedFile) -> bool {
    !file.schema.client.is_absent() || !file.schema.server.is_absent()
}

/// What a domain is called whose file this is.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Holds a name to be in snake_case.
fn named(name: &str, what: &str) -> Result<(), String> {
    if case::is_snake(name) {
        return Ok(());
    }
    let snake = case::snake(name);
    let help = match case::is_snake(&snake) {
        true => format!("write `{snake}`"),
        false => "begin with a letter, and use lower case letters, digits and `_`".to_owned(),
    };
    Err(format!("error: `{name}` is no name of {}: names are in snake_case\nhelp: {help}\n", article(what)))
}

fn article(what: &str) -> String {
    if what.starts_with('e') { format!("an {what}") } else { format!("a {what}") }
}

/// What `accord lint` says of a schema that it did not say of it before.
fn new_findings(before: &Schema, after: &Schema) -> Vec<String> {
    let (before, after) = (lint::lint(before), lint::lint(after));
    let known = |reported: &&lint::Reported| {
        !before.list.iter().any(|old| old.rule.id == reported.rule.id && old.at == reported.at)
    };
    let line = |reported: &lint::Reported| {
        format!("{} ({}): {}", reported.diagnostic.message, reported.rule.id, reported.rule.remedy)
    };
    after.list.iter().filter(known).map(line).collect()
}
