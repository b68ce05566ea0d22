//! Typing notices.

use accord_runtime::{Call, Scope};

use super::App;
use crate::protocol::*;

impl Typing for App {
    async fn typing_start(
        &self,
        call: Call<scopes::Channel>,
        payload: TypingStart,
    ) -> Result<TypingStartReply, TypingStartError> {
        let typing_started = TypingStarted { channel_id: payload.channel_id, user_id: typist(&call) };
        Ok(TypingStartReply { typing_started })
    }

    async fn typing_stop(
        &self,
        call: Call<scopes::Channel>,
        payload: TypingStop,
    ) -> Result<TypingStopReply, TypingStopError> {
        let typing_stopped = TypingStopped { channel_id: payload.channel_id, user_id: typist(&call) };
        Ok(TypingStopReply { typing_stopped })
    }

    async fn direct_typing_start(
        &self,
        call: Call<scopes::Conversation>,
        payload: DirectTypingStart,
    ) -> Result<DirectTypingStartReply, DirectTypingStartError> {
        let direct_typing_started =
            DirectTypingStarted { conversation_id: payload.conversation_id, user_id: typist(&call) };
        Ok(DirectTypingStartReply { direct_typing_started })
    }

    async fn direct_typing_stop(
        &self,
        call: Call<scopes::Conversation>,
        payload: DirectTypingStop,
    ) -> Result<DirectTypingStopReply, DirectTypingStopError> {
        let direct_typing_stopped =
            DirectTypingStopped { conversation_id: payload.conversation_id, user_id: typist(&call) };
        Ok(DirectTypingStopReply { direct_typing_stopped })
    }
}

fn typist<S: Scope>(call: &Call<S>) -> UserId {
    call.identity().id.as_str().into()
}
