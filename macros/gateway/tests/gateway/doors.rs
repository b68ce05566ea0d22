//! Clients that are not authenticated yet: heads of requests, bytes before joining, guesses of tokens.

use std::time::{Duration, Instant};

use accord_gateway::{Config, Hosts, Rate};
use futures_util::future::join_all;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tracing_subscriber::filter::LevelFilter;

use crate::{
    client::{Client, Server, token, within},
    logs::Log,
    transport::Poller,
};

/// The answers to requests, as they are written, until the server closes the connection.
async fn answers(server: &Server, requests: &str) -> Vec<u16> {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(requests.as_bytes()).await.unwrap();
    let mut answers = Vec::new();
    within(Duration::from_secs(20), stream.read_to_end(&mut answers)).await.unwrap();
    let answers = String::from_utf8(answers).unwrap();
    let statuses = answers.split("HTTP/1.1 ").skip(1).map(|answer| answer[..3].parse().unwrap());
    statuses.collect()
}

#[tokio::test]
async fn a_head_whose_lines_end_in_a_line_feed_alone_is_refused_after_any_request() {
    let server = Server::start(Config::default()).await;
    let (close, length) = ("Host: a\r\nConnection: close\r\n\r\n", "Content-Length: 3\r\n");
    let good = format!("GET /nothing HTTP/1.1\r\n{close}");
    assert_eq!(answers(&server, &good).await, [404]);
    for before in [
        "",
        "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n",
        &format!("POST /nothing HTTP/1.1\r\nHost: a\r\n{length}\r\n\n\n\n"),
    ] {
        for head in [
            format!("GET /nothing HTTP/1.1\n{close}"),
            format!("GET /nothing HTTP/1.1\r\nX: y\n{close}"),
            good.replace("\r\n\r\n", "\r\n\n"),
        ] {
            let answered = answers(&server, &format!("{before}{head}")).await;
            assert_eq!(answered.last(), Some(&400), "{before}{head}");
            assert_eq!(answered.len(), if before.is_empty() { 1 } else { 2 }, "{before}{head}");
        }
        assert_eq!(answers(&server, &format!("{before}{good}")).await.last(), Some(&404));
    }
}

#[tokio::test]
async fn a_request_names_one_host_and_one_that_is_served() {
    let server = Server::start(Config { hosts: Hosts::Loopback, ..Config::default() }).await;
    let ask = async |hosts: &str| {
        answers(&server, &format!("GET /nothing HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n")).await
    };
    assert_eq!(ask("Host: localhost:1\r\n").await, [404]);
    assert_eq!(ask("").await, [400]);
    assert_eq!(ask("Host: localhost\r\nHost: localhost\r\n").await, [400]);
    assert_eq!(ask("Host: evil.test\r\n").await, [421]);
}

#[tokio::test]
async fn sec_04_a_session_that_has_not_joined_may_send_only_little() {
    let server = Server::start(Config::default()).await;
    let mut silent = Client::open(server.address, "").await;
    // The message never ends: the library would wait for it.
    silent.send(&format!("451-[{}0]", " ".repeat(133_000))).await;
    assert!(silent.is_closed().await);
    let poller = Poller::open(&server).await;
    assert_eq!(poller.post(&format!("451-[{}0]", " ".repeat(133_000))).await.status, 413);
    assert_eq!(poller.packets(1).await, ["1"], "the session has ended");

    let mut patient = Client::open(server.address, "").await;
    patient.send(&format!("40{}{:9000}", json!({ "token": token("alice") }), "")).await;
    assert!(patient.frame().await.unwrap().starts_with("40{"));
    let text = "x".repeat(133_000);
    assert_eq!(patient.call("say", &json!({ "room": "lobby", "text": text })).await["ok"], json!(true));
}

