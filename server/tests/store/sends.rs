//! Messages that are sent at the same time.

use std::pin::pin;

use accord_server::store::{MessageInsertError, MessageRecord, NewMessage, StoreError};
use futures_util::{future::join_all, join, poll};
use sqlx::{AnyConnection, Connection, raw_sql};

use crate::fixture::{Changes, Fixture, channel, member, on_both};

/// Keeps messages from being written, so that they wait for each other: the first is a batch by itself, and all others are
/// the next.
pub struct Stalled(AnyConnection);

impl Stalled {
    pub async fn begin(fixture: &Fixture) -> Self {
        let mut connection = AnyConnection::connect(&fixture.url).await.unwrap();
        raw_sql("BEGIN").execute(&mut connection).await.unwrap();
        raw_sql("UPDATE rooms SET name = name").execute(&mut connection).await.unwrap();
        Stalled(connection)
    }

    pub async fn end(mut self) {
        raw_sql("COMMIT").execute(&mut self.0).await.unwrap();
        self.0.close().await.unwrap();
    }
}

type Outcome = Result<MessageRecord, MessageInsertError>;

/// Sends all of these at once, as alice in the channel `general`, and returns each result.
async fn send_all(fixture: &Fixture, messages: &[NewMessage<'_>]) -> Vec<Outcome> {
    let alice = member("alice", channel("general"));
    let stalled = Stalled::begin(fixture).await;
    let mut sending: Vec<_> = messages.iter().map(|message| Box::pin(fixture.store.insert(&alice, *message))).collect();
    for message in &mut sending {
        assert!(poll!(message).is_pending(), "it has been submitted, and waits");
    }
    stalled.end().await;
    join_all(sending).await
}

fn text(content: &str) -> NewMessage<'_> {
    NewMessage { content, ..NewMessage::default() }
}

/// The positions of the messages that were inserted, in the order in which they were sent.
fn positions(outcomes: &[Outcome]) -> Vec<i64> {
    outcomes.iter().flatten().map(|message| message.position).collect()
}

/// A database that refuses one text, as no error of the protocol does.
async fn refuse_poison(fixture: &Fixture) {
    let refuse = if fixture.url.starts_with("sqlite") {
        "CREATE TRIGGER no_poison BEFORE INSERT ON messages WHEN NEW.content = 'poison'
         BEGIN SELECT RAISE(ABORT, 'no poison'); END"
    } else {
        "ALTER TABLE messages ADD CONSTRAINT no_poison CHECK (content <> 'poison')"
    };
    let mut connection = AnyConnection::connect(&fixture.url).await.unwrap();
    raw_sql(refuse).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

on_both! {
    async fn an_error_of_one_message_concerns_no_other(fixture) {
        let own = fixture.upload("alice", "a.txt").await.id;
        let other = fixture.upload("bob", "b.txt").await.id;
        let twice = [own.clone(), own.clone()];
        let stolen = [own, other];
        let outcomes = send_all(&fixture, &[
            text("first"),
            NewMessage { attachment_ids: &twice, ..text("with a file") },
            NewMessage { attachment_ids: &twice[..1], reply_to_id: Some("unknown"), ..text("with an unknown parent") },
            NewMessage { attachment_ids: &stolen, ..text("with the file of another user") },
            NewMessage { attachment_ids: &twice[..1], ..text("with the same file") },
            text("last"),
        ]).await;
        assert!(matches!(outcomes[2], Err(MessageInsertError::ReplyNotFound)), "{:?}", outcomes[2]);
        assert!(matches!(outcomes[3], Err(MessageInsertError::InvalidAttachment)), "{:?}", outcomes[3]);
        assert_eq!(positions(&outcomes), [1, 2, 3, 4]);
        let alice = member("alice", channel("general"));
        let mut sent: Vec<_> = outcomes.into_iter().flatten().collect();
        sent.reverse();
        assert_eq!(fixture.history(&alice).await, sent);
        // The file is there for as long as one of the two messages shows it.
        for message in sent.iter().filter(|message| !message.attachments.is_empty()) {
            assert!(fixture.store.upload_by_filename("a.txt").await.unwrap().is_some());
            fixture.store.delete(&alice, &message.id).await.unwrap();
        }
        assert_eq!(fixture.store.upload_by_filename("a.txt").await.unwrap(), None);
    }

    async fn an_upload_counts_once_however_often_a_batch_writes(fixture) {
        let alice = member("alice", channel("general"));
        let earlier = fixture.send(&alice, "earlier").await;
        let upload = [fixture.upload("alice", "a.txt").await.id];
        let stalled = Stalled::begin(&fixture).await;
        let mut first = pin!(fixture.store.insert(&alice, text("first")));
        assert!(poll!(&mut first).is_pending());
        let shows = NewMessage { attachment_ids: &upload, ..text("with a file") };
        let mut shown = pin!(fixture.store.insert(&alice, shows));
        // It needs the messages before it to be in the database.
        let mut reacted = pin!(fixture.store.react(&alice, &earlier.id, "👍"));
        let mut last = pin!(fixture.store.insert(&alice, text("last")));
        assert!(poll!(&mut shown).is_pending() && poll!(&mut reacted).is_pending() && poll!(&mut last).is_pending());
        stalled.end().await;
        let (first, shown, reacted, last) = join!(first, shown, reacted, last);
        assert!(first.is_ok() && reacted.is_ok() && last.is_ok());
        fixture.store.delete(&alice, &shown.unwrap().id).await.unwrap();
        assert_eq!(fixture.store.upload_by_filename("a.txt").await.unwrap(), None);
    }

    async fn a_message_that_the_database_refuses_takes_no_other_with_it(fixture) {
        refuse_poison(&fixture).await;
        let outcomes = send_all(&fixture, &["first", "one", "two", "poison", "three"].map(text)).await;
        assert!(matches!(outcomes[3], Err(MessageInsertError::Store(StoreError::Database(_)))), "{:?}", outcomes[3]);
        assert_eq!(positions(&outcomes), [1, 2, 3, 4]);
        let alice = member("alice", channel("general"));
        assert_eq!(fixture.send(&alice, "and on").await.position, 5);
    }

    async fn a_sender_who_goes_away_cancels_nothing(fixture) {
        let alice = member("alice", channel("general"));
        let stalled = Stalled::begin(&fixture).await;
        for content in ["first", "second"] {
            let mut sending = Box::pin(fixture.store.insert(&alice, text(content)));
            assert!(poll!(&mut sending).is_pending());
        }
        stalled.end().await;
        assert_eq!(fixture.send(&alice, "third").await.position, 3);
        let texts: Vec<String> = fixture.history(&alice).await.into_iter().map(|message| message.content).collect();
        assert_eq!(texts, ["third", "second", "first"]);
    }

    async fn more_messages_than_fit_in_a_batch_are_all_inserted(fixture) {
        let long = "🦀".repeat(4_000);
        let messages: Vec<_> = (0..600).map(|number| text(if number % 3 == 0 { &long } else { "short" })).collect();
        let outcomes = send_all(&fixture, &messages).await;
        assert_eq!(positions(&outcomes), (1..=600).collect::<Vec<_>>());
    }
}
