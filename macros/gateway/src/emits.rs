//! Events that business logic emits outside of any call.

use std::slice;

use accord_runtime::{emits::Emits, error::Fault, log::NewEntry, reply::Encoded};
use futures_util::future::BoxFuture;

use super::{emitted::Emitted, hub::Hub};

impl Emits for Hub {
    fn to_room(&self, event: NewEntry) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async move {
            let Some(gateway) = self.gateway() else { return Ok(()) };
            if gateway.protocol().event(event.event).is_some_and(|event| event.durable) {
                self.log().append(vec![event]).await?;
            } else {
                let emitted = Emitted::new(event.event, &event.data, gateway.versions());
                self.broadcast(&event.room, None, slice::from_ref(&emitted));
            }
            Ok(())
        })
    }

    fn to_user<'a>(&'a self, user_id: &'a str, event: &'static str, data: Encoded) -> BoxFuture<'a, Result<(), Fault>> {
        Box::pin(async move {
            if let Some(gateway) = self.gateway() {
                self.emit_to_user(user_id, slice::from_ref(&Emitted::new(event, &data, gateway.versions())));
            }
            Ok(())
        })
    }
}
