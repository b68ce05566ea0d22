//! The names of types: nothing on the wire, but sources have them.

use std::collections::HashSet;

use accord_language::model::{Model, TypeDef};

use super::{Kind, Shape};
use crate::diff::{
    Comparing, Site, rules,
    verdict::{Change, Effect},
};

/// A source cannot be what it was.
const RUST: Effect = Effect { rust: Change::Apart, ..Effect::NONE };
const SOURCES: Effect = Effect { typescript: Change::Apart, ..RUST };

impl Comparing<'_> {
    /// The types that one schema names and the other does not, and those that no message has.
    pub fn named_types(&mut self) {
        let (old, new) = (self.old, self.new);
        let entry = self.root("", super::Ways::default());
        let reached = self.pairs.index.keys().map(|(before, after)| (&old.types[before.0], &new.types[after.0]));
        let (were, are): (HashSet<&str>, HashSet<&str>) = reached
            .filter(|(before, after)| self.is_renamed(before, after))
            .map(|(before, after)| (before.name.as_str(), after.name.as_str()))
            .unzip();
        for (_, def) in named(old).filter(|(_, def)| find(new, &def.name).is_none()) {
            if !were.contains(def.name.as_str()) {
                let site = self.section(&def.name, "types").gone(&def.place);
                self.differs(entry, &rules::TYPE_REMOVED, SOURCES, &site, "this type is no longer there");
            }
        }
        for (id, def) in named(new) {
            match find(old, &def.name) {
                Some(before) => {
                    self.pair(before, id);
                }
                None if are.contains(def.name.as_str()) => {}
                None => {
                    let site = self.section(&def.name, "types").came(&def.place);
                    self.differs(entry, &rules::TYPE_ADDED, Effect::NONE, &site, "this type is new");
                }
            }
        }
    }

    /// Returns whether a type has only got another name.
    pub fn is_renamed(&self, old: &TypeDef, new: &TypeDef) -> bool {
        old.named && new.named && find(self.new, &old.name).is_none() && find(self.old, &new.name).is_none()
    }

    pub fn renamed(&mut self, entry: usize, old: &TypeDef, site: &Site) {
        let message = format!("this type was named `{}`", old.name);
        self.differs(entry, &rules::TYPE_RENAMED, SOURCES, site, message);
    }

    /// Notes that a use names another type, or a type where it named none. Whether it names the same one.
    pub fn name(&mut self, entry: usize, [old, new]: [&Kind; 2], site: &Site) -> bool {
        let (before, after) = (def(self.old, old), def(self.new, new));
        let same = match (before, after) {
            (None, None) => true,
            // An inline type is named after its place, and a change of that has been reported.
            (Some(before), Some(after)) if !before.named && !after.named => true,
            (Some(before), Some(after)) => before.name == after.name || self.is_renamed(before, after),
            _ => false,
        };
        if !same {
            let called = |def: Option<&TypeDef>| match def {
                Some(def) if def.named => format!("a `{}`", def.name),
                _ => "written out".to_owned(),
            };
            let message = format!("its type is {}, was {}", called(after), called(before));
            // A type that was inline and now has a name is not exported under its old name.
            let lost =
                before.is_some_and(|def| !def.named && is_exported(def) && self.new.type_called(&def.name).is_none());
            let effect = if lost { SOURCES } else { RUST };
            self.differs(entry, &rules::TYPE_NAME, effect, site, message);
        }
        same
    }

    pub fn boxed(&mut self, entry: usize, recursive: bool, site: &Site) {
        let message = if recursive { "it closes a cycle of types" } else { "it no longer closes a cycle of types" };
        self.differs(entry, &rules::RECURSION, RUST, site, message);
    }
}

/// Returns whether TypeScript's package exports a type of this name: objects and choices always get one.
fn is_exported(def: &TypeDef) -> bool {
    matches!(def.shape, Shape::Object(_) | Shape::Enum(_)) || def.named
}

fn named(model: &Model) -> impl Iterator<Item = (super::TypeId, &TypeDef)> {
    model.types.iter().enumerate().filter(|(_, def)| def.named).map(|(index, def)| (super::TypeId(index), def))
}

fn find(model: &Model, name: &str) -> Option<super::TypeId> {
    model.type_called(name).filter(|id| model.types[id.0].named)
}

fn def<'m>(model: &'m Model, kind: &Kind) -> Option<&'m TypeDef> {
    match kind {
        Kind::Ref(id) => Some(&model.types[id.0]),
        _ => None,
    }
}
