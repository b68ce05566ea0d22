// Generated from the schema of versions 2.0.0 by "accord gen rust". Do not edit: change the schema.

use accord_runtime::Call;

pub use types::*;

/// A library.
pub static PROTOCOL: accord_runtime::Protocol = accord_runtime::Protocol {
    name: "versions",
    version: "2.0.0",
    limits: &[
        accord_runtime::LimitSpec {
            name: "events",
            per: accord_runtime::Per::User,
            replenish: std::time::Duration::from_millis(50),
            burst: 60,
        },
    ],
    unknown_limit: Some(0),
    error_event: "failed",
    answers: accord_runtime::Answers {
        version_refused: Some(<errors::Outdated as accord_runtime::DeclaredError>::SPEC),
        token_missing: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
        token_refused: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
        token_expired: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
        unknown_event: <errors::Invalid as accord_runtime::DeclaredError>::SPEC,
        invalid_payload: <errors::Invalid as accord_runtime::DeclaredError>::SPEC,
        rate_limited: <errors::Other as accord_runtime::DeclaredError>::SPEC,
        internal: <errors::Other as accord_runtime::DeclaredError>::SPEC,
        admin_only: <errors::Denied as accord_runtime::DeclaredError>::SPEC,
        position_lost: None,
        idempotency_conflict: None,
    },
    events: &[
        accord_runtime::ServerEventSpec {
            name: "greeted",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "failed",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "shelf_joined",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "book_added",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "bell_heard",
            durable: false,
            evicts: None,
            since: None,
        },
        accord_runtime::ServerEventSpec {
            name: "shelf_moved",
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

    /// `denied`: Not your shelf
    ///
    /// Not a member.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "denied", code = "denied", message = "Not your shelf", status = 403)]
    pub struct Denied;

    /// `auth`: Whoever you are
    ///
    /// No token.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "auth", code = "auth", message = "Whoever you are", status = 401)]
    pub struct Auth;

    /// `outdated`: Not served
    ///
    /// Another version.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "outdated", code = "outdated", message = "Not served", status = 400)]
    pub struct Outdated;

    /// `invalid`: Not valid
    ///
    /// Breaks a rule.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "invalid", code = "invalid", message = "Not valid", status = 400)]
    pub struct Invalid;

    /// `closed`: Library is closed
    ///
    /// Not open.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "closed", code = "closed", message = "Library is closed", status = 409)]
    pub struct Closed;

    /// `full`: Shelf is full
    ///
    /// No room.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "full", code = "full", message = "Shelf is full", status = 409)]
    pub struct Full;

    /// `other`: Failed
    ///
    /// Anything else.
    #[derive(Clone, Copy, Debug, DeclaredError)]
    #[error(name = "other", code = "other", message = "Failed", status = 500)]
    pub struct Other;
}

/// The kinds of rooms.
pub mod scopes {
    use accord_runtime::Scope;

    /// A shelf.
    #[derive(Clone, Copy, Debug, Scope)]
    #[scope(name = "shelf", denied = super::errors::Denied)]
    pub struct Shelf;
}

/// The types of the schema.
pub mod types {
    use std::collections::BTreeMap;
    use accord_runtime::Text;
    use accord_runtime::Validate;
    use serde::{Deserialize, Serialize};

    /// A shelf.
    ///
    /// 1 to 20 characters.
    ///
    /// ```json
    /// "shelf-1"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(min_length = 1, max_length = 20)]
    pub struct ShelfId(pub String);

    /// A book.
    ///
    /// 1 to 40 characters.
    ///
    /// ```json
    /// "book-7"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(min_length = 1, max_length = 40)]
    pub struct BookId(pub String);

    /// A title.
    ///
    /// At most 80 characters.
    ///
    /// ```json
    /// "Dune"
    /// ```
    #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
    #[serde(transparent)]
    #[validate(max_length = 80)]
    pub struct Title(pub String);

    /// How it reads.
    ///
    /// ```json
    /// "calm"
    /// ```
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate )]
    pub enum Mood {
        /// `calm`
        #[serde(rename = "calm")]
        Calm,
        /// `tense`
        #[serde(rename = "tense")]
        Tense,
        /// `funny`
        #[serde(rename = "funny")]
        Funny,
    }

    /// Where it stands.
    ///
    /// ```json
    /// {
    ///   "row": 1
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Place {
        /// From below.
        ///
        /// At least 0, at most 9.
        #[validate(minimum = 0, maximum = 9)]
        pub row: i64,
        /// From the left.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub column: Option<i64>,
    }

    /// A failure.
    ///
    /// ```json
    /// {
    ///   "message": "Failed",
    ///   "code": "other"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Error {
        /// What.
        pub message: String,
        /// Which.
        pub code: String,
        /// Where.
        #[serde(rename = "shelfId", default, skip_serializing_if = "Option::is_none")]
        pub shelf_id: Option<String>,
    }

    /// A book.
    ///
    /// ```json
    /// {
    ///   "id": "book-7",
    ///   "title": "Dune",
    ///   "mood": "calm",
    ///   "kind": "volume",
    ///   "place": {
    ///     "row": 1
    ///   },
    ///   "tags": [],
    ///   "marks": {},
    ///   "owner": "ann",
    ///   "lent": false
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct Book {
        /// A book.
        pub id: BookId,
        /// A title.
        pub title: Title,
        /// How it reads.
        pub mood: Mood,
        /// What it is.
        ///
        /// Always `volume`.
        #[validate(constant = "volume")]
        pub kind: String,
        /// How many.
        ///
        /// At least 1, at most 4000.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[validate(minimum = 1, maximum = 4000)]
        pub pages: Option<i64>,
        /// Where it stands.
        pub place: Place,
        /// `tags`.
        ///
        /// At most 9 items.
        #[validate(max_items = 9)]
        pub tags: Vec<Title>,
        /// `marks`.
        pub marks: BTreeMap<String, Mood>,
        /// Whose it is.
        pub owner: String,
        /// Whether somebody has it.
        pub lent: bool,
        /// A book.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sequel: Option<Box<Book>>,
        /// What it is about.
        ///
        /// At most 100 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[validate(max_length = 100)]
        pub about: Option<String>,
    }

    /// The payload of `join_shelf`.
    ///
    /// ```json
    /// {
    ///   "shelfId": "shelf-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct JoinShelf {
        /// A shelf.
        #[serde(rename = "shelfId")]
        pub shelf_id: ShelfId,
    }

    /// The payload of `add_book`.
    ///
    /// ```json
    /// {
    ///   "shelfId": "shelf-1",
    ///   "title": "Dune",
    ///   "moods": [
    ///     "calm"
    ///   ],
    ///   "kind": "volume",
    ///   "pages": 9,
    ///   "isbn": "1",
    ///   "priority": 1
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct AddBook {
        /// A shelf.
        #[serde(rename = "shelfId")]
        pub shelf_id: ShelfId,
        /// A title.
        pub title: Title,
        /// `moods`.
        pub moods: Vec<Mood>,
        /// What it is.
        ///
        /// Always `volume`.
        #[validate(constant = "volume")]
        pub kind: String,
        /// How many.
        ///
        /// At least 1.
        #[validate(minimum = 1)]
        pub pages: f64,
        /// Its number.
        pub isbn: String,
        /// How soon.
        pub priority: i64,
        /// A note.
        ///
        /// At most 50 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[validate(max_length = 50)]
        pub note: Option<String>,
        /// Of its back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub color: Option<String>,
        /// A book.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub after: Option<BookId>,
    }

    /// The payload of `give_book`.
    ///
    /// ```json
    /// {
    ///   "id": "book-7"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct GiveBook {
        /// A book.
        pub id: BookId,
    }

    /// The payload of `ring_bell`.
    ///
    /// ```json
    /// {
    ///   "loud": true
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct RingBell {
        /// Whether it is loud.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub loud: Option<bool>,
    }

    /// The payload of `shelf_joined`.
    ///
    /// ```json
    /// {
    ///   "shelfId": "shelf-1"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct ShelfJoined {
        /// A shelf.
        #[serde(rename = "shelfId")]
        pub shelf_id: ShelfId,
    }

    /// The input of `get_book`.
    ///
    /// ```json
    /// {
    ///   "id": "book-7"
    /// }
    /// ```
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct GetBook {
        /// A book.
        pub id: BookId,
        /// How it reads.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub mood: Option<Mood>,
        /// With sequels.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub deep: Option<bool>,
    }

    /// Optional fields of the answer of `get_book`, next to its data.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
    pub struct GetBookBeside {
        /// How many have it.
        pub shelves: Option<i64>,
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
        failure: "Failed to begin",
    };

    /// See a shelf.
    pub static JOIN_SHELF: EventSpec = EventSpec {
        name: "join_shelf",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Shelf as accord_runtime::Scope>::SPEC,
                key: "shelfId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "shelfId",
                named_as: "shelfId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to join",
    };

    /// Add a book.
    pub static ADD_BOOK: EventSpec = EventSpec {
        name: "add_book",
        limit: Some(0),
        scopes: &[
            accord_runtime::ScopeUse {
                scope: <super::scopes::Shelf as accord_runtime::Scope>::SPEC,
                key: "shelfId",
            },
        ],
        named: &[
            accord_runtime::NamedRoom {
                field: "shelfId",
                named_as: "shelfId",
            },
        ],
        log: None,
        idempotent: None,
        failure: "Failed to add the book",
    };

    /// Lend one.
    pub static GIVE_BOOK: EventSpec = EventSpec {
        name: "give_book",
        limit: Some(0),
        scopes: &[],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to give",
    };

    /// Ask for help.
    pub static RING_BELL: EventSpec = EventSpec {
        name: "ring_bell",
        limit: Some(0),
        scopes: &[],
        named: &[],
        log: None,
        idempotent: None,
        failure: "Failed to ring",
    };

    /// A book.
    pub static GET_BOOK: OperationSpec = OperationSpec {
        name: "get_book",
        method: Method::GET,
        path: "/books/{id}",
        auth: accord_runtime::Auth::User,
        limit: None,
        scopes: &[],
        rooms: &[],
        durable: false,
        parameters: &[
            accord_runtime::Parameter {
                name: "id",
                in_path: true,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "mood",
                in_path: false,
                kind: accord_runtime::ParameterKind::Text,
            },
            accord_runtime::Parameter {
                name: "deep",
                in_path: false,
                kind: accord_runtime::ParameterKind::Boolean,
            },
        ],
        body: accord_runtime::Body::None,
        envelope: Some("data"),
        status: 200,
        failure: "Failed to get book",
    };
}

