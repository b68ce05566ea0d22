//! The heads of logs: the numbers of their newest entries.

use std::collections::{BTreeMap, BTreeSet};

use accord_runtime::Room;
use serde::Deserialize;

use crate::{
    connection::Connection,
    sql::{
        Answers,
        ColumnType::{self, Integer, Text},
        Question, Sql, Value,
    },
    tables::Tables,
};

/// The heads of the logs of rooms, locked until the end of a transaction: nobody else can append to these rooms until then.
#[derive(Default)]
pub struct Heads<'r>(BTreeMap<&'r Room, Head>);

struct Head {
    log: i64,
    newest: i64,
    /// Whether entries have been added.
    moved: bool,
}

impl<'r> Heads<'r> {
    /// The question that locks the heads of rooms, in their order, so that two transactions do not wait for each other.
    /// [`Heads::found`] reads the answer.
    pub fn question(tables: &Tables, rooms: &BTreeSet<&'r Room>) -> Question {
        let select = format!(
            "SELECT given.number, h.id, h.newest
             FROM given, log_heads h WHERE h.scope = given.scope AND h.room = given.room
             ORDER BY given.number {}",
            tables.dialect.lock("h")
        );
        Question::new(&["number", "id", "newest"], tables.dialect.about_given(&NAMED, named(rooms), select))
    }

    /// The heads of rooms, by the answer to a [question](Heads::question) about these. A room that has had no entry is left out.
    ///
    /// # Errors
    /// If the question has no answer, or one of another form.
    pub fn found(rooms: &BTreeSet<&'r Room>, answers: &Answers, question: usize) -> Result<Self, sqlx::Error> {
        let rooms: Vec<&'r Room> = rooms.iter().copied().collect();
        let found: Vec<Found> = answers.to(question)?;
        let head = |Found { number, id, newest }| Some((*rooms.get(number)?, Head { log: id, newest, moved: false }));
        Ok(Heads(found.into_iter().filter_map(head).collect()))
    }

    /// Locks the heads of those rooms that are not locked yet, and makes those that do not exist.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn lock(
        &mut self,
        tables: &Tables,
        connection: &mut dyn Connection,
        mut rooms: BTreeSet<&'r Room>,
    ) -> Result<(), sqlx::Error> {
        for making in [false, true] {
            rooms.retain(|room| !self.0.contains_key(room));
            if rooms.is_empty() {
                return Ok(());
            }
            if making {
                let insert = "INSERT INTO log_heads (scope, room, newest)
                              SELECT scope, room, 0 FROM given WHERE TRUE ORDER BY number
                              ON CONFLICT (scope, room) DO NOTHING";
                connection.run(tables.dialect.about_given(&NAMED, named(&rooms), insert).statement()).await?;
            }
            let question = tables.dialect.asked(vec![Heads::question(tables, &rooms)]);
            let mut answers = Answers::default();
            answers.add(&connection.run(question.statement()).await?)?;
            self.0.append(&mut Heads::found(&rooms, &answers, 0)?.0);
        }
        Ok(())
    }

    /// The number of the newest entry of a room, those that are about to be written included; 0 if it has had none.
    pub fn newest(&self, room: &Room) -> u64 {
        self.0.get(room).map_or(0, |head| head.newest.unsigned_abs())
    }

    /// The log of a room, and the number of its next entry.
    pub(crate) fn next(&mut self, room: &Room) -> Result<(i64, i64), sqlx::Error> {
        let head = self.0.get_mut(room).ok_or(sqlx::Error::RowNotFound)?;
        head.newest += 1;
        head.moved = true;
        Ok((head.log, head.newest))
    }

    /// The statement that writes the heads that have moved.
    pub(crate) fn write(&self, tables: &Tables) -> Sql {
        let moved = self.0.values().filter(|head| head.moved);
        let given = moved.map(|Head { log, newest, .. }| vec![(*log).into(), (*newest).into()]).collect();
        let update = "UPDATE log_heads SET newest = given.newest FROM given WHERE log_heads.id = given.log";
        tables.dialect.about_given(&[("log", Integer), ("newest", Integer)], given, update)
    }
}

const NAMED: [(&str, ColumnType); 3] = [("number", Integer), ("scope", Text), ("room", Text)];

fn named(rooms: &BTreeSet<&Room>) -> Vec<Vec<Value>> {
    let row = |(number, room): (usize, &&Room)| vec![number.into(), room.scope.into(), room.id.as_str().into()];
    rooms.iter().enumerate().map(row).collect()
}

/// A head that has been found.
#[derive(Deserialize)]
struct Found {
    number: usize,
    id: i64,
    newest: i64,
}
