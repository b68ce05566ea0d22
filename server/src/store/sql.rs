//! Parts of queries: texts that a database can store, conditions on lists of ids, and tables of many rows.

use serde::Serialize;
use sqlx::{AssertSqlSafe, FromRow, Row, any::AnyRow};

use super::{Dialect, session::Session};

/// The most ids that one query names.
const BATCH: usize = 1024;

/// Whether a database can store this text. PostgreSQL refuses queries with any other text, and nothing of that name
/// exists.
pub(super) fn storable(text: &str) -> bool {
    !text.contains('\0')
}

/// Runs `{head} ($n, …) {tail}`, a query whose head ends in `IN` and which names `bound` as `$1`, `$2`, … in its head, for
/// all of the ids. The rows of different batches of ids come one after the other.
pub(super) async fn select_in<T>(
    connection: &mut Session,
    head: &str,
    bound: &[&str],
    ids: &[&str],
    tail: &str,
) -> Result<Vec<T>, sqlx::Error>
where
    T: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    let mut rows = Vec::new();
    for batch in ids.chunks(BATCH) {
        let padded = padded(batch.len());
        let list = placeholders(bound.len(), padded);
        let mut query = sqlx::query_as(AssertSqlSafe(format!("{head} ({list}) {tail}")));
        for text in bound.iter().chain(batch).chain(std::iter::repeat_n(&batch[batch.len() - 1], padded - batch.len()))
        {
            query = query.bind(*text);
        }
        rows.append(&mut query.fetch_all(&mut *connection).await?);
    }
    Ok(rows)
}

/// A statement about any number of rows, which are bound as one JSON array of objects: `statement` reads them from the table
/// `given`, which has these columns. Its text is the same however many rows there are, so a connection prepares it once.
pub(super) fn about_given(dialect: Dialect, columns: &[(&str, ColumnType)], statement: &str) -> AssertSqlSafe<String> {
    let list = |column: fn(&str, ColumnType) -> String| {
        columns.iter().map(|(name, kind)| column(name, *kind)).collect::<Vec<_>>().join(", ")
    };
    let rows = match dialect {
        Dialect::Sqlite => {
            let values = list(|name, _| format!("value ->> '{name}' AS {name}"));
            format!("SELECT {values} FROM json_each($1)")
        }
        Dialect::Postgres => {
            let declared = list(|name, kind| format!("{name} {}", kind.name()));
            format!("SELECT * FROM jsonb_to_recordset($1::jsonb) AS given ({declared})")
        }
    };
    AssertSqlSafe(format!("WITH given AS ({rows}) {statement}"))
}

/// The type of a column of given rows.
#[derive(Clone, Copy, Debug)]
pub(super) enum ColumnType {
    Text,
    Integer,
}

impl ColumnType {
    fn name(self) -> &'static str {
        match self {
            ColumnType::Text => "TEXT",
            ColumnType::Integer => "BIGINT",
        }
    }
}

/// Rows to bind to a statement about given rows.
pub(super) fn given<T: Serialize>(rows: &[T]) -> Result<String, sqlx::Error> {
    serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// Rows to bind, each with its index in `number`, so that what is found can be told apart.
pub(super) fn given_numbered<T: Serialize>(rows: &[T]) -> Result<String, sqlx::Error> {
    #[derive(Serialize)]
    struct WithNumber<'r, T> {
        number: usize,
        #[serde(flatten)]
        row: &'r T,
    }
    given(&rows.iter().enumerate().map(|(number, row)| WithNumber { number, row }).collect::<Vec<_>>())
}

/// A row that was found for the given row with this number.
pub(super) struct Numbered<T> {
    pub(super) number: usize,
    pub(super) row: T,
}

impl<'r, T: FromRow<'r, AnyRow>> FromRow<'r, AnyRow> for Numbered<T> {
    fn from_row(row: &'r AnyRow) -> Result<Self, sqlx::Error> {
        let number: i64 = row.try_get("number")?;
        Ok(Numbered { number: usize::try_from(number).unwrap_or(usize::MAX), row: T::from_row(row)? })
    }
}

/// `$3, $4, $5` for three after two.
pub(super) fn placeholders(after: usize, count: usize) -> String {
    (after + 1..=after + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// Lists are as long as a power of four, their last id being repeated: a connection prepares few queries, not one for
/// each length.
fn padded(count: usize) -> usize {
    let mut size = 1;
    while size < count {
        size *= 4;
    }
    size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_padded_to_powers_of_four_up_to_a_batch() {
        assert_eq!([1, 2, 4, 5, 100, BATCH].map(padded), [1, 4, 4, 16, 256, BATCH]);
    }

    #[test]
    fn placeholders_go_on_after_those_that_are_bound() {
        assert_eq!(placeholders(2, 3), "$3, $4, $5");
    }
}
