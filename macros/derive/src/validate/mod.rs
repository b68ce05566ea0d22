//! `#[derive(Validate)]`.

mod class;
mod constraint;
mod pattern;
mod rule;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Data, DataEnum, DeriveInput, Error, Field, Fields, Ident, Result, ext::IdentExt};

use crate::attribute::{Serde, combine, no_generics};
use constraint::Constraints;
use rule::Rule;

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    no_generics(&input.generics, "Validate")?;
    let serde = Serde::read(&input.attrs)?;
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => object(input, &fields.named.iter().collect::<Vec<_>>()),
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                if !serde.transparent {
                    let remedy = "missing `#[serde(transparent)]`: add it, so that the value is that of its field";
                    return Err(Error::new_spanned(&input.ident, remedy));
                }
                alias(input, &fields.unnamed[0])
            }
            fields => {
                let remedy = "`Validate` is for named fields, or one unnamed field: name the fields";
                let place = if fields.is_empty() { quote!(#input) } else { quote!(#fields) };
                Err(Error::new_spanned(place, remedy))
            }
        },
        Data::Enum(data) => enumeration(input, data),
        Data::Union(data) => {
            Err(Error::new_spanned(data.union_token, "`Validate` is for structs and enums: make it one"))
        }
    }
}

fn implementation(ident: &Ident, body: &TokenStream) -> TokenStream {
    quote! {
        impl ::accord_runtime::Validate for #ident {
            #[inline]
            fn validate(
                value: &::accord_runtime::private::Value,
                at: ::accord_runtime::Path<'_>,
                violations: &mut ::accord_runtime::Violations,
            ) {
                #body
            }
        }
    }
}

/// A transparent struct: its field's type, constrained.
fn alias(input: &DeriveInput, field: &Field) -> Result<TokenStream> {
    let (constraints, rules) = read_attributes(&input.attrs)?;
    if let Some(rule) = rules.first() {
        return Err(Error::new_spanned(&rule.name, "a rule is for a struct with named fields: leave it out"));
    }
    let ty = &field.ty;
    let checks = constraints.checks(&quote!(value), &quote!(at));
    Ok(implementation(
        &input.ident,
        &quote! {
            #checks
            <#ty as ::accord_runtime::Validate>::validate(value, at, violations);
        },
    ))
}

/// A string from a list.
fn enumeration(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let mut names = Vec::new();
    for variant in &data.variants {
        if !variant.fields.is_empty() {
            let remedy = "a variant is a string, and carries no data: leave the fields out";
            return Err(Error::new_spanned(&variant.fields, remedy));
        }
        names.push(Serde::read(&variant.attrs)?.name(&variant.ident));
    }
    if names.is_empty() {
        return Err(Error::new_spanned(&input.ident, "no value would be valid: add variants"));
    }
    let message = format!("must be one of: {}", names.join(", "));
    Ok(implementation(
        &input.ident,
        &quote! {
            if let ::core::option::Option::Some(text) = ::accord_runtime::validate::string(value, at, violations)
                && !::core::matches!(text, #(#names)|*)
            {
                violations.add(at, #message);
            }
        },
    ))
}

/// A field of an object: its name, and the variable that holds its value during the check.
struct Slot {
    name: String,
    variable: Ident,
}

/// An object. One pass over its members costs less than a look-up for each field.
fn object(input: &DeriveInput, fields: &[&Field]) -> Result<TokenStream> {
    let (constraints, rules) = read_attributes(&input.attrs)?;
    if let Some(span) = constraints.span() {
        return Err(Error::new(span, "a constraint is for a field: move it to the field that it is meant for"));
    }
    let (mut slots, mut takes, mut checks, mut errors) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for field in fields {
        match member(field) {
            Ok((slot, take, check)) => {
                slots.push(slot);
                takes.push(take);
                checks.push(check);
            }
            Err(error) => errors.push(error),
        }
    }
    let rules = rules.iter().map(|rule| rule.check(&slots)).collect::<Vec<_>>();
    let (rules, failed): (Vec<_>, Vec<_>) = rules.into_iter().partition(Result::is_ok);
    if let Some(error) = combine(errors.into_iter().chain(failed.into_iter().filter_map(Result::err))) {
        return Err(error);
    }
    let rules = rules.into_iter().filter_map(Result::ok);

    let names = slots.iter().map(|slot| &slot.name);
    let variables = slots.iter().map(|slot| &slot.variable);
    let gather = (!slots.is_empty()).then(|| {
        quote! {
            #(let mut #variables = ::core::option::Option::None;)*
            for (key, value) in members {
                match key.as_str() {
                    #(#names => #takes,)*
                    _ => {}
                }
            }
        }
    });
    Ok(implementation(
        &input.ident,
        &quote! {
            let ::core::option::Option::Some(members) = ::accord_runtime::validate::object(value, at, violations) else {
                return;
            };
            #gather
            #(#checks)*
            #(#rules)*
        },
    ))
}

fn member(field: &Field) -> Result<(Slot, TokenStream, TokenStream)> {
    let Some(ident) = &field.ident else {
        return Err(Error::new_spanned(field, "an object's fields have names: name this one"));
    };
    let serde = Serde::read(&field.attrs)?;
    let name = serde.name(ident);
    let (constraints, rules) = read_attributes(&field.attrs)?;
    if let Some(rule) = rules.first() {
        return Err(Error::new_spanned(&rule.name, "a rule is for a whole struct: move it there"));
    }
    let variable = format_ident!("field_{}", ident.unraw());
    let ty = &field.ty;
    let at = quote!(at.key(#name));
    let constraints = constraints.checks(&quote!(value), &at);
    let check = quote! {
        #constraints
        <#ty as ::accord_runtime::Validate>::validate(value, #at, violations);
    };
    let (take, otherwise) = if serde.default {
        (quote!(#variable = ::accord_runtime::validate::present(value)), None)
    } else {
        let missing = quote!(violations.add(#at, ::accord_runtime::validate::REQUIRED););
        (quote!(#variable = ::core::option::Option::Some(value)), Some(quote!(else { #missing })))
    };
    let check = quote! {
        if let ::core::option::Option::Some(value) = #variable { #check } #otherwise
    };
    Ok((Slot { name, variable }, take, check))
}

fn read_attributes(attributes: &[Attribute]) -> Result<(Constraints, Vec<Rule>)> {
    let mut constraints = Constraints::default();
    let mut rules = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("validate")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rule") {
                rules.push(Rule::read(&meta)?);
                return Ok(());
            }
            constraints.read(&meta)
        })?;
    }
    constraints.complete()?;
    Ok((constraints, rules))
}
