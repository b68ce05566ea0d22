//! The shared state of all calls: the protocol, the maker of answers, and the faults.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use accord_gateway::{Keep, MemoryLog};
use accord_language::model::{ErrorId, Model};
use accord_runtime::{
    Authority, Fault, Log, Refusal, Room,
    reply::{self, Encoded},
};
use serde_json::{Map, Value};

use super::{
    faults::Faults,
    history::{History, Reading, Replayed, Shown},
    make::Maker,
    tables::Tables,
};

/// The waiting time in injected failures of a limit.
const RETRY_AFTER: Duration = Duration::from_millis(1000);

/// The bounds of rooms' logs, which replace those of the schema: the logs are in memory.
const KEEP: Keep =
    Keep { entries: 1000, total: 100_000, time: Duration::from_secs(7 * 24 * 3600), floor: Duration::ZERO };

/// The shared state of all calls.
pub struct State {
    /// The protocol.
    pub model: &'static Model,
    /// Its tables.
    pub tables: Tables,
    /// The maker of the answers.
    pub maker: Maker,
    /// The logs of rooms.
    pub log: Arc<Replayed>,
    /// The history of all rooms.
    pub history: Arc<History>,
    faults: RwLock<Arc<Faults>>,
}

impl State {
    /// The state before the first call.
    pub fn new(model: &'static Model, maker: Maker, faults: Faults) -> Self {
        let history = Arc::new(History::new(model));
        let log = Arc::new(Replayed::new(MemoryLog::new(KEEP), Arc::clone(&history)));
        State { model, tables: Tables::new(model), maker, log, history, faults: RwLock::new(Arc::new(faults)) }
    }

    /// The current faults.
    pub fn faults(&self) -> Arc<Faults> {
        Arc::clone(&self.faults.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the faults.
    pub fn set_faults(&self, faults: Faults) {
        *self.faults.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(faults);
    }

    /// Injects the delay and the failure of a call, if any.
    pub async fn suffer(&self, call: &str) -> Result<(), Refusal> {
        let faults = self.faults();
        let latency = faults.latency(call, self.maker.chance());
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        match faults.failure(call, self.maker.chance()) {
            Some(error) => Err(self.refusal(error)),
            None => Ok(()),
        }
    }

    /// The part of its room's history that the answer to a request shows, if any.
    pub async fn shown<'s>(
        &'s self,
        reading: Option<&'s Reading>,
        given: &'s Map<String, Value>,
    ) -> Result<Option<Shown<'s>>, Refusal> {
        let Some(reading) = reading else { return Ok(None) };
        let room = reading.room(given);
        let position = self.log.position(&room).await.map_err(Refusal::Fault)?;
        Ok(Some(Shown { history: &self.history, reading, room, position, given }))
    }

    fn refusal(&self, error: ErrorId) -> Refusal {
        let gateway = &self.model.gateway;
        if error == gateway.internal {
            Refusal::Fault(Fault::msg("asked for with --fail"))
        } else if error == gateway.rate_limited {
            Refusal::Limited { retry_after: RETRY_AFTER }
        } else {
            Refusal::Declared(self.tables.error(error))
        }
    }
}

/// Every user is a member of every room, except for denied rooms.
pub struct Everybody(pub Arc<State>);

impl Authority for Everybody {
    async fn is_member(&self, _: &str, room: &Room) -> Result<bool, Fault> {
        Ok(!self.0.faults().denies(room))
    }
}

/// A value as it is sent.
pub fn encode(value: &Value) -> Result<Encoded, Refusal> {
    reply::encode(value).map_err(|error| Refusal::Fault(error.into()))
}
