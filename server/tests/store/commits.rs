//! Commits that take effect although the store does not learn of it.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use accord_runtime::{
    Log, Logged, Room,
    log::{Entry, Follower},
};
use accord_server::store::{MessageInsertError, NewMessage, Store, StoreError};
use futures_util::{future::join_all, poll};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};

use crate::{
    fixture::{Fixture, channel, member, on_both},
    log::{Event, numbers, send},
    sends::Stalled,
};

/// PostgreSQL's answer to a COMMIT.
const COMMITTED: &[u8] = b"C\0\0\0\x0bCOMMIT\0";

/// PgBouncer's answer to whatever it was doing when it lost its connection to PostgreSQL.
const CRASHED: &[u8] = b"E\0\0\0\x30SFATAL\0VFATAL\0C08P01\0Mserver conn crashed?\0\0";

/// A proxy in front of PostgreSQL that can lose the answers to commits.
struct Proxy {
    url: String,
    loses: Arc<AtomicBool>,
}

impl Proxy {
    /// Starts a proxy in front of the database with a URL. It ends with the test.
    async fn start(url: &str) -> Self {
        let (user, rest) = url.split_once('@').unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("{user}@{}/{database}", listener.local_addr().unwrap());
        let (server, loses) = (server.to_owned(), Arc::new(AtomicBool::new(false)));
        let losing = Arc::clone(&loses);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(pass(client, server, Arc::clone(&losing)));
            }
        });
        Proxy { url, loses }
    }

    fn lose(&self, loses: bool) {
        self.loses.store(loses, Ordering::SeqCst);
    }
}

/// Passes a connection's bytes on until either side ends it, or an answer is lost.
async fn pass(mut client: TcpStream, mut server: TcpStream, loses: Arc<AtomicBool>) -> io::Result<()> {
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) = (client.split(), server.split());
    let answers = async {
        let mut bytes = vec![0; 1 << 16];
        loop {
            let read = from_server.read(&mut bytes).await?;
            // PostgreSQL sends this answer at once, by itself.
            let committed = bytes[..read].windows(COMMITTED.len()).any(|answer| answer == COMMITTED);
            if committed && loses.load(Ordering::SeqCst) {
                return to_client.write_all(CRASHED).await;
            }
            to_client.write_all(&bytes[..read]).await?;
            if read == 0 {
                return Ok(());
            }
        }
    };
    tokio::select! {
        answered = answers => answered,
        asked = copy(&mut from_client, &mut to_server) => asked.map(drop),
    }
}

/// Sends three messages, of which two or more share a batch.
async fn send_together(fixture: &Fixture) -> Vec<Result<Logged<Event>, MessageInsertError>> {
    let alice = member("alice", channel("general"));
    let stalled = Stalled::begin(fixture).await;
    let mut sending = ["one", "two", "three"]
        .map(|content| Box::pin(send(&fixture.store, &alice, NewMessage { content, ..NewMessage::default() }, None)));
    for message in &mut sending {
        assert!(poll!(message).is_pending(), "it has been submitted, and waits");
    }
    stalled.end().await;
    join_all(sending).await
}

/// Makes sure that each of the messages is there once, in history and in the log, and that the store goes on from there.
async fn sent_once(fixture: &Fixture) {
    let alice = member("alice", channel("general"));
    let next = NewMessage { content: "four", ..NewMessage::default() };
    assert_eq!(send(&fixture.store, &alice, next, None).await.unwrap().seq(), Some(4));
    let texts: Vec<String> = fixture.history(&alice).await.into_iter().map(|message| message.content).collect();
    assert_eq!(texts, ["four", "three", "two", "one"]);
    assert_eq!(numbers(&fixture.store, &channel("general")).await, [1, 2, 3, 4]);
}

mod changes_are_not_written_again_if_the_answer_to_their_commit_is_lost {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn on_postgres() {
        let mut fixture = Fixture::postgres().await;
        let proxy = Proxy::start(&fixture.url).await;
        fixture.store = Store::open(&proxy.url).await.unwrap();
        proxy.lose(true);
        for outcome in send_together(&fixture).await {
            let Err(MessageInsertError::Store(StoreError::Database(error))) = outcome else { panic!("{outcome:?}") };
            assert!(error.to_string().contains("server conn crashed?"), "{error}");
        }
        proxy.lose(false);
        sent_once(&fixture).await;
    }
}

/// A follower that panics when it hears of the first three messages.
struct Panicking;

impl Follower for Panicking {
    fn committed(&self, _: &Room, entries: &[Entry]) {
        assert!(entries[0].seq > 3, "it panics");
    }

    fn look(&self, _: &Room) {}
}

on_both! {
    async fn changes_are_not_written_again_if_a_follower_panics_when_it_hears_of_them(fixture) {
        fixture.store.follow(Arc::new(Panicking));
        for outcome in send_together(&fixture).await {
            assert!(matches!(outcome, Err(MessageInsertError::Store(StoreError::Fault(_)))), "{outcome:?}");
        }
        sent_once(&fixture).await;
    }
}
