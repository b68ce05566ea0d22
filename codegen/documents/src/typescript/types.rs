//! Every type of the schema.

use accord_language::model::{Field, Kind, Model, Shape, Shown, Type, TypeDef, TypeId};

use super::{docs::Docs, literal};

/// An interface or type for each.
pub fn declarations(model: &Model) -> String {
    let types = model.types.iter().enumerate();
    types.map(|(index, def)| declaration(model, TypeId(index), def)).collect::<Vec<_>>().join("\n")
}

/// A type where it is used; named types are members of the namespace `from` where there is one.
pub fn use_of(model: &Model, ty: &Type, from: &str) -> String {
    let kind = kind(model, &ty.kind, from);
    if ty.nullable { format!("{kind} | null") } else { kind }
}

/// A value that the server sends, as clients see it.
pub fn shown(model: &Model, shown: &Shown, from: &str) -> String {
    let ty = use_of(model, &shown.ty, from);
    match &shown.seq {
        None => ty,
        Some(seq) => format!("{ty} & {{ {}: {} }}", literal::key(&seq.name), use_of(model, &seq.ty, from)),
    }
}

fn kind(model: &Model, kind: &Kind, from: &str) -> String {
    match kind {
        Kind::Ref(id) => format!("{from}{}", model.types[id.0].name),
        Kind::Text(_) => "string".to_owned(),
        Kind::Integer(_) | Kind::Number(_) => "number".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Array(array) => {
            let items = use_of(model, &array.items, from);
            if items.contains(' ') { format!("({items})[]") } else { format!("{items}[]") }
        }
        Kind::Map(values) => format!("{{ [key: string]: {} }}", use_of(model, values, from)),
        Kind::Const(constant) => literal::string(constant),
    }
}

fn declaration(model: &Model, id: TypeId, def: &TypeDef) -> String {
    let mut docs = Docs::of(&def.doc, &format!("`{}`.", def.name));
    if let Shape::Alias(kind) = &def.shape {
        docs.limits(kind);
    }
    if let Shape::Object(object) = &def.shape {
        for rule in &object.rules {
            docs.add(&format!("`{}` {}.", rule.path.trim_start_matches('/'), rule.message));
        }
    }
    docs.example(def.example.as_ref().or_else(|| example_of_event(model, id)));
    let comment = docs.comment("");
    let name = &def.name;
    match &def.shape {
        Shape::Object(object) => {
            let fields: String = object.fields.iter().map(|field| member(model, field)).collect();
            format!("{comment}export interface {name} {{\n{fields}}}\n")
        }
        Shape::Enum(choices) => {
            format!("{comment}export type {name} = {};\n", literal::union(choices.iter().map(String::as_str)))
        }
        Shape::Alias(alias) => format!("{comment}export type {name} = {};\n", kind(model, alias, "")),
    }
}

/// An optional field may be `null`, which counts as absent.
fn member(model: &Model, field: &Field) -> String {
    let otherwise = match &field.ty.kind {
        Kind::Ref(id) if !model.types[id.0].doc.summary.is_empty() => model.types[id.0].doc.summary.clone(),
        _ => format!("`{}`.", field.name),
    };
    let mut docs = Docs::of(&field.doc, &otherwise);
    docs.limits(&field.ty.kind);
    let ty = Type { nullable: field.ty.nullable || !field.required, ..field.ty.clone() };
    let optional = if field.required { "" } else { "?" };
    format!("{}  {}{optional}: {};\n", docs.comment("  "), literal::key(&field.name), use_of(model, &ty, ""))
}

/// The example of the event that a type is the payload of.
fn example_of_event(model: &Model, id: TypeId) -> Option<&serde_json::Value> {
    let client = model.client_events();
    let server = model.server_events();
    client
        .map(|event| (event.payload, &event.example))
        .chain(server.map(|event| (event.payload, &event.example)))
        .find_map(|(payload, example)| example.as_ref().filter(|_| payload == Some(id)))
}
