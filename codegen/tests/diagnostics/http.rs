//! Mistakes in REST operations.

use insta::assert_snapshot;

use crate::{check, check_alone_first};

#[test]
fn an_operation_has_one_method() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      response: { 200: { $ref: Note } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_operation_has_no_second_method() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: /a
      put: /a
      response: { 200: { $ref: Note } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_path_and_its_parameters_agree() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: /notes/{noteId}/{page}
      path: { noteID: { type: string }, page: { $ref: Note } }
      response: { 200: { $ref: Note } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_path_looks_like_a_path() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: notes/{id
      response: { 200: { $ref: Note } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn two_operations_cannot_have_one_route() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: /notes/{id}
      path: { id: { type: string } }
      response: { 200: { $ref: Note } }
    read_note:
      summary: A note.
      get: /notes/{name}
      path: { name: { type: string } }
      response: { 200: { $ref: Note } }
      failure: Failed to load note
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_get_has_no_body() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: /notes
      upload: file
      body: { properties: { text: { type: string } } }
      response: { 200: { $ref: Note } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_request_has_one_body() {
    let report = check(
        "
http:
  operations:
    put_note:
      summary: A note.
      put: /notes
      upload: file
      body: { properties: { text: { type: string } } }
      response: { 204: }
      failure: Failed to change note
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_answer_is_one_success() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: /notes
      response: { 200: { $ref: Note }, 404: { $ref: Error } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_answers_status_is_that_of_a_success() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: /notes
      response: { 404: { $ref: Error } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_answers_media_type_is_one() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: /notes
      response: { 200: { media: text } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn nobody_without_a_token_has_a_membership() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: /notes
      scope: room
      auth: public
      query: { required: [roomId], properties: { roomId: { $ref: RoomId } } }
      response: { 200: { $ref: Note } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn a_scope_is_named_by_a_required_parameter() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: /notes
      scope: room
      query: { properties: { roomId: { $ref: RoomId } } }
      response: { 200: { $ref: Note } }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn path_query_and_body_make_one_object() {
    let report = check(
        "
http:
  operations:
    put_note:
      summary: A note.
      put: /notes/{id}
      path: { id: { type: string } }
      body: { properties: { id: { type: string } } }
      response: { 204: }
      failure: Failed to change note
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn an_operation_cannot_have_the_name_of_an_event() {
    let report = check(
        "
http:
  operations:
    poke:
      summary: A note.
      get: /notes
      response: { 204: }
      failure: Failed to load note
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
fn an_operations_example_is_held_to_its_input() {
    let report = check(
        "
http:
  operations:
    get_note:
      summary: A note.
      failure: Failed to load note
      get: /notes/{id}
      path: { id: { type: integer } }
      response: { 204: }
      example: { id: one }
",
    );
    assert_snapshot!(report, @"");
}

#[test]
fn the_body_of_failures_is_declared() {
    let report = check_alone_first(
        "
accord: 1
protocol: { name: test, version: 1.0.0, summary: For tests. }
http:
  operations:
    get_health: { summary: Health., get: /healthz, auth: public, response: { 204: }, failure: Failed to check }
",
    );
    assert_snapshot!(report, @"");
}
