//! Mistakes in the keys of records and the kinds of their values.

use insta::assert_snapshot;

use crate::check;

#[test]
fn an_unknown_key_is_reported_with_the_nearest_one() {
    let report = check(
        "
types:
  A: { sumary: A string., type: string }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-key]: there is no key `sumary` here
     --> test.yaml:2:8
      |
    2 |   A: { sumary: A string., type: string }
      |        ^^^^^^ unknown key
      |
      = help: did you mean `summary`?

    error: 1 error
    ");
}

#[test]
fn an_unknown_key_near_none_is_reported_with_all() {
    let report = check(
        "
limits:
  many: { summary: Many., per: user, rate: 1/s, burst: 1, colour: red }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-key]: there is no key `colour` here
     --> test.yaml:2:59
      |
    2 |   many: { summary: Many., per: user, rate: 1/s, burst: 1, colour: red }
      |                                                           ^^^^^^ unknown key
      |
      = help: there are `summary`, `description`, `per`, `rate`, `burst`

    error: 1 error
    ");
}

#[test]
fn a_missing_key_is_reported_with_its_meaning() {
    let report = check(
        "
summary: Test.
client:
  poke:
    limit: events
    failure: Failed to poke
",
    );
    assert_snapshot!(report, @r"
    error[missing-key]: the key `summary` is missing
     --> test.yaml:3:3
      |
    3 |   poke:
      |   ^^^^ needs `summary`
      |
      = help: `summary` is: One sentence that says what it does.

    error: 1 error
    ");
}

#[test]
fn a_wrong_kind_is_reported_with_the_actual_one() {
    let report = check(
        "
summary: [Test.]
types: 5
",
    );
    assert_snapshot!(report, @r"
    error[wrong-kind]: expected a string, found a list
     --> test.yaml:1:10
      |
    1 | summary: [Test.]
      |          ^^^^^^^ this is a list

    error[wrong-kind]: expected a mapping, found an integer
     --> test.yaml:2:8
      |
    2 | types: 5
      |        ^ this is an integer

    error: 2 errors
    ");
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
    assert_snapshot!(report, @r"
    error[wrong-kind]: expected a version, found a number
     --> test.yaml:3:37
      |
    3 |   poked: { summary: A poke., since: 1.0 }
      |                                     ^^^ this is a number
      |
      = help: write all three numbers of it: `1.0.0`

    error: 1 error
    ");
}

#[test]
fn an_unknown_word_is_reported_with_the_choices() {
    let report = check(
        "
limits:
  many: { summary: Many., per: usr, rate: 1/s, burst: 1 }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-word]: `usr` is not one of the choices
     --> test.yaml:2:32
      |
    2 |   many: { summary: Many., per: usr, rate: 1/s, burst: 1 }
      |                                ^^^ unknown
      |
      = help: did you mean `user`?

    error: 1 error
    ");
}

#[test]
fn a_negative_length_is_refused() {
    let report = check(
        "
types:
  A: { summary: A string., type: string, minLength: -1 }
",
    );
    assert_snapshot!(report, @r"
    error[out-of-range]: -1 is negative
     --> test.yaml:2:53
      |
    2 |   A: { summary: A string., type: string, minLength: -1 }
      |                                                     ^^ expected 0 or more

    error: 1 error
    ");
}

#[test]
fn an_empty_file_is_not_a_schema() {
    let report = check("");
    assert_snapshot!(report, @r"
    error[wrong-kind]: expected a mapping, found nothing
     --> test.yaml:1:1
      |
    1 |
      | ^ the value is missing

    error: 1 error
    ");
}

#[test]
fn an_empty_summary_is_refused() {
    let report = check(
        "
types:
  A: { summary: '', type: string }
",
    );
    assert_snapshot!(report, @r"
    error[empty-text]: the summary is empty
     --> test.yaml:2:17
      |
    2 |   A: { summary: '', type: string }
      |                 ^^ say what this is

    error: 1 error
    ");
}
