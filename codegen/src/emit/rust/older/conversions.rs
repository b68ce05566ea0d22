//! Conversions of values between two versions: by name and shape, field by field, as far as that goes.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    super::{
        docs::Docs,
        layout::Layout,
        names::{self, Names},
        types::rust_type_at,
    },
    Way,
    decisions::{Decision, Decisions},
    fits,
    same::Same,
};
use crate::{
    case,
    model::{Field, Kind, Model, Object, Shape, Type, TypeId},
};

/// One of the two versions.
#[derive(Clone, Copy)]
pub struct Version<'m> {
    pub model: &'m Model,
    pub names: &'m Names,
}

/// The conversions of one way, and what they leave to a person.
pub struct Conversions<'m> {
    way: Way,
    from: Version<'m>,
    to: Version<'m>,
    same: &'m Same,
    functions: HashMap<(TypeId, TypeId), Ident>,
    bodies: Vec<Function>,
    /// Whether what is written now stands in the module of the functions.
    inside: bool,
    pub decisions: Decisions,
}

/// A function that converts one named type to another.
struct Function {
    ident: Ident,
    docs: TokenStream,
    given: TokenStream,
    made: TokenStream,
    body: TokenStream,
}

/// An expression for a value that is converted.
#[derive(Clone)]
pub enum Place {
    /// Where it is: `from.points`.
    At(TokenStream),
    /// A reference to it.
    Ref(TokenStream),
}

