use accord_server::store::{Reacted, ReactionAddError, ReactionCount, ReactionRecord, ReactionRemoveError};

use crate::fixture::{Changes, Fixture, channel, conversation, identity, member, on_both, user};

/// The newest message as everybody sees it.
async fn shown(fixture: &Fixture) -> (Vec<ReactionRecord>, Vec<(String, i64)>) {
    let message = fixture.history(&member("alice", channel("general"))).await.remove(0);
    let count = |ReactionCount { emoji, count }| (emoji, count);
    (message.reactions, message.reaction_counts.into_iter().map(count).collect())
}

on_both! {
    async fn a_reaction_is_added_once(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let message = fixture.send(&alice, "hello").await;
        let Reacted::Added(first) = fixture.store.react(&bob, &message.id, "👍").await.unwrap()
        else { panic!("it is new") };
        assert_eq!((first.message_id.as_str(), &first.user, first.emoji.as_str()), (message.id.as_str(), &user("bob"), "👍"));
        let again = fixture.store.react(&bob, &message.id, "👍").await.unwrap();
        assert_eq!(again, Reacted::Already(first.clone()));
        let Reacted::Added(second) = fixture.store.react(&bob, &message.id, "🎉").await.unwrap()
        else { panic!("another emoji is another reaction") };
        let Reacted::Added(third) = fixture.store.react(&alice, &message.id, "👍").await.unwrap()
        else { panic!("another user's is another reaction") };
        assert_eq!(fixture.history(&alice).await[0].reactions, [first, second, third]);
    }

    async fn a_reaction_is_removed_once(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let message = fixture.send(&alice, "hello").await;
        fixture.store.react(&bob, &message.id, "👍").await.unwrap();
        let by_another = fixture.store.take_back(&alice, &message.id, "👍").await;
        assert!(matches!(by_another, Err(ReactionRemoveError::ReactionNotFound)));
        fixture.store.take_back(&bob, &message.id, "👍").await.unwrap();
        for emoji in ["👍", "nul\0"] {
            let gone = fixture.store.take_back(&bob, &message.id, emoji).await;
            assert!(matches!(gone, Err(ReactionRemoveError::ReactionNotFound)));
        }
        assert_eq!(fixture.history(&alice).await[0].reactions, []);
    }

    async fn only_messages_of_the_room_that_are_there_are_reacted_to(fixture) {
        let alice = member("alice", channel("general"));
        let message = fixture.send(&alice, "hello").await;
        let deleted = fixture.send(&alice, "gone").await;
        fixture.store.react(&alice, &deleted.id, "👍").await.unwrap();
        fixture.store.delete(&alice, &deleted.id).await.unwrap();
        let random = member("alice", channel("random"));
        let direct = member("alice", conversation("general"));
        let cases = [(&random, &*message.id), (&direct, &message.id), (&alice, &deleted.id), (&alice, "none"), (&alice, "\0")];
        for (member, id) in cases {
            let added = fixture.store.react(member, id, "👍").await;
            assert!(matches!(added, Err(ReactionAddError::MessageNotFound)), "{id:?}: {added:?}");
            let removed = fixture.store.take_back(member, id, "👍").await;
            assert!(matches!(removed, Err(ReactionRemoveError::MessageNotFound)), "{id:?}: {removed:?}");
        }
    }

    async fn of_the_same_reaction_at_once_one_is_new(fixture) {
        let alice = member("alice", channel("general"));
        let message = fixture.send(&alice, "hello").await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (store, alice, id) = (fixture.store.clone(), alice.clone(), message.id.clone());
            tasks.spawn(async move { store.react(&alice, &id, "👍").await.unwrap() });
        }
        let (mut added, mut already) = (Vec::new(), Vec::new());
        for reacted in tasks.join_all().await {
            match reacted {
                Reacted::Added(reaction) => added.push(reaction),
                Reacted::Already(reaction) => already.push(reaction),
            }
        }
        assert_eq!(added.len(), 1);
        assert_eq!(already, vec![added[0].clone(); 15]);
    }

    async fn emoji_that_differ_in_variation_selectors_alone_are_one_reaction(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let message = fixture.send(&alice, "hello").await;
        let Reacted::Added(first) = fixture.store.react(&alice, &message.id, "❤").await.unwrap() else { panic!("it is new") };
        let again = fixture.store.react(&alice, &message.id, "❤\u{fe0f}").await.unwrap();
        assert_eq!(again, Reacted::Already(first), "the first spelling stays");
        let Reacted::Added(second) = fixture.store.react(&bob, &message.id, "❤\u{fe0f}").await.unwrap() else { panic!("it is new") };
        assert_eq!(second.emoji, "❤\u{fe0f}");
        let (reactions, counts) = shown(&fixture).await;
        assert_eq!((reactions.len(), counts), (2, vec![("❤".to_owned(), 2)]));
        assert_eq!(fixture.store.take_back(&alice, &message.id, "❤\u{fe0e}").await.unwrap(), "❤");
        assert_eq!(shown(&fixture).await, (vec![second], vec![("❤\u{fe0f}".to_owned(), 1)]));
    }

    async fn sec_30_a_user_adds_a_bounded_number_of_emoji_to_a_message(fixture) {
        for room in [channel("general"), conversation("general")] {
            let (alice, bob) = (member("alice", room.clone()), member("bob", room));
            let message = fixture.send(&alice, "hello").await;
            for number in 0..20 {
                fixture.store.react(&alice, &message.id, &format!("a{number}")).await.unwrap();
            }
            let one_more = fixture.store.react(&alice, &message.id, "another").await;
            assert!(matches!(one_more, Err(ReactionAddError::TooMany)), "{one_more:?}");
            let again = fixture.store.react(&alice, &message.id, "a7\u{fe0f}").await;
            assert!(matches!(again, Ok(Reacted::Already(_))), "{again:?}");
            fixture.store.react(&bob, &message.id, "another").await.unwrap();
            fixture.store.take_back(&alice, &message.id, "a7").await.unwrap();
            fixture.store.react(&alice, &message.id, "another").await.unwrap();
        }
    }

    async fn sec_30_a_message_has_a_bounded_number_of_different_emoji_and_shows_a_bounded_number_of_reactions(fixture) {
        let room = channel("general");
        let alice = member("alice", room.clone());
        let message = fixture.send(&alice, "hello").await;
        let others: Vec<String> = (0..13).map(|number| format!("user-{number:02}")).collect();
        for id in &others {
            fixture.store.user_upsert(&identity(id)).await.unwrap();
            fixture.store.put_member(&room, id).await.unwrap();
        }
        let react = async |user: usize, emoji: usize| {
            fixture.store.react(&member(&others[user], room.clone()), &message.id, &format!("e{emoji}")).await
        };
        for emoji in 0..50 {
            react(emoji / 20, emoji).await.unwrap();
        }
        let another = react(3, 50).await;
        assert!(matches!(another, Err(ReactionAddError::TooMany)), "{another:?}");
        for user in 3..others.len() {
            for emoji in 0..20 {
                react(user, emoji).await.unwrap();
            }
        }
        let (reactions, counts) = shown(&fixture).await;
        assert_eq!(reactions.len(), 200, "of 250");
        assert!(reactions.is_sorted_by(|a, b| a.id < b.id) && reactions[199].user.id == "user-10", "the oldest");
        let counted = |emoji: usize| (format!("e{emoji}"), if emoji < 20 { 11 } else { 1 });
        assert_eq!(counts, (0..50).map(counted).collect::<Vec<_>>(), "of all of them");
        let reply = fixture.reply(&alice, "reply", &message.id).await.reply_to.unwrap();
        assert_eq!((reply.reactions, reply.reaction_counts.len()), (reactions, 50), "the message as a reply shows it");
    }
}
