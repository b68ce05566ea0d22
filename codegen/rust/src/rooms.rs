//! Events that the gateway carries out itself: joining and leaving rooms, and taking new tokens.

use accord_language::model::{Ack, ClientEvent, Kind, Model, Object, POSITION, RoomAction, Shape, Type, TypeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    docs::Docs,
    layout::Layout,
    names::{self, Bound, Names},
    replies::{Reply, ReplyValue},
    types::rust_type,
};

/// The function that makes their entries; nothing where there are none.
pub fn emit(model: &Model, names: &Names, layout: &mut Layout) {
    positions(model, names, layout);
    let entries: Vec<TokenStream> = model
        .domains
        .iter()
        .zip(&names.events)
        .flat_map(|(domain, bounds)| domain.client.iter().zip(bounds))
        .filter_map(|(event, bound)| {
            event
                .room
                .map(|action| of_room(model, names, event, bound, action))
                .or_else(|| renewal(names, event, bound))
        })
        .collect();
    if entries.is_empty() {
        return;
    }
    let docs = Docs::sentence("The events that the gateway carries out itself.").attributes();
    layout.item(quote! {
        #docs
        fn gateway() -> Vec<accord_runtime::Endpoint> {
            Vec::from([#(#entries),*])
        }
    });
}

/// Returns whether the gateway carries out any event itself.
pub fn any(model: &Model) -> bool {
    model.client_events().any(|event| !event.has_handler())
}

/// The entry of an event that joins or leaves a room.
fn of_room(model: &Model, names: &Names, event: &ClientEvent, bound: &Bound, action: RoomAction) -> TokenStream {
    let action = match action {
        RoomAction::Join => quote!(Join),
        RoomAction::Leave => quote!(Leave),
    };
    let (spec, reply) = (&bound.spec, &bound.reply);
    let (payload, answer) = answer(model, names, event, reply);
    if model.joined_log(event).is_some() {
        return quote!(accord_runtime::Endpoint::joining(&specs::#spec, |#payload, position| #answer));
    }
    quote! {
        accord_runtime::Endpoint::room(&specs::#spec, accord_runtime::RoomAction::#action, |#payload| #answer)
    }
}

/// The entry of an event that renews the connection. The gateway makes its answer.
fn renewal(names: &Names, event: &ClientEvent, bound: &Bound) -> Option<TokenStream> {
    let (Some(token), Some(payload), Ack::Type(ack)) = (&event.renews, event.payload, &event.ack) else { return None };
    let (spec, reply, payload, ack) = (&bound.spec, &bound.reply, names.ty(payload), rust_type(names, ack));
    Some(quote! {
        accord_runtime::Endpoint::renewal::<#payload, #ack, _>(&specs::#spec, #token, |ack| #reply { ack })
    })
}

/// The conversions of positions in logs to the types that the schema declares for them.
fn positions(model: &Model, names: &Names, layout: &mut Layout) {
    let mut types: Vec<TypeId> =
        model.scopes.iter().filter_map(|scope| scope.log.as_ref()).map(|log| log.position).collect();
    types.sort_unstable();
    types.dedup();
    for ty in types {
        let ty = names.ty(ty);
        layout.item(quote! {
            impl From<accord_runtime::Position> for #ty {
                fn from(position: accord_runtime::Position) -> Self {
                    let accord_runtime::Position { epoch, seq } = position;
                    #ty { epoch: epoch.as_ref().into(), seq: seq.try_into().unwrap_or(i64::MAX) }
                }
            }
        });
    }
}

/// The argument of a closure, and its result: the reply, with the payload's fields of the same names.
fn answer(model: &Model, names: &Names, event: &ClientEvent, reply: &Ident) -> (TokenStream, TokenStream) {
    let Some(payload) = event.payload else {
        return (quote!(_: accord_runtime::NoPayload), quote!(#reply));
    };
    let ty = names.ty(payload);
    let fields = Reply::of(model, names, event).fields();
    if fields.is_empty() {
        return (quote!(_: #ty), quote!(#reply));
    }
    let shared = fields.len() > 1;
    let values = fields.iter().map(|field| {
        let value = match field.value {
            ReplyValue::Answer(Type { kind: Kind::Ref(id), .. }) => copy(model, names, payload, Some(*id), shared),
            ReplyValue::Answer(_) => copy(model, names, payload, None, shared),
            ReplyValue::Emit { emit, .. } => copy(model, names, payload, emit.payload, shared),
        };
        let value = match field.value {
            ReplyValue::Emit { emit, .. } if emit.many => quote!(Vec::from([#value])),
            ReplyValue::Emit { emit, .. } if emit.optional => quote!(Some(#value)),
            _ => value,
        };
        let ident = &field.ident;
        quote!(#ident: #value)
    });
    (quote!(payload: #ty), quote!(#reply { #(#values),* }))
}

/// A value of the type `to`, out of a payload.
fn copy(model: &Model, names: &Names, from: TypeId, to: Option<TypeId>, shared: bool) -> TokenStream {
    let Some(to) = to else { return quote!(()) };
    let clone = shared.then(|| quote!(.clone()));
    let (Some(given), Some(wanted)) = (object(model, from), object(model, to)) else {
        return quote!(payload #clone);
    };
    if from == to {
        return quote!(payload #clone);
    }
    let values = wanted.fields.iter().map(|field| {
        let ident = names::field(&field.name);
        let value = match given.fields.iter().find(|given| given.name == field.name) {
            None if field.name == POSITION => quote!(position.into()),
            None => quote!(None),
            Some(given) => {
                let optional = |field: &accord_language::model::Field| !field.required || field.ty.nullable;
                if optional(field) && !optional(given) {
                    quote!(Some(payload.#ident #clone))
                } else {
                    quote!(payload.#ident #clone)
                }
            }
        };
        quote!(#ident: #value)
    });
    let ty = names.ty(to);
    quote!(#ty { #(#values),* })
}

fn object(model: &Model, id: TypeId) -> Option<&Object> {
    match &model.types[id.0].shape {
        Shape::Object(object) => Some(object),
        _ => None,
    }
}
