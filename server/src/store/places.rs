//! The ends of rooms' histories, where new messages take their places.

use std::collections::{BTreeMap, BTreeSet};

use accord_log::{Answers, Question, Sql};
use accord_runtime::Room;
use serde::Deserialize;

use super::{
    Store,
    clock::Id,
    sql::ColumnType::{Integer, Text},
};

/// The ends of the histories of locked rooms. The next transaction that locks one waits until this one has ended.
pub(super) struct Places<'r>(BTreeMap<&'r Room, End>);

/// The end of a room's history.
struct End {
    position: i64,
    newest_id: String,
    /// The number of messages that are added.
    added: i64,
}

/// A new message's place in the history of its room.
pub(super) struct Place {
    pub(super) position: i64,
    /// Ids sort as positions do.
    pub(super) id: Id,
}

impl<'r> Places<'r> {
    /// The question that locks the rooms until the end of the transaction, in their order, so that two transactions do not wait for
    /// each other. [`Places::found`] reads the answer.
    pub(super) fn question(store: &Store, rooms: &BTreeSet<&'r Room>) -> Question {
        let select = format!(
            "SELECT given.number, r.last_position, r.newest_id
             FROM given, rooms r WHERE r.scope = given.scope AND r.id = given.id
             ORDER BY given.number {}",
            store.update_lock("r")
        );
        let columns = [("number", Integer), ("scope", Text), ("id", Text)];
        let row = |(number, room): (usize, &&Room)| vec![number.into(), room.scope.into(), room.id.as_str().into()];
        let named = rooms.iter().enumerate().map(row).collect();
        Question::new(&["number", "last_position", "newest_id"], store.dialect.about_given(&columns, named, select))
    }

    /// The ends of the histories of rooms, by the answer to a [question](Places::question) about these. A room that does not exist
    /// is left out.
    pub(super) fn found(rooms: &BTreeSet<&'r Room>, answers: &Answers, question: usize) -> Result<Self, sqlx::Error> {
        let rooms: Vec<&'r Room> = rooms.iter().copied().collect();
        let end =
            |Found { number, position, newest_id }| Some((*rooms.get(number)?, End { position, newest_id, added: 0 }));
        Ok(Places(answers.to::<Found>(question)?.into_iter().filter_map(end).collect()))
    }

    /// Takes the next place in a room.
    pub(super) fn take(&mut self, store: &Store, room: &Room) -> Result<Place, sqlx::Error> {
        let end = self.0.get_mut(room).ok_or(sqlx::Error::RowNotFound)?;
        // The clock may have gone backwards, or be behind another node's.
        let id = store.clock.id().after(&end.newest_id);
        end.newest_id = id.to_string();
        end.position += 1;
        end.added += 1;
        Ok(Place { position: end.position, id })
    }

    /// The statement that moves the ends behind the places that have been taken, if any has.
    pub(super) fn write(&self, store: &Store) -> Option<Sql> {
        let moved = self.0.iter().filter(|(_, end)| end.added > 0);
        let row = |(room, End { position, newest_id, added }): (&&Room, &End)| {
            vec![room.scope.into(), (&room.id).into(), (*position).into(), newest_id.into(), (*added).into()]
        };
        let moved: Vec<_> = moved.map(row).collect();
        let columns = [("scope", Text), ("id", Text), ("position", Integer), ("newest_id", Text), ("added", Integer)];
        let update = "UPDATE rooms SET last_position = given.position, newest_id = given.newest_id,
                                       message_count = message_count + given.added
                      FROM given WHERE rooms.scope = given.scope AND rooms.id = given.id";
        (!moved.is_empty()).then(|| store.dialect.about_given(&columns, moved, update))
    }
}

/// The end of a room that has been found.
#[derive(Deserialize)]
struct Found {
    number: usize,
    position: i64,
    newest_id: String,
}
