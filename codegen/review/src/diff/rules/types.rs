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
        "Keep the name; explain it in `summary`.";
    TYPE_NAME = "type-name" [never sometimes always]
        "A value has another named type, or one that is written inline."
        "Other findings report how the values differ. In Rust they have another type; in TypeScript, a type that was \
         generated for an inline one may be gone."
        "Keep using the old type.";
    TYPE_KIND = "type-kind" [sometimes always always]
        "A value has another kind of type."
        "The server refuses what clients send, and they cannot read what they get. In sources the value has another \
         type. Clients in the field do not notice if no message uses the type."
        "Add a field with the new type alongside this one.";
    NUMBER_KIND = "number-kind" [sometimes never always]
        "A number has become an integer, or the other way round."
        "Clients that send fractions are refused if an integer is expected; clients that expect integers may get \
         fractions. TypeScript has one type for both, Rust has two."
        "Add a field with the new type alongside this one.";
    CHOICE_KIND = "choice-kind" [never never always]
        "A list of one string has become a constant, or the other way round."
        "The string is the same. In Rust it has another type."
        "Leave it as it was.";
    RECURSION = "recursion" [never never always]
        "A use of a type starts or stops closing a cycle of types."
        "The values are the same. In Rust the field becomes a `Box`, or stops being one."
        "Refer to the type from another field.";
    FIELD_ADDED = "field-added" [sometimes sometimes sometimes]
        "An object has a new field."
        "In what clients send, a required field is missing from clients in the field, which are refused. In what the \
         server sends, clients ignore unknown fields. Handlers that create such an object do not compile until they \
         set the field."
        "Make it optional, and say in `summary` what its absence means.";
    FIELD_REMOVED = "field-removed" [sometimes always always]
        "An object no longer has a field."
        "In what the server sends, clients miss a field that was always there. In what clients send, the field is \
         ignored, so what they ask for does not happen. A field that was optional, or had only one possible value, is \
         not missed. Sources that name it do not compile."
        "Mark the field as `deprecated`, and keep sending or reading it.";
    FIELD_REQUIRED = "field-required" [sometimes sometimes sometimes]
        "A field has become required."
        "In what clients send, those that leave it out are refused; in what the server sends, it is always there, \
         which does no harm. In Rust it is no longer an `Option`, unless it may be `null`."
        "Keep it optional, and let the handler cope without it.";
    FIELD_OPTIONAL = "field-optional" [sometimes sometimes sometimes]
        "A field has become optional."
        "In what the server sends, clients that read it may find nothing; in what clients send, those that send it \
         may continue to. In Rust it becomes an `Option`, unless it could be `null` before."
        "Keep sending it, with a value that stands for nothing.";
    NULL_ALLOWED = "null-allowed" [sometimes sometimes sometimes]
        "A value has become nullable."
        "In what the server sends, clients that read it may find `null`; clients need not send it. For an optional \
         field, `null` counts as absent, so nothing changes."
        "Add a nullable field alongside this one.";
    NULL_REFUSED = "null-refused" [sometimes sometimes sometimes]
        "A value is no longer nullable."
        "In what clients send, `null` is refused; in what the server sends, the value is never `null`, which does no \
         harm. For an optional field, `null` counts as absent, so nothing changes."
        "Keep accepting `null`, and let the handler cope with it.";
    MIN_LENGTH = "min-length" [sometimes sometimes never]
        "A string's minimum length has changed."
        "If the bound rises for what clients send, shorter or smaller values are refused; if it falls for what the \
         server sends, clients get less than they were promised. TypeScript that reads a bound from `BOUNDS` does not \
         compile without it."
        "Keep accepting the old values, and add another type for the new ones.";
    MAX_LENGTH = "max-length" [sometimes sometimes never]
        "A string's maximum length has changed."
        "If the bound falls for what clients send, longer values are refused; if it rises for what the server sends, \
         clients get more than they have room for. TypeScript that reads a bound from `BOUNDS` does not compile \
         without it."
        "Keep accepting the old values; for what the server sends, add another field.";
    PATTERN = "pattern" [sometimes never never]
        "A string's pattern has changed."
        "A new pattern for what clients send refuses anything else; without the old pattern, the server may send what \
         clients were promised they would not get. Patterns are not compared with each other: a different one counts \
         as both."
        "Add another type with the new pattern alongside this one.";
    PATTERN_VIOLATION = "pattern-violation" [never never never]
        "The message for breaking a pattern has changed."
        "`details` are for people: programs go by the path."
        "Nothing.";
    FORMAT = "format" [sometimes never never]
        "A string has become a point in time, or the other way round."
        "In what clients send, text other than a `date-time` is refused; in what the server sends, clients that \
         expect a point in time may get any text."
        "Add a field with the new type alongside this one.";
    CHOICE_ADDED = "choice-added" [sometimes sometimes sometimes]
        "A list of choices has one more."
        "A list of choices is closed, unlike the set of error codes, of which each comes with a message: in what the \
         server sends, clients may get an unknown choice, for which they have nothing to fall back on, and validators \
         refuse it; code that covers all of them does not compile. In what clients send, they need not use it, but \
         handlers have to handle it."
        "Send the new choice only to clients that ask for it, in another field.";
    CHOICE_REMOVED = "choice-removed" [sometimes always always]
        "A list of choices has one fewer."
        "In what clients send, the choice is refused; in what the server sends, clients no longer get it, which does \
         no harm. Sources that name it do not compile."
        "Keep accepting it, and say in `summary` that it is going away.";
    CHOICES_INTRODUCED = "choices-introduced" [sometimes sometimes always]
        "Any string has become a list of choices."
        "In what clients send, any other string is refused; in what the server sends, clients get fewer values, which \
         does no harm. In Rust it has another type."
        "Accept any string, and let the handler decide.";
    CHOICES_DROPPED = "choices-dropped" [sometimes sometimes always]
        "A list of choices has become any string."
        "In what the server sends, clients may get unknown strings; in what clients send, the known ones are still \
         accepted. In Rust it has another type."
        "Add a field for the other strings alongside this one.";
    MINIMUM = "minimum" [sometimes sometimes never]
        "A number's minimum has changed."
        "If the bound rises for what clients send, shorter or smaller values are refused; if it falls for what the \
         server sends, clients get less than they were promised. TypeScript that reads a bound from `BOUNDS` does not \
         compile without it."
        "Keep accepting the old values, and add another type for the new ones.";
    MAXIMUM = "maximum" [sometimes sometimes never]
        "A number's maximum has changed."
        "If the bound falls for what clients send, larger values are refused; if it rises for what the server sends, \
         clients get more than they were promised. TypeScript that reads a bound from `BOUNDS` does not compile \
         without it."
        "Keep accepting the old values, and add another type for the new ones.";
    MIN_ITEMS = "min-items" [sometimes sometimes never]
        "An array's minimum length has changed."
        "If the bound rises for what clients send, shorter arrays are refused; if it falls for what the server sends, \
         clients get fewer items than they were promised. TypeScript that reads a bound from `BOUNDS` does not \
         compile without it."
        "Keep accepting the old values, and add another type for the new ones.";
    MAX_ITEMS = "max-items" [sometimes sometimes never]
        "An array's maximum length has changed."
        "If the bound falls for what clients send, longer values are refused; if it rises for what the server sends, \
         clients get more than they have room for. TypeScript that reads a bound from `BOUNDS` does not compile \
         without it."
        "Keep accepting the old values; for what the server sends, add another field.";
    RULE_ADDED = "rule-added" [sometimes never never]
        "An object has a new rule across its fields."
        "In what clients send, objects that break the rule are refused; in what the server sends, there are fewer \
         values, which does no harm."
        "Let the handler cope with objects that break the rule.";
    RULE_REMOVED = "rule-removed" [sometimes never never]
        "An object no longer has a rule across its fields."
        "In what the server sends, clients may get objects that they were promised they would not; in what clients \
         send, there are more values, which does no harm."
        "Keep sending objects that follow the rule.";
    RULE_CHANGED = "rule-changed" [sometimes never never]
        "A rule across the fields of an object has another condition."
        "If the rule is stricter for what clients send, objects that break it are refused; if it is looser for what \
         the server sends, clients may get objects that they were promised they would not. If neither rule clearly \
         implies the other, both may happen."
        "Add a rule only for what is new.";
    RULE_RENAMED = "rule-renamed" [never never never]
        "A rule across the fields of an object has another name."
        "The names of rules appear only in the schema."
        "Nothing.";
    RULE_VIOLATION = "rule-violation" [never never never]
        "The message for breaking a rule has changed."
        "`details` are for people who fix a payload; the payload is refused as before."
        "Nothing.";
}
