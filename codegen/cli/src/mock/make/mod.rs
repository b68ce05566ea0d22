//! The data that a mock answers with.
//!
//! It starts from the schema's examples and adapts them to the call: values of the request are repeated, ids are new,
//! times are now, and users are the caller. A value without an example is made from its type. If the result is not
//! valid, the example is used unchanged.

mod answers;
pub(super) mod guesses;
mod ids;
mod kept;
mod number;
mod text;

use std::{
    collections::HashSet,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use accord_language::model::{Kind, Model, Object, Shape, Type, TypeDef, TypeId};
use accord_runtime::Identity;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Map, Value};

pub use self::answers::Answers;
use super::check::Checker;

/// The first number that an id is given which is made up: those of examples are smaller.
const FIRST_ID: u64 = 1001;

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

/// The request that data is made for.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The caller; `None` if there is no particular one.
    pub caller: Option<&'a Identity>,
    /// The type of the request's payload.
    pub input: Option<TypeId>,
    /// The fields of the request.
    pub given: &'a Map<String, Value>,
    /// The request of the schema's own example.
    pub example: Option<&'static Value>,
    /// Whether it is read-only, so that the same ids are used again.
    pub reads: bool,
}

impl Maker {
    /// A maker of data for a model's types, always the same for the same seed. Lists of users contain `users`.
    pub fn new(model: &'static Model, users: Vec<Identity>, seed: u64) -> Self {
        Maker {
            model,
            types: (0..model.types.len()).map(as_used).collect::<Vec<_>>().leak(),
            checker: Checker::new(model),
            users,
            user_ids: guesses::user_ids(model),
            rng: Mutex::new(StdRng::seed_from_u64(seed)),
            next_id: AtomicU64::new(FIRST_ID),
        }
    }

    /// A named type, as it is used.
    pub fn ty(&self, id: TypeId) -> &'static Type {
        &self.types[id.0]
    }

    /// The checker of values against their types.
    pub fn checker(&self) -> &Checker {
        &self.checker
    }

    /// The parts of a payload that a server would keep.
    pub fn known(&self, id: TypeId, payload: &Value) -> Value {
        self.kept(self.ty(id), payload)
    }

    /// The answers to one request, which agree with each other.
    pub fn answers<'a>(&'a self, request: Request<'a>) -> Answers<'a> {
        Answers::new(self, request)
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
}

fn as_used(index: usize) -> Type {
    Type::of(TypeId(index))
}
