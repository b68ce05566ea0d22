//! The data that a mock answers with.
//!
//! It begins with what the schema gives as examples, and is brought to the call at hand: what the request says is said
//! again, ids are new, times are now, and users are the caller. What has no example is made of its type. Whatever comes of
//! it is valid, or else the example is told as it stands.

mod ids;
mod kept;
mod number;
mod story;
mod text;

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use accord_codegen::model::{Field, Kind, Model, Object, Shape, Type, TypeDef, TypeId};
use accord_runtime::Identity;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Map, Value};

pub use self::story::Story;
use super::check::Checker;

/// The first number that an id is given which is made up: those of examples are smaller.
const FIRST_ID: u64 = 1001;

/// What of a type marks a user: an id and a name, and nothing that a user does not have.
const OF_USERS: [&str; 5] = ["id", "name", "image", "email", "admin"];

/// Makes the data that a mock answers with.
pub struct Maker {
    model: &'static Model,
    /// Every named type, as it is used.
    types: &'static [Type],
    checker: Checker,
    users: Vec<Identity>,
    /// The types of users' ids.
    user_ids: HashSet<TypeId>,
    rng: Mutex<StdRng>,
    next_id: AtomicU64,
}

/// What data is made for.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Who is calling; `None` where nobody in particular is.
    pub caller: Option<&'a Identity>,
    /// The type of what the request says.
    pub input: Option<TypeId>,
    /// What the request says.
    pub given: &'a Map<String, Value>,
    /// The request of the schema's own example.
    pub example: Option<&'static Value>,
    /// Whether nothing is changed by it, so that the same ids are told again.
    pub reads: bool,
}

impl Maker {
    /// What makes data of a model's types, always the same for the same seed. Lists of users are lists of `users`.
    pub fn new(model: &'static Model, users: Vec<Identity>, seed: u64) -> Self {
        Maker {
            model,
            types: (0..model.types.len()).map(as_used).collect::<Vec<_>>().leak(),
            checker: Checker::new(model),
            users,
            user_ids: user_ids(model),
            rng: Mutex::new(StdRng::seed_from_u64(seed)),
            next_id: AtomicU64::new(FIRST_ID),
        }
    }

    /// A named type, as it is used.
    pub fn ty(&self, id: TypeId) -> &'static Type {
        &self.types[id.0]
    }

    /// What holds values to their types.
    pub fn checker(&self) -> &Checker {
        &self.checker
    }

    /// The answers to one request, which agree with each other.
    pub fn story<'a>(&'a self, request: Request<'a>) -> Story<'a> {
        Story::new(self, request)
    }

    /// A number from 0 to 1, by which something is decided.
    pub fn chance(&self) -> f64 {
        self.with_rng(|rng| rng.random_range(0.0..1.0))
    }

    fn with_rng<T>(&self, decide: impl FnOnce(&mut StdRng) -> T) -> T {
        decide(&mut self.rng.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn next_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    fn def(&self, id: TypeId) -> &'static TypeDef {
        &self.model.types[id.0]
    }

    /// The object that a kind of value is, behind all names.
    fn object(&self, kind: &'static Kind) -> Option<(&'static TypeDef, &'static Object)> {
        let Kind::Ref(id) = kind else { return None };
        let def = self.def(*id);
        match &def.shape {
            Shape::Object(object) => Some((def, object)),
            Shape::Alias(kind) => self.object(kind),
            Shape::Enum(_) => None,
        }
    }

    /// Whether the values of a type are users.
    fn is_user(&self, def: &TypeDef, object: &Object) -> bool {
        let field = |name: &str| object.fields.iter().find(|field| field.name == name);
        let (Some(id), Some(_)) = (field("id"), field("name")) else { return false };
        let marked = def.name.contains("User")
            || matches!(id.ty.kind, Kind::Ref(id) if self.user_ids.contains(&id))
            || field("image").or(field("email")).is_some();
        marked && object.fields.iter().all(|field| OF_USERS.contains(&field.name.as_str()))
    }

    /// Whether a field names a user.
    fn is_user_id(&self, field: &Field) -> bool {
        field.name == "userId" || matches!(field.ty.kind, Kind::Ref(id) if self.user_ids.contains(&id))
    }
}

fn as_used(index: usize) -> Type {
    Type { kind: Kind::Ref(TypeId(index)), nullable: false, recursive: false }
}

/// The types of what is called `userId` somewhere.
fn user_ids(model: &Model) -> HashSet<TypeId> {
    let objects = model.types.iter().filter_map(|def| match &def.shape {
        Shape::Object(object) => Some(object),
        Shape::Enum(_) | Shape::Alias(_) => None,
    });
    let fields = objects.flat_map(|object| &object.fields).filter(|field| field.name == "userId");
    let types = fields.filter_map(|Field { ty: Type { kind, .. }, .. }| match kind {
        Kind::Ref(id) => Some(*id),
        _ => None,
    });
    types.collect()
}
