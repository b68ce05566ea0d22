//! Sending once: the keys of what has been sent, and what became of it.

use accord_runtime::Room;
use serde::Serialize;
use sqlx::{FromRow, Row, any::AnyRow};

use crate::{
    connection::Connection,
    sql::ColumnType::{self, Integer, Text},
    tables::Tables,
};

/// What a client calls something that it sends, so that it can send it again without it being done again.
#[derive(Clone, Copy, Debug)]
pub struct Key<'k> {
    /// The id of the user who sends it.
    pub author: &'k str,
    /// The client event's name.
    pub event: &'k str,
    /// The room whose log gets the entry.
    pub room: &'k Room,
    /// The id that the client gave.
    pub client_id: &'k str,
}

/// What became of something that was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sent {
    /// A text that is the same for the same payload, and for no other.
    pub fingerprint: String,
    /// The number of the entry.
    pub seq: u64,
    /// What the business logic finds the result by.
    pub result: String,
}

const COLUMNS: [(&str, ColumnType); 5] =
    [("author", Text), ("event", Text), ("scope", Text), ("room", Text), ("client_id", Text)];

impl Tables {
    /// What has been sent under these keys, in their order. In PostgreSQL, what another transaction sends at the same time is
    /// only seen if the rooms have been locked before.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn keys_find(
        &self,
        connection: &mut dyn Connection,
        keys: &[Key<'_>],
    ) -> Result<Vec<Option<Sent>>, sqlx::Error> {
        #[derive(Serialize)]
        struct Numbered<'k> {
            number: usize,
            #[serde(flatten)]
            key: KeyRow<'k>,
        }
        let mut found = vec![None; keys.len()];
        if keys.is_empty() {
            return Ok(found);
        }
        let given: Vec<_> =
            keys.iter().enumerate().map(|(number, key)| Numbered { number, key: KeyRow::of(key) }).collect();
        let select = "SELECT given.number, k.fingerprint, k.seq, k.result
                      FROM given CROSS JOIN log_keys k
                      WHERE k.author = given.author AND k.event = given.event
                          AND k.scope = given.scope AND k.room = given.room AND k.client_id = given.client_id";
        let columns: Vec<_> = COLUMNS.into_iter().chain([("number", Integer)]).collect();
        for row in connection.run(self.dialect.about_given(&columns, &given, select)?).await? {
            let number = usize::try_from(row.try_get::<i64, _>("number")?).unwrap_or(usize::MAX);
            if let Some(place) = found.get_mut(number) {
                *place = Some(Sent::from_row(&row)?);
            }
        }
        Ok(found)
    }

    /// Keeps what has been sent under keys, for good, within the open transaction that appends the entries.
    ///
    /// # Errors
    /// If the database fails, or something has been sent under one of the keys already.
    pub async fn keys_insert(
        &self,
        connection: &mut dyn Connection,
        sent: &[(Key<'_>, Sent)],
    ) -> Result<(), sqlx::Error> {
        #[derive(Serialize)]
        struct NewRow<'k> {
            #[serde(flatten)]
            key: KeyRow<'k>,
            fingerprint: &'k str,
            seq: u64,
            result: &'k str,
        }
        if sent.is_empty() {
            return Ok(());
        }
        let given: Vec<_> = sent
            .iter()
            .map(|(key, Sent { fingerprint, seq, result })| NewRow {
                key: KeyRow::of(key),
                fingerprint,
                seq: *seq,
                result,
            })
            .collect();
        let insert = "INSERT INTO log_keys (author, event, scope, room, client_id, fingerprint, seq, result)
                      SELECT author, event, scope, room, client_id, fingerprint, seq, result FROM given";
        let columns: Vec<_> =
            COLUMNS.into_iter().chain([("fingerprint", Text), ("seq", Integer), ("result", Text)]).collect();
        connection.run(self.dialect.about_given(&columns, &given, insert)?).await?;
        Ok(())
    }
}

impl FromRow<'_, AnyRow> for Sent {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Sent {
            fingerprint: row.try_get("fingerprint")?,
            seq: row.try_get::<i64, _>("seq")?.unsigned_abs(),
            result: row.try_get("result")?,
        })
    }
}

#[derive(Serialize)]
struct KeyRow<'k> {
    author: &'k str,
    event: &'k str,
    scope: &'static str,
    room: &'k str,
    client_id: &'k str,
}

impl<'k> KeyRow<'k> {
    fn of(key: &Key<'k>) -> Self {
        let Key { author, event, room, client_id } = *key;
        KeyRow { author, event, scope: room.scope, room: &room.id, client_id }
    }
}
