//! The receivers of events.

use insta::assert_snapshot;

use crate::check;

/// A schema with an event that leads to `emits`.
fn emitting(emits: &str) -> String {
    check(&format!(
        "
summary: Test.
client:
  ping:
    summary: Ping.
    scope: room
    limit: events
    payload: {{ type: object, required: [roomId, times], properties: {{ roomId: {{ $ref: RoomId }}, times: {{ type: integer }} }} }}
    emits: {emits}
    failure: Failed to ping
    example: {{ roomId: room_1, times: 1 }}
"
    ))
}

/// A schema with an operation with these lines.
fn operation(lines: &str) -> String {
    check(&format!(
        "
http:
  operations:
    close:
      summary: Close.
      limit: events
      failure: Failed to close
{lines}
"
    ))
}

#[test]
fn receivers_that_overlap_are_reported() {
    assert_snapshot!(emitting("{ noted: [scope, others], told: [user, caller] }"), @r"
    error[overlapping-receivers]: some would receive `noted` twice
     --> test.yaml:8:29
      |
    8 |     emits: { noted: [scope, others], told: [user, caller] }
      |                      -----  ^^^^^^ receives it
      |                      |
      |                      receives it as well
      |
      = help: leave out the narrower of the two

    error[overlapping-receivers]: some would receive `told` twice
     --> test.yaml:8:51
      |
    8 |     emits: { noted: [scope, others], told: [user, caller] }
      |                                             ----  ^^^^^^ receives it
      |                                             |
      |                                             receives it as well
      |
      = help: leave out the narrower of the two

    error: 2 errors
    ");
}

#[test]
fn an_event_without_receivers_is_reported() {
    assert_snapshot!(emitting("{ told: [], noted: { optional: true } }"), @r"
    error[empty-list]: nobody receives the event
     --> test.yaml:8:20
      |
    8 |     emits: { told: [], noted: { optional: true } }
      |                    ^^ empty
      |
      = help: name its receivers, or leave the event out of `emits`

    error[missing-key]: the key `to` is missing
     --> test.yaml:8:31
      |
    8 |     emits: { told: [], noted: { optional: true } }
      |                               ^^^^^^^^^^^^^^^^^^ needs one of `to`, `user`, `room`
      |
      = help: to name several receivers, list them: `[scope, { user: userId }]`

    error: 2 errors
    ");
}

#[test]
fn options_have_one_key_for_receivers() {
    assert_snapshot!(emitting("{ told: { to: caller, user: roomId }, noted: [{ user: roomId, room: roomId }] }"), @r"
    error[several-receivers]: `to` and `user` are one receiver each
     --> test.yaml:8:20
      |
    8 |     emits: { told: { to: caller, user: roomId }, noted: [{ user: roomId, room: roomId }] }
      |                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ one of them is enough here
      |
      = help: to name several receivers, list them: `[scope, { user: userId }]`

    error[several-receivers]: `user` and `room` are one receiver each
     --> test.yaml:8:58
      |
    8 |     emits: { told: { to: caller, user: roomId }, noted: [{ user: roomId, room: roomId }] }
      |                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ one of them is enough here
      |
      = help: to name several receivers, list them: `[scope, { user: userId }]`

    error: 2 errors
    ");
}

#[test]
fn a_user_is_named_by_a_required_string() {
    assert_snapshot!(emitting("{ told: [{ user: times }, { user: whom }] }"), @r"
    error[user-key]: `times` is not a string in `Ping`
     --> test.yaml:8:29
      |
    7 |     payload: { type: object, required: [roomId, times], properties: { roomId: { $ref: RoomId }, times: { type: integer } } }
      |                                                                                                 ----- here
    8 |     emits: { told: [{ user: times }, { user: whom }] }
      |                             ^^^^^ the user is named by `times`
      |
      = help: the payload needs a required string `times`: the id of the user

    error[user-key]: `Ping` has no field `whom`
     --> test.yaml:8:46
      |
    8 |     emits: { told: [{ user: times }, { user: whom }] }
      |                                              ^^^^ the user is named by `whom`
      |
      = help: the payload needs a required string `whom`: the id of the user

    error: 2 errors
    ");
}

#[test]
fn an_event_emits_to_no_room_without_proof() {
    assert_snapshot!(emitting("{ noted: { room: roomId } }"), @r"
    error[unproven-room]: only operations may emit to a room without proof that the caller is a member
     --> test.yaml:8:29
      |
    8 |     emits: { noted: { room: roomId } }
      |                             ^^^^^^ membership is not proven
      |
      = help: declare the membership, `also: { KEY: SCOPE }`, and emit to that key

    error: 1 error
    ");
}

#[test]
fn an_operation_has_no_socket_and_a_get_changes_nothing() {
    let lines = "      get: /rooms\n      emits: { told: caller, noted: scope }\n      response: { 204: }";
    assert_snapshot!(operation(lines), @r"
    error[operation-emits]: a GET changes nothing, and leads to no events
     --> test.yaml:8:14
      |
    8 |       emits: { told: caller, noted: scope }
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: use another method, or leave `emits` out

    error[unknown-target]: `caller` is not a receiver of events
     --> test.yaml:8:22
      |
    8 |       emits: { told: caller, noted: scope }
      |                      ^^^^^^ unknown
      |
      = help: an operation is not called by a socket: use `user` for all sockets of the caller, and `scope` for the whole room

    error[missing-scope]: `scope` means the scope's room, but the operation has no scope
     --> test.yaml:8:37
      |
    8 |       emits: { told: caller, noted: scope }
      |                                     ^^^^^ in which room?
      |
      = help: add `scope: …` to the operation, or emit to `{ room: KEY }`, the room that a field of its input names

    error: 3 errors
    ");
}

#[test]
fn an_operation_names_rooms_of_the_scopes_of_events() {
    let lines = "      post: /rooms/{id}\n      path: { id: { type: string } }\n      emits: { told: { room: id }, noted: { room: name } }\n      response: { 204: }";
    assert_snapshot!(operation(lines), @r"
    error[scope-mismatch]: `told` is sent to a room, but declared without a scope
      --> test.yaml:9:30
       |
     9 |       emits: { told: { room: id }, noted: { room: name } }
       |                              ^^ the room
       |
      ::: schema.yaml:43:3
       |
    43 |   told: { summary: Something that carries nothing. }
       |   ---- declared here
       |
       = help: add `scope: …` to the server event

    error[scope-key]: `Close` has no field `name`
     --> test.yaml:9:51
      |
    9 |       emits: { told: { room: id }, noted: { room: name } }
      |                                                   ^^^^ the room is named by `name`
      |
      = help: the payload needs a required string `name`: the id of the room

    error: 2 errors
    ");
}

#[test]
fn bytes_and_events_do_not_go_together() {
    let lines = "      post: /rooms\n      auth: public\n      emits: { told: user }\n      response: { 200: { media: image/png } }";
    assert_snapshot!(operation(lines), @r"
    error[operation-emits]: an operation that answers with bytes leads to no events
     --> test.yaml:9:14
      |
    9 |       emits: { told: user }
      |              ^^^^^^^^^^^^^^
      |
      = help: answer with JSON, or with nothing, or leave `emits` out

    error[unknown-target]: `user` is not a receiver of events
     --> test.yaml:9:22
      |
    9 |       emits: { told: user }
      |                      ^^^^ unknown
      |
      = help: anybody may call this operation, without being a user: leave out `auth: public`, or name a user by `{ user: KEY }`

    error: 2 errors
    ");
    let lines = "      post: /rooms\n      emits: { told: user }\n      response: { 200: { media: image/png } }";
    assert_snapshot!(operation(lines), @r"
    error[operation-emits]: an operation that answers with bytes leads to no events
     --> test.yaml:8:14
      |
    8 |       emits: { told: user }
      |              ^^^^^^^^^^^^^^
      |
      = help: answer with JSON, or with nothing, or leave `emits` out

    error: 1 error
    ");
}
