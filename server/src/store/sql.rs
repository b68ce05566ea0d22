//! Parts of queries: texts that a database can store, conditions on lists of ids, and locks.

use sqlx::{AssertSqlSafe, FromRow, any::AnyRow};

use super::{Dialect, Store, session::Session};

pub(super) use accord_log::ColumnType;

/// The maximum number of ids in one query.
const BATCH: usize = 1024;

/// Whether a database can store this text. PostgreSQL refuses queries with any other text, so no object has such a
/// name.
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

impl Store {
    /// The clause that keeps the rows of a table unchanged until the end of the transaction.
    pub(super) fn share_lock(&self, table: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => String::new(),
            Dialect::Postgres => format!("FOR KEY SHARE OF {table}"),
        }
    }

    /// The clause that keeps the rows of a table for this transaction alone, until its end.
    pub(super) fn update_lock(&self, table: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => String::new(),
            Dialect::Postgres => format!("FOR NO KEY UPDATE OF {table}"),
        }
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
