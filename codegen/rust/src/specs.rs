//! The declarations of each event and operation that the gateway needs.

use accord_language::model::{
    Auth, ClientEvent, Emit, Kind, Method, Model, NamedRoom, Operation, Part, ScopeId, Shape, SuccessBody, TypeId,
    Upload, own_scopes as own_scope_ids,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{
    docs::Docs,
    layout::Layout,
    names::{Bound, Names},
    protocol::{limit_index, optional},
};

/// The module of specifications.
pub fn emit(model: &Model, names: &Names, layout: &mut Layout) {
    let mut specs = Layout::default();
    let hook = |spec: &Ident, name: &str, doc: &str, emits: &[Emit], failure: &str| {
        let scopes = own_scopes(model, names, emits);
        quote! {
            #[doc = #doc]
            pub static #spec: EventSpec = EventSpec {
                name: #name,
                limit: None,
                scopes: &[#(#scopes),*],
                named: &[],
                log: None,
                idempotent: None,
                failure: #failure,
            };
        }
    };
    let connect = &model.connect;
    let doc = " The handshake, and what follows it.";
    specs.item(hook(&names.connect.spec, "connect", doc, &connect.emits, &connect.failure));
    if let Some(disconnect) = &model.disconnect {
        let doc = " The end of a socket, and what follows it.";
        specs.item(hook(&names.disconnect.spec, "disconnect", doc, &disconnect.emits, &disconnect.failure));
    }
    for (domain, bounds) in model.domains.iter().zip(&names.events) {
        for (event, bound) in domain.client.iter().zip(bounds) {
            specs.item(of_event(model, names, event, bound));
        }
    }
    for (operation, bound) in model.http.operations.iter().zip(&names.operations) {
        specs.item(of_operation(model, names, operation, bound));
    }
    let operations = (!model.http.operations.is_empty()).then(|| {
        quote!(
            use accord_runtime::{OperationSpec, operation::Method};
        )
    });
    let uses = quote! {
        use accord_runtime::EventSpec;
        #operations
    };
    layout.module("The schema's declaration of each event and operation.", "specs", uses, specs);
}

/// The module of the specifications of operations alone.
pub fn emit_operations(model: &Model, names: &Names, layout: &mut Layout) {
    let mut specs = Layout::default();
    for (operation, bound) in model.http.operations.iter().zip(&names.operations) {
        specs.item(of_operation(model, names, operation, bound));
    }
    let uses = quote!(
        use accord_runtime::{OperationSpec, operation::Method};
    );
    layout.module("The schema's declaration of each operation.", "specs", uses, specs);
}

fn of_event(model: &Model, names: &Names, event: &ClientEvent, bound: &Bound) -> TokenStream {
    let docs = Docs::of(&event.doc, &format!("`{}`.", event.name)).attributes();
    let (spec, name, failure) = (&bound.spec, &event.name, &event.failure);
    let limit = limit_index(event.limit);
    let scope = event.scope.map(|id| scope_use(names, id, &model.scopes[id.0].key));
    let also = event.also.iter().map(|also| scope_use(names, also.scope, &also.key));
    let scopes = scope.into_iter().chain(also);
    let named = named_rooms(model, event);
    let log = optional(model.log_room(event).map(Literal::usize_unsuffixed));
    let idempotent = optional(event.idempotent.as_ref());
    quote! {
        #docs
        pub static #spec: EventSpec = EventSpec {
            name: #name,
            limit: #limit,
            scopes: &[#(#scopes),*],
            named: &[#(#named),*],
            log: #log,
            idempotent: #idempotent,
            failure: #failure,
        };
    }
}

/// The rooms that an event's failures name.
pub fn named_rooms(model: &Model, event: &ClientEvent) -> Vec<TokenStream> {
    let named = model.named_rooms(event).into_iter();
    let room = |NamedRoom { field, named_as }: NamedRoom<'_>| quote!(accord_runtime::NamedRoom { field: #field, named_as: #named_as });
    named.map(room).collect()
}

/// The scopes of the user's own rooms that are held as a socket comes or goes.
fn own_scopes<'a>(model: &'a Model, names: &'a Names, emits: &[Emit]) -> impl Iterator<Item = TokenStream> + use<'a> {
    own_scope_ids(emits).into_iter().map(|id| scope_use(names, id, &model.scopes[id.0].key))
}

fn scope_use(names: &Names, scope: ScopeId, key: &str) -> TokenStream {
    let scope = names.scope(scope);
    quote! {
        accord_runtime::ScopeUse { scope: <super::scopes::#scope as accord_runtime::Scope>::SPEC, key: #key }
    }
}

fn of_operation(model: &Model, names: &Names, operation: &Operation, bound: &Bound) -> TokenStream {
    let docs = Docs::of(&operation.doc, &format!("`{}`.", operation.name)).attributes();
    let (spec, name, path, failure) = (&bound.spec, &operation.name, &operation.path, &operation.failure);
    let method = match operation.method {
        Method::Get => quote!(GET),
        Method::Post => quote!(POST),
        Method::Put => quote!(PUT),
        Method::Patch => quote!(PATCH),
        Method::Delete => quote!(DELETE),
    };
    let auth = match operation.auth {
        Auth::Public => quote!(Public),
        Auth::User => quote!(User),
        Auth::Admin => quote!(Admin),
    };
    let limit = limit_index(operation.limit);
    let scopes = operation.scope.map(|id| scope_use(names, id, &model.scopes[id.0].key));
    let rooms = operation.rooms.iter().map(|room| scope_use(names, room.scope, &room.key));
    let durable = operation.durable;
    let parameters = operation.parts.iter().filter_map(|(field, place)| {
        let in_path = match place {
            Part::Path => true,
            Part::Query => false,
            Part::Body => return None,
        };
        let kind = parameter_kind(model, operation.input, field);
        Some(quote! {
            accord_runtime::Parameter {
                name: #field,
                in_path: #in_path,
                kind: accord_runtime::ParameterKind::#kind,
            }
        })
    });
    let body = match &operation.upload {
        Some(Upload { field, .. }) => quote!(Multipart { field: #field }),
        None if operation.parts.iter().any(|(_, place)| *place == Part::Body) => quote!(Json),
        None => quote!(None),
    };
    let envelope = match &operation.success.body {
        SuccessBody::Json { envelope: Some(envelope), .. } => quote!(Some(#envelope)),
        _ => quote!(None),
    };
    let status = Literal::u16_unsuffixed(operation.success.status);
    quote! {
        #docs
        pub static #spec: OperationSpec = OperationSpec {
            name: #name,
            method: Method::#method,
            path: #path,
            auth: accord_runtime::Auth::#auth,
            limit: #limit,
            scopes: &[#scopes],
            rooms: &[#(#rooms),*],
            durable: #durable,
            parameters: &[#(#parameters),*],
            body: accord_runtime::Body::#body,
            envelope: #envelope,
            status: #status,
            failure: #failure,
        };
    }
}

/// The kind that the text of a parameter is parsed as: that of its type, behind all names.
fn parameter_kind(model: &Model, input: Option<TypeId>, name: &str) -> TokenStream {
    let object = input.and_then(|id| match &model.types[id.0].shape {
        Shape::Object(object) => Some(object),
        _ => None,
    });
    let mut kind =
        object.and_then(|object| object.fields.iter().find(|field| field.name == name)).map(|field| &field.ty.kind);
    while let Some(Kind::Ref(id)) = kind {
        kind = match &model.types[id.0].shape {
            Shape::Alias(kind) => Some(kind),
            _ => None,
        };
    }
    match kind {
        Some(Kind::Integer(_) | Kind::Number(_)) => quote!(Number),
        Some(Kind::Boolean) => quote!(Boolean),
        _ => quote!(Text),
    }
}
