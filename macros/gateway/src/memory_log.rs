//! The room log in memory, for protocols without a database: it ends with the process.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use accord_runtime::{
    error::Fault,
    log::{Entry, Follower, Log, NewEntry, Page, Position, numbered},
    scope::Room,
};
use futures_util::future::{BoxFuture, ready};

/// The maximum number of entries of a page.
const PAGE: usize = 256;

/// The maximum size in bytes of a page that has more than one entry.
const PAGE_BYTES: usize = 1 << 20;

/// The logs of rooms, in memory. If a room's entries have all been dropped, it keeps the number of the newest for as
/// long as the process lives: no number is used twice.
pub struct MemoryLog {
    epoch: Arc<str>,
    keep: Keep,
    state: Mutex<State>,
}

/// The bounds of the logs of rooms.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Keep {
    /// The maximum number of entries of a room.
    pub entries: usize,
    /// The maximum age of an entry.
    pub time: Duration,
    /// The time for which every entry is kept, however many the room has.
    pub floor: Duration,
    /// The maximum number of entries of all rooms together, whatever their age: the oldest go first.
    pub total: usize,
}

impl Default for Keep {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Keep { entries: 100_000, time: minutes(7 * 24 * 60), floor: minutes(10), total: 1_000_000 }
    }
}

impl Keep {
    /// Whether an entry that was written at this time is too old for any room.
    fn is_over(&self, written: Instant, now: Instant) -> bool {
        now.saturating_duration_since(written) > self.time.max(self.floor)
    }
}

#[derive(Default)]
struct State {
    /// The rooms that have had entries.
    rooms: HashMap<Room, Kept>,
    /// All entries, the oldest first; some of them are no longer kept.
    order: VecDeque<(Instant, Room, u64)>,
    followers: Vec<Arc<dyn Follower>>,
}

/// The entries of a room that are kept.
#[derive(Default)]
struct Kept {
    head: u64,
    entries: VecDeque<(Instant, Entry)>,
}

impl MemoryLog {
    /// A log without entries, under an epoch that no other has.
    pub fn new(keep: Keep) -> Self {
        MemoryLog { epoch: format!("{:032x}", rand::random::<u128>()).into(), keep, state: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryLog {
    fn default() -> Self {
        MemoryLog::new(Keep::default())
    }
}

impl Log for MemoryLog {
    fn position<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<Position, Fault>> {
        let seq = self.lock().rooms.get(room).map_or(0, |kept| kept.head);
        Box::pin(ready(Ok(Position { epoch: Arc::clone(&self.epoch), seq })))
    }

    fn read<'a>(&'a self, room: &'a Room, since: &'a Position) -> BoxFuture<'a, Result<Page, Fault>> {
        let state = self.lock();
        let page = match state.rooms.get(room) {
            _ if since.epoch != self.epoch => Page::Lost,
            Some(kept) => kept.after(since.seq),
            None => Kept::default().after(since.seq),
        };
        Box::pin(ready(Ok(page)))
    }

    /// Tells followers of the entries under the lock, so that each room's come in order.
    fn append(&self, entries: Vec<NewEntry>) -> BoxFuture<'_, Result<Vec<u64>, Fault>> {
        let mut state = self.lock();
        let State { rooms, order, followers } = &mut *state;
        let now = Instant::now();
        let numbers = entries.into_iter().map(|NewEntry { room, event, data }| {
            let kept = rooms.entry(room.clone()).or_default();
            kept.head += 1;
            let entry = Entry { seq: kept.head, event: event.into(), data: numbered(&data, kept.head) };
            followers.iter().for_each(|follower| follower.committed(&room, std::slice::from_ref(&entry)));
            kept.entries.push_back((now, entry));
            kept.prune(self.keep, now);
            let seq = kept.head;
            order.push_back((now, room, seq));
            while order.len() > self.keep.total
                || order.front().is_some_and(|(written, ..)| self.keep.is_over(*written, now))
            {
                let Some((_, room, seq)) = order.pop_front() else { break };
                if let Some(kept) = rooms.get_mut(&room) {
                    kept.forget(seq);
                }
            }
            seq
        });
        let numbers = numbers.collect();
        drop(state);
        Box::pin(ready(Ok(numbers)))
    }

    fn follow(&self, follower: Arc<dyn Follower>) {
        self.lock().followers.push(follower);
    }

    fn orders(&self) -> bool {
        false
    }
}

impl Kept {
    fn after(&self, seq: u64) -> Page {
        let oldest = self.head - self.entries.len() as u64;
        if seq < oldest || seq > self.head {
            return Page::Lost;
        }
        let mut bytes = 0;
        let entries: Vec<Entry> = self
            .entries
            .iter()
            .skip_while(|(_, entry)| entry.seq <= seq)
            .take(PAGE)
            .enumerate()
            .take_while(|(index, (_, entry))| {
                bytes += entry.data.get().len();
                *index == 0 || bytes <= PAGE_BYTES
            })
            .map(|(_, (_, entry))| entry.clone())
            .collect();
        let reached = entries.last().map_or(self.head, |entry| entry.seq);
        Page::Entries { entries, reached, head: self.head }
    }

