//! The variables of a flow.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use accord_language::diagnostic::nearest;
use serde_json::Value;

/// Variables, shared by the steps of a flow.
#[derive(Clone, Debug, Default)]
pub struct Variables(Arc<Mutex<BTreeMap<String, Value>>>);

impl Variables {
    /// Sets a variable.
    pub fn set(&self, name: &str, value: impl Into<Value>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), value.into());
    }

    /// The value at `path` (`name.key.0`).
    ///
    /// # Errors
    /// The part of the path that is missing.
    pub fn get(&self, path: &str) -> Result<Value, String> {
        let variables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut steps = path.split('.');
        let name = steps.next().unwrap_or_default();
        let Some(mut value) = variables.get(name) else {
            let known = nearest(name, variables.keys().map(String::as_str));
            let hint = known.map(|known| format!("; did you mean `${known}`?")).unwrap_or_default();
            return Err(format!("there is no variable `${name}`{hint}"));
        };
        for step in steps {
            let next = match value {
                Value::Array(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
                value => value.get(step),
            };
            value = next.ok_or_else(|| format!("`${path}`: there is no `{step}` in {}", super::shown(value)))?;
        }
        Ok(value.clone())
    }

    /// Copies of all variables, for a match that may fail.
    pub(super) fn fork(&self) -> Self {
        let variables = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Variables(Arc::new(Mutex::new(variables)))
    }

    /// Takes over all of `other`.
    pub(super) fn adopt(&self, other: &Variables) {
        let theirs = other.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = theirs;
    }
}
