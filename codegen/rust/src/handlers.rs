//! The traits that business logic implements, and the function that makes a service of them.

use accord_language::model::{Auth, ClientEvent, Domain, ErrorId, LimitId, Model, Operation, SuccessBody};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    docs::Docs,
    layout::Layout,
    names::{self, Bound, Names},
    older::Served,
    rooms,
    types::rust_type,
};

/// One trait for sockets that come and go, one for each domain that has events to handle, and one for the REST operations.
pub fn emit(model: &Model, names: &Names, layout: &mut Layout) {
    let Bound { method, spec, reply, error, .. } = &names.connect;
    let mut docs = Docs::of(&model.connect.doc, "Follows up a successful handshake.");
    errors(model, &model.connect.errors, &mut docs);
    let docs = docs.attributes();
    let connection = &names.connection;
    let summary = match model.disconnect {
        Some(_) => quote!(/// The business logic that follows the beginning and the end of a socket.
        ),
        None => quote!(/// The handshake.
        ),
    };
    let disconnect = model.disconnect.as_ref().map(|disconnect| {
        let docs = Docs::of(&disconnect.doc, "Follows up the end of a socket.").attributes();
        let Bound { method, spec, reply, error, .. } = &names.disconnect;
        quote! {
            #docs
            #[disconnect(specs::#spec)]
            async fn #method(&self, call: Call) -> Result<#reply, #error>;
        }
    });
    layout.item(quote! {
        #summary
        #[accord_runtime::handlers]
        pub trait #connection {
            #docs
            #[connect(specs::#spec)]
            async fn #method(&self, call: Call) -> Result<#reply, #error>;
            #disconnect
        }
    });
    for ((domain, ident), bounds) in model.domains.iter().zip(&names.traits).zip(&names.events) {
        if has_handlers(domain) {
            let docs = Docs::of(&domain.doc, &format!("The events of `{}`.", domain.name)).attributes();
            let methods = domain.client.iter().zip(bounds).filter(|(event, _)| event.has_handler());
            let methods = methods.map(|(event, bound)| of_event(model, names, event, bound));
            layout.item(quote! {
                #docs
                #[accord_runtime::handlers]
                pub trait #ident { #(#methods)* }
            });
        }
    }
    if !model.http.operations.is_empty() {
        let ident = &names.http;
        let operations = model.http.operations.iter().zip(&names.operations);
        let methods = operations.map(|(operation, bound)| of_operation(model, names, operation, bound));
        layout.item(quote! {
            /// The REST operations.
            #[accord_runtime::handlers]
            pub trait #ident { #(#methods)* }
        });
    }
}

