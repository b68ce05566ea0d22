//! Messages in channels, and the code that they share with messages in conversations.

use accord_runtime::{Call, Fault, Logged, Membership, Path, Reply, Then, Validate, Violation, Violations};
use serde_json::json;

use super::{App, records::redact};
use crate::{
    protocol::*,
    store::{
        ForwardSource, Forwarded, MessageChangeError, MessageForwardError, MessageInsertError, MessageRecord,
        NewMessage, NewText, Timestamp,
    },
};

impl Messages for App {
    async fn send_message(
        &self,
        call: Call<scopes::Channel>,
        payload: SendMessage,
    ) -> Result<Logged<SendMessageReply>, SendMessageError> {
        let SendMessage { content, reply_to_id, attachments, client_id, .. } = payload;
        let then = call.then(|message: MessageRecord| SendMessageReply { new_message: message.into() });
        self.message_send(call.member(), content, reply_to_id, attachments, client_id, then).await
    }

    async fn edit_message(
        &self,
        call: Call<scopes::Channel>,
        payload: EditMessage,
    ) -> Result<Logged<EditMessageReply>, EditMessageError> {
        let EditMessage { message_id, content, channel_id } = payload;
        let (id, text) = (message_id.clone(), MessageText::from(content.0.as_str()));
        let then = call.then(move |updated_at: Timestamp| EditMessageReply {
            message_edited: MessageEdited {
                message_id: id.clone(),
                content: text.clone(),
                channel_id: channel_id.clone(),
                updated_at: updated_at.into(),
            },
        });
        self.message_edit(call.member(), &message_id, &content, then).await
    }

    async fn delete_message(
        &self,
        call: Call<scopes::Channel>,
        payload: DeleteMessage,
    ) -> Result<Logged<DeleteMessageReply>, DeleteMessageError> {
        let DeleteMessage { message_id, channel_id } = payload;
        let deleted = MessageDeleted { message_id: message_id.clone(), channel_id };
        let then = call.then(move |()| DeleteMessageReply { message_deleted: deleted.clone() });
        self.message_delete(call.member(), &message_id, then).await
    }

    async fn forward_message(
        &self,
        call: Call<scopes::Channel, ForwardMessageAlso>,
        payload: ForwardMessage,
    ) -> Result<Logged<ForwardMessageReply>, ForwardMessageError> {
        let ForwardMessage { message_id, target_channel_id, client_id, .. } = payload;
        let then = call.then(move |forwarded: Forwarded| {
            let forwarded_by = forwarded.message.user.clone().into();
            let message: crate::protocol::Message = forwarded.message.into();
            ForwardMessageReply {
                ack: message.clone(),
                message_forwarded: MessageForwarded {
                    original_message: forwarded.original.into(),
                    target_channel_id: target_channel_id.clone(),
                    message,
                    forwarded_by,
                },
            }
        });
        let source = ForwardSource::Room(call.member());
        self.message_forward(source, &call.also().target_channel_id, &message_id, client_id, then).await
    }
}

impl App {
    /// Sends a message to the member's room.
    pub(super) async fn message_send<R: Reply, E>(
        &self,
        member: &Membership,
        content: MessageText,
        reply_to_id: Option<MessageId>,
        attachments: Option<Vec<AttachmentRef>>,
        client_id: Option<ClientId>,
        then: Then<MessageRecord, R>,
    ) -> Result<Logged<R>, E>
    where
        E: From<errors::ReplyNotFound>
            + From<errors::InvalidAttachment>
            + From<errors::IdempotencyConflict>
            + From<Fault>,
    {
        let attachment_ids: Vec<String> =
            attachments.unwrap_or_default().into_iter().map(|attachment| attachment.id.0).collect();
        let new = NewMessage {
            content: content.as_str(),
            reply_to_id: reply_to_id.as_ref().map(MessageId::as_str),
            attachment_ids: &attachment_ids,
            client_id: client_id.as_ref().map(ClientId::as_str),
        };
        self.0.store.message_insert(member, new, then).await.map_err(|error| match error {
            MessageInsertError::ReplyNotFound => errors::ReplyNotFound.into(),
            MessageInsertError::InvalidAttachment => errors::InvalidAttachment.into(),
            MessageInsertError::Conflict => errors::IdempotencyConflict.into(),
            MessageInsertError::Store(error) => Fault::new(error).into(),
        })
    }

    /// Forwards a message to the target's room.
    pub(super) async fn message_forward<R: Reply, E>(
        &self,
        source: ForwardSource<'_>,
        target: &Membership,
        id: &MessageId,
        client_id: Option<ClientId>,
        then: Then<Forwarded, R>,
    ) -> Result<Logged<R>, E>
    where
        E: From<errors::MessageNotFound> + From<errors::IdempotencyConflict> + From<Fault>,
    {
        let client_id = client_id.as_ref().map(ClientId::as_str);
        let forwarded = self.0.store.message_forward(source, target, id.as_str(), client_id, then).await;
        forwarded.map_err(|error| match error {
            MessageForwardError::NotFound => errors::MessageNotFound.into(),
            MessageForwardError::Conflict => errors::IdempotencyConflict.into(),
            MessageForwardError::Store(error) => Fault::new(error).into(),
        })
    }

    /// Changes the text of one of the member's own messages. The reply is made of the time of the change.
    pub(super) async fn message_edit<R: Reply, E>(
        &self,
        member: &Membership,
        id: &MessageId,
        content: &EditedText,
        then: Then<Timestamp, R>,
    ) -> Result<Logged<R>, E>
    where
        E: From<errors::MessageNotFound> + From<errors::EditForbidden> + From<Violation> + From<Fault>,
    {
        let content = content.as_str();
        let unsendable = unsendable(content);
        let text = NewText { content, shows: unsendable.is_none() };
        self.0.store.message_edit(member, id.as_str(), text, then).await.map_err(|error| match error {
            MessageChangeError::NotFound => errors::MessageNotFound.into(),
            MessageChangeError::NotAuthor => errors::EditForbidden.into(),
            MessageChangeError::Empty => unsendable.map_or_else(|| Fault::new(error).into(), Into::into),
            MessageChangeError::Store(error) => Fault::new(error).into(),
        })
    }

    /// Deletes one of the member's own messages.
    pub(super) async fn message_delete<R: Reply, E>(
        &self,
        member: &Membership,
        id: &MessageId,
        then: Then<(), R>,
    ) -> Result<Logged<R>, E>
    where
        E: From<errors::MessageNotFound> + From<errors::DeleteForbidden> + From<Fault>,
    {
        let deleted = self.0.store.message_delete(member, id.as_str(), redact, then).await;
        deleted.map_err(|error| match error {
            MessageChangeError::NotFound => errors::MessageNotFound.into(),
            MessageChangeError::NotAuthor => errors::DeleteForbidden.into(),
            MessageChangeError::Empty => Fault::new(error).into(),
            MessageChangeError::Store(error) => Fault::new(error).into(),
        })
    }
}

/// The violation of the schema's rule against sending this text without attachments.
fn unsendable(content: &str) -> Option<Violation> {
    let mut violations = Violations::default();
    SendMessage::validate(&json!({ "content": content, "channelId": "-" }), Path::Root, &mut violations);
    violations.into_vec().pop()
}
