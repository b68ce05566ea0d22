//! The remainder of a request's body when its answer is ready.
//!
//! A server that closes a connection while its client still writes to it makes the client's system discard the answer
//! (RFC 9112, section 9.6): `fetch` fails with `EPIPE`, a browser with a network error. So the remainder is read and
//! dropped, within bounds. A connection whose request has been read completely serves further requests; any other
//! connection closes.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::StreamExt;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CONNECTION, EXPECT},
};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::Exchange;

/// The maximum number of bytes of a remainder that are read.
const MOST: usize = 1 << 30;

/// The time for which a remainder is read.
const LONGEST: Duration = Duration::from_secs(30);

/// The time for which a remainder may pause.
const PAUSE: Duration = Duration::from_secs(5);

/// The time for which a client may pause that asked for `100 Continue` and got an answer instead. Few clients send the
/// body then.
const UNINVITED: Duration = Duration::from_secs(1);

/// The time for which a remainder is read once the server has stopped.
const STOPPING: Duration = Duration::from_millis(500);

/// The receiver of the remainder of a body.
pub(crate) struct Remainder {
    /// `None` where there is no body.
    back: Option<oneshot::Receiver<Left>>,
    /// Whether the client waits for `100 Continue`.
    expects: bool,
}

/// The remainder of a body.
struct Left {
    body: Incoming,
    /// Whether reading it has begun.
    is_begun: bool,
}

/// Lends the body of a request with these headers to what answers the request.
pub(crate) fn lend(body: Incoming, headers: &HeaderMap) -> (Lent, Remainder) {
    let expects = headers.get(EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"));
    let (forth, back) = (!body.is_end_stream()).then(oneshot::channel).unzip();
    (Lent { body: Some(body), is_begun: false, forth }, Remainder { back, expects })
}

impl Remainder {
    /// Reads and drops it from the moment that the request has been answered; the exchange ends with it. Once `stopped` is
    /// cancelled, the server closes its connections.
    pub(crate) fn discard(self, response: &mut Response, exchange: Arc<Exchange>, stopped: CancellationToken) {
        let Some(Left { body, is_begun }) = self.back.and_then(|mut back| back.try_recv().ok()) else { return };
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            return;
        }
        let uninvited = self.expects && !is_begun;
        if uninvited {
            // Without its body, the next request on the connection would be taken for it.
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        // The task begins when the answer is about to be written: read earlier, a body that its client has announced would
        // be invited by `100 Continue`.
        tokio::spawn(async move {
            let reading = timeout(LONGEST, read_out(body, if uninvited { UNINVITED } else { PAUSE }));
            let stopping = async {
                stopped.cancelled().await;
                sleep(STOPPING).await;
            };
            tokio::select! {
                _ = reading => {}
                () = stopping => {}
            }
            drop(exchange);
        });
    }
}

/// Reads a body and drops it, for as long as it does not pause.
async fn read_out(body: Incoming, pause: Duration) {
    let mut pieces = Body::new(body).into_data_stream();
    let mut left = MOST;
    while let Ok(Some(Ok(piece))) = timeout(pause, pieces.next()).await {
        match left.checked_sub(piece.len()) {
            Some(less) => left = less,
            None => break,
        }
    }
}

/// A body that comes back when it is dropped before its end.
pub(crate) struct Lent {
    /// `None` once it has ended.
    body: Option<Incoming>,
    is_begun: bool,
    /// `None` once the body has come back, and where there is none.
    forth: Option<oneshot::Sender<Left>>,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.is_begun = true;
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(body).poll_frame(cx));
        if !matches!(frame, Some(Ok(_))) {
            self.body = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let left = self.body.take().filter(|body| !body.is_end_stream());
        if let (Some(body), Some(forth)) = (left, self.forth.take()) {
            // If the client is gone, nobody waits for it.
            forth.send(Left { body, is_begun: self.is_begun }).ok();
        }
    }
}
