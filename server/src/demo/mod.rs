//! The demo: a small world for trying things out, with tokens for two of its users.

use std::{sync::Arc, time::Duration};

use accord_gateway::Hub;
use accord_runtime::{Authority, Fault, Identity, Membership, Quiet, Room, Scope, Then};

use crate::{
    config::DEMO_SECRET,
    protocol::scopes,
    store::{NewMessage, Store, UserProfile, World},
    token::{self, Subject, TokenError},
    world,
};

const WORLD: &str = include_str!("world.yaml");

/// The lifetime of the demo's tokens.
pub const TOKEN_TTL: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The users that the demo prints tokens for.
pub const TOKEN_USERS: [&str; 2] = ["alice", "bob"];

/// Loads the demo's world. Rooms that already have history get no messages.
///
/// # Errors
/// If the database fails.
pub async fn load<A: Authority>(store: &Store, hub: &Hub, authority: &A) -> Result<(), Fault> {
    let world = world::parse("demo/world.yaml", WORLD).map_err(Fault::new)?;
    store.world_load(&world).await?;
    let talk = Talk { store, hub, authority, world: &world };
    talk.in_general().await?;
    talk.in_conversation().await
}

/// Tokens for the users of [`TOKEN_USERS`], in their order.
///
/// # Errors
/// If they cannot be signed.
pub fn tokens() -> Result<Vec<(&'static str, String)>, TokenError> {
    TOKEN_USERS
        .into_iter()
        .map(|id| {
            let subject = Subject { id: id.to_owned(), name: name_of(id), ..Subject::default() };
            Ok((id, token::mint(DEMO_SECRET, &subject, TOKEN_TTL)?))
        })
        .collect()
}

/// A user's name in the demo's world.
fn name_of(id: &str) -> Option<String> {
    let world = world::parse("demo/world.yaml", WORLD).ok()?;
    world.users.into_iter().find(|user| user.id == id).map(|user| user.name)
}

/// The conversations of the demo's users.
struct Talk<'a, A> {
    store: &'a Store,
    hub: &'a Hub,
    authority: &'a A,
    world: &'a World,
}

impl<A: Authority> Talk<'_, A> {
    async fn in_general(&self) -> Result<(), Fault> {
        let room = Room { scope: scopes::Channel::SPEC.name, id: "general".to_owned() };
        if !self.is_silent(&room).await? {
            return Ok(());
        }
        let welcome = self.say(&room, "alice", "Welcome to Accord! Everything here goes over Socket.IO.", None).await?;
        self.react(&room, "bob", &welcome, "👋").await?;
        self.react(&room, "carol", &welcome, "🎉").await?;
        let question = self.say(&room, "bob", "Can I reply to a message?", None).await?;
        self.say(&room, "carol", "You can: this is a reply.", Some(&question)).await?;
        Ok(())
    }

    async fn in_conversation(&self) -> Result<(), Fault> {
        let room = Room { scope: scopes::Conversation::SPEC.name, id: "alice-bob".to_owned() };
        if self.is_silent(&room).await? {
            self.say(&room, "alice", "Hi Bob, this is between the two of us.", None).await?;
            self.say(&room, "bob", "Hi Alice!", None).await?;
        }
        Ok(())
    }

    async fn is_silent(&self, room: &Room) -> Result<bool, Fault> {
        let member = self.member(room, "alice").await?;
        Ok(self.store.history_page(&member, 1, 1).await?.total == 0)
    }

    /// Sends a message; returns its id.
    async fn say(&self, room: &Room, user_id: &str, content: &str, reply_to_id: Option<&str>) -> Result<String, Fault> {
        let member = self.member(room, user_id).await?;
        let message = self
            .store
            .message_insert(&member, NewMessage { content, reply_to_id, ..NewMessage::default() }, Then::quiet())
            .await?;
        let Quiet(message) = message.into_reply();
        Ok(message.id)
    }

    async fn react(&self, room: &Room, user_id: &str, message_id: &str, emoji: &str) -> Result<(), Fault> {
        let member = self.member(room, user_id).await?;
        self.store.reaction_add(&member, message_id, emoji, Then::quiet()).await?;
        Ok(())
    }

    async fn member(&self, room: &Room, user_id: &str) -> Result<Membership, Fault> {
        let user = self.world.users.iter().find(|user| user.id == user_id);
        let user = user.ok_or_else(|| Fault::msg(format!("the demo's world has no user {user_id}")))?;
        let locked = self.hub.lock([room.clone()]).await;
        let member = locked.membership(self.authority, &Arc::new(identity(user)), room).await?;
        member.ok_or_else(|| Fault::msg(format!("the demo's world does not have {user_id} in {room}")))
    }
}

fn identity(user: &UserProfile) -> Identity {
    let UserProfile { id, name, email, image } = user.clone();
    Identity { id, name, email, image, admin: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_has_a_world_and_tokens_for_its_users() {
        let world = world::parse("demo/world.yaml", WORLD).expect("a world");
        for (id, token) in tokens().expect("tokens") {
            assert!(world.users.iter().any(|user| user.id == id), "{id}");
            assert_eq!(token.split('.').count(), 3);
        }
    }
}
