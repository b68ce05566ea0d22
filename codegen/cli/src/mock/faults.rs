//! Faults that a mock injects on request: failures, delays and denials.

use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
    time::Duration,
};

use accord_language::{
    diagnostic::instead,
    model::{ErrorId, Model},
};
use accord_runtime::Room;

/// The name of the handshake in faults.
pub const CONNECT: &str = "connect";

/// The requested faults.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// The requests, as given.
    pub asked: Asked,
    failures: HashMap<String, Failure>,
    latency: Option<Latency>,
    latencies: HashMap<String, Latency>,
    denied: HashSet<(String, String)>,
}

/// Faults, as requested.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Asked {
    /// `EVENT=ERROR` or `EVENT=ERROR@RATE`, where ERROR is the name or the code of an error.
    pub fail: Vec<String>,
    /// `MS`, `MS..MS`, or either after `EVENT=`.
    pub latency: Vec<String>,
    /// `SCOPE:ID`.
    pub deny: Vec<String>,
}

/// A failure of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// The error.
    pub error: ErrorId,
    /// The probability, from 0, never, to 1, always.
    pub rate: f64,
}

/// The minimum and maximum duration of a call, in milliseconds.
pub type Latency = RangeInclusive<u64>;

/// An invalid request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mistake {
    /// The list that it is in: `fail`, `latency` or `deny`.
    pub list: &'static str,
    /// Its index in the list.
    pub index: usize,
    /// The text of the request.
    pub asked: String,
    /// The error, to be read after the text.
    pub message: String,
}

impl Faults {
    /// Reads the requested faults, and checks all names against the model.
    ///
    /// # Errors
    /// All errors in it.
    pub fn read(model: &Model, asked: Asked) -> Result<Self, Vec<Mistake>> {
        let (mut faults, mut mistakes) = (Faults::default(), Vec::new());
        let mut read = |list, texts: &[String], take: &mut dyn FnMut(&str) -> Result<(), String>| {
            for (index, text) in texts.iter().enumerate() {
                if let Err(message) = take(text) {
                    mistakes.push(Mistake { list, index, asked: text.clone(), message });
                }
            }
        };
        read("fail", &asked.fail, &mut |text| {
            let (call, failure) = failure(model, text)?;
            faults.failures.insert(call, failure);
            Ok(())
        });
        read("latency", &asked.latency, &mut |text| {
            match text.split_once('=') {
                Some((call, range)) => {
                    declared_call(model, call)?;
                    faults.latencies.insert(call.to_owned(), latency(range)?);
                }
                None => faults.latency = Some(latency(text)?),
            }
            Ok(())
        });
        read("deny", &asked.deny, &mut |text| {
            faults.denied.insert(room(model, text)?);
            Ok(())
        });
        faults.asked = asked;
        if mistakes.is_empty() { Ok(faults) } else { Err(mistakes) }
    }

    /// The error that a call fails with, if any; `chance` is from 0 to 1.
    pub fn failure(&self, call: &str, chance: f64) -> Option<ErrorId> {
        self.failures.get(call).filter(|failure| chance < failure.rate).map(|failure| failure.error)
    }

    /// The duration of a call; `chance` is from 0 to 1.
    pub fn latency(&self, call: &str, chance: f64) -> Duration {
        let Some(range) = self.latencies.get(call).or(self.latency.as_ref()) else { return Duration::ZERO };
        let (least, most) = (Duration::from_millis(*range.start()), Duration::from_millis(*range.end()));
        least + (most - least).mul_f64(chance.clamp(0.0, 1.0))
    }

    /// Whether a room has no members.
    pub fn denies(&self, room: &Room) -> bool {
        // A tuple of two texts cannot be looked up by two parts of others: there are few of them.
        self.denied.iter().any(|(scope, id)| *scope == room.scope && *id == room.id)
    }
}

/// `EVENT=ERROR@RATE`.
fn failure(model: &Model, text: &str) -> Result<(String, Failure), String> {
    let Some((call, rest)) = text.split_once('=') else {
        return Err("is not EVENT=ERROR or EVENT=ERROR@RATE".to_owned());
    };
    let errors = declared_call(model, call)?;
    let (name, rate) = match rest.split_once('@') {
        None => (rest, 1.0),
        Some((name, text)) => match text.parse() {
            Ok(rate) if (0.0..=1.0).contains(&rate) => (name, rate),
            _ => return Err(format!("has the rate `{text}`: write one from 0 to 1, for example {name}@0.5")),
        },
    };
    // An internal error is always named `internal` here, whatever the schema calls it.
    let declared = || errors.iter().map(|id| (*id, &model.errors[id.0]));
    let error = match name {
        "internal" => Some(model.gateway.internal),
        _ => {
            let named = declared().find(|(_, error)| error.name == name);
            // Several errors may share a code.
            named.or_else(|| declared().find(|(_, error)| error.code == name)).map(|(id, _)| id)
        }
    };
    let Some(error) = error else {
        let mut names: Vec<&str> = declared().flat_map(|(_, error)| [error.name.as_str(), &error.code]).collect();
        names.dedup();
        return Err(format!("names an error that `{call}` does not answer with, `{name}`: {}", instead(name, names)));
    };
    Ok((call.to_owned(), Failure { error, rate }))
}

/// The errors that a call may fail with once it has been let through; an error if the model has no such call.
fn declared_call(model: &Model, call: &str) -> Result<Vec<ErrorId>, String> {
    let mut found = None;
    let mut names = vec![CONNECT];
    if call == CONNECT {
        found = Some(model.connect_errors());
    }
    for event in model.client_events() {
        names.push(&event.name);
        if event.name == call {
            found.get_or_insert_default().extend(model.event_errors(event));
        }
    }
    for operation in &model.http.operations {
        names.push(&operation.name);
        if operation.name == call {
            found.get_or_insert_default().extend(model.operation_errors(operation));
        }
    }
    let mut errors = found.ok_or_else(|| {
        format!(
            "names neither an event nor an operation of the schema, `{call}`: {}",
            instead(call, names.iter().copied())
        )
    })?;
    // A valid payload has no violations to report, so this error cannot be injected.
    errors.retain(|&id| id != model.gateway.invalid_payload);
    Ok(errors)
}

/// `MS` or `MS..MS`.
fn latency(text: &str) -> Result<Latency, String> {
    let wrong = || format!("has the latency `{text}`: write milliseconds, for example 200 or 100..400");
    let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
    match text.split_once("..") {
        None => number(text).map(|milliseconds| milliseconds..=milliseconds),
        Some((least, most)) => {
            let range = number(least)?..=number(most)?;
            if range.is_empty() { Err(wrong()) } else { Ok(range) }
        }
    }
}

/// `SCOPE:ID`.
fn room(model: &Model, text: &str) -> Result<(String, String), String> {
    let scopes = || model.scopes.iter().map(|scope| scope.name.as_str());
    let Some((scope, id)) = text.split_once(':') else {
        let example = scopes().next().unwrap_or("SCOPE");
        return Err(format!("is not SCOPE:ID, for example {example}:1"));
    };
    if !scopes().any(|name| name == scope) {
        let names = scopes().collect::<Vec<_>>();
        return Err(format!("names a scope that the schema does not have, `{scope}`: {}", instead(scope, names)));
    }
    Ok((scope.to_owned(), id.to_owned()))
}
