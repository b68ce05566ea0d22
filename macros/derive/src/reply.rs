//! `#[derive(Reply)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Field, Ident, LitInt, LitStr, Result, meta::ParseNestedMeta};

use crate::attribute::{combine, named_fields, no_generics, once, outer_name, single};

const REMEDY: &str = "add `#[reply(ack)]` if it is acknowledged, `#[reply(emit = \"…\", to = scope)]` if it is emitted, \
                      or both in one";
const TARGETS: &str = "`to` is one of `caller`, `scope`, `others`, `user`, `room(0)`";

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    no_generics(&input.generics, "Reply")?;
    let fields =
        named_fields(input, "`Reply` is for a struct with named fields: name each after the event it becomes")?;
    let (parts, errors): (Vec<_>, Vec<_>) = fields.into_iter().map(Part::read).partition(Result::is_ok);
    if let Some(error) = combine(errors.into_iter().filter_map(Result::err)) {
        return Err(error);
    }
    let parts: Vec<Part<'_>> = parts.into_iter().filter_map(Result::ok).collect();
    if let Some(second) = parts.iter().filter(|part| part.ack).nth(1) {
        let error = "a reply has one acknowledgement: leave `ack` out here or on the other field";
        return Err(Error::new_spanned(&second.field.ident, error));
    }
    let ident = &input.ident;
    let encodings = parts.iter().map(Part::encode);
    let ack = match parts.iter().find(|part| part.ack) {
        None => quote!(::core::option::Option::None),
        Some(Part { field, emit: None, .. }) => {
            let name = &field.ident;
            quote!(::core::option::Option::Some(#name))
        }
        Some(Part { field, .. }) => {
            let name = &field.ident;
            quote!(::core::option::Option::Some(#name.clone()))
        }
    };
    let capacity = parts.iter().filter(|part| part.emit.is_some()).count();
    let emissions = parts.iter().filter_map(Part::emission);
    let emissions = if capacity == 0 {
        quote!(let emissions = ::std::vec::Vec::new();)
    } else {
        quote! {
            let mut emissions = ::std::vec::Vec::with_capacity(#capacity);
            #(#emissions)*
        }
    };
    Ok(quote! {
        impl ::accord_runtime::Reply for #ident {
            fn outcome(
                &self,
            ) -> ::core::result::Result<::accord_runtime::Outcome, ::accord_runtime::private::EncodeError> {
                #(#encodings)*
                let ack = #ack;
                #emissions
                ::core::result::Result::Ok(::accord_runtime::Outcome {
                    answer: ack,
                    emissions,
                    download: ::core::option::Option::None,
                })
            }
        }
    })
}

/// A field, and what becomes of it.
struct Part<'a> {
    field: &'a Field,
    ack: bool,
    emit: Option<(LitStr, TokenStream)>,
}

impl<'a> Part<'a> {
    fn read(field: &'a Field) -> Result<Self> {
        let Some(attribute) = single(&field.attrs, "reply")? else {
            let name = &field.ident;
            return Err(Error::new_spanned(
                name,
                format!("`{}` is neither acknowledged nor emitted: {REMEDY}", quote!(#name)),
            ));
        };
        let (mut ack, mut emit, mut to) = (None, None::<LitStr>, None);
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("ack") {
                once(&mut ack, &meta, ())
            } else if meta.path.is_ident("emit") {
                let value = meta.value()?.parse()?;
                once(&mut emit, &meta, value)
            } else if meta.path.is_ident("to") {
                let value = target(&meta)?;
                once(&mut to, &meta, value)
            } else {
                Err(meta.error(format!("a reply's field is `ack`, `emit`, `to`: {REMEDY}")))
            }
        })?;
        let emit = match (emit, to) {
            (Some(event), Some(to)) => Some((event, to)),
            (Some(event), None) => {
                return Err(Error::new_spanned(event, format!("missing `to`: say who gets the event; {TARGETS}")));
            }
            (None, Some(_)) => {
                return Err(Error::new_spanned(
                    attribute,
                    "missing `emit`: name the event, `emit = \"…\"`, or leave `to` out",
                ));
            }
            (None, None) if ack.is_none() => {
                return Err(Error::new_spanned(attribute, format!("missing `ack` or `emit`: {REMEDY}")));
            }
            (None, None) => None,
        };
        Ok(Part { field, ack: ack.is_some(), emit })
    }

    fn optional(&self) -> bool {
        !self.ack && outer_name(&self.field.ty).is_some_and(|name| name == "Option")
    }

    fn encode(&self) -> TokenStream {
        let name = &self.field.ident;
        if self.optional() {
            quote! {
                let #name = match &self.#name {
                    ::core::option::Option::Some(value) => {
                        ::core::option::Option::Some(::accord_runtime::reply::encode(value)?)
                    }
                    ::core::option::Option::None => ::core::option::Option::None,
                };
            }
        } else {
            quote!(let #name = ::accord_runtime::reply::encode(&self.#name)?;)
        }
    }

    fn emission(&self) -> Option<TokenStream> {
        let (event, to) = self.emit.as_ref()?;
        let name = &self.field.ident;
        let emission = |data: TokenStream| {
            quote!(emissions.push(::accord_runtime::Emission { event: #event, to: #to, data: #data });
            )
        };
        Some(if self.optional() {
            let push = emission(quote!(data));
            quote!(if let ::core::option::Option::Some(data) = #name { #push })
        } else {
            emission(quote!(#name))
        })
    }
}

fn target(meta: &ParseNestedMeta<'_>) -> Result<TokenStream> {
    let value = meta.value()?;
    let word: Ident = value.parse()?;
    let variant = match word.to_string().as_str() {
        "caller" => quote!(Caller),
        "scope" => quote!(Scope),
        "others" => quote!(Others),
        "user" => quote!(User),
        "room" if value.peek(syn::token::Paren) => {
            let inner;
            syn::parenthesized!(inner in value);
            let index: usize = inner.parse::<LitInt>()?.base10_parse()?;
            quote!(Room(#index))
        }
        _ => return Err(Error::new_spanned(word, format!("not a target: {TARGETS}"))),
    };
    Ok(quote!(::accord_runtime::Target::#variant))
}
