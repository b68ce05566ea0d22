//! Appending entries, in the transaction of the change that they tell of.

use std::{
    collections::BTreeMap,
    time::{SystemTime, UNIX_EPOCH},
};

use accord_runtime::Room;
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::{FromRow, Row, any::AnyRow};

use crate::{
    connection::Connection,
    sql::ColumnType::{Integer, Text},
    tables::Tables,
};

/// An entry to append.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'e> {
    /// The room in whose log it is.
    pub room: &'e Room,
    /// The server event's name.
    pub event: &'static str,
    /// The event's payload, an object without `seq`.
    pub data: &'e RawValue,
    /// What it tells of, if that can be deleted: [`Tables::forget`] then forgets the entry. Such ids are unique across rooms.
    pub about: Option<&'e str>,
    /// What its payload shows besides, if that can be deleted: [`Tables::forget`] then returns the entry, to be rewritten.
    pub embeds: Option<&'e str>,
}

impl Tables {
    /// Appends entries to the logs of their rooms, in this order, within the open transaction; returns their numbers. Nobody
    /// else can append to these rooms until it ends. A transaction does so once: rooms are locked in order.
    ///
    /// # Errors
    /// If the database fails. The transaction is to be rolled back then.
    pub async fn append(
        &self,
        connection: &mut dyn Connection,
        entries: &[NewEntry<'_>],
    ) -> Result<Vec<u64>, sqlx::Error> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut logs: BTreeMap<&Room, Log> = BTreeMap::new();
        for entry in entries {
            logs.entry(entry.room).or_default().added += 1;
        }
        self.move_heads(connection, &mut logs).await?;
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            let log = logs.get_mut(entry.room).ok_or(sqlx::Error::RowNotFound)?;
            rows.push(log.next(entry));
        }
        self.insert_entries(connection, &rows).await?;
        Ok(rows.iter().map(|row| row.seq.unsigned_abs()).collect())
    }

    /// Makes place behind the heads of rooms. Locks them in their order, so that two transactions do not wait for each other.
    async fn move_heads(
        &self,
        connection: &mut dyn Connection,
        logs: &mut BTreeMap<&Room, Log>,
    ) -> Result<(), sqlx::Error> {
        let columns = [("number", Integer), ("scope", Text), ("room", Text), ("added", Integer)];
        let given: Vec<_> = logs
            .iter()
            .enumerate()
            .map(|(number, (room, log))| Moved { number, scope: room.scope, room: &room.id, added: log.added })
            .collect();
        let statement = "INSERT INTO log_heads (scope, room, newest)
                         SELECT scope, room, added FROM given WHERE TRUE ORDER BY number
                         ON CONFLICT (scope, room) DO UPDATE SET newest = log_heads.newest + excluded.newest
                         RETURNING scope, room, id, newest";
        let heads = connection.run(self.dialect.about_given(&columns, &given, statement)?).await?;
        let mut heads = heads.iter().map(Head::from_row).collect::<Result<Vec<_>, _>>()?;
        // Databases return them in any order.
        heads.sort();
        if heads.len() != logs.len() {
            return Err(sqlx::Error::RowNotFound);
        }
        for (log, head) in logs.values_mut().zip(heads) {
            log.id = head.id;
            log.seq = head.newest - log.added;
        }
        Ok(())
    }

    async fn insert_entries(&self, connection: &mut dyn Connection, rows: &[NewRow<'_>]) -> Result<(), sqlx::Error> {
        let columns =
            [("log", Integer), ("seq", Integer), ("event", Text), ("data", Text), ("about", Text), ("embeds", Text)];
        let statement = "INSERT INTO log_entries (log, seq, event, data, version, written_at, about, embeds)
                         SELECT log, seq, event, data, $2, $3, about, embeds FROM given";
        let insert = self.dialect.about_given(&columns, rows, statement)?;
        connection.run(insert.bind(self.version).bind(milliseconds(SystemTime::now()))).await?;
        Ok(())
    }
}

/// Milliseconds since 1970.
pub(crate) fn milliseconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The log of a room as entries are added to it.
#[derive(Default)]
struct Log {
    id: i64,
    /// The number of the entry that was added last.
    seq: i64,
    /// The number of entries to add.
    added: i64,
}

impl Log {
    fn next<'e>(&mut self, entry: &NewEntry<'e>) -> NewRow<'e> {
        let NewEntry { event, data, about, embeds, .. } = *entry;
        self.seq += 1;
        NewRow { log: self.id, seq: self.seq, event, data: data.get(), about, embeds }
    }
}

/// By how much a head is moved.
#[derive(Serialize)]
struct Moved<'r> {
    number: usize,
    scope: &'static str,
    room: &'r str,
    added: i64,
}

/// A head that has been moved. Sorts as rooms do.
#[derive(Eq, Ord, PartialEq, PartialOrd)]
struct Head {
    scope: String,
    room: String,
    id: i64,
    newest: i64,
}

impl FromRow<'_, AnyRow> for Head {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Head {
            scope: row.try_get("scope")?,
            room: row.try_get("room")?,
            id: row.try_get("id")?,
            newest: row.try_get("newest")?,
        })
    }
}

/// An entry to insert.
#[derive(Serialize)]
struct NewRow<'e> {
    log: i64,
    seq: i64,
    event: &'static str,
    data: &'e str,
    about: Option<&'e str>,
    embeds: Option<&'e str>,
}
