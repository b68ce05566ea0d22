//! Mistakes in events.

use insta::assert_snapshot;

use crate::check;

#[test]
fn sec_28_a_client_event_has_a_limit() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    scope: room
",
    );
    assert_snapshot!(report, @r"
    error[missing-key]: the key `limit` is missing
     --> test.yaml:3:3
      |
    3 |   poke:
      |   ^^^^ needs `limit`
      |
      = help: `limit` is: The limit that it draws on: a name under `limits`, or `unlimited`.

    error: 1 error
    ");
}

#[test]
fn unlimited_is_said_explicitly_and_limits_are_declared() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    limit: event
",
    );
    assert_snapshot!(report, @r"
    error[unknown-limit]: there is no limit `event`
     --> test.yaml:7:12
      |
    7 |     limit: event
      |            ^^^^^ unknown
      |
      = help: did you mean `events`?

    error: 1 error
    ");
}

#[test]
fn an_unknown_emitted_event_is_reported_with_the_nearest_one() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    scope: room
    limit: events
    emits: { note: scope }
    ack: note
",
    );
    assert_snapshot!(report, @r"
    error[unknown-event]: there is no server event `note`
     --> test.yaml:9:14
      |
    9 |     emits: { note: scope }
      |              ^^^^ unknown
      |
      = help: did you mean `noted`?

    error: 1 error
    ");
}

#[test]
fn client_events_cannot_be_emitted() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    limit: events
    emits: { poke: caller }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-event]: there is no server event `poke`
     --> test.yaml:8:14
      |
    8 |     emits: { poke: caller }
      |              ^^^^ unknown
      |
      = help: clients send this event; declare the events that the server sends under `server`

    error: 1 error
    ");
}

#[test]
fn an_unknown_target_is_reported_with_the_choices() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    scope: room
    limit: events
    emits: { noted: everyone }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-target]: `everyone` is not a receiver of events
     --> test.yaml:9:21
      |
    9 |     emits: { noted: everyone }
      |                     ^^^^^^^^ unknown
      |
      = help: there are `caller`, `scope`, `others`, `user`, or `{ user: KEY }` for the user whose id is in a field

    error: 1 error
    ");
}

#[test]
fn an_event_goes_to_the_rooms_that_it_declares() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    scope: room
    limit: events
    emits: { told: scope }
",
    );
    assert_snapshot!(report, @r"
    error[scope-mismatch]: `told` is sent to a `room`, but declared without a scope
      --> test.yaml:9:20
       |
     9 |     emits: { told: scope }
       |                    ^^^^^ the room of a `room`
       |
      ::: schema.yaml:43:3
       |
    43 |   told: { summary: Something that carries nothing. }
       |   ---- declared here
       |
       = help: add `scope: room` to the server event

    error: 1 error
    ");
}

#[test]
fn an_acknowledgement_refers_to_an_emitted_event() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    scope: room
    limit: events
    emits: { noted: scope }
    ack: told
",
    );
    assert_snapshot!(report, @r"
    error[unknown-ack]: `told` is not emitted by this event
      --> test.yaml:10:10
       |
    10 |     ack: told
       |          ^^^^ not under `emits`
       |
       = help: there are `noted`, or give the acknowledgement a type: `ack: { $ref: … }`

    error: 1 error
    ");
}

#[test]
fn an_acknowledgement_does_not_refer_to_an_optional_event() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    scope: room
    limit: events
    emits: { noted: { to: scope, optional: true } }
    ack: noted
",
    );
    assert_snapshot!(report, @r"
    error[invalid-ack]: `noted` is not always emitted, but an acknowledgement always needs a value
      --> test.yaml:10:10
       |
    10 |     ack: noted
       |          ^^^^^
       |
       = help: give the acknowledgement a type of its own: `ack: { $ref: … }`

    error: 1 error
    ");
}

#[test]
fn an_acknowledgement_says_something() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    limit: events
    emits: { told: caller }
    ack: told
",
    );
    assert_snapshot!(report, @r"
    error[invalid-ack]: `told` has no payload for an acknowledgement to carry
     --> test.yaml:9:10
      |
    9 |     ack: told
      |          ^^^^
      |
      = help: leave `ack` out: the acknowledgement is then `null`

    error: 1 error
    ");
}

#[test]
fn an_unknown_error_is_reported_with_the_nearest_one() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    limit: events
    errors: [other, othr, other]
",
    );
    assert_snapshot!(report, @r"
    error[unknown-error]: there is no error `othr`
     --> test.yaml:8:21
      |
    8 |     errors: [other, othr, other]
      |                     ^^^^ unknown
      |
      = help: did you mean `other`?

    error[duplicate-name]: the error `other` is listed twice
     --> test.yaml:8:27
      |
    8 |     errors: [other, othr, other]
      |              -----        ^^^^^ again here
      |              |
      |              first here

    error: 2 errors
    ");
}

#[test]
fn a_payload_is_not_nullable() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note, nullable: true }
    failure: Failed to poke
    limit: events
",
    );
    assert_snapshot!(report, @r"
    error[misplaced-keyword]: a payload cannot be nullable
     --> test.yaml:5:38
      |
    5 |     payload: { $ref: Note, nullable: true }
      |                                      ^^^^
      |
      = help: leave it out

    error: 1 error
    ");
}

#[test]
fn since_is_a_version_that_has_been() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    payload: { $ref: Note }
    failure: Failed to poke
    limit: events
    since: 1.3.0
    deprecated: { since: '1', use: prod, until: 2.0.0 }
",
    );
    assert_snapshot!(report, @r"
    error[version-ahead]: version 1.3.0 is in the future
     --> test.yaml:8:12
      |
    8 |     since: 1.3.0
      |            ^^^^^ later than the protocol's version
      |
     ::: schema.yaml:3:34
      |
    3 | protocol: { name: test, version: 1.2.0, summary: For tests. }
      |                                  ----- the protocol's version
      |
      = help: raise the protocol's version, or correct this one

    error[invalid-version]: `1` is not a version
     --> test.yaml:9:26
      |
    9 |     deprecated: { since: '1', use: prod, until: 2.0.0 }
      |                          ^^^ expected MAJOR.MINOR.PATCH
      |
      = help: versions are written by Semantic Versioning: `1.0.0`

    error: 2 errors
    ");
}

#[test]
fn a_misspelt_key_causes_no_further_errors() {
    let report = check(
        "
summary: Test.
client:
  poke:
    summary: Poke.
    scop: room
    limits: events
    paylod: { $ref: Note }
    emit: { noted: scope }
    ack: noted
    failure: Failed to poke
    example: { roomId: room_1, text: Hello }
",
    );
    assert_snapshot!(report, @r"
    error[unknown-key]: there is no key `scop` here
     --> test.yaml:5:5
      |
    5 |     scop: room
      |     ^^^^ unknown key
      |
      = help: did you mean `scope`?

    error[unknown-key]: there is no key `limits` here
     --> test.yaml:6:5
      |
    6 |     limits: events
      |     ^^^^^^ unknown key
      |
      = help: did you mean `limit`?

    error[unknown-key]: there is no key `paylod` here
     --> test.yaml:7:5
      |
    7 |     paylod: { $ref: Note }
      |     ^^^^^^ unknown key
      |
      = help: did you mean `payload`?

    error[unknown-key]: there is no key `emit` here
     --> test.yaml:8:5
      |
    8 |     emit: { noted: scope }
      |     ^^^^ unknown key
      |
      = help: did you mean `emits`?

    error: 4 errors
    ");
}
