//! Retention: drops entries that are too old, or too many, in steps that do not block writers.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant, SystemTime},
};

use accord_runtime::Fault;
use sqlx::{FromRow, Row, any::AnyRow, query};

use crate::{
    append::milliseconds,
    connection::{Connection, Database},
    sql::{PLACE, Place},
    tables::Tables,
};

/// How long entries of a scope's rooms are kept.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// The time after which an entry is dropped.
    pub keep: Duration,
    /// The maximum number of entries of a room. Older ones are dropped.
    pub entries: u64,
    /// The time for which each entry is kept, however many there are.
    pub floor: Duration,
}

/// The result of a sweep.
#[derive(Clone, Copy, Debug, Default)]
pub struct Swept {
    /// The number of entries that were dropped.
    pub dropped: u64,
    /// The longest time for which a transaction was open.
    pub longest: Duration,
}

/// The time for which a transaction is meant to be open. Writers may be held up for 50 ms, and a commit takes its time: in SQLite,
/// one that makes a checkpoint can take tens of milliseconds.
const AIM: Duration = Duration::from_millis(5);

/// The number of entries that the first transaction of a sweep drops, the fewest and the most that one drops.
const FIRST: usize = 100;
const FEWEST: usize = 5;
const MOST: usize = 5000;

/// The numbers of rooms and of entries that are looked at together.
const ROOMS: i64 = 1024;
const ENTRIES: i64 = 16_384;

impl Tables {
    /// Drops expired entries, by the retention of each scope; other scopes are left alone. It first reads which entries
    /// to drop, and then drops them in transactions of about 5 ms. If a sweep is cancelled, the next one continues.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sweep(
        &self,
        database: &dyn Database,
        retention: &BTreeMap<&'static str, Retention>,
        now: SystemTime,
    ) -> Result<Swept, Fault> {
        let (mut swept, mut most, mut after) = (Swept::default(), FIRST, 0);
        loop {
            let mut read = database.read().await?;
            let oldest = oldest(&mut *read, after).await?;
            let Some(last) = oldest.last() else { return Ok(swept) };
            let due: HashMap<i64, Due> = oldest
                .iter()
                .filter_map(|room| Some((room.log, room.due(retention.get(&*room.scope)?, now)?)))
                .collect();
            let places = self.places(&mut *read, &due).await?;
            drop(read);
            let (before, mut rest) = (swept.dropped, &places[..]);
            while !rest.is_empty() {
                let step;
                (step, rest) = rest.split_at(most.min(rest.len()));
                let mut write = database.begin().await?;
                let begun = Instant::now();
                swept.dropped += self.drop_entries(&mut *write, step).await?;
                write.commit().await?;
                let open = begun.elapsed();
                swept.longest = swept.longest.max(open);
                most = adapted(most, open);
            }
            // Only a part of each room's entries has been looked at.
            if swept.dropped == before {
                after = last.log;
            }
        }
    }

    /// The entries to drop of the rooms that are due, oldest first across rooms: those that were written together lie together,
    /// so dropping them changes few pages.
    async fn places(&self, read: &mut dyn Connection, due: &HashMap<i64, Due>) -> Result<Vec<Place>, sqlx::Error> {
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let depth = ENTRIES / i64::try_from(due.len()).unwrap_or(ENTRIES);
        let deep = |(log, due): (&i64, &Due)| {
            let log = *log;
            (due.first..=due.newest.min(due.first + depth - 1)).map(move |seq| Place { log, seq }.row())
        };
        let looked_at: Vec<_> = due.iter().flat_map(deep).collect();
        let select = "SELECT e.log, e.seq, e.written_at FROM given CROSS JOIN log_entries e
                      WHERE e.log = given.log AND e.seq = given.seq ORDER BY e.written_at, e.log, e.seq";
        let mut places = Vec::new();
        for row in read.run(self.dialect.about_given(&PLACE, looked_at, select).statement()).await? {
            let place = Place { log: row.try_get("log")?, seq: row.try_get("seq")? };
            let written_at = row.try_get("written_at")?;
            if due.get(&place.log).is_some_and(|due| due.drops(place.seq, written_at)) {
                places.push(place);
            }
        }
        Ok(places)
    }

    /// Drops entries; returns how many. In PostgreSQL, those that another transaction has locked are left to the next sweep.
    async fn drop_entries(&self, write: &mut dyn Connection, places: &[Place]) -> Result<u64, sqlx::Error> {
        let delete = format!(
            "DELETE FROM log_entries WHERE (log, seq) IN (
                 SELECT e.log, e.seq FROM given CROSS JOIN log_entries e
                 WHERE e.log = given.log AND e.seq = given.seq {}
             ) RETURNING seq",
            self.dialect.lock_free("e")
        );
        let places = places.iter().map(|place| place.row()).collect();
        Ok(write.run(self.dialect.about_given(&PLACE, places, delete).statement()).await?.len() as u64)
    }
}

