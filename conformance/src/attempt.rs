//! One attempt at a case, within a time limit and isolated from all others.

use std::{sync::Arc, time::Duration};

use accord_flows::Fixture;
use futures_util::future::BoxFuture;

use crate::{
    client::Transport,
    play::{Deviation, Server, Session},
};

/// The steps of a case that were carried out, and its result.
pub(crate) struct Played {
    pub session: Arc<Session>,
    pub verdict: Result<(), Deviation>,
    /// The generated file of flows that shows the failure, if the case is generated.
    pub flow: Option<String>,
}

/// Carries out `play` on a fixture, within `limit`, in a separate task: if a server's answer causes a panic, only this
/// case fails, not the run.
pub(crate) async fn attempt(
    server: Arc<Server>,
    fixture: Fixture,
    (transport, acknowledged): (Transport, bool),
    limit: Duration,
    play: impl FnOnce(Arc<Session>) -> BoxFuture<'static, Result<(), Deviation>> + Send + 'static,
) -> Played {
    let session = Arc::new(Session::new(server, fixture, transport, acknowledged));
    let task = tokio::spawn({
        let session = session.clone();
        async move { tokio::time::timeout(limit, play(session)).await }
    });
    let verdict = match task.await {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(_)) => Err(Deviation::new("the case", format!("its end within {} s", limit.as_secs()), "none")),
        Err(error) => Err(Deviation::new("the case", "its end", format!("an error in the suite itself: {error}"))),
    };
    Played { session, verdict, flow: None }
}
