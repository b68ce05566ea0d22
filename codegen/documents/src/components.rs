//! The schemas of a document that keeps them under `components`, as OpenAPI and AsyncAPI have it.

use std::collections::BTreeSet;

use accord_language::model::{Doc, Kind, Model, Object, Place, Shape, Shown, Type, TypeDef, TypeId};
use serde_json::{Map, Value, json};

use super::json_schema;

/// The location of the schemas.
const SCHEMAS: &str = "#/components/schemas/";

/// Gathers the types that a document refers to, and leaves out all others.
pub(super) struct Components<'m> {
    model: &'m Model,
    used: BTreeSet<TypeId>,
}

impl<'m> Components<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Components { model, used: BTreeSet::new() }
    }

    /// A reference to a type.
    pub(super) fn reference(&mut self, id: TypeId) -> Value {
        self.used.extend(json_schema::reachable(&self.model.types, id));
        json!({ "$ref": format!("{SCHEMAS}{}", self.model.types[id.0].name) })
    }

    /// A type where it is used.
    pub(super) fn use_of(&mut self, ty: &Type) -> Value {
        self.gather(&ty.kind);
        moved(json_schema::use_of(&self.model.types, ty, true))
    }

    /// A value that the server sends, as clients see it.
    pub(super) fn shown(&mut self, shown: &Shown) -> Value {
        self.gather(&shown.ty.kind);
        moved(json_schema::shown(&self.model.types, shown))
    }

    /// An object that has no name.
    pub(super) fn object(&mut self, object: Object) -> Value {
        object.fields.iter().for_each(|field| self.gather(&field.ty.kind));
        let (name, doc) = (String::new(), Doc::default());
        let (shape, place) = (Shape::Object(object), Place::default());
        let def = TypeDef { name, doc, shape, example: None, named: false, place };
        moved(json_schema::definition(&self.model.types, &def))
    }

    /// The schema of a failure: `body`, with one of these codes.
    pub(super) fn failure<'c>(&mut self, body: TypeId, codes: impl IntoIterator<Item = &'c str>) -> Value {
        let mut each: Vec<&str> = Vec::new();
        for code in codes {
            if !each.contains(&code) {
                each.push(code);
            }
        }
        json!({ "allOf": [self.reference(body), { "type": "object", "properties": { "code": { "type": "string", "enum": each } } }] })
    }

    /// The definitions of all types that were referred to, in the order of the schema.
    pub(super) fn schemas(self) -> Map<String, Value> {
        let types = &self.model.types;
        let named = |id: TypeId| (types[id.0].name.clone(), moved(json_schema::definition(types, &types[id.0])));
        self.used.into_iter().map(named).collect()
    }

    fn gather(&mut self, kind: &Kind) {
        let types = &self.model.types;
        kind.references(&mut |id| self.used.extend(json_schema::reachable(types, id)));
    }
}

/// A schema with its references to `#/$defs/Name` leading to the components. Examples and constants are left as they are.
fn moved(mut schema: Value) -> Value {
    lead(&mut schema);
    schema
}

fn lead(schema: &mut Value) {
    let Value::Object(keywords) = schema else { return };
    for (keyword, value) in keywords {
        match (keyword.as_str(), value) {
            ("$ref", Value::String(reference)) => *reference = reference.replace("#/$defs/", SCHEMAS),
            ("properties", Value::Object(properties)) => properties.values_mut().for_each(lead),
            ("allOf" | "anyOf", Value::Array(schemas)) => schemas.iter_mut().for_each(lead),
            ("items" | "additionalProperties" | "not", schema) => lead(schema),
            _ => {}
        }
    }
}
