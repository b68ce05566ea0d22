//! Rules for types.

use std::collections::{BTreeMap, HashMap};

use accord_language::model::{
    Object,
    index::{Base, Index, ObjectAt, Role, Subject, Value},
};

use super::{Finding, Level, LintRule, words::words};

pub const RULES: &[LintRule] = &[
    LintRule {
        id: "bare-id",
        level: Level::Warning,
        what: "An id is a string or number without a type of its own.",
        reason: "With a type for each kind of id, the compilers of the server and of every client refuse a channel's \
                 id where a message's is expected, and its bounds are in one place.",
        remedy: "declare it under `types`, and refer to it: `{ $ref: MessageId }`",
        example: include_str!("examples/bare-id.yaml"),
        check: bare_id,
    },
    LintRule {
        id: "bare-timestamp",
        level: Level::Warning,
        what: "A point in time is a number, or a string without a format.",
        reason: "A number shows neither its unit nor its epoch, and a free-form string not even its order or time \
                 zone. `date-time` is validated, sorts, and has library support in every language.",
        remedy: "use `type: string` with `format: date-time`, best as a type of its own",
        example: include_str!("examples/bare-timestamp.yaml"),
        check: bare_timestamp,
    },
    LintRule {
        id: "same-name-types",
        level: Level::Warning,
        what: "Fields with the same name have values of different kinds.",
        reason: "Developers who know `size` from one event expect the same in the next. Shared client code, like a \
                 table column or a logger's index, handles one kind and breaks on the other.",
        remedy: "rename one of them, or give both the same type",
        example: include_str!("examples/same-name-types.yaml"),
        check: same_name_types,
    },
    LintRule {
        id: "optional-nullable",
        level: Level::Advice,
        what: "A field may be absent, and may be `null`.",
        reason: "That makes two ways to say nothing, and every client has to handle and test both. In a payload \
                 `null` already counts as absent.",
        remedy: "leave out `nullable` in what clients send; in what the server sends, make the field required instead",
        example: include_str!("examples/optional-nullable.yaml"),
        check: optional_nullable,
    },
    LintRule {
        id: "open-choice",
        level: Level::Warning,
        what: "A status, kind or role is any string.",
        reason: "There are few values, and clients branch on them, but the schema does not list them: each client \
                 finds out by trying, and misses the rare one.",
        remedy: "list the values with `enum`",
        example: include_str!("examples/open-choice.yaml"),
        check: open_choice,
    },
    LintRule {
        id: "many-booleans",
        level: Level::Advice,
        what: "An object has three booleans or more.",
        reason: "Three booleans are eight states, most of them meaningless. Clients have to guess which one takes \
                 precedence, and the next state becomes another boolean.",
        remedy: "use an `enum` for states that exclude each other, or an array of flags for those that do not",
        example: include_str!("examples/many-booleans.yaml"),
        check: many_booleans,
    },
    LintRule {
        id: "inexact-number",
        level: Level::Warning,
        what: "A count or an amount of money is a floating-point number.",
        reason: "0.1 + 0.2 is not 0.3: sums drift, and 2.5 messages are valid. Counts are integers, and so is money, in its \
                 smallest unit.",
        remedy: "use `type: integer`, money in its smallest unit: `priceCents`",
        example: include_str!("examples/inexact-number.yaml"),
        check: inexact_number,
    },
    LintRule {
        id: "duplicate-type",
        level: Level::Advice,
        what: "Two objects have the same fields with the same types.",
        reason: "Clients get two types for one thing, and have to convert between them; a field added to one is \
                 forgotten in the other.",
        remedy: "declare it once under `types`, and refer to it",
        example: include_str!("examples/duplicate-type.yaml"),
        check: duplicate_type,
    },
    LintRule {
        id: "deep-inline",
        level: Level::Advice,
        what: "A payload or type contains an unnamed object two levels deep.",
        reason: "Generated code has to name it after its position, like `SendOrderCustomerAddress`. Nothing else can \
                 use it, and moving it renames it in every client.",
        remedy: "give it a name under `types`",
        example: include_str!("examples/deep-inline.yaml"),
        check: deep_inline,
    },
];

fn fields<'p, 'm>(index: &'p Index<'m>) -> impl Iterator<Item = &'p Value<'m>> {
    index.values.iter().filter(|value| value.role == Role::Field)
}

fn bare_id(index: &Index<'_>) -> Vec<Finding> {
    let is_id =
        |name: &str| words(name).last().is_some_and(|word| ["id", "ids", "uuid", "guid"].contains(&word.as_str()));
    let ids = index.values.iter().filter(|value| matches!(value.role, Role::Field | Role::Part) && is_id(value.name));
    let bare = ids.filter(|value| {
        let scalar = matches!(index.base(value.kind), Base::Text(_) | Base::Integer | Base::Number);
        scalar && index.named(value.kind).is_none()
    });
    bare.map(|value| {
        let kind = index.base(value.kind).name();
        Finding::at(&value.subject, format!("the id `{}` has no type of its own", value.name))
            .label(format!("{kind} like any other"))
    })
    .collect()
}

