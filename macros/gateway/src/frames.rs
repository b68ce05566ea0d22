//! The frames that a WebSocket client sends (RFC 6455, section 5.2): where each frame ends, and how long the messages are.

/// The longest header: two bytes, a length of eight and a masking key of four.
const LONGEST_HEADER: usize = 14;

/// The frames of one connection.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// The received part of a frame's header.
    header: [u8; LONGEST_HEADER],
    header_length: usize,
    /// The remaining length of the frame's payload.
    left: u64,
    /// The length of the unfinished message, as far as its frames announce it.
    message: usize,
    /// The number of messages that have been received as a whole.
    messages: usize,
}

impl Frames {
    /// Follows the next bytes of the connection.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) {
        while let [byte, rest @ ..] = bytes {
            if self.left > 0 {
                let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
                self.left -= length as u64;
                bytes = &bytes[length..];
            } else {
                self.header[self.header_length] = *byte;
                self.header_length += 1;
                bytes = rest;
                if self.header_length == self.needed() {
                    self.left = self.payload_length();
                    self.header_length = 0;
                    if !self.is_control() {
                        self.message = self.message.saturating_add(usize::try_from(self.left).unwrap_or(usize::MAX));
                    }
                }
            }
            if self.is_between() && self.is_last() && !self.is_control() {
                self.message = 0;
                self.messages += 1;
            }
        }
    }

    /// The length of the unfinished message, as far as its frames announce it: the library allocates memory for a whole frame
    /// once it has read the header.
    pub(super) fn message(&self) -> usize {
        self.message
    }

    /// The number of messages that have been received as a whole.
    pub(super) fn messages(&self) -> usize {
        self.messages
    }

    /// Whether the frame is the last one of its message.
    fn is_last(&self) -> bool {
        self.header[0] & 0x80 != 0
    }

    /// Whether this is a control frame, which may come within a message.
    fn is_control(&self) -> bool {
        self.header[0] & 0x08 != 0
    }

    /// Whether the position is between two frames.
    pub(super) fn is_between(&self) -> bool {
        self.header_length == 0 && self.left == 0
    }

    /// The length of the header, as known so far.
    fn needed(&self) -> usize {
        if self.header_length < 2 {
            return 2;
        }
        let extended = match self.header[1] & 0x7F {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        2 + extended + if self.header[1] & 0x80 == 0 { 0 } else { 4 }
    }

    fn payload_length(&self) -> u64 {
        match self.header[1] & 0x7F {
            126 => u64::from(u16::from_be_bytes([self.header[2], self.header[3]])),
            127 => self.header[2..10].iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
            short => u64::from(short),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(length: usize, masked: bool) -> Vec<u8> {
        let mask = if masked { 0x80 } else { 0 };
        let header = match length {
            0..=125 => vec![0x81, mask | length as u8],
            126..=65535 => [&[0x81, mask | 126][..], &(length as u16).to_be_bytes()].concat(),
            _ => [&[0x81, mask | 127][..], &(length as u64).to_be_bytes()].concat(),
        };
        [header, vec![0xA5; if masked { 4 } else { 0 }], vec![0x81; length]].concat()
    }

    #[test]
    fn the_end_of_a_frame_is_found_however_it_is_cut() {
        for length in [0, 1, 125, 126, 127, 65_535, 65_536, 70_000] {
            for masked in [true, false] {
                let bytes = frame(length, masked);
                for step in [1, 2, 3, 7, 1000, usize::MAX] {
                    let mut frames = Frames::default();
                    let (last, others) = bytes.split_last().unwrap();
                    for piece in others.chunks(step) {
                        frames.follow(piece);
                        assert!(!frames.is_between(), "{length} bytes, {step} at a time");
                    }
                    frames.follow(&[*last]);
                    assert!(frames.is_between(), "{length} bytes, {step} at a time");
                }
            }
        }
    }

    #[test]
    fn several_frames_are_followed_at_once() {
        let bytes = [frame(5, true), frame(300, true), frame(0, true), frame(70_000, true)].concat();
        let mut frames = Frames::default();
        frames.follow(&bytes);
        assert!(frames.is_between());
        frames.follow(&bytes[..bytes.len() - 1]);
        assert!(!frames.is_between());
    }

    #[test]
    fn a_message_is_as_long_as_its_frames_without_the_control_frames_between_them() {
        let part = |first: u8, length: usize| [&[first][..], &frame(length, true)[1..]].concat();
        let (begins, ping, goes_on, ends) = (part(0x01, 300), part(0x89, 5), part(0x00, 200), part(0x80, 100));
        let mut frames = Frames::default();
        for (bytes, expected) in [(&begins, 300), (&ping, 300), (&goes_on, 500), (&ends, 600), (&part(0x82, 70), 70)] {
            let (last, others) = bytes.split_last().unwrap();
            others.iter().for_each(|byte| frames.follow(&[*byte]));
            assert_eq!(frames.message(), expected);
            frames.follow(&[*last]);
        }
        assert_eq!(frames.message(), 0);
    }

    #[test]
    fn a_frame_that_is_longer_than_any_never_ends() {
        let mut frames = Frames::default();
        frames.follow(&[&[0x81, 0xFF][..], &[0xFF; 8], &[0; 4], b"42[5,"].concat());
        assert!(!frames.is_between());
    }
}
