//! Mistakes across files.

use insta::assert_snapshot;

use crate::check;

#[test]
fn a_file_that_is_not_there_is_shown_where_it_is_included() {
    let report = check(
        "include: [nowhere.yaml]",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_file_that_includes_itself_is_refused() {
    let report = check(
        "include: [schema.yaml]",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_name_declared_in_two_files_is_shown_with_both() {
    let report = check(
        "
types:
  Note: { summary: Again., type: string }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_event_declared_in_two_files_is_shown_with_both() {
    let report = check(
        "
summary: Test.
server:
  noted: { summary: Again. }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_section_in_two_files_is_shown_with_both() {
    let report = check(
        "protocol: { name: test, version: 1.0.0, summary: Again. }",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_file_with_events_needs_a_summary() {
    let report = check(
        "
server:
  poked: { summary: A poke. }
",
    );
    assert_snapshot!(report, @"");
}
