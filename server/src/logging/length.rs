//! The length of log lines: values from clients can be long, and escaping makes them longer.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// The maximum length of a line, in bytes.
const LONGEST: usize = 8 << 10;

/// The maximum length of a value in a JSON line that is too long.
const LONGEST_VALUE: usize = 1 << 10;

/// A line, cut if it is too long. A line of JSON stays valid: its values are cut instead.
pub(super) fn cut(line: &[u8]) -> Cow<'_, [u8]> {
    if line.len() <= LONGEST {
        return line.into();
    }
    if let Ok(mut fields) = serde_json::from_slice::<Map<String, Value>>(line) {
        for value in fields.values_mut() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if text.len() > LONGEST_VALUE {
                *value = Value::String(cut_to(&text, LONGEST_VALUE));
            }
        }
        if let Ok(mut cut) = serde_json::to_vec(&fields) {
            cut.push(b'\n');
            return cut.into();
        }
    }
    let mut cut = cut_to(String::from_utf8_lossy(line).trim_end(), LONGEST).into_bytes();
    cut.push(b'\n');
    cut.into()
}

fn cut_to(text: &str, length: usize) -> String {
    let end = text.floor_char_boundary(length);
    format!("{}… ({} more bytes)", &text[..end], text.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_40_a_long_line_is_cut_and_stays_valid() {
        let line = |text: &str| String::from_utf8(cut(text.as_bytes()).into_owned()).expect("UTF-8");
        let short = format!("{}\n", "x".repeat(LONGEST - 1));
        assert_eq!(line(&short), short);
        let text = line(&format!("INFO refused origin=\"{}\"\n", "é".repeat(600_000)));
        assert!(
            text.len() < LONGEST + 50 && text.starts_with("INFO refused origin=") && text.ends_with(" more bytes)\n")
        );
        assert_eq!(text.matches('\n').count(), 1);

        let json = line(&format!("{{\"level\":\"INFO\",\"origin\":\"{}\",\"n\":1}}\n", "\\\\".repeat(600_000)));
        let fields: Map<String, Value> = serde_json::from_str(&json).expect("an object");
        assert!(json.len() < LONGEST && json.ends_with("}\n"), "{json}");
        assert_eq!((&fields["level"], &fields["n"]), (&Value::from("INFO"), &Value::from(1)));
        assert!(fields["origin"].as_str().is_some_and(|origin| origin.ends_with("… (598976 more bytes)")), "{json}");
    }
}
