// Generated from the schema of logs 0.2.0 by "accord gen rust". Do not edit: change the schema.

use accord_runtime::Call;

pub use types::*;

/// A protocol of rooms with logs.
pub static PROTOCOL: accord_runtime::Protocol = accord_runtime::Protocol {
    name: "logs",
    version: "0.2.0",
    limits: &[
        accord_runtime::LimitSpec {
            name: "events",
            per: accord_runtime::Per::User,
            replenish: std::time::Duration::from_millis(100),
            burst: 20,
        },
    ],
    unknown_limit: Some(0),
    error_event: "error",
    answers: accord_runtime::Answers {
        version_refused: None,
        token_missing: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
        token_refused: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
        token_expired: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
        unknown_event: <errors::Other as accord_runtime::DeclaredError>::SPEC,
        invalid_payload: <errors::Other as accord_runtime::DeclaredError>::SPEC,
        rate_limited: <errors::Other as accord_runtime::DeclaredError>::SPEC,
        internal: <errors::Other as accord_runtime::DeclaredError>::SPEC,
        admin_only: <errors::Denied as accord_runtime::DeclaredError>::SPEC,
        position_lost: Some(
            <errors::PositionLost as accord_runtime::DeclaredError>::SPEC,
        ),
        idempotency_conflict: Some(
            <errors::Conflict as accord_runtime::DeclaredError>::SPEC,
        ),
    },
    events: &[
        accord_runtime::ServerEventSpec {
            name: "hall_joined",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "hall_left",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "attic_joined",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "caught_up",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "attic_caught_up",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "said",
            durable: true,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "moved",
            durable: true,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "seen",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "rung",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "users",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "shouted",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "guest_added",
            durable: true,
            evicts: None,
            since: Some("0.2.0"),
        },
        accord_runtime::ServerEventSpec {
            name: "guest_removed",
            durable: true,
            evicts: Some(accord_runtime::Evicts::User("userId")),
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "guests_changed",
            durable: true,
            evicts: Some(accord_runtime::Evicts::FormerMembers),
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "hall_opened",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "noticed",
            durable: true,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "swept",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "reminded",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "error",
            durable: false,
            evicts: None,
            since: None,
        },
    ],
    deprecated: &[],
};

/// The errors of the schema.
pub mod errors {
    use accord_runtime::DeclaredError;

    /// `auth`: Who
    ///
    /// No token.
    ///
    /// A retry helps with a new token.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "auth", code = "auth", message = "Who", status = 401)]
    pub struct Auth;

    /// `denied`: Access denied
    ///
    /// Not a member.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "denied", code = "denied", message = "Access denied", status = 403)]
    pub struct Denied;

    /// `other`: Something else
    ///
    /// Anything else.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "other", code = "other", message = "Something else", status = 400)]
    pub struct Other;

    /// `position_lost`: Gone
    ///
    /// The log does not reach back that far.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "position_lost", code = "position_lost", message = "Gone", status = 409)]
    pub struct PositionLost;

    /// `conflict`: Already sent
    ///
    /// Sent with other content.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "conflict", code = "conflict", message = "Already sent", status = 409)]
    pub struct Conflict;
}

/// The kinds of rooms.
pub mod scopes {
    use accord_runtime::Scope;

    /// A hall, where everything that happens is kept.
    #[derive(Clone, Copy, Debug, Scope)]
    #[scope(
        name = "hall",
        denied = super::errors::Denied,
        log(
            caught_up = "caught_up",
            key = "hallId",
            keep = 604800,
            entries = 100000,
            floor = 600
        )
    )]
    pub struct Hall;

    /// An attic, where little is kept.
    #[derive(Clone, Copy, Debug, Scope)]
    #[scope(
        name = "attic",
        denied = super::errors::Denied,
        log(
            caught_up = "attic_caught_up",
            key = "atticId",
            keep = 3600,
            entries = 50,
            floor = 30
        )
    )]
    pub struct Attic;

    /// A porch, without a log.
    #[derive(Clone, Copy, Debug, Scope)]
    #[scope(name = "porch", denied = super::errors::Denied)]
    pub struct Porch;
}

