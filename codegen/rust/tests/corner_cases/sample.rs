// Generated from the schema of sample 0.3.1 by "accord gen rust". Do not edit: change the schema.

use accord_runtime::Call;

pub use types::*;

/// A protocol of corner cases.
pub static PROTOCOL: accord_runtime::Protocol = accord_runtime::Protocol {
    name: "sample",
    version: "0.3.1",
    limits: &[
        accord_runtime::LimitSpec {
            name: "events",
            per: accord_runtime::Per::Socket,
            replenish: std::time::Duration::from_nanos(142857142),
            burst: 10,
        },
    ],
    unknown_limit: None,
    error_event: "error",
    answers: accord_runtime::Answers {
        version_refused: Some(<errors::Other as accord_runtime::DeclaredError>::SPEC),
        token_missing: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
        token_refused: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
        token_expired: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
        unknown_event: <errors::Other as accord_runtime::DeclaredError>::SPEC,
        invalid_payload: <errors::Other as accord_runtime::DeclaredError>::SPEC,
        rate_limited: <errors::Other as accord_runtime::DeclaredError>::SPEC,
        internal: <errors::Other as accord_runtime::DeclaredError>::SPEC,
        admin_only: <errors::Denied as accord_runtime::DeclaredError>::SPEC,
        position_lost: None,
        idempotency_conflict: None,
    },
    events: &[
        accord_runtime::ServerEventSpec {
            name: "board_joined",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "planted",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "shown",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "counted",
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
    deprecated: &[
        accord_runtime::Deprecated {
            what: accord_runtime::Leaving::EventField,
            name: "plant/tree/isLeaf",
            about: "since 0.2.0, and gone in 1.0.0: use `children`",
        },
        accord_runtime::Deprecated {
            what: accord_runtime::Leaving::EventField,
            name: "plant/level",
            about: "since 0.3.1: use the tree's weights",
        },
        accord_runtime::Deprecated {
            what: accord_runtime::Leaving::Event,
            name: "poke",
            about: "since 0.2.0",
        },
        accord_runtime::Deprecated {
            what: accord_runtime::Leaving::OperationField,
            name: "list_trees/deep",
            about: "since 0.3.0, and gone in 1.0.0: use `level`",
        },
        accord_runtime::Deprecated {
            what: accord_runtime::Leaving::Operation,
            name: "remove_board",
            about: "since 0.3.0, and gone in 1.0.0",
        },
        accord_runtime::Deprecated {
            what: accord_runtime::Leaving::Error,
            name: "fault",
            about: "since 0.3.0, and gone in 1.0.0: use `other`",
        },
    ],
};

/// The errors of the schema.
pub mod errors {
    use accord_runtime::DeclaredError;

    /// `auth`: Say "who"
    ///
    /// No token.
    ///
    /// A retry helps with a new token.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "auth", code = "auth", message = "Say \"who\"", status = 401)]
    pub struct Auth;

    /// `denied`: Access denied
    ///
    /// Not a member.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "denied", code = "denied", message = "Access denied", status = 403)]
    pub struct Denied;

    /// `fault`: A fault
    ///
    /// Declared under the name of the fault variant.
    ///
    /// A retry may help, at any time.
    ///
    /// Since 0.1.0.
    ///
    /// Deprecated since 0.3.0, and gone in 1.0.0: use `other`.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "fault", code = "fault", message = "A fault", status = 409)]
    pub struct Fault;

    /// `other`: Something else
    ///
    /// Anything else.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "other", code = "other", message = "Something else", status = 400)]
    pub struct Other;
}

/// The kinds of rooms.
pub mod scopes {
    use accord_runtime::Scope;

    /// A board, shared by its members.
    #[derive(Clone, Copy, Debug, Scope)]
    #[scope(name = "board", denied = super::errors::Denied)]
    pub struct Board;
}

/// The types of the schema.
pub mod types {
    use std::collections::BTreeMap;
    use accord_runtime::Text;
    use accord_runtime::Validate;
    use serde::{Deserialize, Serialize};

    /// A board's id.
    ///
    /// 1 to 64 characters; must match `^[a-z0-9-]+$`.
    ///
    /// ```json
    /// "board-1"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        min_length = 1,
        max_length = 64,
        pattern = r"^[a-z0-9\-]+$",
        violation = "must match ^[a-z0-9-]+$"
    )]
    pub struct BoardId(pub String);

    /// Names with more than letters.
    ///
    /// ```json
    /// "type"
    /// ```
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate )]
    pub enum Kind {
        /// `broad-leaf`
        #[serde(rename = "broad-leaf")]
        BroadLeaf,
        /// `x2`
        #[serde(rename = "x2")]
        X2,
        /// `type`
        #[serde(rename = "type")]
        Type,
    }

    /// A pattern with a quotation mark.
    ///
    /// Deprecated since 0.3.0.
    ///
    /// At least 1 character; must match `^[^"\s]+$`.
    ///
    /// ```json
    /// "a"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(
        min_length = 1,
        pattern = r#"^[^"[\t\n\x0B\x0C\r \xA0\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]]+$"#,
        violation = "must match ^[^\"\\s]+$"
    )]
    pub struct Slug(pub String);

    /// A whole number.
    ///
    /// More than 0, at most 10.
    ///
    /// ```json
    /// 1
    /// ```
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate )]
    #[serde(transparent)]
    #[validate(exclusive_minimum = 0, maximum = 10)]
    pub struct Level(pub i64);

    /// A part of something.
    ///
    /// At least -0.5, less than 1.
    ///
    /// ```json
    /// 0.25
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize, Validate)]
    #[serde(transparent)]
    #[validate(minimum = -0.5, exclusive_maximum = 1)]
    pub struct Share(pub f64);

    /// Something recursive.
    ///
    /// It has two paragraphs.
    ///
    /// ```json
    /// {
    ///   "type": "x2",
    ///   "left": null,
    ///   "children": [],
    ///   "weights": {
    ///     "a": 0.25
    ///   },
    ///   "genus": "tree"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    #[validate(
        rule(
            name = "leaf_or_not",
            path = "/isLeaf",
            message = "must not be true for x2",
            test = not(
                all(
                    present("isLeaf"),
                    field("isLeaf", one_of(true, null)),
                    field("type", one_of("x2"))
                )
            )
        )
    )]
    pub struct Tree {
        /// Names with more than letters.
        pub r#type: Kind,
        /// Something recursive.
        pub left: Option<Box<Tree>>,
        /// Something recursive.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub right: Option<Box<Tree>>,
        /// `children`.
        ///
        /// 0 to 2 items.
        #[validate(min_items = 0, max_items = 2)]
        pub children: Vec<Tree>,
        /// `weights`.
        pub weights: BTreeMap<String, Share>,
        /// `genus`.
        ///
        /// Always `tree`.
        #[validate(constant = "tree")]
        pub genus: String,
        /// `isLeaf`.
        ///
        /// Deprecated since 0.2.0, and gone in 1.0.0: use `children`.
        #[serde(rename = "isLeaf", default, skip_serializing_if = "Option::is_none")]
        pub is_leaf: Option<bool>,
        /// `at`.
        ///
        /// RFC 3339.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[validate(date_time)]
        pub at: Option<String>,
    }

    /// Until when.
    ///
    /// ```json
    /// {
    ///   "userId": "ann",
    ///   "expiresAt": "2026-01-31T09:30:00.000Z"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Stayed {
        /// `userId`.
        #[serde(rename = "userId")]
        pub user_id: String,
        /// `expiresAt`.
        ///
        /// RFC 3339.
        #[serde(rename = "expiresAt")]
        #[validate(date_time)]
        pub expires_at: String,
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
        /// What happened.
        pub message: String,
        /// What happened, for programs.
        pub code: String,
        /// The event.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub event: Option<String>,
        /// When a retry may succeed.
        ///
        /// At least 0.
        #[serde(rename = "retryAfterMs", default, skip_serializing_if = "Option::is_none")]
        #[validate(minimum = 0)]
        pub retry_after_ms: Option<i64>,
        /// The board, as the payload named it.
        #[serde(rename = "boardId", default, skip_serializing_if = "Option::is_none")]
        pub board_id: Option<String>,
    }

    /// The payload of `join_board`.
    ///
    /// ```json
    /// {
    ///   "boardId": "board-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct JoinBoard {
        /// A board's id.
        #[serde(rename = "boardId")]
        pub board_id: BoardId,
    }

    /// The payload of `plant`.
    ///
    /// ```json
    /// {
    ///   "boardId": "board-1",
    ///   "otherId": "board-2",
    ///   "tree": {
    ///     "type": "x2",
    ///     "left": null,
    ///     "children": [],
    ///     "weights": {
    ///       "a": 0.25
    ///     },
    ///     "genus": "tree"
    ///   }
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Plant {
        /// A board's id.
        #[serde(rename = "boardId")]
        pub board_id: BoardId,
        /// A board's id.
        #[serde(rename = "otherId")]
        pub other_id: BoardId,
        /// Something recursive.
        pub tree: Tree,
        /// A whole number.
        ///
        /// Deprecated since 0.3.1: use the tree's weights.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub level: Option<Level>,
        /// A pattern with a quotation mark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub slug: Option<Slug>,
    }

    /// The payload of `show`.
    ///
    /// ```json
    /// {
    ///   "boardId": "board-1",
    ///   "otherId": "board-2"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Show {
        /// A board's id.
        #[serde(rename = "boardId")]
        pub board_id: BoardId,
        /// A board's id.
        #[serde(rename = "otherId")]
        pub other_id: BoardId,
    }

    /// The payload of `stay`.
    ///
    /// ```json
    /// {
    ///   "key": "a.b.c"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Stay {
        /// `key`.
        ///
        /// At most 16384 characters.
        #[validate(max_length = 16384)]
        pub key: String,
    }

    /// The payload of `board_joined`.
    ///
    /// ```json
    /// {
    ///   "boardId": "board-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct BoardJoined {
        /// A board's id.
        #[serde(rename = "boardId")]
        pub board_id: BoardId,
    }

    /// The payload of `counted`.
    ///
    /// ```json
    /// {
    ///   "count": 1
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Counted {
        /// `count`.
        ///
        /// At least 0.
        #[validate(minimum = 0)]
        pub count: i64,
    }

    /// The input of `list_trees`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ListTrees {
        /// A board's id.
        #[serde(rename = "boardId")]
        pub board_id: BoardId,
        /// `deep`.
        ///
        /// Deprecated since 0.3.0, and gone in 1.0.0: use `level`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub deep: Option<bool>,
        /// A whole number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub level: Option<Level>,
        /// Names with more than letters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kind: Option<Kind>,
    }

    /// The input of `remove_board`.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct RemoveBoard {
        /// A board's id.
        #[serde(rename = "boardId")]
        pub board_id: BoardId,
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
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Board as accord_runtime::Scope>::SPEC,
                key: "boardId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to connect",
    };

    /// The end of a socket, and what follows it.
    pub static DISCONNECT: EventSpec = EventSpec {
        name: "disconnect",
        limit: None,
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Board as accord_runtime::Scope>::SPEC,
                key: "boardId",
            },
        ],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to disconnect",
    };

    /// Join.
    pub static JOIN_BOARD: EventSpec = EventSpec {
        name: "join_board",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Board as accord_runtime::Scope>::SPEC,
                key: "boardId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "boardId",
                named_as: "boardId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to join",
    };

    /// Plant a tree on one board, and tell another.
    pub static PLANT: EventSpec = EventSpec {
        name: "plant",
        limit: None,
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Board as accord_runtime::Scope>::SPEC,
                key: "boardId",
            },
            accord_runtime::ScopeUse {
                scope: <super::scopes::Board as accord_runtime::Scope>::SPEC,
                key: "otherId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "boardId",
                named_as: "boardId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to plant",
    };

    /// Tell boards, without having to do with one first.
    pub static SHOW: EventSpec = EventSpec {
        name: "show",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Board as accord_runtime::Scope>::SPEC,
                key: "boardId",
            },
            accord_runtime::ScopeUse {
                scope: <super::scopes::Board as accord_runtime::Scope>::SPEC,
                key: "otherId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "boardId",
                named_as: "boardId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to show",
    };

    /// Stay with a new token.
    pub static STAY: EventSpec = EventSpec {
        name: "stay",
        limit: None,
        scopes: &[],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to stay",
    };

    /// Neither a payload nor an answer.
    ///
    /// Deprecated since 0.2.0.
    pub static POKE: EventSpec = EventSpec {
        name: "poke",
        limit: Some(0),
        scopes: &[],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to poke",
    };

    /// Trees.
    pub static LIST_TREES: OperationSpec = OperationSpec {
        name: "list_trees",
        method: Method::GET,
        path: "/boards/{boardId}/trees",
        auth: accord_runtime::Auth::User,
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Board as accord_runtime::Scope>::SPEC,
                key: "boardId",
            },
        ],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "boardId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "deep",
                in_path: false,
                kind: accord_runtime::ParameterKind::Boolean,
            },
            accord_runtime::Parameter {
                name: "level",
                in_path: false,
                kind: accord_runtime::ParameterKind::Number,
            },
            accord_runtime::Parameter {
                name: "kind",
                in_path: false,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: None,
        status: 200,
        failure: "Failed to list",
    };

    /// Remove a board.
    ///
    /// Deprecated since 0.3.0, and gone in 1.0.0.
    pub static REMOVE_BOARD: OperationSpec = OperationSpec {
        name: "remove_board",
        method: Method::DELETE,
        path: "/boards/{boardId}",
        auth: accord_runtime::Auth::Admin,
        limit: None,
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "boardId",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: None,
        status: 204,
        failure: "Failed to remove",
    };
}

