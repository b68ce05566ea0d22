//! Files, keys and their values.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "yaml-syntax",
        what: "A file is not well-formed YAML.",
        reason: "Nothing after the mistake can be read, so the rest of the file cannot be checked.",
        remedy: "fix what the message points out; text that contains `: ` or ` #` needs quotes",
        example: include_str!("../examples/yaml-syntax.yaml"),
    },
    Explained {
        id: "yaml-unsupported",
        what: "A file uses a YAML feature that schemas do not support.",
        reason: "Anchors, tags and several documents make a schema that cannot be read from top to bottom, and that \
                 editors complete wrongly.",
        remedy: "write out the anchored value, preferably as a named type",
        example: include_str!("../examples/yaml-unsupported.yaml"),
    },
    Explained {
        id: "duplicate-key",
        what: "A mapping has the same key twice.",
        reason: "Only one of the two can count, and which one differs between parsers.",
        remedy: "leave one of them out",
        example: include_str!("../examples/duplicate-key.yaml"),
    },
    Explained {
        id: "unreadable-file",
        what: "A file cannot be read.",
        reason: "What it declares is unknown, and so is whether the rest of the schema is right.",
        remedy: "correct the path, which is relative to the file that includes it; files are regular ones in UTF-8",
        example: include_str!("../examples/unreadable-file.yaml"),
    },
    Explained {
        id: "unreadable-folder",
        what: "A folder that the schema names does not exist.",
        reason: "The flows in it would be missing from the documentation, and nobody would notice.",
        remedy: "correct the path, which is relative to the file; leave `flows` out if there are none",
        example: include_str!("../examples/unreadable-folder.yaml"),
    },
    Explained {
        id: "include-cycle",
        what: "A file includes itself, directly or by way of others.",
        reason: "Each file is read once and can use the names of all others, so a cycle achieves nothing.",
        remedy: "remove the include",
        example: include_str!("../examples/include-cycle.yaml"),
    },
    Explained {
        id: "domain-name",
        what: "The name of a file with events cannot be turned into a name in code.",
        reason: "The events of a file become a trait of handlers and a module, which are named after the file.",
        remedy: "name the file in snake_case: `direct_messages.yaml`",
        example: include_str!("../examples/domain-name.yaml"),
    },
    Explained {
        id: "unknown-key",
        what: "A key is not allowed here.",
        reason: "It would be silently ignored.",
        remedy: "correct the key, or remove it",
        example: include_str!("../examples/unknown-key.yaml"),
    },
    Explained {
        id: "missing-key",
        what: "A required key is missing.",
        reason: "Something that is generated from the schema needs it: code, checks or documentation.",
        remedy: "add it",
        example: include_str!("../examples/missing-key.yaml"),
    },
    Explained {
        id: "wrong-kind",
        what: "A value is of the wrong kind for its key.",
        reason: "YAML reads `1.0` as a number, and `yes` in different ways: what looks like text may not be.",
        remedy: "write the expected kind; put text that looks like something else in quotes",
        example: include_str!("../examples/wrong-kind.yaml"),
    },
    Explained {
        id: "unknown-word",
        what: "A word is not one of the choices.",
        reason: "Only the listed choices exist, and there is no default.",
        remedy: "use one of the choices",
        example: include_str!("../examples/unknown-word.yaml"),
    },
    Explained {
        id: "out-of-range",
        what: "A number is out of range.",
        reason: "It could never apply, or JSON cannot represent it exactly.",
        remedy: "use a number in the given range",
        example: include_str!("../examples/out-of-range.yaml"),
    },
    Explained {
        id: "empty-text",
        what: "A text that people read is empty.",
        reason: "It would leave a gap where a reader looks for help.",
        remedy: "write the text",
        example: include_str!("../examples/empty-text.yaml"),
    },
    Explained {
        id: "unsupported-keyword",
        what: "A keyword of JSON Schema is not supported.",
        reason: "A schema becomes types in several languages, with the same checks in all of them; not all of JSON \
                 Schema can be translated that way.",
        remedy: "do what the help says instead",
        example: include_str!("../examples/unsupported-keyword.yaml"),
    },
    Explained {
        id: "misplaced-keyword",
        what: "A keyword has no meaning for a value of this type.",
        reason: "It would be silently ignored.",
        remedy: "use a keyword that fits the type, or change the type",
        example: include_str!("../examples/misplaced-keyword.yaml"),
    },
];
