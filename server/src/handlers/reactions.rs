//! Reactions to messages, in channels and in conversations.

use accord_runtime::{Call, Fault, Logged, Membership, Reply, Then};

use super::App;
use crate::{
    protocol::*,
    store::{Reacted, ReactionAddError, ReactionRemoveError},
};

impl Reactions for App {
    async fn add_reaction(
        &self,
        call: Call<scopes::Channel>,
        payload: AddReaction,
    ) -> Result<Logged<AddReactionReply>, AddReactionError> {
        let AddReaction { message_id, emoji, .. } = payload;
        let then = call.then(|reacted| {
            let (ack, reaction_added) = reaction(reacted);
            AddReactionReply { ack, reaction_added }
        });
        self.reaction_add(call.member(), &message_id, &emoji, then).await
    }

    async fn remove_reaction(
        &self,
        call: Call<scopes::Channel>,
        payload: RemoveReaction,
    ) -> Result<Logged<RemoveReactionReply>, RemoveReactionError> {
        let RemoveReaction { message_id, emoji, .. } = payload;
        let removed = removed(call.member(), &message_id);
        let then = call.then(move |emoji| RemoveReactionReply { reaction_removed: removed(emoji) });
        self.reaction_remove(call.member(), &message_id, &emoji, then).await
    }

    async fn add_direct_reaction(
        &self,
        call: Call<scopes::Conversation>,
        payload: AddDirectReaction,
    ) -> Result<Logged<AddDirectReactionReply>, AddDirectReactionError> {
        let AddDirectReaction { message_id, emoji, .. } = payload;
        let then = call.then(|reacted| {
            let (ack, direct_reaction_added) = reaction(reacted);
            AddDirectReactionReply { ack, direct_reaction_added }
        });
        self.reaction_add(call.member(), &message_id, &emoji, then).await
    }

    async fn remove_direct_reaction(
        &self,
        call: Call<scopes::Conversation>,
        payload: RemoveDirectReaction,
    ) -> Result<Logged<RemoveDirectReactionReply>, RemoveDirectReactionError> {
        let RemoveDirectReaction { message_id, emoji, .. } = payload;
        let removed = removed(call.member(), &message_id);
        let then = call.then(move |emoji| RemoveDirectReactionReply { direct_reaction_removed: removed(emoji) });
        self.reaction_remove(call.member(), &message_id, &emoji, then).await
    }
}

impl App {
    /// Adds the member's reaction to a message.
    async fn reaction_add<R: Reply, E>(
        &self,
        member: &Membership,
        message_id: &MessageId,
        emoji: &Emoji,
        then: Then<Reacted, R>,
    ) -> Result<Logged<R>, E>
    where
        E: From<errors::MessageNotFound> + From<errors::TooManyReactions> + From<Fault>,
    {
        let added = self.0.store.reaction_add(member, message_id.as_str(), emoji.as_str(), then).await;
        added.map_err(|error| match error {
            ReactionAddError::MessageNotFound => errors::MessageNotFound.into(),
            ReactionAddError::TooMany => errors::TooManyReactions.into(),
            ReactionAddError::Store(error) => Fault::new(error).into(),
        })
    }

    /// Removes the member's reaction from a message.
    async fn reaction_remove<R: Reply, E>(
        &self,
        member: &Membership,
        message_id: &MessageId,
        emoji: &Emoji,
        then: Then<String, R>,
    ) -> Result<Logged<R>, E>
    where
        E: From<errors::MessageNotFound> + From<errors::ReactionNotFound> + From<Fault>,
    {
        let removed = self.0.store.reaction_remove(member, message_id.as_str(), emoji.as_str(), then).await;
        removed.map_err(|error| match error {
            ReactionRemoveError::MessageNotFound => errors::MessageNotFound.into(),
            ReactionRemoveError::ReactionNotFound => errors::ReactionNotFound.into(),
            ReactionRemoveError::Store(error) => Fault::new(error).into(),
        })
    }
}

/// The reaction, and the event for the room, if the reaction is new.
fn reaction(reacted: Reacted) -> (Reaction, Option<Reaction>) {
    match reacted {
        Reacted::Added(record) => {
            let reaction: Reaction = record.into();
            (reaction.clone(), Some(reaction))
        }
        Reacted::Already(record) => (record.into(), None),
    }
}

/// Distinguishes the member's reactions to a message by their emoji.
fn removed(member: &Membership, message_id: &MessageId) -> impl Fn(String) -> ReactionRef + Send + Sync + use<> {
    let (message_id, user_id) = (message_id.clone(), UserId::from(member.identity().id.clone()));
    move |emoji| ReactionRef { message_id: message_id.clone(), emoji: emoji.into(), user_id: user_id.clone() }
}
