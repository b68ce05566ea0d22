//! Events, and what they lead to.

use super::table;

table! {
    DOMAIN_ADDED = "domain-added" [never never never]
        "A file of events is new."
        "What it has in it says for itself what it breaks."
        "Nothing.";
    DOMAIN_REMOVED = "domain-removed" [never never never]
        "A file of events is no longer there."
        "What it had in it says for itself what that breaks."
        "Nothing, where its events have moved to another file.";
    CLIENT_EVENT_ADDED = "client-event-added" [never never sometimes]
        "Clients can send a new event."
        "Clients in the field do not send it. A handler is to be written, which the compiler asks for, unless the gateway does the event by itself (`room`)."
        "Nothing.";
    CLIENT_EVENT_REMOVED = "client-event-removed" [always always sometimes]
        "Clients can no longer send an event."
        "Clients in the field that do are answered that it is unknown. Its handler has no place any more, where there was one."
        "Mark the event as `deprecated`, and let its handler do what is nearest to it.";
    SERVER_EVENT_ADDED = "server-event-added" [never never never]
        "The server has a new event."
        "Clients ignore events that they do not know."
        "Nothing.";
    SERVER_EVENT_REMOVED = "server-event-removed" [sometimes always never]
        "The server no longer has an event."
        "Clients wait for it in vain, if anything led to it. TypeScript that listens for it does not compile."
        "Mark the event as `deprecated`, and go on emitting it beside what takes its place.";
    EVENT_DOMAIN = "event-domain" [never never sometimes]
        "An event is in another file."
        "Clients do not see files. A handler moves from one trait to another, which the compiler asks for."
        "Nothing, or leave the event where it is.";
    MEMBERSHIP_ADDED = "membership-added" [always never always]
        "Something asks for a membership that it did not ask for."
        "Clients that could do it without being members are refused. Handlers get a proof that they did not get."
        "Add an event or operation with the scope, beside this one.";
    MEMBERSHIP_REMOVED = "membership-removed" [never never always]
        "Something does not ask for membership any more."
        "More is allowed than before. Handlers do not get the proof of membership that they got: make sure that nobody depends on the check."
        "Nothing, if everybody is meant to be able to do it.";
    MEMBERSHIP_CHANGED = "membership-changed" [sometimes never always]
        "Something asks for membership of another kind of room."
        "Clients that are members of the old room and not of the new one are refused, unless the scope has only been renamed. Handlers get a proof of another type."
        "Add an event or operation with the other scope, beside this one.";
    ALSO_ADDED = "also-added" [always never always]
        "An event asks for one more membership."
        "Clients that are not members of that room are refused. Handlers get one more proof."
        "Add an event that asks for both, beside this one.";
    ALSO_REMOVED = "also-removed" [never never always]
        "An event asks for one membership fewer."
        "More is allowed than before. Handlers do not get the proof that they got: make sure that nobody depends on the check."
        "Nothing, if everybody is meant to be able to do it.";
    ALSO_SCOPE = "also-scope" [sometimes never always]
        "An event also asks for membership of another kind of room."
        "Clients that are members of the old room and not of the new one are refused, unless the scope has only been renamed. Handlers get a proof of another type."
        "Add an event with the other scope, beside this one.";
    ROOM_ACTION = "room-action" [sometimes never sometimes]
        "The gateway does something else with the room of an event."
        "A client counts on having joined or left the room afterwards: it misses events, or gets some that it does not want. Joining where nothing was done only adds events. A handler comes or goes where the gateway did nothing or does nothing."
        "Add an event for the other action.";
    EVENT_LIMIT = "event-limit" [sometimes never never]
        "An event draws on another limit."
        "Clients that kept to the old limit run into the new one where it is tighter, or is shared with events that the old one was not shared with."
        "Move it to a limit that is as loose, or to one of its own.";
    PAYLOAD_ADDED = "payload-added" [sometimes sometimes always]
        "An event that carried nothing carries something."
        "Clients in the field send nothing, which is refused where there has to be something. What the server sends beyond what it did is ignored. Handlers take or give one value more."
        "For what clients send, add another event.";
    PAYLOAD_REMOVED = "payload-removed" [always always always]
        "An event that carried something carries nothing."
        "Clients miss what the server does not send any more; what they send is not looked at, so it does not happen."
        "Mark the event as `deprecated`, and add another one without a payload.";
    BROADCAST_SCOPE = "broadcast-scope" [sometimes never never]
        "A server event goes to other rooms."
        "Clients in the rooms that it went to do not get it any more, unless it only ever went to the caller, or the scope has only been renamed."
        "Add another event for the other rooms.";
    EMIT_ADDED = "emit-added" [never never always]
        "Something leads to one more event."
        "Clients ignore events that they do not know, and know how to take those that they do. A handler gives one value more."
        "Nothing.";
    EMIT_REMOVED = "emit-removed" [always never always]
        "Something no longer leads to an event."
        "Clients wait for the event in vain, and show what is no longer so. A handler gives one value fewer."
        "Go on emitting the event beside what takes its place.";
    EMIT_TARGET = "emit-target" [sometimes never never]
        "An event goes to others."
        "Who got the event and does not get it any more waits in vain; a caller who was left out takes it for the doing of somebody else, and does it twice. All sockets of the user instead of the caller's one are no harm."
        "Emit another event to the others.";
    EMIT_OPTIONAL = "emit-optional" [sometimes never always]
        "Whether an event always follows is another."
        "Clients that wait for it wait in vain where it may be left out. A handler gives an `Option`, or no longer does."
        "Keep it required, and emit another event in the cases that are new.";
    ACK_ADDED = "ack-added" [never always sometimes]
        "An acknowledgement that said nothing says something."
        "Nobody in the field looks into an empty acknowledgement. In TypeScript it has another type. A handler gives it, where it is not that of an event."
        "Nothing.";
    ACK_REMOVED = "ack-removed" [always always sometimes]
        "An acknowledgement says nothing any more."
        "Clients that read it find `null`. A handler does not give it any more, where it did."
        "Go on acknowledging what was acknowledged.";
    ACK_SOURCE = "ack-source" [never never sometimes]
        "An acknowledgement says what something else does."
        "What the values are is compared by itself: other findings say where they differ. A handler gives a value of its own for it, or does not any more."
        "Nothing.";
}
