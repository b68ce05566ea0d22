//! How much may be in a value.

use super::{
    Finding, Level, Protocol, Rule,
    protocol::{Base, Role, Value},
};
use crate::model::{Kind, Shape, Type, TypeId};

pub const RULES: &[Rule] = &[
    Rule {
        id: "unbounded-string",
        level: Level::Warning,
        what: "A string may be of any length.",
        reason: "Whoever takes it has to store, index and show it. Without a bound, a client can fill the database one packet at \
                 a time, and whoever lays out the text finds the longest one in production.",
        remedy: "add `maxLength`, in Unicode code points",
        example: include_str!("examples/unbounded-string.yaml"),
        check: unbounded_string,
    },
    Rule {
        id: "unbounded-array",
        level: Level::Warning,
        what: "An array may have any number of items.",
        reason: "Each item costs work, often a query. One packet with a hundred thousand of them is one event to the rate limit.",
        remedy: "add `maxItems`, or serve it page by page",
        example: include_str!("examples/unbounded-array.yaml"),
        check: unbounded_array,
    },
    Rule {
        id: "unbounded-number",
        level: Level::Warning,
        what: "A number that clients send has no smallest or no largest value.",
        reason: "Databases and typed languages have bounds, and answer with a fault of the server's own where the schema has \
                 none; a negative count or a page of 2^53 is found by whoever looks for it.",
        remedy: "add `minimum` and `maximum`",
        example: include_str!("examples/unbounded-number.yaml"),
        check: unbounded_number,
    },
    Rule {
        id: "unbounded-map",
        level: Level::Warning,
        what: "Clients send an object with any keys.",
        reason: "Neither the keys nor their number are checked: a client chooses what is stored, and how much of it.",
        remedy: "declare the keys under `properties`, or take an array of key and value with `maxItems`",
        example: include_str!("examples/unbounded-map.yaml"),
        check: unbounded_map,
    },
    Rule {
        id: "empty-allowed",
        level: Level::Advice,
        what: "Clients have to send a string, which may be empty.",
        reason: "A required field that may be empty is not required: a message without text or a name of no characters passes \
                 every check and is shown as a gap.",
        remedy: "add `minLength: 1`, or a pattern that asks for something visible",
        example: include_str!("examples/empty-allowed.yaml"),
        check: empty_allowed,
    },
    Rule {
        id: "oversized-payload",
        level: Level::Warning,
        what: "A payload that keeps all bounds may be larger than a packet.",
        reason: "The transport refuses packets above 1 MB and closes the connection, before any rule of the schema is asked. The \
                 client sees a disconnect instead of an error that names the field.",
        remedy: "lower `maxLength` and `maxItems`, or take large contents as uploads",
        example: include_str!("examples/oversized-payload.yaml"),
        check: oversized_payload,
    },
];

/// What the gateway takes in one packet, in bytes, unless it is told otherwise.
const PACKET_BYTES: u64 = 1_000_000;

/// The values whose bounds stand where they are.
fn declared<'p, 'm>(protocol: &'p Protocol<'m>) -> impl Iterator<Item = &'p Value<'m>> {
    protocol.values.iter().filter(|value| !matches!(value.kind, Kind::Ref(_)))
}

fn unbounded_string(protocol: &Protocol<'_>) -> Vec<Finding> {
    let unbounded = declared(protocol).filter(|value| match value.kind {
        Kind::Text(text) => text.max_length.is_none() && !text.date_time,
        _ => false,
    });
    unbounded
        .map(|value| {
            Finding::at(&value.place, format!("`{}` may be of any length", value.name)).label("no `maxLength`")
        })
        .collect()
}

fn unbounded_array(protocol: &Protocol<'_>) -> Vec<Finding> {
    let unbounded = declared(protocol).filter(|value| match value.kind {
        Kind::Array(array) => array.max_items.is_none() && value.role != Role::Answer,
        _ => false,
    });
    unbounded
        .map(|value| {
            Finding::at(&value.place, format!("`{}` may have any number of items", value.name)).label("no `maxItems`")
        })
        .collect()
}

