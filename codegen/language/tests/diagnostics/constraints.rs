//! Mistakes in what types say of values.

use insta::assert_snapshot;

use crate::check;

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
    assert_snapshot!(report, @r"
    error[beside-ref]: `maxLength` cannot be used next to `$ref`
     --> test.yaml:5:52
      |
    5 |     properties: { note: { $ref: RoomId, maxLength: 5, summary: Fine. } }
      |                                                    ^
      |
      = help: only `summary`, `description`, `nullable`, `since` and `deprecated` can: move it into the type, or declare another type

    error: 1 error
    ");
}

#[test]
fn an_unsupported_keyword_is_reported_with_an_alternative() {
    let report = check(
        "
types:
  A: { summary: Either., oneOf: [{ $ref: Note }, { $ref: RoomId }] }
  B: { summary: Closed., type: object, additionalProperties: false, patternProperties: {} }
  C: { summary: Distinct., type: array, items: { $ref: RoomId }, uniqueItems: true }
  D: { summary: A default., type: integer, default: 5 }
",
    );
    assert_snapshot!(report, @r"
    error[unsupported-keyword]: `oneOf` is not supported
     --> test.yaml:2:26
      |
    2 |   A: { summary: Either., oneOf: [{ $ref: Note }, { $ref: RoomId }] }
      |                          ^^^^^
      |
      = help: a value has one type: declare an event (or a field) for each alternative, or one object with fields that are not required and a rule under `rules`

    error[unsupported-keyword]: `additionalProperties` takes the type of the values
     --> test.yaml:3:62
      |
    3 |   B: { summary: Closed., type: object, additionalProperties: false, patternProperties: {} }
      |                                                              ^^^^^ expected a type
      |
      = help: unknown fields are always ignored and never refused, so that either side can be newer: leave it out, or give the type of the values of an object with any keys

    error[unsupported-keyword]: `patternProperties` is not supported
     --> test.yaml:3:69
      |
    3 |   B: { summary: Closed., type: object, additionalProperties: false, patternProperties: {} }
      |                                                                     ^^^^^^^^^^^^^^^^^
      |
      = help: keys are either fixed (`properties`) or any (`additionalProperties`)

    error[unsupported-keyword]: `uniqueItems` is not supported
     --> test.yaml:4:66
      |
    4 |   C: { summary: Distinct., type: array, items: { $ref: RoomId }, uniqueItems: true }
      |                                                                  ^^^^^^^^^^^
      |
      = help: whether items are distinct is not checked: let the handler decide what a repetition means

    error[unsupported-keyword]: `default` is not supported
     --> test.yaml:5:44
      |
    5 |   D: { summary: A default., type: integer, default: 5 }
      |                                            ^^^^^^^
      |
      = help: leave the key out of `required`; say in `summary` what its absence means

    error: 5 errors
    ");
}

#[test]
fn a_format_other_than_date_time_is_refused() {
    let report = check(
        "
types:
  A: { summary: An address., type: string, format: email }
",
    );
    assert_snapshot!(report, @r"
    error[unsupported-format]: the format `email` is not supported
     --> test.yaml:2:52
      |
    2 |   A: { summary: An address., type: string, format: email }
      |                                                    ^^^^^ only `date-time` is
      |
      = help: implementations differ on what other formats allow: state it with `pattern`

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[misplaced-keyword]: `maxLength` has no meaning for an integer
     --> test.yaml:2:54
      |
    2 |   A: { summary: A number., type: integer, maxLength: 5, pattern: a }
      |                                                      ^
      |
      = help: an integer can have: `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`

    error[misplaced-keyword]: `pattern` has no meaning for an integer
     --> test.yaml:2:66
      |
    2 |   A: { summary: A number., type: integer, maxLength: 5, pattern: a }
      |                                                                  ^
      |
      = help: an integer can have: `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`

    error[misplaced-keyword]: `enum` has no meaning for an integer
     --> test.yaml:3:49
      |
    3 |   B: { summary: A choice., type: integer, enum: ['1', '2'] }
      |                                                 ^^^^^^^^^^
      |
      = help: only strings can be chosen from a list; for numbers use `minimum` and `maximum`

    error[misplaced-keyword]: `minimum` has no meaning for a boolean
     --> test.yaml:4:50
      |
    4 |   C: { summary: A flag., type: boolean, minimum: 0 }
      |                                                  ^
      |
      = help: leave it out

    error[misplaced-keyword]: `properties` has no meaning for an object with any keys
     --> test.yaml:5:50
      |
    5 |   D: { summary: Both., type: object, properties: {}, additionalProperties: { type: string } }
      |                                                  ^^
      |
      = help: an object has either fixed keys (`properties`) or any keys (`additionalProperties`)

    error: 5 errors
    ");
}

#[test]
fn an_array_declares_its_items() {
    let report = check(
        "
types:
  A: { summary: A list., type: array }
",
    );
    assert_snapshot!(report, @r"
    error[missing-key]: an array needs `items`
     --> test.yaml:2:6
      |
    2 |   A: { summary: A list., type: array }
      |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ needs `items`
      |
      = help: add `items: { $ref: … }`

    error: 1 error
    ");
}

#[test]
fn bounds_without_a_value_between_them_are_refused() {
    let report = check(
        "
types:
  A: { summary: A string., type: string, minLength: 5, maxLength: 4 }
  B: { summary: A list., type: array, items: { type: string }, minItems: 2, maxItems: 1 }
  C: { summary: A number., type: integer, exclusiveMinimum: 1, exclusiveMaximum: 2 }
  D: { summary: A number., type: number, minimum: 1.5, maximum: 1 }
",
    );
    assert_snapshot!(report, @r"
    error[empty-range]: nothing is between `minLength` and `maxLength`
     --> test.yaml:2:53
      |
    2 |   A: { summary: A string., type: string, minLength: 5, maxLength: 4 }
      |                                                     ^             -

    error[empty-range]: nothing is between `minItems` and `maxItems`
     --> test.yaml:3:74
      |
    3 |   B: { summary: A list., type: array, items: { type: string }, minItems: 2, maxItems: 1 }
      |                                                                          ^            -

    error[empty-range]: nothing is between `exclusiveMinimum` and `exclusiveMaximum`
     --> test.yaml:4:61
      |
    4 |   C: { summary: A number., type: integer, exclusiveMinimum: 1, exclusiveMaximum: 2 }
      |                                                             ^                    -

    error[empty-range]: nothing is between `minimum` and `maximum`
     --> test.yaml:5:51
      |
    5 |   D: { summary: A number., type: number, minimum: 1.5, maximum: 1 }
      |                                                   ^^^           -

    error: 4 errors
    ");
}

#[test]
fn the_bounds_of_integers_are_integers_that_json_carries() {
    let report = check(
        "
types:
  A: { summary: A number., type: integer, minimum: 0.5, maximum: 9007199254740992 }
",
    );
    assert_snapshot!(report, @r"
    error[wrong-kind]: the bound of an integer must be an integer
     --> test.yaml:2:52
      |
    2 |   A: { summary: A number., type: integer, minimum: 0.5, maximum: 9007199254740992 }
      |                                                    ^^^ expected -9007199254740991 to 9007199254740991

    error[out-of-range]: the bound is outside the range of integers that JSON represents exactly
     --> test.yaml:2:66
      |
    2 |   A: { summary: A number., type: integer, minimum: 0.5, maximum: 9007199254740992 }
      |                                                                  ^^^^^^^^^^^^^^^^ expected -9007199254740991 to 9007199254740991

    error: 2 errors
    ");
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
    assert_snapshot!(report, @r"
    error[empty-enum]: there is nothing to choose from
     --> test.yaml:2:44
      |
    2 |   A: { summary: None., type: string, enum: [] }
      |                                            ^^ an `enum` without values
      |
      = help: add the values

    error[duplicate-choice]: `a` is listed twice
     --> test.yaml:3:52
      |
    3 |   B: { summary: Twice., type: string, enum: [a, b, a] }
      |                                              -     ^ again here
      |                                              |
      |                                              first here

    error[name-collision]: `a-b` and `a_b` are both `AB` in code
     --> test.yaml:4:51
      |
    4 |   C: { summary: Alike., type: string, enum: [a-b, a_b] }
      |                                              ---  ^^^ again here
      |                                              |
      |                                              first here

    error[choice-name]: `1st` cannot be turned into a name in code
     --> test.yaml:5:48
      |
    5 |   D: { summary: Unnamed., type: string, enum: ['1st', '+', self] }
      |                                                ^^^^^ its name would be `1st`
      |
      = help: use ASCII letters and digits, a letter first (not `self`), or `type: string` with a `pattern`

    error[choice-name]: `+` cannot be turned into a name in code
     --> test.yaml:5:55
      |
    5 |   D: { summary: Unnamed., type: string, enum: ['1st', '+', self] }
      |                                                       ^^^ its name would be ``
      |
      = help: use ASCII letters and digits, a letter first (not `self`), or `type: string` with a `pattern`

    error[choice-name]: `self` cannot be turned into a name in code
     --> test.yaml:5:60
      |
    5 |   D: { summary: Unnamed., type: string, enum: ['1st', '+', self] }
      |                                                            ^^^^ its name would be `Self`
      |
      = help: use ASCII letters and digits, a letter first (not `self`), or `type: string` with a `pattern`

    error[wrong-kind]: only strings can be chosen from a list, and this is a number
     --> test.yaml:6:48
      |
    6 |   E: { summary: Numbers., type: string, enum: [1, 2] }
      |                                                ^ a number
      |
      = help: for numbers, write `type: integer` with `minimum` and `maximum`; the names of choices begin with a letter: `level_1`

    error: 7 errors
    ");
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
    assert_snapshot!(report, @r"
    error[invalid-pattern]: the pattern cannot be used: lookahead is not portable
     --> test.yaml:2:52
      |
    2 |   A: { summary: Lookahead., type: string, pattern: '^(?!x)' }
      |                                                    ^^^^^^^^ at `(?!x`
      |
      = help: match the whole string with `^…$`, or state the second condition under `rules`

    error[invalid-pattern]: the pattern cannot be used: a backreference is not portable
     --> test.yaml:3:58
      |
    3 |   B: { summary: A backreference., type: string, pattern: '(a)\1' }
      |                                                          ^^^^^^^ at `\1`
      |
      = help: write out what it refers to, or check it in the handler

    error[invalid-pattern]: the pattern cannot be used: the class is not closed
     --> test.yaml:4:49
      |
    4 |   C: { summary: Broken., type: string, pattern: '[a' }
      |                                                 ^^^^ at `[a`
      |
      = help: add `]`, or escape it: `\[`

    error[invalid-pattern]: the pattern cannot be used: the backslash escapes a character that has no special meaning
     --> test.yaml:5:52
      |
    5 |   D: { summary: An escape., type: string, pattern: '\-' }
      |                                                    ^^^^ at `\-`
      |
      = help: only `^$\.*+?()[]{}|/` are escaped with a backslash (and `-` in a class)

    error[invalid-pattern]: the pattern cannot be used: no property `greek` exists in both languages
     --> test.yaml:6:53
      |
    6 |   E: { summary: A property., type: string, pattern: '\p{greek}' }
      |                                                     ^^^^^^^^^^^ at `\p{g`
      |
      = help: write `\p{L}`, `\p{Script=Greek}` or the like, with names as in the Unicode Standard

    error: 5 errors
    ");
}

#[test]
fn a_violation_belongs_to_a_pattern() {
    let report = check(
        "
types:
  A: { summary: A string., type: string, violation: must be nice }
",
    );
    assert_snapshot!(report, @r"
    error[misplaced-keyword]: there is no `pattern` to violate
     --> test.yaml:2:53
      |
    2 |   A: { summary: A string., type: string, violation: must be nice }
      |                                                     ^^^^^^^^^^^^ the message for a string that breaks the pattern
      |
      = help: add `pattern`, or leave `violation` out

    error: 1 error
    ");
}

#[test]
fn a_misspelt_constraint_causes_no_further_errors() {
    let report = check(
        "
types:
  A:
    summary: An object.
    type: object
    required: [name]
    propertys: { name: { type: string } }
    example: { name: 5 }
  B: { summary: A string., type: string, maxLenght: 2, example: abc }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-key]: there is no key `propertys` here
     --> test.yaml:6:5
      |
    6 |     propertys: { name: { type: string } }
      |     ^^^^^^^^^ unknown key
      |
      = help: did you mean `properties`?

    error[unknown-key]: there is no key `maxLenght` here
     --> test.yaml:8:42
      |
    8 |   B: { summary: A string., type: string, maxLenght: 2, example: abc }
      |                                          ^^^^^^^^^ unknown key
      |
      = help: did you mean `maxLength`?

    error: 2 errors
    ");
}

#[test]
fn a_mistake_in_a_type_is_reported_once_and_not_again_in_its_example() {
    let once = [
        "type: integer, minimum: 5, maximum: 1, example: 3",
        "type: number, minimum: 5, exclusiveMaximum: 5, example: 5",
        "type: string, minLength: 5, maxLength: 1, example: abc",
        "type: array, items: { $ref: Note }, minItems: 2, maxItems: 1, example: []",
        "type: object, additionalProperties: false, required: [a], properties: { a: { type: string } }, example: { a: b }",
        "type: object, additionalProperties: { type: string }, required: [a], properties: { a: { type: string } }",
    ];
    for ty in once {
        let report = check(&format!("types:\n  A: {{ summary: A., {ty} }}\n"));
        assert!(report.ends_with("error: 1 error\n"), "{report}");
    }
}

#[test]
fn a_number_that_is_too_large_is_reported() {
    let report = check(
        "
types:
  A: { summary: A., type: integer, maximum: 100000000000000000000000 }
  B: { summary: B., type: string, maxLength: 100000000000000000000000 }
  C: { summary: C., type: integer, example: 100000000000000000000000 }
",
    );
    assert_snapshot!(report, @r"
    error[out-of-range]: the bound is outside the range of integers that JSON represents exactly
     --> test.yaml:2:45
      |
    2 |   A: { summary: A., type: integer, maximum: 100000000000000000000000 }
      |                                             ^^^^^^^^^^^^^^^^^^^^^^^^ expected -9007199254740991 to 9007199254740991

    error[out-of-range]: 100000000000000000000000 is too large
     --> test.yaml:3:46
      |
    3 |   B: { summary: B., type: string, maxLength: 100000000000000000000000 }
      |                                              ^^^^^^^^^^^^^^^^^^^^^^^^

    error[invalid-example]: the example is not a valid `C`
     --> test.yaml:4:45
      |
    4 |   C: { summary: C., type: integer, example: 100000000000000000000000 }
      |   - the expected type                       ^^^^^^^^^^^^^^^^^^^^^^^^ 1e+23 is outside the range of integers that JSON represents exactly

    error: 3 errors
    ");
}
