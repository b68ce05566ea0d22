//! What a release tells front-end teams: a section of the changelog.

use super::{
    Release,
    promises::{is, thing_at},
    step::is_of_words,
};
use crate::{
    Model,
    diff::{
        Finding, Rule,
        rules::{
            ACK_SOURCE, CHOICE_KIND, CLIENT_EVENT_ADDED, CODE_ADDED, DEPRECATION_ADDED, DEPRECATION_CHANGED,
            DEPRECATION_REMOVED, DESCRIPTION, ERROR_ADDED, EXAMPLE, FIELD_ADDED, LICENSE, LIMIT_ADDED, OPERATION_ADDED,
            RECURSION, RULE_RENAMED, SCOPE_ADDED, SCOPE_REMOVED, SERVER_EVENT_ADDED, SUMMARY, TYPE_ADDED,
        },
    },
    lint::{Protocol, Sort, Thing, method_name},
    model::{Deprecated, ErrorDef, Operation, Shape, TypeId},
};

/// What clients see nothing of, or are told of by what has it.
const UNSEEN: [&Rule; 9] = [
    &SCOPE_ADDED,
    &SCOPE_REMOVED,
    &LIMIT_ADDED,
    &TYPE_ADDED,
    &CODE_ADDED,
    &ACK_SOURCE,
    &CHOICE_KIND,
    &RECURSION,
    &RULE_RENAMED,
];

/// The order in which front-end teams are told of what is new.
const ORDER: [Sort; 5] = [Sort::Request, Sort::Event, Sort::Field, Sort::Operation, Sort::Error];

/// How many characters a line has at most.
const WIDTH: usize = 120;

