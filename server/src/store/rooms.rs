//! Rooms and their members.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use accord_runtime::{Membership, Room};
use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::{
    Dialect, RoomChange, RoomRecord, Store, StoreError, Timestamp, UserRecord,
    error::from_driver,
    session::Session,
    sql::{ColumnType, Numbered, about_given, given_numbered, placeholders, select_in, storable},
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

from_driver!(RoomPutError, MemberPutError, MemberDeleteError);

impl Store {
    /// Whether the user is a member of the room. A room that does not exist has no members.
    pub async fn member_exists(&self, user_id: &str, room: &Room) -> Result<bool, StoreError> {
        if !storable(user_id) || !storable(&room.id) {
            return Ok(false);
        }
        let found: Option<(String,)> =
            sqlx::query_as("SELECT user_id FROM members WHERE scope = $1 AND room_id = $2 AND user_id = $3")
                .bind(room.scope)
                .bind(&room.id)
                .bind(user_id)
                .fetch_optional(&mut self.read().await?)
                .await?;
        Ok(found.is_some())
    }

    /// The room and its members.
    pub async fn room_get(&self, room: &Room) -> Result<Option<RoomRecord>, StoreError> {
        if !storable(&room.id) {
            return Ok(None);
        }
        Ok(find(&mut self.read().await?, room).await?)
    }

    /// The rooms of a scope that the user belongs to, by id.
    pub async fn rooms_of(&self, user_id: &str, scope: &'static str) -> Result<Vec<RoomRecord>, StoreError> {
        if !storable(user_id) {
            return Ok(Vec::new());
        }
        type Row = (String, Option<String>, String, String, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT r.id, r.name, u.id, u.name, u.image
             FROM members own
             JOIN rooms r ON r.scope = own.scope AND r.id = own.room_id
             JOIN members m ON m.scope = own.scope AND m.room_id = own.room_id
             JOIN users u ON u.id = m.user_id
             WHERE own.user_id = $1 AND own.scope = $2",
        )
        .bind(user_id)
        .bind(scope)
        .fetch_all(&mut self.read().await?)
        .await?;
        let mut rooms = BTreeMap::<String, RoomRecord>::new();
        for (id, name, user_id, user_name, image) in rows {
            let room = rooms.entry(id).or_insert_with_key(|id| RoomRecord {
                room: Room { scope, id: id.clone() },
                name,
                members: Vec::new(),
            });
            room.members.push(UserRecord { id: user_id, name: user_name, image });
        }
        Ok(rooms.into_values().map(sorted).collect())
    }

    /// Creates or updates the room. Users who are not named stop being members.
    pub async fn room_put(
        &self,
        room: &Room,
        name: Option<&str>,
        members: &[String],
    ) -> Result<RoomChange, RoomPutError> {
        check(room, name)?;
        let wanted: BTreeSet<&str> = members.iter().map(String::as_str).collect();
        let mut write = self.begin().await?;
        put(&mut write, room, name).await?;
        let unknown = unknown_users(&mut write, &wanted).await?;
        if !unknown.is_empty() {
            return Err(RoomPutError::UnknownUsers(unknown));
        }
        let present: BTreeSet<String> = sqlx::query_as("SELECT user_id FROM members WHERE scope = $1 AND room_id = $2")
            .bind(room.scope)
            .bind(&room.id)
            .fetch_all(&mut write)
            .await?
            .into_iter()
            .map(|(id,)| id)
            .collect();
        let removed: Vec<String> = present.iter().filter(|id| !wanted.contains(id.as_str())).cloned().collect();
        let added: Vec<&str> = wanted.into_iter().filter(|id| !present.contains(*id)).collect();
        let gone: Vec<&str> = removed.iter().map(String::as_str).collect();
        let delete = "DELETE FROM members WHERE scope = $1 AND room_id = $2 AND user_id IN";
        let _: Vec<(String,)> =
            select_in(&mut write, delete, &[room.scope, &room.id], &gone, "RETURNING user_id").await?;
        members_insert(&mut write, room, &added).await?;
        let room = get(&mut write, room).await?;
        write.commit().await?;
        Ok(RoomChange { room, removed })
    }

    /// Makes the user a member of the room, if it is not one yet.
    pub async fn member_put(&self, room: &Room, user_id: &str) -> Result<RoomRecord, MemberPutError> {
        if !storable(&room.id) {
            return Err(MemberPutError::RoomNotFound);
        }
        let mut write = self.begin().await?;
        if !lock(&mut write, room).await? {
            return Err(MemberPutError::RoomNotFound);
        }
        if !unknown_users(&mut write, &BTreeSet::from([user_id])).await?.is_empty() {
            return Err(MemberPutError::UserNotFound);
        }
        members_insert(&mut write, room, &[user_id]).await?;
        let record = get(&mut write, room).await?;
        write.commit().await?;
        Ok(record)
    }

    /// Ends the user's membership of the room. Without a membership, nothing changes. Once this has returned, no change
    /// under that membership is accepted.
    pub async fn member_delete(&self, room: &Room, user_id: &str) -> Result<RoomChange, MemberDeleteError> {
        if !storable(&room.id) {
            return Err(MemberDeleteError::RoomNotFound);
        }
        let mut write = self.begin().await?;
        if !lock(&mut write, room).await? {
            return Err(MemberDeleteError::RoomNotFound);
        }
        let mut removed = Vec::new();
        if storable(user_id) {
            let deleted = sqlx::query("DELETE FROM members WHERE scope = $1 AND room_id = $2 AND user_id = $3")
                .bind(room.scope)
                .bind(&room.id)
                .bind(user_id)
                .execute(&mut write)
                .await?;
            if deleted.rows_affected() > 0 {
                removed.push(user_id.to_owned());
            }
        }
        let record = get(&mut write, room).await?;
        write.commit().await?;
        Ok(RoomChange { room: record, removed })
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

    /// The clause that keeps the rows of a table unchanged until the end of the transaction.
    pub(super) fn share_lock(&self, table: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => String::new(),
            Dialect::Postgres => format!("FOR KEY SHARE OF {table}"),
        }
    }

    /// The clause that keeps the rows of a table for this transaction alone, until its end.
    pub(super) fn update_lock(&self, table: &str) -> String {
        match self.dialect {
            Dialect::Sqlite => String::new(),
            Dialect::Postgres => format!("FOR NO KEY UPDATE OF {table}"),
        }
    }

    /// The user of a membership, which is made sure to hold until the end of the transaction: a removal that has been
    /// answered comes before it, and one that has not waits.
    pub(super) async fn member_hold(
        &self,
        write: &mut Session,
        membership: &Membership,
    ) -> Result<UserRecord, StoreError> {
        let held = self.members_hold(write, BTreeSet::from([Member::of(membership)])).await?;
        held.into_values().next().ok_or_else(|| ended(membership))
    }

    /// The users of those of the memberships that there are; they hold until the end of the transaction.
    pub(super) async fn members_hold<'m>(
        &self,
        write: &mut Session,
        members: BTreeSet<Member<'m>>,
    ) -> Result<HashMap<Member<'m>, UserRecord>, sqlx::Error> {
        let select = format!(
            "SELECT given.number, u.id AS user_id, u.name AS user_name, u.image AS user_image
             FROM given JOIN members m ON m.scope = given.scope AND m.room_id = given.room_id
                                      AND m.user_id = given.user_id
             JOIN users u ON u.id = m.user_id {}",
            self.share_lock("m")
        );
        let columns = [
            ("number", ColumnType::Integer),
            ("scope", ColumnType::Text),
            ("room_id", ColumnType::Text),
            ("user_id", ColumnType::Text),
        ];
        let members: Vec<Member<'m>> = members.into_iter().collect();
        let held: Vec<Numbered<UserRecord>> = sqlx::query_as(about_given(self.dialect, &columns, &select))
            .bind(given_numbered(&members)?)
            .fetch_all(write)
            .await?;
        Ok(held.into_iter().filter_map(|held| Some((*members.get(held.number)?, held.row))).collect())
    }
}

