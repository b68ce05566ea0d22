//! Engine.IO 4: <https://github.com/socketio/engine.io-protocol>.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

/// A packet as a transport carries it: its type's digit and what follows, or bare bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Frame {
    Text(String),
    Binary(Vec<u8>),
}

/// The data of an Engine.IO open packet.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Handshake {
    pub sid: String,
    /// Kept for the record of the server's handshake.
    pub upgrades: Vec<String>,
    pub ping_interval: u64,
    pub ping_timeout: u64,
}

impl Handshake {
    /// Reads the packet that opens a session.
    pub fn read(packet: &str) -> Result<Self, String> {
        let json =
            packet.strip_prefix('0').ok_or_else(|| format!("expected an Engine.IO open packet, got `{packet}`"))?;
        let handshake: Handshake = serde_json::from_str(json)
            .map_err(|error| format!("the Engine.IO handshake is wrong: {error}: `{json}`"))?;
        if handshake.ping_interval == 0 || handshake.ping_timeout == 0 {
            return Err(format!("the Engine.IO handshake does not promise heartbeats: `{json}`"));
        }
        Ok(handshake)
    }
}

/// Several packets in the body of a polling request or answer are separated by this.
pub(super) const SEPARATOR: char = '\u{1e}';

/// Packets as the body of a polling request.
pub(super) fn encode_payload(frames: &[Frame]) -> String {
    let encode = |frame: &Frame| match frame {
        Frame::Text(text) => text.clone(),
        Frame::Binary(bytes) => format!("b{}", STANDARD.encode(bytes)),
    };
    frames.iter().map(encode).collect::<Vec<_>>().join(&SEPARATOR.to_string())
}

/// The packets in the body of a poll's answer.
pub(super) fn decode_payload(body: &str) -> Result<Vec<Frame>, String> {
    let decode = |packet: &str| match packet.strip_prefix('b') {
        Some(encoded) => STANDARD.decode(encoded).map(Frame::Binary).map_err(|error| format!("bad base64: {error}")),
        None => Ok(Frame::Text(packet.to_owned())),
    };
    body.split(SEPARATOR).map(decode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_read_as_it_was_written() {
        let frames =
            vec![Frame::Text("4hello".to_owned()), Frame::Binary(vec![0, 1, 255]), Frame::Text("2".to_owned())];
        let body = encode_payload(&frames);
        assert_eq!(body, "4hello\u{1e}bAAH/\u{1e}2");
        assert_eq!(decode_payload(&body), Ok(frames));
    }

    #[test]
    fn a_malformed_handshake_names_the_mistake() {
        let good =
            r#"0{"sid":"a","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
        assert_eq!(Handshake::read(good).unwrap().sid, "a");
        assert!(Handshake::read("6").unwrap_err().contains("expected an Engine.IO open packet"));
        assert!(Handshake::read(r#"0{"sid":"a"}"#).unwrap_err().contains("missing field"));
    }
}
