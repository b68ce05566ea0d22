//! The handlers of connect and disconnect.

use accord_gateway::Config;
use serde_json::json;

use crate::{
    client::{Client, Server},
    desk::Desk,
};

/// A server where bob may watch alice's own room, and bob, who does.
async fn watched() -> (Server, Client) {
    let server = Server::with(Desk::new(&[("alice", &["bob"]), ("unlucky", &["bob"])]), Config::default()).await;
    let mut bob = server.join("bob").await;
    for room in ["alice", "unlucky"] {
        assert_eq!(bob.call("enter", &json!({ "room": room })).await["ok"], json!(true));
        assert_eq!(bob.event().await, ("entered".to_owned(), json!(room)));
    }
    (server, bob)
}

#[tokio::test]
async fn a_users_own_room_hears_of_every_socket_that_comes_and_goes() {
    let (server, mut bob) = watched().await;
    let came = ("came".to_owned(), json!("alice"));
    let went = |left: usize| ("went".to_owned(), json!({ "who": "alice", "left": left }));
    let mut phone = server.join("alice").await;
    assert_eq!(bob.event().await, came);
    let laptop = server.join("alice").await;
    assert_eq!(bob.event().await, came);
    phone.send("41").await;
    assert_eq!(bob.event().await, went(1));
    drop(laptop);
    assert_eq!(bob.event().await, went(0), "a connection that breaks is an end as well");
}

#[tokio::test]
async fn the_end_of_a_socket_without_a_beginning_is_not_followed_up() {
    let (server, mut bob) = watched().await;
    server.is_hung_up_on("unlucky").await;
    let alice = server.join("alice").await;
    drop(alice);
    assert_eq!(bob.event().await.0, "came");
    assert_eq!(bob.event().await.0, "went");
    let gone = server.desk.gone.lock().unwrap().clone();
    assert_eq!(gone, [json!({ "who": "alice", "left": 0 })]);
}

#[tokio::test]
async fn the_ends_of_all_sockets_are_followed_up_before_the_server_has_stopped() {
    let (mut server, mut bob) = watched().await;
    let mut alice = server.join("alice").await;
    server.stop();
    assert!(alice.is_closed().await && bob.is_closed().await);
    server.serving.await.unwrap().unwrap();
    let mut gone: Vec<_> = server.desk.gone.lock().unwrap().iter().map(|went| went["who"].clone()).collect();
    gone.sort_by_key(ToString::to_string);
    assert_eq!(gone, [json!("alice"), json!("bob")]);
}
