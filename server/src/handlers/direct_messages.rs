//! Messages in conversations.

use accord_runtime::{Call, Fault, Scope, Unscoped};

use super::App;
use crate::{
    protocol::*,
    store::{ForwardSource, MessageForwardError},
};

impl DirectMessages for App {
    async fn send_direct_message(
        &self,
        call: Call<scopes::Conversation>,
        payload: SendDirectMessage,
    ) -> Result<SendDirectMessageReply, SendDirectMessageError> {
        let SendDirectMessage { content, reply_to_id, attachments, .. } = payload;
        let message =
            self.message_send::<SendDirectMessageError>(call.member(), content, reply_to_id, attachments).await?;
        Ok(SendDirectMessageReply { new_direct_message: message.into() })
    }

    async fn edit_direct_message(
        &self,
        call: Call<scopes::Conversation>,
        payload: EditDirectMessage,
    ) -> Result<EditDirectMessageReply, EditDirectMessageError> {
        let EditDirectMessage { message_id, content, conversation_id } = payload;
        let updated_at =
            self.message_edit::<EditDirectMessageError>(call.member(), &message_id, &content).await?.into();
        let content = content.0.into();
        let direct_message_edited = DirectMessageEdited { message_id, content, conversation_id, updated_at };
        Ok(EditDirectMessageReply { direct_message_edited })
    }

    async fn delete_direct_message(
        &self,
        call: Call<scopes::Conversation>,
        payload: DeleteDirectMessage,
    ) -> Result<DeleteDirectMessageReply, DeleteDirectMessageError> {
        let DeleteDirectMessage { message_id, conversation_id } = payload;
        self.message_delete::<DeleteDirectMessageError>(call.member(), &message_id).await?;
        Ok(DeleteDirectMessageReply { direct_message_deleted: DirectMessageDeleted { message_id, conversation_id } })
    }

    async fn forward_to_direct(
        &self,
        call: Call<Unscoped, ForwardToDirectAlso>,
        payload: ForwardToDirect,
    ) -> Result<ForwardToDirectReply, ForwardToDirectError> {
        let ForwardToDirect { message_id, target_conversation_id } = payload;
        let source = ForwardSource::Any(&[scopes::Channel::SPEC.name, scopes::Conversation::SPEC.name]);
        let target = &call.also().target_conversation_id;
        let forwarded = self.0.store.message_forward(source, target, message_id.as_str()).await;
        let forwarded = forwarded.map_err(|error| match error {
            MessageForwardError::NotFound => errors::MessageNotFound.into(),
            MessageForwardError::Store(error) => ForwardToDirectError::from(Fault::new(error)),
        })?;
        let forwarded_by = forwarded.message.user.clone().into();
        let message: DirectMessage = forwarded.message.into();
        Ok(ForwardToDirectReply {
            ack: message.clone(),
            message_forwarded_to_direct: MessageForwardedToDirect {
                original_message: forwarded.original.into(),
                target_conversation_id,
                message,
                forwarded_by,
            },
        })
    }
}
