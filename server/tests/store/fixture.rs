//! The starting point of the store's tests.

use std::{sync::Arc, time::Duration};

use accord_runtime::{Identity, Logged, Membership, Quiet, Room, Then};
use accord_server::store::{
    AttachmentRecord, ForwardSource, Forwarded, MemberDeleteError, MemberPutError, MessageChangeError,
    MessageForwardError, MessageInsertError, MessageRecord, NewMessage, NewText, NewUpload, NotReady, Reacted,
    ReactionAddError, ReactionRemoveError, RoomChange, RoomPutError, Store, Timestamp, UserRecord,
};
use tempfile::TempDir;

/// More than any test uploads.
pub const QUOTA: i64 = 1 << 40;

/// An open store with its own database, and its users `alice`, `bob` and `carol`. Alice and Bob belong to the channels
/// `general` and `random` and to a conversation `general`; Carol to `random`.
pub struct Fixture {
    pub store: Store,
    pub url: String,
    _directory: TempDir,
}

impl Fixture {
    pub async fn sqlite() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let url = format!("sqlite://{}/accord.db", directory.path().display());
        Fixture::open(url, directory).await
    }

    pub async fn postgres() -> Self {
        Fixture::open(accord_tests::postgres::database(), tempfile::tempdir().expect("a temporary directory")).await
    }

    /// PostgreSQL behind a PgBouncer that lends its connections by the transaction.
    pub async fn pgbouncer() -> Self {
        Fixture::open(accord_tests::pgbouncer::database(), tempfile::tempdir().expect("a temporary directory")).await
    }

    async fn open(url: String, directory: TempDir) -> Self {
        let store = Store::open(&url).await.expect("the database opens");
        for id in ["alice", "bob", "carol"] {
            store.user_upsert(&identity(id)).await.expect("a user");
        }
        let both = ["alice".to_owned(), "bob".to_owned()];
        let three = ["alice".to_owned(), "bob".to_owned(), "carol".to_owned()];
        store.put_room(&channel("general"), Some("General"), &both).await.expect("a channel");
        store.put_room(&channel("random"), Some("Random"), &three).await.expect("a channel");
        store.put_room(&conversation("general"), None, &both).await.expect("a conversation");
        Fixture { store, url, _directory: directory }
    }

    /// Another node's store, on the same database.
    pub async fn node(&self) -> Store {
        Store::open(&self.url).await.expect("the database opens again")
    }

    pub async fn send(&self, member: &Membership, content: &str) -> MessageRecord {
        let new = NewMessage { content, ..NewMessage::default() };
        self.store.insert(member, new).await.expect("a message")
    }

    pub async fn reply(&self, member: &Membership, content: &str, to: &str) -> MessageRecord {
        let new = NewMessage { content, reply_to_id: Some(to), ..NewMessage::default() };
        self.store.insert(member, new).await.expect("a reply")
    }

    pub async fn send_with(&self, member: &Membership, content: &str, uploads: &[&AttachmentRecord]) -> MessageRecord {
        let attachment_ids: Vec<String> = uploads.iter().map(|upload| upload.id.clone()).collect();
        let new = NewMessage { content, attachment_ids: &attachment_ids, ..NewMessage::default() };
        self.store.insert(member, new).await.expect("a message with attachments")
    }

    pub async fn upload(&self, owner: &str, filename: &str) -> AttachmentRecord {
        let new =
            NewUpload { filename, original_name: "notes.txt", mime_type: "text/plain", size: 100, dimensions: None };
        self.store.upload_insert(&identity(owner), new, QUOTA).await.expect("an upload")
    }

    /// The messages that a member sees in a room, newest first.
    pub async fn history(&self, member: &Membership) -> Vec<MessageRecord> {
        self.store.history_page(member, 1, 100).await.expect("history").messages
    }
}

/// The store's changes of rooms, without events.
pub trait Changes {
    async fn insert(&self, member: &Membership, new: NewMessage<'_>) -> Result<MessageRecord, MessageInsertError>;
    async fn edit(&self, member: &Membership, id: &str, content: &str) -> Result<Timestamp, MessageChangeError>;
    async fn delete(&self, member: &Membership, id: &str) -> Result<(), MessageChangeError>;
    async fn forward(
        &self,
        source: ForwardSource<'_>,
        target: &Membership,
        id: &str,
    ) -> Result<Forwarded, MessageForwardError>;
    async fn react(&self, member: &Membership, id: &str, emoji: &str) -> Result<Reacted, ReactionAddError>;
    async fn take_back(&self, member: &Membership, id: &str, emoji: &str) -> Result<String, ReactionRemoveError>;
    async fn put_room(&self, room: &Room, name: Option<&str>, members: &[String]) -> Result<RoomChange, RoomPutError>;
    async fn put_member(&self, room: &Room, user_id: &str) -> Result<RoomChange, MemberPutError>;
    async fn delete_member(&self, room: &Room, user_id: &str) -> Result<RoomChange, MemberDeleteError>;
}

impl Changes for Store {
    async fn insert(&self, member: &Membership, new: NewMessage<'_>) -> Result<MessageRecord, MessageInsertError> {
        self.message_insert(member, new, Then::quiet()).await.map(result)
    }

