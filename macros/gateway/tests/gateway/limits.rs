//! Limits, floods, and clients that do not read.

use std::time::{Duration, Instant};

use accord_gateway::Config;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use tokio::net::TcpSocket;

use crate::client::{Client, Server, token};

#[tokio::test]
async fn a_limit_is_drawn_on_by_all_of_a_users_events_and_says_when_to_retry() {
    let server = Server::start(Config::default()).await;
    let (mut alice, mut phone) = (server.join("alice").await, server.join("alice").await);
    for _ in 0..30 {
        alice.feed(r#"42["tick"]"#).await;
        alice.feed(r#"42["dance"]"#).await;
    }
    alice.send("3").await;
    for _ in 0..60 {
        alice.event().await;
    }
    let answer = phone.call("break", &json!({})).await;
    let error = &answer["error"];
    assert_eq!(
        (&error["code"], &error["message"], &error["event"]),
        (&json!("rate_limited"), &json!("Slower"), &json!("break"))
    );
    let retry = error["retryAfterMs"].as_u64().expect("a whole number of milliseconds");
    assert!((1..=60_000).contains(&retry), "{retry}");
    let mut bob = server.join("bob").await;
    assert_eq!(bob.call("tick", &json!({})).await["ok"], json!(true), "bob's bucket is his own");
}

#[tokio::test]
async fn a_limit_per_socket_is_each_sockets_own() {
    let server = Server::start(Config::default()).await;
    let (mut alice, mut phone) = (server.join("alice").await, server.join("alice").await);
    assert_eq!(alice.call("rare", &json!({})).await["ok"], json!(true));
    assert_eq!(phone.call("rare", &json!({})).await["ok"], json!(true));
    assert_eq!(alice.call("rare", &json!({})).await["error"]["code"], json!("rate_limited"));
}

#[tokio::test]
async fn the_first_failing_check_determines_the_answer() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    for _ in 0..61 {
        alice.feed(r#"42["say",{"room":"cellar"}]"#).await;
    }
    let limited = alice.call("say", &json!(1)).await;
    assert_eq!(limited["error"]["code"], json!("rate_limited"), "the limit comes before the payload");
    let mut bob = server.join("bob").await;
    let invalid = bob.call("say", &json!({ "room": "attic", "text": 1 })).await;
    assert_eq!(invalid["error"]["code"], json!("invalid_payload"), "the payload comes before membership");
}

#[tokio::test]
async fn flooding_disconnects_the_one_who_floods_and_delays_the_next_connection() {
    // The server's tasks are on the thread of their test.
    let recorder = PrometheusBuilder::new().build_recorder();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let server = Server::start(Config::default()).await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    let begun = Instant::now();
    for _ in 0..2000 {
        alice.feed(r#"42["tick"]"#).await;
    }
    alice.send("3").await;
    assert!(alice.is_closed().await);
    assert_eq!(bob.call("tick", &json!({})).await["ok"], json!(true));
    server.join("alice").await;
    assert!(begun.elapsed() >= Duration::from_secs(1), "{:?}", begun.elapsed());
    let counted = recorder.handle().render();
    assert!(counted.contains("accord_flooders_closed_total 1\n"), "one flood counts once:\n{counted}");
}

/// A socket whose next events wait, until `go` is notified, and of which few may.
async fn waiting(max_queued_bytes: usize) -> (Server, Client) {
    let server = Server::start(Config { limits: false, max_queued_bytes, ..Config::default() }).await;
    let mut alice = server.join("alice").await;
    alice.send(r#"42["wait"]"#).await;
    server.desk.begun.notified().await;
    (server, alice)
}

#[tokio::test]
async fn sec_29_events_beyond_the_queue_are_answered_in_turn_and_the_socket_stays() {
    let (server, mut alice) = waiting(100_000).await;
    for id in 0..10 {
        alice.feed(&format!("42{id}{}", json!(["say", { "room": "lobby", "text": "x".repeat(30_000) }]))).await;
    }
    alice.feed("4210[\"dance\"]").await;
    alice.feed("4211[\"tick\"]").await;
    alice.send("40/nowhere,").await;
    assert!(alice.frame().await.unwrap().starts_with("44/nowhere,"), "all that was sent before has been taken in");
    server.desk.go.notify_one();
    let failed = |event: &str| json!({ "message": "Failed to do it", "code": "internal", "event": event });
    for id in 0..10 {
        let answer = alice.acknowledged(id).await;
        match id {
            0..3 => assert_eq!(answer["ok"], json!(true), "{id}"),
            _ => assert_eq!(answer, json!({ "ok": false, "error": failed("say") }), "{id}"),
        }
    }
    assert_eq!(alice.acknowledged(10).await["error"]["code"], json!("unknown_event"));
    assert_eq!(alice.acknowledged(11).await["data"], json!(3), "what is small finds room");
    assert_eq!(alice.call("tick", &json!({})).await["ok"], json!(true), "there is room again");
}

#[tokio::test]
async fn sec_29_waiting_events_are_bounded_at_any_size() {
    let (_server, mut alice) = waiting(20_000).await;
    for _ in 0..1000 {
        alice.feed(r#"42["tick"]"#).await;
    }
    alice.send("3").await;
    assert!(alice.is_closed().await);
}

/// A member of the lobby whose system takes in little and which reads nothing.
async fn stalled(server: &Server) -> Client {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(server.address).await.unwrap();
    let mut client = Client::over(stream, server.address, "").await;
    client.send(&format!("40{}", json!({ "token": token("carol") }))).await;
    assert!(client.frame().await.unwrap().starts_with("40{"));
    assert_eq!(client.call("enter", &json!({ "room": "lobby" })).await["ok"], json!(true));
    client
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sec_29_a_reader_that_falls_behind_is_closed_and_others_miss_nothing() {
    let config = Config { limits: false, write_timeout: Duration::from_secs(60), ..Config::default() };
    let server = Server::start(config).await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    let mut carol = stalled(&server).await;
    assert_eq!(bob.call("enter", &json!({ "room": "lobby" })).await["ok"], json!(true));
    assert_eq!(bob.event().await.0, "entered");
    assert_eq!(server.desk.hub.joined().values().sum::<usize>(), 2);
    let text = "x".repeat(50_000);
    let mut said = 0;
    while server.desk.hub.connections() == 3 {
        assert_eq!(alice.call("say", &json!({ "room": "lobby", "text": text })).await["ok"], json!(true));
        let (event, value) = bob.event().await;
        assert_eq!((event.as_str(), &value["number"]), ("said", &json!(said)));
        said += 1;
    }
    assert_eq!(server.desk.hub.joined().values().sum::<usize>(), 1);
    assert!(carol.is_closed().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sec_29_a_reader_that_stalls_is_dropped_after_the_write_timeout() {
    // More than is said here may wait.
    let config = Config {
        limits: false,
        max_unsent_bytes: 64 << 20,
        max_unsent_bytes_per_user: 64 << 20,
        write_timeout: Duration::from_millis(300),
        ..Config::default()
    };
    let server = Server::start(config).await;
    let mut alice = server.join("alice").await;
    let mut carol = stalled(&server).await;
    let text = "x".repeat(100_000);
    for _ in 0..80 {
        assert_eq!(alice.call("say", &json!({ "room": "lobby", "text": text })).await["ok"], json!(true));
    }
    while server.desk.hub.connections() == 2 {
        assert_eq!(alice.call("tick", &json!({})).await["ok"], json!(true));
    }
    assert!(carol.is_closed().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_client_that_reads_its_answers_slowly_waits_and_misses_nothing() {
    const EVENTS: u64 = 600;
    let server = Server::start(Config { limits: false, max_unsent_bytes: 2000, ..Config::default() }).await;
    let mut alice = server.join("alice").await;
    let padding = "x".repeat(500);
    for id in 0..EVENTS {
        alice.feed(&format!(r#"42{id}["tick","{padding}"]"#)).await;
    }
    alice.send("3").await;
    for number in 0..EVENTS {
        assert_eq!(alice.event().await, ("tock".to_owned(), json!(number)));
        assert!(alice.frame().await.unwrap().starts_with(&format!("43{number}[")));
    }
}
