//! Rooms.

use std::collections::BTreeSet;

use accord_runtime::{Logged, Reply, Room, Then};
use sqlx::AssertSqlSafe;

use super::{
    RoomChange, RoomRecord, Store, StoreError, Timestamp, UserRecord,
    batch::{Batch, Needs},
    change::{Change, Deciding, Decision},
    error::from_driver,
    session::Session,
    sql::{placeholders, select_in, storable},
};

/// Members that one statement inserts.
const INSERT_BATCH: usize = 1000;

/// Why a room was not put.
#[derive(Debug, thiserror::Error)]
pub enum RoomPutError {
    /// The ids of members who do not exist, sorted.
    #[error("no such users: {}", .0.join(", "))]
    UnknownUsers(Vec<String>),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

from_driver!(RoomPutError);

impl Store {
    /// The room and its members.
    pub async fn room_get(&self, room: &Room) -> Result<Option<RoomRecord>, StoreError> {
        if !storable(&room.id) {
            return Ok(None);
        }
        Ok(find(&mut self.read().await?, room).await?)
    }

    /// The ids of the rooms of a scope that the user belongs to.
    pub async fn room_ids_of(&self, user_id: &str, scope: &'static str) -> Result<BTreeSet<String>, StoreError> {
        if !storable(user_id) {
            return Ok(BTreeSet::new());
        }
        let ids: Vec<(String,)> = sqlx::query_as("SELECT room_id FROM members WHERE user_id = $1 AND scope = $2")
            .bind(user_id)
            .bind(scope)
            .fetch_all(&mut self.read().await?)
            .await?;
        Ok(ids.into_iter().map(|(id,)| id).collect())
    }

    /// Creates or updates the room. Users who are not named stop being members.
    pub async fn room_put<R: Reply>(
        &self,
        room: &Room,
        name: Option<&str>,
        members: &[String],
        then: Then<RoomChange, R>,
    ) -> Result<Logged<R>, RoomPutError> {
        check(room, name)?;
        let put = Put { room: room.clone(), name: name.map(str::to_owned), members: members.to_vec() };
        self.submit(put, then).await
    }
}

struct Put {
    room: Room,
    name: Option<String>,
    members: Vec<String>,
}

impl Change for Put {
    type Done = RoomChange;
    type Error = RoomPutError;

    fn room(&self) -> &Room {
        &self.room
    }

    fn needs(&self) -> Needs<'_> {
        Needs::default()
    }

    async fn decide<'b>(&'b self, batch: &mut Batch<'b>) -> Deciding<Self> {
        batch.flush().await?;
        let Put { room, name, members } = self;
        let write = &mut batch.write;
        let wanted: BTreeSet<&str> = members.iter().map(String::as_str).collect();
        let unknown = unknown_users(write, &wanted).await?;
        if !unknown.is_empty() {
            return Ok(Err(RoomPutError::UnknownUsers(unknown)));
        }
        let is_new = !lock(write, room).await?;
        put(write, room, name.as_deref()).await?;
        let present: BTreeSet<String> = sqlx::query_as("SELECT user_id FROM members WHERE scope = $1 AND room_id = $2")
            .bind(room.scope)
            .bind(&room.id)
            .fetch_all(&mut *write)
            .await?
            .into_iter()
            .map(|(id,)| id)
            .collect();
        let removed: Vec<String> = present.iter().filter(|id| !wanted.contains(id.as_str())).cloned().collect();
        let added: Vec<&str> = wanted.into_iter().filter(|id| !present.contains(*id)).collect();
        let gone: Vec<&str> = removed.iter().map(String::as_str).collect();
        let delete = "DELETE FROM members WHERE scope = $1 AND room_id = $2 AND user_id IN";
        let _: Vec<(String,)> = select_in(write, delete, &[room.scope, &room.id], &gone, "RETURNING user_id").await?;
        members_insert(write, room, &added).await?;
        let record = get(write, room).await?;
        let added = added.into_iter().map(str::to_owned).collect();
        batch.remove_members(room, &removed);
        Ok(Ok(Decision::of(RoomChange { room: record, is_new, added, removed })))
    }
}

