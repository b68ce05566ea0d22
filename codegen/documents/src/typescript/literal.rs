//! Literals of JavaScript.

use accord_language::case;
use serde_json::Value;

/// A string.
pub fn string(text: &str) -> String {
    if text.contains(['\'', '\\', '\u{2028}', '\u{2029}']) || text.contains(char::is_control) {
        return Value::from(text).to_string();
    }
    format!("'{text}'")
}

/// A key of an object or interface.
pub fn key(name: &str) -> String {
    match name {
        // In an object literal this would set the prototype.
        "__proto__" => "['__proto__']".to_owned(),
        _ if case::is_identifier(name) => name.to_owned(),
        _ => string(name),
    }
}

/// A string, number, boolean or `null`.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => string(text),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => float.to_string(),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// A union of strings; `never` where there are none.
pub fn union<'a>(strings: impl IntoIterator<Item = &'a str>) -> String {
    let strings: Vec<String> = strings.into_iter().map(string).collect();
    if strings.is_empty() { "never".to_owned() } else { strings.join(" | ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_would_end_a_literal_are_escaped() {
        assert_eq!(string("plain"), "'plain'");
        assert_eq!(string("it's \\ \n"), r#""it's \\ \n""#);
        assert_eq!((key("channelId"), key("broad-leaf")), ("channelId".to_owned(), "'broad-leaf'".to_owned()));
        assert_eq!((scalar(&Value::from(10_000.0)), scalar(&Value::from(0.5))), ("10000".to_owned(), "0.5".to_owned()));
    }
}
