//! The log's tables.

use crate::sql::Dialect;

/// The statements about the log's tables in a database. Each runs on a connection of the caller's.
#[derive(Clone, Copy, Debug)]
pub struct Tables {
    pub(crate) dialect: Dialect,
    /// The version of the schema that this process writes, and can show.
    pub(crate) version: &'static str,
}

impl Tables {
    /// The tables in a database of this kind, as used with a schema of this version, by Semantic Versioning.
    pub fn new(dialect: Dialect, version: &'static str) -> Self {
        Tables { dialect, version }
    }

    /// The statements that make the tables, for the migrations of the database. They also make the first epoch. They run once in
    /// a database, and never change.
    pub fn migration(dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => include_str!("../tables/sqlite.sql"),
            Dialect::Postgres => include_str!("../tables/postgres.sql"),
        }
    }
}
