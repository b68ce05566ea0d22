//! Mistakes in YAML.

use insta::assert_snapshot;

use crate::check;

#[test]
fn a_syntax_error_is_shown_where_it_is() {
    let report = check(
        "
summary: [1, 2
client: {}
",
    );
    assert_snapshot!(report, @r"
    error[yaml-syntax]: the file is not well-formed YAML
     --> test.yaml:2:7
      |
    2 | client: {}
      |       ^ illegal placement of ':' indicator

    error: 1 error
    ");
}

#[test]
fn text_with_a_colon_needs_quotes() {
    let report = check("summary: What this is: a test");
    assert_snapshot!(report, @r"
    error[yaml-syntax]: the file is not well-formed YAML
     --> test.yaml:1:22
      |
    1 | summary: What this is: a test
      |                      ^ mapping values are not allowed in this context
      |
      = help: put text that contains `: ` in quotes, and check the indentation

    error: 1 error
    ");
}

#[test]
fn a_key_that_is_there_twice_is_shown_with_the_first() {
    let report = check(
        "
summary: One.
summary: Two.
",
    );
    assert_snapshot!(report, @r"
    error[duplicate-key]: the key `summary` is listed twice
     --> test.yaml:2:1
      |
    1 | summary: One.
      | ------- first here
    2 | summary: Two.
      | ^^^^^^^ again here

    error: 1 error
    ");
}

#[test]
fn anchors_aliases_and_tags_are_refused() {
    let report = check(
        "
types:
  A: &a { summary: A string., type: string }
  B: *a
  C: !text { summary: A string., type: string }
",
    );
    assert_snapshot!(report, @r"
    error[yaml-unsupported]: an anchor (`&name`) is not supported
     --> test.yaml:2:6
      |
    2 |   A: &a { summary: A string., type: string }
      |      ^^^^
    3 |   B: *a
      |      -- used here
      |
      = help: write the value out where it is used, or name it under `types` and use `$ref`

    error[yaml-unsupported]: a tag (`!name`) is not supported
     --> test.yaml:4:6
      |
    4 |   C: !text { summary: A string., type: string }
      |      ^^^^^^^
      |
      = help: remove it; to make a scalar a string, put it in quotes

    error: 2 errors
    ");
}

#[test]
fn a_second_document_is_refused() {
    let report = check(
        "
summary: One.
---
summary: Two.
",
    );
    assert_snapshot!(report, @r"
    error[yaml-unsupported]: the file has several documents
     --> test.yaml:2:1
      |
    2 | ---
      | ^^^ the second one starts here
      |
      = help: move it to a file of its own, and `include` that file

    error: 1 error
    ");
}

#[test]
fn a_key_that_is_a_list_is_refused() {
    let report = check(
        "
types:
  [a, b]: 1
",
    );
    assert_snapshot!(report, @r"
    error[yaml-unsupported]: a key that is not a scalar is not supported
     --> test.yaml:2:3
      |
    2 |   [a, b]: 1
      |   ^
      |
      = help: use a string as the key

    error: 1 error
    ");
}

#[test]
fn a_number_that_json_does_not_have_is_refused() {
    let report = check(
        "
types:
  A: { summary: A number., type: number, minimum: -.inf }
",
    );
    assert_snapshot!(report, @r"
    error[yaml-unsupported]: a number that JSON cannot represent is not supported
     --> test.yaml:2:51
      |
    2 |   A: { summary: A number., type: number, minimum: -.inf }
      |                                                   ^^^^^
      |
      = help: to make it a string, put it in quotes

    error: 1 error
    ");
}

#[test]
fn a_comma_that_ends_a_text_is_explained() {
    let report = check(
        "
types:
  A: { type: string, summary: A name, not empty. }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-key]: there is no key `not empty.` here
     --> test.yaml:2:39
      |
    2 |   A: { type: string, summary: A name, not empty. }
      |                                       ^^^^^^^^^^ the comma before it ended the text
      |
      = help: if it belongs to the text before it, put that text in quotes

    error: 1 error
    ");
}

#[test]
fn lines_are_shown_whole_around_wide_characters() {
    let report = check(
        "
types:
  A: { summary: 👍 ä €, typ: string }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-key]: there is no key `typ` here
     --> test.yaml:2:24
      |
    2 |   A: { summary: 👍 ä €, typ: string }
      |                         ^^^ unknown key
      |
      = help: did you mean `type`?

    error: 1 error
    ");
}

#[test]
fn more_than_a_hundred_levels_are_refused() {
    let report = check(
        "types: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    );
    assert_snapshot!(report, @r"
    error[yaml-unsupported]: collections are nested more than 100 deep
     --> test.yaml:1:107
      |
    1 | types: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
      |                                                                                                           ^

    error: 1 error
    ");
}

/// The line of the only mistake in a text, and its label.
fn line(test: &str) -> (String, bool) {
    let report = check(test);
    assert!(report.ends_with("error: 1 error\n"), "{report}");
    let line = report.split("test.yaml:").nth(1).and_then(|rest| rest.split(':').next()).unwrap();
    (line.to_owned(), report.contains("a tab in the indentation"))
}

#[test]
fn a_tab_is_shown_in_its_line() {
    for (test, expected) in [
        ("types:\n\tA: { summary: A., type: string }\n", "2"),
        ("types:\n  A:\n\t\tsummary: A.\n    type: string\n", "3"),
        ("types:\n  A:\n    summary: A text\n\tthat goes on.\n    type: string\n", "4"),
        ("types:\n  A:\n    summary: A text\n\n\ttype: string\n", "5"),
        ("types:\n  A:\n    summary: 'A text\n\tthat goes on.'\n    type: string\n", "4"),
        ("types:\n  A:\n    type: string\n    summary: |\n\tA.\n", "5"),
        ("types:\n  A:\n    summary: A.\n  \ttype: string\n", "4"),
    ] {
        assert_eq!(line(test), (expected.to_owned(), true), "{test}");
    }
}

#[test]
fn a_tab_that_is_not_in_the_way_is_not_blamed() {
    let test = "types:\n  A:\n    summary: |\n      \tA.\n    type: string\n  B: { summary: B., type: strin\n";
    assert!(!line(test).1, "{test}");
}

#[test]
fn a_merge_key_is_one_mistake() {
    let report = check(
        "
types:
  A: &a { summary: A string., type: string }
  B: { <<: *a, maxLength: 5 }
  C: { <<: { summary: A string., type: string } }
",
    );
    assert_snapshot!(report, @r"
    error[yaml-unsupported]: an anchor (`&name`) is not supported
     --> test.yaml:2:6
      |
    2 |   A: &a { summary: A string., type: string }
      |      ^^^^
    3 |   B: { <<: *a, maxLength: 5 }
      |            -- used here
      |
      = help: write the value out where it is used, or name it under `types` and use `$ref`

    error[yaml-unsupported]: a merge key (`<<`) is not supported
     --> test.yaml:4:8
      |
    4 |   C: { <<: { summary: A string., type: string } }
      |        ^^
      |
      = help: write the entries out, or name the value under `types` and use `$ref`

    error: 2 errors
    ");
}
