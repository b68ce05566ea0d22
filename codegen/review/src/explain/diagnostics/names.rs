//! Mistakes in names.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "name-case",
        what: "A name is in the wrong case for its kind.",
        reason: "Names become the names of types, functions and constants, whose case the languages prescribe.",
        remedy: "use PascalCase for types, and snake_case for everything else",
        example: include_str!("../examples/name-case.yaml"),
    },
    Explained {
        id: "name-collision",
        what: "Two things would have one name in generated code, or names of types that differ only in case.",
        reason: "Code with both does not compile. Generators write a file for each type, and on macOS and Windows one of two \
                 files whose names differ only in case replaces the other.",
        remedy: "rename one of them",
        example: include_str!("../examples/name-collision.yaml"),
    },
    Explained {
        id: "reserved-name",
        what: "A name has another meaning in generated code.",
        reason: "Generated code, or its language, already uses that name.",
        remedy: "choose another name",
        example: include_str!("../examples/reserved-name.yaml"),
    },
    Explained {
        id: "duplicate-name",
        what: "Two things of the same kind have the same name.",
        reason: "A reference to the name could mean either.",
        remedy: "rename one of them",
        example: include_str!("../examples/duplicate-name.yaml"),
    },
    Explained {
        id: "field-name",
        what: "A field's name cannot be turned into a name in code.",
        reason: "Fields become fields of structs and interfaces.",
        remedy: "use letters, digits and `_`, no digit first",
        example: include_str!("../examples/field-name.yaml"),
    },
    Explained {
        id: "choice-name",
        what: "A choice cannot be turned into a name in code.",
        reason: "Choices become the variants of an enum.",
        remedy: "use letters and digits, a letter first, or `type: string` with a `pattern`",
        example: include_str!("../examples/choice-name.yaml"),
    },
    Explained {
        id: "duplicate-choice",
        what: "A choice is listed twice.",
        reason: "The second one changes nothing.",
        remedy: "leave one of them out",
        example: include_str!("../examples/duplicate-choice.yaml"),
    },
    Explained {
        id: "unknown-type",
        what: "The schema has no type with this name.",
        reason: "Nothing can be generated from the reference: no code, no check, no link.",
        remedy: "correct the name, or declare the type",
        example: include_str!("../examples/unknown-type.yaml"),
    },
    Explained {
        id: "unknown-error",
        what: "The schema has no error with this name.",
        reason: "Nothing can be generated from the reference: no code, no check, no link.",
        remedy: "correct the name, or declare the error",
        example: include_str!("../examples/unknown-error.yaml"),
    },
    Explained {
        id: "unknown-scope",
        what: "The schema has no scope with this name.",
        reason: "Nothing can be generated from the reference: no code, no check, no link.",
        remedy: "correct the name, or declare the scope",
        example: include_str!("../examples/unknown-scope.yaml"),
    },
    Explained {
        id: "unknown-limit",
        what: "The schema has no limit with this name.",
        reason: "Nothing can be generated from the reference: no code, no check, no link.",
        remedy: "correct the name, or declare the limit",
        example: include_str!("../examples/unknown-limit.yaml"),
    },
    Explained {
        id: "unknown-event",
        what: "The schema has no event with this name.",
        reason: "Nothing can be generated from the reference: no code, no check, no link.",
        remedy: "correct the name, or declare the event",
        example: include_str!("../examples/unknown-event.yaml"),
    },
];
