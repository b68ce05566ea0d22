//! Valid JSON as the types of a schema.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Fault, Refusal};

/// A payload that has been validated, as its type.
pub(crate) fn decode<P: DeserializeOwned>(mut payload: Value) -> Result<P, Refusal> {
    integral_floats_to_integers(&mut payload);
    serde_json::from_value(payload)
        .map_err(|error| Refusal::Fault(Fault::new(error).context("a valid payload does not decode")))
}

/// JSON Schema has `1.0` be an integer, serde does not.
fn integral_floats_to_integers(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            #[expect(clippy::cast_possible_truncation, reason = "only integral floats within i64 are converted")]
            if let Some(float) = number.as_f64()
                && float.fract() == 0.0
                && float.abs() < 9.0e15
            {
                *number = (float as i64).into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(integral_floats_to_integers),
        Value::Object(members) => members.values_mut().for_each(integral_floats_to_integers),
        _ => {}
    }
}
