//! Every type of the schema.

mod constraints;
mod rules;

use accord_language::model::{Field, Kind, Model, Object, Shape, Type, TypeDef, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    docs::Docs,
    layout::Layout,
    names::{self, Names},
};

/// The module of types.
pub fn emit(model: &Model, names: &Names, layout: &mut Layout) {
    let all: Vec<TypeId> = (0..model.types.len()).map(TypeId).collect();
    module(model, names, &all, TokenStream::new(), layout);
}

fn module(model: &Model, names: &Names, ids: &[TypeId], others: TokenStream, layout: &mut Layout) {
    let mut types = Layout::default();
    let defs = || ids.iter().map(|id| &model.types[id.0]);
    for (id, ty) in ids.iter().zip(defs()) {
        types.item(definition(model, names, *id, ty));
    }
    let map = defs().any(|ty| match &ty.shape {
        Shape::Object(object) => object.fields.iter().any(|field| has_map(&field.ty.kind)),
        Shape::Alias(kind) => has_map(kind),
        Shape::Enum(_) => false,
    });
    let text = defs().any(|ty| is_text(&ty.shape)).then(|| {
        quote!(
            use accord_runtime::Text;
        )
    });
    let map = map.then(|| {
        quote!(
            use std::collections::BTreeMap;
        )
    });
    let own = (!ids.is_empty()).then(|| {
        quote!(
            use accord_runtime::Validate;
            use serde::{Deserialize, Serialize};
        )
    });
    let uses = quote! {
        #others
        #map
        #text
        #own
    };
    layout.module("The types of the schema.", "types", uses, types);
}

