//! The content of the server's log, and values that must never be in it.

use std::{
    io,
    sync::{Arc, Mutex},
};

use accord_gateway::{Config, Rate};
use serde_json::json;
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter};

use crate::client::{Client, Server, signed, token};

/// The whole log.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Log;

    fn make_writer(&self) -> Log {
        self.clone()
    }
}

#[tokio::test]
async fn sec_40_handshakes_that_come_too_often_are_logged_without_filling_the_log() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_max_level(LevelFilter::INFO).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let rate = Rate { per_second: 1, burst: 1 };
    let server = Server::start(Config { handshakes_per_address: rate, ..Config::default() }).await;
    let mut refused = 0;
    while refused < 50 {
        let shake = format!("GET /socket.io/?EIO=4&transport=polling&token={} HTTP/1.1", token("alice"));
        refused += u32::from(server.request(&shake, b"").await.status == 429);
    }
    let text = log.text();
    let entries = text.matches("refused handshakes").count();
    assert!((1..25).contains(&entries) && text.contains("127.0.0.1") && !text.contains("eyJ"), "{text}");
}

#[tokio::test]
async fn sec_15_tokens_and_bodies_are_never_logged_and_sec_40_newlines_are_escaped() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_writer(log.clone()).with_max_level(LevelFilter::TRACE).finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let server = Server::start(Config::default()).await;
    let (good, bad) = (token("alice"), signed(&json!({ "sub": "eve", "exp": 1 })));
    let mut client = Client::open(server.address, &format!("&token={good}")).await;
    client.send("40").await;
    assert!(client.frame().await.unwrap().starts_with("40{"));
    assert_eq!(client.event().await.0, "welcome");
    server.refusal(&format!("&token={bad}"), "").await;
    server.refusal("", &json!({ "token": bad }).to_string()).await;
    let head = |token: &str| format!("GET /api/rooms/cellar?note=hush HTTP/1.1\r\nAuthorization: Bearer {token}");
    assert_eq!(server.request(&head(&good), b"").await.status, 403);
    assert_eq!(server.request(&head(&bad), b"").await.status, 401);
    client.call("say", &json!({ "room": "cellar", "text": "hush" })).await;
    client.call("break", &json!({ "text": "hush" })).await;
    client.call("dance\u{2028}INFO forged", &json!({ "text": "hush" })).await;
    client.call("say", &json!({ "room": "cellar\nINFO forged", "text": "hush" })).await;
    let mut misnaming = server.join("bob").await;
    misnaming.emit("dance\nINFO forged", &json!({ "text": "hush" })).await;
    assert!(misnaming.is_closed().await);
    assert_eq!(client.call("renew", &json!({ "key": good })).await["ok"], json!(true));
    for wrong in [json!({ "key": bad }), json!({ "key": [bad] }), json!({ "token": good }), json!(good)] {
        let answer = client.call("renew", &wrong).await;
        assert!(answer["ok"] == json!(false) && !answer.to_string().contains("eyJ"), "{answer}");
    }
    let mut forger = server.connect(json!({ "token": token("é\u{2028}x") })).await;
    forger.call("say", &json!({ "room": "cellar" })).await;
    let text = log.text();
    for secret in [&good, &bad, "hush", "eyJ"] {
        assert!(!text.contains(secret), "{secret} is in the log:\n{text}");
    }
    for said in ["secret detail: disk full", "refused a handshake", "denied", "break", "alice"] {
        assert!(text.contains(said), "{said} is not in the log:\n{text}");
    }
    assert!(!text.contains("\nINFO forged") && !text.contains('\u{2028}'));
}
