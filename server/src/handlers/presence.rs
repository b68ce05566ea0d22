//! The users who are online.

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
    /// Notes that a socket of the user has connected; returns the change of presence, if it is the user's first socket.
    pub(super) fn presence_begin(&self, user_id: &str) -> Option<UserPresence> {
        // The socket may have left already; then neither its beginning nor its end is announced.
        let is_new = self.0.hub.connections_of(user_id) > 0 && self.0.presence.begin(user_id);
        is_new.then(|| UserPresence { user_id: user_id.into(), status: PresenceStatus::Online })
    }

    /// Notes that a socket of the user has disconnected; returns the change of presence, if it was the user's last
    /// socket.
    pub(super) fn presence_end(&self, user_id: &str) -> Option<UserPresence> {
        let is_new = self.0.hub.connections_of(user_id) == 0 && self.0.presence.end(user_id);
        is_new.then(|| UserPresence { user_id: user_id.into(), status: PresenceStatus::Offline })
    }

    /// Ends the watching between former members and users with whom they no longer share a room. It has
    /// ended when this returns.
    pub(super) async fn presence_part(&self, change: &RoomChange) -> Result<(), Fault> {
        let room = |user_id: &str| Room { scope: scopes::Presence::SPEC.name, id: user_id.to_owned() };
        let members = change.room.members.iter().map(|member| member.id.as_str());
        let others: Vec<&str> = members.chain(change.removed.iter().map(String::as_str)).collect();
        for gone in &change.removed {
            for stranger in self.0.store.strangers(gone, &others).await? {
                let rooms = [room(gone), room(&stranger)];
                let locked = self.0.hub.lock(rooms.clone()).await;
                locked.evict(&rooms[0], &stranger);
                locked.evict(&rooms[1], gone);
            }
        }
        Ok(())
    }
}
