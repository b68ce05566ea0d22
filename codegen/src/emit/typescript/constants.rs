//! What a client may want to know at run time: name and version, rate limits, bounds, errors and events.

use super::{docs::Docs, literal, with_header};
use crate::model::{Bounds, Kind, Model, Per, Retry, Shape};

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

/// How many scalars an object has at most, to be written on one line.
const FLAT: usize = 4;

/// A value that is written as a literal and as the type of it.
enum Constant {
    Scalar(String),
    Object(Vec<(String, Constant)>),
}

impl Constant {
    fn string(text: &str) -> Self {
        Constant::Scalar(literal::string(text))
    }

    fn text(&self, indent: &str, is_type: bool) -> String {
        let entries = match self {
            Constant::Scalar(text) => return text.clone(),
            Constant::Object(entries) if entries.is_empty() => return "{}".to_owned(),
            Constant::Object(entries) => entries,
        };
        let (readonly, end) = if is_type { ("readonly ", ";") } else { ("", ",") };
        let deeper = format!("{indent}  ");
        let is_scalar = |(_, value): &(String, Constant)| matches!(value, Constant::Scalar(_));
        let is_flat = entries.len() <= FLAT && entries.iter().all(is_scalar);
        let entry = |(name, value): &(String, Constant)| {
            format!("{readonly}{}: {}", literal::key(name), value.text(&deeper, is_type))
        };
        let entries: Vec<String> = entries.iter().map(entry).collect();
        if is_flat {
            return format!("{{ {} }}", entries.join(&format!("{end} ")));
        }
        let lines: String = entries.iter().map(|entry| format!("{deeper}{entry}{end}\n")).collect();
        format!("{{\n{lines}{indent}}}")
    }
}

/// Each with its documentation and name.
fn all(model: &Model) -> [(&'static str, &'static str, Constant); 6] {
    let protocol = &model.protocol;
    let protocol = vec![
        ("name".to_owned(), Constant::string(&protocol.name)),
        ("version".to_owned(), Constant::string(&protocol.version)),
    ];
    let client = model.domains.iter().flat_map(|domain| &domain.client);
    let server = model.domains.iter().flat_map(|domain| &domain.server);
    [
        ("The protocol that this package is of.", "PROTOCOL", Constant::Object(protocol)),
        (
            "The rate limits: a bucket holds `burst` tokens, and `rate` are put back every `periodMs`.",
            "LIMITS",
            limits(model),
        ),
        ("What values are limited to, by type and field; lengths are in Unicode code points.", "BOUNDS", bounds(model)),
        ("The errors of the protocol. Several may have the same code.", "ERRORS", errors(model)),
        ("The events that clients send.", "CLIENT_EVENTS", names(client.map(|event| &event.name))),
        ("The events that the server sends.", "SERVER_EVENTS", names(server.map(|event| &event.name))),
    ]
}

fn limits(model: &Model) -> Constant {
    let limits = model.limits.iter().map(|limit| {
        let per = match limit.per {
            Per::User => "user",
            Per::Socket => "socket",
        };
        let entries = vec![
            ("per".to_owned(), Constant::string(per)),
            ("rate".to_owned(), Constant::Scalar(limit.rate.to_string())),
            ("periodMs".to_owned(), Constant::Scalar(limit.period_ms.to_string())),
            ("burst".to_owned(), Constant::Scalar(limit.burst.to_string())),
        ];
        (limit.name.clone(), Constant::Object(entries))
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
            ("code".to_owned(), Constant::string(&error.code)),
            ("message".to_owned(), Constant::string(&error.message)),
            ("status".to_owned(), Constant::Scalar(error.status.to_string())),
            ("retry".to_owned(), Constant::string(retry)),
        ];
        (error.name.clone(), Constant::Object(entries))
    });
    Constant::Object(errors.collect())
}

/// By themselves: a name that is misspelt is no name, before there are types.
fn names<'a>(names: impl Iterator<Item = &'a String>) -> Constant {
    Constant::Object(names.map(|name| (name.clone(), Constant::string(name))).collect())
}

/// Of named values, and of the fields of objects, through their names.
fn bounds(model: &Model) -> Constant {
    let of_type = |shape: &Shape| match shape {
        Shape::Object(object) => {
            let fields = object.fields.iter().filter_map(|field| {
                let entries = of_kind(model, &field.ty.kind);
                (!entries.is_empty()).then(|| (field.name.clone(), Constant::Object(entries)))
            });
            fields.collect()
        }
        Shape::Enum(_) => Vec::new(),
        Shape::Alias(kind) => of_kind(model, kind),
    };
    let types = model.types.iter().map(|def| (def.name.clone(), of_type(&def.shape)));
    let types = types.filter(|(_, entries)| !entries.is_empty());
    Constant::Object(types.map(|(name, entries)| (name, Constant::Object(entries))).collect())
}

fn of_kind(model: &Model, kind: &Kind) -> Vec<(String, Constant)> {
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

fn of_bounds<N: Copy + std::fmt::Display>(bounds: &Bounds<N>) -> Vec<(String, Constant)> {
    present([
        ("minimum", bounds.minimum),
        ("exclusiveMinimum", bounds.exclusive_minimum),
        ("maximum", bounds.maximum),
        ("exclusiveMaximum", bounds.exclusive_maximum),
    ])
}

fn present<N: std::fmt::Display, const COUNT: usize>(
    entries: [(&'static str, Option<N>); COUNT],
) -> Vec<(String, Constant)> {
    let entries = entries.into_iter().filter_map(|(name, value)| Some((name, value?)));
    entries.map(|(name, value)| (name.to_owned(), Constant::Scalar(value.to_string()))).collect()
}
