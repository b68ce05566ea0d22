//! Sends events, to one client or to many, and acknowledgements.

use std::{borrow::Cow, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::FutureExt;
use serde::Serialize;
use serde_json::value::RawValue;
use socketioxide::{
    BroadcastError, SendError, SocketError, adapter::LocalAdapter, extract::AckSender, handler::FromMessageParts,
    socket::Socket as LibrarySocket,
};
use socketioxide_core::{Str, Value};
use tokio::sync::OwnedMutexGuard;

use super::Socket;
use crate::{
    connection::{Session, direct::put_frame, unsent::Put},
    departure::{Departure, Urgency},
};

/// The pause between two attempts to send to a client that does not read.
const RETRY: Duration = Duration::from_millis(5);

/// An event in the form in which its clients get it: its name, and its payload.
pub(crate) type Event<'e> = (&'e str, &'e RawValue);

/// The result of sending a packet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Sent {
    /// It is on its way.
    Done,
    /// Too much waits for the client already, so it misses this packet.
    Full,
    /// It could not be converted to the client's version, so the client misses it.
    Lost,
    /// The client is gone.
    Gone,
}

/// The turn to send a client a page of a replay, until its client has received that. It may have replays of several
/// rooms, but it has to take only one page at a time.
pub(crate) type PageTurn = OwnedMutexGuard<()>;

impl Socket {
    /// Sends an event, or finds that the client has fallen behind.
    pub(crate) fn emit(&self, event: &str, data: &RawValue) -> Sent {
        self.emit_all(&[(event, data)])
    }