/// A user of a room.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub(super) struct Member<'m> {
    scope: &'m str,
    room_id: &'m str,
    user_id: &'m str,
}

impl<'m> Member<'m> {
    pub(super) fn of(membership: &'m Membership) -> Self {
        let room = membership.room();
        Member { scope: room.scope, room_id: &room.id, user_id: &membership.identity().id }
    }
}

/// The error for a membership that there is no more.
pub(super) fn ended(membership: &Membership) -> StoreError {
    StoreError::MembershipEnded { user: membership.identity().id.clone(), room: membership.room().clone() }
}

/// Refuses text that a database cannot hold.
pub(super) fn check(room: &Room, name: Option<&str>) -> Result<(), StoreError> {
    match (storable(&room.id), name.is_none_or(storable)) {
        (false, _) => Err(StoreError::Nul { what: "a room's id" }),
        (_, false) => Err(StoreError::Nul { what: "a room's name" }),
        (true, true) => Ok(()),
    }
}

/// Creates the room or changes its name, and holds it.
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

/// Those of the ids that no user has.
pub(super) async fn unknown_users(write: &mut Session, ids: &BTreeSet<&str>) -> Result<Vec<String>, sqlx::Error> {
    let named: Vec<&str> = ids.iter().copied().filter(|id| storable(id)).collect();
    let known: Vec<(String,)> = select_in(write, "SELECT id FROM users WHERE id IN", &[], &named, "").await?;
    let known: BTreeSet<&str> = known.iter().map(|(id,)| id.as_str()).collect();
    Ok(ids.iter().filter(|id| !known.contains(*id)).map(|id| (*id).to_owned()).collect())
}

