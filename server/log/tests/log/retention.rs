use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use accord_log::{Dialect, Retention};

use crate::fixture::{Fixture, board, desk, on_both};

const HOUR: Duration = Duration::from_secs(3600);

/// Sweeps the boards' logs at a time from now.
async fn sweep(fixture: &Fixture, retention: Retention, later: Duration) -> u64 {
    let retention = BTreeMap::from([("board", retention)]);
    fixture.tables.sweep(&fixture.pools, &retention, SystemTime::now() + later).await.unwrap().dropped
}

/// Makes entries of a scope older.
async fn age(fixture: &Fixture, entries: &str, by: Duration) {
    let statement = format!("UPDATE log_entries SET written_at = written_at - {} WHERE {entries}", by.as_millis());
    fixture.run_sql(&statement).await;
}

on_both! {
    async fn entries_are_kept_for_a_time(fixture) {
        let rooms = [board("a"), board("b")];
        fixture.append_some(&rooms[0], 5).await;
        fixture.append_some(&rooms[1], 2).await;
        fixture.append_some(&desk("a"), 5).await;
        age(&fixture, "seq <= 3", HOUR * 3 / 4).await;
        let retention = Retention { keep: HOUR, entries: 1000, floor: Duration::ZERO };
        assert_eq!(sweep(&fixture, retention, Duration::ZERO).await, 0);
        // A scope without retention keeps its entries forever.
        assert_eq!(sweep(&fixture, retention, HOUR / 2).await, 5);
        assert!(fixture.is_lost(&rooms[0], 2).await && fixture.is_lost(&rooms[1], 1).await);
        assert_eq!(fixture.shown(&rooms[0], 3).await.len(), 2);
        assert_eq!(fixture.shown(&rooms[1], 2).await, []);
        assert_eq!(fixture.shown(&desk("a"), 0).await.len(), 5);
        assert_eq!(sweep(&fixture, retention, HOUR / 2).await, 0);
        // Numbers go on.
        fixture.append_some(&rooms[1], 1).await;
        assert_eq!(fixture.shown(&rooms[1], 2).await[0].0, 3);
    }

    async fn a_room_keeps_a_number_of_entries(fixture) {
        let (many, few) = (board("many"), board("few"));
        fixture.append_some(&many, 2500).await;
        fixture.append_some(&few, 1000).await;
        let retention = Retention { keep: HOUR, entries: 1000, floor: HOUR / 10 };
        // Nothing is old enough.
        assert_eq!(sweep(&fixture, retention, HOUR / 20).await, 0);
        age(&fixture, "seq <= 700", HOUR / 5).await;
        assert_eq!(sweep(&fixture, retention, Duration::ZERO).await, 700);
        assert_eq!(sweep(&fixture, retention, HOUR / 5).await, 800);
        assert!(fixture.is_lost(&many, 1499).await);
        assert_eq!(fixture.read_all(&many, 1500).await.0.len(), 1000);
        assert_eq!(fixture.read_all(&few, 0).await.0.len(), 1000);
    }

    async fn the_floor_is_above_the_time(fixture) {
        fixture.append_some(&board("a"), 5).await;
        let retention = Retention { keep: Duration::ZERO, entries: 1, floor: HOUR };
        assert_eq!(sweep(&fixture, retention, HOUR / 2).await, 0);
        assert_eq!(sweep(&fixture, retention, HOUR * 2).await, 5);
    }

    async fn what_is_forgotten_counts_and_is_dropped_like_the_rest(fixture) {
        let room = board("a");
        fixture.append_some(&room, 5).await;
        fixture.run_sql("UPDATE log_entries SET data = NULL WHERE seq IN (1, 3, 5)").await;
        let retention = Retention { keep: HOUR, entries: 2, floor: Duration::ZERO };
        assert_eq!(sweep(&fixture, retention, HOUR / 2).await, 3);
        assert_eq!(fixture.shown(&room, 3).await.len(), 1);
    }

    async fn many_rooms_are_swept_while_others_write(fixture) {
        const ROOMS: usize = 300;
        let fixture = Arc::new(fixture);
        for room in 0..ROOMS {
            fixture.append_some(&board(&room.to_string()), 10).await;
        }
        let writer = tokio::spawn({
            let fixture = fixture.clone();
            async move {
                for n in 0..40 {
                    fixture.append_some(&board(&(n * 7 % ROOMS).to_string()), 3).await;
                }
            }
        });
        let retention = Retention { keep: HOUR, entries: 4, floor: Duration::ZERO };
        let mut dropped = sweep(&fixture, retention, HOUR / 2).await;
        writer.await.unwrap();
        dropped += sweep(&fixture, retention, HOUR / 2).await;
        assert_eq!(dropped, 300 * 6 + 40 * 3);
        for room in 0..ROOMS {
            let room = board(&room.to_string());
            let newest = fixture.position(&room).await.seq;
            assert!(fixture.is_lost(&room, newest - 5).await);
            assert_eq!(fixture.shown(&room, newest - 4).await.len(), 4);
        }
    }

    async fn what_somebody_has_locked_is_left_to_the_next_sweep(fixture) {
        if fixture.pools.dialect == Dialect::Sqlite {
            // There, writers take turns.
            return;
        }
        let room = board("a");
        fixture.append_some(&room, 5).await;
        let mut other = fixture.pools.writer.begin().await.unwrap();
        sqlx::query("SELECT 1 FROM log_entries WHERE seq = 2 FOR UPDATE").execute(&mut *other).await.unwrap();
        let retention = Retention { keep: HOUR, entries: 1, floor: Duration::ZERO };
        assert_eq!(sweep(&fixture, retention, HOUR / 2).await, 3);
        // With a hole behind it, what is left is of no use.
        assert!(fixture.is_lost(&room, 1).await && fixture.is_lost(&room, 2).await);
        assert_eq!(fixture.shown(&room, 4).await.len(), 1);
        other.commit().await.unwrap();
        assert_eq!(sweep(&fixture, retention, HOUR / 2).await, 1);
        assert!(fixture.is_lost(&room, 1).await);
    }
}
