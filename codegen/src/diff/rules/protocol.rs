//! The protocol, what is said of things, scopes, limits, and the gateway.

use super::table;

table! {
    PROTOCOL_NAME = "protocol-name" [always always never]
        "The protocol has another name."
        "The name is what a protocol is known by: clients that ask a server for it take this for another one, and the npm package is called after it."
        "Keep the name, or start a protocol of its own beside this one.";
    PROTOCOL_VERSION = "protocol-version" [sometimes never never]
        "The protocol has another version."
        "Going on breaks nobody. Clients that ask for at least the version that they know are turned away where it goes back."
        "Raise the version by Semantic Versioning, as the other findings ask.";
    SERVED_VERSIONS = "served-versions" [sometimes never sometimes]
        "Other versions of the protocol are served besides."
        "Clients of a major that is no longer served are refused when they connect. What a server does for those of one more, or of a later release of one, may ask its handlers for a decision."
        "Serve a major for as long as there are clients of it.";
    LICENSE = "license" [never never never]
        "The protocol's description is under another licence."
        "Neither messages nor code change."
        "Tell those who publish the description.";
    SUMMARY = "summary" [never never never]
        "The summary of something is another."
        "Summaries are for people: neither messages nor code change."
        "Nothing, unless what it says has changed as well: then the schema should tell that in a way that can be checked.";
    DESCRIPTION = "description" [never never never]
        "The description of something is another."
        "Descriptions are for people: neither messages nor code change."
        "Nothing, unless what it says has changed as well: then the schema should tell that in a way that can be checked.";
    SINCE = "since" [never never never]
        "The version that brought something is another."
        "It is for people: neither messages nor code change."
        "Leave `since` as it was when the thing was released.";
    DEPRECATION_ADDED = "deprecation-added" [never never never]
        "Something is going away."
        "It still works; editors strike it through, and compilers may warn."
        "Say what to use instead by `use`, and by `until` how long it works.";
    DEPRECATION_REMOVED = "deprecation-removed" [never never never]
        "Something is no longer going away."
        "It works as it did."
        "Nothing.";
    DEPRECATION_CHANGED = "deprecation-changed" [never never never]
        "What is said of something that goes away is another."
        "It works as it did."
        "Move `until` to a later version only.";
    EXAMPLE = "example" [never never never]
        "An example is another."
        "Examples are for people, documentation and mocks: neither messages nor code change."
        "Nothing.";
    FLOWS = "flows" [never never never]
        "The flows that documentation shows are those of another folder."
        "Flows are for people and tests: neither messages nor code change."
        "Nothing.";
    SCOPE_ADDED = "scope-added" [never never never]
        "A scope is new."
        "Nothing asks for its memberships yet, unless another finding says so."
        "Nothing.";
    SCOPE_REMOVED = "scope-removed" [never never always]
        "A scope is no longer there."
        "Handlers that name its type do not compile. Clients do not see scopes, but what happens to the events that had it: other findings say so."
        "Keep the scope while there are events that have it.";
    ROOM_KEY = "room-key" [sometimes never never]
        "Another field of payloads names the room of a scope."
        "The room that a client in the field means is not looked for where it names it, if any event or operation has the scope."
        "Add a scope with the other key, and events that have it, beside the old ones.";
    SCOPE_DENIED = "scope-denied" [sometimes never never]
        "Who does not belong to the room is answered with another error."
        "Clients that look for the old code or message do not find it. Nobody notices where the new error says the same, or no event has the scope."
        "Change who gets the old error, not what it says.";
    LIMIT_ADDED = "limit-added" [never never never]
        "A limit is new."
        "Nothing draws on it yet, unless another finding says so."
        "Nothing.";
    LIMIT_REMOVED = "limit-removed" [never always never]
        "A limit is no longer there."
        "TypeScript that reads it from `LIMITS` does not compile. What drew on it draws on another one or on none: other findings say so."
        "Keep the limit, and let nothing draw on it.";
    LIMIT_PER = "limit-per" [sometimes never never]
        "The buckets of a limit are those of somebody else."
        "One bucket for a user is less than one for each of the user's sockets: clients that kept to the limit run into it."
        "Let a bucket per socket stay, and add a limit per user that is generous, for what is new.";
    LIMIT_RATE = "limit-rate" [sometimes never never]
        "The buckets of a limit fill at another speed."
        "Where they fill more slowly, clients that kept to the limit run into it."
        "Keep the limit, and give what is new a tighter one of its own.";
    LIMIT_BURST = "limit-burst" [sometimes never never]
        "The buckets of a limit hold another number."
        "Where they hold less, clients that send as much at once as they might run into the limit."
        "Keep the limit, and give what is new a tighter one of its own.";
    ERROR_EVENT = "error-event" [always always never]
        "Failures are another event."
        "Clients that listen for the old event do not hear of failures any more."
        "Keep the event that failures are.";
    DISCONNECT = "disconnect" [never never always]
        "Something follows the end of a socket, or nothing does any more."
        "The handlers of a server have one method more, or one that is not in the trait. `emit-added` and `emit-removed` say what clients see of it."
        "Write the handler, or leave it out.";
    DISCONNECT_FAILURE = "disconnect-failure" [never never never]
        "What a fault at the end of a socket is called is another."
        "It stands in the server's log alone: no client is there to be told."
        "Nothing.";
    UNKNOWN_EVENTS_LIMIT = "unknown-events-limit" [sometimes never never]
        "Unknown events draw on another limit."
        "Clients that try events of newer versions run into a tighter limit, or into one that is shared with more."
        "Move them to a limit that is as loose, or to one of their own.";
    UNKNOWN_EVENTS_ANSWER = "unknown-events-answer" [sometimes never never]
        "Unknown events are answered with another error."
        "Clients that find out by it what a server can do do not recognize the answer, unless the new error says the same."
        "Keep the error's code and message.";
    VERSION_REFUSED = "version-refused" [sometimes never never]
        "Clients of a version that is not served are answered otherwise."
        "Where they were refused and no longer are, they go on with a server that does not speak their version. Where the error is another, clients that look for the old code or message do not ask their user to update, unless the new error says the same. Where they were let in, they could have said any version, and for no harm: none that works says one whose major is not served."
        "Keep the key, and the error's code and message.";
    TOKEN_MISSING = "token-missing" [sometimes never never]
        "Who brings no token is answered with another error."
        "Clients that look for the old code or message do not ask for a token, unless the new error says the same."
        "Keep the error's code and message.";
    TOKEN_REFUSED = "token-refused" [sometimes never never]
        "Whose token is refused is answered with another error."
        "Clients that look for the old code or message do not renew the token, unless the new error says the same."
        "Keep the error's code and message.";
    TOKEN_EXPIRED = "token-expired" [sometimes never never]
        "Whose token expires is told another error."
        "Clients that look for the old code or message do not renew the token, unless the new error says the same."
        "Keep the error's code and message.";
    INVALID_PAYLOAD = "invalid-payload" [sometimes never never]
        "A payload that breaks rules is answered with another error."
        "Clients that look for the old code or message do not show what is wrong, unless the new error says the same."
        "Keep the error's code and message.";
    RATE_LIMITED = "rate-limited" [sometimes never never]
        "An exhausted limit is answered with another error."
        "Clients that look for the old code or message do not wait, unless the new error says the same."
        "Keep the error's code and message.";
    INTERNAL = "internal" [sometimes never never]
        "A fault of the server's own is answered with another error."
        "Clients that look for the old code do not try again, unless the new error says the same."
        "Keep the error's code and message.";
    ADMIN_ONLY = "admin-only" [sometimes never never]
        "Who is no administrator is answered with another error."
        "Clients that look for the old code or message do not recognize it. Nobody notices where the new error says the same, or no operation is for administrators."
        "Keep the error's code and message.";
}
