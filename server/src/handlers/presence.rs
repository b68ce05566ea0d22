//! Who is online.

use accord_runtime::{Call, Fault, Room, Scope};

use super::App;
use crate::{protocol::*, store::RoomChange};

impl Presence for App {
    async fn get_presence(
        &self,
        _: Call<scopes::Presence>,
        payload: GetPresence,
    ) -> Result<GetPresenceReply, GetPresenceError> {
        let status = match self.0.presence.is_online(payload.user_id.as_str()) {
            true => PresenceStatus::Online,
            false => PresenceStatus::Offline,
        };
        Ok(GetPresenceReply { ack: UserPresence { user_id: payload.user_id, status } })
    }
}

impl App {
    /// What is told of a socket's user that has come, if it is the first one.
    pub(super) fn presence_begin(&self, user_id: &str) -> Option<UserPresence> {
        // It may have left already: then there is nothing to tell, and nobody to tell of its end.
        let is_new = self.0.hub.connections_of(user_id) > 0 && self.0.presence.begin(user_id);
        is_new.then(|| UserPresence { user_id: user_id.into(), status: PresenceStatus::Online })
    }

    /// What is told of a socket's user that has gone, if it was the last one.
    pub(super) fn presence_end(&self, user_id: &str) -> Option<UserPresence> {
        let is_new = self.0.hub.connections_of(user_id) == 0 && self.0.presence.end(user_id);
        is_new.then(|| UserPresence { user_id: user_id.into(), status: PresenceStatus::Offline })
    }

    /// Ends the watching between those who lost a membership and those whom they no longer share a room with. None of it
    /// goes on when this returns.
    pub(super) async fn presence_part(&self, change: &RoomChange) -> Result<(), Fault> {
        let room = |user_id: &str| Room { scope: scopes::Presence::SPEC.name, id: user_id.to_owned() };
        let members = change.room.members.iter().map(|member| member.id.as_str());
        let others: Vec<&str> = members.chain(change.removed.iter().map(String::as_str)).collect();
        for gone in &change.removed {
            for stranger in self.0.store.strangers(gone, &others).await? {
                let rooms = [room(gone), room(&stranger)];
                let held = self.0.hub.hold(rooms.clone()).await;
                held.evict(&rooms[0], &stranger);
                held.evict(&rooms[1], gone);
            }
        }
        Ok(())
    }
}
