//! Socket.IO 5: <https://github.com/socketio/socket.io-protocol>.

use serde_json::Value;

/// A packet of the namespace `/`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Packet {
    /// The namespace is connected.
    Connect(Value),
    /// The namespace is not connected, and why.
    ConnectError(Value),
    Disconnect,
    Event {
        id: Option<u64>,
        name: String,
        args: Vec<Value>,
        /// Binary frames that follow.
        attachments: usize,
    },
    Ack {
        id: u64,
        args: Vec<Value>,
        attachments: usize,
    },
}

impl Packet {
    /// Reads the content of an Engine.IO message packet.
    pub fn read(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("a Socket.IO packet {what}: `{text}`");
        let (kind, mut rest) = text.split_at_checked(1).ok_or_else(|| wrong("is empty"))?;
        let mut attachments = 0;
        if kind == "5" || kind == "6" {
            let (count, after) = rest.split_once('-').ok_or_else(|| wrong("has no number of attachments"))?;
            attachments = count.parse().map_err(|_| wrong("has a bad number of attachments"))?;
            rest = after;
        }
        if rest.starts_with('/') {
            let (namespace, after) = rest.split_once(',').unwrap_or((rest, ""));
            if namespace != "/" {
                return Err(wrong("belongs to another namespace"));
            }
            rest = after;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (id, json) = rest.split_at(digits);
        let id = match id {
            "" => None,
            id => Some(id.parse().map_err(|_| wrong("has a bad acknowledgement id"))?),
        };
        let data = match json {
            "" => Value::Null,
            json => serde_json::from_str(json).map_err(|error| wrong(&format!("does not contain JSON ({error})")))?,
        };
        let array = |data| match data {
            Value::Array(items) => Ok(items),
            _ => Err(wrong("does not contain an array")),
        };
        match kind {
            "0" => Ok(Packet::Connect(data)),
            "1" => Ok(Packet::Disconnect),
            "2" | "5" => {
                let mut args = array(data)?.into_iter();
                match args.next() {
                    Some(Value::String(name)) => Ok(Packet::Event { id, name, args: args.collect(), attachments }),
                    _ => Err(wrong("does not name an event")),
                }
            }
            "3" | "6" => {
                let id = id.ok_or_else(|| wrong("has no acknowledgement id"))?;
                Ok(Packet::Ack { id, args: array(data)?, attachments })
            }
            "4" => Ok(Packet::ConnectError(data)),
            _ => Err(wrong("has an unknown type")),
        }
    }
}

/// The packet that connects the namespace.
pub(super) fn connect(auth: Option<&Value>) -> String {
    auth.map_or_else(|| "40".to_owned(), |auth| format!("40{auth}"))
}

/// The packet of an event, asking for an acknowledgement where there is an `id`.
pub(super) fn event(name: &str, args: &[Value], id: Option<u64>, attachments: usize) -> String {
    let mut all = vec![Value::from(name)];
    all.extend_from_slice(args);
    let kind = if attachments == 0 { "42".to_owned() } else { format!("45{attachments}-") };
    let id = id.map(|id| id.to_string()).unwrap_or_default();
    format!("{kind}{id}{}", Value::Array(all))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_acknowledgements_and_refusals_are_read() {
        let event =
            |id, attachments| Packet::Event { id, name: "a".to_owned(), args: vec![json!({ "b": 1 })], attachments };
        assert_eq!(Packet::read(r#"2["a",{"b":1}]"#), Ok(event(None, 0)));
        assert_eq!(Packet::read(r#"217["a",{"b":1}]"#), Ok(event(Some(17), 0)));
        assert_eq!(Packet::read(r#"52-/,3["a",{"b":1}]"#), Ok(event(Some(3), 2)));
        assert_eq!(Packet::read("33[true]"), Ok(Packet::Ack { id: 3, args: vec![json!(true)], attachments: 0 }));
        assert_eq!(Packet::read(r#"4{"message":"no"}"#), Ok(Packet::ConnectError(json!({ "message": "no" }))));
        assert_eq!(Packet::read("1"), Ok(Packet::Disconnect));
    }

    #[test]
    fn a_malformed_packet_is_named() {
        assert!(Packet::read("").unwrap_err().contains("is empty"));
        assert!(Packet::read("2{}").unwrap_err().contains("does not contain an array"));
        assert!(Packet::read("2[1]").unwrap_err().contains("does not name an event"));
        assert!(Packet::read(r#"2/admin,["a"]"#).unwrap_err().contains("another namespace"));
        assert!(Packet::read("9").unwrap_err().contains("unknown type"));
    }

    #[test]
    fn events_are_written() {
        assert_eq!(event("ping", &[], None, 0), r#"42["ping"]"#);
        assert_eq!(event("a", &[json!({ "b": 1 })], Some(7), 0), r#"427["a",{"b":1}]"#);
        assert_eq!(event("a", &[json!(null)], Some(7), 1), r#"451-7["a",null]"#);
    }
}
