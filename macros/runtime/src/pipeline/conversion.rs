//! The steps for clients of an older version, which convert their input to today's version, and the answer back.

use serde_json::{Value, value::RawValue};

use super::{Endpoint, Pipeline};
use crate::{
    convert::{Downgraded, Upgraded},
    rejection::Rejection,
    reply::Outcome,
};

/// The conversions between today's version of an endpoint and an older one; `None` where both are the same.
#[derive(Clone, Copy, Default)]
pub struct Conversion<'r> {
    /// The conversion of the input to today's version.
    pub input: Option<&'r Upgraded>,
    /// The conversion of the answer to the older version.
    pub answer: Option<&'r Downgraded>,
}

impl Pipeline {
    /// Checks an input by the older version's rules, and converts it to today's.
    pub(super) fn upgrade(
        &self,
        endpoint: &Endpoint,
        conversion: Conversion<'_>,
        input: Value,
    ) -> Result<Value, Rejection> {
        let Some(upgraded) = conversion.input else { return Ok(input) };
        self.validate(|violations| upgraded.validate(&input, violations))?;
        upgraded.convert(input).map_err(|fault| Rejection::fault(self.protocol, self.failure(endpoint), fault))
    }

    /// Converts the answer to the older version, if the client asks for one.
    pub(super) fn downgrade(
        &self,
        endpoint: &Endpoint,
        conversion: Conversion<'_>,
        outcome: Outcome,
        answers: bool,
    ) -> Result<Outcome, Rejection> {
        let Some(downgraded) = conversion.answer.filter(|_| answers && outcome.download.is_none()) else {
            return Ok(outcome);
        };
        let answer = downgraded.convert(outcome.answer.as_deref().unwrap_or(RawValue::NULL));
        let answer = answer.map_err(|fault| Rejection::fault(self.protocol, self.failure(endpoint), fault))?;
        Ok(Outcome { answer: Some(answer), ..outcome })
    }
}
