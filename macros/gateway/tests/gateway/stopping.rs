//! Stopping.

use std::time::Duration;

use accord_gateway::Config;
use serde_json::json;

use crate::client::{Client, Server, token};

#[tokio::test]
async fn requests_in_flight_are_finished_and_later_ones_are_refused() {
    let mut server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    let mut bob = server.join("bob").await;
    let mut late = Client::open(server.address, "").await;
    for packet in [r#"421["wait"]"#, r#"422["tick"]"#, "40/elsewhere,"] {
        alice.send(packet).await;
    }
    // Answers out of turn come after the packets that wait.
    assert_eq!(alice.frame().await.as_deref(), Some(r#"44/elsewhere,{"message":"Invalid namespace"}"#));
    server.stop();
    // The server shows that it is stopping by its refusals.
    while bob.call("tick", &json!({})).await["ok"] == json!(true) {}
    let error = json!({ "message": "Failed to do it", "code": "internal", "event": "tick" });
    assert_eq!(bob.call("tick", &json!({})).await, json!({ "ok": false, "error": error }));
    late.send(&format!("40{}", json!({ "token": token("carol") }))).await;
    assert_eq!(late.frame().await, None, "its client comes back by itself if it is told nothing");
    alice.send(r#"423["tick"]"#).await;
    server.desk.go.notify_one();
    assert_eq!(alice.acknowledged(1).await, json!({ "ok": true, "data": "waited" }));
    assert_eq!(alice.acknowledged(2).await["ok"], json!(true), "it came before the server was told to stop");
    assert!(alice.is_closed().await && bob.is_closed().await);
    server.serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_server_does_not_wait_forever_to_stop() {
    let mut server = Server::start(Config { stop_timeout: Duration::from_millis(100), ..Config::default() }).await;
    let mut alice = server.join("alice").await;
    alice.send(r#"42["wait"]"#).await;
    server.desk.begun.notified().await;
    server.stop();
    assert!(alice.is_closed().await);
    server.serving.await.unwrap().unwrap();
}
