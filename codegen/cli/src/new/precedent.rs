//! The conventions that the events of a protocol follow, so that a new one follows them too.

use accord_language::model::{ClientEvent, Domain, Kind, Model, Object, Scope, Shape, TypeId};
use serde_json::Value;

use super::declaration::{Field, quoted};

/// The field of a scope's key, as the events of the protocol have it.
pub fn key(model: &Model, scope: &Scope) -> Field {
    let like =
        model.client_events().filter(|event| event.scope.is_some_and(|id| model.scopes[id.0].name == scope.name));
    let like: Vec<(Option<TypeId>, Option<&Value>)> =
        like.map(|event| (event.payload, event.example.as_ref())).collect();
    field(model, &scope.key, &like).unwrap_or_else(|| Field {
        name: scope.key.clone(),
        ty: format!(
            "{{ type: string, minLength: 1, maxLength: 128, summary: {} }}",
            quoted(&format!("The {}.", scope.name.replace('_', " ")))
        ),
        example: quoted(&format!("{}-1", scope.name)),
    })
}

/// The field that says whose event it was, as the protocol's server events have it.
pub fn user(model: &Model) -> Option<Field> {
    let like: Vec<(Option<TypeId>, Option<&Value>)> =
        model.server_events().map(|event| (event.payload, event.example.as_ref())).collect();
    field(model, "userId", &like)
}

/// The limit that most events of a domain draw on, else of the protocol, else the first.
pub fn limit(model: &Model, domain: Option<&Domain>) -> String {
    let mut counts = vec![0_usize; model.limits.len()];
    let all: Vec<&ClientEvent> = match domain {
        Some(domain) if !domain.client.is_empty() => domain.client.iter().collect(),
        _ => model.client_events().collect(),
    };
    all.iter().filter_map(|event| event.limit).for_each(|id| counts[id.0] += 1);
    // Of those that are equally many, the first.
    let most = counts.iter().enumerate().rev().max_by_key(|(_, count)| **count);
    most.map_or_else(|| "unlimited".to_owned(), |(index, _)| model.limits[index].name.clone())
}

/// Whether events have `since`: those of the domain or, if it has none, of the protocol.
pub fn tells_since(model: &Model, domain: Option<&Domain>) -> bool {
    let of = |domain: &Domain| -> Vec<bool> {
        let client = domain.client.iter().map(|event| event.doc.since.is_some());
        client.chain(domain.server.iter().map(|event| event.doc.since.is_some())).collect()
    };
    let all = domain.map_or_else(|| model.domains.iter().flat_map(of).collect(), of);
    all.is_empty() || all.contains(&true)
}

/// A field of this name with a type that has a name, as it is in most of these payloads.
fn field(model: &Model, name: &str, like: &[(Option<TypeId>, Option<&Value>)]) -> Option<Field> {
    let found = like.iter().filter_map(|(payload, example)| {
        let object = object(model, (*payload)?)?;
        let field = object.fields.iter().find(|field| field.name == name)?;
        let Kind::Ref(id) = field.ty.kind else { return None };
        let ty = model.types.get(id.0).filter(|ty| ty.named && !field.ty.nullable)?;
        let example = example.and_then(|example| example.get(name)).or(ty.example.as_ref())?;
        Some((ty.name.as_str(), example))
    });
    let found: Vec<(&str, &Value)> = found.collect();
    let count = |name: &str| found.iter().filter(|(other, _)| *other == name).count();
    let (ty, example) = found.iter().rev().max_by_key(|(name, _)| count(name))?;
    let example = example.as_str().map_or_else(|| example.to_string(), quoted);
    Some(Field { name: name.to_owned(), ty: format!("{{ $ref: {ty} }}"), example })
}

fn object(model: &Model, id: TypeId) -> Option<&Object> {
    match &model.types[id.0].shape {
        Shape::Object(object) => Some(object),
        Shape::Alias(Kind::Ref(id)) => object(model, *id),
        _ => None,
    }
}
