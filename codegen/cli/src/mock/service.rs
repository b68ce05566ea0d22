//! A model as a service that the gateway serves.

use std::sync::Arc;

use accord_language::model;
use accord_runtime::{Effect, Endpoint, Lifecycle, RoomAction, Service};

use super::{
    events::{self, EventCall},
    operations::OperationCall,
    state::State,
};

/// The protocol that a mock serves, without business logic.
pub fn service(state: &Arc<State>) -> Service {
    let (model, tables) = (state.model, &state.tables);
    let events = model.client_events().map(|event| {
        let effect = match (event.room, &event.renews) {
            (Some(model::RoomAction::Join), _) => Some(Effect::Room(RoomAction::Join)),
            (Some(model::RoomAction::Leave), _) => Some(Effect::Room(RoomAction::Leave)),
            (None, Some(token)) => Some(Effect::Renew(token)),
            (None, None) => None,
        };
        let spec = tables.event(event);
        Endpoint::of_event(spec, effect, Box::new(EventCall::new(state, event, spec)))
    });
    let operations = model.http.operations.iter().map(|operation| {
        Endpoint::of_operation(tables.operation(operation), Box::new(OperationCall::new(state, operation)))
    });
    Service {
        protocol: tables.protocol,
        lifecycle: Lifecycle { connect: events::connect(state), disconnect: events::disconnect(state) },
        endpoints: events.chain(operations).collect(),
        older: Vec::new(),
    }
}
