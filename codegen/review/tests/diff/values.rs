//! The values that clients send and receive: if nothing breaks, old values are still valid.

use accord_documents::json_schema;
use accord_language::{
    Model,
    model::{Array, Kind, Shape, Text, Type, TypeId},
};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The values of a schema's messages.
pub struct Values {
    /// The payloads that clients send, by event.
    accepted: Vec<(String, Vec<Value>)>,
    /// The payloads that the server sends, by event.
    sent: Vec<(String, Validator)>,
}

impl Values {
    pub fn of(model: &Model) -> Self {
        let clients = model.client_events();
        let servers = model.server_events();
        Values {
            accepted: clients.filter_map(|event| Some((event.name.clone(), samples(model, event.payload?)))).collect(),
            sent: servers.filter_map(|event| Some((event.name.clone(), validator(model, event.payload?)))).collect(),
        }
    }

    /// The messages that contradict a verdict that nothing on the wire breaks: what clients of the old schema send and the
    /// new one refuses, and what the new one sends and the old one did not allow.
    pub fn broken_by(&self, new: &Model) -> impl Iterator<Item = String> {
        let refused = self.accepted.iter().filter_map(|(name, values)| {
            let mut clients = new.client_events();
            let validator = validator(new, clients.find(|event| event.name == *name)?.payload?);
            let value = values.iter().find(|value| !validator.is_valid(value))?;
            Some(format!("`{name}` refuses {value}"))
        });
        let unknown = self.sent.iter().filter_map(|(name, validator)| {
            let mut servers = new.server_events();
            let values = samples(new, servers.find(|event| event.name == *name)?.payload?);
            let value = values.iter().find(|value| !validator.is_valid(value))?;
            Some(format!("`{name}` sends {value}"))
        });
        refused.chain(unknown)
    }
}

fn validator(model: &Model, id: TypeId) -> Validator {
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    options.build(&json_schema::of(model, id)).unwrap()
}

/// Valid values of a type, at its bounds and in between.
fn samples(model: &Model, id: TypeId) -> Vec<Value> {
    let validator = validator(model, id);
    let mut values = of_def(model, id, 2);
    values.extend(model.types[id.0].example.clone());
    values.retain(|value| validator.is_valid(value));
    values
}

fn of_def(model: &Model, id: TypeId, depth: usize) -> Vec<Value> {
    let def = &model.types[id.0];
    let mut values = match &def.shape {
        Shape::Enum(choices) => choices.iter().map(|choice| json!(choice)).collect(),
        Shape::Alias(kind) => of_kind(model, kind, depth),
        Shape::Object(_) if depth == 0 => Vec::new(),
        Shape::Object(object) => {
            let fields: Vec<(&str, bool, Vec<Value>)> = object
                .fields
                .iter()
                .map(|field| (field.name.as_str(), field.required, of_type(model, &field.ty, depth - 1)))
                .collect();
            let first =
                |(name, _, values): &(&str, bool, Vec<Value>)| Some(((*name).to_owned(), values.first()?.clone()));
            let all: Map<String, Value> = fields.iter().filter_map(first).collect();
            let least: Map<String, Value> =
                fields.iter().filter(|(_, required, _)| *required).filter_map(first).collect();
            // Each field in each of its values, beside all others and beside none.
            let bases = def.example.iter().filter_map(Value::as_object).cloned().chain([all, least]);
            let mut objects = Vec::new();
            for base in bases {
                objects.push(Value::Object(base.clone()));
                for (name, _, values) in &fields {
                    for value in values {
                        let mut object = base.clone();
                        object.insert((*name).to_owned(), value.clone());
                        objects.push(Value::Object(object));
                    }
                }
            }
            objects
        }
    };
    // Inside of others, fewer will do.
    values.truncate(if depth == 2 { 200 } else { 6 });
    values.extend(def.example.clone());
    values
}

fn of_type(model: &Model, ty: &Type, depth: usize) -> Vec<Value> {
    let mut values = of_kind(model, &ty.kind, depth);
    values.extend(ty.nullable.then_some(Value::Null));
    values
}

fn of_kind(model: &Model, kind: &Kind, depth: usize) -> Vec<Value> {
    match kind {
        Kind::Ref(id) => of_def(model, *id, depth),
        Kind::Text(text) => of_text(text),
        Kind::Const(constant) => vec![json!(constant)],
        Kind::Boolean => vec![json!(true), json!(false)],
        Kind::Integer(bounds) => {
            let low = bounds.minimum.or(bounds.exclusive_minimum.map(|bound| bound + 1));
            let high = bounds.maximum.or(bounds.exclusive_maximum.map(|bound| bound - 1));
            [low.unwrap_or(-9_007_199_254_740_991), high.unwrap_or(9_007_199_254_740_991), 1].map(Value::from).into()
        }
        Kind::Number(bounds) => {
            let low = bounds.minimum.or(bounds.exclusive_minimum.map(|bound| bound + 0.01));
            let high = bounds.maximum.or(bounds.exclusive_maximum.map(|bound| bound - 0.01));
            [low.unwrap_or(-1.0e12), high.unwrap_or(1.0e12), 0.5].map(Value::from).into()
        }
        Kind::Array(Array { items, min_items, max_items }) => {
            let items = of_type(model, items, depth);
            let of_length = |length: u64| -> Value {
                items.iter().cycle().take(usize::try_from(length).unwrap()).cloned().collect()
            };
            [min_items.unwrap_or(0), max_items.unwrap_or(12).min(12), 1].map(of_length).into()
        }
        Kind::Map(values) => {
            let values = of_type(model, values, depth);
            let mut maps: Vec<Value> = values.into_iter().map(|value| json!({ "some key": value })).collect();
            maps.push(json!({}));
            maps
        }
    }
}

fn of_text(text: &Text) -> Vec<Value> {
    if text.date_time {
        return vec![json!("2026-01-31T09:30:00.000Z")];
    }
    let lengths = [text.min_length.unwrap_or(0), text.max_length.unwrap_or(200).min(200), 4];
    let of_length = |length: u64| json!("a".repeat(usize::try_from(length).unwrap()));
    let mut values: Vec<Value> = lengths.map(of_length).into();
    values.extend(["a line", "A1 -", "word", "\u{1}"].map(Value::from));
    // Nothing that the pattern refuses: what is inside would spoil what is around it.
    if let Some(pattern) = &text.pattern {
        let regex = regex::Regex::new(&pattern.rust).unwrap();
        values.retain(|value| regex.is_match(value.as_str().unwrap()));
    }
    let fits = |value: &Value| {
        let length = value.as_str().unwrap().chars().count() as u64;
        text.min_length.is_none_or(|min| length >= min) && text.max_length.is_none_or(|max| length <= max)
    };
    values.retain(fits);
    values
}