    async fn edit(&self, member: &Membership, id: &str, content: &str) -> Result<Timestamp, MessageChangeError> {
        let text = NewText { content, shows: !content.is_empty() };
        self.message_edit(member, id, text, Then::quiet()).await.map(result)
    }

    async fn delete(&self, member: &Membership, id: &str) -> Result<(), MessageChangeError> {
        self.message_delete(member, id, |_, _| {}, Then::quiet()).await.map(result)
    }

    async fn forward(
        &self,
        source: ForwardSource<'_>,
        target: &Membership,
        id: &str,
    ) -> Result<Forwarded, MessageForwardError> {
        self.message_forward(source, target, id, None, Then::quiet()).await.map(result)
    }

    async fn react(&self, member: &Membership, id: &str, emoji: &str) -> Result<Reacted, ReactionAddError> {
        self.reaction_add(member, id, emoji, Then::quiet()).await.map(result)
    }

    async fn take_back(&self, member: &Membership, id: &str, emoji: &str) -> Result<String, ReactionRemoveError> {
        self.reaction_remove(member, id, emoji, Then::quiet()).await.map(result)
    }

    async fn put_room(&self, room: &Room, name: Option<&str>, members: &[String]) -> Result<RoomChange, RoomPutError> {
        self.room_put(room, name, members, Then::quiet()).await.map(result)
    }

    async fn put_member(&self, room: &Room, user_id: &str) -> Result<RoomChange, MemberPutError> {
        self.member_put(room, user_id, Then::quiet()).await.map(result)
    }

    async fn delete_member(&self, room: &Room, user_id: &str) -> Result<RoomChange, MemberDeleteError> {
        self.member_delete(room, user_id, Then::quiet()).await.map(result)
    }
}

fn result<T>(logged: Logged<Quiet<T>>) -> T {
    logged.into_reply().0
}

/// Waits until a store is ready, however long the disk stands still. Any other failure is one.
pub async fn is_ready(store: &Store) {
    while let Err(error) = store.ready().await {
        assert!(matches!(error, NotReady::Silent), "{error}");
    }
}

/// Waits for something that is to happen within a time in which this process runs: a machine that stands still is no delay
/// of the store's.
pub async fn within<T>(time: Duration, event: impl Future<Output = T>) -> T {
    const TICK: Duration = Duration::from_millis(50);
    let late = async {
        for _ in 0..time.as_millis().div_ceil(TICK.as_millis()) {
            tokio::time::sleep(TICK).await;
        }
    };
    tokio::select! {
        biased;
        value = event => value,
        () = late => panic!("it has not happened within {time:?}"),
    }
}

/// Declares tests that run on SQLite and on PostgreSQL, with PgBouncer and without, each with its own fixture.
macro_rules! on_both {
    ($(async fn $name:ident($fixture:ident) $body:block)+) => {
        $(
            mod $name {
                #[allow(unused_imports, reason = "not every test names something of its file")]
                use super::*;

                async fn run($fixture: $crate::fixture::Fixture) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn on_sqlite() {
                    run($crate::fixture::Fixture::sqlite().await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn on_postgres() {
                    run($crate::fixture::Fixture::postgres().await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn on_pgbouncer() {
                    run($crate::fixture::Fixture::pgbouncer().await).await;
                }
            }
        )+
    };
}

pub(crate) use on_both;

pub fn channel(id: &str) -> Room {
    Room { scope: "channel", id: id.to_owned() }
}

pub fn conversation(id: &str) -> Room {
    Room { scope: "conversation", id: id.to_owned() }
}

pub fn identity(id: &str) -> Identity {
    Identity { id: id.to_owned(), name: name(id), email: None, image: None, admin: false }
}

pub fn user(id: &str) -> UserRecord {
    UserRecord { id: id.to_owned(), name: name(id), image: None }
}

pub fn member(id: &str, room: Room) -> Membership {
    Membership::assumed(Arc::new(identity(id)), room)
}

fn name(id: &str) -> String {
    id[..1].to_uppercase() + &id[1..]
}
