//! The identity of a request that must be carried out only once, however often its client sends it.

use std::{fmt::Write, sync::Arc};

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The identity of a request that must be carried out only once, however often it is sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Once {
    /// The id of the user who asks for it.
    pub user: Arc<str>,
    /// The client event.
    pub event: &'static str,
    /// The id that the client gave it.
    pub client_id: Arc<str>,
    /// Equal for equal payloads: fields that are absent, `null` or an empty list are the same.
    pub fingerprint: Arc<str>,
}

impl Once {
    /// The identity of an event by the client's id in the field `key` of its payload; `None` if the client gave it no id.
    pub(super) fn of<P: Serialize>(
        user: &str,
        event: &'static str,
        key: &'static str,
        payload: &P,
    ) -> Result<Option<Self>, serde_json::Error> {
        let Value::Object(mut fields) = serde_json::to_value(payload)? else { return Ok(None) };
        let Some(Value::String(client_id)) = fields.remove(key) else { return Ok(None) };
        let mut canonical = String::new();
        write(&Value::Object(fields), &mut canonical);
        let mut fingerprint = String::new();
        for byte in Sha256::digest(canonical) {
            write!(fingerprint, "{byte:02x}").ok();
        }
        Ok(Some(Once { user: user.into(), event, client_id: client_id.into(), fingerprint: Arc::from(fingerprint) }))
    }
}

/// Writes a value so that equal payloads become equal texts: fields are sorted, and empty ones are omitted.
fn write(value: &Value, to: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().filter(|(_, value)| !says_nothing(value)).collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            to.push('{');
            for (name, value) in fields {
                write(&Value::String(name.clone()), to);
                write(value, to);
            }
            to.push('}');
        }
        Value::Array(items) => {
            to.push('[');
            for item in items {
                write(item, to);
                to.push(',');
            }
            to.push(']');
        }
        scalar => to.push_str(&scalar.to_string()),
    }
}

/// Whether a field with this value is the same as none.
fn says_nothing(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn once(payload: &Value) -> Option<Once> {
        Once::of("ann", "send", "clientId", payload).unwrap()
    }

    #[test]
    fn payloads_that_say_the_same_have_the_same_fingerprint() {
        let first = once(&json!({ "clientId": "1", "text": "a", "to": { "b": 1, "a": 2 } })).unwrap();
        let same = [
            json!({ "to": { "a": 2, "b": 1 }, "text": "a", "clientId": "1" }),
            json!({ "clientId": "1", "text": "a", "to": { "b": 1, "a": 2, "c": null }, "files": [] }),
        ];
        for payload in &same {
            assert_eq!(once(payload).as_ref(), Some(&first), "{payload}");
        }
        let others = [
            json!({ "clientId": "1", "text": "b", "to": { "b": 1, "a": 2 } }),
            json!({ "clientId": "1", "text": "a", "to": { "b": 2, "a": 1 } }),
            json!({ "clientId": "1", "text": "a", "to": { "b": 1, "a": 2 }, "files": [null] }),
            json!({ "clientId": "1", "text": "a", "to": { "b": 1, "a": "2" } }),
        ];
        for payload in &others {
            assert_ne!(once(payload).unwrap().fingerprint, first.fingerprint, "{payload}");
        }
    }

    #[test]
    fn a_request_without_an_id_may_be_carried_out_again() {
        assert_eq!(once(&json!({ "text": "a" })), None);
        assert_eq!(once(&json!({ "text": "a", "clientId": null })), None);
    }
}
