//! The mock's event handlers, which answer with what the schema declares.

use std::{collections::HashMap, sync::Arc};

use accord_language::{
    case,
    model::{Ack, ClientEvent, Emit, Kind, Model, ScopeId, Target, Type, TypeId, own_scopes},
};
use accord_runtime::{Emission, Handler, Hook, Outcome, Path, Proofs, Refusal, Running, Upload, Violations, reply};
use serde_json::{Map, Value};

use super::{
    faults::CONNECT,
    make::{Answers, Request},
    state::{State, encode},
};

/// Follows up a handshake.
pub fn connect(state: &Arc<State>) -> Hook {
    let connect = &state.model.connect;
    let handler = unasked(state, &connect.emits, Some(CONNECT));
    Hook { spec: state.tables.connect(), handler: Box::new(handler) }
}

/// Follows up the end of a socket.
pub fn disconnect(state: &Arc<State>) -> Option<Hook> {
    let disconnect = state.model.disconnect.as_ref()?;
    let handler = unasked(state, &disconnect.emits, None);
    Some(Hook { spec: state.tables.disconnect(disconnect), handler: Box::new(handler) })
}

/// Carries out a connect or disconnect, after the fault that is injected into it, if any.
fn unasked(
    state: &Arc<State>,
    emits: &'static [Emit],
    fault: Option<&'static str>,
) -> impl Fn(Proofs) -> Running + Send + Sync + 'static {
    let (state, examples) = (Arc::clone(state), Arc::new(examples(state.model, emits)));
    move |proofs| {
        let (state, examples) = (Arc::clone(&state), Arc::clone(&examples));
        Box::pin(async move {
            if let Some(fault) = fault {
                state.suffer(fault).await?;
            }
            // The token's real expiry, so that clients renew it in time.
            let given = Map::from_iter([("expiresAt".to_owned(), proofs.expires_at().into())]);
            let caller = Some(proofs.identity());
            let request = Request { caller, input: None, given: &given, example: None, reads: false };
            let mut answers = state.maker.answers(request);
            let rooms = EmitRooms { has_scope: false, own: own_scopes(emits) };
            outcome(&state, emits, &rooms, &Ack::None, &mut |ty| answer(&mut answers, &examples, ty))
        })
    }
}

/// The rooms that an event may be emitted to.
struct EmitRooms {
    has_scope: bool,
    own: Vec<ScopeId>,
}

impl EmitRooms {
    fn target(&self, to: &Target) -> reply::Target {
        match to {
            Target::Caller => reply::Target::Caller,
            Target::Scope => reply::Target::Scope,
            Target::Others => reply::Target::Others,
            Target::User => reply::Target::User,
            Target::Also(index) => reply::Target::Room(index + usize::from(self.has_scope)),
            Target::Own(id) => reply::Target::Room(self.own.iter().position(|own| own == id).unwrap_or_default()),
        }
    }
}

/// Carries out an event.
pub struct EventCall {
    state: Arc<State>,
    event: &'static ClientEvent,
    examples: Arc<Examples>,
}

impl EventCall {
    /// The handler of an event.
    pub fn new(state: &Arc<State>, event: &'static ClientEvent) -> Self {
        let examples = Arc::new(examples(state.model, &event.emits));
        EventCall { state: Arc::clone(state), event, examples }
    }
}

impl Handler for EventCall {
    fn validate(&self, payload: &Value, violations: &mut Violations) {
        if let Some(id) = self.event.payload {
            self.state.maker.checker().check_named(id, payload, Path::Root, violations);
        }
    }

    fn call(&self, proofs: Option<Proofs>, payload: Value, _: Option<Upload>) -> Running {
        let (state, event, examples) = (Arc::clone(&self.state), self.event, Arc::clone(&self.examples));
        Box::pin(async move {
            state.suffer(&event.name).await?;
            let nothing = Map::new();
            let request = Request {
                caller: proofs.as_ref().map(Proofs::identity),
                input: event.payload,
                given: event.payload.and_then(|_| payload.as_object()).unwrap_or(&nothing),
                example: event.example.as_ref(),
                reads: false,
            };
            let mut answers = state.maker.answers(request);
            let rooms = EmitRooms { has_scope: event.scope.is_some(), own: Vec::new() };
            outcome(&state, &event.emits, &rooms, &event.ack, &mut |ty| match event.has_handler() {
                true => answer(&mut answers, &examples, ty),
                false => answers.copy(ty),
            })
        })
    }
}

/// The examples of server events, by their payloads' types: an event may have another one than its type.
type Examples = HashMap<TypeId, &'static Value>;

fn examples(model: &'static Model, emits: &'static [Emit]) -> Examples {
    let events = || model.server_events();
    let example = |emit: &'static Emit| {
        let event = events().find(|event| event.name == emit.event)?;
        Some((emit.payload?, event.example.as_ref()?))
    };
    emits.iter().filter_map(example).collect()
}

fn answer(answers: &mut Answers<'_>, examples: &Examples, ty: &'static Type) -> Value {
    let example = match ty.kind {
        Kind::Ref(id) => examples.get(&id).copied(),
        _ => None,
    };
    answers.value(ty, example)
}

/// The emitted events and the acknowledgement of a request.
fn outcome(
    state: &State,
    emits: &'static [Emit],
    rooms: &EmitRooms,
    ack: &'static Ack,
    answer: &mut dyn FnMut(&'static Type) -> Value,
) -> Result<Outcome, Refusal> {
    let mut values = Vec::with_capacity(emits.len());
    let mut emissions = Vec::with_capacity(emits.len());
    for Emit { event, payload, to, .. } in emits {
        let value = payload.map_or(Value::Null, |id| answer(state.maker.ty(id)));
        emissions.push(Emission { event, to: rooms.target(to), data: encode(&value)? });
        values.push(value);
    }
    let ack = match ack {
        Ack::None => None,
        Ack::Emitted(index) => Some(Arc::clone(&emissions[*index].data)),
        Ack::Type(ty) => {
            let carried = values.iter().find_map(|value| carried(state, ty, value));
            Some(encode(&carried.unwrap_or_else(|| answer(ty)))?)
        }
    };
    Ok(Outcome { answer: ack, emissions, download: None })
}

/// The value for an acknowledgement that an emitted event carries under the name of its type: the new thing.
fn carried(state: &State, ty: &'static Type, emitted: &Value) -> Option<Value> {
    let Kind::Ref(TypeId(index)) = ty.kind else { return None };
    let name = &state.model.types[index].name;
    let value = emitted.get(case::camel(name)).or_else(|| emitted.get(case::snake(name)))?;
    state.maker.checker().is_valid(ty, value).then(|| value.clone())
}
