//! The logs of rooms, and the events that they keep.

use insta::assert_snapshot;

use crate::{check, check_logs, check_logs_with};

#[test]
fn a_log_needs_an_error_for_lost_positions() {
    let log = "scopes: { hall: { summary: A hall., key: roomId, denied: denied, log: { position: RoomId, caught_up: told } } }";
    assert_snapshot!(check(log), @r"
    error[missing-key]: the key `position_lost` is missing below `gateway`, and a scope has a log
      --> schema.yaml:10:1
       |
    10 | gateway:
       | ^^^^^^^ needs `position_lost`
       |
      ::: test.yaml:1:71
       |
     1 | scopes: { hall: { summary: A hall., key: roomId, denied: denied, log: { position: RoomId, caught_up: told } } }
       |                                                                       ------------------------------------- here
       |
       = help: add `position_lost`: the name of an error

    error[log-position]: `RoomId` cannot be the type of positions in a log
      --> test.yaml:1:83
       |
     1 | scopes: { hall: { summary: A hall., key: roomId, denied: denied, log: { position: RoomId, caught_up: told } } }
       |                                                                                   ^^^^^^ the type of a position
       |
      ::: schema.yaml:24:3
       |
    24 |   RoomId: { summary: A room's id., type: string, minLength: 1, example: room_1 }
       |   ------ declared here
       |
       = help: make it an object with two required fields: `epoch: { type: string, maxLength: 64 }` and `seq: { type: integer, minimum: 0 }`

    error: 2 errors
    ");
}

#[test]
fn times_and_numbers_of_a_log_are_checked() {
    let log = "caught_up: caught_up, keep: 5m, entries: 0";
    assert_snapshot!(check_logs_with("caught_up: caught_up }", &format!("{log} }}")), @r"
    error[log-kept]: the log would drop entries that `floor` keeps
     --> logs.yaml:3:113
      |
    3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up, keep: 5m, entries: 0 } }
      |                                                                                                                 ^^ `keep` is shorter than `floor`
      |
      = help: give `keep` the longer time: without `keep` it is 7d, and without `floor` 10m

    error[out-of-range]: a log that keeps no entry replays nothing
     --> logs.yaml:3:126
      |
    3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up, keep: 5m, entries: 0 } }
      |                                                                                                                              ^ expected 1 or more

    error: 2 errors
    ");
    assert_snapshot!(check_logs_with("caught_up: caught_up }", "caught_up: caught_up, keep: 7 days, floor: 0s }"), @r"
    error[invalid-duration]: `7 days` is not a time
     --> logs.yaml:3:113
      |
    3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up, keep: 7 days, floor: 0s } }
      |                                                                                                                 ^^^^^^ expected a whole number above 0, and `s`, `m`, `h` or `d`
      |
      = help: `7d` is seven days, `10m` is ten minutes

    error[invalid-duration]: `0s` is not a time
     --> logs.yaml:3:128
      |
    3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up, keep: 7 days, floor: 0s } }
      |                                                                                                                                ^^ expected a whole number above 0, and `s`, `m`, `h` or `d`
      |
      = help: `7d` is seven days, `10m` is ten minutes

    error: 2 errors
    ");
}

#[test]
fn a_position_is_an_epoch_and_a_number() {
    assert_snapshot!(check_logs_with("seq: { type: integer, minimum: 0 }", "seq: { type: integer }"), @r"
    error[log-position]: `Position` cannot be the type of positions in a log
     --> logs.yaml:3:75
      |
    3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up } }
      |                                                                           ^^^^^^^^ the type of a position
    ...
    7 |   Position:
      |   -------- declared here
      |
      = help: make it an object with two required fields: `epoch: { type: string, maxLength: 64 }` and `seq: { type: integer, minimum: 0 }`

    error: 1 error
    ");
}

