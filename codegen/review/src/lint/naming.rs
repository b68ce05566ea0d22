//! Rules for names.

use std::collections::{BTreeMap, BTreeSet};

use accord_language::{
    case,
    model::{
        Kind, Model, Shape,
        index::{Base, Index, Role, Sort, Subject},
    },
};

use super::{
    Finding, Level, LintRule,
    words::{is_past, is_plural, is_verb, nouns, past, singular, words},
};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "request-verb",
        level: Level::Advice,
        what: "An event that clients send does not begin with a verb.",
        reason: "A client event is a request. With a verb it reads like one in every call, and cannot be mistaken for \
                 the event that tells others what happened.",
        remedy: "put the verb first, then its object: `send_message`",
        example: include_str!("examples/request-verb.yaml"),
        check: request_verb,
    },
    LintRule {
        id: "event-tense",
        level: Level::Advice,
        what: "An event that the server sends does not say that something has happened.",
        reason: "A server event is a fact. `message_edited` shows that the server has decided; `edit_message` looks \
                 like an order to the client.",
        remedy: "name it after what has happened: `message_edited`, `stroke_drawn`, `new_message`",
        example: include_str!("examples/event-tense.yaml"),
        check: event_tense,
    },
    LintRule {
        id: "word-order",
        level: Level::Advice,
        what: "Some server events are named verb first, and others verb last.",
        reason: "Names are typed from memory. With both `message_edited` and `joined_channel`, every use has to be \
                 looked up, and lists sorted by name separate what belongs together.",
        remedy: "put the participle on the side where most events have it",
        example: include_str!("examples/word-order.yaml"),
        check: word_order,
    },
    LintRule {
        id: "emit-subject",
        level: Level::Warning,
        what: "A request and the event that it leads to use different nouns.",
        reason: "Client developers pair requests and events by name. Two words for one thing hide that one follows \
                 from the other.",
        remedy: "use one noun in both names",
        example: include_str!("examples/emit-subject.yaml"),
        check: emit_subject,
    },
    LintRule {
        id: "field-case",
        level: Level::Warning,
        what: "Some fields are written in camelCase, and others in snake_case.",
        reason: "Clients cannot guess how a field is written, and serializers that convert a whole payload break on \
                 the odd one.",
        remedy: "write it as most fields of the protocol are written",
        example: include_str!("examples/field-case.yaml"),
        check: field_case,
    },
    LintRule {
        id: "choice-case",
        level: Level::Warning,
        what: "The choices of a string are written in different cases.",
        reason: "Clients compare them exactly. With both `inProgress` and `on_hold`, one of them will be mistyped and \
                 fall through to the default without an error.",
        remedy: "write all of them in the same case; most protocols use snake_case",
        example: include_str!("examples/choice-case.yaml"),
        check: choice_case,
    },
    LintRule {
        id: "name-variant",
        level: Level::Warning,
        what: "Two fields have names that differ only in case.",
        reason: "`userID` and `userId` are different keys in JSON. A client that mixes them up reads `undefined` \
                 without any error.",
        remedy: "spell it the same way everywhere, with abbreviations as words: `userId`, `imageUrl`",
        example: include_str!("examples/name-variant.yaml"),
        check: name_variant,
    },
    LintRule {
        id: "negative-boolean",
        level: Level::Advice,
        what: "A boolean is named after a negation.",
        reason: "Code that needs the opposite negates twice, and an absent field, which most languages read as \
                 `false`, switches something on.",
        remedy: "name it after what `true` means: `visible` rather than `notVisible`",
        example: include_str!("examples/negative-boolean.yaml"),
        check: negative_boolean,
    },
    LintRule {
        id: "vague-name",
        level: Level::Advice,
        what: "A field's name says nothing about its content.",
        reason: "`data` and `info` attract whatever is added later, and tell neither readers nor searches what is in \
                 them.",
        remedy: "name it after its content, or move its fields one level up",
        example: include_str!("examples/vague-name.yaml"),
        check: vague_name,
    },
    LintRule {
        id: "array-plural",
        level: Level::Advice,
        what: "An array has a singular name.",
        reason: "`message.content` and `tag.content` look the same in a client; a plural shows where to loop.",
        remedy: "use a plural",
        example: include_str!("examples/array-plural.yaml"),
        check: array_plural,
    },
    LintRule {
        id: "missing-unit",
        level: Level::Warning,
        what: "Neither the name nor the summary of a duration gives its unit.",
        reason: "JavaScript counts in milliseconds, JWT and most servers in seconds. A client that guesses wrong is \
                 off by a factor of a thousand, and tests with small values do not notice.",
        remedy: "put the unit into the name: `timeoutMs`, `ttlSeconds`",
        example: include_str!("examples/missing-unit.yaml"),
        check: missing_unit,
    },
];

