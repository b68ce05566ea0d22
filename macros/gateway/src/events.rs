//! The pipeline's front door for sockets: it carries out their events, and sends the results.

use std::{
    sync::Arc,
    time::{Instant, SystemTime},
};

use accord_runtime::{
    log::Position,
    panics::{self, caught},
    pipeline::{Change, Declared, Door, Endpoint, Request, Ticket},
    rejection::{Rejection, Told},
    reply::{Emission, Outcome},
    scope::Room,
    validate::Path,
};
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::{
    delivery::{Receiver, deliver},
    deprecations::Client,
    failures::{expire, for_client, tell},
    hub::Joined,
    in_flight::{InFlight, Order},
    packet::Packet,
    room::Approach,
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

/// The name of unknown events in metrics.
const UNKNOWN: &str = "unknown";

/// Carries out a socket's events until none is left.
///
/// An event that leads to entries of a log lets the next one begin once its change has been submitted. All other events
/// wait for the earlier changes.
pub(super) async fn work_off(shared: Arc<Shared>, socket: Arc<Socket>) {
    let mut in_flight = InFlight::default();
    loop {
        let Some(packet) = socket.inbox.next(!in_flight.is_empty()) else {
            if in_flight.is_empty() {
                return;
            }
            tokio::select! {
                () = in_flight.next() => {}
                () = socket.inbox.arrived() => {}
            }
            continue;
        };
        let asked = shared.asked(socket.inbox.served.as_deref(), packet.event());
        let overlaps = asked.endpoint.is_some_and(Endpoint::is_durable);
        while !in_flight.is_empty() && (!overlaps || in_flight.is_full(packet.bytes())) {
            in_flight.next().await;
        }
        let (bytes, ticket, mut order) = (packet.bytes(), Ticket::default(), in_flight.order());
        let (shared, socket, submission) = (Arc::clone(&shared), Arc::clone(&socket), ticket.clone());
        let answering = async move {
            let answered = caught(answer(&shared, &socket, &packet, submission, &mut order)).await;
            panics::logged(answered, "answering an event failed", &socket.user);
            bytes
        };
        // Boxed right away: otherwise the task would hold the future and a copy of it.
        in_flight.begin(&ticket, bytes, Box::pin(answering)).await;
        tokio::task::coop::consume_budget().await;
    }
}

/// Carries out one event, and answers it in any case.
async fn answer(shared: &Shared, socket: &Arc<Socket>, packet: &Packet, ticket: Ticket, order: &mut Order) {
    let started = Instant::now();
    let name = packet.event();
    let asked = shared.asked(socket.inbox.served.as_deref(), name);
    let renews = asked.endpoint.is_some_and(Endpoint::renews);
    if !renews && SystemTime::now() >= socket.expires() {
        order.come().await;
        expire(shared, socket).await;
        return;
    }
    let carried = carry_out(shared, socket, packet, asked, ticket, order).await;
    let carried = carried.map_err(|rejection| rejection.in_rooms(packet.rooms(asked.named())));
    let event = match asked.endpoint.map(Endpoint::declared) {
        Some(Declared::Event(spec)) => spec.name,
        _ => UNKNOWN,
    };
    let code = carried.as_ref().map_or_else(Rejection::code, |_| "ok");
    metrics::counter!("accord_events_total", "event" => event, "code" => code).increment(1);
    metrics::histogram!("accord_event_duration_seconds", "event" => event).record(started.elapsed());
    if shared.watcher.get().is_some() {
        // Watchers see no token, and no value that may be one.
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
        order.come().await;
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
    ticket: Ticket,
    order: &mut Order,
) -> Result<Outcome, Rejection> {
    let caller = Some(socket.caller());
    let conversion = asked.conversion();
    let request = Request { endpoint: asked.endpoint, conversion, caller, drawn: packet.drawn, ticket };
    let mut door = SocketDoor {
        shared,
        socket,
        packet,
        order,
        is_durable: asked.endpoint.is_some_and(Endpoint::is_durable),
        failure: shared.protocol.answers.internal.message,
        approach: None,
        moved: None,
        is_full: false,
    };
    let carried = shared.pipeline.carry_out(request, &mut door).await;
    let SocketDoor { moved, is_full, .. } = door;
    let outcome = match carried {
        Ok(outcome) => outcome,
        Err(rejection) => {
            // The client does not learn that it has joined.
            if let Some(Moved::Joined(room)) = moved {
                shared.hub.leave(socket, &room);
                shared.rooms.leave(socket.id, &room).await;
            }
            return Err(rejection);
        }
    };
    if let (Some(id), true) = (packet.ack, is_full) {
        let answer = outcome.answer.as_deref();
        socket.insist(shared.config.write_timeout, || socket.acknowledge(id, &success(answer))).await;
    }
    if let Some(Moved::Joined(room)) = moved {
        shared.rooms.start(socket, &room);
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
    order: &'p mut Order,
    /// Whether entries of rooms' logs may follow from it.
    is_durable: bool,
    /// The message of an internal error.
    failure: &'static str,
    /// The preparation to join a room that has a log.
    approach: Option<Approach>,
    moved: Option<Moved>,
    /// Whether too much waits for the client, so that the acknowledgement has to wait, too.
    is_full: bool,
}

/// A change of the caller's place in a room that has a log.
enum Moved {
    /// It has joined the room. It receives no entries before its client knows that.
    Joined(Room),
    /// It has left the room.
    Left(Room),
}

impl SocketDoor<'_> {
    /// Makes the caller join a room.
    fn join(&mut self, room: &Room, key: &'static str, position: Option<Position>) -> Result<(), Rejection> {
        let Shared { hub, rooms, protocol, config, .. } = self.shared;
        let approach = self.approach.take().zip(position);
        if approach.as_ref().is_some_and(|(approach, position)| approach.is_lost(position)) {
            return Err(protocol.answers.position_lost.unwrap_or(protocol.answers.internal).into());
        }
        // A socket that has to catch up receives no other events of the room in the meantime.
        let hears = approach.as_ref().is_none_or(|(approach, _)| !approach.replays());
        let most = config.max_rooms_per_socket;
        match (hub.join(self.socket, room, most, hears), approach) {
            (Joined::TooMany, _) => {
                let message = format!("is one room too many: a connection joins at most {most}, leave another first");
                return Err(Rejection::invalid_at(protocol, Path::Root.key(key), message));
            }
            (Joined::In, Some((approach, position))) => {
                rooms.join(self.socket, room, approach, position);
                self.moved = Some(Moved::Joined(room.clone()));
            }
            (Joined::In, None) | (Joined::Gone, _) => {}
        }
        Ok(())
    }
}

impl Door for SocketDoor<'_> {
    type Failure = Rejection;

    /// An event is not carried out if it came too late, or if its payload was dropped because the queue was full.
    async fn decode(&mut self, endpoint: &Endpoint) -> Result<Value, Rejection> {
        let Shared { pipeline, protocol, .. } = self.shared;
        self.failure = pipeline.failure(endpoint);
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

    async fn approach(&mut self, room: &Room, since: Option<Position>) -> Result<Option<Position>, Rejection> {
        let Shared { rooms, protocol, .. } = self.shared;
        let approach = rooms.approach(self.socket, room, since).await;
        let approach = approach.map_err(|fault| Rejection::fault(protocol, self.failure, fault))?;
        let place = approach.place.clone();
        self.approach = Some(approach);
        Ok(place)
    }

    fn change(&mut self, change: Change<'_>) -> Result<(), Rejection> {
        let Shared { hub, protocol, .. } = self.shared;
        match change {
            Change::Leave(room) => {
                hub.leave(self.socket, room);
                self.moved = Some(Moved::Left(room.clone()));
            }
            Change::Join { room, key, position } => self.join(room, key, position)?,
            // The previous token may have expired in the meantime: then the connection ends.
            Change::Renew(renewed) => {
                if !hub.renew(self.socket, renewed) {
                    return Err(protocol.answers.token_refused.into());
                }
            }
        }
        Ok(())
    }

    /// Sockets of this server receive the entries before the caller gets the acknowledgement.
    async fn deliver(&mut self, rooms: &[Room], emissions: &[Emission]) {
        for room in rooms.iter().filter(|_| self.is_durable) {
            self.shared.rooms.settled(room).await;
        }
        self.order.come().await;
        if let Some(Moved::Left(room)) = &self.moved {
            self.shared.rooms.leave(self.socket.id, room).await;
        }
        let receiver = Receiver { user: &self.socket.user, socket: Some(self.socket) };
        deliver(self.shared, receiver, rooms, emissions).await;
    }

    fn answers(&self) -> bool {
        self.packet.ack.is_some()
    }

    /// A locked room never waits for a client.
    fn acknowledge(&mut self, outcome: &Outcome) {
        if let Some(id) = self.packet.ack {
            self.is_full = self.socket.acknowledge(id, &success(outcome.answer.as_deref())) == Sent::Full;
        }
    }
}
