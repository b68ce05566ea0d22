//! The replies of events and operations, and the memberships that an event requires in addition to that of its scope.

use accord_language::model::{
    Ack, AlsoScope, ClientEvent, Emit, Model, Operation, ScopeId, SuccessBody, Target, Type, own_scopes,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{
    docs::Docs,
    layout::Layout,
    names::{self, Bound, Names},
    types::rust_type,
};

/// The replies of all events, and of operations that lead to events.
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
    for (operation, bound) in model.http.operations.iter().zip(&names.operations) {
        if !operation.emits.is_empty() {
            let reply = Reply::of_operation(model, names, operation);
            let summary = format!("The answer to `{}`, and the events that follow.", operation.name);
            layout.item(reply.definition(&summary, bound));
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
    answer: Answer<'a>,
}

/// The answer of an event or operation.
enum Answer<'a> {
    /// Nothing.
    None,
    /// The same as the event at this index.
    Emitted(usize),
    /// A value of an event's acknowledgement.
    Ack(&'a Type),
    /// A value of an operation's answer.
    Response(&'a Type),
}

/// One field of a reply.
pub struct ReplyField<'a> {
    pub ident: Ident,
    pub value: ReplyValue<'a>,
}

/// The content of a reply's field.
pub enum ReplyValue<'a> {
    Answer(&'a Type),
    Emit { index: usize, emit: &'a Emit },
}

impl<'a> Reply<'a> {
    pub fn of(model: &'a Model, names: &'a Names, event: &'a ClientEvent) -> Self {
        let answer = match &event.ack {
            Ack::None => Answer::None,
            Ack::Emitted(index) => Answer::Emitted(*index),
            Ack::Type(ty) => Answer::Ack(ty),
        };
        Reply { model, names, scope: event.scope, also: &event.also, emits: &event.emits, answer }
    }

    fn of_operation(model: &'a Model, names: &'a Names, operation: &'a Operation) -> Self {
        let Operation { scope, rooms, emits, .. } = operation;
        let answer = match &operation.success.body {
            SuccessBody::Json { ty, .. } => Answer::Response(ty),
            SuccessBody::Raw(_) | SuccessBody::Empty => Answer::None,
        };
        Reply { model, names, scope: *scope, also: rooms, emits, answer }
    }

    /// The events that follow a connection or a disconnection.
    fn unasked(model: &'a Model, names: &'a Names, emits: &'a [Emit]) -> Self {
        Reply { model, names, scope: None, also: &[], emits, answer: Answer::None }
    }

    /// The answer first if it is a separate value, then the emitted events.
    pub fn fields(&self) -> Vec<ReplyField<'a>> {
        let own = match self.answer {
            Answer::Ack(ty) => Some((["ack", "acknowledgement"], ty)),
            Answer::Response(ty) => Some((["answer", "response"], ty)),
            Answer::None | Answer::Emitted(_) => None,
        };
        let own = own.map(|([name, otherwise], ty)| {
            let taken = self.emits.iter().any(|emit| emit.event == name);
            ReplyField { ident: names::field(if taken { otherwise } else { name }), value: ReplyValue::Answer(ty) }
        });
        let emits = self.emits.iter().enumerate();
        let emits = emits.map(|(index, emit)| ReplyField {
            ident: names::field(&emit.event),
            value: ReplyValue::Emit { index, emit },
        });
        own.into_iter().chain(emits).collect()
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
            ReplyValue::Answer(ty) => {
                let ty = rust_type(self.names, ty);
                let (docs, role) = match self.answer {
                    Answer::Response(_) => ("Answered.", quote!(answer)),
                    _ => ("Acknowledged.", quote!(ack)),
                };
                let docs = Docs::sentence(docs).attributes();
                quote!(#docs #[reply(#role)] pub #ident: #ty,)
            }
            ReplyValue::Emit { index, emit } => {
                let Emit { event, to, optional, many, .. } = emit;
                let acknowledged = matches!(self.answer, Answer::Emitted(same) if same == index);
                let docs = format!(
                    "{} `{event}` to {}{}.",
                    if acknowledged { "Acknowledged, and emitted as" } else { "Emitted as" },
                    to.iter().map(|target| self.audience(target)).collect::<Vec<_>>().join(" and "),
                    match (many, optional) {
                        (true, _) => ", once for each value",
                        (false, true) => "; `None` if it does not apply",
                        (false, false) => "",
                    },
                );
                let docs = Docs::sentence(&docs).attributes();
                let ack = acknowledged.then(|| quote!(ack,));
                let durable = self.model.is_durable(emit).then(|| quote!(, durable));
                let to = match &to[..] {
                    [target] => self.target(target),
                    targets => {
                        let targets = targets.iter().map(|target| self.target(target));
                        quote!([#(#targets),*])
                    }
                };
                let payload = emit.payload.map_or_else(
                    || quote!(()),
                    |id| {
                        let ident = self.names.ty(id);
                        quote!(#ident)
                    },
                );
                let ty = match (many, optional) {
                    (true, _) => quote!(Vec<#payload>),
                    (false, true) => quote!(Option<#payload>),
                    (false, false) => payload,
                };
                quote!(#docs #[reply(#ack emit = #event, to = #to #durable)] pub #ident: #ty,)
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
            Target::UserOf(key) => format!("every socket of the user whom `{key}` names"),
            Target::Room(index) => match self.also.get(*index) {
                Some(room) => format!("the room of the {} `{}`", scope(room.scope), room.key),
                None => "another room".to_owned(),
            },
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
            Target::Also(index) | Target::Room(index) => room(index + usize::from(self.scope.is_some())),
            Target::UserOf(key) => quote!(user_of(#key)),
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
