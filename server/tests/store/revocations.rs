use accord_server::store::{Clock, Revocation, Timestamp};

use crate::fixture::{identity, on_both};

on_both! {
    async fn sec_14_a_revocation_is_known_at_once_to_every_server_that_shares_the_database(fixture) {
        let (store, other) = (&fixture.store, fixture.node().await);
        assert!(!store.user_revoke("nobody").await.unwrap() && !store.user_revoke("a\0b").await.unwrap());
        assert_eq!(other.revocations_after(0).await.unwrap(), []);
        assert_eq!((other.revoked_at("alice").await.unwrap(), other.revoked_at("a\0b").await.unwrap()), (None, None));

        let before = Timestamp::now();
        assert!(store.user_revoke("alice").await.unwrap());
        let revoked_at = other.revoked_at("alice").await.unwrap().unwrap();
        assert!((before..=Timestamp::now()).contains(&revoked_at));
        let revocation = Revocation { number: 1, user_id: "alice".to_owned(), revoked_at };
        assert_eq!(other.revocations_after(0).await.unwrap(), [revocation]);
        assert_eq!(other.revocations_after(1).await.unwrap(), []);

        for user in ["bob", "alice"] {
            assert!(other.user_revoke(user).await.unwrap());
        }
        let found = store.revocations_after(1).await.unwrap();
        let found: Vec<_> = found.iter().map(|revocation| (revocation.number, revocation.user_id.as_str())).collect();
        assert_eq!(found, [(2, "bob"), (3, "alice")], "the newest of each user");
    }

    async fn a_server_whose_clock_is_behind_takes_no_revocation_back(fixture) {
        assert!(fixture.store.user_revoke("alice").await.unwrap());
        let revoked_at = fixture.store.revoked_at("alice").await.unwrap();
        let behind = fixture.node().await.with_clock(Clock::new(|| Timestamp::from_millisecond(1000)));
        assert!(behind.user_revoke("alice").await.unwrap());
        assert_eq!(behind.revoked_at("alice").await.unwrap(), revoked_at);
        assert_eq!(fixture.store.revocations_after(1).await.unwrap().len(), 1, "it is looked at again");
    }

    async fn who_looks_again_and_again_misses_no_revocation(fixture) {
        const USERS: i64 = 24;
        let (stores, mut revoking) = ([fixture.store.clone(), fixture.node().await], tokio::task::JoinSet::new());
        for (number, store) in (0..USERS).zip(stores.iter().cycle().cloned()) {
            let user = number.to_string();
            store.user_ensure(&identity(&user)).await.unwrap();
            revoking.spawn(async move { assert!(store.user_revoke(&user).await.unwrap()) });
        }
        let mut found = Vec::new();
        while found.len() < USERS as usize {
            let last = found.last().copied().unwrap_or(0);
            let more = fixture.store.revocations_after(last).await.unwrap();
            found.extend(more.into_iter().map(|revocation| revocation.number));
        }
        assert_eq!(found, (1..=USERS).collect::<Vec<_>>());
        revoking.join_all().await;
    }
}
