//! Ends the sockets of revoked users, also if another server that shares the database revoked them.

use std::time::Duration;

use accord_gateway::Hub;

use crate::store::{Store, StoreError};

/// The maximum time between two checks for revocations: sockets of a revoked user end within a second.
const INTERVAL: Duration = Duration::from_millis(250);

/// Ends the sockets and uploads of users as they are revoked. Never returns.
///
/// This also carries out old revocations: they affect nobody who could have connected since.
pub async fn run(store: Store, hub: Hub) {
    let (mut last, mut is_failing) = (0, false);
    loop {
        match look(&store, &hub, last).await {
            Ok(newest) => (last, is_failing) = (newest, false),
            Err(error) if is_failing => tracing::debug!(%error, "still cannot check for revoked users"),
            Err(error) => {
                tracing::warn!(%error, "cannot check for revoked users: their sockets stay until the database answers");
                is_failing = true;
            }
        }
        store.revocation_awaited(INTERVAL).await;
    }
}

/// Carries out the revocations after this number, and returns the number of the newest.
async fn look(store: &Store, hub: &Hub, mut last: i64) -> Result<i64, StoreError> {
    loop {
        let revocations = store.revocations_after(last).await?;
        let Some(newest) = revocations.last() else { return Ok(last) };
        last = newest.number;
        for revocation in &revocations {
            hub.revoke(&revocation.user_id, revocation.revoked_at.into());
        }
    }
}