impl Release<'_> {
    /// The heading of its section.
    pub fn heading(&self) -> String {
        format!("## Protocol {} {}", self.new.model.protocol.name, self.version())
    }

    /// Its section of the changelog, in Markdown: what is new, what is going away, what has changed, and what breaks.
    pub fn news(&self) -> String {
        let Some(old) = self.old else { return self.first() };
        let before = &old.model.protocol.version;
        let protocol = Protocol::new(&self.new.model);
        let breaks = self.findings.iter().any(|finding| finding.breaks.wire);
        let lead = match (breaks, self.findings.is_empty()) {
            (true, _) => format!("Clients of {before} have to be changed for it, as said under “Breaking”."),
            (false, true) => format!("Nothing has changed since {before}."),
            (false, false) => format!("Clients of {before} go on working as they are."),
        };
        let seen = || self.findings.iter().filter(|finding| !finding.breaks.wire && !is(finding, &UNSEEN));
        let mut new: Vec<_> = seen().filter_map(|finding| self.addition(&protocol, finding)).collect();
        new.sort_by_key(|(sort, _)| ORDER.iter().position(|other| other == sort));
        let new = new.into_iter().map(|(_, told)| told);
        let going = seen().filter_map(|finding| self.deprecation(&protocol, finding));
        let told = |finding: &&Finding| is_new(finding) || is_deprecation(finding);
        let changed =
            seen().filter(|finding| !told(finding) && (!is_of_words(finding) || is(finding, &[&DEPRECATION_REMOVED])));
        let changed = changed.map(change).chain(self.words());
        let broken = self.findings.iter().filter(|finding| finding.breaks.wire).map(|finding| self.breakage(finding));
        let mut text = format!("{}\n\n{lead}\n", self.heading());
        for (title, items) in [
            ("Breaking", broken.collect::<Vec<_>>()),
            ("New", new.collect()),
            ("Deprecated", going.collect()),
            ("Changed", changed.collect()),
        ] {
            if !items.is_empty() {
                let items: String = items.iter().map(|item| wrapped(&format!("- {item}"), "  ")).collect();
                text += &format!("\n### {title}\n{items}");
            }
        }
        text
    }

    fn first(&self) -> String {
        let model = &self.new.model;
        let client: usize = model.domains.iter().map(|domain| domain.client.len()).sum();
        let server: usize = model.domains.iter().map(|domain| domain.server.len()).sum();
        let summary = &model.protocol.doc.summary;
        let (operations, errors) = (model.http.operations.len(), model.errors.len());
        let text = format!(
            "The first release. {summary} Clients send {client} events, and listen for {server}; there are {operations} REST \
             operations, and {errors} errors."
        );
        format!("{}\n\n{}", self.heading(), wrapped(&text, ""))
    }

    /// Something new, with its sentence.
    fn addition(&self, protocol: &Protocol<'_>, finding: &Finding) -> Option<(Sort, String)> {
        let model = &self.new.model;
        let thing = thing_at(protocol, self.new, finding).filter(|_| is_new(finding))?;
        let summary = &thing.doc.summary;
        let told = match thing.sort {
            Sort::Request => {
                let event = protocol.requests().map(|(_, event)| event).find(|event| event.name == thing.name)?;
                let fields = fields(model, event.payload);
                format!("Send `{}`: {summary}{}", event.name, said_of_fields("It takes", &fields))
            }
            Sort::Event => {
                let event = protocol.server_events().map(|(_, event)| event).find(|event| event.name == thing.name)?;
                let fields = fields(model, event.payload);
                format!("Listen for `{}`: {summary}{}", event.name, said_of_fields("It carries", &fields))
            }
            Sort::Operation => {
                let operation = model.http.operations.iter().find(|operation| operation.name == thing.name)?;
                let fields = fields(model, operation.input);
                format!("Call {}: {summary}{}", route(operation), said_of_fields("It takes", &fields))
            }
            Sort::Error => {
                let error = model.errors.iter().find(|error| error.name == thing.name)?;
                format!("Expect {}: {summary}", answer(error))
            }
            _ => {
                let owner = thing.place.name().rsplit_once('.').map_or("", |(owner, _)| owner);
                let verb = if finding.sent_by.is_empty() { "takes" } else { "has" };
                let whose: String = users(finding).filter(|users| users != &format!("`{owner}`")).collect();
                let whose = if whose.is_empty() { String::new() } else { format!(" ({whose})") };
                format!("`{owner}` {verb} `{}`{whose}: {}", thing.name, sentence(protocol, thing))
            }
        };
        Some((thing.sort, told))
    }

    /// Something that is going away, what to use instead, and until when.
    fn deprecation(&self, protocol: &Protocol<'_>, finding: &Finding) -> Option<String> {
        let mut things = protocol.things.iter().filter(|_| is_deprecation(finding));
        let thing = things.find(|thing| Some(thing.place.key(&["deprecated"]).span(&self.new.files)) == finding.new)?;
        let Deprecated { r#use, until, .. } = thing.doc.deprecated.as_ref()?;
        let instead = r#use.as_ref().map_or(String::new(), |instead| format!(" Use {instead} instead."));
        let until = match until {
            Some(until) => format!("it works until {until}, which will be without it."),
            None => "it works until a version to come.".to_owned(),
        };
        Some(format!("`{}`: {until}{instead}", thing.place.name()))
    }

    /// What was only said in other words.
    fn words(&self) -> Option<String> {
        let words = self.findings.iter().filter(|finding| is(finding, &[&LICENSE, &SUMMARY, &DESCRIPTION, &EXAMPLE]));
        let mut subjects: Vec<String> = Vec::new();
        for subject in words.map(|finding| format!("`{}`", finding.subject)) {
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
        (!subjects.is_empty()).then(|| format!("Said in other words, and meant as before: {}.", subjects.join(", ")))
    }

    /// What breaks, whom, and what to do.
    fn breakage(&self, finding: &Finding) -> String {
        let version = self.version();
        let by = |events: &[String]| events.iter().map(|event| format!("`{event}`")).collect::<Vec<_>>().join(", ");
        let mut text = format!("`{}`: {}.", finding.subject, finding.message);
        if finding.accepted_by.is_empty() && finding.sent_by.is_empty() {
            text += &format!(" {}", effect_on_clients(finding.rule));
        }
        if let Some(instead) = self.instead_of(finding) {
            text += &format!(" Use {instead} instead.");
        }
        if !finding.accepted_by.is_empty() {
            text += &format!(" See to what you send by {} before you move to {version}.", by(&finding.accepted_by));
        }
        if !finding.sent_by.is_empty() {
            text +=
                &format!(" Be ready for it in what you get by {} before you move to {version}.", by(&finding.sent_by));
        }
        text
    }

    /// What the deprecation of something that is gone has said to use instead.
    fn instead_of(&self, finding: &Finding) -> Option<String> {
        let old = self.old.filter(|_| finding.new.is_none())?;
        let protocol = Protocol::new(&old.model);
        let thing = protocol.things.iter().find(|thing| Some(thing.place.span(&old.files)) == finding.old)?;
        thing.doc.deprecated.as_ref()?.r#use.clone()
    }
}

/// What a field is: where it says nothing of its own, its type does.
fn sentence<'m>(protocol: &Protocol<'m>, field: &Thing<'m>) -> &'m str {
    let own = Some(field.doc.summary.as_str()).filter(|summary| !summary.is_empty());
    let value = || protocol.values.iter().find(|value| value.place == field.place);
    let of_type = || protocol.named(value()?.kind).map(|def| def.doc.summary.as_str());
    own.or_else(of_type).unwrap_or("what it says is in the reference.")
}

/// A paragraph in lines that are not too long, all but the first of them after `indent`.
fn wrapped(text: &str, indent: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a first line");
        if line.trim().is_empty() || line.chars().count() + 1 + word.chars().count() <= WIDTH {
            line.push_str(if line.trim().is_empty() { "" } else { " " });
            line.push_str(word);
        } else {
            lines.push(format!("{indent}{word}"));
        }
    }
    lines.join("\n") + "\n"
}

