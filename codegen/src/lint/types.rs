//! What values are.

use std::collections::BTreeMap;

use super::{
    Finding, Level, Place, Protocol, Rule,
    protocol::{Base, Role, Value},
    words::words,
};

pub const RULES: &[Rule] = &[
    Rule {
        id: "bare-id",
        level: Level::Warning,
        what: "An id is a string or number without a type of its own.",
        reason: "With a type for each kind of id, the compilers of the server and of every client refuse a channel's id where a \
                 message's is meant, and its bounds stand in one place.",
        remedy: "declare it under `types`, and refer to that: `{ $ref: MessageId }`",
        example: include_str!("examples/bare-id.yaml"),
        check: bare_id,
    },
    Rule {
        id: "bare-timestamp",
        level: Level::Warning,
        what: "A point in time is a number, or a string without a format.",
        reason: "A number says neither its unit nor its epoch, and a free string not even its order or its zone. `date-time` is \
                 checked, is read by every language's library, and sorts.",
        remedy: "use `type: string` with `format: date-time`, best as a type of its own",
        example: include_str!("examples/bare-timestamp.yaml"),
        check: bare_timestamp,
    },
    Rule {
        id: "same-name-types",
        level: Level::Warning,
        what: "Fields with one name have values of different kinds.",
        reason: "Whoever has learnt `size` in one event expects it in the next. Shared client code, like a table's column or a \
                 logger's index, takes the one kind and breaks on the other.",
        remedy: "give one of them another name, or both the same type",
        example: include_str!("examples/same-name-types.yaml"),
        check: same_name_types,
    },
    Rule {
        id: "optional-nullable",
        level: Level::Advice,
        what: "A field may be absent, and may be `null`.",
        reason: "There are then two ways to say nothing, and every client has to read and test both. In a payload `null` counts \
                 as absent already.",
        remedy: "leave out `nullable` in what clients send; in what the server sends, make the field required instead",
        example: include_str!("examples/optional-nullable.yaml"),
        check: optional_nullable,
    },
    Rule {
        id: "open-choice",
        level: Level::Warning,
        what: "A status, kind or role is any string.",
        reason: "There are few values, and clients branch on them, yet nothing says which there are: each client finds out by \
                 trying, and misses the one that is rare.",
        remedy: "list the values by `enum`",
        example: include_str!("examples/open-choice.yaml"),
        check: open_choice,
    },
    Rule {
        id: "many-booleans",
        level: Level::Advice,
        what: "An object has three booleans or more.",
        reason: "Three booleans are eight states, most of which are never meant. Clients have to guess which win, and the next \
                 state is another boolean.",
        remedy: "use an `enum` for states that exclude each other, or an array of flags for those that do not",
        example: include_str!("examples/many-booleans.yaml"),
        check: many_booleans,
    },
    Rule {
        id: "inexact-number",
        level: Level::Warning,
        what: "A count or an amount of money is a floating-point number.",
        reason: "0.1 + 0.2 is not 0.3: sums drift, and 2.5 messages are valid. Counts are integers, and so is money, in its \
                 smallest unit.",
        remedy: "use `type: integer`, money in its smallest unit: `priceCents`",
        example: include_str!("examples/inexact-number.yaml"),
        check: inexact_number,
    },
    Rule {
        id: "duplicate-type",
        level: Level::Advice,
        what: "Two objects have the same fields with the same types.",
        reason: "Clients get two types for one thing, and have to convert between them; a field that is added to the one is \
                 forgotten in the other.",
        remedy: "declare it once under `types`, and refer to it",
        example: include_str!("examples/duplicate-type.yaml"),
        check: duplicate_type,
    },
    Rule {
        id: "deep-inline",
        level: Level::Advice,
        what: "An object without a name stands two levels deep in a payload or a type.",
        reason: "Generated code has to call it something, and makes `SendOrderCustomerAddress` of where it stands. Nothing else \
                 can use it, and moving it renames it in every client.",
        remedy: "give it a name under `types`",
        example: include_str!("examples/deep-inline.yaml"),
        check: deep_inline,
    },
];

fn fields<'p, 'm>(protocol: &'p Protocol<'m>) -> impl Iterator<Item = &'p Value<'m>> {
    protocol.values.iter().filter(|value| value.role == Role::Field)
}

fn bare_id(protocol: &Protocol<'_>) -> Vec<Finding> {
    let is_id =
        |name: &str| words(name).last().is_some_and(|word| ["id", "ids", "uuid", "guid"].contains(&word.as_str()));
    let ids =
        protocol.values.iter().filter(|value| matches!(value.role, Role::Field | Role::Part) && is_id(value.name));
    let bare = ids.filter(|value| {
        let scalar = matches!(protocol.base(value.kind), Base::Text(_) | Base::Integer | Base::Number);
        scalar && protocol.named(value.kind).is_none()
    });
    bare.map(|value| {
        let kind = protocol.base(value.kind).name();
        Finding::at(&value.place, format!("the id `{}` has no type of its own", value.name))
            .label(format!("{kind} like any other"))
    })
    .collect()
}