/// The events that follow a successful handshake.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct ConnectReply {
    /// Emitted as `greeted` to the caller.
    #[reply(emit = "greeted", to = caller)]
    pub greeted: (),
}

/// The answer to `join_shelf`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct JoinShelfReply {
    /// Acknowledged, and emitted as `shelf_joined` to the caller.
    #[reply(ack, emit = "shelf_joined", to = caller)]
    pub shelf_joined: ShelfJoined,
}

/// The answer to `add_book`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct AddBookReply {
    /// Acknowledged, and emitted as `book_added` to the shelf's room.
    #[reply(ack, emit = "book_added", to = scope)]
    pub book_added: Book,
    /// Emitted as `shelf_moved` to the shelf's room; `None` if it does not apply.
    #[reply(emit = "shelf_moved", to = scope)]
    pub shelf_moved: Option<Place>,
}

/// The answer to `give_book`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct GiveBookReply;

/// The answer to `ring_bell`, and the events that follow.
#[derive(Clone, Debug, accord_runtime::Reply)]
pub struct RingBellReply {
    /// Emitted as `bell_heard` to every socket of the caller's user.
    #[reply(emit = "bell_heard", to = user)]
    pub bell_heard: (),
}

/// Why the handshake was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum ConnectError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to begin".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `add_book` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum AddBookError {
    /// `full`: Shelf is full
    #[error(errors::Full)]
    Full,
    /// `closed`: Library is closed
    #[error(errors::Closed)]
    Closed,
    /// A fault on the server's side: it is logged, and the client gets "Failed to add the book".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `give_book` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum GiveBookError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to give".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `ring_bell` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum RingBellError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to ring".
    #[fault]
    Fault(accord_runtime::Fault),
}

