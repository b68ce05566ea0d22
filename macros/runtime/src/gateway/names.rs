//! Event names that the Socket.IO library does not take: with escapes in them, and numbers.
//!
//! The Socket.IO library borrows an event's name from the packet's text, and ends the connection where it cannot because
//! the name is written with an escape (`"a\"b"`). Nothing that is well-formed may end a connection, so before the library
//! sees them the two characters that an escape begins with are overwritten by one that is as long in UTF-8, and that
//! [`read`] turns back: one of those between U+07B2 and U+07BA, to which Unicode assigns nothing. (A name that is written
//! with one of these reads as if it had the escape. Nobody's name is.)
//!
//! A name may also be a number (`emit(5)`), which the library takes for no name. It gets quotation marks, for which the
//! body or frame that it is in has to grow.

use std::{borrow::Cow, fmt};

use serde::de::{Deserializer, Visitor};

/// What may follow a reverse solidus (RFC 8259, section 7).
const ESCAPES: &[u8; 9] = b"\"\\/bfnrtu";

/// The two bytes of what stands for the first of [`ESCAPES`], U+07B2. The others follow it.
const STAND_IN: [u8; 2] = [0xDE, 0xB2];

/// The name that was sent, from what the library was shown between the quotation marks. Half a surrogate pair, which no
/// text can have, is read as U+FFFD.
pub(super) fn read(shown: &str) -> Cow<'_, str> {
    let escape = |character: char| {
        let index = u32::from(character).checked_sub(0x07B2)?;
        ESCAPES.get(index as usize).copied().map(char::from)
    };
    if !shown.contains(|character| escape(character).is_some()) {
        return Cow::Borrowed(shown);
    }
    let mut sent = String::with_capacity(shown.len() + 2);
    sent.push('"');
    for character in shown.chars() {
        match escape(character) {
            Some(escape) => sent.extend(['\\', escape]),
            None => sent.push(character),
        }
    }
    sent.push('"');
    match serde_json::Deserializer::from_str(&sent).deserialize_bytes(Name) {
        Ok(name) => Cow::Owned(name),
        Err(_) => Cow::Borrowed(shown),
    }
}

/// Reads a string as bytes, which have a place for half a surrogate pair.
struct Name;

impl Visitor<'_> for Name {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event's name")
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<String, E> {
        Ok(String::from_utf8_lossy(name).into_owned())
    }
}

/// Finds the event's name in one packet's text, byte by byte.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Packet {
    /// At the start: an Engine.IO message is next.
    #[default]
    Start,
    /// A Socket.IO event is next.
    Message,
    /// The number of attachments or the acknowledgement's id, until the array begins.
    Head,
    /// The namespace, which a comma ends.
    Namespace,
    /// In the array, before the name.
    Array,
    /// In the name.
    Name,
    /// In the name, after a reverse solidus.
    Escape,
    /// In the name, which is a number.
    Number,
    /// After the name, or in something that is no event.
    Rest,
}

impl Packet {
    /// Takes one byte; returns what it is to be. Where the second is true, a quotation mark has to go before it.
    fn take(&mut self, byte: u8) -> (u8, bool) {
        let before = *self;
        let (next, byte) = match (*self, byte) {
            (Packet::Start, b'4') => (Packet::Message, byte),
            (Packet::Message, b'2' | b'5') => (Packet::Head, byte),
            (Packet::Head, b'0'..=b'9' | b'-') => (Packet::Head, byte),
            (Packet::Head, b'/') | (Packet::Namespace, b'\0'..=b'+' | b'-'..) => (Packet::Namespace, byte),
            (Packet::Namespace, b',') => (Packet::Head, byte),
            (Packet::Head, b'[') => (Packet::Array, byte),
            (Packet::Array, b' ' | b'\t' | b'\r' | b'\n') => (Packet::Array, byte),
            (Packet::Array, b'"') => (Packet::Name, byte),
            (Packet::Array | Packet::Number, b'-' | b'0'..=b'9') => (Packet::Number, byte),
            (Packet::Number, b'+' | b'.' | b'e' | b'E') => (Packet::Number, byte),
            (Packet::Name, b'\\') => (Packet::Escape, STAND_IN[0]),
            (Packet::Name, b'"') => (Packet::Rest, byte),
            (Packet::Name, _) => (Packet::Name, byte),
            (Packet::Escape, _) => match ESCAPES.iter().position(|escape| *escape == byte) {
                #[expect(clippy::cast_possible_truncation, reason = "there are nine")]
                Some(index) => (Packet::Name, STAND_IN[1] + index as u8),
                None => (Packet::Rest, byte),
            },
            _ => (Packet::Rest, byte),
        };
        *self = next;
        (byte, (before == Packet::Number) != (next == Packet::Number))
    }
}

