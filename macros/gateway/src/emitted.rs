//! An event on its way to sockets: as today's clients get it, and converted once for each older version that any of the
//! sockets speaks.

use std::sync::{Arc, OnceLock};

use accord_runtime::{older::Older, reply::Encoded};
use serde_json::value::RawValue;

use super::socket::{Sent, Socket};
use crate::version::Served;

/// An event to emit.
pub(super) struct Emitted<'e> {
    event: &'e str,
    data: &'e RawValue,
    /// Its form in each older version, once a client gets it.
    older: Vec<OnceLock<Converted>>,
}

/// The form of an event in an older version.
enum Converted {
    /// The same.
    Same,
    /// Another.
    Other(&'static str, Encoded),
    /// Nothing that its clients know of.
    Unknown,
    /// Lost: the conversion has failed.
    Failed,
}

impl<'e> Emitted<'e> {
    /// An event, as today's clients get it; `older` are the versions that are served besides.
    pub(super) fn new(event: &'e str, data: &'e RawValue, older: &[Arc<Served>]) -> Self {
        Emitted { event, data, older: older.iter().map(|_| OnceLock::new()).collect() }
    }

    /// Sends it to one socket, in the version that its client speaks.
    pub(super) fn send(&self, socket: &Socket) -> Sent {
        let Some(served) = &socket.inbox.served else { return socket.emit(self.event, self.data) };
        let Some(converted) = self.older.get(served.index) else { return Sent::Lost };
        match converted.get_or_init(|| self.convert(&served.older)) {
            Converted::Same => socket.emit(self.event, self.data),
            Converted::Other(event, data) => socket.emit(event, data),
            Converted::Unknown => Sent::Done,
            Converted::Failed => Sent::Lost,
        }
    }

    fn convert(&self, older: &Older) -> Converted {
        let event = match older.events.get(self.event) {
            None => return Converted::Same,
            Some(None) => return Converted::Unknown,
            Some(Some(event)) => event,
        };
        let data = match &event.data {
            Some(data) => data.convert(self.data),
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
