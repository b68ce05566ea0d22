//! `#[derive(DeclaredError)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, LitInt, LitStr, Result};

use crate::attribute::{once, single, unit_struct};

const REMEDY: &str = "add `#[error(name = \"…\", code = \"…\", message = \"…\", status = 400)]`";

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    unit_struct(input, "DeclaredError")?;
    let ident = &input.ident;
    let Some(attribute) = single(&input.attrs, "error")? else {
        return Err(Error::new_spanned(ident, format!("missing `error` attribute: {REMEDY}")));
    };
    let (mut name, mut code, mut message) = (None::<LitStr>, None::<LitStr>, None::<LitStr>);
    let mut status = None::<LitInt>;
    attribute.parse_nested_meta(|meta| {
        if meta.path.is_ident("status") {
            let value: LitInt = meta.value()?.parse()?;
            if !value.base10_parse::<u16>().is_ok_and(|status| (400..600).contains(&status)) {
                return Err(Error::new_spanned(value, "not an HTTP status of a failure: use one from 400 to 599"));
            }
            return once(&mut status, &meta, value);
        }
        let slot = if meta.path.is_ident("name") {
            &mut name
        } else if meta.path.is_ident("code") {
            &mut code
        } else if meta.path.is_ident("message") {
            &mut message
        } else {
            return Err(meta.error("an error takes `name`, `code`, `message` and `status`: leave this out"));
        };
        let value = meta.value()?.parse()?;
        once(slot, &meta, value)
    })?;
    let missing = |what: &str| Error::new_spanned(attribute, format!("missing `{what}`: {REMEDY}"));
    let name = name.ok_or_else(|| missing("name"))?;
    let code = code.ok_or_else(|| missing("code"))?;
    let message = message.ok_or_else(|| missing("message"))?;
    let status = status.ok_or_else(|| missing("status"))?;
    Ok(quote! {
        impl ::accord_runtime::DeclaredError for #ident {
            const SPEC: &'static ::accord_runtime::ErrorSpec = &::accord_runtime::ErrorSpec {
                name: #name,
                code: #code,
                message: #message,
                status: #status,
            };
        }
    })
}
