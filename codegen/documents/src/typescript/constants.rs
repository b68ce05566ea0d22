//! Constants that a client may need at run time: name and version, rate limits, bounds, errors and events.

use accord_language::model::{Bounds, Deprecated, Doc, Kind, Model, Per, Retry, RoomAction, Scope, ScopeLog, Shape};

use super::{docs::Docs, literal, with_header};

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

/// The maximum number of scalars in an object that is written on one line.
const FLAT: usize = 4;

/// A value that is written as a literal and as the type of it.
enum Constant {
    Scalar(String),
    Object(Vec<Entry>),
}

/// A member of an object.
struct Entry {
    name: String,
    value: Constant,
    /// That it is going away.
    deprecated: Option<Deprecated>,
}

impl Entry {
    fn new(name: impl Into<String>, value: Constant) -> Self {
        Entry { name: name.into(), value, deprecated: None }
    }
}

impl Constant {
    fn string(text: &str) -> Self {
        Constant::Scalar(literal::string(text))
    }

    fn is_empty(&self) -> bool {
        matches!(self, Constant::Object(entries) if entries.is_empty())
    }

    fn text(&self, indent: &str, is_type: bool) -> String {
        let entries = match self {
            Constant::Scalar(text) => return text.clone(),
            Constant::Object(entries) if entries.is_empty() => return "{}".to_owned(),
            Constant::Object(entries) => entries,
        };
        let (readonly, end) = if is_type { ("readonly ", ";") } else { ("", ",") };
        let deeper = format!("{indent}  ");
        let is_plain = |entry: &Entry| entry.deprecated.is_none() && matches!(entry.value, Constant::Scalar(_));
        let is_flat = entries.len() <= FLAT && entries.iter().all(is_plain);
        let text = |Entry { name, value, .. }: &Entry| {
            format!("{readonly}{}: {}", literal::key(name), value.text(&deeper, is_type))
        };
        if is_flat {
            let entries: Vec<String> = entries.iter().map(text).collect();
            return format!("{{ {} }}", entries.join(&format!("{end} ")));
        }
        let line = |entry: &Entry| {
            let deprecated = entry.deprecated.as_ref().filter(|_| is_type);
            let comment = deprecated.map(|deprecated| Docs::deprecated(deprecated).comment(&deeper));
            format!("{}{deeper}{}{end}\n", comment.unwrap_or_default(), text(entry))
        };
        let lines: String = entries.iter().map(line).collect();
        format!("{{\n{lines}{indent}}}")
    }
}

/// A constant with its documentation and name.
type Documented = (&'static str, &'static str, Constant);

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
    all.extend(of_logs(model).into_iter().filter(|(_, _, constant)| !constant.is_empty()));
    all
}

/// The constants that a client needs to catch up and to send again.
fn of_logs(model: &Model) -> [Documented; 3] {
    let logs =
        model.scopes.iter().filter_map(|scope| Some(Entry::new(&scope.name, log(model, scope, scope.log.as_ref()?))));
    let durable = model
        .server_events()
        .filter(|event| event.durable)
        .filter_map(|event| Some(Entry::new(&event.name, Constant::string(&model.scopes[event.scope?.0].name))));
    let idempotent = model
        .client_events()
        .filter_map(|event| Some(Entry::new(&event.name, Constant::string(event.idempotent.as_deref()?))));
    [
        (
            "The kinds of rooms that have a log: the field that names the room, the event that joins it (with `since`), \
             its answer (with `position`), the event that ends a replay, and how long entries are kept.",
            "LOGS",
            Constant::Object(logs.collect()),
        ),
        (
            "The server events that are entries of a log, and the kind of room whose log it is. Each has its number, \
             `seq`.",
            "DURABLE_EVENTS",
            Constant::Object(durable.collect()),
        ),
        (
            "The client events that may be sent again, and the field by which a repetition is known.",
            "IDEMPOTENT_EVENTS",
            Constant::Object(idempotent.collect()),
        ),
    ]
}

fn log(model: &Model, scope: &Scope, log: &ScopeLog) -> Constant {
    let join = model.room_event(&scope.name, RoomAction::Join);
    let joined = join.and_then(|join| join.emits.iter().find(|emit| emit.always_answers()));
    let names = [
        ("key", Some(&scope.key)),
        ("join", join.map(|join| &join.name)),
        ("joined", joined.map(|joined| &joined.event)),
        ("caughtUp", Some(&log.caught_up)),
    ];
    let numbers =
        [("keepMs", log.keep.as_millis()), ("entries", log.entries.into()), ("floorMs", log.floor.as_millis())];
    let names = names.into_iter().filter_map(|(key, name)| Some(Entry::new(key, Constant::string(name?))));
    let numbers = numbers.map(|(key, number)| Entry::new(key, Constant::Scalar(number.to_string())));
    Constant::Object(names.chain(numbers).collect())
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
