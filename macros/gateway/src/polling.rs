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

/// The body of a post, for the library, one packet after the other. The library would handle all packets that it finds, tens of
/// thousands, without yielding to other tasks.
struct Posted {
    rest: Bytes,
    /// The number of packets until it yields.
    left: usize,
}

/// The number of packets of a post that are handled at once.
const HANDLED: usize = 64;

/// The character between two packets of a post (Engine.IO protocol 4).
const SEPARATOR: u8 = 0x1E;

impl HttpBody for Posted {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        if self.left == 0 {
            self.left = HANDLED;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        self.left -= 1;
        let end = self.rest.iter().position(|byte| *byte == SEPARATOR).map_or(self.rest.len(), |at| at + 1);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(end)))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

/// The body of a post that has been received.
pub(super) fn posted(body: Vec<u8>) -> Body {
    Body::new(Posted { rest: Bytes::from(body), left: HANDLED })
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

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[tokio::test]
    async fn a_post_is_handled_by_packets_with_other_tasks_in_between() {
        let packets = 2 * HANDLED + 1;
        let mut body = posted(vec!["42[\"tick\"]"; packets].join("\u{1e}").into_bytes());
        let (mut handled, mut yields) = (Vec::new(), 0);
        poll_fn(|cx| {
            loop {
                match Pin::new(&mut body).poll_frame(cx) {
                    Poll::Ready(Some(frame)) => handled.push(frame.unwrap().into_data().unwrap()),
                    Poll::Ready(None) => return Poll::Ready(()),
                    Poll::Pending => {
                        yields += 1;
                        return Poll::Pending;
                    }
                }
            }
        })
        .await;
        assert_eq!((handled.len(), yields), (packets, 2));
        assert!(handled[..packets - 1].iter().all(|packet| packet == "42[\"tick\"]\u{1e}"));
        assert_eq!(handled[packets - 1], "42[\"tick\"]");
    }
}
