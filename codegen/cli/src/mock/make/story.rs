//! What one request is answered with, all of it telling the same.

use accord_codegen::model::{Array, Field, Kind, Object, Shape, Type, TypeDef};
use accord_runtime::{Identity, validate::present};
use jiff::Timestamp;
use rand::RngExt;
use serde_json::{Map, Value, json};

use super::{
    super::users,
    Maker, Request,
    ids::Ids,
    number::{integer, number},
    text,
};

/// How many items a list has that is made up.
const ITEMS: u64 = 3;

/// How deep lists are that are made up.
const DEEPEST: usize = 3;

/// How often something is made anew that is not valid: rules across fields are not looked at while it is made.
const ATTEMPTS: usize = 32;

/// The answers to one request.
pub struct Story<'a> {
    maker: &'a Maker,
    request: Request<'a>,
    now: Timestamp,
    ids: Ids,
}

/// Where a value is told.
#[derive(Clone, Copy)]
struct Place {
    /// Whether it is what the answer is about, rather than a part of it.
    top: bool,
    depth: usize,
}

impl Place {
    const TOP: Place = Place { top: true, depth: 0 };

    fn within(self) -> Self {
        Place { top: false, depth: self.depth + 1 }
    }
}

impl<'a> Story<'a> {
    pub(super) fn new(maker: &'a Maker, request: Request<'a>) -> Self {
        Story { maker, request, now: Timestamp::now(), ids: Ids::new(request.reads) }
    }

    /// A value of a type. `example` is the schema's, if it has a better one than that of the type.
    pub fn value(&mut self, ty: &'static Type, example: Option<&Value>) -> Value {
        let told = self.told(ty, example, Place::TOP);
        if self.maker.checker.is_valid(ty, &told) {
            return told;
        }
        let own = match &ty.kind {
            Kind::Ref(id) => self.maker.def(*id).example.as_ref(),
            _ => None,
        };
        if let Some(example) = example.or(own).filter(|example| self.maker.checker.is_valid(ty, example)) {
            return example.clone();
        }
        let nothing = Map::new();
        let request = Request { given: &nothing, input: None, example: None, ..self.request };
        let mut made = Story::new(self.maker, request);
        let mut attempts = (0..ATTEMPTS).map(|_| made.told(ty, None, Place::TOP));
        attempts.find(|value| self.maker.checker.is_valid(ty, value)).unwrap_or(told)
    }

    /// What the gateway says of an event that joins or leaves a room: the payload's own fields, as far as the type has them.
    pub fn copy(&self, ty: &'static Type) -> Value {
        self.maker.kept(ty, &Value::Object(self.request.given.clone()))
    }

    fn told(&mut self, ty: &'static Type, example: Option<&Value>, place: Place) -> Value {
        // Without an example, `null` is what ends lists and trees.
        if ty.nullable && example.is_none_or(Value::is_null) {
            return Value::Null;
        }
        self.of_kind(&ty.kind, example, place)
    }

    fn of_kind(&mut self, kind: &'static Kind, example: Option<&Value>, place: Place) -> Value {
        match (kind, example) {
            (Kind::Ref(id), _) => {
                let def = self.maker.def(*id);
                let example = example.or(def.example.as_ref());
                match &def.shape {
                    Shape::Object(object) => self.object(def, object, example.and_then(Value::as_object), place),
                    Shape::Alias(kind) => self.of_kind(kind, example, place),
                    Shape::Enum(names) => match example {
                        Some(example) => example.clone(),
                        None => self.maker.with_rng(|rng| json!(names[rng.random_range(0..names.len())])),
                    },
                }
            }
            (Kind::Text(text), _) if text.date_time => json!(format!("{:.3}", self.now)),
            (Kind::Array(array), Some(Value::Array(items))) if !place.top && !self.is_of_users(array) => {
                items.iter().map(|item| self.told(&array.items, Some(item), place.within())).collect()
            }
            (Kind::Array(array), _) => self.list(array, place),
            (Kind::Map(values), Some(Value::Object(entries))) => {
                let entry =
                    |(key, value): (&String, &Value)| (key.clone(), self.told(values, Some(value), place.within()));
                entries.iter().map(entry).collect::<Map<_, _>>().into()
            }
            (Kind::Map(_), _) => json!({}),
            (Kind::Const(constant), _) => json!(constant),
            (_, Some(example)) => example.clone(),
            (Kind::Text(limits), None) => json!(self.maker.with_rng(|rng| text::make(limits, rng))),
            (Kind::Integer(bounds), None) => json!(self.maker.with_rng(|rng| integer(bounds, rng))),
            (Kind::Number(bounds), None) => json!(self.maker.with_rng(|rng| number(bounds, rng))),
            (Kind::Boolean, None) => json!(self.maker.with_rng(|rng| rng.random_bool(0.5))),
        }
    }

    /// A list that is made up. Its items are different things; those of a list of users are the users that there are.
    fn list(&mut self, array: &'static Array, place: Place) -> Value {
        if self.is_of_users(array)
            && let Some((_, object)) = self.maker.object(&array.items.kind)
        {
            return self.maker.users.iter().map(|user| Value::Object(of_user(object, user))).collect();
        }
        let (min, max) = (array.min_items.unwrap_or(0), array.max_items.unwrap_or(u64::MAX));
        let asked = self.request.given.get("limit").and_then(Value::as_u64).unwrap_or(ITEMS);
        let count = if place.depth < DEEPEST { ITEMS.min(asked).clamp(min, max.max(min)) } else { min };
        let known = self.ids.known();
        let item = |_| {
            self.ids.know_only(&known);
            self.told(&array.items, None, place.within())
        };
        let items = (0..count).map(item).collect();
        self.ids.know_only(&known);
        items
    }

