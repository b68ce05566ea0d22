//! Examples of what the gateway adds the number of a log's entry to.

use accord_language::model::Shown;
use serde_json::Value;

/// The number in examples.
const NUMBER: u32 = 42;

/// An example of what the server sends, as clients see it.
pub(super) fn example(shown: &Shown, mut value: Value) -> Value {
    if let (Some(seq), Some(members)) = (&shown.seq, value.as_object_mut()) {
        members.insert(seq.name.clone(), NUMBER.into());
    }
    value
}
