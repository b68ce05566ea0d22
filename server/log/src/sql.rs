//! Statements about any number of rows, several statements in one, and the differences between the two databases.

use std::{collections::HashMap, fmt::Write as _, sync::Arc};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        DeserializeOwned, IntoDeserializer, Visitor,
        value::{Error as ValueError, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use sqlx::{Any, AssertSqlSafe, Row, any::AnyArguments, any::AnyRow, query, query::Query};

/// A statement with what is bound to it, ready to run.
pub type Statement = Query<'static, Any, AnyArguments>;

/// SQL text, and the values of `$1`, `$2` and so on in it.
#[derive(Clone, Debug)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
    /// The rows of the table `given`, if there is one. The values are then bound from `$2` on.
    given: Option<Given>,
}

/// The texts of statements for one row, each made once.
#[derive(Debug, Default)]
pub struct RowTexts(HashMap<String, Arc<str>>);

impl RowTexts {
    /// The texts that have been made.
    pub fn made(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(|text| &**text)
    }

    fn of(&mut self, text: String, columns: &[(&str, ColumnType)]) -> Arc<str> {
        if let Some(made) = self.0.get(&text) {
            return Arc::clone(made);
        }
        let made: Arc<str> = for_one_row(&text, columns).into();
        self.0.insert(text, Arc::clone(&made));
        made
    }
}

/// Rows that a statement is given.
#[derive(Clone, Debug)]
struct Given {
    dialect: Dialect,
    columns: Vec<(&'static str, ColumnType)>,
    rows: Vec<Vec<Value>>,
}

/// A value to bind, or one that was found.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Value {
    /// A 64-bit integer.
    Integer(i64),
    /// Text.
    Text(String),
    /// None.
    Null,
}

