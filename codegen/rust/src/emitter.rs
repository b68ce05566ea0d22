//! The functions by which business logic emits events outside of a call.

use accord_language::model::{Anytime, Model, ScopeId, ServerEvent};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    docs::Docs,
    layout::Layout,
    names::{self, Names},
};

/// The struct with a function for each event that may be emitted at any time; nothing where there is none.
pub fn emit(model: &Model, names: &Names, layout: &mut Layout) {
    let functions: Vec<TokenStream> = model.server_events().filter_map(|event| function(model, names, event)).collect();
    if functions.is_empty() {
        return;
    }
    layout.item(quote! {
        /// Emits events outside of calls, for example for timers, feeds and webhooks.
        #[derive(Clone)]
        pub struct Emitter(std::sync::Arc<dyn accord_runtime::Emits>);
    });
    layout.item(quote! {
        impl Emitter {
            /// Wraps the gateway's emitter.
            pub fn new(emits: std::sync::Arc<dyn accord_runtime::Emits>) -> Self {
                Emitter(emits)
            }
            #(#functions)*
        }
    });
}

fn function(model: &Model, names: &Names, event: &ServerEvent) -> Option<TokenStream> {
    let mut docs = Docs::of(&event.doc, &format!("Emits `{}`.", event.name));
    let (name, ident) = (&event.name, names::field(&event.name));
    let (to, key, receivers) = match (event.anytime?, event.scope) {
        (Anytime::Scope, Some(ScopeId(scope))) => {
            let (key, ident) = (&model.scopes[scope].key, names.scope(ScopeId(scope)));
            let to = format!("To the room of the {} `{key}`.", model.scopes[scope].name);
            (quote!(to_room::<scopes::#ident>), names::field(key), to)
        }
        _ => (quote!(to_user), format_ident!("user_id"), "To every socket of a user.".to_owned()),
    };
    docs.add(&receivers);
    let fails = match event.durable {
        true => "# Errors\nIf the log cannot be written.",
        false => "# Errors\nIf it cannot be sent.",
    };
    docs.add(fails);
    let docs = docs.attributes();
    let (argument, value) = match event.payload {
        Some(id) => {
            let payload = names.ty(id);
            (quote!(payload: &#payload), quote!(payload))
        }
        None => (quote!(), quote!(&())),
    };
    Some(quote! {
        #docs
        pub async fn #ident(&self, #key: &str, #argument) -> Result<(), accord_runtime::Fault> {
            accord_runtime::emits::#to(&self.0, #key, #name, #value).await
        }
    })
}
