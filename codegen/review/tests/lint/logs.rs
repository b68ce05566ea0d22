//! Rules about the logs of rooms, beyond their examples.

use accord_review::lint::{lint, rule};

use crate::schema;

/// The rules that find something.
fn found(example: &str) -> Vec<&'static str> {
    let schema = schema(example).unwrap_or_else(|wrong| panic!("{wrong}"));
    lint(&schema).list.iter().map(|reported| reported.rule.id).collect()
}

/// An example of `passing-entry`, whose request has a name like those that create something.
fn sharing(example: &str) -> String {
    example.replace("move_cursor", "share_cursor").replace("cursor_moved", "cursor_shared")
}

#[test]
fn durable_events_need_a_key_for_repetitions_and_volatile_ones_do_not() {
    let rule = rule("passing-entry").unwrap();
    assert_eq!(found(&sharing(rule.bad())), ["missing-idempotency-key", "passing-entry"]);
    assert_eq!(found(&sharing(rule.good())), [""; 0]);
}

#[test]
fn a_field_that_looks_like_a_key_is_not_enough_where_there_is_a_log() {
    let rule = rule("passing-entry").unwrap();
    let with_key = sharing(rule.bad()).replace(
        "    payload: { type: object, required: [boardId], properties: { boardId: { $ref: BoardId } } }\n    emits: { \
         cursor_shared: scope }",
        "    payload: { type: object, required: [boardId], properties: { boardId: { $ref: BoardId }, requestId: { $ref: \
         BoardId } } }\n    emits: { cursor_shared: scope }",
    );
    let with_key = with_key.replace(
        "    ack: cursor_shared\n    failure: Failed to move cursor\n    example: { boardId: board_1 }",
        "    ack: cursor_shared\n    failure: Failed to move cursor\n    example: { boardId: board_1, requestId: r_1 }",
    );
    assert!(with_key.contains("requestId: r_1"));
    assert_eq!(found(&with_key), ["missing-idempotency-key", "passing-entry"]);
    let known = with_key.replace(
        "    emits: { cursor_shared: scope }",
        "    idempotent: requestId\n    emits: { cursor_shared: scope }",
    );
    let known = known.replace(
        "  position_lost: position_lost\n",
        "  position_lost: position_lost\n  idempotency_conflict: invalid\n",
    );
    assert_eq!(found(&known), ["passing-entry"]);
}
