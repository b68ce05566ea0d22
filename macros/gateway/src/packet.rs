//! A packet from a client: one event.

use std::{borrow::Cow, convert::Infallible, fmt, marker::PhantomData, sync::Arc};

use accord_runtime::{
    event::{LONGEST_NAMED, NamedRoom, NamedRooms},
    pipeline::Drawn,
};
use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Value, value::RawValue};
use socketioxide::{adapter::LocalAdapter, handler::FromMessageParts, socket::Socket as LibrarySocket};

/// The maximum number of bytes of its name that an event keeps without its payload. No schema has longer names.
const LONGEST_KEPT_NAME: usize = 256;

/// An event as received.
pub(super) struct Packet {
    /// `["name", argument, …]`, or its beginning where the payload has been dropped. A copy: the original keeps a whole
    /// read buffer alive.
    text: Box<str>,
    /// Whether the payload has been dropped, for lack of room.
    dropped: bool,
    /// Whether it came with binary attachments.
    binary: bool,
    /// The id of the acknowledgement, if one is asked for.
    pub(super) ack: Option<i64>,
    /// The verdict of the event's limit on arrival.
    pub(super) drawn: Drawn,
    /// Whether it came when the server was stopping.
    pub(super) late: bool,
}

impl FromMessageParts<LocalAdapter> for Packet {
    type Error = Infallible;

    fn from_message_parts(
        _: &Arc<LibrarySocket>,
        value: &mut socketioxide_core::Value,
        ack: &Option<i64>,
    ) -> Result<Self, Infallible> {
        let (text, binary) = match value {
            socketioxide_core::Value::Str(text, attachments) => {
                (text.as_str().into(), attachments.as_ref().is_some_and(|attachments| !attachments.is_empty()))
            }
            // The parser in use never produces these.
            socketioxide_core::Value::Bytes(_) => (Box::from("[]"), true),
        };
        Ok(Packet { text, dropped: false, binary, ack: *ack, drawn: Drawn::Allowed, late: false })
    }
}

impl Packet {
    /// Its size in a queue: its text, and the other parts that are kept.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + size_of::<Packet>()
    }

    /// The packet without its payload, which is enough to answer it.
    pub(super) fn drop_payload(self) -> Self {
        let name = self.event();
        let most = name.len().min(LONGEST_KEPT_NAME);
        let end = (0..=most).rev().find(|&end| name.is_char_boundary(end)).unwrap_or(0);
        let text = format!("[\"{}", &name[..end]);
        Packet { text: text.into(), dropped: true, ..self }
    }

    /// Whether its payload has been dropped.
    pub(super) fn is_dropped(&self) -> bool {
        self.dropped
    }

    /// The event's name. The library guarantees that the text is an array that begins with a string without escapes: it
    /// ends the connection for any other text.
    pub(super) fn event(&self) -> &str {
        self.text.split('"').nth(1).unwrap_or_default()
    }

    /// The event's payload: its first argument, or `null` if there is none. Further arguments are ignored.
    ///
    /// # Errors
    /// The violation, to be read after its path.
    pub(super) fn payload(&self) -> Result<Value, &'static str> {
        let mut text = serde_json::Deserializer::from_str(&self.text);
        let payload = text.deserialize_seq(FirstArgument(PhantomData::<Value>)).map_err(|error| {
            if error.to_string().starts_with("recursion limit") { "is nested too deeply" } else { "is not valid JSON" }
        })?;
        // A binary attachment is not an object.
        let payload = payload.unwrap_or_default();
        let placeholder = self.binary && payload.get("_placeholder") == Some(&Value::Bool(true));
        Ok(if placeholder { Value::Null } else { payload })
    }
}

impl Packet {
    /// The rooms that the payload names. It must be an object, and a room's id a string no longer than ids may be.
    /// Everything else is skipped, because a refused event must cost little.
    pub(super) fn rooms(&self, named: &[NamedRoom]) -> NamedRooms {
        if named.is_empty() || self.dropped {
            return NamedRooms::new();
        }
        let mut text = serde_json::Deserializer::from_str(&self.text);
        text.deserialize_seq(FirstArgument(Rooms(named))).ok().flatten().unwrap_or_default()
    }
}

/// The first argument, as `T` makes it; `None` where there is none.
struct FirstArgument<T>(T);

impl<'de, T: DeserializeSeed<'de>> Visitor<'de> for FirstArgument<T> {
    type Value = Option<T::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event's name and its arguments")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        items.next_element::<IgnoredAny>()?;
        let payload = items.next_element_seed(self.0)?;
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(payload)
    }
}

/// The rooms that an object names. An argument that is not an object is refused.
struct Rooms<'n>(&'n [NamedRoom]);

impl<'de> DeserializeSeed<'de> for Rooms<'_> {
    type Value = NamedRooms;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<NamedRooms, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Rooms<'_> {
    type Value = NamedRooms;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<NamedRooms, A::Error> {
        let mut found: Vec<Option<String>> = vec![None; self.0.len()];
        while let Some(key) = members.next_key::<Cow<'de, str>>()? {
            match self.0.iter().position(|room| room.field == key) {
                // As in any JSON object, the last of several counts.
                Some(index) => found[index] = members.next_value::<Id>()?.0,
                None => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        let named = self.0.iter().zip(found).filter_map(|(room, id)| Some((room.named_as, id?)));
        Ok(named.collect())
    }
}

/// A room's id, if a value can be one.
struct Id(Option<String>);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = <&RawValue>::deserialize(deserializer)?;
        let text = value.get().starts_with('"').then(|| serde_json::from_str::<String>(value.get())).transpose();
        let text = text.map_err(D::Error::custom)?;
        Ok(Id(text.filter(|text| text.chars().nth(LONGEST_NAMED).is_none())))
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
        assert_eq!((rest.event(), rest.ack, rest.is_dropped()), ("a", Some(7), true));
        let rest = packet(&format!(r#"["{}"]"#, "é".repeat(100_000)), false).drop_payload();
        assert_eq!(rest.event(), "é".repeat(128));
        assert!(rest.bytes() < 500);
    }
}
