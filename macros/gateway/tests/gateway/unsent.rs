//! Messages that wait for clients that do not read: their bounds, and their cost.

use accord_gateway::Config;
use allocation_counter::measure;
use serde_json::json;
use tokio::runtime::Builder;

use crate::{
    client::{Client, Server, token},
    transport::Poller,
};

/// A member of the lobby that polls no more.
async fn silent<'s>(server: &'s Server, user: &str) -> Poller<'s> {
    let poller = Poller::join(server, &json!({ "token": token(user) })).await;
    assert_eq!(poller.post("421[\"enter\",{\"room\":\"lobby\"}]").await.status, 200);
    assert_eq!(poller.packets(2).await.len(), 2);
    poller
}

async fn say(alice: &mut Client, text: &str) {
    assert_eq!(alice.call("say", &json!({ "room": "lobby", "text": text })).await["ok"], json!(true));
}

/// On one thread, which has cut clients off before the next message is said.
#[tokio::test]
async fn waiting_messages_of_a_users_clients_are_bounded_together_and_clients_that_read_miss_nothing() {
    const CLIENTS: usize = 20;
    const MESSAGES: usize = 5;
    const SAID: usize = 30;
    let text = "x".repeat(10_000);
    // A bit more than that many messages for each client: the next is one too many.
    let most = CLIENTS * (MESSAGES * text.len() + text.len() / 2);
    let config = Config { limits: false, max_unsent_bytes_per_user: most, ..Config::default() };
    let server = Server::start(config).await;
    let (mut alice, mut carol) = (server.join("alice").await, server.join("carol").await);
    assert_eq!(carol.call("enter", &json!({ "room": "lobby" })).await["ok"], json!(true));
    assert_eq!(carol.event().await.0, "entered");
    let _bob = silent(&server, "bob").await;
    let mut others = Vec::new();
    for _ in 0..CLIENTS {
        others.push(silent(&server, "carol").await);
    }
    for number in 0..SAID {
        say(&mut alice, &text).await;
        assert_eq!(carol.event().await.1["number"], json!(number));
        let connected = server.desk.hub.connections_of("carol");
        assert!(number >= MESSAGES || connected == 1 + CLIENTS, "{connected} are left after {number} messages");
    }
    let left = server.desk.hub.connections_of("carol");
    assert!(left <= 1 + most / (SAID * text.len()), "{left} clients are left");
    assert_eq!(server.desk.hub.connections_of("bob"), 1);
}

#[test]
fn a_message_that_many_clients_wait_for_is_in_memory_once() {
    const CLIENTS: u64 = 60;
    // On the thread that is measured.
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(Config { limits: false, ..Config::default() }));
    let mut alice = runtime.block_on(server.join("alice"));
    let pollers: Vec<Poller<'_>> = (0..CLIENTS).map(|_| runtime.block_on(silent(&server, "carol"))).collect();
    let text = "x".repeat(100_000);
    let said = measure(|| runtime.block_on(say(&mut alice, &text)));
    // The client's own, and the server's on the message's way through the pipeline.
    let most = 20 * text.len() as u64;
    assert!(said.bytes_max < most && most < CLIENTS * text.len() as u64, "{said:?}");
    for poller in &pollers {
        let packets = runtime.block_on(poller.packets(1));
        assert!(packets[0].starts_with("42[\"said\",") && packets[0].contains(&text), "{packets:?}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_system_keeps_little_for_a_client_that_reads_nothing() {
    const MOST: usize = 1_000_000;
    let server = Server::start(Config { limits: false, max_unsent_bytes: MOST, ..Config::default() }).await;
    let (mut alice, mut carol) = (server.join("alice").await, server.join("carol").await);
    assert_eq!(carol.call("enter", &json!({ "room": "lobby" })).await["ok"], json!(true));
    let text = "x".repeat(MOST / 20);
    let mut said = 0;
    while server.desk.hub.connections_of("carol") == 1 {
        say(&mut alice, &text).await;
        said += text.len();
    }
    // The gateway's messages, and as much again in the systems' buffers on both sides, which would otherwise hold
    // megabytes.
    assert!((MOST..2 * MOST).contains(&said), "{said} bytes were taken");
}
