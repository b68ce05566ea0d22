//! Below Socket.IO: sizes, framing, polling.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant, SystemTime},
};

use accord_gateway::{Config, Rate};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_tungstenite::{
    client_async,
    tungstenite::{Error, http::StatusCode},
};

use crate::client::{Answer, Client, Server, now, token, token_for, within};

#[tokio::test]
async fn sec_24_a_packet_of_more_than_a_megabyte_ends_its_connection() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    let payload = json!({ "room": "lobby", "text": "x".repeat(999_000) });
    assert_eq!(alice.call("say", &payload).await["ok"], json!(true));
    alice.emit("say", &json!({ "room": "lobby", "text": "x".repeat(1_000_001) })).await;
    assert!(alice.is_closed().await);
}

#[tokio::test]
async fn sec_25_a_packet_of_more_than_ten_attachments_ends_its_connection() {
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;
    alice.send(r#"4511-["say",{"_placeholder":true,"num":0}]"#).await;
    assert!(alice.is_closed().await);
}

#[tokio::test]
async fn sec_26_malformed_packets_end_only_their_own_connection() {
    let server = Server::start(Config::default()).await;
    let mut bob = server.join("bob").await;
    let packets = [
        "",
        "4",
        "42",
        "42[",
        "42[]",
        "42[1]",
        "42{}",
        "42[\"a\"",
        "4299999999999999999999[\"tick\"]",
        "43[]",
        "431[]",
        "45",
        "45-",
        "451-[\"a\"]",
        "46",
        "4/",
        "42/x,[\"tick\"]",
        "9",
        "x",
        "1",
        "41",
        "40",
        "44",
        "\u{1e}",
        "4\u{0}",
        "42[\"tick\",\"\u{0}\"]",
        "42[\"\\",
        "2probe",
        "5",
    ];
    for packet in packets {
        let mut alice = server.join("alice").await;
        alice.send(packet).await;
        drop(alice);
    }
    let mut raw = Client::open(server.address, "").await;
    raw.send_binary(b"\0\0\0").await;
    assert_eq!(bob.call("tick", &json!({})).await["ok"], json!(true));
}

/// A session that polls.
pub struct Poller<'s> {
    server: &'s Server,
    sid: String,
}

impl Poller<'_> {
    pub async fn open(server: &Server) -> Poller<'_> {
        let opened = server.request("GET /socket.io/?EIO=4&transport=polling HTTP/1.1", b"").await;
        let open: Value = serde_json::from_str(opened.body.strip_prefix('0').unwrap()).unwrap();
        Poller { server, sid: open["sid"].as_str().unwrap().to_owned() }
    }

    async fn get(&self) -> Answer {
        let line = format!("GET /socket.io/?EIO=4&transport=polling&sid={} HTTP/1.1", self.sid);
        self.server.request(&line, b"").await
    }

    pub async fn post(&self, body: &str) -> Answer {
        let line = format!("POST /socket.io/?EIO=4&transport=polling&sid={} HTTP/1.1", self.sid);
        self.server.request(&line, body.as_bytes()).await
    }

    /// Packets, heartbeats left out, until there are so many.
    pub async fn packets(&self, count: usize) -> Vec<String> {
        let mut packets = Vec::new();
        while packets.len() < count {
            let answer = self.get().await;
            assert_eq!(StatusCode::from_u16(answer.status).unwrap(), StatusCode::OK);
            let others = answer.body.split('\u{1e}').filter(|packet| *packet != "2");
            packets.extend(others.map(str::to_owned));
        }
        packets
    }
}

#[tokio::test]
async fn polling_takes_the_same_way() {
    let server = Server::start(Config::default()).await;
    let poller = Poller::open(&server).await;
    assert_eq!(poller.post(&format!("40{}", json!({ "token": token("alice") }))).await.status, 200);
    let packets = poller.packets(2).await;
    assert!(packets[0].starts_with("40{") && packets[1].starts_with("42[\"welcome\","), "{packets:?}");
    let unknown = json!(["nobody", {}]);
    assert_eq!(poller.post(&format!("421[\"tick\"]\u{1e}422{unknown}\u{1e}423[\"tick\"]")).await.status, 200);
    let error =
        json!([{ "ok": false, "error": { "message": "No such event", "code": "unknown_event", "event": "nobody" } }]);
    let expected = [
        "42[\"tock\",0]".to_owned(),
        "431[{\"ok\":true,\"data\":0}]".to_owned(),
        format!("432{error}"),
        "42[\"tock\",1]".to_owned(),
        "433[{\"ok\":true,\"data\":1}]".to_owned(),
    ];
    let packets = poller.packets(5).await;
    let parse = |packet: &str| serde_json::from_str::<Value>(packet.trim_start_matches(|c: char| c != '[')).unwrap();
    assert_eq!(packets.iter().map(|packet| parse(packet)).collect::<Vec<_>>(), expected.map(|packet| parse(&packet)));
    server.desk.hub.revoke("alice", SystemTime::now());
    assert_eq!(poller.packets(2).await, ["41", CLOSE]);
    server.is_left().await;
}

