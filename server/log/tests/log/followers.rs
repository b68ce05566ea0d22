use std::sync::{Arc, Mutex};

use accord_log::SqlLog;
use accord_runtime::{
    Log, Room,
    log::{Entry, Follower, NewEntry},
};
use serde_json::json;

use crate::fixture::{board, data, desk, entry, on_both};

/// Records the entries that it hears of.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Follower for Told {
    fn committed(&self, room: &Room, entries: &[Entry]) {
        for Entry { seq, event, data } in entries {
            self.0.lock().unwrap().push(format!("{room} {seq} {event} {}", data.get()));
        }
    }

    fn look(&self, room: &Room) {
        self.0.lock().unwrap().push(format!("{room}?"));
    }
}

on_both! {
    async fn followers_are_told_of_what_is_committed(fixture) {
        let log = SqlLog::new(fixture.pools.clone(), fixture.tables);
        assert!(log.orders());
        let told = Arc::new(Told::default());
        let rooms = [board("a"), desk("a")];
        let new = |room: &Room, n: u64| NewEntry { room: room.clone(), event: "drawn", data: data(&json!({ "n": n })) };
        log.append(vec![new(&rooms[0], 0)]).await.unwrap();
        log.follow(told.clone());
        log.follow(told.clone());
        let numbers = log.append(vec![new(&rooms[0], 1), new(&rooms[1], 2), new(&rooms[0], 3)]).await.unwrap();
        assert_eq!(numbers, [2, 1, 3]);
        let payload = data(&json!({ "n": 4 }));
        log.committed(&[entry(&rooms[1], &payload)], &[2]);
        log.look(&rooms[0]);
        let mut told = std::mem::take(&mut *told.0.lock().unwrap());
        // Rooms in any order.
        told[..6].sort();
        let expected = [
            r#"board:a 2 drawn {"n":1,"seq":2}"#,
            r#"board:a 3 drawn {"n":3,"seq":3}"#,
            r#"desk:a 1 drawn {"n":2,"seq":1}"#,
            r#"desk:a 2 drawn {"n":4,"seq":2}"#,
            "board:a?",
        ];
        told.dedup();
        assert_eq!(told, expected);
    }
}
