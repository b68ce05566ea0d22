//! Counts the messages in the bytes that the library writes to clients: events, acknowledgements, and the confirmation
//! that a client has joined.

/// The first bytes of the packets that are counted: the confirmation of a join, events and acknowledgements. All other
/// packets are the library's own.
const COUNTED: [&[u8]; 3] = [b"40", b"42", b"43"];

/// The number of messages in a poll's answer.
pub(crate) fn in_payload(payload: &[u8]) -> usize {
    let packets = payload.split(|byte| *byte == 0x1E);
    packets.filter(|packet| COUNTED.iter().any(|prefix| packet.starts_with(prefix))).count()
}

/// Follows what is written on a WebSocket (RFC 6455, section 5.2; a server's frames have no masks).
#[derive(Default)]
pub(crate) struct Outgoing {
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
    pub(crate) fn messages(&mut self, mut bytes: &[u8]) -> usize {
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
            // The first two bytes of the payload give its kind; the others are skipped.
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

    /// Whether the position is between two frames.
    pub(crate) fn is_between(&self) -> bool {
        self.preamble == PREAMBLE_END.len() && self.head.is_empty()
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
    fn messages_are_counted_in_payloads() {
        let cases = [("", 0), ("2", 0), ("42[\"a\"]", 1), ("2\u{1e}431[]\u{1e}42[\"4\"]\u{1e}40{}\u{1e}6", 3)];
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
            frame(1, b"40{}"),
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
            assert_eq!(messages, 6, "in pieces of {length}");
            assert!(outgoing.is_between());
            outgoing.messages(&bytes[bytes.len() - 6..][..1]);
            assert!(!outgoing.is_between());
        }
    }
}