/// The trait that stands for all others, and the service.
pub fn emit_service(model: &Model, names: &Names, served: &Served, layout: &mut Layout) {
    let connection = &names.connection;
    let domains: Vec<&Ident> = model
        .domains
        .iter()
        .zip(&names.traits)
        .filter(|(domain, _)| has_handlers(domain))
        .map(|(_, ident)| ident)
        .collect();
    let http = (!model.http.operations.is_empty()).then_some(&names.http);
    let all = std::iter::once(connection).chain(domains.iter().copied()).chain(http).map(|ident| quote!(#ident));
    let all: Vec<TokenStream> = all.chain(served.traits.iter().cloned()).collect();
    layout.item(quote! {
        /// All handlers of this protocol.
        pub trait Handlers: #(#all)+* {}
    });
    layout.item(quote! {
        impl<H: #(#all)+*> Handlers for H {}
    });

    let lifecycle = names::bind(connection);
    let events = domains.iter().map(|ident| {
        let bind = names::bind(ident);
        quote!(#bind(&handlers))
    });
    let rooms = rooms::any(model).then(|| quote!(gateway()));
    let operations = http.map(|ident| {
        let bind = names::bind(ident);
        quote!(#bind(&handlers))
    });
    let endpoints = rooms.into_iter().chain(events).chain(operations);
    let older = served.modules.iter().map(|module| quote!(#module::older(&handlers)));
    let older = if served.modules.is_empty() { quote!(Vec::new()) } else { quote!(Vec::from([#(#older),*])) };
    layout.item(quote! {
        /// The protocol with its business logic.
        pub fn service<H: Handlers>(handlers: H) -> accord_runtime::Service {
            let handlers = std::sync::Arc::new(handlers);
            accord_runtime::Service {
                protocol: &PROTOCOL,
                lifecycle: #lifecycle(&handlers),
                endpoints: [#(#endpoints),*].into_iter().flatten().collect(),
                older: #older,
            }
        }
    });
}

fn has_handlers(domain: &Domain) -> bool {
    domain.client.iter().any(ClientEvent::has_handler)
}

fn of_event(model: &Model, names: &Names, event: &ClientEvent, bound: &Bound) -> TokenStream {
    let mut docs = Docs::of(&event.doc, &format!("`{}`.", event.name));
    limit(model, event.limit, &mut docs);
    errors(model, &model.handler_errors(event), &mut docs);
    let docs = docs.attributes();
    let Bound { method, spec, error, .. } = bound;
    let reply = reply(bound, event.durable);
    let (call, payload) = arguments(names, event, bound);
    let payload = payload.map(|payload| quote!(payload: #payload));
    quote! {
        #docs
        #[event(specs::#spec)]
        async fn #method(&self, call: #call, #payload) -> Result<#reply, #error>;
    }
}

/// The type of what a handler returns on success.
fn reply(bound: &Bound, durable: bool) -> TokenStream {
    let reply = &bound.reply;
    if durable { quote!(accord_runtime::Logged<#reply>) } else { quote!(#reply) }
}

/// The types of the call and of the payload, if there is one.
fn arguments(names: &Names, event: &ClientEvent, bound: &Bound) -> (TokenStream, Option<TokenStream>) {
    let also = &bound.also;
    let scope = event.scope.map(|id| names.scope(id));
    let call = match (scope, event.also.is_empty()) {
        (None, true) => quote!(Call),
        (Some(scope), true) => quote!(Call<scopes::#scope>),
        (None, false) => quote!(Call<accord_runtime::Unscoped, #also>),
        (Some(scope), false) => quote!(Call<scopes::#scope, #also>),
    };
    let payload = event.payload.map(|id| {
        let payload = names.ty(id);
        quote!(#payload)
    });
    (call, payload)
}

/// A method that business logic implements, by its parts in Rust.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Handler {
    /// The trait that declares it: `Messages`.
    pub of: String,
    /// Its name: `send_message`.
    pub method: String,
    /// The type of its call: `Call<scopes::Channel>`.
    pub call: String,
    /// The type of its payload, if the event carries any: `SendMessage`.
    pub payload: Option<String>,
    /// The type that it returns on success: `SendMessageReply`.
    pub reply: String,
    /// The type that it returns on failure: `SendMessageError`.
    pub error: String,
}

impl Handler {
    /// The handler of a client event; none for an event that the gateway itself carries out.
    pub fn of(model: &Model, event: &str) -> Option<Self> {
        let names = Names::of(model);
        let domains = model.domains.iter().zip(&names.traits).zip(&names.events);
        let mut all = domains.flat_map(|((domain, of), bounds)| {
            domain.client.iter().zip(bounds).map(move |(event, bound)| (of, event, bound))
        });
        let (of, event, bound) = all.find(|(_, client, _)| client.name == event && client.has_handler())?;
        let (call, payload) = arguments(&names, event, bound);
        // Types contain no words that only a space separates.
        let text = |ty: TokenStream| ty.to_string().replace(' ', "").replace(',', ", ");
        Some(Handler {
            of: of.to_string(),
            method: bound.method.to_string(),
            call: text(call),
            payload: payload.map(text),
            reply: text(reply(bound, event.durable)),
            error: bound.error.to_string(),
        })
    }
}

/// The traits of a protocol's business logic: that of the handshake, then those of domains and of REST.
pub fn traits(model: &Model) -> Vec<String> {
    let names = Names::of(model);
    let domains = model.domains.iter().zip(&names.traits).filter(|(domain, _)| has_handlers(domain));
    let http = (!model.http.operations.is_empty()).then_some(&names.http);
    let all = std::iter::once(&names.connection).chain(domains.map(|(_, ident)| ident)).chain(http);
    all.map(ToString::to_string).collect()
}

fn of_operation(model: &Model, names: &Names, operation: &Operation, bound: &Bound) -> TokenStream {
    let mut docs = Docs::of(&operation.doc, &format!("`{}`.", operation.name));
    let verb = operation.method.name();
    docs.add(&format!("`{verb} {}`", operation.path));
    limit(model, operation.limit, &mut docs);
    errors(model, &operation.errors, &mut docs);
    let docs = docs.attributes();
    let Bound { method, spec, error, .. } = bound;
    let mut arguments = vec![quote!(&self)];
    if operation.auth != Auth::Public {
        arguments.push(match operation.scope.map(|id| names.scope(id)) {
            Some(scope) => quote!(call: Call<scopes::#scope>),
            None => quote!(call: Call),
        });
    }
    arguments.extend(operation.input.map(|id| {
        let input = names.ty(id);
        quote!(input: #input)
    }));
    if operation.upload.is_some() {
        arguments.push(quote!(upload: accord_runtime::Upload));
    }
    let (answer, output) = match &operation.success.body {
        _ if !operation.emits.is_empty() => (Some(quote!(, emitting)), reply(bound, operation.durable)),
        SuccessBody::Json { ty, .. } => match operation.success.beside {
            None => (None, rust_type(names, ty)),
            Some(id) => {
                let (answer, beside) = (rust_type(names, ty), names.ty(id));
                (Some(quote!(, beside)), quote!(accord_runtime::Beside<#answer, #beside>))
            }
        },
        SuccessBody::Raw(_) => (Some(quote!(, raw)), quote!(accord_runtime::Download)),
        SuccessBody::Empty => (Some(quote!(, empty)), quote!(())),
    };
    quote! {
        #docs
        #[operation(specs::#spec #answer)]
        async fn #method(#(#arguments),*) -> Result<#output, #error>;
    }
}

fn limit(model: &Model, limit: Option<LimitId>, docs: &mut Docs) {
    if let Some(id) = limit {
        docs.add(&format!("Limited by `{}`.", model.limits[id.0].name));
    }
}

fn errors(model: &Model, errors: &[ErrorId], docs: &mut Docs) {
    if !errors.is_empty() {
        let list = errors.iter().map(|id| {
            let error = &model.errors[id.0];
            format!("- `{}`: {}", error.code, error.message)
        });
        docs.add(&format!("# Errors\n{}", list.collect::<Vec<_>>().join("\n")));
    }
}
