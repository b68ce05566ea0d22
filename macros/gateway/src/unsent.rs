//! The packets that wait for clients to take them, in bytes: those of one client, and those of a user's clients together.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The bytes that a message takes up while it waits, besides its text: its place in the library's queue and in this one.
const PLACE: usize = 192;

/// The number of messages up to which an empty queue keeps its memory, so that a client that reads costs no allocation.
const KEPT: usize = 8;

/// The messages that wait for one client.
///
/// A message that many clients wait for is in memory once, yet it counts in full for each of them: a client's bound then
/// depends on nobody else, and what counts is never less than what is held, because each transport copies a message as it
/// begins to write it.
pub(super) struct Unsent {
    most: usize,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    messages: VecDeque<usize>,
    bytes: usize,
    /// The user whom they count for as well, once the client has joined.
    user: Option<Arc<Tally>>,
}

/// What waits for all clients of a user together.
pub(super) struct Tally {
    most: usize,
    bytes: AtomicUsize,
}

/// The tallies of the users for whose clients something may wait.
pub(super) struct Tallies {
    most: usize,
    users: Mutex<HashMap<Arc<str>, Weak<Tally>>>,
}

impl Unsent {
    pub(super) fn new(most: usize) -> Self {
        Unsent { most, waiting: Mutex::default() }
    }

    /// Has what waits count for a user as well, now and from now on.
    pub(super) fn count_for(&self, user: Arc<Tally>) {
        let mut waiting = self.waiting();
        user.add(waiting.bytes);
        let bytes = waiting.bytes;
        if let Some(before) = waiting.user.replace(user) {
            before.take_back(bytes);
        }
    }

    /// Counts messages that are about to wait, all or none: none if that were too much. Those that nothing waits before may
    /// be of any size, so that a client that reads is never closed for what waits for its user's other clients.
    pub(super) fn add(&self, messages: &[usize]) -> bool {
        let bytes = messages.iter().map(|length| length + PLACE).sum::<usize>();
        let mut waiting = self.waiting();
        // Nothing at all fits as well, behind a message that is larger than the bound.
        let is_first = messages.is_empty() || waiting.messages.is_empty();
        let fits = waiting.user.as_ref().is_none_or(|user| user.add(bytes));
        if !is_first && (!fits || waiting.bytes + bytes > self.most) {
            waiting.take_back(bytes);
            return false;
        }
        waiting.messages.extend(messages.iter().map(|length| length + PLACE));
        waiting.bytes += bytes;
        true
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting().messages.is_empty()
    }

    /// Takes back the last so many: they do not wait after all.
    pub(super) fn take_back(&self, messages: usize) {
        let mut waiting = self.waiting();
        let kept = waiting.messages.len().saturating_sub(messages);
        let bytes = waiting.messages.drain(kept..).sum();
        waiting.bytes -= bytes;
        waiting.take_back(bytes);
    }

