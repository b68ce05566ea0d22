//! Rooms with a log: the entries that joins, replays, removals and leaving show, and their order.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use accord_gateway::{Config, Hub, MemoryLog};
use accord_runtime::{
    Fault, Log, Position, Room,
    log::{Follower, NewEntry, Page},
    reply::encode,
};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use crate::{
    client::{Client, Server, token, token_for},
    desk::Desk,
};

async fn server() -> Server {
    Server::start(Config { limits: false, ..Config::default() }).await
}

/// Joins the lobby's board; returns the position, which event and acknowledgement agree on.
async fn attend(client: &mut Client, since: Option<&Value>) -> Value {
    let answer = client.call("attend", &json!({ "board": "lobby", "since": since })).await;
    assert_eq!(answer["ok"], json!(true), "{answer}");
    assert_eq!(client.event().await, ("attending".to_owned(), answer["data"].clone()));
    answer["data"]["position"].clone()
}

async fn call(client: &mut Client, event: &str, text: &str) -> Value {
    let answer = client.call(event, &json!({ "board": "lobby", "text": text })).await;
    assert_eq!(answer["ok"], json!(true), "{answer}");
    answer["data"].clone()
}

async fn post(client: &mut Client, text: &str) -> u64 {
    call(client, "post", text).await["seq"].as_u64().unwrap()
}

fn at(position: &Value, seq: u64) -> Value {
    json!({ "epoch": position["epoch"], "seq": seq })
}

/// The numbers and texts of the next entries, up to this text.
async fn until(client: &mut Client, text: &str) -> Vec<(u64, String)> {
    let mut came = Vec::new();
    loop {
        let (event, data) = client.event().await;
        assert_eq!(event, "posted", "{data}");
        came.push((data["seq"].as_u64().unwrap(), data["text"].as_str().unwrap().to_owned()));
        if data["text"] == json!(text) {
            return came;
        }
    }
}

/// Checks that a client has received nothing.
async fn nothing_came(client: &mut Client) {
    assert_eq!(client.call("tick", &json!({})).await["ok"], json!(true));
    assert_eq!(client.event().await.0, "tock", "nothing came before");
}

#[tokio::test]
async fn a_durable_event_has_the_same_number_for_all_members() {
    let server = server().await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    assert_eq!(attend(&mut alice, None).await["seq"], json!(0));
    attend(&mut bob, None).await;
    for number in 1..=3 {
        assert_eq!(post(&mut alice, &number.to_string()).await, number);
        let posted = json!({ "by": "alice", "text": number.to_string(), "seq": number });
        for client in [&mut alice, &mut bob] {
            assert_eq!(client.event().await, ("posted".to_owned(), posted.clone()));
        }
    }
    assert_eq!(call(&mut bob, "doodle", "x").await, json!({ "by": "bob", "text": "x" }));
    for client in [&mut alice, &mut bob] {
        assert_eq!(client.event().await, ("doodled".to_owned(), json!({ "by": "bob", "text": "x" })));
    }
}

#[tokio::test]
async fn only_a_durable_event_relies_on_a_membership_of_before() {
    let server = server().await;
    let mut former = server.join("former").await;
    let drawing = json!({ "board": "lobby", "text": "x" });
    assert_eq!(former.call("post", &drawing).await["ok"], json!(true), "its change would prove the membership");
    for event in ["doodle", "attend"] {
        let answer = former.call(event, &drawing).await;
        assert_eq!(answer["ok"], json!(false), "{event}: {answer}");
    }
}

#[tokio::test]
async fn whoever_has_joined_is_sent_an_entry_before_its_author_is_answered() {
    let server = server().await;
    let mut alice = server.join("alice").await;
    attend(&mut alice, None).await;
    for number in 1..=20 {
        alice.emit("post", &json!({ "board": "lobby", "text": "x" })).await;
        assert_eq!(alice.call("tick", &json!({})).await["ok"], json!(true));
        let (event, posted) = alice.event().await;
        assert_eq!((event.as_str(), &posted["seq"]), ("posted", &json!(number)));
        assert_eq!(alice.event().await.0, "tock", "the answer to the next event comes after it");
    }
}

