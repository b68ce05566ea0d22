use accord_server::store::{Reacted, ReactionAddError, ReactionRemoveError};

use crate::fixture::{channel, conversation, member, on_both, user};

on_both! {
    async fn a_reaction_is_added_once(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let message = fixture.send(&alice, "hello").await;
        let Reacted::Added(first) = fixture.store.reaction_add(&bob, &message.id, "👍").await.unwrap()
        else { panic!("it is new") };
        assert_eq!((first.message_id.as_str(), &first.user, first.emoji.as_str()), (message.id.as_str(), &user("bob"), "👍"));
        let again = fixture.store.reaction_add(&bob, &message.id, "👍").await.unwrap();
        assert_eq!(again, Reacted::Already(first.clone()));
        let Reacted::Added(second) = fixture.store.reaction_add(&bob, &message.id, "🎉").await.unwrap()
        else { panic!("another emoji is another reaction") };
        let Reacted::Added(third) = fixture.store.reaction_add(&alice, &message.id, "👍").await.unwrap()
        else { panic!("another user's is another reaction") };
        assert_eq!(fixture.history(&alice).await[0].reactions, [first, second, third]);
    }

    async fn a_reaction_is_removed_once(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let message = fixture.send(&alice, "hello").await;
        fixture.store.reaction_add(&bob, &message.id, "👍").await.unwrap();
        let by_another = fixture.store.reaction_remove(&alice, &message.id, "👍").await;
        assert!(matches!(by_another, Err(ReactionRemoveError::ReactionNotFound)));
        fixture.store.reaction_remove(&bob, &message.id, "👍").await.unwrap();
        for emoji in ["👍", "nul\0"] {
            let gone = fixture.store.reaction_remove(&bob, &message.id, emoji).await;
            assert!(matches!(gone, Err(ReactionRemoveError::ReactionNotFound)));
        }
        assert_eq!(fixture.history(&alice).await[0].reactions, []);
    }

    async fn only_messages_of_the_room_that_are_there_are_reacted_to(fixture) {
        let alice = member("alice", channel("general"));
        let message = fixture.send(&alice, "hello").await;
        let deleted = fixture.send(&alice, "gone").await;
        fixture.store.reaction_add(&alice, &deleted.id, "👍").await.unwrap();
        fixture.store.message_delete(&alice, &deleted.id).await.unwrap();
        let random = member("alice", channel("random"));
        let direct = member("alice", conversation("general"));
        let cases = [(&random, &*message.id), (&direct, &message.id), (&alice, &deleted.id), (&alice, "none"), (&alice, "\0")];
        for (member, id) in cases {
            let added = fixture.store.reaction_add(member, id, "👍").await;
            assert!(matches!(added, Err(ReactionAddError::MessageNotFound)), "{id:?}: {added:?}");
            let removed = fixture.store.reaction_remove(member, id, "👍").await;
            assert!(matches!(removed, Err(ReactionRemoveError::MessageNotFound)), "{id:?}: {removed:?}");
        }
    }

    async fn of_the_same_reaction_at_once_one_is_new(fixture) {
        let alice = member("alice", channel("general"));
        let message = fixture.send(&alice, "hello").await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (store, alice, id) = (fixture.store.clone(), alice.clone(), message.id.clone());
            tasks.spawn(async move { store.reaction_add(&alice, &id, "👍").await.unwrap() });
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
