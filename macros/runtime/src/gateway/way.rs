//! The one way that every event takes: limit, decode, validate, authorize, handle, deliver, acknowledge.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use futures_util::FutureExt;
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::{
    core::{Asked, Core},
    emitted::Emitted,
    hub::Joined,
    link::{Link, Sent},
    packet::Packet,
    traffic::Traffic,
};
use crate::{
    event::{Entry, RoomAction},
    limit::Drawn,
    older::{Answered, Becomes, OlderRequest},
    protocol::Protocol,
    rejection::{Rejection, Told, panicked},
    reply::{Emission, Encoded, Outcome, Target},
    scope::{Proofs, Room},
    validate::{Path, Violations},
};

/// What an acknowledgement says.
#[derive(Serialize)]
struct Acknowledgement<'a> {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// With success; `null` where the event declares no acknowledgement.
    data: Option<Option<&'a RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Told<'a>>,
}

/// The name that metrics have for events that the schema does not have.
const UNKNOWN: &str = "unknown";

/// How long a client whose token has expired may take to hear of it.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Works off a socket's events until none is left.
pub(super) async fn work_off(core: Arc<Core>, link: Arc<Link>) {
    while let Some(packet) = link.inbox.next() {
        // Boxed, so that a socket's task is small while it waits for the next event.
        Box::pin(answer(&core, &link, &packet)).await;
        tokio::task::coop::consume_budget().await;
    }
}

/// Carries out one event, and answers it whatever happens.
async fn answer(core: &Core, link: &Arc<Link>, packet: &Packet) {
    let started = Instant::now();
    if SystemTime::now() >= link.expires {
        expire(core, link).await;
        return;
    }
    let name = packet.event();
    let asked = core.asked(link.inbox.served.as_deref(), &name);
    let entry = asked.entry;
    let failure = entry.map_or(core.protocol.answers.internal.message, |entry| entry.spec.failure);
    let carried = AssertUnwindSafe(carry_out(core, link, packet, asked)).catch_unwind().await;
    let carried = carried.unwrap_or_else(|panic| Err(Rejection::fault(core.protocol, failure, panicked(&*panic))));
    let event = entry.map_or(UNKNOWN, |entry| entry.spec.name);
    let code = carried.as_ref().map_or_else(Rejection::code, |_| "ok");
    metrics::counter!("accord_events_total", "event" => event, "code" => code).increment(1);
    metrics::histogram!("accord_event_duration_seconds", "event" => event).record(started.elapsed());
    if core.watcher.get().is_some() {
        let payload = packet.payload().ok();
        core.show(|| Traffic::Event {
            user: &link.user,
            event: &name,
            payload: payload.as_ref(),
            acknowledged: packet.ack.is_some(),
            outcome: carried.as_ref().map_err(|rejection| rejection.told(Some(&name))),
            took: started.elapsed(),
        });
    }
    if let Err(rejection) = carried {
        rejection.log(event, &link.user);
        link.client().gets(core, rejection.name());
        let rejection = for_client(core, link, asked.older, rejection);
        match packet.ack {
            Some(id) => {
                let error = || Some(rejection.told(Some(&name)));
                let refused = || Acknowledgement { ok: false, data: None, error: error() };
                link.insist(core.config.write_timeout, || link.acknowledge(id, &refused())).await;
            }
            None => tell(core, link, Some(&name), &rejection).await,
        }
    }
}

async fn carry_out(core: &Core, link: &Arc<Link>, packet: &Packet, asked: Asked<'_>) -> Result<Outcome, Rejection> {
    let protocol = core.protocol;
    if let Drawn::Limited { retry_after } = packet.drawn {
        return Err(Rejection::limited(protocol, retry_after));
    }
    let (upgraded, downgraded) = match asked.older.map(|request| &request.becomes) {
        None => (None, None),
        Some(Becomes::Event { payload, ack, .. }) => (payload.as_ref(), ack.as_ref()),
        Some(Becomes::Answer(answered)) => return answer_gone(core, link, packet, answered).await,
    };
    let Entry { spec, room: action, handler } = asked.entry.ok_or(protocol.answers.unknown_event)?;
    let mut payload = payload(core, packet, spec.failure)?;
    if let Some(upgraded) = upgraded {
        valid(protocol, |violations| upgraded.validate(&payload, violations))?;
        let converted = upgraded.convert(payload);
        payload = converted.map_err(|fault| Rejection::fault(protocol, spec.failure, fault))?;
    }
    valid(protocol, |violations| handler.validate(&payload, violations))?;
    link.client().sends(core, spec.name, &payload);
    let rooms = core.rooms(spec.scopes, &payload, spec.failure)?;
    let held = core.hold(&rooms).await;
    core.authorize(&link.identity, spec.scopes, &rooms, *action, spec.failure).await?;
    let proofs = Proofs::new(Arc::clone(&link.identity), rooms.clone());
    let outcome = handler.call(proofs, payload).await;
    let outcome = outcome.map_err(|refusal| Rejection::refused(protocol, spec.failure, refusal))?;
    if let (Some(action), [room, ..]) = (action, rooms.as_slice()) {
        enter(core, link, *action, room, spec.scopes[0].key)?;
    }
    deliver(core, link, &rooms, &outcome.emissions).await;
    let Some(id) = packet.ack else { return Ok(outcome) };
    let converted = downgraded.map(|ack| ack.convert(outcome.ack.as_deref().unwrap_or(RawValue::NULL))).transpose();
    let converted = converted.map_err(|fault| Rejection::fault(protocol, spec.failure, fault))?;
    let data = converted.as_deref().or(outcome.ack.as_deref());
    let done = Acknowledgement { ok: true, data: Some(data), error: None };
    let sent = link.acknowledge(id, &done);
    // Nobody waits for a client while a room is held.
    drop(held);
    if sent == Sent::Full {
        link.insist(core.config.write_timeout, || link.acknowledge(id, &done)).await;
    }
    Ok(outcome)
}

