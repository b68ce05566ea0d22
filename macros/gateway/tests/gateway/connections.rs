//! TCP connections: their timeouts and their buffers.

use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

use accord_gateway::Config;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::client::{Answer, Client, Server, token};

/// A raw WebSocket of a client whose system has small buffers. (With much smaller ones, Linux does not notice that its
/// data has been received.)
async fn raw_web_socket(server: &Server) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(128 << 10).unwrap();
    let mut stream = socket.connect(server.address).await.unwrap();
    let head = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: \
                websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "the connection becomes a WebSocket");
    }
    stream
}

/// A client's ping with this number in its 125 bytes.
fn ping(number: u32) -> Vec<u8> {
    let mut frame = vec![0x89, 0x80 | 125, 0, 0, 0, 0];
    frame.extend_from_slice(&[b'x'; 121]);
    frame.extend_from_slice(&number.to_be_bytes());
    frame
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_whose_pongs_nobody_reads_are_not_read_either() {
    const MOST: usize = 32 << 20;
    let config = Config { write_timeout: Duration::from_secs(2), ..Config::default() };
    let server = Server::start(config).await;
    let mut silent = raw_web_socket(&server).await;
    let pings: Vec<u8> = (0..500).flat_map(ping).collect();
    let mut written = 0;
    while let Ok(more) = silent.write(&pings[written % pings.len()..]).await {
        written += more;
        assert!(written < MOST, "the server reads on although nothing of what it writes is read");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_are_all_answered_to_a_client_that_reads_late() {
    const PINGS: u32 = 50_000;
    // The connection carries only pings and pongs, for any time.
    let ages = Duration::from_secs(600);
    let config = Config { connect_timeout: ages, ping_timeout: ages, ..Config::default() };
    let server = Server::start(config).await;
    let (mut pongs, mut pings) = raw_web_socket(&server).await.into_split();
    let writing = tokio::spawn(async move {
        for first in (0..PINGS).step_by(500) {
            let frames: Vec<u8> = (first..first + 500).flat_map(ping).collect();
            pings.write_all(&frames).await.unwrap();
        }
        pings
    });
    // Until the systems' buffers are full; the test does not depend on the exact moment.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let last = [[0x8A, 125].as_slice(), &ping(PINGS - 1)[6..]].concat();
    let (mut read, mut piece) = (Vec::new(), vec![0; 1 << 16]);
    while !read.windows(last.len()).any(|frame| frame == last) {
        let length = pongs.read(&mut piece).await.unwrap();
        assert!(length > 0, "the connection goes on");
        read.drain(..read.len().saturating_sub(last.len()));
        read.extend_from_slice(&piece[..length]);
    }
    writing.await.unwrap();
}

#[tokio::test]
async fn sec_06_a_client_that_does_not_answer_heartbeats_is_disconnected() {
    let beat = Duration::from_millis(100);
    let server = Server::start(Config { ping_interval: beat, ping_timeout: beat, ..Config::default() }).await;
    let mut dead = raw_web_socket(&server).await;
    let mut joins = format!("40{}", json!({ "token": token("alice") })).into_bytes();
    let length = u16::try_from(joins.len()).unwrap().to_be_bytes();
    drop(joins.splice(0..0, [0x81, 0x80 | 126, length[0], length[1], 0, 0, 0, 0]));
    dead.write_all(&joins).await.unwrap();
    let mut read = Vec::new();
    dead.read_to_end(&mut read).await.ok();
    let sent = |packet: &[u8]| read.windows(packet.len()).any(|bytes| bytes == packet);
    assert!(sent(b"welcome") && sent(b"\x81\x012"), "it has joined, and is asked whether it lives");
    server.is_left().await;
}

const REQUEST: &[u8] = b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Reads until the end of the connection; returns the bytes.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    // An abort is an end, too.
    stream.read_to_end(&mut read).await.ok();
    String::from_utf8(read).unwrap()
}

#[tokio::test]
async fn idle_connections_live_for_as_long_as_they_are_kept_alive() {
    let config =
        Config { keep_alive: Duration::from_millis(300), header_timeout: Duration::from_secs(60), ..Config::default() };
    let kept = config.keep_alive;
    let server = Server::start(config).await;
    for requests in [0, 1, 2] {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&REQUEST.repeat(requests)).await.unwrap();
        let answers = read_to_end(&mut stream).await;
        assert_eq!(answers.matches("HTTP/1.1 404").count(), requests, "{answers}");
        assert!(begun.elapsed() >= kept);
    }
}

#[tokio::test]
async fn the_time_for_a_head_begins_with_its_first_byte() {
    let config = Config { header_timeout: Duration::from_millis(300), ..Config::default() };
    let server = Server::start(config).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    for _ in 0..2 {
        // Longer than a head may take: nothing has begun.
        tokio::time::sleep(Duration::from_millis(600)).await;
        stream.write_all(REQUEST).await.unwrap();
        let mut answer = [0; 1024];
        let length = stream.read(&mut answer).await.unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 404"));
    }
    let begun = Instant::now();
    let (mut reading, mut writing) = stream.into_split();
    let trickle = tokio::spawn(async move {
        for byte in REQUEST.iter().cycle() {
            if writing.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut answer = Vec::new();
    reading.read_to_end(&mut answer).await.ok();
    assert_eq!(String::from_utf8(answer).unwrap(), "", "a head that comes byte by byte does not get to its end");
    assert!(begun.elapsed() >= Duration::from_millis(300));
    trickle.await.unwrap();
}

/// This blocks the server's only thread while the idle connections' time runs out.
#[tokio::test]
async fn a_request_that_has_arrived_when_its_connections_time_is_over_is_answered() {
    const KEPT: Duration = Duration::from_millis(100);
    let server = Server::start(Config { keep_alive: KEPT, ..Config::default() }).await;
    for _ in 0..3 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(REQUEST).await.unwrap();
        let mut answer = [0; 1024];
        assert!(stream.read(&mut answer).await.unwrap() > 0);
        let mut stream = stream.into_std().unwrap();
        stream.set_nonblocking(false).unwrap();
        // As much as the server adds for what is on its way, and more.
        std::thread::sleep(KEPT + Duration::from_secs(1));
        stream.write_all(REQUEST).unwrap();
        let answered = tokio::task::spawn_blocking(move || {
            let mut answer = [0; 1024];
            let length = stream.read(&mut answer).unwrap();
            String::from_utf8_lossy(&answer[..length]).into_owned()
        });
        assert!(answered.await.unwrap().starts_with("HTTP/1.1 404"));
    }
}

/// Opens a session that polls; the line of its requests, after the method.
async fn session(server: &Server) -> String {
    let opened = server.request("GET /socket.io/?EIO=4&transport=polling HTTP/1.1", b"").await;
    let open: Value = serde_json::from_str(opened.body.strip_prefix('0').unwrap()).unwrap();
    format!("/socket.io/?EIO=4&transport=polling&sid={} HTTP/1.1", open["sid"].as_str().unwrap())
}

/// A connection from one of this machine's addresses.
async fn connect_from(address: &str, server: &Server) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
    socket.connect(server.address).await.unwrap()
}

/// The status of what is answered.
async fn status(stream: &mut (impl AsyncRead + Unpin)) -> u16 {
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "something is answered");
    }
    String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().parse().unwrap()
}

