//! `#[derive(EventError)]`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, FieldsUnnamed, Path, Result, Type, Variant};

use crate::attribute::{no_generics, single};

const FAULT: &str = "add `#[fault] Fault(accord_runtime::Fault)`";

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    no_generics(&input.generics, "EventError")?;
    let ident = &input.ident;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(ident, format!("`EventError` is for an enum: make it one, and {FAULT}")));
    };
    let mut fault = None;
    let (mut conversions, mut arms) = (Vec::new(), Vec::new());
    for variant in &data.variants {
        let name = &variant.ident;
        match kind(variant)? {
            Kind::Fault => {
                if fault.replace(name).is_some() {
                    return Err(Error::new_spanned(variant, "only one variant can be the fault: leave this one out"));
                }
                conversions.push(carried(ident, name, &quote!(::accord_runtime::Fault)));
                arms.push(quote!(#ident::#name(fault) => ::accord_runtime::Refusal::Fault(fault)));
            }
            Kind::Invalid => {
                conversions.push(carried(ident, name, &quote!(::accord_runtime::Violation)));
                arms.push(quote!(#ident::#name(violation) => ::accord_runtime::Refusal::Invalid(violation)));
            }
            Kind::Declared(error) => {
                conversions.push(quote! {
                    impl ::core::convert::From<#error> for #ident {
                        fn from(_: #error) -> Self {
                            #ident::#name
                        }
                    }
                });
                arms.push(quote! {
                    #ident::#name => ::accord_runtime::Refusal::Declared(
                        <#error as ::accord_runtime::DeclaredError>::SPEC
                    )
                });
            }
            Kind::Explained(error) => arms.push(quote! {
                #ident::#name(violation) => ::accord_runtime::Refusal::Explained(
                    <#error as ::accord_runtime::DeclaredError>::SPEC,
                    violation
                )
            }),
        }
    }
    if fault.is_none() {
        return Err(Error::new_spanned(ident, format!("missing the server's own failure: {FAULT}")));
    }
    Ok(quote! {
        #(#conversions)*

        impl ::accord_runtime::EventError for #ident {
            fn refusal(self) -> ::accord_runtime::Refusal {
                match self {
                    #(#arms,)*
                }
            }
        }
    })
}

/// The conversion of a variant's content into the variant.
fn carried(ident: &Ident, variant: &Ident, carried: &TokenStream) -> TokenStream {
    quote! {
        impl ::core::convert::From<#carried> for #ident {
            fn from(carried: #carried) -> Self {
                #ident::#variant(carried)
            }
        }
    }
}

/// Whether a variant carries only a violation.
fn is_violation(fields: &FieldsUnnamed) -> bool {
    let mut types = fields.unnamed.iter().map(|field| &field.ty);
    let (Some(Type::Path(carried)), None) = (types.next(), types.next()) else { return false };
    carried.path.segments.last().is_some_and(|last| last.ident == "Violation")
}

enum Kind {
    Declared(Path),
    Explained(Path),
    Invalid,
    Fault,
}

fn kind(variant: &Variant) -> Result<Kind> {
    let error = single(&variant.attrs, "error")?;
    let fault = single(&variant.attrs, "fault")?;
    if let Some(invalid) = single(&variant.attrs, "invalid")? {
        return match &variant.fields {
            _ if error.is_some() || fault.is_some() => {
                Err(Error::new_spanned(invalid, "either invalid or something else: leave the other attributes out"))
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(Kind::Invalid),
            _ => {
                let remedy =
                    format!("it carries what is invalid: write `{}(accord_runtime::Violation)`", variant.ident);
                Err(Error::new_spanned(variant, remedy))
            }
        };
    }
    match (error, fault, &variant.fields) {
        (Some(error), None, Fields::Unit) => Ok(Kind::Declared(error.parse_args()?)),
        (Some(error), None, Fields::Unnamed(fields)) if is_violation(fields) => {
            Ok(Kind::Explained(error.parse_args()?))
        }
        (Some(_), None, fields) => {
            let remedy = "a declared error carries nothing but what is wrong with an upload: leave the fields out, or \
                          write `(accord_runtime::Violation)`";
            Err(Error::new_spanned(fields, remedy))
        }
        (None, Some(_), Fields::Unnamed(fields)) if fields.unnamed.len() == 1 => Ok(Kind::Fault),
        (None, Some(_), _) => {
            let remedy = format!("a fault carries its cause: write `{}(accord_runtime::Fault)`", variant.ident);
            Err(Error::new_spanned(variant, remedy))
        }
        (Some(_), Some(fault), _) => {
            Err(Error::new_spanned(fault, "either declared or a fault: leave `#[error]` or `#[fault]` out"))
        }
        (None, None, _) => {
            let remedy = format!(
                "`{}` has no attribute that says what it answers: add `#[error(errors::…)]` for an error that the \
                 schema declares, `#[invalid]` for the answer to invalid payloads, or `#[fault]` for the server's own \
                 failure",
                variant.ident
            );
            Err(Error::new_spanned(variant, remedy))
        }
    }
}
