//! Types. “Accepted” is what clients send: it may grow. “Sent” is what the server sends: it may shrink, and get more
//! fields.

use super::table;

table! {
    TYPE_ADDED = "type-added" [never never never]
        "A named type is new."
        "The names of types are not on the wire, and sources do not have this one yet."
        "Nothing.";
    TYPE_REMOVED = "type-removed" [never always always]
        "A named type is no longer there."
        "The names of types are not on the wire. Sources that import it do not compile."
        "Keep the type, marked as `deprecated`, until nobody imports it.";
    TYPE_RENAMED = "type-renamed" [never always always]
        "A named type has another name."
        "The names of types are not on the wire. Sources that import it do not compile."
        "Keep the name; a better one can be told in `summary`.";
    TYPE_NAME = "type-name" [never sometimes always]
        "Something is of another named type, or of one that is written out."
        "What the values are is compared by itself. In Rust they are of another type; in TypeScript, a type that was made of what is written out may be no longer there."
        "Go on using the type that was used.";
    TYPE_KIND = "type-kind" [sometimes always always]
        "A value is of another kind."
        "What clients send is refused, and what they get is not what they read. In sources it has another type. No client in the field notices where no message has the type."
        "Add a field with the new type, beside this one.";
    NUMBER_KIND = "number-kind" [sometimes never always]
        "A number may have a fraction, or no longer."
        "Clients that send fractions are refused by integers; clients that read integers get fractions. TypeScript has one type for both, Rust has two."
        "Add a field with the new type, beside this one.";
    CHOICE_KIND = "choice-kind" [never never always]
        "A list of one string has become a constant, or the other way round."
        "The string is the same. In Rust it is of another type."
        "Leave it as it was.";
    RECURSION = "recursion" [never never always]
        "A use closes a cycle of types, or no longer does."
        "The values are the same. In Rust the field is a `Box`, or no longer."
        "Refer to the type from another field.";
    FIELD_ADDED = "field-added" [sometimes sometimes sometimes]
        "An object has a new field."
        "Where it is accepted and required, clients in the field leave it out, and are refused. What is sent may have more fields, because clients ignore those that they do not know. Handlers that make such an object do not compile until they give the field."
        "Do not require it, and say in `summary` what its absence means.";
    FIELD_REMOVED = "field-removed" [sometimes always always]
        "An object no longer has a field."
        "Where it is sent, clients miss what was always there. Where it is accepted, what they say with it is ignored, so what they ask for does not happen. A field that might be missing, or could say but one thing, is not missed. Sources that name it do not compile."
        "Mark the field as `deprecated`, and go on sending or reading it.";
    FIELD_REQUIRED = "field-required" [sometimes sometimes sometimes]
        "A field has to be there."
        "Where it is accepted, clients that leave it out are refused; where it is sent, it is always there, which is no harm. In Rust it is no `Option` any more, unless it may be `null`."
        "Leave it optional, and let the handler do what is right without it.";
    FIELD_OPTIONAL = "field-optional" [sometimes sometimes sometimes]
        "A field may be left out."
        "Where it is sent, clients that read it find nothing; where it is accepted, those that send it may go on. In Rust it is an `Option`, unless it might be `null` before."
        "Go on sending it, with a value that says that there is nothing.";
    NULL_ALLOWED = "null-allowed" [sometimes sometimes sometimes]
        "A value may be `null`."
        "Where it is sent, clients that read it find `null`; where it is accepted, they need not send it. For a field that may be left out, `null` counts as absent, so nothing changes."
        "Add a field that may be `null`, beside this one.";
    NULL_REFUSED = "null-refused" [sometimes sometimes sometimes]
        "A value may not be `null` any more."
        "Where it is accepted, clients that send `null` are refused; where it is sent, it is never `null`, which is no harm. For a field that may be left out, `null` counts as absent, so nothing changes."
        "Go on accepting `null`, and let the handler do what is right.";
    MIN_LENGTH = "min-length" [sometimes sometimes never]
        "The least length of a string is another."
        "Where it is accepted and the bound rises, clients that send less are refused; where it is sent and the bound falls, clients get less than they were told. TypeScript that reads a bound from `BOUNDS` does not compile without it."
        "Accept what was accepted, and add another type for what is new.";
    MAX_LENGTH = "max-length" [sometimes sometimes never]
        "The greatest length of a string is another."
        "Where it is accepted and the bound falls, clients that send more are refused; where it is sent and the bound rises, clients get more than they have room for. TypeScript that reads a bound from `BOUNDS` does not compile without it."
        "Accept what was accepted; for what is sent, add another field.";
    PATTERN = "pattern" [sometimes never never]
        "The pattern of a string is another."
        "Where it is accepted and there is a new pattern, clients that send anything else are refused; where it is sent and a pattern is gone, clients get what they were told they would not. Which texts two patterns have in common is not decided: another one breaks both."
        "Add another type with the new pattern, beside this one.";
    PATTERN_VIOLATION = "pattern-violation" [never never never]
        "Who breaks a pattern is told something else."
        "`details` are for people: what is told apart by programs is the path."
        "Nothing.";
    FORMAT = "format" [sometimes never never]
        "Whether a string is a point in time is another."
        "Where it is accepted, clients that send any text are refused by `date-time`; where it is sent, clients that read a point in time get any text."
        "Add a field with the new type, beside this one.";
    CHOICE_ADDED = "choice-added" [sometimes sometimes sometimes]
        "A string may be one more of a list."
        "Where it is sent, clients get one that they do not know, and code that goes through all of them does not compile. Where it is accepted, clients need not send it, but handlers have to know it."
        "Send the new one only to clients that ask for it, in another field.";
    CHOICE_REMOVED = "choice-removed" [sometimes always always]
        "A string is no longer one of a list."
        "Where it is accepted, clients that send it are refused; where it is sent, they wait in vain for it, and for no harm. Sources that name it do not compile."
        "Go on accepting it, marked in `summary` as going away.";
    CHOICES_INTRODUCED = "choices-introduced" [sometimes sometimes always]
        "A string is one out of a list, and was any."
        "Where it is accepted, clients that send another are refused; where it is sent, they get fewer, which is no harm. In Rust it has another type."
        "Accept any string, and let the handler decide.";
    CHOICES_DROPPED = "choices-dropped" [sometimes sometimes always]
        "A string is any, and was one out of a list."
        "Where it is sent, clients get some that they do not know; where it is accepted, they may go on sending those that they know. In Rust it has another type."
        "Add a field for the other strings, beside this one.";
    MINIMUM = "minimum" [sometimes sometimes never]
        "The least value of a number is another."
        "Where it is accepted and the bound rises, clients that send less are refused; where it is sent and the bound falls, clients get less than they were told. TypeScript that reads a bound from `BOUNDS` does not compile without it."
        "Accept what was accepted, and add another type for what is new.";
    MAXIMUM = "maximum" [sometimes sometimes never]
        "The greatest value of a number is another."
        "Where it is accepted and the bound falls, clients that send more are refused; where it is sent and the bound rises, clients get more than they were told. TypeScript that reads a bound from `BOUNDS` does not compile without it."
        "Accept what was accepted, and add another type for what is new.";
    MIN_ITEMS = "min-items" [sometimes sometimes never]
        "The least length of a list is another."
        "Where it is accepted and the bound rises, clients that send fewer are refused; where it is sent and the bound falls, clients get fewer than they were told. TypeScript that reads a bound from `BOUNDS` does not compile without it."
        "Accept what was accepted, and add another type for what is new.";
    MAX_ITEMS = "max-items" [sometimes sometimes never]
        "The greatest length of a list is another."
        "Where it is accepted and the bound falls, clients that send more are refused; where it is sent and the bound rises, clients get more than they have room for. TypeScript that reads a bound from `BOUNDS` does not compile without it."
        "Accept what was accepted; for what is sent, add another field.";
    RULE_ADDED = "rule-added" [sometimes never never]
        "There is a new rule across the fields of an object."
        "Where it is accepted, clients that break the rule are refused; where it is sent, there are fewer values, which is no harm."
        "Let the handler do what is right with objects that break the rule.";
    RULE_REMOVED = "rule-removed" [sometimes never never]
        "A rule across the fields of an object is no longer there."
        "Where it is sent, clients get what they were told they would not; where it is accepted, there are more values, which is no harm."
        "Go on sending what keeps the rule.";
    RULE_CHANGED = "rule-changed" [sometimes never never]
        "A rule across the fields of an object asks something else."
        "Where it is accepted and asks more, clients that break it are refused; where it is sent and asks less, clients get what they were told they would not. Where neither rule certainly implies the other, both may happen."
        "Add a rule only for what is new.";
    RULE_RENAMED = "rule-renamed" [never never never]
        "A rule across the fields of an object has another name."
        "The names of rules are in the schema alone."
        "Nothing.";
    RULE_VIOLATION = "rule-violation" [never never never]
        "Who breaks a rule is told something else."
        "`details` are for people who mend a payload; that it is refused is the same."
        "Nothing.";
}
