//! Mistakes in scopes and rooms.

use insta::assert_snapshot;

use crate::check;

#[test]
fn a_room_needs_a_scope() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    limit: events
    emits: { noted: scope, told: others }
",
    );
    assert_snapshot!(report, @r"
    error[missing-scope]: `scope` means the scope's room, but the event has no scope
     --> test.yaml:8:21
      |
    8 |     emits: { noted: scope, told: others }
      |                     ^^^^^ in which room?
      |
      = help: add `scope: …` to the event, or emit to `caller` or `user`

    error[missing-scope]: `others` means the scope's room, but the event has no scope
     --> test.yaml:8:34
      |
    8 |     emits: { noted: scope, told: others }
      |                                  ^^^^^^ in which room?
      |
      = help: add `scope: …` to the event, or emit to `caller` or `user`

    error: 2 errors
    ");
}

#[test]
fn an_unknown_scope_is_reported_with_the_nearest_one() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    scope: rom
    limit: events
    emits: { noted: scope }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-scope]: there is no scope `rom`
     --> test.yaml:7:12
      |
    7 |     scope: rom
      |            ^^^ unknown
      |
      = help: did you mean `room`?

    error: 1 error
    ");
}

#[test]
fn a_scope_is_named_by_a_required_string_of_the_payload() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { type: object, properties: { text: { type: string } } }
    failure: Failed to poke
    scope: room
    limit: events
    example: { text: a }
",
    );
    assert_snapshot!(report, @r"
    error[scope-key]: `Poke` has no field `roomId`
     --> test.yaml:7:12
      |
    7 |     scope: room
      |            ^^^^ the room is named by `roomId`
      |
      = help: the payload needs a required string `roomId`: the id of the room

    error: 1 error
    ");
}

#[test]
fn a_scopes_key_is_required() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { type: object, properties: { roomId: { $ref: RoomId } } }
    failure: Failed to poke
    scope: room
    limit: events
    example: { roomId: a }
",
    );
    assert_snapshot!(report, @r"
    error[scope-key]: `roomId` is not required in `Poke`
     --> test.yaml:7:12
      |
    5 |     payload: { type: object, properties: { roomId: { $ref: RoomId } } }
      |                                            ------ here
    6 |     failure: Failed to poke
    7 |     scope: room
      |            ^^^^ the room is named by `roomId`
      |
      = help: the payload needs a required string `roomId`: the id of the room

    error: 1 error
    ");
}

#[test]
fn a_scopes_key_is_a_string() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { type: object, required: [roomId], properties: { roomId: { type: integer } } }
    failure: Failed to poke
    scope: room
    limit: events
    example: { roomId: 1 }
",
    );
    assert_snapshot!(report, @r"
    error[scope-key]: `roomId` is not a string in `Poke`
     --> test.yaml:7:12
      |
    5 |     payload: { type: object, required: [roomId], properties: { roomId: { type: integer } } }
      |                                                                ------ here
    6 |     failure: Failed to poke
    7 |     scope: room
      |            ^^^^ the room is named by `roomId`
      |
      = help: the payload needs a required string `roomId`: the id of the room

    error: 1 error
    ");
}

#[test]
fn a_scope_needs_a_payload() {
    let report = check(
        "
summary: Test.
client:
  poke: { summary: Poke., scope: room, limit: events, failure: Failed to poke }
",
    );
    assert_snapshot!(report, @r"
    error[scope-key]: there is no payload to name the room
     --> test.yaml:3:34
      |
    3 |   poke: { summary: Poke., scope: room, limit: events, failure: Failed to poke }
      |                                  ^^^^ the room is named by `roomId`
      |
      = help: the payload needs a required string `roomId`: the id of the room

    error: 1 error
    ");
}

#[test]
fn a_further_membership_is_named_by_the_payload_too() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    scope: room
    also: { otherId: room, text: rum }
    limit: events
    emits: { noted: otherId }
",
    );
    assert_snapshot!(report, @r"
    error[scope-key]: `Note` has no field `otherId`
     --> test.yaml:8:13
      |
    8 |     also: { otherId: room, text: rum }
      |             ^^^^^^^ the room is named by `otherId`
      |
      = help: the payload needs a required string `otherId`: the id of the room

    error[unknown-scope]: there is no scope `rum`
     --> test.yaml:8:34
      |
    8 |     also: { otherId: room, text: rum }
      |                                  ^^^ unknown
      |
      = help: did you mean `room`?

    error: 2 errors
    ");
}

