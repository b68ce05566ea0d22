//! Sends messages to a WebSocket without the library. A frame is made once for all clients that get it, and is written
//! as soon as a writer is free, without waking each connection's task.

use std::{
    collections::VecDeque,
    fmt,
    io::{self, IoSlice, Write as _},
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use tokio::net::{TcpStream, tcp::OwnedWriteHalf};

use super::Connection;
use crate::departure::Urgency;

/// The maximum number of pieces that are written at once.
const MOST_PIECES: usize = 32;

/// The frames that wait to be written to a WebSocket, apart from the library's own.
pub(crate) struct Direct {
    connection: Arc<Connection>,
    stream: Arc<OwnedWriteHalf>,
    /// Pieces of one frame or more, each with the size that it counts for.
    pieces: VecDeque<(Bytes, usize)>,
    /// Whether the library has begun a frame and not ended it yet.
    pub(crate) is_amid_frame: bool,
    /// The flush that is scheduled, if any.
    awaited: Option<Urgency>,
    /// Whether the client has to read first. The connection's reader then continues.
    pub(crate) is_blocked: bool,
}

impl Direct {
    pub(crate) fn new(connection: &Arc<Connection>, stream: &Arc<OwnedWriteHalf>) -> Self {
        Direct {
            connection: Arc::clone(connection),
            stream: Arc::clone(stream),
            pieces: VecDeque::new(),
            is_amid_frame: false,
            awaited: None,
            is_blocked: false,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The size of the waiting frames.
    pub(crate) fn size(&self) -> usize {
        self.pieces.iter().map(|(_, size)| size).sum()
    }

    /// Adds frames. Returns whether the caller has to make sure that they are written by then.
    pub(crate) fn push(&mut self, frames: Bytes, size: usize, urgency: Urgency) -> bool {
        self.pieces.push_back((frames, size));
        let is_awaited = self.is_blocked || self.awaited.is_some_and(|awaited| awaited >= urgency);
        if !is_awaited {
            self.awaited = Some(urgency);
        }
        !is_awaited
    }

    /// Writes as much as the system accepts at once; returns the size of the pieces that no longer wait.
    pub(crate) fn write_on(&mut self) -> usize {
        let mut size = 0;
        self.awaited = None;
        while !self.pieces.is_empty() && !self.is_amid_frame && !self.is_blocked {
            match self.connection.check().and_then(|()| self.write_to(stream_of(&self.stream))) {
                Ok(written) => size += self.written(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.leave_to_reader(),
                Err(_) => {
                    self.connection.cut();
                    break;
                }
            }
        }
        size
    }

    /// Makes the connection's reader write the waiting frames.
    pub(crate) fn leave_to_reader(&mut self) {
        self.is_blocked = true;
        self.connection.wake_reader();
    }

    /// Writes once, as soon as the system accepts bytes; returns their number.
    pub(crate) fn poll_write(&self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.connection.check()?;
        poll_write(&self.stream, cx, |stream| self.write_to(stream))
    }

    /// Removes written frames; returns the size of the pieces that no longer wait.
    pub(crate) fn written(&mut self, mut bytes: usize) -> usize {
        let mut size = 0;
        while let Some((piece, counted)) = self.pieces.front_mut() {
            if bytes < piece.len() {
                piece.advance(bytes);
                return size;
            }
            bytes -= piece.len();
            size += *counted;
            self.pieces.pop_front();
        }
        self.is_blocked = false;
        size
    }

    fn write_to(&self, stream: &TcpStream) -> io::Result<usize> {
        if let [piece] = self.pieces.as_slices().0
            && self.pieces.len() == 1
        {
            return stream.try_write(&piece.0);
        }
        let mut slices = [IoSlice::new(&[]); MOST_PIECES];
        let pieces = slices.iter_mut().zip(&self.pieces).map(|(slice, piece)| *slice = IoSlice::new(&piece.0)).count();
        stream.try_write_vectored(&slices[..pieces])
    }
}

/// Writes to a stream as soon as the system accepts bytes.
pub(crate) fn poll_write(
    stream: &OwnedWriteHalf,
    cx: &mut Context<'_>,
    write: impl Fn(&TcpStream) -> io::Result<usize>,
) -> Poll<io::Result<usize>> {
    let stream = stream_of(stream);
    loop {
        ready!(stream.poll_write_ready(cx))?;
        match write(stream) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            written => return Poll::Ready(written),
        }
    }
}

/// The stream of the write half.
pub(crate) fn stream_of(half: &OwnedWriteHalf) -> &TcpStream {
    half.as_ref()
}

/// Adds a packet of Engine.IO and Socket.IO as a frame of text.
pub(crate) fn put_frame(frames: &mut Vec<u8>, packet: fmt::Arguments<'_>) {
    /// The longest header of a frame without a mask.
    const HEADER: usize = 10;
    const TEXT: u8 = 0x81;
    let start = frames.len();
    frames.extend([0; HEADER]);
    // Writing to memory cannot fail.
    frames.write_fmt(packet).ok();
    let length = frames.len() - start - HEADER;
    let (code, extended) = match length {
        0..126 => (u8::try_from(length).unwrap_or(125), 0),
        126..65536 => (126, 2),
        _ => (127, 8),
    };
    let header = 2 + extended;
    let begin = start + HEADER - header;
    frames[begin..begin + 2].copy_from_slice(&[TEXT, code]);
    let digits = (length as u64).to_be_bytes();
    frames[begin + 2..start + HEADER].copy_from_slice(&digits[digits.len() - extended..]);
    frames.drain(start..begin);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_say_how_long_they_are() {
        let cases: [(usize, &[u8]); 5] = [
            (2, &[0x81, 2]),
            (125, &[0x81, 125]),
            (126, &[0x81, 126, 0, 126]),
            (65_535, &[0x81, 126, 0xFF, 0xFF]),
            (65_536, &[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ];
        for (length, header) in cases {
            let mut frames = b"before".to_vec();
            put_frame(&mut frames, format_args!("42{}", "x".repeat(length - 2)));
            let (start, payload) = frames.split_at(frames.len() - length);
            assert_eq!(start, [&b"before"[..], header].concat());
            assert!(payload.starts_with(b"42") && payload.len() == length);
        }
    }
}
