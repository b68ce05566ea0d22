//! The replies of events, and the memberships that an event needs besides that of its scope.

use accord_language::model::{Ack, AlsoScope, ClientEvent, Emit, Model, ScopeId, Target, Type, own_scopes};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{
    docs::Docs,
    layout::Layout,
    names::{self, Bound, Names},
    types::rust_type,
};

/// The replies of all events.
pub fn emit(model: &Model, names: &Names, layout: &mut Layout) {
    let connect = &model.connect;
    let reply = Reply::unasked(model, names, &connect.emits);
    layout.item(reply.definition("The events that follow a successful handshake.", &names.connect));
    if let Some(disconnect) = &model.disconnect {
        let reply = Reply::unasked(model, names, &disconnect.emits);
        layout.item(reply.definition("The events that follow the end of a socket.", &names.disconnect));
    }
    for (domain, bounds) in model.domains.iter().zip(&names.events) {
        for (event, bound) in domain.client.iter().zip(bounds) {
            let reply = Reply::of(model, names, event);
            layout
                .item(reply.definition(&format!("The answer to `{}`, and the events that follow.", event.name), bound));
            if !event.also.is_empty() {
                layout.item(also(names, event, bound));
            }
        }
    }
}

/// The parts of one reply.
pub struct Reply<'a> {
    model: &'a Model,
    names: &'a Names,
    scope: Option<ScopeId>,
    also: &'a [AlsoScope],
    emits: &'a [Emit],
    ack: &'a Ack,
}

/// One field of a reply.
pub struct ReplyField<'a> {
    pub ident: Ident,
    pub value: ReplyValue<'a>,
}

/// The content of a reply's field.
pub enum ReplyValue<'a> {
    Ack(&'a Type),
    Emit { index: usize, emit: &'a Emit },
}

impl<'a> Reply<'a> {
    pub fn of(model: &'a Model, names: &'a Names, event: &'a ClientEvent) -> Self {
        Reply { model, names, scope: event.scope, also: &event.also, emits: &event.emits, ack: &event.ack }
    }

    /// The events that follow a connection or a disconnection.
    fn unasked(model: &'a Model, names: &'a Names, emits: &'a [Emit]) -> Self {
        Reply { model, names, scope: None, also: &[], emits, ack: &Ack::None }
    }

    /// The acknowledgement first where it is a value of its own, then what is emitted.
    pub fn fields(&self) -> Vec<ReplyField<'a>> {
        let ack = match self.ack {
            Ack::Type(ty) => {
                let taken = self.emits.iter().any(|emit| emit.event == "ack");
                let ident = names::field(if taken { "acknowledgement" } else { "ack" });
                Some(ReplyField { ident, value: ReplyValue::Ack(ty) })
            }
            Ack::None | Ack::Emitted(_) => None,
        };
        let emits = self.emits.iter().enumerate();
        let emits = emits.map(|(index, emit)| ReplyField {
            ident: names::field(&emit.event),
            value: ReplyValue::Emit { index, emit },
        });
        ack.into_iter().chain(emits).collect()
    }

    fn definition(&self, summary: &str, bound: &Bound) -> TokenStream {
        let docs = Docs::sentence(summary).attributes();
        let ident = &bound.reply;
        let fields = self.fields();
        let derive = quote!(#[derive(Clone, Debug, accord_runtime::Reply)]);
        if fields.is_empty() {
            return quote!(#docs #derive pub struct #ident;);
        }
        let fields = fields.iter().map(|field| self.field(field));
        quote!(#docs #derive pub struct #ident { #(#fields)* })
    }

    fn field(&self, field: &ReplyField<'_>) -> TokenStream {
        let ident = &field.ident;
        match field.value {
            ReplyValue::Ack(ty) => {
                let ty = rust_type(self.names, ty);
                quote! {
                    /// Acknowledged.
                    #[reply(ack)]
                    pub #ident: #ty,
                }
            }
            ReplyValue::Emit { index, emit } => {
                let Emit { event, to, optional, .. } = emit;
                let acknowledged = *self.ack == Ack::Emitted(index);
                let docs = format!(
                    "{} `{event}` to {}{}.",
                    if acknowledged { "Acknowledged, and emitted as" } else { "Emitted as" },
                    self.audience(to),
                    if *optional { "; `None` if it does not apply" } else { "" },
                );
                let docs = Docs::sentence(&docs).attributes();
                let ack = acknowledged.then(|| quote!(ack,));
                let to = self.target(to);
                let payload = emit.payload.map_or_else(
                    || quote!(()),
                    |id| {
                        let ident = self.names.ty(id);
                        quote!(#ident)
                    },
                );
                let ty = if *optional { quote!(Option<#payload>) } else { payload };
                quote!(#docs #[reply(#ack emit = #event, to = #to)] pub #ident: #ty,)
            }
        }
    }

    /// The receivers of an emitted event, in words.
    fn audience(&self, target: &Target) -> String {
        let scope = |id: ScopeId| &self.model.scopes[id.0].name;
        let room = self.scope.map_or_else(|| "the room".to_owned(), |id| format!("the {}'s room", scope(id)));
        match target {
            Target::Caller => "the caller".to_owned(),
            Target::Scope => room,
            Target::Others => format!("the others in {room}"),
            Target::User => "every socket of the caller's user".to_owned(),
            Target::Also(index) => match self.also.get(*index) {
                Some(also) => format!("the room of the {} `{}`", scope(also.scope), also.key),
                None => "another room".to_owned(),
            },
            Target::Own(id) => format!("the {}'s room that is the user's own", scope(*id)),
        }
    }

    fn target(&self, target: &Target) -> TokenStream {
        let room = |index: usize| {
            let index = Literal::usize_unsuffixed(index);
            quote!(room(#index))
        };
        match target {
            Target::Caller => quote!(caller),
            Target::Scope => quote!(scope),
            Target::Others => quote!(others),
            Target::User => quote!(user),
            Target::Also(index) => room(index + usize::from(self.scope.is_some())),
            Target::Own(id) => room(own_scopes(self.emits).iter().position(|own| own == id).unwrap_or_default()),
        }
    }
}

fn also(names: &Names, event: &ClientEvent, bound: &Bound) -> TokenStream {
    let summary = match event.scope {
        Some(_) => format!("The memberships that `{}` asks for in addition to its scope's.", event.name),
        None => format!("The memberships that `{}` asks for.", event.name),
    };
    let docs = Docs::sentence(&summary).attributes();
    let ident = &bound.also;
    let fields = event.also.iter().map(|also| {
        let ident = names::field(&also.key);
        let docs = Docs::sentence(&format!("That of the room that `{}` names.", also.key)).attributes();
        let scope = names.scope(also.scope);
        quote!(#docs pub #ident: accord_runtime::Member<scopes::#scope>,)
    });
    quote! {
        #docs
        #[derive(Clone, Debug, accord_runtime::Also)]
        pub struct #ident { #(#fields)* }
    }
}