/// A request of which only this much of the body is sent.
fn unfinished(line: &str, sent: usize) -> Vec<u8> {
    let head = format!(
        "{line}\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer {}\r\nContent-Length: \
         900000\r\n\r\n",
        token("root")
    );
    [head.into_bytes(), vec![b'4'; sent]].concat()
}

/// A session is gone once its polls find its end, or nothing.
async fn has_ended(server: &Server, session: &str) {
    let Answer { status, body, .. } = server.request(&format!("GET {session}"), b"").await;
    assert!(status == 400 || body == "1", "{status} {body}");
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_refused_however_steadily_it_comes() {
    let config =
        Config { body_timeout: Duration::from_millis(300), body_bytes_per_second: 10_000, ..Config::default() };
    let server = Server::start(config).await;
    let session = session(&server).await;
    for line in [format!("POST {session}"), "PUT /api/rooms/lobby HTTP/1.1".to_owned()] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&unfinished(&line, 1)).await.unwrap();
        let (mut reading, mut writing) = stream.into_split();
        let trickle = async {
            while writing.write_all(b"4").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            panic!("the connection goes on until its client has been answered");
        };
        tokio::select! {
            biased;
            status = status(&mut reading) => assert_eq!(status, 408, "{line}"),
            () = trickle => {}
        }
    }
    has_ended(&server, &session).await;
}

