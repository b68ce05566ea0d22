//! The identity in a token's claims.

use std::{borrow::Cow, time::SystemTime};

use http::Uri;
use serde_json::{Map, Value};

use super::time_from;
use crate::{scope::Identity, text::at_most};

/// An error in a token's claims.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ClaimError {
    /// A required claim is missing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A claim has the wrong type.
    #[error("`{0}` has the wrong type")]
    Type(&'static str),
    /// A claim is empty or too long, or contains forbidden characters.
    #[error("`{0}` is empty or too long, or contains forbidden characters")]
    Value(&'static str),
}

/// The maximum number of characters that a user's id may have.
const LONGEST_ID: usize = 128;

/// The maximum number of characters that a user's name may have.
const LONGEST_NAME: usize = 200;

/// The maximum number of characters that the address of a user's picture may have.
const LONGEST_IMAGE: usize = 2048;

/// The identity of the bearer: `id`, else `sub`. Names and images that break the protocol's rules are cleaned where
/// possible, because the issuer does not know these rules and its users should be let in.
pub(super) fn identity(claims: &Map<String, Value>) -> Result<Identity, ClaimError> {
    let (claim, id) = match text(claims, "id")? {
        Some(id) => ("id", id),
        None => ("sub", text(claims, "sub")?.ok_or(ClaimError::Missing("sub"))?),
    };
    if !(1..=LONGEST_ID).contains(&id.chars().count()) || id.contains(char::is_control) {
        return Err(ClaimError::Value(claim));
    }
    let name = shown_name(claims, id)?;
    if !at_most(&name, LONGEST_NAME) {
        return Err(ClaimError::Value("name"));
    }
    Ok(Identity {
        id: id.to_owned(),
        name: name.into_owned(),
        email: text(claims, "email")?.map(str::to_owned),
        image: claims.get("image").and_then(Value::as_str).filter(|image| is_image(image)).map(str::to_owned),
        // Only `true` makes the user an administrator.
        admin: claims.get("admin") == Some(&Value::Bool(true)),
    })
}

/// The name without control characters, or the id if the name has no visible character.
fn shown_name<'c>(claims: &'c Map<String, Value>, id: &'c str) -> Result<Cow<'c, str>, ClaimError> {
    let name = match claims.get("name") {
        None | Some(Value::Null) => Cow::Borrowed(id),
        Some(Value::String(name)) if name.contains(char::is_control) => name.replace(char::is_control, " ").into(),
        Some(Value::String(name)) => Cow::Borrowed(name.as_str()),
        Some(_) => return Err(ClaimError::Type("name")),
    };
    Ok(if name.trim().is_empty() { Cow::Borrowed(id) } else { name })
}

/// Whether a text is an address that a client may load a picture from.
fn is_image(image: &str) -> bool {
    let is_web = |address: Uri| {
        matches!(address.scheme_str(), Some("http" | "https")) && address.host().is_some_and(|host| !host.is_empty())
    };
    let shows = !image.contains(|c: char| c.is_control() || c.is_whitespace());
    shows && at_most(image, LONGEST_IMAGE) && image.parse().is_ok_and(is_web)
}

/// A claim that is a point in time.
pub(super) fn time(claims: &Map<String, Value>, claim: &'static str) -> Result<Option<SystemTime>, ClaimError> {
    match claims.get(claim) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let seconds = value.as_f64().ok_or(ClaimError::Type(claim))?;
            time_from(seconds).map(Some).ok_or(ClaimError::Value(claim))
        }
    }
}

