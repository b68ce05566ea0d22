//! The REST operations: history, uploads, the caller's rooms, and administration.

use std::collections::{BTreeMap, BTreeSet};

use accord_gateway::LockedRooms;
use accord_runtime::{Call, Download, Fault, Membership, Path, Room, Scope, Upload, Violation, operation::BROKE_OFF};
use futures_util::{Stream, stream};

use super::App;
use crate::{
    files::ReceiveError,
    metrics::Metrics,
    protocol::*,
    store::{
        HistoryError, HistoryPage, MemberDeleteError, MemberPutError, NewUpload, RoomChange, RoomPutError,
        UploadInsertError,
    },
};

/// The default number of messages on a page.
const PAGE_SIZE: i64 = 50;

impl Http for App {
    async fn list_messages(
        &self,
        call: Call<scopes::Channel>,
        input: ListMessages,
    ) -> Result<MessagePage, ListMessagesError> {
        let ListMessages { page, limit, before, .. } = input;
        let (history, pagination) = self.history::<ListMessagesError>(call.member(), page, limit, before).await?;
        let messages = history.messages.into_iter().map(Into::into).collect();
        Ok(MessagePage { messages, pagination, next_cursor: history.next_cursor })
    }

    async fn list_direct_messages(
        &self,
        call: Call<scopes::Conversation>,
        input: ListDirectMessages,
    ) -> Result<DirectMessagePage, ListDirectMessagesError> {
        let ListDirectMessages { page, limit, before, .. } = input;
        let (history, pagination) = self.history::<ListDirectMessagesError>(call.member(), page, limit, before).await?;
        let messages = history.messages.into_iter().map(Into::into).collect();
        Ok(DirectMessagePage { messages, pagination, next_cursor: history.next_cursor })
    }

    async fn list_receipts(
        &self,
        call: Call<scopes::Channel>,
        _: ListReceipts,
    ) -> Result<Vec<ReadReceipt>, ListReceiptsError> {
        self.receipts(call.member()).await
    }

    async fn list_direct_receipts(
        &self,
        call: Call<scopes::Conversation>,
        _: ListDirectReceipts,
    ) -> Result<Vec<ReadReceipt>, ListDirectReceiptsError> {
        self.receipts(call.member()).await
    }

    async fn upload_file(&self, call: Call, upload: Upload) -> Result<Attachment, UploadFileError> {
        let (store, files) = (&self.0.store, &self.0.files);
        let owner = call.identity();
        let used = store.upload_bytes(&owner.id).await.map_err(Fault::new)?;
        let left = self.0.upload_quota.saturating_sub(u64::try_from(used).unwrap_or(0));
        let (content_type, file_name) = (upload.content_type.clone(), upload.file_name.clone());
        let received = files.receive(content_type.as_deref(), file_name.as_deref(), left, chunks(upload)).await;
        let received = received.map_err(|error| match error {
            ReceiveError::BrokeOff => Violation::new(Path::Root.key("file"), BROKE_OFF).into(),
            ReceiveError::TooLarge => errors::TooLarge.into(),
            ReceiveError::UnsupportedType => errors::UnsupportedType.into(),
            ReceiveError::QuotaExceeded => errors::QuotaExceeded.into(),
            ReceiveError::Storage(error) => UploadFileError::from(Fault::new(error)),
        })?;
        let new = NewUpload {
            filename: &received.filename,
            original_name: &received.original_name,
            mime_type: received.media_type,
            size: count(received.size),
        };
        let quota = i64::try_from(self.0.upload_quota).unwrap_or(i64::MAX);
        match store.upload_insert(owner, new, quota).await {
            Ok(record) => Ok(record.into()),
            Err(error) => {
                files.remove(&received.filename).await.map_err(Fault::new)?;
                Err(match error {
                    UploadInsertError::QuotaExceeded => errors::QuotaExceeded.into(),
                    UploadInsertError::Store(error) => Fault::new(error).into(),
                })
            }
        }
    }

    async fn download_file(&self, input: DownloadFile) -> Result<Download, DownloadFileError> {
        let record = self.0.store.upload_by_filename(&input.filename).await.map_err(Fault::new)?;
        let record = record.ok_or(errors::FileNotFound)?;
        let download = self.0.files.download(&record.filename, &record.mime_type, &record.original_name).await;
        let (headers, body) = download.map_err(Fault::new)?.ok_or(errors::FileNotFound)?;
        Ok(Download::new(headers, body))
    }