    /// Drops the entries up to this one, and frees their memory with the last of them.
    fn forget(&mut self, seq: u64) {
        while self.entries.front().is_some_and(|(_, entry)| entry.seq <= seq) {
            self.entries.pop_front();
        }
        if self.entries.is_empty() {
            self.entries = VecDeque::new();
        }
    }

    /// Drops entries beyond the maximum.
    fn prune(&mut self, keep: Keep, now: Instant) {
        while self.entries.len() > keep.entries
            && self.entries.front().is_some_and(|(written, _)| now.saturating_duration_since(*written) >= keep.floor)
        {
            self.entries.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use accord_runtime::reply::encode;
    use serde_json::{Value, json};

    use super::*;

    fn room() -> Room {
        Room { scope: "board", id: "b1".to_owned() }
    }

    async fn add(log: &MemoryLog, count: usize) -> Vec<u64> {
        add_to(log, room(), count).await
    }

    async fn add_to(log: &MemoryLog, room: Room, count: usize) -> Vec<u64> {
        let entry =
            |_| NewEntry { room: room.clone(), event: "drawn", data: encode(&json!({ "a": "x".repeat(10) })).unwrap() };
        log.append((0..count).map(entry).collect()).await.unwrap()
    }

    async fn read(log: &MemoryLog, seq: u64) -> Option<(Vec<u64>, u64, u64)> {
        let since = Position { seq, ..log.position(&room()).await.unwrap() };
        match log.read(&room(), &since).await.unwrap() {
            Page::Entries { entries, reached, head } => {
                for entry in &entries {
                    let data: Value = serde_json::from_str(entry.data.get()).unwrap();
                    assert_eq!(data["seq"], entry.seq);
                }
                Some((entries.iter().map(|entry| entry.seq).collect(), reached, head))
            }
            Page::Lost => None,
        }
    }

    #[tokio::test]
    async fn entries_are_numbered_and_read_by_pages() {
        let log = MemoryLog::default();
        assert_eq!(read(&log, 0).await, Some((vec![], 0, 0)));
        assert_eq!(add(&log, 300).await, (1..=300).collect::<Vec<_>>());
        assert_eq!(read(&log, 0).await, Some(((1..=256).collect(), 256, 300)));
        assert_eq!(read(&log, 256).await, Some(((257..=300).collect(), 300, 300)));
        assert_eq!(read(&log, 300).await, Some((vec![], 300, 300)));
    }

    #[tokio::test]
    async fn a_position_that_the_log_cannot_serve_is_lost() {
        let log = MemoryLog::new(Keep {
            entries: 5,
            time: Duration::from_secs(60),
            floor: Duration::ZERO,
            ..Keep::default()
        });
        add(&log, 8).await;
        assert_eq!(read(&log, 9).await, None, "ahead");
        assert_eq!(read(&log, 2).await, None, "no longer kept");
        assert_eq!(read(&log, 3).await, Some(((4..=8).collect(), 8, 8)));
        let other = Position { epoch: "another".into(), seq: 8 };
        assert!(matches!(log.read(&room(), &other).await, Ok(Page::Lost)));
    }

    #[tokio::test]
    async fn young_entries_are_kept_however_many() {
        let log = MemoryLog::new(Keep {
            entries: 2,
            time: Duration::ZERO,
            floor: Duration::from_secs(60),
            ..Keep::default()
        });
        add(&log, 8).await;
        assert_eq!(read(&log, 0).await.map(|(_, reached, _)| reached), Some(8));
    }

    #[tokio::test]
    async fn all_rooms_together_keep_so_many_entries_however_young() {
        let log = MemoryLog::new(Keep { total: 10, ..Keep::default() });
        add(&log, 6).await;
        let other = Room { scope: "board", id: "b2".to_owned() };
        assert_eq!(add_to(&log, other, 8).await, (1..=8).collect::<Vec<_>>());
        assert_eq!(read(&log, 3).await, None, "no longer kept");
        assert_eq!(read(&log, 4).await, Some(((5..=6).collect(), 6, 6)));
        assert_eq!(add(&log, 1).await, [7]);
    }

    #[tokio::test]
    async fn of_an_idle_room_a_number_remains() {
        let log = MemoryLog::new(Keep { time: Duration::ZERO, floor: Duration::ZERO, ..Keep::default() });
        add(&log, 1000).await;
        // Entries of other rooms come after it.
        let other = Room { scope: "board", id: "b2".to_owned() };
        while read(&log, 999).await.is_some() {
            add_to(&log, other.clone(), 1).await;
        }
        {
            let state = log.lock();
            let kept = &state.rooms[&room()];
            assert_eq!((kept.head, kept.entries.capacity()), (1000, 0));
            assert_eq!(state.order.iter().filter(|(_, of, _)| *of == room()).count(), 0);
        }
        assert_eq!(read(&log, 1000).await, Some((vec![], 1000, 1000)));
        assert_eq!(add(&log, 1).await, [1001]);
    }
}
