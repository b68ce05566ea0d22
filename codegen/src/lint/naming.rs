//! What things are called.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Finding, Level, Place, Protocol, Rule,
    protocol::{Base, Role, Sort},
    words::{is_past, is_plural, is_verb, past, singular, subject, words},
};
use crate::{
    case,
    model::{Model, Shape},
};

pub const RULES: &[Rule] = &[
    Rule {
        id: "request-verb",
        level: Level::Advice,
        what: "An event that clients send does not begin with a verb.",
        reason: "A client event is a request. Named after what it asks for, it reads as one in every call, and cannot be \
                 mistaken for the event that tells others what happened.",
        remedy: "name it verb first, then what the verb is about: `send_message`",
        example: include_str!("examples/request-verb.yaml"),
        check: request_verb,
    },
    Rule {
        id: "event-tense",
        level: Level::Advice,
        what: "An event that the server sends does not say that something has happened.",
        reason: "A server event is a fact. Whoever reads `message_edited` knows that the server has decided; `edit_message` \
                 looks like an order to the client.",
        remedy: "name it after what has happened: `message_edited`, `stroke_drawn`, `new_message`",
        example: include_str!("examples/event-tense.yaml"),
        check: event_tense,
    },
    Rule {
        id: "word-order",
        level: Level::Advice,
        what: "Some server events are named verb first, and others verb last.",
        reason: "Names are typed from memory. Where `message_edited` stands beside `joined_channel`, every use has to be \
                 looked up, and lists that are sorted by name put what belongs together apart.",
        remedy: "put the participle on the side where most events have it",
        example: include_str!("examples/word-order.yaml"),
        check: word_order,
    },
    Rule {
        id: "emit-subject",
        level: Level::Warning,
        what: "A request and an event that it leads to are named after different things.",
        reason: "Client developers pair requests and events by their names. Two words for one thing hide that the one follows \
                 from the other.",
        remedy: "use one noun in both names",
        example: include_str!("examples/emit-subject.yaml"),
        check: emit_subject,
    },
    Rule {
        id: "field-case",
        level: Level::Warning,
        what: "Some fields are written in camelCase, and others in snake_case.",
        reason: "Clients cannot guess how a field is written, and serializers that convert a whole payload break on the odd one.",
        remedy: "write it as most fields of the protocol are written",
        example: include_str!("examples/field-case.yaml"),
        check: field_case,
    },
    Rule {
        id: "choice-case",
        level: Level::Warning,
        what: "The strings to choose from are written in different cases.",
        reason: "Clients compare them to the letter. With `inProgress` beside `on_hold`, one of them will be mistyped, and falls \
                 through to the default without an error.",
        remedy: "write all of them alike; most protocols use snake_case",
        example: include_str!("examples/choice-case.yaml"),
        check: choice_case,
    },
    Rule {
        id: "name-variant",
        level: Level::Warning,
        what: "Two fields have the same name but for its capitals.",
        reason: "`userID` and `userId` are different keys in JSON. A client that mixes them up reads `undefined`, which no \
                 error tells.",
        remedy: "spell it alike everywhere; abbreviations are words: `userId`, `imageUrl`",
        example: include_str!("examples/name-variant.yaml"),
        check: name_variant,
    },
    Rule {
        id: "negative-boolean",
        level: Level::Advice,
        what: "A boolean says that something is not so.",
        reason: "Code that asks for the opposite negates twice, and an absent field, which most languages read as `false`, then \
                 switches something on.",
        remedy: "name it after what is so when it is `true`: `visible` rather than `notVisible`",
        example: include_str!("examples/negative-boolean.yaml"),
        check: negative_boolean,
    },
    Rule {
        id: "vague-name",
        level: Level::Advice,
        what: "A field's name says nothing of what it holds.",
        reason: "`data` and `info` attract whatever is added later, and tell neither a reader nor a search what is in them.",
        remedy: "name it after what it holds, or move its fields one level up",
        example: include_str!("examples/vague-name.yaml"),
        check: vague_name,
    },
    Rule {
        id: "array-plural",
        level: Level::Advice,
        what: "An array is named as if it were one thing.",
        reason: "`message.content` and `tag.content` look the same in a client; a plural shows where to loop.",
        remedy: "name it in the plural",
        example: include_str!("examples/array-plural.yaml"),
        check: array_plural,
    },
    Rule {
        id: "missing-unit",
        level: Level::Warning,
        what: "Neither the name nor the summary of a duration says in which unit it is.",
        reason: "JavaScript counts in milliseconds, JWT and most servers in seconds. A client that guesses wrong is off by a \
                 thousand, and tests with small values do not notice.",
        remedy: "put the unit into the name: `timeoutMs`, `ttlSeconds`",
        example: include_str!("examples/missing-unit.yaml"),
        check: missing_unit,
    },
];

