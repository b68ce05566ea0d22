//! A flow as it would be written by hand: YAML, one step a line.

use serde_json::Value;

/// A value in YAML's flow style, plain wherever it can be.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{}: {}", scalar(key), inline(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

fn scalar(text: &str) -> String {
    let begins = text.starts_with(|character: char| character.is_ascii_alphabetic() || "$<_".contains(character));
    let plain = text.chars().all(|character| character.is_ascii_alphanumeric() || "$<>_./- ".contains(character));
    let word = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
    if begins && plain && !word && !text.ends_with(' ') { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use accord_language::source::{Any, Context, read_text};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_written_text_is_read_back_unchanged() {
        let value = json!({
            "emit": "send_message", "as": "alice/phone", "ack": false, "n": 12, "none": null,
            "data": { "content": "Text: 1, {2}", "id": "<id>", "replyToId": "$m1.id", "x": "true", "y": "", "emoji": "👍", "run": "${run}" },
            "messages": [{ "$unordered": ["$r1"] }, [], {}],
        });
        let mut cx = Context::default();
        let Any(node) = read_text("test.yaml", &inline(&value), &mut cx).unwrap();
        assert_eq!(node.to_json(), value);
    }
}
