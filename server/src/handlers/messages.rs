//! Messages in channels, and the code that they share with messages in conversations.

use accord_runtime::{Call, Fault, Membership};

use super::App;
use crate::{
    protocol::*,
    store::{
        ForwardSource, MessageChangeError, MessageForwardError, MessageInsertError, MessageRecord, NewMessage,
        Timestamp,
    },
};

impl Messages for App {
    async fn send_message(
        &self,
        call: Call<scopes::Channel>,
        payload: SendMessage,
    ) -> Result<SendMessageReply, SendMessageError> {
        let SendMessage { content, reply_to_id, attachments, .. } = payload;
        let message = self.message_send::<SendMessageError>(call.member(), content, reply_to_id, attachments).await?;
        Ok(SendMessageReply { new_message: message.into() })
    }

    async fn edit_message(
        &self,
        call: Call<scopes::Channel>,
        payload: EditMessage,
    ) -> Result<EditMessageReply, EditMessageError> {
        let EditMessage { message_id, content, channel_id } = payload;
        let updated_at = self.message_edit::<EditMessageError>(call.member(), &message_id, &content).await?.into();
        let content = content.0.into();
        Ok(EditMessageReply { message_edited: MessageEdited { message_id, content, channel_id, updated_at } })
    }

    async fn delete_message(
        &self,
        call: Call<scopes::Channel>,
        payload: DeleteMessage,
    ) -> Result<DeleteMessageReply, DeleteMessageError> {
        let DeleteMessage { message_id, channel_id } = payload;
        self.message_delete::<DeleteMessageError>(call.member(), &message_id).await?;
        Ok(DeleteMessageReply { message_deleted: MessageDeleted { message_id, channel_id } })
    }

    async fn forward_message(
        &self,
        call: Call<scopes::Channel, ForwardMessageAlso>,
        payload: ForwardMessage,
    ) -> Result<ForwardMessageReply, ForwardMessageError> {
        let target = &call.also().target_channel_id;
        let forwarded =
            self.0.store.message_forward(ForwardSource::Room(call.member()), target, payload.message_id.as_str()).await;
        let forwarded = forwarded.map_err(|error| match error {
            MessageForwardError::NotFound => errors::MessageNotFound.into(),
            MessageForwardError::Store(error) => ForwardMessageError::from(Fault::new(error)),
        })?;
        let forwarded_by = forwarded.message.user.clone().into();
        let message: crate::protocol::Message = forwarded.message.into();
        Ok(ForwardMessageReply {
            ack: message.clone(),
            message_forwarded: MessageForwarded {
                original_message: forwarded.original.into(),
                target_channel_id: payload.target_channel_id,
                message,
                forwarded_by,
            },
        })
    }
}

impl App {
    /// Sends a message to the member's room.
    pub(super) async fn message_send<E>(
        &self,
        member: &Membership,
        content: MessageText,
        reply_to_id: Option<MessageId>,
        attachments: Option<Vec<AttachmentRef>>,
    ) -> Result<MessageRecord, E>
    where
        E: From<errors::ReplyNotFound> + From<errors::InvalidAttachment> + From<Fault>,
    {
        let attachment_ids: Vec<String> =
            attachments.unwrap_or_default().into_iter().map(|attachment| attachment.id.0).collect();
        let new = NewMessage {
            content: content.as_str(),
            reply_to_id: reply_to_id.as_ref().map(MessageId::as_str),
            attachment_ids: &attachment_ids,
        };
        self.0.store.message_insert(member, new).await.map_err(|error| match error {
            MessageInsertError::ReplyNotFound => errors::ReplyNotFound.into(),
            MessageInsertError::InvalidAttachment => errors::InvalidAttachment.into(),
            MessageInsertError::Store(error) => Fault::new(error).into(),
        })
    }

    /// Changes the text of a message of the member's own; when that was.
    pub(super) async fn message_edit<E>(
        &self,
        member: &Membership,
        id: &MessageId,
        content: &EditedText,
    ) -> Result<Timestamp, E>
    where
        E: From<errors::MessageNotFound> + From<errors::EditForbidden> + From<Fault>,
    {
        let edited = self.0.store.message_edit(member, id.as_str(), content.as_str()).await;
        edited.map_err(|error| match error {
            MessageChangeError::NotFound => errors::MessageNotFound.into(),
            MessageChangeError::NotAuthor => errors::EditForbidden.into(),
            MessageChangeError::Store(error) => Fault::new(error).into(),
        })
    }

    /// Deletes a message of the member's own.
    pub(super) async fn message_delete<E>(&self, member: &Membership, id: &MessageId) -> Result<(), E>
    where
        E: From<errors::MessageNotFound> + From<errors::DeleteForbidden> + From<Fault>,
    {
        let deleted = self.0.store.message_delete(member, id.as_str()).await;
        deleted.map_err(|error| match error {
            MessageChangeError::NotFound => errors::MessageNotFound.into(),
            MessageChangeError::NotAuthor => errors::DeleteForbidden.into(),
            MessageChangeError::Store(error) => Fault::new(error).into(),
        })
    }
}
