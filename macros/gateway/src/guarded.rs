//! A client's TCP connection. Reads and writes never wait forever, and buffers are bounded.

use std::{
    io,
    mem::MaybeUninit,
    net::Shutdown,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    runtime::Handle,
    task::coop::poll_proceed,
    time::{Sleep, timeout},
};
use tokio_util::task::TaskTracker;

use super::{
    connection::{
        Connection, Phase, Session,
        direct::{poll_write, stream_of},
        outgoing::Outgoing,
    },
    frames::Frames,
    heads::Heads,
};

/// The timeouts for a client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// To begin the next request.
    pub(super) idle: Duration,
    /// To send a request's head, from its first byte on.
    pub(super) head: Duration,
    /// To read at least a part of the written bytes.
    pub(super) write: Duration,
}

/// The number of bytes that are read, beyond those written, from a WebSocket client that is slow to read. The answers
/// to its packets wait here: a pong for each ping.
const AHEAD: usize = 16 << 10;

/// A connection that is guarded against its client.
pub(super) struct Guarded {
    reading: OwnedReadHalf,
    writing: Arc<OwnedWriteHalf>,
    connection: Arc<Connection>,
    patience: Patience,
    /// Runs while the connection waits for the client, in a phase with a timeout.
    waiting: Option<(Phase, Pin<Box<Sleep>>)>,
    /// Runs while a write waits for the client to read.
    stalled: Option<Pin<Box<Sleep>>>,
    /// The number of bytes read since a write first had to wait, less those written since.
    ahead: usize,
    heads: Heads,
    frames: Frames,
    outgoing: Outgoing,
    /// The remainder of a frame that is read in place of the client.
    injected: &'static [u8],
    /// The connections that the server waits for before it stops.
    open: TaskTracker,
}

/// The number of messages that a client sends on a WebSocket to make it carry a session that began with polling: the
/// probe, and then the upgrade (Engine.IO protocol 4).
const UPGRADE: usize = 2;

/// The time for a client to finish an upgrade of a session that has ended in the meantime.
const LINGER: Duration = Duration::from_secs(10);

/// The frame by which a client closes its session: a text that is Engine.IO's close packet, masked with zeros.
const CLOSE: [u8; 7] = [0x81, 0x81, 0, 0, 0, 0, b'1'];

impl Guarded {
    pub(super) fn new(stream: TcpStream, connection: Arc<Connection>, patience: Patience, open: TaskTracker) -> Self {
        let (reading, writing) = stream.into_split();
        Guarded {
            reading,
            writing: Arc::new(writing),
            connection,
            patience,
            waiting: None,
            stalled: None,
            ahead: 0,
            heads: Heads::default(),
            frames: Frames::default(),
            outgoing: Outgoing::default(),
            injected: &[],
            open,
        }
    }

    /// Writes messages that do not wait in the library. The connection's reader does this once the client was slow to
    /// read.
    fn poll_write_on(&mut self, cx: &mut Context<'_>, session: &Session) -> Poll<io::Result<()>> {
        while let Some(write) = session.unsent.poll_write_on(cx) {
            ready!(self.written(cx, write))?;
        }
        Poll::Ready(Ok(()))
    }

    /// Reads from the system, unless the client has to read first, or has taken too long.
    fn poll_stream(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.connection.wake_reader_with(cx.waker());
        self.connection.check()?;
        if let Some(session) = self.session().filter(|session| session.unsent.is_blocked())
            && let Poll::Ready(Err(error)) = self.poll_write_on(cx, &session)
        {
            return Poll::Ready(Err(error));
        }
        let phase = self.connection.phase();
        if phase == Phase::WebSocket && self.stalled.is_some() && self.ahead >= AHEAD {
            return Poll::Pending;
        }
        let before = buf.filled().len();
        if Pin::new(&mut self.reading).poll_read(cx, buf)?.is_pending() {
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

    fn session(&self) -> Option<Arc<Session>> {
        self.connection.session.get().map(Arc::clone)
    }

    /// Waits for the client for at most the time of the phase.
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
            // It has arrived, and the runtime is about to report it.
            Phase::Idle if self.has_arrived() => Poll::Pending,
            // Acts as if the client had closed an idle connection.
            Phase::Idle => Poll::Ready(Ok(())),
            _ => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
        }
    }

