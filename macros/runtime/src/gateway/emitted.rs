//! An event on its way to sockets: as today's clients get it, and converted once for each older version that any of the
//! sockets speaks.

use std::sync::{Arc, OnceLock};

use serde_json::value::RawValue;

use super::link::{Link, Sent};
use crate::{older::Older, reply::Encoded, version::Served};

/// An event to emit.
pub(super) struct Emitted<'e> {
    event: &'e str,
    data: &'e RawValue,
    /// What it is in each older version, once somebody gets it.
    older: Vec<OnceLock<Converted>>,
}

/// What an event is in an older version.
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
    pub(super) fn send(&self, link: &Link) -> Sent {
        let Some(served) = &link.inbox.served else { return link.emit(self.event, self.data) };
        let Some(converted) = self.older.get(served.index) else { return Sent::Lost };
        match converted.get_or_init(|| self.convert(&served.older)) {
            Converted::Same => link.emit(self.event, self.data),
            Converted::Other(event, data) => link.emit(event, data),
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
                tracing::error!(event = self.event, version = older.protocol.version, error = ?causes, "an event is lost");
                Converted::Failed
            }
        }
    }
}
