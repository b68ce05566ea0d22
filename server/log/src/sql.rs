//! Statements about any number of rows, and the differences between the two databases.

use serde::Serialize;
use sqlx::{Any, AssertSqlSafe, any::AnyArguments, query, query::Query};

/// A statement with what is bound to it.
pub type Statement = Query<'static, Any, AnyArguments>;

/// The kind of a database.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Dialect {
    /// SQLite, 3.43 or newer.
    Sqlite,
    /// PostgreSQL, 13 or newer.
    Postgres,
}

/// The type of a column of the rows that a statement is given.
#[derive(Clone, Copy, Debug)]
pub enum ColumnType {
    /// Text.
    Text,
    /// A 64-bit integer.
    Integer,
}

/// The key of an entry.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Place {
    pub(crate) log: i64,
    pub(crate) seq: i64,
}

/// The columns of given [`Place`]s.
pub(crate) const PLACE: [(&str, ColumnType); 2] = [("log", ColumnType::Integer), ("seq", ColumnType::Integer)];

impl Dialect {
    /// A statement about rows that are bound as one JSON array of objects, `$1`: it reads them from the table `given`, which has
    /// these columns. Its text is the same however many rows there are, so a connection prepares it once. What else it names is bound
    /// from `$2` on.
    ///
    /// # Errors
    /// If the rows cannot be written as JSON.
    pub fn about_given<T: Serialize>(
        self,
        columns: &[(&str, ColumnType)],
        rows: &[T],
        statement: &str,
    ) -> Result<Statement, sqlx::Error> {
        let list = |column: fn(&str, ColumnType) -> String| {
            columns.iter().map(|(name, kind)| column(name, *kind)).collect::<Vec<_>>().join(", ")
        };
        let table = match self {
            Dialect::Sqlite => {
                let values = list(|name, _| format!("value ->> '{name}' AS {name}"));
                format!("SELECT {values} FROM json_each($1)")
            }
            Dialect::Postgres => {
                let declared = list(|name, kind| match kind {
                    ColumnType::Text => format!("{name} TEXT"),
                    ColumnType::Integer => format!("{name} BIGINT"),
                });
                format!("SELECT * FROM jsonb_to_recordset($1::jsonb) AS given ({declared})")
            }
        };
        let rows = serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(error.into()))?;
        Ok(query(AssertSqlSafe(format!("WITH given AS ({table}) {statement}"))).bind(rows))
    }

    /// The end of a query that keeps the rows of `table` as they are until the end of the transaction.
    pub(crate) fn lock(self, table: &str) -> String {
        match self {
            // Only one transaction writes at a time.
            Dialect::Sqlite => String::new(),
            Dialect::Postgres => format!("FOR UPDATE OF {table}"),
        }
    }

    /// As [`Dialect::lock`], but leaves out rows that another transaction has locked.
    pub(crate) fn lock_free(self, table: &str) -> String {
        match self {
            Dialect::Sqlite => String::new(),
            Dialect::Postgres => format!("FOR UPDATE OF {table} SKIP LOCKED"),
        }
    }
}
