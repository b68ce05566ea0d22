//! Bounds for polls and posts that the library does not bound itself.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, to_bytes},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{StatusCode, header::CONTENT_TYPE};
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use super::{
    Config,
    connection::{Session, Turn, outgoing},
};

/// The number of bytes of a poll's answer that are passed on at once.
const PIECE: usize = 16 << 10;

/// The space in a poll's answer for the packets that the library sends by itself, in bytes.
const LIBRARYS: usize = 16 << 10;

/// The maximum size of what waits for a client that polls: one answer takes all of it. The library puts a packet aside that exceeds
/// the answer, and loses it if the client stops polling for an upgrade.
pub(super) fn most_unsent(config: &Config) -> usize {
    config.max_packet_bytes.saturating_sub(LIBRARYS)
}

/// The body of a poll's answer. Its session gets no other answer until nearly all of it has been written.
struct Piecewise {
    rest: Bytes,
    _turn: Turn,
}

impl HttpBody for Piecewise {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let length = self.rest.len().min(PIECE);
        // A copy, because a slice would keep the whole in memory.
        let piece = Bytes::copy_from_slice(&self.rest.split_to(length));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

/// Hands the answer of its poll to a client.
pub(super) async fn hand(session: &Arc<Session>, turn: Turn, answer: Response) -> Response {
    let (parts, body) = answer.into_parts();
    // The library holds the whole body.
    let rest = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if parts.status == StatusCode::OK {
        session.handed(outgoing::in_payload(&rest));
    }
    Response::from_parts(parts, Body::new(Piecewise { rest, _turn: turn }))
}

/// The answer for a session that ended because of its client.
pub(super) fn bad_request() -> Response {
    let told = r#"{"code":"3","message":"Bad request"}"#;
    (StatusCode::BAD_REQUEST, [(CONTENT_TYPE, "application/json")], told).into_response()
}

/// The id of the session that the library has opened.
pub(super) fn opened(payload: &[u8]) -> Option<String> {
    let open: serde_json::Value = serde_json::from_slice(payload.strip_prefix(b"0")?).ok()?;
    open.get("sid")?.as_str().map(str::to_owned)
}
