//! The handling of one event.

use accord_gateway::Config;
use serde_json::{Value, json};

use crate::client::Server;

fn unlimited() -> Config {
    Config { limits: false, ..Config::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pipelined_events_are_worked_off_in_their_order() {
    const EVENTS: u64 = 20_000;
    let server = Server::start(unlimited()).await;
    let mut alice = server.join("alice").await;
    for id in 0..EVENTS {
        alice.feed(&format!(r#"42{id}["tick"]"#)).await;
    }
    alice.send("3").await;
    for number in 0..EVENTS {
        assert_eq!(alice.event().await, ("tock".to_owned(), json!(number)));
        let ack = alice.frame().await.unwrap();
        assert_eq!(ack, format!(r#"43{number}[{{"ok":true,"data":{number}}}]"#));
    }
}

#[tokio::test]
async fn a_failure_is_acknowledged_or_emitted_and_never_both() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    let error = json!({ "message": "Not so loud", "code": "too_loud", "event": "say" });
    let payload = json!({ "room": "lobby", "text": "LOUD" });
    alice.emit("say", &payload).await;
    assert_eq!(alice.event().await, ("failed".to_owned(), error.clone()));
    assert_eq!(alice.call("say", &payload).await, json!({ "ok": false, "error": error }));
    assert_eq!(alice.call("rare", &json!({})).await, json!({ "ok": true, "data": null }), "nothing came in between");
}

#[tokio::test]
async fn sec_23_a_payload_is_checked_before_anything_else_looks_at_it() {
    let server = Server::start(unlimited()).await;
    let mut alice = server.join("alice").await;
    let deep = format!(r#"["say",{}{}]"#, "[".repeat(300), "]".repeat(300));
    let cases = [
        (r#"["say"]"#, json!([["", "must be an object"]])),
        (r#"["say",null]"#, json!([["", "must be an object"]])),
        (r#"["say",[1]]"#, json!([["", "must be an object"]])),
        (r#"["say",{"text":1}]"#, json!([["/room", "is required"], ["/text", "must be a string"]])),
        (r#"["say",{"room":"secret","text":1}]"#, json!([["/text", "must be a string"]])),
        (r#"["say",1e999]"#, json!([["", "is not valid JSON"]])),
        (r#"["say",{"room":"\ud800"}]"#, json!([["", "is not valid JSON"]])),
        (deep.as_str(), json!([["", "is nested too deeply"]])),
    ];
    for (packet, violations) in cases {
        let answer = alice.call_raw(packet).await;
        let violation = |pair: &Value| json!({ "path": pair[0], "message": pair[1] });
        let details: Vec<_> = violations.as_array().unwrap().iter().map(violation).collect();
        let error = json!({ "message": "Not valid", "code": "invalid_payload", "event": "say", "details": details });
        assert_eq!(answer, json!({ "ok": false, "error": error }), "{packet}");
    }
}

#[tokio::test]
async fn arguments_after_the_first_are_ignored() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    let answer = alice.call_raw(r#"["say",{"room":"lobby"},{"room":1},"x"]"#).await;
    assert_eq!(answer["ok"], json!(true));
}

#[tokio::test]
async fn a_binary_payload_is_no_object() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    alice.send(r#"451-7["say",{"_placeholder":true,"num":0}]"#).await;
    alice.send_binary(b"\0\x01").await;
    let answer = alice.acknowledged(7).await;
    assert_eq!(answer["error"]["details"], json!([{ "path": "", "message": "must be an object" }]));
    alice.send(r#"451-8["say",{"room":"lobby","more":{"_placeholder":true,"num":0}}]"#).await;
    alice.send_binary(b"\0\x01").await;
    assert_eq!(alice.acknowledged(8).await["ok"], json!(true));
}

#[tokio::test]
async fn an_unknown_event_of_any_name_gets_its_own_error() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    let unknown = |event: &str| json!({ "message": "No such event", "code": "unknown_event", "event": event });
    for event in ["dance", "", "connect", "disconnect", "é", "x".repeat(5000).as_str()] {
        assert_eq!(alice.call(event, &json!({})).await, json!({ "ok": false, "error": unknown(event) }));
    }
    alice.emit("dance", &json!({})).await;
    assert_eq!(alice.event().await, ("failed".to_owned(), unknown("dance")));
    // Characters with a meaning in other protocols are ordinary here.
    for event in ["\u{7b2}", "a\u{7ba}0070", "\u{2028}", "\u{7f}"] {
        assert_eq!(alice.call(event, &json!({})).await, json!({ "ok": false, "error": unknown(event) }));
    }
    assert_eq!(alice.call("rare", &json!({})).await["ok"], json!(true));
}

#[tokio::test]
async fn sec_26_an_event_whose_name_has_escapes_or_is_a_number_ends_only_its_own_connection() {
    let server = Server::start(Config::default()).await;
    let mut bob = server.join("bob").await;
    for packet in [r#"["t\u0069ck"]"#, r#"["a\"b",{}]"#, r#"["\ud800"]"#, "[5,{}]", "[ -1.5e3 ]", "[0]"] {
        for with_ack in [true, false] {
            let mut alice = server.join("alice").await;
            let id = if with_ack { "1" } else { "" };
            alice.feed(&format!("42{id}{packet}")).await;
            alice.send(r#"42["tick"]"#).await;
            let (close, end) = (alice.frame().await, alice.frame().await);
            assert_eq!((close.as_deref(), end), (Some("1"), None), "{packet} is neither answered nor another event");
        }
    }
    assert_eq!(bob.call("tick", &json!({})).await["ok"], json!(true));
    drop(bob);
    server.is_left().await;
}

#[tokio::test]
async fn sec_39_the_answer_to_a_fault_says_only_what_failed() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    for event in ["break", "panic"] {
        let error = json!({ "message": "Failed to do it", "code": "internal", "event": event });
        assert_eq!(alice.call(event, &json!({})).await, json!({ "ok": false, "error": error }));
    }
    let error = json!({ "message": "Failed to do it", "code": "internal", "event": "say" });
    let broken = json!({ "room": "broken", "text": "x" });
    assert_eq!(alice.call("say", &broken).await, json!({ "ok": false, "error": error }));
    assert_eq!(alice.call("rare", &json!({})).await["ok"], json!(true), "the socket's next event is worked off");
}