#[tokio::test]
async fn the_longest_messages_of_a_users_sockets_are_bounded_together() {
    let server = Server::start(Config { max_received_bytes_per_user: 350_000, ..Config::default() }).await;
    let say = json!({ "room": "lobby", "text": "x".repeat(200_000) });
    let mut first = server.join("alice").await;
    for _ in 0..3 {
        assert_eq!(first.call("say", &say).await["ok"], json!(true), "one message at a time counts");
    }
    let (mut second, mut other) = (server.join("alice").await, server.join("bob").await);
    assert_eq!(second.call("say", &json!({ "room": "lobby", "text": "x".repeat(140_000) })).await["ok"], json!(true));
    second.emit("say", &say).await;
    assert!(second.is_closed().await);
    assert_eq!(other.call("say", &say).await["ok"], json!(true), "others have bounds of their own");
    drop((first, second, other));
    server.is_left().await;
    assert_eq!(server.join("alice").await.call("say", &say).await["ok"], json!(true));
}

#[tokio::test]
async fn sec_05_handshakes_on_one_session_have_the_rate_of_others() {
    let rate = Rate { per_second: 1, burst: 3 };
    let server = Server::start(Config { handshakes_per_address: rate, ..Config::default() }).await;
    let mut trying = Client::open(server.address, "").await;
    for _ in 0..3 {
        trying.send(&format!("40{}", json!({ "token": "bad" }))).await;
        assert!(trying.frame().await.unwrap().starts_with("44{"));
    }
    trying.send(&format!("40{}", json!({ "token": "bad" }))).await;
    assert!(trying.is_closed().await);
}

#[tokio::test]
async fn sec_05_a_connection_that_asks_too_often_waits_for_each_refusal() {
    let rate = Rate { per_second: 1, burst: 1 };
    let server = Server::start(Config { handshakes_per_address: rate, ..Config::default() }).await;
    let ask = |more: &str| format!("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\n{more}\r\n");
    let begun = Instant::now();
    let answered = answers(&server, &(ask("").repeat(5) + &ask("Connection: close\r\n"))).await;
    let refused = answered.iter().filter(|status| **status == 429).count();
    assert!((3..=5).contains(&refused), "{answered:?}");
    assert!(begun.elapsed() >= Duration::from_millis(100) * u32::try_from(refused).unwrap(), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn sec_30_refusals_that_are_held_back_take_none_of_a_users_turns() {
    let server = Server::start(Config { max_answers_per_user: 1, ..Config::default() }).await;
    let begun = Instant::now();
    let answers = join_all((0..110).map(|_| server.rest("alice", "POST /api/break", None))).await;
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert!(refused >= 45, "{refused} of them");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}: the refusals were held back one by one", begun.elapsed());
}

#[tokio::test]
async fn sec_05_tokens_are_tried_at_the_rate_of_handshakes_and_sec_40_refused_requests_are_logged() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_max_level(LevelFilter::INFO).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let rate = Rate { per_second: 1, burst: 2 };
    let server = Server::start(Config { handshakes_per_address: rate, ..Config::default() }).await;
    let ask = async |token: &str| {
        let head = format!("GET /api/rooms/cellar?note=hush HTTP/1.1\r\nAuthorization: Bearer {token}");
        server.request(&head, b"").await
    };
    assert_eq!(ask("guessed").await.status, 401);
    let refused = loop {
        let answer = ask("guessed").await;
        if answer.status != 401 {
            break answer;
        }
    };
    assert_eq!((refused.status, refused.json()["code"].as_str()), (429, Some("rate_limited")));
    assert!(refused.head.contains("retry-after: "), "{}", refused.head);
    assert_eq!(ask(&token("alice")).await.status, 403, "whoever has a token is not kept waiting");
    assert_eq!(ask(&token("bob")).await.status, 200);
    let text = log.text();
    for said in ["token_refused", "rate_limited", "room_denied", "127.0.0.1", "alice"] {
        assert!(text.contains(said), "{said} is not in the log:\n{text}");
    }
    assert!(!["guessed", "hush", "eyJ"].iter().any(|secret| text.contains(secret)), "{text}");
}

#[tokio::test]
async fn a_gateway_can_leave_sockets_out() {
    let server = Server::start(Config { sockets: false, ..Config::default() }).await;
    let opened = server.request("GET /socket.io/?EIO=4&transport=polling HTTP/1.1", b"").await;
    assert_eq!(opened.status, 404);
    assert_eq!(server.rest("alice", "GET /api/rooms/lobby", None).await.status, 200);
}