/// The oldest entries of the rooms after one.
async fn oldest(read: &mut dyn Connection, after: i64) -> Result<Vec<Oldest>, sqlx::Error> {
    let select = "SELECT h.id, h.scope, h.newest,
                      (SELECT e.seq FROM log_entries e WHERE e.log = h.id ORDER BY e.seq LIMIT 1) AS seq,
                      (SELECT e.written_at FROM log_entries e WHERE e.log = h.id ORDER BY e.seq LIMIT 1) AS written_at
                  FROM log_heads h WHERE h.id > $1 ORDER BY h.id LIMIT $2";
    let rows = read.run(query(select).bind(after).bind(ROOMS)).await?;
    rows.iter().map(Oldest::from_row).collect()
}

/// The number of entries to drop after so many have taken this time. It grows slowly, for a longer transaction may have to read
/// what was in memory before.
fn adapted(most: usize, open: Duration) -> usize {
    let fitting = most as u128 * AIM.as_micros() / open.as_micros().max(1);
    usize::try_from(fitting).unwrap_or(MOST).min(most * 2).clamp(FEWEST, MOST)
}

/// A room, and the oldest entry of its log.
struct Oldest {
    log: i64,
    scope: String,
    newest: i64,
    /// Its number, and when it was written, if there is one.
    seq: Option<i64>,
    written_at: Option<i64>,
}

impl Oldest {
    /// The entries that the room drops, if any.
    fn due(&self, retention: &Retention, now: SystemTime) -> Option<Due> {
        let before = |age: Duration| now.checked_sub(age).map_or(0, milliseconds);
        let due = Due {
            first: self.seq?,
            newest: self.newest,
            surplus: self.newest.saturating_sub_unsigned(retention.entries),
            old: before(retention.keep.max(retention.floor)),
            settled: before(retention.floor),
        };
        due.drops(due.first, self.written_at?).then_some(due)
    }
}

impl FromRow<'_, AnyRow> for Oldest {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Oldest {
            log: row.try_get("id")?,
            scope: row.try_get("scope")?,
            newest: row.try_get("newest")?,
            seq: row.try_get("seq")?,
            written_at: row.try_get("written_at")?,
        })
    }
}

/// The entries that a room drops.
struct Due {
    /// The number of its oldest entry.
    first: i64,
    newest: i64,
    /// The newest number that is too many.
    surplus: i64,
    /// Entries from before this time are dropped.
    old: i64,
    /// Entries from before this time are dropped if they are too many.
    settled: i64,
}

impl Due {
    fn drops(&self, seq: i64, written_at: i64) -> bool {
        written_at < self.old || (seq <= self.surplus && written_at < self.settled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_adapt_to_the_time_that_they_take() {
        let adapted = |most, open| adapted(most, Duration::from_millis(open));
        assert_eq!([adapted(100, 0), adapted(100, 4), adapted(100, 100)], [200, 125, 5]);
        assert_eq!([adapted(MOST, 1), adapted(FEWEST, 1000)], [MOST, FEWEST]);
    }
}