    /// Whether the system has received bytes for this connection.
    fn has_arrived(&self) -> bool {
        SockRef::from(stream_of(&self.writing)).peek(&mut [MaybeUninit::uninit()]).is_ok_and(|bytes| bytes > 0)
    }

    /// Reads the frame by which the client would close its session, if that is requested and the client is not within a
    /// frame of its own. Returns whether a part of it was read.
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

/// Takes this many steps from the budget of a task, which yields to the others once it has used up its budget. For Tokio, a read is one
/// step, while the library handles all messages that it finds in what it has read: it would handle tens of thousands without yielding.
fn spend(steps: usize, cx: &mut Context<'_>) {
    for _ in 0..steps {
        let Poll::Ready(step) = poll_proceed(cx) else { return };
        step.made_progress();
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if let Some(session) = self.connection.session.get() {
            session.unsent.end();
        }
        match Handle::try_current() {
            Ok(runtime) if self.connection.is_upgrade() && self.frames.messages() < UPGRADE => {
                // The library reads no more from it, so polls need not wait for that.
                self.connection.heard();
                let lingering = linger(Arc::clone(&self.connection), Arc::clone(&self.writing));
                self.open.spawn_on(lingering, &runtime);
            }
            _ => self.connection.release(),
        }
    }
}

/// Keeps a connection open whose session has ended during its upgrade, until its client is heard of again.
///
/// An official client stops polling once its probe has been answered. If the new connection ended before it has
/// announced the upgrade, it would go back to the stopped polling, and would notice the end of its session only when no
/// ping has arrived for long. Once it has announced the upgrade, it notices the end of the connection at once.
async fn linger(connection: Arc<Connection>, stream: Arc<OwnedWriteHalf>) {
    let heard = async {
        let stream = stream_of(&stream);
        let is_waiting = |read: io::Result<usize>| read.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
        while stream.readable().await.is_ok() && is_waiting(stream.try_read(&mut [0])) {}
    };
    timeout(LINGER, heard).await.ok();
    connection.release();
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
        if this.connection.phase() != Phase::WebSocket {
            this.heads.follow(&mut buf.filled_mut()[start..]);
        } else {
            this.connection.heard();
            let before = this.frames.messages();
            this.frames.follow(&buf.filled()[start..]);
            spend(this.frames.messages() - before, cx);
            let message = this.frames.message();
            if this.connection.session.get().is_some_and(|session| !session.may_receive(message)) {
                this.connection.cut();
                return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.connection.check()?;
        let Some(session) = this.session() else {
            let write = poll_write(&this.writing, cx, |stream| stream.try_write(buf));
            return this.written(cx, write);
        };
        ready!(this.poll_write_on(cx, &session))?;
        let to = (&this.connection, &this.writing);
        let write = session.unsent.poll_write(cx, buf, &mut this.outgoing, to);
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
            // `Outgoing` follows the written bytes.
            let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
            return Pin::new(this).poll_write(cx, first);
        }
        let write = poll_write(&this.writing, cx, |stream| stream.try_write_vectored(bufs));
        this.written(cx, write)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // The layers above flush once they have written everything.
        self.get_mut().ahead = 0;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(SockRef::from(stream_of(&self.writing)).shutdown(Shutdown::Write))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::task::coop::has_budget_remaining;

    use super::*;

    #[tokio::test]
    async fn a_task_that_has_received_many_messages_yields() {
        let spent = tokio::spawn(poll_fn(|cx| {
            spend(1, cx);
            let after_one = has_budget_remaining();
            spend(1000, cx);
            Poll::Ready((after_one, has_budget_remaining()))
        }));
        assert_eq!(spent.await.unwrap(), (true, false));
    }
}
