//! What a client has sent: one event.

use std::{borrow::Cow, convert::Infallible, fmt, sync::Arc};

use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::Value;
use socketioxide::{adapter::LocalAdapter, handler::FromMessageParts, socket::Socket};

use super::names;
use crate::limit::Drawn;

/// The most bytes of its name that an event keeps without its payload: more than any schema's names have.
const LONGEST_KEPT_NAME: usize = 256;

/// An event as it came.
pub(super) struct Packet {
    /// `["name", argument, …]`, or its beginning where the payload has been dropped. A copy: the original keeps a whole
    /// read buffer alive.
    text: Box<str>,
    /// Whether the payload has been dropped, for want of room.
    dropped: bool,
    /// Whether it came with binary attachments.
    binary: bool,
    /// What an acknowledgement is called, if one is asked for.
    pub(super) ack: Option<i64>,
    /// What the event's limit said when it came.
    pub(super) drawn: Drawn,
    /// Whether it came when the server was stopping.
    pub(super) late: bool,
}

impl FromMessageParts<LocalAdapter> for Packet {
    type Error = Infallible;

    fn from_message_parts(
        _: &Arc<Socket>,
        value: &mut socketioxide_core::Value,
        ack: &Option<i64>,
    ) -> Result<Self, Infallible> {
        let (text, binary) = match value {
            socketioxide_core::Value::Str(text, attachments) => {
                (text.as_str().into(), attachments.as_ref().is_some_and(|attachments| !attachments.is_empty()))
            }
            // The parser in use makes none of these.
            socketioxide_core::Value::Bytes(_) => (Box::from("[]"), true),
        };
        Ok(Packet { text, dropped: false, binary, ack: *ack, drawn: Drawn::Allowed, late: false })
    }
}

impl Packet {
    /// How much it counts for in a queue: its text, and what is kept of it besides.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + size_of::<Packet>()
    }

    /// What is left of it without its payload: enough to answer it.
    pub(super) fn drop_payload(self) -> Self {
        let name = self.shown_name();
        let most = name.len().min(LONGEST_KEPT_NAME);
        let end = (0..=most).rev().find(|&end| name.is_char_boundary(end)).unwrap_or(0);
        let text = format!("[\"{}", &name[..end]);
        Packet { text: text.into(), dropped: true, ..self }
    }

    /// Whether its payload has been dropped.
    pub(super) fn is_dropped(&self) -> bool {
        self.dropped
    }

    /// The event's name. The library has seen to it that the text is an array that begins with a string without escapes.
    pub(super) fn event(&self) -> Cow<'_, str> {
        names::read(self.shown_name())
    }

    fn shown_name(&self) -> &str {
        self.text.split('"').nth(1).unwrap_or_default()
    }

    /// The event's payload: its first argument, `null` where there is none. What follows is ignored.
    ///
    /// # Errors
    /// What is wrong with it, to be read after its path.
    pub(super) fn payload(&self) -> Result<Value, &'static str> {
        let mut text = serde_json::Deserializer::from_str(&self.text);
        let payload = text.deserialize_seq(FirstArgument).map_err(|error| {
            if error.to_string().starts_with("recursion limit") { "is nested too deeply" } else { "is not valid JSON" }
        })?;
        // A binary attachment in place of the object is no object.
        let placeholder = self.binary && payload.get("_placeholder") == Some(&Value::Bool(true));
        Ok(if placeholder { Value::Null } else { payload })
    }
}

struct FirstArgument;

impl<'de> Visitor<'de> for FirstArgument {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event's name and its arguments")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        items.next_element::<IgnoredAny>()?;
        let payload = items.next_element()?.unwrap_or(Value::Null);
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(payload)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn packet(text: &str, binary: bool) -> Packet {
        Packet { text: text.into(), dropped: false, binary, ack: None, drawn: Drawn::Allowed, late: false }
    }

    #[test]
    fn a_payload_is_the_first_argument() {
        let deep = format!(r#"["a",{}1{}]"#, "[".repeat(200), "]".repeat(200));
        let cases = [
            (r#"["a"]"#, false, Ok(Value::Null)),
            (r#"[ "a" , {"b":1}, 2 ]"#, false, Ok(json!({"b": 1}))),
            (r#"["a",{"_placeholder":true,"num":0}]"#, true, Ok(Value::Null)),
            (r#"["a",{"_placeholder":true,"num":0}]"#, false, Ok(json!({"_placeholder": true, "num": 0}))),
            (r#"["a",{"b":{"_placeholder":true,"num":0}}]"#, true, Ok(json!({"b": {"_placeholder": true, "num": 0}}))),
            (r#"["a",1e999]"#, false, Err("is not valid JSON")),
            (r#"["a","\ud800"]"#, false, Err("is not valid JSON")),
            (deep.as_str(), false, Err("is nested too deeply")),
        ];
        for (text, binary, payload) in cases {
            let packet = packet(text, binary);
            assert_eq!(packet.event(), "a");
            assert_eq!(packet.payload(), payload, "{text}");
        }
    }

    #[test]
    fn without_its_payload_an_event_is_small_and_keeps_its_name_and_acknowledgement() {
        let whole = Packet { ack: Some(7), ..packet(&format!(r#"["a",{{"b":"{}"}}]"#, "x".repeat(100_000)), false) };
        let rest = whole.drop_payload();
        assert_eq!((&*rest.event(), rest.ack, rest.is_dropped()), ("a", Some(7), true));
        let rest = packet(&format!(r#"["{}"]"#, "é".repeat(100_000)), false).drop_payload();
        assert_eq!(rest.event(), "é".repeat(128));
        assert!(rest.bytes() < 500);
    }
}
