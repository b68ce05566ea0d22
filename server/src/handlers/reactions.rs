//! Reactions to messages, in channels and in conversations.

use accord_runtime::{Call, Fault, Membership};

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
    ) -> Result<AddReactionReply, AddReactionError> {
        let AddReaction { message_id, emoji, .. } = payload;
        let (ack, reaction_added) = self.reaction_add::<AddReactionError>(call.member(), &message_id, &emoji).await?;
        Ok(AddReactionReply { ack, reaction_added })
    }

    async fn remove_reaction(
        &self,
        call: Call<scopes::Channel>,
        payload: RemoveReaction,
    ) -> Result<RemoveReactionReply, RemoveReactionError> {
        let RemoveReaction { message_id, emoji, .. } = payload;
        let reaction_removed = self.reaction_remove::<RemoveReactionError>(call.member(), message_id, emoji).await?;
        Ok(RemoveReactionReply { reaction_removed })
    }

    async fn add_direct_reaction(
        &self,
        call: Call<scopes::Conversation>,
        payload: AddDirectReaction,
    ) -> Result<AddDirectReactionReply, AddDirectReactionError> {
        let AddDirectReaction { message_id, emoji, .. } = payload;
        let (ack, direct_reaction_added) =
            self.reaction_add::<AddDirectReactionError>(call.member(), &message_id, &emoji).await?;
        Ok(AddDirectReactionReply { ack, direct_reaction_added })
    }

    async fn remove_direct_reaction(
        &self,
        call: Call<scopes::Conversation>,
        payload: RemoveDirectReaction,
    ) -> Result<RemoveDirectReactionReply, RemoveDirectReactionError> {
        let RemoveDirectReaction { message_id, emoji, .. } = payload;
        let direct_reaction_removed =
            self.reaction_remove::<RemoveDirectReactionError>(call.member(), message_id, emoji).await?;
        Ok(RemoveDirectReactionReply { direct_reaction_removed })
    }
}

impl App {
    /// Adds the member's reaction to a message. Returns the reaction, and the event for the room, if the reaction is
    /// new.
    async fn reaction_add<E>(
        &self,
        member: &Membership,
        message_id: &MessageId,
        emoji: &Emoji,
    ) -> Result<(Reaction, Option<Reaction>), E>
    where
        E: From<errors::MessageNotFound> + From<Fault>,
    {
        let reacted = self.0.store.reaction_add(member, message_id.as_str(), emoji.as_str()).await;
        match reacted {
            Ok(Reacted::Added(record)) => {
                let reaction: Reaction = record.into();
                Ok((reaction.clone(), Some(reaction)))
            }
            Ok(Reacted::Already(record)) => Ok((record.into(), None)),
            Err(ReactionAddError::MessageNotFound) => Err(errors::MessageNotFound.into()),
            Err(ReactionAddError::Store(error)) => Err(Fault::new(error).into()),
        }
    }

    /// Takes back the member's reaction to a message.
    async fn reaction_remove<E>(
        &self,
        member: &Membership,
        message_id: MessageId,
        emoji: Emoji,
    ) -> Result<ReactionRef, E>
    where
        E: From<errors::MessageNotFound> + From<errors::ReactionNotFound> + From<Fault>,
    {
        match self.0.store.reaction_remove(member, message_id.as_str(), emoji.as_str()).await {
            Ok(()) => Ok(ReactionRef { message_id, emoji, user_id: member.identity().id.clone().into() }),
            Err(ReactionRemoveError::MessageNotFound) => Err(errors::MessageNotFound.into()),
            Err(ReactionRemoveError::ReactionNotFound) => Err(errors::ReactionNotFound.into()),
            Err(ReactionRemoveError::Store(error)) => Err(Fault::new(error).into()),
        }
    }
}
