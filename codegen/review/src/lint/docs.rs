//! Rules for documentation.

use std::collections::HashMap;

use accord_language::model::{
    Kind, TypeId,
    index::{Index, ObjectAt, Role, Sort, Subject},
};

use super::{
    Finding, Level, LintRule,
    words::{singular, words},
};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "summary-sentence",
        level: Level::Advice,
        what: "A summary does not begin with a capital, or does not end with a period.",
        reason: "Summaries become the first line of Rust docs, TypeScript hints and the reference, followed by more \
                 text. Fragments run into whatever follows.",
        remedy: "write one sentence, or a phrase that ends like one",
        example: include_str!("examples/summary-sentence.yaml"),
        check: summary_sentence,
    },
    LintRule {
        id: "summary-restates-name",
        level: Level::Advice,
        what: "A summary says no more than the name.",
        reason: "Readers have already read the name. Use the space for what the name leaves open: when it happens, \
                 who may ask for it, its unit.",
        remedy: "say something that the name does not",
        example: include_str!("examples/summary-restates-name.yaml"),
        check: summary_restates_name,
    },
    LintRule {
        id: "undocumented-field",
        level: Level::Advice,
        what: "Neither a field nor its type says what it is.",
        reason: "Client developers see the field in their editor without any explanation. They have to ask or guess.",
        remedy: "add `summary`, or refer to a type that has one",
        example: include_str!("examples/undocumented-field.yaml"),
        check: undocumented_field,
    },
    LintRule {
        id: "partial-example",
        level: Level::Advice,
        what: "An example leaves out fields that are not required.",
        reason: "Developers copy examples, mocks answer with them, and tests start from them. A field that no example \
                 shows is a field that no client handles.",
        remedy: "show all fields",
        example: include_str!("examples/partial-example.yaml"),
        check: partial_example,
    },
    LintRule {
        id: "missing-license",
        level: Level::Advice,
        what: "The protocol does not name a licence for its description.",
        reason: "Without one, nobody outside may copy it into a client, a package or a gateway's configuration, and \
                 registries and company tooling refuse it.",
        remedy: "add `license` below `protocol`, as an SPDX identifier: `MIT`, `Apache-2.0`",
        example: include_str!("examples/missing-license.yaml"),
        check: missing_license,
    },
];

fn summary_sentence(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for thing in index.things.iter().filter(|thing| !thing.doc.summary.is_empty()) {
        let summary = thing.doc.summary.as_str();
        let why = match () {
            () if summary.starts_with(char::is_lowercase) => "begins in lower case",
            () if !summary.ends_with(['.', '?']) => "ends without a period",
            () => continue,
        };
        let message = format!("the summary of `{}` {why}", thing.subject.name);
        found.push(Finding::at(&thing.subject.key("summary"), message));
    }
    found
}

fn summary_restates_name(index: &Index<'_>) -> Vec<Finding> {
    let fillers = [
        "a", "an", "the", "of", "to", "is", "are", "this", "that", "one", "for", "its", "it", "s", "in", "was", "has",
        "been",
    ];
    let mut found = Vec::new();
    for thing in &index.things {
        // For an id, its owner is all that there is to say.
        let is_id = words(thing.name).last().is_some_and(|word| word == "id");
        let said: Vec<String> =
            words(&thing.doc.summary).into_iter().filter(|word| !fillers.contains(&word.as_str())).collect();
        let mut name: Vec<String> = words(thing.name).into_iter().map(singular).collect();
        name.extend(words_of(thing.sort));
        let is_known = |word: &String| {
            let word = singular(word.clone());
            name.iter().any(|known| *known == word || same_stem(known, &word))
        };
        if !is_id && !said.is_empty() && said.iter().all(is_known) {
            let message = format!("the summary of `{}` says no more than its name", thing.subject.name);
            found.push(Finding::at(&thing.subject.key("summary"), message));
        }
    }
    found
}

/// Words that do not describe a declaration of this kind.
fn words_of(sort: Sort) -> impl Iterator<Item = String> {
    let words: &[&str] = match sort {
        Sort::Section => &[],
        Sort::Scope => &["scope", "room"],
        Sort::Limit => &["limit"],
        Sort::Error => &["error"],
        Sort::Type => &["type", "object"],
        Sort::Request | Sort::Event => &["event"],
        Sort::Operation => &["operation"],
        Sort::Field => &["field", "value"],
    };
    words.iter().map(|word| (*word).to_owned())
}

/// `delete` and `deleted`, `remove` and `removes`.
fn same_stem(one: &str, other: &str) -> bool {
    let stem = |word: &str| {
        let word = word.trim_end_matches("ed").trim_end_matches("es").trim_end_matches("ing");
        word.trim_end_matches(['e', 's']).to_owned()
    };
    stem(one).len() > 2 && stem(one) == stem(other)
}

fn undocumented_field(index: &Index<'_>) -> Vec<Finding> {
    let fields = index.values.iter().filter(|value| value.role == Role::Field && value.doc.summary.is_empty());
    let silent = fields.filter(|value| match value.kind {
        Kind::Ref(_) => index.named(value.kind).is_none(),
        // The name of the items' type describes the list.
        Kind::Array(array) => index.named(&array.items.kind).is_none(),
        Kind::Map(values) => index.named(&values.kind).is_none(),
        _ => true,
    });
    silent.map(|value| Finding::at(&value.subject, format!("nothing says what `{}` is", value.subject.name))).collect()
}

fn partial_example(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, subject, example) in examples(index) {
        let fields = at
            .object
            .fields
            .iter()
            .filter(|field| example.get(&field.name).is_none() && field.doc.deprecated.is_none());
        let missing: Vec<String> = fields.map(|field| format!("`{}`", field.name)).collect();
        if !missing.is_empty() {
            let message = format!("the example of `{}` does not show {}", subject.name, missing.join(", "));
            found.push(Finding::at(&subject.key("example"), message));
        }
    }
    found
}

/// The objects that have examples of their own, with the places of those.
fn examples<'p>(index: &'p Index<'_>) -> Vec<(&'p ObjectAt<'p>, Subject, &'p serde_json::Value)> {
    let mut objects: HashMap<TypeId, &ObjectAt<'_>> = HashMap::new();
    for at in &index.objects {
        objects.entry(at.id).or_insert(at);
    }
    let object = |id| objects.get(&id).copied();
    let types = index.objects.iter().filter(|at| at.def.named);
    let types = types.filter_map(|at| Some((at, at.subject.clone(), at.def.example.as_ref()?)));
    let requests = index
        .requests()
        .filter_map(|(subject, event)| Some((object(event.payload?)?, subject, event.example.as_ref()?)));
    let events = index
        .server_events()
        .filter_map(|(subject, event)| Some((object(event.payload?)?, subject, event.example.as_ref()?)));
    // An event without an example has that of its payload's type.
    let own = |(at, subject, example): (&'p ObjectAt<'p>, Subject, &'p serde_json::Value)| {
        (!at.def.named || at.def.example.as_ref() != Some(example)).then_some((at, subject, example))
    };
    types.chain(requests.chain(events).filter_map(own)).collect()
}

fn missing_license(index: &Index<'_>) -> Vec<Finding> {
    match index.model.protocol.license {
        Some(_) => Vec::new(),
        None => {
            let protocol = Subject::new("protocol", &index.model.protocol.place);
            vec![Finding::at(&protocol, "the protocol has no licence").label("no `license`")]
        }
    }
}
