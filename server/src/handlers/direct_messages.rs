//! Messages in conversations.

use accord_runtime::{Call, Logged, Scope, Unscoped};

use super::App;
use crate::{
    protocol::*,
    store::{ForwardSource, Forwarded, MessageRecord, Timestamp},
};

impl DirectMessages for App {
    async fn send_direct_message(
        &self,
        call: Call<scopes::Conversation>,
        payload: SendDirectMessage,
    ) -> Result<Logged<SendDirectMessageReply>, SendDirectMessageError> {
        let SendDirectMessage { content, reply_to_id, attachments, client_id, .. } = payload;
        let then = call.then(|message: MessageRecord| SendDirectMessageReply { new_direct_message: message.into() });
        self.message_send(call.member(), content, reply_to_id, attachments, client_id, then).await
    }

    async fn edit_direct_message(
        &self,
        call: Call<scopes::Conversation>,
        payload: EditDirectMessage,
    ) -> Result<Logged<EditDirectMessageReply>, EditDirectMessageError> {
        let EditDirectMessage { message_id, content, conversation_id } = payload;
        let (id, text) = (message_id.clone(), MessageText::from(content.0.as_str()));
        let then = call.then(move |updated_at: Timestamp| EditDirectMessageReply {
            direct_message_edited: DirectMessageEdited {
                message_id: id.clone(),
                content: text.clone(),
                conversation_id: conversation_id.clone(),
                updated_at: updated_at.into(),
            },
        });
        self.message_edit(call.member(), &message_id, &content, then).await
    }

    async fn delete_direct_message(
        &self,
        call: Call<scopes::Conversation>,
        payload: DeleteDirectMessage,
    ) -> Result<Logged<DeleteDirectMessageReply>, DeleteDirectMessageError> {
        let DeleteDirectMessage { message_id, conversation_id } = payload;
        let deleted = DirectMessageDeleted { message_id: message_id.clone(), conversation_id };
        let then = call.then(move |()| DeleteDirectMessageReply { direct_message_deleted: deleted.clone() });
        self.message_delete(call.member(), &message_id, then).await
    }

    async fn forward_to_direct(
        &self,
        call: Call<Unscoped, ForwardToDirectAlso>,
        payload: ForwardToDirect,
    ) -> Result<Logged<ForwardToDirectReply>, ForwardToDirectError> {
        let ForwardToDirect { message_id, target_conversation_id, client_id } = payload;
        let then = call.then(move |forwarded: Forwarded| {
            let forwarded_by = forwarded.message.user.clone().into();
            let message: DirectMessage = forwarded.message.into();
            ForwardToDirectReply {
                ack: message.clone(),
                message_forwarded_to_direct: MessageForwardedToDirect {
                    original_message: forwarded.original.into(),
                    target_conversation_id: target_conversation_id.clone(),
                    message,
                    forwarded_by,
                },
            }
        });
        let source = ForwardSource::Any(&[scopes::Channel::SPEC.name, scopes::Conversation::SPEC.name]);
        self.message_forward(source, &call.also().target_conversation_id, &message_id, client_id, then).await
    }
}
