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
    assert_snapshot!(report, @"");
}

#[test]
fn text_with_a_colon_needs_quotes() {
    let report = check(
        "summary: What this is: a test",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_key_that_is_there_twice_is_shown_with_the_first() {
    let report = check(
        "
summary: One.
summary: Two.
",
    );
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}

#[test]
fn a_key_that_is_a_list_is_refused() {
    let report = check(
        "
types:
  [a, b]: 1
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_number_that_json_does_not_have_is_refused() {
    let report = check(
        "
types:
  A: { summary: A number., type: number, minimum: -.inf }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_comma_that_ends_a_text_is_explained() {
    let report = check(
        "
types:
  A: { type: string, summary: A name, not empty. }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn lines_are_shown_whole_around_wide_characters() {
    let report = check(
        "
types:
  A: { summary: 👍 ä €, typ: string }
",
    );
    assert_snapshot!(report, @"");
}
