//! Rooms, events and what follows from them.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "missing-scope",
        what: "Something has to do with a room, and there is no scope.",
        reason: "The gateway cannot know which room is meant, nor prove that the caller belongs to it.",
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
        reason: "Sockets in that room are not told of this event by their types, and may not be entitled to it.",
        remedy: "send it to a room of its scope",
        example: include_str!("../examples/scope-mismatch.yaml"),
    },
    Explained {
        id: "unknown-target",
        what: "An event is sent to nobody that there is.",
        reason: "The gateway knows the caller, rooms and users, and nobody else.",
        remedy: "send it to `caller`, `scope`, `others`, `user`, or a key under `also`; as sockets come and go, to `user` or a scope",
        example: include_str!("../examples/unknown-target.yaml"),
    },
    Explained {
        id: "room-event",
        what: "An event that joins or leaves a room asks for more than the gateway can do.",
        reason: "No handler runs for it: the gateway joins the room, and tells the caller which one.",
        remedy: "let it emit one event to `caller`, whose payload is the key alone",
        example: include_str!("../examples/room-event.yaml"),
    },
    Explained {
        id: "unknown-ack",
        what: "An acknowledgement is said to be like an event that this one does not lead to.",
        reason: "There would be no value to answer with.",
        remedy: "name one of the events under `emits`, or give a type",
        example: include_str!("../examples/unknown-ack.yaml"),
    },
    Explained {
        id: "invalid-ack",
        what: "An acknowledgement is said to be like an event that need not happen, or carries nothing.",
        reason: "There might be no value to answer with.",
        remedy: "give a type, or let the event always be emitted",
        example: include_str!("../examples/invalid-ack.yaml"),
    },
];
