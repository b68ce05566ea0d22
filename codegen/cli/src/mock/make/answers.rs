//! The answers to one request, which agree with each other.

use accord_language::model::{Array, Field, Kind, Object, Shape, Type, TypeDef};
use accord_runtime::validate::present;
use jiff::Timestamp;
use rand::RngExt;
use serde_json::{Map, Value, json};

use super::{
    super::users,
    Maker, Request,
    guesses::{self, of_user},
    ids::Ids,
    number::{integer, number},
    text,
};

/// The number of items in a made-up list.
const ITEMS: u64 = 3;

/// The maximum depth of made-up lists.
const DEEPEST: usize = 3;

/// The number of attempts at a valid value: rules across fields are ignored while one is made.
const ATTEMPTS: usize = 32;

/// The answers to one request.
pub struct Answers<'a> {
    maker: &'a Maker,
    request: Request<'a>,
    now: Timestamp,
    ids: Ids,
}

/// The place of a value in the answer.
#[derive(Clone, Copy)]
struct Depth {
    /// Whether it is the subject of the answer, rather than a part of it.
    top: bool,
    depth: usize,
}

impl Depth {
    const TOP: Depth = Depth { top: true, depth: 0 };

    fn within(self) -> Self {
        Depth { top: false, depth: self.depth + 1 }
    }
}

impl<'a> Answers<'a> {
    pub(super) fn new(maker: &'a Maker, request: Request<'a>) -> Self {
        Answers { maker, request, now: Timestamp::now(), ids: Ids::new(request.reads) }
    }

