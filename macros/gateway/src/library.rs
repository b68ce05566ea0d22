//! The library's answers to the requests of Engine.IO.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use axum::{extract::Request, response::Response};
use socketioxide::service::SocketIoService;
use tower::Service;

use super::answer;

/// The library's answers to requests below [`PATH`](super::engine_io::PATH).
pub(super) type EngineIo = SocketIoService<NotFound>;

/// Answers requests that are not Socket.IO's. The routes above pass on none of these.
#[derive(Clone)]
pub(super) struct NotFound;

impl Service<Request> for NotFound {
    type Response = Response;
    type Error = Infallible;
    type Future = Ready<Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request) -> Self::Future {
        ready(Ok(answer::not_found()))
    }
}
