//! Reads the logs of rooms.

use accord_runtime::{
    Position, Room,
    log::{Entry, Page, numbered},
};
use serde_json::value::RawValue;
use sqlx::{AssertSqlSafe, Row, any::AnyRow, query};

use crate::{connection::Connection, tables::Tables};

/// The maximum number of entries of a page.
const MOST: i64 = 256;

/// The maximum size of a page's payloads in bytes. A page has at least one entry, of any size.
const MOST_BYTES: i64 = 1 << 20;

const SELECT_POSITION: &str =
    "SELECT epoch, COALESCE(newest, 0) AS newest FROM log_epoch LEFT JOIN log_heads ON scope = $1 AND room = $2";

fn position(row: &AnyRow) -> Result<Position, sqlx::Error> {
    let epoch: String = row.try_get("epoch")?;
    Ok(Position { epoch: epoch.into(), seq: row.try_get::<i64, _>("newest")?.unsigned_abs() })
}

/// One query, so that it sees one state of the log. The sizes alone decide which entries fit in a page. There is at
/// least one row, without an entry if none follows.
const SELECT_PAGE: &str = "
    WITH sums AS (
        SELECT seq, octet_length(data) AS size, SUM(octet_length(data)) OVER (ORDER BY seq) AS sum FROM log_entries
        WHERE log = (SELECT id FROM log_heads WHERE scope = $1 AND room = $2) AND seq > $3 AND seq <= $4
    )
    SELECT epoch, COALESCE(h.newest, 0) AS newest, e.seq, e.event, e.data, e.version
    FROM log_epoch LEFT JOIN log_heads h ON h.scope = $1 AND h.room = $2
    LEFT JOIN log_entries e
        ON e.log = h.id AND e.seq > $3 AND e.seq <= (SELECT MAX(seq) FROM sums WHERE COALESCE(sum, 0) <= $5 OR sum = size)
    ORDER BY e.seq";

impl Tables {
    /// The position of the newest entry of a room; 0 if it has had none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn position(&self, connection: &mut dyn Connection, room: &Room) -> Result<Position, sqlx::Error> {
        let rows = connection.run(query(SELECT_POSITION).bind(room.scope).bind(room.id.clone())).await?;
        position(rows.first().ok_or(sqlx::Error::RowNotFound)?)
    }

    /// As [`position`](Self::position), if a condition holds at the same moment: SQL in which `$1` is the room's scope, `$2` its
    /// id, and `$3` a text that is given.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn position_if(
        &self,
        connection: &mut dyn Connection,
        room: &Room,
        condition: &'static str,
        given: &str,
    ) -> Result<Option<Position>, sqlx::Error> {
        let select = AssertSqlSafe(format!("{SELECT_POSITION} WHERE {condition}"));
        let select = query(select).bind(room.scope).bind(room.id.clone()).bind(given.to_owned());
        connection.run(select).await?.first().map(position).transpose()
    }

    /// The entries of a room after a position: up to 256, or 1 MiB of payloads. Numbers of entries that have been forgotten are
    /// skipped.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn read(
        &self,
        connection: &mut dyn Connection,
        room: &Room,
        since: &Position,
    ) -> Result<Page, sqlx::Error> {
        let after = i64::try_from(since.seq).unwrap_or(i64::MAX);
        let select = query(SELECT_PAGE)
            .bind(room.scope)
            .bind(room.id.clone())
            .bind(after)
            .bind(after.saturating_add(MOST))
            .bind(MOST_BYTES);
        let rows = connection.run(select).await?;
        let first = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        let (epoch, newest): (String, i64) = (first.try_get("epoch")?, first.try_get("newest")?);
        if *epoch != *since.epoch || after > newest {
            return Ok(Page::Lost);
        }
        let (mut entries, mut reached) = (Vec::with_capacity(rows.len()), after);
        for row in &rows {
            let Some(EntryRow { seq, event, data, version }) = EntryRow::read(row)? else { break };
            // Dropped entries are missing from the beginning of the log.
            if seq != reached + 1 {
                return Ok(Page::Lost);
            }
            reached = seq;
            let Some(data) = data else { continue };
            if !shows(self.version, &version) {
                return Ok(Page::Lost);
            }
            let data = RawValue::from_string(data).map_err(|error| sqlx::Error::Decode(error.into()))?;
            let seq = seq.unsigned_abs();
            entries.push(Entry { seq, event: event.into(), data: numbered(&data, seq) });
        }
        if reached == after && after < newest {
            return Ok(Page::Lost);
        }
        Ok(Page::Entries { entries, reached: reached.unsigned_abs(), head: newest.unsigned_abs() })
    }
}

/// Whether a server of the version `own` can show what was written by another version: as in Semantic Versioning, a
/// minor version includes the earlier ones, and versions before 1.0.0 are incompatible with each other.
fn shows(own: &str, written: &str) -> bool {
    match (minor(own), minor(written)) {
        (Some((0, own)), Some((0, written))) => own == written,
        (Some((own_major, own)), Some((major, written))) => own_major == major && written <= own,
        _ => false,
    }
}

/// The major and the minor number of a version.
fn minor(version: &str) -> Option<(u64, u64)> {
    let mut numbers = version.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// An entry as it is stored.
struct EntryRow {
    seq: i64,
    event: String,
    /// `None` if the entry has been forgotten.
    data: Option<String>,
    version: String,
}

impl EntryRow {
    /// The entry of a row, if it has one.
    fn read(row: &AnyRow) -> Result<Option<Self>, sqlx::Error> {
        let Some(seq) = row.try_get("seq")? else { return Ok(None) };
        let (event, data, version) = (row.try_get("event")?, row.try_get("data")?, row.try_get("version")?);
        Ok(Some(EntryRow { seq, event, data, version }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_shows_entries_of_earlier_minor_versions_of_the_same_major_version() {
        for written in ["1.0.0", "1.2.0", "1.2.9", "1.2.0-rc.1"] {
            assert!(shows("1.2.3", written), "{written}");
        }
        for written in ["0.2.0", "1.3.0", "2.0.0", "1", "1.x.0", ""] {
            assert!(!shows("1.2.3", written), "{written}");
        }
        assert!(shows("0.3.1", "0.3.9") && !shows("0.3.1", "0.2.0"));
        assert!(!shows("", ""));
    }
}
