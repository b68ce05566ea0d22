//! Constants that a client may need at run time: name and version, rate limits, bounds, errors and events.

use accord_language::model::{Bounds, Doc, Kind, Model, Per, Retry, Shape};

use super::{
    constant::{Constant, Documented, Entry},
    docs::Docs,
    logs, with_header,
};

/// `constants.js`.
pub fn js(model: &Model) -> String {
    let constants = all(model);
    let text = constants.iter().map(|(_, name, value)| format!("export const {name} = {};\n", value.text("", false)));
    with_header(model, &text.collect::<Vec<_>>().join("\n"))
}

/// `constants.d.ts`.
pub fn d_ts(model: &Model) -> String {
    let constants = all(model);
    let text = constants.iter().map(|(doc, name, value)| {
        format!("{}export declare const {name}: {};\n", Docs::sentence(doc).comment(""), value.text("", true))
    });
    with_header(model, &text.collect::<Vec<_>>().join("\n"))
}

/// All of them.
fn all(model: &Model) -> Vec<Documented> {
    let protocol = &model.protocol;
    let protocol = vec![
        Entry::new("name", Constant::string(&protocol.name)),
        Entry::new("version", Constant::string(&protocol.version)),
    ];
    let client = model.client_events();
    let server = model.server_events();
    let mut all = vec![
        ("The protocol of this package.", "PROTOCOL", Constant::Object(protocol)),
        (
            "The rate limits: a bucket holds `burst` tokens, and `rate` are added every `periodMs`.",
            "LIMITS",
            limits(model),
        ),
        ("The bounds of values, by type and field; lengths are in Unicode code points.", "BOUNDS", bounds(model)),
        ("The errors of the protocol. Several may have the same code.", "ERRORS", errors(model)),
        ("The events that clients send.", "CLIENT_EVENTS", names(client.map(|event| (&event.name, &event.doc)))),
        ("The events that the server sends.", "SERVER_EVENTS", names(server.map(|event| (&event.name, &event.doc)))),
    ];
    all.extend(logs::constants(model));
    all
}

fn limits(model: &Model) -> Constant {
    let limits = model.limits.iter().map(|limit| {
        let per = match limit.per {
            Per::User => "user",
            Per::Socket => "socket",
        };
        let entries = vec![
            Entry::new("per", Constant::string(per)),
            Entry::new("rate", Constant::Scalar(limit.rate.to_string())),
            Entry::new("periodMs", Constant::Scalar(limit.period_ms.to_string())),
            Entry::new("burst", Constant::Scalar(limit.burst.to_string())),
        ];
        Entry::new(&limit.name, Constant::Object(entries))
    });
    Constant::Object(limits.collect())
}

fn errors(model: &Model) -> Constant {
    let errors = model.errors.iter().map(|error| {
        let retry = match error.retry {
            Retry::No => "no",
            Retry::Yes => "yes",
            Retry::After => "after",
            Retry::NewToken => "new_token",
        };
        let entries = vec![
            Entry::new("code", Constant::string(&error.code)),
            Entry::new("message", Constant::string(&error.message)),
            Entry::new("status", Constant::Scalar(error.status.to_string())),
            Entry::new("retry", Constant::string(retry)),
        ];
        Entry { deprecated: error.doc.deprecated.clone(), ..Entry::new(&error.name, Constant::Object(entries)) }
    });
    Constant::Object(errors.collect())
}

/// The names alone: a misspelt name is missed even without types.
fn names<'a>(names: impl Iterator<Item = (&'a String, &'a Doc)>) -> Constant {
    let entry = |(name, doc): (&String, &Doc)| Entry {
        deprecated: doc.deprecated.clone(),
        ..Entry::new(name, Constant::string(name))
    };
    Constant::Object(names.map(entry).collect())
}

/// Of named values, and of the fields of objects, through their names.
fn bounds(model: &Model) -> Constant {
    let of_type = |shape: &Shape| -> Vec<Entry> {
        match shape {
            Shape::Object(object) => {
                let fields = object.fields.iter().filter_map(|field| {
                    let entries = of_kind(model, &field.ty.kind);
                    (!entries.is_empty()).then(|| Entry::new(&field.name, Constant::Object(entries)))
                });
                fields.collect()
            }
            Shape::Enum(_) => Vec::new(),
            Shape::Alias(kind) => of_kind(model, kind),
        }
    };
    let types = model.types.iter().map(|def| (def.name.clone(), of_type(&def.shape)));
    let types = types.filter(|(_, entries)| !entries.is_empty());
    Constant::Object(types.map(|(name, entries)| Entry::new(name, Constant::Object(entries))).collect())
}

fn of_kind(model: &Model, kind: &Kind) -> Vec<Entry> {
    match kind {
        Kind::Ref(id) => match &model.types[id.0].shape {
            Shape::Alias(kind) => of_kind(model, kind),
            Shape::Object(_) | Shape::Enum(_) => Vec::new(),
        },
        Kind::Text(text) => present([("minLength", text.min_length), ("maxLength", text.max_length)]),
        Kind::Array(array) => present([("minItems", array.min_items), ("maxItems", array.max_items)]),
        Kind::Integer(bounds) => of_bounds(bounds),
        Kind::Number(bounds) => of_bounds(bounds),
        Kind::Boolean | Kind::Map(_) | Kind::Const(_) => Vec::new(),
    }
}

fn of_bounds<N: Copy + std::fmt::Display>(bounds: &Bounds<N>) -> Vec<Entry> {
    present([
        ("minimum", bounds.minimum),
        ("exclusiveMinimum", bounds.exclusive_minimum),
        ("maximum", bounds.maximum),
        ("exclusiveMaximum", bounds.exclusive_maximum),
    ])
}

fn present<N: std::fmt::Display, const COUNT: usize>(entries: [(&'static str, Option<N>); COUNT]) -> Vec<Entry> {
    let entries = entries.into_iter().filter_map(|(name, value)| Some((name, value?)));
    entries.map(|(name, value)| Entry::new(name, Constant::Scalar(value.to_string()))).collect()
}
