//! The REST operations: history, uploads, the caller's rooms, and administration.

use std::collections::{BTreeMap, BTreeSet};

use accord_runtime::{
    Beside, Call, Download, Fault, Logged, Membership, Path, Room, Scope, Upload, Violation, operation::BROKE_OFF,
};
use futures_util::{Stream, stream};

use super::{
    App, Parts,
    members::{Changed, Entries},
};
use crate::{
    files::ReceiveError,
    metrics::Metrics,
    protocol::*,
    store::{HistoryError, HistoryPage, NewUpload, RoomChange, RoomPage, UploadInsertError},
};

/// The default number of messages on a page.
const PAGE_SIZE: i64 = 50;

/// The default number of rooms on a page.
const ROOM_PAGE_SIZE: i64 = 100;

impl Http for App {
    async fn list_messages(
        &self,
        call: Call<scopes::Channel>,
        input: ListMessages,
    ) -> Result<MessagePage, ListMessagesError> {
        let ListMessages { page, limit, before, .. } = input;
        let (history, pagination) = self.history::<ListMessagesError>(call.member(), page, limit, before).await?;
        let HistoryPage { messages, next_cursor, position, .. } = history;
        let messages = messages.into_iter().map(Into::into).collect();
        Ok(MessagePage { messages, pagination, next_cursor, position: position.into() })
    }

    async fn list_direct_messages(
        &self,
        call: Call<scopes::Conversation>,
        input: ListDirectMessages,
    ) -> Result<DirectMessagePage, ListDirectMessagesError> {
        let ListDirectMessages { page, limit, before, .. } = input;
        let (history, pagination) = self.history::<ListDirectMessagesError>(call.member(), page, limit, before).await?;
        let HistoryPage { messages, next_cursor, position, .. } = history;
        let messages = messages.into_iter().map(Into::into).collect();
        Ok(DirectMessagePage { messages, pagination, next_cursor, position: position.into() })
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
        let Parts { store, files, quota, .. } = &*self.0;
        let owner = call.identity();
        let recorded = async { store.upload_bytes(&owner.id).await.map(|bytes| u64::try_from(bytes).unwrap_or(0)) };
        let mut claim = quota.claim(&owner.id, recorded).await.map_err(Fault::new)?;
        let (content_type, file_name) = (upload.content_type.clone(), upload.file_name.clone());
        let received = files.receive(content_type.as_deref(), file_name.as_deref(), &mut claim, chunks(upload)).await;
        let received = received.map_err(refused)?;
        let new = NewUpload {
            filename: &received.filename,
            original_name: &received.original_name,
            mime_type: received.media_type,
            size: count(received.size),
            dimensions: received.dimensions,
        };
        match claim.record(store.upload_insert(owner, new, count(quota.most()))).await {
            Ok(record) => Ok(record.into()),
            Err(error) => {
                files.remove(&received.filename).await.map_err(Fault::new)?;
                Err(match error {
                    UploadInsertError::QuotaExceeded => refused(ReceiveError::QuotaExceeded),
                    UploadInsertError::Store(error) => Fault::new(error).into(),
                })
            }
        }
    }

    async fn download_file(&self, input: DownloadFile) -> Result<Download, DownloadFileError> {
        let record = self.0.store.upload_by_filename(&input.filename).await.map_err(Fault::new)?;
        let record = record.ok_or(errors::FileNotFound)?;
        let download = self.0.files.download(&record.filename, &record.mime_type, &record.original_name).await;
        Ok(download.map_err(Fault::new)?.ok_or(errors::FileNotFound)?)
    }

    async fn list_channels(
        &self,
        call: Call,
        input: ListChannels,
    ) -> Result<Beside<Vec<RoomInfo>, ListChannelsBeside>, ListChannelsError> {
        let ListChannels { limit, before } = input;
        let (data, next_cursor) = self.rooms_of::<scopes::Channel, ListChannelsError>(&call, limit, before).await?;
        Ok(Beside { data, beside: next_cursor.map(|next_cursor| ListChannelsBeside { next_cursor }) })
    }

