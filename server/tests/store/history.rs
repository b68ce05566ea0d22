use accord_runtime::Membership;
use accord_server::store::{HistoryError, HistoryPage, InvalidCursor, MessageRecord, Reacted, ReactionCount, Store};

use crate::fixture::{Changes, Fixture, channel, conversation, member, on_both};

async fn many(fixture: &Fixture, member: &Membership, count: usize) -> Vec<MessageRecord> {
    let mut sent = Vec::new();
    for n in 0..count {
        sent.push(fixture.send(member, &format!("message {n}")).await);
    }
    sent.reverse();
    sent
}

/// The rest of history, page by page, from a cursor on.
async fn rest(store: &Store, member: &Membership, mut page: HistoryPage, limit: i64) -> Vec<MessageRecord> {
    let mut messages = Vec::new();
    loop {
        messages.append(&mut page.messages);
        let Some(cursor) = page.next_cursor else { return messages };
        page = store.history_before(member, &cursor, limit).await.unwrap();
        assert!(!page.messages.is_empty(), "a cursor leads to something");
    }
}

on_both! {
    async fn pages_and_cursors_show_everything_once(fixture) {
        let alice = member("alice", channel("general"));
        let sent = many(&fixture, &alice, 23).await;
        for limit in [1, 2, 7, 22, 23, 24, 100] {
            let size = usize::try_from(limit).unwrap();
            let pages: Vec<&[MessageRecord]> = sent.chunks(size).collect();
            for (number, expected) in (1..).zip(&pages) {
                let page = fixture.store.history_page(&alice, number, limit).await.unwrap();
                assert_eq!((page.total, page.pages), (23, i64::try_from(pages.len()).unwrap()));
                assert_eq!(page.messages, *expected);
                assert_eq!(page.next_cursor.is_none(), number as usize == pages.len());
                let expected = sent[(number as usize - 1) * size..].to_vec();
                assert_eq!(rest(&fixture.store, &alice, page, limit).await, expected);
            }
        }
    }

    async fn a_page_past_the_end_is_empty(fixture) {
        let alice = member("alice", channel("general"));
        for total in 0..2 {
            for page in [2, 1_000_000_000, i64::MAX] {
                let page = fixture.store.history_page(&alice, page, 100).await.unwrap();
                let HistoryPage { messages, total: counted, pages, next_cursor, .. } = page;
                assert_eq!((messages, counted, pages, next_cursor), (vec![], total, total, None));
            }
            fixture.send(&alice, "one").await;
        }
    }

    async fn deleted_messages_leave_no_holes(fixture) {
        let alice = member("alice", channel("general"));
        let mut sent = many(&fixture, &alice, 12).await;
        let first = fixture.store.history_page(&alice, 1, 5).await.unwrap();
        for at in [9, 8, 6, 5, 4] {
            fixture.store.delete(&alice, &sent.remove(at).id).await.unwrap();
        }
        let page = fixture.store.history_page(&alice, 1, 5).await.unwrap();
        assert_eq!((&page.messages[..], page.total, page.pages), (&sent[..5], 7, 2));
        // The cursor's own message is among the deleted ones: earlier messages are still found.
        let page = fixture.store.history_before(&alice, &first.next_cursor.unwrap(), 5).await.unwrap();
        assert_eq!((&page.messages[..], page.total, page.next_cursor), (&sent[4..], 7, None));
    }

    async fn a_cursor_that_was_not_given_for_the_room_is_refused(fixture) {
        let alice = member("alice", channel("general"));
        many(&fixture, &alice, 3).await;
        let cursor = fixture.store.history_page(&alice, 1, 1).await.unwrap().next_cursor.unwrap();
        let direct = member("alice", conversation("general"));
        let random = member("alice", channel("random"));
        let truncated = &cursor[..cursor.len() - 1];
        for (member, cursor) in [(&direct, &*cursor), (&random, &cursor), (&alice, truncated), (&alice, ""), (&alice, "\0"), (&alice, "2")] {
            let refused = fixture.store.history_before(member, cursor, 1).await;
            assert!(matches!(refused, Err(HistoryError::InvalidCursor(InvalidCursor))), "{cursor:?}");
        }
    }

    async fn a_cursor_is_good_on_every_node(fixture) {
        let alice = member("alice", channel("general"));
        let sent = many(&fixture, &alice, 3).await;
        let cursor = fixture.store.history_page(&alice, 1, 1).await.unwrap().next_cursor.unwrap();
        let page = fixture.node().await.history_before(&alice, &cursor, 5).await.unwrap();
        assert_eq!(page.messages, sent[1..]);
    }

    async fn a_full_page_of_everything_is_whole(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let mut expected: Vec<MessageRecord> = Vec::new();
        for n in 0..100 {
            let (first, second) =
                (fixture.upload("bob", &format!("{n}-a.txt")).await, fixture.upload("bob", &format!("{n}-b.txt")).await);
            let ids = [second.id.clone(), first.id.clone(), second.id.clone()];
            let parent = expected.last().cloned();
            let new = accord_server::store::NewMessage {
                content: "full",
                reply_to_id: parent.as_ref().map(|parent| parent.id.as_str()),
                attachment_ids: &ids,
                client_id: None,
            };
            let mut message = fixture.store.insert(&bob, new).await.unwrap();
            assert_eq!(message.attachments, [second, first]);
            for (who, emoji) in [(&alice, "👍"), (&bob, "👍"), (&alice, "🎉")] {
                let Reacted::Added(reaction) = fixture.store.react(who, &message.id, emoji).await.unwrap()
                else { panic!("it is new") };
                message.reactions.push(reaction);
            }
            let counted = |emoji: &str, count| ReactionCount { emoji: emoji.to_owned(), count };
            message.reaction_counts = vec![counted("👍", 2), counted("🎉", 1)];
            expected.push(message);
        }
        expected.reverse();
        assert_eq!(fixture.history(&alice).await, expected);
    }
}