    async fn list_channels(&self, call: Call) -> Result<Vec<RoomInfo>, ListChannelsError> {
        Ok(self.rooms_of::<scopes::Channel>(&call).await?)
    }

    async fn list_conversations(&self, call: Call) -> Result<Vec<RoomInfo>, ListConversationsError> {
        Ok(self.rooms_of::<scopes::Conversation>(&call).await?)
    }

    async fn get_stats(&self, call: Call) -> Result<Stats, GetStatsError> {
        let (channels, conversations) =
            (self.joined::<scopes::Channel>(&call).await?, self.joined::<scopes::Conversation>(&call).await?);
        Ok(Stats {
            total_connections: count(self.0.hub.connections()),
            channels,
            conversations,
            uptime_seconds: count(self.0.started.elapsed().as_secs()),
            protocol: StatsProtocol { name: PROTOCOL.name.into(), version: PROTOCOL.version.into() },
        })
    }

    async fn put_channel(&self, _: Call, input: PutChannel) -> Result<RoomInfo, PutChannelError> {
        let room = room::<scopes::Channel>(input.id.0);
        self.room_put::<PutChannelError>(room, Some(&input.name), input.members).await
    }

    async fn put_channel_member(&self, _: Call, input: PutChannelMember) -> Result<RoomInfo, PutChannelMemberError> {
        self.member_put::<PutChannelMemberError>(room::<scopes::Channel>(input.id.0), &input.user_id).await
    }

    async fn delete_channel_member(
        &self,
        _: Call,
        input: DeleteChannelMember,
    ) -> Result<RoomInfo, DeleteChannelMemberError> {
        self.member_delete::<DeleteChannelMemberError>(room::<scopes::Channel>(input.id.0), &input.user_id).await
    }

    async fn put_conversation(&self, _: Call, input: PutConversation) -> Result<RoomInfo, PutConversationError> {
        let room = room::<scopes::Conversation>(input.id.0);
        self.room_put::<PutConversationError>(room, None, input.members).await
    }

    async fn put_conversation_member(
        &self,
        _: Call,
        input: PutConversationMember,
    ) -> Result<RoomInfo, PutConversationMemberError> {
        self.member_put::<PutConversationMemberError>(room::<scopes::Conversation>(input.id.0), &input.user_id).await
    }

    async fn delete_conversation_member(
        &self,
        _: Call,
        input: DeleteConversationMember,
    ) -> Result<RoomInfo, DeleteConversationMemberError> {
        let room = room::<scopes::Conversation>(input.id.0);
        self.member_delete::<DeleteConversationMemberError>(room, &input.user_id).await
    }

    async fn put_user(&self, _: Call, input: PutUser) -> Result<User, PutUserError> {
        let PutUser { id, name, email, image } = input;
        let user = self.0.store.user_put(id.as_str(), &name, email.as_deref(), image.as_deref()).await;
        Ok(user.map_err(Fault::new)?.into())
    }

    async fn get_health(&self) -> Result<Status, GetHealthError> {
        Ok(ok())
    }

    async fn get_readiness(&self) -> Result<Status, GetReadinessError> {
        match self.0.store.ready().await {
            Ok(()) => Ok(ok()),
            Err(error) => {
                tracing::warn!(%error, "not ready");
                Err(errors::Unavailable.into())
            }
        }
    }

    async fn get_metrics(&self) -> Result<Download, GetMetricsError> {
        Ok(Download::new(Metrics::content_type(), axum::body::Body::from(self.0.metrics.render())))
    }
}

impl App {
    /// A page of the history of the member's room, newest first.
    async fn history<E>(
        &self,
        member: &Membership,
        page: Option<Page>,
        limit: Option<PageSize>,
        before: Option<Cursor>,
    ) -> Result<(HistoryPage, Pagination), E>
    where
        E: From<Violation> + From<Fault>,
    {
        let page = page.map_or(1, |page| page.0);
        let limit = limit.map_or(PAGE_SIZE, |limit| limit.0);
        let history = match before {
            Some(cursor) => self.0.store.history_before(member, cursor.as_str(), limit).await,
            None => self.0.store.history_page(member, page, limit).await.map_err(Into::into),
        };
        let history = history.map_err(|error| match error {
            HistoryError::InvalidCursor(_) => {
                Violation::new(Path::Root.key("before"), "is not a cursor that this server gave").into()
            }
            HistoryError::Store(error) => E::from(Fault::new(error)),
        })?;
        let pagination = Pagination { page, limit, total: history.total, pages: history.pages };
        Ok((history, pagination))
    }

