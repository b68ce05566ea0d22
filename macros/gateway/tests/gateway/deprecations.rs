//! The clients that still use deprecated parts.

use accord_gateway::Config;
use metrics::LocalRecorderGuard;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use serde_json::json;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::filter::LevelFilter;

use crate::{
    client::{Client, Server, token},
    logs::Log,
};

/// The metrics and the log of a server.
struct Watch {
    recorder: PrometheusRecorder,
    log: Log,
}

impl Watch {
    fn begin() -> Self {
        Watch { recorder: PrometheusBuilder::new().build_recorder(), log: Log::default() }
    }

    /// The server's tasks are on the thread of their test.
    fn on_this_thread(&self) -> (LocalRecorderGuard<'_>, DefaultGuard) {
        let log = tracing_subscriber::fmt().with_writer(self.log.clone()).with_max_level(LevelFilter::DEBUG);
        let log = tracing::subscriber::set_default(log.with_ansi(false).finish());
        (metrics::set_default_local_recorder(&self.recorder), log)
    }

    /// The counters: kind, name, client and count.
    fn counted(&self) -> Vec<String> {
        let text = self.recorder.handle().render();
        let lines = text.lines().filter_map(|line| line.strip_prefix("accord_deprecated_total"));
        let mut lines: Vec<String> = lines.map(|line| line.replace(['{', '}', '"'], "")).collect();
        lines.sort();
        lines
    }
}

async fn speaking(server: &Server, version: &str) -> Client {
    let mut client = server.connect(json!({ "token": token("alice"), "protocol": version })).await;
    client.event().await;
    client
}

#[tokio::test]
async fn each_use_of_a_deprecated_part_is_counted_by_the_clients_version() {
    let watch = Watch::begin();
    let _watching = watch.on_this_thread();
    let server = Server::start(Config::default()).await;
    let mut alice = server.join("alice").await;

    alice.call("say", &json!({ "room": "lobby" })).await;
    alice.call("dance", &json!({ "other": "x" })).await;
    assert_eq!(watch.counted(), [""; 0], "nothing of it is going away");

    alice.call("whisper", &json!({ "room": "lobby", "text": "x" })).await;
    alice.call("say", &json!({ "room": "lobby", "other": "x" })).await;
    alice.call("say", &json!({ "room": "lobby", "other": 1 })).await;
    alice.call("whisper", &json!({ "room": "lobby" })).await;
    let words = json!([{ "tone": null }, { "tone": "flat" }, { "tone": "high" }]);
    let moods = json!({ "first": { "name": "glad" } });
    alice.call("say", &json!({ "room": "lobby", "words": words, "moods": moods })).await;
    alice.call("say", &json!({ "room": "lobby", "words": [{ "tone": null }, {}], "moods": { "name": 1 } })).await;
    for (version, times) in [("1.2.9", 2), ("1.4", 1), ("1.5.0", 1), ("1.99.3", 1)] {
        let mut client = speaking(&server, version).await;
        for _ in 0..times {
            client.call("whisper", &json!({ "room": "lobby", "text": "x" })).await;
        }
    }
    assert_eq!(
        watch.counted(),
        [
            "kind=error,name=TOO_SOFT,client=unsaid 1",
            "kind=event,name=whisper,client=1.2 2",
            "kind=event,name=whisper,client=1.4 1",
            "kind=event,name=whisper,client=other 2",
            "kind=event,name=whisper,client=unsaid 2",
            "kind=field,name=say/moods/*/name,client=unsaid 1",
            "kind=field,name=say/other,client=unsaid 1",
            "kind=field,name=say/words/tone,client=unsaid 1",
        ]
    );
    let log = watch.log.text();
    let used = |line: &&str| line.contains("DEBUG") && line.contains("a client used something deprecated");
    let first = log.lines().find(used).unwrap_or_else(|| panic!("{log}"));
    assert!(first.ends_with(r#"kind="event" name="whisper" user="alice" client="unsaid""#), "{first}");
}

#[tokio::test]
async fn requests_count_as_events_do() {
    let watch = Watch::begin();
    let _watching = watch.on_this_thread();
    let server = Server::start(Config::default()).await;
    server.rest("alice", "GET /api/rooms/attic", None).await;
    server.rest("alice", "GET /api/rooms/attic/knock?page=x&times=2", None).await;
    assert_eq!(watch.counted(), [""; 0], "the first uses nothing of it, the second is not valid");
    server.rest("alice", "GET /api/rooms/attic/knock", None).await;
    let said = "Protocol-Version: 1.3.1\r\nAuthorization: Bearer";
    let head = format!("GET /api/rooms/attic/knock?times=2 HTTP/1.1\r\n{said} {}", token("alice"));
    assert_eq!(server.request(&head, b"").await.status, 200);
    assert_eq!(
        watch.counted(),
        [
            "kind=field,name=knock/times,client=1.3 1",
            "kind=operation,name=knock,client=1.3 1",
            "kind=operation,name=knock,client=unsaid 1",
        ]
    );
}