    async fn list_conversations(
        &self,
        call: Call,
        input: ListConversations,
    ) -> Result<Beside<Vec<RoomInfo>, ListConversationsBeside>, ListConversationsError> {
        let ListConversations { limit, before } = input;
        let (data, next_cursor) =
            self.rooms_of::<scopes::Conversation, ListConversationsError>(&call, limit, before).await?;
        Ok(Beside { data, beside: next_cursor.map(|next_cursor| ListConversationsBeside { next_cursor }) })
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

    async fn put_channel(&self, call: Call, input: PutChannel) -> Result<Logged<PutChannelReply>, PutChannelError> {
        let id = input.id.clone();
        let then = call.then(move |change: RoomChange| {
            let Entries { added, removed, changed } = Entries::of(&change);
            let member_added = added.map(|user| MemberAdded { channel_id: id.clone(), user });
            let member_removed = removed.map(|user_id| MemberRemoved { channel_id: id.clone(), user_id });
            let reply = PutChannelReply {
                answer: change.room.clone().into(),
                member_added: member_added.collect(),
                member_removed: member_removed.collect(),
                members_changed: changed.then(|| MembersChanged { channel_id: id.clone() }),
            };
            Changed { reply, change }
        });
        self.room_put(room::<scopes::Channel>(input.id.0), Some(&input.name), input.members, then).await
    }

    async fn put_channel_member(
        &self,
        call: Call,
        input: PutChannelMember,
    ) -> Result<Logged<PutChannelMemberReply>, PutChannelMemberError> {
        let PutChannelMember { id, user_id } = input;
        let channel_id = id.clone();
        let then = call.then(move |change: RoomChange| {
            let added = Entries::of(&change).added.next();
            let reply = PutChannelMemberReply {
                answer: change.room.clone().into(),
                member_added: added.map(|user| MemberAdded { channel_id: channel_id.clone(), user }),
            };
            Changed { reply, change }
        });
        self.member_put(room::<scopes::Channel>(id.0), &user_id, then).await
    }

    async fn delete_channel_member(
        &self,
        call: Call,
        input: DeleteChannelMember,
    ) -> Result<Logged<DeleteChannelMemberReply>, DeleteChannelMemberError> {
        let DeleteChannelMember { id, user_id } = input;
        let channel_id = id.clone();
        let then = call.then(move |change: RoomChange| {
            let removed = Entries::of(&change).removed.next();
            let reply = DeleteChannelMemberReply {
                answer: change.room.clone().into(),
                member_removed: removed.map(|user_id| MemberRemoved { channel_id: channel_id.clone(), user_id }),
            };
            Changed { reply, change }
        });
        self.member_delete(room::<scopes::Channel>(id.0), &user_id, then).await
    }

    async fn put_conversation(
        &self,
        call: Call,
        input: PutConversation,
    ) -> Result<Logged<PutConversationReply>, PutConversationError> {
        let id = input.id.clone();
        let then = call.then(move |change: RoomChange| {
            let Entries { added, removed, changed } = Entries::of(&change);
            let direct_member_added = added.map(|user| DirectMemberAdded { conversation_id: id.clone(), user });
            let direct_member_removed =
                removed.map(|user_id| DirectMemberRemoved { conversation_id: id.clone(), user_id });
            let reply = PutConversationReply {
                answer: change.room.clone().into(),
                direct_member_added: direct_member_added.collect(),
                direct_member_removed: direct_member_removed.collect(),
                direct_members_changed: changed.then(|| DirectMembersChanged { conversation_id: id.clone() }),
            };
            Changed { reply, change }
        });
        self.room_put(room::<scopes::Conversation>(input.id.0), None, input.members, then).await
    }

    async fn put_conversation_member(
        &self,
        call: Call,
        input: PutConversationMember,
    ) -> Result<Logged<PutConversationMemberReply>, PutConversationMemberError> {
        let PutConversationMember { id, user_id } = input;
        let conversation_id = id.clone();
        let then = call.then(move |change: RoomChange| {
            let added = Entries::of(&change).added.next();
            let reply = PutConversationMemberReply {
                answer: change.room.clone().into(),
                direct_member_added: added
                    .map(|user| DirectMemberAdded { conversation_id: conversation_id.clone(), user }),
            };
            Changed { reply, change }
        });
        self.member_put(room::<scopes::Conversation>(id.0), &user_id, then).await
    }

    async fn delete_conversation_member(
        &self,
        call: Call,
        input: DeleteConversationMember,
    ) -> Result<Logged<DeleteConversationMemberReply>, DeleteConversationMemberError> {
        let DeleteConversationMember { id, user_id } = input;
        let conversation_id = id.clone();
        let then = call.then(move |change: RoomChange| {
            let removed = Entries::of(&change).removed.next();
            let reply = DeleteConversationMemberReply {
                answer: change.room.clone().into(),
                direct_member_removed: removed
                    .map(|user_id| DirectMemberRemoved { conversation_id: conversation_id.clone(), user_id }),
            };
            Changed { reply, change }
        });
        self.member_delete(room::<scopes::Conversation>(id.0), &user_id, then).await
    }

    async fn put_user(&self, _: Call, input: PutUser) -> Result<User, PutUserError> {
        let PutUser { id, name, email, image } = input;
        let user = self.0.store.user_put(id.as_str(), &name, email.as_deref(), image.as_deref()).await;
        Ok(user.map_err(Fault::new)?.into())
    }

    async fn revoke_user(&self, _: Call, input: RevokeUser) -> Result<(), RevokeUserError> {
        let revoked = self.0.store.user_revoke(input.id.as_str()).await.map_err(Fault::new)?;
        if revoked { Ok(()) } else { Err(errors::UserNotFound.into()) }
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
        let history = history.map_err(unread::<E>)?;
        let pagination = Pagination { page, limit, total: history.total, pages: history.pages };
        Ok((history, pagination))
    }

    /// The caller's rooms of a scope, or a page of them with the cursor of the next page.
    async fn rooms_of<S: Scope, E>(
        &self,
        call: &Call,
        limit: Option<RoomPageSize>,
        before: Option<RoomCursor>,
    ) -> Result<(Vec<RoomInfo>, Option<Option<String>>), E>
    where
        E: From<Violation> + From<Fault>,
    {
        let (store, caller) = (&self.0.store, call.identity());
        store.user_ensure(caller).await.map_err(Fault::new)?;
        let (rooms, next_cursor) = if limit.is_none() && before.is_none() {
            (store.rooms_of(&caller.id, S::SPEC.name).await.map_err(Fault::new)?, None)
        } else {
            let (cursor, limit) =
                (before.as_ref().map(RoomCursor::as_str), limit.map_or(ROOM_PAGE_SIZE, |limit| limit.0));
            let page = store.rooms_page(&caller.id, S::SPEC.name, cursor, limit).await;
            let RoomPage { rooms, next_cursor } = page.map_err(unread::<E>)?;
            (rooms, Some(next_cursor))
        };
        Ok((rooms.into_iter().map(Into::into).collect(), next_cursor))
    }

    /// The number of sockets in each non-empty room of a scope: in the caller's rooms, or in all for an administrator.
    async fn joined<S: Scope>(&self, call: &Call) -> Result<BTreeMap<String, Count>, Fault> {
        let caller = call.identity();
        let own: BTreeSet<String> =
            if caller.admin { BTreeSet::new() } else { self.0.store.room_ids_of(&caller.id, S::SPEC.name).await? };
        let joined = self.0.hub.joined().into_iter();
        Ok(joined
            .filter(|(room, _)| room.scope == S::SPEC.name && (caller.admin || own.contains(&room.id)))
            .map(|(room, sockets)| (room.id, Count(count(sockets))))
            .collect())
    }
}

/// The reason why a page cannot be read.
fn unread<E: From<Violation> + From<Fault>>(error: HistoryError) -> E {
    match error {
        HistoryError::InvalidCursor(_) => {
            Violation::new(Path::Root.key("before"), "is not a cursor that this server gave").into()
        }
        HistoryError::Store(error) => Fault::new(error).into(),
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

/// Why a file was refused, for its sender.
fn refused(error: ReceiveError) -> UploadFileError {
    let why = |message: String| Violation::new(Path::Root.key("file"), message);
    let message = error.to_string();
    match error {
        ReceiveError::BrokeOff => why(BROKE_OFF.to_owned()).into(),
        ReceiveError::TooSlow => why(message).into(),
        ReceiveError::TooLarge => UploadFileError::TooLarge(why(message)),
        ReceiveError::UnsupportedType(_) => UploadFileError::UnsupportedType(why(message)),
        ReceiveError::QuotaExceeded => UploadFileError::QuotaExceeded(why(message)),
        ReceiveError::Storage(error) => Fault::new(error).into(),
    }
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
