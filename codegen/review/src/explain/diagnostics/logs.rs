//! The logs of rooms, and the events that they keep.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "invalid-duration",
        what: "A duration is malformed.",
        reason: "A duration is a whole number above 0 and one of `s`, `m`, `h` and `d`.",
        remedy: "write it as `30s`, `10m`, `12h` or `7d`",
        example: include_str!("../examples/invalid-duration.yaml"),
    },
    Explained {
        id: "log-kept",
        what: "A log's `keep` is shorter than its `floor`.",
        reason: "`floor` is the minimum time for every entry, so a shorter `keep` would have no effect.",
        remedy: "make `keep` at least as long as `floor`",
        example: include_str!("../examples/log-kept.yaml"),
    },
    Explained {
        id: "log-position",
        what: "The type of positions in a log is not as the gateway makes them.",
        reason: "A position is the log's epoch and the number of an entry, and nothing else.",
        remedy: "make it an object of `epoch`, a string, and `seq`, an integer with `minimum: 0`, both required",
        example: include_str!("../examples/log-position.yaml"),
    },
    Explained {
        id: "log-caught-up",
        what: "An event cannot end the replays of a log.",
        reason: "The gateway emits it to the socket that catches up, with the room and the position that was reached.",
        remedy: "make it an event without a scope that nothing leads to, with the scope's key and `position`, both \
                 required",
        example: include_str!("../examples/log-caught-up.yaml"),
    },
    Explained {
        id: "log-join",
        what: "An event that joins rooms with a log does not take or return a position.",
        reason: "Clients state the entry after which they want the log, and the answer has the entry after which \
                 events are new.",
        remedy: "add an optional `since` to its payload, and a required `position` to what answers it, both of the \
                 log's type",
        example: include_str!("../examples/log-join.yaml"),
    },
    Explained {
        id: "durable-event",
        what: "An entry of a log cannot be given its number everywhere.",
        reason: "Everybody who receives an entry receives its number in the room's log, `seq`, which the gateway adds \
                 to its payload and to the acknowledgement.",
        remedy: "emit it to whole rooms alone, as an object without a `seq` of its own, or make it `volatile`",
        example: include_str!("../examples/durable-event.yaml"),
    },
    Explained {
        id: "volatile-event",
        what: "An event is `volatile` where no log would keep it.",
        reason: "Only rooms of scopes with a log keep events.",
        remedy: "leave `volatile` out",
        example: include_str!("../examples/volatile-event.yaml"),
    },
    Explained {
        id: "evicting-event",
        what: "An event that is not an entry of a log, or does not name a user, ends memberships.",
        reason: "Sockets leave a room before they would receive an entry of its log; without a log, there is no such \
                 order.",
        remedy: "make it an entry, and name the payload's field with the user's id, or `former_members`",
        example: include_str!("../examples/evicting-event.yaml"),
    },
    Explained {
        id: "anytime-event",
        what: "An event without a scope may be emitted to a room at any time.",
        reason: "Nobody could say which kind of room is meant.",
        remedy: "add `scope` to the event, or emit it to a user",
        example: include_str!("../examples/anytime-event.yaml"),
    },
    Explained {
        id: "idempotent-event",
        what: "Repetitions of an event cannot be known, or cannot be answered like the first.",
        reason: "A repetition is known by an id of the client's, and found by the entry that the first one led to.",
        remedy: "emit an entry of a log, and name an optional string of the payload that has a `maxLength`",
        example: include_str!("../examples/idempotent-event.yaml"),
    },
];
