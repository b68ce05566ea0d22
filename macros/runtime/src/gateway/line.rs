//! A client's TCP connection: dropped when nobody reads at its other end, and cut from this side at will.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::task::AtomicWaker;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Sleep,
};

use super::names::{FrameNames, Softened};

/// A handle on a connection.
#[derive(Debug, Default)]
pub(super) struct Line {
    cut: AtomicBool,
    web_socket: AtomicBool,
    heard: AtomicBool,
    reader: AtomicWaker,
    writer: AtomicWaker,
}

impl Line {
    /// Ends the connection, whatever is waiting to be written.
    pub(super) fn cut(&self) {
        self.cut.store(true, Ordering::Release);
        self.reader.wake();
        self.writer.wake();
    }

    /// Says that what follows is WebSocket frames.
    pub(super) fn upgraded(&self) {
        self.web_socket.store(true, Ordering::Release);
    }

    /// Says that a frame has been read.
    pub(super) fn heard(&self) {
        self.heard.store(true, Ordering::Release);
    }

    /// Whether a frame has been read.
    pub(super) fn is_heard(&self) -> bool {
        self.heard.load(Ordering::Acquire)
    }

    fn check(&self) -> io::Result<()> {
        if self.cut.load(Ordering::Acquire) { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

/// A connection whose writes do not wait forever.
pub(super) struct Guarded {
    stream: TcpStream,
    line: Arc<Line>,
    write_timeout: Duration,
    /// Runs while a write waits for the client to read.
    stalled: Option<Pin<Box<Sleep>>>,
    names: FrameNames,
    spill: Option<Box<Spill>>,
}

/// What has been read and is not handed on yet.
struct Spill {
    /// What is to be handed on as it is.
    ready: Vec<u8>,
    /// The beginning of a frame that cannot be judged before more of it has come.
    held: Vec<u8>,
}

/// How much is read at once of a frame whose beginning is held.
const PIECE: usize = 1024;

impl Guarded {
    pub(super) fn new(stream: TcpStream, line: Arc<Line>, write_timeout: Duration) -> Self {
        Guarded { stream, line, write_timeout, stalled: None, names: FrameNames::default(), spill: None }
    }

    fn poll_stream(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if read.is_pending() {
            self.line.reader.register(cx.waker());
        }
        self.line.check()?;
        read
    }

    /// Hands on what earlier reads have kept back; whether there was something.
    fn hand_on(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        let Some(spill) = &mut self.spill else { return false };
        let length = spill.ready.len().min(buf.remaining());
        buf.put_slice(&spill.ready[..length]);
        spill.ready.drain(..length);
        let more = !spill.ready.is_empty();
        if !more && spill.held.is_empty() {
            self.spill = None;
        }
        more || length > 0
    }

    /// Reads on where the beginning of a frame is held.
    fn poll_held(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut piece = [0; PIECE];
        let mut piece = ReadBuf::new(&mut piece);
        ready!(self.poll_stream(cx, &mut piece))?;
        let Some(spill) = &mut self.spill else { return Poll::Ready(Ok(())) };
        let mut bytes = std::mem::take(&mut spill.held);
        if piece.filled().is_empty() {
            spill.ready = bytes;
        } else {
            bytes.extend_from_slice(piece.filled());
            (spill.ready, spill.held) = self.names.soften_growing(bytes);
        }
        Poll::Ready(Ok(()))
    }

    /// What becomes of a write: progress stops the clock, and when it runs out the connection ends in both directions,
    /// for the reading side is what the layers above notice.
    fn written(&mut self, cx: &mut Context<'_>, write: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if write.is_ready() {
            self.stalled = None;
            return write;
        }
        self.line.writer.register(cx.waker());
        self.line.check()?;
        let timeout = self.write_timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        ready!(stalled.as_mut().poll(cx));
        self.line.cut();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Guarded {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while !this.hand_on(buf) {
            if this.spill.is_some() {
                ready!(this.poll_held(cx))?;
                continue;
            }
            let start = buf.filled().len();
            ready!(this.poll_stream(cx, buf))?;
            if !this.line.web_socket.load(Ordering::Acquire) {
                break;
            }
            this.line.heard();
            let softened = this.names.soften(&mut buf.filled_mut()[start..]);
            if softened == Softened::All {
                break;
            }
            let (ready, held) = this.names.grow(softened, buf.filled()[start..].to_vec());
            buf.set_filled(start);
            this.spill = Some(Box::new(Spill { ready, held }));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.line.check()?;
        let write = Pin::new(&mut this.stream).poll_write(cx, buf);
        this.written(cx, write)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.line.check()?;
        let write = Pin::new(&mut this.stream).poll_write_vectored(cx, bufs);
        this.written(cx, write)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
