//! Rules for the size of values.

use std::collections::{HashMap, HashSet};

use accord_language::{
    diagnostic::Span,
    model::{
        Kind, Method, Shape, Type, TypeId,
        index::{Base, Index, Role, Value},
    },
};

use super::{Finding, Level, LintRule};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "unbounded-string",
        level: Level::Warning,
        what: "A string may be of any length.",
        reason: "Its receivers have to store, index and show it. Without a bound, a client can fill the database one \
                 packet at a time, and front-end developers meet the longest text in production.",
        remedy: "add `maxLength`, in Unicode code points",
        example: include_str!("examples/unbounded-string.yaml"),
        check: unbounded_string,
    },
    LintRule {
        id: "unbounded-array",
        level: Level::Warning,
        what: "An array that clients send may have any number of items.",
        reason: "Each item costs work, often a query. One packet with a hundred thousand of them is one event to the \
                 rate limit.",
        remedy: "add `maxItems`",
        example: include_str!("examples/unbounded-array.yaml"),
        check: unbounded_array,
    },
    LintRule {
        id: "growing-list",
        level: Level::Advice,
        what: "An array that the server sends may have any number of items.",
        reason: "Where clients add the items, one client makes everybody's packets grow, and front-end developers meet the \
                 longest list in production.",
        remedy: "add `maxItems`, and say in `summary` which items there are if not all; or serve it page by page",
        example: include_str!("examples/growing-list.yaml"),
        check: growing_list,
    },
    LintRule {
        id: "unbounded-number",
        level: Level::Warning,
        what: "A number that clients send has no smallest or no largest value.",
        reason: "Databases and typed languages have bounds, and cause an internal error if the schema has none; an \
                 attacker will try a negative count or a page of 2^53.",
        remedy: "add `minimum` and `maximum`",
        example: include_str!("examples/unbounded-number.yaml"),
        check: unbounded_number,
    },
    LintRule {
        id: "unbounded-map",
        level: Level::Warning,
        what: "Clients send an object with any keys.",
        reason: "Neither the keys nor their number are checked: a client decides what is stored, and how much of it.",
        remedy: "declare the keys under `properties`, or take an array of key and value with `maxItems`",
        example: include_str!("examples/unbounded-map.yaml"),
        check: unbounded_map,
    },
    LintRule {
        id: "empty-allowed",
        level: Level::Advice,
        what: "Clients have to send a string, which may be empty.",
        reason: "Requiring a field that may be empty achieves nothing: a message without text or an empty name passes \
                 every check and shows up as a gap.",
        remedy: "add `minLength: 1`, or a pattern that asks for something visible",
        example: include_str!("examples/empty-allowed.yaml"),
        check: empty_allowed,
    },
    LintRule {
        id: "oversized-payload",
        level: Level::Warning,
        what: "A payload that keeps all bounds may be larger than a packet.",
        reason: "The transport refuses packets above 1 MB and closes the connection before any rule of the schema is \
                 checked. The client sees a disconnect instead of an error that names the field.",
        remedy: "lower `maxLength` and `maxItems`, or take large contents as uploads",
        example: include_str!("examples/oversized-payload.yaml"),
        check: oversized_payload,
    },
];

/// The default maximum size of a packet that the gateway accepts, in bytes.
const PACKET_BYTES: u64 = 1_000_000;

/// The values whose bounds stand where they are.
fn declared<'p, 'm>(index: &'p Index<'m>) -> impl Iterator<Item = &'p Value<'m>> {
    index.values.iter().filter(|value| !matches!(value.kind, Kind::Ref(_)))
}

fn unbounded_string(index: &Index<'_>) -> Vec<Finding> {
    let unbounded = declared(index).filter(|value| match value.kind {
        Kind::Text(text) => text.max_length.is_none() && !text.date_time,
        _ => false,
    });
    unbounded
        .map(|value| {
            Finding::at(&value.subject, format!("`{}` may be of any length", value.name)).label("no `maxLength`")
        })
        .collect()
}

fn unbounded_array(index: &Index<'_>) -> Vec<Finding> {
    endless(declared(index).filter(|value| value.received))
}

fn growing_list(index: &Index<'_>) -> Vec<Finding> {
    // `unpaged-list` reports whole answers to GET.
    let gets = index.rest().filter(|(_, operation)| operation.method == Method::Get);
    let listings: HashSet<Span> = gets.map(|(_, operation)| operation.success.place.span()).collect();
    let is_listing = |value: &Value<'_>| value.role == Role::Answer && listings.contains(&value.subject.place.span());
    endless(declared(index).filter(|value| !value.received && !is_listing(value)))
}

/// The arrays without a bound.
fn endless<'p, 'm: 'p>(values: impl Iterator<Item = &'p Value<'m>>) -> Vec<Finding> {
    let endless = values.filter(|value| matches!(value.kind, Kind::Array(array) if array.max_items.is_none()));
    endless
        .map(|value| {
            Finding::at(&value.subject, format!("`{}` may have any number of items", value.name)).label("no `maxItems`")
        })
        .collect()
}

