//! Names that cannot be.

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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}

#[test]
fn two_fields_cannot_be_one_in_rust() {
    let report = check(
        "
types:
  A: { summary: An object., type: object, properties: { userId: { type: string }, user_id: { type: string } } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_field_is_a_name_in_code() {
    let report = check(
        "
types:
  A: { summary: An object., type: object, properties: { user-id: { type: string }, self: { type: string }, type: { type: string } } }
",
    );
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}
