//! What a token's claims say of its bearer.

use std::time::SystemTime;

use serde_json::{Map, Value};

use super::time_from;
use crate::scope::Identity;

/// What is wrong with a token's claims.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ClaimError {
    /// A claim that has to be there is not.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A claim has the wrong type.
    #[error("`{0}` has the wrong type")]
    Type(&'static str),
    /// A claim is empty or too long, or contains characters that it must not.
    #[error("`{0}` is empty or too long, or contains characters that it must not")]
    Value(&'static str),
}

/// The most characters that a user's id may have.
const LONGEST_ID: usize = 128;

/// The most characters that a user's name may have.
const LONGEST_NAME: usize = 200;

/// Who the bearer is: `id`, else `sub`.
pub(super) fn identity(claims: &Map<String, Value>) -> Result<Identity, ClaimError> {
    let (claim, id) = match text(claims, "id")? {
        Some(id) => ("id", id),
        None => ("sub", text(claims, "sub")?.ok_or(ClaimError::Missing("sub"))?),
    };
    if !(1..=LONGEST_ID).contains(&id.chars().count()) || id.contains(char::is_control) {
        return Err(ClaimError::Value(claim));
    }
    let name = text(claims, "name")?.unwrap_or(id);
    if !(1..=LONGEST_NAME).contains(&name.chars().count()) {
        return Err(ClaimError::Value("name"));
    }
    Ok(Identity {
        id: id.to_owned(),
        name: name.to_owned(),
        email: text(claims, "email")?.map(str::to_owned),
        image: text(claims, "image")?.map(str::to_owned),
        // Whatever is not `true` makes nobody an administrator.
        admin: claims.get("admin") == Some(&Value::Bool(true)),
    })
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

/// A claim that is text; `null` is none.
fn text<'c>(claims: &'c Map<String, Value>, claim: &'static str) -> Result<Option<&'c str>, ClaimError> {
    match claims.get(claim) {
        None | Some(Value::Null) => Ok(None),
        // PostgreSQL stores no U+0000, and nobody's name has one.
        Some(Value::String(text)) if text.contains('\0') => Err(ClaimError::Value(claim)),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ClaimError::Type(claim)),
    }
}
