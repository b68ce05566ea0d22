//! Rooms, their scopes, and the users who are in them.

use std::{fmt, time::Duration};

use crate::error::ErrorSpec;

/// The caller, as identified by the token's issuer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// The user's id.
    pub id: String,
    /// The display name; the id if the token has none.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The address of a picture.
    pub image: Option<String>,
    /// Whether the token marks an administrator.
    pub admin: bool,
}

/// A kind of room that the schema declares.
pub trait Scope: Clone + fmt::Debug + Send + Sync + 'static {
    /// Its declaration in the schema.
    const SPEC: &'static ScopeSpec;
}

/// The schema's declaration of a scope.
#[derive(Debug, Eq, PartialEq)]
pub struct ScopeSpec {
    /// Its name.
    pub name: &'static str,
    /// The answer to a caller that does not belong to the room, and to one that names a room that does not exist.
    pub denied: &'static ErrorSpec,
    /// The log of each of its rooms, if they have one.
    pub log: Option<&'static LogSpec>,
}

/// The schema's declaration of the log of a scope's rooms.
#[derive(Debug, Eq, PartialEq)]
pub struct LogSpec {
    /// The server event that ends a replay.
    pub caught_up: &'static str,
    /// The field of that event that names the room.
    pub key: &'static str,
    /// How long entries are kept.
    pub keep: Duration,
    /// How many entries a room keeps.
    pub entries: u64,
    /// How long entries are kept at least, however many there are.
    pub floor: Duration,
}

/// One room: rooms of different scopes never mix, whatever their ids.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Room {
    /// The scope's name.
    pub scope: &'static str,
    /// The room's id within its scope.
    pub id: String,
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scope, self.id)
    }
}