/// The events that follow a successful handshake.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct ConnectReply {
    /// Emitted as `shown` to the board's room that is the user's own; `None` if it does not apply.
    #[reply(emit = "shown", to = room(0))]
    pub shown: Option<()>,
}

/// The events that follow the end of a socket.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct DisconnectReply {
    /// Emitted as `counted` to every socket of the caller's user.
    #[reply(emit = "counted", to = user)]
    pub counted: Counted,
    /// Emitted as `shown` to the board's room that is the user's own.
    #[reply(emit = "shown", to = room(0))]
    pub shown: (),
}

/// The answer to `join_board`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct JoinBoardReply {
    /// Acknowledged, and emitted as `board_joined` to the caller.
    #[reply(ack, emit = "board_joined", to = caller)]
    pub board_joined: BoardJoined,
}

/// The answer to `plant`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct PlantReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: Vec<Tree>,
    /// Emitted as `planted` to the others in the board's room.
    #[reply(emit = "planted", to = others)]
    pub planted: Tree,
    /// Emitted as `shown` to the room of the board `otherId`.
    #[reply(emit = "shown", to = room(1))]
    pub shown: (),
    /// Emitted as `counted` to every socket of the caller's user; `None` if it does not apply.
    #[reply(emit = "counted", to = user)]
    pub counted: Option<Counted>,
}

