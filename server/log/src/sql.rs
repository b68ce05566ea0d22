//! Statements about any number of rows, several statements in one, and the differences between the two databases.

use std::fmt::Write as _;

use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Any, AssertSqlSafe, Row, any::AnyArguments, any::AnyRow, query, query::Query};

/// A statement with what is bound to it, ready to run.
pub type Statement = Query<'static, Any, AnyArguments>;

/// SQL text, and the values of `$1`, `$2` and so on in it.
#[derive(Clone, Debug)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Integer(i64),
}

impl Sql {
    /// A text to which nothing is bound.
    pub fn new(text: impl Into<String>) -> Self {
        Sql { text: text.into(), values: Vec::new() }
    }

    /// Binds the next text.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.values.push(Value::Text(text.into()));
        self
    }

    /// Binds the next integer.
    #[must_use]
    pub fn integer(mut self, integer: i64) -> Self {
        self.values.push(Value::Integer(integer));
        self
    }

    /// The statement.
    pub fn statement(self) -> Statement {
        let statement = query(AssertSqlSafe(self.text));
        self.values.into_iter().fold(statement, |statement, value| match value {
            Value::Text(text) => statement.bind(text),
            Value::Integer(integer) => statement.bind(integer),
        })
    }

    /// The parts between `before` and `after`, each in the words of `part`, which gets its index and text.
    fn joined(parts: Vec<Sql>, part: impl Fn(usize, &str) -> String, between: &str) -> Sql {
        let mut all = Sql::new("");
        for (index, Sql { text, values }) in parts.into_iter().enumerate() {
            if index > 0 {
                all.text.push_str(between);
            }
            let text = renumbered(&text, all.values.len());
            all.text.push_str(&part(index, &text));
            all.values.extend(values);
        }
        all
    }
}

/// A statement's text whose parameters have numbers that are higher by `after`. No text in it may contain a dollar sign.
fn renumbered(text: &str, after: usize) -> String {
    let mut pieces = text.split('$');
    let mut renumbered = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = piece.split_at(digits);
        let number = number.parse::<usize>().unwrap_or_default() + after;
        // Writing to a string never fails.
        let _ = write!(renumbered, "${number}{rest}");
    }
    renumbered
}

/// The kind of a database.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Dialect {
    /// SQLite, 3.51 or newer.
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
    /// A statement about rows that are bound as one JSON array of objects, `$1`: it reads them from the table `given`,
    /// which has these columns. Its text is the same for any number of rows, so a connection prepares it once. Other
    /// parameters are bound from `$2` on.
    ///
    /// # Errors
    /// If the rows cannot be written as JSON.
    pub fn about_given<T: Serialize>(
        self,
        columns: &[(&str, ColumnType)],
        rows: &[T],
        statement: &str,
    ) -> Result<Sql, sqlx::Error> {
        let list = |column: fn(&str, ColumnType) -> String| {
            columns.iter().map(|(name, kind)| column(name, *kind)).collect::<Vec<_>>().join(", ")
        };
        let table = match self {
            Dialect::Sqlite => {
                let values = list(|name, _| format!("value ->> '{name}' AS {name}"));
                format!("SELECT {values} FROM jsonb_each($1)")
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
        Ok(Sql::new(format!("WITH given AS ({table}) {statement}")).text(rows))
    }

    /// A query to ask together with others by [`Dialect::asked`]. `found` names its columns, in the order of the fields of what
    /// [`Answers::to`] reads them as.
    pub fn question(self, found: &[&str], Sql { text, values }: Sql) -> Sql {
        let found = found.join(", ");
        let list = match self {
            Dialect::Sqlite => format!("json_group_array(json_array({found}))"),
            Dialect::Postgres => format!("COALESCE(json_agg(json_build_array({found})), '[]')::TEXT"),
        };
        Sql { text: format!("(SELECT {list} FROM ({text}) AS found)"), values }
    }

    /// One query that asks all of these [questions](Dialect::question), and finds one row: a driver hands over one row faster than
    /// many.
    pub fn asked(self, questions: Vec<Sql>) -> Sql {
        let Sql { text, values } = Sql::joined(questions, |_, question| question.to_owned(), ", ");
        Sql { text: format!("SELECT {text}"), values }
    }

    /// Statements that return nothing, as one. They concern different tables: in PostgreSQL none of them sees what the others do.
    pub fn together(self, mut statements: Vec<Sql>) -> Sql {
        match self {
            Dialect::Sqlite => self.in_turn(statements),
            Dialect::Postgres if statements.len() == 1 => statements.remove(0),
            Dialect::Postgres => {
                let Sql { text, values } = Sql::joined(statements, |n, text| format!("part_{n} AS ({text})"), ", ");
                Sql { text: format!("WITH {text} SELECT 1"), values }
            }
        }
    }

    /// Statements that SQLite runs one after the other, as one.
    pub fn in_turn(self, statements: Vec<Sql>) -> Sql {
        Sql::joined(statements, |_, text| text.to_owned(), ";\n")
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

/// The answers to [questions](Dialect::question), in the order in which these were asked.
#[derive(Clone, Debug, Default)]
pub struct Answers(Vec<String>);

impl Answers {
    /// Adds the answers in the row that [`Dialect::asked`] finds.
    ///
    /// # Errors
    /// If the query found no row.
    pub fn add(&mut self, rows: &[AnyRow]) -> Result<(), sqlx::Error> {
        let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        for question in 0..row.len() {
            self.0.push(row.try_get(question)?);
        }
        Ok(())
    }

    /// The rows that the question with this index found.
    ///
    /// # Errors
    /// If there is no such question, or it found something else.
    pub fn to<T: DeserializeOwned>(&self, question: usize) -> Result<Vec<T>, sqlx::Error> {
        let answer =
            self.0.get(question).ok_or(sqlx::Error::ColumnIndexOutOfBounds { index: question, len: self.0.len() })?;
        serde_json::from_str(answer).map_err(|error| sqlx::Error::Decode(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_statements_keep_their_own_values() {
        let one = || Sql::new("a = $1 AND b = $2 OR c = $1").text("one").integer(2);
        let Sql { text, values } = Dialect::Sqlite.in_turn(vec![one(), Sql::new("BEGIN"), one()]);
        assert_eq!(text, "a = $1 AND b = $2 OR c = $1;\nBEGIN;\na = $3 AND b = $4 OR c = $3");
        assert_eq!(values.len(), 4);
        let more = (0..11).map(|_| Sql::new("$1").integer(0)).collect();
        assert!(Dialect::Postgres.asked(more).text.ends_with("$9, $10, $11"));
    }
}
