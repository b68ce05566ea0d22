//! Worlds: users and rooms that are loaded at once.

use std::collections::BTreeSet;

use accord_runtime::Room;

use super::{
    Store, StoreError,
    error::from_driver,
    rooms,
    users::{self, UserProfile},
};

/// Users and rooms to load.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct World {
    /// The users.
    pub users: Vec<UserProfile>,
    /// The rooms, of all scopes.
    pub rooms: Vec<WorldRoom>,
}

/// A room to load.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WorldRoom {
    /// The room.
    pub room: Room,
    /// Its name, for rooms that have one.
    pub name: Option<String>,
    /// The ids of its members, who are in the world or exist already.
    pub members: Vec<String>,
}

/// Why a world was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// A room lists members who are not users.
    #[error(
        "{room} lists members who are not users: {}: add them to `users`, or remove them from its `members`",
        .users.join(", ")
    )]
    UnknownUsers {
        /// The room.
        room: Room,
        /// The members' ids, sorted.
        users: Vec<String>,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

from_driver!(WorldError);

impl Store {
    /// Loads a world in one transaction. Existing users and rooms are updated; users, rooms and members that the world
    /// does not name stay. Loading the same world again changes nothing.
    pub async fn world_load(&self, world: &World) -> Result<(), WorldError> {
        for user in &world.users {
            users::check(&user.id, &user.name, user.email.as_deref(), user.image.as_deref())?;
        }
        for room in &world.rooms {
            rooms::check(&room.room, room.name.as_deref())?;
        }
        // Two loads at once take the rows in one order, so that neither waits for the other forever. The sorts are
        // stable: of two entries with one id, the last wins.
        let mut people: Vec<_> = world.users.iter().collect();
        people.sort_by_key(|user| &user.id);
        let mut places: Vec<_> = world.rooms.iter().collect();
        places.sort_by_key(|room| &room.room);
        let mut write = self.begin().await?;
        for user in people {
            users::put(&mut write, user).await?;
        }
        for WorldRoom { room, name, members } in places {
            let members: BTreeSet<&str> = members.iter().map(String::as_str).collect();
            rooms::put(&mut write, room, name.as_deref()).await?;
            let unknown = rooms::unknown_users(&mut write, &members).await?;
            if !unknown.is_empty() {
                return Err(WorldError::UnknownUsers { room: room.clone(), users: unknown });
            }
            rooms::members_insert(&mut write, room, &members.into_iter().collect::<Vec<_>>()).await?;
        }
        write.commit().await?;
        Ok(())
    }
}