/// The memberships that `plant` asks for in addition to its scope's.
#[derive(Clone, Debug, accord_runtime::Also)]
pub struct PlantAlso {
    /// That of the room that `otherId` names.
    pub other_id: accord_runtime::Member<scopes::Board>,
}

/// The answer to `show`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct ShowReply {
    /// Emitted as `shown` to the room of the board `otherId`.
    #[reply(emit = "shown", to = room(1))]
    pub shown: (),
}

/// The memberships that `show` asks for.
#[derive(Clone, Debug, accord_runtime::Also)]
pub struct ShowAlso {
    /// That of the room that `boardId` names.
    pub board_id: accord_runtime::Member<scopes::Board>,
    /// That of the room that `otherId` names.
    pub other_id: accord_runtime::Member<scopes::Board>,
}

/// The answer to `stay`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct StayReply {
    /// Acknowledged.
    #[reply(ack)]
    pub ack: Stayed,
}

/// The answer to `poke`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct PokeReply;

/// Why the handshake was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ConnectError {
    /// `auth`: Say "who"
    #[error(errors::Auth)]
    Auth,
    /// A fault on the server's side: it is logged, and the client gets "Failed to connect".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why the end of a socket was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum DisconnectError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to disconnect".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `plant` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum PlantError {
    /// `fault`: A fault
    #[error(errors::Fault)]
    Fault,
    /// `other`: Something else
    #[invalid]
    Other(accord_runtime::Violation),
    /// A fault on the server's side: it is logged, and the client gets "Failed to plant".
    #[fault]
    ServerFault(accord_runtime::Fault),
}