/// A claim that is text; `null` counts as absent.
fn text<'c>(claims: &'c Map<String, Value>, claim: &'static str) -> Result<Option<&'c str>, ClaimError> {
    match claims.get(claim) {
        None | Some(Value::Null) => Ok(None),
        // PostgreSQL stores no U+0000.
        Some(Value::String(text)) if text.contains('\0') => Err(ClaimError::Value(claim)),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ClaimError::Type(claim)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// Claims of the user `ada`, and the expected name and image.
    fn shown(claims: &Value) -> Result<(String, Option<String>), ClaimError> {
        let mut claims = claims.as_object().expect("claims").clone();
        claims.insert("id".to_owned(), json!("ada"));
        identity(&claims).map(|identity| (identity.name, identity.image))
    }

    #[test]
    fn a_name_and_an_image_are_made_fit_for_others_to_see() {
        let longest = "ü".repeat(200);
        let names = [
            (json!(null), "ada"),
            (json!(""), "ada"),
            (json!(" \u{3000}\n\t\0"), "ada"),
            (json!("Ada\nLovelace"), "Ada Lovelace"),
            (json!("\u{7f}Ada\r\n\u{85}Lovelace\0"), " Ada   Lovelace "),
            (json!(longest), longest.as_str()),
        ];
        for (name, expected) in names {
            assert_eq!(shown(&json!({ "name": name })), Ok((expected.to_owned(), None)), "{name}");
        }
        assert_eq!(shown(&json!({ "name": "x".repeat(201) })), Err(ClaimError::Value("name")));
        assert_eq!(shown(&json!({ "name": ["Ada"] })), Err(ClaimError::Type("name")));

        let address = |length: usize| format!("https://example.com/{}", "a".repeat(length - 20));
        let kept = [
            "https://example.com/ada.png",
            "http://localhost:8000/a?size=2#top",
            "HTTPS://EXAMPLE.COM",
            "https://[2001:db8::1]/größe.png",
            &address(2048),
        ];
        for image in kept {
            assert_eq!(shown(&json!({ "image": image })), Ok(("ada".to_owned(), Some(image.to_owned()))));
        }
        let dropped = [
            json!(null),
            json!(7),
            json!(["https://example.com/ada.png"]),
            json!(""),
            json!("ada.png"),
            json!("//example.com/ada.png"),
            json!("/ada.png"),
            json!("https://"),
            json!("https://:80/ada.png"),
            json!("https:ada.png"),
            json!(" https://example.com/ada.png"),
            json!("https://example.com/a da.png"),
            json!("https://example.com/ada.png\n"),
            json!("https://example.com/ada.png\0"),
            // The parser of addresses accepts all characters beyond ASCII.
            json!("https://example.com/ada\u{80}.png"),
            json!("https://example.com/ada\u{3000}.png"),
            json!("ftp://example.com/ada.png"),
            json!("data:image/png;base64,AAAA"),
            json!("javascript:alert(1)"),
            json!("javascript://example.com/%0aalert(1)"),
            json!(address(2049)),
        ];
        for image in dropped {
            assert_eq!(shown(&json!({ "image": image })), Ok(("ada".to_owned(), None)), "{image}");
        }
    }

    proptest! {
        #[test]
        fn whoever_is_let_in_is_a_user_by_every_rule(
            id in any::<String>(),
            name in prop_oneof![any::<String>(), r"[\x00-\x20\x7F-\xA0]{0,210}", ".{195,205}"],
            image in prop_oneof![any::<String>(), r"https?://[a-z\[\]@:. ]{0,9}/[^/]{0,9}", "https://a/[b-z]{2030,2045}"],
        ) {
            let claims = json!({ "id": id, "name": name, "image": image });
            if let Ok(Identity { id, name, image, .. }) = identity(claims.as_object().expect("claims")) {
                prop_assert!((1..=LONGEST_ID).contains(&id.chars().count()) && !id.contains(char::is_control));
                prop_assert!((1..=LONGEST_NAME).contains(&name.chars().count()) && !name.contains(char::is_control));
                prop_assert!(name == id || !name.trim().is_empty(), "{name:?}");
                prop_assert!(image.is_none_or(|image| image.chars().count() <= LONGEST_IMAGE
                    && !image.contains(|c: char| c.is_control() || c.is_whitespace())
                    && image.to_ascii_lowercase().starts_with("http")));
            }
        }
    }
}
