//! Reading a user's rooms page by page.

use std::collections::HashMap;

use accord_runtime::Room;
use sqlx::AssertSqlSafe;

use super::{
    Dialect, HistoryError, InvalidCursor, RoomPage, RoomRecord, Store, StoreError, UserRecord,
    cursor::List,
    sql::{select_in, storable},
};

/// The number of rooms that are read at once. Then other requests have their turn, so that a user with very many rooms
/// does not block the database.
const AT_ONCE: i64 = 100;

/// The number of members that a room of a page shows.
const SHOWN: i64 = 100;

impl Store {
    /// The rooms of a scope that the user belongs to, by id.
    pub async fn rooms_of(&self, user_id: &str, scope: &'static str) -> Result<Vec<RoomRecord>, StoreError> {
        Ok(self.rooms_after("", user_id, scope, i64::MAX, i64::MAX).await?.0)
    }

    /// A page of the rooms of a scope that the user belongs to, by id, each with its first members: the page that the cursor points
    /// to, or the first one.
    pub async fn rooms_page(
        &self,
        user_id: &str,
        scope: &'static str,
        cursor: Option<&str>,
        limit: i64,
    ) -> Result<RoomPage, HistoryError> {
        let list = List::Rooms { scope, user_id };
        let after = match cursor {
            Some(cursor) => String::from_utf8(self.cursor_key.verify(list, cursor)?).map_err(|_| InvalidCursor)?,
            None => String::new(),
        };
        let (rooms, more) = self.rooms_after(&after, user_id, scope, limit, SHOWN).await?;
        let last = rooms.last().filter(|_| more);
        let next_cursor = last.map(|last| self.cursor_key.sign(list, last.room.id.as_bytes()));
        Ok(RoomPage { rooms, next_cursor })
    }

    /// The rooms after the one with this id, up to a number, each with its first members; also returns whether there
    /// are more.
    async fn rooms_after(
        &self,
        after: &str,
        user_id: &str,
        scope: &'static str,
        limit: i64,
        members: i64,
    ) -> Result<(Vec<RoomRecord>, bool), StoreError> {
        let (mut rooms, mut left): (Vec<RoomRecord>, _) = (Vec::new(), limit);
        loop {
            let after = rooms.last().map_or(after, |last| &last.room.id);
            let most = left.min(AT_ONCE);
            let (read, more) = self.rooms_at_once(after, user_id, scope, most, members).await?;
            rooms.extend(read);
            left -= most;
            if !more || left == 0 {
                return Ok((rooms, more));
            }
        }
    }

    /// As [`Store::rooms_after`], with one use of a connection.
    async fn rooms_at_once(
        &self,
        after: &str,
        user_id: &str,
        scope: &'static str,
        limit: i64,
        members: i64,
    ) -> Result<(Vec<RoomRecord>, bool), StoreError> {
        if !storable(user_id) {
            return Ok((Vec::new(), false));
        }
        // Databases differ in how they sort text; this is the order of its bytes.
        let by_bytes = match self.dialect {
            Dialect::Sqlite => "",
            Dialect::Postgres => "COLLATE \"C\"",
        };
        let mut snapshot = self.snapshot().await?;
        let select = format!(
            "SELECT r.id, r.name FROM members own JOIN rooms r ON r.scope = own.scope AND r.id = own.room_id
             WHERE own.user_id = $1 AND own.scope = $2 AND r.id {by_bytes} > $3 ORDER BY r.id {by_bytes} LIMIT $4"
        );
        let mut rows: Vec<(String, Option<String>)> = sqlx::query_as(AssertSqlSafe(select))
            .bind(user_id)
            .bind(scope)
            .bind(after)
            .bind(limit + 1)
            .fetch_all(&mut snapshot)
            .await?;
        let size = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > size;
        rows.truncate(size);

        let ids: Vec<&str> = rows.iter().map(|(id, _)| id.as_str()).collect();
        let head = format!(
            "SELECT shown.room_id, shown.count, u.id, u.name, u.image
             FROM (SELECT room_id, user_id, COUNT(*) OVER (PARTITION BY room_id) AS count,
                          ROW_NUMBER() OVER (PARTITION BY room_id ORDER BY user_id {by_bytes}) AS place
                   FROM members WHERE scope = $1 AND room_id IN"
        );
        let tail = format!(
            ") AS shown JOIN users u ON u.id = shown.user_id WHERE shown.place <= {members} ORDER BY shown.place"
        );
        type Row = (String, i64, String, String, Option<String>);
        let mut found = HashMap::<String, (i64, Vec<UserRecord>)>::new();
        let shown: Vec<Row> = select_in(&mut snapshot, &head, &[scope], &ids, &tail).await?;
        for (room_id, count, id, name, image) in shown {
            let (member_count, shown) = found.entry(room_id).or_default();
            *member_count = count;
            shown.push(UserRecord { id, name, image });
        }
        let record = |(id, name)| {
            let (member_count, members) = found.remove(&id).unwrap_or_default();
            RoomRecord { room: Room { scope, id }, name, members, member_count }
        };
        Ok((rows.into_iter().map(record).collect(), more))
    }
}
