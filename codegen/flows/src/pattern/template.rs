//! Making values.

use serde_json::{Map, Number, Value};

use super::Variables;

/// The operations `{ $op: … }` of templates, with what each makes.
pub(super) const OPERATIONS: [(&str, &str); 8] = [
    ("$plus", "the sum of a list of integers"),
    ("$pages", "how many pages `[total, limit]` makes"),
    ("$repeat", "a text so many times: `[text, count]`"),
    (
        "$altered",
        "a URL with another character in the middle of its longest run of letters and digits, which is what cannot be guessed of it",
    ),
    ("$other_case", "a text with upper and lower case exchanged"),
    ("$part", "some items of a list: `[list, first, count]`, where the first item is number 0"),
    ("$reversed", "a list in the opposite order"),
    ("$each", "a list with an item for each number below a count, which is `$n` in it: `[count, item]`"),
];

/// The operation that this object is, if it is one.
pub(super) fn operation(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    match object.iter().next() {
        Some((key, value)) if object.len() == 1 && key.starts_with('$') && !key.starts_with("${") => Some((key, value)),
        _ => None,
    }
}

/// The value of `template` with these variables.
///
/// # Errors
/// Fills in the variables of a template. The error names a variable that is missing or of a wrong kind.
pub fn fill(template: &Value, variables: &Variables) -> Result<Value, String> {
    match template {
        Value::String(text) => fill_text(text, variables),
        Value::Array(items) => items.iter().map(|item| fill(item, variables)).collect(),
        Value::Object(object) => match operation(object) {
            Some((name, operand)) => make(name, operand, variables),
            None => {
                let entries =
                    object.iter().map(|(key, value)| Ok((fill_key(key, variables)?, fill(value, variables)?)));
                entries.collect::<Result<Map<_, _>, String>>().map(Value::Object)
            }
        },
        scalar => Ok(scalar.clone()),
    }
}

/// A key with `${name}` in it.
pub(super) fn fill_key(key: &str, variables: &Variables) -> Result<String, String> {
    if !key.contains("${") {
        return Ok(key.to_owned());
    }
    match fill_text(key, variables)? {
        Value::String(key) => Ok(key),
        other => Ok(other.to_string()),
    }
}

fn fill_text(text: &str, variables: &Variables) -> Result<Value, String> {
    if let Some(path) = text.strip_prefix('$') {
        if let Some(literal) = path.strip_prefix('$') {
            return Ok(format!("${literal}").into());
        }
        if !path.starts_with('{') {
            return variables.get(path);
        }
    }
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (path, following) = after.split_once('}').ok_or_else(|| format!("`{text}` has a `${{` without a `}}`"))?;
        filled.push_str(before);
        match variables.get(path)? {
            Value::String(value) => filled.push_str(&value),
            value => filled.push_str(&value.to_string()),
        }
        rest = following;
    }
    filled.push_str(rest);
    Ok(filled.into())
}

fn make(name: &str, operand: &Value, variables: &Variables) -> Result<Value, String> {
    if name == "$each" {
        let [count, item] = pair(name, operand)?;
        let count = integer(name, &fill(count, variables)?)?;
        return (0..count)
            .map(|n| {
                let inner = variables.fork();
                inner.set("n", n);
                fill(item, &inner)
            })
            .collect();
    }
    let operand = fill(operand, variables)?;
    match name {
        "$plus" => {
            let items = operand.as_array().ok_or_else(|| format!("`$plus` takes a list, not {operand}"))?;
            items.iter().map(|item| integer(name, item)).sum::<Result<i64, _>>().map(Value::from)
        }
        "$pages" => {
            let [total, limit] = pair(name, &operand)?;
            let (total, limit) = (integer(name, total)?, integer(name, limit)?);
            Ok(((total + limit - 1) / limit.max(1)).into())
        }
        "$repeat" => {
            let [text, count] = pair(name, &operand)?;
            let text = text.as_str().ok_or_else(|| format!("`$repeat` takes a text, not {text}"))?;
            let count =
                usize::try_from(integer(name, count)?).map_err(|_| format!("`$repeat` takes a count, not {count}"))?;
            Ok(text.repeat(count).into())
        }
        "$altered" => {
            let text = operand.as_str().ok_or_else(|| format!("`$altered` takes a text, not {operand}"))?;
            Ok(altered(text).into())
        }
        "$other_case" => {
            let text = operand.as_str().ok_or_else(|| format!("`$other_case` takes a text, not {operand}"))?;
            let other = |letter: char| match letter.is_ascii_uppercase() {
                true => letter.to_ascii_lowercase(),
                false => letter.to_ascii_uppercase(),
            };
            Ok(text.chars().map(other).collect::<String>().into())
        }
        "$part" => match operand.as_array().map(Vec::as_slice) {
            Some([Value::Array(items), Value::Number(first), Value::Number(count)]) => {
                let number = |number: &Number| number.as_u64().and_then(|number| usize::try_from(number).ok());
                let (first, count) = number(first).zip(number(count)).ok_or("`$part` takes numbers from 0 on")?;
                Ok(items.iter().skip(first).take(count).cloned().collect())
            }
            _ => Err(format!("`$part` takes a list and two numbers, not {operand}")),
        },
        "$reversed" => {
            let items = operand.as_array().ok_or_else(|| format!("`$reversed` takes a list, not {operand}"))?;
            Ok(items.iter().rev().cloned().collect())
        }
        _ => Err(format!("`{name}` makes no value")),
    }
}

