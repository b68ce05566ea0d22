//! Mistakes in REST operations.

use insta::assert_snapshot;

use crate::{check, check_with};

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
    assert_snapshot!(report, @r"
    error[missing-key]: the operation `get_note` has no path
     --> test.yaml:3:5
      |
    3 |     get_note:
      |     ^^^^^^^^ needs one of `get`, `post`, `put`, `patch` and `delete`
      |
      = help: add `get: /api/…`

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[several-methods]: the operation `get_note` has several paths
     --> test.yaml:7:12
      |
    6 |       get: /a
      |            -- the first one
    7 |       put: /a
      |            ^^ another one
      |
      = help: make it several operations

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[path-parameter]: the parameter `noteId` has no type
     --> test.yaml:6:12
      |
    6 |       get: /notes/{noteId}/{page}
      |            ^^^^^^^^^^^^^^^^^^^^^^ `{noteId}` is here
      |
      = help: add `path: { noteId: { $ref: … } }`

    error[path-parameter]: the path has no parameter `noteID`
     --> test.yaml:7:15
      |
    6 |       get: /notes/{noteId}/{page}
      |            ---------------------- the path
    7 |       path: { noteID: { type: string }, page: { $ref: Note } }
      |               ^^^^^^ not in the path
      |
      = help: did you mean `noteId`?

    error[parameter-type]: `page`: a parameter is a string, a number or a boolean
     --> test.yaml:7:41
      |
    7 |       path: { noteID: { type: string }, page: { $ref: Note } }
      |                                         ^^^^
      |
      = help: put it into the body

    error: 3 errors
    ");
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
    assert_snapshot!(report, @r"
    error[invalid-path]: `notes/{id` is not a path
     --> test.yaml:6:12
      |
    6 |       get: notes/{id
      |            ^^^^^^^^^ a parameter is a whole segment: `/{id}/`
      |
      = help: write it like `/api/channels/{id}`; query parameters belong under `query`

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[duplicate-route]: two operations have this method and path
      --> test.yaml:11:12
       |
     6 |       get: /notes/{id}
       |            ----------- first here
    ...
    11 |       get: /notes/{name}
       |            ^^^^^^^^^^^^^ again here
       |
       = help: change one of them; names of parameters do not distinguish paths

    error: 1 error
    ");
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
      upload: { field: file, media: [text/plain] }
      body: { properties: { text: { type: string } } }
      response: { 200: { $ref: Note } }
",
    );
    assert_snapshot!(report, @r"
    error[unexpected-body]: requests of this method have no body
     --> test.yaml:7:15
      |
    7 |       upload: { field: file, media: [text/plain] }
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: use `post`, `put` or `patch`, or put the fields under `query`

    error[unexpected-body]: requests of this method have no body
     --> test.yaml:8:13
      |
    8 |       body: { properties: { text: { type: string } } }
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: use `post`, `put` or `patch`, or put the fields under `query`

    error: 2 errors
    ");
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
      upload: { field: file, media: [text/plain] }
      body: { properties: { text: { type: string } } }
      response: { 204: }
      failure: Failed to change note
",
    );
    assert_snapshot!(report, @r"
    error[unexpected-body]: a request has either a JSON body or an upload
     --> test.yaml:6:15
      |
    6 |       upload: { field: file, media: [text/plain] }
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the upload
    7 |       body: { properties: { text: { type: string } } }
      |             ------------------------------------------ the JSON body
      |
      = help: put the fields under `query`, or leave out one of them

    error: 1 error
    ");
}

#[test]
fn an_upload_has_a_media_type() {
    let report = check(
        "
http:
  operations:
    put_note:
      summary: A note.
      put: /notes
      upload: { field: file, media: [] }
      response: { 204: }
      failure: Failed to change note
    post_note:
      summary: A note.
      post: /notes
      upload: { field: file, media: [text] }
      response: { 204: }
      failure: Failed to change note
",
    );
    assert_snapshot!(report, @r"
    error[empty-list]: no file may be uploaded
     --> test.yaml:6:15
      |
    6 |       upload: { field: file, media: [] }
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^ takes no media type
      |
      = help: name the media types under `media`, or `*/*` for any

    error[invalid-media-type]: `text` is not a media type
      --> test.yaml:12:38
       |
    12 |       upload: { field: file, media: [text] }
       |                                      ^^^^ expected TYPE/SUBTYPE
       |
       = help: write it like `text/plain`, or `*/*` where it varies

    error: 2 errors
    ");
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
    assert_snapshot!(report, @r"
    error[several-responses]: `get_note` has 2 answers
     --> test.yaml:7:17
      |
    7 |       response: { 200: { $ref: Note }, 404: { $ref: Error } }
      |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected one
      |
      = help: give the one answer for success; failures belong under `errors`

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[out-of-range]: `404` is not the status of a success
     --> test.yaml:7:19
      |
    7 |       response: { 404: { $ref: Error } }
      |                   ^^^ expected 200 to 299
      |
      = help: failures belong under `errors`, with their status

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[invalid-media-type]: `text` is not a media type
     --> test.yaml:7:33
      |
    7 |       response: { 200: { media: text } }
      |                                 ^^^^ expected TYPE/SUBTYPE
      |
      = help: write it like `text/plain`, or `*/*` where it varies

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[public-scope]: there is no caller whose membership could be proven
     --> test.yaml:7:14
      |
    7 |       scope: room
      |              ^^^^ requires a caller
      |
      = help: leave out `scope`, or `auth: public`

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[scope-key]: `roomId` is not required in `GetNote`
     --> test.yaml:7:14
      |
    7 |       scope: room
      |              ^^^^ the room is named by `roomId`
    8 |       query: { properties: { roomId: { $ref: RoomId } } }
      |                              ------ here
      |
      = help: the payload needs a required string `roomId`: the id of the room

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[name-collision]: the operation has two fields `id` in code
     --> test.yaml:7:29
      |
    6 |       path: { id: { type: string } }
      |               -- first here
    7 |       body: { properties: { id: { type: string } } }
      |                             ^^ again here
      |
      = help: path, query and body fields are merged into one object: rename one of them

    error: 1 error
    ");
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
    assert_snapshot!(report, @r"
    error[name-collision]: two things would be named `POKE` in generated code
      --> test.yaml:3:5
       |
     3 |     poke:
       |     ^^^^ the operation `poke`
    ...
    10 |   poke:
       |   ---- the client event `poke`
       |
       = help: rename one of them

    error: 1 error
    ");
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
    assert_snapshot!(report, @r#"
    error[invalid-example]: the example is not a valid `GetNote`
     --> test.yaml:9:22
      |
    3 |     get_note:
      |     -------- the expected type
    ...
    9 |       example: { id: one }
      |                      ^^^ "one" is not of type "integer"

    error: 1 error
    "#);
}

#[test]
fn the_body_of_failures_is_declared() {
    let report = check_with(
        "error_body: Error",
        "operations: {}",
        "
http:
  operations:
    get_health: { summary: Health., get: /healthz, auth: public, response: { 204: }, failure: Failed to check }
",
    );
    assert_snapshot!(report, @r"
    error[missing-key]: operations need `http.error_body`: the type of a failure's body
     --> test.yaml:3:5
      |
    3 |     get_health: { summary: Health., get: /healthz, auth: public, response: { 204: }, failure: Failed to check }
      |     ^^^^^^^^^^ the first operation
      |
      = help: add `error_body: Error` under `http`, and a type `Error`

    error: 1 error
    ");
}

/// The report on an operation that has this field beside its data. `envelope` is the declaration of the envelope, if any.
fn report_with_beside(envelope: &str, field: &str) -> String {
    check(&format!(
        "
http:{envelope}
  operations:
    list_notes:
      summary: Notes.
      get: /notes
      failure: Failed to load notes
      response: {{ 200: {{ type: array, items: {{ $ref: Note }} }} }}
      beside: {{ {field}: {{ type: string, nullable: true }} }}
",
    ))
}

#[test]
fn fields_beside_the_data_need_an_envelope() {
    let report = report_with_beside("", "next");
    assert_snapshot!(report, @r"
    error[misplaced-keyword]: `beside` has no place here: the answer has no envelope, or the operation emits events
     --> test.yaml:8:17
      |
    8 |       beside: { next: { type: string, nullable: true } }
      |                 ^^^^
      |
      = help: declare the fields in the type of the answer

    error: 1 error
    ");
}

#[test]
fn a_field_beside_the_data_must_not_have_the_name_of_the_envelope() {
    let report = report_with_beside("\n  envelope: data", "data");
    assert_snapshot!(report, @r"
    error[misplaced-keyword]: `beside` has no place here: the envelope's own field is `response`
     --> test.yaml:9:17
      |
    9 |       beside: { data: { type: string, nullable: true } }
      |                 ^^^^
      |
      = help: declare the fields in the type of the answer

    error: 1 error
    ");
}