/// Refuses text that a database cannot hold.
pub(super) fn check(room: &Room, name: Option<&str>) -> Result<(), StoreError> {
    match (storable(&room.id), name.is_none_or(storable)) {
        (false, _) => Err(StoreError::Nul { what: "a room's id" }),
        (_, false) => Err(StoreError::Nul { what: "a room's name" }),
        (true, true) => Ok(()),
    }
}

/// Creates the room or changes its name, and locks it.
pub(super) async fn put(write: &mut Session, room: &Room, name: Option<&str>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO rooms (scope, id, name, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (scope, id) DO UPDATE SET name = excluded.name",
    )
    .bind(room.scope)
    .bind(&room.id)
    .bind(name)
    .bind(Timestamp::now())
    .execute(&mut *write)
    .await?;
    Ok(())
}

/// The ids that no user has.
pub(super) async fn unknown_users(write: &mut Session, ids: &BTreeSet<&str>) -> Result<Vec<String>, sqlx::Error> {
    let named: Vec<&str> = ids.iter().copied().filter(|id| storable(id)).collect();
    let known: Vec<(String,)> = select_in(write, "SELECT id FROM users WHERE id IN", &[], &named, "").await?;
    let known: BTreeSet<&str> = known.iter().map(|(id,)| id.as_str()).collect();
    Ok(ids.iter().filter(|id| !known.contains(*id)).map(|id| (*id).to_owned()).collect())
}

/// Makes users members of a room; returns how many are new. Existing members stay.
pub(super) async fn members_insert(write: &mut Session, room: &Room, user_ids: &[&str]) -> Result<u64, sqlx::Error> {
    let mut inserted = 0;
    for batch in user_ids.chunks(INSERT_BATCH) {
        let list = placeholders(2, batch.len()).replace(", ", "), ($1, $2, ");
        let insert = format!(
            "INSERT INTO members (scope, room_id, user_id) VALUES ($1, $2, {list}) ON CONFLICT (scope, room_id, user_id) DO NOTHING"
        );
        let mut query = sqlx::query(AssertSqlSafe(insert)).persistent(false).bind(room.scope).bind(&room.id);
        for id in batch {
            query = query.bind(*id);
        }
        inserted += query.execute(&mut *write).await?.rows_affected();
    }
    Ok(inserted)
}

/// Locks the room until the end of the transaction. Returns false if there is none.
pub(super) async fn lock(write: &mut Session, room: &Room) -> Result<bool, sqlx::Error> {
    let locked = sqlx::query("UPDATE rooms SET name = name WHERE scope = $1 AND id = $2")
        .bind(room.scope)
        .bind(&room.id)
        .execute(&mut *write)
        .await?;
    Ok(locked.rows_affected() > 0)
}

/// The room, which exists.
pub(super) async fn get(connection: &mut Session, room: &Room) -> Result<RoomRecord, sqlx::Error> {
    find(connection, room).await?.ok_or(sqlx::Error::RowNotFound)
}

async fn find(connection: &mut Session, room: &Room) -> Result<Option<RoomRecord>, sqlx::Error> {
    let found: Option<(Option<String>,)> = sqlx::query_as("SELECT name FROM rooms WHERE scope = $1 AND id = $2")
        .bind(room.scope)
        .bind(&room.id)
        .fetch_optional(&mut *connection)
        .await?;
    let Some((name,)) = found else { return Ok(None) };
    let members: Vec<UserRecord> = sqlx::query_as(
        "SELECT u.id AS user_id, u.name AS user_name, u.image AS user_image
         FROM members m JOIN users u ON u.id = m.user_id WHERE m.scope = $1 AND m.room_id = $2",
    )
    .bind(room.scope)
    .bind(&room.id)
    .fetch_all(connection)
    .await?;
    let member_count = i64::try_from(members.len()).unwrap_or(i64::MAX);
    Ok(Some(sorted(RoomRecord { room: room.clone(), name, members, member_count })))
}

/// Members by id, here and not in a query, because databases differ in how they sort text.
fn sorted(mut room: RoomRecord) -> RoomRecord {
    room.members.sort_by(|a, b| a.id.cmp(&b.id));
    room
}