/// Why `get_book` was not carried out.
#[derive(Debug, accord_runtime::EventError)]
pub enum GetBookError {
    /// A fault on the server's side: it is logged, and the client gets "Failed to get book".
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

/// Books.
#[accord_runtime::handlers]
pub trait Versions {
    /// Add a book.
    ///
    /// Limited by `events`.
    ///
    /// # Errors
    /// - `full`: Shelf is full
    /// - `closed`: Library is closed
    #[event(specs::ADD_BOOK)]
    async fn add_book(
        &self,
        call: Call<scopes::Shelf>,
        payload: AddBook,
    ) -> Result<AddBookReply, AddBookError>;

    /// Lend one.
    ///
    /// Limited by `events`.
    #[event(specs::GIVE_BOOK)]
    async fn give_book(
        &self,
        call: Call,
        payload: GiveBook,
    ) -> Result<GiveBookReply, GiveBookError>;

    /// Ask for help.
    ///
    /// Limited by `events`.
    #[event(specs::RING_BELL)]
    async fn ring_bell(
        &self,
        call: Call,
        payload: RingBell,
    ) -> Result<RingBellReply, RingBellError>;
}

/// The REST operations.
#[accord_runtime::handlers]
pub trait Http {
    /// A book.
    ///
    /// `GET /books/{id}`
    #[operation(specs::GET_BOOK, beside)]
    async fn get_book(
        &self,
        call: Call,
        input: GetBook,
    ) -> Result<accord_runtime::Beside<Book, GetBookBeside>, GetBookError>;
}

/// The events that the gateway carries out itself.
fn gateway() -> Vec<accord_runtime::Endpoint> {
    Vec::from([
        accord_runtime::Endpoint::room(
            &specs::JOIN_SHELF,
            accord_runtime::RoomAction::Join,
            |payload: JoinShelf| JoinShelfReply {
                shelf_joined: ShelfJoined {
                    shelf_id: payload.shelf_id,
                },
            },
        ),
    ])
}

/// versions 1.4.0, which is served as well.
pub mod v1 {
    pub use types::*;

