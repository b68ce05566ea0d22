//! What things are called.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "name-case",
        what: "A name is in another case than its kind asks for.",
        reason: "Names become those of types, functions and constants, whose case the languages prescribe.",
        remedy: "use PascalCase for types, and snake_case for all else",
        example: include_str!("../examples/name-case.yaml"),
    },
    Explained {
        id: "name-collision",
        what: "Two things would have one name in generated code.",
        reason: "Code with both does not compile.",
        remedy: "rename one of them",
        example: include_str!("../examples/name-collision.yaml"),
    },
    Explained {
        id: "reserved-name",
        what: "A name has another meaning in generated code.",
        reason: "Generated code imports, or takes from its language, something of that name.",
        remedy: "choose another name",
        example: include_str!("../examples/reserved-name.yaml"),
    },
    Explained {
        id: "duplicate-name",
        what: "Two things of a kind have one name.",
        reason: "What refers to the name could mean either.",
        remedy: "rename one of them",
        example: include_str!("../examples/duplicate-name.yaml"),
    },
    Explained {
        id: "field-name",
        what: "A field's name makes no name in code.",
        reason: "Fields become those of structs and interfaces.",
        remedy: "use letters, digits and `_`, no digit first",
        example: include_str!("../examples/field-name.yaml"),
    },
    Explained {
        id: "choice-name",
        what: "A string to choose from makes no name in code.",
        reason: "Choices become the variants of an enum.",
        remedy: "use letters and digits, a letter first, or `type: string` with a `pattern`",
        example: include_str!("../examples/choice-name.yaml"),
    },
    Explained {
        id: "duplicate-choice",
        what: "A string to choose from is there twice.",
        reason: "The second one changes nothing.",
        remedy: "leave one of them out",
        example: include_str!("../examples/duplicate-choice.yaml"),
    },
    Explained {
        id: "unknown-type",
        what: "A type is named that the schema does not have.",
        reason: "Nothing can be made of the name: no code, no check, no link.",
        remedy: "correct the name, or declare the type",
        example: include_str!("../examples/unknown-type.yaml"),
    },
    Explained {
        id: "unknown-error",
        what: "An error is named that the schema does not have.",
        reason: "Nothing can be made of the name: no code, no check, no link.",
        remedy: "correct the name, or declare the error",
        example: include_str!("../examples/unknown-error.yaml"),
    },
    Explained {
        id: "unknown-scope",
        what: "A scope is named that the schema does not have.",
        reason: "Nothing can be made of the name: no code, no check, no link.",
        remedy: "correct the name, or declare the scope",
        example: include_str!("../examples/unknown-scope.yaml"),
    },
    Explained {
        id: "unknown-limit",
        what: "A limit is named that the schema does not have.",
        reason: "Nothing can be made of the name: no code, no check, no link.",
        remedy: "correct the name, or declare the limit",
        example: include_str!("../examples/unknown-limit.yaml"),
    },
    Explained {
        id: "unknown-event",
        what: "An event is named that the schema does not have.",
        reason: "Nothing can be made of the name: no code, no check, no link.",
        remedy: "correct the name, or declare the event",
        example: include_str!("../examples/unknown-event.yaml"),
    },
];
