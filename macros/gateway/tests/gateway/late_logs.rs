//! Rooms whose log answers late, so that something else happens first.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use accord_gateway::{Config, Hub, MemoryLog};
use accord_runtime::{
    Fault, Log, Position, Room,
    log::{Entry, Follower, NewEntry, Page},
    reply::encode,
};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::{Barrier, Notify};

use crate::{
    client::{Client, Server, token},
    desk::Desk,
    transport::Poller,
};

const BOARDS: [&str; 4] = ["lobby", "attic", "cellar", "hall"];

/// A log in memory that answers some questions late.
#[derive(Clone, Default)]
struct Late {
    log: Arc<MemoryLog>,
    /// Once set, a request for a position notifies the first, and waits for the second.
    position: Arc<OnceLock<[Notify; 2]>>,
    /// Reads, except those from the beginning, wait until there are this many of them.
    reads: Option<Arc<Barrier>>,
    follower: Arc<OnceLock<Arc<dyn Follower>>>,
}

impl Log for Late {
    fn position<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<Position, Fault>> {
        Box::pin(async {
            if let Some([asked, go]) = self.position.get() {
                asked.notify_one();
                go.notified().await;
            }
            self.log.position(room).await
        })
    }

    fn read<'a>(&'a self, room: &'a Room, since: &'a Position) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async {
            if let Some(reads) = self.reads.as_ref().filter(|_| since.seq > 0) {
                reads.wait().await;
            }
            self.log.read(room, since).await
        })
    }

    fn append(&self, entries: Vec<NewEntry>) -> BoxFuture<'_, Result<Vec<u64>, Fault>> {
        self.log.append(entries)
    }

    fn follow(&self, follower: Arc<dyn Follower>) {
        assert!(self.follower.set(Arc::clone(&follower)).is_ok());
        self.log.follow(follower);
    }

    fn orders(&self) -> bool {
        self.log.orders()
    }
}

impl Late {
    /// A server with this log, whose boards alice and bob belong to.
    async fn serve(&self, config: Config) -> Server {
        let boards = BOARDS.map(|board| (board, &["alice", "bob"][..]));
        let desk = Desk { hub: Hub::with_log(Arc::new(self.clone())), ..Desk::new(&boards) };
        Server::with(desk, Config { limits: false, ..config }).await
    }

    /// Adds this many entries to a board.
    async fn add(&self, board: &str, event: &'static str, entries: usize, data: &Value) {
        let entry = NewEntry { room: self::board(board), event, data: encode(data).unwrap() };
        self.append(vec![entry; entries]).await.unwrap();
    }

    /// A request to join a board and be sent its whole log.
    async fn attend(&self, board: &str) -> Value {
        let position = self.log.position(&self::board(board)).await.unwrap();
        json!(["attend", { "board": board, "since": { "epoch": position.epoch, "seq": 0 } }])
    }
}

fn board(id: &str) -> Room {
    Room { scope: "board", id: id.to_owned() }
}

async fn attend(client: &mut Client) {
    let answer = client.call("attend", &json!({ "board": "lobby" })).await;
    assert_eq!(answer["ok"], json!(true), "{answer}");
    assert_eq!(client.event().await.0, "attending");
}

#[tokio::test]
async fn a_client_that_reads_gets_the_replays_of_several_rooms_at_once() {
    const ENTRIES: usize = 300;
    let log = Late { reads: Some(Arc::new(Barrier::new(BOARDS.len()))), ..Late::default() };
    let server = log.serve(Config { max_unsent_bytes: 100_000, ..Config::default() }).await;
    let mut alice = server.join("alice").await;
    for (number, board) in BOARDS.iter().enumerate() {
        log.add(board, "posted", ENTRIES, &json!({ "board": board, "text": "x".repeat(10_000) })).await;
        alice.send(&format!("42{}{}", number + 1, log.attend(board).await)).await;
    }
    let (mut came, mut caught_up): (BTreeMap<String, Vec<Value>>, usize) = Default::default();
    while caught_up < BOARDS.len() {
        let frame = alice.frame().await.expect("she is not cut off");
        let Some(event) = frame.strip_prefix("42") else { continue };
        let (event, mut data): (String, Value) = serde_json::from_str(event).unwrap();
        match event.as_str() {
            "posted" => came.entry(data["board"].as_str().unwrap().to_owned()).or_default().push(data["seq"].take()),
            "caught_up" => caught_up += 1,
            _ => assert_eq!(event, "attending"),
        }
    }
    let all: Vec<_> = (1..=ENTRIES).map(Value::from).collect();
    assert_eq!(came, BOARDS.map(|board| (board.to_owned(), all.clone())).into());
}

#[tokio::test]
async fn the_replays_of_a_users_clients_leave_room_for_other_messages() {
    const MOST: usize = 80_000;
    const ENTRIES: usize = 250;
    let (log, config) = (Late::default(), Config { max_unsent_bytes_per_user: MOST, ..Config::default() });
    let server = log.serve(config).await;
    log.add("lobby", "posted", ENTRIES, &json!({ "text": "x" })).await;
    let poller = Poller::join(&server, &json!({ "token": token("alice") })).await;
    assert_eq!(poller.post(&format!("421{}", log.attend("lobby").await)).await.status, 200);
    // A waiting message takes up more than its own size, and each of four replays has a page on its way.
    let most = MOST / 2 / 4 / 150;
    let mut came = 0;
    while came < ENTRIES {
        let packets = poller.packets(1).await;
        came += packets.iter().filter(|packet| packet.starts_with("42[\"posted\",")).count();
        assert!(packets.len() <= most, "{} messages come at once", packets.len());
    }
}

#[tokio::test]
async fn a_client_whose_user_is_removed_and_added_again_while_it_joins_once_more_is_cut_off() {
    let log = Late::default();
    let server = log.serve(Config::default()).await;
    let mut alice = server.join("alice").await;
    attend(&mut alice).await;
    let [asked, go] = log.position.get_or_init(Default::default);
    alice.send(r#"429["attend",{"board":"lobby"}]"#).await;
    asked.notified().await;
    // Another node adds these entries, and alice is a member again.
    log.add("lobby", "removed", 1, &json!({ "user": "alice" })).await;
    server.desk.hub.settled(&board("lobby")).await;
    log.add("lobby", "posted", 1, &json!({ "text": "alice misses this" })).await;
    go.notify_one();
    assert!(alice.is_closed().await, "she would not know that she has missed something");
}

#[tokio::test]
async fn a_client_that_joins_a_room_whose_reader_fails_meanwhile_is_cut_off() {
    let log = Late::default();
    let server = log.serve(Config::default()).await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    attend(&mut bob).await;
    let [asked, go] = log.position.get_or_init(Default::default);
    alice.send(r#"429["attend",{"board":"lobby"}]"#).await;
    asked.notified().await;
    // After the last number, there is none: in a test, adding to it panics.
    let last = Entry { seq: u64::MAX, event: "posted".into(), data: encode(&json!({})).unwrap() };
    log.follower.get().unwrap().committed(&board("lobby"), &[last.clone(), last]);
    assert!(bob.is_closed().await);
    go.notify_one();
    assert!(alice.is_closed().await, "nobody would send her anything");
}
