//! A model as a service that the gateway serves.

use std::sync::Arc;

use accord_codegen::model;
use accord_runtime::{Entry, Lifecycle, Operation, RoomAction, Service};

use super::{
    events::{self, EventCall},
    operations::OperationCall,
    stage::Stage,
};

/// The protocol of a stage, carried out by nobody.
pub fn service(stage: &Arc<Stage>) -> Service {
    let (model, tables) = (stage.model, &stage.tables);
    let events = model.domains.iter().flat_map(|domain| &domain.client).map(|event| Entry {
        spec: tables.event(event),
        room: event.room.map(|action| match action {
            model::RoomAction::Join => RoomAction::Join,
            model::RoomAction::Leave => RoomAction::Leave,
        }),
        handler: Box::new(EventCall::new(stage, event)),
    });
    let operations = model.http.operations.iter().map(|operation| Operation {
        spec: tables.operation(operation),
        handler: Box::new(OperationCall::new(stage, operation)),
    });
    Service {
        protocol: tables.protocol,
        lifecycle: Lifecycle { connect: events::connect(stage), disconnect: events::disconnect(stage) },
        events: events.collect(),
        operations: operations.collect(),
        older: Vec::new(),
    }
}
