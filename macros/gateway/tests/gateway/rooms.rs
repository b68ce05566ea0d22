//! Rooms: permissions, joins, and receivers.

use std::{cell::Cell, time::SystemTime};

use accord_gateway::Config;
use serde_json::{Value, json};

use crate::client::{Client, Server};

const DENIED: &str = "Not your room";

async fn enter(client: &mut Client, room: &str) {
    assert_eq!(client.call("enter", &json!({ "room": room })).await, json!({ "ok": true, "data": room }));
    assert_eq!(client.event().await, ("entered".to_owned(), json!(room)));
}

async fn say(client: &mut Client, room: &str, text: &str) -> Value {
    let answer = client.call("say", &json!({ "room": room, "text": text })).await;
    assert_eq!(answer["ok"], json!(true), "{answer}");
    answer["data"].clone()
}

#[tokio::test]
async fn sec_22_events_of_a_room_reach_only_the_sockets_in_it() {
    let server = Server::start(Config::default()).await;
    let (mut alice, mut bob, mut carol) =
        (server.join("alice").await, server.join("bob").await, server.join("carol").await);
    enter(&mut alice, "lobby").await;
    enter(&mut bob, "lobby").await;
    enter(&mut bob, "lobby").await;
    let first = say(&mut carol, "lobby", "a member may say something without having entered").await;
    assert_eq!(alice.event().await, ("said".to_owned(), first.clone()));
    assert_eq!(bob.event().await, ("said".to_owned(), first));
    assert_eq!(bob.call("exit", &json!({ "room": "lobby" })).await["ok"], json!(true));
    let second = say(&mut alice, "lobby", "who says it hears it").await;
    assert_eq!(alice.event().await, ("said".to_owned(), second));
    let hub = &server.desk.hub;
    assert_eq!(
        hub.joined().into_iter().map(|(room, count)| (room.id, count)).collect::<Vec<_>>(),
        [("lobby".to_owned(), 1)]
    );
    assert_eq!(hub.connections(), 3);
    for client in [&mut bob, &mut carol] {
        assert_eq!(client.call("tick", &json!({})).await["ok"], json!(true));
        assert_eq!(client.event().await.0, "tock", "nothing came before");
    }
}

#[tokio::test]
async fn emissions_go_to_others_to_the_user_and_to_a_second_room() {
    let server = Server::start(Config::default()).await;
    let (mut alice, mut bob, mut phone) =
        (server.join("alice").await, server.join("bob").await, server.join("alice").await);
    enter(&mut alice, "lobby").await;
    enter(&mut bob, "lobby").await;
    enter(&mut phone, "attic").await;
    let nudge = alice.call("nudge", &json!({ "room": "lobby" })).await["data"].clone();
    assert_eq!(bob.event().await, ("nudged".to_owned(), nudge.clone()));
    assert_eq!(alice.event().await, ("mine".to_owned(), nudge.clone()));
    assert_eq!(phone.event().await, ("mine".to_owned(), nudge));
    let carry = alice.call("carry", &json!({ "room": "lobby", "other": "attic" })).await["data"].clone();
    assert_eq!(phone.event().await, ("carried".to_owned(), carry));
    let same = alice.call("carry", &json!({ "room": "lobby", "other": "lobby" })).await;
    assert_eq!(bob.event().await, ("carried".to_owned(), same["data"].clone()));
}

#[tokio::test]
async fn sec_17_every_room_that_an_event_names_asks_for_membership() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    let cases = [
        ("enter", json!({ "room": "cellar" })),
        ("enter", json!({ "room": "nowhere" })),
        ("say", json!({ "room": "cellar", "text": "x" })),
        ("carry", json!({ "room": "cellar", "other": "attic" })),
        ("carry", json!({ "room": "attic", "other": "cellar" })),
    ];
    for (event, payload) in cases {
        let error = json!({ "message": DENIED, "code": "room_denied", "event": event });
        assert_eq!(alice.call(event, &payload).await, json!({ "ok": false, "error": error }), "{event} {payload}");
    }
    let left = alice.call("exit", &json!({ "room": "cellar" })).await;
    assert_eq!(left, json!({ "ok": true, "data": "cellar" }), "anybody may leave what they are not in");
}

