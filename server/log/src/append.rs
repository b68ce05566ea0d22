//! Appends entries, in the transaction of the change that they describe.

use std::time::{SystemTime, UNIX_EPOCH};

use accord_runtime::Room;
use serde_json::value::RawValue;

use crate::{
    connection::Connection,
    heads::Heads,
    sql::{
        ColumnType::{Integer, Text},
        Sql,
    },
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
    /// The id of its subject, if that can be deleted: [`Tables::forget`] then forgets the entry. Such ids are unique
    /// across rooms.
    pub about: Option<&'e str>,
    /// The id of another object that its payload embeds, if that can be deleted: [`Tables::forget`] then returns the
    /// entry, to be rewritten.
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
        let rooms = entries.iter().map(|entry| entry.room).collect();
        let mut heads = Heads::default();
        heads.lock(self, connection, rooms).await?;
        let mut appended = Appended::default();
        for entry in entries {
            appended.add(&mut heads, entry)?;
        }
        let numbers = appended.numbers();
        for statement in self.dialect.together(appended.write(self, &heads)) {
            connection.run(statement.statement()).await?;
        }
        Ok(numbers)
    }
}

/// Milliseconds since 1970.
pub(crate) fn milliseconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Entries that are about to be written.
#[derive(Default)]
pub struct Appended<'e>(Vec<NewRow<'e>>);

impl<'e> Appended<'e> {
    /// Puts an entry behind the head of its room, which is locked; returns its number.
    ///
    /// # Errors
    /// If the head is not locked.
    pub fn add(&mut self, heads: &mut Heads<'_>, entry: &NewEntry<'e>) -> Result<u64, sqlx::Error> {
        let NewEntry { room, event, data, about, embeds } = *entry;
        let (log, seq) = heads.next(room)?;
        self.0.push(NewRow { log, seq, event, data: data.get(), about, embeds });
        Ok(seq.unsigned_abs())
    }

    /// The statements that write the entries and the heads.
    pub fn write(&self, tables: &Tables, heads: &Heads<'_>) -> Vec<Sql> {
        if self.0.is_empty() {
            return Vec::new();
        }
        let columns =
            [("log", Integer), ("seq", Integer), ("event", Text), ("data", Text), ("about", Text), ("embeds", Text)];
        let statement = "INSERT INTO log_entries (log, seq, event, data, version, written_at, about, embeds)
                         SELECT given.log, given.seq, given.event, given.data, $2, $3, given.about, given.embeds
                         FROM given";
        let row = |row: &NewRow<'_>| {
            let NewRow { log, seq, event, data, about, embeds } = *row;
            vec![log.into(), seq.into(), event.into(), data.into(), about.into(), embeds.into()]
        };
        let insert = tables.dialect.about_given(&columns, self.0.iter().map(row).collect(), statement);
        vec![heads.write(tables), insert.text(tables.version).integer(milliseconds(SystemTime::now()))]
    }

    fn numbers(&self) -> Vec<u64> {
        self.0.iter().map(|row| row.seq.unsigned_abs()).collect()
    }
}

/// An entry to insert.
struct NewRow<'e> {
    log: i64,
    seq: i64,
    event: &'static str,
    data: &'e str,
    about: Option<&'e str>,
    embeds: Option<&'e str>,
}
