//! Changes of rooms' members: the entries that they leave in the log, and the hints that the users concerned get.

use std::sync::Arc;

use accord_runtime::{Fault, Logged, Outcome, Reply, Room, Scope, Then};

use super::App;
use crate::{
    protocol::*,
    store::{MemberDeleteError, MemberPutError, RoomChange, RoomPutError},
};

/// The maximum number of members added and removed at once for which each gets an entry.
const MOST_ENTRIES: usize = 100;

/// The maximum number of members in a hint.
const SHOWN: usize = 100;

/// The reply to a change of a room, and the change.
#[derive(Debug)]
pub(super) struct Changed<R> {
    pub(super) reply: R,
    pub(super) change: RoomChange,
}

impl<R: Reply> Reply for Changed<R> {
    const USERS: &'static [&'static str] = R::USERS;

    fn outcome(&self, users: &[Arc<str>]) -> Result<Outcome, serde_json::Error> {
        self.reply.outcome(users)
    }
}

/// The entries that a change of a room leaves in its log: one for each member, or one for all of them. The log of a new room
/// begins without any.
pub(super) struct Entries<A, R> {
    /// The new members.
    pub(super) added: A,
    /// The former members.
    pub(super) removed: R,
    /// Whether there is one entry for all of them.
    pub(super) changed: bool,
}

impl Entries<(), ()> {
    pub(super) fn of(
        change: &RoomChange,
    ) -> Entries<impl Iterator<Item = User> + use<'_>, impl Iterator<Item = UserId> + use<'_>> {
        let count = change.added.len() + change.removed.len();
        let each = !change.is_new && count <= MOST_ENTRIES;
        let members = change.room.members.iter();
        let added = members.filter(move |member| each && change.added.binary_search(&member.id).is_ok());
        let removed = change.removed.iter().filter(move |_| each);
        Entries {
            added: added.map(|member| member.clone().into()),
            removed: removed.map(|id| UserId(id.clone())),
            changed: !change.is_new && count > MOST_ENTRIES,
        }
    }
}

impl App {
    /// Creates or updates a room. When this returns, the sockets of former members have left it.
    pub(super) async fn room_put<R: Reply, E>(
        &self,
        room: Room,
        name: Option<&str>,
        members: Vec<UserId>,
        then: Then<RoomChange, Changed<R>>,
    ) -> Result<Logged<R>, E>
    where
        E: From<errors::UserNotFound> + From<Fault>,
    {
        let members: Vec<String> = members.into_iter().map(|member| member.0).collect();
        let changed = self.0.store.room_put(&room, name, &members, then).await.map_err(|error| match error {
            RoomPutError::UnknownUsers(_) => errors::UserNotFound.into(),
            RoomPutError::Store(error) => E::from(Fault::new(error)),
        })?;
        Ok(self.members_changed(changed).await?)
    }

    /// Makes a user a member of a room.
    pub(super) async fn member_put<R: Reply, E>(
        &self,
        room: Room,
        user_id: &UserId,
        then: Then<RoomChange, Changed<R>>,
    ) -> Result<Logged<R>, E>
    where
        E: From<errors::RoomNotFound> + From<errors::UserNotFound> + From<Fault>,
    {
        let changed = self.0.store.member_put(&room, user_id.as_str(), then).await.map_err(|error| match error {
            MemberPutError::RoomNotFound => errors::RoomNotFound.into(),
            MemberPutError::UserNotFound => errors::UserNotFound.into(),
            MemberPutError::Store(error) => E::from(Fault::new(error)),
        })?;
        Ok(self.members_changed(changed).await?)
    }

    /// Ends a user's membership of a room. When this returns, the user's sockets have left it.
    pub(super) async fn member_delete<R: Reply, E>(
        &self,
        room: Room,
        user_id: &UserId,
        then: Then<RoomChange, Changed<R>>,
    ) -> Result<Logged<R>, E>
    where
        E: From<errors::RoomNotFound> + From<Fault>,
    {
        let changed = self.0.store.member_delete(&room, user_id.as_str(), then).await.map_err(|error| match error {
            MemberDeleteError::RoomNotFound => errors::RoomNotFound.into(),
            MemberDeleteError::Store(error) => E::from(Fault::new(error)),
        })?;
        Ok(self.members_changed(changed).await?)
    }

    /// Waits until the sockets of former members have left the room, and the presence rooms of users with whom they no longer
    /// share a room. Then tells the users concerned.
    async fn members_changed<R>(&self, changed: Logged<Changed<R>>) -> Result<Logged<R>, Fault> {
        let (reply, change) = changed.split(|Changed { reply, change }| (reply, change));
        let room = &change.room.room;
        self.0.hub.settled(room).await;
        self.presence_part(&change).await?;
        let emitter = &self.0.emitter;
        if room.scope == scopes::Channel::SPEC.name {
            let added = ChannelAdded { channel: shown(&change) };
            for user_id in &change.added {
                emitter.channel_added(user_id, &added).await?;
            }
            let removed = ChannelRemoved { channel_id: ChannelId(room.id.clone()) };
            for user_id in &change.removed {
                emitter.channel_removed(user_id, &removed).await?;
            }
        } else {
            let added = ConversationAdded { conversation: shown(&change) };
            for user_id in &change.added {
                emitter.conversation_added(user_id, &added).await?;
            }
            let removed = ConversationRemoved { conversation_id: ConversationId(room.id.clone()) };
            for user_id in &change.removed {
                emitter.conversation_removed(user_id, &removed).await?;
            }
        }
        Ok(reply)
    }
}

/// The room as a hint shows it to new members.
fn shown(change: &RoomChange) -> RoomInfo {
    let room = RoomInfo::from(change.room.clone());
    RoomInfo { members: room.members.into_iter().take(SHOWN).collect(), ..room }
}