fn request_verb(index: &Index<'_>) -> Vec<Finding> {
    let named = index.things.iter().filter(|thing| matches!(thing.sort, Sort::Type | Sort::Scope));
    let things: BTreeSet<String> = named.flat_map(|thing| words(thing.name)).map(singular).collect();
    let unclear = index.requests().filter(|(_, event)| {
        let words = words(&event.name);
        let Some((first, others)) = words.split_first() else { return false };
        // No list has all verbs: something else has to speak for its being none.
        let is_other =
            is_past(first) || things.contains(&singular(first.clone())) || others.iter().any(|word| is_verb(word));
        !is_verb(first) && is_other
    });
    unclear
        .map(|(subject, event)| {
            Finding::at(&subject, format!("`{}` does not begin with a verb", event.name)).label("what is asked for?")
        })
        .collect()
}

fn event_tense(index: &Index<'_>) -> Vec<Finding> {
    let untold = index.server_events().filter(|(_, event)| {
        let words = words(&event.name);
        event.name != index.model.gateway.error_event
            && !words.iter().any(|word| is_past(word))
            && words.first().is_none_or(|word| word != "new")
    });
    untold
        .map(|(subject, event)| {
            Finding::at(&subject, format!("`{}` does not say that something has happened", event.name))
                .label("no participle, and no `new_`")
        })
        .collect()
}

/// The name of the server event that reports the success of `request`, if it is easy to tell: `message_edited` for
/// `edit_message`, with the participle on the side where most events of the protocol have it.
pub fn outcome(model: &Model, request: &str) -> Option<String> {
    let (verb, object) = request.split_once('_')?;
    let past = past(verb)?;
    let events = model.server_events().map(|event| words(&event.name));
    let sides =
        events.filter(|words| words.len() > 1).map(|words| (is_past(&words[0]), is_past(&words[words.len() - 1])));
    let (first, last) = sides.fold((0, 0), |(first, last), side| match side {
        (true, false) => (first + 1, last),
        (false, true) => (first, last + 1),
        _ => (first, last),
    });
    Some(if first > last { format!("{past}_{object}") } else { format!("{object}_{past}") })
}

fn word_order(index: &Index<'_>) -> Vec<Finding> {
    let mut first: Vec<(Subject, String)> = Vec::new();
    let mut last: Vec<(Subject, String)> = Vec::new();
    for (subject, event) in index.server_events() {
        let words = words(&event.name);
        let [head, .., tail] = &words[..] else { continue };
        match (is_past(head), is_past(tail)) {
            (true, false) => first.push((subject, format!("{}_{head}", words[1..].join("_")))),
            (false, true) => last.push((subject, format!("{tail}_{}", words[..words.len() - 1].join("_")))),
            _ => {}
        }
    }
    let (few, most) = if first.len() < last.len() { (first, last) } else { (last, first) };
    let Some((example, _)) = most.first() else { return Vec::new() };
    few.iter()
        .map(|(subject, other)| {
            Finding::at(subject, format!("`{}` has its verb on the other side than most events", subject.name))
                .label(format!("others would call it `{other}`"))
                .and(&example.place, "one of the others")
        })
        .collect()
}

fn emit_subject(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (subject, event) in index.requests() {
        let asked: BTreeSet<String> = nouns(&event.name).into_iter().collect();
        for emit in &event.emits {
            let told: BTreeSet<String> = nouns(&emit.event).into_iter().collect();
            if !asked.is_empty() && !told.is_empty() && asked.is_disjoint(&told) {
                let message =
                    format!("`{}` leads to `{}`, which is named after something else", event.name, emit.event);
                let (asked, told) = (asked.iter().next(), told.iter().next());
                let label =
                    format!("`{}` becomes `{}`", asked.map_or("", String::as_str), told.map_or("", String::as_str));
                found.push(Finding::at(&subject.at(&emit.place), message).label(label));
            }
        }
    }
    found
}

fn field_case(index: &Index<'_>) -> Vec<Finding> {
    let fields = || index.things.iter().filter(|thing| thing.sort == Sort::Field);
    let is_snake = |name: &str| name.contains('_');
    let is_camel = |name: &str| !name.contains('_') && name.contains(char::is_uppercase);
    let snake = fields().filter(|field| is_snake(field.name)).count();
    let camel = fields().filter(|field| is_camel(field.name)).count();
    let odd =
        fields().filter(|field| if camel < snake { is_camel(field.name) } else { camel > 0 && is_snake(field.name) });
    odd.map(|field| {
        let other = if camel < snake { case::snake(field.name) } else { case::camel(field.name) };
        Finding::at(&field.subject, format!("`{}` is not written in the same case as most fields", field.name))
            .label(format!("others would write `{other}`"))
    })
    .collect()
}