#[tokio::test]
async fn a_client_that_reconnects_gets_the_missed_entries_and_then_new_ones() {
    let server = server().await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    for text in ["a", "b", "c"] {
        post(&mut alice, text).await;
    }
    call(&mut alice, "doodle", "nobody hears it").await;
    let position = attend(&mut bob, None).await;
    assert_eq!(position["seq"], json!(3));
    nothing_came(&mut bob).await;
    let mut carol = server.join("carol").await;
    assert_eq!(attend(&mut carol, Some(&at(&position, 1))).await, position);
    assert_eq!(until(&mut carol, "c").await, [(2, "b".to_owned()), (3, "c".to_owned())]);
    let caught_up = json!({ "board": "lobby", "position": position });
    assert_eq!(carol.event().await, ("caught_up".to_owned(), caught_up));
    post(&mut alice, "d").await;
    for client in [&mut bob, &mut carol] {
        assert_eq!(until(client, "d").await, [(4, "d".to_owned())]);
    }
    // A join at the newest position has an empty replay.
    let mut dave = server.join("carol").await;
    assert_eq!(attend(&mut dave, Some(&at(&position, 4))).await, at(&position, 4));
    assert_eq!(dave.event().await.1["position"], at(&position, 4));
}

#[tokio::test]
async fn a_long_replay_reaches_new_entries_without_a_gap() {
    const BEFORE: u64 = 700;
    let server = server().await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    for number in 1..=BEFORE {
        assert_eq!(post(&mut alice, "before").await, number);
    }
    let position = attend(&mut alice, None).await;
    bob.send(&format!(r#"421["attend",{{"board":"lobby","since":{}}}]"#, at(&position, 0))).await;
    for number in 1..=50 {
        post(&mut alice, if number == 50 { "last" } else { "meanwhile" }).await;
    }
    assert_eq!(bob.acknowledged(1).await["ok"], json!(true));
    assert_eq!(bob.event().await.0, "attending");
    let (mut expected, mut caught_up) = (1, None);
    while expected <= BEFORE + 50 || caught_up.is_none() {
        match bob.event().await {
            (event, data) if event == "posted" => {
                assert_eq!(data["seq"], json!(expected));
                expected += 1;
            }
            (event, data) => {
                assert_eq!(
                    (event.as_str(), caught_up.replace(data["position"]["seq"].as_u64().unwrap())),
                    ("caught_up", None)
                );
                assert_eq!(data["position"]["seq"], json!(expected - 1));
            }
        }
    }
    assert!(caught_up.unwrap() >= BEFORE);
}

#[tokio::test]
async fn in_a_room_that_is_joined_already_since_is_ignored() {
    let server = server().await;
    let mut alice = server.join("alice").await;
    let position = attend(&mut alice, None).await;
    post(&mut alice, "a").await;
    until(&mut alice, "a").await;
    for since in [Some(at(&position, 0)), Some(json!({ "epoch": "another", "seq": 5 })), None] {
        assert_eq!(attend(&mut alice, since.as_ref()).await, at(&position, 1));
    }
    nothing_came(&mut alice).await;
}

#[tokio::test]
async fn a_position_that_is_lost_is_refused_and_nothing_is_joined() {
    let server = server().await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    let position = attend(&mut alice, None).await;
    post(&mut alice, "a").await;
    for since in [json!({ "epoch": "another", "seq": 0 }), at(&position, 2)] {
        let answer = bob.call("attend", &json!({ "board": "lobby", "since": since })).await;
        let error = json!({ "message": "Too late", "code": "position_lost", "event": "attend" });
        assert_eq!(answer, json!({ "ok": false, "error": error }), "{since}");
    }
    // A user who does not belong to the room gets no information about its log.
    let cellar = json!({ "board": "cellar", "since": { "epoch": "another", "seq": 0 } });
    assert_eq!(alice.call("attend", &cellar).await["error"]["code"], json!("room_denied"));
    post(&mut alice, "b").await;
    call(&mut alice, "doodle", "x").await;
    nothing_came(&mut bob).await;
    assert_eq!(server.desk.hub.joined().values().sum::<usize>(), 1);
}

#[tokio::test]
async fn a_client_of_an_older_version_is_sent_no_event_that_this_does_not_have() {
    let server = server().await;
    let old = json!({ "token": token("bob"), "protocol": "1.2.9" });
    let new = json!({ "token": token("carol"), "protocol": "1.3.0" });
    let (mut alice, mut bob, mut carol) =
        (server.join("alice").await, server.connect(old.clone()).await, server.connect(new).await);
    for client in [&mut bob, &mut carol] {
        assert_eq!(client.event().await.0, "welcome");
    }
    let position = attend(&mut alice, None).await;
    attend(&mut bob, None).await;
    attend(&mut carol, None).await;
    call(&mut alice, "pin", "first").await;
    post(&mut alice, "second").await;
    for client in [&mut alice, &mut carol] {
        let pinned = json!({ "by": "alice", "text": "first", "seq": 1 });
        assert_eq!(client.event().await, ("pinned".to_owned(), pinned));
        until(client, "second").await;
    }
    assert_eq!(until(&mut bob, "second").await, [(2, "second".to_owned())]);
    let mut again = server.connect(old).await;
    assert_eq!(again.event().await.0, "welcome");
    attend(&mut again, Some(&at(&position, 0))).await;
    assert_eq!(until(&mut again, "second").await, [(2, "second".to_owned())]);
}

async fn remove(server: &Server, users: &[&str]) {
    let body = json!({ "users": users });
    assert_eq!(server.rest("root", "POST /api/boards/lobby/removals", Some(&body)).await.status, 200);
}

#[tokio::test]
async fn a_removed_user_gets_everything_before_the_removal_and_nothing_after() {
    let server = server().await;
    let (mut alice, mut bob, mut carol) =
        (server.join("alice").await, server.join("bob").await, server.join("carol").await);
    for client in [&mut alice, &mut bob, &mut carol] {
        attend(client, None).await;
    }
    post(&mut alice, "a").await;
    remove(&server, &["bob"]).await;
    post(&mut alice, "b").await;
    call(&mut alice, "doodle", "x").await;
    assert_eq!(until(&mut bob, "a").await, [(1, "a".to_owned())]);
    nothing_came(&mut bob).await;
    // Two at once, whom the business logic names.
    remove(&server, &["bob", "carol"]).await;
    post(&mut alice, "c").await;
    call(&mut alice, "doodle", "y").await;
    until(&mut carol, "a").await;
    assert_eq!(carol.event().await, ("removed".to_owned(), json!({ "user": "bob", "seq": 2 })));
    until(&mut carol, "b").await;
    assert_eq!(carol.event().await.0, "doodled");
    nothing_came(&mut carol).await;
    until(&mut alice, "a").await;
    for event in ["removed", "posted", "doodled", "changed", "posted", "doodled"] {
        assert_eq!(alice.event().await.0, event);
    }
    assert_eq!(server.desk.hub.joined().values().sum::<usize>(), 1);
}

#[tokio::test]
async fn sec_16_a_client_that_reconnects_proves_its_token_and_membership_again() {
    let server = server().await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    let position = attend(&mut bob, None).await;
    drop(bob);
    post(&mut alice, "missed").await;
    let expired = json!({ "token": token_for("bob", -1.0).0 }).to_string();
    assert_eq!(server.refusal("", &expired).await, json!({ "message": "Token refused" }));
    remove(&server, &["bob"]).await;
    let mut bob = server.join("bob").await;
    let answer = bob.call("attend", &json!({ "board": "lobby", "since": position })).await;
    assert_eq!(answer["ok"], json!(false), "{answer}");
    nothing_came(&mut bob).await;
}

#[tokio::test]
async fn a_user_who_leaves_gets_nothing_more_and_may_join_again() {
    let server = server().await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    let position = attend(&mut bob, None).await;
    post(&mut alice, "a").await;
    assert_eq!(bob.call("detach", &json!({ "board": "lobby" })).await["ok"], json!(true));
    post(&mut alice, "b").await;
    assert_eq!(until(&mut bob, "a").await, [(1, "a".to_owned())]);
    nothing_came(&mut bob).await;
    attend(&mut bob, Some(&at(&position, 1))).await;
    assert_eq!(until(&mut bob, "b").await, [(2, "b".to_owned())]);
    assert_eq!(bob.event().await.0, "caught_up");
}

#[tokio::test]
async fn the_next_event_begins_once_the_one_before_is_submitted_and_is_answered_after_it() {
    let server = server().await;
    let (mut alice, mut phone) = (server.join("alice").await, server.join("alice").await);
    attend(&mut alice, None).await;
    assert_eq!(phone.call("attend", &json!({ "board": "attic" })).await["ok"], json!(true));
    assert_eq!(phone.event().await.0, "attending");
    // The log in memory has one change in a room at a time, so the second is in another room.
    alice.send(r#"4210["hold",{"board":"lobby","text":"first"}]"#).await;
    alice.send(r#"4211["post",{"board":"attic","text":"second"}]"#).await;
    alice.send(r#"4212["detach",{"board":"lobby"}]"#).await;
    server.desk.begun.notified().await;
    assert_eq!(until(&mut phone, "second").await, [(1, "second".to_owned())]);
    assert!(alice.is_silent().await, "the first is answered first");
    server.desk.go.notify_one();
    let mut came = Vec::new();
    while came.len() < 4 {
        let frame = alice.frame().await.unwrap();
        came.push(frame.split(['[', ',']).next().unwrap().to_owned());
    }
    let answers: Vec<_> = came.iter().filter(|frame| frame.starts_with("43")).collect();
    assert_eq!(answers, ["4310", "4311", "4312"]);
    assert!(came.contains(&"42".to_owned()), "who leaves has what was posted before");
}

#[tokio::test]
async fn an_idempotent_event_happens_once_however_often_it_is_sent() {
    let server = server().await;
    let (mut alice, mut phone, mut bob) =
        (server.join("alice").await, server.join("alice").await, server.join("bob").await);
    attend(&mut bob, None).await;
    let once = |text: &str| json!({ "board": "lobby", "text": text, "clientId": "c1" });
    let first = json!({ "ok": true, "data": { "by": "alice", "text": "a", "seq": 1 } });
    assert_eq!(alice.call("post", &once("a")).await, first);
    assert_eq!(phone.call("post", &once("a")).await, first);
    let error = json!({ "message": "Posted already", "code": "conflict", "event": "post" });
    assert_eq!(phone.call("post", &once("b")).await, json!({ "ok": false, "error": error }));
    // The id belongs to its user and its room.
    assert_eq!(bob.call("post", &once("b")).await["data"]["seq"], json!(2));
    let attic = json!({ "board": "attic", "text": "b", "clientId": "c1" });
    assert_eq!(alice.call("post", &attic).await["data"], json!({ "by": "alice", "text": "b", "seq": 1 }));
    post(&mut alice, "last").await;
    let posted = |seq, text: &str| (seq, text.to_owned());
    assert_eq!(until(&mut bob, "last").await, [posted(1, "a"), posted(2, "b"), posted(3, "last")]);
}

/// The entries of a board whose replay is more than a client takes without reading.
const MANY: u64 = 3000;

/// A server with such a board.
async fn server_with_many_entries() -> Server {
    let log = Arc::new(MemoryLog::default());
    let data = encode(&json!({ "text": "x".repeat(10_000) })).unwrap();
    let room = Room { scope: "board", id: "lobby".to_owned() };
    let entry = |_| NewEntry { room: room.clone(), event: "posted", data: data.clone() };
    log.append((0..MANY).map(entry).collect()).await.unwrap();
    let desk = Desk { hub: Hub::with_log(log), ..Desk::new(&[("lobby", &["alice", "bob"])]) };
    Server::with(desk, Config { max_unsent_bytes: 100_000, ..Config::default() }).await
}

#[tokio::test]
async fn a_replay_goes_as_fast_as_its_client_reads() {
    let server = server_with_many_entries().await;
    let mut alice = server.join("alice").await;
    let position = attend(&mut alice, None).await;
    assert_eq!(alice.call("detach", &json!({ "board": "lobby" })).await["ok"], json!(true));
    attend(&mut alice, Some(&at(&position, 0))).await;
    for seq in 1..=MANY {
        assert_eq!(alice.event().await.1["seq"], json!(seq));
    }
    assert_eq!(alice.event().await, ("caught_up".to_owned(), json!({ "board": "lobby", "position": position })));
}

#[tokio::test]
async fn a_user_who_is_removed_during_a_replay_and_added_again_joins_anew() {
    let server = server_with_many_entries().await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    for removed in [&["alice"][..], &["alice", "carol"]] {
        let position = attend(&mut bob, None).await;
        attend(&mut alice, Some(&at(&position, 0))).await;
        remove(&server, removed).await;
        server.desk.members.lock().unwrap().entry("lobby".to_owned()).or_default().insert("alice".to_owned());
        let head = position["seq"].as_u64().unwrap() + 1;
        let again = json!({ "board": "lobby", "since": at(&position, head) });
        let answer = alice.call("attend", &again).await;
        assert_eq!(answer["data"]["position"], at(&position, head), "{answer}");
        // The events before the acknowledgement are the beginning of the first replay.
        let mut seq = 0;
        loop {
            match alice.event().await {
                (event, data) if event == "posted" => {
                    seq += 1;
                    assert_eq!(data["seq"], json!(seq));
                }
                (event, _) => {
                    assert_eq!(event, "attending");
                    break;
                }
            }
        }
        assert!(seq < MANY, "the first replay is over");
        assert_eq!(
            alice.event().await,
            ("caught_up".to_owned(), json!({ "board": "lobby", "position": at(&position, head) }))
        );
        assert_eq!(post(&mut bob, "x").await, head + 1);
        assert_eq!(alice.event().await.1["seq"], json!(head + 1));
        call(&mut bob, "doodle", "x").await;
        assert_eq!(alice.event().await.0, "doodled");
        for client in [&mut alice, &mut bob] {
            assert_eq!(client.call("detach", &json!({ "board": "lobby" })).await["ok"], json!(true));
        }
        while bob.event().await.0 != "doodled" {}
    }
}

/// A log that counts how often it is read. If it is unreliable, it fails and panics now and then, and gives only hints
/// instead of its commits.
#[derive(Clone, Default)]
struct Watched {
    log: Arc<MemoryLog>,
    reads: Arc<AtomicUsize>,
    unreliable: bool,
}

struct Looking(Arc<dyn Follower>);

impl Follower for Looking {
    fn committed(&self, room: &Room, _: &[accord_runtime::log::Entry]) {
        self.0.look(room);
    }

    fn look(&self, room: &Room) {
        self.0.look(room);
    }
}

impl Log for Watched {
    fn position<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<Position, Fault>> {
        self.log.position(room)
    }

    fn read<'a>(&'a self, room: &'a Room, since: &'a Position) -> BoxFuture<'a, Result<Page, Fault>> {
        match self.reads.fetch_add(1, Ordering::Relaxed) % 4 {
            _ if !self.unreliable => self.log.read(room, since),
            0 => Box::pin(async { Err(Fault::msg("the database is away")) }),
            1 => Box::pin(async { panic!("the database is confused") }),
            _ => self.log.read(room, since),
        }
    }

    fn append(&self, entries: Vec<NewEntry>) -> BoxFuture<'_, Result<Vec<u64>, Fault>> {
        self.log.append(entries)
    }

    fn follow(&self, follower: Arc<dyn Follower>) {
        self.log.follow(if self.unreliable { Arc::new(Looking(follower)) } else { follower });
    }

    fn orders(&self) -> bool {
        self.log.orders()
    }
}

#[tokio::test]
async fn a_log_that_fails_is_read_again_from_where_the_reader_is() {
    const POSTS: u64 = 20;
    let log = Watched { unreliable: true, ..Watched::default() };
    let desk = Desk { hub: Hub::with_log(Arc::new(log)), ..Desk::new(&[("lobby", &["alice", "bob"])]) };
    let server = Server::with(desk, Config { limits: false, ..Config::default() }).await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    attend(&mut bob, None).await;
    for number in 1..=POSTS {
        post(&mut alice, &number.to_string()).await;
    }
    let expected: Vec<_> = (1..=POSTS).map(|number| (number, number.to_string())).collect();
    assert_eq!(until(&mut bob, &POSTS.to_string()).await, expected);
}

#[tokio::test]
async fn a_join_reads_no_entries_unless_it_asks_for_them() {
    let log = Watched::default();
    let desk = Desk { hub: Hub::with_log(Arc::new(log.clone())), ..Desk::new(&[("lobby", &["alice", "bob"])]) };
    let server = Server::with(desk, Config { limits: false, ..Config::default() }).await;
    let (mut alice, mut bob) = (server.join("alice").await, server.join("bob").await);
    post(&mut alice, "before").await;
    // The first to join a room, and the second.
    let position = attend(&mut bob, None).await;
    attend(&mut alice, None).await;
    post(&mut alice, "after").await;
    assert_eq!(until(&mut bob, "after").await, [(2, "after".to_owned())]);
    assert_eq!(log.reads.load(Ordering::Relaxed), 0);
    assert_eq!(bob.call("detach", &json!({ "board": "lobby" })).await["ok"], json!(true));
    attend(&mut bob, Some(&position)).await;
    assert_eq!(until(&mut bob, "after").await, [(2, "after".to_owned())]);
    assert_eq!(bob.event().await.0, "caught_up");
    assert_eq!(log.reads.load(Ordering::Relaxed), 1);
}
