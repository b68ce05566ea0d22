//! Tokens, and the identities that they carry.
//!
//! A [`Verifier`] holds the keys that verify tokens. The algorithms that it accepts are those of its keys: a public key
//! never verifies an HMAC, and `none` is not an algorithm (RFC 8725, sections 3.1 and 3.2). Keys and references to keys
//! in a token (`jku`, `x5u`, `jwk`, `x5c`) are ignored.

mod claims;
mod keys;
mod refresh;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use jsonwebtoken::{Algorithm, Validation};
use serde_json::{Map, Value};

use self::refresh::Refresh;
pub use self::{
    claims::ClaimError,
    keys::{KeyError, Keys},
    refresh::KeyRequests,
};
use crate::scope::Identity;

/// The leeway for an issuer whose clock is ahead of this server's. It applies to `nbf` alone; `exp` has no leeway.
const CLOCK_SKEW: Duration = Duration::from_secs(5);

/// The maximum length of a token, in bytes.
const LONGEST: usize = 16 * 1024;

/// Checks tokens. Clones share their keys.
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<RwLock<Keys>>,
    issuers: Arc<[String]>,
    audiences: Arc<[String]>,
    refresh: Arc<Refresh>,
}

/// The content of a valid token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verified {
    /// The identity of its bearer.
    pub identity: Arc<Identity>,
    /// When it was issued, if it says so.
    pub issued: Option<SystemTime>,
    /// When it stops being valid.
    pub expires: SystemTime,
}

impl Verified {
    /// Whether a revocation of its bearer at this moment applies to it. A token gives the second in which it was issued: a token of
    /// the same second may be older than the revocation, and a token without `iat` may be of any age.
    pub fn is_revoked_at(&self, moment: SystemTime) -> bool {
        let second = |time: SystemTime| time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        self.issued.is_none_or(|issued| second(issued) <= second(moment))
    }
}

