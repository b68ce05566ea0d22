//! Memberships that hold until the end of a transaction.

use std::collections::{BTreeSet, HashMap};

use accord_runtime::{Membership, Room, causes::MembershipEnded};
use serde::Serialize;
use sqlx::FromRow;

use super::{
    Store, StoreError, UserRecord,
    session::Session,
    sql::{
        ColumnType::{Integer, Text},
        Numbered, numbered,
    },
};

impl Store {
    /// The user of a membership, which holds until the end of the transaction: a removal that comes meanwhile waits.
    pub(super) async fn member_hold(
        &self,
        write: &mut Session,
        membership: &Membership,
    ) -> Result<UserRecord, StoreError> {
        let held = self.members_hold(write, BTreeSet::from([Member::of(membership)])).await?;
        held.into_values().next().ok_or_else(|| ended(membership))
    }

    /// The users of those memberships that exist, which hold until the end of the transaction.
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
        let columns = [("number", Integer), ("scope", Text), ("room_id", Text), ("user_id", Text)];
        let members: Vec<Member<'m>> = members.into_iter().collect();
        let select = self.dialect.about_given(&columns, &numbered(&members), &select)?;
        let held = select.try_map(|row| Numbered::<UserRecord>::from_row(&row)).fetch_all(write).await?;
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

    /// Whether this is one of the users in the room.
    pub(super) fn is_one_of(&self, room: &Room, user_ids: &[String]) -> bool {
        self.scope == room.scope && self.room_id == room.id && user_ids.iter().any(|id| id == self.user_id)
    }
}

/// The error for a membership that has ended.
pub(super) fn ended(membership: &Membership) -> StoreError {
    StoreError::MembershipEnded(MembershipEnded {
        user: membership.identity().id.clone(),
        room: membership.room().clone(),
    })
}
