//! The log for clients that catch up: without the content of things that have been removed since.

use std::sync::{Arc, PoisonError};

use accord_gateway::MemoryLog;
use accord_language::model::{Kind, TypeId};
use accord_runtime::{
    Fault, Log, Room,
    log::{Entry, Follower, NewEntry, Page, Position},
    reply::encode,
};
use futures_util::future::BoxFuture;
use serde_json::Value;

use super::{History, Kept, Thing, rules::Tells};
use crate::mock::make::guesses;

/// A log, and the history that it leads to.
pub struct Replayed {
    log: MemoryLog,
    history: Arc<History>,
}

impl Replayed {
    /// Updates the history from the log.
    pub fn new(log: MemoryLog, history: Arc<History>) -> Self {
        log.follow(Arc::clone(&history) as _);
        Replayed { log, history }
    }
}

impl Log for Replayed {
    fn position<'a>(&'a self, room: &'a Room) -> BoxFuture<'a, Result<Position, Fault>> {
        self.log.position(room)
    }

    fn read<'a>(&'a self, room: &'a Room, since: &'a Position) -> BoxFuture<'a, Result<Page, Fault>> {
        Box::pin(async move {
            let mut page = self.log.read(room, since).await?;
            if let Page::Entries { entries, .. } = &mut page {
                self.history.forget_removed(room, entries);
            }
            Ok(page)
        })
    }

    fn append(&self, entries: Vec<NewEntry>) -> BoxFuture<'_, Result<Vec<u64>, Fault>> {
        self.log.append(entries)
    }

    fn follow(&self, follower: Arc<dyn Follower>) {
        self.log.follow(follower);
    }

    fn orders(&self) -> bool {
        self.log.orders()
    }
}

impl History {
    /// Leaves out the entries about removed things, except the removals themselves, and removes such things from other entries
    /// where the schema allows it.
    fn forget_removed(&self, room: &Room, entries: &mut Vec<Entry>) {
        let rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(kept) = rooms.rooms.get(room).filter(|kept| !kept.removed.is_empty()) else { return };
        entries.retain_mut(|entry| {
            let mut payload: Thing = serde_json::from_str(entry.data.get()).unwrap_or_default();
            let tells = self.rules.tells.get(entry.event.as_ref()).map(Vec::as_slice).unwrap_or_default();
            if tells.iter().any(|(ty, tells)| self.is_about_removed(room, kept, *ty, tells, &payload)) {
                return false;
            }
            let whole = tells.iter().find(|(_, tells)| *tells == Tells::Whole).map(|(ty, _)| *ty);
            for field in self.rules.embeds(whole).filter(|field| field.ty.nullable) {
                let Kind::Ref(ty) = field.ty.kind else { continue };
                let embedded = payload.get(&field.name).and_then(|embedded| embedded.get(guesses::ID));
                if kept.is_removed(ty, embedded) {
                    payload.insert(field.name.clone(), Value::Null);
                    entry.data = encode(&payload).unwrap_or_else(|_| Arc::clone(&entry.data));
                }
            }
            true
        });
    }

    fn is_about_removed(&self, room: &Room, kept: &Kept, ty: TypeId, tells: &Tells, payload: &Thing) -> bool {
        match tells {
            Tells::Whole => kept.is_removed(ty, payload.get(guesses::ID)),
            Tells::Part(field) => {
                let part = payload.get(*field).and_then(Value::as_object);
                part.is_some_and(|part| self.rules.is_of(part, room) && kept.is_removed(ty, part.get(guesses::ID)))
            }
            Tells::Edited { id, .. } | Tells::About(id) => kept.is_removed(ty, payload.get(*id)),
            Tells::Removed(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn a_replay_shows_nothing_of_what_was_removed() {
        let model = accord_language::load("../../schema/chat.yaml").unwrap_or_else(|errors| panic!("{errors}"));
        let log = Replayed::new(MemoryLog::default(), Arc::new(History::new(Box::leak(Box::new(model)))));
        let room = Room { scope: "channel", id: "c1".to_owned() };
        let events = [
            ("new_message", json!({ "id": "m1", "channelId": "c1", "content": "secret", "replyTo": null })),
            ("new_message", json!({ "id": "m2", "channelId": "c1", "content": "b", "replyTo": { "id": "m1" } })),
            ("message_edited", json!({ "messageId": "m1", "channelId": "c1", "content": "also secret" })),
            ("reaction_added", json!({ "id": "r1", "messageId": "m1", "emoji": "👍" })),
            ("reaction_added", json!({ "id": "r2", "messageId": "m2", "emoji": "👍" })),
            ("member_added", json!({ "channelId": "c1", "user": { "id": "m1" } })),
            ("message_deleted", json!({ "messageId": "m1", "channelId": "c1" })),
        ];
        let entry = |(event, payload)| NewEntry { room: room.clone(), event, data: encode(&payload).unwrap() };
        log.append(events.into_iter().map(entry).collect()).await.unwrap();
        let start = Position { seq: 0, ..log.position(&room).await.unwrap() };
        let Page::Entries { entries, reached, head } = log.read(&room, &start).await.unwrap() else { panic!("lost") };
        let shown: Vec<(u64, &str)> = entries.iter().map(|entry| (entry.seq, entry.event.as_ref())).collect();
        let expected = [(2, "new_message"), (5, "reaction_added"), (6, "member_added"), (7, "message_deleted")];
        assert_eq!((shown, reached, head), (expected.to_vec(), 7, 7));
        let reply: Value = serde_json::from_str(entries[0].data.get()).unwrap();
        assert_eq!(reply, json!({ "id": "m2", "channelId": "c1", "content": "b", "replyTo": null, "seq": 2 }));
    }
}
