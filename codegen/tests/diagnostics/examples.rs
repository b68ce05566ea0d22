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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}

#[test]
fn an_example_that_breaks_a_rule_is_told_its_violation() {
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
    assert_snapshot!(report, @"");
}

#[test]
fn an_example_that_breaks_a_pattern_is_told_so() {
    let report = check(
        "
types:
  A: { summary: A name., type: string, pattern: '^[a-z]+$', example: Alice }
",
    );
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}

#[test]
fn a_field_has_no_example_of_its_own() {
    let report = check(
        "
types:
  A: { summary: An object., type: object, properties: { name: { type: string, example: alice } } }
",
    );
    assert_snapshot!(report, @"");
}