/// `text` with another character in the middle of its longest run of letters, digits, `-` and `_`.
fn altered(text: &str) -> String {
    let runs = text.split(|character: char| !character.is_ascii_alphanumeric() && !"-_".contains(character));
    let longest = runs.max_by_key(|run| run.len()).unwrap_or_default();
    let start = longest.as_ptr() as usize - text.as_ptr() as usize;
    let middle = (start + longest.len() / 2..start + longest.len()).find(|at| text.as_bytes()[*at] != b'-');
    let Some(middle) = middle else { return text.to_owned() };
    let other = if &text[middle..=middle] == "0" { "1" } else { "0" };
    format!("{}{other}{}", &text[..middle], &text[middle + 1..])
}

fn pair<'v>(name: &str, operand: &'v Value) -> Result<[&'v Value; 2], String> {
    match operand.as_array().map(Vec::as_slice) {
        Some([first, second]) => Ok([first, second]),
        _ => Err(format!("`{name}` takes a list of two, not {operand}")),
    }
}

fn integer(name: &str, value: &Value) -> Result<i64, String> {
    value.as_i64().ok_or_else(|| format!("`{name}` takes an integer, not {value}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn templates_are_filled_with_variables() {
        let variables = Variables::default();
        variables.set("room", "general-1");
        variables.set("sent", json!({ "user": { "name": "Alice" }, "tags": ["a", "b"], "total": 7 }));
        let filled = |template| fill(&template, &variables);
        assert_eq!(filled(json!({ "channelId": "$room", "n": 1 })), Ok(json!({ "channelId": "general-1", "n": 1 })));
        assert_eq!(filled(json!("$sent.tags.1")), Ok(json!("b")));
        assert_eq!(
            filled(json!("Hello, ${sent.user.name} in ${room}: ${sent.total}")),
            Ok(json!("Hello, Alice in general-1: 7"))
        );
        assert_eq!(filled(json!("$$5")), Ok(json!("$5")));
        assert_eq!(filled(json!({ "$plus": ["$sent.total", 3] })), Ok(json!(10)));
        assert_eq!(filled(json!({ "$pages": ["$sent.total", 2] })), Ok(json!(4)));
        assert_eq!(filled(json!({ "$repeat": ["ab", 2] })), Ok(json!("abab")));
        assert_eq!(filled(json!({ "$each": [2, "m${n}"] })), Ok(json!(["m0", "m1"])));
        assert_eq!(filled(json!({ "$other_case": "general-A.é" })), Ok(json!("GENERAL-a.é")));
        assert_eq!(filled(json!({ "$part": ["$sent.tags", 1, 2] })), Ok(json!(["b"])));
        assert_eq!(filled(json!({ "$reversed": "$sent.tags" })), Ok(json!(["b", "a"])));
        assert_eq!(filled(json!({ "$altered": "/files/abcdef/n.txt" })), Ok(json!("/files/abc0ef/n.txt")));
        assert_eq!(filled(json!({ "$altered": "/f?sig=12345678901" })), Ok(json!("/f?sig=12345078901")));
    }

    #[test]
    fn a_missing_variable_is_named() {
        let variables = Variables::default();
        variables.set("message", json!({ "id": "m" }));
        let error = |template| fill(&template, &variables).unwrap_err();
        assert_eq!(error(json!("$mesage")), "there is no variable `$mesage`; did you mean `$message`?");
        assert_eq!(error(json!("$message.user")), r#"`$message.user`: there is no `user` in {"id":"m"}"#);
        assert_eq!(error(json!("a ${message")), "`a ${message` has a `${` without a `}`");
    }
}
