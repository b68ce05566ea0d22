//! Panics: each costs only the answer in which it happens, wherever that is.

use accord_gateway::{Config, Gateway, Traffic};
use axum::{Router, routing::get};
use serde_json::json;

use crate::{
    client::{Client, Server},
    desk::Desk,
};

/// A server whose watcher panics at some events: outside of the code that carries out an event.
async fn panicking_at(panics: impl Fn(&Traffic<'_>) -> bool + Send + Sync + 'static) -> Server {
    let watched = |gateway: Gateway| gateway.watched_by(move |traffic| assert!(!panics(&traffic), "told to panic"));
    Server::prepared(Desk::new(&[("lobby", &["alice", "bob"])]), Config::default(), watched).await
}

#[tokio::test]
async fn a_panic_around_an_event_costs_its_answer_alone() {
    let server = panicking_at(|traffic| matches!(traffic, Traffic::Event { event: "dance", .. })).await;
    let mut alice = server.join("alice").await;
    alice.send(r#"427["dance",1]"#).await;
    assert_eq!(alice.call("tick", &json!({})).await, json!({ "ok": true, "data": 0 }));
    assert_eq!(alice.frame().await.as_deref(), Some(r#"42["tock",0]"#), "the dance is not answered");
    assert_eq!(server.rest("alice", "GET /api/rooms/lobby", None).await.status, 200);
}

#[tokio::test]
async fn a_panic_in_a_handshake_ends_its_connection_alone() {
    let server = panicking_at(|traffic| matches!(traffic, Traffic::Refused { .. })).await;
    let mut bob = server.join("bob").await;
    let mut nobody = Client::open(server.address, "").await;
    nobody.send("40{}").await;
    assert!(nobody.is_closed().await);
    assert_eq!(bob.call("tick", &json!({})).await["ok"], json!(true));
    server.join("alice").await;
}

#[tokio::test]
async fn a_panic_while_a_handshake_is_followed_up_ends_its_connection_alone() {
    let server = panicking_at(|traffic| matches!(traffic, Traffic::Connected { user, .. } if user.id == "alice")).await;
    let mut bob = server.join("bob").await;
    server.is_hung_up_on("alice").await;
    assert_eq!(bob.call("tick", &json!({})).await["ok"], json!(true));
}

#[tokio::test]
async fn a_panic_at_the_end_of_a_connection_costs_no_other_socket_anything() {
    let config = Config { max_sockets_per_user: 1, ..Config::default() };
    let desk = Desk::new(&[("lobby", &["alice", "bob"])]);
    let watched = |gateway: Gateway| {
        gateway.watched_by(|traffic| assert!(!matches!(traffic, Traffic::Disconnected { .. }), "told to panic"))
    };
    let server = Server::prepared(desk, config, watched).await;
    for _ in 0..3 {
        let mut alice = server.join("alice").await;
        alice.send("1").await;
        assert!(alice.is_closed().await);
    }
    server.join("bob").await;
}

#[tokio::test]
async fn a_request_whose_handler_panics_is_answered() {
    let routes = |gateway: Gateway| gateway.routes(Router::new().route("/page", get(async || told_to_panic())));
    let server = Server::prepared(Desk::new(&[]), Config::default(), routes).await;
    let answer = server.request("GET /page HTTP/1.1", b"").await;
    assert_eq!((answer.status, answer.json()), (500, json!({ "message": "Failed", "code": "internal" })));
    assert_eq!(server.rest("alice", "POST /api/break", None).await.status, 500);
}

fn told_to_panic() -> &'static str {
    panic!("told to panic")
}
