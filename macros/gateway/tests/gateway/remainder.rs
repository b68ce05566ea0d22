//! Requests that are answered before their bodies have been read.

use std::time::{Duration, Instant};

use accord_gateway::Config;
use axum::{Router, routing::get};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    client::{Server, token},
    desk::Desk,
};

/// Far more than the systems of client and server buffer.
const LARGE: usize = 32 << 20;

/// A timeout that nothing here reaches.
const PATIENCE: Duration = Duration::from_secs(20);

/// A client that reads nothing before it has sent everything.
struct Sender(TcpStream);

impl Sender {
    async fn to(server: &Server) -> Self {
        Sender(TcpStream::connect(server.address).await.unwrap())
    }

    /// Sends a request with so many bytes, with their length or in chunks, and reads the answer.
    async fn ask(&mut self, head: &str, length: usize, chunked: bool) -> (u16, String) {
        let framing = if chunked { "Transfer-Encoding: chunked".into() } else { format!("Content-Length: {length}") };
        self.send(format!("{head}\r\nHost: localhost\r\n{framing}\r\n\r\n").as_bytes()).await;
        let piece = [b' '; 0x10000];
        let mut left = length;
        while left > 0 {
            let piece = &piece[..left.min(piece.len())];
            left -= piece.len();
            if chunked {
                self.send(format!("{:x}\r\n", piece.len()).as_bytes()).await;
            }
            self.send(piece).await;
            if chunked {
                self.send(b"\r\n").await;
            }
        }
        if chunked {
            self.send(b"0\r\n\r\n").await;
        }
        self.answer().await
    }

    async fn send(&mut self, bytes: &[u8]) {
        timeout(PATIENCE, self.0.write_all(bytes)).await.expect("the server reads").expect("the connection is open");
    }

    /// The status and the head of an answer, whose body is read and dropped.
    async fn answer(&mut self) -> (u16, String) {
        let mut answer = Vec::new();
        loop {
            let read = timeout(PATIENCE, self.0.read_buf(&mut answer)).await.expect("the server answers").unwrap();
            assert!(read > 0, "the connection is open");
            let text = String::from_utf8_lossy(&answer).to_ascii_lowercase();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() == length.unwrap_or(0) {
                return (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_owned());
            }
        }
    }

    /// Waits until the server closes the connection, and returns what it has sent before.
    async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        let read = timeout(PATIENCE, self.0.read_to_end(&mut rest)).await.expect("the connection closes");
        // Closing it may discard what has arrived and was not read.
        assert!(read.is_ok() || rest.is_empty(), "{read:?}");
        String::from_utf8(rest).unwrap()
    }
}

#[tokio::test]
async fn every_refusal_reaches_a_client_that_is_still_sending_and_the_connection_lives_on() {
    let config = Config { max_packet_bytes: 100_000, ..Config::default() };
    let pages = |gateway: accord_gateway::Gateway| gateway.routes(Router::new().route("/page", get(async || "a page")));
    let server = Server::prepared(Desk::new(&[("lobby", &["alice"])]), config, pages).await;
    let polling = "/socket.io/?EIO=4&transport=polling&sid=nobody HTTP/1.1";
    assert_eq!(server.request("GET /files/x HTTP/1.1", b"").await.status, 200);

    let of = |user: &str, head: &str| format!("{head}\r\nAuthorization: Bearer {}", token(user));
    let json = "Content-Type: application/json";
    let cases = [
        (401, "POST /api/files HTTP/1.1".to_owned()),
        (401, format!("PUT /api/rooms/lobby HTTP/1.1\r\n{json}")),
        (401, "POST /api/files HTTP/1.1\r\nAuthorization: Bearer nonsense".to_owned()),
        (403, of("alice", &format!("PUT /api/rooms/lobby HTTP/1.1\r\n{json}"))),
        (403, of("alice", "POST /api/files HTTP/1.1\r\nOrigin: https://evil.example.com")),
        (404, of("alice", "POST /api/nothing HTTP/1.1")),
        (404, "POST / HTTP/1.1".to_owned()),
        (405, of("alice", "PATCH /api/rooms/lobby HTTP/1.1")),
        (405, "POST /page HTTP/1.1".to_owned()),
        (413, of("root", &format!("PUT /api/rooms/lobby HTTP/1.1\r\n{json}"))),
        (400, of("root", "PUT /api/rooms/lobby HTTP/1.1\r\nContent-Type: text/plain")),
        (400, of("alice", "POST /api/files HTTP/1.1\r\nContent-Type: text/plain")),
        (429, "GET /files/x HTTP/1.1".to_owned()),
        (400, format!("POST {polling}")),
        (400, format!("PUT {polling}")),
        (403, format!("POST {polling}\r\nOrigin: https://evil.example.com")),
        // The same holds for a request that is answered without reading its body.
        (200, "GET /page HTTP/1.1".to_owned()),
    ];
    for (status, head) in cases {
        for chunked in [false, true] {
            let mut sender = Sender::to(&server).await;
            let what = format!("{head:.60} chunked: {chunked}");
            assert_eq!(sender.ask(&head, LARGE, chunked).await.0, status, "{what}");
            assert_eq!(sender.ask("GET /page HTTP/1.1", 0, false).await.0, 200, "{what}");
        }
    }
}