#[test]
fn the_end_of_a_replay_has_only_fields_that_the_gateway_knows() {
    let event = "caught_up: { summary: The replay ends., payload: { $ref: AtPosition } }";
    assert_snapshot!(check_logs_with(event, "caught_up: { summary: The replay ends., payload: { $ref: InHall } }"), @r"
    error[log-caught-up]: `caught_up` ends a replay, but does not carry the room and the position that was reached
      --> logs.yaml:36:3
       |
     3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up } }
       |                                                                                                --------- ends the replays of this log
    ...
    36 |   caught_up: { summary: The replay ends., payload: { $ref: InHall } }
       |   ^^^^^^^^^
       |
       = help: give it a payload with `required: [hallId, position]`, and `position: { $ref: Position }` beside `hallId` under `properties`

    error: 1 error
    ");
    let scoped = "caught_up: { summary: The replay ends., scope: hall, payload: { $ref: AtPosition } }";
    assert_snapshot!(check_logs_with(event, scoped), @r"
    error[log-caught-up]: `caught_up` ends a replay, so a single socket receives it, but it has a scope
      --> logs.yaml:36:50
       |
     3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up } }
       |                                                                                                --------- ends the replays of this log
    ...
    36 |   caught_up: { summary: The replay ends., scope: hall, payload: { $ref: AtPosition } }
       |                                                  ^^^^
       |
       = help: leave `scope` out

    error: 1 error
    ");
    assert_snapshot!(check_logs_with("emits: { greeted: scope }", "emits: { greeted: scope, caught_up: caller }"), @r"
    error[log-caught-up]: `caught_up` ends a replay, so only the gateway emits it
      --> logs.yaml:33:41
       |
     3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up } }
       |                                                                                                --------- ends the replays of this log
    ...
    33 |     emits: { greeted: scope, caught_up: caller }
       |                                         ^^^^^^
       |
       = help: emit another event here

    error: 1 error
    ");
}

/// A schema with an event that joins a hall, of these payloads.
fn joining(payload: &str, answer: &str) -> String {
    check_logs(&format!(
        "
summary: Test.
client:
  join_hall:
    summary: Join.
    scope: hall
    room: join
    limit: events
    payload: {{ type: object, required: [hallId], properties: {{ hallId: {{ $ref: HallId }}{payload} }} }}
    emits: {{ hall_joined: caller }}
    failure: Failed to join
    example: {{ hallId: hall_1 }}
server:
  hall_joined:
    summary: Joined.
    payload: {{ type: object, required: [hallId], properties: {{ hallId: {{ $ref: HallId }}{answer} }} }}
    example: {{ hallId: hall_1 }}
"
    ))
}

#[test]
fn joining_a_log_takes_and_tells_a_position() {
    assert_snapshot!(joining("", ""), @r"
    error[log-join]: `join_hall` joins a room with a log, but it does not take the position from which a client catches up
     --> test.yaml:3:3
      |
    3 |   join_hall:
      |   ^^^^^^^^^
      |
     ::: logs.yaml:3:63
      |
    3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up } }
      |                                                               -------------------------------------------- the log
      |
      = help: add `since: { $ref: Position }` to the `properties` of its payload

    error[log-join]: `hall_joined` says that a room with a log is joined, but it does not say at which position the room is joined
      --> test.yaml:13:3
       |
    13 |   hall_joined:
       |   ^^^^^^^^^^^
       |
      ::: logs.yaml:3:63
       |
     3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up } }
       |                                                               -------------------------------------------- the log
       |
       = help: add `position` to `required`, and `position: { $ref: Position }` to the `properties`, of its payload

    error: 2 errors
    ");
    assert_snapshot!(joining(", since: { type: string }", ", position: { $ref: Position }"), @r"
    error[log-join]: `join_hall` joins a room with a log, but `since` is not a position in this log
     --> test.yaml:3:3
      |
    3 |   join_hall:
      |   ^^^^^^^^^
      |
     ::: logs.yaml:3:63
      |
    3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up } }
      |                                                               -------------------------------------------- the log
      |
      = help: make it `since: { $ref: Position }`

    error[log-join]: `hall_joined` says that a room with a log is joined, but `position` is not required
      --> test.yaml:13:3
       |
    13 |   hall_joined:
       |   ^^^^^^^^^^^
       |
      ::: logs.yaml:3:63
       |
     3 |   hall: { summary: A hall., key: hallId, denied: denied, log: { position: Position, caught_up: caught_up } }
       |                                                               -------------------------------------------- the log
       |
       = help: add `position` to `required`

    error: 2 errors
    ");
}

