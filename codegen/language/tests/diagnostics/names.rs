//! Invalid names.

use insta::assert_snapshot;

use crate::check;

#[test]
fn names_have_the_case_of_their_kind() {
    let report = check(
        "
summary: Test.
errors:
  NotFound: { summary: Not found., code: not-found, message: Not found, status: 404 }
types:
  user_name: { summary: A name., type: string }
server:
  userPoked: { summary: A poke. }
",
    );
    assert_snapshot!(report, @r"
    error[name-case]: the error `NotFound` is not named in snake_case
     --> test.yaml:3:3
      |
    3 |   NotFound: { summary: Not found., code: not-found, message: Not found, status: 404 }
      |   ^^^^^^^^ lower-case letters and digits, words separated by `_`
      |
      = help: rename it to `not_found`

    error[name-case]: the code `not-found` is not named in snake_case
     --> test.yaml:3:42
      |
    3 |   NotFound: { summary: Not found., code: not-found, message: Not found, status: 404 }
      |                                          ^^^^^^^^^ lower-case letters and digits, words separated by `_`
      |
      = help: rename it to `not_found`

    error[name-case]: the type `user_name` is not named in PascalCase
     --> test.yaml:5:3
      |
    5 |   user_name: { summary: A name., type: string }
      |   ^^^^^^^^^ letters A to Z and digits, each word with a capital
      |
      = help: rename it to `UserName`

    error[name-case]: the event `userPoked` is not named in snake_case
     --> test.yaml:7:3
      |
    7 |   userPoked: { summary: A poke. }
      |   ^^^^^^^^^ lower-case letters and digits, words separated by `_`
      |
      = help: rename it to `user_poked`

    error: 4 errors
    ");
}

/// Names that are no fragment of a URI, or stand for something else in a JSON Pointer, and yet are names in YAML.
#[test]
fn a_type_whose_name_is_not_an_identifier_is_refused_with_all_of_its_uses() {
    for name in
        ["Page<User>", "My Type", "Größe", "A/B", "A%20B", "#X", "A~B", "A~1B", "A\u{301}", "%", "", "X#/$defs/Y"]
    {
        let quoted = serde_json::Value::from(name);
        let report = check(&format!(
            "
types:
  {quoted}:
    summary: A page.
    required: [next]
    properties: {{ next: {{ $ref: {quoted}, nullable: true }}, part: {{ required: [], properties: {{}}, example: {{}} }} }}
    example: {{ next: {{ next: null }} }}
  Book:
    summary: A book.
    required: [pages]
    properties: {{ pages: {{ type: array, items: {{ $ref: {quoted} }} }} }}
    example: {{ pages: [{{ next: null }}] }}
"
        ));
        assert!(report.starts_with("error[name-case]: the type `"), "{name:?}: {report}");
        assert!(report.contains("--> test.yaml:2:3"), "{name:?}: {report}");
        assert!(report.contains("help: rename it"), "{name:?}: {report}");
    }
}

#[test]
fn a_type_cannot_have_a_name_that_code_takes_for_granted() {
    let report = check(
        "
types:
  Option: { summary: A string., type: string }
  Array: { summary: A string., type: string }
  Self: { summary: A string., type: string }
",
    );
    assert_snapshot!(report, @r"
    error[reserved-name]: the type `Option` cannot be named `Option`
     --> test.yaml:2:3
      |
    2 |   Option: { summary: A string., type: string }
      |   ^^^^^^ `Option` has another meaning in generated code
      |
      = help: choose another name

    error[reserved-name]: the type `Array` cannot be named `Array`
     --> test.yaml:3:3
      |
    3 |   Array: { summary: A string., type: string }
      |   ^^^^^ `Array` has another meaning in generated code
      |
      = help: choose another name

    error[reserved-name]: the type `Self` cannot be named `Self`
     --> test.yaml:4:3
      |
    4 |   Self: { summary: A string., type: string }
      |   ^^^^ `Self` has another meaning in generated code
      |
      = help: choose another name

    error: 3 errors
    ");
}

#[test]
fn two_fields_cannot_be_one_in_rust() {
    let report = check(
        "
types:
  A: { summary: An object., type: object, properties: { userId: { type: string }, user_id: { type: string } } }
",
    );
    assert_snapshot!(report, @r"
    error[name-collision]: `userId` and `user_id` are both `user_id` in Rust
     --> test.yaml:2:83
      |
    2 |   A: { summary: An object., type: object, properties: { userId: { type: string }, user_id: { type: string } } }
      |                                                         ------ this field         ^^^^^^^ this field
      |
      = help: rename one of them

    error: 1 error
    ");
}

#[test]
fn a_field_is_a_name_in_code() {
    let report = check(
        "
types:
  A: { summary: An object., type: object, properties: { user-id: { type: string }, self: { type: string }, type: { type: string } } }
",
    );
    assert_snapshot!(report, @r"
    error[field-name]: `user-id` cannot be a name in code
     --> test.yaml:2:57
      |
    2 |   A: { summary: An object., type: object, properties: { user-id: { type: string }, self: { type: string }, type: { type: string } } }
      |                                                         ^^^^^^^ expected ASCII letters, digits and `_`, no digit first

    error[reserved-name]: a field cannot be named `self`
     --> test.yaml:2:84
      |
    2 |   A: { summary: An object., type: object, properties: { user-id: { type: string }, self: { type: string }, type: { type: string } } }
      |                                                                                    ^^^^ has another meaning in Rust, and cannot be escaped there

    error: 2 errors
    ");
}

#[test]
fn an_inline_payload_cannot_have_the_name_of_a_type() {
    let report = check(
        "
summary: Test.
types:
  Poked: { summary: A string., type: string }
server:
  poked:
    summary: A poke.
    payload: { type: object, properties: { text: { type: string } } }
    example: { text: a }
",
    );
    assert_snapshot!(report, @r"
    error[name-collision]: two things would be named `Poked` in generated code
     --> test.yaml:5:3
      |
    3 |   Poked: { summary: A string., type: string }
      |   ----- the type `Poked`
    4 | server:
    5 |   poked:
      |   ^^^^^ this inline type, which gets the name `Poked`
      |
      = help: rename one of them

    error: 1 error
    ");
}

#[test]
fn a_type_cannot_have_the_name_of_a_reply_or_an_events_errors() {
    let report = check(
        "
types:
  PokeReply: { summary: A string., type: string }
  PokeError: { summary: A string., type: string }
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    limit: events
",
    );
    assert_snapshot!(report, @r"
    error[name-collision]: two things would be named `PokeReply` in generated code
     --> test.yaml:6:3
      |
    2 |   PokeReply: { summary: A string., type: string }
      |   --------- the type `PokeReply`
    ...
    6 |   poke:
      |   ^^^^ the reply to `poke`
      |
      = help: rename one of them

    error[name-collision]: two things would be named `PokeError` in generated code
     --> test.yaml:6:3
      |
    3 |   PokeError: { summary: A string., type: string }
      |   --------- the type `PokeError`
    ...
    6 |   poke:
      |   ^^^^ the errors of `poke`
      |
      = help: rename one of them

    error: 2 errors
    ");
}

#[test]
fn two_errors_cannot_be_one_in_rust() {
    let report = check(
        "
errors:
  not_found: { summary: Not found., code: not_found, message: Not found, status: 404 }
  notFound: { summary: Not found., code: not_found, message: Not found, status: 404 }
",
    );
    assert_snapshot!(report, @r"
    error[name-case]: the error `notFound` is not named in snake_case
     --> test.yaml:3:3
      |
    3 |   notFound: { summary: Not found., code: not_found, message: Not found, status: 404 }
      |   ^^^^^^^^ lower-case letters and digits, words separated by `_`
      |
      = help: rename it to `not_found`

    error: 1 error
    ");
}

#[test]
fn an_event_cannot_have_a_name_of_socket_io_or_rust() {
    let report = check(
        "
summary: Test.
server:
  connect_error: { summary: A poke. }
  match: { summary: A poke. }
  ack: { summary: A poke. }
",
    );
    assert_snapshot!(report, @r"
    error[reserved-name]: an event cannot be named `connect_error`
     --> test.yaml:3:3
      |
    3 |   connect_error: { summary: A poke. }
      |   ^^^^^^^^^^^^^ Socket.IO itself has this event
      |
      = help: choose another name

    error[reserved-name]: an event cannot be named `match`
     --> test.yaml:4:3
      |
    4 |   match: { summary: A poke. }
      |   ^^^^^ this is a keyword of Rust
      |
      = help: choose another name

    error[reserved-name]: an event cannot be named `ack`
     --> test.yaml:5:3
      |
    5 |   ack: { summary: A poke. }
      |   ^^^ generated code uses this name for acknowledgements
      |
      = help: choose another name

    error: 3 errors
    ");
}

#[test]
fn a_domain_cannot_have_the_name_of_a_type() {
    let report = check(
        "
types:
  Test: { summary: A string., type: string }
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    limit: events
",
    );
    assert_snapshot!(report, @r"
    error[name-collision]: two things would be named `Test` in generated code
     --> test.yaml:4:1
      |
    2 |   Test: { summary: A string., type: string }
      |   ---- the type `Test`
    3 | summary: Test.
    4 | client:
      | ^^^^^^ the handlers of the domain `test`, which is named after this file
      |
      = help: rename one of them

    error: 1 error
    ");
}

#[test]
fn an_event_that_socket_io_has_is_one_mistake() {
    for name in ["connect", "disconnect", "connect_error", "ack"] {
        let report = check(&format!(
            "
summary: A test.
client:
  {name}:
    summary: Connects.
    limit: events
    payload: {{ type: object, required: [roomId], properties: {{ roomId: {{ $ref: RoomId }} }} }}
    ack: {{ $ref: Note }}
    failure: Failed to connect
    example: {{ roomId: room_1 }}
"
        ));
        assert!(report.ends_with("error: 1 error\n") && report.contains("error[reserved-name]"), "{report}");
    }
}

#[test]
fn types_differ_in_more_than_case() {
    let report = check(
        "
summary: A test.
types:
  HttpServer: { summary: A., type: string }
  HTTPServer: { summary: B., type: string }
  Drawstroke: { summary: C., type: string }
client:
  draw_stroke:
    summary: Draws.
    limit: events
    payload: { type: object, properties: { a: { type: string } } }
    failure: Failed to draw
    example: { a: b }
",
    );
    assert_snapshot!(report, @r"
    error[name-collision]: two things would be named `HttpServer` and `HTTPServer`, which differ only in case
     --> test.yaml:4:3
      |
    3 |   HttpServer: { summary: A., type: string }
      |   ---------- the type `HttpServer`
    4 |   HTTPServer: { summary: B., type: string }
      |   ^^^^^^^^^^ the type `HTTPServer`
      |
      = help: rename one of them

    error[name-collision]: two things would be named `Drawstroke` and `DrawStroke`, which differ only in case
     --> test.yaml:7:3
      |
    5 |   Drawstroke: { summary: C., type: string }
      |   ---------- the type `Drawstroke`
    6 | client:
    7 |   draw_stroke:
      |   ^^^^^^^^^^^ this inline type, which gets the name `DrawStroke`
      |
      = help: rename one of them

    error: 2 errors
    ");
}
