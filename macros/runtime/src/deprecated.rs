//! What the schema says is going away, and who still uses it.
//!
//! All that is counted is in [`Protocol::deprecated`], so that a schema that deprecates nothing pays nothing.

use std::borrow::Cow;

use semver::Version;
use serde_json::Value;

use crate::{
    gateway::{Traffic, core::Core},
    protocol::Protocol,
};

/// Something that the schema says is going away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Deprecated {
    /// What it is.
    pub what: Leaving,
    /// Its name: `send_message`. A field's is the path to it from its event or operation, through the items of lists:
    /// `send_message/attachments/url`; `*` stands for any key.
    pub name: &'static str,
    /// Since when, until when, and what to use instead.
    pub about: &'static str,
}

/// What is going away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Leaving {
    /// An event that clients send.
    Event,
    /// A field of what clients send by an event.
    EventField,
    /// A REST operation.
    Operation,
    /// A field of an operation's path, query or body.
    OperationField,
    /// An error that clients are answered with.
    Error,
}

impl Leaving {
    /// What metrics call it.
    fn kind(self) -> &'static str {
        match self {
            Leaving::Event => "event",
            Leaving::Operation => "operation",
            Leaving::EventField | Leaving::OperationField => "field",
            Leaving::Error => "error",
        }
    }
}

impl Protocol {
    /// What a client uses of what is going away, by an event with this payload.
    pub fn deprecated_in_event(&self, event: &str, payload: &Value) -> impl Iterator<Item = &'static Deprecated> {
        self.used([Leaving::Event, Leaving::EventField], event, payload)
    }

    /// What a client uses of what is going away, by a request with this input.
    pub fn deprecated_in_operation(&self, operation: &str, input: &Value) -> impl Iterator<Item = &'static Deprecated> {
        self.used([Leaving::Operation, Leaving::OperationField], operation, input)
    }

    fn used(
        &self,
        [call, field]: [Leaving; 2],
        name: &str,
        input: &Value,
    ) -> impl Iterator<Item = &'static Deprecated> {
        self.deprecated.iter().filter(move |deprecated| {
            let path = deprecated.name.strip_prefix(name).and_then(|rest| rest.strip_prefix('/'));
            (deprecated.what == call && deprecated.name == name)
                || (deprecated.what == field && path.is_some_and(|path| is_there(input, path)))
        })
    }
}

/// Whether there is something other than `null` at a path.
fn is_there(value: &Value, path: &str) -> bool {
    if path.is_empty() {
        return !value.is_null();
    }
    let (key, rest) = path.split_once('/').unwrap_or((path, ""));
    match value {
        Value::Array(items) => items.iter().any(|item| is_there(item, path)),
        Value::Object(members) if key == "*" => members.values().any(|member| is_there(member, rest)),
        Value::Object(members) => members.get(key).is_some_and(|member| is_there(member, rest)),
        _ => false,
    }
}

/// Whoever uses what is going away.
pub(crate) struct Client<'c> {
    /// The user's id; empty where nobody in particular is calling.
    pub(crate) user: &'c str,
    /// The version that the client says it speaks.
    pub(crate) spoken: Option<&'c Version>,
}

impl Client<'_> {
    /// Counts an event that is carried out.
    pub(crate) fn sends(&self, core: &Core, event: &str, payload: &Value) {
        core.protocol.deprecated_in_event(event, payload).for_each(|deprecated| self.uses(core, deprecated));
    }

    /// Counts a request that is carried out.
    pub(crate) fn calls(&self, core: &Core, operation: &str, input: &Value) {
        core.protocol.deprecated_in_operation(operation, input).for_each(|deprecated| self.uses(core, deprecated));
    }

    /// Counts an error that is answered, by its name in the schema.
    pub(crate) fn gets(&self, core: &Core, error: &str) {
        let answered = |deprecated: &&Deprecated| deprecated.what == Leaving::Error && deprecated.name == error;
        core.protocol.deprecated.iter().filter(answered).for_each(|deprecated| self.uses(core, deprecated));
    }

    fn uses(&self, core: &Core, deprecated: &'static Deprecated) {
        let (kind, name, client) = (deprecated.what.kind(), deprecated.name, version(core.protocol, self.spoken));
        tracing::debug!(kind, name, user = ?self.user, client = &*client, "used what is deprecated");
        metrics::counter!("accord_deprecated_total", "kind" => kind, "name" => name, "client" => client).increment(1);
        core.show(|| Traffic::Deprecated { user: self.user, deprecated });
    }
}

/// What metrics call a client by the version that it says: there are no more of them than versions that there have been.
fn version(protocol: &Protocol, spoken: Option<&Version>) -> Cow<'static, str> {
    let Some(spoken) = spoken else { return "unsaid".into() };
    match Version::parse(protocol.version) {
        Ok(today) if spoken.major < today.major => spoken.major.to_string().into(),
        Ok(today) if spoken.major == today.major && spoken.minor <= today.minor => {
            format!("{}.{}", spoken.major, spoken.minor).into()
        }
        _ => "other".into(),
    }
}
