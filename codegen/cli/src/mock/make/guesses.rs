//! The guesses that are made from the names of fields, where a schema does not say which objects are users, which field is
//! the id of something new, how long a list is wanted, and what is a time. They fit protocols like chat; what they do not
//! fit is made of its examples and its type.

use std::collections::HashSet;

use accord_language::model::{Field, Kind, Model, Object, Shape, Type, TypeDef, TypeId};
use accord_runtime::Identity;
use serde_json::{Map, Value, json};

use super::Maker;

/// The field that holds an object's own id.
pub const ID: &str = "id";

/// The field of a request that says how long a list may be.
pub const LIMIT: &str = "limit";

/// The field that names a user.
const USER_ID: &str = "userId";

/// The fields of a user: a type with an id, a name and no other fields than these is a user.
const OF_USERS: [&str; 5] = ["id", "name", "image", "email", "admin"];

impl Maker {
    /// Whether the values of a type are users.
    pub(super) fn is_user(&self, def: &TypeDef, object: &Object) -> bool {
        let field = |name: &str| object.fields.iter().find(|field| field.name == name);
        let (Some(id), Some(_)) = (field("id"), field("name")) else { return false };
        let marked = def.name.contains("User")
            || matches!(id.ty.kind, Kind::Ref(id) if self.user_ids.contains(&id))
            || field("image").or(field("email")).is_some();
        marked && object.fields.iter().all(|field| OF_USERS.contains(&field.name.as_str()))
    }

    /// Whether a field names a user.
    pub(super) fn is_user_id(&self, field: &Field) -> bool {
        field.name == USER_ID || matches!(field.ty.kind, Kind::Ref(id) if self.user_ids.contains(&id))
    }
}

/// Whether a field holds a point in time, in milliseconds.
pub fn is_time(field: &Field) -> bool {
    matches!(field.ty.kind, Kind::Integer(_)) && (field.name == "timestamp" || field.name.ends_with("At"))
}

/// The types of the fields that name users.
pub fn user_ids(model: &Model) -> HashSet<TypeId> {
    let objects = model.types.iter().filter_map(|def| match &def.shape {
        Shape::Object(object) => Some(object),
        Shape::Enum(_) | Shape::Alias(_) => None,
    });
    let fields = objects.flat_map(|object| &object.fields).filter(|field| field.name == USER_ID);
    let types = fields.filter_map(|Field { ty: Type { kind, .. }, .. }| match kind {
        Kind::Ref(id) => Some(*id),
        _ => None,
    });
    types.collect()
}

/// The fields of an object that describe a user.
pub fn of_user(object: &'static Object, user: &Identity) -> Map<String, Value> {
    let known = |name: &str| match name {
        "id" => json!(user.id),
        "name" => json!(user.name),
        "email" => json!(user.email),
        "image" => json!(user.image),
        "admin" => json!(user.admin),
        _ => Value::Null,
    };
    let fields = object.fields.iter().map(|field| (field.name.clone(), known(&field.name)));
    fields.filter(|(name, value)| !value.is_null() || is_nullable(object, name)).collect()
}

fn is_nullable(object: &Object, name: &str) -> bool {
    object.fields.iter().any(|field| field.name == name && field.required && field.ty.nullable)
}
