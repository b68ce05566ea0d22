//! Revoked users: their connections, their refused tokens, and their new ones.

use std::{
    sync::atomic::Ordering,
    time::{SystemTime, UNIX_EPOCH},
};

use accord_gateway::Config;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    client::{Client, Server, now, signed, token},
    desk::Desk,
    rest::{multipart, upload},
};

/// A server where alice and bob are members of a room whose memberships take long to look up.
async fn server() -> Server {
    Server::with(Desk::new(&[("gate", &["alice", "bob"])]), Config { limits: false, ..Config::default() }).await
}

/// Revokes alice at this moment; returns it.
fn revoke(server: &Server) -> SystemTime {
    let moment = SystemTime::now();
    server.desk.revoked.lock().unwrap().insert("alice".to_owned(), moment);
    server.desk.hub.revoke("alice", moment);
    moment
}

/// A token of alice with a time of issue.
fn issued(iat: impl Into<Value>) -> String {
    let iat: Value = iat.into();
    signed(&json!({ "sub": "alice", "exp": now() + 3600.0, "iat": iat }))
}

async fn join(server: &Server, token: &str) -> Client {
    let mut client = server.connect(json!({ "token": token })).await;
    assert_eq!(client.event().await.0, "welcome");
    client
}

async fn is_refused(server: &Server, token: &str) {
    let refusal = server.refusal("", &json!({ "token": token }).to_string()).await;
    assert_eq!(refusal, json!({ "message": "Token refused" }));
}

#[tokio::test]
async fn sec_14_a_revoked_users_connections_end_and_only_tokens_of_a_later_second_are_accepted() {
    let server = server().await;
    let mut bob = server.join("bob").await;
    // The second token does not say when it was issued, and the clock of the third token's issuer is ahead.
    let mut sockets = [
        join(&server, &issued(now() - 60.0)).await,
        server.join("alice").await,
        join(&server, &issued(now() + 60.0)).await,
    ];
    let moment = revoke(&server);
    for socket in &mut sockets {
        assert_eq!(socket.frame().await.as_deref(), Some("41"), "its client does not connect again by itself");
        assert!(socket.is_closed().await);
    }

    let second = moment.duration_since(UNIX_EPOCH).unwrap().as_secs();
    let rest = async |token: &str| {
        let head = format!("POST /api/break HTTP/1.1\r\nAuthorization: Bearer {token}");
        server.request(&head, b"").await.json()["code"].take()
    };
    let mut newer = join(&server, &issued(second + 1)).await;
    assert_eq!(rest(&issued(second + 1)).await, json!("internal"), "it is carried out, and panics");
    let older = [json!(null), json!(second - 60), json!(second), json!(second as f64 + 0.9), json!("x"), json!(-1)];
    for token in older.map(issued) {
        is_refused(&server, &token).await;
        assert_eq!(rest(&token).await, json!("token_refused"));
        let renewal = newer.call("renew", &json!({ "key": token })).await;
        assert_eq!(renewal["error"]["code"], json!("token_refused"));
    }
    assert_eq!(newer.call("renew", &json!({ "key": issued(second + 2) })).await["ok"], json!(true));

    // A server that shares the business logic with another may learn of a revocation late, and more than once.
    server.desk.hub.revoke("alice", moment);
    for socket in [&mut newer, &mut bob] {
        assert_eq!(socket.call("tick", &json!(null)).await["ok"], json!(true));
    }
}

#[tokio::test]
async fn sec_14_a_handshake_whose_token_was_good_just_before_the_revocation_does_not_outlive_it() {
    let server = server().await;
    server.desk.hesitates.store(true, Ordering::SeqCst);
    let mut client = Client::open(server.address, "").await;
    client.send(&format!("40{}", json!({ "token": token("alice") }))).await;
    server.desk.begun.notified().await;
    revoke(&server);
    server.desk.go.notify_one();
    assert_eq!(client.frame().await, None, "it comes back by itself, and then is told");
    is_refused(&server, &token("alice")).await;
    server.is_left().await;
}

#[tokio::test]
async fn sec_14_a_socket_that_is_about_to_join_a_room_is_in_none_once_it_is_revoked() {
    let server = server().await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    alice.emit("enter", &json!({ "room": "gate" })).await;
    server.desk.begun.notified().await;
    revoke(&server);
    assert_eq!(alice.frame().await.as_deref(), Some("41"));
    assert!(alice.is_closed().await);
    server.desk.go.notify_one();
    // Bob enters once alice has let go of the room.
    bob.emit("enter", &json!({ "room": "gate" })).await;
    server.desk.begun.notified().await;
    server.desk.go.notify_one();
    assert_eq!(bob.event().await.0, "entered");
    server.is_left_by("alice").await;
    assert_eq!(server.desk.hub.joined().values().sum::<usize>(), 1);
}

#[tokio::test]
async fn sec_14_an_upload_under_way_breaks_off() {
    let server = server().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = upload("multipart/form-data; boundary=x");
    stream.write_all(format!("{head}\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n").as_bytes()).await.unwrap();
    stream.write_all(&multipart("file", &[7; 100_000])[..50_000]).await.unwrap();
    server.desk.arriving.notified().await;
    revoke(&server);
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(std::str::from_utf8(&answer), Ok("HTTP/1.1 401"));
    assert!(matches!(&server.desk.uploaded.lock().unwrap()[..], [Err(why)] if why.starts_with("the upload broke off")));
}
