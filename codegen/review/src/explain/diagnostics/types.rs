//! Mistakes in types, in rules across their fields, and in examples of them.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "missing-type",
        what: "A type has neither a kind nor a reference to another type.",
        reason: "It would allow any value, for which no language has a useful type.",
        remedy: "add `type`, or `$ref`",
        example: include_str!("../examples/missing-type.yaml"),
    },
    Explained {
        id: "empty-type",
        what: "A type is empty.",
        reason: "It may have been forgotten, or be meant to be empty.",
        remedy: "leave the value out for an answer without a body, or give a type",
        example: include_str!("../examples/empty-type.yaml"),
    },
    Explained {
        id: "unsupported-type",
        what: "A value has several types, or the type `null`.",
        reason: "Languages without unions have no type for it.",
        remedy: "give it one type, and `nullable: true` if it may be `null`",
        example: include_str!("../examples/unsupported-type.yaml"),
    },
    Explained {
        id: "unsupported-format",
        what: "A format is not supported.",
        reason: "Implementations differ on what formats allow, so a client might refuse what the server accepts.",
        remedy: "state it with `pattern`; `date-time` is the only format",
        example: include_str!("../examples/unsupported-format.yaml"),
    },
    Explained {
        id: "type-synonym",
        what: "A named type is only another name for a type.",
        reason: "Two names for a type become two types in code, which then have to be converted into each other.",
        remedy: "use the other type where this one is used, or write out its definition",
        example: include_str!("../examples/type-synonym.yaml"),
    },
    Explained {
        id: "beside-ref",
        what: "A key next to `$ref` changes the type.",
        reason: "The type would differ from its declaration.",
        remedy: "move it into the type, or declare another type",
        example: include_str!("../examples/beside-ref.yaml"),
    },
    Explained {
        id: "endless-type",
        what: "A value of a type would never end.",
        reason: "Each value requires another one of the same type inside it, so no finite value exists.",
        remedy: "make one of the fields nullable or optional",
        example: include_str!("../examples/endless-type.yaml"),
    },
    Explained {
        id: "empty-enum",
        what: "An `enum` has no choices.",
        reason: "No string would be valid.",
        remedy: "add the choices",
        example: include_str!("../examples/empty-enum.yaml"),
    },
    Explained {
        id: "empty-range",
        what: "No value is within the bounds.",
        reason: "No value would be valid.",
        remedy: "correct the bounds",
        example: include_str!("../examples/empty-range.yaml"),
    },
    Explained {
        id: "invalid-pattern",
        what: "A pattern cannot be used.",
        reason: "Server and clients use different regular expression engines; only syntax with the same meaning in \
                 all of them is accepted.",
        remedy: "do what the help says; look-around and back-references are not supported",
        example: include_str!("../examples/invalid-pattern.yaml"),
    },
    Explained {
        id: "unknown-field",
        what: "The object has no field with this name.",
        reason: "The condition on it would never apply.",
        remedy: "correct the name, or add the field under `properties`",
        example: include_str!("../examples/unknown-field.yaml"),
    },
    Explained {
        id: "empty-rule",
        what: "A condition is empty.",
        reason: "It would be true for every value, or for none.",
        remedy: "state it with `required`, `properties`, `anyOf`, `allOf` or `not`",
        example: include_str!("../examples/empty-rule.yaml"),
    },
    Explained {
        id: "invalid-pointer",
        what: "A path is not a JSON Pointer.",
        reason: "Clients show the message next to the field that the path points to.",
        remedy: "begin with `/`, or write `\"\"` for the whole object",
        example: include_str!("../examples/invalid-pointer.yaml"),
    },
    Explained {
        id: "missing-example",
        what: "An event with a payload has no example.",
        reason: "Documentation, mocks and tests are generated from it.",
        remedy: "add `example` to the event, or to its payload's type",
        example: include_str!("../examples/missing-example.yaml"),
    },
    Explained {
        id: "invalid-example",
        what: "An example breaks the rules of its type.",
        reason: "A client that copies it is refused.",
        remedy: "correct the example, or the type",
        example: include_str!("../examples/invalid-example.yaml"),
    },
];