/// The packets of a polling request's body, separated by U+001E.
#[derive(Debug, Default)]
pub(super) struct BodyNames(Packet);

impl BodyNames {
    /// The next piece of the body, with the escapes in names overwritten and numbers in quotation marks.
    pub(super) fn soften(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut softened = Vec::with_capacity(piece.len() + 2);
        for &byte in piece {
            if byte == 0x1E {
                self.0 = Packet::Start;
                softened.push(byte);
                continue;
            }
            let (byte, quoted) = self.0.take(byte);
            if quoted {
                softened.push(b'"');
            }
            softened.push(byte);
        }
        softened
    }
}

/// The frames that a WebSocket client sends (RFC 6455, section 5.2).
#[derive(Debug, Default)]
pub(super) struct FrameNames {
    head: Head,
    /// How much of the frame's payload is still to come.
    left: u64,
    /// The masking key, turned so that the next byte's is the first.
    key: u32,
    /// Whether the frame is part of a text message.
    text: bool,
    /// Whether the last message was text, which its continuations are part of.
    message_is_text: bool,
    packet: Packet,
}

/// How far bytes of a connection have been softened.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Softened {
    /// All of them.
    All,
    /// Up to this one: whether the frame that begins there has a number for a name is not known before more of it has come.
    Until(usize),
    /// Up to this one, where so many bytes are to be replaced by these, which are more.
    Replace(usize, usize, Vec<u8>),
}

/// How much of a frame's payload is looked at for a name that is a number.
const LONGEST_NUMBER: u64 = 80;

/// A frame's header, as far as it has come.
#[derive(Debug, Default)]
struct Head {
    bytes: [u8; 14],
    length: u8,
}

impl Head {
    /// How long the header is going to be, as far as can be told.
    fn needed(&self) -> usize {
        match (self.length, self.bytes[1]) {
            (0 | 1, _) => 2,
            (_, second) => {
                let extended = match second & 0x7F {
                    126 => 2,
                    127 => 8,
                    _ => 0,
                };
                2 + extended + if second & 0x80 == 0 { 0 } else { 4 }
            }
        }
    }

    fn payload_length(&self) -> u64 {
        match self.bytes[1] & 0x7F {
            126 => u64::from(u16::from_be_bytes([self.bytes[2], self.bytes[3]])),
            127 => self.bytes[2..10].iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
            short => u64::from(short),
        }
    }

    fn key(&self) -> u32 {
        if self.bytes[1] & 0x80 == 0 {
            return 0;
        }
        let end = self.needed();
        self.bytes[end - 4..end].iter().fold(0, |key, byte| key << 8 | u32::from(*byte))
    }
}

