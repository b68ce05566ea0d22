//! Socket.IO packets on their way through the proxy.

use serde_json::Value;

/// A packet that a fault may look at.
#[derive(Clone, Debug)]
pub enum Packet {
    /// An event, with its first argument.
    Event { name: String, data: Value },
    /// An acknowledgement.
    Ack { id: String, answer: Value },
    /// Anything else.
    Other(String),
}

impl Packet {
    pub fn read(text: &str) -> Packet {
        let other = || Packet::Other(text.to_owned());
        let Some(rest) = text.strip_prefix('4') else { return other() };
        let (kind, rest) = rest.split_at(rest.len().min(1));
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (id, json) = rest.split_at(digits);
        let Ok(Value::Array(mut items)) = serde_json::from_str(json) else { return other() };
        match (kind, items.len()) {
            ("2", 1..=2) => {
                let data = if items.len() == 2 { items.remove(1) } else { Value::Null };
                Packet::Event { name: items[0].as_str().unwrap_or_default().to_owned(), data }
            }
            ("3", 1) => Packet::Ack { id: id.to_owned(), answer: items.remove(0) },
            _ => other(),
        }
    }

    /// The payload of an event, or the data of an acknowledgement.
    pub fn data_mut(&mut self) -> Option<&mut Value> {
        match self {
            Packet::Event { data, .. } => Some(data),
            Packet::Ack { answer, .. } => answer.get_mut("data"),
            Packet::Other(_) => None,
        }
    }

    pub fn write(&self) -> String {
        match self {
            Packet::Event { name, data } => format!("42{}", Value::Array(vec![name.as_str().into(), data.clone()])),
            Packet::Ack { id, answer } => format!("43{id}{}", Value::Array(vec![answer.clone()])),
            Packet::Other(text) => text.clone(),
        }
    }
}