#[tokio::test]
async fn a_refusal_takes_the_place_of_100_continue_and_ends_the_connection() {
    let server = Server::start(Config::default()).await;
    let expecting = "Host: localhost\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n";
    let mut sender = Sender::to(&server).await;
    sender.send(format!("POST /api/files HTTP/1.1\r\n{expecting}").as_bytes()).await;
    let (status, head) = sender.answer().await;
    assert_eq!(status, 401);
    // Otherwise the next request would be taken for the body.
    assert!(head.contains("connection: close"), "{head}");
    assert_eq!(sender.rest().await, "");

    // One that sends its body all the same has its answer too.
    let mut sender = Sender::to(&server).await;
    assert_eq!(sender.ask("POST /api/files HTTP/1.1\r\nExpect: 100-continue", LARGE, false).await.0, 401);
    assert_eq!(sender.rest().await, "");

    // A request that is not refused is asked to continue.
    let mut sender = Sender::to(&server).await;
    let head = format!("PUT /api/rooms/lobby HTTP/1.1\r\nAuthorization: Bearer {}", token("root"));
    sender.send(format!("{head}\r\nContent-Type: application/json\r\n{expecting}").as_bytes()).await;
    assert_eq!(sender.answer().await.0, 100);
    sender.send(br#"{"name":1}"#).await;
    let (status, head) = sender.answer().await;
    assert!(status == 200 && !head.contains("connection: close"), "{head}");
    assert_eq!(sender.ask("GET /nothing HTTP/1.1", 0, false).await.0, 404);
}

#[tokio::test]
async fn a_refused_body_that_pauses_does_not_keep_its_connection() {
    let server = Server::start(Config::default()).await;
    let mut sender = Sender::to(&server).await;
    sender.send(b"POST /api/files HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nx").await;
    assert_eq!(sender.answer().await.0, 401);
    assert_eq!(sender.rest().await, "");
}

#[tokio::test]
async fn a_server_that_stops_refuses_with_a_status_and_does_not_wait_for_the_body() {
    let config = Config { stop_timeout: Duration::from_secs(600), ..Config::default() };
    let mut server = Server::start(config).await;
    // A body without an end, refused before the stop; and a connection whose request comes after it.
    let mut endless = Sender::to(&server).await;
    endless.send(b"POST /api/files HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n").await;
    assert_eq!(endless.answer().await.0, 401);
    let mut late = Sender::to(&server).await;
    assert_eq!(late.ask("GET /nothing HTTP/1.1", 0, false).await.0, 404);
    let endless = tokio::spawn(async move { while endless.0.write_all(b"1\r\nx\r\n").await.is_ok() {} });

    let mut alice = server.join("alice").await;
    let mut bob = server.join("bob").await;
    alice.send(r#"421["wait"]"#).await;
    server.desk.begun.notified().await;
    server.stop();
    while bob.call("tick", &json!({})).await["ok"] == json!(true) {}
    assert_eq!(late.ask("POST /api/files HTTP/1.1", LARGE, false).await.0, 503);
    let finished = Instant::now();
    server.desk.go.notify_one();
    server.serving.await.unwrap().unwrap();
    assert!(finished.elapsed() < PATIENCE, "{:?}", finished.elapsed());
    endless.await.unwrap();
}
