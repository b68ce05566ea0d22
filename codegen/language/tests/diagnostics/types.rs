//! Mistakes in types.

use insta::assert_snapshot;

use crate::check;

#[test]
fn an_unknown_type_is_reported_with_the_nearest_one() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    properties: { note: { $ref: Notes } }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-type]: there is no type `Notes`
     --> test.yaml:5:33
      |
    5 |     properties: { note: { $ref: Notes } }
      |                                 ^^^^^ unknown
      |
      = help: did you mean `Note`?

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[unknown-type]: `schema.yaml#/types/Note` is not the name of a type
     --> test.yaml:5:33
      |
    5 |     properties: { note: { $ref: 'schema.yaml#/types/Note' } }
      |                                 ^^^^^^^^^^^^^^^^^^^^^^^^^ expected a name
      |
      = help: `$ref` takes a type's name, whatever file it is in: `$ref: Note`

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[unsupported-type]: a value has one type, which is not `null`
     --> test.yaml:2:32
      |
    2 |   A: { summary: Either., type: [string, 'null'] }
      |                                ^^^^^^^^^^^^^^^^ expected one word
      |
      = help: for a value that may be `null`, write its type and `nullable: true`

    error[unsupported-type]: a value has one type, which is not `null`
     --> test.yaml:3:33
      |
    3 |   B: { summary: Nothing., type: 'null' }
      |                                 ^^^^^^ expected one word
      |
      = help: for a value that may be `null`, write its type and `nullable: true`

    error: 2 errors
    ");
}

#[test]
fn a_type_says_what_kind_it_is() {
    let report = check(
        "
types:
  A: { summary: An object., properties: { a: { maxLength: 5 } } }
",
    );
    assert_snapshot!(report, @r"
    error[missing-type]: the type has neither `type` nor `$ref`
     --> test.yaml:2:6
      |
    2 |   A: { summary: An object., properties: { a: { maxLength: 5 } } }
      |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add `type: object`, or refer to a named type by `$ref`

    error: 1 error
    ");
}

#[test]
fn a_required_name_is_a_field() {
    let report = check(
        "
types:
  A: { summary: An object., type: object, required: [nam, name, name], properties: { name: { type: string } } }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-field]: `nam` is required, but not under `properties`
     --> test.yaml:2:54
      |
    2 |   A: { summary: An object., type: object, required: [nam, name, name], properties: { name: { type: string } } }
      |                                                      ^^^ unknown
      |
      = help: did you mean `name`?

    error[duplicate-name]: `name` is required twice
     --> test.yaml:2:65
      |
    2 |   A: { summary: An object., type: object, required: [nam, name, name], properties: { name: { type: string } } }
      |                                                           ----  ^^^^ again here
      |                                                           |
      |                                                           first here

    error: 2 errors
    ");
}

#[test]
fn a_named_type_has_a_summary_and_is_not_nullable() {
    let report = check(
        "
types:
  A: { type: string, nullable: true }
",
    );
    assert_snapshot!(report, @r"
    error[missing-key]: the type `A` has no `summary`
     --> test.yaml:2:3
      |
    2 |   A: { type: string, nullable: true }
      |   ^ needs `summary`
      |
      = help: add `summary: …`: one sentence that says what it is

    error[misplaced-keyword]: a named type cannot be nullable
     --> test.yaml:2:32
      |
    2 |   A: { type: string, nullable: true }
      |                                ^^^^
      |
      = help: write `nullable: true` beside the `$ref`s to it

    error: 2 errors
    ");
}

#[test]
fn a_named_type_is_not_another_name_for_one() {
    let report = check(
        "
types:
  A: { summary: A note., $ref: Note }
",
    );
    assert_snapshot!(report, @r"
    error[type-synonym]: `A` would be another name for a type
     --> test.yaml:2:32
      |
    2 |   A: { summary: A note., $ref: Note }
      |                                ^^^^ a named type must define its own value
      |
      = help: use `Note` where `A` is used, or write out its definition

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[endless-type]: a `Tree` would never end: each contains another one
      --> test.yaml:11:19
       |
     2 |   Tree:
       |   ---- `Tree.left` → `Branch.trees`, and again
    ...
    11 |     properties: { trees: { type: array, minItems: 1, items: { $ref: Tree } } }
       |                   ^^^^^ leads back to it
       |
       = help: add `nullable: true` to one of these fields, or leave it out of `required`

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[unknown-word]: `strin` is not one of the choices
     --> test.yaml:3:32
      |
    3 |   A: { summary: Broken., type: strin }
      |                                ^^^^^ unknown
      |
      = help: did you mean `string`?

    error[unknown-type]: there is no type `C`
      --> test.yaml:10:22
       |
    10 |     payload: { $ref: C }
       |                      ^ unknown
       |
       = help: there are `RoomId`, `Note`, `Error`, `A`, `B`

    error: 2 errors
    ");
}

#[test]
fn a_misspelt_section_causes_no_further_errors() {
    let report = check(
        "
typs:
  A: { summary: A string., type: string }
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: A }
    failure: Failed to poke
    limit: events
",
    );
    assert_snapshot!(report, @r"
    error[unknown-key]: there is no key `typs` here
     --> test.yaml:1:1
      |
    1 | typs:
      | ^^^^ unknown key
      |
      = help: did you mean `types`?

    error: 1 error
    ");
}
