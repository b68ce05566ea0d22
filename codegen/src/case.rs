//! Names in the cases of the languages that are emitted.

/// The words of a name in any case: `userID2` is `user`, `ID2`; `HTTPServer` is `HTTP`, `Server`.
fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let characters: Vec<(usize, char)> = name.char_indices().collect();
    let mut start = None;
    for (index, &(offset, character)) in characters.iter().enumerate() {
        if !character.is_alphanumeric() {
            if let Some(start) = start.take() {
                words.push(&name[start..offset]);
            }
            continue;
        }
        let Some(begun) = start else {
            start = Some(offset);
            continue;
        };
        let before = characters[index - 1].1;
        let lower_follows = characters.get(index + 1).is_some_and(|(_, next)| next.is_lowercase());
        if character.is_uppercase() && (!before.is_uppercase() || lower_follows) {
            words.push(&name[begun..offset]);
            start = Some(offset);
        }
    }
    if let Some(start) = start {
        words.push(&name[start..]);
    }
    words
}

/// `PascalCase`: of types, traits and enum variants.
pub fn pascal(name: &str) -> String {
    let mut pascal = String::new();
    for word in words(name) {
        let mut characters = word.chars();
        pascal.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        pascal.extend(characters.flat_map(char::to_lowercase));
    }
    pascal
}

/// `camelCase`: of TypeScript's methods.
pub fn camel(name: &str) -> String {
    let pascal = pascal(name);
    let mut characters = pascal.chars();
    characters.next().into_iter().flat_map(char::to_lowercase).chain(characters).collect()
}

/// `snake_case`: of Rust's fields and functions.
pub fn snake(name: &str) -> String {
    words(name).into_iter().map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

/// `SCREAMING_SNAKE_CASE`: of Rust's statics.
pub fn screaming(name: &str) -> String {
    snake(name).to_uppercase()
}

/// Whether a name is in snake_case: `send_message`.
pub fn is_snake(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .split('_')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

/// Whether a name is in PascalCase: `SendMessage`. Runs of capitals are (`URL`).
pub fn is_pascal(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a name is an identifier in Rust and TypeScript: ASCII letters, digits and `_`, no digit first.
pub fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.bytes().any(|byte| byte != b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_case_by_their_words() {
        for (name, in_pascal, in_snake) in [
            ("send_message", "SendMessage", "send_message"),
            ("channelId", "ChannelId", "channel_id"),
            ("userID", "UserId", "user_id"),
            ("HTTPServer", "HttpServer", "http_server"),
            ("retryAfterMs", "RetryAfterMs", "retry_after_ms"),
            ("item2", "Item2", "item2"),
            ("text/plain", "TextPlain", "text_plain"),
            ("a__b", "AB", "a_b"),
        ] {
            assert_eq!((pascal(name).as_str(), snake(name).as_str()), (in_pascal, in_snake), "{name}");
        }
        assert_eq!(
            (screaming("send_message").as_str(), camel("send_message").as_str()),
            ("SEND_MESSAGE", "sendMessage")
        );
    }
}
