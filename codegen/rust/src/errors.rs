//! The schema's errors, and the errors of each event.

use accord_language::model::{ErrorDef, ErrorId, Model, Retry};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    docs::Docs,
    layout::Layout,
    names::{Bound, Names},
};

/// One unit struct for each entry of the error table.
pub fn emit_declared(model: &Model, names: &Names, layout: &mut Layout) {
    let mut errors = Layout::default();
    for (index, error) in model.errors.iter().enumerate() {
        let ErrorDef { name, code, message, status, .. } = error;
        let mut docs = Docs::sentence(&format!("`{code}`: {message}"));
        docs.add(&error.doc.summary);
        docs.add(error.doc.description.as_deref().unwrap_or_default());
        docs.add(match error.retry {
            Retry::No => "",
            Retry::Yes => "A retry may help, at any time.",
            Retry::After => "A retry helps after `retryAfterMs`.",
            Retry::NewToken => "A retry helps with a new token.",
        });
        docs.history(&error.doc);
        let docs = docs.attributes();
        let ident = names.error(ErrorId(index));
        let status = proc_macro2::Literal::u16_unsuffixed(*status);
        errors.item(quote! {
            #docs
            #[derive(Clone, Copy, Debug, DeclaredError)]
            #[error(name = #name, code = #code, message = #message, status = #status)]
            pub struct #ident;
        });
    }
    layout.module(
        "The errors of the schema.",
        "errors",
        quote!(
            use accord_runtime::DeclaredError;
        ),
        errors,
    );
}

/// One enum for each event and operation that has a handler.
pub fn emit_of_events(model: &Model, names: &Names, layout: &mut Layout) {
    let connect = &model.connect;
    let failures = Failures { errors: &connect.errors, of_upload: false, failure: &connect.failure };
    enumeration(model, names, "the handshake", &names.connect, &failures, layout);
    if let Some(disconnect) = &model.disconnect {
        let failures = Failures { errors: &[], of_upload: false, failure: &disconnect.failure };
        enumeration(model, names, "the end of a socket", &names.disconnect, &failures, layout);
    }
    for (domain, bounds) in model.domains.iter().zip(&names.events) {
        for (event, bound) in domain.client.iter().zip(bounds).filter(|(event, _)| event.has_handler()) {
            let errors = &model.handler_errors(event);
            let failures = Failures { errors, of_upload: false, failure: &event.failure };
            enumeration(model, names, &format!("`{}`", event.name), bound, &failures, layout);
        }
    }
    for (operation, bound) in model.http.operations.iter().zip(&names.operations) {
        let of_upload = operation.upload.is_some();
        let failures = Failures { errors: &operation.errors, of_upload, failure: &operation.failure };
        enumeration(model, names, &format!("`{}`", operation.name), bound, &failures, layout);
    }
}

/// The errors that a handler can return instead of its reply.
struct Failures<'a> {
    errors: &'a [ErrorId],
    /// Whether it takes a file: its errors then describe the mistake in the file.
    of_upload: bool,
    /// The message of a fault.
    failure: &'a str,
}

fn enumeration(
    model: &Model,
    names: &Names,
    subject: &str,
    bound: &Bound,
    failures: &Failures<'_>,
    layout: &mut Layout,
) {
    let &Failures { errors, of_upload, failure } = failures;
    let ident = &bound.error;
    let docs = Docs::sentence(&format!("Why {subject} was not carried out.")).attributes();
    let variants = errors.iter().map(|&id| {
        let error = &model.errors[id.0];
        let docs = Docs::sentence(&format!("`{}`: {}", error.code, error.message)).attributes();
        let variant = names.error(id);
        if id == model.gateway.invalid_payload {
            quote!(#docs #[invalid] #variant(accord_runtime::Violation),)
        } else if of_upload {
            quote!(#docs #[error(errors::#variant)] #variant(accord_runtime::Violation),)
        } else {
            quote!(#docs #[error(errors::#variant)] #variant,)
        }
    });
    let fault = fault(errors.iter().map(|&id| names.error(id)));
    let fault_docs = format!("A fault on the server's side: it is logged, and the client gets {}.", quoted(failure));
    let fault_docs = Docs::sentence(&fault_docs).attributes();
    layout.item(quote! {
        #docs
        #[derive(Debug, accord_runtime::EventError)]
        pub enum #ident {
            #(#variants)*
            #fault_docs
            #[fault]
            #fault(accord_runtime::Fault),
        }
    });
}

/// The name of the variant that no declared error has.
fn fault<'a>(mut declared: impl Iterator<Item = &'a Ident>) -> TokenStream {
    if declared.any(|name| name == "Fault") { quote!(ServerFault) } else { quote!(Fault) }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}
