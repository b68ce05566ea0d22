//! The derived checks report every violation of a document, at its path, in the order of the schema.

use std::collections::BTreeMap;

use accord_runtime::{Path, Text, Validate, Violations, validate::MAX_VIOLATIONS};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, Deserialize, PartialEq, Serialize, Text, Validate)]
#[serde(transparent)]
#[validate(min_length = 1, max_length = 5, pattern = r"^\P{Cc}*$", violation = "must not contain control characters")]
struct Id(String);

#[derive(Debug, Deserialize, PartialEq, Serialize, Validate)]
enum Color {
    #[serde(rename = "red")]
    Red,
    #[serde(rename = "dark-green")]
    DarkGreen,
}

#[derive(Debug, Deserialize, PartialEq, Serialize, Validate)]
#[validate(rule(
    name = "something_to_say",
    path = "/text",
    message = "must not be empty unless there are attachments",
    test = any(field("text", pattern = r"\S"), all(present("attachments"), field("attachments", min_items = 1)))
))]
#[validate(rule(
    name = "no_reply_to_itself",
    path = "/reply~1to/0",
    message = "must not be x",
    test = not(all(present("reply/to"), field("reply/to", one_of("x", "y", 1, true, null))))
))]
struct Post {
    #[validate(max_length = 10, pattern = r"^[^\x00]*$", violation = "must not contain U+0000")]
    text: String,
    id: Id,
    #[serde(rename = "reply/to", default)]
    reply_to: Option<Id>,
    #[serde(default)]
    #[validate(min_items = 0, max_items = 2)]
    attachments: Option<Vec<Attachment>>,
    parent: Option<Box<Post>>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize, Validate)]
struct Attachment {
    id: Id,
}

#[derive(Debug, Deserialize, PartialEq, Serialize, Validate)]
struct Scalars {
    #[serde(default)]
    #[validate(minimum = 1, maximum = 100)]
    count: Option<i64>,
    #[serde(default)]
    #[validate(exclusive_minimum = -0.5, exclusive_maximum = 1)]
    share: Option<f64>,
    #[serde(default)]
    flag: Option<bool>,
    #[serde(default)]
    color: Option<Color>,
    #[serde(default)]
    #[validate(constant = "ok")]
    r#type: Option<String>,
    #[serde(default)]
    #[validate(date_time)]
    at: Option<String>,
    #[serde(default)]
    counts: Option<BTreeMap<String, i64>>,
    #[serde(default)]
    #[validate(min_length = 2, pattern = "^(ab)*$")]
    word: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize, Validate)]
struct Nothing {}

fn violations<T: Validate>(value: &Value) -> Vec<(String, String)> {
    let mut violations = Violations::default();
    T::validate(value, Path::Root, &mut violations);
    violations.into_vec().into_iter().map(|violation| (violation.path, violation.message.into_owned())).collect()
}

fn check<T: Validate>(cases: &[(Value, &[(&str, &str)])]) {
    for (value, expected) in cases {
        let found = violations::<T>(value);
        let found: Vec<(&str, &str)> = found.iter().map(|(path, message)| (path.as_str(), message.as_str())).collect();
        assert_eq!(&found, expected, "{value}");
    }
}

#[test]
fn texts_are_measured_in_code_points() {
    check::<Id>(&[
        (json!("a"), &[]),
        (json!("👍👍👍👍👍"), &[]),
        (json!("👍👍👍👍👍👍"), &[("", "must be at most 5 characters")]),
        (json!("abcdef"), &[("", "must be at most 5 characters")]),
        (json!(""), &[("", "must be at least 1 character")]),
        (json!("a\u{7f}"), &[("", "must not contain control characters")]),
        (json!("a\u{85}"), &[("", "must not contain control characters")]),
        (json!("ä\u{a0}"), &[]),
        (json!("a\n\n\n\n\n"), &[("", "must be at most 5 characters"), ("", "must not contain control characters")]),
        (json!(5), &[("", "must be a string")]),
        (json!(null), &[("", "must be a string")]),
    ]);
}

