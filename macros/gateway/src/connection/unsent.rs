//! The packets that wait for a client, and their bytes: those in the library, and those that go to the client's
//! WebSocket without it. The library goes first: while it has any, later packets wait there, too.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use tokio::net::tcp::OwnedWriteHalf;

use super::{
    Connection,
    direct::{Direct, poll_write},
    outgoing::Outgoing,
};
use crate::{departure::Urgency, tallies::Tally};

/// The overhead of a waiting message in bytes: its place in the library's queue and in this one.
pub(crate) const PLACE: usize = 192;

/// The number of messages up to which an empty queue keeps its memory, so that a client that reads costs no allocation.
const KEPT: usize = 8;

/// The messages that wait for one client.
///
/// A message that many clients wait for is in memory once, yet it counts in full for each of them: a client's bound
/// then depends on no other client, and the count is never below the memory in use.
pub(crate) struct Unsent {
    most: usize,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    /// The sizes of the messages in the library.
    messages: VecDeque<usize>,
    /// The other messages, which wait only while the library has none. There are none before the library has written to
    /// its WebSocket.
    direct: Option<Direct>,
    /// The total size.
    bytes: usize,
    /// The user towards whom they also count, once the client has joined.
    user: Option<Arc<Tally>>,
}

/// The result of adding messages.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Put {
    /// They wait. Says whether the caller has to make sure that they are written.
    Direct(bool),
    /// They are counted, and the caller has to pass them to the library.
    Library,
    /// There are too many.
    Full,
}

impl Unsent {
    pub(crate) fn new(most: usize) -> Self {
        Unsent { most, waiting: Mutex::default() }
    }

    /// Also counts all waiting messages, present and future, towards a user.
    pub(crate) fn count_for(&self, user: Arc<Tally>) {
        let mut waiting = self.waiting();
        user.add(waiting.bytes);
        let bytes = waiting.bytes;
        if let Some(before) = waiting.user.replace(user) {
            before.take_back(bytes);
        }
    }

    /// Counts messages of these lengths before they wait: all of them, or none if that would exceed the bound. If
    /// nothing waits, they may be of any size, so that a client that reads is never closed because of its user's other
    /// clients.
    pub(crate) fn put(&self, lengths: &[usize], urgency: Urgency, frames: impl FnOnce() -> Bytes) -> Put {
        let bytes = lengths.iter().map(|length| length + PLACE).sum::<usize>();
        let mut waiting = self.waiting();
        // An empty list fits, too, behind a message that is larger than the bound.
        let is_first = lengths.is_empty() || waiting.is_empty();
        let fits = waiting.user.as_ref().is_none_or(|user| user.add(bytes));
        if !is_first && (!fits || waiting.bytes + bytes > self.most) {
            waiting.take_back(bytes);
            return Put::Full;
        }
        waiting.bytes += bytes;
        // The library decides when to write.
        if waiting.messages.is_empty()
            && let Some(direct) = &mut waiting.direct
        {
            return Put::Direct(direct.push(frames(), bytes, urgency));
        }
        waiting.messages.extend(lengths.iter().map(|length| length + PLACE));
        Put::Library
    }

    /// Counts a message that the library itself is about to send. No other message overtakes it.
    pub(crate) fn expect(&self) {
        let mut waiting = self.waiting();
        waiting.messages.push_back(0);
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting().is_empty()
    }

    /// Removes the last messages, which do not wait after all.
    pub(crate) fn take_back(&self, messages: usize) {
        let mut waiting = self.waiting();
        let kept = waiting.messages.len().saturating_sub(messages);
        let bytes = waiting.messages.drain(kept..).sum();
        waiting.forget(bytes);
    }

    /// Notes that the library has handed over this many messages.
    pub(crate) fn written(&self, messages: usize) {
        self.waiting().written(messages);
    }

    /// Writes the messages outside of the library, as far as the system accepts them at once.
    pub(crate) fn write_on(&self) {
        let mut waiting = self.waiting();
        let size = waiting.direct.as_mut().map_or(0, Direct::write_on);
        waiting.forget(size);
    }

    /// Whether messages wait that the connection's reader has to write.
    pub(crate) fn is_blocked(&self) -> bool {
        self.waiting().direct.as_ref().is_some_and(|direct| direct.is_blocked)
    }

