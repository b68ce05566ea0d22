//! Mistakes in the keys of records and the kinds of their values.

use insta::assert_snapshot;

use crate::check;

#[test]
fn an_unknown_key_is_told_with_the_nearest_one() {
    let report = check(
        "
types:
  A: { sumary: A string., type: string }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_unknown_key_near_none_is_told_with_all() {
    let report = check(
        "
limits:
  many: { summary: Many., per: user, rate: 1/s, burst: 1, colour: red }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_missing_key_is_told_with_its_meaning() {
    let report = check(
        "
summary: Test.
client:
  poke:
    limit: events
    failure: Failed to poke
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_wrong_kind_is_told_with_what_is_there() {
    let report = check(
        "
summary: [Test.]
types: 5
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_number_for_a_string_wants_quotes() {
    let report = check(
        "
summary: Test.
server:
  poked: { summary: A poke., since: 1.0 }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_unknown_word_is_told_with_the_choices() {
    let report = check(
        "
limits:
  many: { summary: Many., per: usr, rate: 1/s, burst: 1 }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_negative_length_is_refused() {
    let report = check(
        "
types:
  A: { summary: A string., type: string, minLength: -1 }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_empty_file_is_not_a_schema() {
    let report = check(
        "",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_empty_summary_is_refused() {
    let report = check(
        "
types:
  A: { summary: '', type: string }
",
    );
    assert_snapshot!(report, @"");
}