#[tokio::test]
async fn a_body_that_comes_fast_enough_may_take_longer_than_one_may_pause() {
    const PIECES: usize = 24;
    const PAUSE: Duration = Duration::from_millis(250);
    // A machine that stands still makes the body pause as well.
    let config = Config { body_timeout: PAUSE * 20, body_bytes_per_second: 1, ..Config::default() };
    let server = Server::start(config).await;
    let session = session(&server).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!("POST {session}\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n", 2 * PIECES);
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..PIECES {
        tokio::time::sleep(PAUSE).await;
        stream.write_all(b"2\x1e").await.unwrap();
    }
    assert_eq!(status(&mut stream).await, 200);
}

#[tokio::test]
async fn bodies_that_have_not_ended_are_bounded_for_an_address_and_for_all() {
    let config = Config { max_body_bytes_per_address: 1_000_000, max_body_bytes: 1_500_000, ..Config::default() };
    let server = Server::start(config).await;
    let mut kept = Vec::new();
    for (address, line, refused) in [
        ("127.0.0.2", format!("POST {}", session(&server).await), false),
        ("127.0.0.2", format!("POST {}", session(&server).await), true),
        ("127.0.0.3", "PUT /api/rooms/lobby HTTP/1.1".to_owned(), true),
    ] {
        let mut stream = connect_from(address, &server).await;
        stream.write_all(&unfinished(&line, 800_000)).await.unwrap();
        if refused {
            assert_eq!(status(&mut stream).await, 503, "{address} {line}");
        } else {
            // Another has to find it there: its session takes no second post once it is being read.
            let again = line.clone();
            while server.request(&again, b"2").await.status != 400 {}
        }
        kept.push(stream);
    }
}

#[tokio::test]
async fn connections_are_capped_by_address_whether_or_not_they_say_anything() {
    let server = Server::start(Config { max_connections_per_address: 3, ..Config::default() }).await;
    let mut silent = Vec::new();
    for _ in 0..3 {
        silent.push(connect_from("127.0.0.2", &server).await);
    }
    let mut refused = connect_from("127.0.0.2", &server).await;
    let answer = read_to_end(&mut refused).await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("Retry-After: "), "{answer}");
    assert_eq!(server.request("GET /nothing HTTP/1.1", b"").await.status, 404, "another address is served");
    drop(silent.pop());
    loop {
        let mut stream = connect_from("127.0.0.2", &server).await;
        stream.write_all(b"GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.ok();
        if read_to_end(&mut stream).await.starts_with("HTTP/1.1 404") {
            break;
        }
    }
}

#[tokio::test]
async fn one_address_gets_half_of_all_connections() {
    let server = Server::start(Config { max_connections: 4, ..Config::default() }).await;
    let mut silent = Vec::new();
    for address in ["127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3"] {
        silent.push(connect_from(address, &server).await);
    }
    for address in ["127.0.0.2", "127.0.0.4"] {
        let answer = read_to_end(&mut connect_from(address, &server).await).await;
        assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    }
}

