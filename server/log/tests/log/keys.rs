use accord_log::{Connection, Key, Sent};

use crate::fixture::{Counting, board, desk, on_both};

fn sent(n: u64) -> Sent {
    Sent { fingerprint: format!("fingerprint {n}"), seq: n, result: format!("message \"{n}\"") }
}

on_both! {
    async fn keys_are_found_by_all_that_they_have(fixture) {
        let (here, there, elsewhere) = (board("b"), board("c"), desk("b"));
        let key = Key { author: "alice", event: "draw", room: &here, client_id: "1" };
        let keys = [
            key,
            Key { author: "bob", ..key },
            Key { event: "erase", ..key },
            Key { room: &there, ..key },
            Key { room: &elsewhere, ..key },
            Key { client_id: "2", ..key },
        ];
        let kept: Vec<_> = (0..).zip(&keys[..5]).map(|(n, key)| (*key, sent(n))).collect();
        let mut write = Counting { connection: fixture.begin().await, statements: 0 };
        assert_eq!(fixture.keys_find(&mut write, &keys).await, vec![None; 6]);
        write.run(fixture.tables.keys_insert(&kept).statement()).await.unwrap();
        let found = fixture.keys_find(&mut write, &keys).await;
        let expected: Vec<_> = (0..5).map(|n| Some(sent(n))).chain([None]).collect();
        assert_eq!((found, write.statements), (expected, 3));
        write.connection.commit().await.unwrap();
        let found = fixture.keys_find(&mut *fixture.reader().await, &[keys[3], keys[5], keys[0]]).await;
        assert_eq!(found, [Some(sent(3)), None, Some(sent(0))]);
    }

    async fn a_key_is_kept_once(fixture) {
        let room = board("b");
        let key = Key { author: "alice", event: "draw", room: &room, client_id: "1" };
        let mut write = fixture.begin().await;
        write.run(fixture.tables.keys_insert(&[(key, sent(1))]).statement()).await.unwrap();
        write.commit().await.unwrap();
        let mut write = fixture.begin().await;
        let insert = fixture.tables.keys_insert(&[(key, sent(2))]);
        let Err(error) = write.run(insert.statement()).await else { panic!("a key is kept twice") };
        assert!(error.as_database_error().is_some_and(|error| error.is_unique_violation()), "{error}");
        drop(write);
        let found = fixture.keys_find(&mut *fixture.reader().await, &[key]).await;
        assert_eq!(found, [Some(sent(1))]);
    }
}
