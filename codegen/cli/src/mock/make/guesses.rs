//! The guesses that are made from names, where a schema does not say which objects are users, which field is the id of
//! something new, which page of a list is wanted, what is a time, and what an event removes. They fit protocols like
//! chat; all other values are made from examples and types.

use std::collections::HashSet;

use accord_language::model::{Field, Kind, Model, Object, Shape, Type, TypeDef, TypeId};
use accord_runtime::Identity;
use serde_json::{Map, Value, json};

use super::Maker;

/// The field that holds an object's own id.
pub const ID: &str = "id";

/// The field of a request that says how long a list may be, and of an answer that says how long it is at most.
pub const LIMIT: &str = "limit";

/// The field of a request that asks for a page of a list, and of an answer that says which one it is, from 1.
pub const PAGE: &str = "page";

/// The fields of an answer with the numbers of things that there are, and of pages.
pub const TOTALS: [&str; 2] = ["total", "pages"];

/// The field of an answer with the place at which a list continues, and the fields of a request that name such a place.
pub const NEXT_CURSOR: &str = "nextCursor";
const CURSORS: [&str; 3] = ["before", "cursor", "after"];

/// The words in an event's name that mean a removal.
const REMOVALS: [&str; 3] = ["deleted", "removed", "erased"];

/// The field that names a user.
const USER_ID: &str = "userId";

/// The fields of a user: a type with an id, a name and no other fields than these is a user.
const OF_USERS: [&str; 5] = ["id", "name", "image", "email", "admin"];

/// The place at which a request wants a list to go on.
pub fn cursor(given: &Map<String, Value>) -> Option<&str> {
    CURSORS.iter().find_map(|name| given.get(*name)?.as_str())
}

/// Whether an event that only names a thing means its removal.
pub fn is_removal(event: &str) -> bool {
    event.split('_').any(|word| REMOVALS.contains(&word))
}

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
