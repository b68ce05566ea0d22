//! Counters, and raising them. The gateway itself handles joining and leaving.

use accord_runtime::Call;

use super::App;
use crate::protocol::*;

/// The maximum of a counter.
pub const MOST: i64 = 1_000;

impl Counters for App {
    async fn raise_counter(
        &self,
        call: Call<scopes::Counter>,
        payload: RaiseCounter,
    ) -> Result<RaiseCounterReply, RaiseCounterError> {
        let mut counters = self.counters();
        let counter = counters.entry(call.member().room().id.clone()).or_default();
        if counter.total + payload.by > MOST {
            return Err(RaiseCounterError::CounterFull);
        }
        counter.total += payload.by;
        Ok(RaiseCounterReply {
            counter_raised: CounterRaised {
                counter_id: payload.counter_id,
                total: counter.total,
                user_id: call.identity().id.as_str().into(),
            },
        })
    }
}
