use accord_server::store::{
    ForwardSource, Forwarded, MessageChangeError, MessageForwardError, MessageInsertError, MessageRecord, NewMessage,
    StoreError, Timestamp,
};

use crate::fixture::{Changes, channel, conversation, member, on_both, user};

on_both! {
    async fn a_message_is_what_history_shows(fixture) {
        let alice = member("alice", channel("general"));
        let before = Timestamp::now();
        let message = fixture.send(&alice, "Grüße, 👋\n'; DROP TABLE messages; -- $1 ?").await;
        assert!(before <= message.created_at && message.created_at <= Timestamp::now());
        let expected = MessageRecord {
            id: message.id.clone(),
            room: channel("general"),
            position: 1,
            user: user("alice"),
            content: "Grüße, 👋\n'; DROP TABLE messages; -- $1 ?".into(),
            created_at: message.created_at,
            updated_at: message.created_at,
            reply_to_id: None,
            reply_to: None,
            attachments: vec![],
            reactions: vec![],
            reaction_counts: vec![],
            client_id: None,
        };
        assert_eq!(message, expected);
        assert_eq!(fixture.history(&alice).await, [expected]);
        assert_eq!(fixture.history(&member("alice", conversation("general"))).await, []);
    }

    async fn ids_sort_as_positions_do(fixture) {
        let alice = member("alice", channel("general"));
        let mut sent = Vec::new();
        for n in 0..30 {
            sent.push(fixture.send(&alice, &n.to_string()).await);
        }
        assert!(sent.windows(2).all(|two| two[0].id < two[1].id && two[0].position + 1 == two[1].position));
        sent.reverse();
        assert_eq!(fixture.history(&alice).await, sent);
    }

    async fn a_reply_shows_its_parent_one_level_deep(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let file = fixture.upload("alice", "file.txt").await;
        let root = fixture.send_with(&alice, "root", &[&file]).await;
        fixture.store.react(&bob, &root.id, "👍").await.unwrap();
        let root = fixture.history(&alice).await.remove(0);
        assert_eq!((root.attachments.len(), root.reactions.len()), (1, 1));
        let reply = fixture.reply(&bob, "reply", &root.id).await;
        assert_eq!(reply.reply_to_id.as_ref(), Some(&root.id));
        assert_eq!(reply.reply_to.as_deref(), Some(&root));
        let second = fixture.reply(&alice, "reply to the reply", &reply.id).await;
        assert_eq!(second.reply_to.as_deref(), Some(&MessageRecord { reply_to: None, ..reply.clone() }));
        assert_eq!(fixture.history(&alice).await, [second.clone(), reply.clone(), root.clone()]);

        fixture.store.delete(&alice, &root.id).await.unwrap();
        let orphan = MessageRecord { reply_to: None, ..reply };
        assert_eq!(fixture.history(&alice).await, [second, orphan]);
    }

    async fn a_reply_to_what_is_not_there_is_refused(fixture) {
        let alice = member("alice", channel("general"));
        let elsewhere = fixture.send(&member("alice", channel("random")), "elsewhere").await;
        let direct = fixture.send(&member("alice", conversation("general")), "direct").await;
        let deleted = fixture.send(&alice, "deleted").await;
        fixture.store.delete(&alice, &deleted.id).await.unwrap();
        for id in [&*elsewhere.id, &direct.id, &deleted.id, "none", "", "nul\0"] {
            let new = NewMessage { content: "reply", reply_to_id: Some(id), ..NewMessage::default() };
            let refused = fixture.store.insert(&alice, new).await;
            assert!(matches!(refused, Err(MessageInsertError::ReplyNotFound)), "{id:?}: {refused:?}");
        }
        assert_eq!(fixture.send(&alice, "next").await.position, 2, "what was refused took no position");
    }

    async fn an_edit_changes_text_and_time_alone(fixture) {
        let alice = member("alice", channel("general"));
        let message = fixture.send(&alice, "before").await;
        let updated_at = fixture.store.edit(&alice, &message.id, "after").await.unwrap();
        assert!(updated_at >= message.created_at);
        let edited = MessageRecord { content: "after".into(), updated_at, ..message };
        assert_eq!(fixture.history(&alice).await, [edited]);
    }

    async fn only_the_author_edits_and_deletes(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let message = fixture.send(&alice, "mine").await;
        assert!(matches!(fixture.store.edit(&bob, &message.id, "x").await, Err(MessageChangeError::NotAuthor)));
        assert!(matches!(fixture.store.delete(&bob, &message.id).await, Err(MessageChangeError::NotAuthor)));
        assert_eq!(fixture.history(&alice).await, [message]);
    }

    async fn a_deleted_message_is_gone_for_everything(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let message = fixture.send(&alice, "mine").await;
        fixture.store.delete(&alice, &message.id).await.unwrap();
        let direct = member("alice", conversation("general"));
        for (member, id) in [(&alice, &*message.id), (&bob, &message.id), (&direct, &message.id), (&alice, "none"), (&alice, "\0")] {
            assert!(matches!(fixture.store.edit(member, id, "x").await, Err(MessageChangeError::NotFound)));
            assert!(matches!(fixture.store.delete(member, id).await, Err(MessageChangeError::NotFound)));
        }
        let page = fixture.store.history_page(&alice, 1, 10).await.unwrap();
        assert_eq!((page.messages.len(), page.total, page.pages, page.next_cursor), (0, 0, 0, None));
    }

    async fn a_message_is_reached_through_its_own_room_alone(fixture) {
        let general = member("alice", channel("general"));
        let message = fixture.send(&general, "here").await;
        for room in [channel("random"), conversation("general")] {
            let other = member("alice", room);
            assert!(matches!(fixture.store.edit(&other, &message.id, "x").await, Err(MessageChangeError::NotFound)));
            assert!(matches!(fixture.store.delete(&other, &message.id).await, Err(MessageChangeError::NotFound)));
            let forwarded = fixture.store.forward(ForwardSource::Room(&other), &general, &message.id).await;
            assert!(matches!(forwarded, Err(MessageForwardError::NotFound)));
        }
        assert_eq!(fixture.history(&general).await, [message]);
    }

    async fn a_message_is_forwarded_from_whatever_room_its_forwarder_belongs_to(fixture) {
        let scopes = [channel("").scope, conversation("").scope];
        let target = member("bob", conversation("general"));
        for room in [channel("general"), conversation("general")] {
            let original = fixture.send(&member("alice", room.clone()), "from anywhere").await;
            let forwarded = fixture.store.forward(ForwardSource::Any(&scopes), &target, &original.id).await.unwrap();
            assert_eq!((forwarded.original, forwarded.message.room), (original, conversation("general")));
        }
        fixture.store.put_room(&channel("private"), Some("Private"), &["alice".to_owned()]).await.unwrap();
        let secret = fixture.send(&member("alice", channel("private")), "secret").await;
        let elsewhere = fixture.send(&member("alice", channel("general")), "in a channel").await;
        for (scopes, id) in [(&scopes[..], &secret.id), (&scopes[1..], &elsewhere.id), (&scopes[..], &"no such".to_owned())] {
            let forwarded = fixture.store.forward(ForwardSource::Any(scopes), &target, id).await;
            assert!(matches!(forwarded, Err(MessageForwardError::NotFound)), "{id}");
        }
    }

    async fn of_two_deletions_one_counts(fixture) {
        let alice = member("alice", channel("general"));
        let message = fixture.send(&alice, "once").await;
        fixture.send(&alice, "stays").await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (store, alice, id) = (fixture.store.clone(), alice.clone(), message.id.clone());
            tasks.spawn(async move { store.delete(&alice, &id).await.is_ok() });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|ok| *ok).count(), 1);
        assert_eq!(fixture.store.history_page(&alice, 1, 10).await.unwrap().total, 1);
    }

    async fn a_forwarded_message_is_a_new_one_by_the_forwarder(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let (first, second) = (fixture.upload("alice", "1.txt").await, fixture.upload("alice", "2.txt").await);
        let parent = fixture.send(&alice, "parent").await;
        let ids = [second.id.clone(), first.id.clone()];
        let new = NewMessage { content: "look", reply_to_id: Some(&parent.id), attachment_ids: &ids, client_id: None };
        let original = fixture.store.insert(&alice, new).await.unwrap();
        fixture.store.react(&alice, &original.id, "👍").await.unwrap();
        let original = fixture.history(&alice).await.remove(0);

        let random = member("bob", channel("random"));
        let Forwarded { original: source, message } =
            fixture.store.forward(ForwardSource::Room(&bob), &random, &original.id).await.unwrap();
        assert_eq!(source, original);
        let expected = MessageRecord {
            id: message.id.clone(),
            room: channel("random"),
            position: 1,
            user: user("bob"),
            created_at: message.created_at,
            updated_at: message.created_at,
            reply_to_id: None,
            reply_to: None,
            reactions: vec![], reaction_counts: vec![],
            ..original.clone()
        };
        assert_eq!(message, expected);
        assert_eq!(fixture.history(&random).await, [expected]);

        let again = fixture.store.forward(ForwardSource::Room(&bob), &bob, &original.id).await.unwrap().message;
        assert_eq!((again.room, again.position), (channel("general"), 3));
        fixture.store.delete(&alice, &original.id).await.unwrap();
        let gone = fixture.store.forward(ForwardSource::Room(&bob), &random, &original.id).await;
        assert!(matches!(gone, Err(MessageForwardError::NotFound)));
        assert!(fixture.store.upload_by_filename("1.txt").await.unwrap().is_some(), "the copies show it");
    }

    async fn text_that_a_database_cannot_hold_is_refused(fixture) {
        let alice = member("alice", channel("general"));
        let message = fixture.send(&alice, "fine").await;
        let new = NewMessage { content: "nul\0", ..NewMessage::default() };
        let inserted = fixture.store.insert(&alice, new).await;
        assert!(matches!(inserted, Err(MessageInsertError::Store(StoreError::Nul { .. }))));
        let edited = fixture.store.edit(&alice, &message.id, "nul\0").await;
        assert!(matches!(edited, Err(MessageChangeError::Store(StoreError::Nul { .. }))));
    }

    async fn a_message_may_lose_its_text_if_it_has_attachments(fixture) {
        let alice = member("alice", channel("general"));
        let upload = fixture.upload("alice", "a.txt").await;
        let message = fixture.send_with(&alice, "hello", &[&upload]).await;
        fixture.store.edit(&alice, &message.id, "").await.unwrap();
        assert_eq!(fixture.history(&alice).await[0].content, "");
        let bare = fixture.send(&alice, "hello").await;
        let refused = fixture.store.edit(&alice, &bare.id, "").await;
        assert!(matches!(refused, Err(MessageChangeError::Empty)), "{refused:?}");
        let by_another = fixture.store.edit(&member("bob", channel("general")), &bare.id, "").await;
        assert!(matches!(by_another, Err(MessageChangeError::NotAuthor)), "authorship is checked first: {by_another:?}");
        assert_eq!(fixture.history(&alice).await[0].content, "hello");
    }
}
