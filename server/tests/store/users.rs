use accord_runtime::Identity;
use accord_server::store::{StoreError, UserRecord};

use crate::fixture::{Changes, channel, identity, member, on_both, user};

on_both! {
    async fn a_user_who_connects_is_created_and_brought_up_to_date(fixture) {
        let dora = Identity { email: Some("dora@example.com".into()), image: Some("/dora.png".into()), ..identity("dora") };
        let expected = UserRecord { image: Some("/dora.png".into()), ..user("dora") };
        assert_eq!(fixture.store.user_upsert(&dora).await.unwrap(), expected);

        let renamed = Identity { name: "Dora D.".into(), email: None, image: None, ..dora };
        let expected = UserRecord { id: "dora".into(), name: "Dora D.".into(), image: None };
        assert_eq!(fixture.store.user_upsert(&renamed).await.unwrap(), expected);
        assert_eq!(fixture.store.user_upsert(&renamed).await.unwrap(), expected);
        let room = fixture.store.put_member(&channel("general"), "dora").await.unwrap();
        assert_eq!(room.room.members, [user("alice"), user("bob"), expected]);
    }

    async fn a_user_who_is_known_is_left_alone_by_ensure(fixture) {
        fixture.store.user_ensure(&Identity { name: "Other".into(), ..identity("alice") }).await.unwrap();
        fixture.store.user_ensure(&identity("dora")).await.unwrap();
        let room = fixture.store.put_member(&channel("general"), "dora").await.unwrap();
        assert_eq!(room.room.members, [user("alice"), user("bob"), user("dora")]);
    }

    async fn a_user_is_put_to_a_state_again_and_again(fixture) {
        for _ in 0..2 {
            let put = fixture.store.user_put("dora", "Dora", Some("dora@example.com"), Some("/dora.png")).await.unwrap();
            assert_eq!(put, UserRecord { image: Some("/dora.png".into()), ..user("dora") });
        }
        assert_eq!(fixture.store.user_put("dora", "Dora", None, None).await.unwrap(), user("dora"));
    }

    async fn a_new_name_shows_on_old_messages(fixture) {
        let alice = member("alice", channel("general"));
        fixture.send(&alice, "hello").await;
        fixture.store.user_put("alice", "Alice A.", None, None).await.unwrap();
        assert_eq!(fixture.history(&alice).await[0].user.name, "Alice A.");
    }

    async fn a_user_whom_a_database_cannot_hold_is_refused(fixture) {
        let nul = Identity { name: "a\0b".into(), ..identity("dora") };
        assert!(matches!(fixture.store.user_upsert(&nul).await, Err(StoreError::Nul { what: "a user's name" })));
        assert!(matches!(fixture.store.user_ensure(&nul).await, Err(StoreError::Nul { .. })));
        assert!(matches!(fixture.store.user_put("a\0b", "x", None, None).await, Err(StoreError::Nul { .. })));
    }

    async fn a_user_connects_from_many_places_at_once(fixture) {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let store = fixture.store.clone();
            tasks.spawn(async move { store.user_upsert(&identity("dora")).await.unwrap() });
        }
        assert_eq!(tasks.join_all().await, vec![user("dora"); 20]);
    }
}
