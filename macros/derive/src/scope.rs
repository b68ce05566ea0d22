//! `#[derive(Scope)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, LitInt, LitStr, Path, Result, meta::ParseNestedMeta};

use crate::attribute::{once, single, unit_struct};

const REMEDY: &str = "add `#[scope(name = \"…\", denied = errors::…)]`";
const LOG: &str = "a log takes `caught_up`, `key`, `keep`, `entries` and `floor`: \
                   `log(caught_up = \"…\", key = \"…\", keep = 604800, entries = 100000, floor = 600)`, times in seconds";

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    unit_struct(input, "Scope")?;
    let ident = &input.ident;
    let Some(attribute) = single(&input.attrs, "scope")? else {
        return Err(Error::new_spanned(ident, format!("missing `scope` attribute: {REMEDY}")));
    };
    let (mut name, mut denied, mut log) = (None::<LitStr>, None::<Path>, None::<TokenStream>);
    attribute.parse_nested_meta(|meta| {
        if meta.path.is_ident("name") {
            let value = meta.value()?.parse()?;
            once(&mut name, &meta, value)
        } else if meta.path.is_ident("denied") {
            let value = meta.value()?.parse()?;
            once(&mut denied, &meta, value)
        } else if meta.path.is_ident("log") {
            let value = log_spec(&meta)?;
            once(&mut log, &meta, value)
        } else {
            Err(meta.error("a scope takes `name`, `denied` and `log`: leave this out"))
        }
    })?;
    let missing = |what: &str| Error::new_spanned(attribute, format!("missing `{what}`: {REMEDY}"));
    let name = name.ok_or_else(|| missing("name"))?;
    let denied = denied.ok_or_else(|| missing("denied"))?;
    let log =
        log.map_or_else(|| quote!(::core::option::Option::None), |log| quote!(::core::option::Option::Some(&#log)));
    Ok(quote! {
        impl ::accord_runtime::Scope for #ident {
            const SPEC: &'static ::accord_runtime::ScopeSpec = &::accord_runtime::ScopeSpec {
                name: #name,
                denied: <#denied as ::accord_runtime::DeclaredError>::SPEC,
                log: #log,
            };
        }
    })
}

/// `log(…)`.
fn log_spec(meta: &ParseNestedMeta<'_>) -> Result<TokenStream> {
    let (mut texts, mut numbers) = ([None::<LitStr>, None], [None::<LitInt>, None, None]);
    meta.parse_nested_meta(|meta| {
        let is = |name: &&str| meta.path.is_ident(name);
        if let Some(index) = ["caught_up", "key"].iter().position(is) {
            let value = meta.value()?.parse()?;
            once(&mut texts[index], &meta, value)
        } else if let Some(index) = ["keep", "entries", "floor"].iter().position(is) {
            let value = meta.value()?.parse()?;
            once(&mut numbers[index], &meta, value)
        } else {
            Err(meta.error(LOG))
        }
    })?;
    let ([Some(caught_up), Some(key)], [Some(keep), Some(entries), Some(floor)]) = (texts, numbers) else {
        return Err(meta.error(LOG));
    };
    Ok(quote! {
        ::accord_runtime::LogSpec {
            caught_up: #caught_up,
            key: #key,
            keep: ::core::time::Duration::from_secs(#keep),
            entries: #entries,
            floor: ::core::time::Duration::from_secs(#floor),
        }
    })
}