/// An event's payload, unless it cannot be carried out for want of time or room.
fn payload(core: &Core, packet: &Packet, failure: &'static str) -> Result<Value, Rejection> {
    if packet.late || packet.is_dropped() {
        return Err(Rejection::unavailable(core.protocol, failure));
    }
    packet.payload().map_err(|message| Rejection::invalid_at(core.protocol, Path::Root, message))
}

/// Refuses what breaks rules.
fn valid(protocol: &Protocol, validate: impl FnOnce(&mut Violations)) -> Result<(), Rejection> {
    let mut violations = Violations::default();
    validate(&mut violations);
    if violations.is_empty() { Ok(()) } else { Err(Rejection::invalid(protocol, violations)) }
}

/// Answers an event of an older version that today's does not have: nothing follows from it.
async fn answer_gone(
    core: &Core,
    link: &Arc<Link>,
    packet: &Packet,
    answered: &Answered,
) -> Result<Outcome, Rejection> {
    let failure = core.protocol.answers.internal.message;
    let payload = payload(core, packet, failure)?;
    valid(core.protocol, |violations| answered.validate(&payload, violations))?;
    let answer = answered.answer(payload);
    let answer = answer.map_err(|refusal| Rejection::refused(core.protocol, failure, refusal))?;
    if let Some(id) = packet.ack {
        let done = Acknowledgement { ok: true, data: Some(Some(&answer)), error: None };
        link.insist(core.config.write_timeout, || link.acknowledge(id, &done)).await;
    }
    Ok(Outcome { ack: Some(answer), emissions: Vec::new() })
}

/// What a failure is to a client, in the version that it speaks.
pub(super) fn for_client(core: &Core, link: &Link, request: Option<&OlderRequest>, rejection: Rejection) -> Rejection {
    let Some(served) = &link.inbox.served else { return rejection };
    let (errors, failure) = match request {
        Some(request) => (&request.errors, request.failure),
        None => (&served.older.errors, served.older.failure),
    };
    rejection.for_older(core.protocol, &served.older, errors, failure)
}

/// Does what the gateway itself does for an event that joins or leaves a room.
fn enter(core: &Core, link: &Arc<Link>, action: RoomAction, room: &Room, key: &str) -> Result<(), Rejection> {
    match action {
        RoomAction::Leave => core.hub.leave(link, room),
        RoomAction::Join => {
            let most = core.config.max_rooms_per_socket;
            if core.hub.join(link, room, most) == Joined::TooMany {
                let message = format!("is one room too many: a connection joins at most {most}, leave another first");
                return Err(Rejection::invalid_at(core.protocol, Path::Root.key(key), message));
            }
        }
    }
    Ok(())
}

/// Emits what follows from an event: the one place where a change reaches clients. `rooms` are held.
pub(super) async fn deliver(core: &Core, link: &Arc<Link>, rooms: &[Room], emissions: &[Emission]) {
    for Emission { event, to, data } in emissions {
        let emitted = Emitted::new(event, data, &core.older);
        let everybody = |room: usize, except: Option<u64>| {
            if let Some(room) = rooms.get(room) {
                core.hub.broadcast(room, except, &emitted);
            }
        };
        match to {
            Target::Caller if rooms.is_empty() => {
                link.insist(core.config.write_timeout, || emitted.send(link)).await;
            }
            Target::Caller => link.note(emitted.send(link)),
            Target::Scope => everybody(0, None),
            Target::Others => everybody(0, Some(link.id)),
            Target::User => core.hub.emit_to_user(&link.user, &emitted),
            Target::Room(index) => everybody(*index, None),
        }
    }
}

/// Emits a failure to the socket that it concerns.
pub(super) async fn tell(core: &Core, link: &Arc<Link>, event: Option<&str>, rejection: &Rejection) {
    tell_within(core.config.write_timeout, core, link, event, rejection).await;
}

async fn tell_within(patience: Duration, core: &Core, link: &Arc<Link>, event: Option<&str>, rejection: &Rejection) {
    let told: Encoded = match crate::reply::encode(&rejection.told(event)) {
        Ok(told) => told,
        Err(error) => {
            tracing::error!(error = ?error.to_string(), "a failure does not serialize");
            return;
        }
    };
    let protocol = link.inbox.served.as_ref().map_or(core.protocol, |served| served.older.protocol);
    link.insist(patience, || link.emit(protocol.error_event, &told)).await;
}

/// Ends a connection whose token has expired.
pub(super) async fn expire(core: &Core, link: &Arc<Link>) {
    if !link.begin_to_expire() {
        return;
    }
    let rejection = Rejection::from(core.protocol.answers.token_expired);
    link.client().gets(core, rejection.name());
    let rejection = for_client(core, link, None, rejection);
    link.inbox.close();
    tell_within(LAST_WORDS, core, link, None, &rejection).await;
    link.disconnect();
}