    /// A value of a type. `example` is the schema's, if it has a better one than that of the type.
    pub fn value(&mut self, ty: &'static Type, example: Option<&Value>) -> Value {
        let value = self.of_type(ty, example, Depth::TOP);
        if self.maker.checker.is_valid(ty, &value) {
            return value;
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
        let mut made = Answers::new(self.maker, request);
        let mut attempts = (0..ATTEMPTS).map(|_| made.of_type(ty, None, Depth::TOP));
        attempts.find(|value| self.maker.checker.is_valid(ty, value)).unwrap_or(value)
    }

    /// The payload of an event that the gateway carries out itself: the request's fields that the type has.
    pub fn copy(&self, ty: &'static Type) -> Value {
        self.maker.kept(ty, &Value::Object(self.request.given.clone()))
    }

    fn of_type(&mut self, ty: &'static Type, example: Option<&Value>, place: Depth) -> Value {
        // Without an example, `null` is what ends lists and trees.
        if ty.nullable && example.is_none_or(Value::is_null) {
            return Value::Null;
        }
        self.of_kind(&ty.kind, example, place)
    }

    fn of_kind(&mut self, kind: &'static Kind, example: Option<&Value>, place: Depth) -> Value {
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
                items.iter().map(|item| self.of_type(&array.items, Some(item), place.within())).collect()
            }
            (Kind::Array(array), _) => self.list(array, place),
            (Kind::Map(values), Some(Value::Object(entries))) => {
                let entry =
                    |(key, value): (&String, &Value)| (key.clone(), self.of_type(values, Some(value), place.within()));
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

    /// A made-up list. Its items differ from each other; a list of users has the known users.
    fn list(&mut self, array: &'static Array, place: Depth) -> Value {
        if self.is_of_users(array)
            && let Some((_, object)) = self.maker.object(&array.items.kind)
        {
            return self.maker.users.iter().map(|user| Value::Object(of_user(object, user))).collect();
        }
        let (min, max) = (array.min_items.unwrap_or(0), array.max_items.unwrap_or(u64::MAX));
        let asked = self.request.given.get(guesses::LIMIT).and_then(Value::as_u64).unwrap_or(ITEMS);
        let count = if place.depth < DEEPEST { ITEMS.min(asked).clamp(min, max.max(min)) } else { min };
        let known = self.ids.known();
        let item = |_| {
            self.ids.know_only(&known);
            self.of_type(&array.items, None, place.within())
        };
        let items = (0..count).map(item).collect();
        self.ids.know_only(&known);
        items
    }

    /// Whether a list contains users, and has room for all of them.
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
        place: Depth,
    ) -> Value {
        let mut values = Map::new();
        if self.maker.is_user(def, object) {
            values = self.user(object, place);
        }
        for field in &object.fields {
            let shown = example.and_then(|example| example.get(&field.name));
            let value = match values.get(&field.name) {
                // If the answer is about a user, the request may have more fields of the user than the token.
                Some(_) if !place.top => continue,
                Some(known) => self.given(field, shown, place).unwrap_or_else(|| known.clone()),
                None => match (self.given(field, shown, place), shown, example) {
                    (Some(given), ..) => given,
                    (None, Some(_), _) => self.field(field, shown, place),
                    (None, None, None) if field.required => self.field(field, None, place),
                    (None, None, _) => continue,
                },
            };
            values.insert(field.name.clone(), value);
        }
        values.into()
    }

    /// The fields of a user: of the one that the request names if the answer is about that user, else of the caller.
    fn user(&self, object: &'static Object, place: Depth) -> Map<String, Value> {
        let named = place.top.then(|| self.request.given.get(guesses::ID)).flatten().and_then(Value::as_str);
        let named = named.and_then(|id| users::identity(id).ok());
        let user = named.as_ref().or(self.request.caller).or(self.maker.users.first());
        let known = user.map(|user| of_user(object, user)).unwrap_or_default();
        let is_valid = |name: &str, value: &Value| {
            let field = object.fields.iter().find(|field| field.name == name);
            field.is_some_and(|field| self.maker.checker.is_valid(&field.ty, value))
        };
        known.into_iter().filter(|(name, value)| is_valid(name, value)).collect()
    }

    /// The request's value for a field: the same example, or the same name, means the same thing.
    fn given(&self, field: &'static Field, shown: Option<&Value>, place: Depth) -> Option<Value> {
        let given = self.request.given;
        let is_valid = |value: &&Value| self.maker.checker.is_valid(&field.ty, value);
        if let (Some(example), Some(Value::String(_)), Kind::Ref(_)) = (self.request.example, shown, &field.ty.kind) {
            let alike =
                self.inputs().filter(|input| input.ty.kind == field.ty.kind && example.get(&input.name) == shown);
            if let Some(value) = alike.filter_map(|input| given.get(&input.name)).find(is_valid) {
                return Some(value.clone());
            }
        }
        if field.name == guesses::ID && !place.top {
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

    /// A list whose items the request gives in part or by their ids: uploads to attach, users to invite.
    fn items(&self, field: &'static Field, given: &Value) -> Option<Value> {
        let (Kind::Array(array), Value::Array(items)) = (&field.ty.kind, given) else { return None };
        let (def, object) = self.maker.object(&array.items.kind)?;
        let item = |given: &Value| {
            let given = match given {
                Value::Object(given) => given.clone(),
                id => Map::from_iter([(guesses::ID.to_owned(), id.clone())]),
            };
            let mut answers =
                Answers::new(self.maker, Request { given: &given, input: None, example: None, ..self.request });
            answers.object(def, object, def.example.as_ref().and_then(Value::as_object), Depth::TOP)
        };
        Some(items.iter().map(item).collect())
    }

    /// A field that the request does not have.
    fn field(&mut self, field: &'static Field, shown: Option<&Value>, place: Depth) -> Value {
        let is_valid = |value: &Value| self.maker.checker.is_valid(&field.ty, value);
        if field.ty.nullable && shown.is_none_or(Value::is_null) {
            return Value::Null;
        }
        if field.name == guesses::ID {
            return self.ids.id(self.maker, &field.ty, shown);
        }
        if self.maker.is_user_id(field)
            && let Some(caller) = self.request.caller.map(|caller| json!(caller.id)).filter(is_valid)
        {
            return caller;
        }
        if guesses::is_time(field) {
            let now = json!(self.now.as_millisecond());
            if is_valid(&now) {
                return now;
            }
        }
        self.of_type(&field.ty, shown, place.within())
    }
}
