//! Mistakes in types.

use insta::assert_snapshot;

use crate::check;

#[test]
fn an_unknown_type_is_told_with_the_nearest_one() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    properties: { note: { $ref: Notes } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_path_is_no_type() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    properties: { note: { $ref: 'schema.yaml#/types/Note' } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn nothing_that_constrains_stands_beside_a_reference() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    properties: { note: { $ref: RoomId, maxLength: 5, summary: Fine. } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_unsupported_keyword_is_told_with_what_to_use() {
    let report = check(
        "
types:
  A: { summary: Either., oneOf: [{ $ref: Note }, { $ref: RoomId }] }
  B: { summary: Closed., type: object, additionalProperties: false, patternProperties: {} }
  C: { summary: Distinct., type: array, items: { $ref: RoomId }, uniqueItems: true }
  D: { summary: A default., type: integer, default: 5 }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_format_other_than_date_time_is_refused() {
    let report = check(
        "
types:
  A: { summary: An address., type: string, format: email }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_type_is_one_word() {
    let report = check(
        "
types:
  A: { summary: Either., type: [string, 'null'] }
  B: { summary: Nothing., type: 'null' }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_type_says_what_kind_it_is() {
    let report = check(
        "
types:
  A: { summary: An object., properties: { a: { maxLength: 5 } } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_keyword_of_another_type_is_refused() {
    let report = check(
        "
types:
  A: { summary: A number., type: integer, maxLength: 5, pattern: a }
  B: { summary: A choice., type: integer, enum: ['1', '2'] }
  C: { summary: A flag., type: boolean, minimum: 0 }
  D: { summary: Both., type: object, properties: {}, additionalProperties: { type: string } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_array_says_what_its_items_are() {
    let report = check(
        "
types:
  A: { summary: A list., type: array }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn bounds_that_nothing_is_between_are_refused() {
    let report = check(
        "
types:
  A: { summary: A string., type: string, minLength: 5, maxLength: 4 }
  B: { summary: A list., type: array, items: { type: string }, minItems: 2, maxItems: 1 }
  C: { summary: A number., type: integer, exclusiveMinimum: 1, exclusiveMaximum: 2 }
  D: { summary: A number., type: number, minimum: 1.5, maximum: 1 }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn the_bounds_of_integers_are_integers_that_json_carries() {
    let report = check(
        "
types:
  A: { summary: A number., type: integer, minimum: 0.5, maximum: 9007199254740992 }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_enum_has_distinct_values_that_make_names() {
    let report = check(
        "
types:
  A: { summary: None., type: string, enum: [] }
  B: { summary: Twice., type: string, enum: [a, b, a] }
  C: { summary: Alike., type: string, enum: [a-b, a_b] }
  D: { summary: Unnamed., type: string, enum: ['1st', '+', self] }
  E: { summary: Numbers., type: string, enum: [1, 2] }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_pattern_has_to_be_portable() {
    let report = check(
        r"
types:
  A: { summary: Lookahead., type: string, pattern: '^(?!x)' }
  B: { summary: A backreference., type: string, pattern: '(a)\1' }
  C: { summary: Broken., type: string, pattern: '[a' }
  D: { summary: An escape., type: string, pattern: '\-' }
  E: { summary: A property., type: string, pattern: '\p{greek}' }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_violation_belongs_to_a_pattern() {
    let report = check(
        "
types:
  A: { summary: A string., type: string, violation: must be nice }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_required_name_is_a_field() {
    let report = check(
        "
types:
  A: { summary: An object., type: object, required: [nam, name, name], properties: { name: { type: string } } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_named_type_has_a_summary_and_is_not_nullable() {
    let report = check(
        "
types:
  A: { type: string, nullable: true }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_named_type_is_not_another_name_for_one() {
    let report = check(
        "
types:
  A: { summary: A note., $ref: Note }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_value_that_would_never_end_is_refused() {
    let report = check(
        "
types:
  Tree:
    summary: A tree.
    type: object
    required: [left, name]
    properties: { name: { type: string }, left: { $ref: Branch } }
  Branch:
    summary: A branch.
    type: object
    required: [trees]
    properties: { trees: { type: array, minItems: 1, items: { $ref: Tree } } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_broken_type_causes_no_further_errors() {
    let report = check(
        "
summary: Test.
types:
  A: { summary: Broken., type: strin }
  B: { summary: Fine., type: object, required: [a], properties: { a: { $ref: A } }, example: { a: 5 } }
client:
  poke:
    summary: Poke.
    scope: room
    limit: events
    payload: { $ref: C }
    emits: { poked: scope }
    ack: poked
    failure: Failed to poke
server:
  poked: { summary: A poke., scope: room, payload: { $ref: B } }
",
    );
    assert_snapshot!(report, @"");
}
