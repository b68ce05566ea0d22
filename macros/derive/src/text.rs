//! `#[derive(Text)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

use crate::attribute::{no_generics, outer_name};

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    no_generics(&input.generics, "Text")?;
    let ident = &input.ident;
    let string = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                outer_name(&fields.unnamed[0].ty).is_some_and(|name| name == "String")
            }
            _ => false,
        },
        _ => false,
    };
    if !string {
        let remedy = format!("`Text` is for a struct around a string: write `pub struct {ident}(pub String);`");
        return Err(Error::new_spanned(ident, remedy));
    }
    Ok(quote! {
        impl #ident {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::core::convert::AsRef<str> for #ident {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl ::core::convert::From<::std::string::String> for #ident {
            fn from(text: ::std::string::String) -> Self {
                #ident(text)
            }
        }

        impl ::core::convert::From<&str> for #ident {
            fn from(text: &str) -> Self {
                #ident(text.to_owned())
            }
        }
    })
}
