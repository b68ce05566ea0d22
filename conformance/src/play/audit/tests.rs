//! Tests of the audit as a whole.

use serde_json::json;

use super::*;

fn audit() -> Audit {
    Audit::new(Arc::new(Protocol::embedded().unwrap()), Arc::default())
}

fn deleted(room: &str) -> Seen {
    let payload = json!({ "messageId": "m", "channelId": room, "seq": 1 });
    Seen::Event { name: "message_deleted".to_owned(), args: vec![payload] }
}

#[test]
fn an_event_of_a_room_that_was_not_joined_is_found() {
    let audit = audit();
    audit.emitted(1, "join_channel", Some(&json!({ "channelId": "general" })));
    audit.received("alice", 1, "websocket", &deleted("general"));
    assert_eq!(audit.verdict(), Ok(()));
    audit.received("alice", 1, "websocket", &deleted("side"));
    assert!(audit.verdict().unwrap_err().expected.contains("the channel `side`, which this socket has not joined"));
}

#[test]
fn after_leaving_nothing_may_come_until_joining_again() {
    let audit = audit();
    let room = json!({ "channelId": "general" });
    audit.emitted(1, "join_channel", Some(&room));
    audit.emitted(1, "leave_channel", Some(&room));
    audit.received("alice", 1, "websocket", &deleted("general"));
    assert_eq!(audit.verdict(), Ok(()), "the leave is still under way");
    audit.received("alice", 1, "websocket", &Seen::Event { name: "left_channel".to_owned(), args: vec![room.clone()] });
    audit.emitted(1, "join_channel", Some(&room));
    audit.received("alice", 1, "websocket", &deleted("general"));
    assert_eq!(audit.verdict(), Ok(()));
    audit.emitted(1, "leave_channel", Some(&room));
    audit.answered(1, "leave_channel", Some(&room), Some(&room)).unwrap();
    audit.received("alice", 1, "websocket", &deleted("general"));
    assert!(audit.verdict().is_err());
}

#[test]
fn an_event_that_breaks_the_schema_is_found() {
    let audit = audit();
    audit.received(
        "alice",
        1,
        "websocket",
        &Seen::Event { name: "pong".to_owned(), args: vec![json!({ "timestamp": "1" })] },
    );
    assert!(audit.verdict().unwrap_err().came.contains("breaks the schema at `/timestamp`"));
}

#[test]
fn an_event_without_its_room_is_followed_to_the_room_of_its_message() {
    let audit = audit();
    audit.homes.learn(&audit.protocol.model, &json!({ "id": "m-1", "channelId": "general" }));
    let removed = json!({ "messageId": "m-1", "emoji": "x", "userId": "u", "seq": 1 });
    audit.received("bob", 2, "websocket", &Seen::Event { name: "reaction_removed".to_owned(), args: vec![removed] });
    assert!(audit.verdict().unwrap_err().expected.contains("`general`"));
}
