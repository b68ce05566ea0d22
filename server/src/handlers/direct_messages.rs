//! Messages in conversations.

use accord_runtime::Call;

use super::App;
use crate::protocol::*;

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
}
