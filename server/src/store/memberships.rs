//! Memberships that hold until the end of a transaction.

use std::collections::{BTreeSet, HashMap};

use accord_log::{Answers, Question};
use accord_runtime::{Membership, Room, causes::MembershipEnded};
use serde::Deserialize;

use super::{
    Store, StoreError, UserRecord,
    session::Session,
    sql::ColumnType::{Integer, Text},
};

impl Store {
    /// The user of a membership, which holds until the end of the transaction: a concurrent removal waits.
    pub(super) async fn member_hold(
        &self,
        write: &mut Session,
        membership: &Membership,
    ) -> Result<UserRecord, StoreError> {
        let members = BTreeSet::from([Member::of(membership)]);
        let answers = write.ask(vec![Members::question(self, &members)]).await?;
        Members::found(&members, &answers, 0)?.user(membership).ok_or_else(|| ended(membership))
    }
}

/// Memberships that hold until the end of a transaction, with their users.
pub(super) struct Members<'m>(HashMap<Member<'m>, UserRecord>);

impl<'m> Members<'m> {
    /// The question which of the memberships exist; they then hold until the end of the transaction. [`Members::found`] reads the
    /// answer.
    pub(super) fn question(store: &Store, members: &BTreeSet<Member<'m>>) -> Question {
        let select = format!(
            "SELECT given.number, u.id, u.name, u.image
             FROM given, members m JOIN users u ON u.id = m.user_id
             WHERE m.scope = given.scope AND m.room_id = given.room_id AND m.user_id = given.user_id {}",
            store.share_lock("m")
        );
        let columns = [("number", Integer), ("scope", Text), ("room_id", Text), ("user_id", Text)];
        let row = |(number, member): (usize, &Member<'m>)| {
            let Member { scope, room_id, user_id } = *member;
            vec![number.into(), scope.into(), room_id.into(), user_id.into()]
        };
        let members = members.iter().enumerate().map(row).collect();
        Question::new(&["number", "id", "name", "image"], store.dialect.about_given(&columns, members, select))
    }

    /// The memberships that hold, by the answer to a [question](Members::question) about these.
    pub(super) fn found(
        members: &BTreeSet<Member<'m>>,
        answers: &Answers,
        question: usize,
    ) -> Result<Self, sqlx::Error> {
        #[derive(Deserialize)]
        struct Found {
            number: usize,
            id: String,
            name: String,
            image: Option<String>,
        }
        let members: Vec<Member<'m>> = members.iter().copied().collect();
        let user = |Found { number, id, name, image }| Some((*members.get(number)?, UserRecord { id, name, image }));
        Ok(Members(answers.to::<Found>(question)?.into_iter().filter_map(user).collect()))
    }

    /// The user of a membership; `None` if it has ended.
    pub(super) fn user(&self, membership: &Membership) -> Option<UserRecord> {
        self.0.get(&Member::of(membership)).cloned()
    }

    /// Ends memberships of a room for the rest of the transaction.
    pub(super) fn end(&mut self, room: &Room, user_ids: &[String]) {
        self.0.retain(|member, _| !member.is_one_of(room, user_ids));
    }
}

/// A user of a room.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
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
    fn is_one_of(&self, room: &Room, user_ids: &[String]) -> bool {
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
