//! Conversions of payloads and answers between today's version and an older one. Generated code makes these.

use std::{collections::HashMap, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use crate::{
    decode::decode,
    error::{ErrorSpec, Fault, Refusal},
    panics::caught_now,
    reply::{Encoded, encode},
    validate::{Path, Validate, Violations},
};

/// The errors that older clients get, by today's names. Errors that are not listed are the same.
pub type Errors = HashMap<&'static str, &'static ErrorSpec>;

/// A value from an older client, converted to today's version.
pub struct Upgraded {
    validate: fn(&Value, Path<'_>, &mut Violations),
    convert: Box<dyn Fn(Value) -> Result<Value, Fault> + Send + Sync>,
}

impl Upgraded {
    /// A conversion, with the decisions of the business logic.
    pub fn new<D, Old, New>(decisions: &Arc<D>, convert: fn(&D, &Old) -> New) -> Self
    where
        D: Send + Sync + 'static,
        Old: Validate + DeserializeOwned + 'static,
        New: Serialize + 'static,
    {
        let decisions = Arc::clone(decisions);
        let convert = move |payload| {
            let old = valid::<Old>(payload)?;
            Ok(serde_json::to_value(convert(&decisions, &old))?)
        };
        Upgraded { validate: Old::validate, convert: Box::new(convert) }
    }

    /// Checks a payload against the older version's type.
    pub fn validate(&self, payload: &Value, violations: &mut Violations) {
        (self.validate)(payload, Path::Root, violations);
    }

    /// Converts a valid payload to today's version.
    ///
    /// # Errors
    /// If the conversion fails, which is a fault of the server.
    pub fn convert(&self, payload: Value) -> Result<Value, Fault> {
        (self.convert)(payload).map_err(|fault| fault.context("cannot convert what an older client sent"))
    }
}

/// A value from the server, converted to an older version.
pub struct Downgraded(Box<Downgrade>);

type Downgrade = dyn Fn(&RawValue) -> Result<Encoded, Fault> + Send + Sync;

impl Downgraded {
    /// A conversion, with the decisions of the business logic.
    pub fn new<D, New, Old>(decisions: &Arc<D>, convert: fn(&D, &New) -> Old) -> Self
    where
        D: Send + Sync + 'static,
        New: DeserializeOwned + 'static,
        Old: Serialize + 'static,
    {
        let decisions = Arc::clone(decisions);
        Downgraded(Box::new(move |data| {
            let new: New = serde_json::from_str(data.get())?;
            Ok(encode(&convert(&decisions, &new))?)
        }))
    }

    /// Converts a value to the older version. A panic in a decision becomes a fault, because other requests wait for
    /// the next steps.
    ///
    /// # Errors
    /// If the conversion fails, which is a fault of the server.
    pub fn convert(&self, data: &RawValue) -> Result<Encoded, Fault> {
        let converted = caught_now(|| (self.0)(data)).flatten();
        converted.map_err(|fault| fault.context("cannot convert what an older client is to receive"))
    }
}

/// A payload that has been validated, as its type; as in JSON Schema, `1.0` is an integer.
///
/// # Errors
/// If it cannot be read, which is a fault of the server's own.
pub fn valid<T: DeserializeOwned>(payload: Value) -> Result<T, Fault> {
    decode(payload).map_err(|refusal| match refusal {
        Refusal::Fault(fault) => fault,
        other => Fault::msg(format!("a valid payload was refused: {other:?}")),
    })
}