/// Makes users members of a room. Existing members stay.
pub(super) async fn members_insert(write: &mut Session, room: &Room, user_ids: &[&str]) -> Result<(), sqlx::Error> {
    for batch in user_ids.chunks(INSERT_BATCH) {
        let list = placeholders(2, batch.len()).replace(", ", "), ($1, $2, ");
        let insert = format!(
            "INSERT INTO members (scope, room_id, user_id) VALUES ($1, $2, {list}) ON CONFLICT (scope, room_id, user_id) DO NOTHING"
        );
        let mut query = sqlx::query(AssertSqlSafe(insert)).persistent(false).bind(room.scope).bind(&room.id);
        for id in batch {
            query = query.bind(*id);
        }
        query.execute(&mut *write).await?;
    }
    Ok(())
}

/// Holds the room until the end of the transaction. False if there is none.
async fn lock(write: &mut Session, room: &Room) -> Result<bool, sqlx::Error> {
    let locked = sqlx::query("UPDATE rooms SET name = name WHERE scope = $1 AND id = $2")
        .bind(room.scope)
        .bind(&room.id)
        .execute(&mut *write)
        .await?;
    Ok(locked.rows_affected() > 0)
}

/// The room, which exists.
async fn get(connection: &mut Session, room: &Room) -> Result<RoomRecord, sqlx::Error> {
    find(connection, room).await?.ok_or(sqlx::Error::RowNotFound)
}

async fn find(connection: &mut Session, room: &Room) -> Result<Option<RoomRecord>, sqlx::Error> {
    let found: Option<(Option<String>,)> = sqlx::query_as("SELECT name FROM rooms WHERE scope = $1 AND id = $2")
        .bind(room.scope)
        .bind(&room.id)
        .fetch_optional(&mut *connection)
        .await?;
    let Some((name,)) = found else { return Ok(None) };
    let members = sqlx::query_as(
        "SELECT u.id AS user_id, u.name AS user_name, u.image AS user_image
         FROM members m JOIN users u ON u.id = m.user_id WHERE m.scope = $1 AND m.room_id = $2",
    )
    .bind(room.scope)
    .bind(&room.id)
    .fetch_all(connection)
    .await?;
    Ok(Some(sorted(RoomRecord { room: room.clone(), name, members })))
}

/// Members by id, here and not in a query, because databases differ in how they sort text.
fn sorted(mut room: RoomRecord) -> RoomRecord {
    room.members.sort_by(|a, b| a.id.cmp(&b.id));
    room
}
