//! The tokens of a case's users.

use accord_flows::{TokenParts, TokenUse, pattern::fill};
use serde_json::{Value, json};

use super::{
    Deviation, Session,
    session::{display_name, user_name},
};
use crate::client::{Claims, Signature, mint};

/// The lifetime of a token, unless a flow says otherwise.
const LIFETIME_SECONDS: i64 = 3600;

/// A token, and when it expires.
#[derive(Clone, Debug)]
pub(super) struct Minted {
    pub text: String,
    pub expiry: Option<i64>,
}

impl Session {
    /// A valid token of the user of `actor`.
    pub(super) fn good_token(&self, actor: &str) -> Result<Minted, Deviation> {
        let claims = Claims::new(&self.user_id(actor)?, &display_name(user_name(actor)), LIFETIME_SECONDS);
        Ok(Minted { text: mint(&claims, &self.server.secret, Signature::Good), expiry: claims.expiry() })
    }

    /// The payload of `event` if the case gives none: the new token, if the event renews; and the token's expiry.
    pub(super) fn handing_in(
        &self,
        actor: &str,
        event: &str,
        wanted: Option<&TokenUse>,
    ) -> Result<Option<(Value, Option<i64>)>, Deviation> {
        let Some(field) = self.protocol().model.client_event(event).and_then(|event| event.renews.as_deref()) else {
            return Ok(None);
        };
        let token = self.token(actor, wanted.unwrap_or(&TokenUse::Good))?;
        Ok(token.map(|token| (json!({ field: token.text }), token.expiry)))
    }

    /// A payload of `event` with a valid token, if the event renews.
    pub(crate) fn renewal(&self, actor: &str, event: &str) -> Result<Option<Value>, Deviation> {
        Ok(self.handing_in(actor, event, None)?.map(|(payload, _)| payload))
    }

    /// The token that a step asks for.
    pub(super) fn token(&self, actor: &str, wanted: &TokenUse) -> Result<Option<Minted>, Deviation> {
        match wanted {
            TokenUse::Missing => Ok(None),
            TokenUse::Good => self.good_token(actor).map(Some),
            TokenUse::Parts(parts) => self.special_token(actor, parts).map(Some),
        }
    }

    fn special_token(&self, actor: &str, parts: &TokenParts) -> Result<Minted, Deviation> {
        if let Some(raw) = parts.raw.get() {
            return Ok(Minted { text: raw.value.clone(), expiry: None });
        }
        let lifetime = parts.expires_in.get().copied().unwrap_or(LIFETIME_SECONDS);
        let mut claims = Claims::new(&self.user_id(actor)?, &display_name(user_name(actor)), lifetime);
        if let Some(seconds) = parts.valid_in.get() {
            claims = claims.with("nbf", Some((crate::client::now() + seconds).into()));
        }
        if let Some(seconds) = parts.issued_in.get() {
            claims = claims.with("iat", Some((crate::client::now() + seconds).into()));
        }
        if parts.admin.get() == Some(&true) {
            claims = claims.with("admin", Some(true.into()));
        }
        if let Some(template) = parts.claims.get() {
            let filled = fill(&template.0, &self.variables);
            let filled = filled.map_err(|why| Deviation::new(format!("the token of {actor}"), "claims", why))?;
            for (name, value) in filled.as_object().into_iter().flatten() {
                claims = claims.with(name, (*value != Value::Null).then(|| value.clone()));
            }
        }
        let signature = parts.signature.get().copied().unwrap_or(Signature::Good);
        Ok(Minted { text: mint(&claims, &self.server.secret, signature), expiry: claims.expiry() })
    }
}
