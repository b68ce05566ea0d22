//! `accord new event`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use accord_language::{
    Model, Schema, case,
    diagnostic::instead,
    model::{Place, Scope},
    source::{self, LoadedFile},
};
use accord_review::lint;
use clap::{Args, ValueEnum};

use super::{changes::Changes, declaration::Declaration, flow, handler, precedent, yaml::Document};
use crate::{flows, schema::report, terminal::print};

/// The arguments of `accord new event`.
#[derive(Args)]
pub struct NewEvent {
    /// The event, verb first: `highlight_message`.
    name: String,
    /// The scope of the event's room.
    #[arg(long)]
    scope: String,
    /// The domain of the event: the name of a file of events, without `.yaml`.
    #[arg(long)]
    domain: String,
    /// Create the file of a new domain.
    #[arg(long)]
    new_domain: bool,
    /// The schema's main file. Defaults to the one in the folder `schema`.
    #[arg(long)]
    schema: Option<PathBuf>,
    /// The server event that it leads to. By default, its name is derived from the event's: `message_highlighted`.
    #[arg(long, value_name = "SERVER_EVENT")]
    emits: Option<String>,
    /// The receivers of that server event.
    #[arg(long, value_enum, default_value_t = To::Scope)]
    to: To,
    /// Write nothing, and print what would change as a unified diff.
    #[arg(long)]
    dry_run: bool,
}

/// The receivers of a server event.
#[derive(Clone, Copy, ValueEnum)]
enum To {
    /// All who have joined the room.
    Scope,
    /// All of those except the caller.
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
        let schema = accord_review::load(&path).map_err(|diagnostics| report(&diagnostics))?;
        let (scope, emits) = (self.scope(&schema.model)?, self.emits(&schema)?);
        let version = schema.model.protocol.version.as_str();
        let is_released = path.with_file_name("history").join(version).is_dir();
        let domain = schema.model.domains.iter().find(|domain| domain.name == self.domain);
        let declaration = Declaration {
            name: &self.name,
            emits: &emits,
            is_emitted_elsewhere: schema.model.server_events().any(|event| event.name == emits),
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
        let loaded = Schema::load_from(&changes, &path).and_then(accord_review::lint::check_settings);
        let model = loaded.map_err(|diagnostics| {
            format!(
                "{}help: choose other names: no file has been changed, so these lines are not in the schema\n",
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
        let mut next =
            vec![format!("declare in {} what it carries besides `{}`", file.display(), declaration.key.name)];
        if is_released {
            next.push(format!(
                "{version} is released: raise the protocol's version, and set `since` of what is new to it"
            ));
        }
        next.extend(advice);
        next.push(match handlers {
            0 => "write its handler: found no sources nearby that compile the schema".to_owned(),
            _ => "write its logic: until then, clients that send it get the server's failure as the answer".to_owned(),
        });
        if model.model.flows.is_some() {
            next.push("complete its flow, which passes once the logic is written".to_owned());
        }
        next.push(format!(
            "run `cargo build`, and `accord gen all {}` to update the files for clients",
            path.display()
        ));
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
                && source::read_file(path).is_ok_and(|text| text.lines().any(|line| line.starts_with("protocol:")))
        };
        let mut found: Vec<PathBuf> = files.filter(is_first).collect();
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (found, _) => {
                let count = if found.is_some() { "are several schemas" } else { "is no schema" };
                Err(format!("error: there {count} in the folder `schema`\nhelp: name the main file with `--schema`\n"))
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
        let location = |place: &Place| schema.sources.location(place.span());
        let client = model.client_events().map(|event| (&event.name, &event.place));
        let server = model.server_events().map(|event| (&event.name, &event.place));
        if let Some((name, place)) = client.chain(server).find(|(name, _)| **name == self.name) {
            return Err(format!(
                "error: there is an event `{name}` already: {}\nhelp: choose another name, or edit that one\n",
                location(place)
            ));
        }
        if let Some(emits) = &self.emits {
            named(emits, "event")?;
            if emits == &self.name || model.client_events().any(|event| event.name == *emits) {
                return Err(format!(
                    "error: clients send `{emits}`, so `{}` cannot lead to it\n\
                     help: name the resulting event with `--emits`, after what has happened: `message_highlighted`\n",
                    self.name
                ));
            }
            return Ok(emits.clone());
        }
        let emits = lint::outcome(model, &self.name).ok_or_else(|| {
            format!(
                "error: the name of the event that `{}` leads to cannot be derived from its own\n\
                 help: name it with `--emits`, after what has happened: `message_highlighted`\n",
                self.name
            )
        })?;
        match model.server_event(&emits) {
            None => Ok(emits),
            Some(event) => Err(format!(
                "error: there is an event `{emits}` already: {}\n\
                 help: if `{}` leads to that one, say so with `--emits {emits}`; otherwise choose another name\n",
                location(&event.place),
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
                "error: there is no domain `{}`\nhelp: {known}\nhelp: `--new-domain` creates a file for it\n",
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
                "error: {} exists already, but is not a domain of the schema\n\
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

/// The tree of a schema's file.
fn file_tree(path: &Path, text: &str) -> Result<accord_language::source::Node, String> {
    let mut cx = accord_language::source::Context::default();
    let any =
        accord_language::source::read_text::<accord_language::source::Any>(&path.display().to_string(), text, &mut cx);
    any.map(|any| any.0).ok_or_else(|| format!("error: {} cannot be read\n", path.display()))
}

fn is_domain(file: &LoadedFile) -> bool {
    !file.schema.client.is_absent() || !file.schema.server.is_absent()
}

/// The name of the domain in this file.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Checks that a name is in snake_case.
fn named(name: &str, what: &str) -> Result<(), String> {
    if case::is_snake(name) {
        return Ok(());
    }
    let snake = case::snake(name);
    let help = match case::is_snake(&snake) {
        true => format!("write `{snake}`"),
        false => "begin with a letter, and use lower case letters, digits and `_`".to_owned(),
    };
    Err(format!("error: `{name}` cannot be the name of {}: names are in snake_case\nhelp: {help}\n", article(what)))
}

fn article(what: &str) -> String {
    if what.starts_with('e') { format!("an {what}") } else { format!("a {what}") }
}

/// The findings of `accord lint` that a schema did not have before.
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
