//! The body of an answer while its client reads it.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use crate::turns::Turn;

/// The maximum number of bytes that the connection gets at a time: it asks for more once its client has read most of them.
const PIECE: usize = 64 << 10;

/// The body of an answer, which keeps its user's turn until the client has read nearly all of it. Otherwise the connection would
/// take an answer that is whole in memory at once, and the next answer would be made although the client reads nothing.
pub(super) struct Reading {
    body: Body,
    /// The rest of the last piece of the body.
    rest: Bytes,
    _turn: Turn,
}

impl Reading {
    pub(super) fn new(body: Body, turn: Turn) -> Self {
        Reading { body, rest: Bytes::new(), _turn: turn }
    }
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        while self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)?) {
                None => return Poll::Ready(None),
                Some(frame) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(frame) => return Poll::Ready(Some(Ok(frame))),
                },
            }
        }
        let piece = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (hint, rest) = (self.body.size_hint(), self.rest.len() as u64);
        let mut whole = SizeHint::new();
        whole.set_lower(hint.lower() + rest);
        if let Some(upper) = hint.upper() {
            whole.set_upper(upper + rest);
        }
        whole
    }
}