fn choice_case(index: &Index<'_>) -> Vec<Finding> {
    let case_of = |choice: &str| match () {
        () if choice.contains('_') => {
            Some(if choice.contains(char::is_lowercase) { "snake_case" } else { "SCREAMING_CASE" })
        }
        () if choice.contains('-') => Some("kebab-case"),
        () if choice.starts_with(char::is_uppercase) => {
            Some(if choice.contains(char::is_lowercase) { "PascalCase" } else { "SCREAMING_CASE" })
        }
        () if choice.contains(char::is_uppercase) => Some("camelCase"),
        () => None,
    };
    let mut found = Vec::new();
    for (subject, choices) in enums(index) {
        let cases: BTreeMap<&str, &str> =
            choices.iter().rev().filter_map(|choice| Some((case_of(choice)?, choice.as_str()))).collect();
        let plain = choices.iter().find(|choice| case_of(choice).is_none());
        let capitals = ["SCREAMING_CASE", "PascalCase"].iter().find_map(|case| cases.get(case));
        let pair = match (&cases.values().collect::<Vec<_>>()[..], plain, capitals) {
            ([one, other, ..], ..) => Some(((*one).to_string(), (*other).to_string())),
            (_, Some(plain), Some(capital)) => Some((plain.clone(), (*capital).to_string())),
            _ => None,
        };
        if let Some((one, other)) = pair {
            let message = format!("`{one}` and `{other}` are written in different cases");
            found.push(Finding::at(&subject.key("enum"), message));
        }
    }
    found
}

/// The enums that are declared, inline ones with the fields that they are of.
fn enums<'m>(index: &Index<'m>) -> Vec<(Subject, &'m Vec<String>)> {
    let types = index.model.types.iter();
    let named = types.filter(|def| def.named).map(|def| (Subject::new(&def.name, &def.place), &def.shape));
    let inline = index.values.iter().filter(|value| index.named(value.kind).is_none());
    let inline = inline.filter_map(|value| match value.kind {
        Kind::Ref(id) => Some((value.subject.clone(), &index.def(*id).shape)),
        _ => None,
    });
    let choices = named.chain(inline).filter_map(|(subject, shape)| match shape {
        Shape::Enum(choices) => Some((subject, choices)),
        _ => None,
    });
    choices.collect()
}

fn name_variant(index: &Index<'_>) -> Vec<Finding> {
    let mut first: BTreeMap<String, (&str, &Subject)> = BTreeMap::new();
    let mut found = Vec::new();
    for field in index.things.iter().filter(|thing| thing.sort == Sort::Field && !thing.name.contains('_')) {
        let (name, subject) = *first.entry(field.name.to_lowercase()).or_insert((field.name, &field.subject));
        if name != field.name {
            let message = format!("`{}` is written `{name}` elsewhere", field.name);
            found.push(Finding::at(&field.subject, message).and(&subject.place, format!("`{name}`")));
        }
    }
    found
}

fn negative_boolean(index: &Index<'_>) -> Vec<Finding> {
    let negations = ["not", "no", "non", "never", "disable", "disabled", "without", "dont"];
    let booleans = index.values.iter().filter(|value| value.role == Role::Field);
    let booleans = booleans.filter(|value| matches!(index.base(value.kind), Base::Boolean));
    let negative = booleans.filter(|value| words(value.name).iter().any(|word| negations.contains(&word.as_str())));
    negative.map(|value| Finding::at(&value.subject, format!("`{}` is named after a negation", value.name))).collect()
}

fn vague_name(index: &Index<'_>) -> Vec<Finding> {
    let vague = [
        "data", "info", "misc", "obj", "object", "payload", "stuff", "value", "values", "var", "extra", "params",
        "item",
    ];
    let fields = index.things.iter().filter(|thing| thing.sort == Sort::Field && vague.contains(&thing.name));
    fields.map(|field| Finding::at(&field.subject, format!("`{}` could mean anything", field.name))).collect()
}

fn array_plural(index: &Index<'_>) -> Vec<Finding> {
    let arrays = index.values.iter().filter(|value| value.role == Role::Field);
    let arrays = arrays.filter(|value| matches!(index.base(value.kind), Base::Array(_)));
    let single = arrays.filter(|value| !words(value.name).iter().any(|word| is_plural(word)));
    single.map(|value| Finding::at(&value.subject, format!("the array `{}` has a singular name", value.name))).collect()
}

fn missing_unit(index: &Index<'_>) -> Vec<Finding> {
    let durations = [
        "timeout", "duration", "delay", "interval", "ttl", "age", "elapsed", "uptime", "lifetime", "after", "cooldown",
    ];
    let units = [
        "ms",
        "millis",
        "millisecond",
        "second",
        "sec",
        "s",
        "minute",
        "min",
        "hour",
        "day",
        "week",
        "month",
        "year",
        "tick",
        "frame",
        "beat",
    ];
    let mut found = Vec::new();
    for value in index.values.iter().filter(|value| value.role == Role::Field) {
        let is_number = matches!(index.base(value.kind), Base::Integer | Base::Number);
        let name = words(value.name);
        let said = words(&value.doc.summary);
        let has_unit = name.iter().chain(&said).any(|word| {
            units.contains(&word.as_str()) || units.contains(&word.trim_end_matches('s')) || word.contains("second")
        });
        if is_number && name.iter().any(|word| durations.contains(&word.as_str())) && !has_unit {
            let message = format!("the unit of `{}` is not stated", value.name);
            found.push(Finding::at(&value.subject, message).label("seconds? milliseconds?"));
        }
    }
    found
}