/// Why `show` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ShowError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to show".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `poke` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum PokeError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to poke".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `list_trees` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ListTreesError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to list".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `remove_board` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum RemoveBoardError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to remove".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// The business logic that follows the beginning and the end of a socket.
#[accord_runtime::handlers]
pub trait Connection {
    /// Begins.
    ///
    /// # Errors
    /// - `auth`: Say "who"
    #[connect(specs::CONNECT)]
    async fn connect(&self, call: Call) -> Result<ConnectReply, ConnectError>;

    /// Ends.
    #[disconnect(specs::DISCONNECT)]
    async fn disconnect(&self, call: Call) -> Result<DisconnectReply, DisconnectError>;
}

/// Events of all kinds.
#[accord_runtime::handlers]
pub trait Sample {
    /// Plant a tree on one board, and tell another.
    ///
    /// # Errors
    /// - `fault`: A fault
    /// - `other`: Something else
    #[event(specs::PLANT)]
    async fn plant(
        &self,
        call: Call<scopes::Board, PlantAlso>,
        payload: Plant,
    ) -> Result<PlantReply, PlantError>;

    /// Tell boards, without having to do with one first.
    ///
    /// Limited by `events`.
    #[event(specs::SHOW)]
    async fn show(
        &self,
        call: Call<accord_runtime::Unscoped, ShowAlso>,
        payload: Show,
    ) -> Result<ShowReply, ShowError>;

