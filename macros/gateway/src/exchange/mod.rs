//! One request and its answer on a connection: how long the request's body may take, and when both have ended.

pub(super) mod remainder;

use std::{
    error::Error,
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use self::remainder::Lent;
use super::{
    connection::{Connection, Phase},
    quota::Permit,
};

/// A request that is being read and answered. The next may follow on its connection once this is dropped.
pub(super) struct Exchange {
    connection: Arc<Connection>,
    permit: Mutex<Option<Box<dyn Permit>>>,
}

impl Exchange {
    pub(super) fn begin(connection: &Arc<Connection>) -> Arc<Self> {
        connection.enter(Phase::Exchange);
        Arc::new(Exchange { connection: Arc::clone(connection), permit: Mutex::default() })
    }

    /// Keeps the request's permits until it has been answered, or until the WebSocket that it becomes has ended.
    pub(super) fn keep(&self, permit: Box<dyn Permit>) {
        *self.permit.lock().unwrap_or_else(PoisonError::into_inner) = Some(permit);
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.connection.enter(Phase::Idle);
        if self.connection.phase() == Phase::WebSocket {
            let permit = self.permit.get_mut().unwrap_or_else(PoisonError::into_inner).take();
            permit.into_iter().for_each(|permit| self.connection.keep(permit));
        }
    }
}

/// The time to wait for a body once the server is stopping.
const HURRIED_PAUSE: Duration = Duration::from_millis(300);

/// The factor by which a body must then arrive faster.
const HURRIED_RATE: u32 = 64;

/// The minimum speed of a body.
#[derive(Clone)]
pub(super) struct Pace {
    /// The time to wait for the body. Bytes that arrive add to it.
    pub(super) pause: Duration,
    /// The minimum number of bytes per second.
    pub(super) bytes_per_second: u32,
    /// Cancelled when the server stops.
    pub(super) hurry: CancellationToken,
}

/// The body of a request, as it arrives: one that is too slow breaks off with [`io::ErrorKind::TimedOut`].
pub(super) struct Arriving {
    body: Lent,
    pace: Pace,
    /// The remaining time to wait for it. Only the time spent waiting for the client counts.
    left: Duration,
    waiting: Option<Waiting>,
    _exchange: Arc<Exchange>,
}

struct Waiting {
    since: Instant,
    over: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Arriving {
    pub(super) fn new(body: Lent, pace: Pace, exchange: Arc<Exchange>) -> Self {
        Arriving { body, left: pace.pause, pace, waiting: None, _exchange: exchange }
    }

    /// Counts the time spent waiting, and the bytes that have arrived.
    fn arrived(&mut self, bytes: usize) {
        let waited = self.waiting.take().map_or(Duration::ZERO, |waiting| waiting.since.elapsed());
        let Pace { mut pause, mut bytes_per_second, ref hurry } = self.pace;
        if hurry.is_cancelled() {
            (pause, bytes_per_second) = (pause.min(HURRIED_PAUSE), bytes_per_second.saturating_mul(HURRIED_RATE));
        }
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let earned = Duration::from_secs(1) * bytes / bytes_per_second.max(1);
        self.left = (self.left.saturating_sub(waited) + earned).min(pause);
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Box<dyn Error + Send + Sync>>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            let data = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref());
            this.arrived(data.map_or(0, Bytes::len));
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let (left, hurry) = (this.left, &this.pace.hurry);
        let waiting = this.waiting.get_or_insert_with(|| {
            let (since, hurry) = (Instant::now(), hurry.clone());
            let over = Box::pin(async move {
                tokio::select! {
                    () = sleep_until(since + left) => {}
                    () = hurry.cancelled() => sleep_until((since + left).min(Instant::now() + HURRIED_PAUSE)).await,
                }
            });
            Waiting { since, over }
        });
        waiting.over.as_mut().poll(cx).map(|()| Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Whether a body has broken off because it was too slow.
pub(crate) fn is_late(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The body of an answer, until it has left.
pub(super) struct Leaving {
    pub(super) body: Body,
    pub(super) _exchange: Arc<Exchange>,
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
