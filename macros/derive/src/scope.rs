//! `#[derive(Scope)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, LitStr, Path, Result};

use crate::attribute::{once, single, unit_struct};

const REMEDY: &str = "add `#[scope(name = \"…\", denied = errors::…)]`";

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    unit_struct(input, "Scope")?;
    let ident = &input.ident;
    let Some(attribute) = single(&input.attrs, "scope")? else {
        return Err(Error::new_spanned(ident, format!("missing `scope` attribute: {REMEDY}")));
    };
    let (mut name, mut denied) = (None::<LitStr>, None::<Path>);
    attribute.parse_nested_meta(|meta| {
        if meta.path.is_ident("name") {
            let value = meta.value()?.parse()?;
            once(&mut name, &meta, value)
        } else if meta.path.is_ident("denied") {
            let value = meta.value()?.parse()?;
            once(&mut denied, &meta, value)
        } else {
            Err(meta.error("a scope takes `name` and `denied`: leave this out"))
        }
    })?;
    let missing = |what: &str| Error::new_spanned(attribute, format!("missing `{what}`: {REMEDY}"));
    let name = name.ok_or_else(|| missing("name"))?;
    let denied = denied.ok_or_else(|| missing("denied"))?;
    Ok(quote! {
        impl ::accord_runtime::Scope for #ident {
            const SPEC: &'static ::accord_runtime::ScopeSpec = &::accord_runtime::ScopeSpec {
                name: #name,
                denied: <#denied as ::accord_runtime::DeclaredError>::SPEC,
            };
        }
    })
}
