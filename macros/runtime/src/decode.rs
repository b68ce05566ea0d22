//! Valid JSON as the types of a schema.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    error::{Fault, Refusal},
    validate::MAX_INTEGER,
};

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
            if let Some(integer) = number.as_f64().filter(|float| float.fract() == 0.0).map(|float| float as i64)
                && (-MAX_INTEGER..=MAX_INTEGER).contains(&integer)
            {
                *number = integer.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(integral_floats_to_integers),
        Value::Object(members) => members.values_mut().for_each(integral_floats_to_integers),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Path, Validate, Violations};

    #[test]
    fn an_integer_may_be_written_as_any_number_that_is_valid() {
        let cases = [
            ("2", 2),
            ("-2.0", -2),
            ("2e15", 2_000_000_000_000_000),
            ("9000000000000001.0", 9_000_000_000_000_001),
            ("9007199254740991.0", MAX_INTEGER),
            ("-9.007199254740991e15", -MAX_INTEGER),
        ];
        for (text, integer) in cases {
            let number: Value = serde_json::from_str(text).expect("JSON");
            let mut violations = Violations::default();
            i64::validate(&number, Path::Root, &mut violations);
            assert!(violations.is_empty(), "{text}: {violations:?}");
            assert_eq!(decode::<i64>(number).ok(), Some(integer), "{text}");
        }
    }
}
