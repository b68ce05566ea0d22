//! The ends of rooms' histories, where new messages take their places.

use std::collections::{BTreeMap, BTreeSet};

use accord_runtime::Room;
use serde::Serialize;
use sqlx::{FromRow, Row, any::AnyRow};

use super::{
    Store,
    clock::Id,
    session::Session,
    sql::{
        ColumnType::{Integer, Text},
        Numbered, numbered,
    },
};

/// The ends of the histories of rooms that are locked: whoever locks one next begins to do so when this transaction has
/// ended.
pub(super) struct Places<'r>(BTreeMap<&'r Room, End>);

/// The end of a room's history.
struct End {
    position: i64,
    newest_id: String,
    /// The number of messages that are added.
    added: i64,
}

impl FromRow<'_, AnyRow> for End {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(End { position: row.try_get("last_position")?, newest_id: row.try_get("newest_id")?, added: 0 })
    }
}

/// A new message's place in the history of its room.
pub(super) struct Place {
    pub(super) position: i64,
    /// Ids sort as positions do.
    pub(super) id: Id,
}

impl<'r> Places<'r> {
    /// Locks the rooms until the end of the transaction, in their order, so that two transactions do not wait for each other.
    /// A room that does not exist is left out.
    pub(super) async fn lock(
        store: &Store,
        write: &mut Session,
        rooms: BTreeSet<&'r Room>,
    ) -> Result<Self, sqlx::Error> {
        let select = format!(
            "SELECT given.number, r.last_position, r.newest_id
             FROM given JOIN rooms r ON r.scope = given.scope AND r.id = given.id
             ORDER BY given.number {}",
            store.update_lock("r")
        );
        let columns = [("number", Integer), ("scope", Text), ("id", Text)];
        let rooms: Vec<&'r Room> = rooms.into_iter().collect();
        let named: Vec<_> = rooms.iter().map(|room| Named { scope: room.scope, id: &room.id }).collect();
        let select = store.dialect.about_given(&columns, &numbered(&named), &select)?;
        let ends = select.try_map(|row| Numbered::<End>::from_row(&row)).fetch_all(write).await?;
        Ok(Places(ends.into_iter().filter_map(|end| Some((*rooms.get(end.number)?, end.row))).collect()))
    }

    /// Takes the next place in a room.
    pub(super) fn take(&mut self, store: &Store, room: &Room) -> Result<Place, sqlx::Error> {
        let end = self.0.get_mut(room).ok_or(sqlx::Error::RowNotFound)?;
        // The clock may have gone backwards, or be behind that of another node.
        let id = store.clock.id().after(&end.newest_id);
        end.newest_id = id.to_string();
        end.position += 1;
        end.added += 1;
        Ok(Place { position: end.position, id })
    }

    /// Moves the ends behind the places that have been taken.
    pub(super) async fn write(&self, store: &Store, write: &mut Session) -> Result<(), sqlx::Error> {
        let moved: Vec<_> = self
            .0
            .iter()
            .filter(|(_, end)| end.added > 0)
            .map(|(room, End { position, newest_id, added })| Moved {
                scope: room.scope,
                id: &room.id,
                position: *position,
                newest_id,
                added: *added,
            })
            .collect();
        let columns = [("scope", Text), ("id", Text), ("position", Integer), ("newest_id", Text), ("added", Integer)];
        let update = "UPDATE rooms SET last_position = given.position, newest_id = given.newest_id,
                                       message_count = message_count + given.added
                      FROM given WHERE rooms.scope = given.scope AND rooms.id = given.id";
        store.dialect.about_given(&columns, &moved, update)?.execute(write).await?;
        Ok(())
    }
}

/// A room to look for.
#[derive(Serialize)]
struct Named<'r> {
    scope: &'static str,
    id: &'r str,
}

/// The new end of a room.
#[derive(Serialize)]
struct Moved<'r> {
    scope: &'static str,
    id: &'r str,
    position: i64,
    newest_id: &'r str,
    added: i64,
}
