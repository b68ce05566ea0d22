//! The parts that all steps of a flow use: variables, and checks of received values.

use std::{collections::BTreeSet, sync::atomic::AtomicBool};

use accord_flows::{
    Failure, Names, Scenario,
    pattern::{Template, fill, matches, shown},
};
use accord_language::{
    model::ErrorDef,
    source::{Slot, Text},
};
use serde_json::Value;

use super::{Deviation, Session};

/// The player that carries out a scenario.
pub(super) struct Player<'a> {
    pub(super) session: &'a Session,
    pub(super) scenario: &'a Scenario,
    /// Whether a limit is looser than the case assumes, so that its remaining steps cannot be checked.
    pub(super) looser: AtomicBool,
}

/// The outcome of a step.
pub(super) type Outcome = Result<(), Deviation>;

impl Player<'_> {
    pub(super) fn filled(&self, template: Option<&Template>, step: &str) -> Result<Value, Deviation> {
        let Some(template) = template else { return Ok(Value::Null) };
        fill(&template.0, &self.session.variables).map_err(|why| Deviation::new(step, "its variables", why))
    }

    pub(super) fn failure(&self, failure: &Failure, error: &Value, step: &str) -> Outcome {
        let protocol = self.session.protocol();
        let wanted = || protocol.model.errors.iter().filter(|error| failure.errors().any(|name| error.name == name));
        let right =
            |wanted: &ErrorDef| error["code"] == wanted.code.as_str() && error["message"] == wanted.message.as_str();
        if !failure.error.is_absent() && !wanted().any(right) {
            let expected = wanted().map(|wanted| format!("{:?} with the code `{}`", wanted.message, wanted.code));
            return Err(Deviation::new(step, expected.collect::<Vec<_>>().join(" or "), shown(error)));
        }
        if let Some(details) = failure.details.get() {
            let expected: BTreeSet<&str> = details.iter().map(Text::as_str).collect();
            if expected != violations(error) {
                return Err(Deviation::new(step, format!("violations at {expected:?}"), shown(error)));
            }
        }
        if let Some(pattern) = failure.data.get() {
            self.fits(&pattern.0, error, step)?;
        }
        self.save(&failure.save, protocol.documented_error(error.clone()));
        Ok(())
    }

    pub(super) fn fits(&self, pattern: &Value, value: &Value, step: &str) -> Outcome {
        matches(pattern, value, &self.session.variables)
            .map_err(|mismatch| Deviation::new(step, shown(pattern), format!("{value}\n  {mismatch}")))
    }

    pub(super) fn save(&self, name: &Slot<Text>, value: Value) {
        if let Some(name) = name.get() {
            self.session.variables.set(name.as_str(), value);
        }
    }
}

/// The places of the violations that an error names.
pub(crate) fn violations(error: &Value) -> BTreeSet<&str> {
    error["details"].as_array().into_iter().flatten().filter_map(|detail| detail["path"].as_str()).collect()
}

pub(super) fn text(slot: &Slot<Text>) -> &str {
    slot.get().map_or("", Text::as_str)
}

pub(super) fn names(slot: &Slot<Names>) -> impl Iterator<Item = &str> {
    slot.get().into_iter().flat_map(|names| &names.0).map(Text::as_str)
}
