//! Values as literals of JavaScript and JSON, broken into lines only where they are long.

use serde_json::Value;

use crate::typescript::literal;

/// The maximum width of a line.
const WIDTH: usize = 56;

/// The notation of values.
#[derive(Clone, Copy)]
pub(super) enum Notation {
    /// Names without quotation marks, and commas after the last of several lines.
    JavaScript,
    Json,
}

impl Notation {
    /// A literal that begins at `column` of a line that is indented by `indent`.
    pub(super) fn value(self, value: &Value, indent: usize, column: usize) -> String {
        let flat = self.flat(value);
        if column + flat.chars().count() <= WIDTH {
            return flat;
        }
        let (inner, outer) = (" ".repeat(indent + 2), " ".repeat(indent));
        let lines = |parts: Vec<String>, open: char, close: char| {
            let end = match self {
                Notation::JavaScript => ",",
                Notation::Json => "",
            };
            format!("{open}\n{inner}{}{end}\n{outer}{close}", parts.join(&format!(",\n{inner}")))
        };
        match value {
            Value::Array(items) if !items.is_empty() => {
                let items = items.iter().map(|item| self.value(item, indent + 2, indent + 2));
                lines(items.collect(), '[', ']')
            }
            Value::Object(members) if !members.is_empty() => {
                let members = members.iter().map(|(name, member)| {
                    let name = self.name(name);
                    format!("{name}: {}", self.value(member, indent + 2, indent + 4 + name.chars().count()))
                });
                lines(members.collect(), '{', '}')
            }
            _ => flat,
        }
    }

    fn flat(self, value: &Value) -> String {
        match (self, value) {
            (_, Value::Array(items)) => {
                format!("[{}]", items.iter().map(|item| self.flat(item)).collect::<Vec<_>>().join(", "))
            }
            (_, Value::Object(members)) if members.is_empty() => "{}".to_owned(),
            (_, Value::Object(members)) => {
                let members =
                    members.iter().map(|(name, member)| format!("{}: {}", self.name(name), self.flat(member)));
                format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
            }
            (Notation::JavaScript, scalar) => literal::scalar(scalar),
            (Notation::Json, scalar) => scalar.to_string(),
        }
    }

    fn name(self, name: &str) -> String {
        match self {
            Notation::JavaScript => literal::key(name),
            Notation::Json => Value::from(name).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Notation;

    #[test]
    fn a_value_that_is_too_long_for_a_line_takes_several() {
        let short = json!({ "id": "a", "of-two": [1, null] });
        assert_eq!(Notation::JavaScript.value(&short, 0, 20), "{ id: 'a', 'of-two': [1, null] }");
        assert_eq!(Notation::Json.value(&short, 0, 20), r#"{ "id": "a", "of-two": [1, null] }"#);
        let long = json!({ "content": "Some text that takes up much of a line", "list": [{ "id": "a" }], "none": {} });
        let expected =
            "{\n    content: 'Some text that takes up much of a line',\n    list: [{ id: 'a' }],\n    none: {},\n  }";
        assert_eq!(Notation::JavaScript.value(&long, 2, 40), expected);
        let expected = "{\n  \"content\": \"Some text that takes up much of a line\",\n  \"list\": [{ \"id\": \"a\" }],\n  \"none\": {}\n}";
        assert_eq!(Notation::Json.value(&long, 0, 0), expected);
    }
}
