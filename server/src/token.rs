//! Tokens for the demo and for trying things out: in production they come from the identity provider.

use std::time::Duration;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::Serialize;

/// The user that a token is issued for.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The user's id.
    pub id: String,
    /// The display name.
    pub name: Option<String>,
    /// Whether the user is an administrator.
    pub admin: bool,
    /// The issuer, for servers that ask for one.
    pub issuer: Option<String>,
    /// The audience, for servers that ask for one.
    pub audience: Option<String>,
}

/// A token's claims (RFC 7519).
#[derive(Serialize)]
struct Claims<'a> {
    id: &'a str,
    sub: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    admin: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<&'a str>,
    iat: i64,
    exp: i64,
}

/// Why a token cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// No server would accept it.
    #[error("a user's id must have 1 to 128 characters and no control characters, unlike {0:?}")]
    UserId(String),
    /// No server would accept it.
    #[error("a user's name must have 1 to 200 characters; this one has {0}")]
    Name(usize),
    /// It cannot be signed.
    #[error("the token cannot be signed: {0}")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

/// A token signed with a shared secret (HS256), valid from now on for `ttl`.
///
/// # Errors
/// If no server would accept it, or it cannot be signed.
pub fn mint(secret: &str, subject: &Subject, ttl: Duration) -> Result<String, TokenError> {
    if !(1..=128).contains(&subject.id.chars().count()) || subject.id.chars().any(char::is_control) {
        return Err(TokenError::UserId(subject.id.clone()));
    }
    if let Some(length) = subject.name.as_ref().map(|name| name.chars().count())
        && !(1..=200).contains(&length)
    {
        return Err(TokenError::Name(length));
    }
    let now = Timestamp::now().as_second();
    let claims = Claims {
        id: &subject.id,
        sub: &subject.id,
        name: subject.name.as_deref(),
        admin: subject.admin,
        iss: subject.issuer.as_deref(),
        aud: subject.audience.as_deref(),
        iat: now,
        exp: now.saturating_add(i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX)),
    };
    let key = EncodingKey::from_secret(secret.as_bytes());
    Ok(jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)?)
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{DecodingKey, Validation};
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &str = "a secret of more than thirty-two bytes";

    fn claims(subject: &Subject, ttl: Duration) -> Value {
        let token = mint(SECRET, subject, ttl).expect("a token");
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_aud = false;
        let key = DecodingKey::from_secret(SECRET.as_bytes());
        jsonwebtoken::decode::<Value>(&token, &key, &validation).expect("a valid token").claims
    }

    #[test]
    fn a_token_has_exactly_the_requested_claims() {
        let alice = Subject { id: "alice".to_owned(), ..Subject::default() };
        let mut plain = claims(&alice, Duration::from_secs(3_600));
        assert_eq!(plain["exp"].as_i64().expect("exp") - plain["iat"].as_i64().expect("iat"), 3_600);
        plain.as_object_mut().expect("claims").retain(|claim, _| claim != "iat" && claim != "exp");
        assert_eq!(plain, json!({"id": "alice", "sub": "alice"}));

        let admin = Subject {
            name: Some("Alice".to_owned()),
            admin: true,
            issuer: Some("https://id.example".to_owned()),
            audience: Some("chat".to_owned()),
            ..alice
        };
        let full = claims(&admin, Duration::from_secs(60));
        assert_eq!(
            [&full["name"], &full["admin"], &full["iss"], &full["aud"]],
            [&json!("Alice"), &json!(true), &json!("https://id.example"), &json!("chat")]
        );
    }

    #[test]
    fn a_token_that_no_server_would_accept_is_not_made() {
        for id in ["", "a\nb", &"x".repeat(129)] {
            let subject = Subject { id: id.to_owned(), ..Subject::default() };
            assert!(matches!(mint(SECRET, &subject, Duration::from_secs(60)), Err(TokenError::UserId(_))), "{id:?}");
        }
    }
}