/// The reason why a token is refused. Neither form contains any part of the token.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is longer than any token needs to be.
    #[error("the token is longer than {LONGEST} bytes")]
    TooLong,
    /// It requires an extension (`crit`, RFC 7515, section 4.1.11), and this server supports none.
    #[error("the token requires an extension that this server does not support")]
    Critical,
    /// No configured key is for its algorithm and key id.
    #[error("no configured key matches the token's algorithm, {0:?}, and its key id")]
    NoKey(Algorithm),
    /// It is not a token, not signed by a configured key, or not for this server.
    #[error("the token does not verify: {0}")]
    Invalid(#[from] jsonwebtoken::errors::Error),
    /// Its claims are invalid.
    #[error("the token's claims are not acceptable: {0}")]
    Claims(#[from] ClaimError),
    /// The token has expired.
    #[error("the token has expired")]
    Expired,
    /// It is not valid yet.
    #[error("the token is not valid yet")]
    Early,
}

impl Verifier {
    /// A verifier of tokens that are signed with one of `keys`, for any issuer and audience.
    pub fn new(keys: Keys) -> Self {
        let keys = Arc::new(RwLock::new(keys));
        Verifier { keys, issuers: Arc::new([]), audiences: Arc::new([]), refresh: Arc::default() }
    }

    /// Refuses tokens whose `iss` is not one of these. An empty list checks nothing.
    #[must_use]
    pub fn issuers(self, issuers: impl IntoIterator<Item = String>) -> Self {
        Verifier { issuers: issuers.into_iter().collect(), ..self }
    }

    /// Refuses tokens whose `aud` names none of these. An empty list checks nothing.
    #[must_use]
    pub fn audiences(self, audiences: impl IntoIterator<Item = String>) -> Self {
        Verifier { audiences: audiences.into_iter().collect(), ..self }
    }

    /// Whether `iss` and `aud` are checked, in this order.
    pub fn is_bound(&self) -> (bool, bool) {
        (!self.issuers.is_empty(), !self.audiences.is_empty())
    }

    /// Uses other keys from this moment on, in every clone, so that keys rotate without a restart.
    pub fn replace(&self, keys: Keys) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    /// The requests for new keys, for the task that keeps them up to date, with at least `pause` between two. Until
    /// this is dropped, tokens wait for the reloads that they ask for.
    pub fn key_requests(&self, pause: Duration) -> KeyRequests {
        KeyRequests::of(&self.refresh, pause)
    }

    /// Checks a token as [`Verifier::verify`] does. If it names an unknown key, the keys are reloaded first, because
    /// the issuer may have rotated its keys.
    ///
    /// # Errors
    /// If the token is not valid at this moment.
    pub async fn verify_with_new_keys(&self, token: &str) -> Result<Verified, Refused> {
        match self.verify(token) {
            Err(Refused::NoKey(_) | Refused::Invalid(_))
                if self.names_unknown_key(token) && self.refresh.ask().await =>
            {
                self.verify(token)
            }
            outcome => outcome,
        }
    }

    /// Whether a token names a key that is not known, for an algorithm whose keys are published.
    fn names_unknown_key(&self, token: &str) -> bool {
        let Ok(header) = jsonwebtoken::decode_header(token) else { return false };
        let published = matches!(header.alg, Algorithm::RS256 | Algorithm::ES256 | Algorithm::EdDSA);
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        published && header.kid.is_some_and(|id| !keys.know(&id))
    }

    /// Checks a token.
    ///
    /// # Errors
    /// If the token is not valid at this moment.
    pub fn verify(&self, token: &str) -> Result<Verified, Refused> {
        if token.len() > LONGEST {
            return Err(Refused::TooLong);
        }
        let header = jsonwebtoken::decode_header(token)?;
        if header.crit.is_some() {
            return Err(Refused::Critical);
        }
        let claims = self.signed(token, header.alg, header.kid.as_deref())?;
        // The library accepts a list that contains one of the issuers. A token has one issuer (RFC 7519, section 4.1.1).
        if !self.issuers.is_empty() && !claims.get("iss").is_some_and(Value::is_string) {
            return Err(ClaimError::Type("iss").into());
        }
        let now = SystemTime::now();
        let expires = claims::time(&claims, "exp")?.ok_or(ClaimError::Missing("exp"))?;
        if expires <= now {
            return Err(Refused::Expired);
        }
        if claims::time(&claims, "nbf")?.is_some_and(|begins| begins > now + CLOCK_SKEW) {
            return Err(Refused::Early);
        }
        // An invalid time counts as missing: only revocations use it.
        let issued = claims::time(&claims, "iat").unwrap_or_default();
        Ok(Verified { identity: Arc::new(claims::identity(&claims)?), issued, expires })
    }

    /// The claims of a token that one of the keys has signed, for this server.
    fn signed(&self, token: &str, algorithm: Algorithm, id: Option<&str>) -> Result<Map<String, Value>, Refused> {
        let validation = self.validation(algorithm);
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let mut refused = Refused::NoKey(algorithm);
        for key in keys.candidates(algorithm, id) {
            match jsonwebtoken::decode(token, key, &validation) {
                Ok(data) => return Ok(data.claims),
                Err(error) => refused = Refused::Invalid(error),
            }
        }
        Err(refused)
    }

    /// The library checks the signature, `iss` and `aud`. The times are checked here, to the fraction of a second.
    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let mut required = vec!["exp"];
        if !self.issuers.is_empty() {
            validation.set_issuer(&self.issuers);
            required.push("iss");
        }
        validation.validate_aud = !self.audiences.is_empty();
        if validation.validate_aud {
            validation.set_audience(&self.audiences);
            required.push("aud");
        }
        // A claim of the wrong type counts as missing, and only a required one is refused for it.
        validation.set_required_spec_claims(&required);
        validation
    }
}

/// A number of seconds since 1970, fractions included (RFC 7519, section 2).
fn time_from(seconds: f64) -> Option<SystemTime> {
    Duration::try_from_secs_f64(seconds).ok().and_then(|since| UNIX_EPOCH.checked_add(since))
}