/// The lifetime, in seconds, of a token whose expiry a test waits for. It is long enough for the steps before.
const SOON: f64 = 3.0;

/// The answer to the next poll once a session has ended.
const CLOSE: &str = "1";

impl Poller<'_> {
    /// A session that has joined and has been welcomed.
    pub async fn join<'s>(server: &'s Server, auth: &Value) -> Poller<'s> {
        let poller = Poller::open(server).await;
        assert_eq!(poller.post(&format!("40{auth}")).await.status, 200);
        let packets = poller.packets(2).await;
        assert!(packets[0].starts_with("40{") && packets[1].starts_with("42[\"welcome\","), "{packets:?}");
        poller
    }

    /// A session that has joined and has been welcomed and whose token expires in so many seconds, and when. If the
    /// machine stands still for that long, it tries another token.
    async fn join_for<'s>(server: &'s Server, user: &str, seconds: f64) -> (Poller<'s>, f64) {
        loop {
            let (token, expires) = token_for(user, seconds);
            let poller = Poller::open(server).await;
            assert_eq!(poller.post(&format!("40{}", json!({ "token": token }))).await.status, 200);
            let mut packets = poller.packets(1).await;
            if packets[0].starts_with("44{") {
                assert!(now() >= expires, "{packets:?}");
                continue;
            }
            let missing = 2_usize.saturating_sub(packets.len());
            packets.extend(poller.packets(missing).await);
            assert!(packets[0].starts_with("40{") && packets[1].starts_with("42[\"welcome\","), "{packets:?}");
            return (poller, expires);
        }
    }

    /// Checks that the server reports the end of the session at every request.
    async fn has_ended(&self) {
        assert_eq!(self.post("42[\"tick\"]").await.status, 200, "what comes too late is no fault of the transport");
        let polls = [self.get().await, self.get().await];
        assert_eq!(polls.each_ref().map(|poll| (poll.status, poll.body.as_str())), [(200, CLOSE); 2]);
    }
}

#[tokio::test]
async fn a_session_that_polls_hears_that_its_token_has_expired_and_then_of_its_end() {
    let server = Server::start(Config::default()).await;
    let (poller, _) = Poller::join_for(&server, "alice", SOON).await;
    let error = r#"42["failed",{"message":"Token expired","code":"token_expired"}]"#;
    assert_eq!(poller.packets(2).await, [error, CLOSE]);
    server.is_left().await;
    poller.has_ended().await;
}

#[tokio::test]
async fn a_session_between_two_polls_gets_its_waiting_messages_and_then_its_end() {
    let server = Server::start(Config::default()).await;
    let (poller, _) = Poller::join_for(&server, "alice", 1.2).await;
    server.is_left().await;
    poller.has_ended().await;
}