#[tokio::test]
async fn sec_18_no_event_of_the_room_arrives_after_an_eviction() {
    let server = Server::start(Config { limits: false, ..Config::default() }).await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    enter(&mut alice, "lobby").await;
    enter(&mut bob, "lobby").await;
    // Bob is expelled while others send. He receives exactly the earlier messages, without a gap and in order.
    let is_expelled = Cell::new(false);
    let talk = async {
        let mut said = Vec::new();
        let mut is_last = false;
        while !is_last {
            is_last = is_expelled.get() && said.len() >= 500;
            let text = said.len().to_string();
            said.push(say(&mut alice, "lobby", &text).await);
        }
        said
    };
    let expel = async {
        let answer = server.rest("root", "DELETE /api/rooms/lobby/members/bob", None).await;
        assert_eq!((answer.status, answer.json()), (200, json!({ "data": {} })));
        is_expelled.set(true);
    };
    let (said, ()) = tokio::join!(talk, expel);
    let answer = bob.call("say", &json!({ "room": "lobby", "text": "still here?" })).await;
    assert_eq!(answer["error"]["message"], json!(DENIED));
    assert_eq!(bob.call("tick", &json!({})).await["ok"], json!(true));
    let mut heard = Vec::new();
    loop {
        match bob.event().await {
            (event, value) if event == "said" => heard.push(value),
            (event, _) => {
                assert_eq!(event, "tock");
                break;
            }
        }
    }
    assert!(heard.len() < said.len());
    assert_eq!(heard, said[..heard.len()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_members_of_a_room_see_one_order() {
    const EACH: usize = 200;
    let server = Server::start(Config { limits: false, ..Config::default() }).await;
    let users = ["alice", "bob", "carol"];
    let mut clients = Vec::new();
    for user in users {
        let mut client = server.join(user).await;
        enter(&mut client, "lobby").await;
        clients.push(client);
    }
    for client in &mut clients {
        for number in 0..EACH {
            client.feed(&format!("42{}", json!(["say", { "room": "lobby", "text": number.to_string() }]))).await;
        }
        client.send("3").await;
    }
    for client in &mut clients {
        for number in 0..EACH * users.len() {
            let (event, said) = client.event().await;
            assert_eq!((event.as_str(), &said["number"]), ("said", &json!(number)), "in the order of the handlers");
        }
    }
}

#[tokio::test]
async fn sec_30_a_socket_joins_only_so_many_rooms() {
    let server = Server::start(Config { max_rooms_per_socket: 1, ..Config::default() }).await;
    let mut alice = server.join("alice").await;
    enter(&mut alice, "lobby").await;
    let answer = alice.call("enter", &json!({ "room": "attic" })).await;
    assert_eq!(
        (&answer["error"]["code"], &answer["error"]["details"][0]["path"]),
        (&json!("invalid_payload"), &json!("/room"))
    );
    assert_eq!(alice.call("exit", &json!({ "room": "lobby" })).await["ok"], json!(true));
    enter(&mut alice, "attic").await;
}

#[tokio::test]
async fn sec_14_a_revoked_user_is_gone_from_everywhere() {
    let server = Server::start(Config::default()).await;
    let (mut alice, mut phone, mut bob) =
        (server.join("alice").await, server.join("alice").await, server.join("bob").await);
    enter(&mut alice, "lobby").await;
    server.desk.hub.revoke("alice", SystemTime::now());
    assert_eq!(alice.frame().await.as_deref(), Some("41"));
    assert!(alice.is_closed().await && phone.is_closed().await);
    assert_eq!(bob.call("say", &json!({ "room": "lobby", "text": "x" })).await["ok"], json!(true));
    assert_eq!((server.desk.hub.connections(), server.desk.hub.joined().len()), (1, 0));
}
