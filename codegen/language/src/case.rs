//! Names in the cases of the languages that are emitted.
//!
//! `heck` splits names into words, here as in the macros of generated code: both must come to the same names.

use heck::{ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// Returns a name in PascalCase, for types, traits and enum variants.
pub fn pascal(name: &str) -> String {
    name.to_upper_camel_case()
}

/// Returns a name in camelCase, for TypeScript's methods.
pub fn camel(name: &str) -> String {
    name.to_lower_camel_case()
}

/// Returns a name in snake_case, for Rust's fields and functions.
pub fn snake(name: &str) -> String {
    name.to_snake_case()
}

/// Returns a name in SCREAMING_SNAKE_CASE, for Rust's statics.
pub fn screaming(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// Returns whether a name is in snake_case: `send_message`.
pub fn is_snake(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .split('_')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

/// Returns whether a name is in PascalCase: `SendMessage`. Runs of capitals are (`URL`).
pub fn is_pascal(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns whether a name is an identifier in Rust and TypeScript: ASCII letters, digits and `_`, no digit first.
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
            ("item2Name", "Item2Name", "item2_name"),
            ("userID2", "UserId2", "user_id2"),
            ("ID2Name", "Id2Name", "id2_name"),
            ("SHA256", "Sha256", "sha256"),
            ("sha256Sum", "Sha256Sum", "sha256_sum"),
            ("utf8URL", "Utf8Url", "utf8_url"),
            ("point3D", "Point3D", "point3_d"),
            // Capitals after a digit begin no word where the word has no small letter before it.
            ("MP3URL", "Mp3url", "mp3url"),
            ("2D", "2d", "2d"),
            ("v2", "V2", "v2"),
            ("x_1_y", "X1Y", "x_1_y"),
            ("AsURL", "AsUrl", "as_url"),
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