fn is_new(finding: &Finding) -> bool {
    is(finding, &[&CLIENT_EVENT_ADDED, &SERVER_EVENT_ADDED, &OPERATION_ADDED, &ERROR_ADDED, &FIELD_ADDED])
}

fn is_deprecation(finding: &Finding) -> bool {
    is(finding, &[&DEPRECATION_ADDED, &DEPRECATION_CHANGED])
}

/// Why something breaks, but for what only those are told who write the server.
fn effect_on_clients(rule: &Rule) -> String {
    let sentences = rule.why.split_inclusive(". ").map(str::trim_end);
    sentences.filter(|sentence| !sentence.contains("andler")).collect::<Vec<_>>().join(" ")
}

/// A change that breaks nobody in the field.
fn change(finding: &Finding) -> String {
    let sources = match finding.breaks.typescript {
        true => " Clients in TypeScript may have to be changed when they are next compiled.",
        false => "",
    };
    let users = users(finding).collect::<Vec<_>>().join("; ");
    let users = if users.is_empty() { users } else { format!(" ({users})") };
    format!("`{}`: {}{users}.{sources}", finding.subject, finding.message)
}

/// The events and operations that have the values of a type.
fn users(finding: &Finding) -> impl Iterator<Item = String> {
    let names = finding.accepted_by.iter().chain(&finding.sent_by);
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| names.join(", ")).into_iter()
}

/// The fields of an object, those that may be left out with `?` as in TypeScript.
fn fields(model: &Model, payload: Option<TypeId>) -> Vec<String> {
    match payload.map(|id| &model.types[id.0].shape) {
        Some(Shape::Object(object)) => {
            let name = |required: bool, name: &str| if required { format!("`{name}`") } else { format!("`{name}?`") };
            object.fields.iter().map(|field| name(field.required, &field.name)).collect()
        }
        _ => Vec::new(),
    }
}

fn said_of_fields(verb: &str, fields: &[String]) -> String {
    if fields.is_empty() { String::new() } else { format!(" {verb} {}.", fields.join(", ")) }
}

fn route(operation: &Operation) -> String {
    format!("`{} {}`", method_name(operation.method), operation.path)
}

fn answer(error: &ErrorDef) -> String {
    format!("`{}` (“{}”)", error.code, error.message)
}
