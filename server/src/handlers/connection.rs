//! The handlers of sockets that connect and disconnect.

use accord_runtime::{Call, Fault};

use super::App;
use crate::protocol::*;

impl Connection for App {
    async fn connect(&self, call: Call) -> Result<ConnectReply, ConnectError> {
        let user = self.0.store.user_upsert(call.identity()).await.map_err(Fault::new)?;
        let authenticated = Authenticated {
            user_id: user.id.clone().into(),
            user: user.into(),
            protocol: AuthenticatedProtocol { name: PROTOCOL.name.into(), version: PROTOCOL.version.into() },
            expires_at: Timestamp(call.expires_at()),
        };
        let presence_changed = self.presence_begin(&call.identity().id);
        Ok(ConnectReply { authenticated, presence_changed })
    }

    async fn disconnect(&self, call: Call) -> Result<DisconnectReply, DisconnectError> {
        Ok(DisconnectReply { presence_changed: self.presence_end(&call.identity().id) })
    }
}
