//! Differences of the protocol, documentation, scopes, limits and the gateway.

use super::table;

table! {
    PROTOCOL_NAME = "protocol-name" [always always never]
        "The protocol has another name."
        "Clients know a protocol by its name and take this for another one, and the npm package is named after it."
        "Keep the name, or start a separate protocol alongside this one.";
    PROTOCOL_VERSION = "protocol-version" [sometimes never never]
        "The protocol has another version."
        "A higher version breaks nothing. Clients that ask for at least the version they know are refused by a lower \
         one."
        "Raise the version according to Semantic Versioning and the other findings.";
    SERVED_VERSIONS = "served-versions" [sometimes never sometimes]
        "The list of older versions that are served has changed."
        "Clients of a major version that is no longer served are refused when they connect. Serving another major \
         version, or a later release of one, may need decisions in the handlers."
        "Serve a major version for as long as it has clients.";
    LICENSE = "license" [never never never]
        "The licence of the protocol's description has changed."
        "Neither messages nor code change."
        "Tell those who publish the description.";
    SUMMARY = "summary" [never never never]
        "A summary has changed."
        "Summaries are for people: neither messages nor code change."
        "Nothing, unless the meaning has changed as well: then express it in the schema in a way that can be checked.";
    DESCRIPTION = "description" [never never never]
        "A description has changed."
        "Descriptions are for people: neither messages nor code change."
        "Nothing, unless the meaning has changed as well: then express it in the schema in a way that can be checked.";
    SINCE = "since" [never never never]
        "A `since` has changed."
        "It is for people: neither messages nor code change."
        "Leave `since` as it was when the thing was released.";
    DEPRECATION_ADDED = "deprecation-added" [never never never]
        "Something has been deprecated."
        "It still works; editors strike it through, and compilers may warn."
        "Say what to use instead by `use`, and by `until` how long it works.";
    DEPRECATION_REMOVED = "deprecation-removed" [never never never]
        "Something is no longer deprecated."
        "It works as it did."
        "Nothing.";
    DEPRECATION_CHANGED = "deprecation-changed" [never never never]
        "A deprecation notice has changed."
        "It works as it did."
        "Move `until` to a later version only.";
    EXAMPLE = "example" [never never never]
        "An example has changed."
        "Examples are for people, documentation and mocks: neither messages nor code change."
        "Nothing.";
    FLOWS = "flows" [never never never]
        "The documentation shows flows from another folder."
        "Flows are for people and tests: neither messages nor code change."
        "Nothing.";
    SCOPE_ADDED = "scope-added" [never never never]
        "A scope is new."
        "Nothing asks for its memberships yet, unless another finding says so."
        "Nothing.";
    SCOPE_REMOVED = "scope-removed" [never never always]
        "A scope is no longer there."
        "Handlers that name its type do not compile. Clients do not see scopes; other findings report what happens to \
         the events that had it."
        "Keep the scope while events use it.";
    ROOM_KEY = "room-key" [sometimes never never]
        "A scope's room is named by another field of payloads."
        "The server does not look for the room where clients in the field name it, if any event or operation has the \
         scope."
        "Add a scope with the other key, with events of its own, alongside the old ones.";
    SCOPE_DENIED = "scope-denied" [sometimes never never]
        "Callers who are not members of the room get another error."
        "Clients that look for the old code or message do not find it. Clients do not notice if the new error says \
         the same, or if no event has the scope."
        "Keep the error's code and message.";
    LOG_ADDED = "log-added" [never never always]
        "The rooms of a scope have gained a log."
        "Clients in the field ignore the `seq` of its events, and join without `since` as before. A server has to be \
         given a log, and handlers that emit its events have another reply."
        "Nothing.";
    LOG_REMOVED = "log-removed" [always always always]
        "The rooms of a scope no longer have a log."
        "Clients that reconnect with a position do not get the events that they missed, and find no `seq` in events. \
         TypeScript that reads it does not compile. Handlers that emit its events have another reply."
        "Keep the log while there are clients that catch up by it; a short `keep` costs little.";
    POSITION_TYPE = "position-type" [never never never]
        "The type of a position in a scope's log has another name."
        "It has the same fields under any name. Other findings report the fields that have the type."
        "Keep the name: it is the name of a type in the sources of clients.";
    REPLAY_END = "replay-end" [always never never]
        "The replay of a scope's log ends with another event."
        "Clients that wait for the old event never learn that they have everything."
        "Keep the old event.";
    LOG_RETENTION = "log-retention" [never never never]
        "The entries of a scope's log are kept for another time, or in another number."
        "Clients that were away for longer than the log reaches get an error, and reload the room, as they do after \
         any long absence. If it reaches less far, more of them do."
        "Keep it for at least as long as most clients are away.";
    LOG_FLOOR = "log-floor" [sometimes never never]
        "The entries of a scope's log are kept at least for another time."
        "Within that time a client can rely on catching up. If it is shorter, clients that come back within the old \
         time may be told that their position is lost."
        "Keep the time, or make it longer.";
    LIMIT_ADDED = "limit-added" [never never never]
        "A limit is new."
        "Nothing draws on it yet, unless another finding says so."
        "Nothing.";
    LIMIT_REMOVED = "limit-removed" [never always never]
        "A limit is no longer there."
        "TypeScript that reads it from `LIMITS` does not compile. Other findings report which limit now applies to \
         the events that drew on it."
        "Keep the limit without using it.";
    LIMIT_PER = "limit-per" [sometimes never never]
        "A limit's buckets are per user instead of per socket, or the other way round."
        "One bucket per user is tighter than one for each of the user's sockets: clients that kept to the limit \
         exceed it."
        "Keep the bucket per socket, and add a generous limit per user for new events.";
    LIMIT_RATE = "limit-rate" [sometimes never never]
        "A limit's rate has changed."
        "If buckets fill more slowly, clients that kept to the limit exceed it."
        "Keep the limit, and give new events a tighter one of their own.";
    LIMIT_BURST = "limit-burst" [sometimes never never]
        "A limit's burst has changed."
        "If buckets hold less, clients that send as much at once as was allowed exceed the limit."
        "Keep the limit, and give new events a tighter one of their own.";
    ERROR_EVENT = "error-event" [always always never]
        "Failures are sent as another event."
        "Clients that listen for the old event no longer hear of failures."
        "Keep the old event.";
    DISCONNECT = "disconnect" [never never always]
        "The end of a socket has gained or lost its handler."
        "A server's handlers need one more method, or have one that is not in the trait. `emit-added` and \
         `emit-removed` report what clients see."
        "Write the handler, or leave it out.";
    DISCONNECT_FAILURE = "disconnect-failure" [never never never]
        "The message of a fault at the end of a socket has changed."
        "It appears only in the server's log: there is no client left to receive it."
        "Nothing.";
    UNKNOWN_EVENTS_LIMIT = "unknown-events-limit" [sometimes never never]
        "Unknown events draw on another limit."
        "Clients that try events of newer versions may exceed the limit if it is tighter, or is shared with more \
         events."
        "Move them to a limit that is as loose, or to a limit of their own.";
    UNKNOWN_EVENTS_ANSWER = "unknown-events-answer" [sometimes never never]
        "Unknown events get another error."
        "Clients that use it to detect what a server supports do not recognize the answer, unless the new error says \
         the same."
        "Keep the error's code and message.";
    VERSION_REFUSED = "version-refused" [sometimes never never]
        "Clients of a version that is not served get another answer."
        "If they are no longer refused, they continue with a server that does not speak their version. If the error \
         has changed, clients that look for the old code or message do not ask their user to update, unless the new \
         error says the same. Starting to refuse them does no harm: no working client declares a major version that \
         is not served."
        "Keep the key, and the error's code and message.";
    TOKEN_MISSING = "token-missing" [sometimes never never]
        "A missing token gets another error."
        "Clients that look for the old code or message do not ask for a token, unless the new error says the same."
        "Keep the error's code and message.";
    TOKEN_REFUSED = "token-refused" [sometimes never never]
        "A refused token gets another error."
        "Clients that look for the old code or message do not renew the token, unless the new error says the same."
        "Keep the error's code and message.";
    TOKEN_EXPIRED = "token-expired" [sometimes never never]
        "An expired token gets another error."
        "Clients that look for the old code or message do not renew the token, unless the new error says the same."
        "Keep the error's code and message.";
    INVALID_PAYLOAD = "invalid-payload" [sometimes never never]
        "An invalid payload gets another error."
        "Clients that look for the old code or message do not show what is wrong, unless the new error says the same."
        "Keep the error's code and message.";
    RATE_LIMITED = "rate-limited" [sometimes never never]
        "An exhausted limit gets another error."
        "Clients that look for the old code or message do not wait, unless the new error says the same."
        "Keep the error's code and message.";
    INTERNAL = "internal" [sometimes never never]
        "An internal error is reported as another error."
        "Clients that look for the old code do not try again, unless the new error says the same."
        "Keep the error's code and message.";
    POSITION_LOST = "position-lost" [sometimes never never]
        "A client whose position in a log is lost gets another error."
        "Clients that look for the old code or message do not load the room anew, unless the new error says the same. \
         Clients do not notice if no event joined a room that has a log."
        "Keep the error's code and message.";
    IDEMPOTENCY_CONFLICT = "idempotency-conflict" [sometimes never never]
        "A client that repeats an id with other content gets another error."
        "Clients that look for the old code or message do not recognize it, unless the new error says the same. \
         Clients do not notice if no event was idempotent."
        "Keep the error's code and message.";
    ADMIN_ONLY = "admin-only" [sometimes never never]
        "Callers who are not administrators get another error."
        "Clients that look for the old code or message do not recognize it. Clients do not notice if the new error \
         says the same, or if no operation is for administrators."
        "Keep the error's code and message.";
}
