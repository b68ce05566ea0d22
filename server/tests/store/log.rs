//! The room log: changes and the entries that tell of them are written together.

use std::sync::{Arc, Mutex};

use accord_runtime::{
    Emission, Log, Logged, Membership, Outcome, Position, Reply, Room, Target, Then,
    log::{Entry, Follower, Page},
    pipeline::Once,
    reply::encode,
};
use accord_server::store::{MessageInsertError, MessageRecord, NewMessage, Reacted, Store, StoreError};
use serde_json::{Value, json};

use crate::fixture::{Changes, channel, conversation, member, on_both};

/// An event for the log that a change has.
#[derive(Clone, Debug)]
pub struct Event(&'static str, Option<Value>);

impl Reply for Event {
    fn outcome(&self, _: &[Arc<str>]) -> Result<Outcome, serde_json::Error> {
        let emission = |data| Ok(Emission { event: self.0, to: Target::Scope, data: encode(data)?, durable: true });
        let emissions = self.1.iter().map(emission).collect::<Result<_, serde_json::Error>>()?;
        let answer = encode(&self.1)?;
        Ok(Outcome { answer: Some(answer), emissions, ..Outcome::default() })
    }
}

fn once(user: &str, client_id: &str, fingerprint: &str) -> Option<Once> {
    let (user, client_id, fingerprint) = (user.into(), client_id.into(), fingerprint.into());
    Some(Once { user, event: "send", client_id, fingerprint })
}

fn message(message: &MessageRecord) -> Value {
    let reply_to = message.reply_to.as_ref().map(|parent| json!({ "id": parent.id, "content": parent.content }));
    json!({ "id": message.id, "content": message.content, "replyTo": reply_to })
}

pub async fn send(
    store: &Store,
    member: &Membership,
    new: NewMessage<'_>,
    once: Option<Once>,
) -> Result<Logged<Event>, MessageInsertError> {
    let then = Then::assumed(vec![member.room().clone()], once, |record| Event("sent", Some(message(&record))));
    store.message_insert(member, new, then).await
}

async fn sent(store: &Store, member: &Membership, content: &str) -> (String, u64) {
    let logged = send(store, member, NewMessage { content, ..NewMessage::default() }, None).await.unwrap();
    let seq = logged.seq().unwrap();
    let Event(_, payload) = logged.into_reply();
    (payload.unwrap()["id"].as_str().unwrap().to_owned(), seq)
}

/// All entries of a room.
async fn entries(store: &Store, room: &Room) -> Vec<(u64, String, Value)> {
    let start = Position { seq: 0, ..store.position(room).await.unwrap() };
    let Page::Entries { entries, reached, head } = Log::read(store, room, &start).await.unwrap() else {
        panic!("nothing is lost")
    };
    assert_eq!(reached, head);
    let shown = |entry: &Entry| {
        let payload: Value = serde_json::from_str(entry.data.get()).unwrap();
        assert_eq!(payload["seq"], entry.seq);
        (entry.seq, entry.event.to_string(), payload)
    };
    entries.iter().map(shown).collect()
}

pub async fn numbers(store: &Store, room: &Room) -> Vec<u64> {
    entries(store, room).await.into_iter().map(|(seq, ..)| seq).collect()
}

#[derive(Default)]
struct Heard(Mutex<Vec<(Room, u64)>>);

impl Follower for Heard {
    fn committed(&self, room: &Room, entries: &[Entry]) {
        self.0.lock().unwrap().extend(entries.iter().map(|entry| (room.clone(), entry.seq)));
    }

    fn look(&self, _: &Room) {}
}

on_both! {
    async fn each_room_has_numbers_of_its_own_from_1(fixture) {
        let store = &fixture.store;
        let heard = Arc::new(Heard::default());
        store.follow(heard.clone());
        let rooms = [channel("general"), channel("random"), conversation("general")];
        let members = rooms.clone().map(|room| member("alice", room));
        for round in 1..=3 {
            for member in &members {
                assert_eq!(sent(store, member, "hello").await.1, round);
            }
        }
        for room in &rooms {
            assert_eq!(numbers(store, room).await, [1, 2, 3]);
            let heard = heard.0.lock().unwrap();
            assert_eq!(heard.iter().filter(|(of, _)| of == room).map(|(_, seq)| *seq).collect::<Vec<_>>(), [1, 2, 3]);
        }
    }

    async fn sends_at_the_same_time_are_numbered_in_the_order_of_history(fixture) {
        let alice = member("alice", channel("general"));
        let senders = (0..8).map(|sender| {
            let (store, alice) = (fixture.store.clone(), alice.clone());
            tokio::spawn(async move {
                for number in 0..25 {
                    sent(&store, &alice, &format!("{sender}.{number}")).await;
                }
            })
        });
        for sender in senders.collect::<Vec<_>>() {
            sender.await.unwrap();
        }
        let logged = entries(&fixture.store, &channel("general")).await;
        assert_eq!(logged.iter().map(|(seq, ..)| *seq).collect::<Vec<_>>(), (1..=200).collect::<Vec<_>>());
        let mut history = fixture.history(&alice).await;
        history.extend(fixture.store.history_page(&alice, 2, 100).await.unwrap().messages);
        history.reverse();
        let ids = |messages: Vec<MessageRecord>| messages.into_iter().map(|message| message.id).collect::<Vec<_>>();
        assert_eq!(logged.iter().map(|(.., payload)| payload["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>(), ids(history));
    }

    async fn a_repeated_send_is_the_first_one(fixture) {
        let (store, room) = (&fixture.store, channel("general"));
        let alice = member("alice", room.clone());
        let hello = NewMessage { content: "hello", client_id: Some("c1"), ..NewMessage::default() };
        let first = send(store, &alice, hello, once("alice", "c1", "f1")).await.unwrap();
        assert_eq!(first.seq(), Some(1));
        let id = first.into_reply().1.unwrap()["id"].as_str().unwrap().to_owned();
        sent(store, &alice, "between").await;
        store.edit(&alice, &id, "hello again").await.unwrap();
        let again = send(store, &alice, hello, once("alice", "c1", "f1")).await.unwrap();
        assert_eq!(again.seq(), Some(1));
        let again = again.into_reply().1.unwrap();
        assert_eq!((&again["id"], &again["content"]), (&json!(id), &json!("hello again")));
        let other = send(store, &alice, hello, once("alice", "c1", "f2")).await;
        assert!(matches!(other, Err(MessageInsertError::Conflict)), "{other:?}");
        store.delete(&alice, &id).await.unwrap();
        let deleted = send(store, &alice, hello, once("alice", "c1", "f1")).await.unwrap();
        assert_eq!((deleted.seq(), &deleted.into_reply().1.unwrap()["content"]), (Some(1), &json!("")));
        assert_eq!(fixture.history(&alice).await.len(), 1);
        // For another author or room, the same id is another request; on another node, it is the same request.
        let bob = send(store, &member("bob", room), hello, once("bob", "c1", "f1")).await.unwrap();
        let elsewhere = send(store, &member("alice", channel("random")), hello, once("alice", "c1", "f1")).await.unwrap();
        assert_eq!((bob.seq(), elsewhere.seq()), (Some(3), Some(1)));
        let node = fixture.node().await;
        assert_eq!(send(&node, &alice, hello, once("alice", "c1", "f1")).await.unwrap().seq(), Some(1));
        node.close().await;
    }

    async fn repeats_at_the_same_time_send_once(fixture) {
        let alice = member("alice", channel("general"));
        let hello = NewMessage { content: "hello", ..NewMessage::default() };
        let sends = (0..20).map(|_| send(&fixture.store, &alice, hello, once("alice", "c1", "f1")));
        for logged in futures_util::future::join_all(sends).await {
            assert_eq!(logged.unwrap().seq(), Some(1));
        }
        assert_eq!(fixture.history(&alice).await.len(), 1);
        assert_eq!(numbers(&fixture.store, &channel("general")).await, [1]);
    }

    async fn a_send_that_fails_uses_nothing_up(fixture) {
        let (store, alice) = (&fixture.store, member("alice", channel("general")));
        let reply = NewMessage { content: "hello", reply_to_id: Some("unknown"), ..NewMessage::default() };
        let failed = send(store, &alice, reply, once("alice", "c1", "f1")).await;
        assert!(matches!(failed, Err(MessageInsertError::ReplyNotFound)), "{failed:?}");
        let hello = NewMessage { content: "hello", ..NewMessage::default() };
        assert_eq!(send(store, &alice, hello, once("alice", "c1", "f2")).await.unwrap().seq(), Some(1));
    }

    async fn sec_31_a_repetition_proves_the_membership_again(fixture) {
        let (store, room) = (&fixture.store, channel("general"));
        let alice = member("alice", room.clone());
        let hello = NewMessage { content: "hello", ..NewMessage::default() };
        send(store, &alice, hello, once("alice", "c1", "f1")).await.unwrap();
        fixture.node().await.delete_member(&room, "alice").await.unwrap();
        let refused = send(store, &alice, hello, once("alice", "c1", "f1")).await;
        assert!(matches!(refused, Err(MessageInsertError::Store(StoreError::MembershipEnded(_)))), "{refused:?}");
    }

    async fn nothing_of_a_deleted_message_is_left_in_the_log(fixture) {
        let (store, room) = (&fixture.store, channel("general"));
        let alice = member("alice", room.clone());
        let (id, _) = sent(store, &alice, "a secret").await;
        let reply = NewMessage { content: "what?", reply_to_id: Some(&id), ..NewMessage::default() };
        send(store, &alice, reply, None).await.unwrap();
        let then = Then::assumed(vec![room.clone()], None, |reacted: Reacted| {
            let (Reacted::Added(reaction) | Reacted::Already(reaction)) = reacted;
            Event("reacted", Some(json!({ "messageId": reaction.message_id })))
        });
        assert_eq!(store.reaction_add(&alice, &id, "👍", then).await.unwrap().seq(), Some(3));
        let deleted = json!({ "messageId": id });
        let then = Then::assumed(vec![room.clone()], None, move |()| Event("deleted", Some(deleted.clone())));
        let redact = |payload: &mut Value, id: &str| {
            assert_eq!(payload["replyTo"]["id"], id);
            payload["replyTo"] = Value::Null;
        };
        assert_eq!(store.message_delete(&alice, &id, redact, then).await.unwrap().seq(), Some(4));
        let left = entries(store, &room).await;
        assert_eq!(left.iter().map(|(seq, event, _)| (*seq, event.as_str())).collect::<Vec<_>>(), [(2, "sent"), (4, "deleted")]);
        assert_eq!(left[0].2["replyTo"], Value::Null);
        assert!(!format!("{left:?}").contains("a secret"));
    }

    async fn where_nothing_happens_the_number_is_that_of_the_newest_entry(fixture) {
        let (store, room) = (&fixture.store, channel("general"));
        let alice = member("alice", room.clone());
        let (id, _) = sent(store, &alice, "hello").await;
        for _ in 0..2 {
            let then = Then::assumed(vec![room.clone()], None, |reacted: Reacted| {
                Event("reacted", matches!(reacted, Reacted::Added(_)).then(|| json!({})))
            });
            assert_eq!(store.reaction_add(&alice, &id, "👍", then).await.unwrap().seq(), Some(2));
        }
    }

    async fn a_reply_that_panics_loses_its_change_and_nothing_else(fixture) {
        let alice = member("alice", channel("general"));
        let sends = (0..5).map(|number| {
            let then = Then::assumed(vec![channel("general")], None, move |record: MessageRecord| {
                assert_ne!(number, 2, "this one panics");
                Event("sent", Some(message(&record)))
            });
            fixture.store.message_insert(&alice, NewMessage { content: "hello", ..NewMessage::default() }, then)
        });
        let sent = futures_util::future::join_all(sends).await;
        assert!(matches!(sent[2], Err(MessageInsertError::Store(_))), "{:?}", sent[2]);
        assert_eq!(sent.iter().flatten().filter_map(Logged::seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(fixture.history(&alice).await.len(), 4);
    }

    async fn history_names_the_position_at_which_it_was_read(fixture) {
        let (store, room) = (&fixture.store, channel("general"));
        let alice = member("alice", room.clone());
        let before = store.history_page(&alice, 1, 10).await.unwrap().position;
        assert_eq!(before.seq, 0);
        sent(store, &alice, "hello").await;
        let after = store.history_page(&alice, 1, 10).await.unwrap().position;
        assert_eq!(after, Position { seq: 1, ..before });
        assert_eq!(after, store.position(&room).await.unwrap());
    }

    async fn events_without_a_change_are_entries_too(fixture) {
        let (store, room) = (&fixture.store, channel("general"));
        sent(store, &member("alice", room.clone()), "hello").await;
        let entry = |room: &Room, event| accord_runtime::log::NewEntry {
            room: room.clone(),
            event,
            data: encode(&json!({})).unwrap(),
        };
        let other = channel("random");
        let new = vec![entry(&room, "tick"), entry(&room, "tock"), entry(&other, "tick")];
        assert_eq!(store.append(new).await.unwrap(), [2, 3, 1]);
        assert_eq!(numbers(store, &room).await, [1, 2, 3]);
    }
}