/// The types of the schema.
pub mod types {
    use accord_runtime::Text;
    use accord_runtime::Validate;
    use serde::{Deserialize, Serialize};

    /// A room's id.
    ///
    /// 1 to 64 characters.
    ///
    /// ```json
    /// "hall-1"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(min_length = 1, max_length = 64)]
    pub struct RoomId(pub String);

    /// A user's id.
    ///
    /// 1 to 64 characters.
    ///
    /// ```json
    /// "ann"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(min_length = 1, max_length = 64)]
    pub struct UserId(pub String);

    /// A position in a log.
    ///
    /// ```json
    /// {
    ///   "seq": 7,
    ///   "epoch": "x1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Position {
        /// The number of the last entry before it.
        ///
        /// At least 0.
        #[validate(minimum = 0)]
        pub seq: i64,
        /// The log's epoch.
        ///
        /// At most 64 characters.
        #[validate(max_length = 64)]
        pub epoch: String,
    }

    /// Something said.
    ///
    /// ```json
    /// {
    ///   "id": "s1",
    ///   "hallId": "hall-1",
    ///   "text": "Hello"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Saying {
        /// `id`.
        pub id: String,
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
        /// `text`.
        pub text: String,
    }

    /// What concerns a hall and a user.
    ///
    /// ```json
    /// {
    ///   "hallId": "hall-1",
    ///   "userId": "ann"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct InHall {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// Why something failed.
    ///
    /// ```json
    /// {
    ///   "message": "Access denied",
    ///   "code": "denied"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Error {
        /// `message`.
        pub message: String,
        /// `code`.
        pub code: String,
        /// `event`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub event: Option<String>,
    }

    /// The payload of `join_hall`.
    ///
    /// ```json
    /// {
    ///   "hallId": "hall-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct JoinHall {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
        /// A position in a log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub since: Option<Position>,
    }

    /// The payload of `leave_hall`.
    ///
    /// ```json
    /// {
    ///   "hallId": "hall-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct LeaveHall {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
    }

    /// The payload of `join_attic`.
    ///
    /// ```json
    /// {
    ///   "atticId": "attic-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct JoinAttic {
        /// A position in a log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub since: Option<Position>,
        /// A room's id.
        #[serde(rename = "atticId")]
        pub attic_id: RoomId,
    }

    /// The payload of `say`.
    ///
    /// ```json
    /// {
    ///   "hallId": "hall-1",
    ///   "text": "Hello"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Say {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
        /// `text`.
        ///
        /// At most 100 characters.
        #[validate(max_length = 100)]
        pub text: String,
        /// `clientId`.
        ///
        /// At most 64 characters.
        #[serde(rename = "clientId", default, skip_serializing_if = "Option::is_none")]
        #[validate(max_length = 64)]
        pub client_id: Option<String>,
    }

    /// The payload of `move_up`.
    ///
    /// ```json
    /// {
    ///   "hallId": "hall-1",
    ///   "atticId": "attic-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct MoveUp {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
        /// A room's id.
        #[serde(rename = "atticId")]
        pub attic_id: RoomId,
    }

    /// The payload of `ring`.
    ///
    /// ```json
    /// {
    ///   "userId": "ann",
    ///   "users": "bob"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Ring {
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
        /// A user's id.
        pub users: UserId,
    }

    /// The payload of `shout`.
    ///
    /// ```json
    /// {
    ///   "hallId": "hall-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Shout {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
    }

    /// The payload of `hall_joined`.
    ///
    /// ```json
    /// {
    ///   "hallId": "hall-1",
    ///   "position": {
    ///     "seq": 7,
    ///     "epoch": "x1"
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct HallJoined {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
        /// A position in a log.
        pub position: Position,
    }

    /// The payload of `hall_left`.
    ///
    /// ```json
    /// {
    ///   "hallId": "hall-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct HallLeft {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
    }

    /// The payload of `attic_joined`.
    ///
    /// ```json
    /// {
    ///   "atticId": "attic-1",
    ///   "position": {
    ///     "seq": 7,
    ///     "epoch": "x1"
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct AtticJoined {
        /// A position in a log.
        pub position: Position,
        /// A room's id.
        #[serde(rename = "atticId")]
        pub attic_id: RoomId,
    }

    /// The payload of `caught_up`.
    ///
    /// ```json
    /// {
    ///   "hallId": "hall-1",
    ///   "position": {
    ///     "seq": 7,
    ///     "epoch": "x1"
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct CaughtUp {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
        /// A position in a log.
        pub position: Position,
    }

    /// The payload of `attic_caught_up`.
    ///
    /// ```json
    /// {
    ///   "atticId": "attic-1",
    ///   "position": {
    ///     "seq": 7,
    ///     "epoch": "x1"
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct AtticCaughtUp {
        /// A room's id.
        #[serde(rename = "atticId")]
        pub attic_id: RoomId,
        /// A position in a log.
        pub position: Position,
    }

    /// The payload of `guests_changed`.
    ///
    /// ```json
    /// {
    ///   "hallId": "hall-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct GuestsChanged {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
    }

    /// The input of `add_guest`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct AddGuest {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The input of `remove_guest`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct RemoveGuest {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
        /// A user's id.
        #[serde(rename = "userId")]
        pub user_id: UserId,
    }

    /// The input of `set_guests`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct SetGuests {
        /// A room's id.
        #[serde(rename = "hallId")]
        pub hall_id: RoomId,
        /// A room's id.
        #[serde(rename = "porchId")]
        pub porch_id: RoomId,
    }
}