    use super::types as new;

    use types as old;

    /// A library.
    pub static PROTOCOL: accord_runtime::Protocol = accord_runtime::Protocol {
        name: "versions",
        version: "1.4.0",
        limits: &[
            accord_runtime::LimitSpec {
                name: "events",
                per: accord_runtime::Per::User,
                replenish: std::time::Duration::from_millis(50),
                burst: 60,
            },
        ],
        unknown_limit: Some(0),
        error_event: "failed",
        answers: accord_runtime::Answers {
            version_refused: Some(<errors::Outdated as accord_runtime::DeclaredError>::SPEC),
            token_missing: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
            token_refused: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
            token_expired: <errors::Auth as accord_runtime::DeclaredError>::SPEC,
            unknown_event: <errors::Invalid as accord_runtime::DeclaredError>::SPEC,
            invalid_payload: <errors::Invalid as accord_runtime::DeclaredError>::SPEC,
            rate_limited: <errors::Other as accord_runtime::DeclaredError>::SPEC,
            internal: <errors::Other as accord_runtime::DeclaredError>::SPEC,
            admin_only: <errors::Denied as accord_runtime::DeclaredError>::SPEC,
            position_lost: None,
            idempotency_conflict: None,
        },
        events: &[
            accord_runtime::ServerEventSpec {
                name: "greeted",
                durable: false,
                evicts: None,
                since: None,
            },
            accord_runtime::ServerEventSpec {
                name: "failed",
                durable: false,
                evicts: None,
                since: None,
            },
            accord_runtime::ServerEventSpec {
                name: "shelf_joined",
                durable: false,
                evicts: None,
                since: None,
            },
            accord_runtime::ServerEventSpec {
                name: "book_added",
                durable: false,
                evicts: None,
                since: None,
            },
            accord_runtime::ServerEventSpec {
                name: "bell_rung",
                durable: false,
                evicts: None,
                since: None,
            },
        ],
        deprecated: &[
            accord_runtime::Deprecated {
                what: accord_runtime::Leaving::Event,
                name: "lend_book",
                about: "since 1.2.0, and gone in 2.0.0: use `give_book`",
            },
        ],
    };

    /// The errors of the schema.
    pub mod errors {
        use accord_runtime::DeclaredError;

        /// `denied`: Not your shelf
        ///
        /// Not a member.
        #[derive(Clone, Copy, Debug, DeclaredError)]
        #[error(name = "denied", code = "denied", message = "Not your shelf", status = 403)]
        pub struct Denied;

        /// `auth`: Who?
        ///
        /// No token.
        #[derive(Clone, Copy, Debug, DeclaredError)]
        #[error(name = "auth", code = "auth", message = "Who?", status = 401)]
        pub struct Auth;

        /// `outdated`: Not served
        ///
        /// Another version.
        #[derive(Clone, Copy, Debug, DeclaredError)]
        #[error(name = "outdated", code = "outdated", message = "Not served", status = 400)]
        pub struct Outdated;

        /// `invalid`: Not valid
        ///
        /// Breaks a rule.
        #[derive(Clone, Copy, Debug, DeclaredError)]
        #[error(name = "invalid", code = "invalid", message = "Not valid", status = 400)]
        pub struct Invalid;

        /// `full`: Shelf is full
        ///
        /// No room.
        #[derive(Clone, Copy, Debug, DeclaredError)]
        #[error(name = "full", code = "full", message = "Shelf is full", status = 409)]
        pub struct Full;

        /// `other`: Failed
        ///
        /// Anything else.
        #[derive(Clone, Copy, Debug, DeclaredError)]
        #[error(name = "other", code = "other", message = "Failed", status = 500)]
        pub struct Other;
    }

    /// The types of the schema.
    pub mod types {
        #[allow(unused_imports, reason = "a server may name none of them")]
        pub use super::super::types::{ShelfId, JoinShelf, ShelfJoined};
        use std::collections::BTreeMap;
        use accord_runtime::Text;
        use accord_runtime::Validate;
        use serde::{Deserialize, Serialize};

        /// A book.
        ///
        /// At least 1, at most 1000000.
        ///
        /// ```json
        /// 7
        /// ```
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate )]
        #[serde(transparent)]
        #[validate(minimum = 1, maximum = 1000000)]
        pub struct BookId(pub i64);