    /// Sends events together, or none of them if the client has fallen behind.
    pub(crate) fn emit_all(&self, events: &[Event<'_>]) -> Sent {
        let Some(library) = self.connected() else { return Sent::Gone };
        let emit = || events.iter().try_for_each(|(event, data)| library.emit(event, *data));
        self.send(&lengths(events), || frames(events), emit)
    }

    /// Sends events to all of these sockets except those that have fallen behind, which it returns. An event is encoded
    /// once, and the sockets share its memory.
    pub(crate) fn broadcast<'s>(
        events: &[Event<'_>],
        sockets: &[&'s Arc<Socket>],
        departure: Departure,
    ) -> Vec<&'s Arc<Socket>> {
        let (lengths, frames) = (lengths(events), frames(events));
        let (mut to_write, mut rooms, mut missed) = (Vec::with_capacity(sockets.len()), Vec::new(), Vec::new());
        let (mut first, urgency) = (None, departure.urgency());
        for &socket in sockets {
            let Some(library) = socket.connected() else { continue };
            let put = |session: &Arc<Session>| session.unsent.put(&lengths, urgency, || frames.clone());
            match socket.session.as_ref().map_or(Put::Library, put) {
                Put::Direct(true) => to_write.extend(socket.session.clone()),
                Put::Direct(false) => {}
                Put::Library => {
                    rooms.push(room_of(library));
                    first.get_or_insert(library);
                }
                Put::Full => missed.push(socket),
            }
        }
        departure.await_with(to_write);
        // Without a room, the library would send to the socket that the call goes through.
        let Some(library) = first else { return missed };
        let receivers = library.within(rooms);
        for (event, data) in events {
            // This is ready at once, because only this process is involved. Sockets that are gone need no packets, and
            // the queues have no bound.
            if let Some(Err(BroadcastError::Serialize(error))) = receivers.clone().emit(event, *data).now_or_never() {
                does_not_serialize(&error);
            }
        }
        missed
    }

    /// Sends an acknowledgement, or finds that the client has fallen behind.
    pub(crate) fn acknowledge<T: Serialize>(&self, id: i64, answer: &T) -> Sent {
        let mut nothing = Value::Str(Str::default(), None);
        let Some(library) = self.connected() else { return Sent::Gone };
        let answer = match serde_json::value::to_raw_value(answer) {
            Ok(answer) => answer,
            Err(error) => return does_not_serialize(&error),
        };
        let frame = || {
            let mut frame = Vec::with_capacity(answer.get().len() + 32);
            put_frame(&mut frame, format_args!("43{id}[{answer}]"));
            frame.into()
        };
        self.send(&[answer.get().len()], frame, || {
            let Ok(sender) = AckSender::<LocalAdapter>::from_message_parts(library, &mut nothing, &Some(id));
            sender.send(&answer)
        })
    }

    /// Writes messages of these lengths, or lets the library queue them, unless too much waits for the client already.
    fn send(
        &self,
        lengths: &[usize],
        frames: impl FnOnce() -> Bytes,
        queue: impl FnOnce() -> Result<(), SendError>,
    ) -> Sent {
        let Some(session) = &self.session else { return sent(queue()) };
        match session.unsent.put(lengths, Urgency::Now, frames) {
            Put::Direct(false) => Sent::Done,
            Put::Direct(true) => {
                Departure::default().await_with(vec![Arc::clone(session)]);
                Sent::Done
            }
            Put::Library => {
                let sent = sent(queue());
                if sent != Sent::Done {
                    session.unsent.take_back(lengths.len());
                }
                sent
            }
            Put::Full => Sent::Full,
        }
    }

    /// Sends the result of a client's own request, at the speed at which the client reads. A client that does not read
    /// at all is cut off.
    pub(crate) async fn insist(self: &Arc<Self>, patience: Duration, send: impl Fn() -> Sent) {
        let attempts = async {
            loop {
                match send() {
                    Sent::Full => tokio::time::sleep(RETRY).await,
                    sent => return sent,
                }
            }
        };
        self.note(tokio::time::timeout(patience, attempts).await.unwrap_or(Sent::Full));
    }

    /// Waits until its client has received everything sent so far. A client that does not read at all is cut off.
    pub(crate) async fn drained(self: &Arc<Self>, patience: Duration) {
        let is_drained = || self.session.as_ref().is_none_or(|session| session.unsent.is_empty());
        self.insist(patience, || if is_drained() { Sent::Done } else { Sent::Full }).await;
    }

    /// Waits until its client has received everything sent so far and no other room is sending it a page.
    pub(crate) async fn page_turn(self: &Arc<Self>, patience: Duration) -> PageTurn {
        let turn = Arc::clone(&self.page).lock_owned().await;
        self.drained(patience).await;
        turn
    }

    /// The library's socket, while its client is in the namespace.
    fn connected(&self) -> Option<&Arc<LibrarySocket>> {
        self.library.get().filter(|library| library.connected())
    }
}

/// The library's room of one socket alone. The library can share a packet only among the sockets of a room; for a
/// single socket it encodes the packet anew.
pub(super) fn room_of(library: &LibrarySocket) -> Cow<'static, str> {
    Cow::Owned(library.id.as_str().to_owned())
}

/// The lengths of the events as they are sent, without punctuation.
fn lengths(events: &[Event<'_>]) -> Vec<usize> {
    events.iter().map(|(event, data)| event.len() + data.get().len()).collect()
}

/// The events as frames.
fn frames(events: &[Event<'_>]) -> Bytes {
    let mut frames = Vec::with_capacity(events.iter().map(|(event, data)| event.len() + data.get().len() + 32).sum());
    for (event, data) in events {
        let event = serde_json::Value::from(*event);
        put_frame(&mut frames, format_args!("42[{event},{data}]"));
    }
    frames.into()
}

fn sent(result: Result<(), SendError>) -> Sent {
    match result {
        Ok(()) => Sent::Done,
        Err(SendError::Socket(SocketError::InternalChannelFull)) => Sent::Full,
        Err(SendError::Socket(SocketError::Closed)) => Sent::Gone,
        Err(SendError::Serialize(error)) => does_not_serialize(&error),
    }
}

fn does_not_serialize(error: &dyn std::error::Error) -> Sent {
    tracing::error!(error = ?error.to_string(), "an event does not serialize");
    Sent::Gone
}
