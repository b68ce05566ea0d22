//! Types that lead back to themselves.

use std::collections::BTreeSet;

use super::Lowering;
use crate::{
    diagnostic::Diagnostic,
    model::{Field, Kind, Shape, TypeDef, TypeId},
};

impl Lowering<'_, '_> {
    /// Reports values that would never end, and marks the uses that close a cycle.
    pub fn check_recursion(&mut self) {
        for cycle in cycles(&self.types.defs, forced) {
            let (last, field) = cycle[cycle.len() - 1];
            let Some(span) = self.types.uses.get(&(last, field)) else { continue };
            let fields = cycle.iter().map(|(id, field)| {
                let def = &self.types.defs[id.0];
                let Shape::Object(object) = &def.shape else { return def.name.clone() };
                format!("`{}.{}`", def.name, object.fields[*field].name)
            });
            let path = fields.collect::<Vec<_>>().join(" → ");
            let name = &self.types.defs[cycle[0].0.0].name;
            let diagnostic =
                Diagnostic::new("endless-type", format!("a `{name}` would never end: each contains another one"))
                    .at(*span, "leads back to it")
                    .and(self.types.spans[cycle[0].0.0], format!("{path}, and again"))
                    .help("add `nullable: true` to one of these fields, or leave it out of `required`");
            self.cx.report(diagnostic);
        }
        for cycle in cycles(&self.types.defs, direct) {
            let (last, field) = cycle[cycle.len() - 1];
            if let Shape::Object(object) = &mut self.types.defs[last.0].shape {
                object.fields[field].ty.recursive = true;
            }
        }
    }
}

/// The type that a field holds without indirection: not in a list or map.
fn direct(field: &Field) -> Option<TypeId> {
    match &field.ty.kind {
        Kind::Ref(id) => Some(*id),
        _ => None,
    }
}

/// The type that a field holds in every value.
fn forced(field: &Field) -> Option<TypeId> {
    if !field.required || field.ty.nullable {
        return None;
    }
    match &field.ty.kind {
        Kind::Ref(id) => Some(*id),
        Kind::Array(array) if array.min_items.is_some_and(|min| min > 0) && !array.items.nullable => {
            match array.items.kind {
                Kind::Ref(id) => Some(id),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The cycles along fields that `follow` leads through, each as its fields, one cycle for each field that closes any.
fn cycles(defs: &[TypeDef], follow: impl Fn(&Field) -> Option<TypeId>) -> Vec<Vec<(TypeId, usize)>> {
    let edges = |id: TypeId| -> Vec<(usize, TypeId)> {
        match defs.get(id.0).map(|def| &def.shape) {
            Some(Shape::Object(object)) => {
                let fields = object.fields.iter().enumerate();
                fields.filter_map(|(index, field)| Some((index, follow(field)?))).collect()
            }
            _ => Vec::new(),
        }
    };
    let mut cycles = Vec::new();
    let mut done = BTreeSet::new();
    for root in (0..defs.len()).map(TypeId) {
        // The types from the root to here, each with its fields and the next of them to follow.
        let mut path = vec![(root, edges(root), 0)];
        if !done.insert(root) {
            continue;
        }
        while let Some((_, fields, next)) = path.last_mut() {
            let Some(&(_, to)) = fields.get(*next) else {
                path.pop();
                continue;
            };
            *next += 1;
            if let Some(start) = path.iter().position(|(id, ..)| *id == to) {
                cycles.push(path[start..].iter().map(|(id, fields, next)| (*id, fields[next - 1].0)).collect());
            } else if done.insert(to) {
                path.push((to, edges(to), 0));
            }
        }
    }
    cycles
}
