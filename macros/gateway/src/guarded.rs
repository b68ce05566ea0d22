//! A client's TCP connection: nothing that is read from it or written to it waits forever, or piles up without a bound.

use std::{
    io,
    mem::MaybeUninit,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Sleep,
};

use super::{
    connection::{Connection, Phase},
    frames::Frames,
    unsent::Outgoing,
};

/// The timeouts for a client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// To begin the next request.
    pub(super) idle: Duration,
    /// To send a request's head, from its first byte on.
    pub(super) head: Duration,
    /// To take something of what is written to it.
    pub(super) write: Duration,
}

/// The number of bytes that are read, beyond those written, from a WebSocket client that is slow to read. Its packets
/// have answers that wait here: a pong for each ping.
const AHEAD: usize = 16 << 10;

/// A connection that is guarded against its client.
pub(super) struct Guarded {
    stream: TcpStream,
    connection: Arc<Connection>,
    patience: Patience,
    /// Runs while the client is waited for, in a phase that has a time.
    waiting: Option<(Phase, Pin<Box<Sleep>>)>,
    /// Runs while a write waits for the client to read.
    stalled: Option<Pin<Box<Sleep>>>,
    /// The number of bytes read since a write first had to wait, less those written since.
    ahead: usize,
    frames: Frames,
    outgoing: Outgoing,
    /// The remainder of a frame that is read in place of the client.
    injected: &'static [u8],
}

/// The frame by which a client closes its session: a text that is Engine.IO's close packet, masked with zeros.
const CLOSE: [u8; 7] = [0x81, 0x81, 0, 0, 0, 0, b'1'];

impl Guarded {
    pub(super) fn new(stream: TcpStream, connection: Arc<Connection>, patience: Patience) -> Self {
        Guarded {
            stream,
            connection,
            patience,
            waiting: None,
            stalled: None,
            ahead: 0,
            frames: Frames::default(),
            outgoing: Outgoing::default(),
            injected: &[],
        }
    }

    /// Reads from the system, unless the client has to read first, or has taken too long.
    fn poll_stream(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.connection.wake_reader_with(cx.waker());
        self.connection.check()?;
        let phase = self.connection.phase();
        if phase == Phase::WebSocket && self.stalled.is_some() && self.ahead >= AHEAD {
            return Poll::Pending;
        }
        let before = buf.filled().len();
        if Pin::new(&mut self.stream).poll_read(cx, buf)?.is_pending() {
            return self.poll_wait(cx, phase);
        }
        let read = buf.filled().len() - before;
        if self.stalled.is_some() {
            self.ahead += read;
        }
        if phase == Phase::Idle {
            self.waiting = None;
            if read > 0 {
                self.connection.enter(Phase::Head);
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Waits for the client for as long as the phase says.
    fn poll_wait(&mut self, cx: &mut Context<'_>, phase: Phase) -> Poll<io::Result<()>> {
        let time = match phase {
            Phase::Idle => self.patience.idle,
            Phase::Head => self.patience.head,
            Phase::Exchange | Phase::WebSocket => {
                self.waiting = None;
                return Poll::Pending;
            }
        };
        let begin = || (phase, Box::pin(tokio::time::sleep(time)));
        let (since, waiting) = self.waiting.get_or_insert_with(begin);
        if *since != phase {
            (*since, *waiting) = begin();
        }
        ready!(waiting.as_mut().poll(cx));
        match phase {
            // It has come, and the runtime says so in a moment.
            Phase::Idle if self.has_arrived() => Poll::Pending,
            // As if the client had closed an idle connection.
            Phase::Idle => Poll::Ready(Ok(())),
            _ => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
        }
    }

    /// Whether the system has something for this connection.
    fn has_arrived(&self) -> bool {
        SockRef::from(&self.stream).peek(&mut [MaybeUninit::uninit()]).is_ok_and(|bytes| bytes > 0)
    }

    /// Reads the frame by which the client would close its session, where that is asked for and no frame of its own is under
    /// way; whether there was something of it.
    fn read_close(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        if self.connection.is_closing() && self.frames.is_between() {
            self.connection.closed();
            self.injected = &CLOSE;
        }
        let (now, later) = self.injected.split_at(self.injected.len().min(buf.remaining()));
        buf.put_slice(now);
        self.injected = later;
        !now.is_empty()
    }

    /// The result of a write. Progress stops the clock; when the clock runs out, the connection ends in both
    /// directions, because the layers above notice only the reading side.
    fn written(&mut self, cx: &mut Context<'_>, write: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = &write {
            self.ahead = self.ahead.saturating_sub(*written.as_ref().unwrap_or(&usize::MAX));
            if self.stalled.take().is_some() {
                self.connection.wake_reader();
            }
            return write;
        }
        self.connection.wake_writer_with(cx.waker());
        self.connection.check()?;
        let timeout = self.patience.write;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        ready!(stalled.as_mut().poll(cx));
        self.connection.cut();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.connection.release();
    }
}

impl AsyncRead for Guarded {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let start = buf.filled().len();
        if this.read_close(buf) {
            return Poll::Ready(Ok(()));
        }
        let read = this.poll_stream(cx, buf);
        if read.is_pending() && this.read_close(buf) {
            return Poll::Ready(Ok(()));
        }
        ready!(read)?;
        if this.connection.phase() == Phase::WebSocket {
            this.connection.heard();
            this.frames.follow(&buf.filled()[start..]);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.connection.check()?;
        let write = Pin::new(&mut this.stream).poll_write(cx, buf);
        if let (Poll::Ready(Ok(written)), Some(session)) = (&write, this.connection.session.get()) {
            session.unsent.written(this.outgoing.messages(&buf[..*written]));
        }
        this.written(cx, write)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.connection.check()?;
        if this.connection.session.get().is_some() {
            // Written bytes are followed there.
            let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
            return Pin::new(this).poll_write(cx, first);
        }
        let write = Pin::new(&mut this.stream).poll_write_vectored(cx, bufs);
        this.written(cx, write)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        // The layers above flush once they have written all that they had.
        this.ahead = 0;
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
