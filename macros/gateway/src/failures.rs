//! Failures in the form in which a socket's client receives them.

use std::{sync::Arc, time::Duration};

use accord_runtime::{
    older::OlderRequest,
    rejection::Rejection,
    reply::{Encoded, encode},
};

use super::{deprecations::Client, shared::Shared, socket::Socket};

/// The time for a client to receive the news that its token has expired.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// A failure as a client gets it, in the version that it speaks.
pub(super) fn for_client(
    shared: &Shared,
    socket: &Socket,
    request: Option<&OlderRequest>,
    rejection: Rejection,
) -> Rejection {
    let Some(served) = &socket.inbox.served else { return rejection };
    let older = &served.older;
    let (errors, failure) =
        request.map_or((&older.errors, older.failure), |request| (&request.errors, request.failure));
    rejection.for_older(shared.protocol, [errors, &older.errors], failure)
}

/// Emits a failure to the socket that it concerns.
pub(super) async fn tell(shared: &Shared, socket: &Arc<Socket>, event: Option<&str>, rejection: &Rejection) {
    tell_within(shared.config.write_timeout, shared, socket, event, rejection).await;
}

async fn tell_within(
    patience: Duration,
    shared: &Shared,
    socket: &Arc<Socket>,
    event: Option<&str>,
    rejection: &Rejection,
) {
    let told: Encoded = match encode(&rejection.told(event)) {
        Ok(told) => told,
        Err(error) => {
            tracing::error!(error = ?error.to_string(), "a failure does not serialize");
            return;
        }
    };
    let protocol = socket.inbox.served.as_ref().map_or(shared.protocol, |served| served.older.protocol);
    socket.insist(patience, || socket.emit(protocol.error_event, &told)).await;
}

/// Ends a connection whose token has expired.
pub(super) async fn expire(shared: &Shared, socket: &Arc<Socket>) {
    if !shared.hub.begin_to_expire(socket) {
        return;
    }
    let rejection = Rejection::from(shared.protocol.answers.token_expired);
    Client::of(socket).gets(shared, rejection.name());
    let rejection = for_client(shared, socket, None, rejection);
    socket.inbox.close();
    tell_within(LAST_WORDS, shared, socket, None, &rejection).await;
    socket.end();
}
