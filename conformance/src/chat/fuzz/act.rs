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

/// An action on a message.
#[derive(Clone, Copy, Debug)]
pub(super) enum MessageAction {
    Edit,
    Delete,
    /// With this emoji.
    React(u8),
    /// With this emoji.
    TakeBack(u8),
    /// To this channel.
    Forward(u8),
}

/// A sequence of acts, and what carries each actor's packets.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    /// By actor; WebSocket for those that are not there.
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
    (0..12_u8, 0..12_u8).prop_map(|(actor, room)| Act::Join { actor, room })
}

fn act() -> impl Strategy<Value = Act> {
    let number = || 0..12_u8;
    let acknowledged = any::<bool>;
    prop_oneof![
        4 => join(),
        10 => (number(), number(), option::weighted(0.4, number()), acknowledged())
            .prop_map(|(actor, room, parent, acknowledged)| Act::Send { actor, room, parent, acknowledged }),
        20 => (option::weighted(0.4, number()), number(), message_action(), option::weighted(0.1, number()), acknowledged())
            .prop_map(|(actor, message, action, other_room, acknowledged)| Act::OnMessage { actor, message, action, other_room, acknowledged }),
        2 => number().prop_map(|room| Act::AllSend { room }),
        2 => (number(), number()).prop_map(|(actor, room)| Act::Leave { actor, room }),
        2 => (number(), number()).prop_map(|(actor, room)| Act::Read { actor, room }),
        1 => (number(), any::<bool>()).prop_map(|(actor, abruptly)| Act::Reconnect { actor, abruptly }),
        1 => (number(), number()).prop_map(|(user, room)| Act::Admit { user, room }),
        1 => (number(), number()).prop_map(|(user, room)| Act::Exclude { user, room }),
    ]
}

fn message_action() -> impl Strategy<Value = MessageAction> {
    let number = || 0..12_u8;
    prop_oneof![
        4 => Just(MessageAction::Edit),
        3 => Just(MessageAction::Delete),
        4 => number().prop_map(MessageAction::React),
        3 => number().prop_map(MessageAction::TakeBack),
        2 => number().prop_map(MessageAction::Forward),
    ]
}
