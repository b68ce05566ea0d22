//! Rooms, events and their consequences.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "missing-scope",
        what: "An event or operation refers to a room, but has no scope.",
        reason: "The gateway cannot know which room is meant, nor prove that the caller is a member of it.",
        remedy: "add `scope`",
        example: include_str!("../examples/missing-scope.yaml"),
    },
    Explained {
        id: "scope-key",
        what: "A payload does not name the room that its scope asks for.",
        reason: "Membership is proven before the handler runs, by this field.",
        remedy: "add the scope's key to the payload, required, as a string",
        example: include_str!("../examples/scope-key.yaml"),
    },
    Explained {
        id: "scope-mismatch",
        what: "An event is sent to a room of another scope than its own.",
        reason: "The clients in that room do not expect this event, and may not be entitled to it.",
        remedy: "send it to a room of its scope",
        example: include_str!("../examples/scope-mismatch.yaml"),
    },
    Explained {
        id: "unknown-target",
        what: "An event is sent to an unknown receiver.",
        reason: "The gateway only knows the caller, rooms and users.",
        remedy: "send it to `caller`, `scope`, `others`, `user`, a key under `also`, or `{ user: KEY }`; as sockets \
                 come and go, to `user` or a scope",
        example: include_str!("../examples/unknown-target.yaml"),
    },
    Explained {
        id: "room-event",
        what: "An event that joins or leaves a room asks for more than the gateway can do.",
        reason: "No handler runs for it: the gateway joins or leaves the room, and tells the caller which one.",
        remedy: "let it emit one event to `caller`, whose payload is the key alone",
        example: include_str!("../examples/room-event.yaml"),
    },
    Explained {
        id: "renewal-event",
        what: "An event that renews the connection asks for more than the gateway can do.",
        reason: "No handler runs for it: the gateway verifies the token, and answers with its user and expiry.",
        remedy: "make the token a required string of its payload, and acknowledge with `userId` and `expiresAt`",
        example: include_str!("../examples/renewal-event.yaml"),
    },
    Explained {
        id: "unknown-ack",
        what: "An acknowledgement refers to an event that this one does not lead to.",
        reason: "There would be no value to answer with.",
        remedy: "name one of the events under `emits`, or give a type",
        example: include_str!("../examples/unknown-ack.yaml"),
    },
    Explained {
        id: "invalid-ack",
        what: "An acknowledgement refers to an event that is optional, or has no payload.",
        reason: "There might be no value to answer with.",
        remedy: "give a type, or make the event non-optional",
        example: include_str!("../examples/invalid-ack.yaml"),
    },
];