#[test]
fn an_entry_has_a_number_wherever_it_is_received() {
    assert_snapshot!(check_logs_with("{ greeted: scope }", "{ greeted: [scope, { user: userId }] }"), @r"
    error[durable-event]: `greeted` is an entry of a room's log, and would have no number for a user alone
      --> logs.yaml:33:39
       |
    33 |     emits: { greeted: [scope, { user: userId }] }
       |                                       ^^^^^^ the log is that of a whole room
       |
       = help: use an event of its own here, or write `volatile: true` on this one

    error: 1 error
    ");
    let emits = "emits: { greeted: scope }\n    also: { userId: hall }\n    ack: { type: object, required: [seq], properties: { seq: { type: integer } } }";
    assert_snapshot!(check_logs_with("emits: { greeted: scope }", &emits.replace("scope", "[scope, userId]")), @r"
    error[durable-event]: `greet` leads to entries of two logs, and its acknowledgement has one number
      --> logs.yaml:33:14
       |
    33 |     emits: { greeted: [scope, userId] }
       |              ^^^^^^^
       |              |
       |              in one log
       |              in another
       |
       = help: write `volatile: true` on one of the events, or make two client events of this one

    error[durable-event]: the gateway adds `seq` to the acknowledgement of `greet`, which has one
      --> logs.yaml:35:5
       |
    35 |     ack: { type: object, required: [seq], properties: { seq: { type: integer } } }
       |     ^^^
       |
       = help: rename the `seq` of the acknowledgement's type

    error: 2 errors
    ");
}

#[test]
fn the_number_of_an_entry_is_put_into_an_object_without_one() {
    let greeted = "greeted: { summary: Somebody greeted., scope: hall, payload: { $ref: InHall } }";
    assert_snapshot!(check_logs_with(greeted, "greeted: { summary: Somebody greeted., scope: hall }"), @r"
    error[durable-event]: `greeted` is an entry of a log, but its payload is not an object, so `seq` cannot be added to it
      --> logs.yaml:37:3
       |
    37 |   greeted: { summary: Somebody greeted., scope: hall }
       |   ^^^^^^^
       |
       = help: make its payload an object, or write `volatile: true`

    error: 1 error
    ");
    assert_snapshot!(check_logs_with(greeted, "greeted: { summary: Somebody greeted., scope: hall, payload: { $ref: Position } }"), @r"
    error[durable-event]: `greeted` is an entry of a log: the gateway adds `seq` to its payload, which has one
      --> logs.yaml:37:3
       |
    37 |   greeted: { summary: Somebody greeted., scope: hall, payload: { $ref: Position } }
       |   ^^^^^^^
       |
       = help: rename the payload's `seq`, or write `volatile: true`

    error: 1 error
    ");
}

#[test]
fn events_that_follow_a_connect_are_in_no_log() {
    let connect = "connect: { summary: Connects., failure: Failed to connect }";
    let emits = "connect: { summary: Connects., emits: { greeted: hall }, failure: Failed to connect }";
    let base = crate::base_with_logs().replace(connect, emits);
    let report = crate::report(&[("schema.yaml", &base), ("logs.yaml", crate::LOGS), ("test.yaml", "types: {}\n")]);
    assert_snapshot!(report, @r"
    error[durable-event]: no log keeps `greeted`: it follows a connect or disconnect
     --> schema.yaml:9:50
      |
    9 | connect: { summary: Connects., emits: { greeted: hall }, failure: Failed to connect }
      |                                                  ^^^^ a room with a log
      |
      = help: write `volatile: true` on the event

    error: 1 error
    ");
}

#[test]
fn keys_of_entries_are_for_entries() {
    let events = "
summary: Test.
server:
  waved: { summary: Waved., scope: room, volatile: true, evicts: former_members, payload: { $ref: Note } }
  rang: { summary: Rang., anytime: scope }
  left: { summary: Left., scope: hall, anytime: scope, evicts: name, payload: { $ref: InHall } }
";
    assert_snapshot!(check_logs(events), @r"
    error[volatile-event]: no log would keep `waved` anyway
     --> test.yaml:3:52
      |
    3 |   waved: { summary: Waved., scope: room, volatile: true, evicts: former_members, payload: { $ref: Note } }
      |                                                    ^^^^
      |
      = help: leave `volatile` out: the event has no scope with a log

    error[evicting-event]: `waved` evicts users, but is not an entry of a log
     --> test.yaml:3:66
      |
    3 |   waved: { summary: Waved., scope: room, volatile: true, evicts: former_members, payload: { $ref: Note } }
      |                                                                  ^^^^^^^^^^^^^^
      |
      = help: leave `evicts` out, or emit the event to a room whose scope has a log, without `volatile`

    error[anytime-event]: `rang` has no scope whose rooms could receive it
     --> test.yaml:4:36
      |
    4 |   rang: { summary: Rang., anytime: scope }
      |                                    ^^^^^
      |
      = help: add `scope: …` to the event, or write `anytime: user`

    error[evicting-event]: `name` is not a field of `left` that names a user
     --> test.yaml:5:64
      |
    5 |   left: { summary: Left., scope: hall, anytime: scope, evicts: name, payload: { $ref: InHall } }
      |                                                                ^^^^ whose sockets leave the room?
      |
      = help: name a required string of the payload, or write `evicts: former_members`

    error: 4 errors
    ");
    let greeted = "greeted: { summary: Somebody greeted., scope: hall, ";
    assert_snapshot!(check_logs_with(greeted, &format!("{greeted}anytime: user, ")), @r"
    error[durable-event]: `greeted` is an entry of a room's log, and would have no number for a user
      --> logs.yaml:37:64
       |
    37 |   greeted: { summary: Somebody greeted., scope: hall, anytime: user, payload: { $ref: InHall } }
       |                                                                ^^^^
       |
       = help: use an event of its own for users

    error: 1 error
    ");
}

#[test]
fn a_repetition_is_known_by_an_optional_string_of_a_bounded_length() {
    assert_snapshot!(check_logs_with("idempotent: clientId", "idempotent: requestId"), @r"
    error[idempotent-event]: the payload of `greet` has no field `requestId`
      --> logs.yaml:30:17
       |
    30 |     idempotent: requestId
       |                 ^^^^^^^^^ identifies a repetition
       |
       = help: add `requestId: { type: string, minLength: 1, maxLength: 64 }` to the `properties` of its payload, and not to `required`

    error: 1 error
    ");
    assert_snapshot!(check_logs_with("idempotent: clientId", "idempotent: userId"), @r"
    error[idempotent-event]: `userId` is required, but clients need not give one
      --> logs.yaml:30:17
       |
    30 |     idempotent: userId
       |                 ^^^^^^ identifies a repetition
       |
       = help: add `userId: { type: string, minLength: 1, maxLength: 64 }` to the `properties` of its payload, and not to `required`

    error: 1 error
    ");
    assert_snapshot!(check_logs_with("clientId: { $ref: UserId }", "clientId: { type: string }"), @r"
    error[idempotent-event]: `clientId` is not a string of a bounded length
      --> logs.yaml:30:17
       |
    30 |     idempotent: clientId
       |                 ^^^^^^^^ identifies a repetition
       |
       = help: add `clientId: { type: string, minLength: 1, maxLength: 64 }` to the `properties` of its payload, and not to `required`

    error: 1 error
    ");
    assert_snapshot!(check_logs_with("scope: hall, payload", "scope: hall, volatile: true, payload"), @r"
    error[idempotent-event]: `greet` leads to no entry of a log, so a repetition could not be recognized
      --> logs.yaml:30:17
       |
    30 |     idempotent: clientId
       |                 ^^^^^^^^ identifies a repetition
       |
       = help: emit a durable event to a room whose scope has a log, or leave `idempotent` out

    error: 1 error
    ");
}
