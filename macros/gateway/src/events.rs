//! The pipeline's front door for sockets: it works off their events, and sends what follows from them.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use accord_runtime::{
    older::OlderRequest,
    panics::{self, caught},
    pipeline::{Change, Declared, Door, Endpoint, Request},
    rejection::{Rejection, Told},
    reply::{Emission, Encoded, Outcome, Target},
    scope::Room,
    validate::Path,
};
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::{
    deprecations::Client,
    emitted::Emitted,
    hub::Joined,
    packet::Packet,
    shared::{Asked, Shared},
    socket::{Sent, Socket},
    traffic::Traffic,
};

/// The body of an acknowledgement.
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

/// The time for a client to receive the news that its token has expired.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Works off a socket's events until none is left.
pub(super) async fn work_off(shared: Arc<Shared>, socket: Arc<Socket>) {
    while let Some(packet) = socket.inbox.next() {
        // Boxed, so that a socket's task is small while it waits for the next event.
        let answered = caught(Box::pin(answer(&shared, &socket, &packet))).await;
        panics::logged(answered, "answering an event failed", &socket.user);
        tokio::task::coop::consume_budget().await;
    }
}

/// Carries out one event, and answers it whatever happens.
async fn answer(shared: &Shared, socket: &Arc<Socket>, packet: &Packet) {
    let started = Instant::now();
    let name = packet.event();
    let asked = shared.asked(socket.inbox.served.as_deref(), name);
    let renews = asked.endpoint.is_some_and(Endpoint::renews);
    if !renews && SystemTime::now() >= socket.expires() {
        expire(shared, socket).await;
        return;
    }
    let carried = carry_out(shared, socket, packet, asked).await;
    let carried = carried.map_err(|rejection| rejection.in_rooms(packet.rooms(asked.named())));
    let event = match asked.endpoint.map(Endpoint::declared) {
        Some(Declared::Event(spec)) => spec.name,
        _ => UNKNOWN,
    };
    let code = carried.as_ref().map_or_else(Rejection::code, |_| "ok");
    metrics::counter!("accord_events_total", "event" => event, "code" => code).increment(1);
    metrics::histogram!("accord_event_duration_seconds", "event" => event).record(started.elapsed());
    if shared.watcher.get().is_some() {
        // A token is shown to nobody, nor what may be one.
        let payload = packet.payload().ok().filter(|_| !renews);
        shared.show(|| Traffic::Event {
            user: &socket.user,
            event: name,
            payload: payload.as_ref(),
            acknowledged: packet.ack.is_some(),
            outcome: carried.as_ref().map_err(|rejection| rejection.told(Some(name))),
            took: started.elapsed(),
        });
    }
    if let Err(rejection) = carried {
        rejection.log(event, &socket.user);
        Client::of(socket).gets(shared, rejection.name());
        let rejection = for_client(shared, socket, asked.older, rejection);
        match packet.ack {
            Some(id) => {
                let error = || Some(rejection.told(Some(name)));
                let refused = || Acknowledgement { ok: false, data: None, error: error() };
                socket.insist(shared.config.write_timeout, || socket.acknowledge(id, &refused())).await;
            }
            None => tell(shared, socket, Some(name), &rejection).await,
        }
    }
}

/// Sends an event through the pipeline.
async fn carry_out(
    shared: &Shared,
    socket: &Arc<Socket>,
    packet: &Packet,
    asked: Asked<'_>,
) -> Result<Outcome, Rejection> {
    let caller = Some(socket.caller());
    let request = Request { endpoint: asked.endpoint, conversion: asked.conversion(), caller, drawn: packet.drawn };
    let mut door = SocketDoor { shared, socket, packet, is_full: false };
    let outcome = shared.pipeline.carry_out(request, &mut door).await?;
    if let (Some(id), true) = (packet.ack, door.is_full) {
        let answer = outcome.answer.as_deref();
        socket.insist(shared.config.write_timeout, || socket.acknowledge(id, &success(answer))).await;
    }
    Ok(outcome)
}

fn success(answer: Option<&RawValue>) -> Acknowledgement<'_> {
    Acknowledgement { ok: true, data: Some(answer), error: None }
}

/// An event on its way through the pipeline.
struct SocketDoor<'p> {
    shared: &'p Shared,
    socket: &'p Arc<Socket>,
    packet: &'p Packet,
    /// Whether too much waits for the client to take the acknowledgement at once.
    is_full: bool,
}

