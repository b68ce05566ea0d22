//! Events that renew the connection with a new token.

use insta::assert_snapshot;

use crate::{check, check_with};

/// A schema with an event that renews the connection, and with further lines.
fn renewing(lines: &str, payload: &str, ack: &str) -> String {
    check(&format!(
        "
summary: Test.
client:
  stay:
    summary: Stay.
    renews: key
    limit: events
    failure: Failed to stay
    payload: {payload}
{ack}{lines}
types:
  Stayed:
    summary: Until when.
    type: object
    required: [userId, expiresAt]
    properties: {{ userId: {{ type: string }}, expiresAt: {{ type: string, format: date-time }} }}
    example: {{ userId: ann, expiresAt: 2026-01-31T09:30:00.000Z }}
"
    ))
}

const PAYLOAD: &str =
    "{ type: object, required: [key], properties: { key: { type: string } } }\n    example: { key: a.b.c }";
const ACK: &str = "    ack: { $ref: Stayed }\n";

#[test]
fn renewing_the_connection_has_no_handler_and_no_room() {
    let lines = "    scope: room\n    also: { key: room }\n    errors: [other]\n    emits: { told: caller }";
    assert_snapshot!(renewing(lines, PAYLOAD, ACK), @r"
    error[scope-key]: `Stay` has no field `roomId`
      --> test.yaml:11:12
       |
    11 |     scope: room
       |            ^^^^ the room is named by `roomId`
       |
       = help: the payload needs a required string `roomId`: the id of the room

    error[renewal-event]: an event with `renews` concerns no room
      --> test.yaml:11:12
       |
    11 |     scope: room
       |            ^^^^
       |
       = help: leave `scope` out

    error[renewal-event]: an event with `renews` concerns no room
      --> test.yaml:12:11
       |
    12 |     also: { key: room }
       |           ^^^^^^^^^^^^^
       |
       = help: leave `also` out

    error[renewal-event]: an event with `renews` has no handler that could answer with an error
      --> test.yaml:13:14
       |
    13 |     errors: [other]
       |              ^^^^^
       |
       = help: leave `errors` out: the gateway answers with its `token_refused`

    error[renewal-event]: an event with `renews` has no handler that could lead to an event
      --> test.yaml:14:12
       |
    14 |     emits: { told: caller }
       |            ^^^^^^^^^^^^^^^^
       |
       = help: leave `emits` out: the acknowledgement is enough

    error: 5 errors
    ");
}

#[test]
fn an_event_that_renews_the_connection_joins_no_room() {
    let payload = "{ type: object, required: [key, roomId], properties: { key: { type: string }, roomId: { $ref: RoomId } } }\n    example: { key: a, roomId: b }";
    assert_snapshot!(renewing("    scope: room\n    room: join", payload, ""), @r"
    error[room-event]: an event that joins a room emits one event, to `caller`
     --> test.yaml:3:3
      |
    3 |   stay:
      |   ^^^^
      |
      = help: tell the caller: `emits: { …: caller }`

    error[renewal-event]: an event has either `room` or `renews`, not both
      --> test.yaml:11:11
       |
     5 |     renews: key
       |             --- here
    ...
    11 |     room: join
       |           ^^^^
       |
       = help: make two events of it

    error: 2 errors
    ");
}

#[test]
fn the_token_is_a_required_string_of_the_payload() {
    let of = |payload: &str| renewing("", payload, ACK);
    assert_snapshot!(of("{ type: object, properties: { key: { type: string } } }\n    example: {}"), @r"
    error[renewal-event]: `key` is not required in `Stay`
     --> test.yaml:5:13
      |
    5 |     renews: key
      |             ^^^ the field with the token
      |
      = help: the payload needs a required string `key`

    error: 1 error
    ");
    assert_snapshot!(of("{ type: object, required: [key], properties: { key: { type: integer } } }\n    example: { key: 1 }"), @r"
    error[renewal-event]: `key` is not a string in `Stay`
     --> test.yaml:5:13
      |
    5 |     renews: key
      |             ^^^ the field with the token
      |
      = help: the payload needs a required string `key`

    error: 1 error
    ");
    assert_snapshot!(of("{ type: object, required: [other], properties: { other: { type: string } } }\n    example: { other: a }"), @r"
    error[renewal-event]: `Stay` has no field `key`
     --> test.yaml:5:13
      |
    5 |     renews: key
      |             ^^^ the field with the token
      |
      = help: the payload needs a required string `key`

    error: 1 error
    ");
}

#[test]
fn the_acknowledgement_is_the_gateways() {
    assert_snapshot!(renewing("", PAYLOAD, ""), @r"
    error[renewal-event]: the acknowledgement of `stay` does not say how long the renewed connection lasts
     --> test.yaml:3:3
      |
    3 |   stay:
      |   ^^^^
      |
      = help: give it a type: an object with two required strings, `userId` and, of the format `date-time`, `expiresAt`

    error: 1 error
    ");
    assert_snapshot!(renewing("", PAYLOAD, "    ack: { $ref: Note }\n"), @r"
    error[renewal-event]: the acknowledgement of `stay` is not what the gateway sends
      --> test.yaml:10:10
       |
    10 |     ack: { $ref: Note }
       |          ^^^^^^^^^^^^^^
       |
       = help: give it a type: an object with two required strings, `userId` and, of the format `date-time`, `expiresAt`

    error: 1 error
    ");
}

#[test]
fn a_failure_names_a_room_as_any_payload_does() {
    let error = "properties: { message: { type: string }, code: { type: string } }";
    let narrow = "properties: { message: { type: string }, code: { type: string }, roomId: { $ref: RoomId } }";
    assert_snapshot!(check_with(error, narrow, "types: {}"), @r"
    error[failure-payload]: this type cannot describe a failure: its `roomId` repeats the room that the payload named, valid or not, and must accept any string of up to 128 characters
      --> schema.yaml:11:16
       |
    11 |   error_event: error
       |                ^^^^^
       |
       = help: failures are objects with the strings `message` and `code`, and optionally `event`, `details` and `retryAfterMs`

    error[failure-payload]: this type cannot describe a failure: its `roomId` repeats the room that the payload named, valid or not, and must accept any string of up to 128 characters
      --> schema.yaml:38:15
       |
    38 |   error_body: Error
       |               ^^^^^
       |
       = help: failures are objects with the strings `message` and `code`, and optionally `event`, `details` and `retryAfterMs`

    error: 2 errors
    ");
}