#[test]
fn objects_name_every_violation_in_the_order_of_the_schema() {
    check::<Post>(&[
        (json!({"parent": null, "id": "a", "text": "hello", "more": [1]}), &[]),
        (json!({"parent": null, "id": "a", "text": " ", "attachments": [{"id": "b"}]}), &[]),
        (json!({"parent": null, "id": "a", "text": "a", "attachments": null, "reply/to": null}), &[]),
        (
            json!({"parent": null, "id": "a", "text": " \n", "attachments": []}),
            &[("/text", "must not be empty unless there are attachments")],
        ),
        (
            json!({"parent": null, "id": "a", "text": "", "attachments": null}),
            &[("/text", "must not be empty unless there are attachments")],
        ),
        (json!({}), &[("/text", "is required"), ("/id", "is required"), ("/parent", "is required")]),
        (
            json!({"parent": null, "id": null, "text": null}),
            &[("/text", "must be a string"), ("/id", "must be a string")],
        ),
        (
            json!({"text": "12345678901\u{0}", "id": "", "parent": 1, "attachments": [{}, {"id": ""}, 1]}),
            &[
                ("/text", "must be at most 10 characters"),
                ("/text", "must not contain U+0000"),
                ("/id", "must be at least 1 character"),
                ("/attachments", "must have at most 2 items"),
                ("/attachments/0/id", "is required"),
                ("/attachments/1/id", "must be at least 1 character"),
                ("/attachments/2", "must be an object"),
                ("/parent", "must be an object"),
            ],
        ),
        (
            json!({"text": "a", "id": "a", "parent": {"text": "a", "id": "a", "parent": {}}}),
            &[
                ("/parent/parent/text", "is required"),
                ("/parent/parent/id", "is required"),
                ("/parent/parent/parent", "is required"),
            ],
        ),
        (json!({"text": "a", "id": "a", "parent": null, "reply/to": "x"}), &[("/reply~1to/0", "must not be x")]),
        (
            json!({"text": "a", "id": "a", "parent": null, "reply/to": 1.0, "attachments": {}}),
            &[
                ("/reply~1to", "must be a string"),
                ("/attachments", "must be an array"),
                ("/reply~1to/0", "must not be x"),
            ],
        ),
        (json!([]), &[("", "must be an object")]),
        (json!(null), &[("", "must be an object")]),
    ]);
    check::<Nothing>(&[(json!({"a": 1}), &[]), (json!("a"), &[("", "must be an object")])]);
}

#[test]
fn scalars_are_checked_by_their_types_and_limits() {
    check::<Scalars>(&[
        (json!({}), &[]),
        (json!({"count": 1, "share": 0, "flag": false, "color": "red", "type": "ok", "word": "abab"}), &[]),
        (json!({"count": 100.0, "share": 0.999, "color": "dark-green", "at": "2026-01-31T09:30:00Z"}), &[]),
        (json!({"counts": {"a": 1, "b": 2}}), &[]),
        (
            json!({"count": 0, "share": -0.5, "flag": 0, "color": "blue", "type": "no", "at": "today", "word": "a"}),
            &[
                ("/count", "must be at least 1"),
                ("/share", "must be more than -0.5"),
                ("/flag", "must be true or false"),
                ("/color", "must be one of: red, dark-green"),
                ("/type", "must be: ok"),
                ("/at", "must be a date and time, like 2026-01-31T09:30:00Z (RFC 3339)"),
                ("/word", "must be at least 2 characters"),
                ("/word", "must match ^(ab)*$"),
            ],
        ),
        (
            json!({"count": 101, "share": 1, "color": 1, "type": 1, "at": 1, "counts": {"a/b": "c"}}),
            &[
                ("/count", "must be at most 100"),
                ("/share", "must be less than 1"),
                ("/color", "must be a string"),
                ("/type", "must be a string"),
                ("/at", "must be a string"),
                ("/counts/a~1b", "must be an integer"),
            ],
        ),
        (
            json!({"count": 1.5, "share": "1", "counts": []}),
            &[("/count", "must be an integer"), ("/share", "must be a number"), ("/counts", "must be an object")],
        ),
        (
            json!({"counts": {"a": 9_007_199_254_740_992_i64}}),
            &[("/counts/a", "must be between -9007199254740991 and 9007199254740991")],
        ),
    ]);
}

#[test]
fn a_short_document_does_not_bring_about_a_very_long_answer() {
    let items = vec![json!(1); 10 * MAX_VIOLATIONS];
    let document = json!({"text": "a", "id": "a", "parent": null, "attachments": items});
    assert_eq!(violations::<Post>(&document).len(), MAX_VIOLATIONS);
}

#[test]
fn a_text_is_handy() {
    let id = Id::from("ab");
    assert_eq!((id.as_str(), id.as_ref(), id.to_string()), ("ab", "ab", "ab".to_owned()));
    assert_eq!(id, Id::from("ab".to_owned()));
    assert_eq!(serde_json::to_string(&id).unwrap(), "\"ab\"");
}