    /// The caller's rooms of a scope.
    async fn rooms_of<S: Scope>(&self, call: &Call) -> Result<Vec<RoomInfo>, Fault> {
        self.0.store.user_ensure(call.identity()).await?;
        let rooms = self.0.store.rooms_of(&call.identity().id, S::SPEC.name).await?;
        Ok(rooms.into_iter().map(Into::into).collect())
    }

    /// The number of sockets in each non-empty room of a scope: in the caller's rooms, or in all for an administrator.
    async fn joined<S: Scope>(&self, call: &Call) -> Result<BTreeMap<String, Count>, Fault> {
        let caller = call.identity();
        let own: BTreeSet<String> = if caller.admin {
            BTreeSet::new()
        } else {
            let rooms = self.0.store.rooms_of(&caller.id, S::SPEC.name).await?;
            rooms.into_iter().map(|record| record.room.id).collect()
        };
        let joined = self.0.hub.joined().into_iter();
        Ok(joined
            .filter(|(room, _)| room.scope == S::SPEC.name && (caller.admin || own.contains(&room.id)))
            .map(|(room, sockets)| (room.id, Count(count(sockets))))
            .collect())
    }

    /// Creates or updates a room. Former members have left it when this returns.
    async fn room_put<E>(&self, room: Room, name: Option<&str>, members: Vec<UserId>) -> Result<RoomInfo, E>
    where
        E: From<errors::UserNotFound> + From<Fault>,
    {
        let members: Vec<String> = members.into_iter().map(|member| member.0).collect();
        let locked = self.0.hub.lock([room.clone()]).await;
        let change = self.0.store.room_put(&room, name, &members).await.map_err(|error| match error {
            RoomPutError::UnknownUsers(_) => errors::UserNotFound.into(),
            RoomPutError::Store(error) => E::from(Fault::new(error)),
        })?;
        self.evict(locked, &change).await?;
        Ok(change.room.into())
    }

    /// Makes a user a member of a room.
    async fn member_put<E>(&self, room: Room, user_id: &UserId) -> Result<RoomInfo, E>
    where
        E: From<errors::RoomNotFound> + From<errors::UserNotFound> + From<Fault>,
    {
        let _locked = self.0.hub.lock([room.clone()]).await;
        let changed = self.0.store.member_put(&room, user_id.as_str()).await;
        changed.map(Into::into).map_err(|error| match error {
            MemberPutError::RoomNotFound => errors::RoomNotFound.into(),
            MemberPutError::UserNotFound => errors::UserNotFound.into(),
            MemberPutError::Store(error) => Fault::new(error).into(),
        })
    }

    /// Ends a user's membership of a room. The user's sockets have left it when this returns.
    async fn member_delete<E>(&self, room: Room, user_id: &UserId) -> Result<RoomInfo, E>
    where
        E: From<errors::RoomNotFound> + From<Fault>,
    {
        let locked = self.0.hub.lock([room.clone()]).await;
        let change = self.0.store.member_delete(&room, user_id.as_str()).await.map_err(|error| match error {
            MemberDeleteError::RoomNotFound => errors::RoomNotFound.into(),
            MemberDeleteError::Store(error) => E::from(Fault::new(error)),
        })?;
        self.evict(locked, &change).await?;
        Ok(change.room.into())
    }

    /// Makes former members leave the room, and the presence rooms of users with whom they no longer share a room.
    async fn evict(&self, locked: LockedRooms, change: &RoomChange) -> Result<(), Fault> {
        for user_id in &change.removed {
            locked.evict(&change.room.room, user_id);
        }
        drop(locked);
        self.presence_part(change).await
    }
}

fn room<S: Scope>(id: String) -> Room {
    Room { scope: S::SPEC.name, id }
}

/// A count as a JSON integer.
fn count(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

/// The schema's `Status` for a healthy server.
fn ok() -> Status {
    Status { status: "ok".to_owned() }
}

/// A file's bytes as they arrive.
fn chunks(
    upload: Upload,
) -> impl Stream<Item = Result<bytes::Bytes, accord_runtime::operation::UploadBrokeOff>> + Send {
    stream::unfold(Some(upload), |upload| async {
        let mut upload = upload?;
        match upload.chunk().await {
            Ok(Some(bytes)) => Some((Ok(bytes), Some(upload))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
}
