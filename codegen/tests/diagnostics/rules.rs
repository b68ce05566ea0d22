//! Mistakes in rules across fields.

use insta::assert_snapshot;

use crate::check;

#[test]
fn a_rule_is_about_fields_that_are_there() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    required: [name]
    properties: { name: { type: string }, size: { type: integer } }
    rules:
      named: { required: [nam], properties: { siz: { minimum: 1 } }, violation: { path: /nam, message: must be named } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_rule_says_something() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    required: [name]
    properties: { name: { type: string }, size: { type: integer } }
    rules:
      empty: { violation: { path: /name, message: must be named } }
      hollow: { properties: { name: {} }, violation: { path: /name, message: must be named } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_rule_says_what_is_told_of_it() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    required: [name]
    properties: { name: { type: string }, size: { type: integer } }
    rules:
      named: { required: [name] }
      pointed: { required: [name], violation: { path: name, message: must be named } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_rule_does_not_say_what_types_say() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    required: [name]
    properties: { name: { type: string }, size: { type: integer } }
    rules:
      named: { properties: { name: { type: string } }, if: { required: [name] }, violation: { path: '', message: must be named } }
",
    );
    assert_snapshot!(report, @"");
}
