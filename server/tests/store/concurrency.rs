use accord_server::store::{ForwardSource, MessageRecord, NewMessage};
use tokio::task::JoinSet;

use crate::fixture::{Changes, channel, member, on_both};

const SENDERS: usize = 12;
const MESSAGES: usize = 15;

on_both! {
    async fn messages_of_many_senders_on_two_nodes_get_positions_without_gaps(fixture) {
        let nodes = [fixture.store.clone(), fixture.node().await];
        let mut tasks = JoinSet::new();
        for sender in 0..SENDERS {
            let store = nodes[sender % 2].clone();
            let member = member(["alice", "bob", "carol"][sender % 3], channel("random"));
            tasks.spawn(async move {
                let mut sent: Vec<MessageRecord> = Vec::new();
                for n in 0..MESSAGES {
                    let content = format!("{sender}/{n}");
                    let new = NewMessage { content: &content, ..NewMessage::default() };
                    let message = store.insert(&member, new).await.unwrap();
                    // An answered message is in history, and newer than those that were answered before.
                    let page = store.history_page(&member, 1, 100).await.unwrap();
                    let newest = page.messages[0].position;
                    assert!(newest >= message.position);
                    if newest - message.position < 100 {
                        assert!(page.messages.contains(&message));
                    }
                    assert!(sent.last().is_none_or(|last| last.position < message.position));
                    sent.push(message);
                }
                sent
            });
        }
        let mut sent: Vec<MessageRecord> = tasks.join_all().await.into_iter().flatten().collect();
        sent.sort_by_key(|message| message.position);
        let positions: Vec<i64> = sent.iter().map(|message| message.position).collect();
        let total = i64::try_from(SENDERS * MESSAGES).unwrap();
        assert_eq!(positions, (1..=total).collect::<Vec<_>>());

        let reader = member("bob", channel("random"));
        let mut history = Vec::new();
        let mut page = nodes[1].history_page(&reader, 1, 50).await.unwrap();
        assert_eq!(page.total, total);
        loop {
            history.append(&mut page.messages);
            let Some(cursor) = page.next_cursor else { break };
            page = nodes[0].history_before(&reader, &cursor, 50).await.unwrap();
        }
        history.reverse();
        assert_eq!(history, sent);
    }

    async fn a_reader_that_goes_on_from_the_last_position_misses_nothing(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let mut tasks = JoinSet::new();
        for sender in 0..8 {
            let (store, member) = (fixture.store.clone(), if sender % 2 == 0 { alice.clone() } else { bob.clone() });
            tasks.spawn(async move {
                for _ in 0..10 {
                    store.insert(&member, NewMessage { content: "x", ..NewMessage::default() }).await.unwrap();
                }
            });
        }
        // A reader sees a position only with all earlier ones: none appears later, behind those that were read.
        let mut seen = 0;
        while seen < 80 {
            let mut positions: Vec<i64> = fixture.history(&alice).await.iter().map(|message| message.position).collect();
            positions.reverse();
            let last = positions.last().copied().unwrap_or(0);
            assert_eq!(positions, (1..=last).collect::<Vec<_>>());
            assert!(last >= seen);
            seen = last;
        }
        tasks.join_all().await;
    }

    async fn memberships_that_change_while_messages_are_sent_end_in_no_deadlock(fixture) {
        let mut tasks = JoinSet::new();
        for n in 0..6 {
            let store = fixture.store.clone();
            let (here, there) = if n % 2 == 0 { ("general", "random") } else { ("random", "general") };
            let (here, there) = (member("alice", channel(here)), member("alice", channel(there)));
            tasks.spawn(async move {
                for _ in 0..8 {
                    let new = NewMessage { content: "x", ..NewMessage::default() };
                    let message = store.insert(&here, new).await.unwrap();
                    store.forward(ForwardSource::Room(&here), &there, &message.id).await.unwrap();
                    store.react(&here, &message.id, "👍").await.unwrap();
                    store.delete(&here, &message.id).await.unwrap();
                }
            });
        }
        for room in ["general", "random"] {
            let store = fixture.store.clone();
            tasks.spawn(async move {
                for n in 0..8 {
                    let members = ["alice".to_owned(), ["bob", "carol"][n % 2].to_owned()];
                    store.put_room(&channel(room), Some(room), &members).await.unwrap();
                    store.delete_member(&channel(room), "bob").await.unwrap();
                }
            });
        }
        tasks.join_all().await;
    }
}
