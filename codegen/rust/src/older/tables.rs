//! The conversions by which the gateway serves clients of an older version: one value, with tables by the names of
//! events.

use accord_language::model::{Ack, ClientEvent, Emit, ErrorId, Model, Operation, ServerEvent, SuccessBody, Type};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    super::{names, protocol::optional, specs::named_rooms, types},
    conversions::{Conversions, Version, mentions},
    decisions::Decision,
    errors::Errors,
};

/// The tables of events and operations while they are made.
pub struct Tables<'t, 'm> {
    before: Version<'m>,
    now: Version<'m>,
    up: &'t mut Conversions<'m>,
    down: &'t mut Conversions<'m>,
    errors: &'t mut Errors<'m>,
    functions: Vec<EntryFunction>,
}

/// The tables as code.
pub struct Code {
    /// The value of `accord_runtime::Older`.
    pub value: TokenStream,
    /// The functions that the value calls.
    pub functions: Vec<EntryFunction>,
    /// `true` if a function names specifications of operations.
    pub uses_specs: bool,
}

/// A function that returns one entry of a table.
pub struct EntryFunction {
    ident: Ident,
    ty: TokenStream,
    body: TokenStream,
}

impl EntryFunction {
    /// The function, whose decisions have the traits in `bounds`.
    pub fn item(&self, bounds: &TokenStream) -> TokenStream {
        let EntryFunction { ident, ty, body } = self;
        match self.takes_decisions() {
            true => quote!(fn #ident<D: #bounds>(decisions: &std::sync::Arc<D>) -> #ty { #body }),
            false => quote!(fn #ident() -> #ty { #body }),
        }
    }

    fn call(&self) -> TokenStream {
        let ident = &self.ident;
        let decisions = self.takes_decisions().then(|| quote!(decisions));
        quote!(#ident(#decisions))
    }

    fn takes_decisions(&self) -> bool {
        mentions(&self.body, "decisions")
    }
}

impl<'t, 'm> Tables<'t, 'm> {
    pub fn new(
        [before, now]: [Version<'m>; 2],
        [up, down]: [&'t mut Conversions<'m>; 2],
        errors: &'t mut Errors<'m>,
    ) -> Self {
        Tables { before, now, up, down, errors, functions: Vec::new() }
    }

    /// Makes the tables.
    pub fn emit(mut self) -> Code {
        let (before, now) = (self.before.model, self.now.model);
        let requests: Vec<_> = client_events(before).map(|event| self.request(event)).collect();
        let sent = server_events(now).filter(|event| event.name != now.gateway.error_event);
        let events: Vec<_> = sent.filter_map(|event| self.event(event)).collect();
        let operations: Vec<_> = before.http.operations.iter().filter_map(|older| self.operation(older)).collect();
        let mut answered = now.connect_errors();
        answered.extend([now.gateway.unknown_event, now.gateway.token_expired, now.gateway.rate_limited]);
        let errors = self.errors.told("connect", &answered, &all(before), None);
        let failure = &before.connect.failure;
        let uses_specs = !operations.is_empty();
        let value = quote! {
            accord_runtime::Older {
                protocol: &PROTOCOL,
                requests: [#(#requests),*].into(),
                events: [#(#events),*].into(),
                operations: [#(#operations),*].into(),
                failure: #failure,
                errors: [#(#errors),*].into(),
            }
        };
        Code { value, functions: self.functions, uses_specs }
    }

    /// Puts an entry into a separate function, and returns the call.
    fn entry(&mut self, kind: &str, name: &str, ty: TokenStream, body: TokenStream) -> TokenStream {
        let function = EntryFunction { ident: names::field(&format!("{kind}_{name}")), ty, body };
        let call = function.call();
        self.functions.push(function);
        call
    }

    /// The entry of an event that older clients send.
    fn request(&mut self, older: &'m ClientEvent) -> TokenStream {
        let (before, now) = (self.before.model, self.now.model);
        let (name, failure) = (&older.name, &older.failure);
        let named = named_rooms(before, older);
        let declared = before.event_errors(older);
        let nothing = quote!(accord_runtime::NoPayload);
        let payload = older.payload.map(Type::of);
        let ack = acknowledged(&older.ack, &older.emits);
        let Some(event) = successor(now, older) else {
            return self.gone(older, payload.as_ref(), ack.as_ref(), &declared);
        };
        let today = &event.name;
        let payload = self.up.whole(
            &format!("{name}_payload"),
            [payload.as_ref(), event.payload.map(Type::of).as_ref()],
            &nothing,
        );
        let payload = optional(payload.map(|convert| quote!(accord_runtime::Upgraded::new(decisions, #convert))));
        let today_ack = acknowledged(&event.ack, &event.emits);
        let answer = self.down.whole(&format!("{name}_ack"), [today_ack.as_ref(), ack.as_ref()], &quote!(()));
        let answer = optional(answer.map(|convert| quote!(accord_runtime::Downgraded::new(decisions, #convert))));
        let answered = self.event_errors(event, older);
        let decisions = Some(&mut self.down.decisions);
        let errors = self.errors.told(name, &answered, &declared, decisions);
        let request = quote!(accord_runtime::OlderRequest);
        let body = quote! {
            #request {
                becomes: accord_runtime::Becomes::Event { name: #today, payload: #payload, ack: #answer },
                failure: #failure,
                named: &[#(#named),*],
                errors: [#(#errors),*].into(),
            }
        };
        let call = self.entry("request", name, request, body);
        quote!((#name, #call))
    }

    /// The errors of an event that an older client may cause: one that does not say what it has seen loses nothing, and what it
    /// gives no id is not a repetition.
    fn event_errors(&self, event: &ClientEvent, older: &ClientEvent) -> Vec<ErrorId> {
        let (before, now) = (self.before.model, self.now.model);
        let lost = now.gateway.position_lost.filter(|_| before.joined_log(older).is_none());
        let conflict = now.gateway.idempotency_conflict.filter(|_| older.idempotent.is_none());
        let mut errors = now.event_errors(event);
        errors.retain(|error| event.errors.contains(error) || ![lost, conflict].contains(&Some(*error)));
        errors
    }

    /// An event that today's version does not have: a person answers it.
    fn gone(
        &mut self,
        older: &ClientEvent,
        payload: Option<&Type>,
        ack: Option<&Type>,
        declared: &[ErrorId],
    ) -> TokenStream {
        let (name, failure) = (&older.name, &older.failure);
        let named = named_rooms(self.before.model, older);
        let error = self.errors.choice(name, declared);
        let at = quote!(old::);
        let written = |ty: Option<&Type>, at: &TokenStream, nothing: TokenStream| {
            ty.map_or(nothing, |ty| types::rust_type_at(self.before.names, ty, at))
        };
        let output = written(ack, &quote!(), quote!(()));
        let docs = format!("Answers `{name}`, which the current version does not have. No membership has been proven.");
        let given = payload.map(|ty| written(Some(ty), &quote!(), quote!()));
        let argument = payload.map_or(quote!(_), |_| quote!(from));
        let passed = payload.map(|_| quote!(from));
        let ty = written(payload, &at, quote!(accord_runtime::NoPayload));
        let output = quote!(Result<#output, #error>);
        let method = self.up.decisions.ask(Decision { name: name.clone(), docs, given, output });
        let request = quote!(accord_runtime::OlderRequest);
        let body = quote! {
            #request {
                becomes: accord_runtime::Becomes::Answer(accord_runtime::Answered::new(
                    decisions,
                    |decisions, #argument: &#ty| Upgrade::#method(decisions, #passed).map_err(|error| error.spec()),
                )),
                failure: #failure,
                named: &[#(#named),*],
                errors: [].into(),
            }
        };
        let call = self.entry("request", name, request, body);
        quote!((#name, #call))
    }

    /// The entry of an event that the server sends; `None` if it is the same for older clients.
    fn event(&mut self, event: &'m ServerEvent) -> Option<TokenStream> {
        let name = &event.name;
        let older = predecessor(self.before.model, event);
        let Some(older) = older else { return Some(quote!((#name, None))) };
        let payloads = [event.payload.map(Type::of), older.payload.map(Type::of)];
        let [from, to] = payloads.each_ref().map(Option::as_ref);
        let convert = self.down.whole(&format!("{}_payload", older.name), [from, to], &quote!(()));
        if convert.is_none() && older.name == *name {
            return None;
        }
        let convert = optional(convert.map(|convert| quote!(accord_runtime::Downgraded::new(decisions, #convert))));
        let older = &older.name;
        let ty = quote!(accord_runtime::OlderEvent);
        let body = quote!(#ty { name: #older, data: #convert });
        let call = self.entry("event", name, ty, body);
        Some(quote!((#name, Some(#call))))
    }

    /// The entry of an operation; `None` if older clients call another one.
    fn operation(&mut self, older: &'m Operation) -> Option<TokenStream> {
        let (before, now) = (self.before.model, self.now.model);
        let alike =
            |other: &&Operation| (&other.name, other.method, &other.path) == (&older.name, older.method, &older.path);
        let today = now.http.operations.iter().find(alike)?;
        let name = &older.name;
        let nothing = quote!(accord_runtime::NoPayload);
        let inputs = [older.input.map(Type::of), today.input.map(Type::of)];
        let [from, to] = inputs.each_ref().map(Option::as_ref);
        let input = self.up.whole(&format!("{name}_input"), [from, to], &nothing);
        let input = optional(input.map(|convert| quote!(accord_runtime::Upgraded::new(decisions, #convert))));
        let answers = [&today.success.body, &older.success.body].map(|body| match body {
            SuccessBody::Json { ty, .. } => Some(ty.clone()),
            SuccessBody::Raw(_) | SuccessBody::Empty => None,
        });
        let [from, to] = answers.each_ref().map(Option::as_ref);
        let answer = self.down.whole(&format!("{name}_answer"), [from, to], &quote!(()));
        let answer = optional(answer.map(|convert| quote!(accord_runtime::Downgraded::new(decisions, #convert))));
        let declared = before.operation_errors(older);
        let decisions = Some(&mut self.down.decisions);
        let errors = self.errors.told(name, &now.operation_errors(today), &declared, decisions);
        let (index, _) = before.http.operations.iter().enumerate().find(|(_, other)| other.name == *name)?;
        let spec = &self.before.names.operations[index].spec;
        let ty = quote!(accord_runtime::OlderOperation);
        let body = quote! {
            #ty {
                spec: &specs::#spec,
                input: #input,
                answer: #answer,
                errors: [#(#errors),*].into(),
            }
        };
        let call = self.entry("operation", name, ty, body);
        Some(quote!((#name, #call)))
    }
}

fn client_events(model: &Model) -> impl Iterator<Item = &ClientEvent> {
    model.client_events()
}

fn server_events(model: &Model) -> impl Iterator<Item = &ServerEvent> {
    model.server_events()
}

/// The event that an older one is today: the one of its name, else the one that the older version says to use instead.
fn successor<'m>(now: &'m Model, older: &ClientEvent) -> Option<&'m ClientEvent> {
    let instead = older.doc.deprecated.as_ref().and_then(|deprecated| deprecated.r#use.as_ref());
    let named = client_events(now).find(|event| event.name == older.name);
    named.or_else(|| client_events(now).find(|event| Some(&event.name) == instead))
}

/// The older event that this one is to clients: the one of its name, else one that was deprecated in favour of it.
fn predecessor<'m>(before: &'m Model, event: &ServerEvent) -> Option<&'m ServerEvent> {
    let gives_way = |older: &&ServerEvent| {
        older.doc.deprecated.as_ref().is_some_and(|deprecated| deprecated.r#use.as_ref() == Some(&event.name))
    };
    server_events(before).find(|older| older.name == event.name).or_else(|| server_events(before).find(gives_way))
}

/// The type of an acknowledgement's data.
fn acknowledged(ack: &Ack, emits: &[Emit]) -> Option<Type> {
    match ack {
        Ack::None => None,
        Ack::Emitted(index) => emits[*index].payload.map(Type::of),
        Ack::Type(ty) => Some(ty.clone()),
    }
}

fn all(model: &Model) -> Vec<ErrorId> {
    (0..model.errors.len()).map(ErrorId).collect()
}