fn unbounded_number(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let in_positions = in_positions(index);
    let values = declared(index).filter(|value| value.received);
    for value in values.filter(|value| !in_positions.contains(&value.subject.place.span())) {
        let (low, high) = match value.kind {
            Kind::Integer(bounds) => (
                bounds.minimum.is_some() || bounds.exclusive_minimum.is_some(),
                bounds.maximum.is_some() || bounds.exclusive_maximum.is_some(),
            ),
            Kind::Number(bounds) => (
                bounds.minimum.is_some() || bounds.exclusive_minimum.is_some(),
                bounds.maximum.is_some() || bounds.exclusive_maximum.is_some(),
            ),
            _ => continue,
        };
        let missing = match (low, high) {
            (true, true) => continue,
            (false, true) => "no `minimum`",
            (true, false) => "no `maximum`",
            (false, false) => "no `minimum`, no `maximum`",
        };
        found.push(Finding::at(&value.subject, format!("`{}` may be any number", value.name)).label(missing));
    }
    found
}

fn unbounded_map(index: &Index<'_>) -> Vec<Finding> {
    let maps = declared(index).filter(|value| value.received && matches!(value.kind, Kind::Map(_)));
    maps.map(|value| {
        Finding::at(&value.subject, format!("clients choose the keys of `{}`", value.name))
            .label("any keys, any number of them")
    })
    .collect()
}

fn empty_allowed(index: &Index<'_>) -> Vec<Finding> {
    let required = index.values.iter().filter(|value| value.role == Role::Field && value.received && value.required);
    let in_positions = in_positions(index);
    let required = required.filter(|value| !in_positions.contains(&value.subject.place.span()));
    let empty = required.filter(|value| match index.base(value.kind) {
        Base::Text(text) => {
            let by_pattern = text.pattern.as_ref().is_some_and(|pattern| {
                !regex::Regex::new(&pattern.rust).expect("a model has patterns that compile").is_match("")
            });
            text.min_length.unwrap_or(0) == 0 && !by_pattern && !text.date_time && !value.nullable
        }
        _ => false,
    });
    empty.map(|value| Finding::at(&value.subject, format!("`{}` is required, and may be empty", value.name))).collect()
}

/// The places of the parts of logs' positions. The language itself says what those are, and clients send back only what they
/// were given.
fn in_positions(index: &Index<'_>) -> HashSet<Span> {
    let logs = index.model.scopes.iter().filter_map(|scope| scope.log.as_ref());
    let positions: HashSet<TypeId> = logs.map(|log| log.position).collect();
    let fields = positions.into_iter().filter_map(|id| index.model.object(id)).flat_map(|object| &object.fields);
    fields.map(|field| field.place.span()).collect()
}

fn oversized_payload(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut known = Known::new();
    for (subject, event) in index.requests() {
        let Some(id) = event.payload else { continue };
        if let Some(bytes) = bytes_of_type(index, id, &mut known)
            && bytes > PACKET_BYTES
        {
            let message = format!("the payload of `{}` may have {} MB", event.name, bytes.div_ceil(1_000_000));
            found.push(Finding::at(&subject.key("payload"), message).label("a packet has 1 MB"));
        }
    }
    found
}

/// The maximum sizes that are known. A type that is inside of itself has none.
type Known = HashMap<TypeId, Option<u64>>;

/// The maximum size of a value as JSON, in bytes; `None` if something in it has no bound.
fn bytes(index: &Index<'_>, ty: &Type, known: &mut Known) -> Option<u64> {
    match &ty.kind {
        Kind::Ref(id) => bytes_of_type(index, *id, known),
        kind => bytes_of_kind(index, kind, known),
    }
}

fn bytes_of_type(index: &Index<'_>, id: TypeId, known: &mut Known) -> Option<u64> {
    if let Some(bytes) = known.get(&id) {
        return *bytes;
    }
    known.insert(id, None);
    let bytes = match &index.def(id).shape {
        Shape::Object(object) => object.fields.iter().try_fold(2_u64, |sum, field| {
            let value = bytes(index, &field.ty, known)?;
            Some(sum.saturating_add(field.name.len() as u64 + 4).saturating_add(value))
        }),
        Shape::Enum(choices) => choices.iter().map(|choice| choice.len() as u64 + 2).max(),
        Shape::Alias(kind) => bytes_of_kind(index, kind, known),
    };
    known.insert(id, bytes);
    bytes
}

fn bytes_of_kind(index: &Index<'_>, kind: &Kind, known: &mut Known) -> Option<u64> {
    match kind {
        Kind::Ref(id) => bytes_of_type(index, *id, known),
        // A code point has at most 4 bytes in UTF-8.
        Kind::Text(text) if text.date_time => Some(40),
        Kind::Text(text) => text.max_length.map(|length| length.saturating_mul(4).saturating_add(2)),
        Kind::Const(constant) => Some(constant.len() as u64 + 2),
        Kind::Integer(_) => Some(17),
        Kind::Number(_) => Some(25),
        Kind::Boolean => Some(5),
        Kind::Array(array) => {
            let item = bytes(index, &array.items, known)?;
            Some(array.max_items?.saturating_mul(item.saturating_add(1)).saturating_add(2))
        }
        Kind::Map(_) => None,
    }
}