/// The schema's declaration of each event and operation.
pub mod specs {
    use accord_runtime::EventSpec;
    use accord_runtime::{OperationSpec, operation::Method};

    /// The handshake, and what follows it.
    pub static CONNECT: EventSpec = EventSpec {
        name: "connect",
        limit: None,
        scopes: &[],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to connect",
    };

    /// Join a hall, from a position on.
    pub static JOIN_HALL: EventSpec = EventSpec {
        name: "join_hall",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Hall as accord_runtime::Scope>::SPEC,
                key: "hallId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to join",
    };

    /// Leave a hall.
    pub static LEAVE_HALL: EventSpec = EventSpec {
        name: "leave_hall",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Hall as accord_runtime::Scope>::SPEC,
                key: "hallId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to leave",
    };

    /// Join an attic, and be told in another order.
    pub static JOIN_ATTIC: EventSpec = EventSpec {
        name: "join_attic",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Attic as accord_runtime::Scope>::SPEC,
                key: "atticId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to join",
    };

    /// Say something once.
    pub static SAY: EventSpec = EventSpec {
        name: "say",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Hall as accord_runtime::Scope>::SPEC,
                key: "hallId",
            },
        ],
        named: &[],
        log: Some(0),
        idempotent: Some("clientId"),
        failure: "Failed to say",
    };

    /// Move something from a hall to an attic.
    pub static MOVE_UP: EventSpec = EventSpec {
        name: "move_up",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Hall as accord_runtime::Scope>::SPEC,
                key: "hallId",
            },
            accord_runtime::ScopeUse {
                scope: <super::scopes::Attic as accord_runtime::Scope>::SPEC,
                key: "atticId",
            },
        ],
        named: &[],
        log: Some(1),
        idempotent: None,
        failure: "Failed to move",
    };

    /// Ring for a user, and nobody else.
    pub static RING: EventSpec = EventSpec {
        name: "ring",
        limit: Some(0),
        scopes: &[],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to ring",
    };

    /// Shout, which no log keeps.
    pub static SHOUT: EventSpec = EventSpec {
        name: "shout",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Hall as accord_runtime::Scope>::SPEC,
                key: "hallId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to shout",
    };

    /// Add a guest to a hall.
    pub static ADD_GUEST: OperationSpec = OperationSpec {
        name: "add_guest",
        method: Method::PUT,
        path: "/halls/{hallId}/guests/{userId}",
        auth: accord_runtime::Auth::Admin,
        limit: Some(0),
        scopes: &[],
        rooms: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Hall as accord_runtime::Scope>::SPEC,
                key: "hallId",
            },
        ],
        durable: true,
        parameters: &[
            accord_runtime::Parameter {
                name: "hallId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "userId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: None,
        status: 204,
        failure: "Failed to add",
    };

    /// Send a guest away.
    pub static REMOVE_GUEST: OperationSpec = OperationSpec {
        name: "remove_guest",
        method: Method::DELETE,
        path: "/halls/{hallId}/guests/{userId}",
        auth: accord_runtime::Auth::Admin,
        limit: Some(0),
        scopes: &[],
        rooms: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Hall as accord_runtime::Scope>::SPEC,
                key: "hallId",
            },
        ],
        durable: true,
        parameters: &[
            accord_runtime::Parameter {
                name: "hallId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "userId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: None,
        status: 200,
        failure: "Failed to remove",
    };

    /// Say who the guests are.
    pub static SET_GUESTS: OperationSpec = OperationSpec {
        name: "set_guests",
        method: Method::PUT,
        path: "/halls/{hallId}/guests",
        auth: accord_runtime::Auth::User,
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Hall as accord_runtime::Scope>::SPEC,
                key: "hallId",
            },
        ],
        rooms: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Porch as accord_runtime::Scope>::SPEC,
                key: "porchId",
            },
        ],
        durable: true,
        parameters: &[
            accord_runtime::Parameter {
                name: "hallId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::Json,
        envelope: None,
        status: 200,
        failure: "Failed to change",
    };
}