fn unbounded_number(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for value in declared(protocol).filter(|value| value.received) {
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
        found.push(Finding::at(&value.place, format!("`{}` may be any number", value.name)).label(missing));
    }
    found
}

fn unbounded_map(protocol: &Protocol<'_>) -> Vec<Finding> {
    let maps = declared(protocol).filter(|value| value.received && matches!(value.kind, Kind::Map(_)));
    maps.map(|value| {
        Finding::at(&value.place, format!("clients choose the keys of `{}`", value.name))
            .label("any keys, any number of them")
    })
    .collect()
}

fn empty_allowed(protocol: &Protocol<'_>) -> Vec<Finding> {
    let required = protocol.values.iter().filter(|value| value.role == Role::Field && value.received && value.required);
    let empty = required.filter(|value| match protocol.base(value.kind) {
        Base::Text(text) => {
            let by_pattern = text.pattern.as_ref().is_some_and(|pattern| {
                !regex::Regex::new(&pattern.rust).expect("a model has patterns that compile").is_match("")
            });
            text.min_length.unwrap_or(0) == 0 && !by_pattern && !text.date_time && !value.nullable
        }
        _ => false,
    });
    empty.map(|value| Finding::at(&value.place, format!("`{}` is required, and may be empty", value.name))).collect()
}

fn oversized_payload(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, event) in protocol.requests() {
        let Some(id) = event.payload else { continue };
        if let Some(bytes) = bytes_of_type(protocol, id, &mut Vec::new())
            && bytes > PACKET_BYTES
        {
            let message = format!("the payload of `{}` may have {} MB", event.name, bytes.div_ceil(1_000_000));
            found.push(Finding::at(&place.key(&["payload"]), message).label("a packet has 1 MB"));
        }
    }
    found
}

/// How many bytes a value may have as JSON; `None` where something in it has no bound.
fn bytes(protocol: &Protocol<'_>, ty: &Type, open: &mut Vec<TypeId>) -> Option<u64> {
    match &ty.kind {
        Kind::Ref(id) => bytes_of_type(protocol, *id, open),
        kind => bytes_of_kind(protocol, kind, open),
    }
}

fn bytes_of_type(protocol: &Protocol<'_>, id: TypeId, open: &mut Vec<TypeId>) -> Option<u64> {
    if open.contains(&id) {
        return None;
    }
    open.push(id);
    let bytes = match &protocol.def(id).shape {
        Shape::Object(object) => object.fields.iter().try_fold(2_u64, |sum, field| {
            let value = bytes(protocol, &field.ty, open)?;
            Some(sum.saturating_add(field.name.len() as u64 + 4).saturating_add(value))
        }),
        Shape::Enum(choices) => choices.iter().map(|choice| choice.len() as u64 + 2).max(),
        Shape::Alias(kind) => bytes_of_kind(protocol, kind, open),
    };
    open.pop();
    bytes
}

fn bytes_of_kind(protocol: &Protocol<'_>, kind: &Kind, open: &mut Vec<TypeId>) -> Option<u64> {
    match kind {
        Kind::Ref(id) => bytes_of_type(protocol, *id, open),
        // A code point has at most 4 bytes in UTF-8.
        Kind::Text(text) if text.date_time => Some(40),
        Kind::Text(text) => text.max_length.map(|length| length.saturating_mul(4).saturating_add(2)),
        Kind::Const(constant) => Some(constant.len() as u64 + 2),
        Kind::Integer(_) => Some(17),
        Kind::Number(_) => Some(25),
        Kind::Boolean => Some(5),
        Kind::Array(array) => {
            let item = bytes(protocol, &array.items, open)?;
            Some(array.max_items?.saturating_mul(item.saturating_add(1)).saturating_add(2))
        }
        Kind::Map(_) => None,
    }
}