    /// Neither a payload nor an answer.
    ///
    /// Deprecated since 0.2.0.
    ///
    /// Limited by `events`.
    #[event(specs::POKE)]
    async fn poke(&self, call: Call) -> Result<PokeReply, PokeError>;
}

/// The REST operations.
#[accord_runtime::handlers]
pub trait Http {
    /// Trees.
    ///
    /// `GET /boards/{boardId}/trees`
    ///
    /// Limited by `events`.
    #[operation(specs::LIST_TREES)]
    async fn list_trees(
        &self,
        call: Call<scopes::Board>,
        input: ListTrees,
    ) -> Result<Vec<Tree>, ListTreesError>;

    /// Remove a board.
    ///
    /// Deprecated since 0.3.0, and gone in 1.0.0.
    ///
    /// `DELETE /boards/{boardId}`
    #[operation(specs::REMOVE_BOARD, empty)]
    async fn remove_board(
        &self,
        call: Call,
        input: RemoveBoard,
    ) -> Result<(), RemoveBoardError>;
}

/// The events that the gateway carries out itself.
fn gateway() -> Vec<accord_runtime::Endpoint> {
    Vec::from([
        accord_runtime::Endpoint::room(
            &specs::JOIN_BOARD,
            accord_runtime::RoomAction::Join,
            |payload: JoinBoard| JoinBoardReply {
                board_joined: BoardJoined {
                    board_id: payload.board_id,
                },
            },
        ),
        accord_runtime::Endpoint::renewal::<
            Stay,
            Stayed,
            _,
        >(&specs::STAY, "key", |ack| StayReply { ack }),
    ])
}

/// All handlers of this protocol.
pub trait Handlers: Connection + Sample + Http {}

impl<H: Connection + Sample + Http> Handlers for H {}

/// The protocol with its business logic.
pub fn service<H: Handlers>(handlers: H) -> accord_runtime::Service {
    let handlers = std::sync::Arc::new(handlers);
    accord_runtime::Service {
        protocol: &PROTOCOL,
        lifecycle: bind_connection(&handlers),
        endpoints: [gateway(), bind_sample(&handlers), bind_http(&handlers)]
            .into_iter()
            .flatten()
            .collect(),
        older: Vec::new(),
    }
}
