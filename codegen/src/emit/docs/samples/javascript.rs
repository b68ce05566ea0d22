//! Values as literals of JavaScript, broken into lines where they are long.

use serde_json::Value;

use crate::emit::typescript::literal;

/// How wide a line may be.
const WIDTH: usize = 56;

/// A literal that begins at `column` of a line that is indented by `indent`.
pub(super) fn value(value: &Value, indent: usize, column: usize) -> String {
    let flat = flat(value);
    if column + flat.chars().count() <= WIDTH {
        return flat;
    }
    let inner = " ".repeat(indent + 2);
    let outer = " ".repeat(indent);
    match value {
        Value::Array(items) if !items.is_empty() => {
            let items = items.iter().map(|item| format!("{inner}{},\n", self::value(item, indent + 2, indent + 2)));
            format!("[\n{}{outer}]", items.collect::<String>())
        }
        Value::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(name, member)| {
                let name = literal::key(name);
                let member = self::value(member, indent + 2, indent + 4 + name.len());
                format!("{inner}{name}: {member},\n")
            });
            format!("{{\n{}{outer}}}", members.collect::<String>())
        }
        _ => flat,
    }
}

fn flat(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(flat).collect::<Vec<_>>().join(", ")),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| format!("{}: {}", literal::key(name), flat(member)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        scalar => literal::scalar(scalar),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::value;

    #[test]
    fn what_is_too_long_for_a_line_takes_several() {
        assert_eq!(value(&json!({ "id": "a", "of-two": [1, null] }), 0, 20), "{ id: 'a', 'of-two': [1, null] }");
        let long = json!({ "content": "Some text that takes up much of a line", "list": [{ "id": "a" }], "none": {} });
        let expected =
            "{\n    content: 'Some text that takes up much of a line',\n    list: [{ id: 'a' }],\n    none: {},\n  }";
        assert_eq!(value(&long, 2, 40), expected);
    }
}
