//! The keys that verify tokens.

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};

/// Keys, each for one algorithm: HS256 for secrets; RS256, ES256 and EdDSA for public keys.
#[derive(Clone)]
pub struct Keys(Vec<Key>);

#[derive(Clone)]
struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// The reason why keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The text is not a PEM public key of a kind that is supported.
    #[error("not a PEM public key for RS256 (RSA), ES256 (P-256) or EdDSA (Ed25519); private keys are not accepted")]
    Pem,
    /// The text is not a JSON Web Key Set.
    #[error("not a JSON Web Key Set (RFC 7517): {0}")]
    Set(#[from] serde_json::Error),
    /// The set has no key of a kind that is supported.
    #[error("the JSON Web Key Set has no signature key for RS256 (RSA), ES256 (P-256) or EdDSA (Ed25519)")]
    Unsupported,
}

/// The lengths of a point on P-256, compressed or not (SEC 1, section 2.3.3). Those of other curves are longer.
const P256_POINT: [usize; 2] = [33, 65];

impl Keys {
    /// A secret that this server shares with the issuer, for HS256.
    pub fn secret(secret: &[u8]) -> Self {
        Keys(vec![Key { id: None, algorithm: Algorithm::HS256, key: DecodingKey::from_secret(secret) }])
    }

    /// A public key in PEM (RFC 7468): RSA for RS256, P-256 for ES256, Ed25519 for EdDSA.
    ///
    /// # Errors
    /// If the text is none of these.
    pub fn pem(text: &str) -> Result<Self, KeyError> {
        if text.contains("PRIVATE KEY") {
            return Err(KeyError::Pem);
        }
        let text = text.as_bytes();
        let (algorithm, key) = if let Ok(key) = DecodingKey::from_rsa_pem(text) {
            (Algorithm::RS256, key)
        } else if let Ok(key) = DecodingKey::from_ec_pem(text)
            && key.try_get_as_bytes().is_ok_and(|point| P256_POINT.contains(&point.len()))
        {
            (Algorithm::ES256, key)
        } else if let Ok(key) = DecodingKey::from_ed_pem(text) {
            (Algorithm::EdDSA, key)
        } else {
            return Err(KeyError::Pem);
        };
        Ok(Keys(vec![Key { id: None, algorithm, key }]))
    }

    /// A JSON Web Key Set (RFC 7517). Its secrets, its encryption keys and the kinds that are not supported are left out.
    ///
    /// # Errors
    /// If the text is not such a set, or no key of it is left.
    pub fn jwks(text: &str) -> Result<Self, KeyError> {
        let set: JwkSet = serde_json::from_str(text)?;
        let keys: Vec<_> = set.keys.iter().filter_map(Key::from_jwk).collect();
        if keys.is_empty() { Err(KeyError::Unsupported) } else { Ok(Keys(keys)) }
    }

    /// Whether a key has this id.
    pub(super) fn know(&self, id: &str) -> bool {
        self.0.iter().any(|key| key.id.as_deref() == Some(id))
    }

    /// The keys that may have signed a token: those of its key id, and those that have none.
    pub(super) fn candidates(&self, algorithm: Algorithm, id: Option<&str>) -> impl Iterator<Item = &DecodingKey> {
        let fits = move |key: &&Key| match (id, key.id.as_deref()) {
            (Some(id), Some(key)) => id == key,
            _ => true,
        };
        self.0.iter().filter(move |key| key.algorithm == algorithm).filter(fits).map(|key| &key.key)
    }
}

impl Key {
    fn from_jwk(jwk: &Jwk) -> Option<Self> {
        if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
            return None;
        }
        let (algorithm, named) = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
                (Algorithm::ES256, KeyAlgorithm::ES256)
            }
            AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
                (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
            }
            _ => return None,
        };
        if jwk.common.key_algorithm.is_some_and(|key| key != named) {
            return None;
        }
        let key = DecodingKey::from_jwk(jwk).ok()?;
        Some(Key { id: jwk.common.key_id.clone(), algorithm, key })
    }
}