impl FrameNames {
    /// Overwrites the escapes in names, in the next bytes of the connection.
    pub(super) fn soften(&mut self, bytes: &mut [u8]) -> Softened {
        let mut at = 0;
        while at < bytes.len() {
            if self.left > 0 {
                let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len() - at);
                self.take_payload(&mut bytes[at..at + length]);
                at += length;
                continue;
            }
            if self.head.length == 0 {
                match quoted_number(&bytes[at..]) {
                    Number::None => {}
                    Number::Unknown => return Softened::Until(at),
                    Number::Quoted { head, taken, left } => {
                        *self = FrameNames { left, text: true, message_is_text: true, ..FrameNames::default() };
                        self.packet = Packet::Rest;
                        return Softened::Replace(at, taken, head);
                    }
                }
            }
            self.take_head(bytes[at]);
            at += 1;
        }
        Softened::All
    }

    /// The next bytes of the connection, softened, and those of them that have to come again with more.
    pub(super) fn soften_growing(&mut self, mut bytes: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
        let softened = self.soften(&mut bytes);
        self.grow(softened, bytes)
    }

    /// The same for bytes that have been softened as far as they could be in place.
    pub(super) fn grow(&mut self, mut softened: Softened, mut bytes: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
        let mut ready = Vec::with_capacity(bytes.len() + 2);
        while let Softened::Replace(at, taken, replacement) = softened {
            let after = bytes.split_off(at + taken);
            ready.extend_from_slice(&bytes[..at]);
            ready.extend(replacement);
            bytes = after;
            softened = self.soften(&mut bytes);
        }
        let held = if let Softened::Until(at) = softened { bytes.split_off(at) } else { Vec::new() };
        ready.append(&mut bytes);
        (ready, held)
    }

    fn take_head(&mut self, byte: u8) {
        self.head.bytes[usize::from(self.head.length)] = byte;
        self.head.length += 1;
        if usize::from(self.head.length) < self.head.needed() {
            return;
        }
        self.left = self.head.payload_length();
        self.key = self.head.key();
        match self.head.bytes[0] & 0x0F {
            0 => self.text = self.message_is_text,
            opcode @ (1 | 2) => {
                self.message_is_text = opcode == 1;
                self.text = self.message_is_text;
                self.packet = Packet::Start;
            }
            _ => self.text = false,
        }
        self.head.length = 0;
    }

    fn take_payload(&mut self, payload: &mut [u8]) {
        self.left -= payload.len() as u64;
        if !self.text {
            return;
        }
        for byte in payload {
            if self.packet == Packet::Rest {
                return;
            }
            self.key = self.key.rotate_left(8);
            // What was the key's first byte is its last.
            let mask = self.key.to_le_bytes()[0];
            *byte = self.packet.take(*byte ^ mask).0 ^ mask;
        }
    }
}

/// Whether a frame is an event whose name is a number.
enum Number {
    None,
    /// Not enough of the frame has come.
    Unknown,
    /// It is: what its first bytes have to be, how many those were, and how many bytes of its payload follow.
    Quoted {
        head: Vec<u8>,
        taken: usize,
        left: u64,
    },
}

/// Puts the name of the event that a frame begins with in quotation marks if it is a number. A message that comes in several
/// frames is not looked at: no client cuts one that short.
fn quoted_number(frame: &[u8]) -> Number {
    const WHOLE_TEXT: u8 = 0x81;
    let mut head = Head::default();
    for &byte in frame.iter().take(head.bytes.len()) {
        if usize::from(head.length) == head.needed() {
            break;
        }
        head.bytes[usize::from(head.length)] = byte;
        head.length += 1;
    }
    if head.bytes[0] != WHOLE_TEXT || (head.length > 1 && head.bytes[1] & 0x80 == 0) {
        return Number::None;
    }
    if usize::from(head.length) < head.needed() {
        return Number::Unknown;
    }
    let (start, length, key) = (head.needed(), head.payload_length(), head.key().to_be_bytes());
    let mut packet = Packet::default();
    let mut text = Vec::new();
    for at in 0..length.min(LONGEST_NUMBER) as usize {
        let Some(byte) = frame.get(start + at) else { return Number::Unknown };
        let (byte, quoted) = packet.take(byte ^ key[at % 4]);
        match (packet, quoted) {
            (Packet::Number, true) => text.push(b'"'),
            (Packet::Rest, true) => {
                text.push(b'"');
                // The quotation marks move what follows by two bytes, and its key with it.
                let key = [key[2], key[3], key[0], key[1]];
                let masked = text.iter().enumerate().map(|(at, byte)| byte ^ key[at % 4]);
                // A length that no frame has is the library's to refuse.
                let Some(longer) = length.checked_add(2) else { return Number::None };
                let head = header(longer, key).into_iter().chain(masked).collect();
                return Number::Quoted { head, taken: start + at, left: length - at as u64 };
            }
            (Packet::Name | Packet::Escape | Packet::Rest, _) => return Number::None,
            _ => {}
        }
        text.push(byte);
    }
    Number::None
}

