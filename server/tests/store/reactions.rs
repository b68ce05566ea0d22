use accord_server::store::{Reacted, ReactionAddError, ReactionRemoveError};

use crate::fixture::{Changes, channel, conversation, member, on_both, user};

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
}