    /// Writes once from the messages outside of the library, as soon as the client reads; `None` if there are none, or
    /// the library has to write first.
    pub(crate) fn poll_write_on(&self, cx: &mut Context<'_>) -> Option<Poll<io::Result<usize>>> {
        let mut waiting = self.waiting();
        let direct = waiting.direct.as_mut().filter(|direct| !direct.is_empty() && !direct.is_amid_frame)?;
        let write = direct.poll_write(cx);
        if let Poll::Ready(Ok(written)) = write {
            let size = direct.written(written);
            waiting.forget(size);
        }
        Some(write)
    }

    /// Writes the library's messages, as soon as the client reads.
    pub(crate) fn poll_write(
        &self,
        cx: &mut Context<'_>,
        bytes: &[u8],
        outgoing: &mut Outgoing,
        (connection, stream): (&Arc<Connection>, &Arc<OwnedWriteHalf>),
    ) -> Poll<io::Result<usize>> {
        let mut waiting = self.waiting();
        let written = ready!(poll_write(stream, cx, |stream| stream.try_write(bytes)))?;
        let messages = outgoing.messages(&bytes[..written]);
        waiting.written(messages);
        if messages > 0 {
            waiting.direct.get_or_insert_with(|| Direct::new(connection, stream));
        }
        if let Some(direct) = &mut waiting.direct {
            direct.is_amid_frame = !outgoing.is_between();
            if !direct.is_empty() && !direct.is_amid_frame {
                direct.leave_to_reader();
            }
        }
        Poll::Ready(Ok(written))
    }

    /// Releases the connection, which has ended.
    pub(crate) fn end(&self) {
        let mut waiting = self.waiting();
        let size = waiting.direct.take().map_or(0, |direct| direct.size());
        waiting.forget(size);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.direct.as_ref().is_none_or(Direct::is_empty)
    }

    /// Removes messages that the library has handed over.
    fn written(&mut self, messages: usize) {
        if messages == 0 {
            return;
        }
        let messages = messages.min(self.messages.len());
        let size = self.messages.drain(..messages).sum();
        self.forget(size);
        if self.messages.is_empty() && self.messages.capacity() > KEPT {
            self.messages = VecDeque::new();
        }
    }

    /// Subtracts bytes that no longer wait.
    fn forget(&mut self, bytes: usize) {
        self.bytes -= bytes;
        self.take_back(bytes);
    }

