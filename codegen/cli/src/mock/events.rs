//! What carries out events that nobody has written: the schema says what they are answered with.

use std::{collections::HashMap, pin::Pin, sync::Arc};

use accord_codegen::{
    case,
    model::{Ack, ClientEvent, Emit, Kind, Model, ScopeId, Target, Type, TypeId, own_scopes},
};
use accord_runtime::{
    Emission, Hook, Outcome, Path, Proofs, Refusal, Violations, event::Handler, reply, service::Following,
};
use serde_json::{Map, Value};

use super::{
    faults::CONNECT,
    make::{Request, Story},
    stage::{Stage, encode},
};

/// Follows up a handshake.
pub fn connect(stage: &Arc<Stage>) -> Hook {
    let connect = &stage.model.connect;
    let handler = unasked(stage, &connect.emits, Some(CONNECT));
    Hook { spec: stage.tables.connect(), handler: Box::new(handler) }
}

/// Follows up the end of a socket.
pub fn disconnect(stage: &Arc<Stage>) -> Option<Hook> {
    let disconnect = stage.model.disconnect.as_ref()?;
    let handler = unasked(stage, &disconnect.emits, None);
    Some(Hook { spec: stage.tables.disconnect(disconnect), handler: Box::new(handler) })
}

/// Does what nobody has asked for, after the fault that is injected into it, if any is.
fn unasked(
    stage: &Arc<Stage>,
    emits: &'static [Emit],
    fault: Option<&'static str>,
) -> impl Fn(Proofs) -> Following + Send + Sync + 'static {
    let (stage, examples) = (Arc::clone(stage), Arc::new(examples(stage.model, emits)));
    move |proofs| {
        let (stage, examples) = (Arc::clone(&stage), Arc::clone(&examples));
        Box::pin(async move {
            if let Some(fault) = fault {
                stage.suffer(fault).await?;
            }
            let given = Map::new();
            let caller = Some(proofs.identity());
            let request = Request { caller, input: None, given: &given, example: None, reads: false };
            let mut story = stage.maker.story(request);
            let rooms = EmitRooms { has_scope: false, own: own_scopes(emits) };
            outcome(&stage, emits, &rooms, &Ack::None, &mut |ty| tell(&mut story, &examples, ty))
        })
    }
}

/// Which rooms there are to emit to.
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
    stage: Arc<Stage>,
    event: &'static ClientEvent,
    examples: Arc<Examples>,
}

impl EventCall {
    /// What carries out an event.
    pub fn new(stage: &Arc<Stage>, event: &'static ClientEvent) -> Self {
        let examples = Arc::new(examples(stage.model, &event.emits));
        EventCall { stage: Arc::clone(stage), event, examples }
    }
}

impl Handler for EventCall {
    fn validate(&self, payload: &Value, violations: &mut Violations) {
        if let Some(id) = self.event.payload {
            self.stage.maker.checker().check_named(id, payload, Path::Root, violations);
        }
    }

    fn call(&self, proofs: Proofs, payload: Value) -> Pin<Box<dyn Future<Output = Result<Outcome, Refusal>> + Send>> {
        let (stage, event, examples) = (Arc::clone(&self.stage), self.event, Arc::clone(&self.examples));
        Box::pin(async move {
            stage.suffer(&event.name).await?;
            let nothing = Map::new();
            let request = Request {
                caller: Some(proofs.identity()),
                input: event.payload,
                given: event.payload.and_then(|_| payload.as_object()).unwrap_or(&nothing),
                example: event.example.as_ref(),
                reads: false,
            };
            let mut story = stage.maker.story(request);
            let rooms = EmitRooms { has_scope: event.scope.is_some(), own: Vec::new() };
            outcome(&stage, &event.emits, &rooms, &event.ack, &mut |ty| match event.room {
                Some(_) => story.copy(ty),
                None => tell(&mut story, &examples, ty),
            })
        })
    }
}

/// The examples of server events, by their payloads' types: an event may have another one than its type.
type Examples = HashMap<TypeId, &'static Value>;

fn examples(model: &'static Model, emits: &'static [Emit]) -> Examples {
    let events = || model.domains.iter().flat_map(|domain| &domain.server);
    let example = |emit: &'static Emit| {
        let event = events().find(|event| event.name == emit.event)?;
        Some((emit.payload?, event.example.as_ref()?))
    };
    emits.iter().filter_map(example).collect()
}

fn tell(story: &mut Story<'_>, examples: &Examples, ty: &'static Type) -> Value {
    let example = match ty.kind {
        Kind::Ref(id) => examples.get(&id).copied(),
        _ => None,
    };
    story.value(ty, example)
}

/// What is emitted and acknowledged, each told once.
fn outcome(
    stage: &Stage,
    emits: &'static [Emit],
    rooms: &EmitRooms,
    ack: &'static Ack,
    tell: &mut dyn FnMut(&'static Type) -> Value,
) -> Result<Outcome, Refusal> {
    let mut values = Vec::with_capacity(emits.len());
    let mut emissions = Vec::with_capacity(emits.len());
    for Emit { event, payload, to, .. } in emits {
        let value = payload.map_or(Value::Null, |id| tell(stage.maker.ty(id)));
        emissions.push(Emission { event, to: rooms.target(to), data: encode(&value)? });
        values.push(value);
    }
    let ack = match ack {
        Ack::None => None,
        Ack::Emitted(index) => Some(Arc::clone(&emissions[*index].data)),
        Ack::Type(ty) => {
            let carried = values.iter().find_map(|value| carried(stage, ty, value));
            Some(encode(&carried.unwrap_or_else(|| tell(ty)))?)
        }
    };
    Ok(Outcome { ack, emissions })
}

/// The value of an acknowledgement's type that an emitted event carries under that type's name: what was made.
fn carried(stage: &Stage, ty: &'static Type, emitted: &Value) -> Option<Value> {
    let Kind::Ref(TypeId(index)) = ty.kind else { return None };
    let name = &stage.model.types[index].name;
    let value = emitted.get(case::camel(name)).or_else(|| emitted.get(case::snake(name)))?;
    stage.maker.checker().is_valid(ty, value).then(|| value.clone())
}