fn bare_timestamp(index: &Index<'_>) -> Vec<Finding> {
    let ends = ["arrival", "begin", "created", "departure", "due", "end", "expiry", "finish", "start", "updated"];
    let is_time = |name: &str| match &words(name).iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // A `responseTime` is not a point in time.
        [first, .., "time"] => ends.contains(first),
        ["time"] | [_, .., "at"] | [.., "timestamp" | "date" | "datetime" | "expires"] => true,
        _ => false,
    };
    let times = fields(index).filter(|value| is_time(value.name));
    let bare = times.filter(|value| match index.base(value.kind) {
        Base::Text(text) => !text.date_time,
        Base::Integer | Base::Number => true,
        _ => false,
    });
    bare.map(|value| {
        let kind = index.base(value.kind).name();
        Finding::at(&value.subject, format!("the point in time `{}` is not a `date-time`", value.name))
            .label(format!("only {kind}"))
    })
    .collect()
}

fn same_name_types(index: &Index<'_>) -> Vec<Finding> {
    let mut by_name: BTreeMap<&str, BTreeMap<&str, Vec<&Subject>>> = BTreeMap::new();
    for value in fields(index) {
        let kinds = by_name.entry(value.name).or_default();
        kinds.entry(index.base(value.kind).name()).or_default().push(&value.subject);
    }
    let mut found = Vec::new();
    for (name, kinds) in by_name {
        let usual = kinds.iter().max_by_key(|(_, subjects)| subjects.len());
        let Some((&usual, subjects)) = usual else { continue };
        for (&kind, odd) in kinds.iter().filter(|(kind, _)| **kind != usual) {
            for subject in odd {
                let finding = Finding::at(subject, format!("`{name}` is {kind} here, and {usual} elsewhere"));
                found.push(finding.label(kind).and(&subjects[0].place, usual));
            }
        }
    }
    found
}

fn optional_nullable(index: &Index<'_>) -> Vec<Finding> {
    let both = fields(index).filter(|value| value.nullable && !value.required);
    both.map(|value| {
        Finding::at(&value.subject.key("nullable"), format!("`{}` may be absent, and may be `null`", value.name))
    })
    .collect()
}

fn open_choice(index: &Index<'_>) -> Vec<Finding> {
    let closed = ["status", "state", "kind", "mode", "role", "visibility", "severity", "direction", "phase"];
    let is_closed =
        |name: &str| name == "type" || words(name).last().is_some_and(|word| closed.contains(&word.as_str()));
    let open = fields(index).filter(|value| is_closed(value.name));
    let open = open.filter(|value| matches!(index.base(value.kind), Base::Text(_)));
    open.map(|value| {
        Finding::at(&value.subject, format!("`{}` may be any string", value.name)).label("which are there?")
    })
    .collect()
}

fn many_booleans(index: &Index<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for at in &index.objects {
        let booleans = at.object.fields.iter().filter(|field| matches!(index.base(&field.ty.kind), Base::Boolean));
        let booleans: Vec<String> = booleans.map(|field| format!("`{}`", field.name)).collect();
        if booleans.len() >= 3 {
            let message = format!("{} are {} states", booleans.join(", "), 1_u64 << booleans.len().min(63));
            found.push(Finding::at(&at.subject, message));
        }
    }
    found
}

fn inexact_number(index: &Index<'_>) -> Vec<Finding> {
    let exact = [
        "amount", "balance", "cents", "charge", "cost", "count", "fee", "index", "page", "pages", "price", "quantity",
        "size", "tax", "total",
    ];
    let is_exact = |name: &str| words(name).last().is_some_and(|word| exact.contains(&word.as_str()));
    let inexact = fields(index).filter(|value| is_exact(value.name) && matches!(index.base(value.kind), Base::Number));
    inexact.map(|value| Finding::at(&value.subject, format!("`{}` is a floating-point number", value.name))).collect()
}

fn duplicate_type(index: &Index<'_>) -> Vec<Finding> {
    // A type has no order and no hash; two that are the same are written the same.
    let written = |object: &Object| {
        let mut fields: Vec<_> = object.fields.iter().map(|field| (&field.name, field.required, &field.ty)).collect();
        fields.sort_by_key(|(name, ..)| *name);
        format!("{fields:?}")
    };
    let mut found = Vec::new();
    let mut firsts: HashMap<String, &ObjectAt<'_>> = HashMap::new();
    let sent = index.objects.iter().filter(|at| at.object.fields.len() >= 3 && index.is_sent(at.id));
    for at in sent {
        let first = *firsts.entry(written(at.object)).or_insert(at);
        if first.id != at.id {
            let message = format!("`{}` has the same fields as `{}`", at.subject.name, first.subject.name);
            found.push(Finding::at(&at.subject, message).and(&first.subject.place, "the same"));
        }
    }
    found
}

fn deep_inline(index: &Index<'_>) -> Vec<Finding> {
    let deep = index.objects.iter().filter(|at| at.depth >= 2 && !at.def.named);
    deep.map(|at| {
        let message = format!("an unnamed object is two levels deep, and becomes `{}` in code", at.def.name);
        Finding::at(&at.subject, message).label("give it a name")
    })
    .collect()
}
