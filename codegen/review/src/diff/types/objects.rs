//! Fields of objects.

use accord_language::model::{Field, Model, Object, Part, Place};

use super::{Form, Type};
use crate::diff::{
    Comparing, Site, rules,
    verdict::{Change, Effect},
};

/// A field, and where it is found.
#[derive(Clone, Debug)]
pub struct FieldAt<'m> {
    /// The key by which it is found in the other schema.
    pub key: String,
    pub field: &'m Field,
    /// The part of a request that it is in, if it is of one.
    pub part: Option<Part>,
}

impl FieldAt<'_> {
    /// The place that it would have in another object, which is at `object`.
    fn absent(&self, object: &Place) -> Place {
        let fields = match self.part {
            None => object.key("properties"),
            Some(Part::Path) => object.key("path"),
            Some(part) => object.key(part.name()).key("properties"),
        };
        fields.absent()
    }
}

impl Comparing<'_> {
    pub fn objects(&mut self, entry: usize, [old, new]: [&Object; 2], site: &Site) {
        self.fields(entry, [&fields_of(old), &fields_of(new)], site);
        self.object_rules(entry, [&old.rules, &new.rules], site);
    }

    /// Compares the fields of what is at `owner`.
    pub fn fields(&mut self, entry: usize, [old, new]: [&[FieldAt<'_>]; 2], owner: &Site) {
        let site = |key: &str, old: &Place, new: &Place| Site::new(format!("{}.{key}", owner.subject), old, new);
        for field in old.iter().filter(|field| !new.iter().any(|other| other.key == field.key)) {
            // Receivers ignore a field that they do not know. Its value is lost, unless it could only have been one.
            let heard = self.is_constant(self.old, &field.field.ty);
            let wire = Change::of(heard, !field.field.required);
            let effect = Effect { wire, ..Effect::all(Change::Apart) };
            let site = site(&field.key, &field.field.place, &field.absent(&owner.new));
            self.differs(entry, &rules::FIELD_REMOVED, effect, &site, "this field is no longer there");
        }
        for field in new {
            let Some(before) = old.iter().find(|other| other.key == field.key) else {
                let site = site(&field.key, &field.absent(&owner.old), &field.field.place);
                let needed = if field.field.required { Change::Narrower } else { Change::Same };
                // Rust sources that make a value have to give all fields.
                let effect = Effect { rust: Change::Narrower, ..Effect::all(needed) };
                let message =
                    if field.field.required { "this field is new, and required" } else { "this field is new" };
                self.differs(entry, &rules::FIELD_ADDED, effect, &site, message);
                continue;
            };
            let (was, is) = (before.field, field.field);
            let site = site(&field.key, &was.place, &is.place);
            self.required(entry, [was, is], &site);
            self.doc(&was.doc, &is.doc, &site);
            self.types(entry, &site.subject, [&was.ty, &is.ty], [!was.required, !is.required]);
        }
    }

    fn required(&mut self, entry: usize, [old, new]: [&Field; 2], site: &Site) {
        // An `Option` in Rust, either way.
        let was_option = !old.required || old.ty.nullable;
        let is_option = !new.required || new.ty.nullable;
        let rust = if was_option == is_option { Change::Same } else { Change::Apart };
        match (old.required, new.required) {
            (true, false) => {
                let effect = Effect { rust, ..Effect::all(Change::Wider) };
                let site = Site { old: old.required_place.clone(), ..site.clone() };
                self.differs(entry, &rules::FIELD_OPTIONAL, effect, &site, "it may be left out");
            }
            (false, true) => {
                let effect = Effect { rust, ..Effect::all(Change::Narrower) };
                let site = Site { new: new.required_place.clone(), ..site.clone() };
                self.differs(entry, &rules::FIELD_REQUIRED, effect, &site, "it is required");
            }
            _ => {}
        }
    }

    /// Compares whether `null` is a value. It is one of everything that may be left out, so nothing changes there.
    pub fn null(&mut self, entry: usize, [old, new]: [&Type; 2], omittable: [bool; 2], site: &Site) {
        if old.nullable == new.nullable {
            return;
        }
        let site = site.key("nullable");
        let change = match (omittable.contains(&true), new.nullable) {
            (true, _) => Change::Same,
            (false, true) => Change::Wider,
            (false, false) => Change::Narrower,
        };
        let rust = if change == Change::Same { Change::Same } else { Change::Apart };
        let effect = Effect { rust, ..Effect::all(change) };
        match new.nullable {
            true => self.differs(entry, &rules::NULL_ALLOWED, effect, &site, "it may be `null`"),
            false => self.differs(entry, &rules::NULL_REFUSED, effect, &site, "it may no longer be `null`"),
        }
    }

    /// Returns whether a type has but one value.
    fn is_constant(&self, model: &Model, ty: &Type) -> bool {
        let (form, _) = Form::of(model, ty);
        let one = matches!(form, Form::Constant(_)) || matches!(form, Form::Choice(choices) if choices.len() == 1);
        one && !ty.nullable
    }
}

fn fields_of(object: &Object) -> Vec<FieldAt<'_>> {
    object.fields.iter().map(|field| FieldAt { key: field.name.clone(), field, part: None }).collect()
}
