//! The members of rooms.

use std::collections::BTreeSet;

use accord_runtime::{Logged, Position, Reply, Room, Then};

use super::{
    RoomChange, Store, StoreError,
    batch::{Batch, Needs},
    change::{Change, Deciding, Decision},
    error::from_driver,
    rooms::{get, lock, members_insert, unknown_users},
    sql::{select_in, storable},
};

/// Why a user was not made a member.
#[derive(Debug, thiserror::Error)]
pub enum MemberPutError {
    /// There is no such room.
    #[error("no such room")]
    RoomNotFound,
    /// There is no such user.
    #[error("no such user")]
    UserNotFound,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a membership was not ended.
#[derive(Debug, thiserror::Error)]
pub enum MemberDeleteError {
    /// There is no such room.
    #[error("no such room")]
    RoomNotFound,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

from_driver!(MemberPutError, MemberDeleteError);

impl Store {
    /// The position of a room's log if the user is one of its members, as of the same moment.
    pub async fn position_of_member(&self, user_id: &str, room: &Room) -> Result<Option<Position>, StoreError> {
        if !storable(user_id) || !storable(&room.id) {
            return Ok(None);
        }
        let is_member = "EXISTS (SELECT 1 FROM members m WHERE m.scope = $1 AND m.room_id = $2 AND m.user_id = $3)";
        Ok(self.tables.position_if(&mut self.read().await?, room, is_member, user_id).await?)
    }

    /// Makes the user a member of the room, if it is not one yet.
    pub async fn member_put<R: Reply>(
        &self,
        room: &Room,
        user_id: &str,
        then: Then<RoomChange, R>,
    ) -> Result<Logged<R>, MemberPutError> {
        if !storable(&room.id) {
            return Err(MemberPutError::RoomNotFound);
        }
        self.submit(PutMember { room: room.clone(), user_id: user_id.to_owned() }, then).await
    }

    /// Ends the user's membership of the room. Without a membership, nothing changes. Once this has returned, no change
    /// under that membership is accepted.
    pub async fn member_delete<R: Reply>(
        &self,
        room: &Room,
        user_id: &str,
        then: Then<RoomChange, R>,
    ) -> Result<Logged<R>, MemberDeleteError> {
        if !storable(&room.id) {
            return Err(MemberDeleteError::RoomNotFound);
        }
        self.submit(DeleteMember { room: room.clone(), user_id: user_id.to_owned() }, then).await
    }

    /// The users among `others`, except the user, who share no room with the user. If there is no such user, that is all
    /// of them.
    pub async fn strangers(&self, user_id: &str, others: &[&str]) -> Result<Vec<String>, StoreError> {
        if !storable(user_id) {
            return Ok(others.iter().map(|other| (*other).to_owned()).collect());
        }
        let asked: Vec<&str> = others.iter().copied().filter(|other| storable(other)).collect();
        let mut connection = self.read().await?;
        let known: Vec<(String,)> = select_in(
            &mut connection,
            "SELECT DISTINCT b.user_id FROM members a JOIN members b ON b.scope = a.scope AND b.room_id = a.room_id
             WHERE a.user_id = $1 AND b.user_id IN",
            &[user_id],
            &asked,
            "",
        )
        .await?;
        let known: BTreeSet<&str> = known.iter().map(|(id,)| id.as_str()).chain([user_id]).collect();
        Ok(others.iter().filter(|other| !known.contains(*other)).map(|other| (*other).to_owned()).collect())
    }
}

struct PutMember {
    room: Room,
    user_id: String,
}

impl Change for PutMember {
    type Done = RoomChange;
    type Error = MemberPutError;

    fn room(&self) -> &Room {
        &self.room
    }

    fn needs(&self) -> Needs<'_> {
        Needs::default()
    }

    async fn decide<'b>(&'b self, batch: &mut Batch<'b>) -> Deciding<Self> {
        batch.flush().await?;
        let PutMember { room, user_id } = self;
        let write = &mut batch.write;
        if !lock(write, room).await? {
            return Ok(Err(MemberPutError::RoomNotFound));
        }
        if !unknown_users(write, &BTreeSet::from([user_id.as_str()])).await?.is_empty() {
            return Ok(Err(MemberPutError::UserNotFound));
        }
        let inserted = members_insert(write, room, &[user_id]).await?;
        let added = if inserted > 0 { vec![user_id.clone()] } else { Vec::new() };
        let record = get(write, room).await?;
        Ok(Ok(Decision::of(RoomChange { room: record, is_new: false, added, removed: Vec::new() })))
    }
}

struct DeleteMember {
    room: Room,
    user_id: String,
}

impl Change for DeleteMember {
    type Done = RoomChange;
    type Error = MemberDeleteError;

    fn room(&self) -> &Room {
        &self.room
    }

    fn needs(&self) -> Needs<'_> {
        Needs::default()
    }

    async fn decide<'b>(&'b self, batch: &mut Batch<'b>) -> Deciding<Self> {
        batch.flush().await?;
        let DeleteMember { room, user_id } = self;
        let write = &mut batch.write;
        if !lock(write, room).await? {
            return Ok(Err(MemberDeleteError::RoomNotFound));
        }
        let mut removed = Vec::new();
        if storable(user_id) {
            let deleted = sqlx::query("DELETE FROM members WHERE scope = $1 AND room_id = $2 AND user_id = $3")
                .bind(room.scope)
                .bind(&room.id)
                .bind(user_id)
                .execute(&mut *write)
                .await?;
            if deleted.rows_affected() > 0 {
                removed.push(user_id.clone());
            }
        }
        let record = get(write, room).await?;
        batch.remove_members(room, &removed);
        Ok(Ok(Decision::of(RoomChange { room: record, is_new: false, added: Vec::new(), removed })))
    }
}
