//! What is said of things.

use super::{
    Finding, Level, Place, Protocol, Rule,
    protocol::{ObjectAt, Role, Sort},
    words::{singular, words},
};
use crate::model::Kind;

pub const RULES: &[Rule] = &[
    Rule {
        id: "summary-sentence",
        level: Level::Advice,
        what: "A summary does not begin with a capital, or does not end with a period.",
        reason: "Summaries become the first line of Rust docs, of TypeScript's hints and of the reference, where others follow \
                 them. Fragments run into what comes next.",
        remedy: "write one sentence, or a phrase that ends like one",
        example: include_str!("examples/summary-sentence.yaml"),
        check: summary_sentence,
    },
    Rule {
        id: "summary-restates-name",
        level: Level::Advice,
        what: "A summary says no more than the name.",
        reason: "Whoever looks something up has read its name already. The space is there for what the name leaves open: when it \
                 happens, who may ask for it, what it is counted in.",
        remedy: "say what the name does not",
        example: include_str!("examples/summary-restates-name.yaml"),
        check: summary_restates_name,
    },
    Rule {
        id: "undocumented-field",
        level: Level::Advice,
        what: "Neither a field nor its type says what it is.",
        reason: "Client developers see the field in their editor, and nothing beside it. They ask, or guess.",
        remedy: "add `summary`, or refer to a type that has one",
        example: include_str!("examples/undocumented-field.yaml"),
        check: undocumented_field,
    },
    Rule {
        id: "partial-example",
        level: Level::Advice,
        what: "An example leaves out fields that are not required.",
        reason: "Examples are what developers copy, what mocks answer with and what tests begin from. A field that no example \
                 shows is one that no client handles.",
        remedy: "show all fields",
        example: include_str!("examples/partial-example.yaml"),
        check: partial_example,
    },
    Rule {
        id: "missing-license",
        level: Level::Advice,
        what: "The protocol does not say under which licence its description may be used.",
        reason: "Without one, nobody outside may copy it: not into a client, not into a package, not into a gateway's \
                 configuration. Registries and companies' tools refuse it.",
        remedy: "add `license` below `protocol`, as an SPDX identifier: `MIT`, `Apache-2.0`",
        example: include_str!("examples/missing-license.yaml"),
        check: missing_license,
    },
];

fn summary_sentence(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for thing in protocol.things.iter().filter(|thing| !thing.doc.summary.is_empty()) {
        let summary = thing.doc.summary.as_str();
        let why = match () {
            () if summary.starts_with(char::is_lowercase) => "begins in lower case",
            () if !summary.ends_with(['.', '?']) => "ends without a period",
            () => continue,
        };
        let message = format!("the summary of `{}` {why}", thing.place.name());
        found.push(Finding::at(&thing.place.key(&["summary"]), message));
    }
    found
}

fn summary_restates_name(protocol: &Protocol<'_>) -> Vec<Finding> {
    let fillers = [
        "a", "an", "the", "of", "to", "is", "are", "this", "that", "one", "for", "its", "it", "s", "in", "was", "has",
        "been",
    ];
    let mut found = Vec::new();
    for thing in &protocol.things {
        // What an id is of is all that there is to say.
        let is_id = words(thing.name).last().is_some_and(|word| word == "id");
        let said: Vec<String> =
            words(&thing.doc.summary).into_iter().filter(|word| !fillers.contains(&word.as_str())).collect();
        let mut name: Vec<String> = words(thing.name).into_iter().map(singular).collect();
        name.extend(thing.sort.words());
        let is_known = |word: &String| {
            let word = singular(word.clone());
            name.iter().any(|known| *known == word || same_stem(known, &word))
        };
        if !is_id && !said.is_empty() && said.iter().all(is_known) {
            let message = format!("the summary of `{}` says no more than its name", thing.place.name());
            found.push(Finding::at(&thing.place.key(&["summary"]), message));
        }
    }
    found
}

impl Sort {
    /// Words that say nothing of a thing of this sort.
    fn words(self) -> impl Iterator<Item = String> {
        let words: &[&str] = match self {
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
}

/// `delete` and `deleted`, `remove` and `removes`.
fn same_stem(one: &str, other: &str) -> bool {
    let stem = |word: &str| {
        let word = word.trim_end_matches("ed").trim_end_matches("es").trim_end_matches("ing");
        word.trim_end_matches(['e', 's']).to_owned()
    };
    stem(one).len() > 2 && stem(one) == stem(other)
}

fn undocumented_field(protocol: &Protocol<'_>) -> Vec<Finding> {
    let fields = protocol.values.iter().filter(|value| value.role == Role::Field && value.doc.summary.is_empty());
    let silent = fields.filter(|value| match value.kind {
        Kind::Ref(_) => protocol.named(value.kind).is_none(),
        // What the items are says what they are all together.
        Kind::Array(array) => protocol.named(&array.items.kind).is_none(),
        Kind::Map(values) => protocol.named(&values.kind).is_none(),
        _ => true,
    });
    silent.map(|value| Finding::at(&value.place, format!("nothing says what `{}` is", value.place.name()))).collect()
}

fn partial_example(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, place, example) in examples(protocol) {
        let fields = at
            .object
            .fields
            .iter()
            .filter(|field| example.get(&field.name).is_none() && field.doc.deprecated.is_none());
        let missing: Vec<String> = fields.map(|field| format!("`{}`", field.name)).collect();
        if !missing.is_empty() {
            let message = format!("the example of `{}` does not show {}", place.name(), missing.join(", "));
            found.push(Finding::at(&place.key(&["example"]), message));
        }
    }
    found
}

/// The objects that have examples of their own, with the places of those.
fn examples<'p>(protocol: &'p Protocol<'_>) -> Vec<(&'p ObjectAt<'p>, Place, &'p serde_json::Value)> {
    let object = |id| protocol.objects.iter().find(|at| at.id == id);
    let types = protocol.objects.iter().filter(|at| at.def.named);
    let types = types.filter_map(|at| Some((at, at.place.clone(), at.def.example.as_ref()?)));
    let requests = protocol
        .requests()
        .filter_map(|(place, event)| Some((object(event.payload?)?, place, event.example.as_ref()?)));
    let events = protocol
        .server_events()
        .filter_map(|(place, event)| Some((object(event.payload?)?, place, event.example.as_ref()?)));
    // An event without an example has that of its payload's type.
    let own = |(at, place, example): (&'p ObjectAt<'p>, Place, &'p serde_json::Value)| {
        (!at.def.named || at.def.example.as_ref() != Some(example)).then_some((at, place, example))
    };
    types.chain(requests.chain(events).filter_map(own)).collect()
}

fn missing_license(protocol: &Protocol<'_>) -> Vec<Finding> {
    match protocol.model.protocol.license {
        Some(_) => Vec::new(),
        None => vec![Finding::at(&Place::section("protocol"), "the protocol has no licence").label("no `license`")],
    }
}
