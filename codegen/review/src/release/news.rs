//! The section of the changelog about a release, for front-end teams.

use accord_language::{
    Model,
    model::{
        Deprecated, ErrorDef, Operation, Shape, TypeId,
        index::{Index, Sort, Thing},
    },
};
use textwrap::{Options, WordSplitter, fill};

use super::{
    Release,
    promises::{deprecated_at, is, thing_at},
    step::is_of_words,
};
use crate::diff::{
    DiffRule, Finding,
    rules::{
        ACK_SOURCE, CHOICE_KIND, CLIENT_EVENT_ADDED, CODE_ADDED, DEPRECATION_ADDED, DEPRECATION_CHANGED,
        DEPRECATION_REMOVED, DESCRIPTION, ERROR_ADDED, EXAMPLE, FIELD_ADDED, LICENSE, LIMIT_ADDED, OPERATION_ADDED,
        RECURSION, RULE_RENAMED, SCOPE_ADDED, SCOPE_REMOVED, SERVER_EVENT_ADDED, SUMMARY, TYPE_ADDED,
    },
};

/// Differences that clients do not see, or that another entry covers.
const UNSEEN: [&DiffRule; 9] = [
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

/// The order of news for front-end teams.
const ORDER: [Sort; 5] = [Sort::Request, Sort::Event, Sort::Field, Sort::Operation, Sort::Error];

/// The maximum length of a line, in characters.
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
        let index = Index::new(&self.new.model);
        let breaks = self.findings.iter().any(|finding| finding.breaks.wire);
        let lead = match (breaks, self.findings.is_empty()) {
            (true, _) => format!("Clients of {before} have to change, as described under “Breaking”."),
            (false, true) => format!("Nothing has changed since {before}."),
            (false, false) => format!("Clients of {before} keep working unchanged."),
        };
        let seen = || self.findings.iter().filter(|finding| !finding.breaks.wire && !is(finding, &UNSEEN));
        let mut new: Vec<_> = seen().filter_map(|finding| self.addition(&index, finding)).collect();
        new.sort_by_key(|(sort, _)| ORDER.iter().position(|other| other == sort));
        let new = new.into_iter().map(|(_, told)| told);
        let going = seen().filter_map(|finding| self.deprecation(&index, finding));
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
    fn addition(&self, index: &Index<'_>, finding: &Finding) -> Option<(Sort, String)> {
        let model = &self.new.model;
        let thing = thing_at(index, finding.new).filter(|_| is_new(finding))?;
        let summary = &thing.doc.summary;
        let told = match thing.sort {
            Sort::Request => {
                let event = index.requests().map(|(_, event)| event).find(|event| event.name == thing.name)?;
                let fields = fields(model, event.payload);
                format!("Send `{}`: {summary}{}", event.name, said_of_fields("It takes", &fields))
            }
            Sort::Event => {
                let event = index.server_events().map(|(_, event)| event).find(|event| event.name == thing.name)?;
                let mut fields = fields(model, event.payload);
                let seq = model.shown_payload(event).and_then(|shown| shown.seq);
                fields.extend(seq.map(|seq| format!("`{}`", seq.name)));
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
                let owner = thing.subject.name.rsplit_once('.').map_or("", |(owner, _)| owner);
                let verb = if finding.sent_by.is_empty() { "takes" } else { "has" };
                let whose: String = users(finding).filter(|users| users != &format!("`{owner}`")).collect();
                let whose = if whose.is_empty() { String::new() } else { format!(" ({whose})") };
                format!("`{owner}` {verb} `{}`{whose}: {}", thing.name, sentence(index, thing))
            }
        };
        Some((thing.sort, told))
    }

    /// Something that is going away, what to use instead, and until when.
    fn deprecation(&self, index: &Index<'_>, finding: &Finding) -> Option<String> {
        let (thing, Deprecated { r#use, until, .. }) =
            deprecated_at(index, finding.new).filter(|_| is_deprecation(finding))?;
        let instead = r#use.as_ref().map_or(String::new(), |instead| format!(" Use {instead} instead."));
        let until = match until {
            Some(until) => format!("it works until {until}, which removes it."),
            None => "it will be removed in a later version.".to_owned(),
        };
        Some(format!("`{}`: {until}{instead}", thing.subject.name))
    }

    /// The changes of wording.
    fn words(&self) -> Option<String> {
        let words = self.findings.iter().filter(|finding| is(finding, &[&LICENSE, &SUMMARY, &DESCRIPTION, &EXAMPLE]));
        let mut subjects: Vec<String> = Vec::new();
        for subject in words.map(|finding| format!("`{}`", finding.subject)) {
            if !subjects.contains(&subject) {
                subjects.push(subject);
            }
        }
        (!subjects.is_empty()).then(|| format!("Reworded, with the same meaning: {}.", subjects.join(", ")))
    }

    /// A breaking change: the people that it affects, and the remedy.
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
            text += &format!(" Check what you send in {} before you move to {version}.", by(&finding.accepted_by));
        }
        if !finding.sent_by.is_empty() {
            text += &format!(
                " Prepare for it in what you receive in {} before you move to {version}.",
                by(&finding.sent_by)
            );
        }
        text
    }

    /// The replacement that a removed declaration's deprecation named.
    fn instead_of(&self, finding: &Finding) -> Option<String> {
        let old = self.old.filter(|_| finding.new.is_none())?;
        let index = Index::new(&old.model);
        let thing = thing_at(&index, finding.old)?;
        thing.doc.deprecated.as_ref()?.r#use.clone()
    }
}

/// The description of a field: its own, or else that of its type.
fn sentence<'m>(index: &Index<'m>, field: &Thing<'m>) -> &'m str {
    let own = Some(field.doc.summary.as_str()).filter(|summary| !summary.is_empty());
    let value = || index.values.iter().find(|value| value.subject.place.span() == field.subject.place.span());
    let of_type = || index.named(value()?.kind).map(|def| def.doc.summary.as_str());
    own.or_else(of_type).unwrap_or("the reference describes it.")
}

/// Returns a paragraph in lines that are not too long, all but the first of them after `indent`.
fn wrapped(text: &str, indent: &str) -> String {
    let options = Options::new(WIDTH).subsequent_indent(indent);
    fill(text, options.break_words(false).word_splitter(WordSplitter::NoHyphenation)) + "\n"
}

fn is_new(finding: &Finding) -> bool {
    is(finding, &[&CLIENT_EVENT_ADDED, &SERVER_EVENT_ADDED, &OPERATION_ADDED, &ERROR_ADDED, &FIELD_ADDED])
}

fn is_deprecation(finding: &Finding) -> bool {
    is(finding, &[&DEPRECATION_ADDED, &DEPRECATION_CHANGED])
}

/// The reason why something breaks, without the part for developers of the server.
fn effect_on_clients(rule: &DiffRule) -> String {
    let sentences = rule.why.split_inclusive(". ").map(str::trim_end);
    sentences.filter(|sentence| !sentence.contains("andler")).collect::<Vec<_>>().join(" ")
}

/// A change that breaks nobody in the field.
fn change(finding: &Finding) -> String {
    let sources = match finding.breaks.typescript {
        true => " Clients in TypeScript may need changes to compile.",
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
    format!("`{} {}`", operation.method.name(), operation.path)
}

fn answer(error: &ErrorDef) -> String {
    format!("`{}` (“{}”)", error.code, error.message)
}