    /// Says that so many have been written.
    pub(super) fn written(&self, messages: usize) {
        if messages == 0 {
            return;
        }
        let mut waiting = self.waiting();
        let messages = messages.min(waiting.messages.len());
        let bytes = waiting.messages.drain(..messages).sum();
        waiting.bytes -= bytes;
        waiting.take_back(bytes);
        if waiting.messages.is_empty() && waiting.messages.capacity() > KEPT {
            waiting.messages = VecDeque::new();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Has so many bytes no longer count for the user.
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

impl Tally {
    /// Counts so many more bytes; whether that is not too much.
    fn add(&self, bytes: usize) -> bool {
        self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes <= self.most
    }

    fn take_back(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Tallies {
    pub(super) fn new(most: usize) -> Self {
        Tallies { most, users: Mutex::default() }
    }

    /// A user's tally: the same one for as long as a client holds it.
    pub(super) fn of(&self, user: &Arc<str>) -> Arc<Tally> {
        let mut users = self.users();
        if let Some(tally) = users.get(user).and_then(Weak::upgrade) {
            return tally;
        }
        let tally = Arc::new(Tally { most: self.most, bytes: AtomicUsize::new(0) });
        users.insert(Arc::clone(user), Arc::downgrade(&tally));
        tally
    }

    /// Forgets the users without clients.
    pub(super) fn forget_idle(&self) {
        let mut users = self.users();
        users.retain(|_, tally| tally.strong_count() > 0);
        users.shrink_to_fit();
    }

    fn users(&self) -> MutexGuard<'_, HashMap<Arc<str>, Weak<Tally>>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The first bytes of the packets that are counted: events and acknowledgements. The library sends others by itself.
const COUNTED: [&[u8]; 2] = [b"42", b"43"];

/// The number of messages in a poll's answer.
pub(super) fn in_payload(payload: &[u8]) -> usize {
    let packets = payload.split(|byte| *byte == 0x1E);
    packets.filter(|packet| COUNTED.iter().any(|prefix| packet.starts_with(prefix))).count()
}

/// Follows what is written on a WebSocket (RFC 6455, section 5.2; a server's frames have no masks).
#[derive(Default)]
pub(super) struct Outgoing {
    /// The part of the end of the HTTP answer before the frames that has been seen.
    preamble: usize,
    /// A frame's header, and then the beginning of its payload.
    head: Vec<u8>,
    /// The remaining length of the payload, once it is known.
    left: Option<u64>,
}

/// The end of the HTTP answer that makes a connection a WebSocket.
const PREAMBLE_END: &[u8] = b"\r\n\r\n";

impl Outgoing {
    /// The number of messages that end with the next bytes.
    pub(super) fn messages(&mut self, mut bytes: &[u8]) -> usize {
        let mut messages = 0;
        while let [byte, rest @ ..] = bytes {
            if self.preamble < PREAMBLE_END.len() {
                self.preamble = match *byte {
                    byte if byte == PREAMBLE_END[self.preamble] => self.preamble + 1,
                    byte => usize::from(byte == PREAMBLE_END[0]),
                };
                bytes = rest;
                continue;
            }
            let Some(left) = self.left else {
                self.head.push(*byte);
                bytes = rest;
                self.left = self.payload_length();
                messages += self.end_frame();
                continue;
            };
            // The first two bytes of the payload say what it is, and the others are passed over.
            let kept = self.payload_begins().len() < COUNTED[0].len();
            let length = if kept { 1 } else { usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len()) };
            if kept {
                self.head.push(*byte);
            }
            self.left = Some(left - length as u64);
            bytes = &bytes[length..];
            messages += self.end_frame();
        }
        messages
    }

    /// The length of the header, once it is known.
    fn header_length(&self) -> Option<usize> {
        Some(match self.head.get(1)? & 0x7F {
            126 => 4,
            127 => 10,
            _ => 2,
        })
    }

    fn payload_length(&self) -> Option<u64> {
        let header = self.header_length().filter(|header| self.head.len() == *header)?;
        Some(match &self.head[2..header] {
            [] => u64::from(self.head[1] & 0x7F),
            extended => extended.iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
        })
    }

    fn payload_begins(&self) -> &[u8] {
        self.header_length().and_then(|header| self.head.get(header..)).unwrap_or_default()
    }

    /// Goes on to the next frame if this one has ended; returns how many messages that makes.
    fn end_frame(&mut self) -> usize {
        const TEXT: u8 = 1;
        if self.left != Some(0) {
            return 0;
        }
        let is_text = self.head[0] & 0x0F == TEXT;
        let is_counted = is_text && COUNTED.contains(&self.payload_begins());
        self.left = None;
        self.head.clear();
        usize::from(is_counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_bounded_and_one_message_always_fits() {
        let unsent = Unsent::new(10 + 2 * PLACE);
        assert!(unsent.add(&[100 + 2 * PLACE]));
        assert!(!unsent.add(&[1]) && unsent.add(&[]));
        unsent.written(1);
        assert!(unsent.add(&[4, 6]) && !unsent.add(&[0]));
        unsent.take_back(1);
        assert!(!unsent.add(&[7]) && unsent.add(&[6]));
        unsent.written(7);
        assert!(unsent.waiting().messages.is_empty());
        assert_eq!(unsent.waiting().bytes, 0);
    }

    #[test]
    fn what_waits_for_a_users_clients_together_is_bounded_and_a_client_that_reads_is_none_of_them() {
        let tallies = Tallies::new(20 + 3 * PLACE);
        let tally = tallies.of(&Arc::from("carol"));
        let [slow, other, reading] = [(); 3].map(|()| {
            let unsent = Unsent::new(usize::MAX);
            unsent.count_for(tallies.of(&Arc::from("carol")));
            unsent
        });
        assert!(slow.add(&[10]) && other.add(&[5]) && other.add(&[5]));
        assert!(!slow.add(&[0]) && !other.add(&[0]));
        assert!(reading.add(&[100]) && !reading.add(&[0]));
        reading.written(1);
        assert_eq!(tally.bytes.load(Ordering::Relaxed), 20 + 3 * PLACE);
        other.take_back(1);
        drop(slow);
        assert_eq!(tally.bytes.load(Ordering::Relaxed), 5 + PLACE);
        other.count_for(tallies.of(&Arc::from("dave")));
        assert_eq!(tally.bytes.load(Ordering::Relaxed), 0);
        drop((tally, reading));
        tallies.forget_idle();
        assert_eq!(tallies.users().keys().map(|user| &**user).collect::<Vec<_>>(), ["dave"]);
    }

    #[test]
    fn messages_are_counted_in_payloads() {
        let cases = [("", 0), ("2", 0), ("42[\"a\"]", 1), ("2\u{1e}431[]\u{1e}42[\"4\"]\u{1e}40{}\u{1e}6", 2)];
        for (payload, messages) in cases {
            assert_eq!(in_payload(payload.as_bytes()), messages, "{payload:?}");
        }
    }

    #[test]
    fn messages_are_counted_in_frames_however_they_are_cut() {
        let frame = |opcode: u8, payload: &[u8]| {
            let mut frame = vec![0x80 | opcode];
            match payload.len() {
                length @ ..126 => frame.push(length as u8),
                length @ ..65536 => frame.extend([&[126][..], &(length as u16).to_be_bytes()].concat()),
                length => frame.extend([&[127][..], &(length as u64).to_be_bytes()].concat()),
            }
            [frame, payload.to_vec()].concat()
        };
        let long = |length: usize| ["42".as_bytes(), &vec![b'4'; length]].concat();
        let bytes = [
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".to_vec(),
            frame(1, b"0{}"),
            frame(1, b"2"),
            frame(1, b""),
            frame(1, b"42"),
            frame(0xA, b"42 is what this pong says"),
            frame(2, b"43 is what these bytes say"),
            frame(1, b"431[{}]"),
            frame(1, &long(200)),
            frame(1, &long(70_000)),
            frame(1, b"41"),
            frame(1, b"42[]"),
        ]
        .concat();
        for length in [1, 2, 3, 7, 1000, bytes.len()] {
            let mut outgoing = Outgoing::default();
            let messages: usize = bytes.chunks(length).map(|piece| outgoing.messages(piece)).sum();
            assert_eq!(messages, 5, "in pieces of {length}");
        }
    }
}
