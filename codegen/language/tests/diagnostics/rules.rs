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
    assert_snapshot!(report, @r"
    error[unknown-field]: the object has no field `nam`
     --> test.yaml:8:27
      |
    8 |       named: { required: [nam], properties: { siz: { minimum: 1 } }, violation: { path: /nam, message: must be named } }
      |                           ^^^ unknown
      |
      = help: did you mean `name`?

    error[unknown-field]: the object has no field `siz`
     --> test.yaml:8:47
      |
    8 |       named: { required: [nam], properties: { siz: { minimum: 1 } }, violation: { path: /nam, message: must be named } }
      |                                               ^^^ unknown
      |
      = help: did you mean `size`?

    error: 2 errors
    ");
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
    assert_snapshot!(report, @r"
    error[empty-rule]: the condition says nothing
     --> test.yaml:8:14
      |
    8 |       empty: { violation: { path: /name, message: must be named } }
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: state it with `required`, `properties`, `anyOf`, `allOf` or `not`

    error[empty-rule]: `name` has no condition
     --> test.yaml:9:31
      |
    9 |       hollow: { properties: { name: {} }, violation: { path: /name, message: must be named } }
      |                               ^^^^
      |
      = help: state it with `pattern`, `minLength`, `maxLength`, `minItems`, `maxItems`, `minimum`, `maximum`, `enum` or `const`; use `required` for its presence

    error: 2 errors
    ");
}

#[test]
fn a_rule_has_a_message() {
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
    assert_snapshot!(report, @r"
    error[missing-key]: the key `violation` is missing
     --> test.yaml:8:14
      |
    8 |       named: { required: [name] }
      |              ^^^^^^^^^^^^^^^^^^^^ needs `violation`
      |
      = help: `violation` is: The message for an object that breaks the rule.

    error[invalid-pointer]: `name` is not a JSON Pointer
     --> test.yaml:9:55
      |
    9 |       pointed: { required: [name], violation: { path: name, message: must be named } }
      |                                                       ^^^^ expected `/` first
      |
      = help: write `/name`

    error: 2 errors
    ");
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
    assert_snapshot!(report, @r"
    error[empty-rule]: `name` has no condition
     --> test.yaml:8:30
      |
    8 |       named: { properties: { name: { type: string } }, if: { required: [name] }, violation: { path: '', message: must be named } }
      |                              ^^^^
      |
      = help: state it with `pattern`, `minLength`, `maxLength`, `minItems`, `maxItems`, `minimum`, `maximum`, `enum` or `const`; use `required` for its presence

    error[unsupported-keyword]: `type` is not supported
     --> test.yaml:8:38
      |
    8 |       named: { properties: { name: { type: string } }, if: { required: [name] }, violation: { path: '', message: must be named } }
      |                                      ^^^^
      |
      = help: the field's type belongs under `properties` of the object

    error[unsupported-keyword]: `if` is not supported
     --> test.yaml:8:56
      |
    8 |       named: { properties: { name: { type: string } }, if: { required: [name] }, violation: { path: '', message: must be named } }
      |                                                        ^^
      |
      = help: use `anyOf` of the cases

    error: 3 errors
    ");
}
