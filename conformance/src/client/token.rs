//! JSON Web Tokens (RFC 7519), valid and invalid.

use std::time::{SystemTime, UNIX_EPOCH};

use accord_flows::Signature;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::{Sha256, Sha512};

/// A token's claims.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(pub Map<String, Value>);

impl Claims {
    /// The user `id`, called `name`, until `lifetime_seconds` from now.
    pub fn new(id: &str, name: &str, lifetime_seconds: i64) -> Self {
        let mut claims = Map::new();
        claims.insert("id".to_owned(), id.into());
        claims.insert("name".to_owned(), name.into());
        claims.insert("exp".to_owned(), (now() + lifetime_seconds).into());
        Claims(claims)
    }

    /// With a further claim, or without it where `value` is `None`.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.0.insert(name.to_owned(), value),
            None => self.0.remove(name),
        };
        self
    }

    /// The token's expiry, in seconds since 1970.
    pub fn expiry(&self) -> Option<i64> {
        self.0.get("exp").and_then(Value::as_i64)
    }
}

/// The time in whole seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    i64::try_from(since.as_secs()).expect("the clock is before the end of time")
}

/// The token of `claims`.
pub fn mint(claims: &Claims, secret: &str, signature: Signature) -> String {
    let algorithm = match signature {
        Signature::None => "none",
        Signature::Hs512 => "HS512",
        Signature::Good | Signature::WrongSecret | Signature::Tampered => "HS256",
    };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(&json!({ "alg": algorithm, "typ": "JWT" }));
    let body = part(&Value::Object(claims.0.clone()));
    let signed = match signature {
        Signature::Tampered => format!("{header}.{}", part(&json!({ "id": "somebody-else" }))),
        _ => format!("{header}.{body}"),
    };
    let mac = match signature {
        Signature::None => Vec::new(),
        Signature::Hs512 => {
            let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
            mac.update(signed.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Signature::Good | Signature::Tampered | Signature::WrongSecret => {
            let key = if signature == Signature::WrongSecret { format!("not {secret}") } else { secret.to_owned() };
            let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
            mac.update(signed.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
    };
    format!("{header}.{body}.{}", URL_SAFE_NO_PAD.encode(mac))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_one_that_any_other_implementation_makes() {
        let claims = Claims(json!({ "id": "alice", "exp": 4_102_444_800_i64 }).as_object().unwrap().clone());
        insta::assert_snapshot!(mint(&claims, "a secret that has thirty-two bytes", Signature::Good));
    }

    #[test]
    fn a_bad_token_differs_from_the_good_one() {
        let claims = Claims::new("alice", "Alice", 60);
        let good = mint(&claims, "secret", Signature::Good);
        for bad in [Signature::WrongSecret, Signature::Tampered, Signature::None, Signature::Hs512] {
            assert_ne!(mint(&claims, "secret", bad), good);
        }
    }
}