#[tokio::test]
async fn forwarded_requests_of_a_trusted_proxy_count_for_the_original_address() {
    let config = Config {
        max_connections_per_address: 1,
        trusted_proxies: vec!["127.0.0.1".parse().unwrap()],
        // The poll waits for as long as the test needs it to.
        connect_timeout: Duration::from_secs(600),
        ..Config::default()
    };
    let server = Server::start(config).await;
    let forwarded = |line: &str, client: u8| format!("{line}\r\nX-Forwarded-For: 192.0.2.{client}");
    let poll = format!("GET {}", session(&server).await);
    assert_eq!(server.request(&forwarded(&poll, 9), b"").await.status, 200, "the first heartbeat");
    let mut waiting = TcpStream::connect(server.address).await.unwrap();
    let head = format!("{}\r\nHost: localhost\r\n\r\n", forwarded(&poll, 1));
    waiting.write_all(head.as_bytes()).await.unwrap();
    let nothing = "GET /nothing HTTP/1.1";
    while server.request(&forwarded(nothing, 1), b"").await.status != 503 {}
    assert_eq!(server.request(&forwarded(nothing, 2), b"").await.status, 404);
    drop(waiting);
    while server.request(&forwarded(nothing, 1), b"").await.status != 404 {}
}

#[tokio::test]
async fn a_client_that_posts_and_does_not_poll_has_few_answers_wait_for_it() {
    let server = Server::start(Config::default()).await;
    for body in ["40/x,\u{1e}".repeat(17) + "2", format!("40/{},", "x".repeat(300))] {
        let session = session(&server).await;
        assert_eq!(server.request(&format!("POST {session}"), body.as_bytes()).await.status, 400);
        has_ended(&server, &session).await;
    }
    let session = session(&server).await;
    for _ in 0..2 {
        let body = "40/x,\u{1e}".repeat(15) + "40/x,";
        assert_eq!(server.request(&format!("POST {session}"), body.as_bytes()).await.status, 200);
        let answer = server.request(&format!("GET {session}"), b"").await;
        assert!(answer.body.contains("44/x,"), "{}", answer.body);
    }
}

/// On one thread, which has cut a client off before the next message is said.
#[tokio::test]
async fn waiting_messages_of_a_client_are_bounded_in_bytes_and_a_client_that_reads_gets_any_amount() {
    const MOST: usize = 100_000;
    let config = Config { limits: false, max_unsent_bytes: MOST, ..Config::default() };
    let server = Server::start(config).await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    let enter = json!({ "room": "lobby" });
    assert_eq!(bob.call("enter", &enter).await["ok"], json!(true));
    assert_eq!(bob.event().await.0, "entered");
    // Carol polls, and then polls no more.
    let session = session(&server).await;
    let auth = format!("40{}", json!({ "token": token("carol") }));
    let line = format!("POST {session}");
    assert_eq!(server.request(&line, auth.as_bytes()).await.status, 200);
    while !server.request(&format!("GET {session}"), b"").await.body.contains("welcome") {}
    let entering = format!("421{}", json!(["enter", enter]));
    assert_eq!(server.request(&line, entering.as_bytes()).await.status, 200);
    while !server.request(&format!("GET {session}"), b"").await.body.contains("431[") {}
    let text = "x".repeat(MOST / 10);
    let mut said = 0;
    let mut say = async |alice: &mut Client, bob: &mut Client| {
        assert_eq!(alice.call("say", &json!({ "room": "lobby", "text": text })).await["ok"], json!(true));
        assert_eq!(bob.event().await.1["number"], json!(said));
        said += 1;
        said
    };
    let mut until_cut = 0;
    while server.desk.hub.connections() == 3 {
        until_cut = say(&mut alice, &mut bob).await;
    }
    assert!((8..=11).contains(&until_cut), "{until_cut} messages of a tenth of what may wait");
    for _ in 0..50 {
        say(&mut alice, &mut bob).await;
    }
    assert_eq!(server.desk.hub.connections(), 2);
}
