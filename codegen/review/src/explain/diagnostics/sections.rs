//! Mistakes in sections that a schema has once, and in its settings of `accord lint`.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "missing-section",
        what: "A required section is missing.",
        reason: "A gateway without a handshake, or without errors to answer with, cannot run.",
        remedy: "add the section, in any of the files",
        example: include_str!("../examples/missing-section.yaml"),
    },
    Explained {
        id: "duplicate-section",
        what: "A section occurs twice.",
        reason: "Only one of them could count.",
        remedy: "merge them, or remove one",
        example: include_str!("../examples/duplicate-section.yaml"),
    },
    Explained {
        id: "unknown-language",
        what: "The schema uses a version of the language that this compiler does not know.",
        reason: "Its keys may have another meaning.",
        remedy: "use version 1, or a compiler that knows the version",
        example: include_str!("../examples/unknown-language.yaml"),
    },
    Explained {
        id: "invalid-version",
        what: "A version does not follow Semantic Versioning.",
        reason: "Versions are compared to find out what a client can rely on.",
        remedy: "write MAJOR.MINOR.PATCH: `1.0.0`",
        example: include_str!("../examples/invalid-version.yaml"),
    },
    Explained {
        id: "served-version",
        what: "A version under `serves` is not an older major version of the same protocol.",
        reason: "Clients are distinguished by the major version that they speak: each major is served once, and its \
                 newest version serves all of its clients.",
        remedy: "name the last release of an older major version, one for each major",
        example: include_str!("../examples/served-version.yaml"),
    },
    Explained {
        id: "version-ahead",
        what: "A `since` names a version in the future.",
        reason: "Either it does not exist yet, or the protocol already has that version.",
        remedy: "raise the protocol's version, or correct this one",
        example: include_str!("../examples/version-ahead.yaml"),
    },
    Explained {
        id: "invalid-rate",
        what: "A rate is not written as tokens per time.",
        reason: "A bucket has to know how many tokens to add, and how often.",
        remedy: "write it like `20/s` or `300/m`",
        example: include_str!("../examples/invalid-rate.yaml"),
    },
    Explained {
        id: "failure-payload",
        what: "The event for failures cannot describe one.",
        reason: "The gateway fills it in: always a message and a code, and other fields if they apply.",
        remedy: "give its payload the strings `message` and `code`, and make all other fields optional",
        example: include_str!("../examples/failure-payload.yaml"),
    },
    Explained {
        id: "unknown-rule",
        what: "A level or an exception names a rule that does not exist.",
        reason: "It would have no effect, and nobody would notice.",
        remedy: "correct the name; `accord explain` knows all rules",
        example: include_str!("../examples/unknown-rule.yaml"),
    },
    Explained {
        id: "unknown-place",
        what: "An exception names something that the schema does not have.",
        reason: "It would have no effect, and the finding that it was meant for is still reported.",
        remedy: "name an event, a type, an error, a limit, a scope or an operation, and the fields on the way: \
                 `Note.text`",
        example: include_str!("../examples/unknown-place.yaml"),
    },
    Explained {
        id: "missing-reason",
        what: "The reason for a level or an exception is not a sentence.",
        reason: "Without a reason, nobody can tell later whether it still applies, and it stays forever.",
        remedy: "write a sentence that gives the reason",
        example: include_str!("../examples/missing-reason.yaml"),
    },
];
