//! Finding the file in a multipart body (RFC 7578), without reading it.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, BodyDataStream};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::{header::CONTENT_TYPE, request::Parts};
use multer::Multipart;
use tokio::time::{Instant, Sleep, sleep, timeout};

use super::{call::Unanswered, part_headers::PartHeaders};
use crate::{
    gateway::core::Core,
    operation::{BROKE_OFF, Body as Declared, OperationSpec, Upload},
    rejection::Rejection,
    validate::{Path, REQUIRED},
};

/// How long the rest of a body is read that nobody wants, so that its client gets to read the answer.
const DRAIN: Duration = Duration::from_secs(10);

/// How much of such a body is read.
const DRAIN_BYTES: usize = 64 << 20;

/// The file of a multipart operation's request; `None` for other operations.
pub(super) async fn open(
    core: &Core,
    spec: &OperationSpec,
    parts: &Parts,
    body: Body,
) -> Result<Option<Upload>, Unanswered> {
    let Declared::Multipart { field } = spec.body else { return Ok(None) };
    let invalid = |message| Unanswered::from(Rejection::invalid_at(core.protocol, Path::Root.key(field), message));
    let declared = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let body = Arriving::new(body, core.config.body_timeout);
    let Ok(boundary) = multer::parse_boundary(declared) else { return Err(invalid(REQUIRED)) };
    let mut headers = PartHeaders::new(&boundary);
    let body = body.map(move |piece| piece.map(|piece| headers.clean(piece)));
    let mut multipart = Multipart::new(body, boundary);
    loop {
        match multipart.next_field().await {
            Ok(Some(found)) if found.name() == Some(field) => return Ok(Some(Upload::new(found))),
            Ok(Some(_)) => {}
            Ok(None) => return Err(invalid(REQUIRED)),
            Err(_) => return Err(invalid(BROKE_OFF)),
        }
    }
}

/// A body as it arrives: one that pauses for too long has broken off, and one that is dropped half-way is read on.
///
/// A server that answers and closes while its client still writes has the client's system throw the answer away.
struct Arriving {
    /// `None` once it has ended.
    body: Option<BodyDataStream>,
    patience: Duration,
    pause: Pin<Box<Sleep>>,
}

impl Arriving {
    fn new(body: Body, patience: Duration) -> Self {
        Arriving { body: Some(body.into_data_stream()), patience, pause: Box::pin(sleep(patience)) }
    }
}

impl Stream for Arriving {
    type Item = Result<Bytes, io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        match body.poll_next_unpin(cx) {
            Poll::Ready(Some(Ok(piece))) => {
                let next = Instant::now() + self.patience;
                self.pause.as_mut().reset(next);
                Poll::Ready(Some(Ok(piece)))
            }
            Poll::Ready(Some(Err(error))) => {
                self.body = None;
                Poll::Ready(Some(Err(io::Error::other(error))))
            }
            Poll::Ready(None) => {
                self.body = None;
                Poll::Ready(None)
            }
            Poll::Pending if self.pause.as_mut().poll(cx).is_ready() => {
                self.body = None;
                Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        let Some(mut body) = self.body.take() else { return };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(timeout(DRAIN, async move {
            let mut read = 0;
            while let Some(Ok(piece)) = body.next().await {
                read += piece.len();
                if read > DRAIN_BYTES {
                    break;
                }
            }
        }));
    }
}
