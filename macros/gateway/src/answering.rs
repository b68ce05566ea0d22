//! The layers that every answer of the gateway passes on its way out.

use std::{sync::Arc, time::Duration};

use accord_runtime::{panics::caught, rejection::Rejection};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderValue, StatusCode, header::X_CONTENT_TYPE_OPTIONS};
use tokio::time::sleep;

use super::shared::Shared;
use crate::answer;

/// The pause before a refusal for too many requests. The server reads the connection's next request only afterwards, so a flood
/// takes its sender's time, and not the server's.
const SLOWED: Duration = Duration::from_millis(100);

/// Answers a request in any case: if its handler panics, as a failure of the server.
pub(super) async fn catching_panics(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    caught(next.run(request)).await.unwrap_or_else(|fault| {
        let rejection = Rejection::fault(shared.protocol, shared.protocol.answers.internal.message, fault);
        rejection.log("a request", "");
        answer::failure(&rejection)
    })
}

/// Keeps browsers from guessing another type for the content than its declared one.
pub(super) async fn no_sniffing(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Slows down clients that send too many requests.
pub(super) async fn slowing_floods(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() == StatusCode::TOO_MANY_REQUESTS {
        sleep(SLOWED).await;
    }
    response
}