fn request_verb(protocol: &Protocol<'_>) -> Vec<Finding> {
    let named = protocol.things.iter().filter(|thing| matches!(thing.sort, Sort::Type | Sort::Scope));
    let things: BTreeSet<String> = named.flat_map(|thing| words(thing.name)).map(singular).collect();
    let unclear = protocol.requests().filter(|(_, event)| {
        let words = words(&event.name);
        let Some((first, others)) = words.split_first() else { return false };
        // No list has all verbs: something else has to speak for its being none.
        let is_other =
            is_past(first) || things.contains(&singular(first.clone())) || others.iter().any(|word| is_verb(word));
        !is_verb(first) && is_other
    });
    unclear
        .map(|(place, event)| {
            Finding::at(&place, format!("`{}` does not begin with a verb", event.name)).label("what is asked for?")
        })
        .collect()
}

fn event_tense(protocol: &Protocol<'_>) -> Vec<Finding> {
    let untold = protocol.server_events().filter(|(_, event)| {
        let words = words(&event.name);
        event.name != protocol.model.gateway.error_event
            && !words.iter().any(|word| is_past(word))
            && words.first().is_none_or(|word| word != "new")
    });
    untold
        .map(|(place, event)| {
            Finding::at(&place, format!("`{}` does not say that something has happened", event.name))
                .label("no participle, and no `new_`")
        })
        .collect()
}

/// What a server event is called that says that `request` was carried out, where that is easy to tell: `message_edited`
/// for `edit_message`, with the participle on the side where most events of the protocol have it.
pub fn outcome(model: &Model, request: &str) -> Option<String> {
    let (verb, object) = request.split_once('_')?;
    let past = past(verb)?;
    let events = model.domains.iter().flat_map(|domain| &domain.server).map(|event| words(&event.name));
    let sides =
        events.filter(|words| words.len() > 1).map(|words| (is_past(&words[0]), is_past(&words[words.len() - 1])));
    let (first, last) = sides.fold((0, 0), |(first, last), side| match side {
        (true, false) => (first + 1, last),
        (false, true) => (first, last + 1),
        _ => (first, last),
    });
    Some(if first > last { format!("{past}_{object}") } else { format!("{object}_{past}") })
}

fn word_order(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut first: Vec<(Place, String)> = Vec::new();
    let mut last: Vec<(Place, String)> = Vec::new();
    for (place, event) in protocol.server_events() {
        let words = words(&event.name);
        let [head, .., tail] = &words[..] else { continue };
        match (is_past(head), is_past(tail)) {
            (true, false) => first.push((place, format!("{}_{head}", words[1..].join("_")))),
            (false, true) => last.push((place, format!("{tail}_{}", words[..words.len() - 1].join("_")))),
            _ => {}
        }
    }
    let (few, most) = if first.len() < last.len() { (first, last) } else { (last, first) };
    let Some((example, _)) = most.first() else { return Vec::new() };
    few.iter()
        .map(|(place, other)| {
            Finding::at(place, format!("`{}` is named the other way round than most events", place.name()))
                .label(format!("others would call it `{other}`"))
                .and(example, "one of the others")
        })
        .collect()
}

fn emit_subject(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, event) in protocol.requests() {
        let asked: BTreeSet<String> = subject(&event.name).into_iter().collect();
        for emit in &event.emits {
            let told: BTreeSet<String> = subject(&emit.event).into_iter().collect();
            if !asked.is_empty() && !told.is_empty() && asked.is_disjoint(&told) {
                let message =
                    format!("`{}` leads to `{}`, which is named after something else", event.name, emit.event);
                let (asked, told) = (asked.iter().next(), told.iter().next());
                let label =
                    format!("`{}` becomes `{}`", asked.map_or("", String::as_str), told.map_or("", String::as_str));
                found.push(Finding::at(&place.key(&["emits", &emit.event]), message).label(label));
            }
        }
    }
    found
}

