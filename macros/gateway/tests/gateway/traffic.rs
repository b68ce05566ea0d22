//! The traffic that an observer sees.

use std::sync::{Arc, Mutex};

use accord_gateway::{Config, Traffic};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    client::{Server, token},
    desk::Desk,
};

/// The observed traffic, as JSON.
#[derive(Clone, Default)]
struct Shown {
    list: Arc<Mutex<Vec<Value>>>,
    more: Arc<Notify>,
}

impl Shown {
    fn add(&self, traffic: &Traffic<'_>) {
        let shown = match traffic {
            Traffic::Refused { message } => json!({ "refused": message }),
            Traffic::Connected { user, emissions } => {
                json!({ "connected": user.id, "emits": emissions.iter().map(|emission| emission.event).collect::<Vec<_>>() })
            }
            Traffic::Disconnected { user } => json!({ "disconnected": user }),
            Traffic::Deprecated { user, deprecated } => json!({ "deprecated": deprecated.name, "by": user }),
            Traffic::Event { user, event, payload, acknowledged, outcome, .. } => {
                let outcome = match outcome {
                    Ok(outcome) => json!({ "ack": outcome.answer, "emits": outcome.emissions.len() }),
                    Err(told) => json!(told),
                };
                json!({ "event": event, "by": user, "payload": payload, "acknowledged": acknowledged, "outcome": outcome })
            }
            Traffic::Request { user, method, uri, operation, status, error, .. } => json!({
                "request": format!("{method} {uri}"), "by": user, "operation": operation,
                "status": status.as_u16(), "error": error,
            }),
        };
        self.list.lock().unwrap().push(shown);
        self.more.notify_one();
    }

    /// Waits until this much traffic has been shown.
    async fn first(&self, count: usize) -> Vec<Value> {
        loop {
            let shown = self.list.lock().unwrap().clone();
            if shown.len() >= count {
                return shown;
            }
            self.more.notified().await;
        }
    }
}

#[tokio::test]
async fn watchers_see_all_traffic_once_it_is_answered() {
    let shown = Shown::default();
    let watcher = shown.clone();
    let desk = Desk::new(&[("lobby", &["alice"])]);
    let watched = |gateway: accord_gateway::Gateway| gateway.watched_by(move |traffic| watcher.add(&traffic));
    let server = Server::prepared(desk, Config::default(), watched).await;
    server.refusal("", "{}").await;
    let mut alice = server.join("alice").await;
    let said = json!({ "room": "lobby", "text": "hello" });
    alice.call("say", &said).await;
    alice.emit("say", &json!({ "room": "attic" })).await;
    alice.event().await;
    alice.call("dance", &json!(1)).await;
    server.rest("alice", "GET /api/rooms/attic?note=1", None).await;
    drop(alice);
    let answer = json!({ "room": "lobby", "text": "hello", "by": "alice", "number": 0 });
    let denied = json!({ "message": "Not your room", "code": "room_denied" });
    let mut denied_event = denied.clone();
    denied_event["event"] = json!("say");
    assert_eq!(
        shown.first(7).await,
        [
            json!({ "refused": "Token wanted" }),
            json!({ "connected": "alice", "emits": ["welcome", "came"] }),
            json!({
                "event": "say", "by": "alice", "payload": said, "acknowledged": true,
                "outcome": { "ack": answer, "emits": 1 },
            }),
            json!({
                "event": "say", "by": "alice", "payload": { "room": "attic" }, "acknowledged": false,
                "outcome": denied_event,
            }),
            json!({
                "event": "dance", "by": "alice", "payload": 1, "acknowledged": true,
                "outcome": { "message": "No such event", "code": "unknown_event", "event": "dance" },
            }),
            json!({
                "request": "GET /api/rooms/attic?note=1", "by": "alice", "operation": "get_room", "status": 403,
                "error": denied,
            }),
            json!({ "disconnected": "alice" }),
        ]
    );
}

#[tokio::test]
async fn sec_15_watchers_see_no_tokens() {
    let shown = Shown::default();
    let watcher = shown.clone();
    let watched = |gateway: accord_gateway::Gateway| gateway.watched_by(move |traffic| watcher.add(&traffic));
    let server = Server::prepared(Desk::new(&[]), Config::default(), watched).await;
    let mut alice = server.join("alice").await;
    for payload in [json!({ "key": token("alice") }), json!({ "key": token("bob") }), json!(token("alice"))] {
        alice.call("renew", &payload).await;
    }
    let shown = shown.first(4).await;
    assert!(!json!(shown).to_string().contains("eyJ"), "{shown:?}");
    let payloads: Vec<_> = shown[1..].iter().map(|event| (&event["event"], &event["payload"])).collect();
    assert_eq!(payloads, [(&json!("renew"), &Value::Null); 3]);
}

#[tokio::test]
async fn a_limit_of_a_handler_is_shown_like_those_of_the_schema() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    let answer = alice.call("say", &json!({ "room": "lobby", "text": "OFTEN" })).await;
    let error = json!({ "message": "Slower", "code": "rate_limited", "event": "say", "retryAfterMs": 1500 });
    assert_eq!(answer, json!({ "ok": false, "error": error }));
}