/// The events that follow a successful handshake.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct ConnectReply;

/// The answer to `join_hall`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct JoinHallReply {
    /// Acknowledged, and emitted as `hall_joined` to the caller.
    #[reply(ack, emit = "hall_joined", to = caller)]
    pub hall_joined: HallJoined,
}

/// The answer to `leave_hall`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct LeaveHallReply {
    /// Emitted as `hall_left` to the caller.
    #[reply(emit = "hall_left", to = caller)]
    pub hall_left: HallLeft,
}

/// The answer to `join_attic`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct JoinAtticReply {
    /// Emitted as `attic_joined` to the caller.
    #[reply(emit = "attic_joined", to = caller)]
    pub attic_joined: AtticJoined,
}

/// The answer to `say`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct SayReply {
    /// Acknowledged, and emitted as `said` to the hall's room.
    #[reply(ack, emit = "said", to = scope, durable)]
    pub said: Saying,
}

/// The answer to `move_up`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct MoveUpReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: Saying,
    /// Emitted as `moved` to the room of the attic `atticId`; `None` if it does not apply.
    #[reply(emit = "moved", to = room(1), durable)]
    pub moved: Option<Saying>,
    /// Emitted as `seen` to the others in the hall's room and every socket of the caller's user.
    #[reply(emit = "seen", to = [others, user])]
    pub seen: (),
}

/// The memberships that `move_up` asks for in addition to its scope's.
#[derive(Clone, Debug, accord_runtime::Also)]
pub struct MoveUpAlso {
    /// That of the room that `atticId` names.
    pub attic_id: accord_runtime::Member<scopes::Attic>,
}

/// The answer to `ring`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct RingReply {
    /// Emitted as `rung` to every socket of the user whom `userId` names.
    #[reply(emit = "rung", to = user_of("userId"))]
    pub rung: (),
    /// Emitted as `users` to every socket of the user whom `users` names and every socket of the user whom `userId` names and the caller; `None` if it does not apply.
    #[reply(emit = "users", to = [user_of("users"), user_of("userId"), caller])]
    pub users: Option<()>,
}

/// The answer to `shout`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct ShoutReply {
    /// Emitted as `shouted` to the hall's room.
    #[reply(emit = "shouted", to = scope)]
    pub shouted: (),
}

