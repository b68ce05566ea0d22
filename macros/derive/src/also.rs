//! `#[derive(Also)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Result};

use crate::attribute::{named_fields, no_generics, outer_name};

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    no_generics(&input.generics, "Also")?;
    let fields = named_fields(input, "`Also` is for a struct with named fields, each a `Member<…>`")?;
    for field in &fields {
        if outer_name(&field.ty).is_none_or(|name| name != "Member") {
            return Err(Error::new_spanned(&field.ty, "not a membership: make it a `Member<…>` of the key's scope"));
        }
    }
    let ident = &input.ident;
    let names = fields.iter().map(|field| &field.ident);
    Ok(quote! {
        impl ::accord_runtime::Also for #ident {
            fn prove(proofs: &mut ::accord_runtime::Proofs) -> Self {
                #ident { #(#names: proofs.member(),)* }
            }
        }
    })
}