impl Sql {
    /// A text to which nothing is bound.
    pub fn new(text: impl Into<String>) -> Self {
        Sql { text: text.into(), values: Vec::new(), given: None }
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

    /// The statement about all of the rows that it is given.
    pub fn statement(self) -> Statement {
        let Sql { text, values, .. } = self.at_once();
        values.into_iter().fold(query(AssertSqlSafe(text)), |statement, value| match value {
            Value::Text(text) => statement.bind(text),
            Value::Integer(integer) => statement.bind(integer),
            Value::Null => statement.bind(None::<String>),
        })
    }

    /// The text of the statement for one row, and the values to run it with for each of the rows: `?1`, `?2` and so on are bound to
    /// the columns of `given`, and then to what else is bound. This is fastest where a statement needs no round trip. SQLite only.
    ///
    /// The statement has `FROM given` once, with other tables after a comma, and names the columns as `given.column`.
    pub fn by_row(self, texts: &mut RowTexts) -> (Arc<str>, Vec<Vec<Value>>) {
        let Sql { text, values, given } = self;
        let (columns, mut rows) = given.map_or((Vec::new(), vec![Vec::new()]), |given| (given.columns, given.rows));
        rows.iter_mut().for_each(|row| row.extend_from_slice(&values));
        (texts.of(text, &columns), rows)
    }

    /// The same with the rows as one value, `$1`.
    fn at_once(self) -> Sql {
        let Sql { text, mut values, given } = self;
        let Some(given) = given else { return Sql { text, values, given: None } };
        values.insert(0, Value::Text(given.json()));
        Sql { text: format!("WITH given AS ({}) {text}", given.table()), values, given: None }
    }

    /// The parts as `part` writes each of them, which gets its index and text, with `between` in between.
    fn joined(parts: Vec<Sql>, part: impl Fn(usize, &str) -> String, between: &str) -> Sql {
        let mut all = Sql::new("");
        for (index, sql) in parts.into_iter().enumerate() {
            let Sql { text, values, .. } = sql.at_once();
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

impl Given {
    /// The query that reads the rows from `$1`. Its text is the same however many rows there are, so a connection prepares it
    /// once.
    fn table(&self) -> String {
        let list = |column: fn(&str, ColumnType) -> String| {
            self.columns.iter().map(|(name, kind)| column(name, *kind)).collect::<Vec<_>>().join(", ")
        };
        match self.dialect {
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
        }
    }

    /// The rows as a JSON array of objects.
    fn json(&self) -> String {
        let object = |row: &Vec<Value>| Object(self.columns.iter().map(|(name, _)| *name).zip(row.clone()).collect());
        let objects: Vec<Object> = self.rows.iter().map(object).collect();
        serde_json::to_string(&objects).expect("texts and integers are JSON")
    }
}

/// A row with the names of its columns.
struct Object(Vec<(&'static str, Value)>);

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Integer(integer) => serializer.serialize_i64(*integer),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Null => serializer.serialize_none(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Value::Text(text.clone())
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Self {
        Value::Integer(integer)
    }
}

impl From<usize> for Value {
    /// An index.
    fn from(index: usize) -> Self {
        Value::Integer(i64::try_from(index).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, T::into)
    }
}

/// Reads a value that was found.
impl<'de> Deserializer<'de> for Value {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self {
            Value::Integer(integer) => visitor.visit_i64(integer),
            Value::Text(text) => visitor.visit_string(text),
            Value::Null => visitor.visit_unit(),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        if self == Value::Null { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl IntoDeserializer<'_, ValueError> for Value {
    type Deserializer = Value;

    fn into_deserializer(self) -> Value {
        self
    }
}

/// A statement's text in which parameters are in the place of the table `given` with these columns.
fn for_one_row(text: &str, columns: &[(&str, ColumnType)]) -> String {
    const TABLE: &str = "given";
    let name = |text: &str| text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    // The first of the other parameters is `$2`, as where the rows are one value.
    let before = columns.len().saturating_sub(1);
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['$', 'g']) {
        let (plain, found) = rest.split_at(at);
        written.push_str(plain);
        rest = if let Some(numbered) = found.strip_prefix('$') {
            let (number, rest) = numbered.split_at(name(numbered));
            let number = number.parse::<usize>().unwrap_or_default() + before;
            let _ = write!(written, "?{number}");
            rest
        } else if let Some(column) = found.strip_prefix(TABLE).and_then(|rest| rest.strip_prefix('.')) {
            let (column, rest) = column.split_at(name(column));
            let number = columns.iter().position(|(name, _)| *name == column).map_or(0, |index| index + 1);
            let _ = write!(written, "?{number}");
            rest
        } else if let Some(rest) = found.strip_prefix(TABLE).filter(|_| written.ends_with("FROM ")) {
            rest.strip_prefix(", ").unwrap_or_else(|| {
                written.truncate(written.len() - "FROM ".len());
                rest
            })
        } else {
            written.push_str(&found[..1]);
            &found[1..]
        };
    }
    written.push_str(rest);
    match written.rsplit_once("SELECT ") {
        // SQLite knows then that there is one row, and checks less.
        Some((insert, values)) if insert.starts_with("INSERT") => format!("{insert}VALUES ({})", values.trim_end()),
        _ => written,
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
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) log: i64,
    pub(crate) seq: i64,
}

impl Place {
    /// The values of [`PLACE`].
    pub(crate) fn row(self) -> Vec<Value> {
        vec![self.log.into(), self.seq.into()]
    }
}

/// The columns of given [`Place`]s.
pub(crate) const PLACE: [(&str, ColumnType); 2] = [("log", ColumnType::Integer), ("seq", ColumnType::Integer)];

impl Dialect {
    /// A statement about rows, which it reads from the table `given`, which has these columns. What else it names is bound from
    /// `$2` on.
    pub fn about_given(
        self,
        columns: &[(&'static str, ColumnType)],
        rows: Vec<Vec<Value>>,
        statement: impl Into<String>,
    ) -> Sql {
        Sql { given: Some(Given { dialect: self, columns: columns.to_vec(), rows }), ..Sql::new(statement) }
    }

    /// One query that asks all of these questions, and finds one row, which [`Answers::add`] reads: a driver hands over one row faster
    /// than many.
    pub fn asked(self, questions: Vec<Question>) -> Sql {
        let questions = questions.into_iter().map(|Question { found, sql }| {
            let found = found.join(", ");
            let list = match self {
                Dialect::Sqlite => format!("json_group_array(json_array({found}))"),
                Dialect::Postgres => format!("COALESCE(json_agg(json_build_array({found})), '[]')::TEXT"),
            };
            let Sql { text, values, .. } = sql.at_once();
            Sql { text: format!("(SELECT {list} FROM ({text}) AS found)"), values, given: None }
        });
        let Sql { text, values, .. } = Sql::joined(questions.collect(), |_, question| question.to_owned(), ", ");
        Sql { text: format!("SELECT {text}"), values, given: None }
    }

    /// Statements that return nothing, as few as may be. They concern different tables: in PostgreSQL none of them sees what the
    /// others do. SQLite runs them one after the other.
    pub fn together(self, statements: Vec<Sql>) -> Vec<Sql> {
        if self == Dialect::Sqlite || statements.len() < 2 {
            return statements;
        }
        let Sql { text, values, .. } = Sql::joined(statements, |n, text| format!("part_{n} AS ({text})"), ", ");
        vec![Sql { text: format!("WITH {text} SELECT 1"), values, given: None }]
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

/// A query to ask alone or together with others.
#[derive(Clone, Debug)]
pub struct Question {
    found: Vec<&'static str>,
    /// The query.
    pub sql: Sql,
}

impl Question {
    /// A query that finds these columns, in this order. They are the fields of what [`Answers::to`] reads a row as.
    pub fn new(found: &[&'static str], sql: Sql) -> Self {
        Question { found: found.to_vec(), sql }
    }
}

/// The answers to [questions](Question), in the order in which these were asked.
#[derive(Clone, Debug, Default)]
pub struct Answers(Vec<Vec<Vec<Value>>>);

impl Answers {
    /// Adds the answers in the row that [`Dialect::asked`] finds.
    ///
    /// # Errors
    /// If the query found no row.
    pub fn add(&mut self, rows: &[AnyRow]) -> Result<(), sqlx::Error> {
        let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
        for question in 0..row.len() {
            let answer = serde_json::from_str(row.try_get(question)?);
            self.0.push(answer.map_err(|error| sqlx::Error::Decode(error.into()))?);
        }
        Ok(())
    }

    /// Adds the rows that the next question found.
    pub fn push(&mut self, rows: Vec<Vec<Value>>) {
        self.0.push(rows);
    }

    /// The rows that the question with this index found.
    ///
    /// # Errors
    /// If there is no such question, or it found something else.
    pub fn to<T: DeserializeOwned>(&self, question: usize) -> Result<Vec<T>, sqlx::Error> {
        let answer =
            self.0.get(question).ok_or(sqlx::Error::ColumnIndexOutOfBounds { index: question, len: self.0.len() })?;
        let rows = answer.iter().map(|row| T::deserialize(SeqDeserializer::new(row.iter().cloned())));
        rows.collect::<Result<_, _>>().map_err(|error| sqlx::Error::Decode(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_about_rows_is_run_for_all_at_once_or_for_each() {
        let columns = [("id", ColumnType::Text), ("n", ColumnType::Integer)];
        let rows = vec![vec!["a".into(), 1_i64.into()], vec![Value::Null, 2_i64.into()]];
        let select = "SELECT given.id, o.g, $2 FROM given, others o WHERE o.n = given.n";
        let sql = Dialect::Sqlite.about_given(&columns, rows, select).text("more");
        let (text, values) = sql.clone().by_row(&mut RowTexts::default());
        assert_eq!(&*text, "SELECT ?1, o.g, ?3 FROM others o WHERE o.n = ?2");
        assert_eq!(values, [["a".into(), 1_i64.into(), "more".into()], [Value::Null, 2_i64.into(), "more".into()]]);
        let Sql { text, values, .. } = sql.at_once();
        let given = "SELECT value ->> 'id' AS id, value ->> 'n' AS n FROM jsonb_each($1)";
        assert_eq!(text, format!("WITH given AS ({given}) {select}"));
        assert_eq!(values, [r#"[{"id":"a","n":1},{"id":null,"n":2}]"#.into(), "more".into()]);
    }

    #[test]
    fn the_statement_for_one_row_does_without_the_table() {
        let columns = [("log", ColumnType::Integer), ("newest", ColumnType::Integer)];
        let cases = [
            (
                "UPDATE heads SET n = given.newest FROM given WHERE id = given.log",
                "UPDATE heads SET n = ?2  WHERE id = ?1",
            ),
            ("INSERT INTO heads (a, b) SELECT given.log, $2 FROM given", "INSERT INTO heads (a, b) VALUES (?1, ?3)"),
        ];
        for (text, expected) in cases {
            assert_eq!(for_one_row(text, &columns), expected);
        }
        assert_eq!(for_one_row("SELECT $2, $1", &[]), "SELECT ?2, ?1");
    }

    #[test]
    fn joined_statements_keep_their_own_values() {
        let one = || Sql::new("a = $1 AND b = $2 OR c = $1").text("one").integer(2);
        let Sql { text, values, .. } =
            Sql::joined(vec![one(), Sql::new("TRUE"), one()], |_, part| part.to_owned(), ", ");
        assert_eq!(text, "a = $1 AND b = $2 OR c = $1, TRUE, a = $3 AND b = $4 OR c = $3");
        assert_eq!(values.len(), 4);
        let more = (0..11).map(|_| Sql::new("$1").integer(0)).collect();
        assert!(Sql::joined(more, |_, part| part.to_owned(), ", ").text.ends_with("$9, $10, $11"));
    }
}
