//! Mistakes in examples.

use insta::assert_snapshot;

use crate::check;

#[test]
fn an_example_is_held_to_its_type() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    required: [name, at, tags]
    properties:
      name: { type: string, maxLength: 3 }
      at: { type: string, format: date-time }
      size: { type: integer, minimum: 1 }
      tags: { type: array, items: { $ref: RoomId } }
    example:
      name: toolong
      at: yesterday
      size: 0
      tags: [ok, 5, '']
",
    );
    assert_snapshot!(report, @r#"
    error[invalid-example]: the example is not a valid `A`
      --> test.yaml:12:13
       |
     2 |   A:
       |   - the expected type
    ...
    12 |       name: toolong
       |             ^^^^^^^ "toolong" is longer than 3 characters

    error[invalid-example]: the example is not a valid `A`
      --> test.yaml:13:11
       |
     2 |   A:
       |   - the expected type
    ...
    13 |       at: yesterday
       |           ^^^^^^^^^ "yesterday" is not a "date-time"

    error[invalid-example]: the example is not a valid `A`
      --> test.yaml:14:13
       |
     2 |   A:
       |   - the expected type
    ...
    14 |       size: 0
       |             ^ 0 is less than the minimum of 1

    error[invalid-example]: the example is not a valid `A`
      --> test.yaml:15:18
       |
     2 |   A:
       |   - the expected type
    ...
    15 |       tags: [ok, 5, '']
       |                  ^ 5 is not of type "string"

    error[invalid-example]: the example is not a valid `A`
      --> test.yaml:15:21
       |
     2 |   A:
       |   - the expected type
    ...
    15 |       tags: [ok, 5, '']
       |                     ^^ "" is shorter than 1 character

    error: 5 errors
    "#);
}

#[test]
fn a_missing_field_is_shown_at_the_object() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    required: [note]
    properties: { note: { $ref: Note } }
    example: { note: { roomId: room_1 } }
",
    );
    assert_snapshot!(report, @r"
    error[invalid-example]: the example is not a valid `A`
     --> test.yaml:7:22
      |
    2 |   A:
      |   - the expected type
    ...
    7 |     example: { note: { roomId: room_1 } }
      |                      ^^^^^^^^^^^^^^^^^^ `text` is missing

    error: 1 error
    ");
}

#[test]
fn a_field_that_the_type_does_not_have_is_a_mistake_in_an_example() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    properties: { name: { type: string } }
    example: { nam: alice }
",
    );
    assert_snapshot!(report, @r"
    error[invalid-example]: the example is not a valid `A`
     --> test.yaml:6:16
      |
    2 |   A:
      |   - the expected type
    ...
    6 |     example: { nam: alice }
      |                ^^^ `A` has no field `nam`
      |
      = help: did you mean `name`?

    error: 1 error
    ");
}

#[test]
fn an_example_that_breaks_a_rule_is_reported_with_the_violation() {
    let report = check(
        r"
types:
  A:
    summary: An object.
    type: object
    required: [text]
    properties: { text: { type: string }, files: { type: array, items: { type: string } } }
    rules:
      something:
        anyOf: [{ properties: { text: { pattern: '\S' } } }, { required: [files], properties: { files: { minItems: 1 } } }]
        violation: { path: /text, message: must not be empty unless there are files }
    example: { text: '  ', files: null }
",
    );
    assert_snapshot!(report, @r"
    error[invalid-example]: the example is not a valid `A`
      --> test.yaml:11:22
       |
     2 |   A:
       |   - the expected type
    ...
    11 |     example: { text: '  ', files: null }
       |                      ^^^^ must not be empty unless there are files
       |
       = help: it breaks the rule `something`

    error: 1 error
    ");
}

#[test]
fn an_example_that_breaks_a_pattern_is_reported() {
    let report = check(
        "
types:
  A: { summary: A name., type: string, pattern: '^[a-z]+$', example: Alice }
",
    );
    assert_snapshot!(report, @r"
    error[invalid-example]: the example is not a valid `A`
     --> test.yaml:2:70
      |
    2 |   A: { summary: A name., type: string, pattern: '^[a-z]+$', example: Alice }
      |   - the expected type                                                ^^^^^ the pattern `^[a-z]+$` is not found in it

    error: 1 error
    ");
}

#[test]
fn an_events_example_is_held_to_its_payload() {
    let report = check(
        "
summary: Test.
server:
  poked: { summary: A poke., scope: room, payload: { $ref: Note }, example: { roomId: room_1, text: null } }
",
    );
    assert_snapshot!(report, @r#"
    error[invalid-example]: the example is not a valid `Note`
      --> test.yaml:3:101
       |
     3 |   poked: { summary: A poke., scope: room, payload: { $ref: Note }, example: { roomId: room_1, text: null } }
       |                                                                                                     ^^^^ null is not of type "string"
       |
      ::: schema.yaml:25:3
       |
    25 |   Note:
       |   ---- the expected type

    error: 1 error
    "#);
}

#[test]
fn an_event_with_a_payload_has_an_example() {
    let report = check(
        "
summary: Test.
server:
  poked:
    summary: A poke.
    payload: { type: object, properties: { who: { type: string } } }
",
    );
    assert_snapshot!(report, @r"
    error[missing-example]: `poked` has no example
     --> test.yaml:3:3
      |
    3 |   poked:
      |   ^^^^^ needs `example`
      |
      = help: add `example: …` here, or to the payload's type

    error: 1 error
    ");
}

#[test]
fn an_event_without_a_payload_has_no_example() {
    let report = check(
        "
summary: Test.
server:
  poked: { summary: A poke., example: {} }
",
    );
    assert_snapshot!(report, @r"
    error[misplaced-keyword]: an event without a payload has no example
     --> test.yaml:3:39
      |
    3 |   poked: { summary: A poke., example: {} }
      |                                       ^^
      |
      = help: add `payload`, or leave `example` out

    error: 1 error
    ");
}

#[test]
fn a_field_has_no_example_of_its_own() {
    let report = check(
        "
types:
  A: { summary: An object., type: object, properties: { name: { type: string, example: alice } } }
",
    );
    assert_snapshot!(report, @r"
    error[misplaced-keyword]: a field has no example of its own
     --> test.yaml:2:88
      |
    2 |   A: { summary: An object., type: object, properties: { name: { type: string, example: alice } } }
      |                                                                                        ^^^^^
      |
      = help: give the object an example, or make the field's type a named one

    error: 1 error
    ");
}

#[test]
fn an_example_of_a_nullable_field_is_reported_with_the_mistake_in_its_value() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    properties: { room: { $ref: RoomId, nullable: true }, note: { $ref: Note } }
    example: { room: '', note: { roomId: 5, text: a } }
",
    );
    assert_snapshot!(report, @r#"
    error[invalid-example]: the example is not a valid `A`
     --> test.yaml:6:22
      |
    2 |   A:
      |   - the expected type
    ...
    6 |     example: { room: '', note: { roomId: 5, text: a } }
      |                      ^^ "" is shorter than 1 character

    error[invalid-example]: the example is not a valid `A`
     --> test.yaml:6:42
      |
    2 |   A:
      |   - the expected type
    ...
    6 |     example: { room: '', note: { roomId: 5, text: a } }
      |                                          ^ 5 is not of type "string"

    error: 2 errors
    "#);
}