/// The header of a text message in one frame.
fn header(length: u64, key: [u8; 4]) -> Vec<u8> {
    let mut header = vec![0x81];
    match (u16::try_from(length), length) {
        (Ok(_), 0..=125) => header.push(0x80 | length as u8),
        (Ok(length), _) => {
            header.push(0x80 | 126);
            header.extend(length.to_be_bytes());
        }
        (Err(_), _) => {
            header.push(0x80 | 127);
            header.extend(length.to_be_bytes());
        }
    }
    header.extend(key);
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(opcode: u8, fin: bool, key: [u8; 4], payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![opcode | if fin { 0x80 } else { 0 }];
        match payload.len() {
            length @ 0..=125 => frame.push(0x80 | length as u8),
            length @ 126..=65535 => {
                frame.push(0x80 | 126);
                frame.extend((length as u16).to_be_bytes());
            }
            length => {
                frame.push(0x80 | 127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        frame.extend(key);
        frame.extend(payload.iter().enumerate().map(|(index, byte)| byte ^ key[index % 4]));
        frame
    }

    /// The first byte and the payload of each frame.
    fn unmasked(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
        let mut frames = Vec::new();
        while !bytes.is_empty() {
            let mut head = Head::default();
            while usize::from(head.length) < head.needed() {
                head.bytes[usize::from(head.length)] = bytes[usize::from(head.length)];
                head.length += 1;
            }
            let (payload, rest) = bytes[head.needed()..].split_at(head.payload_length() as usize);
            let key = head.key().to_be_bytes();
            let payload = payload.iter().enumerate().map(|(at, byte)| byte ^ key[at % 4]).collect();
            frames.push((head.bytes[0], payload));
            bytes = rest;
        }
        frames
    }

    const CASES: [(&str, &str); 13] = [
        ("42[5]", r#"42["5"]"#),
        (r#"427[ -1.5e+3 ,{"a":"\n"}]"#, r#"427[ "-1.5e+3" ,{"a":"\n"}]"#),
        (r#"451-[0,{"_placeholder":true,"num":0}]"#, r#"451-["0",{"_placeholder":true,"num":0}]"#),
        ("430[5]", "430[5]"),
        (r#"42/,7["\n"]"#, "42/,7[\"\u{7b7}\"]"),
        (r#"42["ping",{"a":"\n"}]"#, r#"42["ping",{"a":"\n"}]"#),
        (r#"42["a\"b",1]"#, "42[\"a\u{7b2}b\",1]"),
        (r#"4217[ "\u0070\\\"ing" , "\"" ]"#, "4217[ \"\u{7ba}0070\u{7b3}\u{7b2}ing\" , \"\\\"\" ]"),
        (r#"451-["\n",{"_placeholder":true,"num":0}]"#, "451-[\"\u{7b7}\",{\"_placeholder\":true,\"num\":0}]"),
        (r#"40{"token":"\""}"#, r#"40{"token":"\""}"#),
        (r#"43["\""]"#, r#"43["\""]"#),
        ("3", "3"),
        ("", ""),
    ];

    #[test]
    fn escapes_in_names_are_overwritten_and_nothing_else_is() {
        for (sent, softened) in CASES {
            let body = BodyNames::default().soften(sent.as_bytes());
            assert_eq!(String::from_utf8(body).unwrap(), softened);
        }
        let body = BodyNames::default().soften(CASES.map(|(sent, _)| sent).join("\u{1E}").as_bytes());
        assert_eq!(String::from_utf8(body).unwrap(), CASES.map(|(_, softened)| softened).join("\u{1E}"));
    }

    #[test]
    fn a_name_is_read_as_it_was_sent() {
        let names = ["ping", "", "a\"b\\c/d\u{8}\u{c}\n\r\te", "\u{1}\u{7f}é😀", "\\", "\\u0070", "?"];
        for name in names {
            let body = BodyNames::default().soften(format!("42{}", serde_json::json!([name])).as_bytes());
            let shown = String::from_utf8(body).unwrap();
            assert_eq!(read(shown.split('"').nth(1).unwrap()), name);
        }
        for (sent, read_as) in
            [(r"p\u0069n\u0067", "ping"), (r"\ud83d\ude00", "😀"), (r"\ud83d!", "\u{fffd}\u{fffd}\u{fffd}!")]
        {
            let body = BodyNames::default().soften(format!("42[\"{sent}\"]").as_bytes());
            let shown = String::from_utf8(body).unwrap();
            assert_eq!(read(shown.split('"').nth(1).unwrap()), read_as);
        }
        assert_eq!(read("\u{7ba}zz"), "\u{7ba}zz", "it is no escape");
    }

    #[test]
    fn frames_are_found_however_they_are_cut() {
        let long = format!(r#"42["\t","{}"]"#, "\\\\".repeat(40_000));
        let (first, rest) = r#"42["x\"y"]"#.split_at(5);
        let messages = |soft: bool| {
            let mut bytes = Vec::new();
            for (index, (sent, softened)) in CASES.iter().enumerate() {
                let key = [index as u8, 0xA5, 0x5A, 0xFF];
                bytes.extend(frame(1, true, key, if soft { softened } else { sent }.as_bytes()));
                bytes.extend(frame(9, true, key, br#"42["\""]"#));
            }
            for padding in [100, 114, 115, 116, 117, 118, 119, 120, 65_525, 65_526, 65_527, 65_528, 65_529, 70_000] {
                let name = if soft { r#""12""# } else { "12" };
                bytes.extend(frame(1, true, [7, 6, 5, 4], format!("42[{name},{}]", "0".repeat(padding)).as_bytes()));
            }
            let long = if soft { long.replacen(r"\t", "\u{7b9}", 1) } else { long.clone() };
            bytes.extend(frame(1, true, [1, 2, 3, 4], long.as_bytes()));
            bytes.extend(frame(1, false, [9, 8, 7, 6], first.as_bytes()));
            bytes.extend(frame(9, true, [0, 0, 0, 1], b"between"));
            bytes.extend(frame(0, true, [6, 7, 8, 9], if soft { "\u{7b2}y\"]" } else { rest }.as_bytes()));
            bytes.extend(frame(2, true, [6, 7, 8, 9], br#"42["\""]"#));
            bytes
        };
        assert_eq!(rest, r#"\"y"]"#);
        for step in [1, 2, 3, 7, 1000, usize::MAX] {
            let mut names = FrameNames::default();
            let (mut softened, mut held) = (Vec::new(), Vec::new());
            for piece in messages(false).chunks(step) {
                let (mut ready, rest) = names.soften_growing([held, piece.to_vec()].concat());
                softened.append(&mut ready);
                held = rest;
            }
            assert!(unmasked(&softened) == unmasked(&messages(true)) && held.is_empty(), "read {step} bytes at a time");
        }
    }

    #[test]
    fn a_frame_that_is_longer_than_any_is_left_to_the_library_to_refuse() {
        let mut bytes = vec![0x81, 0xff];
        bytes.extend([0xff; 8]);
        bytes.extend([0; 4]);
        bytes.extend(b"42[5,");
        let mut names = FrameNames::default();
        assert_eq!(names.soften_growing(bytes.clone()), (bytes, Vec::new()));
    }
}
