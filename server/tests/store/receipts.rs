use accord_server::store::{Receipt, ReceiptPutError, StoreError};

use crate::fixture::{Changes, channel, conversation, member, on_both};

on_both! {
    async fn a_receipt_goes_on_and_never_back(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let (first, second) = (fixture.send(&alice, "first").await, fixture.send(&alice, "second").await);
        assert_eq!(fixture.store.receipts(&alice).await.unwrap(), []);
        let read = fixture.store.receipt_put(&bob, &first.id).await.unwrap();
        assert!(matches!(&read, Receipt::Further(receipt) if (&*receipt.user_id, &receipt.message_id) == ("bob", &first.id)));
        let Receipt::Further(further) = fixture.store.receipt_put(&bob, &second.id).await.unwrap() else { panic!("further") };
        for id in [&first.id, &second.id] {
            assert_eq!(fixture.store.receipt_put(&bob, id).await.unwrap(), Receipt::Already(further.clone()));
        }
        fixture.store.delete(&alice, &second.id).await.unwrap();
        assert_eq!(fixture.store.receipts(&alice).await.unwrap(), [further], "what was read may be gone");
    }

    async fn a_receipt_is_for_a_message_of_the_room(fixture) {
        let alice = member("alice", channel("general"));
        let (elsewhere, gone) = (fixture.send(&member("alice", conversation("general")), "x").await, fixture.send(&alice, "x").await);
        fixture.store.delete(&alice, &gone.id).await.unwrap();
        for id in [elsewhere.id.as_str(), gone.id.as_str(), "no such", "\0"] {
            let read = fixture.store.receipt_put(&alice, id).await;
            assert!(matches!(read, Err(ReceiptPutError::MessageNotFound)), "{id:?}: {read:?}");
        }
        assert_eq!(fixture.store.receipts(&alice).await.unwrap(), []);
    }

    async fn a_receipt_ends_with_its_membership(fixture) {
        let (alice, bob) = (member("alice", channel("general")), member("bob", channel("general")));
        let message = fixture.send(&alice, "read by both").await;
        for reader in [&bob, &alice] {
            fixture.store.receipt_put(reader, &message.id).await.unwrap();
        }
        let readers = |receipts: Vec<accord_server::store::ReceiptRecord>| {
            receipts.into_iter().map(|receipt| receipt.user_id).collect::<Vec<_>>()
        };
        assert_eq!(readers(fixture.store.receipts(&alice).await.unwrap()), ["alice", "bob"]);
        fixture.store.delete_member(&channel("general"), "bob").await.unwrap();
        assert_eq!(readers(fixture.store.receipts(&alice).await.unwrap()), ["alice"]);
        let late = fixture.store.receipt_put(&bob, &message.id).await;
        assert!(matches!(late, Err(ReceiptPutError::Store(StoreError::MembershipEnded { .. }))), "{late:?}");
    }

    async fn of_receipts_at_once_the_furthest_stays(fixture) {
        let alice = member("alice", channel("general"));
        let mut ids = Vec::new();
        for number in 0..8 {
            ids.push(fixture.send(&alice, &number.to_string()).await.id);
        }
        let reading = ids.iter().rev().map(|id| {
            let (store, alice, id) = (fixture.store.clone(), alice.clone(), id.clone());
            tokio::spawn(async move { store.receipt_put(&alice, &id).await.unwrap() })
        });
        for read in reading.collect::<Vec<_>>() {
            read.await.unwrap();
        }
        assert_eq!(fixture.store.receipts(&alice).await.unwrap()[0].message_id, ids[7]);
    }

    async fn strangers_share_no_room(fixture) {
        let others = ["alice", "bob", "carol", "nobody", "\0"];
        let strangers = |user: &'static str| {
            let store = fixture.store.clone();
            async move { store.strangers(user, &others).await.unwrap() }
        };
        assert_eq!(strangers("carol").await, ["nobody", "\0"]);
        fixture.store.delete_member(&channel("random"), "carol").await.unwrap();
        assert_eq!(strangers("carol").await, ["alice", "bob", "nobody", "\0"], "nobody is a stranger to oneself");
        assert_eq!(strangers("alice").await, ["carol", "nobody", "\0"]);
        assert_eq!(strangers("nobody").await, ["alice", "bob", "carol", "\0"]);
        assert_eq!(strangers("\0").await, others);
    }
}
