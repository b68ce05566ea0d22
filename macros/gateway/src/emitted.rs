//! An event on its way to sockets, in today's form, and converted once for each older version that any of the sockets
//! speaks.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use accord_runtime::{
    log::{Entry, numbered},
    older::Older,
    reply::Encoded,
};
use semver::Version;
use serde_json::value::RawValue;

use super::socket::{Event, Sent, Socket};
use crate::{departure::Departure, version::Versions};

/// An event to emit.
pub(super) struct Emitted<'e> {
    event: &'e str,
    data: &'e RawValue,
    /// Its number in a log, if it is an entry of one.
    seq: Option<u64>,
    /// The version that introduced it; `None` if it has been there from the start.
    since: Option<&'e Version>,
    /// Its form in each older version, once a client gets it.
    older: Vec<OnceLock<Converted>>,
}

/// The form of an event in an older version.
enum Converted {
    /// The same.
    Same,
    /// Another.
    Other(&'static str, Encoded),
    /// Its clients do not know the event.
    Unknown,
    /// Lost: the conversion has failed.
    Failed,
}

/// An event that could not be converted.
struct Lost;

/// Sends events to one socket, in the version that its client speaks.
pub(super) fn send(events: &[Emitted<'_>], socket: &Socket) -> Sent {
    match forms(events, socket) {
        Ok(forms) => socket.emit_all(&forms),
        Err(Lost) => Sent::Lost,
    }
}

/// Sends events to many sockets, to each in its client's version; returns the sockets that miss them, and why.
pub(super) fn broadcast<'s>(
    events: &[Emitted<'_>],
    receivers: impl Iterator<Item = &'s Arc<Socket>>,
    departure: &Departure,
) -> Vec<(Arc<Socket>, Sent)> {
    let mut versions: BTreeMap<(Option<usize>, usize), Vec<&Arc<Socket>>> = BTreeMap::new();
    for socket in receivers {
        let served = socket.inbox.served.as_ref().map(|served| served.index);
        // Clients that know the same number of these events know the same events.
        let known = events.iter().filter(|event| event.is_known_to(socket)).count();
        versions.entry((served, known)).or_default().push(socket);
    }
    let mut missing = Vec::new();
    for sockets in versions.into_values() {
        let (missed, why) = match forms(events, sockets[0]) {
            Ok(forms) => (Socket::broadcast(&forms, &sockets, departure.clone()), Sent::Full),
            Err(Lost) => (sockets, Sent::Lost),
        };
        missing.extend(missed.into_iter().map(|socket| (Arc::clone(socket), why)));
    }
    missing
}

/// The events that a socket's client knows, in its version.
fn forms<'f>(events: &'f [Emitted<'_>], socket: &Socket) -> Result<Vec<Event<'f>>, Lost> {
    let known = events.iter().filter(|event| event.is_known_to(socket));
    known.filter_map(|event| event.form(socket).transpose()).collect()
}

impl<'e> Emitted<'e> {
    /// An event, as today's clients get it.
    pub(super) fn new(event: &'e str, data: &'e RawValue, versions: &'e Versions) -> Self {
        let older = versions.older.iter().map(|_| OnceLock::new()).collect();
        Emitted { event, data, seq: None, since: versions.since(event), older }
    }

    /// The event of an entry of a log.
    pub(super) fn of(entry: &'e Entry, versions: &'e Versions) -> Self {
        Emitted { seq: Some(entry.seq), ..Emitted::new(&entry.event, &entry.data, versions) }
    }

    /// Whether it is in the version that a socket's client states. For an older version that is served, the conversion
    /// decides.
    fn is_known_to(&self, socket: &Socket) -> bool {
        let Some(since) = self.since.filter(|_| socket.inbox.served.is_none()) else { return true };
        socket.spoken.as_ref().is_none_or(|spoken| spoken >= since)
    }

    /// Its form for a socket's client; `None` if its version does not have it.
    fn form(&self, socket: &Socket) -> Result<Option<Event<'_>>, Lost> {
        let Some(served) = &socket.inbox.served else { return Ok(Some((self.event, self.data))) };
        let converted = self.older.get(served.index).ok_or(Lost)?;
        match converted.get_or_init(|| self.convert(&served.older)) {
            Converted::Same => Ok(Some((self.event, self.data))),
            Converted::Other(event, data) => Ok(Some((event, data))),
            Converted::Unknown => Ok(None),
            Converted::Failed => Err(Lost),
        }
    }

    fn convert(&self, older: &Older) -> Converted {
        let event = match older.events.get(self.event) {
            None => return Converted::Same,
            Some(None) => return Converted::Unknown,
            Some(Some(event)) => event,
        };
        let data = match &event.data {
            // The types of the conversion have no number.
            Some(data) => data.convert(self.data).map(|data| match self.seq {
                Some(seq) => numbered(&data, seq),
                None => data,
            }),
            None => Ok(self.data.to_owned().into()),
        };
        match data {
            Ok(data) => Converted::Other(event.name, data),
            Err(fault) => {
                let causes = format!("{fault:#}");
                let version = older.protocol.version;
                tracing::error!(event = self.event, version, error = ?causes, "an event for older clients was lost");
                Converted::Failed
            }
        }
    }
}
