//! Counts clients that still use deprecated parts of the schema, by the versions that they state.

use std::borrow::Cow;

use accord_runtime::{Deprecated, Leaving, Protocol};
use semver::Version;
use serde_json::Value;

use super::{Traffic, shared::Shared, socket::Socket};

/// A client that may use deprecated parts.
pub(super) struct Client<'c> {
    /// The user's id; empty for an anonymous caller.
    pub(super) user: &'c str,
    /// The version that the client says it speaks.
    pub(super) spoken: Option<&'c Version>,
}

impl<'c> Client<'c> {
    /// The client at the other end of a socket.
    pub(super) fn of(socket: &'c Socket) -> Self {
        Client { user: &socket.user, spoken: socket.spoken.as_ref() }
    }

    /// Counts an event that is carried out.
    pub(super) fn sends(&self, shared: &Shared, event: &str, payload: &Value) {
        shared.protocol.deprecated_in_event(event, payload).for_each(|deprecated| self.uses(shared, deprecated));
    }

    /// Counts a request that is carried out.
    pub(super) fn calls(&self, shared: &Shared, operation: &str, input: &Value) {
        shared.protocol.deprecated_in_operation(operation, input).for_each(|deprecated| self.uses(shared, deprecated));
    }

    /// Counts an error that is answered, by its name in the schema.
    pub(super) fn gets(&self, shared: &Shared, error: &str) {
        let answered = |deprecated: &&Deprecated| deprecated.what == Leaving::Error && deprecated.name == error;
        shared.protocol.deprecated.iter().filter(answered).for_each(|deprecated| self.uses(shared, deprecated));
    }

    fn uses(&self, shared: &Shared, deprecated: &'static Deprecated) {
        let (kind, name, client) = (deprecated.what.kind(), deprecated.name, version(shared.protocol, self.spoken));
        tracing::debug!(kind, name, user = ?self.user, client = &*client, "a client used something deprecated");
        metrics::counter!("accord_deprecated_total", "kind" => kind, "name" => name, "client" => client).increment(1);
        shared.show(|| Traffic::Deprecated { user: self.user, deprecated });
    }
}

/// The name of a client's version in metrics. There are no more names than versions that have existed.
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
