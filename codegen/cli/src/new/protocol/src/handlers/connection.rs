//! The handshake.

use accord_runtime::Call;

use super::App;
use crate::protocol::*;

impl Connection for App {
    async fn connect(&self, call: Call) -> Result<ConnectReply, ConnectError> {
        Ok(ConnectReply { authenticated: Authenticated { user_id: call.identity().id.as_str().into() } })
    }
}
