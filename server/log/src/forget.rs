//! Forgets deleted content, so that no entry shows it.

use serde_json::value::RawValue;
use sqlx::Row;

use crate::{
    connection::Connection,
    sql::{
        ColumnType::{Integer, Text},
        PLACE, Place,
    },
    tables::Tables,
};

/// An entry whose payload embeds something that has been deleted.
#[derive(Clone, Debug)]
pub struct Embedding {
    log: i64,
    seq: i64,
    /// The id of what it embeds.
    pub embeds: String,
    /// The server event's name.
    pub event: String,
    /// The event's payload, without `seq`.
    pub data: Box<RawValue>,
}

impl Tables {
    /// Forgets the entries about these things, within the open transaction that deletes them: their numbers stay, and are
    /// skipped. Returns the other entries that embed one of them, each of which the business logic then
    /// [rewrites](Tables::rewrite). A transaction does this once: entries are locked in order.
    ///
    /// # Errors
    /// If the database fails. The transaction is to be rolled back then.
    pub async fn forget(&self, connection: &mut dyn Connection, ids: &[&str]) -> Result<Vec<Embedding>, sqlx::Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let given = ids.iter().map(|id| vec![(*id).into()]).collect();
        let select = select_concerned(&self.dialect.lock("e"));
        let concerned = connection.run(self.dialect.about_given(&[("id", Text)], given, select).statement()).await?;
        let (mut about, mut embedding) = (Vec::new(), Vec::new());
        for row in concerned {
            let (log, seq) = (row.try_get("log")?, row.try_get("seq")?);
            let subject: Option<&str> = row.try_get("about")?;
            if subject.is_some_and(|subject| ids.contains(&subject)) {
                about.push(Place { log, seq }.row());
                continue;
            }
            let data =
                RawValue::from_string(row.try_get("data")?).map_err(|error| sqlx::Error::Decode(error.into()))?;
            embedding.push(Embedding { log, seq, embeds: row.try_get("embeds")?, event: row.try_get("event")?, data });
        }
        if about.is_empty() {
            return Ok(embedding);
        }
        let update = "UPDATE log_entries SET data = NULL, about = NULL, embeds = NULL FROM given
                      WHERE log_entries.log = given.log AND log_entries.seq = given.seq";
        connection.run(self.dialect.about_given(&PLACE, about, update).statement()).await?;
        Ok(embedding)
    }

    /// Replaces the payloads of entries that [`Tables::forget`] returned, in the same transaction.
    ///
    /// # Errors
    /// If the database fails. The transaction is to be rolled back then.
    pub async fn rewrite(&self, connection: &mut dyn Connection, entries: &[Embedding]) -> Result<(), sqlx::Error> {
        if entries.is_empty() {
            return Ok(());
        }
        let row = |Embedding { log, seq, data, .. }: &Embedding| vec![(*log).into(), (*seq).into(), data.get().into()];
        let given = entries.iter().map(row).collect();
        let update = "UPDATE log_entries SET data = given.data FROM given
                      WHERE log_entries.log = given.log AND log_entries.seq = given.seq";
        let columns = [("log", Integer), ("seq", Integer), ("data", Text)];
        connection.run(self.dialect.about_given(&columns, given, update).statement()).await?;
        Ok(())
    }
}

/// Selects the entries about the given ids, and those that embed one. All are locked by one statement, in the order of
/// their keys, so that two transactions do not wait for each other; one that another has forgotten in the meantime is
/// left out.
fn select_concerned(lock: &str) -> String {
    format!(
        ", concerned AS (
             SELECT a.log, a.seq FROM given CROSS JOIN log_entries a WHERE a.about = given.id
             UNION
             SELECT b.log, b.seq FROM given CROSS JOIN log_entries b WHERE b.embeds = given.id
         )
         SELECT e.log, e.seq, e.about, e.embeds, e.event, e.data
         FROM concerned CROSS JOIN log_entries e WHERE e.log = concerned.log AND e.seq = concerned.seq
             AND e.data IS NOT NULL
         ORDER BY e.log, e.seq {lock}"
    )
}