fn field_case(protocol: &Protocol<'_>) -> Vec<Finding> {
    let fields = || protocol.things.iter().filter(|thing| thing.sort == Sort::Field);
    let is_snake = |name: &str| name.contains('_');
    let is_camel = |name: &str| !name.contains('_') && name.contains(char::is_uppercase);
    let snake = fields().filter(|field| is_snake(field.name)).count();
    let camel = fields().filter(|field| is_camel(field.name)).count();
    let odd =
        fields().filter(|field| if camel < snake { is_camel(field.name) } else { camel > 0 && is_snake(field.name) });
    odd.map(|field| {
        let other = if camel < snake { case::snake(field.name) } else { case::camel(field.name) };
        Finding::at(&field.place, format!("`{}` is written in another case than most fields", field.name))
            .label(format!("others would write `{other}`"))
    })
    .collect()
}

fn choice_case(protocol: &Protocol<'_>) -> Vec<Finding> {
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
    for (place, choices) in enums(protocol) {
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
            found.push(Finding::at(&place.key(&["enum"]), message));
        }
    }
    found
}

/// The enums that are declared, inline ones with the fields that they are of.
fn enums<'m>(protocol: &Protocol<'m>) -> Vec<(Place, &'m Vec<String>)> {
    let types = protocol.model.types.iter();
    let named = types.filter(|def| def.named).map(|def| (Place::named(&["types"], &def.name), &def.shape));
    let inline = protocol.values.iter().filter(|value| protocol.named(value.kind).is_none());
    let inline = inline.filter_map(|value| match value.kind {
        crate::model::Kind::Ref(id) => Some((value.place.clone(), &protocol.def(*id).shape)),
        _ => None,
    });
    let choices = named.chain(inline).filter_map(|(place, shape)| match shape {
        Shape::Enum(choices) => Some((place, choices)),
        _ => None,
    });
    choices.collect()
}

fn name_variant(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut first: BTreeMap<String, (&str, &Place)> = BTreeMap::new();
    let mut found = Vec::new();
    for field in protocol.things.iter().filter(|thing| thing.sort == Sort::Field && !thing.name.contains('_')) {
        let (name, place) = *first.entry(field.name.to_lowercase()).or_insert((field.name, &field.place));
        if name != field.name {
            let message = format!("`{}` is written `{name}` elsewhere", field.name);
            found.push(Finding::at(&field.place, message).and(place, format!("`{name}`")));
        }
    }
    found
}

fn negative_boolean(protocol: &Protocol<'_>) -> Vec<Finding> {
    let negations = ["not", "no", "non", "never", "disable", "disabled", "without", "dont"];
    let booleans = protocol.values.iter().filter(|value| value.role == Role::Field);
    let booleans = booleans.filter(|value| matches!(protocol.base(value.kind), Base::Boolean));
    let negative = booleans.filter(|value| words(value.name).iter().any(|word| negations.contains(&word.as_str())));
    negative.map(|value| Finding::at(&value.place, format!("`{}` says that something is not so", value.name))).collect()
}

fn vague_name(protocol: &Protocol<'_>) -> Vec<Finding> {
    let vague = [
        "data", "info", "misc", "obj", "object", "payload", "stuff", "value", "values", "var", "extra", "params",
        "item",
    ];
    let fields = protocol.things.iter().filter(|thing| thing.sort == Sort::Field && vague.contains(&thing.name));
    fields.map(|field| Finding::at(&field.place, format!("`{}` may be anything", field.name))).collect()
}

fn array_plural(protocol: &Protocol<'_>) -> Vec<Finding> {
    let arrays = protocol.values.iter().filter(|value| value.role == Role::Field);
    let arrays = arrays.filter(|value| matches!(protocol.base(value.kind), Base::Array(_)));
    let single = arrays.filter(|value| !words(value.name).iter().any(|word| is_plural(word)));
    single.map(|value| Finding::at(&value.place, format!("the array `{}` is named as one thing", value.name))).collect()
}

fn missing_unit(protocol: &Protocol<'_>) -> Vec<Finding> {
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
    for value in protocol.values.iter().filter(|value| value.role == Role::Field) {
        let is_number = matches!(protocol.base(value.kind), Base::Integer | Base::Number);
        let name = words(value.name);
        let said = words(&value.doc.summary);
        let has_unit = name.iter().chain(&said).any(|word| {
            units.contains(&word.as_str()) || units.contains(&word.trim_end_matches('s')) || word.contains("second")
        });
        if is_number && name.iter().any(|word| durations.contains(&word.as_str())) && !has_unit {
            let message = format!("nothing says in which unit `{}` is", value.name);
            found.push(Finding::at(&value.place, message).label("seconds? milliseconds?"));
        }
    }
    found
}