        /// A title.
        ///
        /// At most 50 characters.
        ///
        /// ```json
        /// "Dune"
        /// ```
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate, Text )]
        #[serde(transparent)]
        #[validate(max_length = 50)]
        pub struct Title(pub String);

        /// How it reads.
        ///
        /// ```json
        /// "calm"
        /// ```
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize, Validate )]
        pub enum Mood {
            /// `calm`
            #[serde(rename = "calm")]
            Calm,
            /// `tense`
            #[serde(rename = "tense")]
            Tense,
            /// `sad`
            #[serde(rename = "sad")]
            Sad,
        }

        /// Where it stands.
        ///
        /// ```json
        /// {
        ///   "row": 1
        /// }
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
        pub struct Place {
            /// From below.
            ///
            /// At least 0, at most 9.
            #[validate(minimum = 0, maximum = 9)]
            pub row: i64,
        }

        /// A failure.
        ///
        /// ```json
        /// {
        ///   "message": "Failed",
        ///   "code": "other"
        /// }
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
        pub struct Error {
            /// What.
            pub message: String,
            /// Which.
            pub code: String,
        }

        /// A book.
        ///
        /// ```json
        /// {
        ///   "id": 7,
        ///   "title": "Dune",
        ///   "mood": "calm",
        ///   "kind": "book",
        ///   "pages": 9,
        ///   "place": {
        ///     "row": 1
        ///   },
        ///   "tags": [],
        ///   "marks": {},
        ///   "owner": null
        /// }
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
        pub struct Book {
            /// A book.
            pub id: BookId,
            /// A title.
            pub title: Title,
            /// How it reads.
            pub mood: Mood,
            /// What it is.
            ///
            /// Always `book`.
            #[validate(constant = "book")]
            pub kind: String,
            /// How many.
            ///
            /// At least 1, at most 5000.
            #[validate(minimum = 1, maximum = 5000)]
            pub pages: f64,
            /// Where it stands.
            pub place: Place,
            /// `tags`.
            ///
            /// At most 9 items.
            #[validate(max_items = 9)]
            pub tags: Vec<Title>,
            /// `marks`.
            pub marks: BTreeMap<String, Mood>,
            /// Whose it is.
            pub owner: Option<String>,
            /// A book.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub sequel: Option<Box<Book>>,
            /// What it is about.
            ///
            /// Deprecated since 1.3.0, and gone in 2.0.0: use `about`.
            ///
            /// At most 100 characters.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[validate(max_length = 100)]
            pub blurb: Option<String>,
        }

        /// The payload of `add_book`.
        ///
        /// ```json
        /// {
        ///   "shelfId": "shelf-1",
        ///   "title": "Dune",
        ///   "moods": [
        ///     "calm"
        ///   ]
        /// }
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
        pub struct AddBook {
            /// A shelf.
            #[serde(rename = "shelfId")]
            pub shelf_id: ShelfId,
            /// A title.
            pub title: Title,
            /// `moods`.
            pub moods: Vec<Mood>,
            /// How many.
            ///
            /// At least 1.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[validate(minimum = 1)]
            pub pages: Option<i64>,
            /// Its number.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub isbn: Option<i64>,
            /// A note.
            ///
            /// At most 100 characters.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[validate(max_length = 100)]
            pub note: Option<String>,
            /// A book.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub after: Option<BookId>,
        }

        /// The payload of `lend_book`.
        ///
        /// ```json
        /// {
        ///   "id": 7
        /// }
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
        pub struct LendBook {
            /// A book.
            pub id: BookId,
        }

        /// The payload of `bell_rung`.
        ///
        /// ```json
        /// {
        ///   "by": "ann"
        /// }
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
        pub struct BellRung {
            /// Who.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub by: Option<String>,
        }

        /// The input of `get_book`.
        ///
        /// ```json
        /// {
        ///   "id": 7
        /// }
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
        pub struct GetBook {
            /// A book.
            pub id: BookId,
            /// How it reads.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub mood: Option<Mood>,
        }

        /// The input of `burn_book`.
        ///
        /// ```json
        /// {
        ///   "id": 7
        /// }
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
        pub struct BurnBook {
            /// A book.
            pub id: BookId,
        }
    }

    /// The kinds of rooms.
    pub mod scopes {
        use accord_runtime::Scope;

        /// A shelf.
        #[derive(Clone, Copy, Debug, Scope)]
        #[scope(name = "shelf", denied = super::errors::Denied)]
        pub struct Shelf;
    }

    /// The schema's declaration of each operation.
    pub mod specs {
        use accord_runtime::{OperationSpec, operation::Method};

        /// A book.
        pub static GET_BOOK: OperationSpec = OperationSpec {
            name: "get_book",
            method: Method::GET,
            path: "/books/{id}",
            auth: accord_runtime::Auth::User,
            limit: None,
            scopes: &[],
            rooms: &[],
            durable: false,
            parameters: &[
                accord_runtime::Parameter {
                    name: "id",
                    in_path: true,
                    kind: accord_runtime::ParameterKind::Number,
                },
                accord_runtime::Parameter {
                    name: "mood",
                    in_path: false,
                    kind: accord_runtime::ParameterKind::Text,
                },
            ],
            body: accord_runtime::Body::None,
            envelope: Some("data"),
            status: 200,
            failure: "Failed to get book",
        };

        /// A book less.
        pub static BURN_BOOK: OperationSpec = OperationSpec {
            name: "burn_book",
            method: Method::DELETE,
            path: "/books/{id}",
            auth: accord_runtime::Auth::User,
            limit: None,
            scopes: &[],
            rooms: &[],
            durable: false,
            parameters: &[
                accord_runtime::Parameter {
                    name: "id",
                    in_path: true,
                    kind: accord_runtime::ParameterKind::Number,
                },
            ],
            body: accord_runtime::Body::None,
            envelope: None,
            status: 204,
            failure: "Failed to burn book",
        };
    }

    /// Why `add_book` was not carried out.
    #[derive(Clone, Copy, Debug, Eq, PartialEq)]
    pub enum AddBookError {
        /// `other`: Failed
        Other,
        /// `invalid`: Not valid
        Invalid,
        /// `denied`: Not your shelf
        Denied,
        /// `full`: Shelf is full
        Full,
    }

    impl AddBookError {
        /// The specification of the error.
        pub fn spec(self) -> &'static accord_runtime::ErrorSpec {
            match self {
                AddBookError::Other => <errors::Other as accord_runtime::DeclaredError>::SPEC,
                AddBookError::Invalid => {
                    <errors::Invalid as accord_runtime::DeclaredError>::SPEC
                }
                AddBookError::Denied => {
                    <errors::Denied as accord_runtime::DeclaredError>::SPEC
                }
                AddBookError::Full => <errors::Full as accord_runtime::DeclaredError>::SPEC,
            }
        }
    }

    /// Why `dust_books` was not carried out.
    #[derive(Clone, Copy, Debug, Eq, PartialEq)]
    pub enum DustBooksError {
        /// `other`: Failed
        Other,
        /// `invalid`: Not valid
        Invalid,
        /// `full`: Shelf is full
        Full,
    }

    impl DustBooksError {
        /// The specification of the error.
        pub fn spec(self) -> &'static accord_runtime::ErrorSpec {
            match self {
                DustBooksError::Other => {
                    <errors::Other as accord_runtime::DeclaredError>::SPEC
                }
                DustBooksError::Invalid => {
                    <errors::Invalid as accord_runtime::DeclaredError>::SPEC
                }
                DustBooksError::Full => <errors::Full as accord_runtime::DeclaredError>::SPEC,
            }
        }
    }

    /// Values that the current version requires, and that cannot be derived from what clients of 1.4.0 send.
    pub trait Upgrade: Send + Sync + 'static {
        /// The `Mood` of 2.0.0 for `sad`, which 2.0.0 does not have.
        fn mood_sad(&self) -> super::Mood;

        /// `pages` of `AddBook` is always present in 2.0.0, but optional or `null` in 1.4.0: its value in that case.
        fn add_book_pages(&self, old: &AddBook) -> f64;

        /// `isbn` of `AddBook` in 2.0.0 cannot be converted from 1.4.0: their values differ.
        fn add_book_isbn(&self, old: &AddBook) -> String;

        /// `priority` of `AddBook` is required in 2.0.0, but does not exist in 1.4.0.
        fn add_book_priority(&self, old: &AddBook) -> i64;

        /// A `BookId` of 2.0.0 from a `BookId` of 1.4.0, whose values differ.
        fn book_id(&self, old: &BookId) -> super::BookId;

        /// Answers `dust_books`, which the current version does not have. No membership has been proven.
        fn dust_books(&self) -> Result<Mood, DustBooksError>;
    }

    /// Converts what clients of 1.4.0 send to the current version.
    pub mod upgrades {
        use super::{new, old};

        /// `Mood` of 2.0.0 from `Mood` of 1.4.0.
        pub fn mood<D: super::Upgrade>(decisions: &D, from: &old::Mood) -> new::Mood {
            match from {
                old::Mood::Calm => new::Mood::Calm,
                old::Mood::Tense => new::Mood::Tense,
                old::Mood::Sad => decisions.mood_sad(),
            }
        }

        /// `AddBook` of 2.0.0 from `AddBook` of 1.4.0.
        pub fn add_book<D: super::Upgrade>(decisions: &D, from: &old::AddBook) -> new::AddBook {
            new::AddBook {
                shelf_id: from.shelf_id.clone(),
                title: new::Title(from.title.0.clone()),
                moods: from.moods.iter().map(|item| mood(decisions, item)).collect(),
                kind: "volume".to_owned(),
                pages: match &from.pages {
                    Some(value) => *value as f64,
                    None => decisions.add_book_pages(from),
                },
                isbn: decisions.add_book_isbn(from),
                priority: decisions.add_book_priority(from),
                note: from.note.clone(),
                color: None,
                after: from.after.as_ref().map(|value| decisions.book_id(value)),
            }
        }

        /// `GiveBook` of 2.0.0 from `LendBook` of 1.4.0.
        pub fn lend_book_to_give_book<D: super::Upgrade>(
            decisions: &D,
            from: &old::LendBook,
        ) -> new::GiveBook {
            new::GiveBook {
                id: decisions.book_id(&from.id),
            }
        }

        /// `GetBook` of 2.0.0 from `GetBook` of 1.4.0.
        pub fn get_book<D: super::Upgrade>(decisions: &D, from: &old::GetBook) -> new::GetBook {
            new::GetBook {
                id: decisions.book_id(&from.id),
                mood: from.mood.as_ref().map(|value| mood(decisions, value)),
                deep: None,
            }
        }
    }

    /// Values that clients of 1.4.0 expect, and that cannot be derived from what the server sends.
    pub trait Downgrade: Send + Sync + 'static {
        /// A `BookId` of 1.4.0 from a `BookId` of 2.0.0, whose values differ.
        fn book_id(&self, new: &super::BookId) -> BookId;

        /// A `Title` of 1.4.0 from a `Title` of 2.0.0, whose values differ.
        fn title(&self, new: &super::Title) -> Title;

        /// The `Mood` of 1.4.0 for `funny`, which 1.4.0 does not have.
        fn mood_funny(&self) -> Mood;

        /// `pages` of `Book` is always present in 1.4.0, but optional or `null` in 2.0.0: its value in that case.
        fn book_pages(&self, new: &super::Book) -> f64;

        /// The error of `add_book` to answer with instead of `closed`, which it does not declare in 1.4.0.
        fn add_book_closed(&self) -> AddBookError;

        /// `lend_book_ack` in 1.4.0: 2.0.0 has no such value.
        fn lend_book_ack(&self) -> Title;
    }

    /// Converts what the server sends for clients of 1.4.0.
    pub mod downgrades {
        use super::{new, old};

        /// `Mood` of 1.4.0 from `Mood` of 2.0.0.
        pub fn mood<D: super::Downgrade>(decisions: &D, from: &new::Mood) -> old::Mood {
            match from {
                new::Mood::Calm => old::Mood::Calm,
                new::Mood::Tense => old::Mood::Tense,
                new::Mood::Funny => decisions.mood_funny(),
            }
        }

        /// `Place` of 1.4.0 from `Place` of 2.0.0.
        pub fn place<D: super::Downgrade>(_: &D, from: &new::Place) -> old::Place {
            old::Place { row: from.row }
        }

        /// `Book` of 1.4.0 from `Book` of 2.0.0.
        #[allow(
            clippy::only_used_in_recursion,
            reason = "all conversions have the same parameters"
        )]
        pub fn book<D: super::Downgrade>(decisions: &D, from: &new::Book) -> old::Book {
            old::Book {
                id: decisions.book_id(&from.id),
                title: decisions.title(&from.title),
                mood: mood(decisions, &from.mood),
                kind: "book".to_owned(),
                pages: match &from.pages {
                    Some(value) => *value as f64,
                    None => decisions.book_pages(from),
                },
                place: place(decisions, &from.place),
                tags: from.tags.iter().map(|item| decisions.title(item)).collect(),
                marks: from
                    .marks
                    .iter()
                    .map(|(key, value)| (key.clone(), mood(decisions, value)))
                    .collect(),
                owner: Some(from.owner.clone()),
                sequel: from.sequel.as_ref().map(|value| Box::new(book(decisions, value))),
                blurb: from.about.clone(),
            }
        }
    }

    /// The conversions by which the gateway serves clients of this version.
    pub fn older<D: Upgrade + Downgrade>(
        decisions: &std::sync::Arc<D>,
    ) -> accord_runtime::Older {
        accord_runtime::Older {
            protocol: &PROTOCOL,
            requests: [
                ("join_shelf", request_join_shelf()),
                ("add_book", request_add_book(decisions)),
                ("dust_books", request_dust_books(decisions)),
                ("lend_book", request_lend_book(decisions)),
                ("ring_bell", request_ring_bell(decisions)),
            ]
                .into(),
            events: [
                ("book_added", Some(event_book_added(decisions))),
                ("bell_heard", Some(event_bell_heard(decisions))),
                ("shelf_moved", None),
            ]
                .into(),
            operations: [("get_book", operation_get_book(decisions))].into(),
            failure: "Failed to begin",
            errors: [("auth", <errors::Auth as accord_runtime::DeclaredError>::SPEC)].into(),
        }
    }

    fn request_join_shelf() -> accord_runtime::OlderRequest {
        accord_runtime::OlderRequest {
            becomes: accord_runtime::Becomes::Event {
                name: "join_shelf",
                payload: None,
                ack: None,
            },
            failure: "Failed to join",
            named: &[],
            errors: [].into(),
        }
    }

    fn request_add_book<D: Upgrade + Downgrade>(
        decisions: &std::sync::Arc<D>,
    ) -> accord_runtime::OlderRequest {
        accord_runtime::OlderRequest {
            becomes: accord_runtime::Becomes::Event {
                name: "add_book",
                payload: Some(
                    accord_runtime::Upgraded::new(
                        decisions,
                        |decisions, from: &old::AddBook| upgrades::add_book(decisions, from),
                    ),
                ),
                ack: Some(
                    accord_runtime::Downgraded::new(
                        decisions,
                        |decisions, from: &new::Book| downgrades::book(decisions, from),
                    ),
                ),
            },
            failure: "Failed to add",
            named: &[],
            errors: [("closed", <D as Downgrade>::add_book_closed(decisions).spec())].into(),
        }
    }

    fn request_dust_books<D: Upgrade + Downgrade>(
        decisions: &std::sync::Arc<D>,
    ) -> accord_runtime::OlderRequest {
        accord_runtime::OlderRequest {
            becomes: accord_runtime::Becomes::Answer(
                accord_runtime::Answered::new(
                    decisions,
                    |decisions, _: &accord_runtime::NoPayload| {
                        Upgrade::dust_books(decisions).map_err(|error| error.spec())
                    },
                ),
            ),
            failure: "Failed to dust",
            named: &[],
            errors: [].into(),
        }
    }

    fn request_lend_book<D: Upgrade + Downgrade>(
        decisions: &std::sync::Arc<D>,
    ) -> accord_runtime::OlderRequest {
        accord_runtime::OlderRequest {
            becomes: accord_runtime::Becomes::Event {
                name: "give_book",
                payload: Some(
                    accord_runtime::Upgraded::new(
                        decisions,
                        |decisions, from: &old::LendBook| upgrades::lend_book_to_give_book(
                            decisions,
                            from,
                        ),
                    ),
                ),
                ack: Some(
                    accord_runtime::Downgraded::new(
                        decisions,
                        |decisions, _: &()| Downgrade::lend_book_ack(decisions),
                    ),
                ),
            },
            failure: "Failed to lend",
            named: &[],
            errors: [].into(),
        }
    }

    fn request_ring_bell<D: Upgrade + Downgrade>(
        decisions: &std::sync::Arc<D>,
    ) -> accord_runtime::OlderRequest {
        accord_runtime::OlderRequest {
            becomes: accord_runtime::Becomes::Event {
                name: "ring_bell",
                payload: Some(
                    accord_runtime::Upgraded::new(
                        decisions,
                        |_, _: &accord_runtime::NoPayload| new::RingBell { loud: None },
                    ),
                ),
                ack: None,
            },
            failure: "Failed to ring",
            named: &[],
            errors: [].into(),
        }
    }

    fn event_book_added<D: Upgrade + Downgrade>(
        decisions: &std::sync::Arc<D>,
    ) -> accord_runtime::OlderEvent {
        accord_runtime::OlderEvent {
            name: "book_added",
            data: Some(
                accord_runtime::Downgraded::new(
                    decisions,
                    |decisions, from: &new::Book| downgrades::book(decisions, from),
                ),
            ),
        }
    }

    fn event_bell_heard<D: Upgrade + Downgrade>(
        decisions: &std::sync::Arc<D>,
    ) -> accord_runtime::OlderEvent {
        accord_runtime::OlderEvent {
            name: "bell_rung",
            data: Some(
                accord_runtime::Downgraded::new(
                    decisions,
                    |_, _: &()| old::BellRung { by: None },
                ),
            ),
        }
    }

    fn operation_get_book<D: Upgrade + Downgrade>(
        decisions: &std::sync::Arc<D>,
    ) -> accord_runtime::OlderOperation {
        accord_runtime::OlderOperation {
            spec: &specs::GET_BOOK,
            input: Some(
                accord_runtime::Upgraded::new(
                    decisions,
                    |decisions, from: &old::GetBook| upgrades::get_book(decisions, from),
                ),
            ),
            answer: Some(
                accord_runtime::Downgraded::new(
                    decisions,
                    |decisions, from: &new::Book| downgrades::book(decisions, from),
                ),
            ),
            errors: [("auth", <errors::Auth as accord_runtime::DeclaredError>::SPEC)].into(),
        }
    }
}

/// All handlers of this protocol.
pub trait Handlers: Connection + Versions + Http + v1::Upgrade + v1::Downgrade {}

impl<H: Connection + Versions + Http + v1::Upgrade + v1::Downgrade> Handlers for H {}

/// The protocol with its business logic.
pub fn service<H: Handlers>(handlers: H) -> accord_runtime::Service {
    let handlers = std::sync::Arc::new(handlers);
    accord_runtime::Service {
        protocol: &PROTOCOL,
        lifecycle: bind_connection(&handlers),
        endpoints: [gateway(), bind_versions(&handlers), bind_http(&handlers)]
            .into_iter()
            .flatten()
            .collect(),
        older: Vec::from([v1::older(&handlers)]),
    }
}
