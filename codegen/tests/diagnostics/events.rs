//! Mistakes in events.

use insta::assert_snapshot;

use crate::check;

#[test]
fn a_client_event_has_a_limit() {
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}

#[test]
fn an_unknown_emitted_event_is_told_with_the_nearest_one() {
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
    assert_snapshot!(report, @"");
}

#[test]
fn what_clients_send_is_not_emitted() {
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
    assert_snapshot!(report, @"");
}

#[test]
fn an_unknown_target_is_told_with_the_choices() {
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
    assert_snapshot!(report, @"");
}

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
    assert_snapshot!(report, @"");
}

#[test]
fn an_unknown_scope_is_told_with_the_nearest_one() {
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}

#[test]
fn an_acknowledgement_says_what_is_emitted() {
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
    assert_snapshot!(report, @"");
}

#[test]
fn an_acknowledgement_does_not_say_what_may_not_be_emitted() {
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}

#[test]
fn an_unknown_error_is_told_with_the_nearest_one() {
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}

#[test]
fn joining_a_room_tells_the_rooms_key_alone() {
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
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
    assert_snapshot!(report, @"");
}
