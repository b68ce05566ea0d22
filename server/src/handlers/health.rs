//! The handler of `ping`.

use accord_runtime::Call;

use super::App;
use crate::{protocol::*, store::Timestamp};

impl Health for App {
    async fn ping(&self, _: Call) -> Result<PingReply, PingError> {
        Ok(PingReply { pong: Pong { timestamp: Timestamp::now().as_millisecond() } })
    }
}
