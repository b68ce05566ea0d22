//! What a schema has once, and what it says of `accord lint`.

use super::Explained;

pub const RULES: &[Explained] = &[
    Explained {
        id: "missing-section",
        what: "A section that every schema has is missing.",
        reason: "A gateway without a handshake, or without errors to answer with, cannot run.",
        remedy: "add the section, in any of the files",
        example: include_str!("../examples/missing-section.yaml"),
    },
    Explained {
        id: "duplicate-section",
        what: "A section that a schema has once is there twice.",
        reason: "Only one of them could count.",
        remedy: "put them together, or leave one out",
        example: include_str!("../examples/duplicate-section.yaml"),
    },
    Explained {
        id: "unknown-language",
        what: "The schema is written in a version of the language that this compiler does not know.",
        reason: "It may mean something else by what it says.",
        remedy: "use version 1, or a compiler that knows the version",
        example: include_str!("../examples/unknown-language.yaml"),
    },
    Explained {
        id: "invalid-version",
        what: "A version is not written by Semantic Versioning.",
        reason: "Versions are compared, to know what a client can rely on.",
        remedy: "write MAJOR.MINOR.PATCH: `1.0.0`",
        example: include_str!("../examples/invalid-version.yaml"),
    },
    Explained {
        id: "served-version",
        what: "What is to be served besides is no older major version of the same protocol.",
        reason: "Clients are told apart by the major of the version that they speak: each is served once, and within a major \
                 every client is served by the newest version.",
        remedy: "name the last release of an older major version, one for each major",
        example: include_str!("../examples/served-version.yaml"),
    },
    Explained {
        id: "version-ahead",
        what: "Something is there since a version that is yet to come.",
        reason: "Either it is not there yet, or the protocol has that version by now.",
        remedy: "raise the protocol's version, or correct this one",
        example: include_str!("../examples/version-ahead.yaml"),
    },
    Explained {
        id: "invalid-rate",
        what: "A rate is not written as tokens for a time.",
        reason: "A bucket has to know how many tokens come back, and how often.",
        remedy: "write it like `20/s` or `300/m`",
        example: include_str!("../examples/invalid-rate.yaml"),
    },
    Explained {
        id: "failure-payload",
        what: "The event that carries failures cannot carry one.",
        reason: "The gateway fills it: a message and a code always, and what else there is to tell.",
        remedy: "give its payload the strings `message` and `code`, and what else it has as optional fields",
        example: include_str!("../examples/failure-payload.yaml"),
    },
    Explained {
        id: "unknown-rule",
        what: "A rule that is given a level or excepted from does not exist.",
        reason: "The exception would except nothing, and nobody would notice.",
        remedy: "correct the name; `accord explain` knows all rules",
        example: include_str!("../examples/unknown-rule.yaml"),
    },
    Explained {
        id: "unknown-place",
        what: "An exception is made of something that the schema does not have.",
        reason: "It would except nothing, and what it was meant for is found fault with.",
        remedy: "name an event, a type, an error, a limit, a scope or an operation, and the fields on the way: `Note.text`",
        example: include_str!("../examples/unknown-place.yaml"),
    },
    Explained {
        id: "missing-reason",
        what: "The reason of a level or an exception is no sentence.",
        reason: "Without a reason, nobody can tell later whether it still holds, and it stays for ever.",
        remedy: "write a sentence that says why it is as it is",
        example: include_str!("../examples/missing-reason.yaml"),
    },
];
