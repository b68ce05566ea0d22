//! Converts a value of one version to the other, if its kind allows it.

use accord_language::{
    case,
    model::{Kind, Shape, Type, TypeId},
};
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    super::names,
    Way,
    conversions::{Conversions, Operand},
    decisions::Decision,
    fits,
};

impl Conversions<'_> {
    /// A value of `to` out of the one at `operand`; `None` where a person has to decide.
    pub(super) fn value(&mut self, operand: &Operand, from: &Type, to: &Type) -> Option<TokenStream> {
        if self.is_same(from, to) {
            return Some(self.copy(operand, &from.kind));
        }
        match (from.nullable, to.nullable) {
            (false, false) => self.boxed(operand, from, to),
            (false, true) => {
                let value = self.boxed(operand, from, to)?;
                Some(quote!(Some(#value)))
            }
            (true, true) => {
                let value = self.boxed(&Operand::Ref(quote!(value)), from, to)?;
                if self.copies(&value, "value", &from.kind) {
                    return Some(self.copy(operand, &from.kind));
                }
                let expression = operand.expression();
                Some(quote!(#expression.as_ref().map(|value| #value)))
            }
            (true, false) => None,
        }
    }

    fn boxed(&mut self, operand: &Operand, from: &Type, to: &Type) -> Option<TokenStream> {
        let value = match (&from.kind, &to.kind) {
            (Kind::Ref(a), Kind::Ref(b)) if from.recursive && self.has(*a, *b) => {
                let (ty, reference) = (self.from.names.ty(*a), operand.reference());
                let at = self.way.given_types();
                quote!(#at #ty::clone(#reference))
            }
            (a, b) => self.kind(operand, a, b)?,
        };
        Some(if to.recursive { quote!(Box::new(#value)) } else { value })
    }

    fn kind(&mut self, operand: &Operand, from: &Kind, to: &Kind) -> Option<TokenStream> {
        // Values from older clients are validated against the current bounds; values for them are not validated.
        let fits = |fit: bool| self.way == Way::Up || fit;
        match (from, to) {
            (Kind::Ref(a), Kind::Ref(b)) => Some(self.named(operand, *a, *b)),
            (Kind::Ref(a), to) => match &self.from.model.types[a.0].shape {
                Shape::Alias(kind) => self.kind(&operand.inside(), &kind.clone(), to),
                Shape::Object(_) | Shape::Enum(_) => None,
            },
            (from, Kind::Ref(b)) => match &self.to.model.types[b.0].shape {
                Shape::Alias(kind) => {
                    let value = self.kind(operand, from, &kind.clone())?;
                    Some(self.wrapped(*b, &value))
                }
                Shape::Object(_) | Shape::Enum(_) => None,
            },
            (Kind::Const(_), Kind::Const(constant)) => Some(quote!(#constant.to_owned())),
            (Kind::Const(_), Kind::Text(_)) => Some(self.copy(operand, from)),
            (Kind::Text(a), Kind::Text(b)) => fits(fits::text(a, b)).then(|| self.copy(operand, from)),
            (Kind::Integer(a), Kind::Integer(b)) => fits(fits::numbers(a, b)).then(|| self.copy(operand, from)),
            (Kind::Number(a), Kind::Number(b)) => fits(fits::numbers(a, b)).then(|| self.copy(operand, from)),
            (Kind::Integer(a), Kind::Number(b)) => {
                let integer = self.copy(operand, from);
                fits(fits::numbers(&fits::widened(a), b)).then(|| quote!(#integer as f64))
            }
            (Kind::Boolean, Kind::Boolean) => Some(self.copy(operand, from)),
            (Kind::Array(a), Kind::Array(b)) => {
                if !fits(fits::array(a, b)) {
                    return None;
                }
                if self.is_same(&a.items, &b.items) {
                    return Some(self.copy(operand, from));
                }
                let item = self.value(&Operand::Ref(quote!(item)), &a.items, &b.items)?;
                if self.copies(&item, "item", &a.items.kind) {
                    return Some(self.copy(operand, from));
                }
                let list = operand.expression();
                Some(quote!(#list.iter().map(|item| #item).collect()))
            }
            (Kind::Map(a), Kind::Map(b)) => {
                if self.is_same(a, b) {
                    return Some(self.copy(operand, from));
                }
                let value = self.value(&Operand::Ref(quote!(value)), a, b)?;
                if self.copies(&value, "value", &a.kind) {
                    return Some(self.copy(operand, from));
                }
                let map = operand.expression();
                Some(quote!(#map.iter().map(|(key, value)| (key.clone(), #value)).collect()))
            }
            _ => None,
        }
    }

    /// A named type out of another. Where shapes have nothing in common, a person decides once for all uses.
    fn named(&mut self, operand: &Operand, from: TypeId, to: TypeId) -> TokenStream {
        if self.has(from, to) {
            return self.copy(operand, &Kind::Ref(from));
        }
        let shapes = (&self.from.model.types[from.0].shape, &self.to.model.types[to.0].shape);
        match shapes {
            (Shape::Object(_), Shape::Object(_)) | (Shape::Enum(_), Shape::Enum(_)) => {
                let (function, reference) = (self.function(from, to), operand.reference());
                let module = (!self.inside).then(|| names::field(self.way.module())).map(|module| quote!(#module::));
                return quote!(#module #function(decisions, #reference));
            }
            (Shape::Alias(a), Shape::Alias(b)) => {
                if let Some(value) = self.kind(&operand.inside(), &a.clone(), &b.clone()) {
                    return self.wrapped(to, &value);
                }
            }
            _ => {}
        }
        let (before, after) = (&self.from.model.types[from.0].name, &self.to.model.types[to.0].name);
        let (other, now) = self.versions();
        let docs = format!("A `{after}` of {now} from a `{before}` of {other}, whose values differ.");
        let name = if before == after {
            case::snake(after)
        } else {
            format!("{}_to_{}", case::snake(before), case::snake(after))
        };
        let given = Some(self.given_type(&Type::of(from), &quote!(), &quote!(super::)));
        let output = self.made_type(&Type::of(to), &quote!(), &quote!(super::));
        let method = self.decisions.ask(Decision { name, docs, given, output });
        let reference = operand.reference();
        self.decided(&method, Some(reference))
    }

    pub(super) fn wrapped(&self, id: TypeId, value: &TokenStream) -> TokenStream {
        let (at, ident) = (self.way.made_types(), self.to.names.ty(id));
        quote!(#at #ident(#value))
    }

    /// The same value once more.
    fn copy(&self, operand: &Operand, kind: &Kind) -> TokenStream {
        let is_copy = |kind: &Kind| matches!(kind, Kind::Integer(_) | Kind::Number(_) | Kind::Boolean);
        let copies = match kind {
            Kind::Ref(id) => match &self.from.model.types[id.0].shape {
                Shape::Enum(_) => true,
                Shape::Alias(kind) => is_copy(kind),
                Shape::Object(_) => false,
            },
            kind => is_copy(kind),
        };
        match operand {
            Operand::At(operand) if copies => operand.clone(),
            Operand::Ref(reference) if copies => quote!(*#reference),
            Operand::At(expression) | Operand::Ref(expression) => quote!(#expression.clone()),
        }
    }

    /// Returns whether `value` is nothing but a copy of what `variable` refers to.
    fn copies(&self, value: &TokenStream, variable: &str, kind: &Kind) -> bool {
        let variable = names::field(variable);
        value.to_string() == self.copy(&Operand::Ref(quote!(#variable)), kind).to_string()
    }
}
