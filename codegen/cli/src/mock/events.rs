//! The mock's event handlers, which answer with what the schema declares.

use std::{collections::HashMap, sync::Arc};

use accord_language::{
    case,
    model::{Ack, ClientEvent, Emit, Kind, Model, POSITION, ScopeId, Target, Type, TypeId, own_scopes},
};
use accord_runtime::{
    Emission, EventSpec, Handler, Hook, Outcome, Path, Proofs, Refusal, Running, Upload, Violations, reply,
};
use serde_json::{Map, Value};

use super::{
    faults::CONNECT,
    history::{self, Reading, Shown},
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
            let receivers = Receivers { has_scope: false, own: own_scopes(emits), given: &given };
            outcome(&state, emits, &receivers, &Ack::None, None, &mut |ty| answer(&mut answers, &examples, ty))
        })
    }
}

/// The rooms and users that an event may be emitted to.
pub struct Receivers<'r> {
    /// Whether a scope is the first of the rooms.
    pub has_scope: bool,
    /// The scopes whose rooms are the user's own.
    pub own: Vec<ScopeId>,
    /// The payload or input, whose fields name users.
    pub given: &'r Map<String, Value>,
}

impl Receivers<'_> {
    fn target(&self, to: &Target) -> reply::Target {
        match to {
            Target::Caller => reply::Target::Caller,
            Target::Scope => reply::Target::Scope,
            Target::Others => reply::Target::Others,
            Target::User => reply::Target::User,
            Target::Also(index) | Target::Room(index) => reply::Target::Room(index + usize::from(self.has_scope)),
            Target::UserOf(key) => {
                reply::Target::UserOf(self.given.get(key).and_then(Value::as_str).unwrap_or_default().into())
            }
            Target::Own(id) => reply::Target::Room(self.own.iter().position(|own| own == id).unwrap_or_default()),
        }
    }
}

/// Carries out an event.
pub struct EventCall {
    state: Arc<State>,
    event: &'static ClientEvent,
    spec: &'static EventSpec,
    examples: Arc<Examples>,
    reading: Option<Arc<Reading>>,
}

impl EventCall {
    /// The handler of an event.
    pub fn new(state: &Arc<State>, event: &'static ClientEvent, spec: &'static EventSpec) -> Self {
        let examples = Arc::new(examples(state.model, &event.emits));
        let reading = Reading::of(&state.history, event.scope, history::asked_by(event)).map(Arc::new);
        EventCall { state: Arc::clone(state), event, spec, examples, reading }
    }
}

impl Handler for EventCall {
    fn validate(&self, payload: &Value, violations: &mut Violations) {
        if let Some(id) = self.event.payload {
            self.state.maker.checker().check_named(id, payload, Path::Root, violations);
        }
    }

    fn call(&self, mut proofs: Option<Proofs>, mut payload: Value, _: Option<Upload>) -> Running {
        if self.state.model.joined_log(self.event).is_some() {
            payload = with_position(payload);
        }
        let (state, event, spec) = (Arc::clone(&self.state), self.event, self.spec);
        let (examples, reading) = (Arc::clone(&self.examples), self.reading.clone());
        Box::pin(async move {
            state.suffer(&event.name).await?;
            if let (Some(proofs), Some(id)) = (&mut proofs, event.payload)
                && let Some(first) = proofs.begin(spec, &state.maker.known(id, &payload))?
            {
                return Ok(first);
            }
            let nothing = Map::new();
            let request = Request {
                caller: proofs.as_ref().map(Proofs::identity),
                input: event.payload,
                given: event.payload.and_then(|_| payload.as_object()).unwrap_or(&nothing),
                example: event.example.as_ref(),
                reads: false,
            };
            let mut answers = state.maker.answers(request);
            let receivers = Receivers { has_scope: event.scope.is_some(), own: Vec::new(), given: request.given };
            let shown = state.shown(reading.as_deref(), request.given).await?;
            outcome(&state, &event.emits, &receivers, &event.ack, shown, &mut |ty| match event.has_handler() {
                true => answer(&mut answers, &examples, ty),
                false => answers.copy(ty),
            })
        })
    }
}

/// The answer to an event that joins a room with a log: its payload, and the position beside it.
fn with_position(input: Value) -> Value {
    let Value::Array(parts) = input else { return input };
    let mut parts = parts.into_iter();
    let (mut payload, position) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if let Some(fields) = payload.as_object_mut() {
        fields.insert(POSITION.to_owned(), position);
    }
    payload
}

/// The examples of server events, by their payloads' types: an event may have another one than its type.
pub type Examples = HashMap<TypeId, &'static Value>;

pub fn examples(model: &'static Model, emits: &'static [Emit]) -> Examples {
    let events = || model.server_events();
    let example = |emit: &'static Emit| {
        let event = events().find(|event| event.name == emit.event)?;
        Some((emit.payload?, event.example.as_ref()?))
    };
    emits.iter().filter_map(example).collect()
}

pub fn answer(answers: &mut Answers<'_>, examples: &Examples, ty: &'static Type) -> Value {
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
    receivers: &Receivers<'_>,
    ack: &'static Ack,
    shown: Option<Shown<'_>>,
    answer: &mut dyn FnMut(&'static Type) -> Value,
) -> Result<Outcome, Refusal> {
    let (values, emissions) = emissions(state, emits, receivers, answer)?;
    let ack = match ack {
        Ack::None => None,
        Ack::Emitted(index) => Some(encode(&values[*index])?),
        Ack::Type(ty) => {
            let carried = values.iter().find_map(|value| carried(state, ty, value));
            let mut value = carried.unwrap_or_else(|| answer(ty));
            if let Some(shown) = shown {
                shown.put_into(&mut value);
            }
            Some(encode(&value)?)
        }
    };
    Ok(Outcome { answer: ack, emissions, ..Outcome::default() })
}

/// The payloads of emitted events, and the events on their way to their receivers.
pub fn emissions(
    state: &State,
    emits: &'static [Emit],
    receivers: &Receivers<'_>,
    answer: &mut dyn FnMut(&'static Type) -> Value,
) -> Result<(Vec<Value>, Vec<Emission>), Refusal> {
    let mut values = Vec::with_capacity(emits.len());
    let mut emissions = Vec::with_capacity(emits.len());
    for emit in emits {
        let mut value = emit.payload.map_or(Value::Null, |id| answer(state.maker.ty(id)));
        state.history.embed(emit, &mut value);
        let data = encode(&value)?;
        let durable = state.model.is_durable(emit);
        emissions.extend(emit.to.iter().map(|to| Emission {
            event: &emit.event,
            to: receivers.target(to),
            data: Arc::clone(&data),
            durable,
        }));
        values.push(value);
    }
    Ok((values, emissions))
}

/// The value for an acknowledgement that an emitted event carries under the name of its type: the new thing.
fn carried(state: &State, ty: &'static Type, emitted: &Value) -> Option<Value> {
    let Kind::Ref(TypeId(index)) = ty.kind else { return None };
    let name = &state.model.types[index].name;
    let value = emitted.get(case::camel(name)).or_else(|| emitted.get(case::snake(name)))?;
    state.maker.checker().is_valid(ty, value).then(|| value.clone())
}