    /// Subtracts bytes from the user's count.
    fn take_back(&self, bytes: usize) {
        if let Some(user) = &self.user {
            user.take_back(bytes);
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.take_back(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::{
        io::AsyncReadExt,
        net::{TcpListener, TcpStream},
    };

    use super::*;
    use crate::tallies::Tallies;

    /// Counts messages. Returns whether they are within the bounds.
    fn add(unsent: &Unsent, lengths: &[usize]) -> bool {
        unsent.put(lengths, Urgency::Now, Bytes::new) == Put::Library
    }

    #[test]
    fn waiting_messages_are_bounded_and_one_message_always_fits() {
        let unsent = Unsent::new(10 + 2 * PLACE);
        assert!(add(&unsent, &[100 + 2 * PLACE]));
        assert!(!add(&unsent, &[1]) && add(&unsent, &[]));
        unsent.written(1);
        assert!(add(&unsent, &[4, 6]) && !add(&unsent, &[0]));
        unsent.take_back(1);
        assert!(!add(&unsent, &[7]) && add(&unsent, &[6]));
        unsent.written(7);
        assert!(unsent.waiting().messages.is_empty());
        assert_eq!(unsent.waiting().bytes, 0);
    }

    #[test]
    fn waiting_messages_of_a_users_clients_are_bounded_together_without_clients_that_read() {
        let tallies = Tallies::new(20 + 3 * PLACE);
        let tally = tallies.of(&Arc::from("carol"));
        let [slow, other, reading] = [(); 3].map(|()| {
            let unsent = Unsent::new(usize::MAX);
            unsent.count_for(tallies.of(&Arc::from("carol")));
            unsent
        });
        assert!(add(&slow, &[10]) && add(&other, &[5]) && add(&other, &[5]));
        assert!(!add(&slow, &[0]) && !add(&other, &[0]));
        assert!(add(&reading, &[100]) && !add(&reading, &[0]));
        reading.written(1);
        assert_eq!(tally.bytes(), 20 + 3 * PLACE);
        other.take_back(1);
        drop(slow);
        assert_eq!(tally.bytes(), 5 + PLACE);
        other.count_for(tallies.of(&Arc::from("dave")));
        assert_eq!(tally.bytes(), 0);
    }

    /// A WebSocket whose client has received the confirmation of its join, and the client's side of it.
    async fn joined(unsent: &Unsent) -> (Arc<Connection>, Arc<OwnedWriteHalf>, Outgoing, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (_, writing) = listener.accept().await.unwrap().0.into_split();
        let (connection, writing, mut outgoing) = (Arc::default(), Arc::new(writing), Outgoing::default());
        unsent.expect();
        assert_eq!(unsent.put(&[1], Urgency::Now, Bytes::new), Put::Library, "nothing overtakes that it has joined");
        unsent.take_back(1);
        library(unsent, b"\r\n\r\n\x81\x0240", &mut outgoing, (&connection, &writing)).await;
        (connection, writing, outgoing, client)
    }

    /// Makes the library write.
    async fn library(
        unsent: &Unsent,
        bytes: &[u8],
        outgoing: &mut Outgoing,
        to: (&Arc<Connection>, &Arc<OwnedWriteHalf>),
    ) {
        let written = poll_fn(|cx| unsent.poll_write(cx, bytes, outgoing, to)).await;
        assert_eq!(written.unwrap(), bytes.len());
    }

    async fn read(client: &mut TcpStream, expected: &[u8]) {
        let mut bytes = vec![0; expected.len()];
        client.read_exact(&mut bytes).await.unwrap();
        assert_eq!(bytes, expected);
    }

    #[tokio::test]
    async fn nothing_interrupts_or_overtakes_the_librarys_frames() {
        let unsent = Unsent::new(usize::MAX);
        let (connection, writing, mut outgoing, mut client) = joined(&unsent).await;
        let to = (&connection, &writing);
        read(&mut client, b"\r\n\r\n\x81\x0240").await;
        let direct = |frames: &'static [u8], urgency| unsent.put(&[1], urgency, || Bytes::from_static(frames));
        // One caller makes sure that they are written in time, once.
        assert_eq!(direct(b"first ", Urgency::Paced), Put::Direct(true));
        assert_eq!(direct(b"second ", Urgency::Paced), Put::Direct(false));
        assert_eq!(direct(b"third ", Urgency::Now), Put::Direct(true));
        assert_eq!(direct(b"fourth ", Urgency::Paced), Put::Direct(false));
        unsent.write_on();
        read(&mut client, b"first second third fourth ").await;
        assert!(unsent.is_empty());
        // A ping, in two steps.
        library(&unsent, b"\x81", &mut outgoing, to).await;
        assert_eq!(direct(b"fifth ", Urgency::Now), Put::Direct(true));
        unsent.write_on();
        assert!(poll_fn(|cx| Poll::Ready(unsent.poll_write_on(cx).is_none())).await && !unsent.is_blocked());
        library(&unsent, b"\x012", &mut outgoing, to).await;
        assert!(unsent.is_blocked(), "the connection's reader goes on");
        poll_fn(|cx| unsent.poll_write_on(cx).unwrap()).await.unwrap();
        read(&mut client, b"\x81\x012fifth ").await;
        assert!(unsent.is_empty() && !unsent.is_blocked());
        assert_eq!(unsent.waiting().bytes, 0);
    }

    #[tokio::test]
    async fn nothing_is_written_to_a_cut_connection_and_its_messages_stop_counting_at_its_end() {
        let (unsent, tallies) = (Unsent::new(usize::MAX), Tallies::new(usize::MAX));
        let tally = tallies.of(&Arc::from("carol"));
        unsent.count_for(Arc::clone(&tally));
        let (connection, writing, outgoing, mut client) = joined(&unsent).await;
        assert_eq!(unsent.put(&[1], Urgency::Now, || Bytes::from_static(b"lost")), Put::Direct(true));
        connection.cut();
        unsent.write_on();
        assert!(tally.bytes() > 0 && !unsent.is_empty());
        unsent.end();
        assert_eq!(tally.bytes(), 0);
        drop((connection, writing, outgoing));
        let mut bytes = Vec::new();
        client.read_to_end(&mut bytes).await.unwrap();
        assert_eq!(bytes, b"\r\n\r\n\x81\x0240");
    }
}