/// The types of an older version, but for those that the current version has as well.
pub fn emit_older(model: &Model, names: &Names, is_current: impl Fn(TypeId) -> bool, layout: &mut Layout) {
    let ids = (0..model.types.len()).map(TypeId);
    let (current, own): (Vec<TypeId>, Vec<TypeId>) = ids.partition(|id| is_current(*id));
    let current = current.into_iter().map(|id| names.ty(id));
    let current = quote!(
        #[allow(unused_imports, reason = "a server may name none of them")]
        pub use super::super::types::{#(#current),*};
    );
    module(model, names, &own, current, layout);
}

/// A type where it is used.
pub fn rust_type(names: &Names, ty: &Type) -> TokenStream {
    written(names, ty, &TokenStream::new(), &TokenStream::new())
}

/// A type where named ones are in another module: `at` is the path to it, with `::` at its end.
pub fn rust_type_at(names: &Names, ty: &Type, at: &TokenStream) -> TokenStream {
    written(names, ty, at, &quote!(std::collections::))
}

fn written(names: &Names, ty: &Type, at: &TokenStream, std: &TokenStream) -> TokenStream {
    let mut rust = kind_written(names, &ty.kind, at, std);
    if ty.recursive {
        rust = quote!(Box<#rust>);
    }
    if ty.nullable { quote!(Option<#rust>) } else { rust }
}

fn rust_kind(names: &Names, kind: &Kind) -> TokenStream {
    kind_written(names, kind, &TokenStream::new(), &TokenStream::new())
}

fn kind_written(names: &Names, kind: &Kind, at: &TokenStream, std: &TokenStream) -> TokenStream {
    match kind {
        Kind::Ref(id) => {
            let ident = names.ty(*id);
            quote!(#at #ident)
        }
        Kind::Text(_) | Kind::Const(_) => quote!(String),
        Kind::Integer(_) => quote!(i64),
        Kind::Number(_) => quote!(f64),
        Kind::Boolean => quote!(bool),
        Kind::Array(array) => {
            let items = written(names, &array.items, at, std);
            quote!(Vec<#items>)
        }
        Kind::Map(values) => {
            let values = written(names, values, at, std);
            quote!(#std BTreeMap<String, #values>)
        }
    }
}

fn has_map(kind: &Kind) -> bool {
    match kind {
        Kind::Map(_) => true,
        Kind::Array(array) => has_map(&array.items.kind),
        _ => false,
    }
}

fn is_text(shape: &Shape) -> bool {
    matches!(shape, Shape::Alias(Kind::Text(_) | Kind::Const(_)))
}

fn definition(model: &Model, names: &Names, id: TypeId, ty: &TypeDef) -> TokenStream {
    let mut docs = Docs::of(&ty.doc, &format!("`{}`.", ty.name));
    if let Shape::Alias(kind) = &ty.shape {
        docs.limits(kind);
    }
    docs.example(ty.example.as_ref().or_else(|| example_of_event(model, id)));
    let docs = docs.attributes();
    let ident = names.ty(id);
    match &ty.shape {
        Shape::Object(object) => {
            let fields = fields(model, names, object);
            let rules = object.rules.iter().map(rules::attribute);
            quote! {
                #docs
                #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
                #(#rules)*
                pub struct #ident { #(#fields)* }
            }
        }
        Shape::Enum(values) => {
            let variants = values.iter().map(|value| {
                let variant = names::pascal(value);
                let docs = Docs::sentence(&format!("`{value}`")).attributes();
                quote!(#docs #[serde(rename = #value)] #variant,)
            });
            quote! {
                #docs
                #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate)]
                pub enum #ident { #(#variants)* }
            }
        }
        Shape::Alias(kind) => {
            let derives = match kind {
                Kind::Text(_) | Kind::Const(_) => {
                    quote!(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text)
                }
                Kind::Integer(_) | Kind::Boolean => {
                    quote!(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate)
                }
                Kind::Number(_) => quote!(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize, Validate),
                Kind::Ref(_) | Kind::Array(_) | Kind::Map(_) => {
                    quote!(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)
                }
            };
            let rust = rust_kind(names, kind);
            let constraints = constraints::attribute(kind);
            quote! {
                #docs
                #[derive(#derives)]
                #[serde(transparent)]
                #constraints
                pub struct #ident(pub #rust);
            }
        }
    }
}

/// The example of the event that a type is the payload of.
fn example_of_event(model: &Model, id: TypeId) -> Option<&serde_json::Value> {
    let client = model.client_events();
    let server = model.server_events();
    client
        .map(|event| (event.payload, &event.example))
        .chain(server.map(|event| (event.payload, &event.example)))
        .find_map(|(payload, example)| example.as_ref().filter(|_| payload == Some(id)))
}

fn fields<'a>(model: &'a Model, names: &'a Names, object: &'a Object) -> impl Iterator<Item = TokenStream> + 'a {
    object.fields.iter().map(move |field| {
        let ident = names::field(&field.name);
        let docs = field_docs(model, field).attributes();
        let mut serde = Vec::new();
        let name = &field.name;
        if ident != name.as_str() && ident != format!("r#{name}") {
            serde.push(quote!(rename = #name));
        }
        if !field.required {
            serde.push(quote!(default));
            serde.push(quote!(skip_serializing_if = "Option::is_none"));
        }
        let serde = (!serde.is_empty()).then(|| quote!(#[serde(#(#serde),*)]));
        let constraints = constraints::attribute(&field.ty.kind);
        let mut ty = rust_type(names, &field.ty);
        if !field.required && !field.ty.nullable {
            ty = quote!(Option<#ty>);
        }
        quote!(#docs #serde #constraints pub #ident: #ty,)
    })
}

fn field_docs(model: &Model, field: &Field) -> Docs {
    let otherwise = match &field.ty.kind {
        Kind::Ref(id) if !model.types[id.0].doc.summary.is_empty() => model.types[id.0].doc.summary.clone(),
        _ => format!("`{}`.", field.name),
    };
    let mut docs = Docs::of(&field.doc, &otherwise);
    docs.limits(&field.ty.kind);
    docs
}
