//! Functions that convert objects, field by field, and choices, value by value.

use accord_language::{
    case,
    model::{Field, Kind, Object, Shape, Type, TypeId},
};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    super::{docs::Docs, names},
    conversions::{Conversions, Function, Operand},
    decisions::Decision,
};

impl Conversions<'_> {
    /// The function that converts one object or choice to another.
    pub(super) fn function(&mut self, from: TypeId, to: TypeId) -> Ident {
        if let Some(function) = self.functions.get(&(from, to)) {
            return function.clone();
        }
        let (before, after) = (&self.from.model.types[from.0], &self.to.model.types[to.0]);
        let mut name = case::snake(&after.name);
        if before.name != after.name {
            name = format!("{}_to_{name}", case::snake(&before.name));
        }
        let ident = names::field(&name);
        // Before its body, which may come back to it.
        self.functions.insert((from, to), ident.clone());
        let (given, made) = (self.from.names.ty(from), self.to.names.ty(to));
        let (at, to_at) = (self.way.given_types(), self.way.made_types());
        let outside = std::mem::replace(&mut self.inside, true);
        let (other, now) = self.versions();
        let body = match (&before.shape, &after.shape) {
            (Shape::Object(a), Shape::Object(b)) => {
                let subject = &after.name;
                let given = self.given_type(&Type::of(from), &quote!(), &quote!(super::));
                let fields: Vec<TokenStream> = b
                    .fields
                    .iter()
                    .map(|field| {
                        let ident = names::field(&field.name);
                        let value = self.field(subject, &given, a, field);
                        quote!(#ident: #value)
                    })
                    .collect();
                quote!(#to_at #made { #(#fields),* })
            }
            (Shape::Enum(a), Shape::Enum(b)) => {
                let arms = a.iter().map(|value| {
                    let variant = names::pascal(value);
                    let becomes = if b.contains(value) {
                        quote!(#to_at #made::#variant)
                    } else {
                        let docs = format!("The `{}` of {now} for `{value}`, which {now} does not have.", after.name);
                        let name = format!("{}_{}", case::snake(&after.name), case::snake(value));
                        let plain = Type::of(to);
                        let output = self.made_type(&plain, &quote!(), &quote!(super::));
                        let method = self.decisions.ask(Decision { name, docs, given: None, output });
                        self.decided(&method, None)
                    };
                    quote!(#at #given::#variant => #becomes,)
                });
                let arms: Vec<TokenStream> = arms.collect();
                quote!(match from { #(#arms)* })
            }
            _ => unreachable!("other shapes have no functions"),
        };
        self.inside = outside;
        let docs = format!("`{}` of {now} from `{}` of {other}.", after.name, before.name);
        let docs = Docs::sentence(&docs).attributes();
        let (given, made) = (quote!(#at #given), quote!(#to_at #made));
        self.bodies.push(Function { ident: ident.clone(), docs, given, made, body });
        ident
    }

    /// The value of one field of an object.
    fn field(&mut self, subject: &str, given: &TokenStream, from: &Object, field: &Field) -> TokenStream {
        let to = effective(field);
        let ident = |field: &Field| names::field(&field.name);
        let Some(source) = source(from, field) else {
            return match &field.ty.kind {
                Kind::Const(constant) if field.required => quote!(#constant.to_owned()),
                _ if !field.required => quote!(None),
                _ => {
                    let (other, now) = self.versions();
                    let why = format!("is required in {now}, but does not exist in {other}");
                    self.decide_field(subject, given, field, &why)
                }
            };
        };
        let (ty, at) = (effective(source), ident(source));
        if let Some(value) = self.value(&Operand::At(quote!(from.#at)), &ty, &to) {
            return value;
        }
        if ty.nullable && !to.nullable {
            let there = Type { nullable: false, ..ty.clone() };
            if let Some(value) = self.value(&Operand::Ref(quote!(value)), &there, &to) {
                let (other, now) = self.versions();
                let why =
                    format!("is always present in {now}, but optional or `null` in {other}: its value in that case");
                let decided = self.decide_field(subject, given, field, &why);
                return quote!(match &from.#at { Some(value) => #value, None => #decided });
            }
        }
        let (other, now) = self.versions();
        let why = format!("in {now} cannot be converted from {other}: their values differ");
        self.decide_field(subject, given, field, &why)
    }

    fn decide_field(&mut self, subject: &str, given: &TokenStream, field: &Field, why: &str) -> TokenStream {
        let docs = format!("`{}` of `{subject}` {why}.", field.name);
        let name = format!("{}_{}", case::snake(subject), case::snake(&field.name));
        let output = self.made_type(&effective(field), &quote!(), &quote!(super::));
        let method = self.decisions.ask(Decision { name, docs, given: Some(given.clone()), output });
        self.decided(&method, Some(quote!(from)))
    }
}

/// A field's type with `null` for what may be left out, as its Rust type has it.
fn effective(field: &Field) -> Type {
    Type { nullable: field.ty.nullable || !field.required, ..field.ty.clone() }
}

/// The field that another is made of: that of its name, or one that was deprecated in favour of it.
fn source<'o>(from: &'o Object, field: &Field) -> Option<&'o Field> {
    let becomes =
        |other: &Field| other.doc.deprecated.as_ref().is_some_and(|it| it.r#use.as_ref() == Some(&field.name));
    let called = |other: &Field| field.doc.deprecated.as_ref().is_some_and(|it| it.r#use.as_ref() == Some(&other.name));
    let named = from.fields.iter().find(|other| other.name == field.name);
    named.or_else(|| from.fields.iter().find(|other| becomes(other) || called(other)))
}
