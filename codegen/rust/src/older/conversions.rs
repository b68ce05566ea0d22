//! Conversions of values between two versions: by name and shape, field by field, as far as possible.

use std::collections::HashMap;

use accord_language::model::{Kind, Model, Shape, Type, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    super::{
        layout::Layout,
        names::{self, Names},
        types::rust_type_at,
    },
    Way,
    decisions::{Decision, Decisions},
    same::Same,
};

/// One of the two versions.
#[derive(Clone, Copy)]
pub struct Version<'m> {
    pub model: &'m Model,
    pub names: &'m Names,
}

/// The conversions of one way, and what they leave to a person.
pub struct Conversions<'m> {
    pub(super) way: Way,
    pub(super) from: Version<'m>,
    pub(super) to: Version<'m>,
    pub(super) same: &'m Same,
    pub(super) functions: HashMap<(TypeId, TypeId), Ident>,
    pub(super) bodies: Vec<Function>,
    /// `true` while code is written into the module that has the functions.
    pub(super) inside: bool,
    pub decisions: Decisions,
}

/// A function that converts one named type to another.
pub(super) struct Function {
    pub(super) ident: Ident,
    pub(super) docs: TokenStream,
    pub(super) given: TokenStream,
    pub(super) made: TokenStream,
    pub(super) body: TokenStream,
}

/// An expression for a value that is converted.
#[derive(Clone)]
pub enum Operand {
    /// The expression itself, not a reference: `from.points`.
    At(TokenStream),
    /// A reference to it.
    Ref(TokenStream),
}

impl Operand {
    pub(super) fn reference(&self) -> TokenStream {
        match self {
            Operand::At(operand) => quote!(&#operand),
            Operand::Ref(reference) => reference.clone(),
        }
    }

    pub(super) fn expression(&self) -> &TokenStream {
        match self {
            Operand::At(expression) | Operand::Ref(expression) => expression,
        }
    }

    /// The value inside a newtype.
    pub(super) fn inside(&self) -> Operand {
        let expression = self.expression();
        Operand::At(quote!(#expression.0))
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
            let recursive = recursive.then(|| quote!(#[allow(clippy::only_used_in_recursion, reason = "all conversions have the same parameters")]));
            let (decisions, from) = (argument(body, "decisions"), argument(body, "from"));
            functions.item(quote! {
                #docs
                #recursive
                pub fn #ident<D #bound>(#decisions: &D, #from: &#given) -> #made { #body }
            });
        }
        let what = match self.way {
            Way::Up => format!("Converts what clients of {version} send to the current version."),
            Way::Down => format!("Converts what the server sends for clients of {version}."),
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
            from.map_or_else(|| nothing.clone(), |from| rust_type_at(self.from.names, from, &self.way.given_types()));
        let value = match (from, to) {
            (_, None) => quote!(()),
            (Some(from), Some(to)) => match self.value(&Operand::Ref(quote!(from)), from, to) {
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
        let (other, now) = self.versions();
        let docs = match from {
            Some(_) => {
                format!("`{name}` in {now} cannot be converted from {other}: the values have nothing in common.")
            }
            None => format!("`{name}` in {now}: {other} has no such value."),
        };
        let given = from.map(|from| self.given_type(from, &quote!(), &quote!(super::)));
        let output = self.made_type(to, &quote!(), &quote!(super::));
        let argument = from.map(|_| quote!(from));
        let method = self.decisions.ask(Decision { name: name.to_owned(), docs, given, output });
        self.decided(&method, argument)
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
        let (fields, at, ident) = (fields?, self.way.made_types(), self.to.names.ty(id));
        Some(quote!(#at #ident { #(#fields),* }))
    }

    /// The call of a decision. If both traits are in scope, the call names the right one.
    pub(super) fn decided(&self, method: &Ident, argument: Option<TokenStream>) -> TokenStream {
        let decisions = self.way.decisions();
        match self.inside {
            true => quote!(decisions.#method(#argument)),
            false => quote!(#decisions::#method(decisions, #argument)),
        }
    }

    /// The version that values come from, and the one that they go to.
    pub(super) fn versions(&self) -> (&'m str, &'m str) {
        (&self.from.model.protocol.version, &self.to.model.protocol.version)
    }

    pub(super) fn has(&self, from: TypeId, to: TypeId) -> bool {
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
    pub(super) fn given_type(&self, ty: &Type, older: &TokenStream, current: &TokenStream) -> TokenStream {
        let at = if self.way == Way::Up { older } else { current };
        rust_type_at(self.from.names, ty, at)
    }

    pub(super) fn made_type(&self, ty: &Type, older: &TokenStream, current: &TokenStream) -> TokenStream {
        let at = if self.way == Way::Up { current } else { older };
        rust_type_at(self.to.names, ty, at)
    }
}

/// The name of an argument of a function: `_` where its body does not use it.
pub(super) fn argument(body: &TokenStream, name: &str) -> TokenStream {
    let name = names::field(name);
    if mentions(body, &name.to_string()) { quote!(#name) } else { quote!(_) }
}

/// Returns whether code has `word` as a name.
pub(super) fn mentions(body: &TokenStream, word: &str) -> bool {
    body.clone().into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => ident == word,
        proc_macro2::TokenTree::Group(group) => mentions(&group.stream(), word),
        proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => false,
    })
}
