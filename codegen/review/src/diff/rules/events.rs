//! Events, and what they lead to.

use super::table;

table! {
    DOMAIN_ADDED = "domain-added" [never never never]
        "A file of events is new."
        "Other findings report what its contents break."
        "Nothing.";
    DOMAIN_REMOVED = "domain-removed" [never never never]
        "A file of events is no longer there."
        "Other findings report what removing its contents breaks."
        "Nothing, if its events have moved to another file.";
    CLIENT_EVENT_ADDED = "client-event-added" [never never sometimes]
        "Clients can send a new event."
        "Clients in the field do not send it. The compiler asks for a handler, unless the gateway carries out the \
         event itself (`room`, `renews`)."
        "Nothing.";
    CLIENT_EVENT_REMOVED = "client-event-removed" [always always sometimes]
        "Clients can no longer send an event."
        "Clients in the field that do get the error for unknown events. Its handler, if it had one, no longer belongs \
         to a trait."
        "Mark the event as `deprecated`, and let its handler do the closest equivalent.";
    SERVER_EVENT_ADDED = "server-event-added" [never never never]
        "The server has a new event."
        "Clients ignore events that they do not know."
        "Nothing.";
    SERVER_EVENT_REMOVED = "server-event-removed" [sometimes always never]
        "The server no longer has an event."
        "Clients no longer get it, if anything led to it. TypeScript that listens for it does not compile."
        "Mark the event as `deprecated`, and keep emitting it alongside its replacement.";
    EVENT_DOMAIN = "event-domain" [never never sometimes]
        "An event is in another file."
        "Clients do not see files. The compiler asks to move the handler from one trait to another. The first file of a \
         schema counts as the same, whatever its name."
        "Nothing, or leave the event where it is.";
    MEMBERSHIP_ADDED = "membership-added" [always never always]
        "An event or operation asks for a membership that it did not ask for."
        "Clients that used it without being members are refused. Handlers get a proof of membership that they did not \
         get before."
        "Add an event or operation with the scope alongside this one.";
    MEMBERSHIP_REMOVED = "membership-removed" [never never always]
        "An event or operation no longer asks for membership."
        "More is allowed than before. Handlers no longer get the proof of membership: make sure that nothing depends \
         on the check."
        "Nothing, if everybody should be able to use it.";
    MEMBERSHIP_CHANGED = "membership-changed" [sometimes never always]
        "An event or operation asks for membership of another kind of room."
        "Clients that are members of the old room and not of the new one are refused, unless the scope has only been \
         renamed. Handlers get a proof of another type."
        "Add an event or operation with the other scope alongside this one.";
    ALSO_ADDED = "also-added" [always never always]
        "An event asks for one more membership."
        "Clients that are not members of that room are refused. Handlers get one more proof."
        "Add an event that asks for both alongside this one.";
    ALSO_REMOVED = "also-removed" [never never always]
        "An event asks for one fewer membership."
        "More is allowed than before. Handlers no longer get this proof: make sure that nothing depends on the check."
        "Nothing, if everybody should be able to use it.";
    ALSO_SCOPE = "also-scope" [sometimes never always]
        "An event also asks for membership of another kind of room."
        "Clients that are members of the old room and not of the new one are refused, unless the scope has only been \
         renamed. Handlers get a proof of another type."
        "Add an event with the other scope alongside this one.";
    ROOM_ACTION = "room-action" [sometimes never sometimes]
        "The gateway does something different with an event's room."
        "A client relies on having joined or left the room afterwards: it misses events, or gets unwanted ones. An \
         event that starts to join the room only adds events. A handler is added or removed when the gateway starts \
         or stops carrying out the event itself."
        "Add an event for the other action.";
    RENEWAL = "renewal" [sometimes never sometimes]
        "An event starts or stops renewing the connection, or does so with another field."
        "A client relies on its connection outliving its first token. If the event did not renew the connection \
         before, no client relies on it. A handler is added or removed when the gateway starts or stops carrying out \
         the event itself."
        "Add an event for it, and keep renewing with the existing one.";
    IDEMPOTENCY = "idempotency" [sometimes never never]
        "An event that is sent again takes effect once, or no longer does, or another field identifies a repetition."
        "Clients that send again what was not answered, with the same id in the old field, do it twice. If repetitions \
         were not known before, no client relies on it."
        "Keep the field, and what it does.";
    DURABILITY = "durability" [sometimes sometimes sometimes]
        "The log of its room keeps an event, or no longer does."
        "If it is no longer kept, clients that were away never receive it, and find no `seq` in it or in the \
         acknowledgement of what caused it. If it is kept from now on, clients ignore the `seq` that it gains. Handlers \
         that emit it have another reply. A mark that changes nothing of this breaks nobody."
        "Keep the event durable, and add a volatile one for what need not be kept.";
    EVICTION = "eviction" [sometimes never never]
        "Other users leave the room before an event, or nobody does."
        "The sockets of those who leave no longer get the event, nor any later one of the room. If nobody leaves any \
         more, everyone who has joined gets it."
        "Tell those users by another event, before this one.";
    ANYTIME = "anytime" [sometimes never sometimes]
        "An event may come at any time, without a call, or no longer does, or comes to others."
        "Clients that counted on it wait in vain, and server code that sends it does not compile. If it only followed \
         calls before, nobody misses anything."
        "Keep it, and send another event to the others.";
    EVENT_LIMIT = "event-limit" [sometimes never never]
        "An event draws on another limit."
        "Clients that kept to the old limit exceed the new one if it is tighter, or is shared with more events."
        "Move it to a limit that is as loose, or to a limit of its own.";
    PAYLOAD_ADDED = "payload-added" [sometimes sometimes always]
        "An event has gained a payload."
        "Clients in the field send no payload, and are refused if it is required. They ignore a new payload of a \
         server event. Handlers take or return one more value."
        "For a client event, add another event.";
    PAYLOAD_REMOVED = "payload-removed" [always always always]
        "An event has lost its payload."
        "Clients miss what the server no longer sends; what they send is ignored and has no effect."
        "Mark the event as `deprecated`, and add another one without a payload.";
    BROADCAST_SCOPE = "broadcast-scope" [sometimes never never]
        "A server event goes to other rooms."
        "Clients in the old rooms no longer get it, unless it only ever went to the caller, or the scope has only \
         been renamed."
        "Add another event for the other rooms.";
    EMIT_ADDED = "emit-added" [never never always]
        "An event or operation leads to one more event."
        "Clients ignore unknown events, and can handle known ones. A handler returns one more value."
        "Nothing.";
    EMIT_REMOVED = "emit-removed" [always never always]
        "An event or operation no longer leads to an event."
        "Clients no longer get the event, and show outdated state. A handler returns one fewer value."
        "Keep emitting the event alongside its replacement.";
    EMIT_TARGET = "emit-target" [always never never]
        "An event goes to other receivers."
        "Clients that no longer get the event wait for it in vain. Those that did not get it take it for what it has \
         meant to them so far: a caller, for somebody else's action, which it applies twice; the other sockets of a \
         user, and the others in a room, for an answer to what they have not asked."
        "Emit another event to the further receivers: clients in the field ignore an event that they do not know.";
    EMIT_OPTIONAL = "emit-optional" [sometimes never always]
        "An event that always followed may be left out, or the other way round."
        "Clients wait in vain for an event that is left out. A handler returns an `Option`, or no longer does."
        "Keep it required, and emit another event in the new cases.";
    ACK_ADDED = "ack-added" [never always sometimes]
        "An acknowledgement has gained data."
        "Clients in the field do not read an empty acknowledgement. In TypeScript it has another type. A handler \
         returns the data, unless it is that of an event."
        "Nothing.";
    ACK_REMOVED = "ack-removed" [always always sometimes]
        "An acknowledgement has lost its data."
        "Clients that read it find `null`. A handler that returned it no longer does."
        "Keep acknowledging with the old data.";
    ACK_NUMBER = "ack-number" [sometimes sometimes never]
        "An acknowledgement has gained or lost the number of what the event led to in the log of a room."
        "Clients that read `seq` find nothing if it is gone, and TypeScript that reads it does not compile. If it is new, \
         clients ignore it."
        "Keep emitting what the log keeps.";
    ACK_SOURCE = "ack-source" [never never sometimes]
        "An acknowledgement is the same as another event, or has a type of its own."
        "Other findings report how the values differ. A handler returns a value of its own for it, or no longer does."
        "Nothing.";
}