fn bare_timestamp(protocol: &Protocol<'_>) -> Vec<Finding> {
    let ends = ["arrival", "begin", "created", "departure", "due", "end", "expiry", "finish", "start", "updated"];
    let is_time = |name: &str| match &words(name).iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // A `responseTime` is none.
        [first, .., "time"] => ends.contains(first),
        ["time"] | [_, .., "at"] | [.., "timestamp" | "date" | "datetime" | "expires"] => true,
        _ => false,
    };
    let times = fields(protocol).filter(|value| is_time(value.name));
    let bare = times.filter(|value| match protocol.base(value.kind) {
        Base::Text(text) => !text.date_time,
        Base::Integer | Base::Number => true,
        _ => false,
    });
    bare.map(|value| {
        let kind = protocol.base(value.kind).name();
        Finding::at(&value.place, format!("the point in time `{}` is no `date-time`", value.name))
            .label(format!("only {kind}"))
    })
    .collect()
}

fn same_name_types(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut by_name: BTreeMap<&str, BTreeMap<&str, Vec<&Place>>> = BTreeMap::new();
    for value in fields(protocol) {
        let kinds = by_name.entry(value.name).or_default();
        kinds.entry(protocol.base(value.kind).name()).or_default().push(&value.place);
    }
    let mut found = Vec::new();
    for (name, kinds) in by_name {
        let usual = kinds.iter().max_by_key(|(_, places)| places.len());
        let Some((&usual, places)) = usual else { continue };
        for (&kind, odd) in kinds.iter().filter(|(kind, _)| **kind != usual) {
            for place in odd {
                let finding = Finding::at(place, format!("`{name}` is {kind} here, and {usual} elsewhere"));
                found.push(finding.label(kind).and(places[0], usual));
            }
        }
    }
    found
}

fn optional_nullable(protocol: &Protocol<'_>) -> Vec<Finding> {
    let both = fields(protocol).filter(|value| value.nullable && !value.required);
    both.map(|value| {
        Finding::at(&value.place.key(&["nullable"]), format!("`{}` may be absent, and may be `null`", value.name))
    })
    .collect()
}

fn open_choice(protocol: &Protocol<'_>) -> Vec<Finding> {
    let closed = ["status", "state", "kind", "mode", "role", "visibility", "severity", "direction", "phase"];
    let is_closed =
        |name: &str| name == "type" || words(name).last().is_some_and(|word| closed.contains(&word.as_str()));
    let open = fields(protocol).filter(|value| is_closed(value.name));
    let open = open.filter(|value| matches!(protocol.base(value.kind), Base::Text(_)));
    open.map(|value| Finding::at(&value.place, format!("`{}` may be any string", value.name)).label("which are there?"))
        .collect()
}

fn many_booleans(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in &protocol.objects {
        let booleans = at.object.fields.iter().filter(|field| matches!(protocol.base(&field.ty.kind), Base::Boolean));
        let booleans: Vec<String> = booleans.map(|field| format!("`{}`", field.name)).collect();
        if booleans.len() >= 3 {
            let message = format!("{} are {} states", booleans.join(", "), 1_u64 << booleans.len().min(63));
            found.push(Finding::at(&at.place, message));
        }
    }
    found
}

fn inexact_number(protocol: &Protocol<'_>) -> Vec<Finding> {
    let exact = [
        "amount", "balance", "cents", "charge", "cost", "count", "fee", "index", "page", "pages", "price", "quantity",
        "size", "tax", "total",
    ];
    let is_exact = |name: &str| words(name).last().is_some_and(|word| exact.contains(&word.as_str()));
    let inexact =
        fields(protocol).filter(|value| is_exact(value.name) && matches!(protocol.base(value.kind), Base::Number));
    inexact.map(|value| Finding::at(&value.place, format!("`{}` is a floating-point number", value.name))).collect()
}

fn duplicate_type(protocol: &Protocol<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, at) in protocol.objects.iter().enumerate() {
        let sent = |id| protocol.is_sent(id);
        let comparable = |id, count: usize| count >= 3 && sent(id);
        if !comparable(at.id, at.object.fields.len()) {
            continue;
        }
        let same = protocol.objects[..index].iter().find(|first| {
            let fields = |object: &crate::model::Object| {
                let mut fields: Vec<_> =
                    object.fields.iter().map(|field| (field.name.clone(), field.required, field.ty.clone())).collect();
                fields.sort_by(|a, b| a.0.cmp(&b.0));
                fields
            };
            first.id != at.id
                && comparable(first.id, first.object.fields.len())
                && fields(first.object) == fields(at.object)
        });
        if let Some(first) = same {
            let message = format!("`{}` has the same fields as `{}`", at.place.name(), first.place.name());
            found.push(Finding::at(&at.place, message).and(&first.place, "the same"));
        }
    }
    found
}

fn deep_inline(protocol: &Protocol<'_>) -> Vec<Finding> {
    let deep = protocol.objects.iter().filter(|at| at.depth >= 2 && !at.def.named);
    deep.map(|at| {
        let message = format!("an object without a name stands two levels deep, and becomes `{}` in code", at.def.name);
        Finding::at(&at.place, message).label("give it a name")
    })
    .collect()
}
