//! The users of a mock, and their tokens.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use accord_runtime::{
    Identity,
    auth::{Keys, Verifier},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

/// The default secret of a mock. It protects nothing.
pub const SECRET: &str = "accord-mock-signs-its-tokens-with-this";

/// The lifetime of a mock's tokens.
const VALID: Duration = Duration::from_secs(30 * 24 * 3600);

/// The most characters that a user's id may have.
const LONGEST_ID: usize = 128;

/// The users, and the secret that signs their tokens.
pub struct Users {
    /// The secret that signs tokens.
    pub secret: String,
    /// The users named at the start. Other users can get tokens, too.
    pub known: Vec<Identity>,
}

impl Users {
    /// The verifier of the tokens.
    pub fn verifier(&self) -> Verifier {
        Verifier::new(Keys::secret(self.secret.as_bytes()))
    }

    /// A token, valid from now on.
    pub fn token(&self, id: &str, admin: bool) -> Result<String, String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let Identity { id, name, .. } = identity(id)?;
        let claims = json!({ "id": id, "sub": id, "name": name, "admin": admin, "exp": (now + VALID).as_secs() });
        let key = EncodingKey::from_secret(self.secret.as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
            .map_err(|error| format!("cannot be signed: {error}"))
    }
}

/// The identity of a user of whom only the id is known: `alice` is named Alice.
pub fn identity(id: &str) -> Result<Identity, String> {
    if !(1..=LONGEST_ID).contains(&id.chars().count()) || id.contains(char::is_control) {
        return Err(format!("must have 1 to {LONGEST_ID} characters, and no control characters"));
    }
    let mut letters = id.chars();
    let name = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    Ok(Identity { id: id.to_owned(), name, email: None, image: None, admin: false })
}
