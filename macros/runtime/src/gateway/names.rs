//! Event names with escapes in them.
//!
//! The Socket.IO library borrows an event's name from the packet's text, and ends the connection where it cannot because
//! the name is written with an escape (`"a\"b"`). Nothing that is well-formed may end a connection, so before the library
//! sees them the two characters that an escape begins with are overwritten by one that is as long in UTF-8, and that
//! [`read`] turns back: one of those between U+07B2 and U+07BA, to which Unicode assigns nothing. (A name that is written
//! with one of these reads as if it had the escape. Nobody's name is.)

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
    /// After the name, or in something that is no event.
    Rest,
}

impl Packet {
    /// Takes one byte; returns what it is to be.
    fn take(&mut self, byte: u8) -> u8 {
        let (next, byte) = match (*self, byte) {
            (Packet::Start, b'4') => (Packet::Message, byte),
            (Packet::Message, b'2' | b'5') => (Packet::Head, byte),
            (Packet::Head, b'0'..=b'9' | b'-') => (Packet::Head, byte),
            (Packet::Head, b'/') | (Packet::Namespace, b'\0'..=b'+' | b'-'..) => (Packet::Namespace, byte),
            (Packet::Namespace, b',') => (Packet::Head, byte),
            (Packet::Head, b'[') => (Packet::Array, byte),
            (Packet::Array, b' ' | b'\t' | b'\r' | b'\n') => (Packet::Array, byte),
            (Packet::Array, b'"') => (Packet::Name, byte),
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
        byte
    }
}

/// The packets of a polling request's body, separated by U+001E.
#[derive(Debug, Default)]
pub(super) struct BodyNames(Packet);

impl BodyNames {
    /// Overwrites the escapes in names, in the next piece of the body.
    pub(super) fn soften(&mut self, piece: &mut [u8]) {
        for byte in piece {
            if *byte == 0x1E {
                self.0 = Packet::Start;
            } else {
                *byte = self.0.take(*byte);
            }
        }
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
    pub(super) fn soften(&mut self, mut bytes: &mut [u8]) {
        while !bytes.is_empty() {
            if self.left == 0 && (self.head.length == 0 || usize::from(self.head.length) < self.head.needed()) {
                let (first, rest) = bytes.split_at_mut(1);
                self.take_head(first[0]);
                bytes = rest;
                continue;
            }
            let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
            let (payload, rest) = bytes.split_at_mut(length);
            self.take_payload(payload);
            bytes = rest;
        }
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
            *byte = self.packet.take(*byte ^ mask) ^ mask;
        }
    }
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

    const CASES: [(&str, &str); 9] = [
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
            let mut body = sent.as_bytes().to_vec();
            BodyNames::default().soften(&mut body);
            assert_eq!(String::from_utf8(body).unwrap(), softened);
        }
        let mut body = CASES.map(|(sent, _)| sent).join("\u{1E}").into_bytes();
        BodyNames::default().soften(&mut body);
        assert_eq!(String::from_utf8(body).unwrap(), CASES.map(|(_, softened)| softened).join("\u{1E}"));
    }

    #[test]
    fn a_name_is_read_as_it_was_sent() {
        let names = ["ping", "", "a\"b\\c/d\u{8}\u{c}\n\r\te", "\u{1}\u{7f}é😀", "\\", "\\u0070", "?"];
        for name in names {
            let mut body = format!("42{}", serde_json::json!([name])).into_bytes();
            BodyNames::default().soften(&mut body);
            let shown = String::from_utf8(body).unwrap();
            assert_eq!(read(shown.split('"').nth(1).unwrap()), name);
        }
        for (sent, read_as) in
            [(r"p\u0069n\u0067", "ping"), (r"\ud83d\ude00", "😀"), (r"\ud83d!", "\u{fffd}\u{fffd}\u{fffd}!")]
        {
            let mut body = format!("42[\"{sent}\"]").into_bytes();
            BodyNames::default().soften(&mut body);
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
            let mut bytes = messages(false);
            let mut names = FrameNames::default();
            for piece in bytes.chunks_mut(step) {
                names.soften(piece);
            }
            assert!(bytes == messages(true), "read {step} bytes at a time");
        }
    }
}