    /// Whether a list is one of users, and has room for those that there are.
    fn is_of_users(&self, array: &'static Array) -> bool {
        let (min, max) = (array.min_items.unwrap_or(0), array.max_items.unwrap_or(u64::MAX));
        let is_user = |(def, object)| self.maker.is_user(def, object);
        self.maker.object(&array.items.kind).is_some_and(is_user)
            && (min.max(1)..=max).contains(&(self.maker.users.len() as u64))
    }

    fn object(
        &mut self,
        def: &'static TypeDef,
        object: &'static Object,
        example: Option<&Map<String, Value>>,
        place: Place,
    ) -> Value {
        let mut told = Map::new();
        if self.maker.is_user(def, object) {
            told = self.user(object, place);
        }
        for field in &object.fields {
            let shown = example.and_then(|example| example.get(&field.name));
            let value = match told.get(&field.name) {
                // Of a user that the answer is about, the request may say more than the token does.
                Some(_) if !place.top => continue,
                Some(known) => self.given(field, shown, place).unwrap_or_else(|| known.clone()),
                None => match (self.given(field, shown, place), shown, example) {
                    (Some(given), ..) => given,
                    (None, Some(_), _) => self.field(field, shown, place),
                    (None, None, None) if field.required => self.field(field, None, place),
                    (None, None, _) => continue,
                },
            };
            told.insert(field.name.clone(), value);
        }
        told.into()
    }

    /// What is known of a user: of the one that the request names where that is what the answer is about, else of the caller.
    fn user(&self, object: &'static Object, place: Place) -> Map<String, Value> {
        let named = place.top.then(|| self.request.given.get("id")).flatten().and_then(Value::as_str);
        let named = named.and_then(|id| users::identity(id).ok());
        let user = named.as_ref().or(self.request.caller).or(self.maker.users.first());
        let known = user.map(|user| of_user(object, user)).unwrap_or_default();
        let is_valid = |name: &str, value: &Value| {
            let field = object.fields.iter().find(|field| field.name == name);
            field.is_some_and(|field| self.maker.checker.is_valid(&field.ty, value))
        };
        known.into_iter().filter(|(name, value)| is_valid(name, value)).collect()
    }

    /// What the request says of a field: the same example stands for the same thing, and so does the same name.
    fn given(&self, field: &'static Field, shown: Option<&Value>, place: Place) -> Option<Value> {
        let given = self.request.given;
        let is_valid = |value: &&Value| self.maker.checker.is_valid(&field.ty, value);
        if let (Some(example), Some(Value::String(_)), Kind::Ref(_)) = (self.request.example, shown, &field.ty.kind) {
            let alike =
                self.inputs().filter(|input| input.ty.kind == field.ty.kind && example.get(&input.name) == shown);
            if let Some(value) = alike.filter_map(|input| given.get(&input.name)).find(is_valid) {
                return Some(value.clone());
            }
        }
        if field.name == "id" && !place.top {
            return None;
        }
        let value = given.get(&field.name)?;
        let value = if field.required { value } else { present(value)? };
        if is_valid(&value) {
            return Some(self.maker.kept(&field.ty, value));
        }
        let items = self.items(field, value)?;
        is_valid(&&items).then_some(items)
    }

    /// The fields of the request's type.
    fn inputs(&self) -> impl Iterator<Item = &'static Field> {
        let object = self.request.input.and_then(|id| match &self.maker.def(id).shape {
            Shape::Object(object) => Some(object),
            Shape::Enum(_) | Shape::Alias(_) => None,
        });
        object.into_iter().flat_map(|object| &object.fields)
    }

    /// A list of what the request names by parts of it, or by ids: uploads to attach, users to invite.
    fn items(&self, field: &'static Field, given: &Value) -> Option<Value> {
        let (Kind::Array(array), Value::Array(items)) = (&field.ty.kind, given) else { return None };
        let (def, object) = self.maker.object(&array.items.kind)?;
        let item = |given: &Value| {
            let given = match given {
                Value::Object(given) => given.clone(),
                id => Map::from_iter([("id".to_owned(), id.clone())]),
            };
            let mut story =
                Story::new(self.maker, Request { given: &given, input: None, example: None, ..self.request });
            story.object(def, object, def.example.as_ref().and_then(Value::as_object), Place::TOP)
        };
        Some(items.iter().map(item).collect())
    }

    /// A field of which the request says nothing.
    fn field(&mut self, field: &'static Field, shown: Option<&Value>, place: Place) -> Value {
        let is_valid = |value: &Value| self.maker.checker.is_valid(&field.ty, value);
        if field.ty.nullable && shown.is_none_or(Value::is_null) {
            return Value::Null;
        }
        if field.name == "id" {
            return self.ids.tell(self.maker, &field.ty, shown);
        }
        if self.maker.is_user_id(field)
            && let Some(caller) = self.request.caller.map(|caller| json!(caller.id)).filter(is_valid)
        {
            return caller;
        }
        if matches!(field.ty.kind, Kind::Integer(_)) && (field.name == "timestamp" || field.name.ends_with("At")) {
            let now = json!(self.now.as_millisecond());
            if is_valid(&now) {
                return now;
            }
        }
        self.told(&field.ty, shown, place.within())
    }
}

/// What an object says of a user.
fn of_user(object: &'static Object, user: &Identity) -> Map<String, Value> {
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