#[tokio::test]
async fn a_session_that_polls_gets_the_messages_in_flight_when_the_server_stops() {
    let mut server = Server::start(Config::default()).await;
    let (desk, stop) = (server.desk.clone(), server.stop.take().unwrap());
    let poller = Poller::join(&server, &json!({ "token": token("alice") })).await;
    assert_eq!(poller.post("421[\"wait\"]").await.status, 200);
    desk.begun.notified().await;
    stop.send(()).unwrap();
    desk.go.notify_one();
    let packets = poller.packets(2).await;
    assert_eq!(packets, ["431[{\"ok\":true,\"data\":\"waited\"}]", CLOSE]);
    server.serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_handshake_that_cannot_be_followed_up_ends_a_session_that_polls_without_a_word() {
    let server = Server::start(Config::default()).await;
    let poller = Poller::open(&server).await;
    assert_eq!(poller.post(&format!("40{}", json!({ "token": token("unlucky") }))).await.status, 200);
    assert_eq!(poller.packets(1).await, [CLOSE]);
    poller.has_ended().await;
}

/// A client whose probe has been answered has stopped polling: it would not notice that only its new connection has ended.
#[tokio::test]
async fn a_handshake_that_fails_during_an_upgrade_ends_the_connection_that_is_upgraded_to() {
    let server = Server::start(Config::default()).await;
    let poller = Poller::open(&server).await;
    let mut upgraded = Client::probe(server.address, &poller.sid).await;
    assert_eq!(poller.post(&format!("40{}", json!({ "token": token("unlucky") }))).await.status, 200);
    server.join("alice").await;
    assert!(upgraded.is_silent().await, "nothing is sent, and nothing ends");
    upgraded.send("5").await;
    assert_eq!(upgraded.frame().await, None, "the client is sent nothing");
}

/// The packets that wait for a client are sent once it has upgraded.
#[tokio::test]
async fn sec_12_a_client_that_upgrades_receives_nothing_after_its_token_has_expired() {
    let server = Server::start(Config { limits: false, ..Config::default() }).await;
    let (poller, ends) = Poller::join_for(&server, "alice", SOON).await;
    assert_eq!(poller.post("421[\"enter\",{\"room\":\"lobby\"}]").await.status, 200);
    assert_eq!(poller.packets(2).await.len(), 2);
    let mut upgraded = Client::probe(server.address, &poller.sid).await;
    let mut bob = server.join("bob").await;
    while now() < ends + 0.9 {
        assert_eq!(bob.call("say", &json!({ "room": "lobby", "text": "x" })).await["ok"], json!(true));
        // Fewer messages than may wait for alice.
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    upgraded.send("5").await;
    let mut frames = Vec::new();
    let until_closed = async {
        while let Some(frame) = upgraded.frame().await {
            frames.push(frame);
        }
    };
    // By two seconds after the end of the token.
    within(Duration::from_millis(1100), until_closed).await;
    let after = frames.iter().skip_while(|frame| !frame.contains("token_expired")).skip(1);
    assert_eq!(after.collect::<Vec<_>>(), Vec::<&String>::new());
}

#[tokio::test]
async fn a_session_that_polls_and_breaks_the_framing_gets_only_its_end() {
    let server = Server::start(Config::default()).await;
    let too_large = format!("42[\"tick\",\"{}\"]", "x".repeat(1_000_001));
    let misnamed = ["42[5]", r#"421["t\u0069ck"]"#, r#"421["a\"b",{}]"#];
    for body in ["4nonsense", "nonsense", "0", &too_large].into_iter().chain(misnamed) {
        let poller = Poller::join(&server, &json!({ "token": token("alice") })).await;
        assert_eq!(poller.post(body).await.status, 200, "{}", &body[..body.len().min(20)]);
        poller.has_ended().await;
        server.is_left().await;
    }
}

#[tokio::test]
async fn a_session_that_does_not_poll_misses_nothing_but_its_end() {
    let server = Server::start(Config { max_unsent_bytes: 5000, limits: false, ..Config::default() }).await;
    let poller = Poller::join(&server, &json!({ "token": token("alice") })).await;
    assert_eq!(poller.post("421[\"enter\",{\"room\":\"lobby\"}]").await.status, 200);
    assert_eq!(poller.packets(2).await.len(), 2);
    let mut bob = server.join("bob").await;
    while server.desk.hub.connections() > 1 {
        assert_eq!(bob.call("say", &json!({ "room": "lobby", "text": "x" })).await["ok"], json!(true));
    }
    poller.has_ended().await;
}

/// A packet that does not fit is put aside, and would be lost if the client stopped polling for an upgrade.
#[tokio::test]
async fn one_poll_takes_all_that_may_wait_for_a_client() {
    let server = Server::start(Config { limits: false, ..Config::default() }).await;
    let mut bob = server.join("bob").await;
    let mut fitting = usize::MAX;
    // The first client has to find out how much may wait.
    for _ in 0..2 {
        let poller = Poller::join(&server, &json!({ "token": token("alice") })).await;
        assert_eq!(poller.post("421[\"enter\",{\"room\":\"lobby\"}]").await.status, 200);
        assert_eq!(poller.packets(2).await.len(), 2);
        let mut said = 0;
        while said < fitting && server.desk.hub.connections() > 1 {
            let text = json!({ "room": "lobby", "text": "x".repeat(41_000) });
            assert_eq!(bob.call("say", &text).await["ok"], json!(true));
            said += 1;
        }
        if fitting == usize::MAX {
            poller.has_ended().await;
            fitting = said - 1;
        } else {
            assert_eq!(poller.packets(1).await.len(), fitting);
        }
    }
}

#[tokio::test]
async fn a_session_that_has_been_upgraded_refuses_another_connection() {
    let server = Server::start(Config::default()).await;
    let poller = Poller::join(&server, &json!({ "token": token("alice") })).await;
    let mut upgraded = Client::upgrade(server.address, &poller.sid).await;
    let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket&sid={}", server.address, poller.sid);
    let second = client_async(url, TcpStream::connect(server.address).await.unwrap()).await;
    assert!(matches!(second, Err(Error::Http(answer)) if answer.status() == StatusCode::BAD_REQUEST));
    assert_eq!(upgraded.call("tick", &json!({})).await["ok"], json!(true));
}

#[tokio::test]
async fn a_session_that_polls_may_upgrade() {
    let server = Server::start(Config::default()).await;
    let poller = Poller::open(&server).await;
    poller.post(&format!("40{}", json!({ "token": token("alice") }))).await;
    assert_eq!(poller.packets(2).await.len(), 2);
    let mut upgraded = Client::upgrade(server.address, &poller.sid).await;
    assert_eq!(upgraded.call("tick", &json!({})).await["ok"], json!(true));
    assert_eq!(upgraded.call("nobody", &json!({})).await["error"]["event"], json!("nobody"));
    server.desk.hub.revoke("alice", SystemTime::now());
    assert!(upgraded.is_closed().await);
    assert_eq!(server.desk.hub.connections(), 0);
}

/// A proxy in front of the server puts the requests of many clients on one connection.
#[tokio::test]
async fn the_end_of_a_session_leaves_the_connection_alone_that_it_began_to_poll_on() {
    // Far longer than a handshake takes, on a machine that stands still for a while.
    const TIME: Duration = Duration::from_secs(2);
    let config = Config { connect_timeout: TIME, forget_interval: Duration::from_millis(10), ..Config::default() };
    let server = Server::start(config).await;
    let mut shared = Shared(TcpStream::connect(server.address).await.unwrap());
    let open = shared.request("GET /socket.io/?EIO=4&transport=polling", "").await;
    let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
    let sid = open["sid"].as_str().unwrap();
    let poll = format!("/socket.io/?EIO=4&transport=polling&sid={sid}");
    shared.request(&format!("POST {poll}"), &format!("40{}", json!({ "token": token("alice") }))).await;
    while !shared.request(&format!("GET {poll}"), "").await.contains("welcome") {}
    let mut upgraded = Client::upgrade(server.address, sid).await;
    assert_eq!(upgraded.call("tick", &json!({})).await["ok"], json!(true));
    upgraded.send("41").await;
    drop(upgraded);
    server.is_left().await;
    // Once the time is over in which the client may join again.
    let begun = Instant::now();
    while begun.elapsed() < TIME * 2 {
        shared.request("GET /nothing", "").await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A connection with keep-alive.
struct Shared(TcpStream);

impl Shared {
    async fn request(&mut self, line: &str, body: &str) -> String {
        let head = format!("{line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        self.0.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        loop {
            assert!(self.0.read_buf(&mut answer).await.unwrap() > 0, "the connection goes on");
            let text = String::from_utf8_lossy(&answer).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length =
                head.to_ascii_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() == length.unwrap_or(0) {
                return body.to_owned();
            }
        }
    }
}

/// Until the probe of an upgrade is answered, clients go on polling on another connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn polls_that_cross_an_upgrade_leave_the_session_alone() {
    const UPGRADES: u32 = 100;
    let often = Rate { per_second: 1000, burst: 2 * UPGRADES };
    let server = Server::start(Config { handshakes_per_address: often, ..Config::default() }).await;
    for _ in 0..UPGRADES {
        let mut polls = Shared(TcpStream::connect(server.address).await.unwrap());
        let open = polls.request("GET /socket.io/?EIO=4&transport=polling", "").await;
        let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
        let sid = open["sid"].as_str().unwrap();
        let poll = format!("GET /socket.io/?EIO=4&transport=polling&sid={sid}");
        let probe = Client::probe(server.address, sid);
        let is_answered = AtomicBool::new(false);
        let (mut upgraded, ()) = tokio::join!(
            async {
                let probed = probe.await;
                is_answered.store(true, Ordering::Relaxed);
                probed
            },
            async {
                while !is_answered.load(Ordering::Relaxed) {
                    let answer = polls.request(&poll, "").await;
                    assert!(answer.split('\u{1e}').all(|packet| ["2", "6"].contains(&packet)), "{answer}");
                }
            }
        );
        upgraded.send("5").await;
        upgraded.send(&format!("40{}", json!({ "token": token("alice") }))).await;
        assert!(upgraded.frame().await.is_some_and(|frame| frame.starts_with("40{")));
        assert!(
            polls.request(&poll, "").await.contains("Bad request"),
            "a session that has been upgraded is not polled"
        );
    }
}
