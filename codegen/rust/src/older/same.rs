//! The types that are the same in two versions, so that nothing has to be converted.

use std::collections::HashSet;

use accord_language::model::{Kind, Model, Object, Shape, Type, TypeId};

/// The pairs of types that are called the same and are the same, all that they refer to included.
pub struct Same(HashSet<(TypeId, TypeId)>);

impl Same {
    /// The types of `older` that are also in `current`.
    pub fn of(older: &Model, current: &Model) -> Self {
        let ids = |model: &Model| (0..model.types.len()).map(TypeId).collect::<Vec<_>>();
        let named_alike = ids(older).into_iter().flat_map(|old| {
            let name = &older.types[old.0].name;
            ids(current).into_iter().filter(|new| current.types[new.0].name == *name).map(move |new| (old, new))
        });
        let mut same = Same(named_alike.collect());
        // A type is another where one that it refers to is, however far away that is.
        loop {
            let others: Vec<_> = same
                .0
                .iter()
                .copied()
                .filter(|(old, new)| !same.shapes(&older.types[old.0].shape, &current.types[new.0].shape))
                .collect();
            if others.is_empty() {
                return same;
            }
            others.iter().for_each(|pair| {
                same.0.remove(pair);
            });
        }
    }

    /// Returns whether these two are the same.
    pub fn has(&self, old: TypeId, new: TypeId) -> bool {
        self.0.contains(&(old, new))
    }

    /// Returns whether a type of the older version is also in the current one.
    pub fn is_current(&self, old: TypeId) -> bool {
        self.0.iter().any(|(other, _)| *other == old)
    }

    /// Returns whether these two are the same where they are used.
    pub fn uses(&self, old: &Type, new: &Type) -> bool {
        (old.nullable, old.recursive) == (new.nullable, new.recursive) && self.kinds(&old.kind, &new.kind)
    }

    fn shapes(&self, old: &Shape, new: &Shape) -> bool {
        match (old, new) {
            (Shape::Object(old), Shape::Object(new)) => self.objects(old, new),
            (Shape::Alias(old), Shape::Alias(new)) => self.kinds(old, new),
            (Shape::Enum(old), Shape::Enum(new)) => old == new,
            _ => false,
        }
    }

    fn objects(&self, old: &Object, new: &Object) -> bool {
        let mut fields = old.fields.iter().zip(&new.fields);
        old.fields.len() == new.fields.len()
            && old.rules == new.rules
            && fields
                .all(|(old, new)| (&old.name, old.required) == (&new.name, new.required) && self.uses(&old.ty, &new.ty))
    }

    fn kinds(&self, old: &Kind, new: &Kind) -> bool {
        match (old, new) {
            (Kind::Ref(old), Kind::Ref(new)) => self.has(*old, *new),
            (Kind::Array(old), Kind::Array(new)) => {
                (old.min_items, old.max_items) == (new.min_items, new.max_items) && self.uses(&old.items, &new.items)
            }
            (Kind::Map(old), Kind::Map(new)) => self.uses(old, new),
            (old, new) => old == new,
        }
    }
}