/// The answer to `add_guest`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct AddGuestReply {
    /// Emitted as `guest_added` to the room of the hall `hallId`; `None` if it does not apply.
    #[reply(emit = "guest_added", to = room(0), durable)]
    pub guest_added: Option<InHall>,
    /// Emitted as `hall_opened` to every socket of the user whom `userId` names.
    #[reply(emit = "hall_opened", to = user_of("userId"))]
    pub hall_opened: InHall,
}

/// The answer to `remove_guest`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct RemoveGuestReply {
    /// Answered.
    #[reply(answer)]
    pub answer: InHall,
    /// Emitted as `guest_removed` to the room of the hall `hallId`.
    #[reply(emit = "guest_removed", to = room(0), durable)]
    pub guest_removed: InHall,
}

/// The answer to `set_guests`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct SetGuestsReply {
    /// Answered.
    #[reply(answer)]
    pub answer: InHall,
    /// Emitted as `guests_changed` to the hall's room.
    #[reply(emit = "guests_changed", to = scope, durable)]
    pub guests_changed: GuestsChanged,
    /// Emitted as `swept` to the room of the porch `porchId`.
    #[reply(emit = "swept", to = room(1))]
    pub swept: (),
}

/// Why the handshake was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ConnectError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to connect".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `say` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum SayError {
    /// `conflict`: Already sent
    #[error(errors::Conflict)]
    Conflict,
    /// A fault on the server's side: it is logged, and the client gets "Failed to say".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `move_up` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum MoveUpError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to move".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `ring` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum RingError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to ring".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `shout` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ShoutError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to shout".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `add_guest` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum AddGuestError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to add".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `remove_guest` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum RemoveGuestError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to remove".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `set_guests` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum SetGuestsError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to change".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// The handshake.
#[accord_runtime::handlers]
pub trait Connection {
    /// Begins.
    #[connect(specs::CONNECT)]
    async fn connect(&self, call: Call) -> Result<ConnectReply, ConnectError>;
}

/// Events of rooms with logs.
#[accord_runtime::handlers]
pub trait Logs {
    /// Say something once.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `conflict`: Already sent
    #[event(specs::SAY)]
    async fn say(
        &self,
        call: Call<scopes::Hall>,
        payload: Say,
    ) -> Result<accord_runtime::Logged<SayReply>, SayError>;

    /// Move something from a hall to an attic.
    ///
    /// Limited by `events`.
    #[event(specs::MOVE_UP)]
    async fn move_up(
        &self,
        call: Call<scopes::Hall, MoveUpAlso>,
        payload: MoveUp,
    ) -> Result<accord_runtime::Logged<MoveUpReply>, MoveUpError>;

    /// Ring for a user, and nobody else.
    ///
    /// Limited by `events`.
    #[event(specs::RING)]
    async fn ring(&self, call: Call, payload: Ring) -> Result<RingReply, RingError>;

    /// Shout, which no log keeps.
    ///
    /// Limited by `events`.
    #[event(specs::SHOUT)]
    async fn shout(
        &self,
        call: Call<scopes::Hall>,
        payload: Shout,
    ) -> Result<ShoutReply, ShoutError>;
}

/// The REST operations.
#[accord_runtime::handlers]
pub trait Http {
    /// Add a guest to a hall.
    ///
    /// `PUT /halls/{hallId}/guests/{userId}`
    ///
    /// Limited by `events`.
    #[operation(specs::ADD_GUEST, emitting)]
    async fn add_guest(
        &self,
        call: Call,
        input: AddGuest,
    ) -> Result<accord_runtime::Logged<AddGuestReply>, AddGuestError>;

    /// Send a guest away.
    ///
    /// `DELETE /halls/{hallId}/guests/{userId}`
    ///
    /// Limited by `events`.
    #[operation(specs::REMOVE_GUEST, emitting)]
    async fn remove_guest(
        &self,
        call: Call,
        input: RemoveGuest,
    ) -> Result<accord_runtime::Logged<RemoveGuestReply>, RemoveGuestError>;

