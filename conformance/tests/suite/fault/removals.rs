//! Entries shown to removed members, deleted content in replays, and changes of membership without events.

use super::{Fault, fault, pass};
use crate::{
    packet::Packet,
    proxy::{Break, Delivery, Memory, Told, room_of},
};

pub fn faults() -> Vec<Fault> {
    [members(), deleted(), hints()].into_iter().flatten().collect()
}

/// Entries that are shown to users whose membership they have ended.
fn members() -> Vec<Fault> {
    vec![
        fault("a removed member is shown the removal", "rooms/membership_ends[channel]", SHOWN_REMOVAL)
            .says("shown to the user whose membership it ends"),
        fault("a removed member is shown what follows", "rooms/membership_ends[channel]", SHOWN_REST)
            .says("shown to a user whose membership ended"),
        fault("at random, a removed member is shown what follows", "fuzz/", SHOWN_REST),
    ]
}

/// A packet for a connection, and a copy for those of the users that it is `also` shown to.
fn leaked(memory: &Memory, to: u64, packet: Packet, also: impl Fn(u64, &Packet) -> bool) -> Vec<Delivery> {
    let others = memory.seats.keys().filter(|other| **other != to && also(**other, &packet));
    let leaked: Vec<Delivery> = others.map(|other| Delivery::Client(*other, packet.clone())).collect();
    leaked.into_iter().chain(pass(to, packet)).collect()
}

fn is_removal(packet: &Packet) -> bool {
    matches!(packet, Packet::Event { name, .. } if name.ends_with("member_removed"))
}

const SHOWN_REMOVAL: Break = log!(|memory, to, told, packet| match told {
    Told::Live(_) if is_removal(&packet) => leaked(memory, to, packet, |other, packet| {
        let Packet::Event { data, .. } = packet else { return false };
        let (seat, room) = (&memory.seats[&other], room_of(data).unwrap_or_default());
        data["userId"] == seat.user.as_str() && (seat.rooms.contains(room) || seat.removed.contains(room))
    }),
    _ => pass(to, packet),
});

const SHOWN_REST: Break = log!(|memory, to, told, packet| match told {
    Told::Live(_) if !is_removal(&packet) => leaked(memory, to, packet, |other, packet| {
        let Packet::Event { data, .. } = packet else { return false };
        room_of(data).is_some_and(|room| memory.seats[&other].removed.contains(room))
    }),
    _ => pass(to, packet),
});

/// Replays that show what has been deleted.
fn deleted() -> Vec<Fault> {
    vec![
        fault("a replay shows a deleted message", DELETED, SHOWN_MESSAGE)
            .says("The reply does not show the deleted message"),
        fault("a reply in a replay shows what it replies to, which was deleted", DELETED, SHOWN_PARENT)
            .says("The reply does not show the deleted message"),
        fault("a deletion is left out of a replay", DELETED, {
            log!(|_, to, told, packet| match (&packet, told) {
                (Packet::Event { name, .. }, Told::Replayed(_)) if name == "message_deleted" => Vec::new(),
                _ => pass(to, packet),
            })
        })
        .says("expected `message_deleted`"),
        fault(
            "a forward in a replay shows the original, which was deleted",
            "catching_up/forwarded_while_away",
            told!(Told::Replayed(_), |data| if data["originalMessage"]["content"] == "" {
                data["originalMessage"]["content"] = data["message"]["content"].clone();
            }),
        )
        .says("The deleted message is not shown"),
    ]
}

const DELETED: &str = "catching_up/deleted_while_away[channel]";

/// The first entry of a replay comes after one that was left out: a message, before its edit and a reaction to it.
const SHOWN_MESSAGE: Break = log!(|memory, to, told, packet| {
    let left_out = match &packet {
        Packet::Event { data, .. } if told == Told::Replayed(1) => {
            let (room, seq) = (room_of(data).unwrap_or_default(), data["seq"].as_u64().unwrap_or_default());
            memory.entries.get(&(room.to_owned(), seq.saturating_sub(3))).cloned()
        }
        _ => None,
    };
    left_out.into_iter().chain([packet]).map(|packet| Delivery::Client(to, packet)).collect()
});

const SHOWN_PARENT: Break = log!(|memory, to, told, mut packet| {
    if let (Told::Replayed(_), Packet::Event { data, .. }) = (told, &mut packet)
        && data["replyTo"].is_null()
        && let Some(parent) = memory.message(&data["replyToId"])
    {
        data["replyTo"] = parent;
    }
    pass(to, packet)
});

/// Changes of membership that reach no member, or all users.
fn hints() -> Vec<Fault> {
    let changes = "catching_up/membership_changes[channel, websocket]";
    let direct = "catching_up/membership_changes[conversation, websocket]";
    vec![
        fault("members do not hear of new ones", changes, drop_event!("member_added")).says("`member_added`"),
        fault("participants do not hear of former ones", direct, drop_event!("direct_member_removed"))
            .says("`direct_member_removed`"),
        fault("new members do not hear of their channel", changes, drop_event!("channel_added"))
            .says("`channel_added`"),
        fault("former participants do not hear of their conversation", direct, drop_event!("conversation_removed"))
            .says("`conversation_removed`"),
        fault("everybody hears of a new member's channel", changes, Break::Leak("channel_added")),
        fault(
            "members do not hear of a change of many",
            "catching_up/many_members_at_once",
            drop_event!("members_changed"),
        )
        .says("`members_changed`"),
    ]
}
