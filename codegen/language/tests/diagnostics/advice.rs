//! The advice of diagnostics: a schema that follows it is accepted.

use std::fs;

use tempfile::TempDir;

use crate::BASE;

/// A mistake, what the report says to do about it, and the edit that does so.
struct Advice {
    test: &'static str,
    says: &'static str,
    from: &'static str,
    to: &'static str,
}

const ADVICE: &[Advice] = &[
    Advice {
        test: "limits:\n  slow: { summary: A., per: user, rate: 0.5/s, burst: 1 }\n",
        says: "write `30/m`",
        from: "0.5/s",
        to: "30/m",
    },
    Advice {
        test: "limits:\n  slow: { summary: A., per: user, rate: 20, burst: 1 }\n",
        says: "`20/s` is 20 a second",
        from: "20",
        to: "20/s",
    },
    Advice {
        test: "types:\n  Level: { summary: A., type: string, enum: [1, 5] }\n",
        says: "write `type: integer` with `minimum` and `maximum`",
        from: "type: string, enum: [1, 5]",
        to: "type: integer, minimum: 1, maximum: 5",
    },
    Advice {
        test: "types:\n  Level: { summary: A., type: integer, enum: [1, 5] }\n",
        says: "write `type: integer` with `minimum` and `maximum`",
        from: "enum: [1, 5]",
        to: "minimum: 1, maximum: 5",
    },
    Advice {
        test: "types:\n  Level: { summary: A., type: string, enum: [1, 5] }\n",
        says: "begin with a letter: `level_1`",
        from: "[1, 5]",
        to: "[level_1, level_5]",
    },
    Advice {
        test: "types:\n  Level: { summary: A., type: string, const: 5 }\n",
        says: "put it in quotes: '5'",
        from: "5",
        to: "'5'",
    },
    Advice {
        test: "types:\n  Level: { summary: true, type: string }\n",
        says: "put it in quotes: 'true'",
        from: "true",
        to: "'true'",
    },
    Advice {
        test: "types:\n  Level: { summary: A., type: string, since: 1.0 }\n",
        says: "all three numbers of it: `1.0.0`",
        from: "1.0",
        to: "1.0.0",
    },
    Advice {
        test: "types:\n  Level: { summary: A., minimum: 1 }\n",
        says: "add `type: integer`",
        from: "minimum",
        to: "type: integer, minimum",
    },
    Advice {
        test: "types:\n  Level: { summary: A., type: array, items: { $ref: RoomIdd } }\n",
        says: "did you mean `RoomId`?",
        from: "RoomIdd",
        to: "RoomId",
    },
    Advice {
        test: "types:\n  room_level: { summary: A., type: string }\n",
        says: "rename it to `RoomLevel`",
        from: "room_level",
        to: "RoomLevel",
    },
    Advice {
        test: "types:\n  Level: { summary: A., type: object, additionalProperties: false, properties: { a: { type: string } } }\n",
        says: "leave it out",
        from: "additionalProperties: false, ",
        to: "",
    },
    Advice {
        test: "types:\n  Level: { summary: A., type: object, properties: { a: { type: [string, 'null'] } } }\n",
        says: "write its type and `nullable: true`",
        from: "[string, 'null']",
        to: "string, nullable: true",
    },
    Advice {
        test: "types:\n  Level: &level { summary: A., type: string }\n  Other: *level\n",
        says: "write the value out where it is used",
        from: "&level { summary: A., type: string }\n  Other: *level",
        to: "{ summary: A., type: string }\n  Other: { summary: A., type: string }",
    },
    Advice {
        test: "types:\n  Level:\n\tsummary: A.\n\ttype: string\n",
        says: "indent with spaces",
        from: "\t",
        to: "    ",
    },
    Advice {
        test: "types:\n  Level: { summary: A., type: string }\n  Other:\n    type: string\n    summary: This: that.\n",
        says: "put text that contains `: ` in quotes",
        from: "This: that.",
        to: "'This: that.'",
    },
    Advice {
        test: "types:\n  Level: { summary: A., type: integer, maximum: 100000000000000000000000 }\n",
        says: "expected -9007199254740991 to 9007199254740991",
        from: "100000000000000000000000",
        to: "9007199254740991",
    },
];

fn report(test: &str) -> Result<(), String> {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("schema.yaml"), BASE).unwrap();
    fs::write(directory.path().join("test.yaml"), test).unwrap();
    let loaded = accord_language::load(directory.path().join("schema.yaml"));
    loaded.map(|_| ()).map_err(|diagnostics| diagnostics.to_string())
}

#[test]
fn advice_that_is_followed_is_accepted() {
    for Advice { test, says, from, to } in ADVICE {
        let before = report(test).unwrap_err();
        assert!(before.contains(says), "{before}");
        assert!(before.ends_with("error: 1 error\n"), "{before}");
        assert!(test.contains(from), "{test}");
        report(&test.replace(from, to)).unwrap_or_else(|after| panic!("{before}\nfollowed: {after}"));
    }
}
