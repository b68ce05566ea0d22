//! Failures that name the rooms that were asked for.

use accord_gateway::Config;
use serde_json::{Value, json};

use crate::client::{Client, Server};

/// The rooms that a failed acknowledgement and an error event name.
async fn named(client: &mut Client, payload: &Value) -> (Value, [Value; 2]) {
    named_raw(client, &json!(["shout", payload]).to_string()).await
}

async fn named_raw(client: &mut Client, packet: &str) -> (Value, [Value; 2]) {
    let error = client.call_raw(packet).await["error"].clone();
    client.send(&format!("42{packet}")).await;
    let (event, told) = client.event().await;
    assert_eq!((event.as_str(), &told["code"]), ("failed", &error["code"]));
    let rooms = ["inRoom", "inOther"].map(|key| error.get(key).cloned().unwrap_or(json!("none")));
    for (key, room) in ["inRoom", "inOther"].into_iter().zip(&rooms) {
        assert_eq!(told.get(key).cloned().unwrap_or(json!("none")), *room, "{told} says what {error} does");
    }
    (error["code"].clone(), rooms)
}

#[tokio::test]
async fn every_failure_names_the_room() {
    let server = Server::start(Config { limits: false, ..Config::default() }).await;
    let mut alice = server.join("alice").await;
    for (payload, code) in [
        (json!({ "room": "lobby", "text": 7 }), "invalid_payload"),
        (json!({ "room": "cellar" }), "room_denied"),
        (json!({ "room": "nowhere" }), "room_denied"),
        (json!({ "room": "broken" }), "internal"),
        (json!({ "room": "lobby", "text": "LOUD" }), "too_loud"),
        (json!({ "room": "lobby", "text": "OFTEN" }), "rate_limited"),
        (json!({ "room": "lobby", "text": "BREAK" }), "internal"),
        (json!({ "room": "lobby", "text": "PANIC" }), "internal"),
    ] {
        let expected = (json!(code), [payload["room"].clone(), json!("none")]);
        assert_eq!(named(&mut alice, &payload).await, expected, "{payload}");
    }
    let both = json!({ "room": "cellar", "other": "attic" });
    assert_eq!(named(&mut alice, &both).await, (json!("room_denied"), [json!("cellar"), json!("attic")]));
}

#[tokio::test]
async fn a_rate_limited_event_also_names_its_room() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    for _ in 0..61 {
        alice.feed(r#"42["shout",{"room":"lobby"}]"#).await;
    }
    let error =
        alice.call("shout", &json!({ "room": "lobby", "text": [1, { "room": "attic" }] })).await["error"].clone();
    assert_eq!((&error["code"], &error["inRoom"]), (&json!("rate_limited"), &json!("lobby")));
}

#[tokio::test]
async fn a_room_is_named_by_a_string_that_is_no_longer_than_ids_are() {
    let server = Server::start(Config { limits: false, ..Config::default() }).await;
    let mut alice = server.join("alice").await;
    let (long, longer) = ("\u{1f44d}".repeat(128), "x".repeat(129));
    let none = || json!("none");
    for (packet, room) in [
        (json!(["shout", { "room": long }]).to_string(), json!(long)),
        (json!(["shout", { "room": longer }]).to_string(), none()),
        (json!(["shout", { "room": "" }]).to_string(), json!("")),
        (json!(["shout", { "room": "a\"b\n" }]).to_string(), json!("a\"b\n")),
        (json!(["shout", { "room": 7 }]).to_string(), none()),
        (json!(["shout", { "room": null }]).to_string(), none()),
        (json!(["shout", { "room": ["lobby"] }]).to_string(), none()),
        (json!(["shout", "lobby"]).to_string(), none()),
        (json!(["shout", ["lobby"]]).to_string(), none()),
        (json!(["shout"]).to_string(), none()),
        (json!(["shout", { "nested": { "room": "lobby" } }]).to_string(), none()),
        (r#"["shout",{"room":"attic","room":"cellar"}]"#.to_owned(), json!("cellar")),
        (r#"["shout",{"room":"attic","room":7}]"#.to_owned(), none()),
        (r#"["shout",{"r\u006fom":"cellar"}]"#.to_owned(), json!("cellar")),
        (r#"["shout",{"deep":1e999,"room":"cellar"}]"#.to_owned(), json!("cellar")),
        (r#"["shout",{"room":"\ud800"}]"#.to_owned(), none()),
    ] {
        assert_eq!(named_raw(&mut alice, &packet).await.1, [room, none()], "{packet}");
    }
}

#[tokio::test]
async fn an_event_that_lost_its_payload_names_no_room() {
    let server = Server::start(Config { limits: false, max_queued_bytes: 20_000, ..Config::default() }).await;
    let mut alice = server.join("alice").await;
    alice.send(r#"42["wait"]"#).await;
    server.desk.begun.notified().await;
    alice.send(&format!("421{}", json!(["shout", { "room": "lobby", "text": "x".repeat(30_000) }]))).await;
    alice.send("40/nowhere,").await;
    assert!(alice.frame().await.unwrap().starts_with("44/nowhere,"), "all that was sent before has been taken in");
    server.desk.go.notify_one();
    let failed = json!({ "message": "Failed to do it", "code": "internal", "event": "shout" });
    assert_eq!(alice.acknowledged(1).await, json!({ "ok": false, "error": failed }));
}