#[test]
fn joining_a_room_needs_a_scope() {
    let report = check(
        "
summary: Test.
client:
  enter:
    summary: Enter.
    room: join
    limit: events
    failure: Failed to enter
    payload: { type: object, required: [roomId], properties: { roomId: { $ref: RoomId } } }
    example: { roomId: a }
    emits: { entered: caller }
server:
  entered:
    summary: Entered.
    payload: { type: object, required: [roomId], properties: { roomId: { $ref: RoomId } } }
    example: { roomId: a }
",
    );
    assert_snapshot!(report, @r"
    error[missing-scope]: `enter` joins a room, but has no scope
     --> test.yaml:5:11
      |
    5 |     room: join
      |           ^^^^ which kind of room?
      |
      = help: add `scope: …`

    error: 1 error
    ");
}

#[test]
fn joining_a_room_tells_the_caller() {
    let report = check(
        "
summary: Test.
client:
  enter:
    summary: Enter.
    room: join
    limit: events
    failure: Failed to enter
    payload: { type: object, required: [roomId], properties: { roomId: { $ref: RoomId } } }
    example: { roomId: a }
    scope: room
server:
  entered:
    summary: Entered.
    payload: { type: object, required: [roomId], properties: { roomId: { $ref: RoomId } } }
    example: { roomId: a }
",
    );
    assert_snapshot!(report, @r"
    error[room-event]: an event that joins a room emits one event, to `caller`
     --> test.yaml:3:3
      |
    3 |   enter:
      |   ^^^^^
      |
      = help: tell the caller: `emits: { …: caller }`

    error: 1 error
    ");
}

#[test]
fn the_answer_to_a_join_has_only_the_rooms_key() {
    let report = check(
        "
summary: Test.
client:
  enter:
    summary: Enter.
    room: join
    limit: events
    failure: Failed to enter
    payload: { type: object, required: [roomId], properties: { roomId: { $ref: RoomId } } }
    example: { roomId: a }
    scope: room
    emits: { entered: caller }
server:
  entered:
    summary: Entered.
    payload: { type: object, required: [roomId], properties: { roomId: { $ref: RoomId }, text: { type: string } } }
    example: { roomId: a }
",
    );
    assert_snapshot!(report, @r"
    error[room-event]: the payload of `entered` is not exactly `roomId`
      --> test.yaml:5:11
       |
     5 |     room: join
       |           ^^^^ the gateway, which joins the room, only knows `roomId`
    ...
    13 |   entered:
       |   ------- the emitted event
       |
       = help: make its payload an object with one required field, `roomId`, of the same type

    error: 1 error
    ");
}

#[test]
fn joining_a_room_tells_the_key_as_it_was_sent() {
    let report = check(
        "
summary: Test.
client:
  enter:
    summary: Enter.
    room: join
    limit: events
    failure: Failed to enter
    payload: { type: object, required: [roomId], properties: { roomId: { $ref: RoomId } } }
    example: { roomId: a }
    scope: room
    emits: { entered: caller }
server:
  entered:
    summary: Entered.
    payload: { type: object, required: [roomId], properties: { roomId: { type: string } } }
    example: { roomId: a }
",
    );
    assert_snapshot!(report, @r"
    error[room-event]: `roomId` is of another type in `entered` than in `enter`
      --> test.yaml:5:11
       |
     5 |     room: join
       |           ^^^^ the gateway, which joins the room, only knows `roomId`
    ...
    13 |   entered:
       |   ------- the emitted event
       |
       = help: make its payload an object with one required field, `roomId`, of the same type

    error: 1 error
    ");
}

#[test]
fn joining_a_room_has_no_handler() {
    let report = check(
        "
summary: Test.
client:
  enter:
    summary: Enter.
    room: join
    limit: events
    failure: Failed to enter
    payload: { type: object, required: [roomId], properties: { roomId: { $ref: RoomId } } }
    example: { roomId: a }
    scope: room
    emits: { entered: caller }
    ack: { $ref: Note }
    errors: [other]
server:
  entered:
    summary: Entered.
    payload: { type: object, required: [roomId], properties: { roomId: { $ref: RoomId } } }
    example: { roomId: a }
",
    );
    assert_snapshot!(report, @r"
    error[room-event]: an event with `room` has no handler that could make this acknowledgement
      --> test.yaml:12:10
       |
    12 |     ack: { $ref: Note }
       |          ^^^^^^^^^^^^^^
       |
       = help: name the emitted event, or leave `ack` out

    error[room-event]: an event with `room` has no handler that could answer with an error
      --> test.yaml:13:14
       |
    13 |     errors: [other]
       |              ^^^^^
       |
       = help: leave `errors` out: the gateway answers with the scope's `denied`

    error: 2 errors
    ");
}

#[test]
fn as_sockets_come_and_go_there_are_the_users_own_rooms() {
    let report = check(
        "
summary: Test.
disconnect:
  summary: Disconnects.
  emits: { noted: rooom, told: caller }
  failure: Failed to disconnect
",
    );
    assert_snapshot!(report, @r"
    error[unknown-target]: `rooom` cannot be a receiver here
     --> test.yaml:4:19
      |
    4 |   emits: { noted: rooom, told: caller }
      |                   ^^^^^ unknown
      |
      = help: did you mean `room`?

    error[unknown-target]: `caller` cannot be a receiver here
     --> test.yaml:4:32
      |
    4 |   emits: { noted: rooom, told: caller }
      |                                ^^^^^^ unknown
      |
      = help: there are `user`, `room`

    error: 2 errors
    ");
}
