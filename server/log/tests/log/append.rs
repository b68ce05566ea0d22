use std::collections::BTreeMap;

use accord_log::{Dialect, NewEntry};
use serde_json::{Value, json};
use sqlx::Connection;
use tokio::task::JoinSet;

use crate::fixture::{Counting, Fixture, board, data, desk, entry, on_both};

on_both! {
    async fn each_room_has_numbers_from_1_in_the_order_of_its_entries(fixture) {
        let rooms = [board("b"), board("a"), desk("a")];
        let data: Vec<_> = (0..7).map(|n| data(&json!({ "n": n }))).collect();
        let order = [0, 1, 0, 2, 2, 0, 1];
        let entries: Vec<_> = order.iter().zip(&data).map(|(room, data)| entry(&rooms[*room], data)).collect();
        assert_eq!(fixture.append(&entries).await, [1, 1, 2, 1, 2, 3, 2]);
        assert_eq!(fixture.append(&entries[..2]).await, [4, 3]);
        let shown = |n: usize, seq: u64| (seq, format!(r#"{{"n":{n},"seq":{seq}}}"#));
        assert_eq!(fixture.shown(&rooms[0], 0).await, [shown(0, 1), shown(2, 2), shown(5, 3), shown(0, 4)]);
        assert_eq!(fixture.shown(&rooms[1], 0).await, [shown(1, 1), shown(6, 2), shown(1, 3)]);
        assert_eq!(fixture.shown(&rooms[2], 0).await, [shown(3, 1), shown(4, 2)]);
    }

    async fn a_payload_comes_back_as_it_was_written(fixture) {
        let room = board("b");
        let texts = [r"{}", r#"{"b":1.50,"a":"\u0000 \" \\ é 😀","a2":[ ]}"#, r#"{ "nested" : {"seq": 1} }"#];
        for text in texts {
            let data = serde_json::from_str::<Box<serde_json::value::RawValue>>(text).unwrap();
            fixture.append(&[NewEntry { room: &room, event: "drawn", data: &data, about: None, embeds: None }]).await;
        }
        let shown: Vec<String> = fixture.shown(&room, 0).await.into_iter().map(|(_, data)| data).collect();
        let numbered = [
            r#"{"seq":1}"#,
            r#"{"b":1.50,"a":"\u0000 \" \\ é 😀","a2":[ ],"seq":2}"#,
            r#"{ "nested" : {"seq": 1} ,"seq":3}"#,
        ];
        assert_eq!(shown, numbered);
    }

    async fn a_batch_is_few_statements_however_many_rooms_and_entries_it_has(fixture) {
        let rooms: Vec<_> = (0..100).map(|n| board(&n.to_string())).collect();
        let data = data(&json!({}));
        let entries: Vec<_> = rooms.iter().cycle().take(256).map(|room| entry(room, &data)).collect();
        // SQLite takes those that write one after the other.
        let one_more = usize::from(fixture.pools.dialect == Dialect::Sqlite);
        // Two more for rooms that have had no entry.
        for expected in [4 + one_more, 2 + one_more] {
            let mut write = Counting { connection: fixture.begin().await, statements: 0 };
            let numbers = fixture.tables.append(&mut write, &entries).await.unwrap();
            assert_eq!((numbers.len(), write.statements), (256, expected));
            write.connection.commit().await.unwrap();
        }
        assert_eq!((fixture.position(&rooms[55]).await.seq, fixture.position(&rooms[56]).await.seq), (6, 4));
    }

    async fn nothing_to_append_is_no_statement(fixture) {
        let mut write = Counting { connection: fixture.begin().await, statements: 0 };
        assert_eq!(fixture.tables.append(&mut write, &[]).await.unwrap(), [0; 0]);
        assert_eq!(write.statements, 0);
    }

    async fn what_is_not_committed_uses_up_no_number(fixture) {
        let room = board("b");
        let data = data(&json!({}));
        assert_eq!(fixture.append(&[entry(&room, &data)]).await, [1]);
        let mut write = fixture.begin().await;
        assert_eq!(fixture.tables.append(&mut *write, &[entry(&room, &data); 2]).await.unwrap(), [2, 3]);
        drop(write);
        // As when the process dies.
        let mut write = fixture.pools.writer.acquire().await.unwrap();
        sqlx::query("BEGIN").execute(&mut *write).await.unwrap();
        assert_eq!(fixture.tables.append(&mut write, &[entry(&room, &data); 2]).await.unwrap(), [2, 3]);
        write.detach().close_hard().await.unwrap();
        assert_eq!(fixture.position(&room).await.seq, 1);
        assert_eq!(fixture.append(&[entry(&room, &data)]).await, [2]);
        assert_eq!(fixture.read_all(&room, 0).await.0.len(), 2);
    }

    async fn writers_of_the_same_rooms_leave_no_gap_and_keep_their_order(fixture) {
        const WRITERS: u64 = 8;
        const BATCHES: u64 = 25;
        let fixture = std::sync::Arc::new(fixture);
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let fixture = fixture.clone();
            writers.spawn(async move { (writer, write(&fixture, writer, BATCHES).await) });
        }
        let written = writers.join_all().await;
        for room in rooms() {
            let (entries, _) = fixture.read_all(&room, 0).await;
            let numbers: Vec<u64> = entries.iter().map(|entry| entry.seq).collect();
            assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
            // By writer, the payloads in the order of the log.
            let mut read: BTreeMap<u64, Vec<(u64, u64)>> = BTreeMap::new();
            for entry in &entries {
                let data: Value = serde_json::from_str(entry.data.get()).unwrap();
                let of = |key: &str| data[key].as_u64().unwrap();
                read.entry(of("writer")).or_default().push((of("n"), entry.seq));
            }
            let expected: BTreeMap<u64, Vec<(u64, u64)>> =
                written.iter().map(|(writer, rooms)| (*writer, rooms[&room.id].clone())).collect();
            assert_eq!(read, expected);
        }
    }
}

fn rooms() -> [accord_runtime::Room; 3] {
    [board("a"), board("b"), board("c")]
}

/// Appends batches to all rooms, in an order that differs between writers; returns the numbers of payloads and the numbers
/// that they got, by room.
async fn write(fixture: &Fixture, writer: u64, batches: u64) -> BTreeMap<String, Vec<(u64, u64)>> {
    let rooms = rooms();
    let mut written: BTreeMap<String, Vec<(u64, u64)>> = BTreeMap::new();
    for batch in 0..batches {
        let data: Vec<_> = (0..4).map(|n| data(&json!({ "writer": writer, "n": batch * 4 + n }))).collect();
        let room = |n: usize| &rooms[(n * 2 + usize::try_from(writer + batch).unwrap()) % 3];
        let entries: Vec<_> = data.iter().enumerate().map(|(n, data)| entry(room(n), data)).collect();
        let numbers = fixture.append(&entries).await;
        for (n, (entry, seq)) in (batch * 4..).zip(entries.iter().zip(numbers)) {
            written.entry(entry.room.id.clone()).or_default().push((n, seq));
        }
    }
    written
}
