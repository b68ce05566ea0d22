//! The receivers of events.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "several-receivers",
        what: "One receiver of an event is written by two keys.",
        reason: "Each of `to`, `user` and `room` says by itself who receives the event.",
        remedy: "keep one of them, or list the receivers",
        example: include_str!("../examples/several-receivers.yaml"),
    },
    Explained {
        id: "overlapping-receivers",
        what: "Some receivers of an event are named twice.",
        reason: "They would receive it twice, and take it for two events.",
        remedy: "leave out the receivers that the others contain",
        example: include_str!("../examples/overlapping-receivers.yaml"),
    },
    Explained {
        id: "user-key",
        what: "A payload does not name the user who receives an event.",
        reason: "The gateway finds the user's sockets by this field.",
        remedy: "add the field to the payload, required, as a string",
        example: include_str!("../examples/user-key.yaml"),
    },
    Explained {
        id: "unproven-room",
        what: "An event that clients send is emitted to a room without proof of membership.",
        reason: "Anybody could disturb any room. Operations may do so, for administrators.",
        remedy: "prove the membership with `also`",
        example: include_str!("../examples/unproven-room.yaml"),
    },
    Explained {
        id: "operation-emits",
        what: "An operation leads to events that it cannot lead to.",
        reason: "A GET changes nothing that others could receive, and an answer in bytes has no place for events.",
        remedy: "use another method, or answer with JSON or nothing",
        example: include_str!("../examples/operation-emits.yaml"),
    },
];
