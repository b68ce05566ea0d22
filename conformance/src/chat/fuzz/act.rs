//! Acts, and random sequences of them.

use proptest::{collection, option, prelude::*};

/// The number of acts at the start of a sequence that join rooms, so that somebody sees the later ones.
const JOINS: usize = 6;
/// The maximum number of further acts: even a user who does all of them has to stay within the limits.
const LONGEST: usize = 30;

/// An action of an actor or an administrator. Numbers choose among what exists at that moment, so that an act stays
/// meaningful when earlier ones are left out.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Join {
        actor: u8,
        room: u8,
        since: Since,
        acknowledged: bool,
    },
    /// Joins all rooms again that an actor has lost, each from its last position.
    Rejoin {
        actor: u8,
    },
    Leave {
        actor: u8,
        room: u8,
    },
    Send {
        actor: u8,
        room: u8,
        parent: Option<u8>,
        acknowledged: bool,
        once: Once,
    },
    /// Sends or forwards a message again, as it was sent on another of the author's sockets; with `other`, with
    /// different content.
    Repeat {
        actor: u8,
        message: u8,
        other: bool,
    },
    /// An action on a message, by a user who may do it unless an `actor` is given. With `other_room`, the request names
    /// that room instead of the message's own.
    OnMessage {
        actor: Option<u8>,
        message: u8,
        action: MessageAction,
        other_room: Option<u8>,
        acknowledged: bool,
    },
    /// All members send at once.
    AllSend {
        room: u8,
    },
    Reconnect {
        actor: u8,
        abruptly: bool,
    },
    Admit {
        user: u8,
        room: u8,
    },
    Exclude {
        user: u8,
        room: u8,
    },
    Read {
        actor: u8,
        room: u8,
    },
}

/// The position that an actor joins from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Since {
    /// None.
    Now,
    /// The last one that it has reached.
    Last,
    /// An earlier one.
    Earlier(u8),
    /// One that the log has not reached.
    Ahead,
    /// One of another epoch.
    Elsewhere,
}

/// Whether a message has an id that the client chose.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Once {
    Without,
    With,
    /// The connection is cut at once, before the answer, and the message is sent again.
    Cut,
}

/// An action on a message.
#[derive(Clone, Copy, Debug)]
pub(super) enum MessageAction {
    Edit,
    Delete,
    /// With this emoji.
    React(u8),
    /// With this emoji.
    TakeBack(u8),
    /// To this channel; `true` if with an id that the client chose.
    Forward(u8, bool),
}

/// A sequence of acts, and the transport of each actor's packets.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    /// By actor; WebSocket for actors that are not listed.
    pub transports: Vec<u8>,
    pub acts: Vec<Act>,
}

/// Makes sequences.
pub(super) fn sequences(actors: usize) -> impl Strategy<Value = Sequence> {
    let transports = collection::vec(0..3_u8, actors);
    let acts = (collection::vec(join(), JOINS), collection::vec(act(), LONGEST / 2..=LONGEST));
    (transports, acts).prop_map(|(transports, (joins, acts))| Sequence { transports, acts: [joins, acts].concat() })
}

fn join() -> impl Strategy<Value = Act> {
    (0..12_u8, 0..12_u8, since(), any::<bool>()).prop_map(|(actor, room, since, acknowledged)| Act::Join {
        actor,
        room,
        since,
        acknowledged,
    })
}

fn since() -> impl Strategy<Value = Since> {
    prop_oneof![
        6 => Just(Since::Now),
        6 => Just(Since::Last),
        3 => (0..12_u8).prop_map(Since::Earlier),
        1 => Just(Since::Ahead),
        1 => Just(Since::Elsewhere),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let number = || 0..12_u8;
    let acknowledged = any::<bool>;
    let once = prop_oneof![4 => Just(Once::Without), 4 => Just(Once::With), 1 => Just(Once::Cut)];
    prop_oneof![
        4 => join(),
        6 => number().prop_map(|actor| Act::Rejoin { actor }),
        10 => (number(), number(), option::weighted(0.4, number()), acknowledged(), once)
            .prop_map(|(actor, room, parent, acknowledged, once)| Act::Send { actor, room, parent, acknowledged, once }),
        3 => (number(), number(), any::<bool>()).prop_map(|(actor, message, other)| Act::Repeat { actor, message, other }),
        20 => (option::weighted(0.4, number()), number(), message_action(), option::weighted(0.1, number()), acknowledged())
            .prop_map(|(actor, message, action, other_room, acknowledged)| Act::OnMessage { actor, message, action, other_room, acknowledged }),
        2 => number().prop_map(|room| Act::AllSend { room }),
        1 => (number(), number()).prop_map(|(actor, room)| Act::Leave { actor, room }),
        2 => (number(), number()).prop_map(|(actor, room)| Act::Read { actor, room }),
        5 => (number(), any::<bool>()).prop_map(|(actor, abruptly)| Act::Reconnect { actor, abruptly }),
        2 => (number(), number()).prop_map(|(user, room)| Act::Admit { user, room }),
        2 => (number(), number()).prop_map(|(user, room)| Act::Exclude { user, room }),
    ]
}

fn message_action() -> impl Strategy<Value = MessageAction> {
    let number = || 0..12_u8;
    prop_oneof![
        4 => Just(MessageAction::Edit),
        3 => Just(MessageAction::Delete),
        4 => number().prop_map(MessageAction::React),
        3 => number().prop_map(MessageAction::TakeBack),
        2 => (number(), any::<bool>()).prop_map(|(target, once)| MessageAction::Forward(target, once)),
    ]
}