impl Door for SocketDoor<'_> {
    type Failure = Rejection;

    /// An event is not carried out if it came too late, or if its payload has been dropped for want of room.
    async fn decode(&mut self, endpoint: &Endpoint) -> Result<Value, Rejection> {
        let Shared { pipeline, protocol, .. } = self.shared;
        if self.packet.late || self.packet.is_dropped() {
            return Err(Rejection::unavailable(protocol, pipeline.failure(endpoint)));
        }
        self.packet.payload().map_err(|message| Rejection::invalid_at(protocol, Path::Root, message))
    }

    fn accepted(&self, endpoint: &Endpoint, payload: &Value) {
        if let Declared::Event(spec) = endpoint.declared() {
            Client::of(self.socket).sends(self.shared, spec.name, payload);
        }
    }

    fn change(&mut self, change: Change<'_>) -> Result<(), Rejection> {
        let Shared { hub, protocol, config, .. } = self.shared;
        match change {
            Change::Leave(room) => hub.leave(self.socket, room),
            Change::Join { room, key } => {
                let most = config.max_rooms_per_socket;
                if hub.join(self.socket, room, most) == Joined::TooMany {
                    let message =
                        format!("is one room too many: a connection joins at most {most}, leave another first");
                    return Err(Rejection::invalid_at(protocol, Path::Root.key(key), message));
                }
            }
            // The token before may have been found to have expired meanwhile: the connection ends then.
            Change::Renew(renewed) => {
                if !hub.renew(self.socket, renewed) {
                    return Err(protocol.answers.token_refused.into());
                }
            }
        }
        Ok(())
    }

    async fn deliver(&mut self, rooms: &[Room], emissions: &[Emission]) {
        deliver(self.shared, self.socket, rooms, emissions).await;
    }

    fn answers(&self) -> bool {
        self.packet.ack.is_some()
    }

    /// Nobody waits for a client while a room is locked.
    fn acknowledge(&mut self, outcome: &Outcome) {
        if let Some(id) = self.packet.ack {
            self.is_full = self.socket.acknowledge(id, &success(outcome.answer.as_deref())) == Sent::Full;
        }
    }
}

/// A failure as a client gets it, in the version that it speaks.
pub(super) fn for_client(
    shared: &Shared,
    socket: &Socket,
    request: Option<&OlderRequest>,
    rejection: Rejection,
) -> Rejection {
    let Some(served) = &socket.inbox.served else { return rejection };
    let older = &served.older;
    let (errors, failure) =
        request.map_or((&older.errors, older.failure), |request| (&request.errors, request.failure));
    rejection.for_older(shared.protocol, [errors, &older.errors], failure)
}

/// Emits what follows from an event: the one place where a change reaches clients. The rooms are locked.
pub(super) async fn deliver(shared: &Shared, socket: &Arc<Socket>, rooms: &[Room], emissions: &[Emission]) {
    for Emission { event, to, data } in emissions {
        let emitted = Emitted::new(event, data, &shared.older);
        let everybody = |room: usize, except: Option<u64>| {
            if let Some(room) = rooms.get(room) {
                shared.hub.broadcast(room, except, &emitted);
            }
        };
        match to {
            Target::Caller if rooms.is_empty() => {
                socket.insist(shared.config.write_timeout, || emitted.send(socket)).await;
            }
            Target::Caller => socket.note(emitted.send(socket)),
            Target::Scope => everybody(0, None),
            Target::Others => everybody(0, Some(socket.id)),
            Target::User => shared.hub.emit_to_user(&socket.user, &emitted),
            Target::Room(index) => everybody(*index, None),
        }
    }
}

/// Emits a failure to the socket that it concerns.
pub(super) async fn tell(shared: &Shared, socket: &Arc<Socket>, event: Option<&str>, rejection: &Rejection) {
    tell_within(shared.config.write_timeout, shared, socket, event, rejection).await;
}

async fn tell_within(
    patience: Duration,
    shared: &Shared,
    socket: &Arc<Socket>,
    event: Option<&str>,
    rejection: &Rejection,
) {
    let told: Encoded = match accord_runtime::reply::encode(&rejection.told(event)) {
        Ok(told) => told,
        Err(error) => {
            tracing::error!(error = ?error.to_string(), "a failure does not serialize");
            return;
        }
    };
    let protocol = socket.inbox.served.as_ref().map_or(shared.protocol, |served| served.older.protocol);
    socket.insist(patience, || socket.emit(protocol.error_event, &told)).await;
}

/// Ends a connection whose token has expired.
pub(super) async fn expire(shared: &Shared, socket: &Arc<Socket>) {
    if !shared.hub.begin_to_expire(socket) {
        return;
    }
    let rejection = Rejection::from(shared.protocol.answers.token_expired);
    Client::of(socket).gets(shared, rejection.name());
    let rejection = for_client(shared, socket, None, rejection);
    socket.inbox.close();
    tell_within(LAST_WORDS, shared, socket, None, &rejection).await;
    socket.end();
}
