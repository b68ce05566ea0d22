use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use accord_runtime::Membership;
use accord_server::store::{
    Clock, ForwardSource, MessageRecord, NewMessage, Reacted, ReactionRecord, Receipt, Store, Timestamp,
};
use tokio::task::JoinSet;

use crate::fixture::{Changes, Fixture, channel, conversation, member, on_both};

const HOUR: i64 = 60 * 60 * 1000;
const NOON: i64 = 1_769_860_800_000;

/// A clock that only moves when it is set.
#[derive(Clone, Default)]
struct Hands(Arc<AtomicI64>);

impl Hands {
    fn set(&self, time: i64) {
        self.0.store(time, Ordering::Relaxed);
    }

    fn clock(&self) -> Clock {
        let hands = self.0.clone();
        Clock::new(move || Timestamp::from_millisecond(hands.load(Ordering::Relaxed)))
    }
}

async fn send(store: &Store, member: &Membership) -> MessageRecord {
    store.insert(member, NewMessage { content: "tick", ..NewMessage::default() }).await.unwrap()
}

/// Asserts that ids and times sort as history does.
async fn assert_in_order(fixture: &Fixture, member: &Membership) {
    let mut history = fixture.history(member).await;
    history.reverse();
    for pair in history.windows(2) {
        assert!(pair[0].position < pair[1].position);
        assert!(pair[0].id < pair[1].id, "{} {}", pair[0].id, pair[1].id);
        assert!(pair[0].created_at <= pair[1].created_at, "{} {}", pair[0].created_at, pair[1].created_at);
    }
}

async fn react(store: &Store, member: &Membership, message: &MessageRecord, emoji: &str) -> ReactionRecord {
    match store.react(member, &message.id, emoji).await.unwrap() {
        Reacted::Added(reaction) => reaction,
        Reacted::Already(reaction) => panic!("{reaction:?}"),
    }
}

on_both! {
    async fn history_stays_in_order_when_the_clock_goes_backwards(fixture) {
        let hands = Hands::default();
        let (alice, elsewhere) = (member("alice", channel("general")), member("alice", channel("random")));
        let store = fixture.store.clone().with_clock(hands.clock());
        hands.set(NOON);
        send(&store, &alice).await;
        hands.set(NOON - HOUR);
        for _ in 0..5 {
            assert_eq!(send(&store, &alice).await.created_at.as_millisecond(), NOON);
        }
        let source = send(&store, &elsewhere).await;
        store.forward(ForwardSource::Room(&elsewhere), &alice, &source.id).await.unwrap();
        // The newest may have been deleted.
        let last = send(&store, &alice).await;
        store.delete(&alice, &last.id).await.unwrap();
        // A restart, or another node.
        let restarted = fixture.node().await.with_clock(hands.clock());
        hands.set(NOON - 2 * HOUR);
        let next = send(&restarted, &alice).await;
        assert!(next.id > last.id);
        hands.set(NOON + 1);
        assert_eq!(send(&restarted, &alice).await.created_at.as_millisecond(), NOON + 1);
        assert_in_order(&fixture, &alice).await;
    }

    async fn a_clock_that_was_ahead_leaves_other_rooms_alone(fixture) {
        let hands = Hands::default();
        let store = fixture.store.clone().with_clock(hands.clock());
        hands.set(NOON + 1_000 * HOUR);
        send(&store, &member("alice", channel("general"))).await;
        hands.set(NOON);
        for room in [channel("random"), conversation("general")] {
            assert_eq!(send(&store, &member("alice", room)).await.created_at.as_millisecond(), NOON);
        }
    }

    async fn nothing_about_a_message_is_older_than_it_or_than_what_came_before(fixture) {
        let hands = Hands::default();
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let store = fixture.store.clone().with_clock(hands.clock());
        hands.set(NOON);
        let (first, second) = (send(&store, &alice).await, send(&store, &alice).await);
        hands.set(NOON + HOUR);
        let edited = store.edit(&alice, &first.id, "tock").await.unwrap();
        let late = react(&store, &alice, &first, "👍").await;
        let Receipt::Further(read) = store.receipt_put(&bob, &first.id).await.unwrap() else { panic!() };

        hands.set(NOON - HOUR);
        let restarted = fixture.node().await.with_clock(hands.clock());
        assert_eq!(restarted.edit(&alice, &first.id, "tick").await.unwrap(), edited);
        assert_eq!(restarted.edit(&alice, &second.id, "tock").await.unwrap(), second.created_at);
        let later = react(&restarted, &bob, &first, "👍").await;
        assert!(later.id > late.id && later.created_at >= late.created_at);
        assert_eq!(react(&restarted, &bob, &second, "👍").await.created_at, second.created_at);
        let Receipt::Further(read_on) = restarted.receipt_put(&bob, &second.id).await.unwrap() else { panic!() };
        assert!(read_on.read_at >= read.read_at);
        let Receipt::Further(first_read) = restarted.receipt_put(&alice, &second.id).await.unwrap() else { panic!() };
        assert_eq!(first_read.read_at, second.created_at);
    }

    async fn nodes_whose_clocks_differ_write_one_history(fixture) {
        let alice = member("alice", channel("general"));
        let mut nodes = JoinSet::new();
        for offset in [0, 5_000, -HOUR] {
            let (store, alice) = (fixture.node().await, alice.clone());
            let off = Clock::new(move || Timestamp::from_millisecond(Timestamp::now().as_millisecond() + offset));
            let store = store.with_clock(off);
            nodes.spawn(async move {
                for _ in 0..20 {
                    send(&store, &alice).await;
                }
            });
        }
        nodes.join_all().await;
        assert_in_order(&fixture, &alice).await;
    }
}