    /// Say who the guests are.
    ///
    /// `PUT /halls/{hallId}/guests`
    ///
    /// Limited by `events`.
    #[operation(specs::SET_GUESTS, emitting)]
    async fn set_guests(
        &self,
        call: Call<scopes::Hall>,
        input: SetGuests,
    ) -> Result<accord_runtime::Logged<SetGuestsReply>, SetGuestsError>;
}

impl From<accord_runtime::Position> for Position {
    fn from(position: accord_runtime::Position) -> Self {
        let accord_runtime::Position { epoch, seq } = position;
        Position {
            epoch: epoch.as_ref().into(),
            seq: seq.try_into().unwrap_or(i64::MAX),
        }
    }
}

/// The events that the gateway carries out itself.
fn gateway() -> Vec<accord_runtime::Endpoint> {
    Vec::from([
        accord_runtime::Endpoint::joining(
            &specs::JOIN_HALL,
            |payload: JoinHall, position| JoinHallReply {
                hall_joined: HallJoined {
                    hall_id: payload.hall_id,
                    position: position.into(),
                },
            },
        ),
        accord_runtime::Endpoint::room(
            &specs::LEAVE_HALL,
            accord_runtime::RoomAction::Leave,
            |payload: LeaveHall| LeaveHallReply {
                hall_left: HallLeft {
                    hall_id: payload.hall_id,
                },
            },
        ),
        accord_runtime::Endpoint::joining(
            &specs::JOIN_ATTIC,
            |payload: JoinAttic, position| JoinAtticReply {
                attic_joined: AtticJoined {
                    position: position.into(),
                    attic_id: payload.attic_id,
                },
            },
        ),
    ])
}

/// Emits events outside of calls, for example for timers, feeds and webhooks.
#[derive(Clone)]
pub struct Emitter(std::sync::Arc<dyn accord_runtime::Emits>);

impl Emitter {
    /// Wraps the gateway's emitter.
    pub fn new(emits: std::sync::Arc<dyn accord_runtime::Emits>) -> Self {
        Emitter(emits)
    }

    /// The house says something.
    ///
    /// To the room of the hall `hallId`.
    ///
    /// # Errors
    /// If the log cannot be written.
    pub async fn noticed(
        &self,
        hall_id: &str,
        payload: &Saying,
    ) -> Result<(), accord_runtime::Fault> {
        accord_runtime::emits::to_room::<
            scopes::Hall,
        >(&self.0, hall_id, "noticed", payload)
            .await
    }

    /// The porch was swept.
    ///
    /// To the room of the porch `porchId`.
    ///
    /// # Errors
    /// If it cannot be sent.
    pub async fn swept(&self, porch_id: &str) -> Result<(), accord_runtime::Fault> {
        accord_runtime::emits::to_room::<scopes::Porch>(&self.0, porch_id, "swept", &())
            .await
    }

    /// The house reminds a user.
    ///
    /// To every socket of a user.
    ///
    /// # Errors
    /// If it cannot be sent.
    pub async fn reminded(
        &self,
        user_id: &str,
        payload: &Saying,
    ) -> Result<(), accord_runtime::Fault> {
        accord_runtime::emits::to_user(&self.0, user_id, "reminded", payload).await
    }
}

/// All handlers of this protocol.
pub trait Handlers: Connection + Logs + Http {}

impl<H: Connection + Logs + Http> Handlers for H {}

/// The protocol with its business logic.
pub fn service<H: Handlers>(handlers: H) -> accord_runtime::Service {
    let handlers = std::sync::Arc::new(handlers);
    accord_runtime::Service {
        protocol: &PROTOCOL,
        lifecycle: bind_connection(&handlers),
        endpoints: [gateway(), bind_logs(&handlers), bind_http(&handlers)]
            .into_iter()
            .flatten()
            .collect(),
        older: Vec::new(),
    }
}
