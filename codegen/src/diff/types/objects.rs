//! Fields of objects.

use super::{Form, Type, Use};
use crate::{
    diff::{
        Comparing, Path, Site, rules,
        verdict::{Change, Effect},
    },
    model::{Field, Model, Object},
};

/// A field, and where it is written.
#[derive(Clone, Debug)]
pub struct FieldAt<'m> {
    /// What it is found by in the other schema.
    pub key: String,
    pub field: &'m Field,
    /// Where its type is.
    pub path: Path,
    /// Where it is required, if it is.
    pub required: Path,
}

impl Comparing<'_> {
    pub fn objects(&mut self, entry: usize, [old, new]: [&Object; 2], site: &Site) {
        let before = fields_of(old, &site.old);
        let after = fields_of(new, &site.new);
        self.fields(entry, &site.subject, [&before, &after]);
        self.object_rules(entry, [&old.rules, &new.rules], &[site.then("rules")]);
    }

    /// Compares fields.
    pub fn fields(&mut self, entry: usize, owner: &str, [old, new]: [&[FieldAt<'_>]; 2]) {
        let site = |key: &str, old: &Path, new: &Path| Site {
            subject: format!("{owner}.{key}"),
            old: old.clone(),
            new: new.clone(),
        };
        for field in old.iter().filter(|field| !new.iter().any(|other| other.key == field.key)) {
            // What is left out is ignored where it is received. What a client said with it is lost, unless it could say
            // but one thing.
            let heard = self.is_constant(self.old, &field.field.ty);
            let wire = Change::of(heard, !field.field.required);
            let effect = Effect { wire, ..Effect::all(Change::Apart) };
            let site = site(&field.key, &field.path, &field.path);
            self.differs(entry, &rules::FIELD_REMOVED, effect, &site, "this field is no longer there");
        }
        for field in new {
            let Some(before) = old.iter().find(|other| other.key == field.key) else {
                let site = site(&field.key, &field.path, &field.path);
                let needed = if field.field.required { Change::Narrower } else { Change::Same };
                // Who writes a value in Rust gives all fields.
                let effect = Effect { rust: Change::Narrower, ..Effect::all(needed) };
                let message =
                    if field.field.required { "this field is new, and required" } else { "this field is new" };
                self.differs(entry, &rules::FIELD_ADDED, effect, &site, message);
                continue;
            };
            let site = site(&field.key, &before.path, &field.path);
            self.required(entry, [before, field], &site);
            let (was, is) = (before.field, field.field);
            self.doc(&was.doc, &is.doc, &site);
            let uses = [Use { ty: &was.ty, path: &before.path }, Use { ty: &is.ty, path: &field.path }];
            self.types(entry, &site.subject, uses, [!was.required, !is.required]);
        }
    }

    fn required(&mut self, entry: usize, [old, new]: [&FieldAt<'_>; 2], site: &Site) {
        // An `Option` in Rust, either way.
        let was_option = !old.field.required || old.field.ty.nullable;
        let is_option = !new.field.required || new.field.ty.nullable;
        let rust = if was_option == is_option { Change::Same } else { Change::Apart };
        match (old.field.required, new.field.required) {
            (true, false) => {
                let effect = Effect { rust, ..Effect::all(Change::Wider) };
                let site = Site { old: old.required.clone(), ..site.clone() };
                self.differs(entry, &rules::FIELD_OPTIONAL, effect, &site, "it may be left out");
            }
            (false, true) => {
                let effect = Effect { rust, ..Effect::all(Change::Narrower) };
                let site = Site { new: new.required.clone(), ..site.clone() };
                self.differs(entry, &rules::FIELD_REQUIRED, effect, &site, "it has to be there");
            }
            _ => {}
        }
    }

    /// Compares whether `null` is a value. It is one of everything that may be left out, so nothing changes there.
    pub fn null(&mut self, entry: usize, [old, new]: [&Type; 2], omittable: [bool; 2], site: &Site) {
        if old.nullable == new.nullable {
            return;
        }
        let site = site.then("nullable");
        let change = match (omittable.contains(&true), new.nullable) {
            (true, _) => Change::Same,
            (false, true) => Change::Wider,
            (false, false) => Change::Narrower,
        };
        let rust = if change == Change::Same { Change::Same } else { Change::Apart };
        let effect = Effect { rust, ..Effect::all(change) };
        match new.nullable {
            true => self.differs(entry, &rules::NULL_ALLOWED, effect, &site, "it may be `null`"),
            false => self.differs(entry, &rules::NULL_REFUSED, effect, &site, "it may not be `null` any more"),
        }
    }

    /// Whether a type has but one value.
    fn is_constant(&self, model: &Model, ty: &Type) -> bool {
        let (form, _) = self.resolve(model, &ty.kind, &Path::default());
        let one = matches!(form, Form::Constant(_)) || matches!(form, Form::Choice(choices) if choices.len() == 1);
        one && !ty.nullable
    }
}

fn fields_of<'m>(object: &'m Object, path: &Path) -> Vec<FieldAt<'m>> {
    let at = |field: &'m Field| FieldAt {
        key: field.name.clone(),
        field,
        path: path.then("properties").then(&field.name),
        required: path.then("required").then(&field.name),
    };
    object.fields.iter().map(at).collect()
}
