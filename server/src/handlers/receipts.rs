//! Read receipts, in channels and in conversations.

use accord_runtime::{Call, Fault, Membership};

use super::App;
use crate::{
    protocol::*,
    store::{Receipt, ReceiptPutError},
};

impl Receipts for App {
    async fn mark_read(&self, call: Call<scopes::Channel>, payload: MarkRead) -> Result<MarkReadReply, MarkReadError> {
        let MarkRead { message_id, channel_id } = payload;
        let (ack, is_new) = self.receipt_put::<MarkReadError>(call.member(), &message_id).await?;
        let ReadReceipt { user_id, message_id, read_at } = ack.clone();
        let message_read = is_new.then_some(MessageRead { channel_id, user_id, message_id, read_at });
        Ok(MarkReadReply { ack, message_read })
    }

    async fn mark_direct_read(
        &self,
        call: Call<scopes::Conversation>,
        payload: MarkDirectRead,
    ) -> Result<MarkDirectReadReply, MarkDirectReadError> {
        let MarkDirectRead { message_id, conversation_id } = payload;
        let (ack, is_new) = self.receipt_put::<MarkDirectReadError>(call.member(), &message_id).await?;
        let ReadReceipt { user_id, message_id, read_at } = ack.clone();
        let direct_message_read = is_new.then_some(DirectMessageRead { conversation_id, user_id, message_id, read_at });
        Ok(MarkDirectReadReply { ack, direct_message_read })
    }
}

impl App {
    /// Stores the last message that the member has read; also returns whether it is later than the previous one.
    async fn receipt_put<E>(&self, member: &Membership, message_id: &MessageId) -> Result<(ReadReceipt, bool), E>
    where
        E: From<errors::MessageNotFound> + From<Fault>,
    {
        let receipt = self.0.store.receipt_put(member, message_id.as_str()).await.map_err(|error| match error {
            ReceiptPutError::MessageNotFound => errors::MessageNotFound.into(),
            ReceiptPutError::Store(error) => E::from(Fault::new(error)),
        })?;
        Ok(match receipt {
            Receipt::Further(receipt) => (receipt.into(), true),
            Receipt::Already(receipt) => (receipt.into(), false),
        })
    }

    /// The receipts of all members of the member's room.
    pub(super) async fn receipts<E: From<Fault>>(&self, member: &Membership) -> Result<Vec<ReadReceipt>, E> {
        let receipts = self.0.store.receipts(member).await.map_err(Fault::new)?;
        Ok(receipts.into_iter().map(Into::into).collect())
    }
}