impl Place {
    fn reference(&self) -> TokenStream {
        match self {
            Place::At(place) => quote!(&#place),
            Place::Ref(reference) => reference.clone(),
        }
    }

    fn expression(&self) -> &TokenStream {
        match self {
            Place::At(expression) | Place::Ref(expression) => expression,
        }
    }

    /// What a newtype holds.
    fn inside(&self) -> Place {
        let expression = self.expression();
        Place::At(quote!(#expression.0))
    }
}

impl<'m> Conversions<'m> {
    pub fn new(way: Way, older: Version<'m>, current: Version<'m>, same: &'m Same) -> Self {
        let (from, to) = match way {
            Way::Up => (older, current),
            Way::Down => (current, older),
        };
        Conversions {
            way,
            from,
            to,
            same,
            functions: HashMap::new(),
            bodies: Vec::new(),
            inside: false,
            decisions: Decisions::default(),
        }
    }

    pub fn way(&self) -> Way {
        self.way
    }

    /// The module of the functions; nothing where there are none.
    pub fn emit(&self, version: &str, layout: &mut Layout) {
        let mut functions = Layout::default();
        let bound = (!self.decisions.is_empty()).then(|| {
            let decisions = self.way.decisions();
            quote!(: super::#decisions)
        });
        for Function { ident, docs, given, made, body } in &self.bodies {
            let recursive = mentions(body, &ident.to_string());
            let recursive = recursive.then(|| quote!(#[allow(clippy::only_used_in_recursion)]));
            let (decisions, from) = (argument(body, "decisions"), argument(body, "from"));
            functions.item(quote! {
                #docs
                #recursive
                pub fn #ident<D #bound>(#decisions: &D, #from: &#given) -> #made { #body }
            });
        }
        let what = match self.way {
            Way::Up => format!("What clients of {version} send, as today's version has it."),
            Way::Down => format!("What the server sends, as clients of {version} have it."),
        };
        let uses = quote!(
            use super::{new, old};
        );
        layout.module(&what, self.way.module(), uses, functions);
    }

    /// The closure that converts a value, where it is not the same in both versions: `name` is what a decision on the
    /// whole of it is called. `nothing` is the type of what is not there.
    pub fn whole(&mut self, name: &str, [from, to]: [Option<&Type>; 2], nothing: &TokenStream) -> Option<TokenStream> {
        let same = match (from, to) {
            (None, None) => true,
            (Some(from), Some(to)) => self.is_same(from, to),
            _ => false,
        };
        if same {
            return None;
        }
        let given =
            from.map_or_else(|| nothing.clone(), |from| rust_type_at(self.from.names, from, &self.way.from_types()));
        let value = match (from, to) {
            (_, None) => quote!(()),
            (Some(from), Some(to)) => match self.value(&Place::Ref(quote!(from)), from, to) {
                Some(value) => value,
                None => self.decide_whole(name, Some(from), to),
            },
            (None, Some(to)) => match self.empty(to) {
                Some(value) => value,
                None => self.decide_whole(name, None, to),
            },
        };
        let (decisions, from) = (argument(&value, "decisions"), argument(&value, "from"));
        Some(quote!(|#decisions, #from: &#given| #value))
    }

    fn decide_whole(&mut self, name: &str, from: Option<&Type>, to: &Type) -> TokenStream {
        let docs = match from {
            Some(_) => format!("`{name}`: the values of the two versions have nothing in common."),
            None => format!("`{name}`: the other version has no value at all."),
        };
        let given = from.map(|from| self.from_type(from, &quote!(), &quote!(super::)));
        let output = self.to_type(to, &quote!(), &quote!(super::));
        let argument = from.map(|_| quote!(from));
        let method = self.decisions.ask(Decision { name: name.to_owned(), docs, given, output });
        quote!(decisions.#method(#argument))
    }

    /// A value of an object whose fields may all be left out.
    fn empty(&self, to: &Type) -> Option<TokenStream> {
        let Kind::Ref(id) = to.kind else { return to.nullable.then(|| quote!(None)) };
        let Shape::Object(object) = &self.to.model.types[id.0].shape else { return None };
        let fields: Option<Vec<TokenStream>> = object
            .fields
            .iter()
            .map(|field| {
                let ident = names::field(&field.name);
                (!field.required).then(|| quote!(#ident: None))
            })
            .collect();
        let (fields, at, ident) = (fields?, self.way.to_types(), self.to.names.ty(id));
        Some(quote!(#at #ident { #(#fields),* }))
    }

    /// A value of `to` out of the one at `place`; `None` where a person has to decide.
    fn value(&mut self, place: &Place, from: &Type, to: &Type) -> Option<TokenStream> {
        if self.is_same(from, to) {
            return Some(self.copy(place, &from.kind));
        }
        match (from.nullable, to.nullable) {
            (false, false) => self.boxed(place, from, to),
            (false, true) => {
                let value = self.boxed(place, from, to)?;
                Some(quote!(Some(#value)))
            }
            (true, true) => {
                let value = self.boxed(&Place::Ref(quote!(value)), from, to)?;
                if self.copies(&value, "value", &from.kind) {
                    return Some(self.copy(place, &from.kind));
                }
                let expression = place.expression();
                Some(quote!(#expression.as_ref().map(|value| #value)))
            }
            (true, false) => None,
        }
    }

    fn boxed(&mut self, place: &Place, from: &Type, to: &Type) -> Option<TokenStream> {
        let value = match (&from.kind, &to.kind) {
            (Kind::Ref(a), Kind::Ref(b)) if from.recursive && self.has(*a, *b) => {
                let (ty, reference) = (self.from.names.ty(*a), place.reference());
                let at = self.way.from_types();
                quote!(#at #ty::clone(#reference))
            }
            (a, b) => self.kind(place, a, b)?,
        };
        Some(if to.recursive { quote!(Box::new(#value)) } else { value })
    }

    fn kind(&mut self, place: &Place, from: &Kind, to: &Kind) -> Option<TokenStream> {
        // What older clients send is held to today's bounds; what they get, nobody holds to theirs.
        let fits = |fit: bool| self.way == Way::Up || fit;
        match (from, to) {
            (Kind::Ref(a), Kind::Ref(b)) => Some(self.named(place, *a, *b)),
            (Kind::Ref(a), to) => match &self.from.model.types[a.0].shape {
                Shape::Alias(kind) => self.kind(&place.inside(), &kind.clone(), to),
                Shape::Object(_) | Shape::Enum(_) => None,
            },
            (from, Kind::Ref(b)) => match &self.to.model.types[b.0].shape {
                Shape::Alias(kind) => {
                    let value = self.kind(place, from, &kind.clone())?;
                    Some(self.wrapped(*b, &value))
                }
                Shape::Object(_) | Shape::Enum(_) => None,
            },
            (Kind::Const(_), Kind::Const(constant)) => Some(quote!(#constant.to_owned())),
            (Kind::Const(_), Kind::Text(_)) => Some(self.copy(place, from)),
            (Kind::Text(a), Kind::Text(b)) => fits(fits::text(a, b)).then(|| self.copy(place, from)),
            (Kind::Integer(a), Kind::Integer(b)) => fits(fits::numbers(a, b)).then(|| self.copy(place, from)),
            (Kind::Number(a), Kind::Number(b)) => fits(fits::numbers(a, b)).then(|| self.copy(place, from)),
            (Kind::Integer(a), Kind::Number(b)) => {
                let integer = self.copy(place, from);
                fits(fits::numbers(&fits::widened(a), b)).then(|| quote!(#integer as f64))
            }
            (Kind::Boolean, Kind::Boolean) => Some(self.copy(place, from)),
            (Kind::Array(a), Kind::Array(b)) => {
                if !fits(fits::array(a, b)) {
                    return None;
                }
                if self.is_same(&a.items, &b.items) {
                    return Some(self.copy(place, from));
                }
                let item = self.value(&Place::Ref(quote!(item)), &a.items, &b.items)?;
                if self.copies(&item, "item", &a.items.kind) {
                    return Some(self.copy(place, from));
                }
                let list = place.expression();
                Some(quote!(#list.iter().map(|item| #item).collect()))
            }
            (Kind::Map(a), Kind::Map(b)) => {
                if self.is_same(a, b) {
                    return Some(self.copy(place, from));
                }
                let value = self.value(&Place::Ref(quote!(value)), a, b)?;
                if self.copies(&value, "value", &a.kind) {
                    return Some(self.copy(place, from));
                }
                let map = place.expression();
                Some(quote!(#map.iter().map(|(key, value)| (key.clone(), #value)).collect()))
            }
            _ => None,
        }
    }

    /// A named type out of another. Where shapes have nothing in common, a person decides once for all uses.
    fn named(&mut self, place: &Place, from: TypeId, to: TypeId) -> TokenStream {
        if self.has(from, to) {
            return self.copy(place, &Kind::Ref(from));
        }
        let shapes = (&self.from.model.types[from.0].shape, &self.to.model.types[to.0].shape);
        match shapes {
            (Shape::Object(_), Shape::Object(_)) | (Shape::Enum(_), Shape::Enum(_)) => {
                let (function, reference) = (self.function(from, to), place.reference());
                let module = (!self.inside).then(|| names::field(self.way.module())).map(|module| quote!(#module::));
                return quote!(#module #function(decisions, #reference));
            }
            (Shape::Alias(a), Shape::Alias(b)) => {
                if let Some(value) = self.kind(&place.inside(), &a.clone(), &b.clone()) {
                    return self.wrapped(to, &value);
                }
            }
            _ => {}
        }
        let (before, after) = (&self.from.model.types[from.0].name, &self.to.model.types[to.0].name);
        let docs = format!(
            "A `{after}` out of a `{before}` of the other version: not every value of the one is one of the other."
        );
        let name = if before == after {
            case::snake(after)
        } else {
            format!("{}_to_{}", case::snake(before), case::snake(after))
        };
        let plain = |id| Type { kind: Kind::Ref(id), nullable: false, recursive: false };
        let given = Some(self.from_type(&plain(from), &quote!(), &quote!(super::)));
        let output = self.to_type(&plain(to), &quote!(), &quote!(super::));
        let method = self.decisions.ask(Decision { name, docs, given, output });
        let reference = place.reference();
        quote!(decisions.#method(#reference))
    }

    /// The function that converts one object or choice to another.
    fn function(&mut self, from: TypeId, to: TypeId) -> Ident {
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
        let (at, to_at) = (self.way.from_types(), self.way.to_types());
        let outside = std::mem::replace(&mut self.inside, true);
        let body = match (&before.shape, &after.shape) {
            (Shape::Object(a), Shape::Object(b)) => {
                let subject = &after.name;
                let given = self.from_type(
                    &Type { kind: Kind::Ref(from), nullable: false, recursive: false },
                    &quote!(),
                    &quote!(super::),
                );
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
                        let docs =
                            format!("What `{value}` is among the values of `{}`, which has no such.", after.name);
                        let name = format!("{}_{}", case::snake(&after.name), case::snake(value));
                        let plain = Type { kind: Kind::Ref(to), nullable: false, recursive: false };
                        let output = self.to_type(&plain, &quote!(), &quote!(super::));
                        let method = self.decisions.ask(Decision { name, docs, given: None, output });
                        quote!(decisions.#method())
                    };
                    quote!(#at #given::#variant => #becomes,)
                });
                let arms: Vec<TokenStream> = arms.collect();
                quote!(match from { #(#arms)* })
            }
            _ => unreachable!("other shapes have no functions"),
        };
        self.inside = outside;
        let docs =
            Docs::sentence(&format!("`{}` out of `{}` of the other version.", after.name, before.name)).attributes();
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
                _ => self.decide_field(subject, given, field, "is required, and the other version has no such field"),
            };
        };
        let (ty, at) = (effective(source), ident(source));
        if let Some(value) = self.value(&Place::At(quote!(from.#at)), &ty, &to) {
            return value;
        }
        if ty.nullable && !to.nullable {
            let there = Type { nullable: false, ..ty.clone() };
            if let Some(value) = self.value(&Place::Ref(quote!(value)), &there, &to) {
                let absent =
                    "is always there, and may be missing or `null` in the other version: this is what it is then";
                let decided = self.decide_field(subject, given, field, absent);
                return quote!(match &from.#at { Some(value) => #value, None => #decided });
            }
        }
        self.decide_field(subject, given, field, "has values that those of the other version do not say")
    }

    fn decide_field(&mut self, subject: &str, given: &TokenStream, field: &Field, why: &str) -> TokenStream {
        let docs = format!("`{}` of `{subject}` {why}.", field.name);
        let name = format!("{}_{}", case::snake(subject), case::snake(&field.name));
        let output = self.to_type(&effective(field), &quote!(), &quote!(super::));
        let method = self.decisions.ask(Decision { name, docs, given: Some(given.clone()), output });
        quote!(decisions.#method(from))
    }

    fn wrapped(&self, id: TypeId, value: &TokenStream) -> TokenStream {
        let (at, ident) = (self.way.to_types(), self.to.names.ty(id));
        quote!(#at #ident(#value))
    }

    /// The same value once more.
    fn copy(&self, place: &Place, kind: &Kind) -> TokenStream {
        let is_copy = |kind: &Kind| matches!(kind, Kind::Integer(_) | Kind::Number(_) | Kind::Boolean);
        let copies = match kind {
            Kind::Ref(id) => match &self.from.model.types[id.0].shape {
                Shape::Enum(_) => true,
                Shape::Alias(kind) => is_copy(kind),
                Shape::Object(_) => false,
            },
            kind => is_copy(kind),
        };
        match place {
            Place::At(place) if copies => place.clone(),
            Place::Ref(reference) if copies => quote!(*#reference),
            Place::At(expression) | Place::Ref(expression) => quote!(#expression.clone()),
        }
    }

    /// Whether `value` is nothing but a copy of what `variable` refers to.
    fn copies(&self, value: &TokenStream, variable: &str, kind: &Kind) -> bool {
        let variable = names::field(variable);
        value.to_string() == self.copy(&Place::Ref(quote!(#variable)), kind).to_string()
    }

    fn has(&self, from: TypeId, to: TypeId) -> bool {
        match self.way {
            Way::Up => self.same.has(from, to),
            Way::Down => self.same.has(to, from),
        }
    }

    pub fn is_same(&self, from: &Type, to: &Type) -> bool {
        match self.way {
            Way::Up => self.same.uses(from, to),
            Way::Down => self.same.uses(to, from),
        }
    }

    /// A type of what is converted, by where types of the older and of the current version are.
    fn from_type(&self, ty: &Type, older: &TokenStream, current: &TokenStream) -> TokenStream {
        let at = if self.way == Way::Up { older } else { current };
        rust_type_at(self.from.names, ty, at)
    }

    fn to_type(&self, ty: &Type, older: &TokenStream, current: &TokenStream) -> TokenStream {
        let at = if self.way == Way::Up { current } else { older };
        rust_type_at(self.to.names, ty, at)
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

/// What an argument is called in what has this body.
fn argument(body: &TokenStream, name: &str) -> TokenStream {
    let name = names::field(name);
    if mentions(body, &name.to_string()) { quote!(#name) } else { quote!(_) }
}

fn mentions(body: &TokenStream, word: &str) -> bool {
    body.clone().into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => ident == word,
        proc_macro2::TokenTree::Group(group) => mentions(&group.stream(), word),
        proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => false,
    })
}
