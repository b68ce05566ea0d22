//! The declaration of a client event.

use serde::Serialize;
use serde_json::Value;

use crate::{
    scope::ScopeSpec,
    validate::{Path, Validate, Violations},
};

/// The schema's declaration of one client event.
#[derive(Debug)]
pub struct EventSpec {
    /// Its name on the wire.
    pub name: &'static str,
    /// The limit that it draws on: an index into [`Protocol::limits`](crate::Protocol::limits). `None` is the schema's
    /// explicit `unlimited`.
    pub limit: Option<usize>,
    /// The rooms that are locked while its handler runs, and whose memberships are proven first: the room of its scope
    /// (if it has one), then those of `also`.
    pub scopes: &'static [ScopeUse],
    /// The rooms that its failures name.
    pub named: &'static [NamedRoom],
    /// The room whose log gets its durable events: an index into `scopes`. `None` if it leads to no durable event.
    pub log: Option<usize>,
    /// The payload's field with the client's id of the call, which identifies a repetition.
    pub idempotent: Option<&'static str>,
    /// The message of an internal error.
    pub failure: &'static str,
}

impl EventSpec {
    /// Whether an entry of a room's log follows from it.
    pub const fn durable(&self) -> bool {
        self.log.is_some()
    }
}

/// A room that an event's failures name as its payload has named it, so that a client that asks for several things at
/// once knows which one has failed.
#[derive(Debug)]
pub struct NamedRoom {
    /// The payload's field.
    pub field: &'static str,
    /// The failure's field.
    pub named_as: &'static str,
}

/// The rooms that a failure names: each by its field, and the room's id.
pub type NamedRooms = Vec<(&'static str, String)>;

/// The maximum length in characters of an id that is named: no room has a longer one.
pub const LONGEST_NAMED: usize = 128;

/// A payload's field that names a room.
#[derive(Debug)]
pub struct ScopeUse {
    /// The scope of the room.
    pub scope: &'static ScopeSpec,
    /// The field that holds the room's id.
    pub key: &'static str,
}

/// The action of the gateway itself for an event declared with `room`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RoomAction {
    /// The socket joins the room of the event's scope. Requires membership.
    Join,
    /// The socket leaves the room of the event's scope. Does not require membership: a removed user may leave.
    Leave,
}

/// The payload of an event that declares none. Anything that a client sends is ignored.
#[derive(Clone, Copy, Debug)]
pub struct NoPayload;

impl Serialize for NoPayload {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl Validate for NoPayload {
    fn validate(_: &Value, _: Path<'_>, _: &mut Violations) {}
}

impl<'de> serde::Deserialize<'de> for NoPayload {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| NoPayload)
    }
}
